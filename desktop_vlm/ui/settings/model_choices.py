"""Which models there are to choose from, and what to say about each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.models.demo import demo_model
from desktop_vlm.models.files import find_model

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


def choice_of(text: str, mmproj: str = "") -> ModelChoice:
    """What there is to say about one model."""
    try:
        if text == DEMO:
            files: tuple[Path, Path | None] = demo_model()
        else:
            files = find_model(Path(text), Path(mmproj) if mmproj else None)
        vision = files[1].stat().st_size if files[1] else 0
        return ModelChoice(text, files[0].stat().st_size, vision)
    except UserError as error:
        # The sentences are the command line's too; here the option has a button instead.
        return ModelChoice(
            text, problem=str(error).replace(" with --mmproj", " below").replace(" with --model", " below")
        )
    except OSError as error:
        return ModelChoice(text, problem=f"{error.filename or text} cannot be read: {error.strerror}.")


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


def all_choices(chosen: str, recent: Iterable[str], folder: Path) -> list[ModelChoice]:
    """The demo, the chosen one, those used lately that still exist, and those in the folder, seeing ones first."""
    lately = [text for text in recent if text and Path(text).exists()]
    first = dict.fromkeys([DEMO, *([chosen] if chosen else []), *lately])
    others = [choice_of(text) for text in models_in(folder) if text not in first]
    return [*(choice_of(text) for text in first), *sorted(others, key=lambda one: not one.sees)]
