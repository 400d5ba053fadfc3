"""What Qt's windows are filled with: columns of one form, lines as they are seen, glyphs of several letters."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QTableWidget, QVBoxLayout, QWidget

from training.interfaces.qt.boxes import seen_lines
from training.interfaces.qt.columns import TABLES, column
from training.interfaces.qt.contents import lines
from training.interfaces.qt.controls import Reader
from training.interfaces.qt.forms import _weighed
from training.interfaces.qt.settling import settle
from training.interfaces.qt.texts import lines_of, parted, texts_of
from training.interfaces.qt.values import Filler
from training.interfaces.qt.views import fill_rooms
from training.interfaces.questions.lines import ask_lines
from training.interfaces.questions.sheet import Earlier, Sheet
from training.interfaces.records import Control, Interface
from training.screens.phrases import Writer
from training.screens.webpages import Line

pytestmark = pytest.mark.usefixtures("qapp")


def _filler(seed: int) -> Filler:
    rng = random.Random(seed)
    return Filler(rng, Writer(rng, "train"))


def _piece(text: str, top: float) -> Line:
    return Line(text, tuple(float(place) for place in range(len(text) + 1)), top, top + 10)


@pytest.mark.parametrize(
    ("name", "pattern"),
    [("Port", r"\d{2,5}"), ("Progress", r"\d+(\.0)? ?%"), ("Enabled", "Yes|No"), ("E-mail", r".+@.+"),
     ("ID", r"\d+"), ("Commit", "[0-9a-f]{7}"), ("Due", r".*\d.*")],
)  # fmt: skip
def test_cells_go_with_their_column(name: str, pattern: str) -> None:
    for seed in range(8):
        make = column(_filler(seed), name)
        assert all(re.fullmatch(pattern, make()) for _ in range(6))


def test_dates_of_a_column_have_one_form() -> None:
    for seed in range(8):
        make = column(_filler(seed), "Modified")
        assert len({re.sub("[A-Za-z]+", "a", re.sub(r"\d+", "1", make())) for _ in range(9)}) == 1


def test_tables_have_columns_of_different_names() -> None:
    assert all(len(set(one)) == len(one) for one in TABLES)


def test_lines_fit_and_none_is_empty() -> None:
    for seed in range(6):
        found = lines(_filler(seed), "Log output", 40, 9)
        assert 1 <= len(found) <= 9
        assert all(0 < len(line) <= 40 for line in found)


def test_lines_are_those_that_are_seen() -> None:
    text = "  def a:\n    go on\nthe end of it"
    whole = [_piece("def a:", 0), _piece("go on", 14), _piece("the end", 28), _piece("of it", 42)]
    assert seen_lines(whole, text) == "  def a:\n    go on\nthe end\nof it"
    assert seen_lines(whole[:2], text) == "  def a:\n    go on"
    assert seen_lines([*whole[:2], _piece("the e", 28)], text) == "  def a:\n    go on"
    assert not seen_lines([_piece("go on", 14)], text)


def test_letters_of_one_glyph_share_its_width() -> None:
    assert parted([0, 5, 15, 15, 20]) == [0, 5, 10, 15, 20]
    assert parted([0, 9, 9, 9, 12]) == [0, 3, 6, 9, 12]
    assert parted([0, 5, 10]) == [0, 5, 10]


def test_views_are_filled_and_read(qapp: QApplication) -> None:
    window = QWidget()
    down = QVBoxLayout(window)
    table, text, name = QTableWidget(), QPlainTextEdit(), QLabel("Notes")
    for one in (table, name, text):
        down.addWidget(one)
    window.resize(700, 500)
    window.show()
    assert settle(qapp, window)
    rng = random.Random(3)
    fill_rooms(rng, Writer(rng, "train"), window, [])
    assert settle(qapp, window)
    assert table.rowCount() > 1
    assert table.columnCount() > 1
    reader = Reader(window, lines_of(texts_of(window), window.rect()))
    found = reader.read()
    cells = {(one.row, one.column): one.text for one in found if one.role == "cell"}
    first = table.item(1, 0)
    assert first is not None
    assert cells[1, 0] == " ".join(first.text().split())
    box = next(one for one in found if one.role == "text")
    assert box.text.split()[0] == text.toPlainText().split()[0]


def test_the_last_line_is_asked_for_where_it_is_seen() -> None:
    box = Control("text", "one line\nanother line\na third one", (0, 0, 90, 90), 10, container="box")
    said = {}
    for cut in (frozenset[str](), frozenset({"box"})):
        sheet = Sheet(random.Random(1), Interface("window", "", False, "", (box,), cut=cut), Earlier(), {})
        ask_lines(sheet)
        said[bool(cut)] = [
            one.answer for one in sheet.asked if one.slots.get("nth") == "last" or one.kind == "how_many"
        ]
    assert said == {False: ["3", "a third one"], True: []}


def test_a_program_has_so_many_forms_at_most(tmp_path: Path) -> None:
    for place in range(70):
        path = tmp_path / "program" / f"{place:02}.ui"
        path.parent.mkdir(exist_ok=True)
        path.write_text("<ui>" + "<widget/>" * (place + 3) + "</ui>", encoding="utf-8")
    found = _weighed(tmp_path)
    assert len(found) == 60
    assert found[0][0].name == "69.ui"
