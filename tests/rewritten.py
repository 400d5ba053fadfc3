"""Test files are compiled once for all workers: each begins with a part of its own, and finds the other parts made.

pytest adds to every `assert` what explains its failure, which takes ten seconds for all files, and keeps the result.
Workers collect all in the same order, so in a fresh checkout each would compile every file when the others do.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from _pytest.assertion import rewrite
from _pytest.assertion.rewrite import assertstate_key


def compile_part(config: pytest.Config) -> None:
    """Compile this worker's part of the files that it will collect; nothing without workers."""
    worker = getattr(config, "workerinput", None)
    if worker is None or sys.dont_write_bytecode or assertstate_key not in config.stash:
        return
    number, count = int(worker["workerid"].removeprefix("gw")), int(worker["workercount"])
    for path in sorted(_test_files(config))[number::count]:
        _compile(path, config)


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
