"""Text into the clipboard."""

from __future__ import annotations

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QClipboard, QGuiApplication

from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.images.text_layer.forms import plain_text
from desktop_vlm.images.text_layer.selection import Copied


def text_to_copy(layer: TextLayer, *, join_hyphens: bool = False) -> str:
    """All text of an image; that of its QR codes and barcodes where it has no other. "" for none."""
    return plain_text(layer, join_hyphens=join_hyphens) or "\n".join(code.text for code in layer.codes)


def put_text(copied: Copied) -> None:
    """Into the clipboard; a table as one, too, so that spreadsheets fill their cells."""
    mime = QMimeData()
    mime.setText(copied.text)
    if copied.html:
        mime.setHtml(copied.html)
    QGuiApplication.clipboard().setMimeData(mime)


def offer_selected(copied: Copied) -> None:
    """For the middle mouse button, where the system has that."""
    clipboard = QGuiApplication.clipboard()
    if clipboard.supportsSelection():
        clipboard.setText(copied.text, QClipboard.Mode.Selection)
