"""What `desktop-vlm read` writes: text, Markdown, hOCR, JSON Lines, or what codes hold."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.images.reading import printable
from desktop_vlm.images.text_layer import hocr
from desktop_vlm.images.text_layer.forms import plain_text
from desktop_vlm.service.reader_client import Page


@dataclass(frozen=True)
class ReadPage:
    """An image, or a page of a file.

    Attributes:
        name: of the file, as it was given.
        is_only: nothing else is read.
    """

    name: str
    page: Page
    is_only: bool

    @property
    def title(self) -> str:
        """How a person calls it."""
        name = printable(self.name)
        return f"{name}, page {self.page.number}" if self.page.n_pages > 1 else name


class Form(Protocol):
    """How pages are written, one after the other as they are read."""

    def opening(self) -> str: ...
    def page(self, read: ReadPage) -> str: ...
    def problem(self, name: str, sentence: str) -> str:
        """What stands in the place of a file that cannot be read."""

    def closing(self) -> str: ...


class _Plain:
    def opening(self) -> str:
        return ""

    def problem(self, name: str, sentence: str) -> str:  # noqa: ARG002 - it is said on stderr
        return ""

    def closing(self) -> str:
        return ""


class Blocks(_Plain):
    """Text; where there is more than one page, each under a line with its name, as `head` and `tail` do it."""

    def __init__(self, text: Callable[[TextLayer], str]) -> None:
        self._text = text
        self._is_first = True

    def page(self, read: ReadPage) -> str:
        text = self._text(read.page.layer)
        body = f"{text}\n" if text else ""
        if read.is_only:
            return body
        gap = "" if self._is_first else "\n"
        self._is_first = False
        return f"{gap}==> {read.title} <==\n{body}"


class Codes(_Plain):
    """What QR codes and barcodes hold, as text that a terminal may get: other characters become spaces."""

    def page(self, read: ReadPage) -> str:
        return "".join(f"{_on_one_line(code.text)}\n" for code in read.page.layer.codes)


class Hocr(_Plain):
    """One document of all pages."""

    def __init__(self) -> None:
        self._n_pages = 0

    def opening(self) -> str:
        return hocr.opening()

    def page(self, read: ReadPage) -> str:
        self._n_pages += 1
        return hocr.page(read.page.layer, number=self._n_pages, image_name=read.name)

    def closing(self) -> str:
        return hocr.CLOSING


class JsonLines(_Plain):
    """One object a line for each page, or for a file that cannot be read."""

    def __init__(self, *, join_hyphens: bool) -> None:
        self._join_hyphens = join_hyphens

    def page(self, read: ReadPage) -> str:
        page = read.page
        head = {"name": read.name, "page": page.number, "pages": page.n_pages}
        text = {"text": plain_text(page.layer, join_hyphens=self._join_hyphens)}
        return _line(head | text | dataclasses.asdict(page.layer))

    def problem(self, name: str, sentence: str) -> str:
        return _line({"name": name, "error": sentence})


def _on_one_line(text: str) -> str:
    return "".join(char if char.isprintable() or char == "\t" else " " for char in text)


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
