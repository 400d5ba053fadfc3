"""A conversation as a page for people: what is on it, and the page as one HTML file.

The file holds everything: images, the drawings of formulas, its looks. It has no script, loads nothing, and forbids
both to browsers, should something of it be changed later.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html import escape

from desktop_vlm.markdown.as_html import LINE, MUTED, latex_source, markdown_html, verbatim_html
from desktop_vlm.markdown.formula import MARGIN, lay_out
from desktop_vlm.markdown.visible import make_visible

_TEXT_PX = 15.0
_DISPLAY_SCALE = 1.25
_INK = "#1c1c1a"
_POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"
_STYLE = f"""
body {{ font: {_TEXT_PX:g}px/1.55 system-ui, sans-serif; color: {_INK}; background: #fff; max-width: 46em;
  margin: 2.5em auto; padding: 0 1.2em; overflow-wrap: anywhere; }}
section {{ margin: 1.6em 0; }}
section.question {{ background: #f1f1ee; border-radius: 14px; padding: 0.7em 1.1em; }}
h1 {{ font-size: 1.5em; }}
.who {{ color: {MUTED}; font-size: 0.85em; margin: 0 0 0.4em; }}
.note {{ color: {MUTED}; font-style: italic; }}
figure {{ margin: 0.6em 0; }}
figure img {{ max-width: 100%; max-height: 40em; border: 1px solid {LINE}; border-radius: 8px; }}
figcaption {{ color: {MUTED}; font-size: 0.8em; }}
table {{ display: block; overflow-x: auto; }}
@media print {{ body {{ margin: 0; max-width: none; }} section, figure, tr {{ break-inside: avoid-page; }} }}
"""


@dataclass(frozen=True)
class Section:
    """One message.

    Attributes:
        heading: who, by which model, when.
        is_question: whether the person wrote it.
        images: SHA-256 and name of each.
        text: Markdown, or text letter by letter where it `is_verbatim`.
        quoted: text of images that went along, letter by letter.
        note: how it ended, "" where it is complete.
    """

    heading: str
    is_question: bool
    images: tuple[tuple[str, str], ...]
    text: str
    is_verbatim: bool
    quoted: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Page:
    """A conversation, or some of its messages.

    Attributes:
        n_sections: how many `sections` there are.
        sections: can be gone through once.
    """

    title: str
    n_sections: int
    sections: Iterable[Section]


def page_html(page: Page, image: Callable[[str, str], str]) -> Iterator[str]:
    """The page as HTML, piece by piece: its head, each message, its end.

    Args:
        page: what is on it.
        image: gives an image's HTML by its SHA-256 and its name.
    """
    title = escape(make_visible(page.title))
    yield (
        '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f'<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<h1 dir="auto">{title}</h1>\n'
    )
    for section in page.sections:
        yield _section(section, image)
    yield "</body>\n</html>\n"


def _section(section: Section, image: Callable[[str, str], str]) -> str:
    parts = [f'<p class="who">{escape(make_visible(section.heading))}</p>']
    parts += [image(sha256, name) for sha256, name in section.images]
    if section.text:
        parts.append(section_text(section, formula_image))
    for quoted in section.quoted:
        parts.append(f'<p class="note">Text of the pictures that went along with it:</p>{verbatim_html(quoted)}')
    if section.note:
        parts.append(f'<p class="note">{escape(make_visible(section.note))}</p>')
    kind = "question" if section.is_question else "answer"
    return f'<section class="{kind}" dir="auto">\n' + "\n".join(parts) + "\n</section>\n"


def section_text(section: Section, formula: Callable[[str, bool], str]) -> str:
    """What was asked, letter by letter, or answered."""
    return verbatim_html(section.text) if section.is_verbatim else markdown_html(section.text, formula)


def data_image(data: bytes, media_type: str, name: str) -> str:
    """An image within the page."""
    caption = escape(make_visible(" ".join(name.split())))
    source = f"data:{media_type};base64,{base64.b64encode(data).decode()}"
    return f'<figure><img alt="{caption}" src="{source}"><figcaption>{caption}</figcaption></figure>'


def formula_image(latex: str, display: bool) -> str:
    """The drawing of a formula, its LaTeX as what is read out; its source where it cannot be drawn."""
    picture = lay_out(latex, _TEXT_PX * (_DISPLAY_SCALE if display else 1.0), display=display)
    if picture is None:
        return latex_source(latex, display)
    source = base64.b64encode(picture.colored(_INK).encode()).decode()
    height, below = (picture.height + 2 * MARGIN) / _TEXT_PX, (picture.descent + MARGIN) / _TEXT_PX
    look = f"height:{height:.3f}em;vertical-align:-{max(below, 0):.3f}em"
    return f'<img alt="{escape(latex)}" style="{look};max-width:100%" src="data:image/svg+xml;base64,{source}">'
