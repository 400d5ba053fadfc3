"""What encoder, cross-attention layers and keys of an image take of memory, from the header of the mmproj."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import prod

from gguf import GGML_QUANT_SIZES
from gguf import GGMLQuantizationType as GgmlType

from desktop_vlm.families.mllama.cpu_layer import scratch_bytes
from desktop_vlm.families.mllama.cross_attention import KEY_BLOCK, ROWS_AT_ONCE, states_at_once
from desktop_vlm.families.mllama.cuda.cublas import WORKSPACE_BYTES
from desktop_vlm.families.mllama.cuda.encoder_layer import PARTS_BYTES
from desktop_vlm.families.mllama.mmproj import Mmproj
from desktop_vlm.families.mllama.vision_encoder import PROJECTED_AT_ONCE, on_device
from desktop_vlm.families.mllama.vision_weights import ALWAYS_RESIDENT, split_by_block
from desktop_vlm.runtime.ggml.graph import EXACT_SCORES_BYTES, key_type
from desktop_vlm.runtime.image_work import ImageWork, encoder_work
from desktop_vlm.runtime.memory import CPU, Need, Placement
from desktop_vlm.runtime.model_shape import TextShape


@dataclass(frozen=True)
class VisionShape:
    """The vision projector (`runtime.memory.VisionNeeds`); sizes in bytes.

    Attributes:
        block_bytes: weights of the encoder's blocks and the projector.
        outside_bytes: of what belongs to no block.
        cross_bytes: self-attention layer (-1: the embeddings) -> weights of the cross-attention layers after it.
        n_cross: the same -> how many layers.
        cross_unpacked_bytes: of the largest of those that CUDA unpacks to add up its products in float32; 0 for none.
        n_tokens: of all tiles, as the text sees them; `n_all` with the encoder's padding.
        n_kept: intermediate states that the projector reads.
        cpu_layer_scratch: what one layer works in on a processor that our kernels know; 0 where they take no part.
    """

    block_bytes: tuple[int, ...]
    outside_bytes: int
    cross_bytes: Mapping[int, int]
    n_cross: Mapping[int, int]
    width: int
    feed_forward: int
    n_tokens: int
    n_all: int
    n_kept: int
    kv_width: int
    text_width: int
    cross_unpacked_bytes: int = 0
    cpu_layer_scratch: int = 0

    @property
    def can_stream(self) -> bool:
        return True

    def add_to(
        self, needs: Mapping[str, Need], text: TextShape, placement: Placement, device_of: Sequence[str]
    ) -> None:
        """Add what the encoding of an image of all tiles takes at its peak, and what it leaves for the text."""
        self._add_cross_attention(needs, text, placement, device_of)
        self._add_encoder(needs, placement)

    def _add_cross_attention(
        self, needs: Mapping[str, Need], text: TextShape, placement: Placement, device_of: Sequence[str]
    ) -> None:
        n_keys = -(-self.n_tokens // KEY_BLOCK) * KEY_BLOCK
        n_rows = min(placement.n_batch, ROWS_AT_ONCE)
        rows = (n_rows * 2 * text.feed_forward + placement.n_batch * 4 * text.width) * 4
        # Beside scores, of few rows: values by columns, and they or the keys unpacked; of many: rows, and a part of it.
        turned = n_keys * self.kv_width * (2 + 4)
        scores = EXACT_SCORES_BYTES + max(turned, turned // 4 + placement.n_batch * 4 * text.width * 4)
        for after, n_bytes in self.cross_bytes.items():
            # Beyond the last layer: of another model, which loading it will tell.
            need = needs[device_of[after] if 0 <= after < len(device_of) else CPU]
            need.cross_attention += n_bytes
            on_cpu = need is needs[CPU]
            states = states_at_once(is_cpu=on_cpu) * (self.text_width + 3 * self.kv_width) * 4
            _, key_bytes = GGML_QUANT_SIZES[key_type(is_cpu=on_cpu)]
            need.image_keys += self.n_cross[after] * 2 * n_keys * self.kv_width * key_bytes
            unpacked = 0 if on_cpu else self.cross_unpacked_bytes
            need.scratch = max(need.scratch, rows + unpacked, states + unpacked, 0 if on_cpu else scores + unpacked)

    def _add_encoder(self, needs: Mapping[str, Need], placement: Placement) -> None:
        need = needs[placement.vision_device]
        weights = sum(self.block_bytes) if placement.vision_resident else max(self.block_bytes)
        need.vision += weights + self.outside_bytes
        stream = self.n_all * self.width * 4  # one number of every token and feature
        states = self.n_tokens * self.text_width
        features = self.width * (2 * self.n_kept + 1) + self.text_width
        need.scratch = max(need.scratch, PROJECTED_AT_ONCE * features * 4)
        if placement.vision_device == CPU:
            need.encoding = stream * (1 + self.n_kept)
            # Of ggml's operations: queries, keys, values and the result, in part twice.
            need.scratch = max(need.scratch, stream * 4, self.cpu_layer_scratch)
            needs[CPU].buffers += 2 * states * 4  # of this image, and of one that is remembered
        else:
            unpacked = self.width * self.feed_forward * 2
            need.encoding = stream * (6 + self.n_kept) // 2 + unpacked + WORKSPACE_BYTES + PARTS_BYTES
            need.image_keys += states * 2  # the states are still there when keys are made of them
            needs[CPU].buffers += states * 2

    def image_work(
        self,
        text: TextShape,
        placement: Placement,  # noqa: ARG002
        width: int,  # noqa: ARG002
        height: int,  # noqa: ARG002
    ) -> ImageWork:
        """Of any image (`runtime.image_work.TellsWork`): all tiles are computed, whatever it fills of them."""
        n_layers = len(self.block_bytes) - 1  # the last one is the projector
        matrices, attention, moved = encoder_work(self.n_all, self.width, self.feed_forward, is_gated=False)
        n_cross = sum(self.n_cross.values())
        attending, keys = 2 * self.text_width, 2 * self.kv_width  # rows of weights: queries and output, keys and values
        weights = attending + keys + 3 * text.feed_forward
        keys_bytes = n_cross * self.n_tokens * keys * 2
        weights_bytes = sum(self.cross_bytes.values()) * (weights - keys) // weights
        projected = self.n_tokens * self.width * (self.n_kept + 1) * self.text_width
        return ImageWork(
            n_tokens=1,
            n_layers=n_layers,
            matrix_flops=n_layers * matrices + 2 * projected,
            attention_flops=n_layers * attention,
            moved_bytes=n_layers * moved,
            weights_bytes=sum(self.block_bytes) + self.outside_bytes,
            has_own_kernels=True,
            between_layers=n_cross,
            row_bytes=weights_bytes + keys_bytes,
            row_flops=n_cross * (2.0 * self.text_width * (weights - keys) + 4.0 * self.n_tokens * self.text_width),
            key_flops=n_cross * 2.0 * self.n_tokens * self.text_width * keys,
        )


def vision_shape(mmproj: Mmproj) -> VisionShape:
    """The vision projector's shape, from its opened file."""
    vision, cross = mmproj.vision, mmproj.cross_attention
    blocks = split_by_block(name for name in mmproj.tensors if on_device(name))
    sizes = {block: sum(mmproj.tensors[n].n_bytes for n in parts.values()) for block, parts in blocks.items()}
    cross_bytes: dict[int, int] = {}
    n_cross: dict[int, int] = {}
    unpacked_bytes = [0]
    for k, layer in enumerate(cross.cross_attention_layers):
        after = layer - k - 1
        parts = [info for name, info in mmproj.tensors.items() if name.startswith(f"blk.{layer}.")]
        weights = sum(part.n_bytes for part in parts)
        unpacked_bytes += [4 * prod(part.shape) for part in parts if part.ggml_type == GgmlType.F16]
        cross_bytes[after] = cross_bytes.get(after, 0) + weights
        n_cross[after] = n_cross.get(after, 0) + 1
    return VisionShape(
        block_bytes=tuple(size for block, size in sizes.items() if block != ALWAYS_RESIDENT),
        outside_bytes=sizes.get(ALWAYS_RESIDENT, 0),
        cross_bytes=cross_bytes,
        n_cross=n_cross,
        width=vision.hidden_size,
        feed_forward=mmproj.tensors["v.blk.0.ffn_up.weight"].shape[1],
        n_tokens=vision.n_tokens,
        n_all=vision.n_all,
        n_kept=len(vision.intermediate_layers_indices),
        kv_width=cross.num_key_value_heads * cross.head_dim,
        text_width=cross.hidden_size,
        cross_unpacked_bytes=max(unpacked_bytes),
        cpu_layer_scratch=scratch_bytes(vision, mmproj.tensors),
    )
