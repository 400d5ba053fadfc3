"""Terminal sessions: a prompt, commands and what such commands really print."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field

from training.screens.coding import output
from training.screens.coding.command_questions import error_questions, session_questions
from training.screens.dialogs import ran
from training.screens.line_questions import line_questions
from training.screens.page import MOST_COPIED, Page
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import Style
from training.screens.typefaces import Colour

GROUNDS: tuple[tuple[Colour, Colour], ...] = (
    ((0, 0, 0), (229, 229, 229)), ((255, 255, 255), (0, 0, 0)), ((48, 10, 36), (238, 238, 236)),
    ((30, 30, 30), (212, 212, 212)), ((0, 43, 54), (180, 195, 196)), ((253, 246, 227), (70, 90, 100)),
    ((40, 42, 54), (248, 248, 242)), ((0, 0, 0), (0, 230, 60)), ((23, 25, 35), (200, 210, 240)),
    ((255, 255, 221), (0, 0, 0)),
)  # fmt: skip
_PROMPTS = (
    "{u}@{h}:{p}$ ",
    "{u}@{h}:{p}$ ",
    "[{u}@{h} {n}]$ ",
    "{p} $ ",
    "$ ",
    "{u}@{h} {p} % ",
    "root@{h}:{p}# ",
    "> ",
)


@dataclass
class Session:
    """Lines so far.

    Attributes: `inks`: colours of lines that are not in the ordinary ink; `commands`: in order.
    """

    prompt: str
    lines: list[str] = field(default_factory=list)
    inks: dict[int, Colour] = field(default_factory=dict)
    commands: list[str] = field(default_factory=list)
    error: str = ""


def draw_session(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A terminal with one to four commands and their output."""
    page = Page(rng, writer, style, width, height, rng.choice(GROUNDS))
    page.left, page.top = style.px(rng.choice((4, 8))), style.px(4)
    pitch = round(page.mono.line * rng.uniform(1.0, 1.2))
    room = max(3, min(25, int((height - 2 * page.top) / pitch)))
    columns = int((width - 2 * page.left) / page.mono.width("m"))
    user, host, folder = writer.slot("noun"), writer.slot("noun"), "~" + rng.choice(("", "/" + writer.slot("noun")))
    session = Session(rng.choice(_PROMPTS).format(u=user, h=host, p=folder, n=folder.split("/")[-1]))
    _run(page, session, room, columns)
    green, plain = rng.choice(((80, 200, 80), (90, 160, 240), page.ink)), len(session.prompt)
    for number, line in enumerate(session.lines):
        baseline = page.sketch.row(page.top, page.top + pitch, page.mono)
        x: float = page.left
        if line.startswith(session.prompt) and session.prompt.strip():
            x = page.sketch.text(x, baseline, session.prompt, page.mono, green)
        rest = line[plain:] if x > page.left else line
        page.sketch.text(x, baseline, rest, page.mono, session.inks.get(number, page.ink))
        page.top += pitch
    if session.lines[-1] == session.prompt:
        page.fill((page.left + page.mono.width(session.prompt), page.top - pitch + 2,
                   page.left + page.mono.width(session.prompt + "m"), page.top - 2), page.ink)  # fmt: skip
    _ask(page, session, host, folder)
    if writer.training:
        page.asker.questions += line_questions(rng, session.lines)
        page.asker.questions += session_questions(rng, session.prompt, session.lines, session.commands)
        page.asker.questions += error_questions(rng, session.lines, [session.error])
    return page.finish("terminal", "terminal")


def _run(page: Page, session: Session, room: int, columns: int) -> None:
    """Commands as long as there is room for them as a whole."""
    rng = page.rng
    for _ in range(rng.choice((1, 1, 2, 2, 3, 4))):
        make: Callable[[Page], output.Output] = rng.choice(output.COMMANDS)
        done = make(page)
        short = all(len(line) <= columns for line in [session.prompt + done.command, *done.lines])
        if (
            not short
            or len(session.lines) + len(done.lines) + 2 > room
            or done.command in session.commands
            or (done.name in {command.split()[0] for command in session.commands})
        ):
            continue
        session.lines.append(session.prompt + done.command)
        start = len(session.lines)
        session.lines += done.lines
        session.commands.append(done.command)
        for number, line in enumerate(done.lines):
            if line == done.error and rng.random() < 0.5:
                session.inks[start + number] = (230, 80, 80)
        if done.error and not session.error:
            session.error = done.error
        elif done.error:
            session.error = "several"
        done.ask()
    if not session.commands:
        command = f"cd {page.writer.slot('noun')}"
        session.lines.append(session.prompt + command)
        session.commands.append(command)
    if rng.random() < 0.7:
        session.lines.append(session.prompt)


def _ask(page: Page, session: Session, host: str, folder: str) -> None:
    rng, lines = page.rng, [line.rstrip() for line in session.lines if line.strip()]
    first, last = session.commands[0], session.commands[-1]
    page.ask("command", last, "What is the last command?", "Which command was run last?", "What was typed last?",
             "Read the last command.")  # fmt: skip
    page.ask("command", first, "What is the first command?", "Which command was run first?", "Which command was run?"
             if first == last else "Read the first command.")  # fmt: skip
    if len(session.commands) > 1:
        page.ask("how_many", str(len(session.commands)), "How many commands were run?", "How many commands are there?")
    if "@" in session.prompt:
        name = session.prompt.lstrip("[").split("@")[0]
        page.ask("value", name, "Which user is logged in?", "What is the name of the user?", "Who is logged in?")
        page.ask("value", host, "What is the computer called?", "On which host is this?", "What is the host name?")
    if folder in session.prompt:
        page.ask(
            "value", folder, "In which folder is the terminal?", "What is the current directory?", "Which folder is it?"
        )
    page.ask("line", lines[0], "Read the first line.", "What does the first line say?", "What is on the first line?")
    filled = [line for line in lines if line != session.prompt.rstrip()]
    page.ask("line", filled[-1].strip(), "What is the last line of output?", "Read the last line that is not empty.")
    for number in rng.sample(range(len(session.lines)), min(4, len(session.lines))):
        line = session.lines[number]
        said = " ".join(line.split()) if page.writer.training else line.strip()
        page.ask("line", said, "Read line {n}.", "What is on line {n}?",
                 "What does line {n} say?",
                 n=number + 1)  # fmt: skip
    if session.error and session.error != "several":
        page.ask_error(session.error, "terminal")
    copied = "\n".join(line.rstrip() for line in session.lines).strip()
    if len(copied) <= MOST_COPIED:
        page.prompt("extract-text", copied)
    page.ask_program("A terminal")
    page.ask_whether(session.commands, lambda: f"cat {page.writer.file()}", "Was the command '{text}' run?",
                     "Is there the command '{text}'?")  # fmt: skip
    page.describe(f"A terminal{ran(session.commands)}")
