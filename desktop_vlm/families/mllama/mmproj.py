"""The vision projector file: its settings, its table of tensors, and reading their bytes.

The file (`general.architecture = clip`, `clip.projector_type = mllama`) holds the vision encoder, the
projector and the cross-attention layers; `docs/mmproj.md` lists every key and tensor.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from gguf import GGMLQuantizationType as GgmlType
from gguf.quants import dequantize
from numpy.typing import NDArray

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.image_sizing import supported_aspect_ratios
from desktop_vlm.families.mllama.image_processor import ImageProcessorConfig
from desktop_vlm.families.mllama.tensors import check_known, tensor_rules
from desktop_vlm.runtime.gate.tables import check_table
from desktop_vlm.runtime.ggml.device import Backend
from desktop_vlm.runtime.ggml.gguf_fields import Fields
from desktop_vlm.runtime.ggml.gguf_header import check_is_gguf
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile, read_gguf
from desktop_vlm.runtime.ggml.graph import ACTIVATIONS, Tensor, TensorStore, set_tensor

TILE_POSITIONS = "v.tile_position_embd.weight"
"""Of every token of every tile, for each aspect ratio; or in `compact_shape`."""

_UPLOAD_BYTES = 32 << 20


@dataclass(frozen=True)
class VisionEncoderConfig:
    """Shape of the vision encoder; the names are those of a checkpoint's `vision_config`."""

    hidden_size: int
    num_attention_heads: int
    num_hidden_layers: int
    num_global_layers: int
    intermediate_layers_indices: tuple[int, ...]
    norm_eps: float
    hidden_act: str
    image_size: int
    patch_size: int
    num_channels: int
    max_num_tiles: int

    @property
    def patches_per_tile(self) -> int:
        return (self.image_size // self.patch_size) ** 2

    @property
    def tokens_per_tile(self) -> int:
        """Patches and the class token."""
        return self.patches_per_tile + 1

    @property
    def padding_per_tile(self) -> int:
        """Empty tokens that fill a tile up to a multiple of eight."""
        return -self.tokens_per_tile % 8

    @property
    def n_tokens(self) -> int:
        """Tokens of all tiles, without padding."""
        return self.max_num_tiles * self.tokens_per_tile

    @property
    def n_all(self) -> int:
        """Tokens of all tiles, padding included."""
        return self.max_num_tiles * (self.tokens_per_tile + self.padding_per_tile)

    @property
    def head_dim(self) -> int:
        return self.hidden_size // self.num_attention_heads


@dataclass(frozen=True)
class CrossAttentionConfig:
    """Shape of the cross-attention layers; the names are those of a checkpoint's `text_config`."""

    hidden_size: int
    num_attention_heads: int
    num_key_value_heads: int
    rms_norm_eps: float
    cross_attention_layers: tuple[int, ...]
    num_self_attention_layers: int

    @property
    def head_dim(self) -> int:
        return self.hidden_size // self.num_attention_heads


@dataclass(frozen=True)
class TensorInfo:
    """Where one tensor lies in the file; `shape` is in ggml's order."""

    ggml_type: GgmlType
    shape: tuple[int, ...]
    offset: int
    n_bytes: int


@dataclass(frozen=True)
class Mmproj:
    """An opened vision projector file: settings and tensor table, no weights in memory."""

    path: Path
    vision: VisionEncoderConfig
    cross_attention: CrossAttentionConfig
    image_processor: ImageProcessorConfig
    tensors: dict[str, TensorInfo]

    def read(self, name: str) -> NDArray[np.float32]:
        """A whole tensor as float32, in NumPy's order."""
        info = self.info(name)
        return self.read_row(name, 0, count=int(np.prod(info.shape[1:], dtype=np.int64))).reshape(info.shape[::-1])

    def read_row(self, name: str, row: int, count: int = 1) -> NDArray[np.float32]:
        """`count` rows from `row` on as float32 (count, row length)."""
        info = self.info(name)
        n_rows = int(np.prod(info.shape[1:], dtype=np.int64))
        row_bytes = info.n_bytes // n_rows
        with self.path.open("rb") as file:
            file.seek(info.offset + row * row_bytes)
            raw = np.frombuffer(file.read(count * row_bytes), dtype=np.uint8)
        if raw.nbytes != count * row_bytes:
            raise UserError(f"{self.path.name} ends inside the tensor {name}; convert or download it again.")
        if info.ggml_type == GgmlType.F32:
            return raw.view(np.float32).reshape(count, info.shape[0])
        values: NDArray[np.float32] = dequantize(raw.reshape(count, row_bytes), info.ggml_type)
        return values.astype(np.float32, copy=False)

    def load(self, name: str, destination: Tensor) -> None:
        """Copy a tensor's bytes into a placed tensor of the same type, a piece at a time."""
        info = self.info(name)
        with self.path.open("rb") as file:
            file.seek(info.offset)
            for start in range(0, info.n_bytes, _UPLOAD_BYTES):
                piece = file.read(min(_UPLOAD_BYTES, info.n_bytes - start))
                if not piece:
                    raise UserError(f"{self.path.name} ends inside the tensor {name}; convert or download it again.")
                set_tensor(destination, np.frombuffer(piece, dtype=np.uint8), start)

    def info(self, name: str) -> TensorInfo:
        """Where a tensor lies.

        Raises:
            UserError: the file has no such tensor.
        """
        try:
            return self.tensors[name]
        except KeyError:
            raise UserError(f"{self.path.name} has no tensor {name}; convert the checkpoint again.") from None


def load_weights(
    mmproj: Mmproj, names: Iterable[str], backend: Backend, on_bytes: Callable[[int], None] | None = None
) -> TensorStore:
    """Tensors of the file, under their names there, in one buffer of weights.

    Args:
        mmproj: the file.
        names: of the tensors.
        backend: where they go.
        on_bytes: given the size of each tensor that is there; may raise `Cancelled`.

    Raises:
        EngineError: the device has no room.
        UserError: the file lacks one of them, or ends early.
    """
    infos = {name: mmproj.info(name) for name in names}
    store = TensorStore(backend, {name: (info.ggml_type, info.shape) for name, info in infos.items()}, weights=True)
    try:
        for name, info in infos.items():
            mmproj.load(name, store[name])
            if on_bytes:
                on_bytes(info.n_bytes)
    except BaseException:
        store.close()
        raise
    return store


def open_mmproj(path: Path) -> Mmproj:
    """Read the settings and the tensor table of a vision projector file and check every shape.

    Raises:
        UserError: the file is missing, is not a GGUF, is cut off, or is no mllama projector.
    """
    check_is_gguf(path)
    return mmproj_of(read_gguf(path))


def mmproj_of(file: GgufFile) -> Mmproj:
    """`open_mmproj` of a file whose header was read.

    Raises:
        UserError: it is cut off, or no mllama projector.
    """
    path, fields = file.path, Fields(file, "convert the checkpoint again")
    if fields.text("general.architecture") != "clip":
        raise UserError(
            f"{path.name} holds a {fields.text('general.architecture')} model, not a vision projector; "
            "give the mmproj file here."
        )
    projector = fields.text("clip.projector_type")
    if projector != "mllama":
        raise UserError(f"{path.name} is a projector of type {projector}; this engine runs mllama projectors.")
    vision = _vision_config(fields)
    cross_attention = _cross_attention_config(fields)
    tensors = _tensor_table(file)
    mmproj = Mmproj(path, vision, cross_attention, _image_processor_config(fields, vision), tensors)
    shapes = expected_shapes(vision, cross_attention)
    if TILE_POSITIONS in tensors and tensors[TILE_POSITIONS].shape == compact_shape(vision):
        shapes[TILE_POSITIONS] = compact_shape(vision)
    _check_shapes(mmproj, shapes)
    rules = list(tensor_rules(file, shapes, vision.hidden_size, cross_attention.hidden_size))
    check_table(file, rules)
    check_known(file, rules)
    return mmproj


def _vision_config(fields: Fields) -> VisionEncoderConfig:
    n_layers = fields.integer("clip.vision.block_count", most=1024)
    config = VisionEncoderConfig(
        hidden_size=fields.integer("clip.vision.embedding_length"),
        num_attention_heads=fields.integer("clip.vision.attention.head_count"),
        num_hidden_layers=n_layers,
        num_global_layers=fields.integer("clip.vision.global_block_count", least=0, most=1024),
        intermediate_layers_indices=fields.integers(
            "clip.vision.intermediate_layers_indices", least=0, most=n_layers - 1
        ),
        norm_eps=fields.number("clip.vision.attention.layer_norm_epsilon"),
        hidden_act=fields.text("clip.vision.hidden_act"),
        image_size=fields.integer("clip.vision.image_size", most=1 << 14),
        patch_size=fields.integer("clip.vision.patch_size", most=1 << 14),
        num_channels=fields.integer("clip.vision.num_channels", least=3, most=3),
        max_num_tiles=fields.integer("clip.vision.max_num_tiles", most=64),
    )
    for key, good in (
        ("clip.vision.attention.head_count", config.hidden_size % config.num_attention_heads == 0),
        ("clip.vision.patch_size", config.image_size % config.patch_size == 0),
        ("clip.vision.hidden_act", config.hidden_act in ACTIVATIONS),
    ):
        if not good:
            raise fields.bad(key)
    return config


def _cross_attention_config(fields: Fields) -> CrossAttentionConfig:
    n_layers = fields.integer("mllama.block_count", most=4096)
    config = CrossAttentionConfig(
        hidden_size=fields.integer("mllama.embedding_length"),
        num_attention_heads=fields.integer("mllama.attention.head_count"),
        num_key_value_heads=fields.integer("mllama.attention.head_count_kv"),
        rms_norm_eps=fields.number("mllama.attention.layer_norm_rms_epsilon"),
        cross_attention_layers=fields.integers("mllama.cross_attention_layers", least=0, most=8192),
        num_self_attention_layers=n_layers,
    )
    layers = config.cross_attention_layers
    if list(layers) != sorted(set(layers)) or (layers and layers[-1] >= n_layers + len(layers)):
        raise fields.bad("mllama.cross_attention_layers")
    if config.hidden_size % config.num_attention_heads:
        raise fields.bad("mllama.attention.head_count")
    if config.num_attention_heads % config.num_key_value_heads:
        raise fields.bad("mllama.attention.head_count_kv")
    return config


def _image_processor_config(fields: Fields, vision: VisionEncoderConfig) -> ImageProcessorConfig:
    ratios = fields.integers("clip.vision.aspect_ratios", least=1, most=vision.max_num_tiles)
    if ratios != tuple(n for ratio in supported_aspect_ratios(vision.max_num_tiles) for n in ratio):
        raise fields.bad("clip.vision.aspect_ratios")
    mean = fields.numbers("clip.vision.image_mean", length=vision.num_channels)
    std = fields.numbers("clip.vision.image_std", length=vision.num_channels)
    if not all(value > 0 for value in std):
        raise fields.bad("clip.vision.image_std")
    return ImageProcessorConfig(vision.image_size, vision.max_num_tiles, mean, std)


def _tensor_table(file: GgufFile) -> dict[str, TensorInfo]:
    file.check_data()
    return {name: TensorInfo(at.type, at.shape, at.offset, at.n_bytes) for name, at in file.tensors.items()}


def _check_shapes(mmproj: Mmproj, shapes: dict[str, tuple[int, ...]]) -> None:
    for name, expected in shapes.items():
        found = mmproj.info(name).shape
        if found != expected and not (np.prod(expected) == 1 and np.prod(found) == 1):
            raise UserError(
                f"{mmproj.path.name}: the tensor {name} has the shape {list(found)} where {list(expected)} "
                "is needed; convert the checkpoint again."
            )


def compact_shape(vision: VisionEncoderConfig) -> tuple[int, int, int]:
    """The shape of tile positions that all tokens of a tile share, in ggml's order: [width, tiles, ratios + 1]."""
    return vision.hidden_size, vision.max_num_tiles, len(supported_aspect_ratios(vision.max_num_tiles)) + 1


def expected_shapes(vision: VisionEncoderConfig, cross: CrossAttentionConfig) -> dict[str, tuple[int, ...]]:
    """Every tensor that the engine reads besides the feed-forward ones whose inner width is free.

    Shapes are in ggml's order.
    """
    width, tiles = vision.hidden_size, vision.max_num_tiles
    n_ratios = len(supported_aspect_ratios(tiles))
    shapes: dict[str, tuple[int, ...]] = {
        "v.patch_embd.weight": (vision.num_channels * vision.patch_size**2, width),
        "v.class_embd": (width,),
        "v.position_embd.weight": (width, vision.tokens_per_tile),
        "v.position_embd.gate": (1,),
        TILE_POSITIONS: (tiles * vision.tokens_per_tile * width, n_ratios + 1),
        "mm.0.weight": (width * (1 + len(vision.intermediate_layers_indices)), cross.hidden_size),
        "mm.0.bias": (cross.hidden_size,),
    }
    for side in ("pre", "post"):
        shapes[f"v.{side}_tile_position_embd.weight"] = (tiles * width, n_ratios + 1)
        shapes[f"v.{side}_tile_position_embd.gate"] = (1,)
        shapes[f"v.{side}_ln.weight"] = shapes[f"v.{side}_ln.bias"] = (width,)
    blocks = [f"v.blk.{i}" for i in range(vision.num_hidden_layers)]
    for block in blocks + [f"v.global.blk.{i}" for i in range(vision.num_global_layers)]:
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            shapes[f"{block}.{part}.weight"] = (width, width)
        for norm in ("attn_norm", "ffn_norm"):
            shapes[f"{block}.{norm}.weight"] = shapes[f"{block}.{norm}.bias"] = (width,)
        if block.startswith("v.global"):
            shapes[f"{block}.attn_gate"] = shapes[f"{block}.ffn_gate"] = (1,)
    kv_width = cross.num_key_value_heads * cross.head_dim
    for layer in cross.cross_attention_layers:
        block = f"blk.{layer}"
        shapes[f"{block}.cross_attn_q_proj.weight"] = (cross.hidden_size, cross.hidden_size)
        shapes[f"{block}.cross_attn_k_proj.weight"] = (cross.hidden_size, kv_width)
        shapes[f"{block}.cross_attn_v_proj.weight"] = (cross.hidden_size, kv_width)
        shapes[f"{block}.cross_attn_o_proj.weight"] = (cross.hidden_size, cross.hidden_size)
        for norm in ("cross_attn_q_norm", "cross_attn_k_norm"):
            shapes[f"{block}.{norm}.weight"] = (cross.head_dim,)
        for gate in ("cross_attn_attn_gate", "cross_attn_mlp_gate"):
            shapes[f"{block}.{gate}"] = (1,)
        for norm in ("attn_norm", "ffn_norm"):
            shapes[f"{block}.{norm}.weight"] = (cross.hidden_size,)
    return shapes
