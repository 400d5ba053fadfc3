"""What many tests need: tiny checkpoints, converted once for the whole run."""

from __future__ import annotations

import gc
import os
import signal
import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # NumPy's threads wait by spinning, or take the others' turns

import hypothesis
import pytest

from desktop_vlm import backend
from desktop_vlm.convert import ModelFiles, convert
from tests import by_itself, second_try, slowest
from tests.checkpoints import CHECKPOINTS, DELTA, build
from tests.markers import mark
from tests.order import long_files_first
from tests.rewritten import compile_part, find_part_of_constants

NAMES = tuple(CHECKPOINTS)

# Until all tests are collected: nearly everything that is made stays, and is walked through for nothing.
gc.disable()

# No test, and no program that one starts, reaches the desktop that all this runs on. Without an address libdbus would
# start a bus, and that the portals of every desktop that is installed.
os.environ["DBUS_SESSION_BUS_ADDRESS"] = os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = "unix:path=/nonexistent"
os.environ.pop("WAYLAND_DISPLAY", None)

# Every worker and every program that a test starts would compile the whole program again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A shell that starts the tests in the background has them ignore Ctrl+C, and so would all that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A run tests what the last one tested; `make fuzz` looks for what nobody thought of.
hypothesis.settings.register_profile(
    "same", derandomize=True, deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.register_profile("random", deadline=None)
hypothesis.settings.load_profile("same")


def pytest_sessionstart(session: pytest.Session) -> None:
    """Compile a part of the test files for all workers."""
    second_try.count_alone(session.config)
    compile_part(session.config)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> Iterator[None]:
    """Markers by place and use, before `-m` chooses among the tests; at last, for workers, the order of the files."""
    mark(items)
    find_part_of_constants(config)
    yield
    if hasattr(config, "workerinput"):
        long_files_first(items)


_STOPWATCH = slowest.Stopwatch()


def pytest_collection_finish() -> None:
    """What was imported and collected stays to the end: no garbage collection has to walk through it again.

    The window's tests collect after every test; among 3,000 collected tests each of those took 0.2 seconds.
    """
    gc.collect()
    gc.freeze()
    _STOPWATCH.lap()


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """Collect garbage again, also in the process that leads the workers, which collects no tests."""
    gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Note the processor time of each part of a test; with xdist it travels with the report."""
    report = yield
    report.processor_s = _STOPWATCH.lap()  # type: ignore[attr-defined]
    by_itself.note(report)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print which files took long, and which tests needed a second try."""
    reports = [one for some in terminalreporter.stats.values() for one in some if hasattr(one, "processor_s")]
    if found := list(slowest.lines(reports)):
        terminalreporter.section("slowest files")
        for line in found:
            terminalreporter.line(line)
    if found := list(second_try.lines(terminalreporter.stats.get("rerun", []))):
        terminalreporter.section("passed at the second try only, or not even then")
        for line in found:
            terminalreporter.line(line)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail where too many tests needed a second try.

    The process that leads the workers ran no test: what it keeps of 25,000 reports has nobody look for garbage in it.
    """
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and second_try.is_too_many(reporter.stats.get("rerun", [])):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    if session.config.pluginmanager.hasplugin("dsession"):
        gc.freeze()


@pytest.fixture(scope="session")
def tests_by_themselves(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> by_itself.ByItself:
    """Runs tests that fork."""
    outcomes = tmp_path_factory.mktemp("by_itself") / "outcomes"
    return by_itself.ByItself(lambda tests: by_itself.run(tests, pytestconfig.rootpath, outcomes))


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """A test that forks runs in another process."""
    if pyfuncitem.get_closest_marker("forks") is None or os.environ.get(by_itself.OUTCOMES):
        return None
    same_file = [one for one in pyfuncitem.session.items if one.path == pyfuncitem.path]
    forking = [one.nodeid for one in same_file if one.get_closest_marker("forks")]
    tests: by_itself.ByItself = pyfuncitem._request.getfixturevalue("tests_by_themselves")
    failed_of = tests.outcome(pyfuncitem.nodeid, forking)
    assert not failed_of, failed_of
    return True


@pytest.fixture(scope="session")
def checkpoint_folder(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Name of a tiny checkpoint -> its folder."""
    root = tmp_path_factory.mktemp("checkpoints")

    def folder(name: str) -> Path:
        made = root / name
        return made if made.exists() else build({**CHECKPOINTS, DELTA.name: DELTA}[name], made)

    return folder


@pytest.fixture(scope="session")
def model_files(
    checkpoint_folder: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., ModelFiles]:
    """Name of a tiny checkpoint, type of both files -> the converted files."""
    out = tmp_path_factory.mktemp("models")

    def files(name: str, kind: str = "F32") -> ModelFiles:
        return convert(checkpoint_folder(name), out / name / kind, text_type=kind, vision_type=kind)

    return files


@pytest.fixture(scope="module")
def load_model(model_files: Callable[..., ModelFiles]) -> Iterator[Callable[[str], backend.Model]]:
    """Name of a tiny checkpoint -> its F32 model, loaded once for a module.

    One thread: several wait for each other at every step of a graph, which takes two thirds of the time of tiny models
    where other tests run beside. `test_backend`, `test_native_stops` and `test_eval_hook` load models with two.
    """
    loaded: dict[str, backend.Model] = {}

    def load(name: str) -> backend.Model:
        if name not in loaded:
            files = model_files(name)
            loaded[name] = backend.load(files.text, files.mmproj, n_ctx=512, n_threads=1)
        loaded[name].forget()
        return loaded[name]

    yield load
    for model in loaded.values():
        model.close()
