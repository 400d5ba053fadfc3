"""The text that PDF pages carry, beside where its ink is seen."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from desktop_vlm.api.errors import Cancelled, UserError
from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.text_layer import pdf_file
from desktop_vlm.images.text_layer.pdf_file import Char, PdfFile
from desktop_vlm.images.text_layer.pdf_text import CarriedText, carried_text
from tests.images.text_layer.pdf_writer import HELVETICA, drawn_image, pdf, shown

TWO = shown("Hello, exact world", 50, 150) + shown("Item", 50, 120) + shown("12.50 €", 300, 120)


def nothing() -> None:
    pass


def carried(data: bytes) -> tuple[CarriedText, Image.Image]:
    with PdfFile(data, "a.pdf") as file, file.page(1) as page:
        image = page.image()
        assert image.size == (page.width, page.height)
        return carried_text(page.chars(), image, nothing), image


def ink(image: Image.Image, around: Box) -> tuple[float, ...]:
    """Where pixels are dark, in and near a rectangle."""
    left, top = int(around.left) - 4, int(around.top) - 4
    rows, columns = np.where(np.asarray(image)[top : int(around.bottom) + 4, left : int(around.right) + 4, 0] < 128)
    return left + columns.min(), top + rows.min(), left + columns.max() + 1, top + rows.max() + 1


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_lines_stand_exactly_where_their_ink_is(turn: int) -> None:
    found, image = carried(pdf(TWO, page=f"/MediaBox [10 20 410.3 220.7] /Rotate {turn}"))
    assert {line.text for line in found.lines} == {"Hello, exact world", "Item", "12.50 €"}
    assert image.size == ((834, 419) if turn % 180 == 0 else (419, 834))
    for line in found.lines:
        box = line.box
        assert ink(image, box) == pytest.approx((box.left, box.top, box.right, box.bottom), abs=1.5)
        assert [word.text for word in line.words] == line.text.split()
        assert all(word.box.union(box) == box for word in line.words)
        assert line.confidence == 1


def test_a_word_that_a_line_divides_and_text_in_another_direction() -> None:
    divided = shown("divi-", 50, 60) + shown("ded", 50, 46)
    upwards = f"q 0 1 -1 0 200 50 cm {shown('upwards text', 0, 0)} Q"
    found, _ = carried(pdf(divided + upwards))
    assert [line.text for line in found.lines] == ["divi-", "ded", "upwards text"]
    upward = found.lines[2]
    assert upward.box.height > 4 * upward.box.width
    assert upward.words[0].box.top > upward.words[1].box.bottom


def test_what_is_filled_into_a_form_is_text_of_its_page() -> None:
    found, image = carried(pdf(shown("Name:", 50, 100), field=shown("Ada Lovelace", 5, 10)))
    assert [line.text for line in found.lines] == ["Name:", "Ada Lovelace"]
    box = found.lines[1].box
    assert ink(image, box) == pytest.approx((box.left, box.top, box.right, box.bottom), abs=1.5)


def test_only_what_is_seen_counts() -> None:
    white = f"1 1 1 rg {shown('white', 50, 150)} 0 g {shown('black', 50, 100)}"
    found, _ = carried(pdf(white))
    assert [line.text for line in found.lines] == ["black"]
    assert not found.is_hidden
    for hidden in (
        shown("over a scan", 50, 150, before="3 Tr"),
        shown("under a scan", 50, 150) + drawn_image(0, 0, 400, 200),
        shown("outside", 500, 150),
        f"1 1 1 rg {shown('white alone', 50, 150)}",
    ):
        assert carried(pdf(hidden))[0] == CarriedText((), is_hidden=True), hidden


def test_characters_that_the_file_does_not_name_are_garbage() -> None:
    differences = " ".join(f"/g{code}" for code in range(65, 91))
    font = HELVETICA.replace("/WinAnsiEncoding", f"<< /Differences [65 {differences}] >>")
    assert carried(pdf(shown("ABCDEFGH", 50, 150), font=font))[0].lines == ()
    image = Image.effect_noise((100, 20), 80).convert("RGB")
    odd = [Char(text, Box(0, 0, 100, 20), 12, is_known=False) for text in "\ue000\ue001\ufffd"]
    assert carried_text(odd, image, nothing) == CarriedText((), is_garbage=True)


def test_letters_of_ligatures_and_of_the_second_plane() -> None:
    chars = [Char("fi", Box(0, 0, 9, 20), 12), Char("😀", Box(10, 0, 20, 20), 12), Char("\n", None)]
    image = Image.effect_noise((100, 20), 80).convert("RGB")
    assert carried_text(chars, image, nothing).lines[0].text == "fi😀"


@pytest.mark.parametrize(
    ("code", "text", "is_known"),
    [
        (0xFB03, "ffi", True),
        (0x202E, "", True),  # what follows would run from right to left
        (0x200D, "\u200d", True),
        (0x1B, "\ufffd", False),
        (0x9B, "\ufffd", False),
        (0xE000, "\ufffd", False),
        (0xD83D, "\ufffd", False),
        (0x1F600, "😀", True),
    ],
)
def test_text_holds_what_a_terminal_may_get(code: int, text: str, is_known: bool) -> None:
    assert pdf_file._character(code) == (text, is_known)


def test_it_can_be_stopped() -> None:
    def stop() -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        carried_text([Char("a", Box(0, 0, 9, 20), 12)], Image.new("RGB", (9, 9)), stop)


def test_pages_and_files_that_are_not_there() -> None:
    with PdfFile(pdf("", ""), "a.pdf") as file:
        assert file.n_pages == 2
        with pytest.raises(UserError, match=r"^a\.pdf has no page 3; it has 2\.$"):
            file.page(3)
    with pytest.raises(UserError, match=r"^b\.pdf is damaged or not a PDF"):
        PdfFile(b"%PDF-1.7\nnothing of the kind", "b.pdf")
