import random

import pytest

from training.screens import Screen, desktops, open_windows
from training.screens.in_front import ask_dialog_in_front
from training.screens.pages import PROMPTS
from training.screens.records import Question
from training.screens.sketch import Sketch
from training.screens.typefaces import fonts_folder

pytestmark = pytest.mark.skipif(
    not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here; run `python -m training.fonts`"
)


@pytest.fixture
def screens(monkeypatch: pytest.MonkeyPatch) -> list[Screen]:
    """Full screens that all have a dialog in front of a program."""
    for name in ("DESKTOP_VLM_PACK", "DESKTOP_VLM_WEB"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(open_windows, "DIALOG_SHARE", 1.0)
    monkeypatch.setattr(open_windows, "_TERMINAL_SHARE", 0.0)
    monkeypatch.setattr(open_windows, "_LINED_SHARE", 0.0)
    monkeypatch.setattr(desktops, "SIZES", ((1280, 720), (1024, 768)))
    return [desktops.draw_desktop(random.Random(seed), split="train") for seed in range(24)]


def answers(screen: Screen, word: str) -> set[str]:
    return {one.answer for one in screen.questions if word in one.text and one.kind != "near"}


def test_a_dialog_and_the_program_behind_it_keep_their_titles_apart(screens: list[Screen]) -> None:
    both = 0
    for screen in screens:
        front = answers(screen, "title of the dialog") | answers(screen, "on the dialog")
        behind = answers(screen, "behind the dialog have") | answers(screen, "window behind it have")
        assert len(front) <= 1
        both += bool(front and behind)
        assert not front & behind
    assert both > 0


def test_a_dialog_is_described_first_and_then_what_is_behind_it(screens: list[Screen]) -> None:
    described = [one.answer for screen in screens for one in screen.questions if one.text == PROMPTS["describe"]]
    assert len(described) > len(screens) / 2
    for answer in described:
        front, behind = answer.split(" Behind it: ")
        assert front.startswith(("A desktop. In front: A", "A desktop. In front: An"))
        assert any(noun in front for noun in ("dialog", "notification", "wizard"))
        assert behind.endswith(("2 windows are open.", "2 windows are shown."))
        assert "dialog" not in behind.split(" titled ")[0]


def dialog(noun: str, *questions: Question) -> Screen:
    return Screen(Sketch(40, 30, (0, 0, 0)).image, (), questions, "dialog", noun)


def test_questions_name_the_dialog_or_what_is_behind_it() -> None:
    shown = dialog("error dialog", Question("title", "Title?", "Printer"), Question("message", "?", "No paper."),
                   Question("buttons", "?", "Retry, Cancel"))  # fmt: skip
    behind = [Question("title", "Title?", "Letters"), Question("message", "?", "You have mail.")]
    found = ask_dialog_in_front(random.Random(3), shown, behind, "editor")
    kinds: dict[str, set[str]] = {}
    for one in found:
        kinds.setdefault(one.kind, set()).add(one.answer)
    assert kinds == {"kind": {"An editor."}, "title": {"Printer", "Letters"}, "message": {"No paper."},
                     "buttons": {"Retry, Cancel"}, "count": {"2"}}  # fmt: skip


def test_nothing_is_asked_where_no_dialog_is_in_front() -> None:
    table = Screen(Sketch(40, 30, (0, 0, 0)).image, (), (Question("title", "?", "Sums"),), "table", "table")
    assert ask_dialog_in_front(random.Random(1), table, [], "editor") == []


def test_held_out_screens_have_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desktops, "SIZES", ((1024, 700),))
    before = desktops.draw_desktop(random.Random(3), split="held_out")
    monkeypatch.setattr(open_windows, "DIALOG_SHARE", 1.0)
    after = desktops.draw_desktop(random.Random(3), split="held_out")
    assert before.image.tobytes() == after.image.tobytes()
    assert before.questions == after.questions
