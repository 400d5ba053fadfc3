"""Formulas, and the colours of code."""

from __future__ import annotations

import dataclasses
from time import thread_time

import pytest

from desktop_vlm.markdown import highlight
from desktop_vlm.markdown.formula import lay_out, lay_out_uncached
from desktop_vlm.ui import theme as themes

FENCES = r"\left(x+" * 9 + r"\right)" * 9
"""Takes the library seconds."""
ROWS = (
    r"\frac{a_{1}}{b^2+c} = \sum_{i=0}^n x_i",
    r"\left(\frac{a}{b}\right)^2+\left[x^{\left(y\right)}\right]",
    r"(a+b)|x|\sqrt{\frac{1}{1+\sqrt{2}}}",
    r"\overline{abc}\hat{x}\underbrace{a+b}_{n}",
    r"\langle x | y \rangle \lfloor \frac{a}{b} \rfloor",
    r"x \xrightarrow{f} y, \|v\|, \{a\mid b\} \overrightarrow{AB}",
    r"\begin{cases}a & x>0\\ \frac{b}{c} & x\le 0\end{cases}",
    r"{n \choose k} \binom{n}{k} \left.\frac{d}{dx}\right|_{x=0}",
)


@pytest.mark.parametrize("latex", ROWS)
def test_rows_that_are_laid_out_once_look_as_those_that_are_laid_out_twice(
    latex: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    once = [lay_out_uncached(latex, 16.0, display=display) for display in (True, False)]
    from ziamath.nodes.mrow import Mrow  # warns where it is the first one that imports it

    monkeypatch.setattr(Mrow, "_get_height_nostretch", Mrow._get_height_nostretch.__wrapped__)
    assert [lay_out_uncached(latex, 16.0, display=display) for display in (True, False)] == once
    assert None not in once


@pytest.mark.parametrize("begin", [r"\sqrt{x+", r"\frac{x}{", "x^{"])
def test_deep_formulas_take_no_longer_than_others(begin: str) -> None:
    begun = thread_time()
    assert lay_out_uncached(begin * 40 + "y" + "}" * 40, 14.0, display=True) is not None
    assert thread_time() - begun < 2.0  # twice as long for each level would be for ever


def test_a_fraction_hangs_below_the_line_and_grows_with_the_size() -> None:
    small, large = (lay_out(r"\frac{a}{b}", size, display=True) for size in (10.0, 20.0))
    letter = lay_out("x", 20.0, display=False)
    assert small is not None
    assert large is not None
    assert letter is not None
    assert large.height == pytest.approx(2 * small.height, rel=0.05)
    assert large.descent > 8
    assert letter.descent < 1
    assert letter.ascent == pytest.approx(9.5, abs=1.5)


@pytest.mark.parametrize(
    "latex",
    [r"\binom{n}{k_{1}}", r"\binom{n_{1}}{\frac{a}{\}}}", r"\binom{a}{\binom{b}{c}+d}", r"{a}{\binom{b}{{c}}}"],
)
def test_binomials_may_hold_braces(latex: str) -> None:
    drawn, plain = lay_out(latex, 16.0, display=True), lay_out(r"\binom{n}{k}", 16.0, display=True)
    assert drawn is not None
    assert plain is not None
    assert drawn.width > plain.width


@pytest.mark.parametrize(
    "latex", ["", " ", "x_{", "{" * 100, "x" * 5000, r"\hspace{9999999em}x", r"\left" * 80, FENCES]
)
def test_what_cannot_be_drawn_is_none(latex: str) -> None:
    assert lay_out(latex, 14.0, display=True) is None


@pytest.mark.parametrize("latex", ["a<b", "<image href='file:///x'/>", r"\text{<svg>}", r"\color{url(http://x)}{x}"])
def test_drawings_hold_nothing_but_shapes(latex: str) -> None:
    drawn = lay_out(latex, 14.0, display=True)
    assert drawn is None or not {"image", "use", "style", "text"} & set(drawn.svg.replace("<", " ").split())


def luminance(color: str) -> float:
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("colors", "background"), [(highlight.LIGHT, themes.LIGHT.code), (highlight.DARK, themes.DARK.code)]
)
def test_code_colours_have_aa_contrast(colors: highlight.CodeColors, background: str) -> None:
    for role, color in dataclasses.asdict(colors).items():
        light, dark = sorted((luminance(color), luminance(background)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5, role


def test_runs_count_as_qt_does() -> None:
    runs = highlight.highlight('x = "\U0001f600"  # y\n\nif', "python")
    assert runs == [
        [
            highlight.Run(2, 1, "operator"),
            highlight.Run(4, 1, "string"),
            highlight.Run(5, 2, "string"),
            highlight.Run(7, 1, "string"),
            highlight.Run(10, 3, "comment"),
        ],
        [],
        [highlight.Run(0, 2, "keyword")],
    ]


def test_every_language_on_the_list_has_its_lexer() -> None:
    assert [language for language in highlight.LANGUAGES if highlight._lexer(language) is None] == []


@pytest.mark.parametrize("language", ["", "no-such", "brainfuck", "../x"])
def test_other_languages_stay_plain(language: str) -> None:
    assert highlight.highlight("if x:", language) == [[]]
    assert highlight.language_title(language) == language


def test_colouring_starts_again_at_the_last_paragraph_at_the_left_edge() -> None:
    code = "a\n\nb\n\n  c\n\nd"
    assert highlight.restart_line(code, len(code)) == 6
    assert highlight.restart_line(code, 8) == 2
    assert highlight.restart_line("a\nb", 3) == 0
