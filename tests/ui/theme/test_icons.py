"""Every icon that the program names is one that the pinned package has; one that it lacks is drawn blank."""

from __future__ import annotations

import ast
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QImage
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

import desktop_vlm
from desktop_vlm.quick_actions import QuickActionStore
from desktop_vlm.quick_actions.builtin import BUILTIN_ACTIONS
from desktop_vlm.ui.quick_actions.icon_picker import ICONS
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.theme.icons import has_icon, svg
from desktop_vlm.ui.widgets.action_chips import ActionChips

PACKAGE = Path(desktop_vlm.__file__).parent
ICON_PARAMETERS = {"icon", "lucide", "icon_name"}
DIRECT = {"icon", "drawing", "has_icon", "svg"}
"""Functions whose first argument is an icon's name."""


READ = (
    *(ast.Call, ast.For, ast.comprehension, ast.Assign, ast.AnnAssign, ast.NamedExpr),
    *(ast.AugAssign, ast.FunctionDef, ast.ClassDef),
)
"""What is looked at."""

Trees = dict[Path, list[ast.AST]]


def sources() -> Trees:
    """What is looked at in the program's source, walked through once; kept by nobody, since every later collection of
    garbage would walk through it.
    """
    files = sorted(PACKAGE.rglob("*.py"))
    return {path: [one for one in ast.walk(ast.parse(path.read_bytes())) if isinstance(one, READ)] for path in files}


def words(node: ast.expr | None) -> Iterator[str]:
    """The texts that an expression may give: it is one, or chooses between some."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from words(node.body)
        yield from words(node.orelse)
    elif isinstance(node, ast.Dict):
        for value in node.values:
            yield from words(value)


def called(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def positions(trees: Trees) -> dict[tuple[Path | None, str], set[int]]:
    """Where functions and classes take an icon's name: by file (None: everywhere, private names aside) and name."""
    found: dict[tuple[Path | None, str], set[int]] = {(None, name): {0} for name in DIRECT}
    for path, tree in trees.items():
        for holder in tree:
            if isinstance(holder, ast.FunctionDef):
                names = [arg.arg for arg in holder.args.args if arg.arg != "self"]
                name = holder.name
            elif isinstance(holder, ast.ClassDef):
                names = [one.target.id for one in holder.body if _is_field(one)]  # type: ignore[attr-defined]
                init = next((one for one in holder.body if getattr(one, "name", "") == "__init__"), None)
                if isinstance(init, ast.FunctionDef):
                    names = [arg.arg for arg in init.args.args if arg.arg != "self"]
                name = holder.name
            else:
                continue
            at = {number for number, parameter in enumerate(names) if parameter in ICON_PARAMETERS}
            if at:
                found.setdefault((path if name.startswith("_") else None, name), set()).update(at)
    return found


def _is_field(node: ast.stmt) -> bool:
    return isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)


def unpacked(tree: list[ast.AST]) -> Iterator[tuple[ast.expr, int]]:
    """What loops and comprehensions go over whose rows have an icon's name in them, and in which column."""
    for node in tree:
        if isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Tuple):
            for number, target in enumerate(node.target.elts):
                if isinstance(target, ast.Name) and target.id in ICON_PARAMETERS:
                    yield node.iter, number


def rows(tree: list[ast.AST], table: ast.expr) -> Iterator[ast.expr]:
    """The rows of a table: written where it is used, or under the name that it is used by."""
    if isinstance(table, ast.Tuple | ast.List):
        yield from table.elts
    elif isinstance(table, ast.Name):
        for node in tree:
            targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
            named = any(isinstance(one, ast.Name) and one.id == table.id for one in targets)
            value = getattr(node, "value", None)
            if named and isinstance(value, ast.Tuple | ast.List):
                yield from value.elts
        for node in tree:
            if isinstance(node, ast.Call) and called(node) == "append" and _name(node.func) == table.id:
                yield node.args[0]


def _name(function: ast.expr) -> str:
    value = getattr(function, "value", None)
    return value.id if isinstance(value, ast.Name) else ""


def names_in_source(trees: Trees) -> dict[str, str]:
    """Every icon's name in the program's source, with the file that has it."""
    by_call, found = positions(trees), dict[str, str]()
    for path, tree in trees.items():
        for node in tree:
            if isinstance(node, ast.Call):
                places = by_call.get((None, called(node)), set()) | by_call.get((path, called(node)), set())
                given = [node.args[at] for at in places if at < len(node.args)]
                given += [one.value for one in node.keywords if one.arg in ICON_PARAMETERS]
                found |= {word: path.name for one in given for word in words(one)}
        for table, column in unpacked(tree):
            for row in rows(tree, table):
                if isinstance(row, ast.Tuple) and column < len(row.elts):
                    found |= dict.fromkeys(words(row.elts[column]), path.name)
    return {name: file for name, file in found.items() if name}


def test_every_icon_in_the_source_is_in_the_package() -> None:
    names = names_in_source(sources())

    # Each is written in another way: in a call, in a choice, in a loop's table, in a declaration, in a style sheet.
    assert {"trash", "pin-off", "arrow-up", "eye-off", "copy", "scan-text", "moon", "chevron-down"} <= set(names)
    assert {name: file for name, file in names.items() if not has_icon(name)} == {}


def test_every_icon_that_people_can_choose_is_in_the_package() -> None:
    assert [name for name in ICONS if not has_icon(name)] == []
    assert [action.icon for action in BUILTIN_ACTIONS if not has_icon(action.icon)] == []


def inked(icon: QIcon) -> int:
    """Pixels of an icon that are not clear."""
    image: QImage = icon.pixmap(QSize(24, 24)).toImage()
    return sum(image.pixelColor(x, y).alpha() > 0 for x in range(24) for y in range(24))


@pytest.mark.painting_fails
def test_an_unknown_icon_is_drawn_blank_and_logged_once(theme: Theme, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        inks = [inked(theme.icon("no-such-icon", tone)) for tone in ("text", "danger", "text")]

    assert inks == [0, 0, 0]
    assert [record.getMessage() for record in caplog.records] == [
        "There is no icon named 'no-such-icon'; it is drawn blank."
    ]
    assert svg("no-such-icon", "#000000").startswith("<svg")
    assert inked(theme.icon("trash")) > 0


@pytest.mark.painting_fails
def test_an_action_of_ones_own_may_name_an_icon_that_is_not_there(qtbot: QtBot, theme: Theme, tmp_path: Path) -> None:
    path = tmp_path / "actions.toml"
    path.write_text('[own.mine]\nname = "Mine"\nprompt = "Say yes."\nicon = "no-icon-of-this-name"\n', encoding="utf-8")
    store = QuickActionStore(path)
    assert store.get("mine").icon == "no-icon-of-this-name"
    chips = ActionChips(theme)
    qtbot.addWidget(chips)
    chips.set_actions(store.actions)
    for width in (60, 4000):  # in the menu, and on a chip
        chips.resize(width, 40)
        chips.show()
        assert not chips.grab().isNull()

    own = next(chip for chip in chips.findChildren(QPushButton) if chip.accessibleName() == "Mine")
    assert (inked(own.icon()), own.text().strip()) == (0, "Mine")
