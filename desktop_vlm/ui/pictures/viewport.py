"""Which part of a picture a view shows, and how large: arithmetic without widgets."""

from __future__ import annotations

from dataclasses import dataclass

MIN_ZOOM, MAX_ZOOM = 0.02, 16.0
STEP = 1.25
"""Of the zoom buttons, and of one notch of the wheel."""


@dataclass
class Viewport:
    """Lengths are device pixels, so that at 100 % a pixel of the picture is one of the screen.

    Attributes:
        image: width and height of the picture.
        view: width and height of the room for it.
        zoom: device pixels per pixel of the picture.
        left, top: where the picture's corner is in the view.
        fitted: whether the picture follows the view's size.
        margin: left free around a fitted picture.
    """

    image: tuple[int, int] = (1, 1)
    view: tuple[float, float] = (1.0, 1.0)
    zoom: float = 1.0
    left: float = 0.0
    top: float = 0.0
    fitted: bool = True
    margin: float = 0.0

    def show(self, image: tuple[int, int]) -> None:
        """Another picture, wholly visible."""
        self.image = image
        self.fit()

    def resize(self, view: tuple[float, float]) -> None:
        """Another room; what was in its middle stays there."""
        dx, dy = (view[0] - self.view[0]) / 2, (view[1] - self.view[1]) / 2
        self.view = view
        if self.fitted:
            self.fit()
        else:
            self.pan(dx, dy)

    @property
    def fit_zoom(self) -> float:
        """At which the whole picture is seen; never enlarged, which would show nothing more."""
        width, height = (max(1.0, room - 2 * self.margin) for room in self.view)
        return min(1.0, width / self.image[0], height / self.image[1])

    def fit(self) -> None:
        """The whole picture."""
        self.zoom = max(self.fit_zoom, 1e-3)
        self.fitted = True
        self._settle()

    def zoom_to(self, zoom: float, at: tuple[float, float] | None = None) -> None:
        """The pixel under `at` (default: the middle) stays where it is as far as the picture's edges allow."""
        x, y = at or (self.view[0] / 2, self.view[1] / 2)
        zoom = min(max(zoom, min(MIN_ZOOM, self.fit_zoom)), MAX_ZOOM)
        picture_x, picture_y = self.to_image(x, y)
        self.zoom = zoom
        self.left, self.top = x - picture_x * zoom, y - picture_y * zoom
        self.fitted = False
        self._settle()

    def zoom_by(self, factor: float, at: tuple[float, float] | None = None) -> None:
        """As `zoom_to`; a step that would pass 100 % stops there, where pixels are sharpest."""
        target = self.zoom * factor
        if (self.zoom - 1) * (target - 1) < 0 and abs(factor - 1) > 0.2:
            target = 1.0
        self.zoom_to(target, at)

    def pan(self, dx: float, dy: float) -> None:
        """Move the picture as far as its edges allow."""
        self.left += dx
        self.top += dy
        self._settle()

    def to_image(self, x: float, y: float) -> tuple[float, float]:
        """A place in the view as a place in the picture."""
        return (x - self.left) / self.zoom, (y - self.top) / self.zoom

    @property
    def can_pan(self) -> bool:
        return any(side * self.zoom > room + 0.5 for side, room in zip(self.image, self.view, strict=True))

    def _settle(self) -> None:
        """Centred where it fits, else without a gap at the edges."""
        self.left = _settled(self.left, self.image[0] * self.zoom, self.view[0])
        self.top = _settled(self.top, self.image[1] * self.zoom, self.view[1])


def _settled(start: float, length: float, room: float) -> float:
    if length <= room:
        return (room - length) / 2
    return min(0.0, max(room - length, start))
