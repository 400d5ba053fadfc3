"""How sizes and scales are written, everywhere the same."""

from __future__ import annotations

import re
from functools import lru_cache

from PySide6.QtCore import QCoreApplication


def size_text(width: int, height: int) -> str:
    """Width and height as "640 x 480", with the proper sign."""
    return f"{width} \u00d7 {height}"


def percent_text(scale: float) -> str:
    """A scale of 0.62 as "62 %", which never breaks; below 1 % as "under 1 %"."""
    if 0 < scale < 0.005:
        return tr("under 1\u00a0%")
    return tr("{percent}\u00a0%").format(percent=round(scale * 100))


def page_name(name: str, number: int, kind: str = "page") -> str:
    """What a page of a file is called, or a frame (`kind`) of an animation."""
    title = tr("{name}, frame {number}") if kind == "frame" else tr("{name}, page {number}")
    return title.format(name=name, number=number)


def page_label(name: str) -> str:
    """Which page or frame a picture of that name is, in as few letters as fit on it; "" where it is none."""
    return _label(
        name, (tr("{name}, page {number}"), tr("p. {number}")), (tr("{name}, frame {number}"), tr("#{number}"))
    )


@lru_cache(maxsize=4096)
def _label(name: str, *kinds: tuple[str, str]) -> str:
    """By the title and the label of each kind: a strip of many pictures asks for each several times."""
    for title, label in kinds:
        parts, pattern = _parts_of(title)
        if all(part in name for part in parts) and (found := pattern.fullmatch(name)):
            return label.format(number=found[1])
    return ""


@lru_cache(maxsize=16)
def _parts_of(title: str) -> tuple[list[str], re.Pattern[str]]:
    """The words that every name of this title has, and what finds the number in one."""
    pattern = re.escape(title).replace(r"\{name\}", ".*").replace(r"\{number\}", r"(\d+)")
    return re.split(r"\{name\}|\{number\}", title), re.compile(pattern, re.DOTALL)


def tr(text: str) -> str:
    """Translation of a text that no widget owns."""
    return QCoreApplication.translate("Pictures", text)
