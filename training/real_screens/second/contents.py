"""What lies in the home folder of the second set's desktops."""

from __future__ import annotations

import os
import shutil
import subprocess
import wave
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FILES = Path(__file__).parent / "files"
_WHEN = "2026-05-20T08:15:00+00:00"
_LISTED = {
    "Scans": (
        ("birth-certificate.pdf", 212), ("deed-of-house.pdf", 1804), ("diploma-1994.pdf", 655),
        ("family-tree.odg", 87), ("letters-from-ada", 0), ("passport-old.jpg", 930), ("ration-book.png", 1410),
    ),
    "Invoices": (
        ("2026-01-roofer.pdf", 148), ("2026-02-oil.pdf", 96), ("2026-02-vet.pdf", 71), ("2026-04-plumber.pdf", 203),
        ("paid", 0), ("reminder.odt", 19),
    ),
    "Workshop": (
        ("bench", 0), ("cut-list.ods", 24), ("dovetail-jig.stl", 3120), ("glue-tests.txt", 3),
        ("lathe-manual.pdf", 5230), ("shelf-final.svg", 58), ("stain-samples.jpg", 2240), ("toolchest", 0),
    ),
}  # fmt: skip
"""Folders, and what is in them with its size in KB: folders, where a name has no ending."""
_TRACKS = (
    "The Herring Queen", "Slow Train to Mora", "Lantern Waltz", "Rosin and Rust", "Two Left Boots",
    "Farewell, Inishbeg",
)  # fmt: skip
_RAIN = (("Jan", 71), ("Feb", 54), ("Mar", 48), ("Apr", 33), ("May", 62), ("Jun", 90))
_PRICES_BEFORE = """# Fares of the ferry, in cents
SINGLE = 420
RETURN = 760
CHILD = 210


def fare(kind, bicycle=False):
    price = {"single": SINGLE, "return": RETURN}[kind]
    return price + 150 if bicycle else price
"""
_PRICES_AFTER = _PRICES_BEFORE.replace("SINGLE = 420", "SINGLE = 450").replace("+ 150", "+ 180")
_TRANSFERS = """<?xml version="1.0"?><FileZilla3><Settings><Setting name="Show Tree Local">0</Setting>
<Setting name="Show Tree Remote">0</Setting><Setting name="Greeting version">9.9.9</Setting>
<Setting name="Update Check">0</Setting><Setting name="Reconnect count">0</Setting></Settings></FileZilla3>
"""
_DOUBTFUL_C = """#include <stdio.h>

int litres(double gallons)
{
    int unused = 7;
    return gallons * 3.785;
}

int main(void)
{
    printf("%d litres\\n", litres(5.5), 2);
    return missing_function();
}
"""


def fill(home: Path) -> None:
    """Write everything into the home folder."""
    (home / "Documents").mkdir()
    for path in FILES.iterdir():
        plain = path.name.removesuffix(".txt") if path.name.endswith((".py.txt", ".cpp.txt")) else path.name
        shutil.copy(path, home / "Documents" / plain)
    (home / "Documents/barrel.c").write_text(_DOUBTFUL_C, encoding="utf-8")
    for folder, entries in _LISTED.items():
        for name, kilobytes in entries:
            path = home / folder / name
            if kilobytes:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(bytes(kilobytes * 1000))
            else:
                path.mkdir(parents=True)
            os.utime(path, (1_779_000_000, 1_779_000_000))
    settings = home / ".config/filezilla/filezilla.xml"
    settings.parent.mkdir(parents=True)
    settings.write_text(_TRANSFERS, encoding="utf-8")
    _music(home / "Music")
    _chart(home / "rainfall.png")
    _repository(home / "ferryfares")


def _music(folder: Path) -> None:
    """Silent tracks."""
    folder.mkdir()
    for number, name in enumerate(_TRACKS, 1):
        with wave.open(str(folder / f"{number:02} {name}.wav"), "wb") as track:
            track.setnchannels(1)
            track.setsampwidth(1)
            track.setframerate(2000)
            track.writeframes(bytes([128]) * 2000 * (131 + 23 * number))


def _chart(path: Path) -> None:
    """Bars with their values above them."""
    image = Image.new("RGB", (900, 560), "white")
    draw = ImageDraw.Draw(image)

    def write(place: tuple[int, int], text: str, size: int) -> None:
        draw.text(place, text, "#223344", ImageFont.load_default(size), anchor="mm")

    write((450, 40), "Rainfall at Brannick, 2026 (mm)", 32)
    for index, (month, rain) in enumerate(_RAIN):
        left = 90 + index * 125
        draw.rectangle((left, 480 - rain * 4, left + 80, 480), "#3b7dd8" if month != "Apr" else "#e8590c")
        write((left + 40, 462 - rain * 4), str(rain), 26)
        write((left + 40, 510), month, 26)
    draw.line((60, 480, 840, 480), "#223344", 3)
    image.save(path)


def _repository(folder: Path) -> None:
    """With one commit, and a change that is not committed."""
    folder.mkdir()
    env = {"PATH": os.environ["PATH"], "HOME": str(folder.parent), "GIT_CONFIG_NOSYSTEM": "1",
           "GIT_COMMITTER_NAME": "Rosa Lind", "GIT_AUTHOR_NAME": "Rosa Lind",
           "GIT_COMMITTER_EMAIL": "x@example.org", "GIT_AUTHOR_EMAIL": "x@example.org",
           "GIT_COMMITTER_DATE": _WHEN, "GIT_AUTHOR_DATE": _WHEN}  # fmt: skip
    (folder / "fares.py").write_text(_PRICES_BEFORE, encoding="utf-8")
    for command in (("init", "-b", "main"), ("add", "."), ("commit", "-m", "Fares of the winter timetable")):
        subprocess.run(["git", *command], cwd=folder, env=env, capture_output=True, check=True)
    (folder / "fares.py").write_text(_PRICES_AFTER, encoding="utf-8")
