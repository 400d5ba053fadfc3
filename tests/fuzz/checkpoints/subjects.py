"""The checkpoints that are damaged: a tiny one of each layout."""

from __future__ import annotations

import json
from pathlib import Path

from tests.checkpoints import BETA, DELTA, GAMMA, build
from tests.checkpoints.adapters import PREFIX, weights_of, write_adapter
from tests.checkpoints.families import FAMILY_CHECKPOINTS, build_family
from tests.checkpoints.meta import build_both, meta_like
from tests.checkpoints.mutations import write_index
from tests.checkpoints.pytorch import write_pytorch
from tests.checkpoints.quantised import quantise_folder

NAMES = (
    *("mllama", "mllama-indexed", "mllama-shards", "mllama-bnb4", "mllama-bnb8", "mllama-meta", "llava", "llava-old"),
    *("llava-bin", "llava-sentencepiece", "llava-lora", "pixtral", "pixtral-mistral", "qwen", "qwen-bnb4", "qwen-lora"),
)


def write_subject(name: str, folder: Path) -> Path:
    """Write one of `NAMES` into `folder`, unless it is there; the folder that is damaged and converted."""
    target = folder / name
    if target.is_dir():
        return target
    partial = folder / f"{name}.partial"
    _write(name, partial)
    if name == "mllama-meta":
        (partial / "meta").rename(target)
    else:
        partial.rename(target)
    return target


def _write(name: str, folder: Path) -> None:
    family, _, kind = name.partition("-")
    if kind == "meta":
        build_both(meta_like(), folder, 2)
    elif kind == "lora":
        _write_adapter(name, write_subject(family, folder.parent), folder)
    elif family == "mllama":
        build({"shards": GAMMA, "": DELTA}.get(kind, BETA), folder)
    elif kind in {"mistral", "old"}:
        build_family(FAMILY_CHECKPOINTS[name if name in FAMILY_CHECKPOINTS else family], folder)
    else:
        build_family(FAMILY_CHECKPOINTS[family], folder)
    if kind == "indexed":
        write_index(folder)
    elif kind.startswith("bnb"):
        quantise_folder(folder, eight=kind == "bnb8")
    elif kind == "bin":
        write_pytorch(folder / "pytorch_model.bin", weights_of(folder), "f32")
        for path in folder.glob("model*safetensors*"):
            path.unlink()
    elif kind == "sentencepiece":
        (folder / "tokenizer.json").unlink()


def _write_adapter(name: str, base: Path, folder: Path) -> None:
    weights = weights_of(base)
    modules = [key.removesuffix(".weight") for key in weights if key.endswith(("up_proj.weight", "q_proj.weight"))][:3]
    more = {}
    if name == "llava-lora":  # DoRA
        for module in modules:
            more[f"{PREFIX}{module}.lora_magnitude_vector"] = abs(weights[f"{module}.weight"]).sum(axis=1) + 1
    write_adapter(
        folder, base, modules, more=more, rank_pattern={"up_proj": 8}, alpha_pattern={"q_proj": 3.0},
        use_dora=bool(more),
    )  # fmt: skip


def base_of(folder: Path) -> str:
    """The checkpoint that an adapter names; empty for another folder."""
    try:
        return str(json.loads((folder / "adapter_config.json").read_text())["base_model_name_or_path"])
    except (OSError, ValueError, KeyError):
        return ""
