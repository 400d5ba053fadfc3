"""Questions that find the right window: the answer is that of the window which the question names."""

from __future__ import annotations

import random
import re
from collections import defaultdict

from training.screens.finding import Desk, ask_beside_marks, rows_of
from training.screens.mark_questions import Marked, mark_questions, next_to
from training.screens.neighbours import Text, texts_of
from training.screens.records import Glyph, Question, Screen
from training.screens.sketch import Sketch
from training.screens.stacking import Window, with_window


def word(text: str, left: float, top: float) -> list[Glyph]:
    return [Glyph(char, (left + 8 * i, top, left + 8 * i + 8, top + 12)) for i, char in enumerate(text)]


def window(title: str, left: int, rows: list[str], *questions: Question, top: int = 0) -> Window:
    glyphs = [glyph for n, row in enumerate([title, *rows]) for glyph in word(row, left + 10, top + 10 + 30 * n)]
    image = Sketch(400, 300, (255, 255, 255)).image
    return Window(Screen(image, (), questions, "window", "window"), title, (left, top, left + 400, top + 300), glyphs)


def desk(seed: int) -> Desk:
    """Two windows beside each other, both with a button OK."""
    left = window("Letters", 0, ["Hello Ann", "Cancel", "Regards"], Question("buttons", "Buttons?", "Cancel"))
    right = window("Numbers", 600, ["Seven", "Cancel", "Eleven"], Question("buttons", "Buttons?", "Cancel"))
    return Desk(random.Random(seed), [left, right], [["left window"], ["right window"]], 8)


def test_answers_are_those_of_the_named_window() -> None:
    asked: dict[str, set[str]] = defaultdict(set)
    for seed in range(60):
        for one in desk(seed).questions():
            named = re.search(r"(left|right) window", one.text, re.IGNORECASE)
            if named and one.kind in {"title", "near"}:
                asked[named[1].lower()].add(one.answer)
    assert {"Letters", "Hello Ann", "Regards", "Cancel"} == asked["left"]
    assert {"Numbers", "Seven", "Eleven", "Cancel"} == asked["right"]


def test_the_same_words_ask_about_each_window() -> None:
    asked: dict[str, set[str]] = defaultdict(set)
    for one in desk(3).questions():
        if one.kind == "title":
            asked[re.sub("left|right", "", one.text.lower()).rstrip("?.")].add(one.answer)
    assert {"Letters", "Numbers"} in asked.values()


def test_which_window_has_something_is_asked_where_one_has_it() -> None:
    said = {"Letters": "Hello Ann Regards", "Numbers": "Seven Eleven"}
    seen = 0
    for seed in range(40):
        for one in desk(seed).questions():
            if one.kind == "which_window":
                quoted = re.search(r"'(.+)'", one.text)
                assert quoted
                assert quoted[1] in said[one.answer]
                seen += 1
    assert seen > 40


def test_the_window_on_another_is_named_by_it() -> None:
    behind, front = window("Letters", 0, ["one", "two"]), window("Numbers", 300, ["three", "four"], top=150)
    windows = with_window([behind], front)
    texts = set()
    for seed in range(40):
        found = Desk(random.Random(seed), windows, [["left window"], ["right window"]], 8).questions()
        for one in found:
            if "cover" in one.text and "left window" in one.text:
                assert one.answer == "Numbers"
                texts.add(one.text)
            if "is partly" in one.text and "left window" not in one.text:
                assert one.answer == "Letters"
                texts.add(one.text)
    assert len(texts) > 3


def test_one_window_alone_is_not_searched_for() -> None:
    assert Desk(random.Random(1), [window("Letters", 0, ["a b", "c d"])], [[]], 8).questions() == []


def test_rows_and_what_is_next_to_a_text() -> None:
    texts = texts_of([*word("Name", 10, 10), *word("Ann", 100, 11), *word("Town", 10, 30), *word("Rome", 100, 30)])
    assert [[one.text for one in row] for row in rows_of(texts)] == [["Name", "Ann"], ["Town", "Rome"]]
    assert next_to(texts[0].box, texts) == {"right": "Ann", "below": "Town"}
    assert next_to(texts[3].box, texts) == {"left": "Town", "above": "Ann"}
    assert next_to((500, 500, 540, 512), [Text("far", (10, 500, 40, 512))]) == {}


def test_marks_are_asked_by_their_window_and_their_neighbours() -> None:
    left, right = window("Letters", 0, ["Hello", "Cancel"]), window("Numbers", 600, ["Seven", "Eleven"])
    box = next(one.box for one in texts_of(right.drawn) if one.text == "Seven")
    marked = [Marked("Seven", "box", "blue", box=box)]
    answers = {(one.kind, one.answer) for seed in range(20)
               for one in ask_beside_marks(random.Random(seed), marked, [left, right])}  # fmt: skip
    assert answers == {("which_window", "Numbers"), ("near", "Numbers"), ("near", "Eleven")}


def test_arrows_have_a_tail_and_marks_an_order() -> None:
    marked = [Marked("Low", "box", "blue", box=(10, 90, 40, 102)),
              Marked("High", "arrow", "red", box=(10, 10, 40, 22), origin="Start")]  # fmt: skip
    found = mark_questions(random.Random(2), marked, [])
    assert ("list", "High, Low") in {(one.kind, one.answer) for one in found}
    assert ("how_many", "2") in {(one.kind, one.answer) for one in found}
    tails = [one for one in found if one.answer == "Start"]
    assert len(tails) == 1
    assert "arrow" in tails[0].text


def test_what_is_in_a_corner_is_near_it() -> None:
    answers: dict[str, set[str]] = defaultdict(set)
    plain = window("Numbers", 600, ["Seven", "Eight", "Nine"])
    buttons = window("Letters", 0, ["Hello", "World"])
    buttons.drawn += [*word("Reset", 290, 200), *word("Done", 350, 200)]
    for seed in range(40):
        for one in Desk(random.Random(seed), [buttons, plain], [["left window"], ["right window"]], 8).questions():
            side = re.search("(lower|bottom) (left|right)|leftmost at the bottom|rightmost at the bottom", one.text)
            if side and one.kind == "near" and "left window" in one.text.lower():
                answers["left" if side[0].startswith("left") or side[2] == "left" else "right"].add(one.answer)
    assert answers == {"right": {"Done"}}
