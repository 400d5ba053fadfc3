"""Widths that give way to longer words: another language says the same with half as many letters more."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


def fix_width(window: QWidget, usual_px: int) -> None:
    """Give a window its usual width, or what the texts of its buttons take where that is more."""
    window.ensurePolished()
    layout = window.layout()
    for child in window.findChildren(QWidget):
        child.ensurePolished()  # else the texts are measured in another font
    least = layout.totalMinimumSize().width() if layout is not None else 0
    window.setFixedWidth(max(usual_px, least))
