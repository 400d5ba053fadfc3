"""What libmtmd's encoders take of memory: by formula, as its C interface does not tell."""

from __future__ import annotations

from dataclasses import dataclass, replace

from desktop_vlm.api.image_sizing import ImageSizing
from desktop_vlm.families.mtmd.mmproj import VisionFile
from desktop_vlm.families.mtmd.pixels import within_tokens
from desktop_vlm.runtime.image_work import ImageWork, encoder_work

_MIB = 1 << 20
ENCODING_BUDGET_BYTES = 2048 * _MIB
"""What encoding one image may take of a device: enough for a whole screen of 1920 x 1080 in Qwen2.5-VL."""
_PLAIN_SCORES_BYTES = 256 * _MIB
"""Up to here the scores of a whole image are stored on a CPU, which is faster than flash attention there."""
_ALWAYS_BYTES = 8 * _MIB
"""What libmtmd and NumPy take for the smallest image."""
GPU_POOLS_BYTES = 40 * _MIB
"""What ggml's pools take on a GPU while an image is encoded, whatever its size."""
_FULL_CONTEXT = 2048
_FEWEST_TOKENS = 16


@dataclass(frozen=True)
class EncoderShape:
    """A vision encoder, as far as memory goes.

    Attributes:
        weights_bytes: of the whole file.
        n_layers: blocks that run.
        width, feed_forward, n_heads: of a block.
        text_width: of the rows that it makes.
        patch_size: in pixels.
        merge: patches that become one token, in each direction.
        image_size: of what it was trained on, in pixels.
        has_window_mask: whether some layers see windows only, for which a mask of all pairs of patches is made.
        is_gated: whether the feed-forward part has a gate.
        is_exact: whether the weights are F32, so that a CPU computes some steps again.
        flash_attention: whether scores of all pairs are never stored.
    """

    weights_bytes: int
    n_layers: int
    width: int
    feed_forward: int
    n_heads: int
    text_width: int
    patch_size: int
    merge: int
    image_size: int
    has_window_mask: bool
    is_gated: bool
    is_exact: bool
    flash_attention: bool

    def n_patches(self, width: int, height: int) -> int:
        """Patches of an image of this many pixels."""
        return max(1, (width // self.patch_size) * (height // self.patch_size))

    def largest(self, sizing: ImageSizing) -> tuple[int, int]:
        """Width and height of an image that takes most."""
        if sizing.kind in ("area", "library") and sizing.max_pixels:
            return sizing.max_pixels // sizing.multiple, sizing.multiple
        if sizing.kind == "longest":
            columns = -(-sizing.side // sizing.multiple)
            rows = min(columns, max(1, sizing.max_tokens // (columns + 1))) if sizing.max_tokens else columns
            return columns * sizing.multiple, rows * sizing.multiple
        side = sizing.side or self.image_size
        return side, side

    def encoding_bytes(self, width: int, height: int) -> int:
        """What encoding an image of this size takes on the encoder's device, beside the weights.

        The graph's memory is reused from step to step, so it is what the greediest step takes: the start, where the
        window mask is made, attention, or the feed-forward part. The numbers of streams (one number of every patch and
        feature) were measured for the three families on a CPU.
        """
        n = self.n_patches(width, height)
        stream, inner, pairs = n * self.width * 4, n * self.feed_forward * 4, n * n
        masked = int(self.has_window_mask)
        if self.flash_attention:
            start = masked * pairs * 6 + _at(4.5, stream)  # the mask in F32 and F16
            attention = masked * pairs * 4 + _at(7.5, stream)
            kept_mask = masked * pairs * 2
        else:
            start = masked * pairs * 4 + _at(4.5, stream)
            attention = (self.n_heads + masked) * pairs * 4 + _at(5.5, stream)
            kept_mask = masked * pairs * 4
        feed_forward = (3 * inner + 5 * stream if self.is_gated else inner + _at(3.5, stream)) + kept_mask
        return max(start, attention, feed_forward)

    def host_bytes(self, width: int, height: int, *, on_cpu: bool) -> int:
        """What it takes of main memory besides, wherever the encoder is.

        Pixels as they come and as numbers, rows of this and another image; the window mask, which is made there and
        then copied, while a CPU has hardly begun to use the graph's memory; and what keeps F32 exact.
        """
        n = self.n_patches(width, height)
        pixels = 3 * width * height
        rows = n // self.merge**2 * self.text_width * 4
        needed = _ALWAYS_BYTES + pixels * (2 + 4) + 3 * rows
        if on_cpu and self.is_exact:
            needed += pixels * 4 + n * max(self.feed_forward, self.width) * 4
        mask = int(self.has_window_mask) * n * n * 4
        if on_cpu:
            early = 2 * mask + n * self.width * 4
            return needed + max(0, early - self.encoding_bytes(width, height))
        return needed + mask

    def work(self, sizing: ImageSizing, width: int, height: int) -> ImageWork:
        """What encoding an image of `width` x `height` pixels asks, once `sizing` gave it its size."""
        seen = sizing.measure(width, height)
        side = (sizing.side, sizing.side) if sizing.kind == "square" else (seen.width, seen.height)
        layer = encoder_work(self.n_patches(*side), self.width, self.feed_forward, is_gated=self.is_gated)
        matrices, attention, moved = (self.n_layers * part for part in layer)
        return ImageWork(
            n_tokens=seen.n_tokens,
            n_layers=self.n_layers,
            matrix_flops=matrices,
            attention_flops=attention,
            moved_bytes=moved,
            weights_bytes=self.weights_bytes,
            is_masked=self.has_window_mask,
        )

    def within_bytes(self, sizing: ImageSizing, n_bytes: int) -> ImageSizing:
        """`sizing`, tightened until no image takes more, where it leaves a choice."""
        high = self.n_tokens(sizing)
        if self.encoding_bytes(*self.largest(sizing)) <= n_bytes or within_tokens(sizing, 1) == sizing:
            return sizing
        low = _FEWEST_TOKENS
        while low < high:
            middle = (low + high + 1) // 2
            if self.encoding_bytes(*self.largest(within_tokens(sizing, middle))) <= n_bytes:
                low = middle
            else:
                high = middle - 1
        return within_tokens(sizing, low)

    def n_tokens(self, sizing: ImageSizing) -> int:
        """Most tokens of an image."""
        return sizing.extra_tokens + self.n_patches(*self.largest(sizing)) // self.merge**2

    def library_tokens(self, sizing: ImageSizing) -> int:
        """The library's own limit of an image's tokens, so that it never shrinks what has its final size already."""
        if sizing.kind == "longest" or sizing.max_pixels:
            width, height = self.largest(replace(sizing, max_tokens=0))
            return max(1, self.n_patches(width, height) // self.merge**2)
        return -1


def _at(times: float, n_bytes: int) -> int:
    return int(times * n_bytes)


def encoder_shape(file: VisionFile, *, n_layers: int, merge: int, flash_attention: bool) -> EncoderShape:
    """The shape that a file's header tells."""
    return EncoderShape(
        weights_bytes=file.n_bytes,
        n_layers=n_layers,
        width=file.number("embedding_length"),
        feed_forward=file.number("feed_forward_length"),
        n_heads=max(1, file.number("attention.head_count", 1)),
        text_width=file.number("projection_dim"),
        patch_size=file.patch_size,
        merge=merge,
        image_size=file.number("image_size", file.patch_size),
        has_window_mask=file.number("n_wa_pattern") > 1,
        is_gated="v.blk.0.ffn_gate.weight" in file.tensors,
        is_exact=file.is_f32,
        flash_attention=flash_attention,
    )


def plain_attention_fits(shape: EncoderShape, sizing: ImageSizing) -> bool:
    """Whether the scores of the largest image are few enough to be stored on a CPU."""
    return shape.n_patches(*shape.largest(sizing)) ** 2 * 4 * shape.n_heads <= _PLAIN_SCORES_BYTES


def fit_sizing(
    sizing: ImageSizing, shape: EncoderShape, *, n_ctx: int, max_tokens: int = 0, within_budget: bool = False
) -> ImageSizing:
    """`sizing`, tightened to what the context holds and, `within_budget`, to the memory that encoding may take.

    A long context keeps an eighth for the question and its answer; a short one is left whole, so that an image that
    just fits is not shrunk.
    """
    room = n_ctx - n_ctx // 8 if n_ctx >= _FULL_CONTEXT else n_ctx - _FEWEST_TOKENS
    if n_ctx:
        sizing = within_tokens(sizing, max(_FEWEST_TOKENS, min(room, max_tokens or room)))
    return shape.within_bytes(sizing, ENCODING_BUDGET_BYTES) if within_budget else sizing
