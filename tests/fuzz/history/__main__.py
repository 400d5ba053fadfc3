"""`python -m tests.fuzz.history`: damage histories by the thousand, and see what the program makes of them."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from tests.fuzz.history.mutations import damage
from tests.fuzz.history.subject import fill
from tests.fuzz.history.trial import Outcome, attempt

_IN_MEMORY = Path("/dev/shm")
"""Where there is such a folder: the history waits for its disk after every message."""


def cases(seeds: range) -> Iterator[tuple[int, str, Outcome]]:
    """Seed, what was done, and what came of it."""
    with tempfile.TemporaryDirectory(dir=_IN_MEMORY if _IN_MEMORY.is_dir() else None) as name:
        folder = Path(name)
        path = folder / "used" / "history.db"
        fill(folder / "whole" / "history.db")
        whole = (folder / "whole" / "history.db").read_bytes()
        path.parent.mkdir()
        for seed in seeds:
            for old in path.parent.iterdir():
                old.unlink()
            path.write_bytes(whole)
            done = damage(path, seed)
            yield seed, done, attempt(path)


def main() -> int:
    """Run a campaign; 1 where something came of it that must not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="damaged histories")
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    os.nice(5)
    counts: Counter[str] = Counter()
    n_bad = 0
    for seed, done, outcome in cases(range(args.seed, args.seed + args.count)):
        counts[outcome.kind] += 1
        if sum(counts.values()) % 1000 == 0:
            print("histories", dict(counts), file=sys.stderr, flush=True)
        if not outcome.is_good:
            n_bad += 1
            print(json.dumps({"seed": seed, "done": done[:300], **asdict(outcome)}), flush=True)
    print("histories", dict(counts), file=sys.stderr, flush=True)
    return int(n_bad > 0)


if __name__ == "__main__":
    sys.exit(main())
