"""`python -m benchmarks.text_accuracy`: prints the tables of docs/text-layer.md."""

from __future__ import annotations

import argparse
import shutil
import sys
import time
from collections import defaultdict
from pathlib import Path

from benchmarks.text_accuracy.jobs import scores
from benchmarks.text_accuracy.measures import Score
from benchmarks.text_accuracy.readers import READERS
from benchmarks.text_accuracy.screens import Screen, screens


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.text_accuracy", description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="take one screen of so many")
    parser.add_argument("--kinds", nargs="*", default=(), help="only these kinds of screens")
    parser.add_argument("--readers", nargs="*", default=list(READERS), choices=list(READERS))
    parser.add_argument("--confusions", type=int, default=0, help="print so many of the commonest confusions")
    parser.add_argument("--jobs", type=int, default=1, help="read so many screens at once, each on a core of its own")
    parser.add_argument("--keep", type=Path, help="a folder for the screens that were not read without an error")
    options = parser.parse_args()
    chosen = [screen for screen in screens(every=options.every) if not options.kinds or screen.kind in options.kinds]
    print(f"{len(chosen)} screens, {sum(len(line.text) for one in chosen for line in one.lines):,} characters")
    for name in options.readers:
        if name.startswith("tesseract") and not shutil.which("tesseract"):
            print(f"\n{name}: not installed here")
            continue
        run(name, chosen, options)


def run(name: str, chosen: list[Screen], options: argparse.Namespace) -> None:
    groups: dict[str, Score] = defaultdict(Score)
    began = time.perf_counter()
    for screen, found in zip(chosen, scores(name, chosen, options.jobs), strict=True):
        for group in ("all", screen.kind, f"{screen.size_px:2d} px", f"{screen.scale}x", screen.theme):
            groups[group].add(found)
        if options.keep and found.errors:
            options.keep.mkdir(parents=True, exist_ok=True)
            screen.image.save(options.keep / f"{screen.name}-{found.errors}.png")
    print(f"\n{name}: {(time.perf_counter() - began) / max(1, len(chosen)):.2f} s a screen\n")
    print("| | character error rate | lines without error | word IoU | words at IoU >= 0.5 |\n|---|---|---|---|---|")
    for group in sorted(groups):
        one = groups[group]
        half = sum(value >= 0.5 for value in one.ious) / max(1, len(one.ious))
        print(
            f"| {group.strip()} | {one.error_rate:.2%} | {one.whole_lines / max(1, one.lines):.1%}"
            f" | {one.iou:.2f} | {half:.1%} |"
        )
    for (truth, read), count in groups["all"].confusions.most_common(options.confusions):
        print(f"{count:5d}  {truth!r} -> {read!r}", file=sys.stderr)


if __name__ == "__main__":
    main()
