"""Answers as people read them: Markdown, code, tables and formulas, also while they stream."""

from __future__ import annotations

from desktop_vlm.ui.markdown.view import MarkdownView

__all__ = ["MarkdownView", "preload"]


def preload() -> None:
    """Import what the first answer needs, 0.3 s in all; may be called from another thread than the window's."""
    from desktop_vlm.markdown import parser  # noqa: F401
    from desktop_vlm.markdown.formula import lay_out
    from desktop_vlm.markdown.highlight import highlight

    lay_out("x", 14.0, display=False)
    highlight("x", "python")
