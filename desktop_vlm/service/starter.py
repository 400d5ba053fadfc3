"""Starting processes that end with this one, from any thread.

On Linux a child is killed when the *thread* ends that started it (`system.sandbox.die_with_parent`), also while it is
stopped and would not notice the end of its input. Threads of a pool come and go, so theirs are started by a thread that
stays.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import threading
from concurrent.futures import Future
from functools import lru_cache, partial
from typing import Any


def start_process(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
    """`subprocess.Popen` with these arguments.

    Raises:
        OSError: it cannot be started.
    """
    if sys.platform != "linux" or threading.current_thread() is threading.main_thread():
        return subprocess.Popen(*arguments, **options)
    started: Future[subprocess.Popen[bytes]] = Future()
    _starter(os.getpid()).put((started, partial(subprocess.Popen, *arguments, **options)))
    return started.result()


@lru_cache(maxsize=1)
def _starter(_pid: int) -> queue.SimpleQueue[Any]:
    """What the thread is to start; it does not survive a fork, so there is one for each process id."""
    orders: queue.SimpleQueue[Any] = queue.SimpleQueue()
    threading.Thread(target=_start_all, args=(orders,), daemon=True, name="starter of processes").start()
    return orders


def _start_all(orders: queue.SimpleQueue[Any]) -> None:
    while True:
        started, start = orders.get()
        try:
            started.set_result(start())
        except BaseException as error:  # noqa: BLE001 - raised where it is waited for
            started.set_exception(error)
