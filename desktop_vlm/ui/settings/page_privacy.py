"""Settings: what stays on this computer, where, and how to be rid of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QToolButton, QVBoxLayout, QWidget

from desktop_vlm.paths import Paths
from desktop_vlm.ui.settings.control import icon_size
from desktop_vlm.ui.settings.page import Card, Page, text_label
from desktop_vlm.ui.theme import Theme, set_kind


class PathRow(QWidget):
    """A path to read, select and copy."""

    def __init__(self, theme: Theme, label: str, path: Path) -> None:
        super().__init__()
        self._theme = theme
        self._path = str(path)
        shown_path = QLabel(self._path.replace("/", "/\u200b"))  # a long path breaks after a slash
        shown_path.setWordWrap(True)
        shown_path.setTextFormat(Qt.TextFormat.PlainText)
        shown_path.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        shown_path.setAccessibleName(f"{label}: {self._path}")
        set_kind(shown_path, "caption")
        self.copy = QToolButton()
        self.copy.setAccessibleName(self.tr("Copy the path of: {0}").format(label))
        self.copy.setToolTip(self.tr("Copy the path"))
        self.copy.clicked.connect(self._copy)
        text = QVBoxLayout()
        text.setSpacing(2)
        text.addWidget(text_label(label))
        text.addWidget(shown_path)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 10)
        layout.setSpacing(16)
        layout.addLayout(text, 1)
        layout.addWidget(self.copy)
        theme.changed.connect(self._set_icon)
        self._set_icon()

    def leaveEvent(self, event: object) -> None:
        super().leaveEvent(event)  # type: ignore[arg-type]
        self._set_icon()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._path)
        self.copy.setIcon(self._theme.icon("check", "success"))

    def _set_icon(self) -> None:
        self.copy.setIcon(self._theme.icon("copy", "muted"))
        self.copy.setIconSize(icon_size(self._theme))


class PrivacyPage(Page):
    """Signals:
    delete_everything_requested: the person asked for it and confirmed it.
    """

    delete_everything_requested = Signal()

    def __init__(self, theme: Theme, paths: Paths) -> None:
        super().__init__(theme, self.tr("Privacy & data"))
        self._promises: list[tuple[QLabel, str]] = []
        promises = Card()
        for icon, words in (
            ("wifi-off", self.tr("Works offline. Your pictures, questions and answers never leave this computer.")),
            ("unplug", self.tr("Opens no network port, so no other program or web page can talk to it.")),
            ("eye-off", self.tr("No telemetry, no account, no update check.")),
        ):
            promises.add(self._promise(icon, words))
        self.add(promises)
        self.add_heading(self.tr("Where it is kept"))
        places = Card()
        self.places = [
            PathRow(theme, label, path)
            for label, path in (
                (self.tr("Conversations and pictures"), paths.history_file),
                (self.tr("Models"), paths.models_folder),
                (self.tr("Settings"), paths.settings_file),
                (self.tr("Quick actions"), paths.actions_file),
                (self.tr("Log, without pictures or texts"), paths.log_folder),
            )
        ]
        for place in self.places:
            places.add(place)
        self.add(places)
        self.add_heading(self.tr("Delete everything"))
        self._add_deletion()
        self.add_stretch()
        theme.changed.connect(self._set_icons)
        self._set_icons()

    def _promise(self, icon: str, words: str) -> QWidget:
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 11, 0, 11)
        layout.setSpacing(14)
        picture = QLabel()
        picture.setAccessibleName(" ")
        self._promises.append((picture, icon))
        layout.addWidget(picture)
        layout.addWidget(text_label(words), 1)
        return row

    def _add_deletion(self) -> None:
        word = self.tr("DELETE")
        self._word = word
        card = Card()
        about = self.tr(
            "Conversations, pictures, settings, quick actions and logs. Model files stay. There is no undo."
        )
        self.start = QPushButton(self.tr("Delete everything…"))
        self.confirmation = QLineEdit()
        self.confirmation.setPlaceholderText(self.tr("Type {0} to confirm").format(word))
        self.confirmation.setAccessibleName(self.confirmation.placeholderText())
        self.delete = QPushButton(self.tr("Delete everything now"))
        self.cancel = QPushButton(self.tr("Cancel"))
        for button, kind in ((self.start, "danger"), (self.delete, "danger"), (self.cancel, "secondary")):
            set_kind(button, kind)
            button.setAutoDefault(False)
            button.setAccessibleName(button.text().rstrip("…"))
        self.start.clicked.connect(lambda: self._confirming(True))
        self.cancel.clicked.connect(lambda: self._confirming(False))
        self.confirmation.textChanged.connect(lambda text: self.delete.setEnabled(text.strip() == word))
        self.delete.clicked.connect(self._confirmed)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for widget in (self.start, self.confirmation, self.delete, self.cancel):
            buttons.addWidget(widget, 1 if widget is self.confirmation else 0)
        buttons.addStretch(1)
        row = QWidget()
        layout = QVBoxLayout(row)
        layout.setContentsMargins(0, 12, 0, 12)
        layout.setSpacing(12)
        layout.addWidget(text_label(about))
        layout.addLayout(buttons)
        card.add(row)
        self.add(card)
        self._confirming(False)

    def _confirming(self, yes: bool) -> None:
        self.start.setVisible(not yes)
        for widget in (self.confirmation, self.delete, self.cancel):
            widget.setVisible(yes)
        self.confirmation.clear()
        self.delete.setEnabled(False)
        (self.confirmation if yes else self.start).setFocus()

    def _confirmed(self) -> None:
        if self.confirmation.text().strip() == self._word:
            self._confirming(False)
            self.delete_everything_requested.emit()

    def _set_icons(self) -> None:
        side = round(self.theme.text_px * 1.4)
        for label, icon in self._promises:
            label.setPixmap(self.theme.icon(icon, "accent").pixmap(QSize(side, side), self.devicePixelRatioF()))
