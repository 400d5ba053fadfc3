"""A program: an SVG on stdin becomes a PNG on stdout, by QtSvg and without anything that lies outside the file.

`python -m desktop_vlm.ui.pictures.svg_renderer < drawing.svg > drawing.png`; exit code 1 where it is no drawing.
"""

from __future__ import annotations

import os
import sys
from typing import BinaryIO
from xml.etree import ElementTree

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QRectF, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

from desktop_vlm.images.time_limits import PROCESSOR_S
from desktop_vlm.system.sandbox import Needs, confine, forbid_core_files, limit_memory, limit_processor_time

MAX_SIDE = 2240
"""Of the long side, px: four tiles of the largest encoder in a row. Small icons are drawn large, as they are sharp."""

_LEAST_SIDE = 512
_MAX_MEMORY_BYTES = 2 * 2**30
_XLINK = "http://www.w3.org/1999/xlink"
_SVG = "http://www.w3.org/2000/svg"


def main() -> int:
    """Run the program."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"  # text needs fonts, which need an application
    give_up_rights()
    application = QGuiApplication(sys.argv[:1])
    code = draw(sys.stdin.buffer, sys.stdout.buffer)
    application.quit()
    return code


def give_up_rights() -> None:
    """Have this process do nothing any more but draw."""
    forbid_core_files()
    limit_memory(_MAX_MEMORY_BYTES)
    confine(Needs())


def draw(source: BinaryIO, target: BinaryIO) -> int:
    """Draw what comes in; the exit code."""
    try:
        with limit_processor_time(PROCESSOR_S):
            drawn = as_png(source.read())
    except (ElementTree.ParseError, ValueError):
        return 1
    target.write(drawn)
    target.flush()
    return 0


def as_png(svg: bytes) -> bytes:
    """The drawing as a PNG file; raises what `render` does."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    render(svg).save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def render(svg: bytes) -> QImage:
    """The drawing.

    Raises:
        ValueError: it is none, or has entities.
        ElementTree.ParseError: it is no XML.
    """
    renderer = QSvgRenderer()
    renderer.setAspectRatioMode(Qt.AspectRatioMode.KeepAspectRatio)
    if not renderer.load(QByteArray(self_contained(svg))):
        raise ValueError("no drawing")
    size = renderer.viewBoxF().size() if renderer.defaultSize().isEmpty() else renderer.defaultSize().toSizeF()
    if size.isEmpty():
        raise ValueError("no size")
    longest = max(size.width(), size.height())
    scale = min(max(1.0, _LEAST_SIDE / longest), MAX_SIDE / longest)
    image = QImage(
        max(1, round(size.width() * scale)), max(1, round(size.height() * scale)), QImage.Format.Format_ARGB32
    )
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, image.width(), image.height()))
    painter.end()
    return image


def self_contained(svg: bytes) -> bytes:
    """The drawing without references to anything but itself.

    Raises:
        ValueError: it declares entities, which can grow without bound.
    """
    if b"<!ENTITY" in svg.replace(b"\0", b"").upper():
        raise ValueError("entities")
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", _XLINK)
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        for key in ("href", f"{{{_XLINK}}}href"):
            target = element.get(key, "").strip()
            if target and not target.startswith(("#", "data:image/png", "data:image/jpeg")):
                del element.attrib[key]
    return b"".join(ElementTree.tostringlist(root, encoding="utf-8"))


if __name__ == "__main__":
    sys.exit(main())
