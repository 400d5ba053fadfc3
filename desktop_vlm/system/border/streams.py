"""The three streams of a process: closed, full, gone, or in an encoding that has not every character."""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import select
import sys
from typing import Any, BinaryIO

from desktop_vlm.api.errors import UserError

_ESCAPE = "desktop_vlm.escape"
_missing: set[str] = set()


def guard_streams() -> None:
    """Make stdin, stdout and stderr safe to use; once, before anything else is done in a process.

    - A stream that was closed is there again and goes nowhere, so that no file that is opened later takes its number.
    - What stdout cannot take raises a UserError, also when it is flushed at the end; what stderr cannot take is lost.
    - Characters that the encoding of stdout lacks are written as JSON escapes them, by which a JSON answer stays the
      same; bytes of file names that are no text are written as they are.
    """
    _fill_numbers()
    codecs.register_error(_ESCAPE, _escape)
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            _missing.add(name)
            # It ends with the process, as the stream that it stands for.
            stream = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123
        is_quiet = name == "stderr" or name in _missing
        setattr(sys, name, _guarded(stream, is_quiet, _ESCAPE if name == "stdout" else "backslashreplace"))


def require_stdout() -> None:
    """For commands whose result goes to stdout.

    Raises:
        UserError: stdout is closed.
    """
    if "stdout" in _missing:
        raise UserError(
            "stdout is closed or a folder, so there is no place for the result; send it to a file or a pipe."
        )


def stdin_bytes() -> BinaryIO:
    """What stdin gives.

    Raises:
        UserError: stdin is closed.
    """
    if sys.stdin is None:
        raise UserError("stdin is closed or a folder; send the image to it, or name the image's file.")
    return sys.stdin.buffer


def leave_stderr_to_libraries(file: int) -> None:
    """From here on, what native code writes to stderr goes to an open file; what Python writes still goes to stderr.

    Raises:
        OSError: there is no stderr.
    """
    stderr = sys.stderr
    stderr.flush()
    number = os.dup(2)
    same = open(number, "w", encoding=stderr.encoding, errors=stderr.errors)  # noqa: SIM115, PTH123 - as in `guard_streams`
    sys.stderr = _guarded(same, is_quiet=True, errors=stderr.errors or "backslashreplace")
    os.dup2(file, 2)


def _fill_numbers() -> None:
    """Put the null device where a descriptor of 0 to 2 is closed; children get it, too."""
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            with contextlib.suppress(OSError):
                opened = os.open(os.devnull, os.O_RDWR)
                if opened == number:
                    os.set_inheritable(opened, True)
                else:
                    os.dup2(opened, number)
                    os.close(opened)


def _guarded(stream: Any, is_quiet: bool, errors: str) -> io.TextIOWrapper:
    inner = stream.buffer
    guard = _Guard(stream, getattr(inner, "raw", inner), is_quiet)
    return io.TextIOWrapper(
        io.BufferedWriter(guard),
        encoding=stream.encoding,
        errors=errors,
        line_buffering=stream.line_buffering or is_quiet,
        write_through=stream.write_through,
    )


class _Guard(io.RawIOBase):
    """Passes bytes on to `raw` until that fails; afterwards they are lost, so that the end of Python is quiet."""

    def __init__(self, stream: Any, raw: Any, is_quiet: bool) -> None:
        self._stream = stream  # which would close `raw` when nobody needs it any more
        self._raw = raw
        self._is_quiet = is_quiet
        self._is_gone = False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return int(self._raw.fileno())

    def isatty(self) -> bool:
        return bool(self._raw.isatty())

    def write(self, data: Any) -> int:
        if self._is_gone:
            return len(data)
        try:
            return self._write(data)
        except BrokenPipeError:  # the reader went away, which is its right
            self._is_gone = True
            if self._is_quiet:
                return len(data)
            raise
        except OSError as error:
            self._is_gone = True
            if self._is_quiet:
                return len(data)
            raise UserError(
                f"The output cannot be written ({error.strerror}); make room, or send it elsewhere."
            ) from None

    def _write(self, data: Any) -> int:
        while (written := self._raw.write(data)) is None:  # another program made our terminal non-blocking
            select.select([], [self._raw], [])
        return int(written)


def _escape(error: UnicodeError) -> tuple[str | bytes, int]:
    """Handler of what an encoding lacks: JSON's escapes; a byte that was no text is that byte again."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    char = error.object[error.start]
    code = ord(char)
    if 0xDC80 <= code <= 0xDCFF:
        return bytes([code - 0xDC00]), error.start + 1
    if code < 0x10000:
        return f"\\u{code:04x}", error.start + 1
    high, low = divmod(code - 0x10000, 0x400)
    return f"\\u{0xD800 + high:04x}\\u{0xDC00 + low:04x}", error.start + 1
