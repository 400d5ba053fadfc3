"""The one way of dependency, read from the imports themselves and followed to their ends.

A rule names rooms: a module such as `runtime.session`, or a folder with all in it. A room that is not there fails the
test, so that no rule outlives what it was about.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest

import desktop_vlm

PACKAGE = Path(desktop_vlm.__file__).parent

LAYERS = (
    ("api",),
    ("system",),
    ("images", "settings", "history", "structured", "hub"),
    ("markdown",),
    ("runtime", "quick_actions", "export"),
    ("conversion", "backup"),
    ("models",),
    ("families",),
    ("backend", "convert"),
    ("acquire",),
    ("service", "diagnostics"),
    ("ui",),
    ("cli",),
)
"""The rooms, from the ground up: each may use those below its own line, and nothing else."""

WINDOW = (
    *("ui", "history", "settings", "quick_actions", "export", "backup", "markdown"),
    *("service.frames", "service.job_frames", "service.reader_frames", "service.formula_client"),
)
"""What the window's process consists of."""

ENGINE = ("runtime", "families", "backend", "service.worker", "conversion")

NO_FAMILY_NAMES = ("runtime", "conversion", "service", "ui", "api", "images", "settings", "history", "models.files")
SHARED_FAMILIES = ("generic", "mtmd", "jinja_template")
"""Folders in `families` that several families use."""


@cache
def modules() -> dict[str, Path]:
    """Name in the package (`runtime.session`) -> file."""
    return {name_of(path): path for path in PACKAGE.rglob("*.py")}


def name_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def tree(name: str) -> ast.Module:
    return ast.parse(modules()[name].read_text(encoding="utf-8"))


@cache
def imported(name: str) -> frozenset[str]:
    """Every module that a module imports, at its top or later, by its whole name.

    `from a import b` imports `a.b` where that is a module of the package, and `a` otherwise.
    """
    found = set()
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            of_package = {one for one in whole if one.removeprefix("desktop_vlm.") in modules()}
            found |= of_package if of_package == whole else of_package | {node.module}
    return frozenset(found)


@cache
def uses(name: str) -> frozenset[str]:
    """The package's own modules among them."""
    own = {one.removeprefix("desktop_vlm.") for one in imported(name) if one.startswith("desktop_vlm.")}
    return frozenset(one for one in own if one in modules())


@cache
def reached(name: str) -> frozenset[str]:
    """All modules that importing a module may load, itself included."""
    found, waiting = {name}, [name]
    while waiting:
        new = uses(waiting.pop()) - found
        found |= new
        waiting += new
    return frozenset(found)


def inside(*rooms: str) -> set[str]:
    """The modules of some rooms, each of which must be there."""
    found = set()
    for room in rooms:
        members = {name for name in modules() if name == room or name.startswith(f"{room}.")}
        assert members, f"there is no room {room}: the rule that names it is out of date"
        found |= members
    return found


def users_of(library: str) -> set[str]:
    return {
        name for name in modules() if any(one == library or one.startswith(f"{library}.") for one in imported(name))
    }


def layer_of(name: str) -> int:
    return next(height for height, rooms in enumerate(LAYERS) if name.split(".", maxsplit=1)[0] in rooms)


def test_every_room_has_its_place() -> None:
    rooms = [room for layer in LAYERS for room in layer]
    assert len(set(rooms)) == len(rooms)
    assert {name.split(".")[0] for name in modules()} - {"", "__main__"} == set(rooms)


def test_rooms_use_what_is_below_them() -> None:
    upward = {
        f"{name} -> {used}"
        for name in inside(*(room for layer in LAYERS for room in layer))
        for used in uses(name)
        if name.split(".")[0] != used.split(".")[0] and layer_of(used) >= layer_of(name)
    }
    assert upward == set()


def test_no_module_reaches_itself() -> None:
    circles = {name for name in modules() if any(name in reached(used) for used in uses(name))}
    assert circles == set()


def test_the_windows_process_loads_no_engine() -> None:
    """The engine ends the process that it runs in now and then; the window must not be that process."""
    engine = inside(*ENGINE)
    for name in inside(*WINDOW):
        assert not reached(name) & engine, name
        assert not {one for used in reached(name) for one in imported(used) if one.startswith("llama_cpp")}, name


def test_only_the_runtime_touches_llama_cpp() -> None:
    bindings = {name for name in inside("families") if name.split(".")[-1] == "binding"}
    assert users_of("llama_cpp") <= {"runtime.llama", "runtime.ggml.library"} | bindings
    assert {"runtime.llama", "runtime.ggml.library"} <= users_of("llama_cpp")


def test_only_the_text_readers_process_loads_what_reads_images() -> None:
    """OCR decodes natively what nobody vouches for, and takes memory: neither the window nor the engine has it."""
    libraries = ("onnxruntime", "cv2", "zxingcpp", "rapidocr")
    native = {name for library in libraries for name in users_of(library)}
    assert {"images.text_layer.engine", "images.text_layer.codes"} <= native <= inside("images.text_layer")
    reading = {name for name in modules() if reached(name) & native}
    assert "service.reader" in reading
    assert reading <= inside("service.reader", "service.reading", "images.text_layer")
    assert not {one for one in reading if one.endswith((".forms", ".hocr"))}  # which all others use


_READS = {
    *("read_text", "read_bytes", "open"),  # of paths
    *("json.loads", "json.load", "tomllib.loads", "tomllib.load", "plistlib.loads", "pickle.loads", "pickle.load"),
}
READ_BY_THEMSELVES = {
    "system.bounded": "it is the layer",
    "system.gpus": "what the kernel says",
    "system.effort": "what the kernel says",
    "system.crash_notes": "a note of our own, up to a limit",
    "system.desktop_files": "our own icons, and a list that the desktop made",
    "runtime.ggml.device": "what the kernel says",
    "service.worker": "what the kernel says",
    "ui.captures.watches": "what the kernel says",
    "service.framing": "frames, which have limits of their own",
    "ui.desktop.instance.command": "a message on our own socket, with a limit of its own",
    "families.jinja_template": "the two ends of one pipe, with limits of their own",
    "cli.usage_note": "what our own child writes",
    "conversion.streaming": "content that we download, by the piece",
    "hub": "content that we download, by the piece",
    "backup": "a copy of our own files, by the piece",
    "export": "a file that may be the very one to be written",
    "models.catalogue": "a part of the program",
    "diagnostics.prediction.gpu_models": "a part of the program",
    "families.mllama.cuda": "a part of the program",
    "families.mllama.mmproj": "tensors of a file that the gate admitted, by the piece",
    "families.llava15.legacy_file": "a file that the gate admitted, by the piece",
    "families.qwen25vl.windows": "a copy of our own",
    "history": "texts out of the database, and a database that is copied",
    "images.annotations": "texts out of the database",
    "images.text_layer": "texts that our own reader wrote, and pieces of answers",
    "structured": "schemas, bounded before (`reading`), and answers",
    "ui.captures.condition": "answers, up to a limit",
    "ui.window.draft": "a part of the program",
}
"""Who reads or parses files without `system.bounded`, and why they may."""


def test_files_of_strangers_are_read_through_one_layer() -> None:
    allowed = inside(*READ_BY_THEMSELVES)
    reading = {name: _unbounded(name) for name in modules()}
    assert {name: calls for name, calls in reading.items() if calls and name not in allowed} == {}
    idle = {room for room in READ_BY_THEMSELVES if not any(reading[name] for name in inside(room))}
    assert idle == set(), "they need no exception any more"


def _unbounded(name: str) -> list[str]:
    """Calls that read a whole file, open one for reading, or parse a text, but for those with an offset."""
    found = []
    for node in ast.walk(tree(name)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        attribute, whole = node.func.attr, ast.unparse(node.func)
        mode = node.args[0].value if node.args and isinstance(node.args[0], ast.Constant) else None
        is_reading = isinstance(mode, str) and mode.startswith("r") if attribute == "open" else len(node.args) < 2
        if is_reading and (attribute in _READS or whole in _READS):
            found.append(f"{whole}, line {node.lineno}")
    return found


def test_ctypes_stays_where_c_is_called() -> None:
    # user32.dll has no other way in; those modules are loaded on Windows only.
    elsewhere = users_of("ctypes") - inside("runtime", "families", "system.sandbox", "images.pixel_memory")
    assert all("windows" in name for name in elsewhere), elsewhere


def test_the_ggml_binding_knows_nothing_of_the_model() -> None:
    allowed = inside(
        "runtime.ggml", "runtime.interrupts", "runtime.abi", "api.errors", "system.border.files", "system.bounded.files"
    )
    for name in inside("runtime.ggml"):
        assert reached(name) <= allowed, name


def test_conversion_needs_only_the_quantiser_of_the_engine() -> None:
    """And the hash of what it downloads, which is C as well."""
    allowed = inside("runtime.ggml", "runtime.interrupts", "runtime.abi", "runtime.resumable_sha256")
    for name in inside("conversion"):
        assert reached(name) & inside("runtime") <= allowed, name


def test_the_windows_process_decodes_no_images() -> None:
    """Not with Pillow, and not with PDFium: another process does, which can open nothing."""
    users = {
        name
        for name in inside("ui") - {"ui.pictures.decoding"}
        if {"desktop_vlm.images.open", "desktop_vlm.images.opened"} & imported(name) and _names_used(name) & _DECODING
    }
    assert users == set()
    assert users_of("pypdfium2") <= inside("images.text_layer", "diagnostics")
    for name in inside("ui") - {"ui.pictures.decoding"}:
        assert not re.search(r"\bImage\.open\(|\bloadFromData\(|\bQImageReader\(", source(name)), name


_DECODING = {"open_image", "open_pages", "count_pages", "OpenedImage"}


def _names_used(name: str) -> set[str]:
    return {
        alias.name
        for node in ast.walk(tree(name))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("desktop_vlm.images.open")
        for alias in node.names
    }


def source(name: str) -> str:
    return modules()[name].read_text(encoding="utf-8")


def test_only_the_window_knows_qt() -> None:
    assert users_of("PySide6") <= inside("ui")
    for name in inside("api", "images", "runtime", "families", "conversion", "models", "service", "backend", "convert"):
        assert not reached(name) & inside("ui"), name


# Families


def families() -> list[str]:
    """The names of the families that stand for models of their own."""
    found = {name.split(".")[1] for name in inside("families") if name.count(".") >= 2}
    return sorted(found - set(SHARED_FAMILIES))


def names_in_code(name: str) -> Iterator[str]:
    """Identifiers, imports and texts of a module; what is written about it (docstrings, comments) does not count."""
    documentation = set()
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            documentation.add(node.value)
    for node in ast.walk(tree(name)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in documentation:
            yield node.value
        elif isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.arg, ast.keyword)):
            yield getattr(node, "name", None) or getattr(node, "arg", None) or ""
    yield from imported(name)


def test_there_are_families() -> None:
    assert "mllama" in families()


@pytest.mark.parametrize("room", NO_FAMILY_NAMES)
def test_what_serves_all_families_names_none(room: str) -> None:
    pattern = re.compile("|".join(families()), re.IGNORECASE)
    for name in inside(room):
        named = [text for text in names_in_code(name) if pattern.search(text)]
        assert named == [], name


def test_families_do_not_know_each_other() -> None:
    shared = inside("families.base", *(f"families.{one}" for one in SHARED_FAMILIES if _is_there(one)))
    for family in families():
        for name in inside(f"families.{family}"):
            assert uses(name) & inside("families") <= inside(f"families.{family}") | shared, name


def test_families_are_listed_in_one_place() -> None:
    """And converters and importers in others, so that they load no vision runner."""
    listing = {name for name in modules() if len(_families_used(uses(name))) > 1}
    assert listing <= {"families.registry", "families.converters", "families.importers"}
    assert _families_used(uses("families.registry")) == set(families())


def _families_used(used: Iterable[str]) -> set[str]:
    return {name.split(".")[1] for name in used if name.startswith("families.") and name.split(".")[1] in families()}


def _is_there(family: str) -> bool:
    return (PACKAGE / "families" / family).is_dir()


# Sizes


def test_no_part_of_the_package_is_too_large_to_hold_in_mind() -> None:
    lengths = {name: len(path.read_text(encoding="utf-8").splitlines()) for name, path in modules().items()}
    assert {name: n for name, n in lengths.items() if n > 450} == {}


def test_reading_images_and_composing_them_loads_no_engine() -> None:
    code = "import sys, desktop_vlm.images.collage, desktop_vlm.images.open; print('llama_cpp' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"


def test_work_on_files_loads_no_http_client() -> None:
    """A tenth of a second and three libraries that a machine without a network may lack."""
    code = (
        "import sys, desktop_vlm.convert, desktop_vlm.cli.convert; "
        "print([name for name in ('httpx2', 'keyring', 'huggingface_hub') if name in sys.modules])"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
