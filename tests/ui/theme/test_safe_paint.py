"""No paint code raises into Qt, and none can be added that might."""

from __future__ import annotations

import ast
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

import desktop_vlm.ui
from desktop_vlm.ui.theme.safe_paint import safe_paint, safe_result

UI = Path(desktop_vlm.ui.__file__).parent

CALLED_BY_QT = {
    "QIconEngine": {"paint", "pixmap", "scaledPixmap", "actualSize", "addPixmap", "iconName"},
    "QStyledItemDelegate": {"paint", "sizeHint", "displayText", "initStyleOption"},
    "QItemDelegate": {"paint", "sizeHint", "drawDisplay"},
    "QPyTextObject": {"drawObject", "intrinsicSize"},
    "QTextObjectInterface": {"drawObject", "intrinsicSize"},
    "QProxyStyle": {"drawControl", "drawPrimitive", "drawComplexControl", "polish", "pixelMetric", "styleHint"},
    "QSyntaxHighlighter": {"highlightBlock"},
    "QGraphicsItem": {"paint", "boundingRect"},
    "QGraphicsEffect": {"draw"},
}
"""Methods by base class. `paintEvent` is looked for in every class."""


def paint_methods() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Every method that Qt calls while it paints."""
    for path in sorted(UI.rglob("*.py")):
        for owner in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(owner, ast.ClassDef):
                names = {"paintEvent", "drawBackground", "drawForeground", "drawRow", "drawBranches", "paintSection"}
                names = names.union(*(CALLED_BY_QT.get(ast.unparse(base), set()) for base in owner.bases))
                for one in owner.body:
                    if isinstance(one, ast.FunctionDef) and one.name in names:
                        yield f"{path.relative_to(UI)}: {owner.name}.{one.name}", one


def is_safe(method: ast.FunctionDef) -> bool:
    return any(ast.unparse(one).split("(")[0] in {"safe_paint", "safe_result"} for one in method.decorator_list)


def test_every_method_that_qt_paints_with_is_safe() -> None:
    found = dict(paint_methods())

    assert len(found) >= 25
    assert {"theme/icons.py: _SvgIconEngine.pixmap", "markdown/inline.py: _FormulaObject.drawObject"} <= set(found)
    assert [place for place, method in found.items() if not is_safe(method)] == []


class Broken(QWidget):
    """Fails in the middle of its painting, with its painter in a local variable."""

    painted = 0

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), "#112233")
        self.painted += 1
        self._draw(painter)

    def _draw(self, _painter: QPainter) -> None:
        raise KeyError("trash-2")


@pytest.mark.painting_fails
def test_a_widget_whose_painting_fails_lives_on(qtbot: QtBot, caplog: pytest.LogCaptureFixture) -> None:
    widget = Broken()
    qtbot.addWidget(widget)
    widget.resize(20, 20)
    widget.show()
    qtbot.waitExposed(widget)
    before = widget.painted
    for _ in range(5):
        widget.repaint()
        image = widget.grab().toImage()  # a paint device that goes away: with a painter still on it, Qt aborts
        assert image.pixelColor(10, 10).name() == "#112233"
        del image

    assert widget.painted >= before + 5
    errors = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert len(errors) == 1
    assert "Broken.paintEvent" in errors[0].getMessage()
    assert "KeyError: 'trash-2'" in errors[0].getMessage()
    assert errors[0].exc_info is None


@pytest.mark.painting_fails
def test_a_painter_on_a_pixmap_is_let_go() -> None:
    class Engine:
        @safe_result(QPixmap)
        def pixmap(self, size: QSize) -> QPixmap:
            pixmap = QPixmap(size)
            painter = QPainter(pixmap)
            self.was_active = painter.isActive()
            raise ValueError(str(pixmap.size()))

    engine = Engine()
    made = [engine.pixmap(QSize(8, 8)) for _ in range(3)]

    assert engine.was_active
    assert [pixmap.isNull() for pixmap in made] == [True, True, True]


def test_arguments_and_results_pass_through() -> None:
    class Adder:
        @safe_result(lambda: -1)
        def add(self, one: int, *, other: int) -> int:
            return one + other

    assert Adder().add(2, other=3) == 5
    assert Adder.add.__name__ == "add"
