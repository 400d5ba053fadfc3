"""The one way of dependency, read from the imports themselves."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import desktop_vlm

PACKAGE = Path(desktop_vlm.__file__).parent


def imports(path: Path) -> set[str]:
    """Every module that a file imports, at its top or later."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def modules() -> dict[str, set[str]]:
    return {str(path.relative_to(PACKAGE)): imports(path) for path in PACKAGE.rglob("*.py")}


def users_of(*wanted: str) -> set[str]:
    return {
        name
        for name, found in modules().items()
        for one in found
        if one in wanted or one.startswith(tuple(f"{w}." for w in wanted))
    }


def test_only_the_engine_touches_llama_cpp_and_ctypes() -> None:
    assert users_of("llama_cpp") == {"engine/llama.py", "engine/ggml/library.py"}
    # user32.dll has no other way in; that module is loaded on Windows only.
    assert all(name.startswith("engine/") for name in users_of("ctypes") - {"ui/hotkey/windows.py"})


def test_the_engine_knows_nothing_of_those_who_use_it() -> None:
    allowed = ("desktop_vlm.runtime", "desktop_vlm.api.errors", "desktop_vlm.images.open", "desktop_vlm.images.tiles")
    for name, found in modules().items():
        if name.startswith("engine/"):
            own = {one for one in found if one.startswith("desktop_vlm.")}
            assert all(one.startswith(allowed) for one in own), name


def test_the_ggml_binding_knows_nothing_of_the_model() -> None:
    for name, found in modules().items():
        if name.startswith("engine/ggml/"):
            own = {one for one in found if one.startswith("desktop_vlm.")}
            allowed = ("desktop_vlm.runtime.ggml", "desktop_vlm.runtime.interrupts", "desktop_vlm.api.errors")
            assert all(one.startswith(allowed) for one in own), name


def test_conversion_needs_only_the_quantiser_of_the_engine() -> None:
    for name, found in modules().items():
        if name.startswith("conversion/") or name == "convert.py":
            engine = {one for one in found if one.startswith("desktop_vlm.runtime")}
            assert all(one.startswith("desktop_vlm.runtime.ggml.quantize") for one in engine), name


def test_only_the_window_knows_qt() -> None:
    assert all(name.startswith("ui/") for name in users_of("PySide6"))


def test_the_window_and_what_it_uses_know_no_engine() -> None:
    """The engine ends the process that it runs in now and then; the window must not be that process."""
    without = ("ui/", "history/", "export", "settings", "quick_actions", "paths", "frames.py", "errors.py")
    for name, found in modules().items():
        if name.startswith(without):
            engine = ("llama_cpp", "desktop_vlm.backend", "desktop_vlm.runtime", "desktop_vlm.service.worker")
            assert not [one for one in found if one.startswith(engine)], name


def test_no_part_of_the_package_is_too_large_to_hold_in_mind() -> None:
    lengths = {
        str(p.relative_to(PACKAGE)): len(p.read_text(encoding="utf-8").splitlines()) for p in PACKAGE.rglob("*.py")
    }
    assert {name: n for name, n in lengths.items() if n > 450} == {}


def test_reading_pictures_and_composing_them_loads_no_engine() -> None:
    code = "import sys, desktop_vlm.images.collage, desktop_vlm.images.open; print('llama_cpp' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
