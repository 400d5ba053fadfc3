"""The model of time: a sum of what is started, what is read and what is computed, each at its rate."""

from __future__ import annotations

from desktop_vlm.diagnostics.prediction.rates import Rates
from desktop_vlm.diagnostics.prediction.workload import N_CONTEXT, N_NEXT, N_PROMPT, Pass, Workload
from desktop_vlm.runtime.image_work import ImageWork

LIBRARY_MOVES = 8
"""How often ggml's encoders move what our kernels move once: four bytes a number, in steps of their own."""


def load_s(work: Workload, rates: Rates) -> float:
    """Seconds to load the files."""
    n_bytes = sum(work.text.layer_bytes) + work.text.output_bytes + work.text.embedding_bytes
    image = work.image
    n_bytes += image.weights_bytes + image.row_bytes if image else 0
    return rates.start_s + n_bytes / rates.disk_bytes_per_s


def token_s(work: Workload, rates: Rates, n_before: int | None = None) -> float:
    """Seconds to decode one token after an image and `n_before` tokens (`N_CONTEXT` where None)."""
    one = work.token(work.n_image_tokens + (N_CONTEXT if n_before is None else n_before))
    on_processor = _processor_share(work)
    on_gpu_s = one.n_bytes * (1 - on_processor) / rates.read_bytes_per_s
    return one.n_layers * rates.layer_s + on_gpu_s + one.n_bytes * on_processor / rates.main_bytes_per_s


def encode_s(work: Workload, rates: Rates, *, own_kernels: bool) -> float:
    """Seconds to encode the image; `own_kernels` where the GPU runs this program's.

    Raises:
        ValueError: there is no image.
    """
    image = work.image
    if image is None:
        raise ValueError("no image")
    streamed = 0.0 if work.placement.vision_resident else image.weights_bytes / rates.bus_bytes_per_s
    if image.has_own_kernels and own_kernels:
        return streamed + rates.encoder_factor * own_encoder_s(image, rates)
    return streamed + (0.0 if image.has_own_kernels else rates.library_start_s) + library_encoder_s(image, rates)


def own_encoder_s(image: ImageWork, rates: Rates) -> float:
    """Seconds of the three parts of an encoder that our kernels run."""
    products = image.matrix_flops / rates.matrix_flops_per_s
    return products + image.attention_flops / rates.attention_flops_per_s + image.moved_bytes / rates.moved_bytes_per_s


def library_encoder_s(image: ImageWork, rates: Rates) -> float:
    """Seconds of the same by ggml."""
    attention = rates.library_masked_flops_per_s if image.is_masked else rates.library_attention_flops_per_s
    moved = LIBRARY_MOVES * image.moved_bytes / rates.library_moved_bytes_per_s
    return image.matrix_flops / rates.library_matrix_flops_per_s + image.attention_flops / attention + moved


def first_token_s(work: Workload, rates: Rates, *, own_kernels: bool) -> float:
    """Seconds from an image that is new, and `N_PROMPT` tokens, to the first token of the answer.

    Raises:
        ValueError: there is no image.
    """
    encoded = encode_s(work, rates, own_kernels=own_kernels)
    return encoded + rates.host_s + sum(rows_s(work, part, rates) for part in first_passes(work))


def first_passes(work: Workload) -> list[Pass]:
    """What the language model computes of a first question: an image's rows by themselves, then the text; keys."""
    image = work.image
    if image is None or image.between_layers:
        keys = Pass(0, 0.0, image.key_flops if image else 0.0, 0)
        return [keys, work.rows(N_PROMPT + work.n_image_tokens)]
    rows = work.rows(image.n_tokens, at_once=work.placement.n_batch)
    return [rows, work.rows(N_PROMPT, image.n_tokens)]


def second_s(work: Workload, rates: Rates) -> float:
    """Seconds to the first token of a second question of `N_NEXT` tokens about the same image."""
    return rows_s(work, work.rows(N_NEXT, work.n_image_tokens + N_PROMPT), rates)


def rows_s(work: Workload, rows: Pass, rates: Rates) -> float:
    """Seconds of passes of many rows; weights of layers that are in main memory come over for each."""
    over_the_bus = rows.n_bytes * _processor_share(work) / rates.bus_bytes_per_s
    read = rows.n_bytes / rates.tile_bytes_per_s
    return rows.n_layers * rates.layer_s + read + rows.flops / rates.row_flops_per_s + over_the_bus


def _processor_share(work: Workload) -> float:
    """Part of the language model's weights that stays in main memory."""
    layers = work.text.layer_bytes
    n_there = len(layers) + 1 - work.placement.n_gpu_layers
    if n_there <= 0:
        return 0.0
    there = sum(layers[:n_there]) + (work.text.output_bytes if n_there > len(layers) else 0)
    return there / (sum(layers) + work.text.output_bytes)
