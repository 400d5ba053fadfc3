"""Published models without files: what the planner is reported of them is what their files would tell."""

from __future__ import annotations

from pathlib import Path

import pytest
from gguf import GGMLQuantizationType as GgmlType

from benchmarks.random_families import MODELS, write
from desktop_vlm.api.options import ModelRef
from desktop_vlm.families.llava15.rules import LlavaRules
from desktop_vlm.families.loading import open_files
from desktop_vlm.families.mtmd.known import known_models, shape_of
from desktop_vlm.families.mtmd.projector import MtmdProjector
from desktop_vlm.families.mtmd.rules import VisionRules
from desktop_vlm.families.pixtral.rules import PixtralRules
from desktop_vlm.families.qwen25vl.rules import QwenRules
from desktop_vlm.runtime.memory import CPU, ModelShape, Placement, predict

RULES: dict[str, type[VisionRules]] = {"llava15": LlavaRules, "pixtral": PixtralRules, "qwen25vl": QwenRules}
GIB = 1 << 30


def needs(shape: ModelShape, device: str) -> object:
    n_gpu_layers = 0 if device == CPU else len(shape.text.layer_bytes) + 1
    place = Placement(n_gpu_layers, (n_gpu_layers,), 4096, GgmlType.F16, 512, device, vision_resident=True)
    return predict(shape, place, ["CUDA0"])


@pytest.mark.parametrize("family", RULES)
@pytest.mark.parametrize(("text_type", "vision_type"), [("Q4_K_M", "F16"), ("F16", "Q8_0"), ("F32", "F32")])
def test_a_model_without_files_needs_what_its_files_need(
    family: str, text_type: str, vision_type: str, tmp_path: Path
) -> None:
    model = MODELS[f"tiny-{family}"]
    made = shape_of(model, RULES[family], text_type, vision_type)
    read = open_files(ModelRef(*write(f"tiny-{family}", tmp_path, text_type, vision_type))).shape
    assert read is not None
    assert made.text == read.text
    assert isinstance(made.vision, MtmdProjector)
    assert isinstance(read.vision, MtmdProjector)
    assert made.vision.capabilities == read.vision.capabilities
    for device in (CPU, "CUDA0"):
        assert needs(made, device) == needs(read, device)


def test_each_family_knows_its_models() -> None:
    found = {family: known_models(rules) for family, rules in RULES.items()}
    assert {family: [model.name for model in models] for family, models in found.items()} == {
        "llava15": ["LLaVA 1.5 7B Q4_K_M, vision F16", "LLaVA 1.5 13B Q4_K_M, vision F16"],
        "pixtral": ["Pixtral 12B Q4_K_M, vision F16"],
        "qwen25vl": [f"Qwen2.5-VL {size} Q4_K_M, vision F16" for size in ("3B", "7B", "72B")],
    }
    assert [len(model.shape.text.layer_bytes) for model in found["qwen25vl"]] == [36, 28, 80]
    assert [isinstance(model.shape.vision, MtmdProjector) for model in found["pixtral"]] == [True]
    assert known_models(VisionRules) == []
