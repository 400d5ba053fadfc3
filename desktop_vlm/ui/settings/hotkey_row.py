"""Settings: one global hotkey, whether it works, and choosing its keys by pressing them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QKeyCombination, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from desktop_vlm.ui.desktop.hotkey.keys import combination, portable
from desktop_vlm.ui.desktop.hotkey.service import HotkeyService
from desktop_vlm.ui.desktop.hotkey.state import HotkeyAction, HotkeyStatus, action_label
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.dot import DOT_PX, Dot
from desktop_vlm.ui.window.shortcuts import KeyCaps, key_names, taken_keys

_TONES = {
    HotkeyStatus.ACTIVE: "success",
    HotkeyStatus.TAKEN: "danger",
    HotkeyStatus.UNSET: "faint",
    HotkeyStatus.ASK_DESKTOP: "warning",
    HotkeyStatus.UNAVAILABLE: "warning",
}
_NONE = Qt.KeyboardModifier.NoModifier
_MODIFIER_KEYS = {
    Qt.Key.Key_Control: Qt.KeyboardModifier.ControlModifier,
    Qt.Key.Key_Shift: Qt.KeyboardModifier.ShiftModifier,
    Qt.Key.Key_Alt: Qt.KeyboardModifier.AltModifier,
    Qt.Key.Key_Meta: Qt.KeyboardModifier.MetaModifier,
    Qt.Key.Key_Super_L: Qt.KeyboardModifier.MetaModifier,
    Qt.Key.Key_Super_R: Qt.KeyboardModifier.MetaModifier,
    Qt.Key.Key_AltGr: _NONE,
    Qt.Key.Key_CapsLock: _NONE,
    Qt.Key.Key_NumLock: _NONE,
    Qt.Key.Key_unknown: _NONE,
}
_COPIED_MS = 2_000


class HotkeyRow(QWidget):
    """A hotkey to be seen and changed; it applies nothing itself.

    Attributes:
        change: starts choosing, and takes the keys meanwhile.
        configure: opens the desktop's own dialog, where it has one.
        copy: copies the command for the desktop's settings, where that is the way.
        status: what is so.
        note: what was wrong with the keys that were pressed, or what else they do.

    Signals:
        keys_chosen: action and keys in Qt's portable text ("" for none) that the person wants.
    """

    keys_chosen = Signal(HotkeyAction, str)

    def __init__(self, theme: Theme, service: HotkeyService, action: HotkeyAction) -> None:
        super().__init__()
        self._theme = theme
        self._service = service
        self._action = action
        self._label = action_label(action)
        self.status = _text("muted")
        self.note = _text("caption")
        self.change = KeyButton(service)
        self.change.chosen.connect(self._choose)
        self.change.recording_changed.connect(self._recording_changed)
        self.configure = QPushButton(self.tr("Desktop settings"))
        self.configure.setAccessibleName(self.tr("Change in the desktop's settings: {0}").format(self._label))
        self.configure.clicked.connect(service.configure)
        self.copy = QToolButton()
        self.copy.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.copy.clicked.connect(self._copy)
        self._copied = QTimer(self)
        self._copied.setSingleShot(True)
        self._copied.timeout.connect(self._restyle)
        self._dot = Dot(theme)
        self._caps: QWidget = QWidget()
        self._keys = ""
        self._lay_out()
        service.state_changed.connect(self.refresh)
        theme.changed.connect(self._restyle)
        self._restyle()
        self.refresh()

    def refresh(self) -> None:
        """Show what is so now."""
        state = self._service.states[self._action]
        self.status.setText(state.unbroken_sentence)
        self._dot.set_tone(_TONES[state.status])
        self.copy.setVisible(bool(state.command))
        self.copy.setProperty("command", state.command)
        self.configure.setVisible(state.can_configure)
        self.change.setVisible(state.can_change and not state.can_configure)
        self.change.name(self._label, state.sentence)
        self.setAccessibleName(f"{self._label}: {state.sentence}")
        self._show_keys(state.keys if state.can_change else "")

    def _lay_out(self) -> None:
        title = QLabel(self._label)
        title.setWordWrap(True)
        self._row = QHBoxLayout()
        self._row.setSpacing(16)
        self._row.addWidget(title, 1)
        self._row.addWidget(self._caps)
        self._row.addWidget(self.configure)
        self._row.addWidget(self.change)
        line = QHBoxLayout()
        line.setSpacing(7)
        line.addWidget(self._dot, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.status, 1)
        line.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 10, 0, 10)
        layout.setSpacing(4)
        layout.addLayout(self._row)
        layout.addLayout(line)
        layout.addWidget(self.note)
        self.note.hide()

    def _show_keys(self, keys: str) -> None:
        """Draw the keys as keys; what the desktop calls them in its own words stands in the sentence already."""
        self._keys = keys if combination(keys) is not None else ""
        caps = KeyCaps([self._keys] if self._keys else [])
        caps.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Maximum)
        self._row.replaceWidget(self._caps, caps)
        self._caps.hide()
        self._caps.deleteLater()
        self._caps = caps
        caps.setVisible(bool(self._keys) and not self.change.is_recording)

    def _recording_changed(self, is_recording: bool) -> None:
        self._caps.setVisible(bool(self._keys) and not is_recording)
        if is_recording:
            self._say(self.tr("Press the keys. Esc cancels, Backspace removes them."))
        else:
            self._say("")

    def _choose(self, keys: str) -> None:
        problem = self._problem(keys)
        if problem:
            self._say(problem, "error")
            return
        self.change.stop()
        elsewhere = taken_keys().get(keys)
        if elsewhere:
            self._say(
                self.tr("In the window, {0} is “{1}”; it no longer does that while it is a hotkey.").format(
                    _plain(keys), elsewhere
                )
            )
        self.keys_chosen.emit(self._action, keys)

    def _problem(self, keys: str) -> str:
        """Why these keys cannot be; "" if they can."""
        if not keys:
            return ""
        requested = combination(keys)
        if requested is None:
            return self.tr("{0} cannot be a hotkey. Press others.").format(_plain(keys))
        if not (requested.ctrl or requested.alt or requested.meta or requested.works_alone):
            return self.tr("{0} is needed for typing. Hold Ctrl, Alt or Super with it.").format(_plain(keys))
        for action, others in self._service.keys.items():
            if action is not self._action and others and combination(others) == requested:
                return self.tr("{0} is taken by “{1}”. Press others.").format(_plain(keys), action_label(action))
        return ""

    def _say(self, text: str, kind: str = "caption") -> None:
        self.note.setText(text)
        set_kind(self.note, kind)
        self.note.setVisible(bool(text))
        self.change.setAccessibleDescription(text or self.status.text())

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(str(self.copy.property("command")))
        self.copy.setIcon(self._theme.icon("check", "success"))
        self.copy.setAccessibleName(self.tr("Copied"))
        self._copied.start(_COPIED_MS)

    def _restyle(self) -> None:
        # Beside the first line of the status.
        self._dot.setFixedSize(DOT_PX, QFontMetrics(self._theme.font()).height())
        side = round(self._theme.text_px * 1.15)
        self.copy.setIconSize(QSize(side, side))
        self.copy.setIcon(self._theme.icon("copy", "muted"))
        self.copy.setToolTip(self.tr("Copy the command"))
        self.copy.setAccessibleName(self.tr("Copy the command: {0}").format(self._label))


class KeyButton(QPushButton):
    """Pressed once, it takes the next combination of keys instead of doing with it what the window would.

    Signals:
        chosen: keys were pressed, in Qt's portable text; "" to have none. It goes on until `stop`.
        recording_changed: it began or ended.
    """

    chosen = Signal(str)
    recording_changed = Signal(bool)

    def __init__(self, service: HotkeyService) -> None:
        super().__init__()
        self._service = service
        self._divert: Callable[[str], None] = self.chosen.emit
        self.is_recording = False
        self.clicked.connect(self._start)
        self._label = ""
        self._show_text()

    def name(self, label: str, description: str) -> None:
        """Say what it changes, to people who do not see it."""
        self._label = label
        self.setAccessibleDescription(description)
        self._show_text()

    def stop(self) -> None:
        """Take no more keys."""
        if self.is_recording:
            self.is_recording = False
            self._service.divert = None
            self._show_text()
            self.recording_changed.emit(False)

    def event(self, event: QEvent) -> bool:
        if self.is_recording and isinstance(event, QKeyEvent):
            # Before anything else: Tab would move on, and the window's own shortcuts would act.
            event.accept()
            if event.type() == QEvent.Type.KeyPress:
                self._take(event)
            elif event.type() == QEvent.Type.KeyRelease:
                self._show_text(event.modifiers() & ~_MODIFIER_KEYS.get(Qt.Key(event.key()), _NONE))
            return True
        return super().event(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.stop()

    def hideEvent(self, event: QEvent) -> None:
        super().hideEvent(event)  # type: ignore[arg-type]
        self.stop()

    def _start(self) -> None:
        if self.is_recording:
            self.stop()
            return
        self.is_recording = True
        self._service.divert = self._divert
        self.setFocus()
        self._show_text()
        self.recording_changed.emit(True)

    def _take(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        modifiers = event.modifiers()
        if event.isAutoRepeat():
            return
        if key in _MODIFIER_KEYS:
            self._show_text(modifiers | _MODIFIER_KEYS[key])
        elif key is Qt.Key.Key_Escape and not modifiers:
            self.stop()
        elif key in {Qt.Key.Key_Backspace, Qt.Key.Key_Delete} and not modifiers:
            self.chosen.emit("")
        else:
            self.chosen.emit(portable(modifiers, key))

    def _show_text(self, held: Qt.KeyboardModifier = _NONE) -> None:
        if not self.is_recording:
            self.setText(self.tr("Change"))
            self.setAccessibleName(self.tr("Change the keys: {0}").format(self._label))
            return
        # Qt writes modifiers only together with a key.
        whole = QKeySequence(QKeyCombination(held, Qt.Key.Key_A)).toString(QKeySequence.SequenceFormat.NativeText)
        so_far = whole.removesuffix("A")
        self.setText(f"{so_far}…" if so_far else self.tr("Press keys…"))
        self.setAccessibleName(self.tr("Press the keys: {0}").format(self._label))


def _text(kind: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    set_kind(label, kind)
    return label


def _plain(keys: str) -> str:
    return "+".join(key_names(keys))
