"""What llama.cpp logs. Its C functions return null on failure; why is only in the log."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from desktop_vlm.runtime import llama

_LOG = logging.getLogger(__name__)
_LOG_LEVELS = {1: logging.DEBUG, 2: logging.DEBUG, 3: logging.INFO, 4: logging.INFO}
_ERROR_LEVEL = 4


class LogCollector:
    """Receives all log lines; errors are kept for the sentence that a failed load needs.

    Attributes:
        callback: the `ggml_log_callback`, for libraries that have a log of their own.
    """

    def __init__(self) -> None:
        self._errors: list[str] = []
        self._lock = threading.Lock()
        self.callback = llama.llama_log_callback(self._receive)  # kept alive: C holds it
        llama.llama_log_set(self.callback, None)

    def _receive(self, level: int, text: bytes, _user_data: Any) -> None:
        # Where `deferred_interrupts` does not hold it back, Ctrl-C that comes here is lost.
        line = text.decode("utf-8", "replace").strip()
        if not line or line == ".":
            return
        if level == _ERROR_LEVEL:
            with self._lock:
                self._errors = [*self._errors[-15:], line]
        _LOG.log(_LOG_LEVELS.get(level, logging.DEBUG), "%s", line)

    @contextmanager
    def errors(self) -> Iterator[list[str]]:
        """The error lines of what runs inside, complete when it ends."""
        found: list[str] = []
        llama.llama_log_set(self.callback, None)  # llama-cpp-python's own classes put theirs in its place
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
