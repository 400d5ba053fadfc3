"""Whether the engine runs files as they are, going by their headers."""

from __future__ import annotations

from gguf import MODEL_ARCH_NAMES

from desktop_vlm.acquire.gguf_pairs import Pair
from desktop_vlm.api.errors import UserError
from desktop_vlm.families.gate import check_headers
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile

_KNOWN = frozenset(MODEL_ARCH_NAMES.values())


def check_usable(pair: Pair) -> str:
    """The family that the files belong to.

    Raises:
        UserError: the engine cannot run them; the sentence says why and what to do.
    """
    _check_language_model(pair.model)
    family, _ = check_headers(pair.model, pair.projector)
    return family.name


def _check_language_model(file: GgufFile) -> None:
    name, kind = file.path.name, file.architecture
    if not kind:
        raise UserError(f"{name} does not say which kind of model it is (general.architecture); get the file again.")
    if kind == "clip":
        raise UserError(f"{name} is a vision projector alone; give the language model that it was made with.")
    if any(tensor.startswith(("v.", "mm.", "a.")) for tensor in file.tensors):
        raise UserError(
            f"{name} has the vision encoder inside the language model's file, as only Ollama's own engine reads it "
            f"({kind}); get the model as a pair of GGUF files (a text GGUF and an mmproj) instead."
        )
    if kind not in _KNOWN:
        raise UserError(f"{name} is a model of the kind {kind}, which llama.cpp does not run.")
    if file.value(f"{kind}.pooling_type") not in (None, 0):
        raise UserError(f"{name} makes embeddings of texts ({kind}) and does not answer; choose a model that chats.")
