"""What is exported here, and what an export wrote."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

from desktop_vlm.export import EXPORTERS

PNG = b"\x89PNG\r\n\x1a\n the pixels of a chart"
JPEG = b"\xff\xd8\xff\xe0 a photo"
BLOT = "\u2588"
WITHOUT_QT = [key for key in EXPORTERS if key != "pdf"]
"""PDF is drawn by the window: tests/ui/printing."""


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


class _Tags(HTMLParser):
    """Every element with its attributes, and every text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def read_page(path: Path) -> _Tags:
    parser = _Tags()
    parser.feed(path.read_text("utf-8"))
    parser.close()
    return parser
