"""Reading images with the engine itself; it is loaded once."""

from __future__ import annotations

import importlib.util
import sys

import pytest
from PIL import Image, ImageDraw, ImageFont

from desktop_vlm.api.errors import Cancelled, UserError
from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.images.text_layer import engine
from desktop_vlm.images.text_layer.forms import plain_text
from desktop_vlm.images.text_layer.recognition import is_installed, recognise, release

needs_engine = pytest.mark.skipif(not is_installed(), reason="the extra `text` is not installed")


def drawn(*lines: tuple[int, int, str], size: tuple[int, int] = (320, 90), dark: bool = False) -> Image.Image:
    paper, ink = ("#1e1e1e", "#d4d4d4") if dark else ("#ffffff", "#202020")
    image = Image.new("RGB", size, paper)
    font = ImageFont.load_default(16)
    for left, top, text in lines:
        ImageDraw.Draw(image).text((left, top), text, font=font, fill=ink)
    return image


def texts(layer: TextLayer) -> list[str]:
    return [line.text for line in layer.lines]


def missing(name: str) -> None:
    assert name


def test_without_the_extra_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    release()
    monkeypatch.setattr(importlib.util, "find_spec", missing)
    assert not is_installed()
    with pytest.raises(UserError) as caught:
        recognise(Image.new("RGB", (9, 9)))
    assert str(caught.value) == engine.MISSING
    assert "pip install 'desktop-vlm[text]'" in engine.MISSING


@needs_engine
@pytest.mark.parametrize("dark", [False, True])
def test_lines_words_and_places(dark: bool) -> None:
    layer = recognise(drawn((20, 10, "Save changes?"), (20, 45, "Total 1,018.50"), dark=dark))
    assert plain_text(layer) == "Save changes?\nTotal 1,018.50"
    assert (layer.width, layer.height) == (320, 90)
    first = layer.lines[0]
    assert first.confidence > 0.9
    assert [word.text for word in first.words] == ["Save", "changes?"]
    expected = ImageDraw.Draw(Image.new("L", (1, 1))).textbbox(
        (20, 10), "Save changes?", font=ImageFont.load_default(16)
    )
    box = first.box
    for side, there in zip((box.left, box.top, box.right, box.bottom), expected, strict=True):
        assert abs(side - there) <= 2
    save, changes = (word.box for word in first.words)
    assert 0 < changes.left - save.right < 8


@needs_engine
@pytest.mark.parametrize("turned", [Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90, Image.Transpose.ROTATE_270])
def test_turned_images(turned: Image.Transpose) -> None:
    layer = recognise(drawn((20, 10, "Remove what you no longer need")).transpose(turned))
    assert texts(layer) == ["Remove what you no longer need"]
    words = layer.lines[0].words
    assert [word.text for word in words] == ["Remove", "what", "you", "no", "longer", "need"]
    first, last = words[0].box, words[-1].box
    if turned == Image.Transpose.ROTATE_180:
        assert first.left > last.right
    elif turned == Image.Transpose.ROTATE_270:  # clockwise: it is read downwards
        assert first.bottom < last.top
    else:
        assert first.top > last.bottom


@needs_engine
@pytest.mark.parametrize("size", [(1, 1), (2, 400), (400, 2), (31, 33)])
def test_tiny_and_plain_images_are_empty(size: tuple[int, int]) -> None:
    assert recognise(Image.new("RGB", size, "white")) == TextLayer(*size)


@needs_engine
def test_transparency_lies_on_white() -> None:
    image = Image.new("RGBA", (200, 50), (0, 0, 0, 0))
    ImageDraw.Draw(image).text((10, 10), "Discard", font=ImageFont.load_default(18), fill=(0, 0, 0, 255))
    assert texts(recognise(image)) == ["Discard"]


@needs_engine
def test_a_line_over_tiles_is_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_vlm.images.text_layer.detection.TILE_PX", 100)
    sentence = "This line is longer than a tile of the detector is"
    assert texts(recognise(drawn((10, 20, sentence), size=(420, 60)))) == [sentence]


@needs_engine
def test_it_stops() -> None:
    answers = iter([False, True])
    with pytest.raises(Cancelled):
        recognise(drawn((20, 10, "Save changes?")), should_stop=lambda: next(answers))


def no_network(*_: object) -> None:
    pytest.fail("the network was tried")


@needs_engine
def test_nothing_is_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    release()
    monkeypatch.setattr("socket.socket.connect", no_network)
    monkeypatch.setattr("socket.getaddrinfo", no_network)
    assert texts(recognise(drawn((20, 10, "offline")))) == ["offline"]
    assert "rapidocr" not in sys.modules


def code_image(text: str, symbology: str) -> Image.Image:
    zxingcpp = pytest.importorskip("zxingcpp")
    made = zxingcpp.create_barcode(text, getattr(zxingcpp.BarcodeFormat, symbology))
    return Image.fromarray(zxingcpp.write_barcode_to_image(made, scale=4, add_quiet_zones=True)).convert("RGB")


@needs_engine
@pytest.mark.parametrize(
    ("symbology", "name", "text"),
    [
        ("QRCode", "QR Code", "https://example.org/?q=1"),
        ("EAN13", "EAN-13", "9780306406157"),
        ("Code128", "Code 128", "AB-12"),
    ],
)
def test_codes(symbology: str, name: str, text: str) -> None:
    code = code_image(text, symbology)
    image = Image.new("RGB", (code.width + 60, code.height + 40), "white")
    image.paste(code, (40, 20))
    (found,) = recognise(image).codes
    assert (found.symbology, found.text) == (name, text)
    assert 40 <= found.box.left < found.box.right <= 40 + code.width
    assert 20 <= found.box.top < found.box.bottom <= 20 + code.height + 1
    assert recognise(image, codes=False).codes == ()
