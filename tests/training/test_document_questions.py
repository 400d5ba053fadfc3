"""What is asked about what is read on a page: answers quote, and are certain."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from typing import Any

import pytest

from training.interfaces.html.pages import is_largest
from training.interfaces.questions import asking
from training.interfaces.questions.asking import Questioner
from training.interfaces.questions.documents import PROSE, beginning, sentences_of
from training.interfaces.questions.sheet import Asked
from training.interfaces.records import Control, Interface, Role
from training.screens.webpages import Line

_TEXT = "Plug in the lamp first. Then press the green key. It takes a moment."


def put(role: Role, text: str, top: float, **more: Any) -> Control:
    return replace(Control("label", text, (10.0, top, 300.0, top + 14), 12.0), role=role, **more)


def asked(*controls: Control, cut: frozenset[str] = frozenset()) -> list[Asked]:
    interface = Interface("browser", "Guide", False, "", controls, located=True, cut=cut)
    return Questioner(random.Random(1)).of(interface)


def answers(found: list[Asked], part: str) -> list[str]:
    return [one.answer for one in found if any(part in way for way in one.phrasings)]


def test_sentences_are_split_where_they_end_for_certain() -> None:
    assert sentences_of(_TEXT) == ["Plug in the lamp first.", "Then press the green key.", "It takes a moment."]
    assert sentences_of("Use a tool, e.g. Pliers. Then stop.") == []
    assert sentences_of("Without an end") == []


def test_a_beginning_tells_a_text_from_others() -> None:
    assert beginning("Open the upper door", ["Open the upper door"]) == "Open the upper"
    assert (
        beginning("Open the upper door now", ["Open the upper door now", "Open the upper lid"]) == "Open the upper door"
    )
    assert beginning("Go on", ["Go on"]) == ""


def test_paragraphs_are_asked_for_by_heading_and_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "_PROSE", 0.99)
    heading = put("heading", "Setting up", 0)
    paragraph = put("paragraph", _TEXT, 20, called="Setting up", row=0, wrapped=("Plug in the", "lamp first."))
    found = asked(heading, paragraph)
    assert answers(found, "paragraph under") == [_TEXT]
    assert answers(found, "first sentence under") == ["Plug in the lamp first."]
    assert answers(found, "How many sentences") in ([], ["3"])
    assert answers(found, "Under which heading") == ["Setting up"]
    assert not answers(asked(heading, replace(heading, box=(10.0, 90.0, 300.0, 104.0)), paragraph), "paragraph under")


def test_few_questions_are_about_paragraphs() -> None:
    heading = put("heading", "Setting up", 0)
    texts = [put("paragraph", f"{name}. {_TEXT}", 20, called="", row=-1) for name in ("Dark green", "Light blue")]
    found = asked(heading, *texts, *(put("entry", f"Lamp {one}", 60 + 20 * one, container="a") for one in range(9)))
    prose = [one for one in found if set(one.phrasings) <= PROSE]
    assert len(prose) == max(1, round((len(found) - len(prose)) / 9))


def test_code_is_copied_and_its_lines_counted() -> None:
    found = asked(put("code", "lamp --on\nlamp --dim 40", 0), put("heading", "Use", 50))
    assert answers(found, "Copy the code.") == ["lamp --on\nlamp --dim 40"]
    assert answers(found, "How many lines does the code") == ["2"]
    assert answers(found, "after `{l}`") == ["lamp --dim 40"]


def test_lists_that_are_not_seen_as_a_whole_are_not_counted() -> None:
    items = [put("item", f"{word} is what you need to have here", 20 * at, container="a", row=at)
             for at, word in enumerate(("Glue that dries", "Tape of cloth", "Rope and string"))]  # fmt: skip
    assert answers(asked(*items), "How many bullet points") == ["3"]
    assert not answers(asked(*items, cut=frozenset({"a"})), "How many bullet points")


def test_prices_are_found_by_the_name_of_a_tile() -> None:
    tiles = [put("tile", name, 20, container="c", label="plans") for name in ("Small", "Large")]
    prices = [put("price", price, 40, container="c", label=name) for name, price in (("Small", "$9"), ("Large", "$19"))]
    found = asked(*tiles, *prices)
    assert sorted(answers(found, "How much is")) == ["$19", "$9"]
    assert answers(found, "How many {n} are shown") == ["2"]
    listed = answers(found, "names and prices as JSON")
    assert json.loads(listed[0]) == [{"name": "Small", "price": "$9"}, {"name": "Large", "price": "$19"}]


def test_a_page_full_of_lists_is_asked_a_few_questions_about_their_entries() -> None:
    lists = [
        put("entry", f"{place} {word}", 20 * (6 * place + number), container=f"list {place}", called=f"Floor {place}")
        for place in range(5)
        for number, word in enumerate(("Lamps", "Chairs", "Tables", "Carpets", "Shelves"))
    ]
    found = [one for one in asked(*lists) if one.slots.get("item") or one.slots.get("items")]
    assert 0 < len(found) <= 3
    present = [one for one in asked(*lists) if one.kind == "present"]
    assert len(present) <= 2


def test_a_line_of_code_is_asked_for_where_no_other_line_says_the_same() -> None:
    code = put("code", "lamp --on\nlamp --dim 40", 0)
    cut = Line("lamp --on", tuple(10.0 + 8 * place for place in range(10)), 200.0, 214.0)
    lines = (replace(cut, top=0.0, bottom=14.0), cut)
    interface = Interface("browser", "Guide", False, "", (code,), lines, located=True, cut=frozenset(["code"]))
    assert not answers(Questioner(random.Random(1)).of(interface), "after `{l}`")
    alone = replace(interface, lines=lines[:1])
    assert answers(Questioner(random.Random(1)).of(alone), "after `{l}`") == ["lamp --dim 40"]


def test_a_heading_as_large_as_another_text_is_not_the_heading() -> None:
    heading = replace(put("heading", "Lamps", 0), letters=14.0)
    own = Line("Lamps", (10.0, 20.0, 30.0, 40.0, 50.0, 60.0), 0.0, 14.0)
    assert is_largest(heading, [own, replace(own, text="small", top=50.0, bottom=60.0)])
    assert not is_largest(heading, [own, replace(own, text="Chair", top=50.0, bottom=64.0)])


def test_a_description_ends_with_one_full_stop() -> None:
    found = asked(
        put("checkbox", "Show this next time.", 0, is_on=True), put("checkbox", "Ask first.", 20, is_on=False)
    )
    described = [one.answer for one in found if one.kind == "describe"]
    assert described
    assert not any(one.endswith("..") for one in described)
