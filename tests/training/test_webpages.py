"""Pages of a pack: read lazily, asked in its phrasings, put into windows; what is covered or too small is not asked."""

from __future__ import annotations

import io
import json
import random
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from training.screens import open_windows
from training.screens.desktops import draw_desktop
from training.screens.framing import moved
from training.screens.legibility import LEAST_READ_PX, TOO_SMALL, TOO_SMALL_PX, canvas_scale
from training.screens.pages import PROMPTS
from training.screens.phrases import Writer
from training.screens.records import Question, Screen
from training.screens.themes import draw_style
from training.screens.typefaces import fonts_folder
from training.screens.web_windows import draw_web_window
from training.screens.webpages import INDEX, KIND, Line, draw_webpage, has_pages

needs_fonts = pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)

SIZE = (900, 500)


def packed_page(letter_px: int) -> tuple[bytes, dict[str, Any]]:
    """Two texts, "Ada" and "Oslo", drawn as blocks: where a character is, there is ink."""
    image = Image.new("RGB", SIZE, (255, 255, 255))
    draw, lines = ImageDraw.Draw(image), []
    for text, left, top in (("Ada", 40, 30), ("Oslo", 300, 200)):
        edges = tuple(float(left + 10 * n) for n in range(len(text) + 1))
        line = Line(text, edges, top, top + letter_px)
        lines.append(line.packed())
        for glyph in line.glyphs():
            draw.rectangle((glyph.box[0] + 1, glyph.box[1] + 1, glyph.box[2] - 2, glyph.box[3] - 1), (0, 0, 0))
    data = io.BytesIO()
    image.save(data, "WEBP", lossless=True)
    boxes = [[40, 30, 70, 30 + letter_px, letter_px], [300, 200, 340, 200 + letter_px, letter_px]]
    asked = [
        ["value", "Oslo", 0, {"k": "Ada"}, [0, 1]],
        ["value", "Ada", ["Who wrote {it}?"], {"it": "this"}, [0]],
        ["heading", "Ada", "heading", {}, [0]],
        ["describe", "A page with a name and a town.", "describe", {}, []],
        ["json", '{"columns": ["Ada"], "rows": [["Oslo"]]}', "prompt:table-to-json", {}, [0, 1]],
    ]
    return data.getvalue(), {"lines": lines, "boxes": boxes, "asked": asked}


def write_pack(path: Path, letter_px: int) -> None:
    image, page = packed_page(letter_px)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("00000.webp", image)
        archive.writestr("00000.json", json.dumps(page))
        entry = {"name": "00000", "size": list(SIZE), "noun": "browser", "kind": "records", "title": "People"}
        table = [["Where does {k} live?", "In which town is {k}?"]]
        archive.writestr(INDEX, json.dumps({"phrasings": table, "pages": [entry]}))


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "web.zip"
    write_pack(path, 20)
    monkeypatch.setenv("DESKTOP_VLM_WEB", str(path))
    return path


def answers(questions: tuple[Question, ...]) -> Counter[str]:
    return Counter(question.answer for question in questions)


def test_without_the_variable_there_are_no_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DESKTOP_VLM_WEB", raising=False)
    assert not has_pages()
    monkeypatch.setenv("DESKTOP_VLM_WEB", "")
    assert not has_pages()


def test_a_line_comes_back_to_a_quarter_of_a_pixel() -> None:
    line = Line("Wil", (3.1, 12.9, 15.02, 17.5), 8.3, 20.9)
    back = Line.unpacked(json.loads(json.dumps(line.packed())))
    assert back.text == "Wil"
    assert back.edges == (3.0, 13.0, 15.0, 17.5)
    assert (back.top, back.bottom) == (8.25, 21.0)
    assert [glyph.char for glyph in back.glyphs()] == ["W", "i", "l"]
    assert back.glyphs()[1].box == (13.0, 8.25, 15.0, 21.0)


@pytest.mark.usefixtures("pack")
def test_a_page_is_asked_in_its_phrasings() -> None:
    assert has_pages()
    seen = set()
    for seed in range(40):
        page = draw_webpage(random.Random(seed), 1000, 600, 6, 5)
        assert page is not None
        assert (page.title, page.screen.noun, page.screen.kind) == ("People", "browser", KIND)
        assert page.screen.image.size == SIZE
        first = page.screen.questions[0]
        assert first.answer == "Oslo"
        assert first.needs == ((40, 30, 70, 50), (300, 200, 340, 220))
        seen.add(first.text.rstrip("?").lower())
        assert page.screen.questions[1].text.rstrip("?").lower() == "who wrote this"
        assert page.screen.questions[4].text == PROMPTS["table-to-json"]
    assert seen == {"where does ada live", "in which town is ada"}


@pytest.mark.usefixtures("pack")
def test_ink_is_where_the_characters_are() -> None:
    page = draw_webpage(random.Random(1), 1000, 600, 6, 5)
    assert page is not None
    assert "".join(glyph.char for glyph in page.screen.glyphs) == "AdaOslo"
    for glyph in page.screen.glyphs:
        left, top, right, bottom = glyph.box
        assert page.screen.image.getpixel((round((left + right) / 2), round((top + bottom) / 2))) == (0, 0, 0)
        assert page.screen.image.getpixel((round((left + right) / 2), round(top - 3))) == (255, 255, 255)


@pytest.mark.usefixtures("pack")
def test_a_page_that_does_not_fit_is_not_drawn() -> None:
    assert draw_webpage(random.Random(1), SIZE[0] - 1, 600, 6, 5) is None
    assert draw_webpage(random.Random(1), 1000, SIZE[1] - 1, 6, 5) is None


@pytest.mark.usefixtures("pack")
def test_small_letters_are_not_asked_about() -> None:
    page = draw_webpage(random.Random(1), 1000, 600, least_px=21, small_px=5)
    assert page is not None
    assert page.screen.questions == ()
    tiny = draw_webpage(random.Random(1), 1000, 600, least_px=24, small_px=21)
    assert tiny is not None
    assert len(tiny.screen.questions) == 5  # for a desktop to answer as too small


def test_questions_move_with_their_places() -> None:
    asked = Question("value", "Who?", "Ada", needs=((1, 2, 3, 4),))
    free = Question("describe", "What?", "A page.")
    screen = Screen(Image.new("RGB", (9, 9)), (), (asked, free), KIND, "browser")
    assert moved(screen, 10, 20).questions == (Question("value", "Who?", "Ada", needs=((11, 22, 13, 24),)), free)


@needs_fonts
@pytest.mark.usefixtures("pack")
def test_a_window_has_the_page_below_its_bars() -> None:
    tops = set()
    for seed in range(12):
        rng = random.Random(seed)
        style = draw_style(rng, "train")
        window = draw_web_window(rng, Writer(rng, "train"), style, (1000, 900), least_px=6, small_px=5)
        assert window is not None
        assert window.image.width == SIZE[0]
        top = window.image.height - SIZE[1]
        tops.add(top)
        page = [glyph for glyph in window.glyphs if glyph.box[1] >= top]
        assert "".join(glyph.char for glyph in page) == "AdaOslo"
        left, upper, right, lower = page[0].box
        assert window.image.getpixel((round((left + right) / 2), round((upper + lower) / 2))) == (0, 0, 0)
        asked = next(question for question in window.questions if question.answer == "Oslo")
        assert asked.needs == ((40, 30 + top, 70, 50 + top), (300, 200 + top, 340, 220 + top))
    assert len(tops) > 4


@needs_fonts
@pytest.mark.usefixtures("pack")
def test_a_desktop_asks_only_about_what_no_window_covers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_windows, "WEB_SHARE", 1.0)
    monkeypatch.setattr(open_windows, "_TERMINAL_SHARE", 0.0)
    monkeypatch.setattr(open_windows, "_LINED_SHARE", 0.0)
    monkeypatch.setattr(open_windows, "TILED_SHARE", 0.0)
    whole = 0
    for seed in range(60):
        screen = draw_desktop(random.Random(seed), split="train")
        shown = "".join(glyph.char for glyph in screen.glyphs if len(glyph.char) == 1)
        scale = canvas_scale(*screen.image.size, 560)
        asked = [question for question in screen.questions if "Oslo" in question.answer]
        if asked:
            assert "Oslo" in shown
            whole += 1
            if all(question.answer != TOO_SMALL for question in screen.questions):
                assert 20 * scale >= TOO_SMALL_PX
            assert not any(question.kind == "value" and 20 * scale < LEAST_READ_PX for question in asked)
    assert whole >= 10


@needs_fonts
@pytest.mark.usefixtures("pack")
def test_held_out_screens_have_no_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_windows, "WEB_SHARE", 1.0)
    with_pack = [draw_desktop(random.Random(seed), split="held_out") for seed in range(4)]
    monkeypatch.delenv("DESKTOP_VLM_WEB")
    without = [draw_desktop(random.Random(seed), split="held_out") for seed in range(4)]
    assert [answers(one.questions) for one in with_pack] == [answers(one.questions) for one in without]
    assert [one.image.tobytes() for one in with_pack] == [one.image.tobytes() for one in without]
