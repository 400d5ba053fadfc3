"""What llama.cpp says while it works: it tells some things nowhere else."""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from desktop_vlm.runtime import llama

_LOG = logging.getLogger(__name__)
_LOG_LEVELS = {1: logging.DEBUG, 2: logging.DEBUG, 3: logging.INFO, 4: logging.INFO}
_ERROR_LEVEL = 4
_OFFLOADED = re.compile(r"offloaded (\d+)/\d+ layers to GPU")


class LogCollector:
    """Receives all that llama.cpp says; errors are kept for the sentence that a failed load needs.

    Attributes:
        n_gpu_layers: layers that the latest load put on graphics devices, which only the log tells.
    """

    def __init__(self) -> None:
        self.n_gpu_layers = 0
        self._errors: list[str] = []
        self._lock = threading.Lock()
        self._callback = llama.llama_log_callback(self._receive)  # kept alive: C holds it
        llama.llama_log_set(self._callback, None)

    def _receive(self, level: int, text: bytes, _user_data: Any) -> None:
        line = text.decode("utf-8", "replace").strip()
        if not line or line == ".":
            return
        if level == _ERROR_LEVEL:
            with self._lock:
                self._errors = [*self._errors[-15:], line]
        offloaded = _OFFLOADED.search(line)
        if offloaded:
            self.n_gpu_layers = int(offloaded[1])
        _LOG.log(_LOG_LEVELS.get(level, logging.DEBUG), "%s", line)

    @contextmanager
    def errors(self) -> Iterator[list[str]]:
        """The error lines of what runs inside, complete when it ends."""
        found: list[str] = []
        llama.llama_log_set(self._callback, None)  # llama-cpp-python's own classes put theirs in its place
        with self._lock:
            self._errors = []
        try:
            yield found
        finally:
            with self._lock:
                found.extend(self._errors)


@cache
def log_collector() -> LogCollector:
    """The process's only one; made before llama.cpp is first used."""
    collector = LogCollector()
    llama.llama_backend_init()
    return collector
