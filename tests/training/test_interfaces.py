"""Windows that others laid out: what is asked about their controls, and the file that they are kept in."""

from __future__ import annotations

import json
import random
import zipfile
from dataclasses import replace
from pathlib import Path

from PIL import Image, ImageDraw

from training.interfaces.pack import write_pack
from training.interfaces.questions.asking import Questioner, clear
from training.interfaces.questions.contrast import seen_in
from training.interfaces.questions.sheet import Asked
from training.interfaces.records import Control, Interface

_FIELD = Control("field", "Vera Lind", (80, 40, 200, 60), 11, label="Owner")
_COMBO = Control("combo", "Weekly", (80, 70, 200, 90), 11, label="Repeat")
_BOXES = (Control("checkbox", "Keep a copy", (10, 100, 120, 116), 11, is_on=True),
          Control("checkbox", "Sort by age", (10, 120, 120, 136), 11, is_on=False))  # fmt: skip
_TABS = tuple(Control("tab", name, (10 + 60 * n, 5, 68 + 60 * n, 25), 11, selected=n == 1, container="t")
              for n, name in enumerate(("Plan", "People", "Rooms")))  # fmt: skip
_BUTTONS = (Control("button", "Store", (60, 150, 110, 170), 11), Control("button", "Discard", (120, 150, 190, 170), 11))
_WINDOW = Interface("settings window", "Booking", False, "", (*_TABS, _FIELD, _COMBO, *_BOXES, *_BUTTONS))


def _drawn(interface: Interface) -> Image.Image:
    """Texts as dark bars, grey ones where they are disabled."""
    image = Image.new("RGB", (220, 180), (240, 240, 240))
    for one in interface.controls:
        left, top, right, bottom = one.box
        ImageDraw.Draw(image).rectangle(
            (left + 5, top + 6, right - 5, bottom - 6), (30,) * 3 if one.enabled else (160,) * 3
        )
    return image


def _asked(interface: Interface, seed: int = 0) -> list[tuple[str, str, str]]:
    """(kind, answer, first phrasing with its slots filled) of what is asked."""
    found = []
    for one in Questioner(random.Random(seed)).of(interface):
        way = one.phrasings if isinstance(one.phrasings, str) else one.phrasings[0].format(**one.slots)
        found.append((one.kind, one.answer, way))
    return found


def test_values_states_and_lists_are_asked() -> None:
    asked = _asked(_WINDOW)
    assert ("value", "Vera Lind", 'What is entered for "Owner"?') in asked
    assert ("value", "Weekly", 'What is "Repeat" set to?') in asked
    assert ("value", "Owner", 'Which field says "Vera Lind"?') in asked
    assert ("checked", "Keep a copy", "Which boxes are checked?") in asked
    assert ("list", "Plan, People, Rooms", "Which tabs are there?") in asked
    assert ("selected", "People", "Which tab is open?") in asked
    assert ("buttons", "Store, Discard", "Which buttons are there?") in asked
    described = next(answer for kind, answer, _ in asked if kind == "describe")
    assert described == (
        "A settings window with the tabs Plan, People and Rooms, the fields Owner and Repeat, the options Keep a copy "
        "and Sort by age and the buttons Store and Discard."
    )


def test_two_fields_of_one_name_are_not_asked_for() -> None:
    twice = replace(_WINDOW, controls=(*_WINDOW.controls, replace(_FIELD, text="Ada", box=(80, 200, 200, 220))))
    assert not [answer for _, answer, _ in _asked(twice) if answer in ("Vera Lind", "Ada")]


def test_what_is_cut_off_is_neither_listed_nor_counted() -> None:
    found = _asked(replace(_WINDOW, cut=frozenset({""})))
    assert {answer for kind, answer, _ in found if kind in ("list", "how_many")} == {"Plan, People, Rooms", "3"}
    assert not [kind for kind, *_ in found if kind in ("buttons", "checked", "describe")]
    kinds = [(kind, answer) for kind, answer, _ in _asked(replace(_WINDOW, cut=frozenset({"t"})))]
    assert ("list", "Plan, People, Rooms") not in kinds
    assert ("how_many", "2") in kinds


def test_texts_with_other_letters_than_ascii_are_left_out() -> None:
    greek = replace(_WINDOW, controls=(replace(_FIELD, text="\u0392\u03ad\u03c1\u03b1"), *_WINDOW.controls[4:]))
    assert not [answer for _, answer, _ in _asked(greek) if not answer.isascii()]


def test_yes_and_no_are_as_frequent() -> None:
    questioner = Questioner(random.Random(3))
    answers = [one.answer for _ in range(40) for one in questioner.of(_WINDOW) if one.kind in ("is_checked", "present")]
    assert answers.count("Yes") > 30
    assert abs(answers.count("Yes") - answers.count("No")) <= 6


def test_a_window_of_many_controls_is_not_mostly_asked_yes_or_no() -> None:
    boxes = tuple(Control("checkbox", f"Option {n}", (10, 20 * n, 120, 20 * n + 16), 11, is_on=n % 2 == 0)
                  for n in range(12))  # fmt: skip
    asked = _asked(Interface("settings window", "Booking", False, "", boxes))
    said = [answer for kind, answer, _ in asked if kind == "is_checked"]
    assert (said.count("Yes"), said.count("No")) == (4, 4)


def test_one_question_with_two_answers_is_not_asked() -> None:
    ways = ("What is it?", "Which is the {k}?")
    first = Asked("value", "a", ways, {"k": "one"}, ())
    second = Asked("value", "b", ways, {"k": "other"}, ())
    assert [(one.answer, one.phrasings) for one in clear([first, second])] == [("a", (ways[1],)), ("b", (ways[1],))]


def test_a_table_is_asked_by_row_and_column() -> None:
    rows = (("North", "12"), ("South", "7"))
    headers = [Control("header", name, (60 * n, 0, 60 * n + 50, 14), 11, container="g", column=n)
               for n, name in enumerate(("Gate", "Carts"))]  # fmt: skip
    cells = [Control("cell", text, (60 * n, 20 * row + 20, 60 * n + 50, 20 * row + 34), 11, container="g", row=row,
                     column=n)
             for row, texts in enumerate(rows) for n, text in enumerate(texts)]  # fmt: skip
    asked = _asked(Interface("list of gates", "", True, "", (*headers, *cells)))
    assert ("cell", "7", 'What is the Carts of "South"?') in asked
    assert ("columns", "Gate, Carts", "Which columns does the table have?") in asked
    assert ("how_many", "2", "How many rows are there?") in asked
    whole = [json.loads(answer) for _, answer, way in asked if way == "prompt:table-to-json"]
    assert whole == [{"columns": ["Gate", "Carts"], "rows": [["North", "12"], ["South", "7"]]}]


def test_what_looks_greyed_out_is_asked_for() -> None:
    grey = replace(_BUTTONS[1], enabled=False)
    window = replace(_WINDOW, controls=(_BUTTONS[0], grey))
    ways = ("Which buttons are greyed out?", "Discard")
    for shown, expected in ((window, True), (replace(window, controls=_BUTTONS), False)):
        seen, contrasts = seen_in(_drawn(shown), window)
        asked = Questioner(random.Random(1)).of(seen, contrasts)
        assert (ways in [(one.phrasings[0], one.answer) for one in asked]) is expected


def test_a_text_without_contrast_is_not_there() -> None:
    image = _drawn(replace(_WINDOW, controls=_WINDOW.controls[:-1]))
    seen, _ = seen_in(image, _WINDOW)
    assert seen.controls == _WINDOW.controls[:-1]
    assert seen.cut == {""}


def test_a_pack_holds_images_and_what_is_asked(tmp_path: Path) -> None:
    image = _drawn(_WINDOW)
    assert write_pack(tmp_path / "pack.zip", [(image, _WINDOW), (image, replace(_WINDOW, is_dialog=True))], 5) == 2
    with zipfile.ZipFile(tmp_path / "pack.zip") as archive:
        index = json.loads(archive.read("index.json"))
        page = json.loads(archive.read("00000.json"))
    assert [(one["title"], one["is_dialog"], one["located"]) for one in index["pages"]] == [
        ("Booking", False, False), ("Booking", True, False)]  # fmt: skip
    assert page["boxes"][3] == [80, 40, 200, 60, 11]
    value = next(one for one in page["asked"] if one[1] == "Vera Lind")
    assert value[4] == [3]
    assert ["Store", 7, True, False] in page["texts"]


def test_lines_are_asked_by_place_and_by_what_they_say() -> None:
    texts = ("Dear neighbors,", "the harvest begins", "on Monday morning", "unseen words")
    lines = tuple(Control("line", text, (12, 12 + 16 * row, 200, 26 + 16 * row), 11, enabled=row < 3, container="t",
                          row=row) for row, text in enumerate(texts))  # fmt: skip
    box = Control("text", "", (10, 10, 210, 90), 11, container="t")
    window = Interface("text editor", "Letter", False, "", (box, *lines), cut=frozenset({"t"}))
    asked = [one for seed in range(6) for one in _asked(window, seed)]
    assert ("line", "Dear neighbors,", "Read the first line of the text.") in asked
    assert ("line", "on Monday morning", "Read the third line of the text.") in asked
    assert ("line", "the harvest begins", "Which line contains 'harvest'?") in asked
    assert ("text", "Dear neighbors,\nthe harvest begins", "Copy the first two lines of the text.") in asked
    assert ("line", "the harvest begins", "Which line comes after 'Dear neighbors,'?") in asked
    assert not any("unseen" in answer for _, answer, _ in asked)
    assert not any("last line" in way for _, _, way in asked)
