"""`python -m tests.fuzz.images`: damage images, drawings and PDF files by the thousand, and see what comes of them."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict

from tests.fuzz.images.drawings import damaged_drawing
from tests.fuzz.images.mutations import damaged_image
from tests.fuzz.images.pdfs import damaged_pdf
from tests.fuzz.images.trial import Outcome, Trials, draw

KINDS = ("images", "pdfs", "drawings")


def cases(kind: str, seeds: range) -> Iterator[tuple[int, str, Outcome]]:
    """Seed, what was done, and what came of it."""
    make: Callable[[int], tuple[str, bytes]]
    make = {"images": damaged_image, "pdfs": damaged_pdf, "drawings": damaged_drawing}[kind]
    trials = Trials()
    try:
        for seed in seeds:
            done, data = make(seed)
            yield seed, done, draw(data) if kind == "drawings" else trials.image(data)
    finally:
        trials.close()


def main() -> int:
    """Run a campaign; 1 where something came of it that must not be."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kind", choices=KINDS, action="append")
    parser.add_argument("--count", type=int, default=10_000, help="damaged files of each kind")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--all", action="store_true", help="print what is no harm, too, but for what is opened")
    parser.add_argument("--drawing-s", type=float, default=1.0, help="processor time of a drawing; the program's is 8")
    args = parser.parse_args()
    os.nice(5)
    if "drawings" in (args.kind or KINDS):
        from desktop_vlm.ui.pictures import svg_renderer  # Qt, which the others have no need of

        setattr(svg_renderer, "PROCESSOR_S", args.drawing_s)  # noqa: B010 - each is a process, and some go on until they are stopped
    n_bad = 0
    for kind in args.kind or KINDS:
        counts: Counter[str] = Counter()
        for seed, done, outcome in cases(kind, range(args.seed, args.seed + args.count)):
            counts[outcome.kind] += 1
            n_bad += not outcome.is_good
            if sum(counts.values()) % 1000 == 0:
                print(kind, dict(counts), file=sys.stderr, flush=True)
            if not outcome.is_good or outcome.kind == "ended" or (args.all and outcome.kind == "limited"):
                print(json.dumps({"seed": seed, "done": done[:300], **asdict(outcome)}), flush=True)
        print(kind, dict(counts), file=sys.stderr, flush=True)
    return int(n_bad > 0)


if __name__ == "__main__":
    sys.exit(main())
