"""What dialogs of real programs say: a heading and a text below it, with paths, numbers and quotation marks, and the
buttons that fit; to train on.

A model must read them and not guess them: half of the slots are random words, and buttons are often shuffled.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Literal

from training.screens.dialogs import MISSPELT_SHARE, Mood
from training.screens.misspelling import misspelt
from training.screens.phrases import Writer

_LONGEST = 210
"""Characters of heading and text together."""


@dataclass(frozen=True)
class Content:
    """A dialog's texts; `heading` or `title` may be empty.

    `facts` are lines below the text, `extra` is what there is beside them.
    """

    title: str
    heading: str
    text: str
    buttons: list[str]
    mood: Mood
    facts: tuple[str, ...] = ()
    extra: Literal["", "field", "progress"] = ""


@dataclass(frozen=True)
class _Kind:
    """Templates of one sort of dialog; sets of buttons are parted by "|"."""

    mood: Mood
    titles: tuple[str, ...]
    headings: tuple[str, ...]
    texts: tuple[str, ...]
    buttons: tuple[str, ...]
    facts: tuple[str, ...] = ()
    extra: Literal["", "field", "progress"] = ""


_KINDS: tuple[_Kind, ...] = (
    _Kind("question", ("Save {noun}?", "{app}", "Unsaved Changes", "Close {file}", ""),
          ('Save changes to "{file}" before closing?', "Save the changes to {noun} {number}?",
           "The document '{word}' has been modified.", "{number} documents have unsaved changes."),
          ("If you don't save, changes from the last {n} minutes will be permanently lost.",
           "Your changes will be lost if you close without saving.", "Do you want to save them or discard them?",
           "They were made on {date} at {time}. There is no other copy in {path}."),
          ("Close without Saving|Cancel|Save", "Don't Save|Cancel|Save", "Save|Discard|Cancel", "Yes|No|Cancel",
           "Save All|Discard All|Cancel", "Discard|Keep Editing")),
    _Kind("warning", ("File Exists", "Replace File?", "Confirm Replace", "{app}", "Conflict"),
          ('A file named "{file}" already exists.', "{file} already exists in {noun}. Replace it?",
           'Replace file "{file}"?', "The destination already has {n} files with the same names."),
          ("Replacing it will overwrite its content.", 'An older file with the same name exists in "{noun}".',
           "Do you want to replace it with the one you are moving?", "The file in {path} is newer than this one."),
          ("Cancel|Replace", "Skip|Cancel|Replace", "Skip|Merge|Replace|Cancel", "Keep Both|Stop|Replace",
           "Overwrite|Rename|Skip|Cancel", "Yes|Yes to All|No|No to All|Cancel", "Rename...|Skip All|Cancel"),
          ("Size: {size}", "Modified: {date} {time}", "New: {size}, {date}", "Old: {size}, {date}",
           "{file}  {size}")),
    _Kind("question", ("Delete {noun}", "Confirm Delete", "Move to Trash", "{app}", ""),
          ('Are you sure you want to permanently delete "{file}"?', "Delete {n} items from {noun}?",
           'Remove "{words}" from the list?', "Empty all items from Trash?"),
          ("If you delete an item, it will be permanently lost.", "This cannot be undone.",
           "All {n} items ({size}) in the Trash will be deleted.", "{n} other {noun} files in {path} use it."),
          ("Cancel|Delete", "Delete|Cancel", "Cancel|Empty Trash", "Yes|No", "Keep|Remove", "No|Yes|Help")),
    _Kind("plain", ("Authentication Required", "Authenticate", "Password Required", "Sign In", "{host}"),
          ("Authentication is required to {verb} the {noun}", "Authentication Required", "{app} wants to make changes",
           "Enter the password for {name}", "The server {host} asks for a user name and password"),
          ("An application is attempting to {verb} {path} as the super user.", "The site says: '{words}'",
           "Type the password of {name} to allow this.", "Action: org.{noun}.{verb}. Vendor: {app} Project."),
          ("Cancel|Authenticate", "OK|Cancel", "Cancel|Unlock", "Cancel|Sign in", "Deny|Allow", "Cancel|Connect"),
          extra="field"),
    _Kind("error", ("Error", "{app}", "Could not open {noun}", "{app} Error", "Failed to {verb}"),
          ('Could not open "{path}"', "The {noun} could not be displayed", 'Failed to mount "{noun} {size}"',
           "Unable to {verb} {file}", "There was a problem with the {adjective} {noun}", "Cannot connect to {host}"),
          ("You do not have the permissions necessary to view the contents of {noun}.",
           "Error {number}: the {noun} timed out after {n} seconds.", "Error opening file {path}: no such file",
           "The {noun} on line {n} of {file} is not closed. The {adjective} lines were skipped.",
           "Reason: {words}. Please check the {noun} and try again.",
           '"{word}" is not a known {noun}. Only {n} of {n} {noun} entries were read.'),
          ("OK", "Close", "Retry|Cancel", "Cancel|Try Again", "Details|Close", "Abort|Retry|Ignore", "Report...|Close",
           "Skip|Skip All|Retry|Cancel")),
    _Kind("error", ("{app}", "Problem Report", "Crash Reporter", "Unexpected Error"),
          ("{app} closed unexpectedly", "Sorry, {app} has stopped", "{app} is not responding",
           "The program '{app}' quit with status {n}"),
          ("You may choose to wait a short while for it to continue or force it to quit entirely.",
           "A report with {size} of data was written to {path}.", "It happened {n} times since {date}.",
           "If you notice further problems, try restarting the computer. Signal {n}, process {number}."),
          ("Wait|Force Quit", "Relaunch|Close", "Send Report|Don't Send", "Ignore|Report|Reopen",
           "Show Details|Leave Closed|Relaunch", "Force Quit|Wait")),
    _Kind("info", ("Software Update", "Updates", "{app} Update", "Restart Required"),
          ("Software updates are available for this computer", "{app} {version} is available",
           "{n} updates were installed", "Restart to finish installing {app}"),
          ("You have version {version}. Would you like to download {size} now?",
           "After download, {size} of disk space will be used.", "The computer restarts in {n} seconds.",
           "{name} published it on {date}. It mends {n} faults in the {noun}."),
          ("Remind Me Later|Install Now", "Skip This Version|Remind Me Later|Install Update", "Restart Later|Restart",
           "Later|Restart Now", "Settings...|Install Now", "Not Now|Update", "Release Notes|Later|Install")),
    _Kind("warning", ("Low Disk Space", "Disk", "Storage", "Battery", "{app}"),
          ('Low disk space on "{noun}"', "The volume '{noun} {n}' has only {size} left", "Battery level is low",
           "{noun} is almost full"),
          ("You can free up disk space by emptying the Trash or removing unused programs.",
           "{size} of {size} are used. Remove files from {path}.", "{n} minutes remaining ({percent}).",
           "Saving {file} needs {size} more."),
          ("Ignore|Examine", "Ignore|Empty Trash|Examine", "OK", "Cancel|Clean Up", "Later|Open Settings")),
    _Kind("plain", ("Copying", "Progress", "Downloading", "{percent} - {app}", "Transfer"),
          ("Copying {n} files to {noun}", "Downloading {file}", "Installing {app} {version}", "Moving to Trash",
           "Uploading {n} items to {host}"),
          ("{n} of {n} files, {n} minutes left", "From {path} to {path}", "{size} of {size} ({size}/s)",
           "Time left: {n} seconds. Now: {file}"),
          ("Cancel", "Pause|Cancel", "Stop", "Hide|Cancel", "Background|Skip|Cancel"), extra="progress"),
    _Kind("question", ("{app}", "Permission", "Access", "{host}", ""),
          ("Allow {app} to use your {noun}?", "{host} wants to know your location", "Open link in {app}?",
           "{name} wants to share '{file}' with you", "Turn on {noun} for {n} minutes?"),
          ("You can change this later in the settings.", "It asked {n} times since {date}.",
           "The link leads to {host}/{noun}/{number}.", "Only accept if you know the sender. Size: {size}."),
          ("Deny|Allow", "Block|Allow", "Don't Allow|OK", "Allow Once|Allow While Using|Don't Allow",
           "Never|Not Now|Always", "Decline|Accept", "Open|Cancel")),
    _Kind("warning", ("Security Warning", "Certificate", "{app}", "Untrusted {noun}"),
          ("The identity of {host} cannot be verified", "This {noun} is not trusted", "Do you trust {name}?",
           "The connection to {host} is not private"),
          ("The certificate expired on {date}. The fingerprint is {code}.",
           "Someone could be reading your {noun}. Go on only if you know {host}.",
           "It was signed by '{name}' {n} days ago.", "The key {code} is unknown."),
          ("Cancel|Continue", "View Certificate|Cancel|Trust", "Go Back|Accept the Risk", "Yes|No|View",
           "Reject|Accept Once|Accept Always")),
    _Kind("info", ("{app}", "Done", "Finished", "Report", "Information"),
          ("{n} of {n} {noun} items were imported", "The backup of {path} is complete", "Nothing to {verb}",
           "{name} joined the {noun}", "'{words}' was added"),
          ("{n} were skipped because they are older than {date}.", "It took {n} minutes and {n} seconds ({size}).",
           "You can find the {noun} in {path}.", "{sentence}", "{sentence} {sentence}"),
          ("OK", "Close", "Open Folder|Close", "Show|Done", "Undo|OK", "Print...|Save As...|Close")),
)  # fmt: skip
_RANDOM_SHARE = 0.3
"""Of the headings and texts that are any words at all."""
_SHUFFLED = 0.3
"""Of the sets of buttons that are in another order than people know."""


def draw_content(rng: random.Random, writer: Writer) -> Content:
    """One that fits into a dialog; a heading alone, a text alone, or both."""
    kind = rng.choice(_KINDS)
    heading = _text(rng, writer, kind.headings)
    chosen = rng.sample(kind.texts, min(len(kind.texts), rng.choices((1, 2, 3), (6, 4, 1))[0]))
    text = " ".join(_text(rng, writer, (one,)) for one in chosen)
    draw = rng.random()
    if draw < 0.12:
        heading, text = "", f"{heading.rstrip('.')}{'' if heading.endswith(('?', '!')) else '.'} {text}"
    elif draw < 0.2:
        heading, text = "", heading
    title = fill(rng, writer, rng.choice(kind.titles))
    if rng.random() < MISSPELT_SHARE:
        title, heading, text = (misspelt(rng, one) for one in (title, heading, text))
    if len(heading) + len(text) > _LONGEST:
        text = _cut(text, _LONGEST - len(heading))
    facts = tuple(fill(rng, writer, fact) for fact in rng.sample(kind.facts, min(2, len(kind.facts))))
    return Content(title, heading, text, _labels(rng, writer, kind), kind.mood,
                   facts if rng.random() < 0.6 else (), kind.extra if rng.random() < 0.8 else "")  # fmt: skip


def _text(rng: random.Random, writer: Writer, templates: tuple[str, ...]) -> str:
    if rng.random() < _RANDOM_SHARE:
        return writer.message(error=False, most_words=10)
    return fill(rng, writer, rng.choice(templates))


def _cut(text: str, most: int) -> str:
    """As many whole words as fit; at least one."""
    kept: list[str] = []
    for word in text.split():
        if kept and sum(map(len, kept)) + len(kept) + len(word) > most:
            break
        kept.append(word)
    return " ".join(kept)


def fill(rng: random.Random, writer: Writer, template: str) -> str:
    """As `Writer.fill`, with {n} for a small number; the first letter is a capital."""
    parts = template.split("{n}")
    text = "".join(f"{part}{rng.randint(2, 240)}" for part in parts[:-1]) + parts[-1]
    text = " ".join(writer.fill(text).split())
    return text[:1].upper() + text[1:]


def _labels(rng: random.Random, writer: Writer, kind: _Kind) -> list[str]:
    """Labels that fit the text, some in another order or with one of another kind; or any."""
    if rng.random() < 0.2:
        return list(dict.fromkeys(label.replace(",", ".") for label in writer.buttons()))
    labels = rng.choice(kind.buttons).split("|")
    if rng.random() < _SHUFFLED:
        rng.shuffle(labels)
    if rng.random() < 0.12 and len(labels) < 5:
        labels.insert(rng.randint(0, len(labels)), rng.choice(("Help", "Help...", "Options...", "More", "Details >>")))
    if rng.random() < 0.08:
        labels = [label.upper() for label in labels]
    return list(dict.fromkeys(labels))
