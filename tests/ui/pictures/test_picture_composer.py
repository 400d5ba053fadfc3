"""What is composed for the window is what the engine would make of the same pictures."""

from __future__ import annotations

import hashlib
import io
import subprocess
import sys
from functools import partial

import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.image_sizing import ImageSizing, fit_to_canvas
from desktop_vlm.families.mllama.image_processor import ImageProcessorConfig, process_image
from desktop_vlm.images.collage import plan
from desktop_vlm.images.legibility import is_too_small, smallest_readable_px
from desktop_vlm.images.open import open_image
from desktop_vlm.runtime.read_messages import MessageReader
from desktop_vlm.ui.pictures.composer import PictureSource, Prepared, compose_for_model, show_natively, size_on_canvas
from desktop_vlm.ui.pictures.loading import PictureData, ThumbnailLoader, shrink, thumbnail, to_pillow, to_qimage
from desktop_vlm.ui.pictures.preparer import Preparer
from tests.ui.pictures.picture_files import encoded, picture, png


def translucent(width: int, height: int) -> bytes:
    image = picture(width, height).convert("RGBA")
    image.putalpha(Image.linear_gradient("L").resize((width, height)))
    return encoded(image)


FILES = [png(800, 300, 1), translucent(300, 700), encoded(picture(640, 480, 3), "JPEG")]


def sent_by_the_engine(files: list[bytes]) -> Image.Image:
    content = [{"type": "image", "image": data} for data in files]
    sizing = ImageSizing("tiles", side=560, max_tiles=4)
    _, pictures = MessageReader(Capabilities("mllama", 1, sizing)).read([{"role": "user", "content": content}])
    return next(iter(pictures.values()))


def test_several_pictures_equal_the_engines_composite_pixel_for_pixel() -> None:
    made = compose_for_model(FILES, 560, 4)
    expected = sent_by_the_engine(FILES)
    sent = open_image(made.data)
    assert (sent.mode, sent.size) == ("RGB", expected.size)
    assert sent.tobytes() == expected.tobytes()
    assert to_pillow(made.preview).tobytes() == expected.tobytes()
    assert made.size == made.layout.size == expected.size
    assert made.layout == plan([(800, 300), (300, 700), (640, 480)], tile_size=560, max_tiles=4)


@pytest.mark.parametrize("size", [(640, 480), (3000, 1100), (90, 2000), (560, 560), (1121, 1119)])
def test_a_single_picture_is_sent_untouched_and_shown_as_the_image_processor_scales_it(size: tuple[int, int]) -> None:
    data = png(*size)
    made = compose_for_model([data], 560, 4)
    assert made.data == data
    assert made.size == size
    config = ImageProcessorConfig(560, 4, (0.0, 0.0, 0.0), (1.0, 1.0, 1.0))
    tiled = process_image(open_image(data), config)
    high, wide = made.layout.tiles
    assert high * wide == tiled.num_tiles
    assert size_on_canvas(made.layout) == fit_to_canvas(*size, made.layout.tiles, 560) == tiled.size
    assert (made.preview.width(), made.preview.height()) == tiled.size
    # Row 5 of the preview is row 5 of the first tile.
    shown = to_pillow(made.preview)
    for x in (0, 3, min(tiled.size[0], 560) - 1):
        seen = tuple(round(float(value) * 255) for value in tiled.pixels[0, :, 5, x])
        assert shown.getpixel((x, 5)) == seen


def test_refusals_are_the_engines() -> None:
    with pytest.raises(UserError, match="There is no image to show"):
        compose_for_model([], 560, 4)
    with pytest.raises(UserError, match="10 images are too many"):
        compose_for_model([png()] * 10, 560, 4)


COMPOSED = Capabilities("one", 1, ImageSizing("tiles", side=560, max_tiles=4))
MANY = Capabilities("many", 8, ImageSizing("area", multiple=28, min_pixels=56 * 56, max_pixels=560 * 560))


def sources(*files: PictureData) -> list[PictureSource]:
    return [PictureSource(f"sha {number}", f"{number}.png", data) for number, data in enumerate(files)]


def test_the_latest_request_wins(qtbot: QtBot) -> None:
    preparer = Preparer()
    results: list[Prepared] = []
    busy: list[bool] = []
    preparer.built.connect(results.append)
    preparer.busy_changed.connect(busy.append)
    preparer.request(sources(*(png(900, 900, seed) for seed in range(4))), COMPOSED)
    preparer.request(sources(png(20, 10)), COMPOSED)
    preparer.request(sources(lambda: png(30, 60), png(60, 30)), COMPOSED)  # fetched in the thread
    qtbot.waitUntil(lambda: busy[-1:] == [False])
    (result,) = results
    assert result.composition is not None
    assert result.composition.layout == plan([(30, 60), (60, 30)], tile_size=560, max_tiles=4)
    assert result.files == {hashlib.sha256(result.composition.data).hexdigest(): result.composition.data}


def test_a_cancelled_request_gives_nothing_and_the_next_one_works(qtbot: QtBot) -> None:
    preparer = Preparer()
    results: list[Prepared] = []
    preparer.built.connect(results.append)
    preparer.request(sources(*[png(900, 900)] * 3), COMPOSED)
    preparer.cancel()
    with qtbot.waitSignal(preparer.built):
        preparer.request([PictureSource("other", "other.png", png(20, 10))], COMPOSED)
    assert [result.composition and result.composition.size for result in results] == [(20, 10)]


def test_a_picture_that_went_bad_is_reported_by_its_name(qtbot: QtBot) -> None:
    preparer = Preparer()
    for capabilities, name in ((COMPOSED, "the image"), (MANY, "0.png")):
        with qtbot.waitSignal(preparer.failed) as failed:
            preparer.request(sources(b"rubbish", png()), capabilities)
        assert failed.args == [f"{name} is not an image this app can read; save it as PNG or JPEG and use that."]


@pytest.mark.parametrize("capabilities", [COMPOSED, MANY])
def test_a_picture_that_is_forgotten_while_another_request_needs_it(qtbot: QtBot, capabilities: Capabilities) -> None:
    preparer = Preparer()
    results: list[Prepared] = []
    preparer.built.connect(results.append)
    files = [png(300, 200, number) for number in range(2)]
    with qtbot.waitSignal(preparer.built):
        preparer.request(sources(files[0]), capabilities)
    with qtbot.waitSignal(preparer.built):
        preparer.request(sources(*files), capabilities)
        preparer.forget("sha 0")
    with qtbot.waitSignal(preparer.built):
        preparer.request(sources(*files), capabilities)
    assert [len(result.files) for result in results] == ([1, 1, 1] if capabilities is COMPOSED else [1, 2, 2])


@pytest.mark.parametrize("capabilities", [COMPOSED, MANY])
def test_what_was_prepared_is_not_prepared_again(qtbot: QtBot, capabilities: Capabilities) -> None:
    reads: list[int] = []

    def fetch(number: int) -> bytes:
        reads.append(number)
        return png(300, 200, number)

    preparer = Preparer()
    files: list[PictureData] = [partial(fetch, 0), partial(fetch, 1)]
    results: list[Prepared] = []
    preparer.built.connect(results.append)
    for target in (files, files[:1], files):
        with qtbot.waitSignal(preparer.built):
            preparer.request(sources(*target), capabilities)
    assert results[2].composition is results[0].composition
    assert all(a is b for a, b in zip(results[0].images, results[2].images, strict=True))
    assert reads == ([0, 1, 0] if capabilities is COMPOSED else [0, 1])


@pytest.mark.parametrize(
    ("sizing", "seen", "canvas", "n_tokens"),
    [
        (ImageSizing("square", side=336, multiple=14), (336, 168), (336, 336), 576),
        (ImageSizing("longest", side=256, multiple=16), (256, 128), (256, 128), 8 * 17),
        (ImageSizing("area", multiple=28, min_pixels=56 * 56, max_pixels=280 * 280), (392, 196), (392, 196), 98),
        (ImageSizing("library"), (800, 400), (800, 400), 0),
    ],
)
def test_a_picture_that_goes_as_it_is_is_shown_at_the_encoders_size(
    sizing: ImageSizing, seen: tuple[int, int], canvas: tuple[int, int], n_tokens: int
) -> None:
    data = png(800, 400)
    made = show_natively(PictureSource("sha", "a.png", data), sizing)
    assert (made.data, made.size, made.canvas) == (data, (800, 400), canvas)
    assert (made.encoded.width, made.encoded.height, made.encoded.n_tokens) == (*seen, n_tokens)
    expected = open_image(data).resize(seen, Image.Resampling.BICUBIC)
    assert to_pillow(made.preview).tobytes() == expected.tobytes()
    assert made.scale == (max(seen) / 800 if n_tokens else None)


def test_one_picture_for_a_model_of_one_image_without_tiles_goes_as_it_is(qtbot: QtBot) -> None:
    square = Capabilities("square", 1, ImageSizing("square", side=336, multiple=14))
    preparer = Preparer()
    results: list[Prepared] = []
    preparer.built.connect(results.append)
    for files in ([png(800, 400)], [png(800, 400), png(30, 60)]):
        with qtbot.waitSignal(preparer.built):
            preparer.request(sources(*files), square)
    assert [image.sha256 for image in results[0].images] == ["sha 0"]
    assert results[1].composition is not None
    assert results[1].composition.size == (336, 336)  # a whole canvas, which reaches the encoder unscaled


def test_pixels_go_to_qt_and_back_unchanged() -> None:
    image = picture(1001, 333)
    there = to_qimage(image)
    assert there.pixelColor(17, 5).getRgb() == (*image.getpixel((17, 5)), 255)  # type: ignore[misc]
    assert to_pillow(there).tobytes() == image.tobytes()
    assert to_pillow(to_qimage(Image.new("RGBA", (4, 4), (0, 0, 0, 0)))).getpixel((1, 1)) == (255, 255, 255)
    small = shrink(there, 100, 33)
    assert (small.width(), small.height()) == (100, 33)


@pytest.mark.parametrize(
    ("size", "expected"),
    [((800, 400), (200, 100)), ((400, 800), (100, 200)), ((50, 40), (50, 40)), ((3000, 100), (300, 10))],
)
def test_thumbnails_cover_their_square_but_never_grow(size: tuple[int, int], expected: tuple[int, int]) -> None:
    made = thumbnail(png(*size), "x", 100)
    assert (made.width(), made.height()) == expected


def test_a_thumbnail_is_made_once_and_kept(qtbot: QtBot) -> None:
    loader = ThumbnailLoader()
    reads: list[int] = []

    def fetch() -> bytes:
        reads.append(1)
        return png(400, 200)

    with qtbot.waitSignal(loader.loaded) as loaded:
        assert loader.get("key", 72, fetch) is None
        assert loader.get("key", 72, fetch) is None
    assert loaded.args is not None
    assert (loaded.args[0], loaded.args[1].width(), loaded.args[1].height()) == ("key", 144, 72)
    again = loader.get("key", 72, fetch)
    assert again is not None
    assert (again.width(), reads) == (144, [1])


def test_legibility_follows_the_scale() -> None:
    assert not is_too_small(1.0)
    assert not is_too_small(8 / 12)  # text of 12 px is shown 8 px high
    assert is_too_small(0.66)
    assert [smallest_readable_px(scale) for scale in (2.0, 1.0, 0.62, 0.5, 0.25)] == [4, 8, 13, 16, 32]


def test_the_composer_loads_no_engine() -> None:
    code = (
        "import sys, pkgutil, importlib, desktop_vlm.ui.pictures as p\n"
        "[importlib.import_module(f'{p.__name__}.{m.name}') for m in pkgutil.iter_modules(p.__path__)]\n"
        "print([m for m in sys.modules if m.startswith(('llama_cpp', 'desktop_vlm.runtime', 'desktop_vlm.backend',"
        " 'pypdfium2'))])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_preview_does_not_depend_on_buffers_that_python_may_reuse() -> None:
    made = compose_for_model(FILES, 560, 4)
    before = to_pillow(made.preview).tobytes()
    rubbish = [io.BytesIO(bytes([seed]) * 5_000_000).getvalue() for seed in range(4)]
    assert len(rubbish) == 4
    assert to_pillow(made.preview).tobytes() == before
