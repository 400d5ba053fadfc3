"""The parser: values, growth, and text that would hang or break it."""

from __future__ import annotations

import json
from time import thread_time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desktop_vlm.markdown.blocks import Cell, Code, Formula, Leaf, Span, Style, Table, Text, TextKind
from desktop_vlm.markdown.json_answer import json_answer
from desktop_vlm.markdown.parser import Parser
from desktop_vlm.markdown.visible import make_visible

ANSWER = r"""## A *title*

Text with **bold**, `code`, $x^2$ and a [link](https://example.org "t").
Second line, \(y\) for $5 and $6.

1. one
2. two
   ```py
   x = 1
   ```
- [x] done
  - below

> quoted
> > twice

| a | b |
|:--|--:|
| `1` | 2 |

$$
\frac{a}{b}
$$

\begin{align}
a &= b
\end{align}

---
~~~
fence ``` inside
~~~
end"""


def parse(text: str) -> list[Leaf]:
    return Parser().parse(text)


def test_every_kind_of_block() -> None:
    assert parse(ANSWER) == [
        Text((Span("A "), Span("title", Style.ITALIC)), TextKind.HEADING, level=2),
        Text(
            (
                Span("Text with "),
                Span("bold", Style.BOLD),
                Span(", "),
                Span("code", Style.CODE),
                Span(", "),
                Span("x^2", Style.FORMULA),
                Span(" and a "),
                Span("link", href="https://example.org"),
                Span(".\nSecond line, "),
                Span("y", Style.FORMULA),
                Span(" for $5 and $6."),
            )
        ),
        Text((Span("one"),), path="l", marker="1.", tight=True),
        Text((Span("two"),), path="l", marker="2.", tight=True),
        Code("x = 1", "py", "l"),
        Text((Span("done"),), path="l", marker="\u2611", tight=True),
        Text((Span("below"),), path="ll", marker="\u25e6", tight=True),
        Text((Span("quoted"),), path="q"),
        Text((Span("twice"),), path="qq"),
        Table(
            (Cell((Span("a"),), "a"), Cell((Span("b"),), "b")),
            ((Cell((Span("1", Style.CODE),), "`1`"), Cell((Span("2"),), "2")),),
            ("left", "right"),
        ),
        Formula(r"\frac{a}{b}"),
        Formula("\\begin{align}\na &= b\n\\end{align}"),
        Text(kind=TextKind.RULE),
        Code("fence ``` inside"),
        Text((Span("end"),)),
    ]


@pytest.mark.parametrize("streaming", [False, True])
def test_growing_text_parses_as_if_it_were_new(streaming: bool) -> None:
    growing = Parser()
    for end in range(0, len(ANSWER) + 1, 3):
        assert growing.parse(ANSWER[:end], streaming=streaming) == Parser().parse(ANSWER[:end], streaming=streaming)
    assert growing.parse(ANSWER) == parse(ANSWER)


def test_text_that_did_not_grow_starts_again() -> None:
    parser = Parser()
    parser.parse("# One\n\ntwo")
    assert parser.parse("three") == [Text((Span("three"),))]


@pytest.mark.parametrize(
    ("unfinished", "shown"),
    [
        ("some **bold", [Text((Span("some "), Span("bold", Style.BOLD)))]),
        ("some **", [Text((Span("some"),))]),
        ("call `f(", [Text((Span("call "), Span("f(", Style.CODE)))]),
        ("see [docs](https://ex", [Text((Span("see "), Span("docs", href="https://ex")))]),
        (r"so \(x^", [Text((Span("so "), Span(r"\(x^", Style.CODE)))]),
        ("$$\nx =", [Formula("x =", closed=False)]),
        ("\\[ x =", [Formula("x =", closed=False)]),
        ("```py\nx =", [Code("x =", "py")]),
        ("| a | b", [Table((Cell((Span("a"),), "a"), Cell((Span("b"),), "b")), (), ("", ""))]),
        ("| a | b |\n|:-", [Table((Cell((Span("a"),), "a"), Cell((Span("b"),), "b")), (), ("", ""))]),
        ('{"a": [1,', [Code('{\n  "a": [\n    1,', "json")]),
    ],
)
def test_unfinished_ends_show_as_what_they_become(unfinished: str, shown: list[Leaf]) -> None:
    assert Parser().parse(unfinished, streaming=True) == shown


def test_what_stays_unfinished_is_text_in_the_end() -> None:
    parser = Parser()
    parser.parse("$$\nx =", streaming=True)
    assert parser.parse("$$\nx =") == [Text((Span("$$\nx ="),))]


@pytest.mark.parametrize(
    ("markdown", "spans"),
    [
        ("<b>raw</b> <img src=x>", (Span("<b>raw</b> <img src=x>"),)),
        ("![cat](http://x/y.png)", (Span("cat (http://x/y.png)", Style.MUTED),)),
        ("![](file:///etc/passwd)", (Span("![](file:///etc/passwd)"),)),
        ("[run](javascript:alert(1))", (Span("[run](javascript:alert(1))"),)),
        ("[a][b]", (Span("[a][b]"),)),
        ("esc \x1b[31m", (Span("esc \u241b[31m"),)),
        ("a&#8238;b", (Span("a\u27e8U+202E\u27e9b"),)),
        ("US$5 to US$6", (Span("US$5 to US$6"),)),
        ("a \ud800 b", (Span("a \ufffd b"),)),
    ],
)
def test_text_only_produces_text(markdown: str, spans: tuple[Span, ...]) -> None:
    assert parse(markdown) == [Text(spans)]


def test_hidden_characters_are_shown() -> None:
    assert make_visible("a\u202eb\u2066c\x00\x7f\ufffc\ufdd0\U000e0041\t\n") == (
        "a\u27e8U+202E\u27e9b\u27e8U+2066\u27e9c\u2400\u2421\ufffd\ufffd\u27e8U+E0041\u27e9\t\n"
    )


def test_json_that_was_cut_off_is_shown_as_json() -> None:
    assert json_answer('{"a":[1,"tw', streaming=False) == '{\n  "a": [\n    1,\n    "tw'
    assert json_answer('{"a": 1} and more', streaming=False) is None


def test_json_answers_keep_numbers_and_order_as_written() -> None:
    text = '{"b": 1.50, "a": [1e400, {"x": "y, {z}: \\" "}], "e": {}, "b": []}'
    pretty = json_answer(text, streaming=False)
    assert pretty == (
        '{\n  "b": 1.50,\n  "a": [\n    1e400,\n    {\n      "x": "y, {z}: \\" "\n    }\n  ],\n  "e": {},\n  "b": []\n}'
    )
    assert json.loads(pretty) == json.loads(text)


@pytest.mark.parametrize("text", ['{"a": 1} and more', "{not json}", "[link](x)", "42", "[" * 5000 + "]" * 5000])
def test_other_answers_are_no_json(text: str) -> None:
    assert json_answer(text, streaming=False) is None


SCALARS = st.none() | st.booleans() | st.integers() | st.text()
JSON = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=12)


@given(JSON)
@settings(max_examples=60, deadline=None)
def test_pretty_printed_json_is_the_same_value(value: object) -> None:
    for indent in (None, 4):
        pretty = json_answer(json.dumps([value], indent=indent, ensure_ascii=False), streaming=False)
        assert pretty is not None
        assert json.loads(pretty) == [value]


NASTY = {
    "quotes": "> " * 10_000,
    "brackets": "[" * 10_000,
    "images": "![" * 10_000,
    "links": "[a](" * 10_000,
    "emphasis": "*a_ " * 10_000,
    "stars": "a**b" * 20_000,
    "lists": "".join("  " * depth + "- a\n" for depth in range(500)),
    "dollars": "$" * 50_000,
    "maths": r"\(" * 30_000,
    "displays": "\n\n".join([r"\["] * 5_000),
    "backticks": "".join("`" * count + " " for count in range(400)),
    "pipes": "|a" * 5_000 + "\n" + "|-" * 5_000,
    "entities": "&#8238;" * 10_000,
    "line": "x" * 100_000,
    "code line": "```python\n" + "x(" * 50_000 + "\n```",
    "inline code line": f"`{'x' * 100_000}`",
    "words": "word " * 20_000,
    "backslashes": "\\" * 60_000,
    "fence": "```" + "\n```x" * 10_000,
    "json": '{"a":' * 20_000,
    "begin": r"\begin{a}" * 10_000,
}


@pytest.mark.parametrize("name", NASTY)
def test_nasty_text_is_parsed_in_bounded_time(name: str) -> None:
    for streaming in (False, True):
        begun = thread_time()
        leaves = Parser().parse(NASTY[name], streaming=streaming)
        assert thread_time() - begun < 3.0
        assert leaves


def test_text_nested_too_deep_is_shown_as_it_is() -> None:
    text = "> " * 100 + "deep"
    assert parse(text) == [Text((Span(text),))]


INLINE = ["*", "**", "_", "`", "$", "$$", "\\(", "\\)", "[", "](", ")", "!", "~~", "&amp;", "<b>", "\\", '"', "a", "b"]
BLOCK = ["```", "~~~", "\\[", "\\]", "|", "|-|", "#", "---", "{", "}", "\\begin{align}", "\\end{align}"]
BLANKS = ["\n", "\n\n", "    ", "> ", "- ", "1. ", "\t", "\r", " ", "\u202e", "\U0001f600"]
PIECES = st.lists(st.sampled_from(INLINE + BLOCK + BLANKS), max_size=40).map("".join)


@given(PIECES | st.text(max_size=60), st.lists(st.integers(0, 60), max_size=4))
@settings(max_examples=250, deadline=None)
@example("_\n\\begin{align}", [15])
@example("***> \n\\[**\\]*", [12])
@example("> **\n**", [6])
@example("> $$\n\n*", [7])
def test_any_text_parses_and_growing_makes_no_difference(text: str, cuts: list[int]) -> None:
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setattr("desktop_vlm.markdown.markdown_parser.PARSE_LIMIT_S", 60.0)  # a pause here is no nasty text
        parser = Parser()
        for cut in sorted(cuts):
            parser.parse(text[:cut], streaming=True)
        assert parser.parse(text) == parse(text)
