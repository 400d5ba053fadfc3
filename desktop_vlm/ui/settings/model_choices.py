"""Which models there are to choose from, and what to say about each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.models.demo import demo_model
from desktop_vlm.models.files import find_model
from desktop_vlm.system.bounded.files import open_regular

DEMO = ""
"""How `ModelSettings.text` names the bundled demo."""


@dataclass(frozen=True)
class ModelChoice:
    """A model on this computer.

    Attributes:
        text: path of the text GGUF; "" for the demo.
        text_bytes, vision_bytes: sizes of the files; 0 for one that is not there.
        problem: why it cannot be loaded; "" when it can.
    """

    text: str
    text_bytes: int = 0
    vision_bytes: int = 0
    problem: str = ""

    @property
    def sees(self) -> bool:
        return self.vision_bytes > 0


def choice_of(text: str, mmproj: str = "", problems: Mapping[str, str] | None = None) -> ModelChoice:
    """What there is to say about one model; `problems` are those of models that were looked into."""
    if text and (known := (problems or {}).get(text, "")):
        return ModelChoice(text, problem=known)
    try:
        if text == DEMO:
            files: tuple[Path, Path | None] = demo_model()
        else:
            files = find_model(Path(text), Path(mmproj) if mmproj else None)
        _check_kind(files[0])
        vision = files[1].stat().st_size if files[1] else 0
        return ModelChoice(text, files[0].stat().st_size, vision)
    except UserError as error:
        # The sentences are the command line's too; here the option has a button instead.
        return ModelChoice(
            text, problem=str(error).replace(" with --mmproj", " below").replace(" with --model", " below")
        )
    except OSError as error:
        return ModelChoice(text, problem=f"{error.filename or text} cannot be read: {error.strerror}.")


def _check_kind(file: Path) -> None:
    """Raises UserError: the file does not begin as a GGUF file does."""
    with open_regular(file) as opened:
        if opened.read(4) != b"GGUF":
            raise UserError(f"{file.name} is no GGUF file, or damaged; choose another.")


def models_in(folder: Path) -> list[str]:
    """Paths of the text GGUFs in a folder and the folders within it."""
    found = []
    for path in sorted(folder.rglob("*.gguf")) if folder.is_dir() else []:
        try:
            find_model(path)
        except UserError:
            if "mmproj" in path.name.lower():
                continue  # a vision projector, not a language model whose projector is in doubt
        found.append(str(path))
    return found


def all_choices(
    chosen: str, recent: Iterable[str], folder: Path, problems: Mapping[str, str] | None = None
) -> list[ModelChoice]:
    """The demo, the chosen one, those used lately that still exist, and those in the folder, seeing ones first."""
    lately = [text for text in recent if text and Path(text).exists()]
    first = dict.fromkeys([DEMO, *([chosen] if chosen else []), *lately])
    others = [choice_of(text, problems=problems) for text in models_in(folder) if text not in first]
    return [*(choice_of(text, problems=problems) for text in first), *sorted(others, key=lambda one: not one.sees)]
