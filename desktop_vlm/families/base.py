"""What a model family has to say of itself: one `Family` object, made in the family's folder.

`docs/families.md` tells how a family is added; `families/registry.py` is the only list of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from desktop_vlm.runtime.chat_format import ChatFormat, Turn
from desktop_vlm.runtime.gate.file import check_file
from desktop_vlm.runtime.ggml.gguf_header import GgufHeader
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile
from desktop_vlm.runtime.memory import ModelShape
from desktop_vlm.runtime.sampling import SamplingOptions
from desktop_vlm.runtime.text_model import TextModel
from desktop_vlm.runtime.vision_runner import VisionProjector

_QUOTING_PARAMETERS = 1_000_000_000
"""Of the language model. The demo's 135 million copy quoted lines badly; larger ones were not measured here."""

_LAYER_BIAS = re.compile(r"mm\.(\d+)\.bias")


@dataclass(frozen=True)
class ModelHeaders:
    """What the files of a model say before their weights.

    Attributes:
        text: of the language model; empty where ggml cannot read it, which loading the file will tell.
        mmproj: of the vision projector; None for text only.
    """

    text: GgufHeader
    mmproj: GgufHeader | None = None


@dataclass(frozen=True)
class KnownModel:
    """A model that people use, known without its files.

    Attributes:
        name: what it is called, with the types of its weights.
        shape: how large it is.
    """

    name: str
    shape: ModelShape


class Family(Protocol):
    """A model family. Inherit from it: what most families need not change is there.

    Attributes:
        name: short, lower case; `Capabilities.family` of its models.
        chat_formats: how its models were trained to see a conversation, the likeliest first. They also serve language
            models of other files whose vocabulary has their control tokens.
        sampling: how answers are sampled unless asked otherwise.
    """

    name: str
    chat_formats: tuple[ChatFormat, ...] = ()
    sampling: SamplingOptions = SamplingOptions()

    def recognises(self, headers: ModelHeaders) -> bool:
        """Whether these files are a model of this family; decided by their headers, never by file names."""
        ...

    def open_projector(self, path: Path) -> VisionProjector:
        """Read the header of the mmproj file `path`, which `recognises` agreed to, and check it.

        Raises:
            UserError: the file is damaged, or not one that this family can run.
        """
        ...

    def check_projector(self, file: GgufFile) -> None:
        """The gate for an mmproj that `recognises` agreed to: check by its header that it can be run.

        Raises:
            UserError: it cannot; the sentence names the file and the field.
        """
        check_file(file)

    def misfit(self, text: GgufFile, mmproj: GgufFile) -> str:
        """Why a language model does not belong to a vision projector that `recognises` agreed to, going by headers.

        It stands after a colon in a sentence about the two, in this order; empty where nothing speaks against them.
        """
        width = text.value(f"{text.architecture}.embedding_length")
        made_for = _output_width(mmproj)
        if made_for is None or width == made_for:
            return ""
        return f"the first has rows of {width} values, the second is made for {made_for}"

    def chat_format(self, text: TextModel) -> ChatFormat | None:  # noqa: ARG002
        """The format of one language model, where its control tokens alone do not tell; asked before all others."""
        return None

    def judges_safety(self, text: TextModel) -> bool:  # noqa: ARG002
        """Whether this very model judges conversations (`Capabilities.judges_safety`)."""
        return False

    def uses_quoted_text(self, text: TextModel) -> bool:
        """Whether this very model makes use of text that is quoted to it (`Capabilities.uses_quoted_text`)."""
        return text.n_parameters >= _QUOTING_PARAMETERS and not self.judges_safety(text)

    def arrange(self, turns: Sequence[Turn]) -> Sequence[Turn]:
        """A conversation in the order that the models were trained on; as it is, for most."""
        return turns

    def known_models(self) -> Sequence[KnownModel]:
        """Models that `doctor` tells the needs of."""
        return ()

    def published_shape(self, name: str, text_type: str, vision_type: str) -> ModelShape | None:  # noqa: ARG002
        """How large a published model is in these types; None where the family does not know the `name`.

        Raises:
            UserError: there is no such type.
        """
        return None


def _output_width(mmproj: GgufFile) -> int | None:
    """Values of the rows that a projector gives the language model; None where its layers have other names."""
    biases = [_LAYER_BIAS.fullmatch(name) for name in mmproj.tensors]
    last = max((int(found[1]) for found in biases if found), default=None)
    return None if last is None else mmproj.tensors[f"mm.{last}.bias"].shape[0]
