"""Windows from Qt Designer's forms: classes that Qt lacks, where characters are, and which controls are taken down."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMainWindow,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from training.interfaces.qt.controls import Reader
from training.interfaces.qt.forms import forms_of, noun_of, title_of
from training.interfaces.qt.labels import is_beside, labels_of, plain, ticked_for
from training.interfaces.qt.loading import base_of, load_form, mended
from training.interfaces.qt.menus import beside, open_menu
from training.interfaces.qt.order import in_reading_order
from training.interfaces.qt.settling import settle
from training.interfaces.qt.texts import lines_of, overlap, texts_of
from training.interfaces.qt.values import Filler, is_placeholder
from training.interfaces.records import Control
from training.screens.phrases import Writer
from training.screens.webpages import Line

pytestmark = pytest.mark.usefixtures("qapp")

_ITEMS = """
<item row="0" column="0"><widget class="QLabel" name="a"><property name="text"><string>&amp;Name:</string></property>
  <property name="buddy"><cstring>b</cstring></property></widget></item>
<item row="0" column="1"><widget class="OwnEdit" name="b"><property name="text"><string>Blue</string></property>
  </widget></item>
<item row="1" column="0"><widget class="QLabel" name="c"><property name="text"><string>Depth\u2026</string></property>
  </widget></item>
<item row="1" column="1"><widget class="QSpinBox" name="d"><property name="value"><number>7</number></property>
  </widget></item>
<item row="2" column="0" colspan="2"><widget class="QCheckBox" name="e"><property name="text">
  <string>Keep a &amp;copy</string></property><property name="checked"><bool>true</bool></property></widget></item>
<item row="3" column="0"><widget class="QPushButton" name="f"><property name="text"><string>Go on</string></property>
  <property name="enabled"><bool>false</bool></property></widget></item>
"""


def _form(items: str = _ITEMS, layout: str = '<layout class="QGridLayout" name="l">{}</layout>') -> str:
    return (
        f'<ui version="4.0"><class>Own</class><widget class="QWidget" name="Own">{layout.format(items)}</widget>'
        "<customwidgets><customwidget><class>OwnEdit</class><extends>QWidget</extends></customwidget></customwidgets></ui>"
    )


@pytest.fixture
def window(tmp_path: Path, qapp: QApplication) -> QWidget:
    path = tmp_path / "own.ui"
    path.write_text(_form(), encoding="utf-8")
    widget, name = load_form(path, random.Random(1))
    assert name == "Own"
    font = QFont(qapp.font())
    font.setPixelSize(13)
    widget.setFont(font)
    widget.resize(300, 180)
    widget.show()
    qapp.processEvents()
    return widget


def _read(window: QWidget) -> tuple[list[Line], Reader, dict[str, Control]]:
    lines = lines_of(texts_of(window), window.rect())
    reader = Reader(window, lines)
    return lines, reader, {one.role: one for one in reader.read()}


def test_other_libraries_widgets_become_qts() -> None:
    assert base_of("KUrlRequester", {"KUrlRequester": "QFrame"}) == "QLineEdit"
    assert base_of("MyBox", {"MyBox": "QComboBox"}) == "QComboBox"
    assert base_of("QTreeView", {}) == "QTreeWidget"
    assert base_of("Canvas", {"Canvas": "QWidget"}) == "QWidget"
    source, _ = mended(_form(), lambda: "3")
    assert 'class="QLineEdit"' in source
    assert "Depth..." in source


def test_forms_without_layouts_are_left_out() -> None:
    with pytest.raises(ValueError, match="manually"):
        mended(_form('<widget class="QLabel" name="a"/>' * 5, "{}"), lambda: "3")
    with pytest.raises(ValueError, match="nothing"):
        mended(_form(""), lambda: "3")


def test_characters_are_where_they_are_drawn(window: QWidget) -> None:
    lines, _, _ = _read(window)
    assert sorted(line.text for line in lines) == ["7", "Blue", "Depth...", "Go on", "Keep a copy", "Name:"]
    line = next(line for line in lines if line.text == "Keep a copy")
    box = window.findChild(QCheckBox, "e")
    assert box is not None
    assert line.edges[-1] - line.edges[0] == pytest.approx(
        QFontMetricsF(box.font()).horizontalAdvance("Keep a copy"), abs=1
    )
    assert 6 < line.bottom - line.top < 16
    assert not overlap(lines)
    assert overlap([*lines, lines[0]])


def test_controls_say_what_is_seen(window: QWidget) -> None:
    _, reader, found = _read(window)
    assert (found["field"].text, found["field"].label) == ("Blue", "Name")
    assert (found["spin"].text, found["spin"].label) == ("7", "Depth...")
    assert (found["checkbox"].text, found["checkbox"].is_on) == ("Keep a copy", True)
    assert (found["button"].text, found["button"].enabled) == ("Go on", False)
    assert not reader.cut


def test_what_is_cut_off_is_not_taken_down(window: QWidget, qapp: QApplication) -> None:
    line = window.findChild(QLineEdit, "b")
    assert line is not None
    line.setText("far more than there is room for in this field of the window, whose width is fixed")
    qapp.processEvents()
    _, reader, found = _read(window)
    assert "field" not in found
    assert reader.cut == {""}


def test_labels_belong_to_fields(window: QWidget) -> None:
    names = {field.objectName(): label.objectName() for field, label in labels_of(window).items()}
    assert names == {"b": "a", "d": "c"}
    assert plain("Save && &quit") == "Save & quit"


def test_an_open_menu_covers_what_is_below(qapp: QApplication) -> None:
    window = QMainWindow()
    menu = window.menuBar().addMenu("&File")
    for name in ("&New", "&Open...\tCtrl+O", "&Quit"):
        menu.addAction(name)
    window.resize(400, 300)
    window.show()
    qapp.processEvents()
    found = open_menu(random.Random(1), window, QRect(0, 0, 400, 300))
    assert found is not None
    assert [one.text for one in found.controls] == ["New", "Open...", "Quit"]
    assert {one.called for one in found.controls} == {"File"}
    line = Line("ab", (0.0, 10.0, 20.0), 0.0, 10.0)
    assert [one.text for one in beside(line, (10, 0, 50, 50))] == ["a"]
    assert beside(line, (0, 0, 50, 50)) == []


def test_a_status_bar_may_say_two_things(qapp: QApplication) -> None:
    window = QMainWindow()
    window.statusBar().showMessage("Ready")
    window.statusBar().addPermanentWidget(QLabel("UTF-8"))
    window.resize(400, 300)
    window.show()
    qapp.processEvents()
    reader = Reader(window, lines_of(texts_of(window), window.rect()))
    assert [(one.role, one.text) for one in reader.read()] == [("status", "Ready"), ("status", "UTF-8")]


def test_buttons_without_a_text_count_too(window: QWidget, qapp: QApplication) -> None:
    button, box = window.findChild(QPushButton, "f"), window.findChild(QCheckBox, "e")
    assert button is not None
    assert box is not None
    button.setText("")
    box.setText("")
    qapp.processEvents()
    _, reader, found = _read(window)
    assert (found["button"].text, found["button"].enabled) == ("", False)
    assert "checkbox" not in found
    assert reader.cut == {""}


def test_frames_come_with_what_is_in_them() -> None:
    boxes = [("group", "left", (0, 0, 100, 100)), ("group", "right", (110, 1, 200, 100)),
             ("checkbox", "a", (10, 20, 90, 40)), ("checkbox", "b", (120, 20, 190, 40)),
             ("checkbox", "c", (10, 50, 90, 70)), ("button", "d", (10, 120, 50, 140))]  # fmt: skip
    controls = [Control(role, text, box, 10) for role, text, box in boxes]  # type: ignore[arg-type]
    assert [one.text for one in in_reading_order(controls)] == ["left", "a", "c", "right", "b", "d"]


def test_lists_beside_each_other_come_one_by_one() -> None:
    boxes = [("a", "left", (0, 0, 90, 20)), ("b", "left", (0, 20, 90, 40)), ("c", "right", (100, 5, 190, 17)),
             ("d", "right", (120, 17, 190, 29)), ("e", "right", (100, 29, 190, 41))]  # fmt: skip
    entries = [Control("entry", text, box, 10, container=container) for text, container, box in boxes]
    assert [one.text for one in in_reading_order(entries)] == ["a", "b", "c", "d", "e"]


def test_contents_go_with_labels() -> None:
    filler = Filler(random.Random(2), Writer(random.Random(2), "train"))
    assert "@" in filler.value("E-mail")
    assert filler.value("Port:").isdigit()
    assert filler.value("Server port").isdigit()
    assert filler.value("m_portLineEdit").isdigit()
    assert filler.value("Server IP").count(".") == 3
    assert "@" in filler.value("kcfg_EmailEdit")
    assert filler.value("Homepage").startswith("https://")
    assert 1968 <= int(filler.value("Year")) <= 2029
    assert filler.value("Letter spacing").isdigit()
    assert is_placeholder("TextLabel")
    assert not is_placeholder("Text colour")


def test_each_form_counts_once(tmp_path: Path) -> None:
    for name in ("one.ui", "two.ui"):
        (tmp_path / name).write_text(_form(), encoding="utf-8")
    assert forms_of(tmp_path) == [tmp_path / "one.ui"]


def test_windows_are_called_after_their_forms() -> None:
    assert noun_of(QWidget(), "ProxySettings", Path("proxy.ui")) == ("settings window", False)
    assert noun_of(QComboBox(), "LoadInstruments", Path("load.ui")) == ("window", False)
    assert noun_of(QMainWindow(), "MainWindow", Path("main.ui")) == ("window", False)


def test_a_title_names_one_program_at_most() -> None:
    rng, window = random.Random(3), QMainWindow()
    writer = Writer(rng, "train")
    window.setWindowTitle("Star Charts")
    assert title_of(rng, window, "MainWindow", writer) == ("Star Charts", "")
    window.setWindowTitle("MainWindow")
    title, program = title_of(rng, window, "MainWindow", writer)
    assert program
    assert title.endswith(program)
    dialog = QWidget()
    dialog.setWindowTitle("Form")
    assert title_of(random.Random(1), dialog, "ProxySettingsDialog", writer) == ("Proxy Settings", "")


def test_a_check_box_says_what_the_field_after_it_is_for() -> None:
    window = QWidget()
    row = QHBoxLayout(window)
    port, name = QLineEdit(), QLineEdit()
    for one in (QCheckBox("&Port"), port, name):
        row.addWidget(one)
    assert ticked_for(port) == "Port"
    assert not ticked_for(name)


def test_a_long_caption_is_no_message(qapp: QApplication) -> None:
    window = QWidget()
    column = QVBoxLayout(window)
    for text in ("Which of these are no longer shown to the others when they look here:",
                 "These are no longer shown to the others when they look here at noon."):  # fmt: skip
        column.addWidget(QLabel(text))
    window.show()
    settle(qapp, window)
    controls = Reader(window, lines_of(texts_of(window), QRect(0, 0, window.width(), window.height()))).read()
    assert [one.role for one in controls] == ["label", "message"]


def test_a_field_in_another_row_and_column_is_not_the_labels() -> None:
    window = QWidget()
    label, right, below, far = QLabel("Gain", window), *(QLineEdit(window) for _ in range(3))
    for one, place in ((label, (0, 0)), (right, (100, 5)), (below, (10, 30)), (far, (100, 40))):
        one.setGeometry(*place, 60, 20)
    assert is_beside(label, right)
    assert is_beside(label, below)
    assert not is_beside(label, far)
