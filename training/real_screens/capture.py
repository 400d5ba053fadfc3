"""Photographs the scenes: `python -m training.real_screens.capture [--out FOLDER] [NAME ...]`.

Needs Debian 12 with `scenes.PACKAGES`. Programs are started as the user who runs this, in a home folder under /tmp.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
from dataclasses import replace
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from PIL import Image

from training.real_screens import contents
from training.real_screens.desktop import HOME, Desktop
from training.real_screens.scenes import SCENES, Scene

FOLDER = Path(__file__).parent


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it
        """Say nothing."""


def photograph(scene: Scene, port: int) -> Image.Image:
    """Set a desktop up, open the scene's windows, and take the image."""
    with Desktop(scene.size, scene.look) as desktop:
        contents.fill(HOME)
        for name in ("manual", "paper"):
            if any(str(HOME / f"{name}.pdf") in window.command for window in scene.windows):
                _print(name)
        if scene.name.startswith("chat-"):
            desktop.serve((sys.executable, str(HOME / "Documents/irc_server.py")))
        for window in scene.windows:
            command = tuple(part.replace("{port}", str(port)) for part in window.command)
            desktop.open(replace(window, command=command))
        return desktop.screenshot()


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
    parser.add_argument("--out", type=Path, default=FOLDER / "images")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(FOLDER / "pages")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    for scene in SCENES:
        if options.names and scene.name not in options.names:
            continue
        try:
            store(photograph(scene, server.server_port), options.out / f"{scene.name}.png")
        except (TimeoutError, OSError, subprocess.CalledProcessError) as error:
            print(f"{scene.name}: {error}", file=sys.stderr)
        else:
            print(scene.name, flush=True)


if __name__ == "__main__":
    main()
