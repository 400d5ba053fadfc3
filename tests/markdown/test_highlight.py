"""Colours of code, a line at a time."""

from __future__ import annotations

from itertools import islice

import pytest

from desktop_vlm.markdown import highlight
from desktop_vlm.markdown.highlight import Run, colored_lines


def test_lines_come_one_after_the_other_as_in_the_whole() -> None:
    code = 'def f():\n    """Text\n    in lines"""\n\nx = 1'
    whole = highlight.highlight(code, "python")
    assert len(whole) == 5
    assert list(colored_lines(code, "python")) == whole
    assert list(islice(colored_lines(code, "python"), 1)) == whole[:1]


@pytest.mark.parametrize(("length", "is_colored"), [(900, True), (1_100, False)])
def test_a_line_that_is_too_long_stays_plain_and_the_others_do_not(length: int, is_colored: bool) -> None:
    lines = list(colored_lines(f"if a: x = '{'y' * (length - 12)}'\nif a", "python"))
    assert bool(lines[0]) is is_colored
    assert lines[1] == [Run(0, 2, "keyword")]


def test_a_lexer_is_ready_once_it_was_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(highlight, "_made", set())
    highlight._lexer.cache_clear()
    assert not highlight.is_ready("Python")
    assert highlight.lexer_of("Python") is not None
    assert highlight.is_ready("python")
    assert highlight.is_ready("no such language")
    assert highlight.lexer_of("no such language") is None
