"""Putting another style sheet on every widget, in as many turns of the event loop as it takes.

`QApplication.setStyleSheet` looks at each widget that was ever shown, one after the other, before it returns: a tenth
of a millisecond for each, of which hundreds are there. So they are taken from the old style one by one before, and
given to the new one behind, and in between Qt finds nothing left to do. Layouts rest meanwhile: half of what they would
arrange has the sizes of no style.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import cast

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QSplitter, QWidget
from shiboken6 import isValid

_POLISHED = Qt.WidgetAttribute.WA_WState_Polished
"""Whether the style has looked at a widget; Qt styles those again, and only those."""


class Restyling:
    """One style after another.

    Attributes:
        bare: widgets that have no style now, and are to have one in the end.
    """

    def __init__(self, app: QApplication) -> None:
        self._app = app
        self.bare: list[QWidget] = []

    def steps(self, take_sheet: Callable[[], None]) -> Iterator[None]:
        """Each step is a part of a millisecond, but for `take_sheet`, which sets the application's font and sheet.

        Who begins again before the last one takes over what that has left bare.
        """
        for widget in _styled(self._app):
            if isValid(widget) and widget.testAttribute(_POLISHED):
                widget.style().unpolish(widget)
                widget.setAttribute(_POLISHED, False)
                self.bare.append(widget)
                yield
        take_sheet()
        yield
        self.bare.sort(key=_depth)  # a font comes from the widget around: who is styled before that keeps the old one
        yield
        laid_out = [widget for widget in self._app.allWidgets() if _arranges(widget)]
        while self.bare:
            if isValid(widget := self.bare.pop(0)):
                _style(widget)
                yield
        for widget in laid_out:
            if isValid(widget):
                QCoreApplication.postEvent(widget, QEvent(QEvent.Type.LayoutRequest))

    @staticmethod
    def rest_layouts() -> None:
        """After some steps: nothing is laid out that these changed; behind the last of them all of it is."""
        QCoreApplication.removePostedEvents(
            cast("QObject", None),  # whoever it is for
            QEvent.Type.LayoutRequest.value,
        )


def _styled(app: QApplication) -> list[QWidget]:
    """Those that the application's sheet alone is for; what has its own, and what is in it, Qt styles itself."""
    widgets = app.allWidgets()
    own = {id(widget) for widget in widgets if widget.styleSheet()}
    own |= {id(child) for widget in widgets if id(widget) in own for child in widget.findChildren(QWidget)}
    return [widget for widget in widgets if id(widget) not in own]


def _style(widget: QWidget) -> None:
    """As Qt does it."""
    widget.style().polish(widget)
    widget.setAttribute(_POLISHED)
    QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.StyleChange))
    widget.update()


def _depth(widget: QWidget) -> int:
    """How many widgets it is in; 0 also where it is gone."""
    depth, around = 0, widget.parentWidget() if isValid(widget) else None
    while around is not None:
        depth, around = depth + 1, around.parentWidget()
    return depth


def _arranges(widget: QWidget) -> bool:
    return widget.layout() is not None or isinstance(widget, QSplitter | QAbstractScrollArea)
