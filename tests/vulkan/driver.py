"""The faulty driver of this folder, compiled, and what makes a program use it.

Behind it is Mesa's lavapipe, or the driver that `VK_DRIVER_FILES` names.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
from pathlib import Path

SOURCE = Path(__file__).parent / "faulty_driver.c"
_DRIVERS = Path("/usr/share/vulkan/icd.d")


def why_missing() -> str:
    """Why there is nothing to run it with here, or ""."""
    found = importlib.util.find_spec("llama_cpp")
    if found is None or found.origin is None or not list(Path(found.origin).parent.glob("lib/*ggml-vulkan*")):
        return "llama-cpp-python was not built with Vulkan"
    if not shutil.which("cc") or not Path("/usr/include/vulkan/vulkan.h").exists():
        return "there is no C compiler, or there are no headers of Vulkan"
    return "" if _driver() else "Mesa's lavapipe is not installed"


def compile_driver(folder: Path) -> Path:
    """Compile it into a folder; returns the library."""
    library = folder / "faulty_driver.so"
    command = ["cc", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True)
    return library


def environment(library: Path, **faults: object) -> dict[str, str]:
    """What makes ggml use a device through the faulty driver: the names of its settings without `VULKAN_`."""
    settings = {f"VULKAN_{name}": str(value) for name, value in faults.items()}
    return {"LD_PRELOAD": str(library), "GGML_VK_VISIBLE_DEVICES": "0", "VK_DRIVER_FILES": _driver(), **settings}


def two_devices(folder: Path) -> dict[str, str]:
    """What makes the loader find lavapipe twice, each time as a library of its own."""
    described = json.loads(Path(_lavapipe()).read_text(encoding="utf-8"))
    library = Path(described["ICD"]["library_path"])
    installed = library if library.is_absolute() else _find(library.name)
    files = []
    for number in (0, 1):
        copy = shutil.copy(installed, folder / f"lavapipe{number}.so")
        files.append(folder / f"lavapipe{number}.json")
        described["ICD"]["library_path"] = str(copy)
        files[-1].write_text(json.dumps(described), encoding="utf-8")
    return {"VK_DRIVER_FILES": os.pathsep.join(map(str, files)), "GGML_VK_VISIBLE_DEVICES": "0,1"}


def _driver() -> str:
    return os.environ.get("VK_DRIVER_FILES") or _lavapipe()


def _lavapipe() -> str:
    return next((str(path) for path in sorted(_DRIVERS.glob("lvp_icd*.json"))), "")


def _find(name: str) -> Path:
    return next(Path("/usr/lib").glob(f"*/{name}"))
