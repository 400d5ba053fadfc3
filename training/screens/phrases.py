"""Texts for the images: words, sentences, file names, errors, numbers, and strings that mean nothing.

A quarter of all free texts are random, since reading must not lean on knowing the language. Random strings are
divided between the splits as words are, by their hash. Training texts have many more words than held-out ones, which
keep to the generator's own English: see `lexicon`.
"""

# ruff: noqa: SIM905 - lists of words are easier to read and to extend without quotes

from __future__ import annotations

import functools
import random
import string
from dataclasses import replace

from training.screens.lexicon import Lexicon, listed_words
from training.screens.records import Split
from training.screens.words import EXTENSIONS, Vocabulary, held_out, vocabulary

MONTHS = "January February March April May June July August September October November December".split()
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()

BUTTONS = (
    "OK Cancel Yes No Apply Close Help Save Open Retry Abort Ignore Delete Next Back Finish Continue Quit Exit Allow"
    " Deny Accept Decline Install Update Later Skip Stop Run Details Browse Add Remove Edit Print Send Reply Copy Move"
    " Rename Replace Discard Restart Submit Login Done Start Pause Resume Reset Undo Keep Merge Overwrite Connect"
    " Disconnect Reload Report Search Select View Share Sync Export Import okay"
).split()
BUTTON_PHRASES = (
    "Don't Save;Save As...;Try Again;Learn more;Not now;Remind me later;Show details;Select all;Save all;No to all;"
    "Yes to all;Log out;Sign in;Shut down;Restart now;Keep both;Cancel download;Send report;Don't send;More info;"
    "Got it;Go back;Open folder;Move to Trash;Empty Trash;Force Quit;Browse...;Options..."
).split(";")
BUTTON_SETS = (
    "OK;OK;OK;OK|Cancel;OK|Cancel;OK|Cancel;Yes|No;Yes|No;Yes|No|Cancel;Cancel|OK;No|Yes;Close;Retry|Cancel;"
    "Abort|Retry|Ignore;Save|Don't Save|Cancel;Cancel|Save;OK|Cancel|Apply;Back|Next|Cancel;okay;Help|Cancel|OK;"
    "Allow|Deny;Not now|Install;Cancel|Delete;Cancel|Open;Close without Saving|Cancel|Save;OK|Help"
).split(";")

TITLES = (
    "Error", "Warning", "Question", "Information", "Confirm", "Open File", "Save As", "Login", "Update", "Settings",
    "About {app}", "{app}", "{app} - {word}", "{app} {version}",
)  # fmt: skip
ERRORS = (
    "Cannot open {path}.", "Could not save {file}.", "The file {file} was not found.", "{app} has stopped working.",
    "Permission denied: {path}", "No such file or directory: {file}", "The disk {word} is full.",
    "Unable to connect to {host}.", "The {noun} could not be loaded.", "Invalid {noun}: {code}",
    "Error {number}: {sentence}", "Failed to {verb} the {noun}.", "{app} could not {verb} {file}.",
    "Connection to {host} timed out.", "The password for {name} is wrong.", "Out of memory in {noun} {number}.",
    "Unexpected {noun} in line {number} of {file}.", "{file} is not a valid {noun}.", "Access to {path} is denied.",
    "The {adjective} {noun} is missing.", "Error code: {code}", "{sentence} (error {number})",
    "Not enough space: {size} needed, {size} free.", "The device {code} is not ready.",
    "{app} needs version {version} or later.", "Operation failed with status {number}.",
)  # fmt: skip
NOTICES = (
    "Do you want to save {file}?", "Do you really want to {verb} {file}?", "{app} {version} is available.",
    "Your {noun} has been saved.", "{number} files were copied to {path}.", "Are you sure you want to {verb}?",
    "{name} sent you a {noun}.", "The {noun} will be closed in {number} seconds.", "Download of {file} is complete.",
    "Please enter the {adjective} {noun}.", "{file} already exists. Replace it?", "Meeting with {name} at {time}.",
    "The {noun} {word} was added.", "Battery is at {percent}.", "Restart {app} to finish the update.",
    "{number} of {number} {noun} items selected.", "Last login: {day} {time}", "Hello {name}!", "{sentence}",
    "The total is {amount}.", "Your code is {code}.", "Press any key to {verb}.", "Delete {number} items?",
    "Scan finished: {number} problems found.", "{app} wants to access your {noun}.", "Printing {file} on {word}.",
    "Backup of {path} finished at {time}.", "Welcome to {app}, {name}.", "Update {number} of {number}: {noun}",
)  # fmt: skip

_PLAIN_SHARE = 0.25
"""Of training images whose words are all from the generator's own vocabulary."""

_DENSE = string.ascii_letters + string.digits
_ANY = "".join(map(chr, range(33, 127)))


@functools.cache
def endless_vocabulary() -> Vocabulary:
    """The training vocabulary, mixed with a great many other words."""
    known, listed = vocabulary("train"), listed_words()
    names = tuple(word for word in listed if word[0].isupper() and not word.isupper()) or listed
    return replace(
        known,
        words=Lexicon(known.words, listed, share=0.3),
        nouns=Lexicon(known.nouns, listed, share=0.4),
        verbs=Lexicon(known.verbs, listed, share=0.4),
        adjectives=Lexicon(known.adjectives, listed, share=0.4),
        first_names=Lexicon(known.first_names, names, share=0.4, capital=True),
        last_names=Lexicon(known.last_names, names, share=0.4, capital=True),
        places=Lexicon(known.places, names, share=0.4, capital=True),
        apps=Lexicon(known.apps, listed, share=0.3, capital=True),
        goods=Lexicon(known.goods, listed, share=0.4, capital=True),
    )


class Writer:
    """Draws texts in the words of one split."""

    def __init__(self, rng: random.Random, split: Split) -> None:
        self.rng, self.split = rng, split
        self.training = split == "train"
        self.vocabulary = vocabulary(split)
        self.stated: set[str] = set()
        """Sentences of a kind that a screen has once, lest a question has two answers."""
        if self.training and rng.random() >= _PLAIN_SHARE:
            self.vocabulary = endless_vocabulary()

    # --- numbers and names

    def number(self) -> str:
        return str(self.rng.randrange(10 ** self.rng.randint(1, 5)))

    def amount(self) -> str:
        rng = self.rng
        value = f"{rng.randrange(10 ** rng.randint(1, 4))}.{rng.randrange(100):02}"
        return rng.choice(("{}", "${}", "{} EUR", "{} USD")).format(value)

    def time(self) -> str:
        return f"{self.rng.randrange(24):02}:{self.rng.randrange(60):02}"

    def date(self) -> str:
        rng = self.rng
        year, month, day = rng.randint(1998, 2031), rng.randint(1, 12), rng.randint(1, 28)
        forms = (f"{year}-{month:02}-{day:02}", f"{day:02}.{month:02}.{year}", f"{day} {MONTHS[month - 1]} {year}",
                 f"{month:02}/{day:02}/{year}")  # fmt: skip
        return rng.choice(forms)

    def version(self) -> str:
        rng = self.rng
        return f"{rng.randrange(12)}.{rng.randrange(30)}" + (f".{rng.randrange(20)}" if rng.random() < 0.6 else "")

    def size(self) -> str:
        return f"{self.rng.randint(1, 999)} {self.rng.choice(('KB', 'MB', 'GB'))}"

    def name(self) -> str:
        first = self.rng.choice(self.vocabulary.first_names)
        return first if self.rng.random() < 0.4 else f"{first} {self.rng.choice(self.vocabulary.last_names)}"

    def host(self) -> str:
        rng = self.rng
        if rng.random() < 0.3:
            return ".".join(str(rng.randrange(256)) for _ in range(4))
        first, second = rng.choices(self.vocabulary.nouns, k=2)
        return f"{first}.{second}.{rng.choice(('com', 'org', 'net'))}"

    def email(self) -> str:
        return f"{self.rng.choice(self.vocabulary.first_names).lower()}@{self.host()}"

    def file(self) -> str:
        rng = self.rng
        stem = rng.choice(self.vocabulary.words)
        if rng.random() < 0.5:
            stem += rng.choice("_-") + rng.choice((rng.choice(self.vocabulary.nouns), str(rng.randrange(2100))))
        if rng.random() < 0.2:
            stem = stem.capitalize()
        return f"{stem}.{rng.choice(EXTENSIONS)}"

    def path(self) -> str:
        rng, nouns = self.rng, self.vocabulary.nouns
        root = rng.choice(("/home/", "/etc/", "/var/", "/usr/", "/tmp/", "~/", "C:\\", "D:\\"))
        slash = "\\" if "\\" in root else "/"
        return root + slash.join([*rng.choices(nouns, k=rng.randint(0, 2)), self.file()])

    # --- words

    def word(self) -> str:
        return self.rng.choice(self.vocabulary.words)

    def words(self, least: int, most: int) -> str:
        return " ".join(self.rng.choices(self.vocabulary.words, k=self.rng.randint(least, most)))

    def sentence(self, least: int = 3, most: int = 9) -> str:
        rng = self.rng
        words = rng.choices(self.vocabulary.words, k=rng.randint(least, most))
        for i in range(len(words)):
            draw = rng.random()
            if draw < 0.04:
                words[i] = self.number()
            elif draw < 0.07:
                words[i] = rng.choice(self.vocabulary.first_names)
            elif draw < 0.1 and i < len(words) - 1:
                words[i] += ","
            elif draw < 0.12:
                words[i] = words[i].upper()
        return words[0][0].upper() + words[0][1:] + " ".join(["", *words[1:]]) + rng.choice("....!?")

    def code(self) -> str:
        """A random string that looks like a key or a number of something."""
        rng = self.rng
        alphabet = rng.choice((_DENSE, string.digits, string.ascii_uppercase + string.digits, "0123456789abcdef", _ANY))
        code = "".join(rng.choices(alphabet, k=rng.randint(2, 10)))
        code = rng.choice(("", "", "0x", "#", "ID-")) + code
        return code if held_out(code) == (self.split == "held_out") else self.code()

    def noise(self, least: int, most: int) -> str:
        """Groups of random printable characters, `least` to `most` of them."""
        rng = self.rng
        kinds = rng.choice(((_DENSE,), (_ANY,), (string.ascii_lowercase,), (_DENSE, string.digits, _ANY)))
        groups = rng.randint(least, most)
        noise = " ".join("".join(rng.choices(rng.choice(kinds), k=rng.randint(1, 9))) for _ in range(groups))
        return noise if held_out(noise) == (self.split == "held_out") else self.noise(least, most)

    def jumble(self, least: int, most: int) -> str:
        """Words among numbers, versions, paths, codes and names that programmers write."""
        rng = self.rng
        forms = (self.word, self.word, self.number, self.version, self.file, self.path, self.code, self.identifier,
                 self.amount, self.time, self.date, self.size, self.host, self.email, self.name)  # fmt: skip
        parts = [rng.choice(forms)() for _ in range(rng.randint(least, most))]
        cased = [_cased(rng, part) if rng.random() < 0.2 else part for part in parts]
        return rng.choice((" ", " ", " ", " ", ", ", " - ", ": ", "/", " = ")).join(cased)

    def identifier(self) -> str:
        """Some words in one, such as `read_line`, `readLine` or `--read-line`."""
        rng = self.rng
        words = rng.choices(self.vocabulary.words, k=rng.randint(1, 3))
        capital = "".join(word.capitalize() for word in words)
        return rng.choice((
            "_".join(words), capital, words[0] + capital[len(words[0]) :], "--" + "-".join(words), ".".join(words),
            "_".join(words).upper(), "_".join(words) + "()", f"{capital}{rng.randrange(100)}", "$" + "_".join(words),
        ))  # fmt: skip

    def fill(self, template: str) -> str:
        """Put something fitting into every {slot} of a template."""
        parts = template.split("{")
        text = parts[0]
        for part in parts[1:]:
            slot, _, rest = part.partition("}")
            text += self.slot(slot) + rest
        return text

    def slot(self, slot: str) -> str:
        rng, vocabulary_ = self.rng, self.vocabulary
        choices = {"noun": vocabulary_.nouns, "verb": vocabulary_.verbs, "adjective": vocabulary_.adjectives,
                   "app": vocabulary_.apps, "day": DAYS}  # fmt: skip
        if slot in choices:
            return str(rng.choice(choices[slot]))
        if slot == "words":
            return self.words(1, 4)
        if slot == "percent":
            return f"{rng.randrange(101)} %"
        return str(getattr(self, slot)())

    # --- what windows say

    def title(self) -> str:
        rng = self.rng
        draw = rng.random()
        if self.training and rng.random() < 0.12:
            return self.jumble(1, 3)
        if draw < 0.2:
            return self.noise(1, 3)
        if draw < 0.4:
            return self.fill(rng.choice(TITLES))
        if draw < 0.5:
            return f"{self.file()} - {rng.choice(self.vocabulary.apps)}"
        text = self.words(1, 4)
        return rng.choice((text.title(), text.capitalize(), text.capitalize(), text.upper() if draw > 0.9 else text))

    def message(self, *, error: bool, most_words: int = 14) -> str:
        rng = self.rng
        draw = rng.random()
        if self.training and rng.random() < 0.15:
            return self.jumble(2, max(3, most_words // 2))
        if draw < 0.22:
            return self.noise(1, max(2, most_words // 2))
        if draw < 0.5:
            return self.fill(rng.choice(ERRORS if error else NOTICES))
        if draw < 0.62:
            return self.fill(rng.choice(ERRORS if error else NOTICES)) + " " + self.sentence(2, 6)
        return self.sentence(2, most_words)

    def label(self) -> str:
        """One or two words, or a random string."""
        rng = self.rng
        draw = rng.random()
        if self.training and rng.random() < 0.08:
            return self.identifier()
        if draw < 0.15:
            return self.noise(1, 1)
        if draw < 0.6:
            return rng.choice(self.vocabulary.nouns).capitalize()
        return self.words(1, 2).capitalize()

    def buttons(self, most: int = 4) -> list[str]:
        """Different labels, in order."""
        rng = self.rng
        if rng.random() < 0.45:
            return rng.choice(BUTTON_SETS).split("|")[:most]
        labels: list[str] = []
        for _ in range(rng.choices((1, 2, 3, 4), (4, 5, 3, 1))[0]):
            draw = rng.random()
            if draw < 0.5:
                label = rng.choice(BUTTONS)
            elif draw < 0.65:
                label = rng.choice(BUTTON_PHRASES)
            elif draw < 0.92:
                label = self.word().capitalize()
            else:
                label = self.noise(1, 1).replace(",", ".")
            if label not in labels:
                labels.append(label)
        return labels[:most]


def _cased(rng: random.Random, text: str) -> str:
    """In other cases: upper, title, or at random."""
    draw = rng.random()
    if draw < 0.4:
        return text.upper()
    return text.title() if draw < 0.7 else "".join(rng.choice((char.upper(), char.lower())) for char in text)
