"""Fills a Qt window with what its program might show: contents of fields, rows of lists, chosen pages."""

from __future__ import annotations

import random
import re

from PySide6.QtCore import QDate, QDateTime, QSize, Qt, QTime
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDateTimeEdit,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFontComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMainWindow,
    QMenu,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QSpinBox,
    QStackedWidget,
    QTabWidget,
    QToolBar,
    QToolBox,
    QToolButton,
    QWidget,
)

from training.interfaces.qt.labels import group_of, is_part, label_text, labels_of, ticked_for
from training.interfaces.qt.values import Filler, escaped, is_placeholder
from training.screens.phrases import Writer

_MOST_TOOLS = 9


def _fill_number(rng: random.Random, spin: QAbstractSpinBox) -> None:
    if isinstance(spin, QDateTimeEdit):
        date = QDate(rng.randint(2004, 2030), rng.randint(1, 12), rng.randint(1, 28))
        spin.setDateTime(QDateTime(date, QTime(rng.randrange(24), rng.randrange(60))))
        if rng.random() < 0.5:
            spin.setDisplayFormat(_dated(spin.displayFormat(), rng))
    elif isinstance(spin, QSpinBox) and rng.random() < 0.8:
        low, high = spin.minimum(), min(spin.maximum(), spin.minimum() + rng.choice((10, 100, 1000, 10000)))
        spin.setValue(rng.randint(low if low >= -1000 else 0, max(high, 1)))
    elif isinstance(spin, QDoubleSpinBox) and rng.random() < 0.8:
        spin.setValue(rng.uniform(max(spin.minimum(), -100.0), min(spin.maximum(), rng.choice((1.0, 10.0, 1000.0)))))


def _dated(form: str, rng: random.Random) -> str:
    day = rng.choice(("yyyy-MM-dd", "dd.MM.yyyy", "d MMM yyyy", "MM/dd/yyyy"))
    return f"{day} HH:mm" if "d" in form and ("h" in form.lower()) else day if "d" in form else "HH:mm"


def _fill_line(filler: Filler, line: QLineEdit, called: str) -> None:
    rng = filler.rng
    hidden = line.echoMode() == QLineEdit.EchoMode.Password
    if not line.text() and (rng.random() < 0.85 or line.placeholderText()):
        line.setInputMask("")
        line.setValidator(None)  # type: ignore[arg-type]
        text = filler.writer.code() if hidden else filler.value(called)
        line.setText(text)
        if not hidden and line.text() != text:
            line.setText("")
    line.setCursorPosition(0)


def _fill_button(filler: Filler, button: QAbstractButton, icons: list[QIcon], share: float) -> None:
    rng, text = filler.rng, button.text().replace("&", "")
    if isinstance(button, QToolButton):
        if button.icon().isNull() and (not text or is_placeholder(text)):
            button.setIcon(rng.choice(icons))
        return
    if is_placeholder(text) and text != "...":
        button.setText(escaped(filler.words(1, 2)))
    if isinstance(button, QPushButton):
        adorned = rng.random() < share and not isinstance(button.parent(), QDialogButtonBox)
        if adorned or (not text and button.icon().isNull()):
            button.setIcon(rng.choice(icons))


def _turn_pages(rng: random.Random, filler: Filler, window: QWidget) -> None:
    for tabs in window.findChildren(QTabWidget):
        for place in range(tabs.count()):
            if is_placeholder(tabs.tabText(place)) or not tabs.tabText(place):
                tabs.setTabText(place, escaped(filler.words(1, 2)))
        if tabs.count():
            tabs.setCurrentIndex(rng.randrange(tabs.count()))
        tabs.setTabPosition(QTabWidget.TabPosition.North)
    for stack in window.findChildren(QStackedWidget):
        if not is_part(stack):
            pages = [stack.widget(place) for place in range(stack.count())]
            sizes = [len(page.findChildren(QWidget)) for page in pages if page is not None]
            if sizes:
                stack.setCurrentIndex(rng.choices(range(len(sizes)), [size + 0.1 for size in sizes])[0])
    for box in window.findChildren(QToolBox):
        if box.count():
            box.setCurrentIndex(rng.randrange(box.count()))


def _adorn(rng: random.Random, action: QAction, icons: list[QIcon]) -> None:
    if action.icon().isNull():
        action.setIcon(rng.choice(icons))
    if action.isCheckable():
        action.setChecked(rng.random() < 0.4)
    action.setEnabled(rng.random() < 0.85)


def _fill_bars(filler: Filler, window: QMainWindow, icons: list[QIcon]) -> None:
    rng, styles = filler.rng, Qt.ToolButtonStyle
    style = rng.choice((styles.ToolButtonTextBesideIcon, styles.ToolButtonTextUnderIcon, styles.ToolButtonIconOnly))
    in_menus = [action for menu in window.menuBar().findChildren(QMenu) for action in menu.actions()
                if action.text() and not action.menu()]  # fmt: skip
    bars = window.findChildren(QToolBar)
    for bar in bars:
        bar.setToolButtonStyle(style)
        bar.setIconSize(QSize(*rng.choice(((16, 16), (22, 22), (24, 24)))))
        actions = [action for action in bar.actions() if not action.isSeparator() and action.text()]
        if not actions:
            actions = [action for action in in_menus if rng.random() < 0.4][:_MOST_TOOLS]
            bar.addActions(actions)
        for action in actions:
            _adorn(rng, action, icons)
    if not bars or rng.random() < 0.8:
        message = rng.choice((
            filler.words(1, 4), "Ready", f"{filler.integer()} items", filler.plain_sentence(6), "Saved",
            f"{rng.randint(1, 9)} of {rng.randint(10, 400)} selected", f"Loaded {filler.writer.file()}",
            f"Connected to {filler.writer.host()}", f"Last saved at {filler.writer.time()}",
            f"{rng.randint(2, 900)} items, {filler.writer.size()} free",
        ))  # fmt: skip
        window.statusBar().showMessage(message)
        if rng.random() < 0.4:
            said = rng.choice((filler.writer.size(), filler.writer.time(), "UTF-8", f"{rng.randint(10, 400)}%",
                               f"Ln {rng.randint(1, 900)}, Col {rng.randint(1, 80)}", f"v{filler.writer.version()}",
                               f"Page {rng.randint(1, 9)} of {rng.randint(9, 40)}"))  # fmt: skip
            window.statusBar().addPermanentWidget(QLabel(said))


def bring_to_life(rng: random.Random, writer: Writer, window: QWidget, icons: list[QIcon]) -> None:
    """Fill all there is in a window but views and boxes of text, whose contents depend on their room."""
    filler, labels = Filler(rng, writer), labels_of(window)
    share = rng.choice((0.0, 0.0, 0.5))
    if isinstance(window, QMainWindow):
        _fill_bars(filler, window, icons)
    for label in window.findChildren(QLabel):
        if is_placeholder(label.text()) and not is_part(label):
            label.setText(filler.words(1, 3) if label.buddy() is None else escaped(filler.words(1, 2)))
    for widget in window.findChildren(QWidget):
        if is_part(widget):
            continue
        own, group = labels.get(widget), group_of(widget)
        called = label_text(own) if own else ticked_for(widget) or (group.title() if group else widget.objectName())
        if isinstance(widget, QAbstractButton):
            _fill_button(filler, widget, icons, share)
            if isinstance(widget, (QCheckBox, QRadioButton)):
                widget.setChecked(rng.random() < 0.5)
        else:
            _fill_field(filler, widget, called)
            _fill_gauge(filler, widget)
    _choose_radios(rng, window)
    _turn_pages(rng, filler, window)
    _grey_out(rng, window)


def _fill_field(filler: Filler, widget: QWidget, called: str) -> None:
    if isinstance(widget, QLineEdit):
        if not isinstance(widget.parent(), (QAbstractSpinBox, QComboBox)):
            _fill_line(filler, widget, called)
    elif isinstance(widget, QComboBox):
        _fill_combo(filler, widget, called)
    elif isinstance(widget, QAbstractSpinBox):
        _fill_number(filler.rng, widget)
        if isinstance(widget, QSpinBox) and re.search(r"\bport\b", called.lower()):
            widget.setValue(int(filler.port()))
        elif isinstance(widget, QSpinBox) and re.search(r"\byear\b", called.lower()):
            widget.setValue(filler.rng.randint(1968, 2029))


def _fill_gauge(filler: Filler, widget: QWidget) -> None:
    rng = filler.rng
    if isinstance(widget, QProgressBar):
        widget.setRange(0, 100)
        widget.setValue(rng.randint(3, 98))
    elif isinstance(widget, QAbstractSlider) and widget.focusPolicy() != Qt.FocusPolicy.NoFocus:
        widget.setValue(rng.randint(widget.minimum(), widget.maximum()))
    elif isinstance(widget, QGroupBox):
        if is_placeholder(widget.title()):
            widget.setTitle(escaped(filler.words(1, 2)))
        widget.setChecked(not widget.isCheckable() or rng.random() < 0.7)


def _fill_combo(filler: Filler, combo: QComboBox, called: str) -> None:
    if isinstance(combo, QFontComboBox):
        return
    if not combo.count() or all(is_placeholder(combo.itemText(place)) for place in range(combo.count())):
        combo.clear()
        combo.addItems(filler.choices(called))
        combo.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
    combo.setCurrentIndex(filler.rng.randrange(combo.count()))


def _choose_radios(rng: random.Random, window: QWidget) -> None:
    groups: dict[QWidget | None, list[QRadioButton]] = {}
    for radio in window.findChildren(QRadioButton):
        groups.setdefault(radio.parentWidget(), []).append(radio)
    for radios in groups.values():
        rng.choice(radios).setChecked(True)


def _grey_out(rng: random.Random, window: QWidget) -> None:
    share = rng.choice((0.0, 0.05, 0.12))
    for widget in window.findChildren(QWidget):
        if isinstance(widget, (QAbstractButton, QLineEdit, QComboBox, QAbstractSpinBox)) and not is_part(widget):
            if widget.testAttribute(Qt.WidgetAttribute.WA_ForceDisabled):
                widget.setEnabled(rng.random() < 0.6)
            elif rng.random() < share:
                widget.setEnabled(False)
