"""Every key of the window, in one place, and the sheet that shows them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.ui.desktop.hotkey.keys import with_meta_named
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.on_screen import keep_on_screen
from desktop_vlm.ui.widgets.search_field import SearchField


@dataclass(frozen=True)
class Shortcut:
    """What a key does.

    Attributes:
        id: names it to the program: "conversation.new".
        label, group: what a person reads, in English; translated where it is shown, in the context "shortcuts".
        keys: each of them does it, as Qt writes them ("Ctrl+N"); the first is the one to show in menus.
    """

    id: str
    label: str
    keys: tuple[str, ...]
    group: str

    @property
    def sequences(self) -> list[QKeySequence]:
        return [QKeySequence(keys) for keys in self.keys]


_ASK = "Asking"
_ANSWER = "Answers"
_CONVERSATIONS = "Conversations"
_WINDOW = "Window"
_ACTIONS = "Quick actions"

SHORTCUTS: tuple[Shortcut, ...] = (
    Shortcut("composer.send", "Send", ("Return", "Ctrl+Return"), _ASK),
    Shortcut("composer.focus", "Go to the question", ("Ctrl+L",), _ASK),
    Shortcut("composer.attach", "Attach pictures", ("Ctrl+O",), _ASK),
    Shortcut("capture.again", "Capture the same region again", ("Ctrl+Shift+R",), _ASK),
    Shortcut("composer.paste", "Paste a picture or text", ("Ctrl+V",), _ASK),
    Shortcut("answer.stop", "Stop the answer", ("Esc",), _ANSWER),
    Shortcut("answer.regenerate", "Answer again", ("Ctrl+R",), _ANSWER),
    Shortcut("answer.copy", "Copy the last answer", ("Ctrl+Shift+C",), _ANSWER),
    Shortcut("message.edit-last", "Edit the last question", ("Ctrl+E", "Up"), _ANSWER),
    Shortcut("branch.previous", "Previous version of an answer", ("Alt+Left",), _ANSWER),
    Shortcut("branch.next", "Next version of an answer", ("Alt+Right",), _ANSWER),
    Shortcut("conversation.new", "New conversation", ("Ctrl+N",), _CONVERSATIONS),
    Shortcut("conversation.search", "Search", ("Ctrl+K",), _CONVERSATIONS),
    Shortcut("conversation.next", "Next conversation", ("Ctrl+Tab",), _CONVERSATIONS),
    Shortcut(
        "conversation.previous",
        "Previous conversation",
        ("Ctrl+Shift+Tab",),
        _CONVERSATIONS,
    ),
    Shortcut("conversation.find", "Find in this conversation", ("Ctrl+F",), _CONVERSATIONS),
    Shortcut("conversation.find-next", "Find the next place", ("F3", "Ctrl+G"), _CONVERSATIONS),
    Shortcut("conversation.find-previous", "Find the place before", ("Shift+F3", "Ctrl+Shift+G"), _CONVERSATIONS),
    Shortcut("conversation.own", "Instructions and sampling", ("Ctrl+Shift+I",), _CONVERSATIONS),
    Shortcut("conversation.export", "Export", ("Ctrl+Shift+E",), _CONVERSATIONS),
    Shortcut("conversation.print", "Print", ("Ctrl+P",), _CONVERSATIONS),
    Shortcut("window.sidebar", "Show or hide the conversations", ("Ctrl+B",), _WINDOW),
    Shortcut("window.model-view", "Show or hide what the model sees", ("Ctrl+I",), _WINDOW),
    Shortcut("window.text-larger", "Larger text", ("Ctrl++", "Ctrl+="), _WINDOW),
    Shortcut("window.text-smaller", "Smaller text", ("Ctrl+-",), _WINDOW),
    Shortcut("window.text-normal", "Normal text size", ("Ctrl+0",), _WINDOW),
    Shortcut("window.models", "Models", ("Ctrl+Shift+M",), _WINDOW),
    Shortcut("window.settings", "Settings", ("Ctrl+,",), _WINDOW),
    Shortcut("window.shortcuts", "These shortcuts", ("F1", "Ctrl+/"), _WINDOW),
)


def shortcut(id_: str, shortcuts: Iterable[Shortcut] = SHORTCUTS) -> Shortcut:
    """The one with that id."""
    return next(one for one in shortcuts if one.id == id_)


def taken_keys(shortcuts: Iterable[Shortcut] = SHORTCUTS) -> dict[str, str]:
    """Key -> what it does, in the person's language; the keys as Qt writes them."""
    return {QKeySequence(keys).toString(): _shown(one.label) for one in shortcuts for keys in one.keys}


def key_names(keys: str) -> list[str]:
    """The keys of a combination one by one, as the platform calls them: "Ctrl++" is Ctrl and +."""
    names = with_meta_named(QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText))
    parts = names.removesuffix("+").split("+") if names.endswith("+") else names.split("+")
    if names.endswith("+"):
        parts = [part for part in parts if part] + ["+"]
    arrows = {"Left": "←", "Right": "→", "Up": "↑", "Down": "↓", "Return": "Enter"}
    return [arrows.get(part, part) for part in parts if part]


class KeyCaps(QWidget):
    """Combinations drawn as keys: Ctrl and / or F1."""

    def __init__(self, combinations: Sequence[str]) -> None:
        super().__init__()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        for number, keys in enumerate(combinations):
            if number:
                either = QLabel(self.tr("or"))
                set_kind(either, "caption")
                layout.addWidget(either)
            for name in key_names(keys):
                cap = QLabel(name)
                cap.setAlignment(Qt.AlignmentFlag.AlignCenter)
                set_kind(cap, "keycap")
                layout.addWidget(cap)
        self.setAccessibleName(", ".join(" ".join(key_names(keys)) for keys in combinations))


class ShortcutList(QWidget):
    """All shortcuts in groups, with a field that narrows them down.

    Attributes:
        rows: (text to search in, widget) of every shortcut.
    """

    def __init__(self, theme: Theme, shortcuts: Sequence[Shortcut], actions: Sequence[QuickAction]) -> None:
        super().__init__()
        self._theme = theme
        self.rows: list[tuple[str, QWidget]] = []
        self._groups: list[tuple[QWidget, list[QWidget]]] = []
        self.search = SearchField(theme, self.tr("Search by name or key"))
        self.search.setAccessibleName(self.tr("Search shortcuts"))
        self.search.textChanged.connect(self._filter)
        self._nothing = QLabel(self.tr("No shortcut is called that."))
        set_kind(self._nothing, "muted")
        self._nothing.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(14)
        layout.addWidget(self.search)
        layout.addWidget(self._nothing)
        quick = [Shortcut(one.id, one.name, (one.shortcut,), _ACTIONS) for one in actions if one.shortcut]
        for group in dict.fromkeys(one.group for one in [*shortcuts, *quick]):
            layout.addWidget(self._group(group, [one for one in [*shortcuts, *quick] if one.group == group]))
        layout.addStretch(1)

    def _group(self, name: str, shortcuts: list[Shortcut]) -> QWidget:
        heading = QLabel(_shown(name))
        set_kind(heading, "heading")
        card = QFrame()
        set_kind(card, "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(18, 8, 18, 8)
        inside.setSpacing(0)
        rows = [self._row(one) for one in shortcuts]
        for row in rows:
            inside.addWidget(row)
        whole = QWidget()
        layout = QVBoxLayout(whole)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(heading)
        layout.addWidget(card)
        self._groups.append((whole, rows))
        return whole

    def _row(self, one: Shortcut) -> QWidget:
        # Names of quick actions are the person's own words; what is not in the catalogue stays as it is.
        name = _shown(one.label)
        row = QWidget()
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, 5, 0, 5)
        layout.setSpacing(24)
        label = QLabel(name)
        label.setTextFormat(Qt.TextFormat.PlainText)
        label.setWordWrap(True)
        layout.addWidget(label, 1)
        caps = KeyCaps(one.keys)
        layout.addWidget(caps, 0, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        row.setAccessibleName(f"{name}: {caps.accessibleName()}")
        searched = " ".join([name, _shown(one.group), *one.keys, caps.accessibleName()])
        self.rows.append((searched.casefold(), row))
        return row

    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        found = 0
        for searched, row in self.rows:
            fits = all(word in searched for word in words)
            row.setVisible(fits)
            found += fits
        for whole, rows in self._groups:
            whole.setVisible(any(not row.isHidden() for row in rows))
        self._nothing.setVisible(not found)


class ShortcutSheet(QDialog):
    """The shortcuts in a window of their own."""

    def __init__(
        self,
        theme: Theme,
        shortcuts: Sequence[Shortcut] = SHORTCUTS,
        actions: Sequence[QuickAction] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keyboard shortcuts"))
        self.list = ShortcutList(theme, shortcuts, actions)
        set_kind(self.list, "clear")
        self.list.layout().setContentsMargins(28, 4, 28, 24)  # type: ignore[union-attr]  # it has set one
        title = QLabel(self.windowTitle())
        set_kind(title, "title")
        title.setContentsMargins(28, 24, 28, 8)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.list)
        layout = QVBoxLayout(self)
        layout.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(title)
        layout.addWidget(scroll, 1)
        keep_on_screen(self, QSize(theme.text_px * 38, theme.text_px * 50))
        self.list.search.setFocus()


def _shown(text: str) -> str:
    return QCoreApplication.translate("shortcuts", text)
