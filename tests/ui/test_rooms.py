"""Parts of the window that others share stay free of the parts that use them."""

from __future__ import annotations

import ast
from pathlib import Path

import desktop_vlm.ui

UI = Path(desktop_vlm.ui.__file__).parent


def imported(path: Path) -> set[str]:
    """Names of the modules that a file imports from this program."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("desktop_vlm"):
            found.add(str(node.module))
    return found


def test_widgets_know_the_theme_and_the_kinds_of_settings_only() -> None:
    allowed = (
        "desktop_vlm.ui.widgets",
        "desktop_vlm.ui.theme",
        "desktop_vlm.api.fields",
        "desktop_vlm.quick_actions",
    )
    files = sorted((UI / "widgets").glob("*.py"))
    strangers = {path.name: sorted(name for name in imported(path) if not name.startswith(allowed)) for path in files}

    assert len(files) >= 15
    assert {name: found for name, found in strangers.items() if found} == {}


def test_the_theme_knows_nothing_but_itself() -> None:
    names = {name for path in (UI / "theme").glob("*.py") for name in imported(path)}
    assert {name for name in names if not name.startswith("desktop_vlm.ui.theme")} == set()


def test_only_one_module_speaks_d_bus_and_only_one_decides_on_wayland() -> None:
    sources = {path: path.read_text(encoding="utf-8") for path in UI.rglob("*.py")}
    d_bus = {
        path.relative_to(UI).as_posix()
        for path, text in sources.items()
        if "import jeepney" in text or "from jeepney" in text
    }
    wayland = {path.relative_to(UI).as_posix() for path, text in sources.items() if "WAYLAND_DISPLAY" in text}

    assert d_bus == {"desktop/portal/bus.py"}
    assert wayland == {"desktop/session.py"}


def test_rooms_take_no_controls_from_each_other() -> None:
    """The settings, the quick actions and the quick window use `widgets`, not each other's insides."""
    found = {
        f"{path.relative_to(UI).as_posix()}: {name}"
        for room, others in (
            ("quick_actions", ("desktop_vlm.ui.settings", "desktop_vlm.ui.window")),
            ("quick_window", ("desktop_vlm.ui.settings", "desktop_vlm.ui.window")),
            ("desktop", ("desktop_vlm.ui.settings", "desktop_vlm.ui.window", "desktop_vlm.ui.quick_window")),
        )
        for path in (UI / room).rglob("*.py")
        for name in imported(path)
        if name.startswith(others)
    }
    assert found == set()
