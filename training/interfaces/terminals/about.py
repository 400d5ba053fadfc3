"""All questions about a terminal's screen."""

from __future__ import annotations

from collections.abc import Mapping

from training.interfaces.terminals.about_errors import ask_errors, ask_left_error
from training.interfaces.terminals.about_lines import ask_lines, drill_lines
from training.interfaces.terminals.about_listings import ask_listing
from training.interfaces.terminals.about_programs import ask_program
from training.interfaces.terminals.about_sessions import ask_session
from training.interfaces.terminals.about_values import ask_values
from training.interfaces.terminals.view import View

_OF_LINES = ("less", "man", "editor")
"""Programs that show a text from the top row on."""


def ask_all(view: View, kind: str, notes: Mapping[str, str], *, drill: bool = False) -> None:
    """Ask what can be asked, about commands that are seen or about the program that has the screen.

    `kind`: which sort of session or program it is; `notes`: what is known of that program; `drill`: whether many
    lines are asked for by their number.
    """
    sided = any("\u2502" in line.strip("\u2502") for line in view.lines)  # panes side by side
    if kind != "dialog" and not (sided and kind == "tmux"):
        ask_lines(view)
        if not view.grid.full or kind in _OF_LINES:
            drill_lines(view, 1.0 if drill else view.rng.choice((0.0, 0.4, 0.4)))
    if view.grid.full:
        ask_program(view, kind, notes)
        return
    ask_session(view)
    ask_errors(view)
    seen = view.grid.seen()
    view.tables = sum(len(view.printed(one)) > 2 for one in seen)
    several = [one.command.split()[0] for one in seen]
    for one in seen:
        if one.end <= len(view.lines) and several.count(one.command.split()[0]) == 1:
            ask_listing(view, one)
            ask_values(view, one)
        elif one.end <= len(view.lines):
            ask_listing(view, one, alone=True)
            ask_values(view, one, alone=True)
    left = next((one for one in view.grid.ran if one.row < 0 < one.end), None)
    if left and left not in seen:  # its command has left the screen
        ask_listing(view, left, alone=bool(seen))
        ask_values(view, left, alone=bool(seen))
        if not seen and left is view.grid.ran[-1]:
            ask_left_error(view, left)
