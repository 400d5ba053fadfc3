"""Windows drawn by Tk and GTK 3, as training images.

    xvfb-run -a -s "-screen 0 1400x1100x24" /usr/bin/python3 -m training.widgets.pack OUT.zip --count 1500

Needs Debian's Python with tkinter and PyGObject, Pillow and NumPy, an X server without a window manager, GTK's themes,
and the fonts of `training.fonts` both installed and collected (DESKTOP_VLM_FONTS):

    apt-get install -y --no-install-recommends $(python3 -m training.widgets.pack --packages)

The pack is like that of `training.toolkit_pack`, and has the places of all characters besides.
"""

from __future__ import annotations

import argparse
import importlib
import io
import json
import math
import random
import time
import zipfile
from pathlib import Path
from typing import Any

from PIL import Image

from training.screens.finishing import MAX_HEIGHT, MAX_WIDTH
from training.screens.phrases import Writer
from training.screens.toolkits import INDEX
from training.widgets.layouts import draw_plan
from training.widgets.parts import Plan, Shot, Toolkit

PACKAGES = ("python3-tk", "python3-gi", "python3-gi-cairo", "gir1.2-gtk-3.0", "python3-pil", "python3-numpy", "xvfb",
            "xauth", "adwaita-icon-theme", "arc-theme", "breeze-gtk-theme", "gnome-themes-extra",
            "greybird-gtk-theme", "materia-gtk-theme", "numix-gtk-theme")  # fmt: skip
_TOOLKITS = {"tk": ("training.widgets.with_tk", "TkWindows"), "gtk": ("training.widgets.with_gtk", "GtkWindows")}
_TITLED = 0.45
"""Of GTK's windows that have a header bar."""
_DRESSED_FOR = 3
"""Windows in one theme and font."""


def load(name: str, rng: random.Random) -> Toolkit:
    """A toolkit, "tk" or "gtk". Raises ImportError where it is not installed."""
    module, made = _TOOLKITS[name]
    toolkit: Toolkit = getattr(importlib.import_module(module), made)(rng)
    return toolkit


def entry_of(plan: Plan, shot: Shot) -> dict[str, Any]:
    """What the pack's list says about a window."""
    return {"kind": plan.kind, "noun": plan.noun, "asked": plan.asker.asked, "lines": plan.lines, "first": plan.first,
            "title": shot.title, "texts": [line.packed() for line in shot.texts]}  # fmt: skip


def shoot(toolkit: Toolkit, rng: random.Random, writer: Writer, *,
          titled: bool) -> tuple[Image.Image, dict[str, Any]] | None:  # fmt: skip
    """An image and its entry, or None where it came out too large or its texts are not where they should be."""
    plan = draw_plan(rng, writer)
    try:
        shot = toolkit.shoot(plan, writer.title() if titled else "")
    except ValueError:
        return None
    wide, high = shot.image.size
    inside = all(line.edges[0] >= 0 and line.edges[-1] <= wide + 1 and line.top >= -2 and line.bottom <= high + 2
                 for line in shot.texts)  # fmt: skip
    if wide > MAX_WIDTH or high > MAX_HEIGHT or not inside or not shot.texts:
        return None
    return shot.image, entry_of(plan, shot)


def _packed(image: Image.Image) -> bytes:
    data = io.BytesIO()
    image.save(data, "WEBP", lossless=True, quality=50, method=4)
    return data.getvalue()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, nargs="?", default=Path("build/pack-tk-gtk.zip"))
    parser.add_argument("--count", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=math.inf, help="the pack ends with what there is then")
    parser.add_argument("--toolkits", default="tk,gtk")
    parser.add_argument("--packages", action="store_true", help="print the names of the Debian packages and stop")
    options = parser.parse_args()
    if options.packages:
        print(" ".join(PACKAGES))
        return
    rng = random.Random(options.seed)
    names = options.toolkits.split(",")
    toolkits = {name: load(name, rng) for name in names}
    entries: list[dict[str, Any]] = []
    tries, began = 0, time.process_time()
    end = time.monotonic() + 60 * options.minutes
    with zipfile.ZipFile(options.out, "w") as archive:
        while len(entries) < options.count and time.monotonic() < end:
            name = names[tries // _DRESSED_FOR % len(names)]
            if tries % _DRESSED_FOR == 0:
                toolkits[name].dress()
            tries += 1
            titled = name == "gtk" and rng.random() < _TITLED
            made = shoot(toolkits[name], rng, Writer(rng, "train"), titled=titled)
            if made is None:
                continue
            file = f"{len(entries):05}.webp"
            archive.writestr(file, _packed(made[0]))
            entries.append({"file": file, **made[1]})
        archive.writestr(INDEX, json.dumps(entries, separators=(",", ":")), zipfile.ZIP_DEFLATED)
    spent = time.process_time() - began
    print(f"{len(entries):,} images of {tries:,} tries, {options.out.stat().st_size / 1e6:.1f} MB, {spent:.0f} s")


if __name__ == "__main__":
    main()
