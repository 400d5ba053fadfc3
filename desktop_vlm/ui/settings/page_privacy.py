"""Settings: what stays on this computer, where, and how to be rid of it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop_vlm.system.paths import Paths
from desktop_vlm.ui.settings.page import Page
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.cards import Card, CopyRow, text_label
from desktop_vlm.ui.widgets.text_menu import use_text_menu


class PrivacyPage(Page):
    """Signals:
    delete_everything_requested: the person asked for it and confirmed it.
    backup_requested, restore_requested: of everything in one file.
    """

    delete_everything_requested = Signal()
    backup_requested = Signal()
    restore_requested = Signal()

    def __init__(self, theme: Theme, paths: Paths) -> None:
        super().__init__(theme, self.tr("Privacy and data"))
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
            CopyRow(theme, label, str(path))
            for label, path in (
                (self.tr("Conversations and pictures"), paths.history_file),
                (self.tr("Recent captures, where they outlive the session"), paths.captures_folder),
                (self.tr("Models"), paths.models_folder),
                (self.tr("Settings"), paths.settings_file),
                (self.tr("Quick actions"), paths.actions_file),
                (self.tr("Log, without pictures or texts"), paths.log_folder),
            )
        ]
        for place in self.places:
            places.add(place)
        self.add(places)
        self.add_heading(self.tr("Backup"))
        self._add_backup()
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

    def _add_backup(self) -> None:
        about = self.tr(
            "All conversations with their pictures, the settings and the quick actions in one file. Models are not in "
            "it. Whoever has the file can read it, so keep it where you keep your letters."
        )
        self.back_up = QPushButton(self.tr("Back up everything…"))
        self.restore = QPushButton(self.tr("Restore a backup…"))
        self.back_up.clicked.connect(self.backup_requested)
        self.restore.clicked.connect(self.restore_requested)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.back_up, self.restore):
            button.setAutoDefault(False)
            button.setAccessibleName(button.text().rstrip("…"))
            buttons.addWidget(button)
        buttons.addStretch(1)
        row = QWidget()
        layout = QVBoxLayout(row)
        layout.setContentsMargins(0, 12, 0, 12)
        layout.setSpacing(12)
        layout.addWidget(text_label(about))
        layout.addLayout(buttons)
        card = Card()
        card.add(row)
        self.add(card)

    def _add_deletion(self) -> None:
        word = self.tr("DELETE")
        self._word = word
        card = Card()
        about = self.tr(
            "Conversations, pictures, settings, quick actions and logs. Model files stay. There is no undo."
        )
        self.start = QPushButton(self.tr("Delete everything…"))
        self.confirmation = QLineEdit()
        use_text_menu(self.confirmation)
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
