"""Formulas drawn at random from the grammar: all of them close, and the program's own renderer draws every one."""

from __future__ import annotations

import random
import re
from typing import cast

import pytest
from hypothesis import settings
from llguidance import LLTokenizer

from desktop_vlm.markdown.formula import lay_out
from desktop_vlm.structured.constraint import Constraint, make_constraint
from desktop_vlm.structured.guards import FormulaGuard, width_em
from desktop_vlm.structured.latex import COMMANDS
from tests.structured.answers import RandomAnswers
from tools.schema_suite import lets_through

LATEX = cast("Constraint", make_constraint(grammar="latex"))


@pytest.mark.parametrize(
    "text",
    [
        "$$E = mc^2$$",
        "$$\n\\int_0^\\infty e^{-x^2}\\,dx = \\frac{\\sqrt{\\pi}}{2}\n$$",
        "$$\\alpha+\\beta$$\n$$\\gamma$$",
        "$$a$$\n\n$$b$$",
        r"$$\left( \frac{a}{b} \right)^{2} \left\{ x \middle| y \right\}$$",
        r"$$f'(x) = \lim_{h \to 0} \frac{f(x+h) - f(x)}{h}$$",
        r"$$\begin{pmatrix} a & b \\ c & d \end{pmatrix}$$",
        r"$$\begin{cases} 1 & \text{if } x > 0 \\ 0 & \text{otherwise} \end{cases}$$",
        "$$\\begin{aligned}\na &= b \\\\\nc &= d\n\\end{aligned}$$",
        r"$$\sum_{i=1}^{n} x_i \sum\limits_{k} \mathbf{v} \cdot \vec{w} \in \mathbb{R}^n$$",
        r"$$\begin{array}{c|c} a & b \\ \hline c & d \end{array}$$",
        r"$$\overline{\hat{x}} = \binom{n}{k} \sqrt[3]{2} \operatorname{sgn}(x)$$",
        r"$$[0, 1)$$",
        r"$$\tbinom{a}{b}'c + \dbinom{n}{k}^2$$",
    ],
)
def test_ordinary_formulas_are_let_through(text: str, bytes_only: LLTokenizer) -> None:
    assert lets_through(LATEX.grammar, text, bytes_only)
    for formula in formulas(text):
        assert lay_out(formula, 16.0, display=True) is not None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = 1",
        "Here it is: $$x$$",
        "```latex\n$$x$$\n```",
        "**$$x$$**",
        "$$$$",
        "$$ $$",
        "$$x$",
        "$x$",
        r"\[x\]",
        r"$$\[x\]$$",
        r"$$\frac{a}{b$$",
        r"$$\frac{}{b}$$",
        "$$a}$$",
        r"$$\left( a$$",
        r"$$\left( a )$$",
        r"$$a \right)$$",
        r"$$\begin{pmatrix} a$$",
        r"$$\begin{pmatrix} a \end{bmatrix}$$",
        r"$$\begin{align*} a$$",
        r"$$\begin{align*} a \end{align*}$$",
        r"$$a & b$$",
        r"$$\alphab$$",
        r"$$\nonsense x$$",
        "$$x^2^3$$",
        "$$a\n\nb$$",
        r"$$\$x$$",
    ],
)
def test_what_does_not_close_is_not(text: str, bytes_only: LLTokenizer) -> None:
    assert not lets_through(LATEX.grammar, text, bytes_only)


def formulas(text: str) -> list[str]:
    """The formulas of an answer that is nothing else."""
    assert re.sub(r"\$\$.*?\$\$", "", text, flags=re.DOTALL).strip("\n") == ""
    found: list[str] = re.findall(r"\$\$(.*?)\$\$", text, re.DOTALL)
    return [formula.strip() for formula in found]


def em_of(latex: str) -> float:
    drawn = lay_out(latex, 16.0, display=True)
    assert drawn is not None, latex
    return drawn.width / 16.0


@pytest.mark.parametrize("symbol", [*(rf"\{name}" for name in COMMANDS), r"\quad", r"\qquad", "W", "=", "+", "*"])
def test_no_symbol_is_wider_than_it_counts(symbol: str) -> None:
    width = (em_of(f"x{symbol} " * 4 + "x") - em_of("xxxxx")) / 4
    assert (width + 0.56) / (width_em(symbol) + 1) < 400 / FormulaGuard.MAX_SYMBOLS


@pytest.mark.parametrize("symbol", ["W", r"\qquad x", r"x\to ", r"\limsup ", r"\leq\binom{1}{2} "])
def test_the_longest_formula_of_wide_symbols_is_drawn(symbol: str) -> None:
    guard, formula = FormulaGuard(), ""
    assert not guard.exceeds(b"$$x")
    while not guard.exceeds(symbol.encode()):
        formula += symbol
    assert em_of("x" + formula) > 190


@pytest.mark.hypothesis
@pytest.mark.parametrize("style", range(6))
def test_every_finished_answer_is_drawn(style: int, bytes_only: LLTokenizer) -> None:
    """Of other seeds and longer answers in `make fuzz`: laying out grows with a formula's depth, by powers of two."""
    assert settings.default
    is_fuzz = not settings.default.derandomize
    first, most = (random.SystemRandom().randrange(1 << 30), 700) if is_fuzz else (0, 180)
    closing, structures = 0.5 + style % 3, 1.0 + 2.0 * (style // 3)
    answers = RandomAnswers(
        bytes_only, {b"}": closing, b"$": closing, b"\\": structures, b"\x80": -9.0, b"&": 1.5, b"r": 1.0}
    )
    n_drawn = 0
    for seed in range(first, first + (40 if is_fuzz else 24)):
        text, finished = answers.draw(LATEX, seed, temperature=0.7, max_tokens=most)
        for formula in formulas(text) if finished else []:
            assert formula.count("{") - formula.count(r"\{") == formula.count("}") - formula.count(r"\}")
            assert len(re.findall(r"\\left(?![a-z])", formula)) == len(re.findall(r"\\right(?![a-z])", formula))
            assert formula.count(r"\begin{") == formula.count(r"\end{")
            assert lay_out(formula, 16.0, display=True) is not None, formula
            n_drawn += 1
    assert n_drawn > 5
