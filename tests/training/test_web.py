"""Pages for training: what is asked is seen, and Chromium's characters are where the boxes say."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.typefaces import Face, Family, fonts_folder, load_families
from training.screens.webpages import draw_webpage
from training.screens.words import held_out
from training.web.board import Ask, Board
from training.web.chromium import Chromium, Smoothing, find_chromium, installed_families
from training.web.deck import DeckAsker, draw_deck
from training.web.more_kinds import ALL_KINDS
from training.web.pack import Rendered, is_legible, kept_asks, page_script, render, uncounted, write_pack
from training.web.pages import SCENES, Page, draw_page
from training.web.values import Maker

_FACE = Face("none.ttf", "DejaVu Sans", False, False, None)
_FAMILIES = (Family("DejaVu Sans", False, (_FACE,), ()), Family("DejaVu Sans Mono", True, (_FACE,), ()))

needs_chromium = pytest.mark.skipif(find_chromium() is None, reason="Chromium is not here")
needs_fonts = pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)


def board(seed: int) -> Board:
    rng = random.Random(seed)
    writer = Writer(rng, "train")
    return Board(rng, writer, Maker(rng, writer))


def ask(kind: str, answer: str, phrasing: str, needs: tuple[str, ...] = (), **slots: str) -> Ask:
    return Ask(kind, answer, (phrasing,), slots, needs)


def test_kinds_are_declared_whole() -> None:
    assert len(ALL_KINDS) >= 25
    assert len({kind.noun for kind in ALL_KINDS}) == len(ALL_KINDS)
    one = board(1)
    for kind in ALL_KINDS:
        labels = [attribute.label for attribute in kind.attributes]
        assert len(set(labels)) == len(labels) >= 4
        for attribute in (kind.key, *kind.attributes):
            assert one.maker.make(attribute.type).text
            for phrasing in (attribute.ask, attribute.back, attribute.most, attribute.whether, *attribute.many):
                assert phrasing.format(k="K", v="V").strip("|") == phrasing.format(k="K", v="V")
            assert all("{k}" in part for part in attribute.ask.split("|") if part)
            assert all("{v}" in part for part in attribute.back.split("|") if part)
            assert not any(part.startswith(("Is ", "Has ", "Does ")) for part in attribute.ask.split("|"))


@pytest.mark.parametrize("seed", range(60))
def test_every_page_knows_the_texts_that_its_questions_need(seed: int) -> None:
    page = draw_page(random.Random(seed), _FAMILIES)
    texts = page.board.texts
    assert page.html.count("<body>") == 1
    assert page.board.title
    for one in page.board.asks:
        assert set(one.needs) <= set(texts), one
        assert one.answer or one.kind == "list"
        parts = one.phrasings if isinstance(one.phrasings, tuple) else ()
        assert all("{" not in part.format(**one.slots) for part in parts)
        if one.kind in {"value", "heading", "selected", "message", "file"} and not str(one.phrasings).startswith(
            "prompt:"
        ):
            shown = " ".join(texts[name] for name in one.needs)
            assert one.answer in shown, one


def test_no_held_out_word_is_shown() -> None:
    one = board(3)
    for kind in ("good", "noun", "place", "app", "person", "file", "server"):
        for text in one.alike(kind, 30):
            assert not any(held_out(word) for word in re.findall("[A-Za-z]{3,}", text) if word[0].isupper()), text


def test_all_kinds_of_pages_are_drawn() -> None:
    seen = Counter(draw_page(random.Random(seed), _FAMILIES).name for seed in range(600))
    assert set(seen) == set(SCENES)


def test_a_deck_is_asked_truly() -> None:
    for seed in range(30):
        one = board(seed)
        deck = draw_deck(one, ALL_KINDS)
        DeckAsker(one, deck).ask_all()
        keys = [deck.key(row) for row in range(len(deck.rows))]
        for asked in one.asks:
            assert not isinstance(asked.phrasings, str)
            text = asked.phrasings[0].format(**asked.slots)
            if text == f"How many {deck.kind.plural} are listed?":
                assert asked.answer == str(len(keys))
            if asked.kind == "highest":
                label = asked.needs[-1].partition(".")[2]
                ranks = {deck.key(row): deck.rows[row][label].rank or 0 for row in range(len(keys))}
                assert ranks[asked.answer] in {max(ranks.values()), min(ranks.values())}
            if text.endswith("in the list?") and asked.kind == "present":
                assert (asked.answer == "Yes") == (asked.slots["text"] in keys)


def test_only_what_is_seen_is_kept_and_yes_is_as_often_as_no() -> None:
    asks = [
        ask("value", "Ada", "Who?", ("a",)),
        ask("value", "Bo", "Who else?", ("b",)),
        ask("value", "1", "How many?", ("a",)),
        ask("value", "2", "How many?", ("a",)),
        ask("present", "Yes", "Is {text} there?", ("a",), text="Ada"),
        ask("present", "No", "Is {text} there?", ("a",), text="Eva"),
        ask("present", "Yes", "Is {text} here?", ("b",), text="Bo"),
        ask("present", "No", "Is {text} here?", ("a",), text="Kim"),
    ]
    kept = kept_asks(asks, {"a"}, cut=False)
    assert [(one.answer, one.kind) for one in kept] == [("Ada", "value"), ("Yes", "present"), ("No", "present")]


def test_a_page_that_is_cut_is_described_without_numbers() -> None:
    said = 'A browser that shows a list "Orders" of 8 orders.'
    assert uncounted(ask("describe", said, "What?")).answer == 'A browser that shows a list "Orders".'
    assert kept_asks([ask("describe", said, "What?")], set(), cut=False)[0].answer == said


@pytest.fixture(scope="module")
def rendered() -> list[Rendered]:
    """Pages that Chromium laid out, grayscale."""
    families = [
        family for family in load_families("train") if family.name in installed_families() and not family.bitmap
    ]
    with Chromium([family.name for family in families], Smoothing()) as browser:
        known = browser.families([family.name for family in families])
        usable = [family for family in families if family.name in known]
        return [render(browser, draw_page(random.Random(seed), usable)) for seed in range(12)]


@needs_chromium
@needs_fonts
def test_text_has_ink_inside_its_boxes_and_little_around(rendered: list[Rendered]) -> None:
    inked = total = 0
    for one in rendered:
        pixels = np.asarray(one.image.convert("L"), np.float32)
        assert one.image.size == (one.page.width, one.page.height)
        for line in one.lines:
            for glyph in line.glyphs():
                left, top, right, bottom = (round(edge) for edge in glyph.box)
                assert left >= -1
                assert right <= one.page.width + 1
                if glyph.char.isalnum():
                    inside = pixels[max(0, top) : bottom, max(0, left) : right]
                    total += 1
                    inked += int(inside.size > 0 and inside.max() - inside.min() > 25)
    assert total > 1000
    assert inked / total > 0.985


@needs_chromium
@needs_fonts
def test_answers_are_among_the_characters_that_are_seen(rendered: list[Rendered]) -> None:
    checked = 0
    for one in rendered:
        shown = "".join(line.text for line in one.lines).replace(" ", "")
        for asked in one.asks:
            if asked.kind in {"value", "heading", "selected", "highest"}:
                assert asked.answer.replace(" ", "") in shown, asked
                checked += 1
    assert checked > 60
    said = Counter(asked.answer for one in rendered for asked in one.asks if asked.kind == "present")
    assert said["Yes"] == said["No"] > 5


@needs_chromium
@needs_fonts
def test_what_is_covered_or_cut_off_is_not_seen() -> None:
    one = board(1)
    html = "".join(one.put(text, text) for text in ("shown", "under", "below"))
    styled = (html.replace('data-t="under"', 'data-t="under" style="position:absolute;left:100px;top:200px"')
              .replace('data-t="below"', 'data-t="below" style="position:absolute;left:10px;top:595px"'))  # fmt: skip
    over = "<div style='position:absolute;left:90px;top:190px;width:99px;height:50px;background:#777'></div>"
    page = Page(f"<body style='font:16px DejaVu Sans'>{styled}{over}", 800, 600, one, "test")
    with Chromium(["DejaVu Sans"], Smoothing()) as browser:
        found = render(browser, page)
    assert set(found.seen) == {"shown"}
    assert [line.text for line in found.lines] == ["shown"]


@needs_chromium
@needs_fonts
def test_a_pack_is_read_back(rendered: list[Rendered], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "web.zip"
    first = [one for one in rendered if len(one.asks) > 5][:1]
    assert write_pack(out, iter(first), count=5, most_bytes=1 << 30) == 1
    monkeypatch.setenv("DESKTOP_VLM_WEB", str(out))
    page = draw_webpage(random.Random(1), 2000, 1200, 0, 0)
    assert page is not None
    back: Screen = page.screen
    assert back.image.tobytes() == first[0].image.tobytes()
    assert "".join(glyph.char for glyph in back.glyphs) == "".join(line.text for line in first[0].lines)
    assert [question.answer for question in back.questions] == [one.answer for one in first[0].asks]
    assert all(json.loads(question.answer) for question in back.questions if question.kind == "json")


def test_the_script_is_there() -> None:
    assert page_script().startswith("(() => {")


def test_a_phrasing_with_two_answers_on_a_page_is_dropped() -> None:
    asks = [
        Ask("value", "Ada", ("Who wrote?", "Who is it?"), {}, ()),
        Ask("value", "Bo", ("Who is it?", "Who sent it?"), {}, ()),
        Ask("heading", "News", "heading", {}, ()),
        ask("value", "Sport", "What is the heading?"),
    ]
    kept = kept_asks(asks, set(), cut=False)
    assert [one.phrasings for one in kept[:2]] == [("Who wrote?",), ("Who sent it?",)]
    assert [one.answer for one in kept] == ["Ada", "Bo", "News"]
    assert "What is the heading?" not in kept[2].phrasings


def test_ink_on_ground_of_its_own_colour_is_not_seen() -> None:
    image = Image.new("RGB", (60, 20), (16, 20, 24))
    image.paste((40, 42, 38), (5, 5, 15, 15))
    image.paste((220, 220, 220), (35, 5, 45, 15))
    assert not is_legible(image, (2, 2, 20, 18, 9))
    assert is_legible(image, (30, 2, 50, 18, 9))
    assert not is_legible(image, (30, 2, 30, 18, 9))


def test_descriptions_end_with_one_mark() -> None:
    for seed in range(80):
        page = draw_page(random.Random(seed), _FAMILIES)
        described = [each.answer for each in page.board.asks if each.kind == "describe"]
        assert described
        assert all(text[-1] in ".!?" and text[-2] not in ".!?" for text in described), described
