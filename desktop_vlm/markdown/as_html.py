"""An answer as HTML for other programs: text on a screen can only become text.

Nothing in it loads, links or runs anything: addresses are written out, and every character of the answer is escaped.
Looks are written at each element, since mail programs and word processors know no style sheets of others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from itertools import takewhile

from desktop_vlm.markdown.blocks import Cell, Code, Formula, Grid, Leaf, Span, Style, Table, Text, TextKind
from desktop_vlm.markdown.highlight import LIGHT, highlight
from desktop_vlm.markdown.parser import Parser
from desktop_vlm.markdown.table_text import cells_of, plain_cell, rows_of
from desktop_vlm.markdown.visible import make_visible

MONO = "font-family:ui-monospace,'Cascadia Mono','DejaVu Sans Mono',Menlo,Consolas,monospace"
CODE_BACK = "#f7f7f5"
LINE = "#d5d5d0"
MUTED = "#55554f"

FormulaHtml = Callable[[str, bool], str]
"""LaTeX and whether it is displayed -> HTML."""


def latex_source(latex: str, display: bool) -> str:
    """A formula as its source."""
    mark = "$$" if display else "$"
    return f'<code style="{MONO}">{escape(f"{mark}{latex}{mark}")}</code>'


def markdown_html(text: str, formula: FormulaHtml = latex_source) -> str:
    """An answer as HTML, without the page around it."""
    return leaves_html(Parser().parse(text), formula)


def verbatim_html(text: str) -> str:
    """Text letter by letter, as it was read or typed."""
    return f'<pre style="white-space:pre-wrap;margin:0;font-family:inherit">{escape(make_visible(text))}</pre>'


def leaves_html(leaves: Iterable[Leaf], formula: FormulaHtml = latex_source) -> str:
    """The parts of an answer as HTML."""
    writer = _Writer(formula)
    for leaf in _joined(leaves):
        writer.write(leaf)
    return writer.finished()


def spans_html(spans: Sequence[Span], formula: FormulaHtml = latex_source) -> str:
    """Running text as HTML."""
    return "".join(_span(span, formula) for span in spans)


def code_html(text: str, language: str) -> str:
    """Code with its colours."""
    lines = zip(text.split("\n"), highlight(text, language), strict=True)
    shown = "\n".join(_colored(line, runs) for line, runs in lines)
    look = f"{MONO};font-size:0.92em;background:{CODE_BACK};padding:10px 14px;border-radius:8px;white-space:pre-wrap"
    return f'<pre dir="ltr" style="{look}">{shown}</pre>'


def table_html(header: Sequence[str], rows: Iterable[Sequence[str]], align: Sequence[str] = ()) -> str:
    """A table; cells are HTML already."""
    look = f"border:1px solid {LINE};padding:4px 9px;vertical-align:top"

    def row(cells: Sequence[str], tag: str) -> str:
        sides = [*align, *[""] * len(cells)]
        shown = (
            f'<{tag} dir="auto" style="{look}{f";text-align:{side}" if side else ""}">{cell}</{tag}>'
            for cell, side in zip(cells, sides, strict=False)
        )
        return f"<tr>{''.join(shown)}</tr>"

    body = "\n".join(row(cells, "td") for cells in rows)
    return f'<table style="border-collapse:collapse">\n{row(header, "th")}\n{body}\n</table>'


def _joined(leaves: Iterable[Leaf]) -> list[Leaf]:
    """Parts of long code as that code."""
    out: list[Leaf] = []
    for leaf in leaves:
        before = out[-1] if out else None
        if isinstance(leaf, Code) and leaf.part and isinstance(before, Code):
            out[-1] = replace(before, text=before.text + leaf.text, more=leaf.more)
        else:
            out.append(leaf)
    return out


@dataclass
class _Open:
    step: str
    tag: str
    in_item: bool = False


@dataclass
class _Writer:
    """Opens and closes lists and quotes around the parts."""

    formula: FormulaHtml
    out: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)

    def write(self, leaf: Leaf) -> None:
        path = leaf.path
        steps = [one.step for one in self.open]
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(steps, path, strict=False)))
        self._close_to(shared)
        marker = leaf.marker if isinstance(leaf, Text) else ""
        for step in path[shared:]:
            self._open(step, marker)
        if marker and self.open and self.open[-1].step == "l":
            self._begin_item(self.open[-1])
            if marker in {"\u2610", "\u2611"}:
                self.out.append(f"{marker} ")
        self.out.append(self._content(leaf))

    def finished(self) -> str:
        self._close_to(0)
        return "\n".join(self.out)

    def _open(self, step: str, marker: str) -> None:
        if step == "q":
            tag = "blockquote"
            self.out.append(
                f'<blockquote dir="auto" style="border-left:3px solid {LINE};margin:0 0 0 2px;padding-left:12px">'
            )
        elif marker.endswith(".") and marker[:-1].isdigit():
            tag = "ol"
            self.out.append(f'<ol dir="auto" start="{int(marker[:-1])}">')
        else:
            tag = "ul"
            self.out.append('<ul dir="auto">')
        self.open.append(_Open(step, tag))

    def _begin_item(self, current: _Open) -> None:
        if current.in_item:
            self.out.append("</li>")
        self.out.append('<li dir="auto">')
        current.in_item = True

    def _close_to(self, depth: int) -> None:
        while len(self.open) > depth:
            one = self.open.pop()
            self.out.append(f"{'</li>' if one.in_item else ''}</{one.tag}>")

    def _content(self, leaf: Leaf) -> str:
        if isinstance(leaf, Code):
            return code_html(leaf.text, leaf.language)
        if isinstance(leaf, Formula):
            return f'<div style="text-align:center;margin:0.6em 0">{self.formula(leaf.latex, True)}</div>'
        if isinstance(leaf, Table):
            header, *rows = ([self._cell(cell) for cell in row] for row in (leaf.header, *leaf.rows))
            return table_html(header, rows, leaf.align)
        return grid_html(leaf.source) if isinstance(leaf, Grid) else self._text(leaf)

    def _text(self, leaf: Text) -> str:
        if leaf.kind is TextKind.RULE:
            return "<hr>"
        shown = spans_html(leaf.spans, self.formula)
        if leaf.kind is TextKind.HEADING:
            return f'<h{leaf.level} dir="auto">{shown}</h{leaf.level}>'
        return f"<span>{shown}</span>" if leaf.tight else f'<p dir="auto">{shown}</p>'

    def _cell(self, cell: Cell) -> str:
        return spans_html(cell.spans, self.formula)


def grid_html(source: str) -> str:
    """A large table from its Markdown."""
    head = source.split("\n", 1)[0]
    return table_html(_plain_cells(head), (_plain_cells(line) for line in rows_of(source)))


def _plain_cells(line: str) -> list[str]:
    return [escape(plain_cell(make_visible(cell))) for cell in cells_of(line)]


def _span(span: Span, formula: FormulaHtml) -> str:
    if span.style & Style.FORMULA:
        return formula(span.text, bool(span.style & Style.DISPLAY))
    shown = escape(span.text).replace("\n", "<br>")
    if span.style & Style.CODE:
        shown = f'<code style="{MONO};background:{CODE_BACK}">{shown}</code>'
    for style, tag in ((Style.BOLD, "b"), (Style.ITALIC, "i"), (Style.STRIKE, "s")):
        if span.style & style:
            shown = f"<{tag}>{shown}</{tag}>"
    if span.style & Style.MUTED:
        shown = f'<span style="color:{MUTED}">{shown}</span>'
    if span.href and span.href not in {span.text, f"mailto:{span.text}", "#"}:
        shown += f' <span style="color:{MUTED}">({escape(span.href)})</span>'
    return shown


def _colored(line: str, runs: Sequence[tuple[int, int, str]]) -> str:
    if not runs:
        return escape(line)
    units = line.encode("utf-16-le", "replace")
    out, at = [], 0
    for start, length, role in runs:
        before, colored = units[2 * at : 2 * start], units[2 * start : 2 * (start + length)]
        out.append(escape(before.decode("utf-16-le", "replace")))
        color = getattr(LIGHT, role)
        out.append(f'<span style="color:{color}">{escape(colored.decode("utf-16-le", "replace"))}</span>')
        at = start + length
    out.append(escape(units[2 * at :].decode("utf-16-le", "replace")))
    return "".join(out)
