"""Which GPUs a machine has, from systems' files as real machines have them."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from desktop_vlm.system.gpus import (
    InstalledGpu,
    NvidiaDriver,
    install_line,
    installed_gpus,
    needed_for_building,
    nvidia_driver,
    pinned_engine,
)

H200 = "Model: \t\t NVIDIA H200\nIRQ:   \t\t 0\nBus Location: \t 0000:0f:00.0\nDevice Minor: \t 0\n"
PCI_IDS = """# vendors
0012  Another vendor
\t747e  Not this one
1002  Advanced Micro Devices, Inc. [AMD/ATI]
\t15bf  Phoenix1
# a comment
\t747e  Navi 32 [Radeon RX 7700 XT / 7800 XT]
\t\t1002 0e37  A board
8086  Intel Corporation
\t747e  Not this one either
"""


def add(root: Path, path: str, text: str = "") -> None:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text, encoding="utf-8")


def add_adapter(root: Path, number: int, vendor: str, device: str, bus: str, memory_maker: str | None = None) -> None:
    """A display adapter as Linux lists it, with one connector."""
    folder = f"sys/class/drm/card{number}"
    add(root, f"{folder}/device/vendor", f"{vendor}\n")
    add(root, f"{folder}/device/device", f"{device}\n")
    add(root, f"{folder}/device/uevent", f"DRIVER=it\nPCI_ID=1:2\nPCI_SLOT_NAME=0000:{bus}:00.0\n")
    add(root, f"{folder}-HDMI-A-1/device/vendor", f"{vendor}\n")
    if memory_maker:
        add(root, f"{folder}/device/mem_info_vram_vendor", f"{memory_maker}\n")


def on_linux(root: Path) -> list[tuple[str, bool]]:
    return [(gpu.name, gpu.could_help) for gpu in installed_gpus(root, "linux", "x86_64")]


def test_a_machine_without_any(tmp_path: Path) -> None:
    assert installed_gpus(tmp_path, "linux", "x86_64") == []
    assert installed_gpus(tmp_path, "freebsd14", "amd64") == []


def test_nvidias_driver_names_its_gpus_and_the_kernel_repeats_them(tmp_path: Path) -> None:
    for bus in ("0f", "1a"):
        add(tmp_path, f"proc/driver/nvidia/gpus/0000:{bus}:00.0/information", H200)
    add_adapter(tmp_path, 0, "0x10de", "0x2335", "0f")
    assert installed_gpus(tmp_path, "linux", "x86_64") == 2 * [InstalledGpu("NVIDIA", "NVIDIA H200", could_help=True)]


def test_a_container_shows_the_device_only(tmp_path: Path) -> None:
    add(tmp_path, "dev/nvidia0")
    assert on_linux(tmp_path) == [("NVIDIA GPU", True)]


def test_an_nvidia_gpu_without_nvidias_driver_raises_no_alarm(tmp_path: Path) -> None:
    add_adapter(tmp_path, 0, "0x10de", "0x0a65", "01")
    assert on_linux(tmp_path) == [("NVIDIA GPU 10de:0a65", False)]


def test_amds_own_memory_tells_a_gpu_from_an_integrated_one(tmp_path: Path) -> None:
    add(tmp_path, "usr/share/misc/pci.ids", PCI_IDS)
    add_adapter(tmp_path, 0, "0x1002", "0x15bf", "c1")
    add_adapter(tmp_path, 1, "0x1002", "0x1638", "05", memory_maker="unknown")
    add_adapter(tmp_path, 2, "0x1002", "0x747e", "03", memory_maker="hynix")
    assert on_linux(tmp_path) == [
        ("AMD Phoenix1", False),
        ("AMD GPU 1002:1638", False),
        ("AMD Navi 32 [Radeon RX 7700 XT / 7800 XT]", True),
    ]


def test_intels_place_tells_a_gpu_from_an_integrated_one(tmp_path: Path) -> None:
    add_adapter(tmp_path, 0, "0x8086", "0xa7a0", "00")
    add_adapter(tmp_path, 1, "0x8086", "0x56a0", "03")
    add(tmp_path, "sys/class/drm/card2/device/vendor", "0x8086\n")  # says nothing of its place
    assert [helps for _, helps in on_linux(tmp_path)] == [False, True, False]


@pytest.mark.parametrize("vendor", ["0x1af4", "0x1234", "0x15ad", "0x1b36", "0x80ee", "0x1a03", "nonsense"])
def test_a_virtual_machines_adapter_is_no_gpu(vendor: str, tmp_path: Path) -> None:
    add_adapter(tmp_path, 0, vendor, "0x1050", "00")
    assert installed_gpus(tmp_path, "linux", "x86_64") == []


def test_windows_and_macos(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SYSTEMROOT", str(tmp_path))
    assert installed_gpus(tmp_path, "win32", "AMD64") == []
    add(tmp_path, "System32/nvcuda.dll")
    assert installed_gpus(tmp_path, "win32", "AMD64") == [InstalledGpu("NVIDIA", "NVIDIA GPU", True)]
    assert [gpu.could_help for gpu in installed_gpus(tmp_path, "darwin", "arm64")] == [True]
    assert [gpu.could_help for gpu in installed_gpus(tmp_path, "darwin", "x86_64")] == [False]


# The driver


@pytest.fixture
def smi(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A place on PATH for an `nvidia-smi`; nothing else is there."""
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    (tmp_path / "bin").mkdir()
    return tmp_path / "bin" / "nvidia-smi"


def write_program(path: Path, code: str) -> None:
    path.write_text(f"#!{sys.executable}\n{code}\n", encoding="utf-8")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("line", "version"),
    [
        ("NVRM version: NVIDIA UNIX x86_64 Kernel Module  550.54.14  Thu Feb 22 01:44:30 UTC 2024", "550.54.14"),
        ("NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  570.86.15  Release Build  (dvs@u)", "570.86.15"),
    ],
)
def test_the_drivers_version_is_in_proc(line: str, version: str, smi: Path, tmp_path: Path) -> None:
    assert not smi.exists()
    assert nvidia_driver(tmp_path) is None
    add(tmp_path, "proc/driver/nvidia/version", f"{line}\nGCC version:  gcc version 12.3.0\n")
    assert nvidia_driver(tmp_path) == NvidiaDriver(version, "")


@pytest.mark.skipif(sys.platform == "win32", reason="a program is a script here")
def test_nvidias_program_knows_the_newest_cuda(smi: Path, tmp_path: Path) -> None:
    printed = "| NVIDIA-SMI 550.54.14    Driver Version: 550.54.14    CUDA Version: 12.4     |"
    write_program(smi, f"print({printed!r})")
    assert nvidia_driver(tmp_path) == NvidiaDriver("550.54.14", "12.4")
    write_program(smi, "print('Driver Version: 1.2'); raise SystemExit(9)")
    assert nvidia_driver(tmp_path) is None


@pytest.mark.skipif(sys.platform == "win32", reason="a program is a script here")
def test_nvidias_program_is_not_waited_for(smi: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop_vlm.system.gpus._SMI_TIMEOUT_S", 0.05)
    write_program(smi, "import time; time.sleep(60)")
    assert nvidia_driver(tmp_path) is None


# What to install


def test_the_line_to_install_is_one_that_builds_the_pinned_version() -> None:
    text = Path(__file__).parents[2].joinpath("pyproject.toml").read_text(encoding="utf-8")
    pinned = re.search(r'"(llama-cpp-python==[\d.]+)"', text)
    assert pinned
    assert pinned_engine() == pinned[1]
    pip = f"pip install --force-reinstall --no-cache-dir --no-deps {pinned[1]}"
    assert install_line("NVIDIA", "linux") == f"CMAKE_ARGS=-DGGML_CUDA=on {pip}"
    assert install_line("NVIDIA", "win32") == f'$env:CMAKE_ARGS = "-DGGML_CUDA=on"; {pip}'
    assert install_line("AMD", "linux") == install_line("Intel", "linux") == f"CMAKE_ARGS=-DGGML_VULKAN=on {pip}"
    assert install_line("Apple", "darwin") == f"CMAKE_ARGS=-DGGML_METAL=on {pip}"
    assert needed_for_building("NVIDIA") == "a C++ compiler and the CUDA toolkit"
    assert needed_for_building("AMD") == "a C++ compiler and the Vulkan SDK"
    assert needed_for_building("Apple") == "Xcode's command line tools"


def test_the_readme_has_the_same_lines() -> None:
    lines = Path(__file__).parents[2].joinpath("README.md").read_text(encoding="utf-8").splitlines()
    for vendor, system in (("NVIDIA", "linux"), ("NVIDIA", "win32"), ("AMD", "linux"), ("Apple", "darwin")):
        assert f"    {install_line(vendor, system)}" in lines
