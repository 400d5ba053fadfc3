"""hOCR, as a program that reads it would."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.images.text_layer.hocr import hocr
from tests.images.text_layer.layers import line

LAYER = TextLayer(
    200,
    100,
    (line("a < b & c", 10, 10, confidence=0.876), line('"d"\x07', 10.5, 30.2), line("e", 10, 70)),
    paragraphs=(0, 2),
    language="en",
)
XHTML = "{http://www.w3.org/1999/xhtml}"


def parsed(layer: TextLayer, **arguments: str) -> ET.Element:
    return ET.fromstring(hocr(layer, **arguments).encode())


def of_class(root: ET.Element, name: str) -> list[ET.Element]:
    return [element for element in root.iter() if element.get("class") == name]


def test_words_have_their_places_and_texts() -> None:
    words = of_class(parsed(LAYER), "ocrx_word")
    assert [word.text for word in words] == ["a", "<", "b", "&", "c", '"d" ', "e"]
    assert words[0].get("title") == "bbox 10 10 15 20; x_wconf 88"
    assert words[5].get("title") == "bbox 10 30 31 41; x_wconf 100"


def test_lines_stand_in_paragraphs_of_the_page() -> None:
    page = of_class(parsed(LAYER, image_name='a "b" & c.png'), "ocr_page")[0]
    assert page.get("title") == 'image "a \\"b\\" & c.png"; bbox 0 0 200 100'
    paragraphs = of_class(page, "ocr_par")
    assert [len(of_class(one, "ocr_line")) for one in paragraphs] == [2, 1]
    assert paragraphs[0].get("title") == "bbox 10 10 55 41"


def test_ids_are_unique_and_the_header_says_what_is_in_it() -> None:
    root = parsed(LAYER)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids)) == 1 + 2 + 3 + 7
    metas = {meta.get("name"): meta.get("content") for meta in root.iter(f"{XHTML}meta")}
    assert metas["ocr-capabilities"] == "ocr_page ocr_par ocr_line ocrx_word"
    assert root.get("lang") == "en"


def test_an_empty_layer_is_a_page_without_lines() -> None:
    root = parsed(TextLayer(3, 2))
    assert of_class(root, "ocr_page")[0].get("title") == "bbox 0 0 3 2"
    assert of_class(root, "ocr_line") == []
