from __future__ import annotations

import io

import pytest
from PIL import Image, ImageOps

from desktop_vlm.images import turning
from desktop_vlm.images.open import open_image
from desktop_vlm.images.turning import upright


def photo(kind: str, orientation: int, mode: str = "RGB", size: tuple[int, int] = (70, 45)) -> bytes:
    """Every place of it differs, and its height is odd."""
    image = Image.linear_gradient("L").resize(size)
    parts = [image, image.rotate(90, expand=True).resize(size), image.rotate(180), image.rotate(90).resize(size)]
    exif = Image.Exif()
    exif[0x0112] = orientation
    made = image if mode == "L" else Image.merge(mode, parts[: len(mode)])
    buffer = io.BytesIO()
    made.save(buffer, kind, exif=exif, quality=95)
    return buffer.getvalue()


@pytest.fixture(params=[1_000_000, 300], ids=["in one strip", "in many strips"])
def strip_pixels(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_vlm.images.strips._STRIP_PIXELS", request.param)


@pytest.mark.usefixtures("strip_pixels")
@pytest.mark.parametrize("orientation", range(10))
@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("JPEG", "L"), ("JPEG", "CMYK"), ("PNG", "RGBA")])
def test_images_are_upright(kind: str, mode: str, orientation: int) -> None:
    data = photo(kind, orientation, mode)
    with Image.open(io.BytesIO(data)) as file:
        expected = ImageOps.exif_transpose(file).convert("RGBA" if mode == "RGBA" else "RGB")
    opened = open_image(data)
    assert opened.size == expected.size
    assert opened.tobytes() == expected.tobytes()
    assert opened.getexif().get(0x0112, 1) == 1


def test_where_memory_cannot_be_given_back_photos_are_turned_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    data = photo("JPEG", 6)
    expected = open_image(data).tobytes()
    monkeypatch.setattr(turning, "_CAN_GIVE_BACK", False)
    assert open_image(data).tobytes() == expected


def test_a_photo_on_its_side_that_is_cut_off_is_refused() -> None:
    data = photo("JPEG", 8, size=(600, 500))
    with pytest.raises(Exception, match="is damaged or incomplete"):
        open_image(data[: len(data) // 2])


def test_an_image_is_flipped_in_its_own_memory() -> None:
    image = Image.new("RGB", (4, 3), "red")
    assert upright(image, 3) is image
