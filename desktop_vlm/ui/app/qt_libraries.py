"""Finds out whether Qt can start here, and says in one sentence what is missing where it cannot.

On a minimal system two things go wrong: an import fails with the linker's words, or `QApplication` ends the process
because no platform plugin can be loaded. Both come from a library of the system that is not installed.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.ui.desktop.session import Session, session_of

_LIBRARY = re.compile(r"(\S+?)\.so\.(\d+)\S*: cannot open shared object file")
_PACKAGES = {
    "libbrotlicommon": "libbrotli1",
    "libbrotlidec": "libbrotli1",
    "libglib-2.0": "libglib2.0-0",
    "libgthread-2.0": "libglib2.0-0",
    "libz": "zlib1g",
}
"""Those that are not named after their library."""


def check_qt_libraries(environment: Mapping[str, str] = os.environ) -> None:
    """Load Qt and the plugin of this session's display.

    Raises:
        UserError: a library that they need is not installed.
    """
    try:
        from PySide6 import QtCore, QtGui, QtNetwork, QtSvg, QtWidgets  # noqa: F401 - those that the window imports
    except ImportError as error:
        raise UserError(missing_library(str(error))) from error
    if sys.platform != "linux":
        return
    folder = Path(QtCore.QLibraryInfo.path(QtCore.QLibraryInfo.LibraryPath.PluginsPath)) / "platforms"
    names = _platforms(environment)
    problems = [load_plugin(path) for name in names if (path := folder / f"libq{name}.so").exists()]
    if problems and all(problems):  # Qt takes the first one that loads
        raise UserError(missing_library(problems[-1]))


def _platforms(environment: Mapping[str, str]) -> Sequence[str]:
    """The plugins that Qt tries, in its order: those that are asked for (`xcb;offscreen`), or the session's."""
    if asked_for := environment.get("QT_QPA_PLATFORM"):
        return [name.partition(":")[0] for name in asked_for.split(";")]
    on_wayland = session_of(sys.platform, "", environment) is Session.WAYLAND
    return ("wayland", "xcb") if on_wayland else ("xcb",)


def load_plugin(path: Path) -> str:
    """Load a plugin of Qt, as Qt will do anyway; "" or what the linker says against it."""
    from PySide6.QtCore import QLibrary

    library = QLibrary(str(path))
    return "" if library.load() else library.errorString()


def missing_library(problem: str) -> str:
    """The sentence for what the linker said: which library is missing, and the package that has it on Debian."""
    found = _LIBRARY.search(problem)
    if not found:
        return (
            f"Qt cannot be loaded ({problem.splitlines()[0]}); reinstall it with `pip install --force-reinstall "
            "pyside6-essentials`."
        )
    name, version = Path(found[1].lstrip("(")).name, found[2]
    package = _PACKAGES.get(name) or _debian_name(name, version)
    return (
        f"Qt cannot be loaded because {name}.so.{version} is not installed; on Debian and Ubuntu run "
        f"`sudo apt-get install {package}`."
    )


def _debian_name(library: str, version: str) -> str:
    """`libX11`, 6 -> `libx11-6`; `libxcb-cursor`, 0 -> `libxcb-cursor0`."""
    name = library.lower().replace("_", "-")
    return f"{name}-{version}" if name[-1].isdigit() else f"{name}{version}"
