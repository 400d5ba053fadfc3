"""Marks on the text of an answer: painted over it, never part of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from desktop_vlm.images.text_layer.claims import PassageKind
from desktop_vlm.ui.markdown import MarkdownView
from desktop_vlm.ui.markdown.marks import Mark, MarkKind
from desktop_vlm.ui.markdown.text_part import TextPart
from desktop_vlm.ui.theme import Theme
from tests.ui.markdown.settled_view import SettledView

FOUND, MISSING = MarkKind.FOUND, MarkKind.MISSING
ANSWER = """The \U0001f600 total is `12.50` or **$9.60** $x^2$ "Save as"

- one
- two

> quoted

| A | B |
|---|---|
| c | d |

```json
{"n": 1.5}
```"""


@pytest.fixture
def view(qtbot: QtBot, theme: Theme) -> Iterator[MarkdownView]:
    made = SettledView(theme)
    qtbot.addWidget(made)
    made.resize(500, 600)
    made.set_markdown(ANSWER)
    made.show()
    qtbot.waitExposed(made)
    made.settle()  # what was hidden is laid out now
    yield made
    made.close()


def mark(view: MarkdownView, text: str, kind: MarkKind, key: int = 0) -> Mark:
    """A mark on the first passage that has the text."""
    number, start = next(
        (number, passage.text.index(text)) for number, passage in enumerate(view.passages()) if text in passage.text
    )
    return Mark(number, start, start + len(text), kind, key)


def parts(view: MarkdownView) -> list[TextPart]:
    return [part for part in view.findChildren(TextPart) if part.marks]


def middle_of(part: TextPart) -> QPoint:
    """The middle of its first mark, in its viewport."""
    cursor = QTextCursor(part.document())
    cursor.setPosition((part.marks[0].start + part.marks[0].end) // 2)
    return part.cursorRect(cursor).center() + QPoint(1, 0)


def test_passages_are_what_is_read(view: MarkdownView) -> None:
    passages = view.passages()
    assert [passage.kind for passage in passages] == [
        PassageKind.PROSE,
        PassageKind.ITEM,
        PassageKind.ITEM,
        PassageKind.QUOTE,
        *[PassageKind.HEAD] * 2,
        *[PassageKind.CELL] * 2,
        PassageKind.JSON,
    ]
    (code,) = passages[0].code
    assert passages[0].text[code[0] : code[1]] == "12.50"
    assert passages[1].group == passages[2].group != ""
    assert passages[6].group == passages[4].group != passages[7].group
    assert passages[8].text == '{"n": 1.5}'


@pytest.mark.parametrize("text", ["12.50", "$9.60", '"Save as"', "two", "quoted", "d", "1.5"])
def test_a_mark_covers_its_text(view: MarkdownView, text: str) -> None:
    view.set_marks([mark(view, text, FOUND, 7)])
    (part,) = parts(view)
    cursor = QTextCursor(part.document())
    cursor.setPosition(part.marks[0].start)
    cursor.setPosition(part.marks[0].end, QTextCursor.MoveMode.KeepAnchor)
    assert cursor.selectedText() == text


def test_copied_text_is_unchanged(view: MarkdownView) -> None:
    for part in view.findChildren(TextPart):
        part.selectAll()
        before = part.selected_text()
        view.set_marks([mark(view, "12.50", MISSING), mark(view, "1.5", FOUND), mark(view, "c", MISSING)])
        part.selectAll()
        assert part.selected_text() == before


def test_marks_go_when_the_text_changes(view: MarkdownView) -> None:
    view.set_marks([mark(view, "12.50", MISSING)])
    view.set_markdown(ANSWER)
    assert len(parts(view)) == 1
    view.set_markdown(ANSWER + "\n\nmore", streaming=True)
    assert parts(view) == []


def test_what_is_missing_is_dotted_and_said(view: MarkdownView) -> None:
    before = view.grab().toImage()
    view.set_marks([mark(view, "$9.60", MISSING)])
    (part,) = parts(view)
    assert view.grab().toImage() != before
    assert part.accessibleDescription() == "Not found in the picture: $9.60"
    assert part.tip_at(middle_of(part)) == "Not found in the picture"
    view.set_marks([])
    assert view.grab().toImage() == before
    assert part.accessibleDescription() == ""


def test_what_is_found_leads_to_its_place(qtbot: QtBot, view: MarkdownView) -> None:
    view.set_marks([mark(view, "$9.60", FOUND, 3)])
    (part,) = parts(view)
    plain = view.grab().toImage()
    hovered: list[int] = []
    opened: list[int] = []
    view.mark_hovered.connect(hovered.append)
    view.mark_opened.connect(opened.append)

    qtbot.mouseMove(part.viewport(), middle_of(part))
    qtbot.waitUntil(lambda: hovered == [3])
    assert part.viewport().cursor().shape() == Qt.CursorShape.PointingHandCursor
    assert view.grab().toImage() != plain
    qtbot.mouseClick(part.viewport(), Qt.MouseButton.LeftButton, pos=middle_of(part))
    assert opened == [3]
    part._point_at(None)
    assert hovered == [3, -1]
    assert part.viewport().cursor().shape() == Qt.CursorShape.IBeamCursor

    cursor = QTextCursor(part.document())
    cursor.setPosition(part.marks[0].start + 1)
    part.setTextCursor(cursor)
    qtbot.keyClick(part, Qt.Key.Key_Return)
    assert opened == [3, 3]
    assert "Show in the picture" in [action.text() for action in part.context_menu(middle_of(part)).actions()]


def test_marks_that_go_point_at_nothing(view: MarkdownView) -> None:
    view.set_marks([mark(view, "$9.60", FOUND, 3)])
    (part,) = parts(view)
    hovered: list[int] = []
    view.mark_hovered.connect(hovered.append)
    part._point_at(part.marks[0])
    view.set_marks([])
    assert hovered == [3, -1]


def test_selecting_text_opens_nothing(qtbot: QtBot, view: MarkdownView) -> None:
    view.set_marks([mark(view, "$9.60", FOUND, 3)])
    (part,) = parts(view)
    opened: list[int] = []
    view.mark_opened.connect(opened.append)
    place = middle_of(part)
    qtbot.mousePress(part.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseMove(part.viewport(), place + QPoint(60, 0))
    qtbot.mouseRelease(part.viewport(), Qt.MouseButton.LeftButton, pos=place + QPoint(60, 0))
    assert opened == []


def test_json_gets_a_column_of_ticks(view: MarkdownView) -> None:
    (code,) = [part for part in view.findChildren(TextPart) if part.passages()[0][0].kind is PassageKind.JSON]
    left = code.viewport().rect().adjusted(0, 0, 14 - code.viewport().width(), 0)
    bare = code.viewport().grab(left).toImage()
    view.set_marks([mark(view, "1.5", FOUND)])
    ticked = code.viewport().grab(left).toImage()
    view.set_marks([mark(view, "1.5", MISSING)])
    ringed = code.viewport().grab(left).toImage()
    assert ticked != bare
    assert ringed not in (bare, ticked)
