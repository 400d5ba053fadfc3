"""What a model needs, and where it is put."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from gguf import GGMLQuantizationType as GgmlType

from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.convert import ModelFiles
from desktop_vlm.families import loading
from desktop_vlm.families.mllama.memory import VisionShape
from desktop_vlm.families.mllama.runner import MllamaRunner
from desktop_vlm.runtime.memory import CPU, ModelShape, Placement, predict
from desktop_vlm.runtime.model_shape import TextShape
from desktop_vlm.runtime.planner import DeviceBudget, Plan, plan, shortages

GIB = 1 << 30
MIB = 1 << 20

# Llama 3.2 Vision 11B in Q4_K_M with a Q8_0 encoder, sizes rounded.
TEXT = TextShape(
    layer_bytes=(131 * MIB,) * 32,
    output_bytes=411 * MIB,
    embedding_bytes=282 * MIB,
    width=4096,
    feed_forward=14336,
    n_heads=32,
    kv_width=1024,
    head_dim=128,
    n_ctx_train=131072,
    is_f32=False,
)
VISION = VisionShape(
    block_bytes=(20 * MIB,) * 40 + (32 * MIB,),
    outside_bytes=3 * MIB,
    cross_bytes=dict.fromkeys(range(2, 31, 4), 126 * MIB),
    n_cross=dict.fromkeys(range(2, 31, 4), 1),
    width=1280,
    feed_forward=5120,
    n_tokens=6404,
    n_all=6432,
    n_kept=5,
    kv_width=1024,
    text_width=4096,
)
SHAPE = ModelShape(TEXT, VISION)


def choose(*gib: float, shape: ModelShape = SHAPE, main_gib: float = 32, **options: object) -> Plan:
    gpus = [DeviceBudget(f"CUDA{index}", int(size * GIB)) for index, size in enumerate(gib)]
    return plan(shape, gpus, int(main_gib * GIB), LoadOptions(**options))  # type: ignore[arg-type]


def test_predicted_is_what_is_allocated(model_files: Callable[..., ModelFiles]) -> None:
    files = model_files("alpha")
    ref = ModelRef(files.text, files.mmproj)
    loaded = loading.load(ref, LoadOptions(n_ctx=400, n_batch=64, n_threads=1))
    session, need = loaded.session, loaded.plan.needs[CPU]
    assert loaded.plan.placement.n_ctx == session.text.n_ctx == 512  # in full blocks
    shape = loading.open_files(ref).shape
    assert shape is not None
    assert need.text == sum(shape.text.layer_bytes) + shape.text.output_bytes + shape.text.embedding_bytes
    assert need.kv_cache == 2 * 5 * 512 * shape.text.kv_width * 4  # F32, as the weights are
    assert isinstance(session.vision, MllamaRunner)
    assert session.vision._encoder is not None
    assert 1.0 <= session.vision._encoder.n_bytes / need.vision < 1.05  # tensors are aligned
    session.close()


def test_a_large_gpu_takes_everything() -> None:
    chosen = choose(24).placement
    assert chosen == Placement(33, (33,), 4096, GgmlType.F16, 512, "CUDA0", vision_resident=True)


def test_11b_fits_an_8_gb_gpu() -> None:
    alone, beside_a_desktop = choose(8), choose(7)
    for chosen in (alone, beside_a_desktop):
        assert (chosen.placement.n_gpu_layers, chosen.placement.kv_type) == (33, GgmlType.F16)
        assert chosen.reason.startswith("All layers on GPUs (CUDA0 ")
        assert 5 * GIB < chosen.needs["CUDA0"].still_free < 7.5 * GIB
    assert alone.placement.vision_resident
    assert not beside_a_desktop.placement.vision_resident
    assert beside_a_desktop.reason.endswith("to save room.")


def test_with_less_room_fewer_layers_go_over_but_every_byte_is_counted() -> None:
    whole = choose(24)
    for size in (6.0, 4.0, 2.5):
        chosen = choose(size)
        assert 0 < chosen.placement.n_gpu_layers < 33
        assert chosen.placement.kv_type == GgmlType.Q8_0
        assert chosen.needs["CUDA0"].still_free < size * GIB
        both = [chosen.needs["CUDA0"], chosen.needs[CPU]]
        assert sum(need.text for need in both) == sum(need.text for need in whole.needs.values())
        assert sum(need.cross_attention for need in both) == 8 * 126 * MIB
        assert f"{chosen.placement.n_gpu_layers} of 33 layers" in chosen.reason


@pytest.mark.parametrize("rooms", [(), (0.5,)])
def test_without_room_on_a_gpu_the_processor_does_it_all(rooms: tuple[float, ...]) -> None:
    chosen = choose(*rooms)
    assert chosen.placement.n_gpu_layers == 0
    assert chosen.placement.vision_device == CPU
    assert set(chosen.needs) == {CPU}
    assert chosen.reason.startswith("All on the processor")


def test_two_gpus_share_the_layers_by_the_room_that_images_leave() -> None:
    chosen = choose(8, 4)
    first, second = chosen.needs["CUDA0"], chosen.needs["CUDA1"]
    assert sum(chosen.placement.split) == chosen.placement.n_gpu_layers == 33
    assert first.text == chosen.placement.split[0] * 131 * MIB
    assert second.text == (chosen.placement.split[1] - 1) * 131 * MIB + 411 * MIB
    assert (first.vision > 0, second.vision) == (True, 0)
    assert first.cross_attention + second.cross_attention == 8 * 126 * MIB
    assert first.total / second.total == pytest.approx(2, rel=0.25)
    assert chosen.placement.kv_type == GgmlType.F16
    assert chosen.placement.vision_resident


def test_where_nothing_fits_what_lacks_least_is_tried() -> None:
    chosen = choose(6, main_gib=1)
    assert 0 < chosen.placement.n_gpu_layers <= 33
    assert choose(2, main_gib=7, n_gpu_layers=-1).placement.n_gpu_layers > 0


def planned_inside(main_gib: float, driver_gib: float, **options: object) -> Plan:
    """With an integrated GPU, whose memory is the processor's whatever its driver calls free."""
    gpus = [DeviceBudget("Vulkan0", int(driver_gib * GIB), shares_main_memory=True)]
    return plan(SHAPE, gpus, int(main_gib * GIB), LoadOptions(**options))  # type: ignore[arg-type]


@pytest.mark.parametrize(("main_gib", "driver_gib"), [(24, 24), (24, 48), (12, 30), (9, 16), (7.5, 15), (7, 16)])
def test_main_memory_that_an_integrated_gpu_shares_is_given_away_once(main_gib: float, driver_gib: float) -> None:
    chosen = planned_inside(main_gib, driver_gib)
    assert sum(need.still_free for need in chosen.needs.values()) <= main_gib * GIB * 0.96
    assert shortages(chosen.needs, [DeviceBudget("Vulkan0", int(driver_gib * GIB), True)], int(main_gib * GIB)) == []
    assert chosen.placement.n_gpu_layers == 33
    assert (
        f"Vulkan0 {chosen.needs['Vulkan0'].still_free / GIB:.1f} of {min(main_gib, driver_gib):.1f} GiB"
        in chosen.reason
    )


def test_a_gpu_with_memory_of_its_own_needs_no_main_memory_for_it() -> None:
    """GIVEN as much on the GPU and in main memory, in which both parts together have no room THEN it fits."""
    gpu = DeviceBudget("Vulkan0", 8 * GIB)
    chosen = plan(SHAPE, [gpu], 2 * GIB, LoadOptions())
    assert shortages(chosen.needs, [gpu], 2 * GIB) == []
    shared = replace(gpu, shares_main_memory=True)
    (short,) = shortages(chosen.needs, [shared], 8 * GIB - GIB // 2)
    assert (short.name, short.free_bytes) == (CPU, 8 * GIB - GIB // 2)
    assert short.needed_bytes == chosen.needs[CPU].still_free + chosen.needs["Vulkan0"].still_free


def test_where_shared_memory_does_not_suffice_what_lacks_least_is_tried() -> None:
    """The processor alone holds no second copy of anything, and needs least."""
    chosen = planned_inside(4, 8)
    short = shortages(chosen.needs, [DeviceBudget("Vulkan0", 4 * GIB, True)], 4 * GIB)
    assert [one.name for one in short][-1] == CPU
    assert short[-1].needed_bytes == sum(need.still_free for need in chosen.needs.values())


def test_a_gpu_too_small_does_not_make_the_processor_save() -> None:
    chosen = choose(0.3, main_gib=32).placement
    assert (chosen.n_gpu_layers, chosen.kv_type, chosen.vision_resident) == (0, GgmlType.F16, True)


def test_what_is_asked_for_is_kept() -> None:
    assert choose(24, n_gpu_layers=10).placement.n_gpu_layers == 10
    assert choose(24, n_gpu_layers=99).placement.n_gpu_layers == 33
    assert choose(24, n_gpu_layers=0).placement.n_gpu_layers == 0
    assert choose(2, n_gpu_layers=33).placement.n_gpu_layers == 33  # what cannot fit is tried, as it was asked for
    assert choose(7, kv_type="F16").placement.kv_type == GgmlType.F16
    assert choose(24, kv_type="Q8_0").placement.kv_type == GgmlType.Q8_0
    assert choose(24, n_ctx=0).placement.n_ctx == 131072
    assert [choose(24, n_ctx=n).placement.n_ctx for n in (1, 256, 400)] == [256, 256, 512]
    assert choose(24, n_batch=32).placement.n_batch == 32


def test_only_what_was_chosen_is_given_as_a_saving() -> None:
    assert "save room" not in choose(24, kv_type="Q8_0").reason
    assert "the KV cache in Q8_0" in choose(5).reason


def test_heads_that_q8_0_cannot_pack_stay_f16() -> None:
    odd = replace(SHAPE, text=replace(TEXT, head_dim=48, kv_width=1008))
    assert choose(5, shape=odd).placement.kv_type == GgmlType.F16


def test_keys_of_an_image_and_the_encoder_share_their_room() -> None:
    need = choose(24).needs["CUDA0"]
    parts = need.text + need.kv_cache + need.cross_attention + need.vision + need.buffers + need.scratch + need.runtime
    assert need.still_free == parts + max(need.encoding, need.image_keys)
    assert need.total == need.still_free + 530 * MIB
    keys = 8 * 2 * 6656 * 1024 * 2 + 6404 * 4096 * 2  # of eight layers in F16, and the states
    assert need.image_keys == keys
    assert choose(24).needs[CPU].context == 0


def test_what_cuda_unpacks_counts_where_there_is_a_gpu(model_files: Callable[..., ModelFiles]) -> None:
    files = model_files("alpha", "F16")
    shape = loading.open_files(ModelRef(files.text, files.mmproj)).shape
    assert shape
    assert isinstance(shape.vision, VisionShape)
    assert shape.vision.cross_unpacked_bytes == 4 * shape.text.width * shape.text.feed_forward
    more = ModelShape(TEXT, replace(VISION, cross_unpacked_bytes=224 * MIB))
    assert choose(24, shape=more).needs["CUDA0"].scratch - choose(24).needs["CUDA0"].scratch == 224 * MIB
    assert choose(shape=more).needs == choose().needs


def test_need_grows_with_what_is_asked_for() -> None:
    base = Placement(33, (33,), 4096, GgmlType.F16, 256, "CUDA0", vision_resident=True)

    def total(**changes: object) -> int:
        return predict(SHAPE, replace(base, **changes), ["CUDA0"])["CUDA0"].total  # type: ignore[arg-type]

    assert total(n_ctx=8192) - total() == 32 * 4096 * 2 * 1024 * 2 + 256 * 4096 * 2  # keys and values, and the mask
    assert total() - total(kv_type=GgmlType.Q8_0) == 32 * 4096 * 2 * 1024 * 2 * 15 // 32
    assert total() - total(vision_resident=False) == (40 * 20 + 32 - 32) * MIB
    assert total(n_batch=512) > total()
