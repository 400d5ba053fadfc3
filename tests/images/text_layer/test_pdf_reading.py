"""Which of a PDF page's text is carried, and which is recognised."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PIL import Image

from desktop_vlm.api.text_layer import Box, Code, TextLayer, TextLine, Word
from desktop_vlm.images.text_layer.pdf_file import PdfFile
from desktop_vlm.images.text_layer.pdf_reading import part_of, read_page
from tests.images.text_layer.layers import line
from tests.images.text_layer.pdf_writer import drawn_image, pdf, shown

HEADER = shown("Carried text", 20, 160)
NOISE = Image.effect_noise((40, 20), 80)


class Ocr:
    """Answers with lines of its own, and remembers the sizes of what it was given."""

    def __init__(self, *lines: TextLine) -> None:
        self.sizes: list[tuple[int, int]] = []
        self._lines = lines

    def __call__(self, image: Image.Image) -> TextLayer:
        self.sizes.append(image.size)
        codes = (Code("QR Code", "code", Box(1, 1, 5, 5)),)
        return TextLayer(image.width, image.height, self._lines, (0,), codes=codes)


def read(content: str, ocr: Ocr, *, can_recognise: bool = True) -> TextLayer:
    with PdfFile(pdf(content, image=NOISE), "a.pdf") as file, file.page(1) as page:
        return read_page(page, ocr, lambda: None, can_recognise=can_recognise)


def texts(layer: TextLayer) -> Sequence[str]:
    return [one.text for one in layer.lines]


def test_carried_text_needs_no_ocr() -> None:
    ocr = Ocr()
    layer = read(HEADER, ocr)
    assert (texts(layer), layer.source, layer.paragraphs, ocr.sizes) == (["Carried text"], "pdf", (0,), [])
    assert (layer.width, layer.height) == (834, 417)


def test_an_empty_page_needs_none_either() -> None:
    ocr = Ocr()
    assert read("", ocr) == TextLayer(834, 417, source="pdf")
    assert ocr.sizes == []


def test_a_scanned_page_is_recognised_whole_whatever_lies_over_it() -> None:
    for over in ("", shown("Sganned", 20, 160, before="3 Tr")):
        ocr = Ocr(line("Scanned", 10, 10))
        layer = read(drawn_image(0, 0, 400, 200) + over, ocr)
        assert (texts(layer), layer.source, ocr.sizes) == (["Scanned"], "ocr", [(834, 417)])


def test_text_in_an_image_joins_what_the_page_carries() -> None:
    ocr = Ocr(line("In the image", 10, 30))
    layer = read(HEADER + drawn_image(48, 24, 96, 48), ocr)
    assert ocr.sizes == [(200, 101)]
    assert (texts(layer), layer.source) == (["Carried text", "In the image"], "pdf")
    assert (layer.lines[1].box.left, layer.lines[1].box.top) == (110, 296)  # 10, 30 in the image, whose corner is there
    assert layer.codes[0].box == Box(101, 267, 105, 271)
    assert texts(read(HEADER + drawn_image(48, 24, 96, 48), ocr, can_recognise=False)) == ["Carried text"]


def test_where_an_image_lies_behind_all_of_it_the_text_is_compared_with_what_is_seen() -> None:
    page = drawn_image(0, 0, 400, 200) + HEADER
    same = TextLine("Carrled text", Box(35, 60, 190, 95), (), 0.9)  # as OCR reads it
    other = TextLine("Something else", Box(35, 60, 190, 95), (), 0.9)
    below = TextLine("below", Box(35, 200, 190, 220), (), 0.9)
    assert texts(read(page, Ocr(same, below))) == ["Carried text", "below"]
    assert texts(read(page, Ocr(other, below))) == ["Something else", "below"]


def test_a_part_of_a_page_keeps_its_places() -> None:
    words = tuple(Word(text, Box(x, 0, x + 9, 10)) for text, x in (("one", 0), ("two", 10), ("three", 20)))
    layer = TextLayer(
        50, 50, (TextLine("one two  three", Box(0, 0, 29, 10), words, 1.0), line("gone", 0, 40)), (0,), source="pdf"
    )
    part = part_of(layer, Box(10, 0, 50, 20))
    assert (texts(part), part.source, part.width) == (["two  three"], "pdf", 50)
    assert part.lines[0].box == Box(10, 0, 29, 10)
    assert part_of(layer, Box(0, 20, 5, 30)).lines == ()


def test_what_ocr_raises_passes_through() -> None:
    def missing(_: Image.Image) -> TextLayer:
        raise RuntimeError("not installed")

    with (
        PdfFile(pdf(drawn_image(0, 0, 400, 200), image=NOISE), "a.pdf") as file,
        file.page(1) as page,
        pytest.raises(RuntimeError),
    ):
        read_page(page, missing, lambda: None)
