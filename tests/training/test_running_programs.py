"""What of a program's accessibility tree counts as seen, with a small tree and a stand-in for what finds texts."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from training.interfaces.records import Interface
from training.interfaces.running.drawn_text import Found
from training.interfaces.running.exploring import Node, node_of
from training.interfaces.running.files import fill_home
from training.interfaces.running.shown import interface_of
from training.interfaces.running.table import PROGRAMS
from training.screens.records import Box

_USABLE = ("enabled", "sensitive", "showing", "visible")


class Finder:
    """Finds all texts but some, near the left of where they are looked for."""

    def __init__(self, *unseen: str) -> None:
        self._unseen = unseen

    def find(self, pixels: Any, text: str, box: Box) -> Found | None:
        assert isinstance(pixels, np.ndarray)
        if text in self._unseen:
            return None
        return Found((box[0] + 16, box[1] + 2, box[0] + 16 + 6 * len(text), box[1] + 14), 13.0, 10.0, is_bold=False)

    find_lines = find


def _node(role: str, name: str, box: tuple[int, int, int, int], *children: Node, states: tuple[str, ...] = (),
          text: str | None = None, hidden: int = 0, labels: tuple[str, ...] = ()) -> Node:  # fmt: skip
    return Node(role, name, text, box, (*_USABLE, *states), labels, hidden, list(children))


def _interface(top: Node, *unseen: str, popups: tuple[Box, ...] = ()) -> Interface:
    found = _shown(top, *unseen, popups=popups)
    assert found is not None
    return found


def _shown(top: Node, *unseen: str, popups: tuple[Box, ...] = ()) -> Interface | None:
    data = {"noun": "mixer", "name": "Mixer", "title": "Mixer", "box": (100, 50, 500, 350), "popups": popups,
            "own_frame": False, "is_dialog": True, "late": False, "font": "Sans", "font_size": 10,
            "tops": [top.as_json()]}  # fmt: skip
    return interface_of(Image.new("RGB", (400, 300), "white"), data, Finder(*unseen))


def _window(*children: Node) -> Node:
    return _node("frame", "Mixer", (100, 50, 500, 350), *children)


def test_controls_have_places_in_the_image_and_states() -> None:
    box = _node("check box", "Loud", (110, 60, 210, 80), states=("checked",))
    grey = Node("push button", "Apply", None, (110, 90, 190, 114), ("showing", "visible"))
    found = _interface(_window(box, grey))
    first, second = found.controls
    assert (first.role, first.text, first.box, first.is_on) == ("checkbox", "Loud", (10, 10, 110, 30), True)
    assert (second.role, second.text, second.enabled) == ("button", "Apply", False)
    assert found.program == "Mixer"
    assert not found.cut


def test_a_name_that_is_not_drawn_is_a_tooltip_of_a_small_button() -> None:
    bar = _node("tool bar", "", (100, 50, 500, 80), _node("push button", "Record", (104, 52, 130, 78)))
    found = _interface(_window(bar), "Record")
    assert [(one.role, one.text) for one in found.controls] == [("tool", "")]


def test_a_button_that_stays_pressed_is_no_check_box() -> None:
    found = _interface(_window(_node("check box", "Browse", (110, 60, 210, 92), states=("checked",))))
    assert found.controls == ()
    assert found.cut == {""}


def test_a_window_of_keys_that_are_not_all_found_is_left_out() -> None:
    keys = [_node("push button", name, (110 + 40 * at, 60, 140 + 40 * at, 90)) for at, name in enumerate("789")]
    assert _shown(_window(*keys), "8") is None


def test_what_is_not_found_makes_its_list_incomplete() -> None:
    rows = [_node("list item", name, (110, top, 300, top + 20)) for name, top in (("Input", 60), ("Output", 80))]
    button = _node("push button", "Apply all changes", (110, 120, 250, 144))
    found = _interface(_window(_node("list", "", (110, 60, 300, 100), *rows), button), "Output")
    assert [one.text for one in found.controls] == ["Input", "Apply all changes"]
    assert found.cut == {"list-1"}
    assert "" in _interface(_window(_node("list", "", (110, 60, 300, 100), *rows), button), "Apply all changes").cut


def test_a_window_whose_tabs_are_not_all_found_is_left_out() -> None:
    tabs = _node("page tab list", "", (100, 50, 500, 300),
                 _node("page tab", "Input", (100, 50, 160, 74), states=("selected",)),
                 _node("page tab", "Output", (160, 50, 230, 74)))  # fmt: skip
    assert [one.selected for one in _interface(_window(tabs)).controls] == [True, False]
    assert _shown(_window(tabs), "Output") is None


def test_a_list_that_is_scrolled_is_cut() -> None:
    rows = [_node("table cell", f"row {at}", (110, 60 + 20 * at, 300, 80 + 20 * at)) for at in range(4)]
    found = _interface(_window(_node("table", "", (110, 60, 300, 140), *rows, hidden=9)))
    assert [one.role for one in found.controls] == ["entry"] * 4
    assert found.cut == {"table-1"}


def test_cells_are_in_the_columns_of_their_headers() -> None:
    heads = [_node("table column header", name, (110 + 100 * at, 60, 210 + 100 * at, 80))
             for at, name in enumerate(("Name", "Size"))]  # fmt: skip
    cells = [_node("table cell", f"{row}{column}", (110 + 100 * column, top, 200 + 100 * column, top + 19))
             for row, top in ((0, 80), (1, 100)) for column in range(2)]  # fmt: skip
    found = _interface(_window(_node("tree table", "", (110, 60, 310, 120), *heads, *cells)))
    assert {(one.text, one.row, one.column) for one in found.controls} == {
        ("Name", -1, 0), ("Size", -1, 1), ("00", 0, 0), ("01", 0, 1), ("10", 1, 0), ("11", 1, 1)}  # fmt: skip


def test_an_open_menu_hides_what_is_behind_it() -> None:
    entry = _node("menu item", "Open", (102, 76, 220, 98))
    menu = _node("menu bar", "", (100, 50, 500, 74), _node("menu", "File", (100, 50, 140, 74), entry))
    behind = _node("push button", "Play", (110, 80, 190, 104))
    found = _interface(_window(menu, behind), popups=((100, 74, 222, 120),))
    assert [(one.role, one.text, one.called) for one in found.controls] == [
        ("menu", "File", ""),
        ("entry", "Open", "File"),
    ]
    assert "" in found.cut


def test_a_field_is_called_what_stands_beside_it() -> None:
    label = _node("label", "Device:", (110, 60, 170, 80))
    field = _node("entry", "", (180, 58, 330, 82), text="Line 2", labels=("Device:",))
    other = _node("entry", "", (180, 158, 330, 182), text="x")
    found = _interface(_window(label, field, other))
    assert [(one.text, one.label) for one in found.controls if one.role == "field"] == [("Line 2", "Device"), ("x", "")]


def test_nodes_survive_being_written() -> None:
    node = _window(_node("entry", "", (1, 2, 3, 4), text="a", labels=("b",)))
    assert node_of(node.as_json()) == node


def test_programs_start_with_files_that_are_there(tmp_path: Path) -> None:
    files = fill_home(tmp_path, random.Random(1))
    assert all(Path(path).exists() for path in files.values())
    assert all(program.command.format(**files) for program in PROGRAMS)
    assert len({program.key for program in PROGRAMS}) == len(PROGRAMS)
    assert not any("/" in program.key or "{" in program.noun + program.name for program in PROGRAMS)


def test_lines_of_a_text_are_seen_where_they_are_found() -> None:
    said = (("Dear all,", ("first",)), ("", ()), ("the bread is", ("wrapped",)), ("gone.", ("last",)))
    lines = [Node("line", name, None, (112, 60 + 16 * place, 300, 74 + 16 * place), states)
             for place, (name, states) in enumerate(said)]  # fmt: skip
    found = _interface(_window(_node("text", "", (110, 56, 400, 200), *lines)))
    texts = {one.role: one for one in found.controls}
    assert texts["text"].text == "Dear all,\n\nthe bread is gone."
    assert [(one.text, one.row, one.enabled) for one in found.controls if one.role == "line"] == [
        ("Dear all,", 0, True), ("the bread is", 2, True), ("gone.", 3, True)]  # fmt: skip
    found = _interface(_window(_node("text", "", (110, 56, 400, 200), *lines)), "gone.")
    assert [one.enabled for one in found.controls if one.role == "line"] == [True, True, False]
    assert [one.text for one in found.controls if one.role == "text"] == [""]
    assert found.cut == {"text-1"}


def test_a_cell_of_a_tree_may_be_left_of_where_it_says_it_is() -> None:
    heads = [_node("table column header", name, (100 + 100 * at, 50, 200 + 100 * at, 70))
             for at, name in enumerate(("Folder", "Size"))]  # fmt: skip
    cells = [_node("table cell", name, (left, top, left + 40, top + 18)) for name, left, top in
             (("home", 160, 74), ("4 kB", 210, 74), ("media", 160, 94), ("9 kB", 210, 94))]  # fmt: skip

    class Left(Finder):
        def find(self, pixels: Any, text: str, box: Box) -> Found | None:
            return None if text in ("home", "media") and box[0] > 20 else super().find(pixels, text, box)

        find_lines = find

    data = {"noun": "disk window", "name": "Disk", "title": "Disk", "box": (100, 50, 500, 350), "popups": (),
            "own_frame": False, "is_dialog": True, "late": False, "font": "Sans", "font_size": 10,
            "tops": [_window(_node("tree table", "", (100, 50, 400, 300), *heads, *cells)).as_json()]}  # fmt: skip
    found = interface_of(Image.new("RGB", (400, 300), "white"), data, Left())
    assert found is not None
    assert {(one.text, one.row, one.column) for one in found.controls if one.role == "cell"} == {
        ("home", 0, 0), ("4 kB", 0, 1), ("media", 1, 0), ("9 kB", 1, 1)}  # fmt: skip
