"""The colours of both themes, by what they are for.

Text on any surface keeps a contrast of at least 4.5 to 1 (WCAG AA), borders of controls and the focus ring
3 to 1; `tests/ui/test_theme.py` computes it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Colors:
    """Colours as #rrggbb.

    Attributes:
        window, sidebar: backgrounds of the two large areas.
        surface: cards, inputs and menus, which lie on the window.
        hover, pressed: a surface under the pointer, and while pressed.
        bubble: background of what the person wrote.
        code: background of code.
        border: lines between areas; `edge`: around buttons that say what they do; `control`: outlines of what nothing
            else shows to be something to click or type into.
        track, raised: what words to choose from lie in, and the one that is chosen.
        text, muted, faint: what is read first, second, and last (hints); all are text.
        accent, accent_hover, on_accent: the one colour that says "act here", and text upon it.
        accent_soft: background of what is chosen.
        link: accent as text on the window.
        danger, danger_soft, warning, warning_soft, success, success_soft: messages, as text and as background.
        selection: background of selected text.
        found: behind what a search found.
    """

    window: str
    sidebar: str
    surface: str
    hover: str
    pressed: str
    bubble: str
    code: str
    border: str
    edge: str
    control: str
    track: str
    raised: str
    text: str
    muted: str
    faint: str
    accent: str
    accent_hover: str
    on_accent: str
    accent_soft: str
    link: str
    danger: str
    danger_soft: str
    warning: str
    warning_soft: str
    success: str
    success_soft: str
    selection: str
    found: str


LIGHT = Colors(
    window="#ffffff",
    sidebar="#f6f6f4",
    surface="#ffffff",
    hover="#ededea",
    pressed="#e2e2de",
    bubble="#f1f1ee",
    code="#f7f7f5",
    border="#e4e4e0",
    edge="#d3d3ce",
    control="#8a8a84",
    track="#ededea",
    raised="#ffffff",
    text="#1c1c1a",
    muted="#55554f",
    faint="#6a6a63",
    accent="#0f6e63",
    accent_hover="#0b5a51",
    on_accent="#ffffff",
    accent_soft="#dcefeb",
    link="#0f6e63",
    danger="#b3261e",
    danger_soft="#fcebe9",
    warning="#8a5300",
    warning_soft="#fdf1dc",
    success="#1d6b34",
    success_soft="#e2f3e6",
    selection="#bfe3dc",
    found="#ffe08a",
)

DARK = Colors(
    window="#1b1b1d",
    sidebar="#151517",
    surface="#242427",
    hover="#2d2d31",
    pressed="#37373c",
    bubble="#2a2a2e",
    code="#141416",
    border="#333338",
    edge="#48484f",
    control="#77777f",
    track="#18181a",
    raised="#3a3a40",
    text="#ececee",
    muted="#b4b4bb",
    faint="#9a9aa3",
    accent="#4cc2b0",
    accent_hover="#66d1c1",
    on_accent="#08211d",
    accent_soft="#1c3f3a",
    link="#62cdbd",
    danger="#ff9c94",
    danger_soft="#3d2220",
    warning="#f2bf6c",
    warning_soft="#3a2e18",
    success="#8ad6a0",
    success_soft="#1f3526",
    selection="#24584f",
    found="#6b5310",
)
