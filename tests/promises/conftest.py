"""`desktop-vlm ask` once, in a place that is as hostile as can be made without the right to; each promise looks at it.

Its current folder is full of modules and libraries that leave a mark when they are loaded, its home is empty, it has no
network, and what it and its children ask the network for is noted. The question holds a word that occurs nowhere else.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from desktop_vlm.convert import ModelFiles

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

SECRET = "Zqxvanilla7731"
"""In the question."""
PIXELS = bytes([201, 7, 93])
"""Of the image, again and again."""

HOOK = """
import os, sys
_log = os.open(os.environ["ATTEMPTS"], os.O_WRONLY | os.O_APPEND)
def _hook(event, arguments):
    if event in ("socket.connect", "socket.bind", "socket.getaddrinfo", "socket.sendto", "socket.gethostbyname"):
        os.write(_log, f"{event} {arguments[1:]!r}\\n".encode())
sys.addaudithook(_hook)
"""
PLANTED = (
    *("numpy", "PIL", "llama_cpp", "jinja2", "pypdfium2", "PySide6", "gguf", "pathlib", "argparse", "json", "ctypes"),
    *("pillow_heif", "cv2", "onnxruntime", "sitecustomise", "httpx2", "platformdirs", "tomlkit"),
)
LIBRARIES = (
    "ggml-cpu",
    "ggml-cuda",
    "ggml-vulkan",
    "ggml-blas",
    "ggml",
    "llama",
    "mtmd",
    "ggml-base",
    "cuda",
    "ggml-rpc",
)


@dataclass(frozen=True)
class Asked:
    """How it was, and what it left.

    Attributes:
        place: the current folder.
        home: of the person, with the temporary folder in it.
        attempts: of the network, a line each.
        loaded: what of the current folder was loaded.
        has_network: whether the system let it have one.
    """

    place: Path
    home: Path
    code: int
    out: str
    err: str
    attempts: str
    loaded: tuple[str, ...]
    has_network: bool


@dataclass(frozen=True)
class Place:
    """Where commands are run, and with what."""

    folder: Path
    home: Path
    marks: Path
    environment: dict[str, str]

    @property
    def attempts(self) -> Path:
        return self.home.parent / "attempts"

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, capture_output=True, text=True, check=False, cwd=self.folder, env=self.environment, timeout=120
        )

    def loaded(self) -> tuple[str, ...]:
        return tuple(sorted(mark.name for mark in self.marks.iterdir()))


@pytest.fixture(scope="session")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Place:
    """A folder with modules and libraries of others."""
    root = tmp_path_factory.mktemp("hostile")
    place = Place(root / "here", root / "home", root / "marks", {})
    for folder in (place.folder, place.home / "tmp", place.marks, root / "hook"):
        folder.mkdir(parents=True)
    for name in PLANTED:
        mark = f"open({str(place.marks / name)!r}, 'w').close()\n"
        (place.folder / f"{name}.py").write_text(mark, encoding="utf-8")
    _plant_libraries(place)
    (root / "hook" / "sitecustomize.py").write_text(HOOK, encoding="utf-8")
    place.attempts.touch()
    private = {name: str(place.home) for name in ("HOME", "DESKTOP_VLM_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME")}
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "LANG", "LD_LIBRARY_PATH")}
    place.environment.update(kept, **private, TMPDIR=str(place.home / "tmp"), ATTEMPTS=str(place.attempts))
    place.environment["PYTHONPATH"] = str(root / "hook")
    return place


def _plant_libraries(place: Place) -> None:
    """With a C compiler; else there are none."""
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        return
    source = place.home / "planted.c"
    source.write_text(
        "#include <fcntl.h>\n__attribute__((constructor)) static void mark(void)"
        f' {{ creat("{place.marks / "library"}", 0600); }}\n',
        encoding="utf-8",
    )
    made = place.home / "planted.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-o", str(made), str(source)], check=True)
    for name in LIBRARIES:
        shutil.copyfile(made, place.folder / f"lib{name}.so")
    source.unlink()
    made.rename(place.folder / "libstrange.so")


@pytest.fixture(scope="session")
def asked(hostile: Place, model_files: Callable[..., ModelFiles]) -> Asked:
    """`python -m desktop_vlm ask`, about a drawing and an image."""
    files = model_files("alpha")
    image = Image.new("RGB", (64, 40), tuple(PIXELS))
    ImageDraw.Draw(image).line((0, 0, 20, 9), fill="white")
    image.save(hostile.home.parent / "screen.png")
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="5" height="5"/></svg>'
    (hostile.home.parent / "drawing.svg").write_text(drawing, encoding="utf-8")
    command = [sys.executable, "-m", "desktop_vlm", "--verbose", "ask", "--model", str(files.text)]
    command += ["--mmproj", str(files.mmproj), "--ctx", "512", "--threads", "1", "--max-tokens", "4"]
    command += [str(hostile.home.parent / "drawing.svg"), str(hostile.home.parent / "screen.png"), f"What is {SECRET}?"]
    alone = without_network()
    done = hostile.run(*alone, *command)
    return Asked(
        hostile.folder,
        hostile.home,
        done.returncode,
        done.stdout,
        done.stderr,
        hostile.attempts.read_text(encoding="utf-8"),
        hostile.loaded(),
        has_network=not alone,
    )


def without_network() -> list[str]:
    """The beginning of a command that runs in a network namespace of its own; empty where that is not allowed."""
    for command in (["unshare", "--user", "--map-root-user", "--net"], ["unshare", "--net"]):
        if (
            shutil.which("unshare")
            and not subprocess.run([*command, "true"], capture_output=True, check=False).returncode
        ):
            return command
    return []
