"""The editor: a picture over all of its window, with tools above and what happens to it below."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from desktop_vlm.images.annotations.document import Document
from desktop_vlm.ui.annotate.canvas import EditCanvas
from desktop_vlm.ui.annotate.lettering import letter
from desktop_vlm.ui.annotate.session import EditSession
from desktop_vlm.ui.annotate.subject import Opened, Subject, edited, open_subject, pixels_file
from desktop_vlm.ui.annotate.toolbar import ToolBar
from desktop_vlm.ui.annotate.tools import CROP
from desktop_vlm.ui.pictures.background import Background, Stop
from desktop_vlm.ui.pictures.loading import PictureData
from desktop_vlm.ui.pictures.saving import PictureExport
from desktop_vlm.ui.pictures.viewer_bar import on_dark_label
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.painting import elided

_BACKDROP = QColor(14, 14, 16)


_BESIDE_TOOLS = 12
"""To the edges of the editor, px."""


class PictureEditor(QWidget):
    """Covers its parent while open.

    Attributes:
        session, canvas, tools: its parts.
        done, cancel, reset: its buttons.

    Signals:
        applied: the NewPicture that was made; whoever takes it closes the editor.
        closed: it is away.
    """

    applied = Signal(object)
    closed = Signal()

    def __init__(self, theme: Theme, subject: Subject, parent: QWidget) -> None:
        super().__init__(parent)
        self.subject = subject
        self._theme = theme
        self._background = Background(self)
        self._stop = Stop()
        self._before = QApplication.focusWidget()
        self._first: Document | None = None
        self._shown_turns = 0
        self._frame = self._n_frames = 1
        self._is_busy = False
        self._is_warned = False
        self.session = EditSession(Document((1, 1)), letter, self)
        self.canvas = EditCanvas(self.session, self)
        self.canvas.finished.connect(self.apply)
        self.canvas.left.connect(self._escape)
        self.tools = ToolBar(self.session, self)
        self._export = PictureExport(self)
        self._export.copied.connect(lambda: self._say(self.tr("Copied")))
        self._export.saved.connect(lambda _path: self._say(self.tr("Saved")))
        self._export.failed.connect(self._say)
        self._build()
        self.session.changed.connect(self._changed)
        theme.changed.connect(self._fit)
        self.setAccessibleName(self.tr("Edit the picture"))
        parent.installEventFilter(self)
        self.setGeometry(parent.rect())
        self.show()
        self.raise_()
        self.canvas.setFocus(Qt.FocusReason.PopupFocusReason)
        self._load(None)

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(16, 10, 12, 2)
        head.setSpacing(8)
        self._name = on_dark_label("on-dark", self)
        self._note = on_dark_label("on-dark-muted", self)
        head.addWidget(self._name)
        head.addWidget(self._note, 1)
        self.reset = self._button(self.tr("Reset"), self.session.reset)
        self.reset.setToolTip(self.tr("Show the original again"))
        self.cancel = self._button(self.tr("Cancel"), self.close_editor)
        self.done = self._button(self.tr("Done"), self.apply)
        set_kind(self.done, "on-dark-primary")
        for button in (self.reset, self.cancel, self.done):
            head.addWidget(button)
        row = QHBoxLayout()
        row.setContentsMargins(_BESIDE_TOOLS, 2, _BESIDE_TOOLS, 4)
        row.addWidget(self.tools)
        self.sentence = on_dark_label("on-dark-muted", self)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.sentence.setWordWrap(True)
        self.sentence.setContentsMargins(16, 6, 16, 10)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(row)
        column.addWidget(self.canvas, 1)
        column.addWidget(self.sentence)

    def _button(self, text: str, do: object) -> QPushButton:
        made = QPushButton(text, self)
        set_kind(made, "on-dark")
        made.setAutoDefault(False)
        made.clicked.connect(do)
        return made

    # The picture

    def _load(self, turns: int | None) -> None:
        self.canvas.show_levels([])
        self._say(self.tr("Opening\u2026"))
        self._background.run(partial(open_subject, self.subject, turns, self._stop.check), self._opened, self._failed)

    def _opened(self, opened: Opened) -> None:
        if not self._is_warned:  # which is to be read, although the picture came only now
            self._say("")
        if self._first is None:
            self._first = opened.document
            self._frame, self._n_frames = opened.frame, opened.n_frames
            self._shown_turns = opened.document.turns
            self.session.start_from(opened.document)
            if self.subject.crops:
                self.session.use(CROP)
        if opened.document.turns % 4 == self.session.document.turns:
            self._shown_turns = opened.document.turns
            self.canvas.show_levels(opened.levels)
        self._show_document()

    def _changed(self) -> None:
        self._is_warned = False
        self._show_document()

    def _show_document(self) -> None:
        document = self.session.document
        if self._first is not None and document.turns != self._shown_turns:
            self._shown_turns = document.turns
            self._load(document.turns)
        is_ready = self._first is not None and not self._is_busy
        self.done.setEnabled(is_ready)
        self.reset.setEnabled(is_ready and not document.is_untouched)
        self.sentence.setText(f"{self._about_animation(document)} {self._sentence(document)}".strip())
        self._show_name()

    def _about_animation(self, document: Document) -> str:
        if self._n_frames == 1:
            return ""
        if document.hides:
            words = self.tr("This is frame {0} of {1} of an animation; its others may show what you hide, and go, too.")
        else:
            words = self.tr("This is frame {0} of {1} of an animation; only it becomes the edited picture.")
        return words.format(self._frame, self._n_frames)

    def _sentence(self, document: Document) -> str:
        if not document.hides:
            return self.tr("The original is kept: you can change this again, or reset it, at any time.")
        if self.subject.messages:
            return self.tr(
                "Done takes what is blurred or blacked out away for good, also where the picture is kept already; all "
                "else can be changed or reset later."
            )
        return self.tr(
            "Done takes what is blurred or blacked out away for good, from the original, too; all else can be changed "
            "or reset later."
        )

    def _say(self, text: str) -> None:
        self._note.setText(text)

    def _failed(self, sentence: str) -> None:
        self._is_busy = False
        self._say(sentence)
        self.done.setEnabled(self._first is not None)

    def report(self, sentence: str) -> None:
        """Say why it was not applied; it can be tried again."""
        self._failed(sentence)

    # What the person wants

    @property
    def is_changed(self) -> bool:
        """Whether something would be lost by closing it."""
        return self._first is not None and self.session.document != self._first

    def apply(self) -> None:
        """Make the picture."""
        self.session.finish_typing()
        if self._first is None or self._is_busy:
            return
        if not self.is_changed:
            self.close_editor()
            return
        self._is_busy = True
        self.done.setEnabled(False)
        self._say(self.tr("Making the picture\u2026"))
        work = partial(edited, self.subject, self.session.document, self._stop.check)
        self._background.run(work, self.applied.emit, self._failed)

    def copy(self) -> None:
        """What the picture looks like now, into the clipboard."""
        self.session.finish_typing()
        self._export.copy(self._pixels(), self.subject.name)

    def save(self) -> None:
        """The same, into a file."""
        self.session.finish_typing()
        self._export.ask_and_save(self.window(), self._pixels(), self.subject.name)

    def _pixels(self) -> PictureData:
        return partial(pixels_file, self.subject, self.session.document, self._stop.check)

    def close_editor(self) -> None:
        """Hide; nothing is applied, and what is being made for it ends."""
        if self.isHidden():
            return
        self._stop.set()
        self.hide()
        before = self._before
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.canvas.show_levels([])
        self.closed.emit()
        self.deleteLater()

    def _escape(self) -> None:
        if self.is_changed and not self._is_warned:
            self._say(self.tr("Escape once more discards the changes."))
            self._is_warned = True
        else:
            self.close_editor()

    # Events

    def _show_name(self) -> None:
        self._name.setText(elided(self.subject.name, self._theme.font(), max(60, self.width() // 3)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        parent = self.parentWidget()
        if event.type() == QEvent.Type.Resize and parent is not None and watched is parent:
            self.setGeometry(parent.rect())
        return False

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.accept()  # none of the window behind
            return True
        if event.type() == QEvent.Type.Resize:
            self._fit()
        return super().event(event)

    def _fit(self) -> None:
        self.tools.fit(self._theme, self.width() - 2 * _BESIDE_TOOLS)
        self._show_name()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.Save):
            self.save()
        elif self.canvas.takes(event) and not self.canvas.hasFocus():
            self.canvas.keyPressEvent(event)
        # all other keys end here: what is behind cannot be seen

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab goes round in here."""
        if self.isHidden():
            return super().focusNextPrevChild(forward)
        children = (one for one in self.findChildren(QWidget) if one.focusPolicy() & Qt.FocusPolicy.TabFocus)
        stops = [one for one in children if one.isVisible() and one.isEnabled()]
        focused = self.focusWidget()
        here = next((i for i, stop in enumerate(stops) if stop is focused), -1 if forward else 0)
        stops[(here + (1 if forward else -1)) % len(stops)].setFocus(Qt.FocusReason.TabFocusReason)
        return True

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), _BACKDROP)
        painter.end()
