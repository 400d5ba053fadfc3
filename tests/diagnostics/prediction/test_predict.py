"""The model of time: its sums, worked out for a small shape, and what follows for real ones."""

from __future__ import annotations

from dataclasses import replace

import pytest
from gguf import GGMLQuantizationType as GgmlType

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.options import LoadOptions
from desktop_vlm.diagnostics.prediction import times
from desktop_vlm.diagnostics.prediction.gpu_models import find_gpu
from desktop_vlm.diagnostics.prediction.predict import NamedShape, Prediction, predict, published_shape
from desktop_vlm.diagnostics.prediction.rates import H200, rates_of
from desktop_vlm.diagnostics.prediction.workload import N_PROMPT, Workload, workload
from desktop_vlm.models import catalogue
from desktop_vlm.runtime.image_work import ImageWork
from desktop_vlm.runtime.memory import ModelShape, Placement
from desktop_vlm.runtime.model_shape import TextShape

TEXT = TextShape(
    layer_bytes=(100, 100),
    output_bytes=50,
    embedding_bytes=40,
    width=64,
    feed_forward=128,
    n_heads=2,
    kv_width=32,
    head_dim=32,
    n_ctx_train=1000,
    is_f32=False,
)
IMAGE = ImageWork(
    n_tokens=1,
    n_layers=3,
    matrix_flops=6000.0,
    attention_flops=400.0,
    moved_bytes=30.0,
    weights_bytes=500,
    has_own_kernels=True,
    between_layers=1,
    row_bytes=70,
    row_flops=11.0,
    key_flops=900.0,
)
ALL = Placement(3, (3,), 1000, GgmlType.F16, 512, "GPU", True)
KV_BYTES = 2 * 2 * 32 * 2
"""Of a token: two layers, keys and values, 32 numbers of two bytes."""
USUAL = LoadOptions()
UNIT = replace(H200, **dict.fromkeys(vars(H200), 1.0))
"""Everything takes as many seconds as it is large."""


def test_a_token_reads_weights_and_context() -> None:
    assert times.token_s(Workload(TEXT, ALL, None), UNIT, 7) == 2 + 250 + 7 * KV_BYTES
    assert times.token_s(Workload(TEXT, ALL, IMAGE), UNIT, 7) == 3 + 250 + 70 + (1 + 7) * KV_BYTES


def test_layers_in_main_memory_are_read_at_its_rate() -> None:
    work = Workload(TEXT, replace(ALL, n_gpu_layers=2), None)  # one of two layers stays there
    assert times.token_s(work, replace(UNIT, main_bytes_per_s=0.1), 0) == pytest.approx(2 + 150 + 1000)


def test_rows_of_a_prompt_are_computed_in_passes() -> None:
    work = Workload(TEXT, ALL, None)
    of_row = 2 * 2 * (64 * (2 * 64 + 2 * 32) + 3 * 64 * 128)
    attention = 4 * (10 * (5 + 10 / 2)) * 64 * 2
    found = work.rows(10, 5, at_once=4)
    assert (found.n_passes, found.n_layers, found.n_bytes) == (3, 6, 750)
    assert found.flops == 10 * of_row + attention


def test_an_encoder_is_the_sum_of_its_parts() -> None:
    work = Workload(TEXT, ALL, IMAGE)
    assert times.encode_s(work, UNIT, own_kernels=True) == 6000 + 400 + 30
    assert times.encode_s(work, UNIT, own_kernels=False) == 6000 + 400 + times.LIBRARY_MOVES * 30
    streamed = Workload(TEXT, replace(ALL, vision_resident=False), IMAGE)
    assert times.encode_s(streamed, UNIT, own_kernels=True) == 6000 + 400 + 30 + 500
    masked = Workload(TEXT, ALL, replace(IMAGE, has_own_kernels=False, is_masked=True))
    assert (
        times.encode_s(masked, replace(UNIT, library_masked_flops_per_s=0.5), own_kernels=True) == 1 + 6000 + 800 + 240
    )


def test_a_first_token_is_encoding_host_keys_and_prompt() -> None:
    work = Workload(TEXT, ALL, IMAGE)
    prompt = times.rows_s(work, work.rows(N_PROMPT + 1), UNIT)
    assert times.first_token_s(work, UNIT, own_kernels=True) == pytest.approx(6430 + 1 + 900 + prompt)
    rows_of_its_own = Workload(TEXT, ALL, replace(IMAGE, n_tokens=600, between_layers=0, row_bytes=0, row_flops=0.0))
    image, text = times.first_passes(rows_of_its_own)
    assert (image.n_passes, text.n_passes) == (2, 1)


def _expect(gpu: str, model: str = "llama-3.2-11b-vision", options: LoadOptions = USUAL) -> Prediction:
    known = catalogue.find(model)
    assert known
    kind = known.type_named("")
    assert kind
    shape = published_shape(known, kind)
    assert shape
    return predict(shape, find_gpu(gpu), options)


def test_what_was_measured_on_the_h200_lies_within_what_is_predicted_for_it() -> None:
    found = _expect("H200")
    assert found.fits == "gpu"
    assert found.encode_s
    assert found.first_token_s
    assert found.decode_tokens_per_s
    assert found.encode_s.low < 0.065 < found.encode_s.high
    assert found.first_token_s.low < 0.131 < found.first_token_s.high
    assert found.decode_tokens_per_s.low < 1 / 0.00479 < found.decode_tokens_per_s.high


def test_the_planner_says_what_fits() -> None:
    assert _expect("RTX 3090").fits == "gpu"
    small = _expect("RTX 2060 6 GB")
    assert (small.fits, small.n_layers) == ("partly", 33)
    assert 0 < small.n_gpu_layers < 33
    large = _expect("RTX 4060", "llama-3.2-90b-vision")
    assert (large.fits, large.decode_tokens_per_s, large.encode_s) == ("no", None, None)
    assert large.placement.startswith("Too large: ")
    assert _expect("RTX 3090", options=LoadOptions(n_gpu_layers=0)).fits == "cpu"


@pytest.mark.parametrize(
    ("slower", "faster"), [("RTX 3060 12 GB", "RTX 4070"), ("RTX 4070", "RTX 4090"), ("RTX 4090", "RTX 5090")]
)
def test_a_faster_gpu_is_faster_in_everything(slower: str, faster: str) -> None:
    before, after = _expect(slower), _expect(faster)
    for name in ("encode_s", "first_token_s", "second_question_s"):
        assert getattr(after, name).low < getattr(before, name).low
        assert getattr(after, name).high < getattr(before, name).high
    assert before.decode_tokens_per_s
    assert after.decode_tokens_per_s
    assert after.decode_tokens_per_s.high > before.decode_tokens_per_s.high


def test_layers_in_main_memory_cost_speed() -> None:
    whole, part = _expect("RTX 3090"), _expect("RTX 3090", options=LoadOptions(n_gpu_layers=20))
    assert whole.decode_tokens_per_s
    assert part.decode_tokens_per_s
    assert part.decode_tokens_per_s.high < 0.7 * whole.decode_tokens_per_s.high


def test_nothing_is_said_of_kernels_that_were_not_measured() -> None:
    radeon, arc = _expect("RX 7900 XTX"), _expect("Arc B580")
    assert radeon.decode_tokens_per_s
    assert (radeon.encode_s, radeon.first_token_s, radeon.second_question_s) == (None, None, None)
    assert (arc.fits, arc.load_s, arc.decode_tokens_per_s) == ("gpu", None, None)
    assert rates_of(find_gpu("Arc B580")) is None


def test_a_model_whose_images_only_the_library_knows() -> None:
    found = _expect("RTX 4060", "smolvlm2-500m")
    assert found.encode_s is None
    assert found.decode_tokens_per_s


def test_text_only() -> None:
    found = predict(NamedShape("text", ModelShape(TEXT, None)), find_gpu("RTX 4060"), LoadOptions())
    assert found.first_token_s is None
    assert workload(ModelShape(TEXT, None), ALL).n_image_tokens == 0


def test_a_wrong_option_is_refused() -> None:
    with pytest.raises(UserError, match="n_ctx is -1"):
        _expect("RTX 4060", options=LoadOptions(n_ctx=-1))
