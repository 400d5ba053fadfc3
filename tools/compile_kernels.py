"""Compile `desktop_vlm/families/mllama/cuda/encoder.cu` to the PTX beside it, which is kept in the repository.

    python -m tools.compile_kernels

Needs NVIDIA's run-time compiler (`pip install nvidia-cuda-nvrtc-cu12==12.1.105`, or a CUDA toolkit's), no GPU.
An old release on purpose: a driver reads the PTX of its own CUDA release and of all before.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import importlib.util
import sys
from pathlib import Path
from typing import Any

from desktop_vlm.families.mllama.cuda.kernels import PTX, SOURCE, source_mark

_OPTIONS = (b"--gpu-architecture=compute_80", b"--std=c++17", b"--fmad=true")


def main() -> None:
    """Compile, and write the PTX with its source's mark in the first line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--library", type=Path, help="libnvrtc to use, where it is not installed as a package")
    args = parser.parse_args()
    ptx = _compile(ctypes.CDLL(str(args.library or _installed_library())), SOURCE.read_bytes())
    PTX.write_text(f"{source_mark()}\n{ptx}", encoding="ascii")
    print(f"{PTX}: {PTX.stat().st_size:,} bytes")


def _installed_library() -> Path:
    spec = None
    with contextlib.suppress(ModuleNotFoundError):  # no package of NVIDIA's at all
        spec = importlib.util.find_spec("nvidia.cuda_nvrtc")
    roots = [Path(root) for root in (spec.submodule_search_locations or [])] if spec else []
    for pattern in ("lib/libnvrtc.so*", "bin/nvrtc64_*.dll"):
        for found in (path for root in roots for path in root.glob(pattern)):
            return found
    raise SystemExit("NVIDIA's run-time compiler is missing; run: pip install nvidia-cuda-nvrtc-cu12==12.1.105")


def _compile(nvrtc: Any, source: bytes) -> str:
    program = ctypes.c_void_p()
    _check(nvrtc.nvrtcCreateProgram(ctypes.byref(program), source, SOURCE.name.encode(), 0, None, None))
    status = nvrtc.nvrtcCompileProgram(program, len(_OPTIONS), (ctypes.c_char_p * len(_OPTIONS))(*_OPTIONS))
    log = _text(nvrtc.nvrtcGetProgramLogSize, nvrtc.nvrtcGetProgramLog, program)
    if log.strip():
        print(log, file=sys.stderr)
    _check(status)
    return _text(nvrtc.nvrtcGetPTXSize, nvrtc.nvrtcGetPTX, program)


def _text(size_of: Any, read: Any, program: ctypes.c_void_p) -> str:
    size = ctypes.c_size_t()
    _check(size_of(program, ctypes.byref(size)))
    buffer = ctypes.create_string_buffer(size.value)
    _check(read(program, buffer))
    return buffer.value.decode("ascii", "replace")


def _check(status: int) -> None:
    if status != 0:
        raise SystemExit(f"The kernels could not be compiled (nvrtc status {status}).")


if __name__ == "__main__":
    main()
