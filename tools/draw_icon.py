"""Draws the PNG files of `assets/icon` from its two SVG files: `python -m tools.draw_icon`."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from desktop_vlm.system.desktop_files.icons import SIZES_PX, drawing_for

FOLDER = Path(__file__).parents[1] / "assets" / "icon"


def render(svg: Path, size_px: int) -> QImage:
    """A drawing as a square image."""
    image = QImage(size_px, size_px, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(str(svg)).render(painter, QRectF(0, 0, size_px, size_px))
    painter.end()
    return image


def main() -> None:
    """Write all sizes."""
    app = QGuiApplication([])
    for size_px in SIZES_PX:
        render(drawing_for(FOLDER, size_px), size_px).save(str(FOLDER / f"icon-{size_px}.png"))
    del app


if __name__ == "__main__":
    main()
