"""Start from a run again with more cross-attention layers, and with the plan from its beginning.

    python -m training.deepen RUN_FOLDER OUT_FOLDER --config training/configs/demo-6.toml

Layers of the run keep their weights and their places among the text's layers. A new one begins as a copy of the nearest
old one with both gates closed, so the model computes what it did until training opens them. A gate behind a tanh of
zero has its whole gradient, and once it is open by a little so have the copied weights: for both optimizers it matters
where a gradient points, and not how large it is.

    python -m training.deepen RUN_FOLDER OUT_FOLDER --config training/configs/demo-7.toml --open-after 5 12 --share 0.4

Training opens closed gates slowly. So layers after the text layers that `--open-after` names begin open: by this share
of what the nearest of the other layers has, where they are not wider open already.
"""

from __future__ import annotations

import argparse
from collections.abc import Collection
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
        for part, value in _layer(run.weights, numbers[_nearest(place, numbers)]).items():
            is_closed = place not in numbers and part in GATES
            weights[f"layers.{number}.{part}"] = torch.zeros_like(value) if is_closed else value.clone()
    return Run(weights, model, {"step": 0, "elapsed_s": 0.0, "phase": "answers"})


def open_gates(run: Run, after: Collection[int], share: float) -> Run:
    """The run with the gates of the layers after these text layers open at least by a share of their neighbours'.

    A neighbour is the nearest layer that is not among them.

    Raises:
        ValueError: no cross-attention layer follows one of them, or all layers are among them.
    """
    numbers = dict(zip(run.model.cross_after, run.model.cross_layers, strict=True))
    if unknown := sorted(set(after) - set(numbers)):
        raise ValueError(f"no cross-attention layer follows the text layers {unknown}")
    others = [place for place in numbers if place not in after]
    if not others:
        raise ValueError("a layer is opened as far as another one, and there is no other")
    weights = dict(run.weights)
    for place in after:
        for gate in GATES:
            name, model = (f"layers.{numbers[one]}.{gate}" for one in (place, _nearest(place, others)))
            least = share * run.weights[model]
            weights[name] = torch.where(run.weights[name].abs() < least.abs(), least, run.weights[name])
    return replace(run, weights=weights)


def _nearest(place: int, places: Collection[int]) -> int:
    return min(places, key=lambda other: (abs(other - place), other))


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
    parser.add_argument("--open-after", type=int, nargs="+", default=[], help="text layers; see above")
    parser.add_argument("--share", type=float, default=0.4)
    options = parser.parse_args()
    found = deepen(load_run(options.run), read_config(options.config).model)
    if options.open_after:
        found = open_gates(found, options.open_after, options.share)
    print(f"{save_run(found, options.out):,} bytes, cross-attention after {list(found.model.cross_after)}")


if __name__ == "__main__":
    main()
