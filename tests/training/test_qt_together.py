"""Several of Qt Designer's forms in one window, what their columns hold, and whose labels are whose."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QComboBox, QGroupBox, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from training.interfaces.qt.columns import column, named
from training.interfaces.qt.forms import without_labels
from training.interfaces.qt.labels import is_value, labels_of
from training.interfaces.qt.together import columns_of, load_together
from training.interfaces.qt.values import Filler, is_known
from training.interfaces.records import Control
from training.screens.phrases import Writer

pytestmark = pytest.mark.usefixtures("qapp")

_FORM = """<ui version="4.0"><class>{name}</class><widget class="QDialog" name="{name}">
<property name="windowTitle"><string>{title}</string></property><layout class="QVBoxLayout" name="l">
<item><widget class="QCheckBox" name="a"><property name="text"><string>Keep</string></property></widget></item>
<item><widget class="QCheckBox" name="b"><property name="text"><string>Sort</string></property></widget></item>
<item><widget class="QLineEdit" name="c"/></item><item><widget class="QLineEdit" name="d"/></item>
</layout></widget></ui>"""


def _filler() -> Filler:
    rng = random.Random(5)
    return Filler(rng, Writer(rng, "train"))


def test_forms_stand_in_columns_that_fit() -> None:
    sizes = [QSize(400, 300), QSize(420, 300), QSize(500, 600), QSize(900, 300)]
    assert columns_of(sizes, 1400, 800) == [[0, 1], [2]]


def test_forms_of_a_program_share_a_window(tmp_path: Path) -> None:
    paths = []
    for name, title in (("One", "Colour profile"), ("Two", "Print setup"), ("Three", "Print setup")):
        paths.append(tmp_path / f"{name}.ui")
        paths[-1].write_text(_FORM.format(name=name, title=title), encoding="utf-8")
    window = load_together(paths, random.Random(2))
    assert [one.title() for one in window.findChildren(QGroupBox)] == ["Colour profile", "Print setup"]
    with pytest.raises(ValueError, match="too few"):
        load_together(paths[:1], random.Random(2))


def test_a_label_above_a_row_is_not_that_of_a_field_after_a_button(qapp: QApplication) -> None:
    window = QWidget()
    down, across = QVBoxLayout(window), QHBoxLayout()
    own, field = QLabel("Links"), QComboBox()
    down.addWidget(QLabel("Radio"))
    down.addLayout(across)
    for one in (QPushButton("Load"), own, field):
        across.addWidget(one)
    qapp.processEvents()
    assert labels_of(window) == {field: own}


def test_a_label_that_a_menu_covers_names_nothing() -> None:
    field, label = Control("field", "Rome", (90, 5, 150, 20), label="City"), Control("label", "City:", (5, 5, 60, 20))
    assert [one.label for one in without_labels([field], [label])] == [""]
    assert [one.label for one in without_labels([field], [])] == ["City"]


def test_columns_that_say_little_hold_one_kind() -> None:
    assert named("Date")
    assert not named("Wibble")
    for _ in range(12):
        make = column(_filler(), "Wibble")
        assert len({cell.isdigit() for cell in (make() for _ in range(20))}) == 1


def test_drop_downs_that_say_little_offer_what_belongs_together() -> None:
    assert is_known("Encoding:")
    assert not is_known("Wibble:")
    filler = _filler()
    offered = [filler.choices("Wibble:") for _ in range(30)]
    assert any({"Low", "Medium", "High"} == set(options) for options in offered)
    assert filler.value("Decoder") in ("UTF-8", "ISO-8859-1", "UTF-16", "ASCII", "Windows-1252")


def test_a_bold_value_beside_its_label_is_no_heading(qapp: QApplication) -> None:
    window = QWidget()
    down, across = QVBoxLayout(window), QHBoxLayout()
    heading, label, value = QLabel("<b>Style</b>"), QLabel("Owner:"), QLabel("<b>Vera Lind</b>")
    down.addWidget(heading)
    down.addLayout(across)
    across.addWidget(label)
    across.addWidget(value)
    window.show()
    qapp.processEvents()
    assert [is_value(one) for one in (heading, label, value)] == [False, False, True]
