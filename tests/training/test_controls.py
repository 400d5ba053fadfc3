"""Dialogs of controls, lists with counts and keys: what is selected, counted and given as JSON is what was drawn."""

from __future__ import annotations

import json
import random
import re

import pytest

from training.screens.neighbours import texts_of
from training.screens.panes import control_phrasings
from training.screens.panes.controls.form import DIALOGS, WIZARDS, Form, noun_of
from training.screens.panes.fillings import PANES, SMALL, draw_program
from training.screens.panes.frame import Frame
from training.screens.panes.looks import ROW_LOOKS, show_row
from training.screens.panes.program_names import is_misleading, program_name
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import draw_style
from training.screens.typefaces import fonts_folder

needs_fonts = pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)


def frame_of(seed: int, width: int = 700, height: int = 500) -> Frame:
    rng = random.Random(seed)
    return Frame(rng, Writer(rng, "train"), draw_style(rng, "train"), width, height, "dialog")


def drawn(name: str, seed: int) -> Screen:
    rng = random.Random(seed)
    writer, style = Writer(rng, "train"), draw_style(rng, "train")
    return PANES[name][1](rng, writer, style, 900, 640) if name in PANES else SMALL[name][1](rng, writer, style)


@needs_fonts
def test_controls_are_asked_for_as_they_are_set() -> None:
    frame = frame_of(1)
    form = Form(frame)
    form.radio("Sides", ["One", "Both"], "Both")
    form.check("Loop", on=True)
    form.check("Mute", on=False)
    form.value("Width", 40, "spin", "px", "Reset")
    form.ask_all()
    found = {(one.kind, one.answer) for one in frame.asker.questions}
    assert {
        ("selected", "Both"),
        ("is_checked", "Yes"),
        ("is_checked", "No"),
        ("value", "40"),
        ("button", "Reset"),
    } <= found
    assert (form.values, form.on) == ({"Sides": "Both", "Width": 40}, {"Loop": True, "Mute": False})
    asked = [json.loads(one.answer) for one in frame.asker.questions if one.kind == "json"]
    every = {"sides": "Both", "width": 40, "loop": True, "mute": False}
    assert asked
    assert all(answer.items() <= every.items() for answer in asked)


@needs_fonts
def test_every_look_of_a_selected_row_changes_pixels() -> None:
    for look in set(ROW_LOOKS) - {"bold", "coloured"}:  # of which the text says it
        frame = frame_of(3)
        before = frame.sketch.image.tobytes()
        ink = show_row(frame, (10, 100, 300, 124), frame.ground, frame.ink, look)
        assert frame.sketch.image.tobytes() != before, look
        behind = frame.sketch.image.getpixel((150, 112))
        assert isinstance(behind, tuple)
        assert sum(abs(a - b) for a, b in zip(ink, behind, strict=True)) > 150, look


@needs_fonts
def test_keys_are_beside_what_they_do() -> None:
    found = 0
    for seed in range(12):
        screen = drawn("text_list", seed)
        line = " ".join(text.text for text in texts_of(screen.glyphs))
        for question in screen.questions:
            key = re.search(r"(F\d+|\^[A-Z]|Ctrl-[A-Z]|M-[A-Z])", question.text)
            if key and question.kind == "value" and not question.answer.startswith(("F", "^", "C", "M")):
                found += 1
                assert re.search(re.escape(key[1]) + r"\W+" + re.escape(question.answer), line), question
    assert found > 8


@needs_fonts
def test_a_status_bar_counts_what_is_asked() -> None:
    found = 0
    for seed in range(24):
        screen = drawn("manager", seed)
        shown = "".join(glyph.char for glyph in screen.glyphs if glyph.char != " ")
        for question in screen.questions:
            if question.kind == "how_many" and "status bar" in question.text:
                found += 1
                assert question.answer in shown, question
    assert found > 3


@needs_fonts
def test_steps_are_listed_once_and_one_is_current() -> None:
    for seed in range(10):
        screen = drawn("wizard", seed)
        lists = {one.answer for one in screen.questions if one.kind == "list" and "step" in one.text.lower()}
        current = {one.answer for one in screen.questions if one.kind == "selected" and "step" in one.text.lower()}
        assert len(lists) <= 1
        assert len(current) <= 1
        assert all(step in next(iter(lists)).split(", ") for step in current)


@needs_fonts
def test_windows_alone_have_short_answers() -> None:
    rng = random.Random(5)
    for _ in range(30):
        screen = draw_program(rng, Writer(rng, "train"), draw_style(rng, "train"))
        assert screen.questions
        assert max(len(one.answer) for one in screen.questions) <= 330


@needs_fonts
def test_names_of_programs_fit() -> None:
    rng = random.Random(6)
    names = {program_name(rng, Writer(rng, "train"), "spreadsheet", most=12) for _ in range(200)}
    assert max(map(len, names)) <= 12
    assert len(names) > 150


def test_names_say_no_other_kind_of_program() -> None:
    assert is_misleading("Oched-Chat", "music player")
    assert is_misleading("Tally Files 3", "spreadsheet")
    assert not is_misleading("Oched-Chat", "chat program")
    assert not is_misleading("Tallycalc", "spreadsheet")
    assert not is_misleading("Notepad", "text editor")
    assert not is_misleading("Cedar Studio", "music player")


def test_each_way_to_ask_about_controls_has_eight_phrasings() -> None:
    sets = {name: value for name, value in vars(control_phrasings).items() if isinstance(value, tuple)}
    assert {name for name, phrasings in sets.items() if len(set(phrasings)) < 8} == set()


def test_what_a_dialog_is_called_follows_from_its_title() -> None:
    titles = {"Printer Properties": "property dialog", "Word Options": "options dialog", "Scan": "settings dialog",
              "Page Setup": "settings dialog", "Preferences": "preferences dialog"}  # fmt: skip
    assert {title: noun_of(title, DIALOGS, "settings dialog") for title in titles} == titles
    assert noun_of("Tower Setup", WIZARDS, "assistant") == "setup assistant"
    assert noun_of("Tower Assistant", WIZARDS, "assistant") == "assistant"
