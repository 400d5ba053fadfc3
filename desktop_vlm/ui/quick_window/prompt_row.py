"""The first row: the picture, the question, and the button that asks or stops."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QToolTip, QWidget

from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.menu import PICTURE_ENTRIES, add_picture_entries
from desktop_vlm.ui.pictures.sources import can_read, prefers_text
from desktop_vlm.ui.pictures.thumbnail import PictureItem, Thumbnail
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.menu import passing_menu
from desktop_vlm.ui.widgets.question_field import QuestionField

_PICTURE_PX = 56


class PromptRow(QWidget):
    """What is asked.

    Attributes:
        field, button: the text, and what asks it.
        answering: whether an answer is on its way; the button stops it then.

    Signals:
        entered: the person wants the question asked.
        stopped: the person wants the answer to end.
        hiding_requested: the person wants to hide private text of the picture.
        entry_chosen: something else shall be done with it: id of one of `PICTURE_ENTRIES`, or "open".
        pointed: the question is about a place in it, a Pointer.
    """

    entered = Signal()
    stopped = Signal()
    hiding_requested = Signal()
    entry_chosen = Signal(str)
    pointed = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._has_picture = False
        self._taken = ""
        self._was_asked = False
        self.answering = False
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 14, 14, 12)
        row.setSpacing(12)
        self._picture = Thumbnail(theme, _PICTURE_PX, removable=False, parent=self)
        self._picture.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the keyboard stays in the question
        self._picture.clicked.connect(lambda: self._choose("open"))
        self._picture.pointed.connect(self._point)
        self._picture.hiding_asked.connect(self.hiding_requested)
        self._picture.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self._picture.customContextMenuRequested.connect(
            lambda at: self.make_menu().popup(self._picture.mapToGlobal(at))
        )
        row.addWidget(self._picture)
        self.field = QuestionField(can_read, prefers_text)
        self.field.entered.connect(self.entered)
        self.field.textChanged.connect(self._update)
        self.field.installEventFilter(self)
        row.addWidget(self.field, 1, Qt.AlignmentFlag.AlignVCenter)
        self.button = QToolButton()
        self.button.setProperty("kind", "send")
        self.button.setIconSize(QSize(18, 18))
        self.button.clicked.connect(self._pressed)
        row.addWidget(self.button)
        theme.changed.connect(self._update)
        self._restyle()
        theme.changed.connect(self._restyle)
        self._update()

    def begin(self, picture: NewPicture | None, image: QImage | None, text: str = "") -> None:
        """Start with a picture, and a text that is ready to be written over."""
        self._has_picture = picture is not None
        self._was_asked = False
        self._taken = ""
        self._picture.setVisible(picture is not None)
        if picture is not None:
            self.show_picture(picture, image)
        self.field.setPlainText(text)
        self.field.selectAll()
        self._update()

    def show_picture(self, picture: NewPicture, image: QImage | None = None) -> None:
        """Show another picture; the text stays."""
        shown = QImage.fromData(picture.data) if image is None else image
        item = PictureItem(picture.name, shown, None, picture.width, picture.height)
        self._picture.set_item(1, item._replace(pointers=picture.pointers, edited=picture.edit is not None))

    def show_private(self, count: int, hint: str) -> None:
        """Point out private text of the picture, as long as nothing was asked about it."""
        count = 0 if self._was_asked else count
        self._picture.set_item(1, self._picture.item._replace(private=count, private_hint=hint))

    def make_menu(self) -> QMenu:
        """What can be done with the picture."""
        menu = passing_menu(self)
        add_picture_entries(menu, self._theme, self._choose, PICTURE_ENTRIES)
        menu.setEnabled(not self._was_asked)
        return menu

    def _choose(self, entry: str) -> None:
        if self._was_asked:
            return
        if entry == "hide":
            self.hiding_requested.emit()
        else:
            self.entry_chosen.emit(entry)

    def _point(self, pointer: object) -> None:
        if not self._was_asked:
            self.pointed.emit(pointer)

    def note(self, sentence: str) -> None:
        """Say for a moment what was just done."""
        QToolTip.showText(self._picture.mapToGlobal(self._picture.rect().bottomLeft()), sentence, self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Copying means the picture while no text is selected, and saving always does."""
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            is_free = self._has_picture and not self._was_asked
            has_selection = self.field.textCursor().hasSelection()
            keys = {QKeySequence.StandardKey.Save: "save"}
            if not has_selection:
                keys[QKeySequence.StandardKey.Copy] = "copy"
            entry = next((entry for key, entry in keys.items() if event.matches(key)), "")
            if is_free and entry:
                self._choose(entry)
                return True
        return super().eventFilter(watched, event)

    def text(self) -> str:
        return self.field.toPlainText().strip()

    def can_ask(self) -> bool:
        """Whether there is something to ask: a text, or a picture that has not been asked about."""
        return bool(self.text() or (self._has_picture and not self._was_asked))

    def take(self) -> str:
        """The question; the field is free for the next one."""
        self._taken = self.text()
        self._was_asked = True
        self.show_private(0, "")
        self.field.clear()
        return self._taken

    def take_back(self) -> None:
        """Put a question that nobody answered back into the field, unless there is another one by now."""
        self._was_asked = False
        if not self.text():
            self.field.setPlainText(self._taken)
            self.field.selectAll()
        self._update()

    def set_answering(self, answering: bool) -> None:
        """Offer to stop instead of to ask."""
        self.answering = answering
        self._update()

    def _pressed(self) -> None:
        if self.answering:
            self.stopped.emit()
        else:
            self.entered.emit()

    def _restyle(self) -> None:
        self.field.setFont(self._theme.font(1.12))

    def _update(self) -> None:
        ready = self.answering or self.can_ask()
        self.button.setEnabled(ready)
        self.button.setIcon(
            self._theme.icon("square" if self.answering else "arrow-up", "on_accent" if ready else "faint")
        )
        name = self.tr("Stop") if self.answering else self.tr("Ask")
        self.button.setAccessibleName(name)
        self.button.setToolTip(name)
        if self._was_asked:
            self.field.setPlaceholderText(self.tr("Ask another question"))
        else:
            about = self.tr("Ask about the picture")
            self.field.setPlaceholderText(about if self._has_picture else self.tr("Ask anything"))
