"""From which size on text on a full screen can be read, as the program scales the screen for the model.

Text that gets too small on the way is answered with `TOO_SMALL`; about text between `TOO_SMALL_PX` and `LEGIBLE_PX`
nothing is asked, so that the two answers stay apart.
"""

from __future__ import annotations

from desktop_vlm.api.image_sizing import choose_canvas, fit_to_canvas
from desktop_vlm.images.legibility import TOO_SMALL_ANSWER

TOO_SMALL = TOO_SMALL_ANSWER
TOO_SMALL_PX = 5.3
"""On the canvas, from the top of letters like `d` to the bottom of letters like `p`: below it nobody reads them."""
LEGIBLE_PX = 6.2
"""From here on letters can be read: at 12 px text on a screen of 1920 x 1080 for instance."""
LEAST_READ_PX = 5.7
"""From here on letters on screens to train on are asked about: small ones, as on large screens, take most practice."""
MAX_TILES = 4


def canvas_scale(width: int, height: int, tile_px: int) -> float:
    """Canvas pixels for each pixel of an image, as the program scales it."""
    canvas = choose_canvas(width, height, tile_size=tile_px, max_tiles=MAX_TILES)
    return fit_to_canvas(width, height, canvas, tile_px)[0] / width
