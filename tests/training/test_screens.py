import io
import json
import random
import re
import zipfile
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from training.screens import LAYOUTS, Screen, Split, draw_composite, draw_layout, draw_screen
from training.screens.pages import PROMPTS
from training.screens.phrases import Writer
from training.screens.prompts import text_in_lines
from training.screens.records import MARKS, SHAPE_NAMES, Glyph
from training.screens.requests import draw_request
from training.screens.shapes import COLOURS
from training.screens.themes import draw_style
from training.screens.toolkits import INDEX, SHARE, _pack, draw_toolkit
from training.screens.typefaces import fonts_folder, load_families
from training.screens.words import vocabulary

pytestmark = pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)

SPLITS: tuple[Split, ...] = ("train", "held_out")


def drawn(screen: Screen) -> str:
    """The text as the glyphs have it: spaces once, also between lines and separate pieces of text."""
    text = ""
    before = None
    for glyph in screen.glyphs:
        if before is not None and (glyph.box[1] != before.box[1] or abs(glyph.box[0] - before.box[2]) > 0.01):
            text += " "
        text += glyph.char
        before = glyph
    return " ".join(text.split())


def answers(screen: Screen, kind: str) -> list[str]:
    return [question.answer for question in screen.questions if question.kind == kind]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("split", SPLITS)
def test_the_same_seed_draws_the_same_image(layout: str, split: Split) -> None:
    first, second = (draw_layout(random.Random(5), layout, split=split) for _ in range(2))
    assert first.image.tobytes() == second.image.tobytes()
    assert first.glyphs == second.glyphs
    assert first.questions == second.questions
    other = draw_layout(random.Random(6), layout, split=split)
    assert other.image.tobytes() != first.image.tobytes()


@pytest.mark.parametrize("layout", [layout for layout in LAYOUTS if layout != "shapes"])
def test_every_character_has_ink_in_its_box(layout: str) -> None:
    rng = random.Random(1)
    inked = total = 0
    for _ in range(30):
        screen = draw_layout(rng, layout, split="train")
        pixels = np.asarray(screen.image.convert("L"), np.int16)
        for glyph in screen.glyphs:
            left, top, right, bottom = (round(value) for value in glyph.box)
            assert left >= -1
            assert right <= screen.image.width + 1
            if not glyph.char.isalnum():
                continue
            total += 1
            inside = pixels[max(0, top) : bottom + 1, max(0, left) : right + 1]
            inked += int(np.ptp(inside)) > 40
    assert inked >= 0.995 * total


def test_glyph_boxes_span_a_line() -> None:
    """All ink of an image with nothing but a line lies between its first and its last box, but for overhangs."""
    rng = random.Random(2)
    for _ in range(60):
        screen = LAYOUTS["line"][1](rng, Writer(rng, "train"), draw_style(rng, "train"))
        pixels = np.asarray(screen.image, np.int16)
        ink = (abs(pixels - pixels[0, 0]).max(axis=2) > 40).any(axis=0).nonzero()[0]
        slack = 2 + screen.glyphs[0].box[3] * 0.1
        assert screen.glyphs[0].box[0] - slack <= ink[0]
        assert ink[-1] <= screen.glyphs[-1].box[2] + slack


@pytest.mark.parametrize("split", SPLITS)
def test_answers_are_what_the_dialog_shows(split: Split) -> None:
    rng = random.Random(3)
    seen: Counter[str] = Counter()
    for _ in range(150):
        screen = draw_layout(rng, "dialog", split=split)
        text = drawn(screen)
        for question in screen.questions:
            if question.kind in {"title", "message", "line", "button", "all"}:
                seen[question.kind] += 1
                assert " ".join(question.answer.split()) in text
            elif question.kind == "buttons":
                seen[question.kind] += 1
                assert text.endswith(question.answer.replace(", ", " "))
                count = str(len(question.answer.split(", ")))
                assert count in answers(screen, "count")
    assert min(seen[kind] for kind in ("title", "message", "buttons", "button")) > 50


@pytest.mark.parametrize(
    "layout", ["window", "menu", "terminal", "editor", "form", "table", "chart", "status", "paragraph"]
)
def test_answers_are_what_the_image_shows(layout: str) -> None:
    rng = random.Random(4)
    kinds = {"title", "line", "value", "cell", "message", "text", "command", "file", "status", "heading", "extreme"}
    checked = 0
    for _ in range(40):
        screen = draw_layout(rng, layout, split="train")
        text = re.sub(r"\s", "", drawn(screen))
        for question in screen.questions:
            if question.kind in kinds:
                checked += 1
                assert re.sub(r"\s", "", question.answer) in text, question
    assert checked >= 40


def test_receipts_add_up() -> None:
    rng = random.Random(5)
    for _ in range(40):
        screen = draw_layout(rng, "receipt", split="train")
        receipt = json.loads(answers(screen, "json")[0])
        assert list(receipt) == ["shop", "date", "items", "total"]
        assert receipt["shop"] == answers(screen, "shop")[0]
        assert sum(item["price"] for item in receipt["items"]) == pytest.approx(receipt["total"])
        assert f"{receipt['total']:.2f}" in answers(screen, "total")[0]
        assert ", ".join(item["name"] for item in receipt["items"]) == answers(screen, "items")[0]


def test_shapes_have_the_colours_they_are_said_to_have() -> None:
    rng = random.Random(6)
    for _ in range(60):
        screen = draw_layout(rng, "shapes", split="train")
        shown = np.unique(np.asarray(screen.image, np.int16).reshape(-1, 3), axis=0)
        for answer in answers(screen, "colour"):
            # Tones are shifted by up to nine, and noise may have moved them by six.
            assert any((abs(shown - tone).max(axis=1) <= 15).any() for tone in COLOURS[answer])
        described = answers(screen, "describe")[0].lower()
        assert int(answers(screen, "count")[0]) == sum(
            int(word) if word.isdigit() else word in {"a", "an"} for word in described.split()
        )


def test_marks_lie_on_their_shapes() -> None:
    rng = random.Random(12)
    seen: Counter[str] = Counter()
    hit: Counter[str] = Counter()
    for _ in range(80):
        screen = draw_layout(rng, "shapes", split="train")
        pixels = np.asarray(screen.image, np.int16)
        for glyph in screen.glyphs:
            assert glyph.char in MARKS
            x, y = (round(value) for value in glyph.box[:2])
            name, shape = glyph.char.split()
            seen[shape] += 1
            hit[shape] += any(abs(pixels[y, x] - tone).max() <= 15 for tone in COLOURS[name])
    assert min(seen[shape] for shape in SHAPE_NAMES) > 50
    assert all(hit[shape] >= 0.97 * seen[shape] for shape in SHAPE_NAMES), {s: (hit[s], seen[s]) for s in SHAPE_NAMES}


def write_pack(folder: Path, *entries: dict[str, object]) -> str:
    """A pack of one small image that all entries have."""
    data = io.BytesIO()
    Image.new("RGB", (40, 30), (1, 2, 3)).save(data, "PNG")
    with zipfile.ZipFile(folder / "pack.zip", "w") as pack:
        pack.writestr("0.png", data.getvalue())
        pack.writestr(INDEX, json.dumps(entries))
    _pack.cache_clear()
    return str(folder / "pack.zip")


def test_windows_of_a_pack_know_their_lines_and_tabs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry: dict[str, object] = {"file": "0.png", "kind": "editor", "noun": "editor",
                                "asked": [["tool_tab", "Fonts", "selected", {}]], "lines": ["ann", "bob cat"],
                                "first": 8}  # fmt: skip
    monkeypatch.setenv("DESKTOP_VLM_PACK", write_pack(tmp_path, entry))
    screens = [draw_toolkit(random.Random(seed)) for seed in range(30)]
    assert all((screen.questions[0].kind, screen.questions[0].answer) == ("selected", "Fonts") for screen in screens)
    numbered = [(question.text, question.answer) for screen in screens for question in screen.questions
                if question.kind == "line" and re.search(r"(?i)line (number )?\d+", question.text)]  # fmt: skip
    assert len(numbered) > 20
    assert all(answer == ("ann" if "8" in text else "bob cat") for text, answer in numbered)
    _pack.cache_clear()


def test_windows_of_a_pack_are_asked_about_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entry: dict[str, object] = {"file": "0.png", "kind": "dialog", "noun": "dialog",
             "asked": [["message", "Hello", None, {}], ["bar", "7", "value", {"label": "Apples"}]]}  # fmt: skip
    monkeypatch.setenv("DESKTOP_VLM_PACK", write_pack(tmp_path, entry))
    screens = [draw_toolkit(random.Random(seed)) for seed in range(20)]
    assert all(not screen.located and screen.image.getpixel((9, 9)) == (1, 2, 3) for screen in screens)
    asked = [[(question.kind, question.answer) for question in screen.questions] for screen in screens]
    assert asked == [[("message", "Hello"), ("value", "7")]] * 20
    assert len({screen.questions[0].text for screen in screens}) > 5
    assert all("Apples" in screen.questions[1].text for screen in screens)
    rng = random.Random(1)
    share = sum(not draw_screen(rng, split="train").located for _ in range(300)) / 300
    assert share == pytest.approx(SHARE, abs=0.06)
    assert all(draw_screen(rng, split="held_out").located for _ in range(60))
    _pack.cache_clear()


def test_composites_keep_boxes_on_ink() -> None:
    rng = random.Random(7)
    for _ in range(12):
        screen = draw_composite(rng, split="train")
        assert (screen.image.width % 280, screen.image.height % 280) == (0, 0)
        pixels = np.asarray(screen.image.convert("L"), np.int16)
        spans = []
        for glyph in screen.glyphs:
            left, top, right, bottom = (round(value) for value in glyph.box)
            assert left >= 0
            assert right <= screen.image.width
            if glyph.char.isalnum():
                spans.append(int(np.ptp(pixels[top : bottom + 1, left : right + 1])))
        if spans:
            assert np.mean(np.array(spans) > 30) > 0.97


def test_composites_ask_about_each_image() -> None:
    rng, seen = random.Random(8), set()
    for _ in range(40):
        screen = draw_composite(rng, split="train")
        count = max(int(q.answer) for q in screen.questions if q.kind == "count")
        seen.add(count)
        text = drawn(screen).replace(" ", "")
        for question in screen.questions:
            if question.kind == "which":
                numbers = [int(number) for number in re.findall("[0-9]+", question.answer)]
                assert re.fullmatch("Picture [1-9]|Pictures [1-9, and]+", question.answer)
                assert 1 <= min(numbers) <= max(numbers) <= count
            elif question.kind in {"picture:title", "picture:message"}:
                assert question.answer.replace(" ", "") in text
                assert re.search("icture|mage", question.text)
    assert {2, 3, 4} < seen


def test_composites_ask_the_same_about_several_parts_and_what_only_one_has() -> None:
    rng, same, present = random.Random(9), 0, Counter[str]()
    for _ in range(25):
        screen = draw_composite(rng, split="train")
        plain: dict[str, set[str]] = {}
        for question in screen.questions:
            named = re.sub(r"(picture|image) (number )?[0-9]|the [a-z]+ (picture|image)", "it", question.text.lower())
            plain.setdefault(named, set()).add(question.answer)
            if question.kind == "picture:present":
                present[question.answer] += 1
        same += sum(len(answers) > 1 for answers in plain.values())
    assert same > 15
    assert present["Yes"] > 20
    assert abs(present["Yes"] - present["No"]) <= 4


def test_held_out_fonts_and_words_are_disjoint() -> None:
    train, held = ({family.name for family in load_families(split)} for split in SPLITS)
    assert not train & held
    assert len(train) >= 60
    paths = [face.path for split in SPLITS for family in load_families(split) for face in family.regular + family.bold]
    assert all("held_out" in path or "/train/" in path for path in paths)
    for name in vocabulary("train").__dataclass_fields__:
        of_train, of_held = (set(getattr(vocabulary(split), name)) for split in SPLITS)
        assert of_train
        assert of_held
        assert not of_train & of_held


def test_random_strings_are_disjoint() -> None:
    train, held = (Writer(random.Random(11), split) for split in SPLITS)
    of_train = {train.noise(1, 2) for _ in range(2000)} | {train.code() for _ in range(2000)}
    of_held = {held.noise(1, 2) for _ in range(500)} | {held.code() for _ in range(500)}
    assert not of_train & of_held
    assert len(of_held) > 800


def test_held_out_sentences_use_held_out_words() -> None:
    writer = Writer(random.Random(9), "held_out")
    allowed = {word.lower() for word in (*vocabulary("held_out").words, *vocabulary("held_out").first_names)}
    for _ in range(200):
        words = re.findall(r"[a-z]+", writer.sentence().lower())
        assert set(words) <= allowed


def test_images_stay_small_and_questions_short() -> None:
    rng = random.Random(10)
    for _ in range(150):
        screen = draw_screen(rng, split="train")
        assert screen.image.mode == "RGB"
        assert screen.image.width <= 640
        assert screen.image.height <= 480
        assert screen.questions
        for question in screen.questions:
            assert question.answer.strip() == question.answer != ""
            assert len(question.answer) <= {"json": 400, "copied": 900}.get(question.kind, 330)
            assert "{" not in question.text.replace("'{", "") or (
                question.kind in {"which", "value", "cell", "row", "json"}
            )


def test_all_text_is_copied_line_by_line() -> None:
    def word(text: str, left: float, top: float) -> list[Glyph]:
        return [Glyph(char, (left + 8 * i, top, left + 8 * i + 8, top + 12)) for i, char in enumerate(text)]

    glyphs = [*word("OK", 200, 90), *word("Name:", 10, 50), *word("Ann", 80, 51), *word("Sign in", 10, 20)]
    assert text_in_lines(glyphs) == "Sign in\nName: Ann\nOK"
    assert text_in_lines([]) == ""


def test_prompts_of_quick_actions_are_asked_about_small_images_to_train_on() -> None:
    rng = random.Random(13)
    screens = [draw_screen(rng, split="train") for _ in range(120)]
    asked = Counter(question.text for screen in screens for question in screen.questions)
    assert asked[PROMPTS["describe"]] > 60
    assert asked[PROMPTS["extract-text"]] > 30
    assert all(PROMPTS["extract-text"] not in {q.text for q in draw_screen(rng, split="held_out").questions}
               for _ in range(40))  # fmt: skip


def test_dialogs_of_other_looks_show_what_is_asked() -> None:
    rng, seen = random.Random(14), Counter[str]()
    for _ in range(120):
        screen = draw_request(rng, Writer(rng, "train"), draw_style(rng, "train"))
        text = re.sub(r"\s", "", drawn(screen))
        for question in screen.questions:
            if question.kind in {"title", "message", "value", "lines", "selected", "all"}:
                assert re.sub(r"\s", "", question.answer) in text, question
            elif question.kind in {"buttons", "list"}:
                assert all(part.replace(" ", "") in text for part in question.answer.split(", ")), question
            seen[question.kind] += 1
        for glyph in screen.glyphs:
            assert -1 <= glyph.box[0] <= glyph.box[2] <= screen.image.width + 1, screen.questions
            assert glyph.box[3] <= screen.image.height + 1
    assert min(seen[kind] for kind in ("title", "message", "buttons", "value", "list", "selected", "lines")) > 10
