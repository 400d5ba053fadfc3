"""A layer as hOCR 1.2, which is what OCR programs exchange: HTML with the places of lines and words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape

import desktop_vlm
from desktop_vlm.api.text_layer import Box, TextLayer, TextLine

_NOT_IN_XML = {code: " " for code in range(32) if chr(code) not in "\t\n\r"}


CLOSING = "</body>\n</html>\n"
"""What ends a document."""


def hocr(layer: TextLayer, *, image_name: str = "") -> str:
    """A whole document (XHTML) of one page.

    Args:
        layer: what was read.
        image_name: what the document calls the image.
    """
    return opening(title=image_name, language=layer.language) + page(layer, image_name=image_name) + CLOSING


def opening(*, title: str = "", language: str = "") -> str:
    """The beginning of a document, up to its first page."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"{_language(language)}>
<head>
<title>{_clean(title)}</title>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<meta name="ocr-system" content="desktop-vlm {desktop_vlm.__version__}" />
<meta name="ocr-capabilities" content="ocr_page ocr_par ocr_line ocrx_word" />
</head>
<body>
"""


def page(layer: TextLayer, *, number: int = 1, image_name: str = "") -> str:
    """A page of a document.

    Args:
        layer: what was read.
        number: of the page in the document, by which what is on it is named apart from other pages'.
        image_name: what the document calls the image.
    """
    size = f"bbox 0 0 {layer.width} {layer.height}"
    title = f'image "{_quoted(image_name)}"; {size}' if image_name else size
    language = _language(layer.language) if number > 1 else ""
    body = "\n".join(_paragraphs(layer, "" if number == 1 else f"{number}_"))
    return f"""<div class="ocr_page" id="page_{number}"{language} title="{_attribute(title)}">
{body}
</div>
"""


def _language(tag: str) -> str:
    return f' lang="{_clean(tag)}" xml:lang="{_clean(tag)}"' if tag else ""


def _paragraphs(layer: TextLayer, prefix: str) -> Iterator[str]:
    if not layer.lines:
        return
    starts = sorted({0, *layer.paragraphs})
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(layer.lines)], strict=True), 1):
        lines = layer.lines[start:end]
        box = lines[0].box
        for line in lines[1:]:
            box = box.union(line.box)
        yield f'<p class="ocr_par" id="par_{prefix}{number}" title="{_bbox(box)}">'
        for index, line in enumerate(lines, start + 1):
            yield _line(line, f"{prefix}{index}")
        yield "</p>"


def _line(line: TextLine, number: str) -> str:
    certainty = round(100 * line.confidence)
    words = " ".join(
        f'<span class="ocrx_word" id="word_{number}_{index}" title="{_bbox(word.box)}; x_wconf {certainty}">'
        f"{_clean(word.text)}</span>"
        for index, word in enumerate(line.words, 1)
    )
    return f'<span class="ocr_line" id="line_{number}" title="{_bbox(line.box)}">{words or _clean(line.text)}</span>'


def _bbox(box: Box) -> str:
    """Whole px that hold the box."""
    left, top = math.floor(box.left), math.floor(box.top)
    return f"bbox {left} {top} {math.ceil(box.right)} {math.ceil(box.bottom)}"


def _clean(text: str) -> str:
    return escape(text.translate(_NOT_IN_XML), quote=False)


def _quoted(name: str) -> str:
    return _clean(name.replace("\\", "\\\\").replace('"', '\\"'))


def _attribute(text: str) -> str:
    return text.replace('"', "&quot;")
