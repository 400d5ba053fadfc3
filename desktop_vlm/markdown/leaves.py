"""From the tokens of markdown-it-py to the flat parts of an answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from desktop_vlm.markdown.blocks import Cell, Code, Formula, Grid, Leaf, Span, Style, Table, Text, TextKind
from desktop_vlm.markdown.pieces import MOST_CELLS, MOST_COLUMNS
from desktop_vlm.markdown.visible import make_visible

BULLETS = ("\u2022", "\u25e6", "\u25aa")
_TASKS = {"[ ] ": "\u2610", "[x] ": "\u2611", "[X] ": "\u2611"}
_STYLES = {"strong_open": Style.BOLD, "em_open": Style.ITALIC, "s_open": Style.STRIKE}
_STYLE_ENDS = {"strong_close": Style.BOLD, "em_close": Style.ITALIC, "s_close": Style.STRIKE}


def leaves(tokens: Sequence[Token]) -> list[Leaf]:
    """The leaves of the tokens of one or several top-level blocks."""
    return _Walk().run(tokens)


def spans(children: Sequence[Token]) -> tuple[Span, ...]:
    """Runs of text of an inline token's children; neighbours of one look are joined."""
    out: list[Span] = []
    style, href = Style.PLAIN, ""
    for token in children:
        kind = token.type
        if kind in _STYLES:
            style |= _STYLES[kind]
        elif kind in _STYLE_ENDS:
            style &= ~_STYLE_ENDS[kind]
        elif kind == "link_open":
            href = make_visible(str(token.attrs.get("href", ""))) or "#"
        elif kind == "link_close":
            href = ""
        else:
            span = _span(token, style, href)
            if out and out[-1][1:] == span[1:] and not span.style & Style.FORMULA:
                span = Span(out.pop().text + span.text, span.style, span.href)
            out.append(span)
    return tuple(span for span in out if span.text)


def _span(token: Token, style: Style, href: str) -> Span:
    kind = token.type
    if kind in {"softbreak", "hardbreak"}:  # lines of a screen are lines: a model that copies text means its breaks
        return Span("\n", style, href)
    if kind == "image":
        address = make_visible(str(token.attrs.get("src", "")))
        return Span(f"{make_visible(token.content) or 'image'} ({address})", style | Style.MUTED, href)
    text = make_visible(token.content)
    if kind in {"code_inline", "formula_pending"}:
        return Span(text.replace("\n", " "), style | Style.CODE, href)
    if kind == "formula":
        return Span(text, style | Style.FORMULA | (Style.DISPLAY if token.markup == "$$" else Style.PLAIN), href)
    return Span(text.replace("\n", " "), style, href)


@dataclass
class _List:
    ordered: bool
    number: int
    bullet: str


@dataclass
class _Walk:
    path: str = ""
    lists: list[_List] = field(default_factory=list)
    marker: str = ""
    out: list[Leaf] = field(default_factory=list)

    def run(self, tokens: Sequence[Token]) -> list[Leaf]:
        stream = iter(tokens)
        for token in stream:
            if token.type == "table_open":
                self._flush_marker()
                self.out.append(_table(stream, self.path))
            elif token.nesting > 0:
                self._open(token, stream)
            elif token.nesting < 0:
                self._close(token)
            else:
                self._single(token)
        return self.out

    def _open(self, token: Token, stream: Iterator[Token]) -> None:
        kind = token.type
        if kind in {"bullet_list_open", "ordered_list_open"}:
            bullet = BULLETS[min(sum(not item.ordered for item in self.lists), len(BULLETS) - 1)]
            self.lists.append(_List(kind.startswith("o"), int(token.attrs.get("start", 1)), bullet))
            self.path += "l"
        elif kind == "blockquote_open":
            self._flush_marker()
            self.path += "q"
        elif kind == "list_item_open":
            current = self.lists[-1]
            self.marker = f"{current.number}." if current.ordered else current.bullet
            current.number += 1
        elif kind == "heading_open":
            self._text(next(stream), TextKind.HEADING, level=int(token.tag[1:]))
        elif kind == "paragraph_open":
            self._text(next(stream), TextKind.PARAGRAPH, tight=token.hidden)

    def _close(self, token: Token) -> None:
        if token.type in {"bullet_list_close", "ordered_list_close"}:
            self.lists.pop()
            self.path = self.path[:-1]
        elif token.type == "blockquote_close":
            self.path = self.path[:-1]
        elif token.type == "list_item_close":
            self._flush_marker()

    def _single(self, token: Token) -> None:
        if token.type in {"fence", "code_block"}:
            self._flush_marker()
            language = make_visible(token.info.strip().split(" ")[0])[:40]
            self.out.append(Code(make_visible(token.content.removesuffix("\n")), language, self.path))
        elif token.type == "formula_block":
            self._flush_marker()
            self.out.append(Formula(make_visible(token.content), token.info != "open", self.path))
        elif token.type == "hr":
            self._flush_marker()
            self.out.append(Text(kind=TextKind.RULE, path=self.path))

    def _text(self, inline: Token, kind: TextKind, level: int = 0, tight: bool = False) -> None:
        runs = spans(inline.children or ())
        if self.marker and runs and runs[0].text[:4] in _TASKS and runs[0].style == Style.PLAIN:
            self.marker = _TASKS[runs[0].text[:4]]
            runs = (Span(runs[0].text[4:]), *runs[1:])
        self.out.append(Text(runs, kind, self.path, self.marker, level, tight))
        self.marker = ""

    def _flush_marker(self) -> None:
        """An item that begins with no text of its own still shows its number or bullet."""
        if self.marker:
            self.out.append(Text(path=self.path, marker=self.marker, tight=True))
            self.marker = ""


def _table(stream: Iterator[Token], path: str) -> Table | Grid:
    """A large table is kept as its source."""
    rows: list[tuple[Cell, ...]] = []
    align: list[str] = []
    row: list[Cell] = []
    for token in stream:
        if token.type == "table_close":
            break
        if token.type == "tr_close":
            rows.append(tuple(row))
            row = []
        elif token.type == "th_open":
            align.append(str(token.attrs.get("style", "")).removeprefix("text-align:"))
        elif token.type == "inline":
            row.append(Cell(spans(token.children or ()), make_visible(token.content)))
    width = len(align)
    if width > MOST_COLUMNS or width * len(rows) > MOST_CELLS:
        lines = [f"| {' | '.join(cell.source.replace('|', chr(92) + '|') for cell in cells)} |" for cells in rows]
        marks = {"left": ":--", "center": ":-:", "right": "--:"}
        lines.insert(1, f"| {' | '.join(marks.get(one, '---') for one in align)} |")
        return Grid("\n".join(lines), path)
    padded = tuple((*cells, *[Cell((), "")] * (width - len(cells)))[:width] for cells in rows)
    return Table(padded[0], padded[1:], tuple(align), path)
