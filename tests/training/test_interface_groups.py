"""Groups of settings: what is ticked in each, and what a name that several fields have is set to in each."""

from __future__ import annotations

import random
from dataclasses import replace

from training.interfaces.questions.asking import Questioner
from training.interfaces.records import Control, Interface


def _group(name: str, top: int, text: str, *ticks: bool) -> list[Control]:
    more = {"container": name, "called": name}
    return [
        Control("group", name, (5, top, 300, top + 120), 11, container=name),
        Control("combo", text, (80, top + 20, 200, top + 36), 11, label="Format", **more),  # type: ignore[arg-type]
        *(Control("checkbox", f"{name} {n}:", (10, top + 40 + 20 * n, 90, top + 56 + 20 * n), 11, is_on=on, **more)  # type: ignore[arg-type]
          for n, on in enumerate(ticks)),
    ]  # fmt: skip


_CONTROLS = (*_group("Local", 10, "PNG", True, True, False), *_group("Remote", 140, "TIFF", False, False))
_WINDOW = Interface("settings window", "Radio", False, "", _CONTROLS)


def _asked(interface: Interface) -> set[tuple[str, str]]:
    found = set()
    for seed in range(8):
        for one in Questioner(random.Random(seed)).of(interface):
            ways = (one.phrasings,) if isinstance(one.phrasings, str) else one.phrasings
            found |= {(way.format(**one.slots), one.answer) for way in ways if not way.startswith("prompt:")}
    return found


def test_a_name_that_two_fields_have_is_asked_for_by_its_group() -> None:
    asked = _asked(_WINDOW)
    assert ('What is "Format" set to under "Local"?', "PNG") in asked
    assert ('What is "Format" set to under "Remote"?', "TIFF") in asked
    assert not [answer for question, answer in asked if question == 'What is "Format" set to?']


def test_ticks_are_counted_in_each_group() -> None:
    asked = _asked(_WINDOW)
    assert ('How many boxes are checked under "Local"?', "2") in asked
    assert ('How many boxes are checked under "Remote"?', "0") in asked
    cut = replace(_WINDOW, cut=frozenset({"Local"}))
    assert not [question for question, _ in _asked(cut) if question == 'How many boxes are checked under "Local"?']


def test_a_box_is_called_without_its_colon() -> None:
    assert ("Which boxes are not checked?", "Local 2, Remote 0, Remote 1") in _asked(_WINDOW)


def test_a_date_in_a_field_with_arrows_is_no_number() -> None:
    day = Control("spin", "7 May 2024", (80, 20, 200, 36), 11, label="Day")
    asked = _asked(replace(_WINDOW, controls=(day, replace(day, text="-48 m", label="Depth", box=(80, 50, 200, 66)))))
    assert ('What is "Day" set to?', "7 May 2024") in asked
    assert ('What number is entered for "Depth"?', "-48 m") in asked
    assert not [question for question, answer in asked if answer == "7 May 2024" and "number" in question]


def test_a_label_without_letters_names_no_field() -> None:
    field = Control("field", "Vera Lind", (80, 20, 200, 36), 11, label="12:00")
    asked = _asked(replace(_WINDOW, controls=(*_CONTROLS, field)))
    assert not [question for question, _ in asked if "12:00" in question]
