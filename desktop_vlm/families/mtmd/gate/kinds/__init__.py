"""The tensors of each kind of projector that is known well; a module a graph of libmtmd's.

Others are checked by what all encoders share (types, settings, blocks that are alike), and what their graphs assert.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from desktop_vlm.families.mtmd.gate.kinds import mlp, others, qwen_vl, rope_2d, siglip
from desktop_vlm.families.mtmd.gate.settings import EncoderSettings
from desktop_vlm.runtime.gate.tables import Rule
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile

TensorRules = Callable[[EncoderSettings, GgufFile], Iterable[Rule]]
"""The rules for the tensors of one kind of projector; may raise UserError where settings do not go together."""

_KINDS: dict[str, TensorRules] = {
    "mlp": mlp.tensor_rules,
    "pixtral": rope_2d.tensor_rules,
    "lightonocr": rope_2d.tensor_rules,
    "qwen2vl_merger": qwen_vl.tensor_rules,
    "qwen2.5vl_merger": qwen_vl.tensor_rules,
    "qwen2.5o": qwen_vl.tensor_rules,
    "gemma3": siglip.averaged_rules,
    **dict.fromkeys(("idefics3", "lfm2", "janus_pro", "phi4", "internvl"), siglip.plain_rules),
}
"""By `clip.projector_type`."""


def rules_of(kind: str) -> TensorRules:
    """The rules for a kind of projector."""
    return _KINDS.get(kind, others.tensor_rules)
