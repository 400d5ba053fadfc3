"""Answers as HTML for other programs."""

from __future__ import annotations

import re

import pytest

from desktop_vlm.markdown.as_html import markdown_html, verbatim_html


def without_looks(html: str) -> str:
    """Without attributes, white space between elements, and what is written for colours only."""
    html = re.sub(r' (style|dir)="[^"]*"', "", html)
    return re.sub(r">\\s+<", "><", html.replace("\n", "")).replace("<span>", "").replace("</span>", "")


@pytest.mark.parametrize(
    ("markdown", "html"),
    [
        (
            "# Head\n\nSome **bold** *it* ~~s~~ `c`",
            "<h1>Head</h1><p>Some <b>bold</b> <i>it</i> <s>s</s> <code>c</code></p>",
        ),
        ("- a\n- b\n  - c\n- d", "<ul><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ul>"),
        ("3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'),
        ("- [x] done", "<ul><li>\u2611 done</li></ul>"),
        ("> q\n>\n> - i", "<blockquote><p>q</p><ul><li>i</li></ul></blockquote>"),
        (
            "| a | b |\n|---|---|\n| 1 | <b> |",
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>&lt;b&gt;</td></tr></table>",
        ),
        ("```\na < b\n```", "<pre>a &lt; b</pre>"),
        ("[site](https://a.b/?x=1&y)", "<p>site (https://a.b/?x=1&amp;y)</p>"),
        ("<https://a.b>", "<p>https://a.b</p>"),
        ("![alt](x.png)", "<p>alt (x.png)</p>"),
        ("one\ntwo", "<p>one<br>two</p>"),
        ("a\n\n---\n\nb", "<p>a</p><hr><p>b</p>"),
        ("$x^2$", "<p><code>$x^2$</code></p>"),
    ],
)
def test_every_kind_of_block(markdown: str, html: str) -> None:
    assert without_looks(markdown_html(markdown)) == html


def test_code_keeps_its_text_and_gets_colours() -> None:
    html = markdown_html('```python\nx = "\U0001f600"  # note\n```')
    assert '<span style="color:#1d6b34">\U0001f600</span>' in html
    assert "# note</span>" in html


def test_long_code_is_one_block() -> None:
    source = "".join(f"line {number}\n" for number in range(2_000))
    html = markdown_html(f"```\n{source}```")
    assert html.count("<pre") == 1
    assert "line 1999" in html


def test_a_large_table_is_a_table() -> None:
    html = markdown_html("| a | b |\n|---|---|\n" + "".join(f"| {number} | x |\n" for number in range(500)))
    assert html.count("<tr>") == 501


def test_text_is_kept_letter_by_letter() -> None:
    assert verbatim_html("a  <b>\n# c \u202e").endswith(">a  &lt;b&gt;\n# c \u27e8U+202E\u27e9</pre>")
