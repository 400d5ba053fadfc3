"""What is known of a crash of this process, without a word of what anybody wrote.

A note says where in the program it happened: the kind of error, files of the program with lines and names of functions.
An error's own words are left out, as they may quote a question, and so are folders, which may hold a name. Nothing is
sent anywhere; `ui.app.crash_reports` shows the notes to the person, who may save them.
"""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import re
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import IO

_LOG = logging.getLogger(__name__)
_ABOUT = (
    "This was written on this computer and is sent nowhere. It says where in the program something went wrong, and"
    " holds no question, no answer, no image and no name of a file of yours: read it before you pass it on."
)
_MOST_NOTES = 20
"""Of one run: what fails again and again is one bug."""
_MOST_BYTES = 60_000
_MOST_FRAMES = 40
_ROOTS = re.compile(r".*?(?:site-packages|dist-packages|lib/python3[.\d]*)[/\\]|.*[/\\](?=desktop_vlm[/\\])")
_FRAME = re.compile(r'File "([^"]*)", line (\d+)(?: in (.*))?')


class CrashNotes:
    """The notes of this run, and what a signal left of the one before.

    Attributes:
        notes: of this run, the earliest first.
        of_last_run: what the run before ended with; "" where it ended well.
        on_note: called for each note, in whichever thread it comes from.
    """

    def __init__(self, folder: Path) -> None:
        self.notes: list[str] = []
        self.on_note: Callable[[], None] = lambda: None
        self._fatal = folder / "fatal.txt"
        self._file: IO[str] | None = None
        self.of_last_run = _readable(_end_of(self._fatal))

    def watch(self) -> None:
        """Note what nobody catches from now on, in every thread, and what a fatal signal leaves."""
        with contextlib.suppress(OSError, ValueError):
            self._fatal.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._fatal.open("w", encoding="utf-8")  # stays open: faulthandler writes to it at the end
            faulthandler.enable(self._file, all_threads=False)
        before, before_in_threads = sys.excepthook, threading.excepthook

        def hook(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
            self.note(kind, trace)
            before(kind, error, trace)

        def hook_of_threads(failed: threading.ExceptHookArgs) -> None:
            if failed.exc_type is not SystemExit:
                self.note(failed.exc_type, failed.exc_traceback)
            before_in_threads(failed)

        sys.excepthook, threading.excepthook = hook, hook_of_threads

    def end(self) -> None:
        """The run ends well: there is nothing to tell the next one."""
        with contextlib.suppress(OSError, ValueError):
            faulthandler.disable()
            if self._file:
                self._file.close()
            self._fatal.unlink(missing_ok=True)

    def note(self, kind: type[BaseException], trace: TracebackType | None) -> None:
        """Note an error; the same one in the same place is noted once."""
        if issubclass(kind, KeyboardInterrupt):
            return
        text = note_of(kind, trace)
        if text in self.notes or len(self.notes) == _MOST_NOTES:
            return
        self.notes.append(text)
        _LOG.error("not caught: %s", text)
        self.on_note()


def note_of(kind: type[BaseException], trace: TracebackType | None) -> str:
    """The kind of an error, and where it came from, the innermost last."""
    frames = traceback.extract_tb(trace)[-_MOST_FRAMES:]
    lines = [f"  {_short(one.filename)}:{one.lineno} in {one.name}" for one in frames]
    return "\n".join([kind.__name__, *lines])


def report(notes: CrashNotes, versions: str) -> str:
    """All that a report holds, for the person to read before it is saved."""
    parts = ["Desktop VLM: report of a crash", _ABOUT, versions]
    if notes.of_last_run:
        parts.append(f"The end of the run before:\n{notes.of_last_run}")
    parts += [f"In this run:\n{one}" for one in notes.notes]
    return "\n\n".join(parts) + "\n"


def save(text: str, path: Path) -> None:
    """Write a report, for its owner only.

    Raises:
        OSError: it cannot be written.
    """
    path.write_text(text, encoding="utf-8")
    with contextlib.suppress(OSError):
        path.chmod(0o600)


def suggested_name() -> str:
    """Of a report's file."""
    return time.strftime("desktop-vlm-report-%Y-%m-%d.txt")


def _end_of(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode("utf-8", "replace")
    except OSError:
        return ""


def _readable(fatal: str) -> str:
    """What faulthandler wrote, as a note: its first line, and its frames, which come innermost first."""
    if not fatal.strip():
        return ""
    first = next(line for line in fatal.splitlines() if line.strip())
    frames = [
        f"  {_short(found[1])}:{found[2]} in {found[3] or '?'}" for found in _FRAME.finditer(fatal) if found is not None
    ]
    return "\n".join([first.strip()[:200], *reversed(frames[:_MOST_FRAMES])])


def _short(file: str) -> str:
    """A file of the program or of a library, without the folder that it is installed in."""
    short = _ROOTS.sub("", file, count=1)
    return short if short != file else Path(file).name
