"""Which windows are open on a full screen, how large they are and where."""

from __future__ import annotations

import random
from dataclasses import replace

from training.screens.actions import chart_explained
from training.screens.facts.documents import draw_facts
from training.screens.filling import FILLING, draw_filling
from training.screens.formulas import as_one_part
from training.screens.framing import framed, glyphs_moved, moved
from training.screens.generator import LAYOUTS
from training.screens.in_front import DIALOG_SHARE, draw_front_dialog
from training.screens.interfaces import INTERFACE_SHARE, Size, draw_interface, has_interfaces
from training.screens.legibility import LEAST_READ_PX, LEGIBLE_PX, TOO_SMALL_PX
from training.screens.line_windows import draw_line_window
from training.screens.pages import PROMPTS
from training.screens.panes.fillings import draw_pane, draw_small
from training.screens.panes.tallies import draw_small_tallies
from training.screens.phrases import Writer
from training.screens.records import Question, Screen
from training.screens.rewording import in_other_words
from training.screens.side_by_side import TILED_SHARE, draw_side_by_side
from training.screens.stacking import Window, free_place, inactive, leaves_in_sight, meet, with_window
from training.screens.themes import Style
from training.screens.web_windows import WEB_SHARE, draw_web_window
from training.screens.webpages import has_pages

_INTERFACE_ALONE_SHARE = 0.14
"""Of the other screens to train on, where there are packs of windows that others laid out: one of them alone."""
_TERMINAL_SHARE = 0.15
"""Of the screens to train on that show one terminal or log alone."""
_LINED_SHARE = 0.14
"""Of the screens to train on: smaller terminals, logs and texts, alone, beside or on a program."""
_FACT_SHARE = 0.24
"""Of the windows to train on that fill a screen and are full of facts, beside those among `FILLING`."""
_LINE_WINDOW_SHARE = 0.5
"""Of the terminals and editors among smaller windows to train on: those of `line_windows`."""
_SMALL_SHARE, _MEDIUM_SHARE, _TALLIED_SHARE = 0.25, 0.2, 0.09
"""Of the smaller windows to train on: small ones of `panes`, its programs at half of the screen's size, and lists
whose entries are counted."""
_FILLED = 0.6
"""Of the screen: a page behind a dialog is at least so large."""
_COUNTS = (12, 5, 3, 1)
"""How often one to four windows are open on screens to train on."""
_MAXIMISED_SHARE = 0.5
"""Of the large windows to train on, and of the terminals alone: they leave nothing but the taskbar."""
_PALE_SHARE = 0.45
"""Of the screens to train on whose windows without the focus have pale titles."""
_APART_SHARE, _TRIES = 0.25, 6
"""How often a window may stay beside the others, and how many places are tried for it."""
_MEMBERS = ("dialog", "window", "terminal", "editor", "form", "table", "receipt", "chart", "facts", "formula")
_OF_LINES = frozenset({"terminal", "editor"})
_WEIGHTS = (8, 3, 2, 2, 3, 2, 1, 1, 0, 0)
_TRAINING_WEIGHTS = (30, 4, 10, 6, 4.5, 3.5, 1, 3, 12, 3)
"""Dialogs are small on a screen and read worst; lines of terminals and editors are counted wrongly."""


def open_windows(rng: random.Random, writer: Writer, style: Style, room: tuple[int, int],
                  scale: float) -> list[Window]:  # fmt: skip
    """Windows from back to front, none of which hangs out of the screen."""
    scene = _scene(rng, writer, style, room, scale) if writer.training else []
    if scene:
        return scene
    windows: list[Window] = []
    count = rng.choices((1, 2, 3, 4), _COUNTS if writer.training else (6, 4, 2, 1))[0]
    pale = writer.training and rng.random() < _PALE_SHARE
    focused = style
    for number in range(count):
        style = inactive(focused) if pale and number < count - 1 else focused
        large = number == 0 and rng.random() < 0.75
        laid = _interface(rng, writer, style, room, scale, size="large" if large else "small")
        facts = large and writer.training and not laid and rng.random() < _FACT_SHARE
        paged = large and writer.training and not (facts or laid) and has_pages()
        page = _draw_page(rng, writer, style, room, scale) if paged else None
        screen = laid or page or _draw_member(rng, writer, style, room, large=large, facts=facts)
        if writer.training:
            screen = replace(screen, questions=in_other_words(rng, screen.questions))
        if screen.image.width > room[0] or screen.image.height > room[1]:
            continue
        new = _placed(screen, *free_place(rng, room, screen.image.size))
        for _ in range(_TRIES if writer.training and windows else 0):
            if all(leaves_in_sight(new, window) for window in windows) and (rng.random() < _APART_SHARE or any(
                    meet(window.box, new.box) for window in windows)):  # fmt: skip
                break
            new = _placed(screen, *free_place(rng, room, screen.image.size))
        windows = with_window(windows, new)
        if writer.training:
            windows[-1].cut()
    return windows or open_windows(rng, writer, focused, room, scale)


def _scene(rng: random.Random, writer: Writer, style: Style, room: tuple[int, int],
           scale: float) -> list[Window]:  # fmt: skip
    """One of the arrangements to train on alone; mostly none."""
    draw = rng.random()
    if draw < _TERMINAL_SHARE:
        return [_alone(rng, writer, style, room)]
    if draw < _TERMINAL_SHARE + _LINED_SHARE:
        return _lined(rng, writer, style, room)
    if rng.random() < DIALOG_SHARE:
        return _dialog_in_front(rng, writer, style, room, scale)
    if rng.random() < TILED_SHARE:
        return _side_by_side(rng, writer, style, room)
    return _laid_alone(rng, style, room, scale) if has_interfaces() else []


def _laid_alone(rng: random.Random, style: Style, room: tuple[int, int], scale: float) -> list[Window]:
    """A window of the packs alone; none where it is another turn, or none fits."""
    if rng.random() >= _INTERFACE_ALONE_SHARE:
        return []
    alone = _draw_interface(rng, style, room, scale, size="whole")
    return _cut([_centred(rng, alone, room)]) if alone else []


def _dialog_in_front(rng: random.Random, writer: Writer, style: Style, room: tuple[int, int],
                     scale: float) -> list[Window]:  # fmt: skip
    """A program that fills the screen and a dialog in front of it, often in its middle."""
    facts = rng.random() < _FACT_SHARE
    large = _interface(rng, writer, style, room, scale, size="large")
    if large is None:
        large = _draw_page(rng, writer, style, room, scale) if has_pages() and not facts else None
    if large is None or large.image.width * large.image.height < _FILLED * room[0] * room[1]:
        fill = draw_facts if facts else draw_filling
        faint = inactive(style) if rng.random() < _PALE_SHARE else style
        large = framed(rng, fill(rng, writer, faint, room[0], room[1] - style.px(40)), writer, faint)
    dialog = _interface(rng, writer, style, room, scale, size="dialog")
    if dialog is None:
        dialog = framed(rng, draw_front_dialog(rng, writer, style, LEGIBLE_PX / scale), writer, style)
    free = (room[0] - dialog.image.width, room[1] - dialog.image.height)
    if min(free) < 0 or large.image.width > room[0] or large.image.height > room[1]:
        return _dialog_in_front(rng, writer, style, room, scale)
    left, top = (rng.choice((side // 2, side // 3, rng.randint(0, side))) for side in free)
    behind, front = (replace(screen, questions=in_other_words(rng, screen.questions)) for screen in (large, dialog))
    program = _placed(behind, (room[0] - large.image.width) // 2, 0)
    program.cut()
    windows = with_window([program], _placed(front, left, top))
    windows[-1].cut()
    return windows


def _lined(rng: random.Random, writer: Writer, style: Style, room: tuple[int, int]) -> list[Window]:
    """One to three smaller windows of lines, beside each other or one on the other, half of them on a program."""
    count = rng.choices((1, 2, 3), (3, 5, 2))[0]
    windows: list[Window] = []
    pale = inactive(style) if rng.random() < _PALE_SHARE else style
    if rng.random() < 0.4:
        wide, high = (round(side * rng.choice((1, 1, rng.uniform(0.6, 0.95)))) for side in room)
        large = framed(rng, draw_filling(rng, writer, pale, wide, high - style.px(40)), writer, pale)
        if large.image.width <= room[0] and large.image.height <= room[1]:
            asked = replace(large, questions=in_other_words(rng, large.questions))
            windows = [_placed(asked, *free_place(rng, room, large.image.size))]
            windows[0].cut()
    apart = rng.random() < 0.6
    for number in range(count):
        most = [round(side * rng.uniform(0.35, 0.72 if count < 3 else 0.55)) for side in room]
        if apart and count > 1:
            most[0] = round(min(most[0], room[0] / count - 8))
        screen = draw_line_window(rng, writer, style if number == count - 1 else pale, *most)
        screen = replace(screen, questions=in_other_words(rng, screen.questions))
        left, top = free_place(rng, room, screen.image.size)
        if apart and count > 1:
            left = round(room[0] * number / count) + rng.randint(0, max(0, room[0] // count - screen.image.width))
        new = _placed(screen, left, top)
        if any(not leaves_in_sight(new, window) for window in windows):
            continue
        windows = with_window(windows, new)
        windows[-1].cut()
    return windows or _lined(rng, writer, style, room)


def _interface(rng: random.Random, writer: Writer, style: Style, room: tuple[int, int], scale: float, *,
               size: Size) -> Screen | None:  # fmt: skip
    """A window of the packs; None where it is not its turn, or none fits."""
    if not (writer.training and has_interfaces() and rng.random() < INTERFACE_SHARE):
        return None
    return _draw_interface(rng, style, room, scale, size=size)


def _draw_interface(rng: random.Random, style: Style, room: tuple[int, int], scale: float, *,
                    size: Size) -> Screen | None:  # fmt: skip
    return draw_interface(rng, style, room, size=size, least_px=LEAST_READ_PX / scale, small_px=TOO_SMALL_PX / scale)


def _centred(rng: random.Random, screen: Screen, room: tuple[int, int]) -> Window:
    """A window at the upper left, where windows fill a screen, or in the middle."""
    share = rng.choice((0.0, 0.0, 0.5))
    return _placed(
        screen, round(share * (room[0] - screen.image.width)), round(share * (room[1] - screen.image.height))
    )


def _cut(windows: list[Window]) -> list[Window]:
    for window in windows:
        window.cut()
    return windows


def _side_by_side(rng: random.Random, writer: Writer, style: Style, room: tuple[int, int]) -> list[Window]:
    """Windows that share the screen, none of which covers another."""
    windows: list[Window] = []
    for screen, left, top in draw_side_by_side(rng, writer, style, room):
        asked = replace(screen, questions=in_other_words(rng, screen.questions))
        windows = with_window(windows, _placed(asked, left, top))
        windows[-1].cut()
    return windows


def _draw_page(rng: random.Random, writer: Writer, style: Style, room: tuple[int, int], scale: float) -> Screen | None:
    """A page of the packs in a window; None where it is not its turn, or none fits."""
    if rng.random() >= WEB_SHARE:
        return None
    return draw_web_window(rng, writer, style, room, least_px=LEAST_READ_PX / scale, small_px=TOO_SMALL_PX / scale)


def _alone(rng: random.Random, writer: Writer, style: Style, room: tuple[int, int]) -> Window:
    """A terminal or a log with nothing beside it: all its text is asked for."""
    least = 1 if rng.random() < _MAXIMISED_SHARE else 3
    wide, high = (rng.randint(side // least, side) for side in room)
    draw = FILLING[rng.choice(("long_terminal", "session", "session", "log", "fact_log",
                               "code_editor"))][1]  # fmt: skip
    screen = framed(rng, draw(rng, writer, style, max(wide, 300), max(high - style.px(40), 120)), writer, style)
    return _placed(screen, rng.randint(0, max(0, room[0] - screen.image.width)),
                   rng.randint(0, max(0, room[1] - screen.image.height)))  # fmt: skip


def _placed(screen: Screen, left: int, top: int) -> Window:
    """A window whose upper left corner is there."""
    box = (left, top, left + screen.image.width, top + screen.image.height)
    titles = [question.answer for question in screen.questions if question.kind == "title"]
    return Window(moved(screen, left, top), titles[0] if titles else "", box, glyphs_moved(screen, left, top))


def _draw_member(rng: random.Random, writer: Writer, style: Style, room: tuple[int, int], *, large: bool,
                 facts: bool) -> Screen:  # fmt: skip
    if not large:
        chance = rng.random() if writer.training else 1.0
        if chance < _MEDIUM_SHARE:
            wide, high = round(room[0] * rng.uniform(0.35, 0.6)), round(room[1] * rng.uniform(0.35, 0.6))
            return framed(rng, draw_pane(rng, writer, style, wide, high - style.px(40)), writer, style)
        if chance < _MEDIUM_SHARE + _SMALL_SHARE:
            return framed(rng, draw_small(rng, writer, style), writer, style)
        if chance < _MEDIUM_SHARE + _SMALL_SHARE + _TALLIED_SHARE:
            return framed(rng, draw_small_tallies(rng, writer, style), writer, style)
        layout = rng.choices(_MEMBERS, _TRAINING_WEIGHTS if writer.training else _WEIGHTS)[0]
        if writer.training and layout in _OF_LINES and rng.random() < _LINE_WINDOW_SHARE:
            return draw_line_window(rng, writer, style, *(round(side * rng.uniform(0.35, 0.7)) for side in room))
        screen = LAYOUTS[layout][1](rng, writer, style)
        if layout == "formula":
            screen = as_one_part(screen)
        if layout == "receipt":
            receipt = next(question.answer for question in screen.questions if question.kind == "json")
            prompted = Question("json", PROMPTS["receipt-to-json"], receipt)
            screen = replace(screen, questions=(*screen.questions, prompted))
        if writer.training:
            screen = replace(screen, questions=(*screen.questions, *chart_explained(screen)))
        return framed(rng, screen, writer, style)
    least = 1 if writer.training and rng.random() < _MAXIMISED_SHARE else 2
    wide, high = (side if rng.random() < 0.4 else rng.randint(side // least, side) for side in room)
    draw = draw_facts if facts else draw_filling
    return framed(rng, draw(rng, writer, style, wide, high - style.px(40)), writer, style)
