"""The small window that a key brings up: a picture, a question, and the answer below it."""

from __future__ import annotations

from desktop_vlm.ui.quick_window.window import QuickWindow

__all__ = ["QuickWindow"]
