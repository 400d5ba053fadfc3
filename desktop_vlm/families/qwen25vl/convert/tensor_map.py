"""What every tensor of Qwen2.5-VL's encoder becomes in the mmproj file; names there are libmtmd's."""

from __future__ import annotations

from collections.abc import Iterator

from desktop_vlm.conversion.tensor_map import GgufTensor, Role, Slices, biased, vector
from desktop_vlm.conversion.tensor_names import TensorNames
from desktop_vlm.families.qwen25vl.convert.config import QwenConfig

NAMES = TensorNames(
    (
        {"model.visual.": "visual.", "model.language_model.": "model."},  # since transformers 4.52
        {"language_model.model.": "model.", "language_model.lm_head.": "lm_head."},
    )
)
_FRAMES = 2


def mmproj_tensors(config: QwenConfig) -> list[GgufTensor]:
    """The encoder and the layers that merge patches."""
    vision = config.vision
    tensors = [*_patches(config)]
    for number in range(vision.n_layers):
        tensors += _layer(config, number)
    merged = config.merged_width
    return [
        *tensors,
        vector("v.post_ln.weight", "visual.merger.ln_q.weight", vision.width),
        *biased("mm.0", "visual.merger.mlp.0", merged, merged),
        *biased("mm.2", "visual.merger.mlp.2", vision.output_width, merged),
    ]


def _patches(config: QwenConfig) -> Iterator[GgufTensor]:
    """The convolution over two frames as two over one, since an image is shown as both."""
    width, patch = config.vision.width, config.vision.patch_px
    shape, source_shape = (width, 3, patch, patch), (width, 3, _FRAMES, patch, patch)
    for frame, name in enumerate(("v.patch_embd.weight", "v.patch_embd.weight.1")):
        yield GgufTensor(
            name,
            shape,
            Role.PATCHES,
            "visual.patch_embed.proj.weight",
            source_shape,
            slices=Slices(_FRAMES, frame, patch),
        )


def _layer(config: QwenConfig, number: int) -> Iterator[GgufTensor]:
    width, ffn_width = config.vision.width, config.vision.ffn_width
    name, source = f"v.blk.{number}", f"visual.blocks.{number}"
    for part, norm in (("ln1", "norm1"), ("ln2", "norm2")):
        yield vector(f"{name}.{part}.weight", f"{source}.{norm}.weight", width)
    for third, part in enumerate("qkv"):
        weight, bias = f"{source}.attn.qkv.weight", f"{source}.attn.qkv.bias"
        key = f"{name}.attn_{part}"
        yield GgufTensor(f"{key}.weight", (width, width), Role.LINEAR, weight, (3 * width, width), third * width)
        yield GgufTensor(f"{key}.bias", (width,), Role.EXACT, bias, (3 * width,), third)
    yield from biased(f"{name}.attn_out", f"{source}.attn.proj", width, width)
    for part in ("gate", "up"):
        yield from biased(f"{name}.ffn_{part}", f"{source}.mlp.{part}_proj", ffn_width, width)
    # Its inputs grow beyond what F16 holds at some image sizes (llama.cpp#17534).
    yield from biased(f"{name}.ffn_down", f"{source}.mlp.down_proj", width, ffn_width, Role.NO_F16)


def not_used(config: QwenConfig) -> frozenset[str]:
    """Names of tensors that may be there and go nowhere."""
    return frozenset({f"{config.decoder.names.head}.weight"} if config.decoder.is_tied else ())
