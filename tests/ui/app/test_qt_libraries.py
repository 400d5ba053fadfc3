from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.ui.app import qt_libraries
from desktop_vlm.ui.app.qt_libraries import check_qt_libraries, load_plugin, missing_library


def apt(library: str, package: str) -> str:
    return (
        f"Qt cannot be loaded because {library} is not installed; on Debian and Ubuntu run "
        f"`sudo apt-get install {package}`."
    )


@pytest.mark.parametrize(
    ("library", "package"),
    [
        ("libglib-2.0.so.0", "libglib2.0-0"),
        ("libgthread-2.0.so.0", "libglib2.0-0"),
        ("libgssapi_krb5.so.2", "libgssapi-krb5-2"),
        ("libEGL.so.1", "libegl1"),
        ("libGL.so.1", "libgl1"),
        ("libX11.so.6", "libx11-6"),
        ("libxcb-cursor.so.0", "libxcb-cursor0"),
        ("libxkbcommon-x11.so.0", "libxkbcommon-x11-0"),
        ("libdbus-1.so.3", "libdbus-1-3"),
        ("libbrotlidec.so.1", "libbrotli1"),
    ],
)
def test_a_missing_library_names_its_package(library: str, package: str) -> None:
    assert missing_library(f"{library}: cannot open shared object file: No such file or directory") == apt(
        library, package
    )


def test_all_these_packages_are_installed_by_the_script() -> None:
    script = (Path(__file__).parents[3] / "scripts" / "install-system-packages").read_text(encoding="utf-8")
    packages = set(script.replace("|", " ").replace('"', " ").split())
    assert {
        "libglib2.0-0",
        "libgssapi-krb5-2",
        "libegl1",
        "libgl1",
        "libx11-6",
        "libxcb-cursor0",
        "libbrotli1",
    } < packages


def test_anything_else_is_passed_on() -> None:
    assert missing_library("No module named 'PySide6'\nmore") == (
        "Qt cannot be loaded (No module named 'PySide6'); reinstall it with `pip install --force-reinstall "
        "pyside6-essentials`."
    )


@pytest.mark.skipif(not shutil.which("cc") or sys.platform != "linux", reason="makes a library for Linux")
def test_a_plugin_says_which_library_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # GIVEN a platform plugin that is linked against a library that is gone
    library, plugin = tmp_path / "libxcb-nowhere.so.7", tmp_path / "platforms" / "libqxcb.so"
    plugin.parent.mkdir()
    subprocess.run(
        ["cc", "-shared", "-o", library, "-Wl,-soname,libxcb-nowhere.so.7", "-x", "c", "/dev/null"], check=True
    )
    subprocess.run(
        ["cc", "-shared", "-o", plugin, "-x", "c", "/dev/null", "-x", "none", "-Wl,--no-as-needed", library], check=True
    )
    library.unlink()
    assert "libxcb-nowhere.so.7: cannot open shared object file" in load_plugin(plugin)
    # WHEN the window is to start with it THEN one sentence names the package
    from PySide6.QtCore import QLibraryInfo

    monkeypatch.setattr(QLibraryInfo, "path", lambda _: str(tmp_path))
    with pytest.raises(UserError) as error:
        check_qt_libraries({})
    assert str(error.value) == apt("libxcb-nowhere.so.7", "libxcb-nowhere7")
    # but with another platform, that plugin does not matter
    check_qt_libraries({"QT_QPA_PLATFORM": "offscreen"})


def test_on_wayland_the_other_plugin_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    problems = {"libqwayland.so": "libwayland-client.so.0: cannot open shared object file", "libqxcb.so": ""}
    monkeypatch.setattr(qt_libraries, "load_plugin", lambda path: problems[path.name])
    check_qt_libraries({"WAYLAND_DISPLAY": "wayland-0"})
    problems["libqxcb.so"] = "libxcb-cursor.so.0: cannot open shared object file"
    with pytest.raises(UserError, match=r"libxcb-cursor0"):
        check_qt_libraries({"WAYLAND_DISPLAY": "wayland-0"})


def test_here_everything_is_there() -> None:
    check_qt_libraries()
    check_qt_libraries({})
