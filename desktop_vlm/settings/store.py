"""The active settings and their file."""

from __future__ import annotations

import dataclasses
import difflib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tomlkit

from desktop_vlm.api.errors import UserError, one_line
from desktop_vlm.api.fields import read_table, setting_named, settings_of, shown
from desktop_vlm.settings.declarations import Settings, sections
from desktop_vlm.settings.toml_file import TomlFile

_MOST_RECENT = 8


class SettingsStore:
    """Reads the file once, writes only the keys that change.

    Attributes:
        path: of the file.
        current: the active settings.
        problems: one sentence for each thing in the file that could not be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file = TomlFile(path)
        self.current = Settings()
        self.problems: list[str] = []
        self.reload()

    def reload(self) -> Settings:
        """Read the file again."""
        try:
            table = self._file.read().unwrap()
        except UserError as error:
            self.current, self.problems = Settings(), [str(error)]
        else:
            self.current, self.problems = _read(table, self.path)
        return self.current

    def update(self, section: str, **changes: Any) -> Settings:
        """Change settings of one section, in the program and in the file.

        Raises:
            UserError: a value is not allowed and nothing changes; or the file could not be written, and the change
                is active until the program ends.
        """
        old = getattr(self.current, section)
        allowed = {name: _checked(section, type(old), name, value) for name, value in changes.items()}
        return self.save(dataclasses.replace(self.current, **{section: dataclasses.replace(old, **allowed)}))

    def save(self, settings: Settings) -> Settings:
        """Make settings the active ones and write what differs from those before.

        A file that cannot be read is set aside first, never overwritten.

        Raises:
            UserError: the file could not be written; the settings are active until the program ends.
        """
        changes = _differences(self.current, settings)
        self.current = settings
        if changes:
            self._write(changes)
        return settings

    def remember_model(self, text: str) -> None:
        """Note that a model was used; not worth an error, nor setting a file aside that cannot be read."""
        models = (text, *(one for one in self.current.recent.models if one != text))[:_MOST_RECENT]
        if models == self.current.recent.models:
            return
        recent = dataclasses.replace(self.current.recent, models=models)
        try:
            self._file.read()
            self.save(dataclasses.replace(self.current, recent=recent))
        except UserError:
            self.current = dataclasses.replace(self.current, recent=recent)

    def _write(self, changes: dict[str, dict[str, Any]]) -> None:
        # What the person wrote since the last reading is kept: the changes go into the file as it is now.
        notes = []
        try:
            document = self._file.read()
        except UserError:
            document = tomlkit.document()
            notes.append(f"The file that could not be read is now {self._file.set_aside()}.")
            # The new file is the only one now, so it holds all that differs from the defaults.
            changes = _differences(Settings(), self.current)
        for section, values in changes.items():
            if not isinstance(document.get(section), Mapping):
                document[section] = tomlkit.table()
            for name, value in values.items():
                rule = setting_named(type(getattr(self.current, section)), name).rule
                document[section][name] = rule.write(value)
        self._file.write(document)
        self.problems = notes + _read(document.unwrap(), self.path)[1]


def _read(table: Mapping[str, Any], path: Path) -> tuple[Settings, list[str]]:
    made = {}
    problems = []
    for name, kind in sections():
        part = table.get(name, {})
        if not isinstance(part, Mapping):
            problems.append(f"In {path}, {name} is {shown(part)} but must be a table, [{name}]; its defaults are used.")
            part = {}
        values, clauses = read_table(kind, part, f"{name}.")
        made[name] = kind(**values)
        for key, clause in clauses.items():
            one = setting_named(kind, key)
            problems.append(f"In {path}, {clause}; {shown(one.rule.write(one.default))} is used.")
        problems += [f"In {path}, {hint}" for hint in _misspellings(name, kind, part)]
    return Settings(**made), [one_line(sentence) for sentence in problems]


def _misspellings(name: str, section: type, table: Mapping[str, Any]) -> list[str]:
    """Unknown keys may be a newer version's and are kept in silence, unless one looks like a slip."""
    known = [one.name for one in settings_of(section)]
    hints = []
    for key in table:
        close = difflib.get_close_matches(key, known, n=1, cutoff=0.75)
        if key not in known and close and close[0] not in table:
            hints.append(f"{name}.{key} is not a setting and does nothing; did you mean {close[0]}?")
    return hints


def _checked(section: str, kind: type, name: str, value: object) -> Any:
    rule = setting_named(kind, name).rule
    try:
        return rule.read(value)
    except ValueError:
        raise UserError(f"The setting {section}.{name} is {shown(value)} but must be {rule.allowed}.") from None


def _differences(old: Settings, new: Settings) -> dict[str, dict[str, Any]]:
    """Section -> key -> new value, of what is not equal."""
    found: dict[str, dict[str, Any]] = {}
    for section, kind in sections():
        before, after = getattr(old, section), getattr(new, section)
        for one in settings_of(kind):
            if getattr(before, one.name) != getattr(after, one.name):
                found.setdefault(section, {})[one.name] = getattr(after, one.name)
    return found
