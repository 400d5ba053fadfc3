"""The quick window: a card over everything else, away again with Escape."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QMargins, QRect, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QCursor,
    QGuiApplication,
    QHideEvent,
    QImage,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.ui.desktop.session import Session, current_session
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.quick_actions.sentences import fitting
from desktop_vlm.ui.quick_window.answer_area import AnswerArea
from desktop_vlm.ui.quick_window.focus import Focus, platform_focus
from desktop_vlm.ui.quick_window.foot import Foot
from desktop_vlm.ui.quick_window.prompt_row import PromptRow
from desktop_vlm.ui.quick_window.shadow import MARGINS, draw_shadow
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.safe_paint import safe_paint
from desktop_vlm.ui.widgets.action_chips import ActionChips
from desktop_vlm.ui.widgets.menu import round_corners
from desktop_vlm.ui.widgets.on_screen import moved_inside

WIDTH_PX = 560
"""Of the card."""

_RADIUS_PX = 12
_TOP = 0.2  # of the screen, above the card
_LARGEST_ANSWER = 0.6  # of the screen
_OTHER_PARTS_PX = 230
"""Height of everything but the answer."""
_SMALLEST_ANSWER_PX = 60


class QuickWindow(QWidget):
    """A picture, a question and its answer.

    It stays in front until it is sent away, and then the keyboard is back where it was.

    Attributes:
        prompt, chips, answer, foot: its parts from top to bottom.

    Signals:
        asked: what was typed, and a QuickAction or None.
        hurried: Enter was pressed again while the answer is being made.
        stop_requested: the running answer shall end.
        expand_requested: this shall go on in the main window; the quick window hides itself afterwards.
        close_requested: JSON that was cut off, in its last complete form; once more: as it was.
        crop_requested: the picture shall be cropped, as its text is too small.
        hiding_requested: private text of the picture shall be hidden.
        hidden: it is away.
    """

    asked = Signal(str, object)
    hurried = Signal()
    stop_requested = Signal()
    expand_requested = Signal()
    close_requested = Signal()
    crop_requested = Signal()
    hiding_requested = Signal()
    hidden = Signal()

    def __init__(
        self, theme: Theme, actions: Sequence[QuickAction], *, focus: Focus | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(
            parent,
            Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint,
        )
        self._theme = theme
        self._focus = focus or platform_focus()
        self._actions = list(actions)
        self._n_pictures = 0
        self._dismissed = ""
        self._before = 0
        self._is_floating = True
        self._takes_keyboard = False
        self._tallest_answer = 400
        self._area = QRect()
        self.setWindowTitle(self.tr("Quick question"))
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self._build()
        self._connect()
        theme.changed.connect(self.update)

    def _build(self) -> None:
        self._card = QFrame()
        self._card.setProperty("kind", "card")
        around = QVBoxLayout(self)
        around.setContentsMargins(MARGINS)
        around.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)  # `_fit` does it
        around.addWidget(self._card)
        column = QVBoxLayout(self._card)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.prompt = PromptRow(self._theme)
        self.chips = ActionChips(self._theme)
        self.answer = AnswerArea(self._theme)
        self.answer.hide()
        self.foot = Foot(self._theme, self.answer.markdown)
        column.addWidget(self.prompt)
        self._chips_row = QFrame()
        row = QVBoxLayout(self._chips_row)
        row.setContentsMargins(16, 0, 16, 12)
        row.addWidget(self.chips)
        column.addWidget(self._chips_row)
        column.addWidget(self.answer)
        column.addWidget(self.foot)

    def _connect(self) -> None:
        self.prompt.entered.connect(lambda: self._ask(None))
        self.prompt.stopped.connect(self.stop_requested)
        self.prompt.hiding_requested.connect(self.hiding_requested)
        self.chips.chosen.connect(self._ask)
        self.answer.height_changed.connect(self._fit)
        self.answer.close_requested.connect(self.close_requested)
        self.answer.crop_requested.connect(self.crop_requested)
        self.foot.expand.clicked.connect(self._expand)
        for keys, do in (("Esc", self.dismiss), ("Ctrl+Return", self._expand), ("Ctrl+Enter", self._expand)):
            QShortcut(QKeySequence(keys), self).activated.connect(do)

    # What the owner says

    def set_actions(self, actions: Sequence[QuickAction]) -> None:
        """Offer these quick actions."""
        self._actions = list(actions)
        self._show_actions()

    @property
    def text(self) -> str:
        """What has been typed and not been asked yet."""
        return self.prompt.text()

    def open_with(self, picture: NewPicture | None, image: QImage | None, text: str = "") -> None:
        """Come up with the picture if there is one, ready to be typed into.

        Of what was before, only a text is there that was dismissed without being asked: the next key writes over it.

        Args:
            picture: to ask about.
            image: the same, if it is decoded already.
            text: to begin with, in place of what was dismissed.
        """
        dismissed, self._dismissed = self._dismissed, ""
        self.prompt.begin(picture, image, text or ("" if self.isVisible() else dismissed))
        self.answer.clear()
        self.answer.hide()
        self.foot.set_can_copy(False)
        self._n_pictures = 1 if picture else 0
        self._show_actions()
        self._set_answering(False)
        if not self.isVisible():
            self._before = self._focus.active_window()
            self._is_floating = self._focus.is_composited
            self._place()
        self._takes_keyboard = True
        self.show()
        self.activateWindow()
        self.prompt.field.setFocus()

    def show_progress(self, sentence: str) -> None:
        """Say what happens until the first word comes."""
        self._set_answering(True)
        self.answer.show_progress(sentence)
        self.answer.show()

    def show_answer(self, markdown: str, streaming: bool, *, verbatim: bool = False) -> None:
        """Show the answer, all of it so far; letter by letter where it is no Markdown but `verbatim`."""
        self._set_answering(streaming)
        self.answer.show_answer(markdown, streaming=streaming, verbatim=verbatim)
        self.answer.show()
        self.foot.set_can_copy(bool(markdown) and not streaming)

    def show_cut(self, sentence: str, action: str, hint: str) -> None:
        """Say that the answer is no complete JSON, or was closed."""
        self.answer.show_cut(sentence, action, hint)

    def offer_crop(self, *, is_marked: bool) -> None:
        """Show the button under the answer that crops the picture, to the places that are marked or in the editor."""
        self.answer.offer_crop(is_marked=is_marked)

    def show_error(self, sentence: str) -> None:
        """Say why there is no answer, or no more of it; a question without any answer can be asked again."""
        self._set_answering(False)
        if not self.answer.markdown():
            self.prompt.take_back()
        self.answer.show_error(sentence)
        self.answer.show()

    def _show_actions(self) -> None:
        self.chips.set_actions(fitting(self._actions, self._n_pictures, has_messages=False))
        self._order_tabs()
        self._chips_row.setVisible(self.chips.has_actions)

    def dismiss(self) -> None:
        """Hide, and give the keyboard back to the window that had it, unless the person went elsewhere meanwhile."""
        back = self._before if self.isActiveWindow() else 0
        self._dismissed = self.text
        self.hide()
        if back:
            self._focus.activate(back)

    # What the person does

    def _ask(self, action: QuickAction | None) -> None:
        if self.prompt.answering:
            self.hurried.emit()
        if self.prompt.answering or not (action or self.prompt.can_ask()):
            return
        text = self.prompt.take()
        self.answer.clear()
        self.answer.show_question(": ".join(part for part in (action.name if action else "", text) if part))
        self.foot.set_can_copy(False)
        self.show_progress(self.tr("Waiting for the model"))
        self.asked.emit(text, action)

    def _expand(self) -> None:
        self.expand_requested.emit()  # first, so that the main window gets the keyboard
        self.hide()

    def _order_tabs(self) -> None:
        """From top to bottom: the chips have just been made, which puts them at the end."""
        row = self.chips.layout()
        assert row is not None
        before: QWidget = self.prompt.button
        for number in range(row.count()):
            item = row.itemAt(number)
            if chip := item.widget() if item else None:
                self.setTabOrder(before, chip)
                before = chip

    def _set_answering(self, answering: bool) -> None:
        self.prompt.set_answering(answering)
        self.chips.setEnabled(not answering)

    # Where it is, and how large

    def _place(self) -> None:
        """On the screen with the pointer, in the middle of its upper third."""
        screen = QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()
        area = screen.availableGeometry()
        margins = MARGINS if self._is_floating else QMargins()
        layout = self.layout()
        assert layout is not None
        layout.setContentsMargins(margins)
        self._area = area
        # On a low screen the card goes further up than it would like to.
        room = max(area.height() * (1 - _TOP), area.height() - margins.top() - margins.bottom()) - _OTHER_PARTS_PX
        self._tallest_answer = max(_SMALLEST_ANSWER_PX, round(min(area.height() * _LARGEST_ANSWER, room)))
        self._fit()
        top = area.top() + round(area.height() * _TOP)
        self.move(area.center().x() - self.width() // 2, top - margins.top())
        self._stay_inside()

    def _fit(self) -> None:
        """As high as what is in it; the answer scrolls once it would be too high."""
        layout = self.layout()
        assert layout is not None
        margins = layout.contentsMargins()
        sides = margins.left() + margins.right()
        width = min(WIDTH_PX + sides, self._area.width()) if self._area.isValid() else WIDTH_PX + sides
        self.answer.fit(width - sides - 2, self._tallest_answer)
        layout.activate()
        height = layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else layout.totalSizeHint().height()
        if self.size() != QSize(width, height):
            if current_session() is Session.WAYLAND:
                self.setFixedSize(width, height)  # desktops that tile let windows float that have one size only
            self.resize(width, height)
            self._stay_inside()

    def _stay_inside(self) -> None:
        """Where an answer grows beyond the screen's lower edge, the window moves up."""
        if self._area.isValid():
            self.move(moved_inside(self.frameGeometry(), self._area).topLeft())

    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return handled

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._is_floating:
            self.clearMask()
            return
        round_corners(self, _RADIUS_PX)

    @safe_paint
    def paintEvent(self, _event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            if self._is_floating:
                card = QRectF(self._card.geometry())
                draw_shadow(painter, card, _RADIUS_PX, dark=self._theme.is_dark, ratio=self.devicePixelRatioF())
            else:  # the mask has steps where the card's corners are smooth
                painter.fillRect(self.rect(), self._theme.color("edge"))
        if self._takes_keyboard:
            self._takes_keyboard = False
            QTimer.singleShot(0, self, self._take_keyboard)

    def _take_keyboard(self) -> None:
        """Now that the window is there: a key or a portal brought it up, so desktops may not have given it focus."""
        if self.isVisible() and not self.isActiveWindow():
            self._focus.activate(int(self.winId()))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        handle = self.windowHandle()
        if handle and event.button() == Qt.MouseButton.LeftButton:
            handle.startSystemMove()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if not event.spontaneous():
            self.hidden.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()
        self.dismiss()
