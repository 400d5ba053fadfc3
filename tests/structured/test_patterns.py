from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llguidance import LLMatcher

from desktop_vlm.api.errors import UserError
from desktop_vlm.structured.constraint import Constraint, make_constraint
from desktop_vlm.structured.patterns import PatternError, portable
from tests.structured.answers import RandomAnswers
from tools.schema_suite import byte_vocabulary, lets_through


@pytest.mark.parametrize(
    ("pattern", "translated"),
    [
        (r"^\d{3}-\d{4}$", r"^[0-9]{3}\x{2d}[0-9]{4}$"),
        (r"[\w.]", r"[0-9A-Za-z_\x{2e}]"),
        (r"[^\D]", r"[^[^0-9]]"),
        (r"(?P<name>a|b)*?", "(?:a|b)*"),
        (r"\u00e9\x41\/", r"\x{e9}A\x{2f}"),
        ("a{b", r"a\x{7b}b"),
        ("[a-]", r"[a\x{2d}]"),
        ("😀", r"\x{1f600}"),
    ],
)
def test_what_becomes_of_a_pattern(pattern: str, translated: str) -> None:
    assert portable(pattern) == translated


@pytest.mark.parametrize(
    ("pattern", "reason"),
    [
        ("(", "is not a regular expression"),
        (r"\bword", r'uses "\b", which cannot be followed'),
        ("(?=a)b", "uses a lookahead, which cannot be followed"),
        ("(?<!a)b", "uses a lookbehind, which cannot be followed"),
        (r"(a)\1", r'uses "\1", which cannot be followed'),
        ("(?i)a", 'uses "(?i", which cannot be followed'),
        ("a++", "uses a possessive quantifier, which cannot be followed"),
        ("a{,3}", 'uses "{,"; write the least number too'),
        ("(a{1000}){1000}", "repeats something more than 10,000 times"),
        ("(x(a{1000})*){1000}", "repeats something more than 10,000 times"),
        (r"\x00", "names a character that no answer can hold (NUL or half of a surrogate pair)"),
        (r"\ud83d", "names a character that no answer can hold (NUL or half of a surrogate pair)"),
        ("a" * 3_000, "is longer than 2,000 characters"),
        (r"\p{L}", r'uses "\p{L}", which the validator cannot read'),
        (r"\pL", "is not a regular expression"),
    ],
)
def test_what_cannot_be_followed_says_why(pattern: str, reason: str) -> None:
    with pytest.raises(PatternError) as raised:
        portable(pattern)
    assert str(raised.value).startswith(reason)


@pytest.mark.parametrize(
    ("regex", "fits", "misfits"),
    [
        (r"\p{Lu}\p{Letter}*", ["É", "Ab"], ["a", "1", ""]),
        (r"[\p{Script=Greek}\d]+", ["λω1"], ["a"]),
        (r"\P{L}+", ["12"], ["a"]),
        (r"[^\p{L}]", ["-"], ["é"]),
        (r"\\p{2}", [r"\pp"], ["x"]),
    ],
)
def test_a_regular_expression_may_use_properties_of_unicode(regex: str, fits: list[str], misfits: list[str]) -> None:
    constraint = make_constraint(regex=regex)
    assert constraint is not None
    vocabulary = byte_vocabulary()
    assert [lets_through(constraint.grammar, text, vocabulary) for text in fits] == [True] * len(fits)
    assert not any(lets_through(constraint.grammar, text, vocabulary) for text in misfits)


def test_an_unknown_property_of_unicode_is_explained() -> None:
    with pytest.raises(UserError, match="The regular expression cannot be followed"):
        make_constraint(regex=r"\p{Nonsense}")


_ATOMS = st.sampled_from(
    [
        "a",
        "b",
        ".",
        r"\d",
        r"\D",
        r"\w",
        r"\W",
        r"\s",
        r"\S",
        "[a-c]",
        "[^a]",
        r"[^\d\s]",
        r"[\W_]",
        r"\.",
        "é",
        "(x|yy)",
    ]
)
_QUANTIFIERS = st.sampled_from(["", "", "?", "*", "+", "{2}", "{1,3}", "*?"])
_PATTERNS = st.lists(st.tuples(_ATOMS, _QUANTIFIERS).map("".join), min_size=1, max_size=4).map("".join)
_ANSWERS = RandomAnswers(byte_vocabulary())


@settings(max_examples=150)
@given(pattern=_PATTERNS, seed=st.integers(0, 1 << 30))
def test_python_matches_every_text_of_a_pattern(pattern: str, seed: int) -> None:
    grammar = LLMatcher.grammar_from_regex(portable(pattern))
    text, finished = _ANSWERS.draw(Constraint(grammar), seed, max_tokens=60)
    assert not finished or re.fullmatch(pattern, text), text
