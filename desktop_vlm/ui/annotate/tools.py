"""The tools there are: those for picking marks and cropping, and one for each kind of mark (`images/annotations`)."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop_vlm.images.annotations import kinds as _kinds  # noqa: F401 - declares the kinds
from desktop_vlm.images.annotations.marks import KINDS

SELECT, CROP = "select", "crop"


@dataclass(frozen=True)
class Tool:
    """A tool.

    Attributes:
        id: `SELECT`, `CROP` or the id of a kind of mark.
        icon: its name in the icon set.
        label: in English; translated by `label_of`.
        key: a letter that chooses it.
    """

    id: str
    icon: str
    label: str
    key: str


TOOLS: tuple[Tool, ...] = (
    Tool(SELECT, "mouse-pointer-2", "Select and move", "V"),
    Tool(CROP, "crop", "Crop", "C"),
    *(Tool(kind.id, kind.icon, kind.label, kind.key) for kind in KINDS.values()),
)


def label_of(tool: Tool) -> str:
    """As people read it."""
    return QCoreApplication.translate("Annotations", tool.label)
