"""Buttons in a row."""

from __future__ import annotations

from training.web.board import Board
from training.web.look import NAMED, ink_on


def button_row(board: Board) -> str:
    """One to three buttons, one of which has a colour of its own."""
    labels = [label for label in dict.fromkeys(board.writer.buttons(3)) if "," not in label]
    if not labels:
        return ""
    colour = board.pick(tuple(NAMED))
    special = board.rng.randrange(len(labels))
    names, html = [], []
    for place, label in enumerate(labels):
        style = (
            f"style='background:{NAMED[colour]};color:{ink_on(NAMED[colour])};border-color:{NAMED[colour]}'"
            if place == special
            else ""
        )
        html.append(board.put(label, tag=f"button {style}", style="btn"))
        names.append(board.last)
    board.ask(
        "buttons",
        labels[special],
        "What does the {c} button say?|Read the {c} button.|Which button is {c}?|What is written on the {c} button?",
        (names[special],),
        c=colour,
    )
    board.ask_as("buttons", ", ".join(labels), names)
    return f"<div class='row' style='margin:10px 0'>{''.join(html)}</div>"
