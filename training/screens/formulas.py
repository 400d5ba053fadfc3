"""Formulas with powers, indices, fractions and roots, to be written as LaTeX; for training images."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace

from training.screens.asking import Asker
from training.screens.pages import PROMPTS
from training.screens.phrases import Writer
from training.screens.phrasing import question
from training.screens.records import Question, Screen, Unlocated
from training.screens.sketch import Sketch
from training.screens.themes import Style
from training.screens.typefaces import Colour, Pen

_KNOWN = ("E=mc^2", "F=ma", "a^2+b^2=c^2", "U=RI", "s=vt", "v=v_0+at", "y=mx+b", "P=UI", "A=ab", "p=mv", "V=a^3",
          "c^2=a^2+b^2", "W=Fs")  # fmt: skip
_LATEX = ("Write the formula as LaTeX.", "Give me the formula as LaTeX.", "What is this formula in LaTeX?",
          "Turn the formula into LaTeX.", "LaTeX of the formula?", "Copy the formula as LaTeX.")  # fmt: skip
_COUNT = ("How many formulas are there?", "How many equations do you see?", "Count the formulas.",
          "How many formulas does it show?", "How many equations are there?")  # fmt: skip
_LETTERS = "abcdefghkmnpqrstuvwxyzABCDEFGHKLMNPRSTUVWXYZ"
_SMALL = 0.72
"""Of the size of the type, for powers and indices."""
_APART = 0.22
"""Of the size of the type, on both sides of a sign between two terms."""


@dataclass(frozen=True)
class Part:
    """A part of a formula: its size, px, from the baseline up and down, and what draws it at (x, baseline)."""

    latex: str
    wide: float
    up: float
    down: float
    draw: Callable[[Sketch, float, float], None]


@dataclass(frozen=True)
class Setter:
    """What sets formulas: pens of two sizes, and their colour."""

    pen: Pen
    small: Pen
    ink: Colour

    def text(self, text: str, *, small: bool = False) -> Part:
        pen = self.small if small else self.pen

        def draw(sketch: Sketch, x: float, baseline: float) -> None:
            sketch.text(x, baseline, text, pen, self.ink)

        return Part(text, pen.width(text), pen.up, pen.down, draw)

    def sign(self, sign: str) -> Part:
        """A sign between two terms, with room on both sides."""
        one, room = self.text(sign), _APART * self.pen.size
        return Part(
            f" {sign} ", one.wide + 2 * room, one.up, one.down, lambda sketch, x, y: one.draw(sketch, x + room, y)
        )

    def row(self, *parts: Part) -> Part:
        """Parts after each other."""

        def draw(sketch: Sketch, x: float, baseline: float) -> None:
            for one in parts:
                one.draw(sketch, x, baseline)
                x += one.wide

        return Part("".join(one.latex for one in parts), sum(one.wide for one in parts),
                    max(one.up for one in parts), max(one.down for one in parts), draw)  # fmt: skip

    def raised(self, base: Part, text: str) -> Part:
        """A power."""
        return self._script(base, text, "^", -0.55 * self.pen.up)

    def lowered(self, base: Part, text: str) -> Part:
        """An index."""
        return self._script(base, text, "_", 0.22 * self.pen.size)

    def _script(self, base: Part, text: str, mark: str, drop: float) -> Part:
        script = self.text(text, small=True)

        def draw(sketch: Sketch, x: float, baseline: float) -> None:
            base.draw(sketch, x, baseline)
            script.draw(sketch, x + base.wide + 1, baseline + drop)

        braced = text if len(text) == 1 else "{" + text + "}"
        return Part(f"{base.latex}{mark}{braced}", base.wide + script.wide + 2, max(base.up, script.up - drop),
                    max(base.down, script.down + drop), draw)  # fmt: skip

    def fraction(self, over: Part, under: Part) -> Part:
        thick, gap = max(1, round(self.pen.size / 14)), round(0.18 * self.pen.size) + 1
        wide, lift = max(over.wide, under.wide) + 0.3 * self.pen.size, 0.4 * self.pen.up

        def draw(sketch: Sketch, x: float, baseline: float) -> None:
            line = round(baseline - lift)
            sketch.draw.rectangle((x, line, x + wide, line + thick - 1), self.ink)
            over.draw(sketch, x + (wide - over.wide) / 2, line - gap - over.down)
            under.draw(sketch, x + (wide - under.wide) / 2, line + thick + gap + under.up)

        return Part(f"\\frac{{{over.latex}}}{{{under.latex}}}", wide, lift + gap + over.down + over.up,
                    thick + gap + under.up + under.down - lift, draw)  # fmt: skip

    def root(self, inner: Part) -> Part:
        thick, gap, hook = max(1, round(self.pen.size / 14)), 0.15 * self.pen.size, 0.55 * self.pen.size

        def draw(sketch: Sketch, x: float, baseline: float) -> None:
            top, low = baseline - inner.up - gap, baseline + inner.down * 0.6
            points = [(x, baseline - 0.35 * inner.up), (x + 0.15 * hook, baseline - 0.45 * inner.up),
                      (x + 0.45 * hook, low), (x + hook, top), (x + hook + inner.wide + gap, top)]  # fmt: skip
            sketch.draw.line(points, self.ink, thick)
            inner.draw(sketch, x + hook + gap / 2, baseline)

        return Part(f"\\sqrt{{{inner.latex}}}", hook + inner.wide + gap + 2, inner.up + gap + thick, inner.down, draw)


def draw_formulas(rng: random.Random, writer: Writer, style: Style) -> Screen:
    """One to three formulas below each other, perhaps with a line of text above."""
    dark = rng.random() < 0.2
    ground, ink = ((30, 32, 38), (235, 235, 235)) if dark else ((255, 255, 255), (15, 15, 15))
    pen = style.type.pen(rng.choice((1.1, 1.4, 1.8)))
    setter = Setter(pen, style.type.pen(_SMALL * pen.size / style.type.size), ink)
    formulas = [_formula(rng, setter) for _ in range(rng.choice((1, 1, 2, 3)))]
    plain = style.type.pen()
    said = writer.words(1, 4).capitalize() if rng.random() < 0.5 else ""
    side, gap = style.px(rng.randint(10, 24)), round(pen.size * rng.uniform(0.6, 1.2))
    wide = max(plain.width(said), *(one.wide for one in formulas)) + 2 * side
    head = round(plain.line * 1.5) if said else 0
    high = head + sum(one.up + one.down + gap for one in formulas) + 2 * side
    sketch = Sketch(wide, high, ground)
    if said:
        sketch.text(side, sketch.row(side, side + plain.line, plain), said, plain, ink)
    top, centred = side + head, rng.random() < 0.5
    for one in formulas:
        one.draw(sketch, (wide - one.wide) / 2 if centred else side, round(top + one.up))
        top += round(one.up + one.down + gap)
    latex = "\n".join(f"$${one.latex}$$" for one in formulas)
    asker = Asker(rng)
    asker.questions += [question(rng, "formula", latex, _LATEX)] * (len(formulas) == 1)
    asker.questions.append(Question("formula", PROMPTS["formula-to-latex"], latex))
    asker.questions.append(question(rng, "count", str(len(formulas)), _COUNT))
    if said:
        asker.ask("heading", said)
    number = "a formula" if len(formulas) == 1 else f"{len(formulas)} formulas"
    noun = "formula" if len(formulas) == 1 else "page of formulas"
    asker.ask("describe", f'{number[0].upper()}{number[1:]} under the heading "{said}".' if said
              else f"{number[0].upper()}{number[1:]}.")  # fmt: skip
    return sketch.finish(asker, "formula", noun)


def as_one_part(screen: Screen) -> Screen:
    """The screen as a part of a larger one, where what stands beside its characters is not asked for."""
    heights = [glyph.box[3] - glyph.box[1] for glyph in screen.glyphs]
    whole = Unlocated((0, 0, *screen.image.size), (min(heights), max(heights)))
    return replace(screen, glyphs=(), unlocated=(whole,))


def _formula(rng: random.Random, setter: Setter) -> Part:
    if rng.random() < 0.15:
        return _parsed(rng.choice(_KNOWN), setter)
    left = _letter(rng, setter)
    if rng.random() < 0.25:
        left = setter.row(left, setter.text(f"({rng.choice('xtnyz')})"))
    parts = [left, setter.sign("="), _term(rng, setter)]
    for _ in range(rng.choice((0, 1, 1, 2))):
        parts += [setter.sign(rng.choice("++-")), _term(rng, setter)]
    return setter.row(*parts)


def _term(rng: random.Random, setter: Setter) -> Part:
    draw = rng.random()
    if draw < 0.2:
        return setter.fraction(_simple(rng, setter), _simple(rng, setter))
    if draw < 0.32:
        return setter.root(_simple(rng, setter))
    if draw < 0.45:
        inner = setter.row(setter.text("("), _simple(rng, setter), setter.sign(rng.choice("+-")), _letter(rng, setter),
                           setter.text(")"))  # fmt: skip
        return setter.raised(inner, rng.choice("23n")) if rng.random() < 0.5 else inner
    return _simple(rng, setter)


def _simple(rng: random.Random, setter: Setter) -> Part:
    """A number, or a letter with a factor, a power or an index."""
    if rng.random() < 0.2:
        return setter.text(str(rng.randint(2, 99)))
    one = _letter(rng, setter)
    draw = rng.random()
    if draw < 0.35:
        one = setter.raised(one, rng.choice(("2", "2", "3", "n", "-1", "2n", "10")))
    elif draw < 0.55:
        one = setter.lowered(one, rng.choice(("0", "1", "2", "n", "i", "10")))
    return setter.row(setter.text(str(rng.randint(2, 12))), one) if rng.random() < 0.3 else one


def _letter(rng: random.Random, setter: Setter) -> Part:
    return setter.text(rng.choice(_LETTERS))


def _parsed(formula: str, setter: Setter) -> Part:
    """A formula of letters, signs and one-letter powers and indices."""
    parts: list[Part] = []
    chars = iter(formula)
    for char in chars:
        if char in "^_":
            parts.append((setter.raised if char == "^" else setter.lowered)(parts.pop(), next(chars)))
        else:
            parts.append(setter.sign(char) if char in "=+-" else setter.text(char))
    return setter.row(*parts)
