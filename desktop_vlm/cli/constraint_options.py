"""Options that hold an answer to something, read and checked before a model loads."""

from __future__ import annotations

import argparse
import csv
import os
from pathlib import Path
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.structured.constraint import NAMED_GRAMMARS, make_constraint
from desktop_vlm.system.border.arguments import as_text
from desktop_vlm.system.bounded.files import read_text


def add_constraint_options(parser: argparse.ArgumentParser) -> None:
    """Add the options to a command."""
    group = parser.add_argument_group("holding the answer to something (one of these)")
    group.add_argument("--json-schema", metavar="SCHEMA", help="JSON that satisfies a schema: a file or the schema")
    group.add_argument(
        "--regex", type=as_text, metavar="REGEX", help="text that a regular expression matches from start to end"
    )
    group.add_argument(
        "--choice", type=as_text, metavar="A,B,C", help="one of these texts; quote one with a comma: '\"a, b\",c'"
    )
    group.add_argument(
        "--grammar", metavar="FILE", help=f"text of a grammar (Lark or GBNF): a file, or {', '.join(NAMED_GRAMMARS)}"
    )
    group.add_argument(
        "--close-json",
        action="store_true",
        help="with --json-schema: print an answer that is cut off in its last complete form, all at once",
    )


def read_constraint(args: argparse.Namespace) -> dict[str, Any]:
    """The arguments of `Model.chat` that hold the answer to what was asked for.

    Raises:
        UserError: a file cannot be read, or an answer cannot be held to what it says.
    """
    given: dict[str, Any] = {}
    if args.json_schema is not None:
        given["json_schema"] = _schema(args.json_schema)
    if args.regex is not None:
        given["regex"] = args.regex
    if args.choice is not None:
        given["choice"] = _choices(args.choice)
    if args.grammar is not None:
        named = args.grammar in NAMED_GRAMMARS
        given["grammar"] = args.grammar if named else _text(args.grammar, "grammar file", "give a file")
    if args.close_json and args.json_schema is None:
        raise UserError("--close-json closes JSON; give it with --json-schema.")
    make_constraint(**given)
    return given


def _schema(given: str) -> str:
    if given.lstrip().startswith(("{", "[")):
        return as_text(given)
    return _text(given, "schema file", "give a file or the schema itself")


def _text(name: str, kind: str, way_out: str) -> str:
    if not os.path.exists(name):  # noqa: PTH110 - what is too long for a name is not there either
        raise UserError(f"There is no readable {kind} {name}; {way_out}.")
    return read_text(Path(name))


def _choices(given: str) -> list[str]:
    try:
        (texts,) = csv.reader([given], skipinitialspace=True, strict=True)
    except (csv.Error, ValueError):
        shown = given if len(given) <= 60 else f"{given[:57]}..."
        raise UserError(f"The choice {shown} is not a list like A,B,C; close its quotes.") from None
    return [text.strip() for text in texts]
