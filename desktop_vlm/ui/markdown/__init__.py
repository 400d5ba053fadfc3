"""Answers as people read them: Markdown, code, tables and formulas, also while they stream."""

from __future__ import annotations

from desktop_vlm.ui.markdown.view import MarkdownView

__all__ = ["MarkdownView", "preload"]


def preload() -> None:
    """Have ready what the first answer needs; may be called from another thread than the window's."""
    from desktop_vlm.markdown import parser  # noqa: F401
    from desktop_vlm.markdown.highlight import highlight
    from desktop_vlm.ui.markdown.formula_layout import make_ready

    make_ready()
    highlight("x", "python")
