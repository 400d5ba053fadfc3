"""Whether the extra `desktop-vlm[text]` is installed, found out without loading any of it."""

from __future__ import annotations

from importlib.util import find_spec

INSTALL = "pip install 'desktop-vlm[text]'"
"""The command that brings it."""

_MODULES = {"rapidocr": "rapidocr", "onnxruntime": "onnxruntime", "opencv-python-headless": "cv2"}
"""Package -> the module that is imported of it."""

_WELCOME = {"zxing-cpp": "zxingcpp"}
"""Without these text is read all the same; only codes are not."""


def missing_packages() -> tuple[str, ...]:
    """The packages without which no text can be read, and that are not there; () where it can."""
    return tuple(package for package, module in _MODULES.items() if not _is_there(module))


def installed_versions() -> tuple[tuple[str, str], ...]:
    """(package, version) of what is there."""
    from importlib.metadata import PackageNotFoundError, version  # takes 15 ms, and no start needs it

    found = []
    for package, module in (_MODULES | _WELCOME).items():
        if _is_there(module):
            try:
                found.append((package, version(package)))
            except PackageNotFoundError:  # OpenCV has several packages with the same module
                found.append((package, "?"))
    return tuple(found)


def _is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):  # a module that was set to None, to forbid it
        return False
