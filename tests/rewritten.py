"""What is made once and kept is made once for all workers: each begins with a part of its own, and finds the others'.

pytest adds to every `assert` what explains its failure, which takes ten seconds for all files, and keeps the result.
Hypothesis looks for the constants of every module, as examples for its tests, which takes four, and keeps them, too.
Workers do all in the same order, so in a fresh checkout each would do everything when the others do.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest
from _pytest.assertion import rewrite
from _pytest.assertion.rewrite import assertstate_key
from hypothesis.internal.constants_ast import constants_from_module, is_local_module_file


def compile_part(config: pytest.Config) -> None:
    """Compile this worker's part of the files that it will collect; nothing without workers."""
    if not sys.dont_write_bytecode and assertstate_key in config.stash:
        for path in sorted(_test_files(config))[_part(config)]:
            _compile(path, config)


def find_part_of_constants(config: pytest.Config) -> None:
    """Have Hypothesis find the constants of this worker's part of the modules; nothing without workers."""
    modules = {name: module for name, module in sys.modules.items() if isinstance(module, ModuleType)}
    for name in sorted(modules)[_part(config)]:
        if (file := getattr(modules[name], "__file__", None)) and is_local_module_file(file):
            constants_from_module(modules[name])


def _part(config: pytest.Config) -> slice:
    """Each of as many as there are workers; none of anything without workers."""
    worker = getattr(config, "workerinput", None)
    if worker is None:
        return slice(0)
    return slice(int(worker["workerid"].removeprefix("gw")), None, int(worker["workercount"]))


def _test_files(config: pytest.Config) -> Iterator[Path]:
    for argument in config.args:
        path = config.invocation_params.dir / argument.partition("::")[0]
        yield from path.rglob("test_*.py") if path.is_dir() else [path] * path.is_file()


def _compile(path: Path, config: pytest.Config) -> None:
    """As `AssertionRewritingHook.exec_module` does it, without running the code."""
    state = config.stash[assertstate_key]
    folder = rewrite.get_cache_dir(path)
    compiled = folder / (path.stem + rewrite.PYC_TAIL)
    if rewrite.try_makedirs(folder) and rewrite._read_pyc(path, compiled) is None:
        source, code = rewrite._rewrite_test(path, config)
        rewrite._write_pyc(state, code, source, compiled)
