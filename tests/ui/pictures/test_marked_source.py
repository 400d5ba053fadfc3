"""Exports show what questions point at, on the picture that goes out."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop_vlm.api.text_layer import Box
from desktop_vlm.export import export
from desktop_vlm.history.details import POINTERS
from desktop_vlm.history.store import History
from desktop_vlm.history.views import Instead
from desktop_vlm.images.pointing import Pointer, draw_pointers
from desktop_vlm.images.redaction import cover
from desktop_vlm.ui.pictures.marked_source import MarkedSource
from tests.ui.redaction.conftest import noisy_picture, pixels

AREA, PRIVATE = Pointer(Box(100, 20, 200, 60)), Box(230, 10, 300, 70)
PICTURE = noisy_picture()


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    """Its conversation points at a place of a picture, and asks without pointing before and after."""
    with History(tmp_path / "history.db") as opened:
        sha256 = opened.add_picture(PICTURE.data, name=PICTURE.name, width=320, height=80)
        conversation = opened.create_conversation("Pointing")
        details = {POINTERS: {sha256: [AREA.as_json()]}}
        first = opened.add_message(conversation, None, "user", "All of it?", pictures=[sha256])
        second = opened.add_message(conversation, first.id, "user", "And this?", pictures=[sha256], details=details)
        opened.add_message(conversation, second.id, "user", "Why?")
        yield opened


def files_of(folder: Path) -> list[np.ndarray]:
    return [pixels(file.read_bytes()) for file in sorted(folder.glob("*-pictures/*"))]


def has(images: list[np.ndarray], expected: np.ndarray) -> bool:
    return any(image.shape == expected.shape and bool((image == expected).all()) for image in images)


def test_the_question_that_points_has_the_mark_and_the_others_have_not(history: History, tmp_path: Path) -> None:
    target = tmp_path / "out" / "pointing.md"
    target.parent.mkdir()
    export(MarkedSource(history), 1, "markdown", target)
    images = files_of(target.parent)
    plain = Image.fromarray(pixels(PICTURE.data))
    assert len(images) == 2
    assert has(images, pixels(PICTURE.data))
    assert has(images, np.asarray(draw_pointers(plain, [AREA])))
    links = [line for line in target.read_text().splitlines() if line.startswith("![")]
    assert len(links) == len(set(links)) == 2


def test_what_is_covered_for_an_export_stays_covered_under_a_mark(history: History, tmp_path: Path) -> None:
    target = tmp_path / "out" / "pointing.md"
    target.parent.mkdir()
    covered = cover(Image.fromarray(pixels(PICTURE.data)), [PRIVATE])
    instead = {PICTURE.sha256: Instead(covered)}
    export(MarkedSource(history, instead), 1, "markdown", target, instead)
    images = files_of(target.parent)
    assert len(images) == 2
    assert all(not image[10:70, 230:300].any() for image in images)
    with Image.open(io.BytesIO(covered)) as image:
        assert has(images, np.asarray(draw_pointers(image, [AREA])))
