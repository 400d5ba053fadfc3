"""Questions about sessions: prompts, commands, and what each printed."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from training.interfaces.terminals import phrasings as ways
from training.interfaces.terminals.grid import Ran
from training.interfaces.terminals.view import View, flat, is_plain
from training.screens.dialogs import ran as said_ran

_MOST_ROWS = 25
_MOST_COMMANDS = 8


def ask_session(view: View) -> None:
    """All that holds of a shell's screen whatever was run."""
    grid = view.grid
    seen = grid.seen()
    if grid.full:
        return
    _ask_prompt(view, seen)
    if not seen:
        return
    commands = [one.command for one in seen]
    if seen[-1] is grid.ran[-1]:
        view.ask("command", seen[-1].command, ways.LAST_COMMAND, [seen[-1].row])
    if len(seen) == len(grid.ran):
        _ask_commands(view, seen)
    _ask_neighbours(view, seen, commands)
    for one in view.rng.sample(seen, min(5, len(seen))):
        if _named(one.command, commands):
            _ask_output(view, one)
    _ask_status(view, seen, commands)


def _ask_commands(view: View, seen: Sequence[Ran]) -> None:
    """All commands, where all of them are seen."""
    commands = [one.command for one in seen]
    view.ask("command", commands[0], ways.FIRST_COMMAND, [seen[0].row])
    if len(seen) <= _MOST_COMMANDS:
        view.ask("how_many", str(len(seen)), ways.COMMAND_COUNT, None)
    if all("," not in one for one in commands):
        view.ask("list", ", ".join(commands), ways.COMMANDS, None)
    _ask_whether(view, seen)
    view.ask("describe", f"A terminal{said_ran(commands)}", "describe", None)


def _ask_neighbours(view: View, seen: Sequence[Ran], commands: Sequence[str]) -> None:
    """Commands by those before and after them."""
    pairs = list(itertools.pairwise(seen))
    for one, other in view.rng.sample(pairs, min(3, len(pairs))):
        if _named(one.command, commands) and view.rng.random() < 0.5:
            view.ask("command", other.command, ways.AFTER_COMMAND, [one.row, other.row], c=one.command)
        elif _named(other.command, commands):
            view.ask("command", one.command, ways.BEFORE_COMMAND, [one.row, other.row], c=other.command)


def _named(command: str, commands: Sequence[str]) -> bool:
    return commands.count(command) == 1 and "'" not in command and len(command) <= 60 and is_plain(command)


def folder_shown(prompts: Sequence[str], folder: str, home: str) -> str:
    """The folder as a prompt shows it; "" where it does not."""
    tilde = "~" + folder[len(home) :] if folder == home or folder.startswith(home + "/") else folder
    text = " ".join(prompts)
    for form in (tilde, folder, tilde.rsplit("/", 1)[-1]):
        if form and re.search(rf"(?<![\w~/.-]){re.escape(form)}(?![\w/.-])", text):
            return form
    return ""


def _ask_prompt(view: View, seen: Sequence[Ran]) -> None:
    grid = view.grid
    row = grid.cursor[0]
    prompts = [line for line in view.lines[max(0, grid.asking) : row + 1] if line.strip()]
    rows = list(range(max(0, grid.asking), row + 1))
    if grid.asking < 0 or not prompts:
        return
    shown = " ".join(prompts)
    if len(prompts) == 1 and len(shown.strip()) > 2:
        view.ask("value", shown.strip(), ways.PROMPT, rows)
    words = re.split(r"[^\w.-]+", shown)
    if grid.user in words and words.count(grid.user) == 1 and grid.user != grid.host:
        view.ask("value", grid.user, ways.USER, rows)
        view.yes_no(ways.IS_ROOT, yes=grid.user == "root", rows=rows)
    if grid.host in words and words.count(grid.host) == 1:
        view.ask("value", grid.host, ways.HOST, rows)
    folder = folder_shown(prompts, grid.folder, grid.home)
    if folder:
        view.ask("value", folder, ways.FOLDER, rows)
    clock = re.search(r"\[(\d\d:\d\d:\d\d)\]|^(\d\d:\d\d) ", shown)
    if clock:
        view.ask("value", clock[1] or clock[2], ways.CLOCK, rows)
    branch = re.search(r" \(([\w/.-]+)\) ?\$? ?$", shown)
    if branch:
        view.ask("value", branch[1], ways.BRANCH_PROMPT, rows)
    _ask_folders(view, seen)


def _ask_folders(view: View, seen: Sequence[Ran]) -> None:
    """In which folder commands were run, where that differs."""
    commands = [one.command for one in seen]
    folders = {one.command: folder_shown(one.prompts, one.folder, view.grid.home) for one in seen}
    if len(set(folders.values())) > 1:
        for one in view.rng.sample(list(seen), min(4, len(seen))):
            if folders[one.command] and _named(one.command, commands):
                rows = list(range(one.row - len(one.prompts) + 1, one.row + 1))
                view.ask("value", folders[one.command], ways.FOLDER_OF, rows, c=one.command)


def _ask_whether(view: View, seen: Sequence[Ran]) -> None:
    commands = [one.command for one in seen]
    there = [one for one in seen if _named(one.command, commands)]
    others = [f"cat {view.writer.file()}", "ls -la", "git status", "df -h", "make", "pwd",
              f"cd {view.writer.slot('noun')}",
              "sudo reboot", f"rm {view.writer.file()}", "top", "ls -l"]  # fmt: skip
    other = view.rng.choice([one for one in others if not any(one in line for line in view.lines)])
    if there and "'" not in other:
        one = view.rng.choice(there)
        view.yes_no(ways.WAS_RUN, yes=True, rows=[one.row], t=one.command)
        view.yes_no(ways.WAS_RUN, yes=False, rows=None, t=other)


def _ask_output(view: View, one: Ran) -> None:
    """What one command printed."""
    if not view.is_whole(one) or one.end > len(view.lines):
        return
    lines = view.printed(one)
    rows = range(one.row, one.end)
    if not lines:
        view.yes_no(ways.NO_OUTPUT, yes=False, rows=[one.row, one.row + 1], c=one.command)
        return
    if view.rng.random() < 0.4:
        view.yes_no(ways.NO_OUTPUT, yes=True, rows=rows, c=one.command)
    view.ask("line", flat(lines[0].text), ways.OUTPUT_FIRST, rows, c=one.command)
    if len(lines) > 1:
        view.ask("line", flat(lines[-1].text), ways.OUTPUT_LAST, rows, c=one.command)
    if 1 < len(lines) <= 12 and all(line.first == line.last and line.text.strip() for line in lines):
        view.ask("how_many", str(len(lines)), ways.OUTPUT_COUNT, rows, c=one.command)
    copied = "\n".join(line.text for line in lines)
    if len(copied) <= 500 and len(lines) <= _MOST_ROWS and all(line.text.strip() for line in lines):
        view.ask("lines", copied, ways.OUTPUT, rows, c=one.command)
    quoted = view.rng.choice(lines)
    text = flat(quoted.text)
    if 3 < len(text) <= 50 and "'" not in text and view.alone(quoted.text.strip()):
        view.ask("command", one.command, ways.PRINTED_BY, rows, t=text)


def _ask_status(view: View, seen: Sequence[Ran], commands: Sequence[str]) -> None:
    for one, other in itertools.pairwise(seen):
        lines = view.printed(other)
        if other.command == "echo $?" and len(lines) == 1 and _named(one.command, commands):
            view.ask("value", lines[0].text.strip(), ways.STATUS, [one.row, other.row, lines[0].first], c=one.command)
