"""Checkpoints with something odd in any of their files: a plan or one sentence, soon, and never a traceback.

Seeds are fixed. `python -m tests.conversion.test_mutations 5000 7` tries 5000 others, from seed 7 on.
"""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.convert import plan
from tests.checkpoints import BETA, build
from tests.checkpoints.adapters import write_adapter
from tests.checkpoints.families import FAMILY_CHECKPOINTS, build_family
from tests.checkpoints.mutations import mutate, write_index
from tests.checkpoints.quantised import quantise_folder

N_CASES = 150
MOST_S = 20


def build_all(folder: Path) -> list[Path]:
    """Checkpoints of every kind, unchanged."""
    folders = [build_family(FAMILY_CHECKPOINTS[name], folder / name) for name in ("llava", "pixtral-mistral", "qwen")]
    indexed, quantised = build(BETA, folder / "indexed"), build(BETA, folder / "quantised")
    write_index(indexed)
    quantise_folder(quantised)
    write_adapter(
        folder / "adapter", folders[0], ["language_model.model.layers.1.mlp.up_proj"],
        rank_pattern={"up_proj": 8}, alpha_pattern={"gate_proj": 3},
    )  # fmt: skip
    return [*folders, indexed, quantised, folder / "adapter"]


def outcome(seed: int, folders: list[Path], work: Path) -> str:
    """Change a copy of one of the checkpoints and plan its conversion: `planned` or `refused`."""
    rng = random.Random(seed)
    source = rng.choice(folders)
    shutil.rmtree(work, ignore_errors=True)
    shutil.copytree(source, work)
    said, started_s = f"seed {seed}, {source.name}: {mutate(rng, work)}", time.thread_time()
    sentence = ""
    try:
        plan(work, work.parent / "out")
    except UserError as error:
        sentence = str(error)
    except Exception as error:
        error.add_note(said)
        raise
    assert "\n" not in sentence, said
    assert len(sentence) < 800, said
    assert "download" not in sentence, said
    assert time.thread_time() - started_s < MOST_S, said
    return "refused" if sentence else "planned"


def test_odd_checkpoints(tmp_path: Path) -> None:
    folders = build_all(tmp_path / "whole")
    counts = Counter(outcome(seed, folders, tmp_path / "work") for seed in range(N_CASES))
    assert counts["planned"] > N_CASES // 10
    assert counts["refused"] > N_CASES // 10


def main() -> None:
    """Try other seeds."""
    count, first = (int(argument) for argument in sys.argv[1:3])
    with tempfile.TemporaryDirectory() as folder:
        folders = build_all(Path(folder) / "whole")
        counts: Counter[str] = Counter()
        for seed in range(first, first + count):
            counts[outcome(seed, folders, Path(folder) / "work")] += 1
        print(counts)


if __name__ == "__main__":
    main()
