"""Finds the bundled files: `assets/` beside the package in a checkout, inside it once installed (`setup.py`)."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]
_ROOTS = (_PACKAGE / "assets", _PACKAGE.parent / "assets")


def find_assets(pattern: str) -> list[Path]:
    """The bundled files that match a pattern like `demo/*.gguf`, sorted; none where they are not bundled."""
    return next((found for root in _ROOTS if (found := sorted(root.glob(pattern)))), [])


def find_asset(name: str) -> Path | None:
    """One bundled file, for instance `demo/screenshot.png`; None where it is not bundled."""
    return next(iter(find_assets(name)), None)
