"""The two sets of screens of real programs, their questions, and how answers are scored."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from desktop_vlm.quick_actions.builtin import BUILTIN_ACTIONS
from training.real_screens import contents, desktop
from training.real_screens.evaluate import METRICS, Answered, Asked, read_questions, score, summary
from training.real_screens.marks import Mark, mark
from training.real_screens.scenes import printing
from training.real_screens.second import contents as second_contents
from training.real_screens.sets import SETS
from training.scoring import first_word, letters_right, quoted


@dataclass(frozen=True)
class Extent:
    """How much a set holds at least, and its images' bytes at most."""

    screens: int
    questions: int
    most_bytes: int
    actions: frozenset[str]


EXTENTS = {
    "first": Extent(40, 160, 8_000_000, frozenset((
        "describe", "extract-text", "table-to-json", "receipt-to-json", "explain-error", "code-from-screenshot",
    ))),
    "second": Extent(25, 130, 6_000_000, frozenset((
        "describe", "extract-text", "table-to-json", "receipt-to-json", "explain-error",
    ))),
}  # fmt: skip

both = pytest.mark.parametrize("name", SETS)


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


@both
def test_there_is_an_image_of_its_size_for_every_scene_and_none_besides(name: str) -> None:
    images = list((SETS[name].folder / "images").iterdir())
    stored = {path.stem: size_of(path) for path in images}
    assert stored == {scene.name: scene.size for scene in SETS[name].scenes}
    assert len(stored) >= EXTENTS[name].screens
    assert sum(path.stat().st_size for path in images) < EXTENTS[name].most_bytes


@both
def test_every_image_has_questions_that_can_be_scored(name: str) -> None:
    questions = read_questions(name)
    assert len(questions) >= EXTENTS[name].questions
    assert {asked.image for asked in questions} == {f"{scene.name}.png" for scene in SETS[name].scenes}
    for asked in questions:
        assert asked.kind in METRICS or asked.kind == "describe"
        assert asked.question
        assert asked.answers
        perfect = " ".join(part[0] for part in asked.answers) if asked.kind == "describe" else asked.answers[0]
        assert score(asked, perfect) == 1, asked
        assert score(asked, "zzz") < 0.5, asked


@both
def test_questions_are_asked_once(name: str) -> None:
    asked = [(one.image, one.question) for one in read_questions(name)]
    assert len(set(asked)) == len(asked)


def test_the_sets_have_no_screen_in_common() -> None:
    first, second = ({scene.name for scene in SETS[name].scenes} for name in ("first", "second"))
    assert not first & second


@both
def test_quick_actions_ask_with_their_own_words_and_schemas(name: str) -> None:
    actions = {action.prompt: action for action in BUILTIN_ACTIONS}
    questions = read_questions(name)
    asked = [one for one in questions if one.question in actions]
    assert {actions[one.question].id for one in asked} == EXTENTS[name].actions
    for one in asked:
        assert (one.schema or "") == (actions[one.question].json_schema or "")
    for one in questions:
        if one.kind == "form to JSON":
            assert one.schema is not None
            assert json.loads(one.schema)["required"] == list(json.loads(one.answers[0]))


def test_answers_are_quoted_counted_and_read() -> None:
    assert quoted("Disk is full", 'It says "Disk is full": free some space.') == 1
    assert quoted("Disk is full", "It says that a Disc is full.") == pytest.approx(11 / 12)
    assert quoted("Disk is full", "Nothing is wrong here") == 0
    assert letters_right("one two", "one  two\n") == 1
    assert letters_right("abcd", "abxd") == 0.75
    assert letters_right("ab", "something quite else") == 0
    assert (first_word("Yes", "yes, it is."), first_word("Yes", "No"), first_word("No", "")) == (1, 0, 0)


def test_the_best_of_several_answers_counts_and_a_description_by_its_parts() -> None:
    asked = Asked("a.png", "read", "How much?", ("180", "180 pounds"))
    assert (score(asked, "180 pounds"), score(asked, "180"), score(asked, "a bench")) == (1, 1, 0)
    described = Asked("a.png", "describe", "Describe.", (("editor", "window"), ("Geany",)))
    assert (score(described, "A Window of Geany"), score(described, "an editor"), score(described, "")) == (1, 0.5, 0)
    answers = [
        Answered("a.png", one.kind, one.question, one.answers, said, score(one, said), 0.1)
        for one, said in ((asked, "180"), (described, "an editor"))
    ]
    assert summary([asked, described], answers) == {
        "read": {"score": 1, "questions": 1},
        "describe": {"score": 0.5, "questions": 1},
        "all": {"score": 0.75, "questions": 2},
        "all, ANLS": {"score": 0.75, "questions": 2},
    }


def test_a_shell_prints_what_a_terminal_shows() -> None:
    assert printing("100% of 'a'\n\\x") == "printf '100%% of '\\''a'\\''\\n\\\\x'; sleep 600"


def test_the_home_folder_is_filled(tmp_path: Path) -> None:
    contents.fill(tmp_path)
    assert (tmp_path / "Documents/orbit.py").read_text().startswith('"""Orbits')
    assert sorted(path.name for path in (tmp_path / "Photos").iterdir() if path.is_dir()) == ["raw", "to-print"]
    assert (tmp_path / "tides/.git").is_dir()
    assert (tmp_path / "library.db").stat().st_size > 0


def test_the_second_home_folder_is_filled(tmp_path: Path) -> None:
    second_contents.fill(tmp_path)
    assert (tmp_path / "Documents/weir.cpp").read_text().startswith('#include "weir.hpp"')
    assert (tmp_path / "Invoices/2026-02-oil.pdf").stat().st_size == 96_000
    assert (tmp_path / "Scans/letters-from-ada").is_dir()
    assert len(list((tmp_path / "Music").iterdir())) == 6
    assert size_of(tmp_path / "rainfall.png") == (900, 560)
    assert "SINGLE = 450" in (tmp_path / "ferryfares/fares.py").read_text()


def test_marks_are_drawn_where_they_are_said_to_be() -> None:
    image = Image.new("RGB", (100, 80), "white")
    red, blue = (224, 27, 36), (0, 0, 255)
    mark(image, (Mark("box", (10, 10), (60, 40), width=3), Mark("line", (5, 70), (95, 70), "#0000ff", 4)))
    assert [image.getpixel(place) for place in ((11, 25), (35, 11), (59, 25), (35, 39))] == [red] * 4
    assert image.getpixel((35, 25)) == (255, 255, 255)
    assert image.getpixel((50, 70)) == blue
    mark(image, (Mark("arrow", (90, 10), (65, 30)), Mark("circle", (20, 44), (60, 64), width=2)))
    assert image.getpixel((66, 29)) == red
    assert image.getpixel((20, 54)) == red
    assert image.getpixel((40, 54)) == (255, 255, 255)


def test_somebodys_folder_is_not_taken_for_the_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "letter.txt").write_text("Dear Anna")
    monkeypatch.setattr(desktop, "HOME", tmp_path)
    with pytest.raises(FileExistsError, match="move it away"), desktop.Desktop((640, 480), desktop.Look()):
        pass
    assert (tmp_path / "letter.txt").read_text() == "Dear Anna"


def test_a_desktop_that_cannot_start_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    monkeypatch.setattr(desktop, "HOME", home)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FileNotFoundError), desktop.Desktop((640, 480), desktop.Look()):
        pass
    assert not home.exists()
