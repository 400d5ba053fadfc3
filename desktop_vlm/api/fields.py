"""How something that people can set is declared: one dataclass field that says all there is to know about it.

    n_ctx: int = setting(4096, Whole(512, 131072, unit="tokens"), "Context length", "How much is kept in mind.")

From that come the default, reading and checking what stands in the settings file, the sentence about a wrong value,
the row in the settings dialog and, where it names one, the option of the command line. Labels and help are English; the
user interface translates them in the context "settings".
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, TypeGuard

_KEY = "setting"


class Rule(Protocol):
    """Which values are allowed."""

    @property
    def allowed(self) -> str:
        """What is allowed, to follow "must be"."""

    def read(self, value: object) -> Any:
        """The value as the program wants it.

        Raises:
            ValueError: it is not allowed; the message may say more than `allowed` does.
        """

    def write(self, value: Any) -> object:
        """The value as it stands in the file."""


class AsItIs:
    """Values that the file holds as the program does."""

    def write(self, value: Any) -> object:
        return value


@dataclass(frozen=True)
class Whole(AsItIs):
    """A whole number from `least` to `most`; `step` is the size of a step in the dialog."""

    least: int
    most: int
    step: int = 1
    unit: str = ""

    @property
    def allowed(self) -> str:
        return f"a whole number from {self.least} to {self.most}"

    def read(self, value: object) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not self.least <= value <= self.most:
            raise ValueError
        return int(value)


@dataclass(frozen=True)
class Number(AsItIs):
    """A number from `least` to `most`, of `decimals` digits in the dialog."""

    least: float
    most: float
    step: float = 0.05
    decimals: int = 2

    @property
    def allowed(self) -> str:
        return f"a number from {self.least:g} to {self.most:g}"

    def read(self, value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not self.least <= value <= self.most:
            raise ValueError
        return float(value)


@dataclass(frozen=True)
class WholeOr:
    """A whole number, or one word for "you decide".

    Attributes:
        word: stands in the file; `word_label` is what a person reads.
        meaning: stands for it in the program.
    """

    word: str
    word_label: str
    number: Whole
    meaning: int | None

    @property
    def allowed(self) -> str:
        return f'"{self.word}" or {self.number.allowed}'

    def read(self, value: object) -> int | None:
        is_word = value == self.word or (value == self.meaning and not isinstance(value, bool))
        return self.meaning if is_word else self.number.read(value)

    def write(self, value: Any) -> object:
        return self.word if value == self.meaning else value


@dataclass(frozen=True)
class Switch(AsItIs):
    """Yes or no."""

    @property
    def allowed(self) -> str:
        return "true or false"

    def read(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise ValueError
        return value


@dataclass(frozen=True)
class Choice:
    """One value of `OneOf`; `icon` is a Lucide name, `note` a sentence of what it means."""

    value: str
    label: str
    icon: str = ""
    note: str = ""


@dataclass(frozen=True)
class OneOf(AsItIs):
    """One of a few words."""

    choices: tuple[Choice, ...]

    @property
    def allowed(self) -> str:
        words = [f'"{choice.value}"' for choice in self.choices]
        return f"{', '.join(words[:-1])} or {words[-1]}"

    def read(self, value: object) -> str:
        found = next((choice.value for choice in self.choices if choice.value == value), None)
        if found is None:
            raise ValueError
        return found


@dataclass(frozen=True)
class Text(AsItIs):
    """Text, of several lines in the dialog where `lines` is more than one."""

    lines: int = 1
    placeholder: str = ""
    required: bool = False

    @property
    def allowed(self) -> str:
        return "text in quotes that is not empty" if self.required else "text in quotes"

    def read(self, value: object) -> str:
        if not _is_text(value) or (self.required and not value.strip()):
            raise ValueError
        return str(value)


def _is_text(value: object) -> TypeGuard[str]:
    """A text without a NUL, at which names of files end."""
    return isinstance(value, str) and "\0" not in value


@dataclass(frozen=True)
class TextList:
    """Several texts."""

    @property
    def allowed(self) -> str:
        return "a list of texts in quotes"

    def read(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, (list, tuple)) or not all(map(_is_text, value)):
            raise ValueError
        return tuple(str(one) for one in value)

    def write(self, value: Any) -> object:
        return list(value)


@dataclass(frozen=True)
class CommandOption:
    """How the command line names it: `--ctx TOKENS`, and what its help says."""

    flag: str
    metavar: str
    help: str


@dataclass(frozen=True)
class Setting:
    """What a field says of itself.

    Attributes:
        name: of the field, and the key in the file.
        default: used where the file says nothing, or nothing that is allowed.
        rule: which values are allowed; the dialog chooses the control by its kind.
        label, help: what a person reads.
        group: heading under which the dialog shows it; "" when it has a place of its own there.
        command: the option of the command line; None where there is none.
    """

    name: str
    default: Any
    rule: Rule
    label: str
    help: str = ""
    group: str = ""
    command: CommandOption | None = None


def setting(
    default: Any,
    rule: Rule,
    label: str = "",
    help: str = "",  # noqa: A002
    group: str = "",
    command: CommandOption | None = None,
) -> Any:
    """A dataclass field that declares a setting; without a label it is not shown."""
    return dataclasses.field(default=default, metadata={_KEY: (rule, label, help, group, command)})


def settings_of(section: type) -> Iterator[Setting]:
    """What the fields of a dataclass declare, in order."""
    for field in dataclasses.fields(section):
        if _KEY in field.metadata:
            yield Setting(field.name, field.default, *field.metadata[_KEY])


def setting_named(section: type, name: str) -> Setting:
    """The declaration of one field."""
    return next(one for one in settings_of(section) if one.name == name)


def read_table(section: type, table: Mapping[str, Any], prefix: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The allowed values that a table of the file holds for a dataclass, and for each other key a clause about it.

    Args:
        section: a dataclass of settings.
        table: the table, as plain values.
        prefix: what stands before the key in a sentence, "model.".
    """
    values: dict[str, Any] = {}
    problems = {}
    for one in settings_of(section):
        if one.name not in table:
            continue
        try:
            values[one.name] = one.rule.read(table[one.name])
        except ValueError as error:
            detail = f" ({error})" if str(error) else ""
            wrong = shown(table[one.name])
            problems[one.name] = f"{prefix}{one.name} is {wrong} but must be {one.rule.allowed}{detail}"
    return values, problems


def shown(value: object) -> str:
    """A value as it would stand in the file, shortened."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f'"{_short(value)}"'
    if isinstance(value, int) and value.bit_length() > 256:
        return "a huge number"
    return _short(str(value))


def _short(text: str) -> str:
    """The beginning of a text, on one line."""
    cut = text if len(text) <= 40 else f"{text[:37]}..."
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in cut)
