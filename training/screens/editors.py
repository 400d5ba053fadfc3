"""Text editors: numbered lines of something like code, with tabs above or a status bar below."""

from __future__ import annotations

import random

from training.screens.asking import Asker
from training.screens.coding.languages import ENDINGS, write_code
from training.screens.line_questions import line_questions
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.sketch import Sketch
from training.screens.themes import Style
from training.screens.typefaces import Colour

# (ground, text, numbers, bar, ink of the bar, highlights)
_SCHEMES: tuple[tuple[Colour, Colour, Colour, Colour, Colour, tuple[Colour, ...]], ...] = (
    ((30, 30, 30), (212, 212, 212), (133, 133, 133), (0, 122, 204), (255, 255, 255), ((86, 156, 214), (206, 145, 120))),
    ((255, 255, 255), (0, 0, 0), (130, 130, 130), (236, 236, 236), (50, 50, 50), ((0, 0, 200), (160, 30, 30))),
    ((40, 44, 52), (190, 198, 210), (115, 122, 138), (33, 37, 43), (200, 205, 215), ((198, 120, 221), (152, 195, 121))),
    ((253, 246, 227), (80, 100, 108), (140, 150, 150), (238, 232, 213), (80, 100, 108), ((110, 130, 0), (180, 60, 20))),
    ((39, 40, 34), (248, 248, 242), (144, 144, 138), (65, 67, 57), (248, 248, 242), ((249, 80, 130), (230, 219, 116))),
    ((246, 248, 250), (36, 41, 47), (120, 128, 136), (9, 105, 218), (255, 255, 255), ((207, 34, 46), (10, 48, 105))),
)
_CODE = (
    "def {noun}_{verb}({noun}):", "    return {noun} + {number}", "import {noun}", "for {noun} in range({number}):",
    "    print('{word} {noun}')", "if {noun} == {number}:", "    {noun} = {verb}({number})", "class {app}:",
    "{noun} = [{number}, {number}]", "# {sentence}", "int {noun} = {number};", "    {verb}({noun}, {noun});",
    "while ({noun} < {number}) {", "}", "const {noun} = '{word}';", "let {noun} = {number};", "<p>{word} {noun}</p>",
    "{noun}: {word}", "[{noun}]", "{noun} = {path}", "export {noun}={code}", "// {words}", "    else:", "{sentence}",
    "{words}", "- {words}", "SELECT {noun} FROM {noun};", "#include <{noun}.h>", "    pass", "{noun}.{verb}()",
)  # fmt: skip


_SENSIBLE_SHARE = 0.6
"""Of the editors to train on: code of one language."""


def draw_editor(rng: random.Random, writer: Writer, style: Style) -> Screen:
    """Two to nine numbered lines, to train on up to sixteen."""
    ground, ink, number_ink, bar_fill, bar_ink, highlights = rng.choice(_SCHEMES)
    pen = style.type.pen(mono=rng.random() < 0.9)
    small = style.type.pen(0.95)
    lines = [_line(rng, writer) for _ in range(rng.randint(2, 9))]
    first = 1 if rng.random() < 0.75 else rng.randint(2, 480)
    file = writer.file()
    if writer.training and rng.random() < _SENSIBLE_SHARE:
        lines, file = _sensible(rng, writer)
    tabbed, barred = rng.random() < 0.6, rng.random() < 0.5
    pitch = round(pen.line * rng.uniform(1.0, 1.35))
    bar = round(small.line * rng.uniform(1.25, 1.7))
    gutter = pen.width(str(first + len(lines))) + style.px(rng.randint(8, 16))
    status = f"Ln {first + rng.randrange(len(lines))}, Col {rng.randint(1, 60)}"
    if rng.random() < 0.3:
        status += "   " + rng.choice(("UTF-8", "LF", "Python", "Plain Text", "INS", "C++", "Markdown"))
    width = max(gutter + max(map(pen.width, lines)) + style.px(14), small.width(file) + style.px(60),
                small.width(status) + style.px(30), style.px(rng.choice((120, 220, 300))))  # fmt: skip
    top = bar * tabbed + style.px(3)
    sketch = Sketch(width, top + pitch * len(lines) + style.px(4) + bar * barred, ground)
    if tabbed:
        sketch.draw.rectangle((0, 0, width, bar - 1), bar_fill)
        end = sketch.text(style.px(10), sketch.row(0, bar, small), file, small, bar_ink)
        sketch.draw.line((end + style.px(8), 2, end + style.px(8), bar - 3), number_ink)
    for number, line in enumerate(lines):
        baseline = sketch.row(top + pitch * number, top + pitch * (number + 1), pen)
        label = str(first + number)
        sketch.text(gutter - style.px(7) - pen.width(label), baseline, label, pen, number_ink)
        colour = rng.choice(highlights) if rng.random() < 0.3 else ink
        indent = len(line) - len(line.lstrip())
        sketch.text(gutter + indent * pen.advance(" "), baseline, line.lstrip(), pen, colour)
    if barred:
        height = sketch.image.height
        sketch.draw.rectangle((0, height - bar, width, height), bar_fill)
        sketch.text(style.px(8), sketch.row(height - bar, height, small), status, small, bar_ink)
    asker = Asker(rng)
    if tabbed:
        asker.ask("file", file)
    _ask_lines(asker, lines, first)
    if writer.training:
        asker.questions += line_questions(rng, lines, first=first, most=12, bars=tabbed or barred)
    asker.ask("line_first", lines[0].strip(), as_kind="line")
    asker.ask("line_last", lines[-1].strip(), as_kind="line")
    asker.ask("line_count", str(len(lines)), as_kind="count")
    if barred:
        asker.ask("status", " ".join(status.split()))
    opened = f" with the file {file} open" if tabbed else f" that shows {len(lines)} lines"
    asker.ask("describe", f"An editor{opened}.")
    return sketch.finish(asker, "editor", "editor")


def _ask_lines(asker: Asker, lines: list[str], first: int) -> None:
    for number, line in enumerate(lines):
        if line:
            asker.ask("line", line.strip(), n=first + number)


def _sensible(rng: random.Random, writer: Writer) -> tuple[list[str], str]:
    """Code of one language, and the name of its file."""
    code = write_code(rng, writer, rng.randint(3, 16))
    return code.lines, f"{writer.slot('noun')}.{ENDINGS[code.language]}"


def _line(rng: random.Random, writer: Writer) -> str:
    if rng.random() < 0.2:
        return writer.noise(1, 4)
    pattern = rng.choice(_CODE)
    if pattern.endswith(" {") or pattern == "}":
        return (writer.fill(pattern[:-2]) + " {") if len(pattern) > 1 else pattern
    return writer.fill(pattern)[:46].rstrip()
