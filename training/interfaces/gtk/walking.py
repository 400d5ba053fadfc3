"""Widgets and what is inside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gi  # type: ignore[import-not-found,unused-ignore]

gi.require_version("Gtk", "3.0")
from gi.repository import Gtk  # type: ignore[import-not-found,unused-ignore]  # noqa: E402


def walk(root: Any) -> Iterator[Any]:
    """A widget and all that are inside it."""
    yield root
    if isinstance(root, Gtk.Container):
        children: list[Any] = []
        root.forall(children.append)
        for child in children:
            yield from walk(child)
