"""Full screens: what is asked about them is seen and large enough, marks are where they should be."""

from __future__ import annotations

import json
import random
import re
from collections import Counter

import numpy as np
import pytest

from desktop_vlm.images import tiles
from training.screens import Screen, Split, desktops, draw_desktop, surroundings
from training.screens.covered import still_answered, whole_texts
from training.screens.desktops import SIZES, TRAINING_SIZES
from training.screens.legibility import LEAST_READ_PX, TOO_SMALL, TOO_SMALL_PX, canvas_scale
from training.screens.mark_questions import Marked, mark_questions
from training.screens.marks import draw_mark, draw_marks, stroke_glyphs, text_runs
from training.screens.pages import PROMPTS, explained, table_questions
from training.screens.records import Glyph, Question
from training.screens.sketch import Sketch
from training.screens.typefaces import fonts_folder

needs_fonts = pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)

TILE = 560


@pytest.fixture(scope="module")
def screens() -> list[Screen]:
    splits: tuple[Split, ...] = ("train", "held_out")
    return [draw_desktop(random.Random(seed), split=splits[seed % 2], tile_px=TILE) for seed in range(60)]


def letters(screen: Screen) -> str:
    """All characters that are seen, without spaces."""
    return "".join(glyph.char for glyph in screen.glyphs if glyph.char != " ")


def test_the_scale_is_that_of_the_program() -> None:
    for width, height in SIZES:
        image = Sketch(width, height, (0, 0, 0)).image
        cut = tiles.cut(image, tile_size=TILE, max_tiles=4)
        assert canvas_scale(width, height, TILE) == cut.size[0] / width
    assert canvas_scale(1920, 1080, TILE) == pytest.approx(0.5833, abs=1e-4)


@needs_fonts
def test_screens_to_train_on_are_large_and_many_have_small_letters(screens: list[Screen]) -> None:
    seen: Counter[str] = Counter()
    for screen in screens[::2]:
        scale = canvas_scale(*screen.image.size, TILE)
        heights = sorted((glyph.box[3] - glyph.box[1]) * scale for glyph in screen.glyphs if len(glyph.char) == 1)
        seen["large"] += screen.image.width > 1440
        seen["small letters"] += bool(heights) and LEAST_READ_PX <= heights[len(heights) // 4] < 8
    assert 0.5 < seen["large"] / 30 < 0.95
    assert 0.25 < seen["small letters"] / 30 < 0.85


@needs_fonts
def test_the_same_seed_draws_the_same_screen() -> None:
    first, second = (draw_desktop(random.Random(5), split="train") for _ in range(2))
    assert first.image.tobytes() == second.image.tobytes()
    assert (first.glyphs, first.questions) == (second.glyphs, second.questions)


@needs_fonts
def test_answers_are_seen_on_the_screen(screens: list[Screen]) -> None:
    checked: Counter[str] = Counter()
    for screen in screens:
        assert screen.image.size in {*SIZES, *TRAINING_SIZES}
        shown = letters(screen)
        for question in screen.questions:
            if question.kind in {"title", "message", "buttons", "line", "marked", "heading"} and (
                question.text not in PROMPTS.values()
            ):
                checked[question.kind] += 1
                parts = {"buttons": question.answer.split(", "), "marked": question.answer.split()}
                for answer in parts.get(question.kind, [question.answer]):
                    assert "".join(answer.split()) in shown, question
    assert min(checked[kind] for kind in ("title", "message", "buttons", "line", "marked", "heading")) >= 5


@needs_fonts
def test_small_text_is_answered_as_too_small_and_what_is_asked_else_is_legible(screens: list[Screen]) -> None:
    seen: Counter[bool] = Counter()
    for screen in screens + [draw_desktop(random.Random(seed), split="train") for seed in range(100, 200)]:
        scale = canvas_scale(*screen.image.size, TILE)
        heights = [(glyph.box[3] - glyph.box[1]) * scale for glyph in screen.glyphs]
        for question in screen.questions:
            small = question.answer == TOO_SMALL
            assert small == (question.kind == "too_small")
            if small:
                assert min(heights) < TOO_SMALL_PX
            elif question.kind not in {"count", "present", "yes_no", "absent"}:
                assert max(heights) >= LEAST_READ_PX
            seen[small] += 1
    assert seen[True] >= 4
    assert seen[True] < seen[False] / 10


@needs_fonts
def test_a_quick_actions_prompt_has_one_answer(screens: list[Screen]) -> None:
    used: Counter[str] = Counter()
    names = {prompt: name for name, prompt in PROMPTS.items()}
    for screen in screens:
        asked = [names[question.text] for question in screen.questions if question.text in names]
        assert len(asked) == len(set(asked))
        used.update(asked)
        windows = [question.answer for question in screen.questions if question.kind == "count"]
        if "extract-text" in asked:
            assert set(windows) <= {"0", "1"}  # behind the front one, and of all
    assert set(used) >= {"describe", "table-to-json", "receipt-to-json", "explain-error"}
    assert set(used) <= set(names.values())


@needs_fonts
def test_yes_and_no_are_as_often(screens: list[Screen]) -> None:
    present = [question for screen in screens for question in screen.questions if question.kind == "present"]
    about_windows = re.compile("is there an? [a-z ]+ on the screen[?]?|is an? [a-z ]+ open[?]?", re.IGNORECASE)
    said = Counter(question.answer for question in present)
    assert abs(said["Yes"] - said["No"]) <= 0.02 * said.total()
    assert min(said.values()) >= len(screens)
    assert not any(" a a" in q.text or " a e" in q.text or " a i" in q.text for q in present
                   if about_windows.fullmatch(q.text))  # fmt: skip


def test_a_table_is_json_as_a_whole_and_under_some_of_its_headings() -> None:
    table = [["Name", "Age"], ["Ann", "7"], ["Bob", "31"]]
    for seed in range(8):
        whole, some = table_questions(random.Random(seed), table)
        assert whole.text == PROMPTS["table-to-json"]
        assert json.loads(whole.answer) == {"columns": ["Name", "Age"], "rows": [["Ann", "7"], ["Bob", "31"]]}
        rows = json.loads(some.answer)
        assert all(key in some.text for key in rows[0])
        assert rows == [{key: value for key, value in (("name", n), ("age", a)) if key in rows[0]}
                        for n, a in (("Ann", "7"), ("Bob", "31"))]  # fmt: skip


def test_an_error_is_quoted_and_nothing_is_added() -> None:
    assert explained("Disk full", "terminal") == '"Disk full"\nThe terminal shows this error.'


def word(text: str, left: float, top: float) -> list[Glyph]:
    return [Glyph(char, (left + 8 * i, top, left + 8 * i + 8, top + 12)) for i, char in enumerate(text)]


def test_texts_are_found_where_they_stand() -> None:
    glyphs = [*word("Save as", 100, 50), *word("Quit", 200, 50), *word("Open", 100, 80)]
    assert text_runs(glyphs) == [
        ("Save as", (100, 50, 156, 62)), ("Quit", (200, 50, 232, 62)), ("Open", (100, 80, 132, 92)),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_a_mark_is_red_and_beside_its_text(seed: int) -> None:
    sketch = Sketch(600, 300, (255, 255, 255))
    marked = draw_mark(random.Random(seed), sketch, word("Save as", 300, 150), least_px=10)
    assert marked is not None
    assert marked.text == "Save as"
    pixels = np.asarray(sketch.image).astype(int)
    red = (pixels[..., 0] > 200) & (pixels[..., 1] < 80)
    rows, columns = red.nonzero()
    assert rows.size > 50
    assert not red[150:162, 301:355].any()  # the text itself stays free
    assert abs((rows.min() + rows.max()) / 2 - 156) < 30
    assert columns.min() < 300 or columns.max() > 356


def test_nothing_small_or_long_is_marked() -> None:
    sketch = Sketch(600, 300, (255, 255, 255))
    assert draw_mark(random.Random(1), sketch, word("Save as", 10, 10), least_px=13) is None
    assert draw_mark(random.Random(1), sketch, word("x" * 41, 10, 10), least_px=5) is None
    assert draw_mark(random.Random(1), sketch, [], least_px=5) is None


@pytest.mark.parametrize("seed", range(12))
def test_several_marks_differ(seed: int) -> None:
    sketch = Sketch(900, 600, (255, 255, 255))
    texts = ["Save as", "Quit", "Open file", "Print", "Close"]
    glyphs = [glyph for place, text in enumerate(texts) for glyph in word(text, 400, 60 + 110 * place)]
    marked = draw_marks(random.Random(seed), sketch, glyphs, least_px=10)
    assert 1 <= len(marked) <= 5
    assert len({(one.kind, one.colour, one.number) for one in marked}) == len(marked)
    questions = mark_questions(random.Random(seed), marked, texts)
    for question in questions:
        if question.kind == "marked":
            assert question.answer in {one.text for one in marked}
    answers: dict[str, set[str]] = {}
    for question in questions:
        answers.setdefault(question.text.lower().rstrip("?."), set()).add(question.answer)
    assert all(len(one) == 1 for one in answers.values()), answers


def test_marks_of_one_kind_are_asked_for_by_their_colour() -> None:
    marked = [Marked("Save", "box", "red"), Marked("Quit", "box", "green")]
    for seed in range(40):
        for question in mark_questions(random.Random(seed), marked, ["Save", "Quit"]):
            if question.kind == "marked":
                assert ("red" if question.answer == "Save" else "green") in question.text


def test_strokes_are_labelled_beside_the_text() -> None:
    glyphs = word("Save as", 100, 50)
    box = Marked("Save as", "box", "blue", ((90, 40), (166, 40), (166, 72), (90, 72), (90, 40)))
    outside = Marked("x", "box", "red", ((-5, 10), (-5, 90)))
    assert stroke_glyphs([outside], glyphs, (300, 200), step_px=4) == []
    labels = stroke_glyphs([box, Marked("x", "circle", "red", ((100, 56), (150, 56)))], glyphs, (300, 200), step_px=4)
    assert {label.char for label in labels} == {"blue rectangle"}  # the line through the text has no room for labels
    assert len(labels) == pytest.approx((76 + 32) * 2 / 4, abs=2)
    assert all(not (100 < (g.box[0] + g.box[2]) / 2 < 156 and 50 < (g.box[1] + g.box[3]) / 2 < 62) for g in labels)


def test_what_is_covered_is_not_asked_about() -> None:
    drawn = [*word("Name", 10, 10), *word("Ann", 80, 10), *word("Town", 10, 30), *word("Rome", 80, 30)]
    seen = whole_texts(drawn, [glyph for glyph in drawn if glyph.box[0] < 100 or glyph.box[1] < 30])
    assert "".join(glyph.char for glyph in seen) == "NameAnnTown"  # of "Rome" a part is covered
    questions = [
        Question("value", "What is the Name?", "Ann"), Question("value", "What is the Town?", "Rome"),
        Question("labels", "Which fields are there?", "Name, Town"), Question("row", "Read the fields.", "Ann, Rome"),
        Question("json", "As JSON.", '{"Name": "Ann"}'), Question("json", "As JSON.", '{"Town": "Rome"}'),
        Question("present", "Is there Ann?", "Yes"), Question("present", "Is there Rome?", "Yes"),
        Question("value", "What is the last Name?", "Ann"), Question("line", "Read line 1.", "Name"),
        Question("how_many", "How many fields are there?", "2"), Question("text", PROMPTS["extract-text"], "Ann"),
    ]  # fmt: skip
    assert [questions.index(one) for one in still_answered(questions, drawn, seen)] == [0, 2, 4]


@needs_fonts
def test_all_text_is_asked_for_where_one_window_is_open() -> None:
    copied = 0
    for seed in range(60):
        screen = draw_desktop(random.Random(2000 + seed), split="train", tile_px=TILE)
        shown = letters(screen)
        for question in screen.questions:
            if question.text == PROMPTS["extract-text"] and question.answer != TOO_SMALL:
                copied += 1
                assert len(question.answer) <= 900
                assert Counter("".join(question.answer.split())) <= Counter(shown)
    assert copied >= 10


def test_several_lines_are_framed_together() -> None:
    lines = [glyph for n in range(5) for glyph in word(f"Line {n}", 300, 100 + 16 * n)]
    image = (900, 600, (255, 255, 255))
    texts = [one.text for seed in range(80)
             for one in draw_marks(random.Random(seed), Sketch(*image), lines, least_px=10)]  # fmt: skip
    together = [text for text in texts if text.count("Line") > 1]
    assert together
    whole = " ".join(f"Line {n}" for n in range(5))
    assert all(text in whole for text in together)


@needs_fonts
def test_names_of_icons_are_among_what_marks_may_strike(monkeypatch: pytest.MonkeyPatch) -> None:
    known: list[Glyph] = []

    def no_marks(*_: object, seen: list[Glyph], **__: object) -> list[Marked]:
        known[:] = seen
        return []

    monkeypatch.setattr(desktops, "draw_marks", no_marks)
    monkeypatch.setattr(desktops, "_MARK_SHARE", 1.0)
    monkeypatch.setattr(desktops, "panel_height", lambda *_: 0)
    monkeypatch.setattr(surroundings, "_ICONS_SHARE", 1.0)
    for seed in range(8):
        screen = draw_desktop(random.Random(seed), split="train")
        assert set(known) == {glyph for glyph in screen.glyphs if len(glyph.char) == 1}
