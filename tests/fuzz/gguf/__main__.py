"""`python -m tests.fuzz.gguf`: damage model files by the thousand, and see what the program makes of them."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from dataclasses import asdict
from pathlib import Path

from tests.fuzz.gguf.campaign import cases
from tests.fuzz.gguf.subjects import NAMES


def main() -> int:
    """Run a campaign; 1 where something came of it that must not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("text", "mmproj"), action="append")
    parser.add_argument("--subject", choices=NAMES, action="append")
    parser.add_argument("--count", type=int, default=10_000, help="damaged files of each part, over all subjects")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--most-loads", type=int, help="of each part of each subject; what passes the gate is loaded")
    parser.add_argument("--folder", type=Path, help="for all files; what is there already is used")
    parser.add_argument("--out", type=Path, help="where bad cases are noted, one a line")
    args = parser.parse_args()
    os.nice(5)
    counts: Counter[str] = Counter()
    n_bad = 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = args.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        subjects = args.subject or NAMES
        for part in args.part or ("text", "mmproj"):
            for subject in subjects:
                each = args.count // len(subjects)
                for case in cases(
                    subject, part, range(args.seed, args.seed + each), folder, most_loads=args.most_loads
                ):
                    counts[f"{part} {case.outcome.kind}"] += 1
                    if not case.outcome.is_good:
                        n_bad += 1
                        print(json.dumps(asdict(case)), flush=True)
                        if args.out:
                            with args.out.open("a") as file:
                                file.write(json.dumps(asdict(case)) + "\n")
                print(part, subject, dict(counts), file=sys.stderr, flush=True)
    return int(n_bad > 0)


if __name__ == "__main__":
    sys.exit(main())
