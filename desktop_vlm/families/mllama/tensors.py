"""The types of the mmproj's tensors, and the shapes of those whose inner width the settings leave open."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from desktop_vlm.runtime.gate.refusal import refused
from desktop_vlm.runtime.gate.tables import Rule, exact
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile, TensorPlace

EXTRA_ROWS = "token_embd.extra.weight"


def tensor_rules(file: GgufFile, shapes: Mapping[str, tuple[int, ...]], width: int, text_width: int) -> Iterator[Rule]:
    """The rules for all tensors that the engine reads.

    Args:
        file: the mmproj.
        shapes: of the tensors whose shapes follow from the settings.
        width: of the vision encoder.
        text_width: of the language model.
    """
    for name, shape in shapes.items():
        yield exact(name, *shape) if len(shape) == 1 else Rule(name, shape)
    for block in dict.fromkeys(name.rsplit(".ffn_norm.", 1)[0] for name in shapes if ".ffn_norm." in name):
        inner = _inner_width(file.tensors.get(f"{block}.ffn_up.weight"))
        outer = width if block.startswith("v.") else text_width
        yield Rule(f"{block}.ffn_up.weight", (outer, inner))
        yield Rule(f"{block}.ffn_down.weight", (inner, outer))
        if block.startswith("v."):
            yield exact(f"{block}.ffn_up.bias", inner)
            yield exact(f"{block}.ffn_down.bias", outer)
        else:
            yield Rule(f"{block}.ffn_gate.weight", (outer, inner))
    yield Rule(EXTRA_ROWS, (text_width, None))


def check_known(file: GgufFile, rules: Iterable[Rule]) -> None:
    """Check that the encoder and the layers have no other tensors: what is read is laid out by what is there.

    Raises:
        UserError: there is one.
    """
    known = {rule.name for rule in rules}
    for name in file.tensors:
        if name.startswith(("v.", "mm.", "blk.")) and name not in known:
            raise refused(file, f"the tensor {name} belongs to no layer that the settings tell of")


def _inner_width(place: TensorPlace | None) -> int:
    return place.shape[1] if place and len(place.shape) > 1 else 1
