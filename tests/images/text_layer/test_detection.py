"""Tiles, and the rectangles of a detector's map; no engine."""

from __future__ import annotations

import numpy as np
import pytest

from desktop_vlm.images.text_layer import detection
from desktop_vlm.images.text_layer.crops import cut
from desktop_vlm.images.text_layer.detection import Region, regions_of, text_map, tiles
from desktop_vlm.images.text_layer.engine import Network, Pixels, Values
from desktop_vlm.images.text_layer.joining import join

pytest.importorskip("cv2")


def two_cores() -> int:
    return 2


@pytest.fixture(autouse=True)
def _cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detection, "usable_cores", two_cores)


@pytest.mark.parametrize(
    ("height", "width", "count"),
    [(1, 1, 1), (400, 600, 1), (400, 800, 2), (1080, 1920, 2), (2160, 3840, 8), (20000, 900, 19)],
)
def test_tiles_cover_an_image_once(height: int, width: int, count: int) -> None:
    covered = np.zeros((height, width), np.uint8)
    made = list(tiles(height, width))
    for (top, bottom), (left, right) in made:
        assert bottom - top <= detection.TILE_PX
        assert right - left <= detection.TILE_PX
        covered[top:bottom, left:right] += 1
    assert len(made) == count
    assert covered.min() == covered.max() == 1


class Dark(Network):
    """A detector to which everything dark is text; notes what it is asked about."""

    def __init__(self) -> None:
        self.areas: list[int] = []

    def __call__(self, batch: Values) -> Values:
        assert batch.shape[2] % 32 == batch.shape[3] % 32 == 0
        self.areas.append(batch.shape[2] * batch.shape[3])
        return (batch[:, :1] < 0).astype(np.float32)


def test_the_map_has_no_seams_and_plain_parts_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(detection, "TILE_PX", 200)
    pixels = np.full((500, 900, 3), 255, np.uint8)
    pixels[40:52, 30:870:2] = 10  # over the seams of five tiles
    network = Dark()
    found = text_map(network, pixels, lambda: None)
    assert np.array_equal(found, np.where(pixels[:, :, 0] == 10, 255, 0))
    assert sum(network.areas) < 500 * 900 / 3


def mapped(*cores: tuple[int, int, int, int], value: int = 200, shape: tuple[int, int] = (100, 400)) -> Pixels:
    found = np.zeros(shape, np.uint8)
    for left, top, right, bottom in cores:
        found[top:bottom, left:right] = value
    return found


def white(shape: tuple[int, int] = (100, 400)) -> Pixels:
    return np.full((*shape, 3), 255, np.uint8)


def sides(region: Region) -> list[int]:
    return [*region.core[0].astype(int).tolist(), *region.core[2].astype(int).tolist()]


def test_rectangles_grow_around_what_is_marked() -> None:
    (region,) = regions_of(mapped((100, 40, 200, 50)))
    assert region.upright
    assert sides(region) == [100, 40, 201, 51]
    left, top = region.corners[0]
    assert 90 < left < 95
    assert 30 < top < 35


def test_what_is_unsure_or_a_speck_is_no_text() -> None:
    assert regions_of(mapped((100, 40, 200, 50), value=90)) == []
    assert regions_of(np.zeros((50, 50), np.uint8)) == []


def test_a_tilted_line_keeps_its_angle() -> None:
    found = np.zeros((300, 300), np.uint8)
    for x in range(40, 260):
        found[x // 2 + 40 : x // 2 + 52, x] = 220
    (region,) = regions_of(found)
    assert not region.upright
    top_left, top_right = region.corners[:2]
    assert (top_right[1] - top_left[1]) / (top_right[0] - top_left[0]) == pytest.approx(0.5, abs=0.05)
    crop = cut(np.full((300, 300, 3), 255, np.uint8), region)
    assert crop.pixels.shape[1] > 5 * crop.pixels.shape[0]


def test_pieces_of_a_line_are_joined() -> None:
    found = mapped((50, 40, 90, 52), (104, 43, 112, 48), (125, 40, 180, 52))
    assert [sides(one) for one in join(regions_of(found), found, white())] == [[50, 40, 181, 53]]


def test_columns_and_lines_below_each_other_stay_apart() -> None:
    found = mapped((50, 40, 90, 52), (130, 40, 180, 52), (50, 62, 90, 74))
    joined = join(regions_of(found), found, white())
    assert sorted(sides(one) for one in joined) == [[50, 40, 91, 53], [50, 62, 91, 75], [130, 40, 181, 53]]


@pytest.mark.parametrize("kind", ["edge", "ground"])
def test_a_button_stays_apart_from_what_is_beside_it(kind: str) -> None:
    found = mapped((50, 40, 90, 52), (104, 40, 150, 52))
    pixels = white()
    if kind == "edge":
        pixels[20:75, 97] = 190
    else:
        pixels[20:75, 98:170] = (40, 90, 200)
    assert len(join(regions_of(found), found, pixels)) == 2


def test_a_faint_sign_beside_a_line_belongs_to_it() -> None:
    found = mapped((50, 40, 90, 52))
    found[45:50, 104:107] = 40
    assert [sides(one) for one in join(regions_of(found), found, white())] == [[50, 40, 107, 53]]
    found[45:50, 104:107] = 5
    assert [sides(one) for one in join(regions_of(found), found, white())] == [[50, 40, 91, 53]]
