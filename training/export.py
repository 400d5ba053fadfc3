"""The files of an adapter: pieces of a training run, and a `MllamaForConditionalGeneration` folder.

    python -m training.export RUN_FOLDER OUT_FOLDER [--dtype f16]

The folder has only what our converter needs for the vision file: the vision encoder, the projector, the
cross-attention layers and `embed_tokens` with its eight extra rows. The language model stays the GGUF that it is.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load, load_file, save, save_file
from torch import Tensor

from desktop_vlm.api.image_sizing import supported_aspect_ratios
from training.language_model import GgufFile, TextShape, find_gguf, open_gguf, read_shape
from training.model import Adapter
from training.vision_encoder import ModelConfig

EXTRA_EMBEDDING_ROWS = 8
_EMBEDDINGS = "language_model.model.embed_tokens.weight"
_LAYERS = "language_model.model.layers."
_TILE_POSITIONS = "vision_model.gated_positional_embedding.tile_embedding"
_DTYPES = {"f16": torch.float16, "bf16": torch.bfloat16, "f32": torch.float32}
_PIECE_BYTES = 15_000_000
"""A run's weights are stored in pieces of at most this size, which fit through a narrow transfer."""


@dataclass(frozen=True)
class Run:
    """What a training run left: weights in float32, sizes, and how far it came.

    Attributes:
        progress: `step`, `elapsed_s` and `phase`, as the run wrote them.
    """

    weights: dict[str, Tensor]
    model: ModelConfig
    progress: dict[str, Any]


def save_run(run: Run, folder: Path) -> int:
    """Write float16 weights as `adapter-00.bin`, ... and `run.json`; returns the weights' size in bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    raw = save({name: value.detach().cpu().half().contiguous() for name, value in run.weights.items()})
    for old in folder.glob("adapter-*.bin"):
        old.unlink()
    for number, start in enumerate(range(0, len(raw), _PIECE_BYTES)):
        (folder / f"adapter-{number:02}.bin").write_bytes(raw[start : start + _PIECE_BYTES])
    content = {"model": asdict(run.model), "progress": run.progress}
    (folder / "run.json").write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    return len(raw)


def load_run(folder: Path) -> Run:
    """Read what `save_run` wrote.

    Raises:
        FileNotFoundError: there is no run in `folder`.
    """
    content = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    settings: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in content["model"].items()
    }
    raw = b"".join(piece.read_bytes() for piece in sorted(folder.glob("adapter-*.bin")))
    weights = {name: value.float() for name, value in load(raw).items()}
    return Run(weights, ModelConfig(**settings), content["progress"])


def export(weights: Mapping[str, Tensor], config: ModelConfig, text_file: GgufFile, folder: Path, dtype: str) -> Path:
    """Write an adapter's weights as a checkpoint into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    text = read_shape(text_file)
    settings = {"config.json": config_json(config, text), "preprocessor_config.json": preprocessor_json(config)}
    for name, content in settings.items():
        (folder / name).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
    tensors = to_checkpoint(weights, config, torch.from_numpy(text_file.read("token_embd.weight")))
    stored = {name: tensor.to(_DTYPES[dtype]).contiguous() for name, tensor in tensors.items()}
    save_file(stored, folder / "model.safetensors")
    return folder


def checkpoint_name(name: str) -> str:
    """The checkpoint's name of an adapter's tensor."""
    if name.startswith("layers."):
        return _LAYERS + name.removeprefix("layers.")
    return {"image_embedding": _EMBEDDINGS, _TILE_POSITIONS: f"{_TILE_POSITIONS}.weight"}.get(name, name)


def to_checkpoint(weights: Mapping[str, Tensor], config: ModelConfig, embeddings: Tensor) -> dict[str, Tensor]:
    """Tensors by the checkpoint's names.

    Args:
        weights: an adapter's state.
        config: its sizes.
        embeddings: the language model's, [vocab_size, width].
    """
    tensors: dict[str, Tensor] = {}
    for name, value in weights.items():
        if name.startswith("letter_head."):
            continue
        if name.startswith("layers."):
            tensors[_LAYERS + name.removeprefix("layers.")] = value
        elif name == "image_embedding":
            extra = torch.zeros(EXTRA_EMBEDDING_ROWS, embeddings.shape[1])  # [8, width]
            extra[0] = value
            tensors[_EMBEDDINGS] = torch.cat([embeddings, extra])  # [vocab_size + 8, width]
        elif name == _TILE_POSITIONS:
            every_token = value.expand(-1, -1, config.tokens_per_tile, -1)  # [ratios, max_tiles, tokens, width]
            tensors[f"{name}.weight"] = every_token.flatten(1)  # [ratios, max_tiles * tokens * width]
        else:
            tensors[name] = value
    return tensors


def from_checkpoint(tensors: Mapping[str, Tensor], config: ModelConfig, text: TextShape) -> Adapter:
    """An adapter with a checkpoint's weights (older naming); it gets full tile positions."""
    config = replace(config, full_tile_positions=True)
    adapter = Adapter(config, text)
    state: dict[str, Tensor] = {}
    for name, value in adapter.state_dict().items():
        if name.startswith("letter_head."):
            state[name] = value
        elif name.startswith("layers."):
            state[name] = tensors[_LAYERS + name.removeprefix("layers.")]
        elif name == "image_embedding":
            state[name] = tensors[_EMBEDDINGS][text.vocab_size]  # [width]
        elif name == _TILE_POSITIONS:
            state[name] = tensors[f"{name}.weight"].view(value.shape)  # [ratios, max_tiles, tokens, width]
        else:
            state[name] = tensors[name]
    adapter.load_state_dict({name: value.float() for name, value in state.items()})
    return adapter


def read_checkpoint(folder: Path) -> dict[str, Tensor]:
    """All tensors of a checkpoint."""
    tensors: dict[str, Tensor] = {}
    for path in sorted(folder.glob("*.safetensors")):
        tensors |= load_file(path)
    return tensors


def config_json(config: ModelConfig, text: TextShape) -> dict[str, Any]:
    """Content of `config.json`."""
    return {
        "model_type": "mllama",
        "architectures": ["MllamaForConditionalGeneration"],
        "image_token_index": text.vocab_size,
        "text_config": {
            "model_type": "mllama_text_model",
            "vocab_size": text.vocab_size,
            "hidden_size": text.width,
            "intermediate_size": text.ffn_width,
            "num_hidden_layers": text.n_layers + len(config.cross_layers),
            "cross_attention_layers": list(config.cross_layers),
            "num_attention_heads": text.n_heads,
            "num_key_value_heads": text.n_heads_kv,
            "rms_norm_eps": round(text.rms_eps, 12),
            "rope_theta": text.rope_theta,
            "rope_scaling": {"rope_type": "default"},
            "max_position_embeddings": text.context_length,
            "hidden_act": "silu",
            "tie_word_embeddings": True,
        },
        "vision_config": {
            "model_type": "mllama_vision_model",
            "hidden_size": config.width,
            "intermediate_size": config.ffn_width,
            "num_hidden_layers": config.n_layers,
            "num_global_layers": config.n_global_layers,
            "attention_heads": config.n_heads,
            "num_channels": 3,
            "image_size": config.tile_px,
            "patch_size": config.patch_px,
            "max_num_tiles": config.max_tiles,
            "intermediate_layers_indices": list(config.taps),
            "vision_output_dim": config.width * (1 + len(config.taps)),
            "supported_aspect_ratios": [list(ratio) for ratio in supported_aspect_ratios(config.max_tiles)],
            "norm_eps": config.norm_eps,
            "hidden_act": "gelu",
        },
    }


def preprocessor_json(config: ModelConfig) -> dict[str, Any]:
    """Content of `preprocessor_config.json`."""
    return {
        "image_processor_type": "MllamaImageProcessor",
        "do_convert_rgb": True,
        "do_normalize": True,
        "do_pad": True,
        "do_rescale": True,
        "do_resize": True,
        "max_image_tiles": config.max_tiles,
        "resample": 2,
        "rescale_factor": 1 / 255,
        "size": {"height": config.tile_px, "width": config.tile_px},
        "image_mean": list(config.mean),
        "image_std": list(config.std),
    }


def main() -> None:
    """Export the adapter of a training run."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("run", type=Path, help="folder with adapter-00.bin, ... and run.json")
    parser.add_argument("out", type=Path)
    parser.add_argument("--dtype", choices=sorted(_DTYPES), default="f16")
    options = parser.parse_args()
    run = load_run(options.run)
    print(export(run.weights, run.model, open_gguf(find_gguf()), options.out, options.dtype))


if __name__ == "__main__":
    main()
