"""The tools as buttons, with colours, widths and steps; dark in both themes, as the pictures' ground is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QPushButton, QToolButton, QWidget

from desktop_vlm.images.annotations.marks import COLORS, KINDS, WIDTHS
from desktop_vlm.ui.annotate.session import EditSession
from desktop_vlm.ui.annotate.tools import TOOLS, Tool, label_of
from desktop_vlm.ui.theme import DARK, Theme, set_kind
from desktop_vlm.ui.theme.icons import icon
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.bar_buttons import SIDE, icon_side, side_within
from desktop_vlm.ui.widgets.flow_layout import FlowLayout

_COLOR_NAMES = ("Red", "Orange", "Green", "Blue", "Black", "White")
_WIDTH_NAMES = ("Thin", "Medium", "Thick")
_SPACE = 10
_DOT = 26
"""Width of a colour's button where the others are `SIDE`, px, as is the space's."""


class ToolBar(QWidget):
    """Shows what the session is set to, and sets it.

    Attributes:
        buttons: of the tools, by their id.
        undo, redo: one step back and forward.
    """

    def __init__(
        self, session: EditSession, parent: QWidget, *, leave_out: tuple[str, ...] = (), turns: bool = True
    ) -> None:
        """`leave_out` names tools that are of no use here; `turns` whether the picture can be turned."""
        super().__init__(parent)
        self._session = session
        self._row = FlowLayout(self, spacing=2)
        self.buttons: dict[str, QToolButton] = {}
        self.setAccessibleName(_tr("Tools"))
        for tool in TOOLS:
            if tool.id not in leave_out:
                self.buttons[tool.id] = self._tool_button(tool)
        if turns:
            self._gap()
            self._button("rotate-ccw", _tr("Turn left (Shift+R)"), lambda: session.rotate(-1))
            self._button("rotate-cw", _tr("Turn right (R)"), lambda: session.rotate(1))
        self._gap()
        self._colors = [self._color_button(at) for at in range(len(COLORS))]
        self._gap()
        self._widths = [self._width_button(at) for at in range(len(WIDTHS))]
        self._gap()
        self.undo = self._button("undo-2", _tr("Undo (Ctrl+Z)"), session.undo)
        self.redo = self._button("redo-2", _tr("Redo (Ctrl+Y)"), session.redo)
        session.changed.connect(self._show)
        session.tool_changed.connect(self._show)
        self._show()

    def add(self, widget: QWidget) -> None:
        """Another control at the end."""
        self._row.addWidget(widget)

    def fit(self, theme: Theme, width: int) -> None:
        """Be as large as goes with the text, where that takes one line of this width."""
        parts = self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly)
        as_wide_as_words = [one.sizeHint().width() for one in parts if isinstance(one, QPushButton)]
        room = width - sum(as_wide_as_words) - self._row.spacing() * (len(parts) - 1)
        side = side_within(theme, room, sum(_width(one, SIDE) for one in parts))
        for one in parts:
            if isinstance(one, QPushButton):
                height = side - 2  # within its border
                one.setStyleSheet(f"padding: 0 14px; min-height: {height}px; max-height: {height}px;")
            else:
                one.setFixedSize(_width(one, side), side)
            if isinstance(one, QToolButton):
                one.setIconSize(QSize(1, 1) * icon_side(side))

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._row.heightForWidth(width)

    def sizeHint(self) -> QSize:
        return self._row.sizeHint()

    def without_focus(self) -> None:
        """The keyboard stays with what is below: its keys do the same."""
        for button in self.findChildren(QAbstractButton):
            button.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    # Its parts

    def _tool_button(self, tool: Tool) -> QToolButton:
        made = self._button(tool.icon, f"{label_of(tool)} ({tool.key})", lambda: self._session.use(tool.id))
        made.setCheckable(True)
        return made

    def _button(self, icon_name: str, text: str, do: Callable[[], object]) -> QToolButton:
        made = QToolButton(self)
        set_kind(made, "on-dark")
        made.setIcon(icon(icon_name, DARK.text, DARK.control))
        _name(made, text, do)
        self._row.addWidget(made)
        return made

    def _color_button(self, at: int) -> _Dot:
        made = _Dot(self, QColor(COLORS[at]), 7.5)
        _name(made, f"{_tr(_COLOR_NAMES[at])} ({at + 1})", lambda: self._session.use_color(COLORS[at]))
        self._row.addWidget(made)
        return made

    def _width_button(self, at: int) -> _Dot:
        made = _Dot(self, QColor(DARK.text), 2.0 + 1.8 * at)
        _name(made, f"{_tr(_WIDTH_NAMES[at])} ([ ])", lambda: self._session.use_width(at))
        self._row.addWidget(made)
        return made

    def _gap(self) -> None:
        space = QWidget(self)
        self._row.addWidget(space)

    def _show(self) -> None:
        session = self._session
        for id_, button in self.buttons.items():
            button.setChecked(id_ == session.tool)
        mark = session.picked
        kind = KINDS.get(mark.kind if mark is not None else session.tool)
        for dot, color in zip(self._colors, COLORS, strict=True):
            dot.setChecked(color == (mark.color if mark is not None and not mark.hides else session.color))
            dot.setEnabled(kind is None or not kind.hides)
        for at, dot in enumerate(self._widths):
            dot.setChecked(at == session.width_step)
        self.undo.setEnabled(session.can_undo)
        self.redo.setEnabled(session.can_redo)


class _Dot(QAbstractButton):
    """A round patch of colour."""

    def __init__(self, parent: QWidget, color: QColor, radius: float) -> None:
        super().__init__(parent)
        self._color = color
        self._radius = radius
        self.setCheckable(True)

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setOpacity(1.0 if self.isEnabled() else 0.3)
        center = QPointF(QRectF(self.rect()).center())
        if self.isChecked() or self.hasFocus() or self.underMouse():
            painter.setPen(QColor(DARK.accent if self.isChecked() or self.hasFocus() else DARK.control))
            painter.setBrush(QColor(DARK.hover))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 4.5, -1.5, -4.5), 7, 7)
        if self.hasFocus():
            painter.setPen(QPen(QColor(DARK.text), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(2, 5, -2, -5), 7, 7)
        painter.setPen(QColor(DARK.control))  # black is seen on black, too
        painter.setBrush(self._color)
        radius = self._radius * self.height() / SIDE
        painter.drawEllipse(center, radius, radius)
        painter.end()


def _width(part: QWidget, side: int) -> int:
    """Of what is not as wide as its words, with buttons of this side, px; 0 of the others."""
    if isinstance(part, QPushButton):
        return 0
    return side if isinstance(part, QToolButton) else side * (_DOT if isinstance(part, _Dot) else _SPACE) // SIDE


def _name(button: QAbstractButton, text: str, do: Callable[[], object]) -> None:
    """`text` is the tool tip, and without its key the accessible name."""
    button.setToolTip(text)
    button.setAccessibleName(text.split(" (", maxsplit=1)[0])
    button.clicked.connect(lambda _checked=False: do())


def _tr(text: str) -> str:
    return QCoreApplication.translate("Annotations", text)
