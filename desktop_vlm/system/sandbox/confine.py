"""Confining this process: what it still needs, and what came of it."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import desktop_vlm
from desktop_vlm.system.paths import Paths
from desktop_vlm.system.sandbox import job_windows, kernel, landlock, limits, macos, seccomp

OFF_VARIABLE = "DESKTOP_VLM_SANDBOX"
"""Environment variable; "off" leaves out Landlock and seccomp, for a driver that cannot work within them."""

_SYSTEM = (
    *("/usr", "/lib", "/lib64", "/opt", "/sys", "/nix/store", "/run/opengl-driver"),
    *(f"/etc/{name}" for name in ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "timezone")),
    *(f"/etc/{name}" for name in ("OpenCL", "vulkan", "nvidia", "amd", "locale.alias", "fonts")),
    "/var/cache/fontconfig",  # of the fonts in /usr; without it, every process that draws text reads all of them
    *(f"/proc/{name}" for name in ("self", "cpuinfo", "meminfo", "stat", "sys", "driver", "devices", "modules")),
)
"""Where libraries, and what they ask about the machine, are. Nothing of a person is there."""
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom")
_GPU_DEVICES = ("nvidia*", "dri", "kfd", "mali*", "dxg")
_CUDA_CACHE = "CUDA_CACHE_PATH"
_VULKAN_CACHES = ("MESA_SHADER_CACHE_DIR", "__GL_SHADER_DISK_CACHE_PATH")
"""Of Mesa's drivers, and of NVIDIA's, which needs a folder that is there and keeps nothing for root."""
_VULKAN_DRIVERS = (
    *("/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d"),
    *("/etc/vulkan/icd.d", "/run/opengl-driver/share/vulkan/icd.d"),
)
_VULKAN_NAMED = "VK_DRIVER_FILES"
"""Environment variable with the drivers that the loader is to use instead."""


_NAMES = ("privileges", "memory", "files", "calls")
_ELSEWHERE = {
    ("win32", "memory"): "a job object bounds memory and what is started; written for Windows, but never run there",
    ("darwin", "memory"): "writing and being looked into are given up; written for macOS, but never run there",
}
"""What there is instead, for `doctor`."""


@dataclass(frozen=True)
class Needs:
    """What a process has to go on doing.

    Attributes:
        reading: files, and folders with all in them.
        gpus: whether it computes on GPUs.
    """

    reading: tuple[Path, ...] = ()
    gpus: bool = False


@dataclass(frozen=True)
class Confinement:
    """What came of it.

    Attributes:
        holds: names of the protections that hold: "privileges", "memory", "files", "calls".
        failed: name -> why it does not hold.
    """

    holds: tuple[str, ...]
    failed: dict[str, str]


def confine(needs: Needs) -> Confinement:
    """Give up everything but `needs`, for this process's whole life.

    It must be called where there are no other threads yet that matter: Landlock and seccomp hold for the calling
    thread and those that it starts.
    """
    if not kernel.is_linux():
        return _confine_elsewhere(needs, sys.platform)
    steps: dict[str, Callable[[], None]] = {
        "privileges": limits.give_up_privileges,
        "memory": limits.hide_memory,
        "files": lambda: _restrict_files(needs),
        "calls": lambda: seccomp.refuse_calls(gpus=needs.gpus),
    }
    holds, failed = [], lacking()
    for name, step in steps.items():
        if name not in failed:
            try:
                step()
                holds.append(name)
            except OSError as error:
                failed[name] = error.strerror or str(error)
    return Confinement(tuple(holds), failed)


def _confine_elsewhere(needs: Needs, system: str) -> Confinement:
    """What there is on Windows and macOS; a process that computes on GPUs goes on starting others."""
    failed = lacking(system)
    holds: tuple[str, ...] = ()
    if system == "win32" and not needs.gpus:
        try:
            job_windows.limit_this_process(starts_programs=False)
            holds = ("processes",)
        except OSError as error:
            failed["processes"] = error.strerror or str(error)
    if system == "darwin":
        refused = macos.give_up(starts_programs=needs.gpus)
        names = ("memory",) if needs.gpus else ("memory", "writing", "processes")
        holds = tuple(name for name in names if name not in refused)
        failed |= refused
    return Confinement(holds, failed)


def lacking(system: str = sys.platform) -> dict[str, str]:
    """The protections that cannot be had here: name -> why."""
    missing = {}
    if system != "linux":
        return {
            name: _ELSEWHERE.get((system, name), "only on Linux") for name in ("privileges", "memory", "files", "calls")
        }
    if os.environ.get(OFF_VARIABLE, "").casefold() == "off":
        return dict.fromkeys(("files", "calls"), f"switched off by {OFF_VARIABLE}")
    if landlock.abi() == 0:
        missing["files"] = "this kernel has no Landlock"
    if not seccomp.is_known():
        missing["calls"] = "no list of system calls for this processor"
    return missing


def _restrict_files(needs: Needs) -> None:
    reading = [*map(Path, _SYSTEM), *_of_python(), *needs.reading]
    devices = [*map(Path, _DEVICES)]
    writing: list[Path] = []
    if needs.gpus:
        devices += [path for pattern in _GPU_DEVICES for path in Path("/dev").glob(pattern)]
        devices.append(Path("/proc/self/task"))  # NVIDIA's driver names its threads there, or does not start
        writing += _shader_caches()
    landlock.restrict(reading, devices, writing)


def _of_python() -> list[Path]:
    """The interpreter, its libraries, and this program."""
    package = Path(desktop_vlm.__file__).parent
    installed = {one for one in sys.path if Path(one).name in {"site-packages", "dist-packages"}}
    named = {one for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if Path(one).is_absolute()}
    folders = {Path(one) for one in {sys.prefix, sys.base_prefix, sys.exec_prefix} | installed | named}
    # The current folder and that of a checkout may be on the path as well, and may hold anything.
    return sorted(folders - {Path("/"), package.parent, Path.cwd()} | {package})


def _shader_caches() -> list[Path]:
    """Where drivers keep what they compiled for the GPU; without it every start compiles again, which takes seconds.

    That of Vulkan is a folder of our own, so that no other program reads what this process writes.
    """
    folders = []
    if Path("/dev/nvidiactl").exists():
        folders.append(Path(os.environ.get(_CUDA_CACHE) or Path.home() / ".nv" / "ComputeCache"))
    if _VULKAN_NAMED in os.environ or any(list(Path(folder).glob("*.json")) for folder in _VULKAN_DRIVERS):
        folders.append(Paths.of_user().shaders_folder)
        os.environ.update(dict.fromkeys(_VULKAN_CACHES, str(folders[-1])))
    made = []
    for folder in folders:
        with contextlib.suppress(OSError):
            folder.mkdir(parents=True, exist_ok=True)
            made.append(folder)
    return made
