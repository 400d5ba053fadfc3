"""TOML that nobody vouches for: not larger than what people write, no numbers without end, no nesting without end."""

from __future__ import annotations

import re
import tomllib
from typing import Any

MOST_LINES, MOST_VALUES, MOST_DEPTH = 10_000, 3_000, 32
"""Far beyond what people write, and little enough for tomlkit, which takes a minute for 20,000 values."""


class BadTomlError(ValueError):
    """Why a text is no document; a clause."""


def parse_toml(text: str) -> dict[str, Any]:
    """The values of a text.

    Raises:
        BadTomlError: it is no TOML, or larger, deeper or longer than a person's file.
    """
    if text.count("\n") > MOST_LINES or text.count("\r") > MOST_LINES:
        raise BadTomlError(f"it has more than {MOST_LINES:,} lines")
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = found[1] if found else len(text.rstrip("\n").split("\n"))
        raise BadTomlError(f"line {line} is not valid TOML") from None
    except ValueError:
        raise BadTomlError("a number in it is too long, or a date is none") from None
    except RecursionError:
        raise BadTomlError("it is nested too deeply") from None
    _check_size(table)
    return table


def _check_size(table: dict[str, Any]) -> None:
    """Refuse what is nested deeply, has many values, or numbers of more than 64 bits; level by level."""
    level: list[Any] = [table]
    count = 0
    for _ in range(MOST_DEPTH):
        items = [item for one in level for item in (one.values() if isinstance(one, dict) else one)]
        count += len(items)
        level = [item for item in items if isinstance(item, (dict, list))]
        if count > MOST_VALUES:
            raise BadTomlError(f"it has more than {MOST_VALUES:,} values")
        if any(isinstance(item, int) and item.bit_length() > 63 for item in items):
            raise BadTomlError("a number in it has more than 64 bits")
        if not level:
            return
    raise BadTomlError("it is nested too deeply")
