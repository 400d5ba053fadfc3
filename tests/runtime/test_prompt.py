"""Which tokens see which images."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_vlm.runtime.prompt import Prompt, Segment, common_prefix, positions, runs, segments
from desktop_vlm.runtime.vision_runner import ImageSpan
from tests.conftest import NAMES
from tests.goldens import PROMPTS, golden

IMAGE = 99


def cut(*tokens: int, images: tuple[str, ...] = ()) -> list[Segment]:
    return segments(Prompt.of(tokens, [row(key) for key in images], IMAGE).entries)


def row(key: str) -> ImageSpan:
    """An image that is one row among the text's."""
    return ImageSpan(key, 1, 1)


def test_text_is_one_segment() -> None:
    assert cut(1, 2, 3) == [Segment(0, 3, ())]


def test_rows_before_the_image_see_nothing() -> None:
    assert cut(1, 2, IMAGE, 3, images=("a",)) == [Segment(0, 2, ()), Segment(2, 4, ("a",))]


def test_a_later_image_hides_the_earlier() -> None:
    assert cut(IMAGE, 1, IMAGE, 2, images=("a", "b")) == [Segment(0, 2, ("a",)), Segment(2, 4, ("b",))]


def test_images_in_a_row_are_seen_together() -> None:
    found = cut(IMAGE, IMAGE, 1, images=("a", "b"))
    assert found == [Segment(0, 1, ("a",)), Segment(1, 3, ("a", "b"))]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("which", PROMPTS)
def test_visibility_equals_the_processors_mask(name: str, which: str) -> None:
    arrays = golden(name, "logits")
    if f"{which}.mask" not in arrays:
        return
    ids, mask = arrays[f"{which}.ids"].tolist(), arrays[f"{which}.mask"]
    image_token = max(ids)
    keys = tuple(f"image {i}" for i in range(mask.shape[1]))
    seen = np.zeros(mask.shape[:2], dtype=bool)
    for segment in segments(Prompt.of(ids, [row(key) for key in keys], image_token).entries):
        for key in segment.visible:
            seen[segment.start : segment.stop, keys.index(key)] = True
    assert np.array_equal(seen, mask.any(axis=2))


def test_a_prompt_needs_an_image_for_each_mark() -> None:
    with pytest.raises(ValueError, match="1 image tokens but 2 images"):
        Prompt.of((1, IMAGE), [row("a"), row("b")], IMAGE)


def test_common_prefix_stops_at_another_image() -> None:
    assert common_prefix([1, row("a"), 2, 3], [1, row("a"), 2, 4]) == 3
    assert common_prefix([1, row("a"), 2], [1, row("b"), 2]) == 1
    assert common_prefix([1, row("a"), 2], [1, ImageSpan("a", 2, 1), 2]) == 1
    assert common_prefix([], [1]) == 0


def test_cells_and_positions_are_counted_apart() -> None:
    """As with M-RoPE, where an image of 80 rows takes 10 positions."""
    prompt = Prompt((1, 2, ImageSpan("a", 80, 10), 3, ImageSpan("b", 20, 5)))
    assert prompt.n_tokens == 103
    assert positions(prompt.entries) == [0, 1, 2, 12, 13, 18]
    assert positions([]) == [0]


def test_runs_of_text_and_single_images() -> None:
    a, b = row("a"), row("b")
    assert list(runs([1, 2, a, b, 3])) == [(0, 2), (2, 3), (3, 4), (4, 5)]
    assert list(runs([a])) == [(0, 1)]
    assert list(runs([1, 2])) == [(0, 2)]
    assert list(runs([])) == []
