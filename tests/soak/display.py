"""The display goes away under the window, and comes back: nothing is left behind, nothing lost, and it starts again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TypeVar

from desktop_vlm.history import History
from desktop_vlm.system.paths import Paths
from tests.fuzz.gguf.subjects import write_subject
from tests.soak.report import Report, soak
from tools.processes import is_running

Result = TypeVar("Result")

_MOST_S = 60.0


@soak
def display_gone(folder: Path, short: bool) -> Report:
    """Xvfb is killed under the window, several times."""
    report = Report()
    if shutil.which("Xvfb") is None or shutil.which("xdotool") is None:
        report.figures["left out"] = "there is no Xvfb or xdotool"
        return report
    paths = Paths.under(folder)
    paths.data.mkdir(parents=True)
    with History(paths.history_file) as history:
        kept = history.create_conversation("kept")
        history.add_message(kept, None, "user", "acknowledged")
    if short:  # a model whose loading does not take most of the time
        text, mmproj = write_subject("mllama", folder)
        paths.settings_file.parent.mkdir(parents=True)
        paths.settings_file.write_text(f'[model]\ntext = "{text}"\nmmproj = "{mmproj}"\n', encoding="utf-8")
    took: list[float] = []
    for _ in range(1 if short else 5):
        server, display = _display()
        program = _program(display, folder)
        _until(partial(_shown, display))
        children = _until(partial(_children, program.pid))
        server.kill()
        server.wait()
        killed_s = time.monotonic()
        try:
            code = program.wait(_MOST_S)
            took.append(time.monotonic() - killed_s)
            report.figures["ends with"] = f"exit code {code}"
            report.expect(code > 0, f"it ended with {code}: a signal, or as if all were well")
        except subprocess.TimeoutExpired:
            report.bad.append("the program goes on without a display")
            program.kill()
        _until(partial(_are_gone, children), 5)
        report.expect(_are_gone(children), "a child was left behind")
        with History(paths.history_file) as history:
            report.expect(len(history.thread(kept)) == 1 and not history.notice, f"history: {history.notice}")
    report.figures["ended after"] = f"{len(took)} times, at most {max(took, default=0):.2f} s"
    server, display = _display()
    program = _program(display, folder)
    report.expect(bool(_until(lambda: _shown(display))), "no window came with the next display")
    environment = _environment(display, folder)
    subprocess.run([sys.executable, "-m", "desktop_vlm", "--quit"], env=environment, check=False, timeout=_MOST_S)
    code = program.wait(_MOST_S)
    report.figures["on the next display"] = f"the window came, and quit with exit code {code}"
    report.expect(code == 0, f"it ended with {code}")
    server.terminate()
    server.wait()
    return report


def _display() -> tuple[subprocess.Popen[bytes], str]:
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1280x860x24", "-nolisten", "tcp", "-noreset"]
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as pipe:
        return server, f":{pipe.readline().strip()}"


def _environment(display: str, home: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "WAYLAND_"))}
    return {**kept, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "DESKTOP_VLM_HOME": str(home)}


def _program(display: str, home: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "desktop_vlm", "window"]
    return subprocess.Popen(command, env=_environment(display, home), stderr=subprocess.DEVNULL)


def _shown(display: str) -> bool:
    command = ["xdotool", "search", "--onlyvisible", "--name", "Desktop VLM"]
    found = subprocess.run(command, env={**os.environ, "DISPLAY": display}, capture_output=True, check=False)
    return bool(found.stdout.strip())


def _children(pid: int) -> list[int]:
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def _are_gone(pids: Iterable[int]) -> bool:
    return not any(map(is_running, pids))


def _until(what: Callable[[], Result], most_s: float = _MOST_S) -> Result:
    until_s = time.monotonic() + most_s
    while not (found := what()) and time.monotonic() < until_s:
        time.sleep(0.05)
    return found
