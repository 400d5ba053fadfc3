"""What the tools do, without a window: marks, steps back, handles, the crop, writing."""

from __future__ import annotations

import pytest

from desktop_vlm.images.annotations.document import Document
from desktop_vlm.images.annotations.marks import COLORS, KINDS, Gesture
from desktop_vlm.ui.annotate.session import EditSession
from desktop_vlm.ui.annotate.tools import CROP, SELECT, TOOLS


def fake_letter(text: str, width: float) -> tuple[bytes, tuple[int, int]]:
    return text.encode(), (round(10 * len(text)), round(5 * width))


@pytest.fixture
def session() -> EditSession:
    return EditSession(Document((1200, 800)), fake_letter)


def drag(session: EditSession, *points: tuple[float, float], is_even: bool = False) -> None:
    session.press(*points[0], 6)
    for point in points[1:]:
        session.move(*point, is_even=is_even)
    session.release()


def kinds(session: EditSession) -> list[str]:
    return [mark.kind for mark in session.document.marks]


def test_there_is_a_tool_for_every_kind() -> None:
    assert [tool.id for tool in TOOLS] == [SELECT, CROP, *KINDS]
    assert len({tool.key for tool in TOOLS}) == len(TOOLS)


@pytest.mark.parametrize("kind", [one.id for one in KINDS.values() if one.gesture is not Gesture.SPOT])
def test_a_drag_makes_a_mark_that_is_picked_and_can_be_undone(session: EditSession, kind: str) -> None:
    session.use(kind)
    drag(session, (100, 100), (150, 120), (300, 200))
    (mark,) = session.document.marks
    assert (mark.kind, mark.points[0], mark.points[-1]) == (kind, (100, 100), (300, 200))
    assert len(mark.points) == (3 if KINDS[kind].gesture is Gesture.PATH else 2)
    assert session.picked == mark
    session.undo()
    assert [*session.document.marks] == []
    session.redo()
    assert [*session.document.marks] == [mark]


def test_a_click_with_a_tool_for_areas_or_lines_makes_nothing(session: EditSession) -> None:
    for tool in ("box", "arrow", "black-out"):
        session.use(tool)
        drag(session, (100, 100))
    assert session.document.marks == ()
    assert not session.can_undo


def test_numbers_count_on_and_fill_no_gaps(session: EditSession) -> None:
    session.use("number")
    for x in (100, 200, 300):
        drag(session, (x, 100))
    session.use(SELECT)
    drag(session, (200, 100))
    assert session.delete()
    session.use("number")
    drag(session, (400, 100))
    assert [mark.text for mark in session.document.marks] == ["1", "3", "4"]


def test_shift_makes_squares_and_level_lines(session: EditSession) -> None:
    session.use("box")
    drag(session, (100, 100), (200, 150), is_even=True)
    session.use("arrow")
    drag(session, (100, 300), (200, 320), is_even=True)
    drag(session, (500, 300), (480, 100), is_even=True)
    ends = [mark.points[1] for mark in session.document.marks]
    assert ends == [(200, 200), (200, 300), (500, 100)]


def test_a_mark_is_moved_by_what_is_drawn_of_it_and_resized_by_its_handles(session: EditSession) -> None:
    session.use("box")
    drag(session, (100, 100), (300, 200))
    session.use(SELECT)
    drag(session, (200, 150))  # inside of the frame there is nothing to take hold of
    assert session.picked is None
    drag(session, (200, 100), (210, 130))
    assert session.document.marks[0].points == ((110, 130), (310, 230))
    drag(session, (310, 130), (400, 90))
    assert session.document.marks[0].points == ((110, 90), (400, 230))
    session.undo()
    session.undo()
    assert session.document.marks[0].points == ((100, 100), (300, 200))


def test_colour_and_width_are_of_the_next_mark_and_of_the_picked_one(session: EditSession) -> None:
    session.use("pen")
    drag(session, (10, 10), (50, 50))
    session.use_color(COLORS[3])
    session.use_width(2)
    drag(session, (100, 10), (150, 50))
    assert [(mark.color, mark.width) for mark in session.document.marks] == [(COLORS[3], 8.0)] * 2
    session.use_width(9)
    assert session.width_step == 2


def test_writing_is_one_step_and_nothing_written_is_no_mark(session: EditSession) -> None:
    session.use("text")
    drag(session, (100, 100))
    for letter in "Hey":
        session.type(letter)
    session.rub_out()
    session.type("\n")
    session.finish_typing()
    (mark,) = session.document.marks
    assert (mark.text, mark.stencil, mark.stencil_size) == ("He\n", b"He\n", (30, 20))
    session.undo()
    assert session.document.marks == ()
    drag(session, (300, 300))
    session.finish_typing()
    assert session.document.marks == ()
    assert session.can_redo  # it was no step, either


def test_a_text_is_written_on_where_it_is_clicked(session: EditSession) -> None:
    session.use("text")
    drag(session, (100, 100))
    session.type("one")
    drag(session, (600, 600))  # ends the writing, and no more
    assert (kinds(session), session.is_typing) == (["text"], False)
    drag(session, (110, 110))
    session.type(" two")
    session.use(SELECT)
    assert [mark.text for mark in session.document.marks] == ["one two"]
    session.undo()
    assert [mark.text for mark in session.document.marks] == ["one"]


def test_the_crop_is_drawn_dragged_by_its_edges_and_taken_back(session: EditSession) -> None:
    session.use(CROP)
    drag(session, (100, 100), (499, 399))
    assert session.document.crop == (100, 100, 500, 400)
    drag(session, (500, 250), (600, 250))
    assert session.document.crop == (100, 100, 600, 400)
    drag(session, (300, 250), (0, 0))
    assert session.document.crop == (0, 0, 500, 300)
    assert session.delete()
    assert session.document.crop is None
    session.undo()
    assert session.document.crop == (0, 0, 500, 300)


def test_everything_can_be_done_by_keys(session: EditSession) -> None:
    session.use("arrow")
    assert session.put(600, 400, 100)
    assert session.nudge(5, 0)
    assert session.nudge(0, 10, is_resize=True)
    assert session.document.marks[0].points == ((555, 350), (655, 460))
    session.step_selection(1)
    assert session.selected == 0
    session.use(CROP)
    assert session.put(600, 400, 100)
    assert session.document.crop == (500, 350, 700, 450)
    session.use("pen")
    assert not session.put(600, 400, 100)


def test_leaving_gives_up_one_thing_after_the_other(session: EditSession) -> None:
    session.use("box")
    session.press(10, 10, 5)
    session.move(90, 90)
    assert session.leave()
    assert (session.live, session.document.marks, session.tool) == (None, (), "box")
    drag(session, (10, 10), (90, 90))
    assert session.leave()
    assert (session.selected, session.tool) == (-1, "box")
    assert session.leave()
    assert session.tool == SELECT
    assert not session.leave()
    assert kinds(session) == ["box"]


def test_turning_and_resetting_are_steps(session: EditSession) -> None:
    session.use("box")
    drag(session, (10, 10), (90, 90))
    session.rotate(1)
    assert session.document.size == (800, 1200)
    session.reset()
    assert session.document.is_untouched
    session.undo()
    assert session.document.turns == 1
    session.undo()
    assert session.document == Document((1200, 800), marks=session.document.marks)
