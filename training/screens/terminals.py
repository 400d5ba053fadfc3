"""Terminals: a prompt, commands and what they print, in fixed-width type."""

from __future__ import annotations

import random
from dataclasses import replace

from training.screens.asking import Asker
from training.screens.coding.command_questions import error_questions, session_questions
from training.screens.coding.sessions import draw_session
from training.screens.dialogs import ran
from training.screens.line_questions import line_questions
from training.screens.pages import PROMPTS
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.sketch import Sketch, title_bar, title_room
from training.screens.themes import Style
from training.screens.typefaces import Colour
from training.screens.windows import ask_lines

_SCHEMES: tuple[tuple[Colour, Colour, Colour, Colour], ...] = (
    ((0, 0, 0), (229, 229, 229), (80, 220, 80), (255, 95, 95)),
    ((255, 255, 255), (0, 0, 0), (0, 110, 0), (190, 0, 0)),
    ((48, 10, 36), (238, 238, 236), (138, 226, 52), (255, 120, 110)),
    ((30, 30, 30), (212, 212, 212), (86, 182, 194), (244, 113, 116)),
    ((0, 43, 54), (180, 195, 196), (133, 190, 40), (250, 120, 100)),
    ((253, 246, 227), (70, 90, 100), (38, 110, 180), (200, 40, 40)),
    ((1, 36, 86), (238, 238, 238), (250, 250, 120), (255, 140, 140)),
    ((0, 0, 0), (0, 230, 60), (0, 230, 60), (0, 230, 60)),
    ((255, 255, 255), (0, 0, 0), (0, 0, 0), (0, 0, 0)),
    ((40, 42, 54), (248, 248, 242), (80, 250, 123), (255, 105, 105)),
)
"""Colours of the ground, of text, of the prompt and of errors."""
_COMMANDS = (
    "ls", "ls -l", "cat {file}", "cd {path}", "cp {file} {path}", "rm {file}", "grep {noun} {file}", "mkdir {noun}",
    "python {noun}.py", "make {verb}", "ping {host}", "echo {code}", "ssh {host}", "git {verb}", "./{noun} --{verb}",
    "sudo {verb} {noun}", "tail -n {number} {file}", "which {noun}", "date", "whoami", "pip install {noun}", "pwd",
    "find . -name {file}", "chmod 644 {file}", "df -h", "echo {sentence}", "{noun} --version", "kill {number}",
)  # fmt: skip
_ERRORS = (
    "bash: {noun}: command not found", "cat: {file}: No such file or directory", "error: {sentence}",
    "ls: cannot access '{path}'", "Permission denied", "fatal: {adjective} {noun} in {file}",
    "make: *** Error {number}",
    "ERROR: {noun} {word} failed", "ValueError: {adjective} {noun} {code}", "KeyError: '{noun}'", "Killed",
    "{file}:{number}: error: {word} {noun}", "ssh: connect to {host}: timed out", "Segmentation fault",
)  # fmt: skip
_OUTPUTS = (
    "{file}  {file}", "{number} {number} {file}", "{sentence}", "{noun} {version}", "{path}", "{code}",
    "total {number}",
    "-rw-r--r-- {number} {file}", "{day} {time} {noun}", "{noun}: {number}", "[{number}/{number}] {word} {noun}",
    "{size} {path}", "{word} {word} {word}", "{noun}={code}", "{percent} {noun}", "{time} {host} {word}: {sentence}",
)  # fmt: skip


_SENSIBLE_SHARE = 0.5
"""Of the terminals to train on: what their commands really print."""


def draw_terminal(rng: random.Random, writer: Writer, style: Style) -> Screen:
    """One to three commands with their output, to train on up to five; the last may be an error."""
    if writer.training and rng.random() < _SENSIBLE_SHARE:
        return _draw_small_session(rng, writer, style)
    ground, ink, prompt_ink, error_ink = rng.choice(_SCHEMES)
    pen = style.type.pen(0.95, mono=True)
    rows, commands, errors = _session(rng, writer)
    title = writer.title() if rng.random() < 0.4 else ""
    title_pen = style.type.pen(bold=style.theme.bold_title)
    bar = round(title_pen.line * rng.uniform(1.3, 1.8)) if title else 0
    pitch, side = round(pen.line * rng.uniform(0.95, 1.25)), style.px(rng.randint(2, 8))
    widest = max(pen.width(start + text) for start, text, _ in rows) + 2 * side + style.px(rng.choice((4, 4, 30, 80)))
    width = max(widest, title_room(style, title, title_pen, bar) if title else 0)
    sketch = Sketch(width, bar + pitch * len(rows) + 2 * side + pitch * rng.choice((0, 0, 1, 3)), ground)
    if title:
        title_bar(sketch, style, title, title_pen, bar)
    plain_prompt = rng.random() < 0.5
    wrong_ink = rng.choice((ink, error_ink))
    for number, (start, text, wrong) in enumerate(rows):
        top = bar + side + number * pitch
        baseline = sketch.row(top, top + pitch, pen)
        right = sketch.text(side, baseline, start, pen, ink if plain_prompt else prompt_ink) if start else side
        if text:
            right = sketch.text(right, baseline, text, pen, wrong_ink if wrong else ink)
        elif rng.random() < 0.7:
            sketch.draw.rectangle((right + 4, top + 1, right + 4 + pen.advance("m"), top + pitch - 2), ink)
    asker = Asker(rng)
    if title:
        asker.ask("title", title)
    if len(commands) == 1:
        asker.ask("command", commands[0])
    if len(errors) == 1:
        asker.ask("error", errors[0], as_kind="message")
    lines = [start + text for start, text, _ in rows]
    ask_lines(asker, [" ".join(line.split()) for line in lines] if writer.training else lines)
    if writer.training:
        asker.questions += line_questions(rng, lines, most=12)
        asker.questions += session_questions(rng, rows[0][0], lines, commands)
        asker.questions += error_questions(rng, lines, errors)
    asker.ask("describe", f"A terminal{ran(commands)}")
    return sketch.finish(asker, "terminal", "terminal")


def _draw_small_session(rng: random.Random, writer: Writer, style: Style) -> Screen:
    """As `draw_session`, in a window as large as a person makes it; the prompts have their kinds for small images."""
    pen = style.type.pen(mono=True)
    screen = draw_session(rng, writer, style, round(pen.width("m") * rng.randint(52, 90)) + style.px(16),
                          round(pen.line * rng.randint(6, 22)))  # fmt: skip
    kinds = {PROMPTS["explain-error"]: "explained", PROMPTS["extract-text"]: "copied"}
    return replace(screen, questions=tuple(replace(one, kind=kinds.get(one.text, one.kind))
                                           for one in screen.questions))  # fmt: skip


def _session(rng: random.Random, writer: Writer) -> tuple[list[tuple[str, str, bool]], list[str], list[str]]:
    """The rows as (prompt, text, whether it is an error), the commands among them, and the errors."""
    prompt = _prompt(rng, writer)
    rows: list[tuple[str, str, bool]] = []
    counts, weights = ((1, 2, 3, 4, 5), (3, 3, 3, 2, 1)) if writer.training else ((1, 2, 3), (4, 3, 1))
    for number in range(rng.choices(counts, weights)[0]):
        rows.append((prompt, writer.fill(rng.choice(_COMMANDS))[:44].strip(), False))
        for _ in range(rng.choices((0, 1, 2, 3), (1, 4, 3, 2))[0]):
            output = writer.noise(1, 5) if rng.random() < 0.25 else writer.fill(rng.choice(_OUTPUTS))
            rows.append(("", output[:52].strip(), False))
        if rng.random() < (0.35 if number == 0 else 0.15):
            rows.append(("", writer.fill(rng.choice(_ERRORS))[:56].strip(), True))
    commands = [text for start, text, _ in rows if start]
    errors = [text for _, text, wrong in rows if wrong]
    if rng.random() < 0.4:
        rows.append((prompt.rstrip(), "", False))
    return rows, commands, errors


def _prompt(rng: random.Random, writer: Writer) -> str:
    user, machine = writer.slot("noun"), writer.slot("noun")
    return rng.choice(("$ ", "$ ", "# ", "> ", "% ", f"{user}@{machine}:~$ ", f"[{user}@{machine} ~]$ ", f"C:\\{user}>",
                       f"{user}@{machine}:~/{machine}$ ", ">>> ", f"{machine}% "))  # fmt: skip
