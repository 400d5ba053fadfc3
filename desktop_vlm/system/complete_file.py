"""A file that is there whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO


@contextlib.contextmanager
def complete_file(path: Path, *, is_private: bool = False) -> Iterator[IO[bytes]]:
    """A file that takes its name when everything is written and on the disk; what a failure leaves is removed.

    Args:
        path: where it is to be; its folder must be there.
        is_private: whether nobody else may read it; else the person's own umask decides.
    """
    handle, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=".", suffix=".partial")
    partial = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        if not is_private:
            partial.chmod(0o666 & ~_umask())  # that of temporary files is private
        partial.replace(path)
    except BaseException:
        partial.unlink(missing_ok=True)
        raise


def _umask() -> int:
    current = os.umask(0o077)
    os.umask(current)
    return current
