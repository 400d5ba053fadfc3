"""The text of a part of an answer, without its widget."""

from __future__ import annotations

from desktop_vlm.markdown.blocks import Code, Formula, Grid, Table
from desktop_vlm.ui.markdown.chunks import Group


def group_text(group: Group) -> str:
    """What a part shows, as plain text, a line for each paragraph or cell."""
    if isinstance(group, Code):
        return group.text
    if isinstance(group, Grid):
        return group.source
    if isinstance(group, Formula):
        return group.latex
    if isinstance(group, Table):
        cells = [cell for row in (group.header, *group.rows) for cell in row]
        return "\n".join("".join(span.text for span in cell.spans) for cell in cells)
    return "\n".join("".join(span.text for span in leaf.spans) for leaf in group)
