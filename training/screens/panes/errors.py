"""Long error messages, with paths, numbers and quotes in them, and how people ask for them."""

from __future__ import annotations

from random import Random

from training.screens.pages import PROMPTS, explained
from training.screens.panes.frame import Frame
from training.screens.panes.questions import ERROR
from training.screens.phrases import Writer
from training.screens.records import Question

_ERRORS = (
    "cannot open '{path}': no such file or directory", "'{identifier}' was not declared in this scope",
    "failed to bind to port {number}: address already in use by {noun}",
    "expected ';' before '{identifier}' in line {n}",
    "the file \"{file}\" is damaged and was not imported", "unable to resolve host {host} after {n} attempts",
    "could not write {n} bytes to {path}: no space left on device", "unknown key '{noun}' in section [{verb}]",
    "connection to {host}:{n} refused, retrying in {n} seconds", "type '{noun}' has no attribute '{verb}'",
    "permission denied while reading {path}", "the table \"{noun}\" has no column named \"{verb}\"",
    "module '{noun}' not found, required by {file}", "checksum of {file} is {code}, expected {code}",
    "{n} of {n} tests failed in {file}", "user {noun} is not allowed to {verb} on {host}",
    "volume {noun}: only {n} MB left, {n} MB are needed", "certificate of {host} expired on {date}",
    "cannot {verb} the {noun} because {file} is locked by another program",
    "invalid value '{word}' for option --{noun}",
    "the {noun} {number} needs a {adjective} {noun} before it can {verb}",
    "no {noun} in drawer {n}. Insert one and press OK.",
    "{Noun} {n} is {adjective} and cannot be {verb}ed until {time}.",
    "Cannot {verb} {file}: the {noun} is {adjective}.",
    "undefined reference to '{identifier}' in {file}", "exit status {n} from {path}",
    "timeout of {n} ms exceeded at {file}:{n}",
    "{Noun} {code} was rejected by {host}: {words}", "Wrong {noun} in line {n}, column {n}: {words}",
    "Please enter a {noun} between {n} and {n}.", "The {noun} must not be longer than {n} characters.",
    "{words}", "{sentence}", "assertion failed: {noun} == {n} ({n} given)", "duplicate entry '{word}' for key '{noun}'",
)  # fmt: skip


def long_error(rng: Random, writer: Writer) -> str:
    """A message of about 4 to 14 words; no slot repeats its value."""
    parts = rng.choice(_ERRORS).split("{")
    text = parts[0]
    for part in parts[1:]:
        slot, _, rest = part.partition("}")
        if slot == "n":
            value = str(rng.randint(1, 10 ** rng.randint(1, 4)))
        elif slot == "words":
            value = writer.words(5, 11)
        elif slot == "Noun":
            value = str(writer.slot("noun")).capitalize()
        elif slot == "identifier":
            value = writer.identifier().strip("$()")
        else:
            value = str(writer.slot(slot))
        text += value + rest
    return text


def ask_error(frame: Frame, error: str, where: str = "") -> None:
    """The error in several words, and the quick action's own prompt."""
    rng = frame.rng
    for _ in range(2):
        text = rng.choice(ERROR)
        if where and rng.random() < 0.5 and text.endswith("?"):
            text = text[:-1] + where + "?"
        frame.asker.questions.append(Question("message", text, error))
    frame.asker.questions.append(Question("message", PROMPTS["explain-error"], explained(error, frame.noun)))
