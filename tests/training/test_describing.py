"""What a description of a screen says, and how right one is."""

from __future__ import annotations

import random

import pytest

from training.evaluate import Result, screen_task, summary
from training.scoring import slot_f1
from training.screens import draw_desktop
from training.screens.described_parts import part_questions
from training.screens.describing import SEVERAL, kind_of, listed_windows, screen_described, window_described
from training.screens.pages import PROMPTS
from training.screens.records import Glyph, Question, Screen
from training.screens.sketch import Sketch
from training.screens.stacking import Window, with_window
from training.screens.typefaces import fonts_folder

DIALOG = (
    'A desktop. In front: An error dialog titled "Save As" that says "The disk is full." with the buttons Retry and '
    'Cancel. Behind it: an editor titled "notes.txt", a terminal. 3 windows are open.'
)


def screen(noun: str, kind: str, *questions: tuple[str, str]) -> Screen:
    asked = tuple(Question(kind, f"{kind}?", answer) for kind, answer in questions)
    return Screen(Sketch(300, 200, (9, 9, 9)).image, (), asked, kind, noun)


def window(shown: Screen, title: str, left: int, *, high: float = 12) -> Window:
    glyphs = [Glyph(char, (left + 8 * n, 4, left + 8 * n + 8, 4 + high)) for n, char in enumerate(title)]
    return Window(shown, title, (left, 0, left + 300, 200), glyphs)


def test_a_description_gets_the_share_of_its_slots() -> None:
    assert slot_f1(DIALOG, DIALOG) == 1
    assert slot_f1(DIALOG, "") == 0
    # an error dialog, 3 windows, an editor, a terminal, "Save As", the message, two buttons, "notes.txt": nine slots
    assert slot_f1(DIALOG, DIALOG.replace("Retry", "Reload")) == pytest.approx(8 / 9)
    assert slot_f1(DIALOG, DIALOG.replace("3 windows", "2 windows")) == pytest.approx(8 / 9)
    assert slot_f1(DIALOG, DIALOG.replace("An error dialog", "A dialog")) == pytest.approx(8 / 9)
    assert slot_f1(DIALOG, DIALOG.replace(", a terminal", "")) == pytest.approx(2 * 8 / 17)
    assert slot_f1(DIALOG, DIALOG.replace("disk is full", "disc is full")) == pytest.approx((8 + 16 / 17) / 9)
    assert slot_f1(DIALOG, 'An error dialog titled "Save As".') == pytest.approx(2 * 2 / 11)


def test_what_is_invented_costs_as_much_as_what_is_left_out() -> None:
    alone = 'A desktop. In front: A chart titled "Sums" with values for May and Jun. One window is open.'
    invented = alone.replace("One window is", 'Behind it: a browser titled "News". 2 windows are')
    assert slot_f1(alone, invented) == pytest.approx(2 * 4 / 12)
    assert slot_f1(alone, alone.replace("Jun", "Jun, Jul and Aug")) == pytest.approx(2 * 5 / 12)
    assert slot_f1(alone, alone.replace("May and Jun", "May, May and May")) == pytest.approx(2 * 4 / 11)


def test_numbers_and_names_without_quotes_are_slots_too() -> None:
    mail = "A mail program with the folder Inbox selected and 10 mails. The mail from Ann Lee is open."
    assert slot_f1(mail, mail.replace("10 mails", "11 mails")) == pytest.approx(3 / 4)
    assert slot_f1(mail, mail.replace("Ann Lee", "Bo Carr")) == pytest.approx(3 / 4)
    assert slot_f1(mail, "A mail program with the folder selected. The mail is open.") == pytest.approx(2 / 5)
    ran = 'A terminal in which "ls -l" was run.'
    assert slot_f1(ran, "A terminal that ran ls -l.") == 1
    assert slot_f1(ran, "A terminal that ran ls -a.") == pytest.approx((1 + 0.8) / 2)


def test_a_window_is_described_with_its_title_and_what_it_says() -> None:
    box = screen("dialog", "dialog", ("title", "Print"), ("message", "No paper."), ("describe", "A dialog with OK."))
    assert window_described(box) == 'A dialog titled "Print" that says "No paper." with OK.'
    titled = screen("dialog", "dialog", ("title", "Print"), ("message", "No paper."),
                    ("describe", 'A dialog titled "Print" with OK.'))  # fmt: skip
    assert window_described(titled) == 'A dialog titled "Print" that says "No paper." with OK.'
    sheet = screen(
        "spreadsheet", "sheet", ("title", "a.ods - Cells"), ("describe", "A spreadsheet called Cells with 3 rows.")
    )
    assert window_described(sheet) == 'A spreadsheet titled "a.ods - Cells" with 3 rows.'
    shell = screen("terminal", "terminal", ("message", "Killed"), ("describe", "A terminal with 9 lines."))
    assert window_described(shell) == 'A terminal with 9 lines. It shows the error "Killed".'
    mail = screen("mail", "mail", ("title", "Inbox"), ("describe", "The mail of Ann."))
    assert window_described(mail) == 'The mail of Ann. Its title is "Inbox".'
    assert window_described(screen("table", "table", ("title", "Sums"))) == ""


def test_windows_behind_are_said_from_left_to_right_with_titles_that_can_be_read() -> None:
    front = screen("dialog", "dialog", ("describe", "A dialog."))
    windows = [window(screen("editor", "editor"), "Right", 400), window(screen("chat", "chat"), "Left", 20),
               window(screen("settings", "options"), "Small", 500, high=4), window(front, "", 200)]  # fmt: skip
    assert screen_described(windows, 6) == (
        'A desktop. In front: A dialog. Behind it: a chat titled "Left", an editor titled "Right", a settings window. '
        "4 windows are open."
    )
    covered = with_window([window(screen("chat", "chat"), "Left", 20)], window(front, "", 30))
    assert screen_described(covered, 6) == "A desktop. In front: A dialog. Behind it: a chat. 2 windows are open."
    assert screen_described(windows[-1:], 6) == "A desktop. In front: A dialog. One window is open."
    assert screen_described(windows[:1], 6) == ""


def test_descriptions_of_drawn_screens_keep_the_older_score_beside_the_new_one() -> None:
    asked = Question("describe", PROMPTS["describe"], DIALOG)
    said = DIALOG.replace("Retry", "Reload")
    table = summary([Result(screen_task(asked), asked.text, DIALOG, said, slot_f1(DIALOG, said))])
    assert table["screen: described"] == {"score": 0.8889, "questions": 1}
    assert 0.96 < table["screen: described, ANLS"]["score"] < 1


@pytest.mark.skipif(not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here")
@pytest.mark.parametrize("split", ["train", "held_out"])
def test_the_screen_is_described_in_one_way(split: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DESKTOP_VLM_PACK", "DESKTOP_VLM_WEB"):
        monkeypatch.delenv(name, raising=False)
    rng, said = random.Random(4), list[str]()
    for _ in range(30):
        drawn = draw_desktop(rng, split="train" if split == "train" else "held_out")
        answers = {one.answer for one in drawn.questions if one.text == PROMPTS["describe"]}
        assert len(answers) <= 1
        said += answers
        count = [one.answer for one in drawn.questions if one.asked and one.asked[0] == "window_count"]
        for answer in answers:
            assert slot_f1(answer, answer) == pytest.approx(1)
            assert ("Behind it: " in answer or answer.startswith(SEVERAL)) == (
                not answer.endswith(("One window is open.", "One window is shown."))
            )
            assert (
                not count
                or count[0] == "1"
                or answer.endswith((f"{count[0]} windows are open.", f"{count[0]} windows are shown."))
            )
    assert len(said) > 12


def test_windows_side_by_side_are_listed() -> None:
    windows = [window(screen("editor", "editor"), "Right", 400), window(screen("chat", "chat"), "Left", 20)]
    said = listed_windows(windows, 6)
    assert said == (
        'A desktop with several windows: a chat titled "Left", an editor titled "Right". 2 windows are open.'
    )
    assert slot_f1(said, said) == 1
    assert slot_f1(said, said.replace("Left", "Lost")) == pytest.approx(4 / 5)
    assert slot_f1(said, said.replace("a chat", "a form")) == pytest.approx(4 / 5)


def test_a_description_without_a_full_stop_gets_one() -> None:
    shown = [window(screen("dialog", "dialog", ("describe", 'A dialog that says "No."')), "", 20)]
    assert screen_described(shown, 6) == 'A desktop. In front: A dialog that says "No.". One window is open.'


def asked(windows: list[Window], *, seen: bool) -> set[tuple[str, str]]:
    """Kinds and answers of all part questions that are drawn from many seeds."""
    return {
        (one.kind, one.answer) for n in range(40) for one in part_questions(random.Random(n), windows, 6, seen=seen)
    }


def test_the_parts_of_a_description_are_asked_for_by_themselves() -> None:
    box = screen("dialog", "dialog", ("title", "Print"), ("message", "No paper."), ("describe", "A dialog with OK."))
    behind = [window(screen("editor", "editor"), "Right", 400), window(screen("chat", "chat program"), "Left", 20)]
    described = 'A dialog titled "Print" that says "No paper." with OK.'
    everywhere = {
        ("count", "3"), ("present", "Yes"), ("present", "No"), ("kind", "A chat, a dialog, an editor."),
        ("list", 'A chat titled "Left", a dialog titled "Print", an editor titled "Right".'),
    }  # fmt: skip
    windows = [*behind, window(box, "Print", 200)]
    assert asked(windows, seen=True) == everywhere | {
        ("kind", "A dialog."), ("list", "OK."), ("describe", described), ("count", "2"),
        ("list", 'A chat titled "Left", an editor titled "Right".'),
    }  # fmt: skip
    assert asked(windows, seen=False) == everywhere
    assert asked(windows[-1:], seen=True) == {
        ("count", "1"), ("count", "0"), ("present", "No"), ("present", "Yes"), ("kind", "A dialog."), ("list", "OK."),
        ("list", "None"),
    }  # fmt: skip


def test_each_kind_of_window_has_one_name() -> None:
    titled, bare = screen("note", "facts", ("title", "Trip")), screen("note", "facts")
    assert (kind_of(titled), kind_of(bare)) == ("window", "note")
    assert kind_of(screen("preferences window", "options")) == kind_of(screen("settings window", "settings"))
    note = screen("note", "facts", ("title", "Trip"), ("describe", "A note."))
    assert window_described(note) == 'A window titled "Trip".'
