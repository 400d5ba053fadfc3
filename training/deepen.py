"""Start from a run again with more cross-attention layers, and with the plan from its beginning.

    python -m training.deepen RUN_FOLDER OUT_FOLDER --config training/configs/demo-6.toml

Layers of the run keep their weights and their places among the text's layers. A new one begins as a copy of the nearest
old one with both gates closed, so the model computes what it did until training opens them. A gate behind a tanh of
zero has its whole gradient, and once it is open by a little so have the copied weights: for both optimizers it matters
where a gradient points, and not how large it is.
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import torch
from torch import Tensor

from training.export import Run, load_run, save_run
from training.train import read_config
from training.vision_encoder import ModelConfig

GATES = ("cross_attn_attn_gate", "cross_attn_mlp_gate")


def deepen(run: Run, model: ModelConfig) -> Run:
    """The run with the cross-attention layers of `model`, at the beginning of a plan.

    Raises:
        ValueError: something else differs, or a layer of the run has no place in `model`.
    """
    old = run.model
    if replace(old, cross_after=model.cross_after) != model:
        raise ValueError("only cross_after may differ from the run's")
    if missing := sorted(set(old.cross_after) - set(model.cross_after)):
        raise ValueError(f"the run has cross-attention layers after {missing}, which cross_after lacks")
    numbers = dict(zip(old.cross_after, old.cross_layers, strict=True))
    weights = {name: value for name, value in run.weights.items() if not name.startswith("layers.")}
    for place, number in zip(model.cross_after, model.cross_layers, strict=True):
        nearest = min(numbers, key=lambda other: (abs(other - place), other))
        for part, value in _layer(run.weights, numbers[nearest]).items():
            is_closed = place not in numbers and part in GATES
            weights[f"layers.{number}.{part}"] = torch.zeros_like(value) if is_closed else value.clone()
    return Run(weights, model, {"step": 0, "elapsed_s": 0.0, "phase": "answers"})


def _layer(weights: dict[str, Tensor], number: int) -> dict[str, Tensor]:
    """The weights of a cross-attention layer by their names in it."""
    prefix = f"layers.{number}."
    return {name.removeprefix(prefix): value for name, value in weights.items() if name.startswith(prefix)}


def main() -> None:
    """Write the run with the layers of a configuration."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("run", type=Path, help="folder with adapter-00.bin, ... and run.json")
    parser.add_argument("out", type=Path)
    parser.add_argument("--config", type=Path, required=True, help="whose cross_after the new run gets")
    options = parser.parse_args()
    found = deepen(load_run(options.run), read_config(options.config).model)
    print(f"{save_run(found, options.out):,} bytes, cross-attention after {list(found.model.cross_after)}")


if __name__ == "__main__":
    main()
