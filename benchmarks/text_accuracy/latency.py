"""`python -m benchmarks.text_accuracy.latency`: how long an image takes in a process that has just begun, and after."""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import time

from PIL import Image

from benchmarks.text_accuracy.screens import render

SIZES = (("800 x 400 region", 800, 400), ("1080p", 1920, 1080), ("4K", 3840, 2160))
ROUNDS = 3


def desktop(width: int, height: int) -> Image.Image:
    """A screen with windows on it, of 13 px text; some 15 lines in each."""
    image = Image.new("RGB", (width, height), "#3a6ea5")
    number = 0
    for top in range(30, height - 100, 600):
        for left in range(30, width - 100, 1000):
            image.paste(render(number, (1, 2, 3, 5)[number % 4], 13, 1, number % 2).image, (left, top))
            number += 1
    return image


def once(width: int, height: int) -> None:
    """In a process of its own: what it takes to begin, and to read an image, cold and warm; MiB at the most."""
    began = time.perf_counter()
    from desktop_vlm.images.text_layer.recognition import prepare, recognise

    prepare()
    loaded = time.perf_counter() - began
    image = desktop(width, height)
    times = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        layer = recognise(image)
        times.append(time.perf_counter() - start)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps([len(layer.lines), loaded, times[0], statistics.median(times[1:]), peak]))


def main() -> None:
    if len(sys.argv) == 3:
        once(int(sys.argv[1]), int(sys.argv[2]))
        return
    print("| image | lines | loading, s | first, s | then, s | MiB at most |\n|---|---|---|---|---|---|")
    for name, width, height in SIZES:
        command = [sys.executable, "-m", "benchmarks.text_accuracy.latency", str(width), str(height)]
        lines, loaded, first, later, peak = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
        print(f"| {name} | {lines} | {loaded:.2f} | {first:.2f} | {later:.2f} | {peak:.0f} |")


if __name__ == "__main__":
    main()
