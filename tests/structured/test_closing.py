from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_vlm.structured.closing import close_json


@pytest.mark.parametrize(
    ("cut", "closed"),
    [
        ("", "null"),
        ("  ", "null"),
        ("{", "{}"),
        ("[", "[]"),
        ('"half a te', "null"),
        ("tru", "null"),
        ("-", "null"),
        ('{"a"', "{}"),
        ('{"a":', "{}"),
        ('{"a": 1', "{}"),
        ('{"a": 1,', '{"a": 1}'),
        ('{"a": true', '{"a": true}'),
        ('{"a": [1, 2, "x', '{"a": [1, 2]}'),
        ('{"a": "done", "b": {"c": [{}, {"d": nul', '{"a": "done", "b": {"c": [{}, {}]}}'),
        (r'["\"', "[]"),
        (r'["a\\", "b', r'["a\\"]'),
        ('["{[", [', '["{[", []]'),
        ("[1, 2]", "[1, 2]"),
    ],
)
def test_the_last_complete_form(cut: str, closed: str) -> None:
    assert close_json(cut) == closed


@pytest.mark.parametrize("text", ["{a", "[1,,", "]", '{"a" 1', '{"a": 1 2', "[1}", '{"a": 1,}x', "nonsense]"])
def test_what_is_no_beginning_of_json_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not how JSON goes on"):
        close_json(text)


_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)


@given(value=_VALUES, data=st.data(), indent=st.sampled_from([None, 2]))
def test_json_cut_anywhere_closes_to_a_part_of_it(value: Any, data: st.DataObject, indent: int | None) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=data.draw(st.booleans()))
    closed = json.loads(close_json(text[: data.draw(st.integers(0, len(text)))]))
    assert closed is None or is_part(closed, value)


def is_part(part: Any, whole: Any) -> bool:
    """Whether `part` is `whole` with values missing at its open end; a number at the root may be a shorter one."""
    if isinstance(part, dict) and isinstance(whole, dict):
        return all(name in whole and is_part(value, whole[name]) for name, value in part.items())
    if isinstance(part, list) and isinstance(whole, list):
        return len(part) <= len(whole) and all(map(is_part, part, whole))
    is_number = isinstance(part, int | float) and isinstance(whole, int | float)
    return bool(part == whole or (is_number and not isinstance(part, bool)))


@given(value=_VALUES)
def test_complete_json_stays_as_it_is(value: Any) -> None:
    assert close_json(json.dumps(value)) == json.dumps(value)


def test_brackets_without_end_are_no_crash() -> None:
    with pytest.raises(ValueError, match="is not how JSON goes on"):
        close_json("[" * 100_000)
