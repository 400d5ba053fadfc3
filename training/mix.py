"""Weights between those of two runs: `python -m training.mix BEFORE AFTER SHARE OUT`.

A short run forgets some of what the one before it could. Between both lie weights that keep most of the new and of the
old: https://arxiv.org/abs/2109.01903 found that for fine-tuned models.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from training.export import Run, load_run, save_run


def mix(before: Run, after: Run, share: float) -> Run:
    """`share` of `after` and the rest of `before`; progress is that of `after`.

    Raises:
        ValueError: they have other sizes, or `share` is not between 0 and 1.
    """
    if before.model != after.model:
        raise ValueError("both runs need the same model; training.deepen gives the earlier one the layers of the later")
    if not 0 <= share <= 1:
        raise ValueError(f"the share of the later run is between 0 and 1, not {share}")
    weights = {name: (1 - share) * before.weights[name] + share * value for name, value in after.weights.items()}
    return Run(weights, after.model, after.progress)


def main() -> None:
    """Write the mixture."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("before", type=Path, help="folder with adapter-00.bin, ... and run.json")
    parser.add_argument("after", type=Path)
    parser.add_argument("share", type=float, help="of the later run's weights, 0 to 1")
    parser.add_argument("out", type=Path)
    options = parser.parse_args()
    print(f"{save_run(mix(load_run(options.before), load_run(options.after), options.share), options.out):,} bytes")


if __name__ == "__main__":
    main()
