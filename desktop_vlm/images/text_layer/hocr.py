"""A layer as hOCR 1.2, which is what OCR programs exchange: HTML with the places of lines and words."""

from __future__ import annotations

import math
from collections.abc import Iterator
from html import escape

import desktop_vlm
from desktop_vlm.api.text_layer import Box, TextLayer, TextLine

_NOT_IN_XML = {code: " " for code in range(32) if chr(code) not in "\t\n\r"}


def hocr(layer: TextLayer, *, image_name: str = "") -> str:
    """A whole document (XHTML).

    Args:
        layer: what was read.
        image_name: what the document calls the image.
    """
    page = f"bbox 0 0 {layer.width} {layer.height}"
    title = f'image "{_quoted(image_name)}"; {page}' if image_name else page
    language = f' lang="{_clean(layer.language)}" xml:lang="{_clean(layer.language)}"' if layer.language else ""
    body = "\n".join(_paragraphs(layer))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml"{language}>
<head>
<title>{_clean(image_name)}</title>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<meta name="ocr-system" content="desktop-vlm {desktop_vlm.__version__}" />
<meta name="ocr-capabilities" content="ocr_page ocr_par ocr_line ocrx_word" />
</head>
<body>
<div class="ocr_page" id="page_1" title="{_attribute(title)}">
{body}
</div>
</body>
</html>
"""


def _paragraphs(layer: TextLayer) -> Iterator[str]:
    if not layer.lines:
        return
    starts = sorted({0, *layer.paragraphs})
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(layer.lines)], strict=True), 1):
        lines = layer.lines[start:end]
        box = lines[0].box
        for line in lines[1:]:
            box = box.union(line.box)
        yield f'<p class="ocr_par" id="par_{number}" title="{_bbox(box)}">'
        for index, line in enumerate(lines, start + 1):
            yield _line(line, index)
        yield "</p>"


def _line(line: TextLine, number: int) -> str:
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
