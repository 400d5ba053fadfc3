"""A copy of a person's file with something put right in its header, for the time of loading.

The file itself is never touched.
"""

from __future__ import annotations

import logging
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_LOG = logging.getLogger(__name__)

Write = Callable[[Path, Path], None]
"""Writes the second path, given the first; raises OSError."""


@contextmanager
def better_copy(source: Path, folder: Path, write: Write, without: str) -> Iterator[Path]:
    """A copy in `folder`, deleted afterwards; the file as it is where none can be made.

    Args:
        source: the person's file.
        folder: made if missing.
        write: writes the copy.
        without: what the file does without the copy, for the log: "runs one layer short".
    """
    copy = _new_file(source, folder, without)
    if copy is None:
        yield source
        return
    try:
        yield copy if _written(source, copy, write, without) else source
    finally:
        copy.unlink(missing_ok=True)


def _new_file(source: Path, folder: Path, without: str) -> Path | None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(".gguf", "mmproj-", folder)
        os.close(handle)
    except OSError as error:
        _LOG.warning("%s %s: no copy can be made in %s (%s)", source.name, without, folder, error)
        return None
    return Path(name)


def _written(source: Path, copy: Path, write: Write, without: str) -> bool:
    try:
        write(source, copy)
    except OSError as error:
        _LOG.warning("%s %s: its copy could not be written (%s)", source.name, without, error)
        return False
    return True
