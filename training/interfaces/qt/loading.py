"""Qt Designer's forms, loaded without the programs that they belong to."""

from __future__ import annotations

import functools
import random
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtUiTools import QUiLoader
from PySide6.QtWidgets import QWidget

_LEAST_WIDGETS = 4
_MOST_BYTES = 400_000
_LAID_OUT = frozenset({"QWidget", "QDialog", "QFrame", "QGroupBox"})
"""They have layouts; others arrange their parts themselves."""
_BARS = frozenset({"QMenuBar", "QToolBar", "QStatusBar"})
_GUESSES = (
    ("doublespin", "QDoubleSpinBox"), ("spin", "QSpinBox"), ("intnum", "QSpinBox"), ("dateedit", "QDateEdit"),
    ("dateinput", "QDateEdit"), ("datetimeedit", "QDateTimeEdit"), ("timeedit", "QTimeEdit"),
    ("fontcombo", "QFontComboBox"), ("combo", "QComboBox"), ("dropdown", "QComboBox"), ("lineedit", "QLineEdit"),
    ("urlrequester", "QLineEdit"),
    ("pathchooser", "QLineEdit"), ("amountedit", "QLineEdit"), ("filewidget", "QLineEdit"),
    ("keysequence", "QPushButton"), ("fontrequester", "QPushButton"), ("toolbutton", "QToolButton"),
    ("radiobutton", "QRadioButton"),
    ("checkbox", "QCheckBox"), ("colorbutton", "QPushButton"), ("button", "QPushButton"), ("treewidget", "QTreeWidget"),
    ("treeview", "QTreeWidget"), ("tableview", "QTableWidget"), ("tablewidget", "QTableWidget"),
    ("listview", "QListWidget"), ("listwidget", "QListWidget"), ("listbox", "QListWidget"), ("tree", "QTreeWidget"),
    ("textedit", "QTextEdit"), ("texteditor", "QPlainTextEdit"), ("codeeditor", "QPlainTextEdit"),
    ("textbrowser", "QTextBrowser"), ("webview", "QTextBrowser"), ("edit", "QLineEdit"), ("label", "QLabel"),
    ("groupbox", "QGroupBox"), ("tabwidget", "QTabWidget"), ("slider", "QSlider"), ("progress", "QProgressBar"),
    ("toolbar", "QToolBar"), ("mainwindow", "QMainWindow"), ("dialog", "QDialog"), ("wizardpage", "QWizardPage"),
    ("separator", "Line"), ("line", "Line"),
)  # fmt: skip
"""What widgets of other libraries are by their names, where the form doesn't say."""
_FILLED = {"QTreeView": "QTreeWidget", "QListView": "QListWidget", "QTableView": "QTableWidget",
           "QColumnView": "QListWidget", "QWebView": "QTextBrowser", "QWebEngineView": "QTextBrowser",
           "QQuickWidget": "QFrame"}  # fmt: skip
"""Widgets that show what a program has, and those that show what they are given."""
_DROPPED = frozenset({
    "styleSheet", "palette", "pixmap", "cursor", "windowIcon", "maximumSize", "sizeIncrement", "baseSize", "locale",
    "whatsThis", "statusTip", "windowOpacity", "currentIndex", "accessibleName", "tabShape", "windowModality",
    "layoutDirection", "minimumSize", "iconSize", "maximumHeight", "maximumWidth",
})  # fmt: skip
_LETTERS = str.maketrans({
    "\u2026": "...", "\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u2013": "-", "\u2014": "-",
    "\u00a0": " ", "\u2192": "->", "\u2212": "-", "\u00d7": "x",
})  # fmt: skip
_KEY = re.compile(r"[A-Za-z]\w+(\.[A-Za-z]\w+)+|[A-Z]+(_[A-Z]+)+")


@functools.cache
def _loader() -> QUiLoader:
    return QUiLoader()


@functools.cache
def _known() -> frozenset[str]:
    return frozenset(_loader().availableWidgets()) | {"Line"}


def base_of(name: str, extends: dict[str, str]) -> str:
    """The class of Qt that stands in for a widget's class."""
    if name in _FILLED:
        return _FILLED[name]
    if name in _known():
        return name
    low = name.rsplit("::", maxsplit=1)[-1].lower()
    guessed = next((known for part, known in _GUESSES if part in low), "QWidget")
    above = extends.get(name, "")
    if above in {"", name, "QWidget", "QFrame"}:
        return guessed if guessed in _known() else "QWidget"
    return base_of(above, {other: of for other, of in extends.items() if other != name})


def _shortened(text: str, fill: Callable[[], str]) -> str:
    """In the characters that are taught, with something in place of %1."""
    text = re.sub(r"%L?\d|%n", lambda _: fill(), text.translate(_LETTERS))
    return text if len(text) < 600 else text[:600].rsplit(" ", 1)[0]


def _mend_property(parent: ET.Element, one: ET.Element, fill: Callable[[], str]) -> None:
    name = one.get("name", "")
    size = one.find("size")
    if name == "minimumSize" and size is not None and parent.get("class") in {"QDialog", "QWidget", "QMainWindow"}:
        return
    if name in _DROPPED or one.find("pixmap") is not None:
        parent.remove(one)
        return
    icons = one.find("iconset")
    if icons is not None:
        icons.text = None
        for child in list(icons):
            icons.remove(child)
        if not icons.get("theme"):
            parent.remove(one)
    font = one.find("font")
    if font is not None:
        for child in list(font):
            if child.tag not in {"bold", "italic", "weight", "underline"}:
                font.remove(child)
    for string in one.iter("string"):
        string.text = _shortened(string.text or "", fill)


def _mend(parent: ET.Element, fill: Callable[[], str]) -> None:
    for one in parent.findall("property"):
        _mend_property(parent, one, fill)
    for one in parent.findall("attribute"):
        for string in one.iter("string"):
            string.text = _shortened(string.text or "", fill)
        if one.find("iconset") is not None:
            parent.remove(one)


def _lacks_layout(widget: ET.Element) -> bool:
    """Whether it has no layout, but needs one."""
    inner = [one for one in widget.findall("widget") if one.get("class") not in _BARS]
    return bool(inner) and widget.find("layout") is None and widget.get("class") in _LAID_OUT


def mended(source: str, fill: Callable[[], str]) -> tuple[str, str]:
    """The form in Qt's own classes, and the name of its class.

    Raises ValueError where it isn't worth while and ElementTree.ParseError where it is none.
    """
    root = ET.fromstring(source)
    top = root.find("widget")
    if root.tag != "ui" or not root.get("version", "").startswith("4") or top is None:
        raise ValueError("no form of Qt 4 or later")
    extends = {str(one.findtext("class")): str(one.findtext("extends")) for one in root.iter("customwidget")}
    for one in [one for one in root if one.tag not in {"class", "widget"}]:
        root.remove(one)
    widgets = list(root.iter("widget"))
    if len(widgets) < _LEAST_WIDGETS:
        raise ValueError("next to nothing in it")
    for widget in widgets:
        widget.set("class", base_of(widget.get("class", ""), extends))
    if any(map(_lacks_layout, widgets)):
        raise ValueError("laid out manually")
    texts = [string.text or "" for string in root.iter("string")]
    if sum(_KEY.fullmatch(text) is not None for text in texts) > 1:
        raise ValueError("keys of translations in place of texts")
    for parent in root.iter():
        _mend(parent, fill)
    return ET.tostring(root, encoding="unicode"), str(root.findtext("class") or "")


def load_form(path: Path, rng: random.Random) -> tuple[QWidget, str]:
    """The form's widget without a parent, and the name of its class. Raises ValueError where it can't be used."""
    if path.stat().st_size > _MOST_BYTES:
        raise ValueError("too large")
    try:
        source, name = mended(path.read_text(encoding="utf-8"), lambda: str(rng.randint(2, 60)))
    except (ET.ParseError, UnicodeDecodeError) as error:
        raise ValueError("not a form") from error
    buffer = QBuffer()
    buffer.setData(QByteArray(source.encode()))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    widget = _loader().load(buffer)
    if widget is None:
        raise ValueError("Qt can't load it")
    return widget, name or path.stem
