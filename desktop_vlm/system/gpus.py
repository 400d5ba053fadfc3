"""The GPUs of this machine as its system lists them, whether or not the engine uses them.

ggml names only the devices that it was built for. To tell a person that a GPU is not used, and what to install, the
system itself has to be asked: NVIDIA's driver in `/proc`, the kernel's list of display adapters in `/sys`, Windows'
folder of drivers. Nothing here loads the engine.
"""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_VENDORS = {"0x10de": "NVIDIA", "0x1002": "AMD", "0x8086": "Intel"}
"""PCI ids. A virtual machine's display adapter has another maker (QEMU, VMware, Red Hat, ...) and is no GPU."""

_NAME_LISTS = ("usr/share/hwdata/pci.ids", "usr/share/misc/pci.ids")
_SMI_TIMEOUT_S = 5.0
_ENGINE = "llama-cpp-python"


@dataclass(frozen=True)
class InstalledGpu:
    """A GPU in this machine.

    Attributes:
        vendor: NVIDIA, AMD, Intel or Apple.
        name: as the system knows it.
        could_help: whether the engine, built for it, would surely run faster on it than on the CPU. Not so for an
            integrated GPU, which shares the CPU's memory, and for one whose driver is missing.
    """

    vendor: str
    name: str
    could_help: bool


@dataclass(frozen=True)
class NvidiaDriver:
    """NVIDIA's driver.

    Attributes:
        version: of the driver.
        cuda: newest CUDA version that it can run; empty where only `nvidia-smi` would tell and is missing.
    """

    version: str
    cuda: str


def installed_gpus(
    root: Path = Path("/"), system: str = sys.platform, machine: str = platform.machine()
) -> list[InstalledGpu]:
    """The GPUs of this machine; of Windows only NVIDIA's.

    Args:
        root: where the system's files are.
        system: as `sys.platform` names it.
        machine: kind of CPU.
    """
    if system == "darwin":
        return [InstalledGpu("Apple", "the Mac's GPU (Metal)", could_help=machine == "arm64")]
    if system == "win32":
        library = Path(os.environ.get("SYSTEMROOT", r"C:\Windows"), "System32", "nvcuda.dll")
        return [InstalledGpu("NVIDIA", "NVIDIA GPU", could_help=True)] if library.exists() else []
    with_driver = _with_nvidia_driver(root)
    adapters = [gpu for gpu in _display_adapters(root) if not (with_driver and gpu.vendor == "NVIDIA")]
    return with_driver + adapters


def _with_nvidia_driver(root: Path) -> list[InstalledGpu]:
    """NVIDIA's GPUs that its own driver runs."""
    names = []
    for path in sorted((root / "proc/driver/nvidia/gpus").glob("*/information")):
        model = re.search(r"^Model:\s*(.+?)\s*$", _text(path), re.MULTILINE)
        names.append(model[1] if model else "NVIDIA GPU")
    if not names and (root / "dev/nvidia0").exists():  # a container shows the device, but not always the list
        names = ["NVIDIA GPU"]
    return [InstalledGpu("NVIDIA", name, could_help=True) for name in names]


def _display_adapters(root: Path) -> Iterator[InstalledGpu]:
    """What the kernel lists, without the connectors of each (`card0-HDMI-A-1`)."""
    for path in sorted((root / "sys/class/drm").glob("card*")):
        device = path / "device"
        vendor_id, device_id = _text(device / "vendor").strip(), _text(device / "device").strip()
        if re.fullmatch(r"card\d+", path.name) and vendor_id in _VENDORS:
            vendor = _VENDORS[vendor_id]
            helps = (vendor == "AMD" and _has_memory_chips(device)) or (vendor == "Intel" and _is_in_a_slot(device))
            yield InstalledGpu(vendor, _name(root, vendor, vendor_id[2:], device_id[2:]), could_help=helps)


def _has_memory_chips(device: Path) -> bool:
    """Whether an AMD GPU has memory of its own: the driver names its maker, which an integrated GPU lacks."""
    return _text(device / "mem_info_vram_vendor").strip() not in {"", "unknown"}


def _is_in_a_slot(device: Path) -> bool:
    """Whether an Intel GPU is not an integrated one, which is always on the first PCI bus."""
    address = re.search(r"^PCI_SLOT_NAME=[0-9a-f]{4,}:([0-9a-f]{2}):", _text(device / "uevent"), re.MULTILINE)
    return address is not None and address[1] != "00"


def _name(root: Path, vendor: str, vendor_id: str, device_id: str) -> str:
    """What the list of PCI devices calls it, if the system has one (`pci.ids`: vendors, their devices indented)."""
    for path in _NAME_LISTS:
        devices = re.search(rf"^{vendor_id}  .*\n((?:[\t#].*\n|\n)*)", _text(root / path), re.MULTILINE)
        found = re.search(rf"^\t{device_id}  (.+)$", devices[1], re.MULTILINE) if devices else None
        if found:
            return f"{vendor} {found[1]}"
    return f"{vendor} GPU {vendor_id}:{device_id}"


def nvidia_driver(root: Path = Path("/")) -> NvidiaDriver | None:
    """NVIDIA's driver and the newest CUDA that it can run; None where there is none.

    Args:
        root: where the system's files are.
    """
    loaded = re.search(r"Kernel Module.*?\s(\d+\.[\d.]+)\s", _text(root / "proc/driver/nvidia/version"))
    answer = _ask_nvidia_smi()
    version = re.search(r"Driver Version\s*:\s*([\d.]+)", answer)
    cuda = re.search(r"CUDA(?: UMD)? Version\s*:\s*([\d.]+)", answer)
    found = loaded or version
    return NvidiaDriver(found[1], cuda[1] if cuda else "") if found else None


def _ask_nvidia_smi() -> str:
    """What NVIDIA's own program says; empty where it is missing, fails or takes too long."""
    program = shutil.which("nvidia-smi")
    if program is None:
        return ""
    try:
        done = subprocess.run([program], capture_output=True, text=True, timeout=_SMI_TIMEOUT_S, check=False)
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout if done.returncode == 0 else ""


def _text(path: Path) -> str:
    """A file's text; empty where it cannot be read."""
    try:
        return path.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


# What to install


def install_line(vendor: str, system: str = sys.platform) -> str:
    """The line that builds the engine's library for a vendor's GPUs: for PowerShell on Windows, else for a shell."""
    option = {"NVIDIA": "GGML_CUDA", "Apple": "GGML_METAL"}.get(vendor, "GGML_VULKAN")
    if system == "win32":
        return f'$env:CMAKE_ARGS = "-D{option}=on"; {reinstall_line()}'
    return f"CMAKE_ARGS=-D{option}=on {reinstall_line()}"


def needed_for_building(vendor: str) -> str:
    """What has to be installed before `install_line` can work."""
    if vendor == "Apple":
        return "Xcode's command line tools"
    return "a C++ compiler and " + ("the CUDA toolkit" if vendor == "NVIDIA" else "the Vulkan SDK")


def reinstall_line() -> str:
    """The line that builds the engine's library once more, at the version that this program is made for."""
    return f"pip install --force-reinstall --no-cache-dir --no-deps {pinned_engine()}"


def pinned_engine() -> str:
    """The engine's library as pip is asked for it, with the version that this program is made for."""
    from importlib import metadata  # takes 15 ms, and no start needs it

    try:
        required = metadata.requires("desktop-vlm") or []
    except metadata.PackageNotFoundError:  # run from a folder, without having been installed
        required = []
    return next((line for line in required if line.startswith(_ENGINE)), _ENGINE)
