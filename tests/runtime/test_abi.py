"""The gate before llama.cpp: another version, a missing function and a moved field each get their sentence."""

from __future__ import annotations

import ast
import ctypes
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import desktop_vlm
from desktop_vlm import __version__
from desktop_vlm.api.errors import EngineError
from desktop_vlm.convert import ModelFiles
from desktop_vlm.runtime import abi, llama
from desktop_vlm.runtime.ggml import library
from desktop_vlm.service.frames import PROTOCOL, Error, FrameReader, Hello, encode

PACKAGE = Path(desktop_vlm.__file__).parent
WAY_OUT = "run `pip install --force-reinstall --no-cache-dir --no-deps llama-cpp-python==0.3.36`"
OTHER_VERSION = f"llama-cpp-python 0.3.99 is installed, but Desktop VLM needs 0.3.36; {WAY_OUT}."


def unsafe(what: str) -> str:
    return f"The installed llama-cpp-python {what}, so it cannot be used safely; {WAY_OUT}."


@pytest.fixture
def unchecked() -> Any:
    """Has the next call check again, and the one after the test as well."""
    for checked in (library._functions, llama._checked):
        checked.cache_clear()
    yield
    for checked in (library._functions, llama._checked):
        checked.cache_clear()


# The version


def test_the_supported_version_is_the_pinned_one() -> None:
    text = PACKAGE.parent.joinpath("pyproject.toml").read_text(encoding="utf-8")
    assert re.findall(r'"llama-cpp-python==([\d.]+)"', text) == [abi.SUPPORTED[-1]]


@pytest.mark.parametrize("version", ["0.3.99", "0.3.3", "0.4.0+cu124", "0.3.36.post1"])
def test_another_version_is_refused(version: str) -> None:
    with pytest.raises(EngineError) as refused:
        abi.check_version(version)
    assert str(refused.value) == OTHER_VERSION.replace("0.3.99", version)


def test_a_build_of_the_supported_version_for_a_gpu_passes() -> None:
    for version in ("0.3.36", "0.3.36+cu124"):
        abi.check_version(version)


@pytest.mark.usefixtures("unchecked")
def test_no_binding_hands_out_a_function_of_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("llama_cpp.__version__", "0.3.99")
    calls: list[Callable[[], Any]] = [lambda: library.function("ggml_init"), lambda: llama.llama_backend_init]
    for call in calls:
        with pytest.raises(EngineError) as refused:
            call()
        assert str(refused.value) == OTHER_VERSION


def run(patch: str, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = f"{patch}\nfrom desktop_vlm.{module} import main; import sys; sys.exit(main({list(arguments)}))"
    return subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, input="")


@pytest.fixture
def commands(
    model_files: Callable[..., ModelFiles], checkpoint_folder: Callable[[str], Path], tmp_path: Path
) -> list[list[str]]:
    """Every command that needs the engine, with files that are right."""
    text = str(model_files("alpha").text)
    return [
        ["ask", "Why?", "--model", text],
        ["bench", "--model", text],
        ["convert", str(checkpoint_folder("alpha")), str(tmp_path / "out")],
        ["doctor"],
    ]


OTHER_IMPORTED = "import llama_cpp; llama_cpp.__version__ = '0.3.99'"
OTHER_BROKEN = (
    "import sys, llama_cpp; sys.modules['llama_cpp.llama_cpp'] = None\n"
    "from desktop_vlm.runtime import abi; abi.installed_version = lambda: '0.3.99'"
)


@pytest.mark.parametrize("patch", [OTHER_IMPORTED, OTHER_BROKEN], ids=["imported", "broken"])
def test_every_command_refuses_it(patch: str, commands: list[list[str]], tmp_path: Path) -> None:
    """GIVEN another version, whether or not it can be imported THEN the sentence, exit code 3 and no file."""
    program = f"{patch}\nfrom desktop_vlm.cli.main import main\nprint([main(one) for one in {commands}])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False, input="")
    assert done.stderr.splitlines() == [f"desktop-vlm: {OTHER_VERSION}"] * len(commands)
    assert done.stdout.splitlines()[-1] == str([3] * len(commands))
    assert "What models need" not in done.stdout
    assert [path for path in tmp_path.rglob("*") if path.is_file() and path.parent.name == "out"] == []


@pytest.mark.parametrize("patch", [OTHER_IMPORTED, OTHER_BROKEN], ids=["imported", "broken"])
def test_the_engines_process_tells_it_and_ends(patch: str) -> None:
    program = f"{patch}\nimport sys; from desktop_vlm.service import worker; sys.exit(worker.main())"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        process.stdin.write(b"".join(encode(Hello(__version__, PROTOCOL))))
        process.stdin.flush()  # it stays open: its end would end the process too
        seen = process.stdout.read()
    assert process.returncode == 3
    assert [message for message in FrameReader().feed(seen) if isinstance(message, Error)] == [
        Error(0, "engine", OTHER_VERSION)
    ]


# Functions


@pytest.mark.usefixtures("unchecked")
def test_a_missing_ggml_function_is_named_before_any_is_called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(library._PROTOTYPES, "ggml_of_tomorrow", (None, []))
    with pytest.raises(EngineError) as refused:
        library.function("ggml_init")
    assert str(refused.value) == unsafe("lacks the C function `ggml_of_tomorrow`")


@pytest.mark.usefixtures("unchecked")
def test_a_missing_llama_function_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llama, "FUNCTIONS", [*llama.FUNCTIONS, "llama_of_tomorrow"])
    with pytest.raises(EngineError) as refused:
        _ = llama.llama_backend_init
    assert str(refused.value) == unsafe("lacks the C function `llama_of_tomorrow`")


def test_a_function_is_looked_for_in_every_library_and_gets_its_types() -> None:
    def empty() -> Any:
        return SimpleNamespace(restype=None, argtypes=None)

    first, second = SimpleNamespace(a=empty()), SimpleNamespace(a=empty(), b=empty())
    found = abi.resolve([first, second], {"a": (ctypes.c_int, []), "b": (None, [ctypes.c_float])})
    assert (found["a"], found["b"]) == (first.a, second.b)
    assert (first.a.restype, second.b.argtypes) == (ctypes.c_int, [ctypes.c_float])


def test_the_list_of_llama_functions_is_what_the_code_calls() -> None:
    called = {
        node.attr
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "llama"
    }
    functions = {name for name in called if hasattr(llama._functions._lib, name)}
    assert functions == set(llama.FUNCTIONS)
    assert len(llama.FUNCTIONS) == len(set(llama.FUNCTIONS))


# Structs


def probe(struct: type[ctypes.Structure]) -> None:
    """Run the probe of tensors as if `struct` were our declaration of `ggml_tensor`."""
    pointer = ctypes.POINTER(struct)
    as_read: dict[str, Callable[..., Any]] = {}
    for name in library._PROTOTYPES:
        function = library.function(name)
        returns_tensor = library._PROTOTYPES[name][0] is library.Tensor
        as_read[name] = _reads(function, pointer) if returns_tensor else _takes(function)
    abi.probe_tensors(as_read, library.InitParams)


def _takes(function: Callable[..., Any]) -> Callable[..., Any]:
    def call(*arguments: Any) -> Any:
        return function(*(_as_declared(argument) for argument in arguments))

    return call


def _reads(function: Callable[..., Any], pointer: Any) -> Callable[..., Any]:
    return lambda *arguments: ctypes.cast(_takes(function)(*arguments), pointer)


def _as_declared(argument: Any) -> Any:
    return ctypes.cast(argument, library.Tensor) if isinstance(argument, ctypes._Pointer) else argument


def changed(change: Callable[[list[Any]], None]) -> type[ctypes.Structure]:
    fields: list[Any] = list(library.TensorStruct._fields_)
    change(fields)
    return type("Changed", (ctypes.Structure,), {"_fields_": fields})


def place(fields: list[Any], name: str) -> int:
    return next(i for i, field in enumerate(fields) if field[0] == name)


def test_the_struct_as_declared_passes() -> None:
    probe(changed(lambda _fields: None))


@pytest.mark.parametrize(
    "before", [field[0] for field in library.TensorStruct._fields_ if field[0] not in {"extra", "padding"}]
)
def test_a_field_more_is_noticed_wherever_it_is(before: str) -> None:
    """GIVEN a struct with eight bytes more in front of a field that we use THEN the probe names `ggml_tensor`."""
    struct = changed(lambda fields: fields.insert(place(fields, before), ("new", ctypes.c_int64)))
    with pytest.raises(EngineError) as refused:
        probe(struct)
    assert re.fullmatch(
        re.escape(unsafe("has another layout of `ggml_tensor` (fields FIELDS)")).replace("FIELDS", "[a-z_, ]+"),
        str(refused.value),
    )


@pytest.mark.parametrize(("one", "other"), [("ne", "nb"), ("type", "op"), ("view_src", "data"), ("src", "op_params")])
def test_fields_in_another_order_are_noticed(one: str, other: str) -> None:
    def swap(fields: list[Any]) -> None:
        i, j = place(fields, one), place(fields, other)
        fields[i], fields[j] = fields[j], fields[i]

    with pytest.raises(EngineError, match="has another layout of `ggml_tensor`"):
        probe(changed(swap))


@pytest.mark.usefixtures("unchecked")
@pytest.mark.parametrize(
    ("function", "struct", "before", "noticed"),
    [
        ("llama_model_default_params", "llama_model_params", "n_gpu_layers", "load_mode"),
        ("llama_model_default_params", "llama_model_params", "use_extra_bufts", "use_extra_bufts"),
        ("llama_context_default_params", "llama_context_params", "n_ctx", "n_batch"),
        ("llama_context_default_params", "llama_context_params", "type_k", "type_k"),
        ("llama_sampler_chain_default_params", "llama_sampler_chain_params", "no_perf", "no_perf"),
    ],
)
def test_parameters_with_a_moved_field_are_noticed(
    function: str, struct: str, before: str, noticed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """GIVEN a struct with a field more in front of one that we set THEN a field's name is in the sentence."""
    declared = type(getattr(llama._functions, function)())
    shifted: list[Any] = list(declared._fields_)
    shifted.insert(place(shifted, before), ("new", ctypes.c_int64))
    struct_class: Any = type("Shifted", (ctypes.Structure,), {"_fields_": shifted})

    def read_shifted() -> Any:
        room = ctypes.create_string_buffer(bytes(declared_default()) + bytes(64))
        return struct_class.from_buffer(room)

    declared_default = getattr(llama._functions, function)
    monkeypatch.setattr(llama._functions, function, read_shifted)
    with pytest.raises(EngineError) as refused:
        _ = llama.llama_backend_init
    assert str(refused.value).startswith(f"The installed llama-cpp-python has another layout of `{struct}` (fields ")
    assert noticed in str(refused.value)


@pytest.mark.usefixtures("unchecked")
def test_candidates_that_the_sampler_does_not_see_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(llama._functions, "llama_sampler_apply", lambda _sampler, _array: None)
    with pytest.raises(EngineError) as refused:
        _ = llama.llama_backend_init
    assert str(refused.value) == unsafe("has another layout of `llama_token_data_array`")


def test_a_type_that_is_packed_otherwise_is_noticed() -> None:
    sizes: abi.Functions = {"ggml_blck_size": lambda _kind: 1, "ggml_row_size": lambda _kind, n: 4 * n}
    with pytest.raises(EngineError) as refused:
        abi._check_quant_sizes(sizes)
    assert str(refused.value) == unsafe("packs the type F16 into 4 bytes for 1 values")


# The cost


def test_all_of_it_takes_a_few_milliseconds_once() -> None:
    """The best of some processes, in processor time: others may be at work."""
    code = (
        "import json; from time import thread_time as now\n"
        "from desktop_vlm.runtime import llama; from desktop_vlm.runtime.ggml import library\n"
        "started = now(); library.function('ggml_init'); llama.llama_decode\n"
        "first = now(); library.function('ggml_init'); llama.llama_decode\n"
        "print(json.dumps([first - started, now() - first]))"
    )
    runs = [
        json.loads(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
        for _ in range(3)
    ]
    assert min(first for first, _ in runs) < 5e-3
    assert min(again for _, again in runs) < 1e-4
