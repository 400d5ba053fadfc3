"""JSON and TOML of strangers: values that every part of the program can use, or a clause that says where not."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.system.bounded.json_text import BadJsonError, optional_object, parse_json, read_json_object
from desktop_vlm.system.bounded.section import Section
from desktop_vlm.system.bounded.toml_text import BadTomlError, parse_toml


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ('{"a": {"b": NaN}}', "holds NaN, which is no number in JSON, at `a.b`"),
        ("[1, -Infinity]", "holds -Infinity, which is no number in JSON, at `[1]`"),
        ('{"a": 1e999}', "holds 1e999, which is too large a number, at `a`"),
        ('{"a": [' + "9" * 1001 + "]}", "holds a number of too many digits at `a[0]`"),
        ('{"a": "\\ud800"}', "holds half of a character at `a`"),
        ('{"\\udfff": 1}', "holds a name with half of a character"),
        ('{"a": {"b": 1, "b": 2}}', "has two different values at `a.b`"),
        ('{"b": 1, "b": true}', "has two different values at `b`"),
        ("[" * 65 + "]" * 65, "is nested too deeply"),
        ("[" * 100_000, "is nested too deeply"),
        ('{"a": ' * 65 + "1" + "}" * 65, "is nested too deeply"),
        ('{"a": 1,\n}', "is not valid JSON (line 2, column 1: Expecting property name enclosed in double quotes)"),
        ("", "is not valid JSON (line 1, column 1: Expecting value)"),
        ("[0" + ",0" * 4_000_001 + "]", "holds more than 4,000,000 values"),
        (b"\xff{}", "is not UTF-8 text"),
    ],
)
def test_what_no_value_is(text: str | bytes, clause: str) -> None:
    with pytest.raises(BadJsonError) as caught:
        parse_json(text)
    assert str(caught.value) == clause


def test_what_is_a_value() -> None:
    assert parse_json('{"a": 1, "b": [1.5, null], "a": 1, "c": "\\ud83d\\ude00\\u0000"}') == {
        "a": 1, "b": [1.5, None], "c": "😀\0",
    }  # fmt: skip
    assert parse_json("[" * 64 + "]" * 64) is not None
    assert parse_json('{"a": "x\\udc80"}', file_names=True) == {"a": "x\udc80"}
    assert parse_json('["é"]'.encode("utf-16")) == ["é"]


def test_a_file_says_its_name_and_the_way_out(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text('{"x": NaN}')
    with pytest.raises(UserError, match=r"a\.json holds NaN, which is no number in JSON, at `x`: get it again\.$"):
        read_json_object(path, "get it again")
    path.write_text("[]")
    with pytest.raises(UserError, match=r"a\.json should hold a JSON object: get it again\.$"):
        read_json_object(path, "get it again")
    assert optional_object(path, 100) == {}
    path.write_text('{"x": 1}')
    assert optional_object(path, 100) == {"x": 1}
    assert optional_object(path, 7) == {}


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("a = 1\nb = ", "line 2 is not valid TOML"),
        ("a = " + "[" * 33 + "]" * 33, "it is nested too deeply"),
        ("a = " + "[" * 3000 + "]" * 3000, "it is nested too deeply"),
        ("a = 9223372036854775808", "a number in it has more than 64 bits"),
        ("a = " + "9" * 5000, "a number in it is too long, or a date is none"),
        ("a = [" + "1," * 3001 + "]", "it has more than 3,000 values"),
        ("\n" * 10_001, "it has more than 10,000 lines"),
    ],
)
def test_what_no_document_is(text: str, clause: str) -> None:
    with pytest.raises(BadTomlError) as caught:
        parse_toml(text)
    assert str(caught.value) == clause


def test_a_section_says_what_it_expected() -> None:
    section = Section(
        {"n": True, "x": -1, "big": 1 << 31, "f": 1e31, "s": "a\nb", "huge": 10**5000}, "a.json", "get it"
    )
    for take, sentence in (
        (lambda: section.integer("n"), "a.json: `n` should be a whole number of at least 1, found True."),
        (lambda: section.integer("x"), "a.json: `x` should be a whole number of at least 1, found -1."),
        (
            lambda: section.integer("big"),
            "a.json: `big` should be a whole number of at most 2,147,483,647, found 2147483648.",
        ),
        (lambda: section.number("f"), "a.json: `f` should be a positive number, found 1e+31."),
        (lambda: section.string("s"), "a.json: `s` should be a string of printable characters, found 'a\\nb'."),
        (lambda: section.switch("x", False), "a.json: `x` should be true or false, found -1."),
        (
            lambda: section.integer("huge"),
            "a.json: `huge` should be a whole number of at most 2,147,483,647, found a huge number.",
        ),
        (lambda: section.section("n"), "a.json: `n` should be an object, found True."),
        (lambda: section.integer("gone"), "a.json: `gone` is missing: get it."),
    ):
        with pytest.raises(UserError) as caught:
            take()
        assert str(caught.value) == sentence


def test_a_sentence_stays_on_its_line() -> None:
    assert str(UserError("a" * 1400)) == "a" * 1400
    assert str(UserError("a" * 1000 + "b" * 5000 + "c" * 300)) == "a" * 1000 + " ... " + "c" * 300
    assert str(UserError("a\nb\u202e\x1b[0m\u2028 é \udc80")) == "a\\nb\\u202e\\x1b[0m\\u2028 é \udc80"
