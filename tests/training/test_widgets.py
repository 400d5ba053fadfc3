"""Windows of Tk and GTK; what needs their packages and an X server is skipped without."""

import importlib.util
import io
import json
import os
import random
import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.screens import toolkits
from training.screens.phrases import Writer
from training.screens.toolkits import INDEX, Recorder, draw_toolkit, draw_toolkit_window
from training.screens.typefaces import fonts_folder
from training.screens.webpages import Line
from training.widgets.layouts import LAYOUTS, draw_plan
from training.widgets.pack import entry_of, load
from training.widgets.parts import Plan, Press, Say, Shot, Tabs, wrapped

pytestmark = pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)


@pytest.fixture(autouse=True)
def other_packs() -> Iterator[None]:
    toolkits._pack.cache_clear()
    yield
    toolkits._pack.cache_clear()


def line(text: str, left: float, top: float) -> Line:
    return Line(text, tuple(left + 7 * place for place in range(len(text) + 1)), top, top + 10)


def write_pack(path: Path, shade: int, *entries: dict[str, object]) -> str:
    data = io.BytesIO()
    Image.new("RGB", (300, 80), (shade,) * 3).save(data, "PNG")
    with zipfile.ZipFile(path, "w") as pack:
        pack.writestr("0.png", data.getvalue())
        pack.writestr(INDEX, json.dumps([{"file": "0.png", **entry} for entry in entries]))
    return str(path)


def entry(title: str) -> dict[str, object]:
    asker = Recorder(random.Random(1))
    asker.ask("message", "No paper.")
    asker.ask("describe", 'A dialog that says "No paper." with the button OK.')
    asker.ask("all", "No paper. OK")
    plan = Plan([], asker, "dialog", "dialog")
    texts = [line("No paper.", 10, 20), line("OK", 40, 50)]
    return entry_of(plan, Shot(Image.new("RGB", (300, 80)), texts, title))


def test_wrapping_keeps_all_words() -> None:
    assert wrapped("one two three four", 8) == ["one two", "three", "four"]
    assert wrapped("extraordinarily", 4) == ["extraordinarily"]
    assert wrapped("", 4) == [""]


def test_every_layout_shows_what_it_asks_for() -> None:
    for seed in range(60):
        rng = random.Random(seed)
        plan = draw_plan(rng, Writer(rng, "train"))
        asked = {kind: answer for kind, answer, *_ in plan.asker.asked}
        assert "describe" in asked or plan.kind == "table"
        presses = [part for part in plan.parts if isinstance(part, Press)]
        assert [", ".join(part.labels) for part in presses] == ([asked["buttons"]] if "buttons" in asked else [])
        for part in plan.parts:
            if isinstance(part, Tabs):
                assert asked["tool_tab"] == part.names[part.open_]
            if isinstance(part, Say) and "status" in asked and part.wrap == 99:
                assert asked["status"] == part.text
        for kind, answer, _, slots in plan.asker.asked:
            if kind == "list_below":
                names = next(one[1] for one in plan.asker.asked if one[0] == "list_all" and one[3]["item"] ==
                             slots["item"]).split(", ")  # fmt: skip
                assert names[names.index(slots["name"]) + 1] == answer
    assert len(LAYOUTS) == 14


def test_characters_of_a_pack_are_where_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKTOP_VLM_PACK", write_pack(tmp_path / "a.zip", 1, entry("Printer")))
    screen = draw_toolkit(random.Random(1))
    assert screen.located
    assert "".join(glyph.char for glyph in screen.glyphs) == "No paper.OK"
    assert screen.glyphs[1].box == (17, 20, 24, 30)
    answers = {one.kind: one.answer for one in screen.questions}
    assert answers["title"] == "Printer"
    assert answers["describe"] == 'A dialog titled "Printer" with the button OK.'
    assert answers["all"] == "Printer No paper. OK"


def test_a_dialog_without_a_title_gets_a_bar_with_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DESKTOP_VLM_PACK", write_pack(tmp_path / "a.zip", 1, entry("")))
    titled = 0
    for seed in range(12):
        screen = draw_toolkit_window(random.Random(seed), dialog=True)
        assert screen
        titles = [one.answer for one in screen.questions if one.kind == "title"]
        titled += len(titles)
        high = screen.image.height - 80
        assert (high > 0) == bool(titles)
        assert screen.image.getpixel((5, high + 5)) == (1, 1, 1)
        message = [glyph for glyph in screen.glyphs if glyph.box[1] == 20 + high]
        assert "".join(glyph.char for glyph in message) == "No paper."
        if titles:
            assert "".join(glyph.char for glyph in screen.glyphs).startswith(titles[0])
    assert titled > 4


def test_packs_are_parted_as_in_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = write_pack(tmp_path / "a.zip", 1, entry(""))
    second = write_pack(tmp_path / "b.zip", 2, entry("A"), entry("B"), entry("C"))
    monkeypatch.setenv("DESKTOP_VLM_PACK", f"{first}{os.pathsep}{second}")
    monkeypatch.setattr(toolkits, "_TITLED", 0.0)
    shades = [draw_toolkit(random.Random(seed)).image.getpixel((9, 70)) for seed in range(80)]
    assert shades.count((2, 2, 2)) / 80 == pytest.approx(0.75, abs=0.15)
    assert shades.count((1, 1, 1)) + shades.count((2, 2, 2)) == 80


@pytest.mark.filterwarnings("ignore::ImportWarning", "ignore::DeprecationWarning")  # PyGObject's
@pytest.mark.parametrize(("name", "needed"), [("tk", "tkinter"), ("gtk", "gi")])
def test_characters_stand_on_ink(name: str, needed: str) -> None:
    """Of real windows, nearly every letter has ink in its box, and hardly any above or below it."""
    if importlib.util.find_spec(needed) is None or not os.environ.get("DISPLAY"):
        pytest.skip(f"{needed} or an X server is not here")
    try:
        toolkit = load(name, random.Random(2))
    except (ImportError, ValueError) as error:
        pytest.skip(str(error))
    inked = total = 0
    for seed in range(8):
        rng = random.Random(seed)
        shot = toolkit.shoot(draw_plan(rng, Writer(rng, "train")), "")
        pixels = np.asarray(shot.image.convert("L"), np.int16)
        for text in shot.texts:
            for char, left, right in zip(text.text, text.edges, text.edges[1:], strict=False):
                if char.isalnum():
                    part = pixels[round(text.top) : round(text.bottom) + 1, round(left) : round(right) + 1]
                    total += 1
                    inked += int(np.ptp(part)) > 30
    assert total > 100
    assert inked >= 0.97 * total
