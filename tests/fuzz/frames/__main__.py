"""`python -m tests.fuzz.frames`: damaged frames by the thousand, and what comes of them where they are received."""

from __future__ import annotations

import argparse
import json
import os
import resource
import sys
from collections import Counter

from PySide6.QtCore import QCoreApplication

from tests.fuzz.frames.trial import TRIALS, attempt


def main() -> int:
    """Run a campaign; 1 where something came of it that must not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000, help="trials of each protocol and direction")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--trial", choices=tuple(TRIALS), action="append")
    args = parser.parse_args()
    os.nice(5)
    app = QCoreApplication.instance() or QCoreApplication([])
    assert app
    n_bad = 0
    for name in args.trial or TRIALS:
        counts: Counter[str] = Counter()
        for seed in range(args.seed, args.seed + args.count):
            outcome = attempt(name, seed)
            counts[outcome.kind] += 1
            if outcome.bad:
                n_bad += 1
                print(json.dumps({"trial": name, "seed": seed, "kind": outcome.kind, "bad": outcome.bad}), flush=True)
        most_mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(name, dict(counts), f"{most_mib} MiB", file=sys.stderr, flush=True)
    return int(n_bad > 0)


if __name__ == "__main__":
    sys.exit(main())
