"""What can be done with any picture, wherever the window shows one: declared once, offered in every context menu.

The handlers are in `ui/window/picture_actions.py`, by the entries' ids.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtWidgets import QMenu

from desktop_vlm.ui.pictures.wording import tr
from desktop_vlm.ui.theme import Theme


@dataclass(frozen=True)
class PictureEntry:
    """An entry of a picture's context menu.

    Attributes:
        id: names it to the program.
        icon: its name in the icon set.
        label: in English; translated where it is shown, in the context "Pictures".
        after_line: whether a line parts it from those before.
    """

    id: str
    icon: str
    label: str
    after_line: bool = False


PICTURE_ENTRIES: tuple[PictureEntry, ...] = (
    PictureEntry("copy-text", "scan-text", "Copy text", after_line=True),
    PictureEntry("copy", "copy", "Copy picture"),
    PictureEntry("save", "download", "Save as\u2026"),
    PictureEntry("point", "crosshair", "Point at it\u2026", after_line=True),
    PictureEntry("edit", "square-pen", "Edit\u2026"),
    PictureEntry("hide", "eraser", "Hide private text\u2026"),
)


def add_picture_entries(
    menu: QMenu, theme: Theme, chosen: Callable[[str], None], entries: Iterable[PictureEntry] = PICTURE_ENTRIES
) -> None:
    """Add these entries; `chosen` is called with the id of the one that is."""
    for entry in entries:
        if entry.after_line:
            menu.addSeparator()  # nothing is drawn where it would be the first
        action = menu.addAction(theme.icon(entry.icon), tr(entry.label))
        action.triggered.connect(lambda _=False, id_=entry.id: chosen(id_))
