"""The wheel is whole: it is built from the source distribution, and both hold what a checkout holds."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
# What is in a wheel is stored: to compress the model takes longest.
BUILD = """
import sys
from setuptools import build_meta
print(getattr(build_meta, sys.argv[1])(sys.argv[2], {"--build-option": sys.argv[3:]}))
"""
STORED = "--compression=stored"
# Where an installed package finds its files, as JSON.
FIND = """
import json
import desktop_vlm
from desktop_vlm.models.demo import demo_model, demo_screenshot
from desktop_vlm.runtime.native_stops import native_library
from desktop_vlm.system.desktop_files.icons import icon_folder
library = native_library()
paths = [desktop_vlm.__file__, demo_model()[1], demo_screenshot(), icon_folder(), *([library._name] if library else [])]
print(json.dumps([str(path) for path in paths]))
"""
SUFFIX = ".dll" if sys.platform == "win32" else ".so"
LIBRARY = f"desktop_vlm/runtime/_eval_stop{SUFFIX}"
LIBRARIES = {LIBRARY, *(f"desktop_vlm/runtime/{name}{SUFFIX}" for name in ("_sha256", "_scale", "ggml/_cpu_kernels"))}

pytestmark = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="a checkout says which files there are")


def tracked_files() -> set[str]:
    """The checkout's files, as paths below its root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    return {name for name in listed.stdout.decode().split("\0") if (ROOT / name).is_file()}


def build(what: str, source: Path, out: Path, *options: str) -> Path:
    """Runs a hook of the build backend, as pip does: `build_sdist` or `build_wheel`."""
    ran = subprocess.run(
        [sys.executable, "-c", BUILD, what, str(out), *options], cwd=source, capture_output=True, text=True, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return out / ran.stdout.splitlines()[-1]


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source distribution of the checkout, built from a copy."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in tracked_files():
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, copy / name)
    return build("build_sdist", copy, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def wheel(sdist: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel that is built from the source distribution."""
    unpacked = tmp_path_factory.mktemp("unpacked")
    with tarfile.open(sdist) as archive:
        archive.extractall(unpacked, filter="data")
    return build("build_wheel", next(unpacked.iterdir()), tmp_path_factory.mktemp("wheel"), STORED)


def test_the_source_distribution_is_complete(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        inside = {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()}
    assert tracked_files() - inside == set()


def test_the_wheel_holds_the_package_and_its_assets(wheel: Path) -> None:
    names = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    tracked = tracked_files()
    package = {name for name in tracked if name.startswith("desktop_vlm/") and not name.endswith((".c", ".h"))}
    assets = {
        f"desktop_vlm/{name}"
        for name in tracked
        if name.startswith("assets/") and name.endswith((".gguf", ".svg", ".png", "demo/README.md"))
        if not Path(name).name.startswith("curves")  # of the demo's training
    }
    scripts = {name for name in names if ".data/scripts/" in name}
    assert [Path(name).name for name in scripts] == ["desktop-vlm"]
    assert names - LIBRARIES - scripts == package | assets
    assert "desktop_vlm/assets/demo/demo-mmproj-Q8_0.gguf" in names
    assert {"desktop_vlm/assets/icon/icon.svg", "desktop_vlm/assets/demo/screenshot.png"} < names
    if shutil.which("cc"):
        assert names >= LIBRARIES


def test_the_wheel_carries_licence_and_notices(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    licences = {name.partition(".dist-info/licenses/")[2]: name for name in archive.namelist() if "/licenses/" in name}
    assert set(licences) == {"LICENSE", "THIRD_PARTY_NOTICES.md"}
    assert archive.read(licences["LICENSE"]) == (ROOT / "LICENSE").read_bytes()


def test_one_wheel_fits_every_python_of_a_platform(wheel: Path) -> None:
    python, abi, platform = wheel.stem.split("-")[-3:]
    assert (python, abi) == ("py3", "none")
    assert platform == sysconfig.get_platform().replace("-", "_").replace(".", "_")
    metadata = next(name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".dist-info/WHEEL"))
    assert f"Tag: py3-none-{platform}" in zipfile.ZipFile(wheel).read(metadata).decode().splitlines()


def test_an_installed_wheel_finds_its_files_and_answers(wheel: Path, tmp_path: Path) -> None:
    zipfile.ZipFile(wheel).extractall(tmp_path)
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    found = subprocess.run(
        [sys.executable, "-c", FIND], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True
    )
    paths = json.loads(found.stdout)
    assert [Path(path).relative_to(tmp_path / "desktop_vlm").as_posix() for path in paths] == [
        "__init__.py",
        "assets/demo/demo-mmproj-Q8_0.gguf",
        "assets/demo/screenshot.png",
        "assets/icon",
        *([LIBRARY.partition("/")[2]] if shutil.which("cc") else []),
    ]
    asked = subprocess.run(
        [sys.executable, "-m", "desktop_vlm", "ask", paths[2], "Which buttons are there?", "--temperature", "0",
         "--threads", "1"],
        cwd=tmp_path, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert asked.stdout == "No, Yes\n"
