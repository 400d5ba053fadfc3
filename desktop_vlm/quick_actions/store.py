"""The active quick actions and their file.

The file holds only what differs from the built-in actions, so that better prompts of a new version reach everybody who
did not change them:

    order = ["extract-text", "describe"]     # those not named keep their place after the one before them
    hidden = ["explain-chart"]

    [changed.describe]
    prompt = "..."

    [own.shorten]
    name = "Shorten"
    prompt = "..."
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import tomlkit

from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.api.errors import UserError, one_line
from desktop_vlm.quick_actions.action import EDITABLE, OLD_NEEDS_PICTURE, QuickAction, read_action
from desktop_vlm.quick_actions.builtin import BUILTIN_ACTIONS
from desktop_vlm.settings.toml_file import TomlFile


class QuickActionStore:
    """Reads the file once; every change is written at once.

    Attributes:
        path: of the file.
        all: every action in order, hidden ones too.
        hidden: ids of those that are not offered.
        problems: one sentence for each thing in the file that could not be used.
    """

    def __init__(self, path: Path, builtin: Sequence[QuickAction] = BUILTIN_ACTIONS) -> None:
        self.path = path
        self._file = TomlFile(path)
        self._came_along = tuple(builtin)
        self._builtin: dict[str, QuickAction] = {}
        self.all: list[QuickAction] = []
        self.hidden: set[str] = set()
        self.problems: list[str] = []
        self.reload()

    @property
    def actions(self) -> list[QuickAction]:
        """Those that are not hidden, in order."""
        return [action for action in self.all if action.id not in self.hidden]

    def offered(self, capabilities: Capabilities | None, values: Mapping[str, str] | None = None) -> list[QuickAction]:
        """Those of them that suit the loaded model, ready to be asked.

        Args:
            capabilities: of the model; None while there is none.
            values: what placeholders stand for.
        """
        return [action.with_values(values or {}) for action in self.actions if action.suits(capabilities)]

    def get(self, id_: str) -> QuickAction:
        return next(action for action in self.all if action.id == id_)

    def is_builtin(self, id_: str) -> bool:
        return id_ in self._builtin

    def is_changed(self, id_: str) -> bool:
        """Whether a built-in action differs from the one that came with the program."""
        return id_ in self._builtin and self.get(id_) != self._builtin[id_]

    def reload(self) -> None:
        """Read the file again."""
        self.problems = []
        try:
            table: Mapping[str, Any] = self._file.read().unwrap()
        except UserError as error:
            self.problems.append(str(error))
            table = {}
        found = [self._own(id_, _table(table, "own", id_)) for id_ in _table(table, "own")]
        own = {action.id: action for action in found if action}
        self._builtin = {action.id: action for action in map(partial(_beside, own), self._came_along)}
        made = {id_: self._changed(action, _table(table, "changed", id_)) for id_, action in self._builtin.items()}
        made |= own
        self.hidden = {id_ for id_ in self._ids(table, "hidden") if id_ in made}
        self.all = [made[id_] for id_ in _ordered(list(made), self._ids(table, "order"))]
        self.problems = [one_line(sentence) for sentence in self.problems]

    def change(self, action: QuickAction) -> None:
        """Replace the action that has the same id; where only its prompt changed, the model answers it.

        Raises:
            UserError: a field is not allowed and nothing changes; or the file could not be written.
        """
        _check(action)
        old = self.get(action.id)
        if action.prompt != old.prompt and action.reads == old.reads and action != self._builtin.get(action.id):
            action = dataclasses.replace(action, reads="")
        self.all = [action if one.id == action.id else one for one in self.all]
        self._write(action.id)

    def add(self, action: QuickAction, after: str | None = None) -> QuickAction:
        """A new action at the end, or after another; it gets an id of its own.

        Raises:
            UserError: as with `change`.
        """
        _check(action)
        made = dataclasses.replace(action, id=self._free_id(action.name))
        index = len(self.all) if after is None else self._index(after) + 1
        self.all.insert(index, made)
        self._write(made.id)
        return made

    def delete(self, id_: str) -> None:
        """Remove an own action; hide a built-in one."""
        if id_ in self._builtin:
            self.hide(id_)
            return
        self.all = [one for one in self.all if one.id != id_]
        self.hidden.discard(id_)
        self._write(id_)

    def hide(self, id_: str, hidden: bool = True) -> None:
        """Offer an action no longer, or again."""
        if hidden:
            self.hidden.add(id_)
        else:
            self.hidden.discard(id_)
        self._write()

    def move(self, id_: str, index: int) -> None:
        """Put an action at another place of `all`."""
        action = self.all.pop(self._index(id_))
        self.all.insert(index, action)
        self._write()

    def reset(self, id_: str) -> None:
        """Make a built-in action what it was."""
        self.change(self._builtin[id_])

    def reset_all(self) -> None:
        """The built-in actions as they were, all shown and in their order; own ones stay, at the end."""
        own = [action for action in self.all if action.id not in self._builtin]
        self.all = [*self._builtin.values(), *own]
        self.hidden.clear()
        self._write(*self._builtin)

    def _index(self, id_: str) -> int:
        return next(index for index, one in enumerate(self.all) if one.id == id_)

    def _free_id(self, name: str) -> str:
        base = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "action"
        taken = {action.id for action in self.all} | set(self._builtin)
        number = 1
        while (id_ := base if number == 1 else f"{base}-{number}") in taken:
            number += 1
        return id_

    def _changed(self, action: QuickAction, table: Mapping[str, Any]) -> QuickAction:
        values, clauses = read_action(table, f"changed.{action.id}.")
        self._tell(clauses, "the built-in one is used")
        if values.get("prompt", action.prompt) != action.prompt:
            values.setdefault("reads", "")  # it asks for something else
        return dataclasses.replace(action, **values)

    def _own(self, id_: str, table: Mapping[str, Any]) -> QuickAction | None:
        values, clauses = read_action(table, f"own.{id_}.")
        self._tell(clauses, "it is left out")
        missing = [name for name in ("name", "prompt") if name not in values]
        if missing:
            self.problems.append(f"In {self.path}, the action own.{id_} has no usable {missing[0]}; it is not shown.")
            return None
        return QuickAction(id=id_, **values)

    def _tell(self, clauses: list[str], consequence: str) -> None:
        self.problems += [f"In {self.path}, {clause}; {consequence}." for clause in clauses]

    def _ids(self, table: Mapping[str, Any], key: str) -> list[str]:
        value = table.get(key, [])
        if not _is_list_of_texts(value):
            self.problems.append(f"In {self.path}, {key} must be a list of actions' names in quotes; it is left out.")
            return []
        return list(value)

    def _write(self, *touched: str) -> None:
        """Bring the file up to date: the lists, and the tables of the actions that were touched.

        What else stands there, even what could not be used, is the person's and stays.
        """
        notes = []
        try:
            document = self._file.read()
        except UserError:
            document = tomlkit.document()
            notes.append(f"The file that could not be read is now {self._file.set_aside()}.")
            touched = tuple(action.id for action in self.all)  # the new file is the only one now
        for id_ in touched:
            self._put_action(document, id_)
        self._put_lists(document)
        self._file.write(document)
        self.reload()
        self.problems = notes + self.problems

    def _put_lists(self, document: tomlkit.TOMLDocument) -> None:
        order = [action.id for action in self.all]
        own = [id_ for id_ in _table(document, "own") if id_ in order]
        hidden = [id_ for id_ in order if id_ in self.hidden]
        natural = [*self._builtin, *own]
        for key, value in (("order", [] if order == natural else order), ("hidden", hidden)):
            there = document.get(key, [])
            if value != (there if _is_list_of_texts(there) else []):
                _put(document, key, value or None)

    def _put_action(self, document: tomlkit.TOMLDocument, id_: str) -> None:
        """Write the keys that differ, and only those, so that comments beside the others stay."""
        action = next((one for one in self.all if one.id == id_), None)
        base = self._builtin.get(id_, QuickAction(id=""))
        kind = "changed" if id_ in self._builtin else "own"
        if not isinstance(document.get(kind), dict):
            document[kind] = tomlkit.table(is_super_table=True)
        tables: Any = document[kind]
        if not isinstance(tables.get(id_), dict):
            tables[id_] = tomlkit.table()
        tables[id_].pop(OLD_NEEDS_PICTURE, None)
        for name in EDITABLE:
            value = getattr(action, name, None)
            differs = action is not None and value != (getattr(base, name) if name != "reads" else _reads(action, base))
            _put(tables[id_], name, ("" if value is None else value) if differs else None)
        if action is None or not tables[id_]:
            del tables[id_]
        if not tables:
            del document[kind]


def _beside(own: Mapping[str, QuickAction], action: QuickAction) -> QuickAction:
    """A built-in action, under another id where the person had an action of that id before it came."""
    id_ = action.id
    while id_ in own:
        id_ += "-built-in"
    return action if id_ == action.id else dataclasses.replace(action, id=id_)


def _reads(action: QuickAction, base: QuickAction) -> str:
    """What an action reads of which the file does not say it."""
    return base.reads if action.prompt == base.prompt else ""


def _is_list_of_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _put(table: Any, key: str, value: Any) -> None:
    """Set a key of the file, unless it holds that already; None removes it."""
    if value is None:
        table.pop(key, None)
    elif key not in table or table[key] != value:
        table[key] = _as_toml(value)


def _as_toml(value: Any) -> Any:
    """A value in the form that is easiest to edit: long texts over several lines, options in one line."""
    if isinstance(value, str) and "\n" in value.strip("\n"):
        return tomlkit.string(value, multiline=True) if not value.startswith("\n") else value
    if isinstance(value, dict):
        inline = tomlkit.inline_table()
        inline.update(value)
        return inline
    return value


def _table(table: Mapping[str, Any], *keys: str) -> Mapping[str, Any]:
    """A table within tables; an empty one where there is none."""
    found: Any = table
    for key in keys:
        found = found.get(key) if isinstance(found, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _check(action: QuickAction) -> None:
    given = {name: getattr(action, name) for name in EDITABLE}
    _, clauses = read_action(given, "")
    if clauses:
        raise UserError(f"In the action {action.name or action.id}, {clauses[0]}.")


def _ordered(ids: list[str], order: list[str]) -> list[str]:
    """`ids` as `order` says; one that it does not name comes after the one before it in `ids`."""
    result = [id_ for id_ in dict.fromkeys(order) if id_ in ids]
    for index, id_ in enumerate(ids):
        if id_ not in result:
            result.insert(result.index(ids[index - 1]) + 1 if index else 0, id_)
    return result
