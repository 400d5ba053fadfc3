"""Photographs the scenes: `python -m training.real_screens.capture [--set second] [--out FOLDER] [NAME ...]`.

Needs Debian 12 with the `PACKAGES` of the set's scenes. Programs are started as the user who runs this, in a home
folder under /tmp.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit

from PIL import Image

from training.real_screens.desktop import HOME, Desktop
from training.real_screens.marks import mark
from training.real_screens.scenes import Scene
from training.real_screens.sets import SETS


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Say nothing."""

    def translate_path(self, path: str) -> str:
        """Of a whole address too, as a proxy is asked for it."""
        return super().translate_path(urlsplit(path).path)


def photograph(scene: Scene, port: int, fill: Callable[[Path], None]) -> Image.Image:
    """Set a desktop up, open the scene's windows, and take the image."""
    with Desktop(scene.size, scene.look) as desktop:
        fill(HOME)
        for name in ("manual", "paper", "leaflet"):
            if any(str(HOME / f"{name}.pdf") in window.command for window in scene.windows):
                _print(name)
        if scene.name.startswith("chat-"):
            desktop.serve((sys.executable, str(HOME / "Documents/irc_server.py")))
        for window in scene.windows:
            command = tuple(part.replace("{port}", str(port)) for part in window.command)
            desktop.open(replace(window, command=command))
        image = desktop.screenshot()
    mark(image, scene.marks)
    return image


def _print(name: str) -> None:
    """A page as PDF."""
    subprocess.run(
        ["chromium", "--no-sandbox", "--headless", "--disable-gpu", "--no-pdf-header-footer",
         f"--user-data-dir={HOME / '.printing'}", f"--print-to-pdf={HOME / name}.pdf",
         f"file://{HOME / 'Documents' / name}.html"],
        capture_output=True, check=True,
    )  # fmt: skip


def store(image: Image.Image, path: Path) -> None:
    """As a small PNG; without loss where no more than 256 colours are shown."""
    colours = image.getcolors(256)
    (image.quantize(256, dither=Image.Dither.NONE) if colours else image).save(path, optimize=True)


def main() -> None:
    """Photograph all scenes, or the named ones."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--set", choices=SETS, default="first")
    parser.add_argument("--out", type=Path, help="(default: the set's images)")
    options = parser.parse_args()
    chosen = SETS[options.set]
    out = options.out or chosen.folder / "images"
    out.mkdir(parents=True, exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(chosen.folder / "pages")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for scene in chosen.scenes:
        if options.names and scene.name not in options.names:
            continue
        try:
            store(photograph(scene, server.server_port, chosen.fill), out / f"{scene.name}.png")
        except (TimeoutError, OSError, subprocess.CalledProcessError) as error:
            print(f"{scene.name}: {error}", file=sys.stderr)
        else:
            print(scene.name, flush=True)


if __name__ == "__main__":
    main()
