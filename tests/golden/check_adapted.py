"""Quantised checkpoints and LoRA adapters as the libraries themselves read them, compared with our reading.

In an environment with `transformers==5.24.* peft==0.21.* bitsandbytes==0.50.* torch numpy gguf`, from the repository's
root: `python -m tests.golden.check_adapted`. It writes what the tests compare with, and prints the largest
difference for whole models.
"""

from __future__ import annotations

import collections
import importlib
import itertools
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from desktop_vlm.conversion.checkpoint import Checkpoint, open_checkpoint
from desktop_vlm.conversion.lora import merge
from desktop_vlm.conversion.lora_source import find_adapter
from desktop_vlm.conversion.recipe import converter_for, read_settings
from desktop_vlm.conversion.source import resolve
from desktop_vlm.families.converters import CONVERTERS
from tests.checkpoints import CHECKPOINTS, build
from tests.checkpoints.families import FAMILY_CHECKPOINTS, build_family
from tests.golden.make_families import without_torchvision

HERE = Path(__file__).parent / "adapted"
NAMES = ("alpha", "llava", "pixtral", "qwen")


def library(name: str) -> Any:
    """A library that only this program needs."""
    return importlib.import_module(name)


def folder_of(name: str, folder: Path) -> Path:
    if name in CHECKPOINTS:
        return build(CHECKPOINTS[name], folder / name)
    return build_family(FAMILY_CHECKPOINTS[name], folder / name)


def opened(folder: Path) -> Checkpoint:
    recipe = converter_for(settings := read_settings(folder), CONVERTERS).recipe(settings)
    return open_checkpoint(folder, recipe.names, recipe.weights, recipe.settings_name)


def values(checkpoint: Checkpoint, name: str) -> NDArray[np.float32]:
    """A whole tensor, read in odd pieces."""
    tensor = checkpoint.tensors[name]
    total = int(np.prod(tensor.shape))
    step = max(1, total // 3 + 1)
    pieces = [tensor.read(first, min(step, total - first)) for first in range(0, total, step)]
    return np.concatenate(pieces).reshape(tensor.shape)


def load(folder: Path, **options: Any) -> Any:
    return library("transformers").AutoModelForImageTextToText.from_pretrained(
        folder, attn_implementation="eager", **options
    )


def quantised(name: str, folder: Path) -> Iterator[tuple[str, float]]:
    bitsandbytes = library("bitsandbytes")
    source = folder_of(name, folder)
    ways: dict[str, dict[str, Any]] = {
        way: {"load_in_4bit": True, "bnb_4bit_quant_type": way[:3], "bnb_4bit_use_double_quant": "twice" in way}
        for way in ("nf4 twice bfloat16", "nf4 float16", "fp4 twice float32", "fp4 bfloat16")
    }
    ways["8 bits"] = {"load_in_8bit": True}
    for way, options in ways.items():
        dtype = getattr(torch, way.split()[-1], torch.float16)
        model = load(
            source,
            quantization_config=library("transformers").BitsAndBytesConfig(**options),
            device_map="cpu",
            dtype=dtype,
        )
        model.save_pretrained(saved := folder / "saved")
        for file in source.glob("*.json"):
            if not (saved / file.name).exists():
                (saved / file.name).write_bytes(file.read_bytes())
        recipe = converter_for(settings := read_settings(saved), CONVERTERS).recipe(settings)
        checkpoint = opened(saved)
        worst, n = 0.0, 0
        for path, module in model.named_modules():
            key = recipe.names.canonical(f"{path}.weight")
            weight: Any = getattr(module, "weight", None)
            if isinstance(module, bitsandbytes.nn.Linear4bit):
                expected = bitsandbytes.functional.dequantize_4bit(weight.data, weight.quant_state)
            elif isinstance(module, bitsandbytes.nn.Linear8bitLt):
                expected = weight.data * weight.SCB.view(-1, 1) * 7.874015718698502e-3
            else:
                continue
            n += 1
            worst = max(worst, float(np.abs(values(checkpoint, key) - expected.float().numpy()).max()))
        yield f"{way}, {n} matrices", worst


LINEAR = {
    "alpha": [
        "q_proj",
        "k_proj",
        "v_proj",
        "o_proj",
        "gate_proj",
        "up_proj",
        "down_proj",
        "fc1",
        "fc2",
        "multi_modal_projector",
    ],
    "llava": [
        "q_proj",
        "k_proj",
        "v_proj",
        "o_proj",
        "out_proj",
        "gate_proj",
        "up_proj",
        "down_proj",
        "fc1",
        "fc2",
        "linear_1",
        "linear_2",
    ],
    "pixtral": ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj", "linear_1", "linear_2"],
    "qwen": ["q_proj", "k_proj", "v_proj", "o_proj", "qkv", "proj", "gate_proj", "up_proj", "down_proj"],
}
WAYS: dict[str, dict[str, Any]] = {
    "plain": {},
    "rank 64": {"r": 64},
    "rsLoRA": {"use_rslora": True},
    "DoRA": {"use_dora": True},
    "patterns": {"rank_pattern": {"self_attn.q_proj": 3, "layers.1.mlp.up_proj": 5}, "alpha_pattern": {"down_proj": 5}},
    "modules_to_save": {"modules_to_save": ["lm_head"]},
    "bias all": {"bias": "all"},
    "bias of layers": {"bias": "lora_only"},
    "embedding": {"more": ["embed_tokens"]},
    "embedding with DoRA": {"more": ["embed_tokens"], "use_dora": True},
}


def adapted(name: str, folder: Path) -> Iterator[tuple[str, float]]:
    """The largest difference of any tensor from what PEFT merges, for every kind of adapter."""
    peft = library("peft")
    source = folder_of(name, folder)
    for way, options in WAYS.items():
        model = load(source, dtype=torch.float32)
        more = options.get("more", [])
        settings = {"r": 16, "lora_alpha": 24, **{key: value for key, value in options.items() if key != "more"}}
        wrapped = peft.get_peft_model(model, peft.LoraConfig(target_modules=[*LINEAR[name], *more], **settings))
        for path, parameter in wrapped.named_parameters():
            if parameter.requires_grad:
                noise = torch.randn_like(parameter) * 0.1
                parameter.data = parameter.data * (1 + noise) if "magnitude" in path else parameter.data + noise
        wrapped.save_pretrained(folder / "adapter")
        found = resolve(folder / "adapter")
        adapter = find_adapter(found, source, None)
        assert adapter
        changes = adapter.read()
        assert changes
        recipe = converter_for(read_settings(source), CONVERTERS).recipe(read_settings(source))
        checkpoint = merge(opened(source), changes, recipe.names)
        merged = {recipe.names.canonical(path): one for path, one in wrapped.merge_and_unload().state_dict().items()}
        worst = max(
            (float(np.abs(values(checkpoint, key) - merged[key].numpy()).max()), key) for key in checkpoint.tensors
        )
        yield f"{way}, {len(changes.layers)} layers and {len(changes.whole)} whole tensors ({worst[1]})", worst[0]


def small_matrices() -> dict[str, NDArray[Any]]:
    """Every kind of 4 bits of a small matrix: what is stored, and what bitsandbytes makes of it on the CPU."""
    functional = library("bitsandbytes.functional")
    arrays: dict[str, NDArray[Any]] = {}
    for kind in ("nf4", "fp4"):
        for twice in (False, True):
            for dtype in (torch.bfloat16, torch.float16, torch.float32):
                packed, state = functional.quantize_4bit(
                    (torch.randn(24, 192) * 0.05).to(dtype), quant_type=kind, compress_statistics=twice
                )
                case = f"{kind}-{'twice' if twice else 'once'}-{str(dtype).removeprefix('torch.')}"
                arrays[f"{case}/weight"] = packed.numpy()
                arrays |= {f"{case}/weight.{part}": one.numpy() for part, one in state.as_dict(packed=True).items()}
                arrays[f"{case}/expected"] = functional.dequantize_4bit(packed, state).float().numpy()
    return arrays


def small_layers() -> dict[str, NDArray[Any]]:
    """A layer of every kind with every kind of adapter, and what PEFT merges on the CPU."""
    peft = library("peft")
    arrays: dict[str, NDArray[Any]] = {}
    ways = {"plain": {}, "rslora": {"use_rslora": True}, "dora": {"use_dora": True}}
    for (kind, layer), (way, options) in itertools.product(LAYERS.items(), ways.items()):
        model = torch.nn.Sequential(layer())
        base = model[0].weight.detach().clone()
        wrapped = peft.get_peft_model(model, peft.LoraConfig(r=16, lora_alpha=24, target_modules=["0"], **options))
        for path, parameter in wrapped.named_parameters():
            if parameter.requires_grad:
                noise = torch.randn_like(parameter) * 0.1
                parameter.data = parameter.data * (1 + noise) if "magnitude" in path else parameter.data + noise
        parts = {path: one.detach().clone() for path, one in wrapped.named_parameters() if "lora_" in path}
        case = f"{kind}-{way}"
        arrays[f"{case}/base"] = base.numpy()
        arrays[f"{case}/expected"] = wrapped.merge_and_unload()[0].weight.detach().numpy()
        for path, one in parts.items():
            name = path.removeprefix("base_model.model.").replace(".default", "")
            arrays[f"{case}/{name}"] = one.numpy()
    return arrays


def write_dictionary() -> None:
    """A file of `torch.save` with tensors of several types, a part of another tensor among them."""
    tensors: dict[str, Any] = {
        "brain": torch.randn(3, 4).to(torch.bfloat16),
        "view": torch.randn(10, 8)[2:5],
        "parameter": torch.nn.Parameter(torch.randn(7)),
        "empty": torch.zeros(0, 3),
        "scalar": torch.tensor(3.5),
        "half": torch.randn(2, 1, 3).half(),
        "double": torch.randn(3).double(),
        "whole": torch.arange(4),
    }
    torch.save(collections.OrderedDict(tensors), HERE / "torch.bin")
    arrays = {name: one.detach().float().numpy() for name, one in tensors.items()}
    np.savez_compressed(HERE / "torch.npz", allow_pickle=False, **arrays)


LAYERS: dict[str, Any] = {
    "linear": lambda: torch.nn.Linear(96, 40, bias=False),
    "embedding": lambda: torch.nn.Embedding(56, 48),
    "convolution": lambda: torch.nn.Conv2d(3, 24, 6, bias=False),
}


def main() -> None:
    without_torchvision()
    library("transformers.utils.logging").disable_progress_bar()
    torch.manual_seed(0)
    np.savez_compressed(HERE / "bitsandbytes.npz", allow_pickle=False, **small_matrices())
    np.savez_compressed(HERE / "lora.npz", allow_pickle=False, **small_layers())
    write_dictionary()
    for name in NAMES:
        with tempfile.TemporaryDirectory() as folder:
            for check in (adapted, quantised):
                for way, worst in check(name, Path(folder)):
                    print(name, way, worst, flush=True)


if __name__ == "__main__":
    main()
