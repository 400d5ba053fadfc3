"""How the window looks: colours, type, spacing, icons and the style sheet, in light and dark."""

from __future__ import annotations

from desktop_vlm.ui.theme.colors import DARK, LIGHT, Colors
from desktop_vlm.ui.theme.theme import Theme, ThemeChoice, set_kind

__all__ = ["DARK", "LIGHT", "Colors", "Theme", "ThemeChoice", "set_kind"]
