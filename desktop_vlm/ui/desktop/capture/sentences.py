"""Sentences of the capture that no widget owns."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def tr(text: str) -> str:
    """Translation of a text that no widget owns."""
    return QCoreApplication.translate("Capture", text)


def paste_instead() -> str:
    """The way out that every desktop has."""
    return tr("Take the screenshot with the desktop's own key and paste it here.")
