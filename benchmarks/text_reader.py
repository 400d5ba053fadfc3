"""How long the text of an image takes, from the start of the reader's process to the result, and what it holds.

`python -m benchmarks.text_reader [--json FILE] [--runs N] [--patience S]`. *Cold* starts the process for this image;
*ready* is a process that was started before, as the program does while a part of the screen is being chosen; *warm* has
read an image already. All in turn, medians. On Linux the processes have no network (`unshare --net`, where that is
allowed). Processor time is shown too, as other programs change it less than the time itself.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import platform
import shutil
import statistics
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from benchmarks.quiet import Quiet
from desktop_vlm.service.child import child_command
from desktop_vlm.service.reader_client import Page, ReaderClient
from desktop_vlm.system.cores import usable_cores
from desktop_vlm.system.text_extra import installed_versions

ROOT = Path(__file__).parents[1]
MIB = 1 << 20
LOADED = "onnxruntime"
_READY_S = 20.0


@dataclass(frozen=True)
class Reading:
    """One image, read once.

    Attributes:
        wall_s: from the question, or from the start of the process, to the result.
        cpu_s: processor time of the process over all its threads meanwhile, in a cold start from its beginning.
        kept_mib: memory of the process afterwards.
        most_mib: the most that it had.
    """

    wall_s: float
    cpu_s: float
    kept_mib: float
    most_mib: float
    n_lines: int


def images() -> dict[str, Image.Image]:
    """What is read, by a name that says its size."""
    window = Image.open(ROOT / "docs" / "screenshots" / "json.png").convert("RGB")
    page = Image.new("RGB", (1920, 1080), "white")
    draw, font = ImageDraw.Draw(page), ImageFont.load_default(15)
    words = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8").split()
    for number in range(50):
        line = " ".join(words[20 * number : 20 * number + 20])[:150]
        draw.text((20, 20 + 21 * number), line.encode("ascii", "ignore").decode("ascii"), "black", font)
    return {
        "region, 800 x 400": window.crop((100, 200, 900, 600)),
        "window, 1920 x 1080": window.crop((0, 0, 1920, 1080)),
        f"window, {window.width} x {window.height}": window,
        "50 lines of 120 letters, 1920 x 1080": page,
    }


def png(image: Image.Image) -> bytes:
    """An image's file."""
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def command() -> tuple[str, ...]:
    """The process, without a network where the system lets us take that away."""
    unshare = shutil.which("unshare")
    if unshare and subprocess.run([unshare, "--net", "true"], capture_output=True, check=False).returncode == 0:
        return (unshare, "--net", *child_command("desktop_vlm.service.reader"))
    return child_command("desktop_vlm.service.reader")


def read(client: ReaderClient, data: bytes) -> Reading:
    """Have an image read; starts the process where there is none."""
    before_s = cpu_s(client.pid) if client.pid else 0.0
    begun = time.perf_counter()
    (page,) = client.read(data, "the image")
    wall_s = time.perf_counter() - begun
    assert isinstance(page, Page)
    memory = memory_mib(client.pid)
    return Reading(wall_s, cpu_s(client.pid) - before_s, memory["VmRSS"], memory["VmHWM"], len(page.layer.lines))


def cold(data: bytes) -> Reading:
    """From the start of the process."""
    with ReaderClient(command()) as client:
        return read(client, data)


def ready(data: bytes) -> Reading:
    """By a process that has loaded all it needs, and read nothing."""
    with ReaderClient(command()) as client:
        prepare(client)
        return read(client, data)


def warm(data: bytes) -> Reading:
    """By a process that has read the same before."""
    with ReaderClient(command()) as client:
        read(client, data)
        return read(client, data)


def prepare(client: ReaderClient) -> float:
    """Start the process and wait until it has loaded all; its memory then, MiB."""
    client.prepare()
    begun, last_s = time.monotonic(), -1.0
    while time.monotonic() - begun < _READY_S:
        time.sleep(0.25)
        is_loaded = LOADED in Path(f"/proc/{client.pid}/maps").read_text(encoding="utf-8")
        if is_loaded and cpu_s(client.pid) == last_s:
            break
        last_s = cpu_s(client.pid)
    return memory_mib(client.pid)["VmRSS"]


def cpu_s(pid: int) -> float:
    """Processor time of a process so far."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mib(pid: int) -> dict[str, float]:
    """What the system says of a process's memory."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    sizes = (line.split() for line in status if line.endswith(" kB"))
    return {name.rstrip(":"): int(number) * 1024 / MIB for name, number, _ in sizes}


def measure(runs: int, patience_s: float) -> dict[str, dict[str, list[Reading]]]:
    """All readings by image and by state of the process."""
    found: dict[str, dict[str, list[Reading]]] = {}
    states: dict[str, Callable[[bytes], Reading]] = {"cold": cold, "ready": ready, "warm": warm}
    quiet = Quiet(patience_s)
    files = {name: png(image) for name, image in images().items()}
    for _ in range(runs):
        for name, data in files.items():
            for state, work in states.items():
                last: list[Reading] = []
                quiet.measure(partial(once, work, data, last))
                found.setdefault(name, {}).setdefault(state, []).append(last[-1])
    if quiet.disturbed:
        print(f"{quiet.disturbed} readings were disturbed by other programs.")
    return found


def once(work: Callable[[bytes], Reading], data: bytes, found: list[Reading]) -> float:
    """Read once more; how long it took."""
    found.append(work(data))
    return found[-1].wall_s


def table(found: dict[str, dict[str, list[Reading]]]) -> str:
    """As docs/text-layer.md has it."""
    rows = [
        "| image | cold | ready | warm | processor time, cold and warm | memory kept (most) |",
        "|---|---|---|---|---|---|",
    ]
    for name, states in found.items():
        seconds = [f"{statistics.median(one.wall_s for one in states[state]):.2f} s" for state in states]
        cpu = [f"{statistics.median(one.cpu_s for one in states[state]):.1f}" for state in ("cold", "warm")]
        kept, most = (
            statistics.median(getattr(one, name) for one in states["warm"]) for name in ("kept_mib", "most_mib")
        )
        rows.append(f"| {name} | {' | '.join(seconds)} | {' and '.join(cpu)} s | {kept:.0f} ({most:.0f}) MiB |")
    return "\n".join(rows)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--patience", type=float, default=0.0, help="seconds in all to wait for a machine at rest")
    args = parser.parse_args()
    begun = time.perf_counter()
    with ReaderClient(command()) as client:
        loaded_mib = prepare(client)
    print(f"Without a network: {'unshare' in command()[0]}. Loaded, the process holds {loaded_mib:.0f} MiB.")
    found = measure(args.runs, args.patience)
    print(table(found))
    if args.json:
        facts = {
            "system": platform.platform(),
            "cores": usable_cores(),
            "versions": dict(installed_versions()),
            "loaded_mib": loaded_mib,
            "seconds": time.perf_counter() - begun,
            "readings": {
                name: {state: [asdict(one) for one in readings] for state, readings in states.items()}
                for name, states in found.items()
            },
        }
        args.json.write_text(json.dumps(facts, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
