"""From which size on text is readable: by scale, and by the lines that are really there."""

from __future__ import annotations

import pytest

from desktop_vlm.api.text_layer import Box, TextLayer, TextLine
from desktop_vlm.images.legibility import is_line_lost, loses_text


@pytest.mark.parametrize(
    ("line_px", "scale", "lost"),
    [(24, 0.4, False), (24, 0.39, True), (14, 0.5, True), (60, 0.2, False), (5, 1.0, False), (5, 2.0, False)],
)
def test_a_line_is_lost_by_scaling_alone(line_px: float, scale: float, lost: bool) -> None:
    assert is_line_lost(line_px, scale) == lost


def test_an_image_loses_text_where_one_line_does() -> None:
    large, small = (TextLine("x", Box(0, 0, 10, height), (), 1.0) for height in (60.0, 18.0))
    assert not loses_text(TextLayer(99, 99, (large,)), 0.5)
    assert loses_text(TextLayer(99, 99, (large, small)), 0.5)
    assert not loses_text(TextLayer(99, 99), 0.1)
