import random
from collections import Counter

import pytest

from training.screens.button_looks import draw_looking_button
from training.screens.dialog_texts import Content, draw_content, fill
from training.screens.dialogs import clearly_asked, draw_dialog, has_other_texts, is_clear
from training.screens.in_front import ask_only_dialog
from training.screens.misspelling import misspelt
from training.screens.panes.text_boxes import draw_text_box
from training.screens.phrases import Writer
from training.screens.prompts import text_in_lines
from training.screens.records import Question, Screen
from training.screens.requests import draw_request
from training.screens.sketch import Sketch
from training.screens.themes import Style, draw_style
from training.screens.typefaces import fonts_folder

with_fonts = pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)


def contents(count: int) -> list[Content]:
    found = []
    for seed in range(count):
        rng = random.Random(seed)
        found.append(draw_content(rng, Writer(rng, "train")))
    return found


def test_contents_have_a_text_and_different_buttons() -> None:
    drawn = contents(200)
    assert all(one.text and one.buttons for one in drawn)
    assert all(len(set(one.buttons)) == len(one.buttons) <= 5 for one in drawn)
    assert not any("," in label for one in drawn for label in one.buttons)
    assert {len(one.buttons) for one in drawn} >= {1, 2, 3, 4}
    assert all(len(one.heading) + len(one.text) <= 240 for one in drawn)
    assert all(" ".join(text.split()) == text for one in drawn for text in (one.title, one.heading))


def test_contents_are_the_same_of_the_same_state() -> None:
    assert contents(30) == contents(30)


def test_a_small_number_is_filled_in() -> None:
    rng = random.Random(4)
    filled = fill(rng, Writer(rng, "train"), "delete {n} items?").split()
    assert filled[0] == "Delete"
    assert 2 <= int(filled[1]) <= 240
    assert filled[2] == "items?"


def test_misspelt_words_are_near_the_words_and_numbers_stay() -> None:
    text = "The window, 4711 of /home/me and WINDOWS. ok"
    changed = Counter(word for seed in range(300) for word in misspelt(random.Random(seed), text).split(" "))
    assert changed["4711"] == changed["/home/me"] == changed["ok"] == 300
    assert 150 < changed["window,"] < 250
    assert all(word.endswith(".") and word.isupper() for word in changed if word.startswith("WI"))


def drawn(style_seed: int) -> tuple[random.Random, Writer, Style]:
    rng = random.Random(style_seed)
    return rng, Writer(rng, "train"), draw_style(rng, "train")


@with_fonts
def test_requests_say_their_message_above_their_buttons_in_order() -> None:
    for seed in range(60):
        screen = draw_request(*drawn(seed))
        letters = "".join(glyph.char for glyph in screen.glyphs if glyph.char != " ")
        answers = {one.kind: one.answer for one in screen.questions}
        places = ["".join(answers["message"].split())]
        places += ["".join(label.split()) for label in answers.get("buttons", "").split(", ")]
        at = [letters.index(place) for place in places[:1]] + [letters.rindex(place) for place in places[1:]]
        assert at[0] == min(at)
        assert screen.noun.endswith("dialog")


@with_fonts
def test_every_look_of_a_button_shows_its_label_and_nothing_else() -> None:
    style = draw_style(random.Random(2), "train")
    for look in ("plain", "mnemonic", "sign", "flat", "outline", "filled", "link"):
        sketch = Sketch(160, 40, style.theme.window)
        before = sketch.image.tobytes()
        draw_looking_button(sketch, style, (10, 5, 150, 35), "Don't", style.type.pen(), look=look,
                            ground=style.theme.window, default=False, place=3)  # fmt: skip
        assert "".join(glyph.char for glyph in sketch.glyphs) == "Don't"
        assert sketch.image.tobytes() != before


@with_fonts
def test_messages_to_train_on_have_several_sentences_and_held_out_ones_do_not() -> None:
    marks = {}
    for split in ("train", "held_out"):
        said = []
        for seed in range(80):
            rng = random.Random(seed)
            screen = draw_dialog(rng, Writer(rng, split), draw_style(rng, split))
            said.append(next(one.answer for one in screen.questions if one.kind == "message"))
        marks[split] = sum(len(one) for one in said) / len(said)
    assert marks["train"] > 1.15 * marks["held_out"]


@with_fonts
def test_text_mode_names_buttons_without_brackets() -> None:
    for seed in range(40):
        rng, writer, style = drawn(seed)
        screen = draw_text_box(rng, writer, style, rng.choice((320, 700, 1280)), rng.choice((200, 480, 700)))
        answers = {one.kind: one.answer for one in screen.questions}
        seen = "".join(text_in_lines(screen.glyphs).split())
        labels = answers["buttons"].split(", ")
        assert not any(sign in answers["buttons"] for sign in "<>[]")
        assert all("".join(label.split()) in seen for label in labels)
        assert str(len(labels)) == answers.get("count", str(len(labels)))
        assert answers["selected"] in labels


def test_beside_other_texts_only_the_message_is_asked_for() -> None:
    message, details = Question("message", "What does it say?", "No."), Question("lines", "Details?", "a\nb")
    buttons = Question("buttons", "What can I click?", "OK")
    assert clearly_asked(random.Random(1), [message, buttons]) == [message, buttons]
    found = clearly_asked(random.Random(1), [message, buttons, details])
    assert [one.answer for one in found] == ["No.", "OK", "a\nb"]
    assert "essage" in found[0].text
    asked = Question("message", "Read the message.", "No.", ("message", {}))
    assert clearly_asked(random.Random(1), [asked, details])[0].asked is None
    assert is_clear("Read the message of the dialog.")
    assert not is_clear("What does the message box say?")


@with_fonts
def test_a_dialog_with_details_is_not_asked_for_what_it_says() -> None:
    texts = 0
    for seed in range(60):
        screen = draw_request(*drawn(seed))
        if has_other_texts(screen.questions):
            texts += 1
            assert all(is_clear(one.text) for one in screen.questions if one.kind == "message")
    assert 10 < texts < 50


def shown(kind: str, noun: str, *questions: Question) -> Screen:
    return Screen(Sketch(40, 30, (0, 0, 0)).image, (), questions, kind, noun)


def test_the_only_dialog_is_asked_about_wherever_it_is() -> None:
    dialog = shown("dialog", "error dialog", Question("title", "?", "Printer"), Question("message", "?", "No paper."),
                   Question("buttons", "?", "Retry, Cancel"))  # fmt: skip
    editor = shown("code", "code editor", Question("title", "Title?", "main.c"))
    found = ask_only_dialog(random.Random(5), [dialog, editor], 0)
    assert Counter((one.kind, one.answer) for one in found) == {
        ("title", "Printer"): 2, ("message", "No paper."): 3, ("buttons", "Retry, Cancel"): 2}  # fmt: skip
    assert all("dialog" in one.text or "pop-up" in one.text or "message box" in one.text for one in found)
    assert ask_only_dialog(random.Random(5), [dialog, editor], 1) == []


def test_a_dialog_beside_another_is_not_called_the_dialog() -> None:
    dialog = shown("dialog", "dialog", Question("title", "?", "Printer"))
    page = shown("webpage", "browser", Question("message", "What does the pop-up say?", "Cookies."))
    assert ask_only_dialog(random.Random(5), [dialog, shown("dialog", "error dialog")], 0) == []
    assert ask_only_dialog(random.Random(5), [page, dialog], 1) == []
