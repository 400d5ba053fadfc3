"""Combinations of keys: as Qt writes them, taken apart into what every backend needs."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QKeySequence

_CTRL = Qt.KeyboardModifier.ControlModifier
_ALT = Qt.KeyboardModifier.AltModifier
_SHIFT = Qt.KeyboardModifier.ShiftModifier
_META = Qt.KeyboardModifier.MetaModifier
_KNOWN_MODIFIERS = _CTRL | _ALT | _SHIFT | _META

_LAST_FUNCTION_KEY = 24

# Names as in xkbcommon-keysyms.h without XKB_KEY_: X11 and the desktop portal use the same ones.
_NAMED = {
    Qt.Key.Key_Space: "space",
    Qt.Key.Key_Print: "Print",
    Qt.Key.Key_Pause: "Pause",
    Qt.Key.Key_ScrollLock: "Scroll_Lock",
    Qt.Key.Key_Insert: "Insert",
    Qt.Key.Key_Delete: "Delete",
    Qt.Key.Key_Home: "Home",
    Qt.Key.Key_End: "End",
    Qt.Key.Key_PageUp: "Page_Up",
    Qt.Key.Key_PageDown: "Page_Down",
    Qt.Key.Key_Left: "Left",
    Qt.Key.Key_Right: "Right",
    Qt.Key.Key_Up: "Up",
    Qt.Key.Key_Down: "Down",
    Qt.Key.Key_Return: "Return",
    Qt.Key.Key_Enter: "KP_Enter",
    Qt.Key.Key_Tab: "Tab",
    Qt.Key.Key_Backtab: "Tab",  # what Qt calls Tab while Shift is held
    Qt.Key.Key_Backspace: "BackSpace",
    Qt.Key.Key_Escape: "Escape",
    Qt.Key.Key_Menu: "Menu",
}
_PUNCTUATION = {
    "!": "exclam",
    '"': "quotedbl",
    "#": "numbersign",
    "$": "dollar",
    "%": "percent",
    "&": "ampersand",
    "'": "apostrophe",
    "(": "parenleft",
    ")": "parenright",
    "*": "asterisk",
    "+": "plus",
    ",": "comma",
    "-": "minus",
    ".": "period",
    "/": "slash",
    ":": "colon",
    ";": "semicolon",
    "<": "less",
    "=": "equal",
    ">": "greater",
    "?": "question",
    "@": "at",
    "[": "bracketleft",
    "\\": "backslash",
    "]": "bracketright",
    "^": "asciicircum",
    "_": "underscore",
    "`": "grave",
    "{": "braceleft",
    "|": "bar",
    "}": "braceright",
    "~": "asciitilde",
}


_PORTABLE = QKeySequence.SequenceFormat.PortableText
_OF_KEYSYM = {
    **{name: QKeySequence(key).toString(_PORTABLE) for key, name in _NAMED.items()},
    **{name: character for character, name in _PUNCTUATION.items()},
}
_OF_GTK = {
    "alt": "Alt",
    "control": "Ctrl",
    "ctrl": "Ctrl",
    "meta": "Meta",
    "primary": "Ctrl",
    "shift": "Shift",
    "super": "Meta",
}


@dataclass(frozen=True)
class Combination:
    """Keys that are pressed together.

    Attributes:
        ctrl, alt, shift, meta: modifiers, as Qt means them: on macOS, Ctrl is Command and Meta is Control.
        key: the key itself.
    """

    ctrl: bool
    alt: bool
    shift: bool
    meta: bool
    key: Qt.Key

    @property
    def keysym(self) -> str:
        """Name of the key for X11 and the portal; the letters are small ones."""
        return _keysym(self.key)

    @property
    def trigger(self) -> str:
        """As the XDG shortcuts specification writes it: "CTRL+SHIFT+space"."""
        held = zip((self.ctrl, self.alt, self.shift, self.meta), ("CTRL", "ALT", "SHIFT", "LOGO"), strict=True)
        return "+".join([*(name for is_held, name in held if is_held), self.keysym])

    @property
    def character(self) -> str:
        """What is printed on the key, in small letters; "" for keys like F1."""
        if self.key in _NAMED or self.function_key:
            return ""
        return chr(self.key.value).lower()

    @property
    def function_key(self) -> int:
        """1 for F1, and so on; 0 for others."""
        number = self.key.value - Qt.Key.Key_F1.value + 1
        return number if 1 <= number <= _LAST_FUNCTION_KEY else 0

    @property
    def switches_console(self) -> bool:
        """Whether Linux itself takes it: Ctrl+Alt+F1 to F12 lead to text consoles."""
        return self.ctrl and self.alt and 1 <= self.function_key <= 12

    @property
    def works_alone(self) -> bool:
        """Whether the key writes nothing, so that it needs no modifier."""
        return bool(self.function_key) or self.key in {Qt.Key.Key_Print, Qt.Key.Key_Pause, Qt.Key.Key_ScrollLock}


def combination(keys: str) -> Combination | None:
    """Take Qt's portable text apart ("Ctrl+Shift+Space"); None if it is not one combination that can be global."""
    sequence = QKeySequence(keys, QKeySequence.SequenceFormat.PortableText)
    if sequence.count() != 1:
        return None
    pressed: QKeyCombination = sequence[0]  # type: ignore[index]  # the stubs lack it
    held = pressed.keyboardModifiers()
    # Keys of the number pad are other keys with the same names; nobody could tell which one is meant.
    if held & ~_KNOWN_MODIFIERS or not _keysym(pressed.key()):
        return None
    return Combination(bool(held & _CTRL), bool(held & _ALT), bool(held & _SHIFT), bool(held & _META), pressed.key())


def of_accelerator(words: str) -> str:
    """The keys in GNOME's words, "Press <Shift><Control>space", as Qt's portable text; "" where there are none."""
    found = re.search(r"((?:<\w+>)+)(\w+)", words)
    if found is None:
        return ""
    held = [_OF_GTK.get(name.lower(), "") for name in re.findall(r"\w+", found[1])]
    keys = "+".join([*held, _OF_KEYSYM.get(found[2], found[2])])
    return QKeySequence(keys).toString(_PORTABLE) if all(held) and combination(keys) else ""


def portable(held: Qt.KeyboardModifier, key: Qt.Key) -> str:
    """A key press as Qt's portable text."""
    if key is Qt.Key.Key_Backtab:
        held, key = held | _SHIFT, Qt.Key.Key_Tab
    arrows = {Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Down}
    if key in arrows or key is Qt.Key.Key_Enter:
        held &= ~Qt.KeyboardModifier.KeypadModifier  # macOS counts the arrows as number pad
    return QKeySequence(QKeyCombination(held, key)).toString(QKeySequence.SequenceFormat.PortableText)


def shown(keys: str) -> str:
    """Keys as the platform writes them; a description by the desktop stays as it is."""
    if combination(keys) is None:
        return keys
    native = QKeySequence.SequenceFormat.NativeText
    return with_meta_named(QKeySequence(keys, QKeySequence.SequenceFormat.PortableText).toString(native))


def with_meta_named(keys: str) -> str:
    """What is written on the key that Qt calls Meta; macOS has a sign for its own."""
    return keys.replace("Meta", "Win" if sys.platform == "win32" else "Super")


def _keysym(key: Qt.Key) -> str:
    if key in _NAMED:
        return _NAMED[key]
    number = key.value - Qt.Key.Key_F1.value + 1
    if 1 <= number <= _LAST_FUNCTION_KEY:
        return f"F{number}"
    if key.value > 0xFFFF:  # Qt's own numbers: modifiers, media keys, unknown
        return ""
    character = chr(key.value).lower()[:1]
    if character.isascii() and character.isalnum():
        return character
    return _PUNCTUATION.get(character, f"U{ord(character):04X}" if character.isprintable() else "")
