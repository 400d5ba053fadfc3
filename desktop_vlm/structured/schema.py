"""The one checker of JSON schemas: for the window, `ask`, the API and stored actions.

Nothing here needs a model. What passes is followed to the letter; what does not is refused in one sentence that names
the keyword and its place.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.structured.keywords import check_kinds
from desktop_vlm.structured.lowering import Lowering
from desktop_vlm.structured.reading import read_schema

_STYLE = {"item_separator": ",[ ]?", "key_separator": ":[ ]?", "whitespace_flexible": False}
"""One line, a space after a mark where the model likes one: free white space is what a model may never stop writing."""


def check_schema(text: str) -> None:
    """Whether answers can be held to this schema, given as JSON text.

    Raises:
        UserError: they cannot; the sentence says where and why.
    """
    schema_grammar(text)


@lru_cache(maxsize=32)
def schema_grammar(text: str) -> str:
    """The schema as a grammar for llguidance.

    Raises:
        UserError: answers cannot be held to it; the sentence says where and why.
    """
    schema = read_schema(text)
    check_kinds(schema)
    try:
        lowering = Lowering(schema)
        lowered = lowering.run()
    except RecursionError:
        raise UserError("The schema is nested too deeply.") from None
    problem = _problem(lowered)
    if problem:
        raise _refusal(problem, lowering)
    return _grammar(lowered)


def _grammar(lowered: dict[str, Any]) -> str:
    from llguidance import LLMatcher  # its library takes a moment to load, which only those pay who use it

    style: Any = _STYLE
    grammar: str = LLMatcher.grammar_from_json_schema(json.dumps(lowered), overrides=style)
    return grammar


def _problem(lowered: dict[str, Any]) -> str:
    """Why llguidance does not take a lowered schema; empty if it does."""
    from llguidance import LLMatcher

    try:
        return LLMatcher.validate_grammar(_grammar(lowered))
    except ValueError as error:
        return str(error)


def _refusal(problem: str, lowering: Lowering) -> UserError:
    """The sentence, with the innermost place that has the problem."""
    where, reason = "the schema", problem
    for candidate, part in lowering.places:
        found = _problem({**part, "$defs": lowering.definitions})
        if found:
            where, reason = candidate, found
            break
    first_line = " ".join(reason.split())
    if first_line.startswith("Unsatisfiable schema") and not lowering.is_narrowed:
        return UserError(f"In {where}, no answer can satisfy all keywords{_in_brackets(first_line)}; correct it.")
    return UserError(f"In {where}, the keywords cannot be obeyed together{_in_brackets(first_line)}; simplify it.")


def _in_brackets(reason: str) -> str:
    text = reason.removeprefix("Unsatisfiable schema:").strip().rstrip(".")
    return f" ({text[:200]})" if text else ""
