"""What an answer is held to: a JSON schema, a regular expression, a choice or a grammar; checked without a model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from desktop_vlm.api.errors import UserError
from desktop_vlm.structured.guards import FormulaGuard, Guard, JsonGuard
from desktop_vlm.structured.latex import LATEX_GRAMMAR
from desktop_vlm.structured.patterns import PatternError, portable
from desktop_vlm.structured.schema import schema_grammar

NAMED_GRAMMARS = {"latex": LATEX_GRAMMAR}
"""Grammars that come with the program."""

_LONGEST_GRAMMAR = 1_000_000
_MOST_CHOICES = 5_000


@dataclass(frozen=True)
class Constraint:
    """A checked constraint.

    Attributes:
        grammar: for llguidance.
        guard: makes the watcher that cuts off what no reader could take; None where there is nothing to watch.
    """

    grammar: str
    guard: type[Guard] | None = None


def make_constraint(
    *,
    json_schema: str | None = None,
    regex: str | None = None,
    choice: Sequence[str] | None = None,
    grammar: str | None = None,
) -> Constraint | None:
    """The constraint that is given; None if none is.

    Args:
        json_schema: JSON schema as JSON text; the answer is JSON that satisfies it.
        regex: regular expression that the whole answer matches.
        choice: texts of which the answer is one.
        grammar: grammar in llguidance's variant of Lark, or in llama.cpp's GBNF, or the name of one of
            `NAMED_GRAMMARS`.

    Raises:
        UserError: more than one is given, or the one cannot be followed.
    """
    given = {"json_schema": json_schema, "regex": regex, "choice": choice, "grammar": grammar}
    names = [name for name, value in given.items() if value is not None]
    if len(names) > 1:
        raise UserError(f"An answer can be held to one thing only; give {names[0]} or {names[1]}, not both.")
    if json_schema is not None:
        return Constraint(schema_grammar(json_schema), JsonGuard)
    if regex is not None:
        return Constraint(_regex_grammar(regex))
    if choice is not None:
        return Constraint(_choice_grammar(choice))
    if grammar is not None:
        return _named(grammar) or Constraint(_checked_grammar(grammar))
    return None


def _named(grammar: str) -> Constraint | None:
    if grammar.strip() in NAMED_GRAMMARS:
        return Constraint(_lark(NAMED_GRAMMARS[grammar.strip()]), FormulaGuard)
    return None


def _regex_grammar(regex: str) -> str:
    if "\0" in regex:
        raise UserError("The regular expression contains a NUL character; remove it.")
    try:
        text = regex.removeprefix("^").removesuffix("$") if _is_anchored(regex) else regex
        pattern = portable(text, with_properties=True)
    except PatternError as error:
        raise UserError(f"The regular expression {error}; write another one.") from None
    from llguidance import LLMatcher

    grammar: str = LLMatcher.grammar_from_regex(pattern)
    _check(grammar, "The regular expression cannot be followed")
    return grammar


def _is_anchored(regex: str) -> bool:
    """Whether it starts with `^` and ends with `$`, which say nothing where the whole answer must match."""
    ends = regex.endswith("$") and not regex.endswith("\\$")
    return regex.startswith("^") and ends and "|" not in regex


def _choice_grammar(choice: Sequence[str]) -> str:
    if isinstance(choice, str) or not choice or not all(isinstance(text, str) and text for text in choice):
        raise UserError("The choice must be a list of texts that are not empty.")
    if len(choice) > _MOST_CHOICES:
        raise UserError(f"The choice has {len(choice):,} texts; at most {_MOST_CHOICES:,} can be used.")
    for text in choice:
        if "\0" in text or any("\ud800" <= char <= "\udfff" for char in text):
            raise UserError("The choice has a text with a character that no answer can hold; remove it.")
    grammar = _lark("start: " + " | ".join(json.dumps(text, ensure_ascii=False) for text in dict.fromkeys(choice)))
    _check(grammar, "The choice cannot be followed")
    return grammar


def _checked_grammar(text: str) -> str:
    if len(text) > _LONGEST_GRAMMAR or "\0" in text:
        raise UserError(f"The grammar has a NUL character or more than {_LONGEST_GRAMMAR:,} characters.")
    grammar = _lark(_from_gbnf(text) if "::=" in text else text)
    _check(grammar, "The grammar cannot be followed")
    return grammar


def _from_gbnf(text: str) -> str:
    from llguidance.gbnf_to_lark import any_to_lark

    try:
        lark: str = any_to_lark(text)
    except Exception as error:  # noqa: BLE001 - its parser raises many kinds
        raise UserError(
            f"The grammar is not valid GBNF ({str(error).strip()[:300] or type(error).__name__})."
        ) from None
    return lark


def _lark(text: str) -> str:
    from llguidance import LLMatcher

    grammar: str = LLMatcher.grammar_from_lark(text)
    return grammar


def _check(grammar: str, sentence: str) -> None:
    from llguidance import LLMatcher

    failed, messages = LLMatcher.validate_grammar_with_warnings(grammar)
    if failed:
        raise UserError(f"{sentence} ({' '.join(' '.join(messages).split())[:300]}); correct it.")
