"""What leaves by the clipboard: for programs that take looks as HTML, and as plain text for all others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QFont, QTextBlock, QTextCharFormat
from PySide6.QtWidgets import QApplication

from desktop_vlm.markdown.as_html import MONO, code_html, markdown_html, table_html
from desktop_vlm.markdown.parser import Parser
from desktop_vlm.structured.spreadsheet import guarded, to_tsv

_MOST_RICH = 200_000
"""Characters; what is longer is copied as plain text, since making it rich would hold up the window."""


def rich(text: str, html: str) -> QMimeData:
    """Both forms of one thing; without HTML, as plain text."""
    data = QMimeData()
    data.setText(text)
    if html:
        data.setHtml(f'<html><head><meta charset="utf-8"></head><body>{html}</body></html>')
    return data


def answer(markdown: str) -> QMimeData:
    """A whole answer; its source as plain text."""
    return rich(markdown, markdown_html(markdown) if len(markdown) <= _MOST_RICH else "")


def code(text: str, language: str) -> QMimeData:
    """Code with its colours."""
    return rich(text, code_html(text, language) if len(text) <= _MOST_RICH else "")


def table(rows: Sequence[Sequence[str]]) -> QMimeData:
    """Cells, the header first: for spreadsheets, mail and text. None of them is a formula there."""
    text = to_tsv(rows)
    if len(text) > _MOST_RICH:
        return rich(text, "")
    header, *others = [[escape(guarded(cell)).replace("\n", "<br>") for cell in row] for row in rows] or [[]]
    return rich(text, table_html(header, others))


def put(data: QMimeData) -> None:
    """On the clipboard."""
    QApplication.clipboard().setMimeData(data)


def block_html(block: QTextBlock, first: int, last: int, text: Iterable[str]) -> str:
    """Part of a text block with its looks; `text` are its formulas' sources, in order."""
    sources = iter(text)
    out = []
    fragments = block.begin()
    while not fragments.atEnd():
        fragment = fragments.fragment()
        begin = max(fragment.position() - block.position(), first)
        end = min(fragment.position() - block.position() + fragment.length(), last)
        if begin < end:
            units = fragment.text().encode("utf-16-le", "replace")
            at = fragment.position() - block.position()
            shown = units[2 * (begin - at) : 2 * (end - at)].decode("utf-16-le", "replace")
            out.append(_looks(_clean(shown, sources), fragment.charFormat()))
        fragments += 1
    return "".join(out)


_HIDDEN = str.maketrans("", "", "\u2063\u200b")


def _clean(text: str, sources: Iterable[str]) -> str:
    formulas = iter(sources)
    whole = "".join(next(formulas, "") if char == "\ufffc" else char for char in text)
    return escape(whole.translate(_HIDDEN)).replace("\u2028", "<br>")


def _looks(html: str, look: QTextCharFormat) -> str:
    font = look.font()
    if not html:
        return ""
    if font.styleHint() is QFont.StyleHint.Monospace:
        html = f'<code style="{MONO}">{html}</code>'
    if font.weight() >= QFont.Weight.DemiBold:
        html = f"<b>{html}</b>"
    if font.italic():
        html = f"<i>{html}</i>"
    return f"<s>{html}</s>" if font.strikeOut() else html


def json_code(text: str) -> str | None:
    """The JSON that an answer is, or that is the only code in it; None where there is none."""
    from desktop_vlm.markdown.blocks import Code
    from desktop_vlm.structured.spreadsheet import holds_json_table

    if holds_json_table(text):
        return text
    if len(text) > _MOST_RICH:
        return None
    codes = [leaf for leaf in Parser().parse(text) if isinstance(leaf, Code)]
    alone = codes[0] if len(codes) == 1 else None
    return alone.text if alone is not None and holds_json_table(alone.text) else None
