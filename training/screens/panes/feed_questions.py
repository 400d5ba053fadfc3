"""What people ask about dense lists of messages, commits, mails and comments."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from training.screens.panes.frame import Frame

_MOST_COUNTED, _LONGEST = 24, 60


@dataclass(frozen=True)
class Asked:
    """How one kind of list is called and asked about.

    Attributes: `side`: what the list beside it holds, one and several; `heads`: of what, who and when; `coded`:
        whether entries have codes; `unread`: whether some are in bold.
    """

    item: str
    items: str
    nouns: tuple[str, ...]
    side: tuple[str, str]
    heads: tuple[str, str, str]
    who: tuple[str, ...]
    when: tuple[str, ...]
    coded: bool = False
    unread: bool = False
    selected: tuple[str, ...] = (
        "Which {item} is selected?",
        "Which {item} is highlighted?",
        "What does the selected {item} say?",
        "Read the selected {item}.",
        "Which {item} stands out?",
        "What is the highlighted {item}?",
    )
    selected_who: tuple[str, ...] = (
        "Who wrote the selected {item}?",
        "By whom is the highlighted {item}?",
        "Of whom is the selected {item}?",
        "From whom is the selected {item}?",
    )
    selected_when: tuple[str, ...] = (
        "When was the selected {item} written?",
        "What time stands at the selected {item}?",
        "From when is the highlighted {item}?",
    )


_WROTE = (
    "Who wrote '{x}'?",
    "Who said '{x}'?",
    "From whom is '{x}'?",
    "'{x}': who wrote that?",
    "Whose message is '{x}'?",
    "By whom is '{x}'?",
)
_WHEN = (
    "When was '{x}' written?",
    "At what time was '{x}' sent?",
    "Which time stands at '{x}'?",
    "When did someone write '{x}'?",
    "From when is '{x}'?",
)
_KINDS = {
    "chat": Asked(
        "message",
        "messages",
        ("chat program", "chat client"),
        ("channel", "channels"),
        ("Message", "Who", "Time"),
        _WROTE,
        _WHEN,
    ),
    "comment": Asked(
        "comment",
        "comments",
        ("bug tracker", "issue tracker"),
        ("entry", "entries"),
        ("Comment", "Author", "Time"),
        _WROTE,
        _WHEN,
    ),
    "mail": Asked(
        "mail",
        "mails",
        ("mail program", "mail program"),
        ("folder", "folders"),
        ("Subject", "From", "Date"),
        (
            "Who sent '{x}'?",
            "From whom is the mail '{x}'?",
            "Who is the sender of '{x}'?",
            "Who wrote '{x}'?",
            "'{x}' is from whom?",
        ),
        ("When did '{x}' arrive?", "When was '{x}' sent?", "What is the date of '{x}'?", "From when is '{x}'?"),
        unread=True,
    ),
    "commit": Asked(
        "commit",
        "commits",
        ("version control program", "commit browser"),
        ("branch", "branches"),
        ("Description", "Author", "Date"),
        (
            "Who made the commit '{x}'?",
            "Who is the author of '{x}'?",
            "Who committed '{x}'?",
            "By whom is the commit '{x}'?",
            "Which author has '{x}'?",
        ),
        (
            "When was '{x}' committed?",
            "What is the date of the commit '{x}'?",
            "On which date was '{x}' made?",
            "From when is the commit '{x}'?",
        ),
        coded=True,
    ),
}
_CODE = (
    "Which hash does '{x}' have?",
    "What is the hash of '{x}'?",
    "What is the id of the commit '{x}'?",
    "Which commit id has '{x}'?",
    "Hash of '{x}'?",
)
_BY_CODE = (
    "What is commit {c}?",
    "What does commit {c} say?",
    "What is the message of {c}?",
    "Which change is {c}?",
    "Read the message of commit {c}.",
)
_WHO_BY_CODE = ("Who made commit {c}?", "Who is the author of {c}?", "By whom is commit {c}?")
_WHEN_BY_CODE = ("When was {c} made?", "What is the date of commit {c}?", "From when is {c}?")
_AT = (
    "What was written at {t}?",
    "What does the {item} of {t} say?",
    "Read the {item} of {t}.",
    "Which {item} is from {t}?",
    "What came at {t}?",
)
_WHO_AT = (
    "Who wrote at {t}?",
    "From whom is the {item} of {t}?",
    "Who is the author of the {item} of {t}?",
    "By whom is the {item} from {t}?",
)
_BY_AT = (
    "What did {w} write at {t}?",
    "What does {w} say at {t}?",
    "{w} at {t}: which {item}?",
    "Which {item} did {w} write at {t}?",
    "Read what {w} wrote at {t}.",
)
_BY = ("What did {w} write?", "Which {item} is by {w}?", "What is the {item} of {w}?", "Which {item} is from {w}?")
_FIRST_BY = (
    "What is the topmost {item} by {w}?",
    "Which {item} by {w} comes first in the list?",
    "What is the first {item} of {w} on the screen?",
)
_LAST_BY = (
    "What is the lowest {item} by {w}?",
    "Which {item} by {w} comes last in the list?",
    "What is the last {item} of {w} on the screen?",
)
_BELOW = (
    "Which {item} is below '{x}'?",
    "What comes after '{x}'?",
    "Which {item} follows '{x}'?",
    "What stands under '{x}'?",
    "What is the next {item} after '{x}'?",
)
_ABOVE = (
    "Which {item} is above '{x}'?",
    "What comes before '{x}'?",
    "Which {item} precedes '{x}'?",
    "What stands over '{x}'?",
)
_WHO_BELOW = (
    "Who wrote the {item} after '{x}'?",
    "By whom is the {item} below '{x}'?",
    "From whom is the {item} that follows '{x}'?",
)
_TOP = ("Which {item} is at the top?", "Read the topmost {item}.", "What does the {item} at the top say?")
_FIRST = ("What is the first {item}?", "What does the first {item} say?", "Read the first {item}.")
_LAST = (
    "What is the last {item}?",
    "What does the last {item} say?",
    "Read the last {item}.",
    "What was written last?",
)
_LAST_WHO = ("Who wrote the last {item}?", "From whom is the last {item}?", "Who wrote last?")
_LAST_WHEN = (
    "When was the last {item} written?",
    "At what time did someone write last?",
    "When is the last {item} from?",
)
_NEWEST = ("What is the newest {item}?", "Which {item} is the latest?", "Read the newest {item}.")
_BOTTOM = ("Which {item} is at the bottom?", "Read the {item} at the bottom.", "What does the lowest {item} say?")
_TOP_WHO = ("By whom is the topmost {item}?", "From whom is the {item} at the top?", "Who wrote the {item} at the top?")
_BOTTOM_WHO = (
    "By whom is the {item} at the bottom?",
    "Who wrote the lowest {item}?",
    "From whom is the lowest {item}?",
)
_NTH = (
    "What is {item} number {n} from the top?",
    "Which {item} is number {n} in the list?",
    "Read {item} {n}, counted from the top.",
)
_COUNT = (
    "How many {items} are shown?",
    "How many {items} do you see?",
    "Count the {items}.",
    "How many {items} are there?",
)
_COUNT_BY = (
    "How many {items} are by {w}?",
    "How many {items} did {w} write?",
    "Count the {items} of {w}.",
    "How often did {w} write?",
)
_PEOPLE = (
    "Who wrote {items}?",
    "Which people wrote {items}?",
    "List everyone who wrote.",
    "By whom are the {items}? Name each once.",
)
_MENTIONED = ("Who is mentioned in '{x}'?", "Whom does '{x}' mention?", "To whom is '{x}'?")
_MENTIONS = ("Who mentions {w}?", "Who wrote to @{w}?", "Which person mentions @{w}?")
_DID = ("Did {w} write '{x}'?", "Is '{x}' by {w}?", "Was '{x}' written by {w}?")
_CONTAINS = (
    "Which {item} has the word {k}?",
    "Read the {item} with {k} in it.",
    "Which {item} mentions {k}?",
    "What was written about {k}?",
)
_NAMED = re.compile(r"(?<!\S)@(\S+?)(?=[ !,.?]|$)")

Row = tuple[str, str, str, str]


def asked_of(kind: str) -> Asked:
    """How a kind of list is asked about: "chat", "commit", "mail" or "comment"."""
    return _KINDS[kind]


def ask_entries(frame: Frame, rows: Sequence[Row], asked: Asked) -> None:
    """What is asked about rows of who, when, what and code, in the order of the screen."""
    if len(rows) < 2:
        return
    rng = frame.rng
    for n in rng.sample(range(len(rows)), min(9, len(rows))):
        _ask_row(frame, rows, n, asked)
    _ask_ends(frame, rows, asked)
    people = list(dict.fromkeys(row[0] for row in rows))
    for who in rng.sample(people, min(3, len(people))):
        _ask_person(frame, rows, who, asked)
    for n in rng.sample(range(len(rows)), min(5, len(rows))):
        _ask_time(frame, rows, rows[n], asked)
    _ask_mentions(frame, rows)


def _ask_ends(frame: Frame, rows: Sequence[Row], asked: Asked) -> None:
    """The first and the last row, the newest, how many there are, and who wrote them."""
    names = {"item": asked.item, "items": asked.items}
    newest_first = asked.coded or asked.unread
    known: list[tuple[tuple[str, ...], str]] = [
        (_TOP, rows[0][2]),
        (_BOTTOM, rows[-1][2]),
        (_TOP_WHO, rows[0][0]),
        (_BOTTOM_WHO, rows[-1][0]),
    ]
    if not newest_first:
        known += [(_FIRST, rows[0][2]), (_LAST, rows[-1][2]), (_LAST_WHO, rows[-1][0]), (_LAST_WHEN, rows[-1][1])]
    known += [(_NEWEST, rows[0][2] if newest_first else rows[-1][2])]
    for phrasings, value in known:
        frame.say_phrase("value", value, phrasings, **names)
    if len(rows) <= _MOST_COUNTED:
        frame.say_phrase("how_many", str(len(rows)), _COUNT, **names)
    unique = list(dict.fromkeys(row[0] for row in rows))
    if len(unique) <= 6:
        frame.say_phrase("list", ", ".join(unique), _PEOPLE, **names)


def _ask_person(frame: Frame, rows: Sequence[Row], who: str, asked: Asked) -> None:
    names = {"item": asked.item, "items": asked.items, "w": who}
    theirs = [row[2] for row in rows if row[0] == who]
    if len(theirs) == 1:
        frame.say_phrase("value", theirs[0], _BY, **names)
    else:
        frame.say_phrase("value", theirs[0], _FIRST_BY, **names)
        frame.say_phrase("value", theirs[-1], _LAST_BY, **names)
    if len(rows) <= _MOST_COUNTED:
        frame.say_phrase("how_many", str(len(theirs)), _COUNT_BY, **names)


def _ask_time(frame: Frame, rows: Sequence[Row], row: Row, asked: Asked) -> None:
    who, when, text, _ = row
    if sum(one[1] == when for one in rows) == 1:
        frame.say_phrase("value", text, _AT, t=when, item=asked.item)
        frame.say_phrase("value", who, _WHO_AT, t=when, item=asked.item)
    if sum(one[:2] == (who, when) for one in rows) == 1:
        frame.say_phrase("value", text, _BY_AT, w=who, t=when, item=asked.item)


def _ask_row(frame: Frame, rows: Sequence[Row], n: int, asked: Asked) -> None:
    rng, names = frame.rng, {"item": asked.item, "items": asked.items}
    who, when, text, code = rows[n]
    if len(text) <= _LONGEST:
        frame.say_phrase("value", who, asked.who, x=text)
        frame.say_phrase("value", when, asked.when, x=text)
        other = rng.choice(rows)[0]
        frame.say_phrase("yes_no", "Yes" if other == who else "No", _DID, w=other, x=text)
        if n + 1 < len(rows):
            frame.say_phrase("value", rows[n + 1][2], _BELOW, x=text, **names)
            frame.say_phrase("value", rows[n + 1][0], _WHO_BELOW, x=text, **names)
        if n:
            frame.say_phrase("value", rows[n - 1][2], _ABOVE, x=text, **names)
        if code:
            frame.say_phrase("value", code, _CODE, x=text)
    if code:
        for phrasings, value in ((_BY_CODE, text), (_WHO_BY_CODE, who), (_WHEN_BY_CODE, when)):
            frame.say_phrase("value", value, phrasings, c=code)
    if 1 < n < 9:
        frame.say_phrase("value", text, _NTH, n=n + 1, **names)
    word = next((one for one in text.split() if len(one) > 5 and one.isalpha()), "")
    if word and sum(word.lower() in " ".join(row).lower() for row in rows) == 1:
        frame.say_phrase("value", text, _CONTAINS, k=word, **names)


def _ask_mentions(frame: Frame, rows: Sequence[Row]) -> None:
    """Who is mentioned, and who mentions someone."""
    found = [(row, match.group(1)) for row in rows if (match := _NAMED.search(row[2]))]
    for row, name in found[:4]:
        if len(row[2]) <= _LONGEST:
            frame.say_phrase("value", name, _MENTIONED, x=row[2])
        if len({other[0] for other, one in found if one == name}) == 1:
            frame.say_phrase("value", row[0], _MENTIONS, w=name)
