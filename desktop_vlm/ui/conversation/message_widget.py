"""What questions and answers have in common."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QMimeData, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QWidget

from desktop_vlm.history.records import Message
from desktop_vlm.ui.theme import Theme


class MessageWidget(QWidget):
    """A message with a row of tools and the way through its versions.

    Attributes:
        message: what is shown.
        tools: the row of tools, to be laid out by the subclass.

    Signals:
        height_changed: the content became taller or shorter.
        version_requested: id of another version of this message.
    """

    height_changed = Signal()
    version_requested = Signal(int)

    def __init__(self, theme: Theme, message: Message) -> None:
        super().__init__()
        self.theme = theme
        self.message = message
        self.tools = QHBoxLayout()
        self.tools.setSpacing(2)
        self.tools.setContentsMargins(0, 0, 0, 0)
        self._buttons: list[tuple[QToolButton, str]] = []
        theme.changed.connect(self._color_tools)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.height_changed.emit()
        return super().event(event)

    def light_up(self, words: Sequence[str]) -> None:
        """Show where words of a search stand; () ends it."""
        raise NotImplementedError

    def lit_top(self) -> int | None:
        """Upper edge of the first place that is lit up, px of this widget; None where there is none."""
        return None

    def add_tool(self, icon: str, name: str, clicked: Callable[[], object]) -> QToolButton:
        """A button in the row of tools."""
        button = QToolButton()
        button.setProperty("small", True)
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setIcon(self.theme.icon(icon, "faint"))
        button.clicked.connect(lambda _=False: clicked())
        self.tools.addWidget(button)
        self._buttons.append((button, icon))
        return button

    def add_copy_tool(self, copied: Callable[[], str | QMimeData]) -> None:
        """A button that copies the message and says so."""

        def copy() -> None:
            what = copied()
            if isinstance(what, str):
                QGuiApplication.clipboard().setText(what)
            else:
                QGuiApplication.clipboard().setMimeData(what)
            button.setIcon(self.theme.icon("check", "success"))
            button.setToolTip(self.tr("Copied"))

        button = self.add_tool("copy", self.tr("Copy"), copy)

    def add_versions(self) -> None:
        """Arrows through the versions of this message, where there are several."""
        versions = self.message.siblings
        if len(versions) < 2:
            return
        at = versions.index(self.message.id)
        back = self.add_tool(
            "chevron-left", self.tr("Previous version"), lambda: self.version_requested.emit(versions[at - 1])
        )
        back.setEnabled(at > 0)
        place = QLabel(f"{at + 1} / {len(versions)}")
        place.setProperty("kind", "caption")
        place.setAccessibleName(self.tr("Version {0} of {1}").format(at + 1, len(versions)))
        self.tools.addWidget(place)
        on = self.add_tool(
            "chevron-right", self.tr("Next version"), lambda: self.version_requested.emit(versions[at + 1])
        )
        on.setEnabled(at + 1 < len(versions))

    def _color_tools(self) -> None:
        for button, icon in self._buttons:
            button.setIcon(self.theme.icon(icon, "faint"))
