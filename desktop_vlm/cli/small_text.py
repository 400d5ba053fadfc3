"""The small text of a question's images, read by OCR and put into the prompt as data."""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Callable, Sequence

from PIL import Image

from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.api.errors import EngineError, UserError
from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.backend import Model
from desktop_vlm.images.collage import plan
from desktop_vlm.images.legibility import is_too_small, loses_text
from desktop_vlm.images.text_layer.quoting import SmallText, budget_of, choose, quotation
from desktop_vlm.service.reader_client import Page, ReaderClient
from desktop_vlm.system.text_extra import INSTALL, missing_packages

MakeClient = Callable[[], ReaderClient]


def add_text_option(parser: argparse.ArgumentParser) -> None:
    """Add --text / --no-text."""
    parser.add_argument(
        "--text",
        action=argparse.BooleanOptionalAction,
        help="put text that is too small for the model into the prompt, as OCR reads it (default: where the extra "
        "desktop-vlm[text] is installed and the model makes use of it)",
    )


def check_text_option(asked: bool | None) -> None:
    """Raises UserError where text is asked for and cannot be read."""
    if asked and missing_packages():
        raise UserError(f"--text needs the extra desktop-vlm[text]: {INSTALL}.")


def start_reader(images: Sequence[Image.Image], asked: bool | None) -> ReaderClient:
    """What may have to read the text of images, started while processes can still be started."""
    client = ReaderClient()
    if images and asked is not False and not missing_packages():
        client.start()
    return client


def question_with_text(
    question: str,
    images: Sequence[Image.Image],
    model: Model,
    asked: bool | None,
    make_client: MakeClient | None = None,
) -> tuple[str, int]:
    """The question with the small text of its images before it, and how many lines of it there are.

    Args:
        question: what is asked.
        images: that go along with it.
        model: that is asked.
        asked: what --text says; None where it is not given.
        make_client: what reads images; the program's own reader, if nothing else is given.
    """
    if asked is False or not images or (asked is None and missing_packages()):
        return question, 0
    if not model.capabilities.uses_quoted_text:
        if asked:
            print("desktop-vlm: this model makes no use of text in writing; it gets none.", file=sys.stderr)
        return question, 0
    seen = scales(images, model.capabilities)
    layers = _read(
        [image if is_too_small(scale) else None for image, scale in zip(images, seen, strict=True)],
        make_client or ReaderClient,
    )
    small = {
        number: SmallText(layer, scale)
        for number, (layer, scale) in enumerate(zip(layers, seen, strict=True), 1)
        if layer is not None and loses_text(layer, scale)
    }
    excerpts = choose(list(small.values()), question, budget_of(model.n_ctx), lambda text: len(model.tokenize(text)))
    numbers = [number if len(images) > 1 else None for number in small]
    text = quotation(list(zip(numbers, excerpts, strict=True)))
    return (f"{text}\n\n{question}" if text else question), sum(excerpt.n_lines for excerpt in excerpts)


def scales(images: Sequence[Image.Image], capabilities: Capabilities) -> list[float]:
    """At which scale the model sees each image; 1 where that is not known."""
    sizing = capabilities.sizing
    if sizing is None:
        return [1.0] * len(images)
    if capabilities.composes_images and (len(images) > 1 or sizing.kind == "tiles"):
        tile_size, max_tiles = sizing.canvas
        layout = plan([image.size for image in images], tile_size=tile_size, max_tiles=max_tiles)
        return [placement.scale for placement in layout.placements]
    return [sizing.scale(*image.size) for image in images]


def _read(images: Sequence[Image.Image | None], make_client: MakeClient) -> list[TextLayer | None]:
    """The text of the images that are there; None of those that could not be read, which stderr says once."""
    found: list[TextLayer | None] = []
    if all(image is None for image in images):
        return [None] * len(images)
    with make_client() as client:
        for image in images:
            layer = None
            try:
                if image is not None:
                    pages = client.read(_png(image), "the image")
                    layer = next((page.layer for page in pages if isinstance(page, Page)), None)
            except (UserError, EngineError) as error:
                print(f"desktop-vlm: {error} The model is asked without text in writing.", file=sys.stderr)
                return [None] * len(images)
            found.append(layer)
    return found


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()
