"""What comes of one damaged model: it is refused in a sentence, answers, or something that must not be."""

from __future__ import annotations

import re
import traceback
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from desktop_vlm import backend
from desktop_vlm.api.errors import EngineError, UserError
from desktop_vlm.api.options import ModelRef
from desktop_vlm.families.gate import admit

_N_CTX = 192
_FIELD = re.compile(
    r"""[\w-]+\.[\w.-]+\.?\w* | `[^`]*` | setting | tensor | GGUF | empty | architecture | projector | vocabulary
    | width | heads | layers | tokens | bytes""",
    re.VERBOSE,
)


_NOT_THE_FILES = ("takes longer than 5 seconds", "tokens but the context holds")
"""What is true of a good file as well: the machine has other work, or an image is larger than this small context."""


@dataclass(frozen=True)
class Outcome:
    """How it went.

    Attributes:
        kind: `refused`, `answered`, `admitted` (by the gate, and not loaded), or `limited` (by something else than the
            file). What must not be: `engine` (a failure that is not said to be the file's), `traceback`, `signal`,
            `hang`, or `unclear` (a sentence that names no file or no field).
        what: the sentence, the last lines of the traceback, or the number of the signal.
    """

    kind: str
    what: str = ""

    @property
    def is_good(self) -> bool:
        """Whether this may come of a damaged file."""
        return self.kind in ("refused", "answered", "admitted", "limited")


def pass_gate(text: Path, mmproj: Path, damaged: Path) -> Outcome | None:
    """The first step of a load, all in Python; None where it lets the files through."""
    try:
        admit(ModelRef(text, mmproj))
    except UserError as error:
        return judge(str(error), damaged)
    except Exception:  # noqa: BLE001 - that is what is looked for
        return Outcome("traceback", traceback.format_exc()[-700:])
    return None


def load_and_ask(text: Path, mmproj: Path, damaged: Path) -> Outcome:
    """Load a model and ask about an image, the way that the program does."""
    try:
        with backend.load(text, mmproj, n_ctx=_N_CTX, n_threads=1) as model:
            image = Image.linear_gradient("L").convert("RGB").resize((70, 50))
            question = [{"type": "text", "text": "What? é"}, {"type": "image", "image": image}]
            list(model.chat([{"role": "user", "content": question}], max_tokens=2))
    except UserError as error:
        return judge(str(error), damaged)
    except EngineError as error:
        return Outcome("engine", str(error))
    except Exception:  # noqa: BLE001 - that is what is looked for
        return Outcome("traceback", traceback.format_exc()[-700:])
    return Outcome("answered")


def judge(sentence: str, damaged: Path) -> Outcome:
    """A refusal is one line, with the file and a field."""
    if any(part in sentence for part in _NOT_THE_FILES):
        return Outcome("limited", sentence)
    names_file = damaged.name in sentence
    without = sentence.replace(str(damaged), "").replace(damaged.name, "")
    is_clear = names_file and "\n" not in sentence and _FIELD.search(without)
    return Outcome("refused" if is_clear else "unclear", sentence)
