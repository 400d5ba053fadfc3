"""What pyproject.toml cannot say: bundled assets, libraries for every CPython, the wheel's tag, the scripts."""

from __future__ import annotations

import sys
from pathlib import Path

from setuptools import Extension, find_packages, setup
from setuptools.command.bdist_wheel import bdist_wheel
from setuptools.command.build_ext import build_ext

LIBRARY_SUFFIX = ".dll" if sys.platform == "win32" else ".so"


class BuildSharedLibrary(build_ext):
    """Builds a library for ctypes, not a module for one version of CPython."""

    def get_ext_filename(self, fullname: str) -> str:
        """A file name without the interpreter's version in it."""
        return str(Path(*fullname.split(".")).with_suffix(LIBRARY_SUFFIX))

    def get_export_symbols(self, ext: Extension) -> list[str]:
        """No `PyInit_...`: nobody imports it."""
        return list(ext.export_symbols)


class WheelForEveryPython(bdist_wheel):
    """The compiled libraries depend on the platform, and on nothing of Python."""

    def get_tag(self) -> tuple[str, str, str]:
        """For instance `py3-none-linux_x86_64`."""
        return "py3", "none", super().get_tag()[2]


# On POSIX a script of the shell starts Python, which would end with a traceback of its own where stdin is a folder.
HAS_SHELL = sys.platform != "win32"

setup(
    scripts=["scripts/bin/desktop-vlm"] if HAS_SHELL else [],
    entry_points={
        "console_scripts": [f"desktop-vlm{'-python' if HAS_SHELL else ''} = desktop_vlm.cli.main:main"],
    },
    packages=[
        *find_packages(include=["desktop_vlm", "desktop_vlm.*"]),
        "desktop_vlm.assets.demo",
        "desktop_vlm.assets.icon",
    ],
    package_dir={"desktop_vlm.assets": "assets"},
    package_data={
        "": ["py.typed", "*.cu", "*.ptx", "*.toml"],
        "desktop_vlm.assets.demo": ["*.gguf", "README.md", "screenshot.png"],
        "desktop_vlm.assets.icon": ["*.png", "*.svg"],
    },
    exclude_package_data={"": ["*.c", "*.h"]},
    ext_modules=[
        Extension(
            "desktop_vlm.runtime._eval_stop",
            ["desktop_vlm/runtime/_eval_stop.c"],
            export_symbols=["desktop_vlm_eval_stop", "desktop_vlm_stops_size"],
            optional=True,  # without a C compiler, Python does its work more slowly
        ),
        Extension(
            "desktop_vlm.runtime.ggml._cpu_kernels",
            [f"desktop_vlm/runtime/ggml/_cpu_{part}.c" for part in ("kernels", "avx2", "avx512")],
            depends=[
                f"desktop_vlm/runtime/ggml/_cpu_{part}.h"
                for part in ("kernels", "operations", "vectors", "vectors_avx2", "vectors_avx512")
            ],
            export_symbols=["desktop_vlm_cpu_kernels", "desktop_vlm_cpu_work_size"],
            extra_compile_args=[] if sys.platform == "win32" else ["-O3"],
            libraries=[] if sys.platform == "win32" else ["m"],
            optional=True,  # without it, or on other processors, ggml's operations encode images
        ),
        Extension(
            "desktop_vlm.runtime._scale",
            ["desktop_vlm/runtime/_scale.c"],
            export_symbols=["desktop_vlm_scale"],
            extra_compile_args=[] if sys.platform == "win32" else ["-O3"],
            optional=True,  # without it, Pillow scales images, which takes longer
        ),
        Extension(
            "desktop_vlm.runtime._sha256",
            ["desktop_vlm/runtime/_sha256.c"],
            export_symbols=["desktop_vlm_sha256_update"],
            optional=True,  # without it, a download that is converted on the way resumes at the last whole file
        ),
    ],
    cmdclass={"build_ext": BuildSharedLibrary, "bdist_wheel": WheelForEveryPython},
)
