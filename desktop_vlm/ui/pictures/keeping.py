"""A picture of a question into the history, with what it was made from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from desktop_vlm.history.details import POINTERS
from desktop_vlm.history.records import PictureEdit
from desktop_vlm.history.store import History
from desktop_vlm.images.pointing import Pointer, kept_pointers
from desktop_vlm.ui.pictures.intake import Edit, NewPicture


def keep_picture(history: History, picture: NewPicture) -> str:
    """Keep it, in the history's thread; its SHA-256."""
    sha256 = history.add_picture(picture.data, name=picture.name, width=picture.width, height=picture.height)
    if picture.edit is not None:
        original = keep_picture(history, picture.edit.original)
        history.edits.keep(sha256, PictureEdit(original, picture.edit.document))
    return sha256


def kept_picture(
    history: History, sha256: str, name: str, width: int, height: int, pointers: Sequence[Pointer] = ()
) -> NewPicture:
    """A kept picture for a question that is written again, with what it was made from. Raises UserError."""
    edit = edit_in(history, sha256, name)
    return NewPicture(history.picture(sha256), name, width, height, edit=edit, pointers=tuple(pointers))


def pointers_in(details: Mapping[str, Any]) -> dict[str, tuple[Pointer, ...]]:
    """SHA-256 of a picture -> where a question points at in it, from its details."""
    return kept_pointers(details.get(POINTERS) or {})


def pointer_details(pictures: Iterable[NewPicture]) -> dict[str, Any]:
    """Details to keep with a question: where it points at in its pictures; nothing where it does not."""
    found = {one.sha256: [pointer.as_json() for pointer in one.pointers] for one in pictures if one.pointers}
    return {POINTERS: found} if found else {}


def edit_in(history: History, sha256: str, name: str) -> Edit | None:
    """What a kept picture was made from, as it was before it was kept; None for an original."""
    found = history.edits.of(sha256)
    if found is None:
        return None
    return Edit(NewPicture(history.picture(found.original), name, found.width, found.height), found.document)
