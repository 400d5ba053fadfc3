"""The line above the conversation: its title, what can be done with the whole of it, and the way to the models."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QToolButton, QWidget

from desktop_vlm.ui.models.protocol import Job, JobState
from desktop_vlm.ui.models.sentences import job_text, job_title, percent_text
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.elided_label import ElidedLabel
from desktop_vlm.ui.widgets.menu import Menu

_LEAST_PX = 240
_TITLE = 9
"""So many text sizes of a title are worth more than the words on the buttons."""


class TopBar(QWidget):
    """Title, export, and the switches of the two side panels.

    Signals:
        sidebar_toggled, panel_toggled: a side panel shall be shown or hidden.
        export_requested: the conversation shall be written to a file; name of the exporter.
        models_requested: the person wants to see the models.
        own_requested: they want the settings of this conversation.
    """

    sidebar_toggled = Signal()
    panel_toggled = Signal()
    export_requested = Signal(str)
    models_requested = Signal()
    own_requested = Signal()

    def __init__(self, theme: Theme, exporters: list[tuple[str, str]], parent: QWidget | None = None) -> None:
        """`exporters`: (id, label) of each."""
        super().__init__(parent)
        self._theme = theme
        self.setMinimumWidth(_LEAST_PX)  # its buttons give way, see `_show_texts`
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 8, 12, 8)
        row.setSpacing(6)
        self._sidebar = self._tool(self.tr("Show or hide the conversations (Ctrl+B)"), "panel-left")
        self._sidebar.clicked.connect(self.sidebar_toggled)
        row.addWidget(self._sidebar)
        self._title = ElidedLabel()
        self._title.setProperty("kind", "heading")
        self._title.setMinimumWidth(60)
        row.addWidget(self._title, 1)
        self._own = self._tool(self.tr("Instructions and sampling of this conversation"), "sliders-horizontal")
        self._own.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._own.clicked.connect(self.own_requested)
        row.addWidget(self._own)
        self._export = self._tool(self.tr("Export the conversation (Ctrl+Shift+E)"), "download")
        menu = Menu(self._export)
        for exporter, label in exporters:
            menu.addAction(label, partial(self.export_requested.emit, exporter))
        self._export.setMenu(menu)
        self._export.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        row.addWidget(self._export)
        self._models = QPushButton()
        self._models.setProperty("kind", "chip")
        self._models.setToolTip(self.tr("Show the models (Ctrl+Shift+M)"))
        self._models.clicked.connect(self.models_requested)
        row.addWidget(self._models)
        self._panel = QPushButton(self.tr("What the model sees"))
        self._panel.setProperty("kind", "chip")
        self._panel.setCheckable(True)
        self._panel.setToolTip(self.tr("Show what the model sees (Ctrl+I)"))
        self._panel.clicked.connect(self.panel_toggled)
        row.addWidget(self._panel)
        theme.changed.connect(self._take_icons)
        theme.changed.connect(self._show_texts)
        self.show_models(None)

    def show_models(self, job: Job | None) -> None:
        """Say what is being done about models; without a job, only where they are."""
        icons = {
            JobState.PAUSED: ("pause", "muted"),
            JobState.FAILED: ("triangle-alert", "warning"),
        }
        self._models_icon = icons.get(job.state, ("download", "accent")) if job else ("boxes", "faint")
        text = self.tr("Models")
        if job:
            text = " · ".join(filter(None, (job.name, percent_text(job))))
        self._models_text = f" {text}"
        self._models.setAccessibleName(f"{job_title(job)}, {job_text(job)}" if job else text)
        self._show_texts()
        self._take_icons()

    _models_icon = ("boxes", "faint")

    def show_title(self, title: str) -> None:
        self._title.setText(title)
        self._show_texts()

    _own_text = ""

    def show_own(self, words: str) -> None:
        """Say what of the conversation differs from the settings; "" for nothing."""
        self._own_text = f" {words}" if words else ""
        self._show_texts()
        name = self.tr("Instructions and sampling of this conversation")
        self._own.setAccessibleName(f"{name}: {words}" if words else name)

    def show_export(self, possible: bool) -> None:
        self._export.setVisible(possible)

    def open_export(self) -> None:
        """Open the menu of formats, as the keyboard does."""
        if self._export.isVisible():
            self._export.showMenu()

    def show_pictures(self, included: int, total: int, *, shown: bool, warning: bool) -> None:
        """Say how many pictures the model sees, and whether the panel is open."""
        self._panel.setVisible(total > 0)
        self._panel.setChecked(shown)
        self._warning = warning
        text = " " + self.tr("What the model sees")
        counted = included != total or total > 1
        self._panel_text = f"{text} · {included}/{total}" if counted else text
        self._short_panel_text = f" {included}/{total}" if counted else ""
        self._panel.setAccessibleName(self._panel_text.strip())
        self._show_texts()
        self._take_icons()

    _models_text = _panel_text = _short_panel_text = ""
    _warning = False

    def _show_texts(self) -> None:
        """Where there is little room, icons alone say what the buttons are for."""
        self._models.setText(self._models_text)
        self._panel.setText(self._panel_text)
        self._own.setText(self._own_text)
        layout = self.layout()
        if layout is None:
            return
        layout.invalidate()  # the text may have another size
        title_px = min(
            self._title.fontMetrics().horizontalAdvance(self._title.text()) + 2, _TITLE * self._theme.text_px
        )
        room = self.width() - max(0, title_px - self._title.minimumWidth())
        for button, short in ((self._own, ""), (self._models, ""), (self._panel, self._short_panel_text)):
            if layout.minimumSize().width() > room:
                button.setText(short)

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)  # type: ignore[arg-type]
        self._show_texts()

    def _tool(self, name: str, icon: str) -> QToolButton:
        button = QToolButton()
        button.setToolTip(name)
        button.setAccessibleName(name)
        button.setProperty("lucide", icon)
        return button

    def _take_icons(self) -> None:
        for button in (self._sidebar, self._own, self._export):
            button.setIcon(self._theme.icon(button.property("lucide")))
        self._models.setIcon(self._theme.icon(*self._models_icon))
        self._panel.setIcon(
            self._theme.icon("triangle-alert", "warning") if self._warning else self._theme.icon("scan-eye", "faint")
        )
