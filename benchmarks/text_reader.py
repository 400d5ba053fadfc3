"""How long the text of an image takes, from the start of the reader's process to the result, and what it holds.

`python -m benchmarks.text_reader [--json FILE] [--runs N]`; medians. *Cold* starts the process for this image; *ready* is
a process that was started before, as the program does when a region of the screen is being chosen; *warm* has read an
image already. On Linux the processes have no network (`unshare --net`, where that is allowed), and the processor time
of each is shown, which other programs do not change as much as the time itself. Memory is what the process keeps.
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
from importlib.metadata import version
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from benchmarks.quiet import Quiet
from desktop_vlm.service.child import child_command
from desktop_vlm.service.reader_client import Page, ReaderClient

ROOT = Path(__file__).parents[1]
MIB = 1 << 20
_READY_S = 5.0


@dataclass(frozen=True)
class Timing:
    """One reading.

    Attributes:
        cpu_s: processor time of the reader's process from its start, over all its threads.
        kept_mib: its memory afterwards.
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
        line = " ".join(words[20 * number : 20 * number + 20])
        draw.text((20, 20 + 21 * number), line[:150].encode("latin-1", "ignore").decode("latin-1"), "black", font)
    return {
        "a region, 800 x 400": window.crop((100, 200, 900, 600)),
        "a window, 1920 x 1080": window.crop((0, 0, 1920, 1080)),
        "50 long lines, 1920 x 1080": page,
        f"a window at 2x, {window.width} x {window.height}": window,
    }


def png(image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


def command() -> tuple[str, ...]:
    """The process, without a network where the system lets us take that away."""
    unshare = shutil.which("unshare")
    if unshare and subprocess.run([unshare, "--net", "true"], capture_output=True, check=False).returncode == 0:
        return (unshare, "--net", *child_command("desktop_vlm.service.reader"))
    return child_command("desktop_vlm.service.reader")


def read(client: ReaderClient, data: bytes) -> Timing:
    begun = time.perf_counter()
    (page,) = client.read(data, "the image")
    wall_s = time.perf_counter() - begun
    assert isinstance(page, Page)
    return Timing(wall_s, cpu_s(client.pid), memory_mib(client.pid, "VmRSS"), memory_mib(client.pid, "VmHWM"), len(page.layer.lines))


def cold(data: bytes) -> Timing:
    with ReaderClient(command()) as client:
        return read(client, data)


def ready(data: bytes) -> Timing:
    """The process has loaded all it needs, and read nothing."""
    with ReaderClient(command()) as client:
        client.prepare()
        begun = time.monotonic()
        while time.monotonic() - begun < _READY_S and memory_mib(client.pid, "VmRSS") < memory_loaded_mib():
            time.sleep(0.05)
        time.sleep(0.3)
        return read(client, data)


def warm(data: bytes) -> Timing:
    with ReaderClient(command()) as client:
        read(client, data)
        return read(client, data)


def memory_loaded_mib() -> float:
    return 90.0


def cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_mib(pid: int, field: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1024 / MIB
    return 0.0
