"""The settings of an mmproj: of the type that libmtmd reads them as, and within bounds that make sense.

`clip_model_loader` reads a number by a function that ends the process where the file has another type.
"""

from __future__ import annotations

from dataclasses import dataclass

from gguf import GGUFValueType as ValueType

from desktop_vlm.runtime.gate.refusal import fields_of
from desktop_vlm.runtime.ggml.gguf_fields import Fields
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile

_VISION = "clip.vision."
_MAX_IMAGE = 8192
_MAX_WIDTH = 1 << 17
_MAX_PIXELS = 1 << 28
_MAX_PINPOINTS = 256
_LEAST_STD, _MOST_STD = 1e-4, 1e4
_ENCODER_FREE = frozenset({"gemma4uv"})
"""Kinds whose language model takes the patches as they are."""

_BOOLEANS = """clip.has_vision_encoder clip.has_audio_encoder clip.has_gen_audio_encoder clip.use_gelu clip.use_silu"""
_TEXTS = """general.name general.description clip.projector_type clip.vision.projector_type clip.audio.projector_type
clip.gen.audio.projector_type clip.gen.audio.model_variant clip.vision.mm_patch_merge_type"""
_WHOLE = """embedding_length feed_forward_length block_count projection_dim attention.head_count attention.head_count_kv
attention.head_dim image_size image_min_pixels image_max_pixels preproc_min_tiles preproc_max_tiles preproc_image_size
patch_size projector.scale_factor projector.query_side projector.window_side spatial_merge_size n_wa_pattern window_size
sam.head_count sam.block_count sam.embedding_length expert_used_count num_mel_bins projector.stack_factor chunk_size
conv_kernel_size max_pos_emb projector.window_size projector.downsample_rate projector.head_count rvq.num_quantizers
local_block_count local_group_size subsampling_factor"""
_REAL = "attention.layer_norm_epsilon swiglu_clamp"
_ENCODERS = ("vision", "audio", "gen.audio")

_TYPES: dict[ValueType, frozenset[str]] = {
    ValueType.BOOL: frozenset(_BOOLEANS.split()),
    ValueType.STRING: frozenset(_TEXTS.split()),
    ValueType.INT32: frozenset({"clip.minicpmv_version"}),
    ValueType.FLOAT32: frozenset(f"clip.{of}.{name}" for of in _ENCODERS for name in _REAL.split()),
    ValueType.UINT32: frozenset(
        ["clip.minicpmv_query_num", *(f"clip.{of}.{name}" for of in _ENCODERS for name in _WHOLE.split())]
    ),
}
"""Of each setting that libmtmd reads (`KEY_*` in clip-impl.h); it reads lists with a check of its own."""

_BOUNDS: dict[str, tuple[int, int]] = {
    "projector.scale_factor": (1, 64),
    "spatial_merge_size": (1, 64),
    "preproc_image_size": (1, _MAX_IMAGE * 2),
    "preproc_min_tiles": (0, 256),
    "preproc_max_tiles": (1, 256),
    "image_min_pixels": (1, _MAX_PIXELS),
    "image_max_pixels": (1, _MAX_PIXELS),
    "window_size": (1, 4096),
    "n_wa_pattern": (0, 1024),
    "projector.query_side": (1, 256),
    "projector.window_side": (1, 256),
    "sam.block_count": (1, 512),
    "sam.head_count": (1, 1024),
    "sam.embedding_length": (1, _MAX_WIDTH),
    "expert_used_count": (1, 1024),
}


@dataclass(frozen=True)
class EncoderSettings:
    """The numbers that the tensors' shapes follow from.

    Attributes:
        kind: of the projector.
        width: of a patch's state.
        head_length: numbers in a head.
        feed_forward: inner width of a block's second half, as the file says it: 0 in old ones.
        image_size: side of an image in pixels; 0 where any size goes.
        merge: patches that become one token, in each direction.
        projection: `projection_dim`, as the file says it.
    """

    kind: str
    n_layers: int
    width: int
    n_heads: int
    n_kv_heads: int
    head_length: int
    feed_forward: int
    image_size: int
    patch_size: int
    merge: int
    projection: int

    @property
    def n_patches(self) -> int:
        """Of an image of the size that the file says."""
        return (self.image_size // self.patch_size) ** 2


def projector_type(file: GgufFile) -> str:
    """Which kind of vision projector a file says it is."""
    for key in ("clip.projector_type", "clip.vision.projector_type"):
        value = file.value(key)
        if isinstance(value, str) and value:
            return value
    return ""


def read_encoder_settings(file: GgufFile) -> EncoderSettings:
    """The settings of the vision encoder.

    Raises:
        UserError: one is missing, of another type or makes no encoder; the sentence names it.
    """
    fields, kind = fields_of(file), projector_type(file)
    _check_bounds(fields)
    _check_colors(fields)
    _check_lists(fields)
    least = 0 if kind in _ENCODER_FREE else 1
    width = fields.integer(f"{_VISION}embedding_length", most=_MAX_WIDTH)
    n_heads = fields.integer(f"{_VISION}attention.head_count", least=least, most=1024)
    n_kv_heads = fields.integer(f"{_VISION}attention.head_count_kv", n_heads, least=least, most=1024)
    head_key = f"{_VISION}attention.head_dim"
    if n_heads and width % n_heads and not fields.has(head_key):
        raise fields.bad(f"{_VISION}attention.head_count", f"a divisor of {width} (embedding_length)")
    if n_heads and (not n_kv_heads or n_heads % n_kv_heads):
        raise fields.bad(f"{_VISION}attention.head_count_kv", f"a divisor of {n_heads} (attention.head_count)")
    fields.number(f"{_VISION}attention.layer_norm_epsilon", above=-1.0 if least == 0 else 0.0)
    image_size = fields.integer(f"{_VISION}image_size", least=0, most=_MAX_IMAGE)
    patch_size = fields.integer(f"{_VISION}patch_size", most=max(1, image_size or _MAX_IMAGE))
    return EncoderSettings(
        kind,
        fields.integer(f"{_VISION}block_count", least=least, most=512),
        width,
        n_heads,
        n_kv_heads,
        fields.integer(head_key, max(1, width // max(1, n_heads)), least=0, most=4096) or width // max(1, n_heads),
        fields.integer(f"{_VISION}feed_forward_length", least=0, most=_MAX_WIDTH),
        image_size,
        patch_size,
        fields.integer(f"{_VISION}spatial_merge_size", 1),
        fields.integer(f"{_VISION}projection_dim", least=0, most=_MAX_WIDTH),
    )


def check_setting_types(file: GgufFile) -> None:
    """Check that settings are of the types that libmtmd reads them as.

    Raises:
        UserError: one is not.
    """
    fields = fields_of(file)
    for kind, keys in _TYPES.items():
        for key in keys & file.settings.keys():
            if file.settings[key].type is not kind:
                raise fields.bad(key, f"of the type {kind.name.lower()}")


def _check_bounds(fields: Fields) -> None:
    for name, (least, most) in _BOUNDS.items():
        if fields.has(key := f"{_VISION}{name}"):
            fields.integer(key, least=least, most=most)
    for low, high in (("image_min_pixels", "image_max_pixels"), ("preproc_min_tiles", "preproc_max_tiles")):
        keys = f"{_VISION}{low}", f"{_VISION}{high}"
        if all(map(fields.has, keys)) and fields.value(keys[0]) > fields.value(keys[1]):
            raise fields.bad(keys[0], f"no more than {keys[1]} ({fields.value(keys[1])})")


def _check_colors(fields: Fields) -> None:
    for name in ("image_mean", "image_std"):
        key = f"{_VISION}{name}"
        values = fields.numbers(key, length=3)
        if fields.file.settings[key].item_type is not ValueType.FLOAT32:
            raise fields.bad(key, "a list of 3 numbers in single precision")
        if name == "image_std" and not all(_LEAST_STD < value < _MOST_STD for value in values):
            raise fields.bad(key, f"between {_LEAST_STD:g} and {_MOST_STD:g} for each color")
        if name == "image_mean" and not all(0 <= value <= 1 for value in values):
            raise fields.bad(key, "from 0 to 1 for each color")


def _check_lists(fields: Fields) -> None:
    key = f"{_VISION}image_grid_pinpoints"
    if fields.has(key):
        sides = fields.integers(key, least=1, most=_MAX_IMAGE)
        if len(sides) % 2 or len(sides) > _MAX_PINPOINTS:
            raise fields.bad(key, "pairs of sides")
    n_layers = f"{_VISION}block_count"
    for name in ("feature_layer", "wa_layer_indexes"):
        if fields.has(key := f"{_VISION}{name}"):
            fields.integers(key, least=-1, most=fields.integer(n_layers, least=0))
