"""Where a file of a folder really lies: an archive of strangers can hold links to what is none of its business."""

from __future__ import annotations

from pathlib import Path

from desktop_vlm.api.errors import UserError


def check_belongs(path: Path) -> None:
    """Refuse a link that leads from a folder to another file outside of it.

    What people and programs make on purpose stays: links within the folder, links to a file of the same name, and the
    hub's cache, in which files are links to `blobs`.

    Raises:
        UserError: it is such a link.
    """
    if not path.is_symlink() or not path.is_file():
        return  # readers refuse what leads to no ordinary file
    target = path.resolve()
    is_inside = target.is_relative_to(path.parent.resolve())
    if is_inside or target.name == path.name or target.parent.name == "blobs":
        return
    raise UserError(f"{path} is a link to another file outside of its folder, {target}: put a copy in its place.")
