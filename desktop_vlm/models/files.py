"""Finding the two files of a model on disk."""

from __future__ import annotations

import re
from pathlib import Path

from desktop_vlm.api.errors import UserError

_MMPROJ = re.compile(r"mmproj(?!.*-text-)", re.IGNORECASE)


def find_model(model: Path, mmproj: Path | None = None) -> tuple[Path, Path | None]:
    """The text GGUF and the projector that `model` names; None where there is no projector.

    Args:
        model: a text GGUF, whose projector lies beside it, or a folder with one of each.
        mmproj: the projector, when it does not lie beside the text file.

    Raises:
        UserError: there is nothing there, or more than one file that could be meant.
    """
    text = _text_in(model) if model.is_dir() else model
    if not text.exists():
        raise UserError(f"There is no model {model}; check the path.")
    if mmproj is not None:
        return text, mmproj
    if _MMPROJ.search(text.name):
        raise UserError(f"{text.name} is the vision projector; give the text GGUF that was made with it.")
    return text, _mmproj_beside(text)


def _text_in(folder: Path) -> Path:
    texts = [path for path in sorted(folder.glob("*.gguf")) if not _MMPROJ.search(path.name)]
    if len(texts) != 1:
        found = "no text GGUF" if not texts else f"{len(texts)} text GGUFs ({', '.join(path.name for path in texts)})"
        raise UserError(f"The folder {folder} holds {found}; name the file that you mean.")
    return texts[0]


def _mmproj_beside(text: Path) -> Path | None:
    """The only projector in the folder, or the one whose name starts like the text file's."""
    candidates = [path for path in sorted(text.parent.glob("*.gguf")) if _MMPROJ.search(path.name)]
    related = [path for path in candidates if name_stem(path) == name_stem(text)]
    chosen = related or candidates
    if len(chosen) > 1:
        names = ", ".join(path.name for path in chosen)
        raise UserError(f"There are several vision projectors beside {text.name} ({names}); choose one with --mmproj.")
    return chosen[0] if chosen else None


def name_stem(path: Path) -> str:
    """The model's name: what stands before `-text-` or `-mmproj-` and the type."""
    return re.split(r"-(?:text|mmproj)\b", path.stem, maxsplit=1)[0]
