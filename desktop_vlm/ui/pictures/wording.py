"""How sizes and scales are written, everywhere the same."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def size_text(width: int, height: int) -> str:
    """Width and height as "640 x 480", with the proper sign."""
    return f"{width} \u00d7 {height}"


def percent_text(scale: float) -> str:
    """A scale of 0.62 as "62 %", which never breaks; below 1 % as "under 1 %"."""
    if 0 < scale < 0.005:
        return tr("under 1\u00a0%")
    return tr("{percent}\u00a0%").format(percent=round(scale * 100))


def tr(text: str) -> str:
    """Translation of a text that no widget owns."""
    return QCoreApplication.translate("Pictures", text)
