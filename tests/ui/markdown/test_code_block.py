"""Blocks of code: colours, copies, and long lines."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.markdown import MarkdownView
from desktop_vlm.ui.markdown.code_block import CodeBlock
from tests.ui.markdown.seen import CODE, clipboard, only


def test_code_is_highlighted_and_copied_exactly(view: MarkdownView, qtbot: QtBot) -> None:
    view.set_markdown(f"```py\n{CODE}```")
    block = only(view, CodeBlock)
    first, second = (block.text.document().findBlockByNumber(number) for number in (0, 1))
    runs = [(run.start, run.length) for run in first.layout().formats()]
    assert runs == [(0, 3), (4, 1), (5, 1), (7, 1), (8, 1)]  # def, f, (, ), :
    comment = second.layout().formats()[-1]
    assert second.text().encode("utf-16-le")[2 * comment.start :].decode("utf-16-le") == "# note"
    block.copy_button.setFocus()
    qtbot.keyClick(block.copy_button, Qt.Key.Key_Space)
    assert clipboard() == CODE.removesuffix("\n")
    assert block.copy_button.text() == "Copied"
    assert block.copy_button.accessibleName() == "Copied"
    qtbot.waitUntil(lambda: block.copy_button.text() == "Copy")


def test_colours_while_streaming_end_as_those_of_the_whole(view: MarkdownView) -> None:
    code = '"""Doc\n\nstring."""\n\nimport os\n\n\ndef f():\n    return 1\n'
    for end in range(len(code)):
        view.set_markdown("```python\n" + code[:end], streaming=True)
    view.set_markdown(f"```python\n{code}```")
    assert [run.role for run in only(view, CodeBlock).text._runs[2]] == ["comment"]
    assert [run.role for run in only(view, CodeBlock).text._runs[4]] == ["keyword", "type"]


def test_code_scrolls_sideways_and_leaves_the_wheel_to_the_conversation(view: MarkdownView) -> None:
    view.set_markdown("```\n" + "long " * 200 + "\n```")
    view.resize(600, view.heightForWidth(600))
    QApplication.processEvents()
    text = only(view, CodeBlock).text
    assert text.horizontalScrollBar().maximum() > 1000
    assert text.verticalScrollBar().maximum() == 0
    for delta, taken in ((QPoint(0, -120), False), (QPoint(-120, 0), True)):
        event = QWheelEvent(
            QPointF(5, 5), QPointF(5, 5), QPoint(), delta, Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        text.wheelEvent(event)
        assert event.isAccepted() is taken
    assert text.horizontalScrollBar().value() == 60


def test_json_answer_is_a_code_block(view: MarkdownView) -> None:
    view.set_markdown('{"total": 13.50}')
    assert only(view, CodeBlock).text.code == '{\n  "total": 13.50\n}'
