"""Rendering a chat template in another process, with a deadline.

A process that is going to be confined cannot start another one then: it calls `keep_renderer` before.
"""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from desktop_vlm.system.own_modules import child_folder, script_command

_CHILD = Path(__file__).with_name("child.py")
_DEADLINE_S = 5.0
_BY_THE_CLOCK = 1 if sys.platform == "win32" else 8
"""So many times the deadline may pass, which is one of processor time where the system knows such limits: on a busy
machine, even starting the process takes seconds."""
_ENDED_BY_LIMIT = () if sys.platform == "win32" else (-signal.SIGXCPU, -signal.SIGKILL)
_MEMORY_BYTES = 512 << 20
_LONGEST_REASON = 200


class TemplateFailed(Exception):  # noqa: N818 - its text is part of a sentence, not one
    """A template refused a conversation, or could not be run; the text says why."""


def render_template(
    template: str,
    messages: Sequence[Mapping[str, Any]],
    *,
    bos_token: str,
    eos_token: str,
    deadline_s: float = _DEADLINE_S,
    memory_bytes: int = _MEMORY_BYTES,
) -> str:
    """What a template makes of a conversation that waits for its next answer.

    Args:
        template: in Jinja, as Hugging Face's models have it.
        messages: with `role` and `content` each.
        bos_token: name of the token that starts a sequence.
        eos_token: name of the one that ends it.
        deadline_s: of processor time, when it is given up.
        memory_bytes: of the process that renders it.

    Raises:
        TemplateFailed: it raised something, or took too much time or memory.
    """
    request = {
        "template": template,
        "messages": list(messages),
        "bos_token": bos_token,
        "eos_token": eos_token,
        "cpu_s": max(1, round(deadline_s)),
        "memory_bytes": memory_bytes,
    }
    try:
        said = _kept.ask(request, deadline_s) if _kept else _run(request, deadline_s)
        answer = json.loads(said)
    except (subprocess.TimeoutExpired, TimeoutError):
        raise TemplateFailed(f"it takes longer than {deadline_s:g} seconds") from None
    except OSError as error:
        raise TemplateFailed(f"its process could not be started: {error}") from error
    except ValueError:
        raise TemplateFailed("its process ended without a result, most likely for want of time or memory") from None
    if answer.get("late"):
        raise TemplateFailed(f"it takes longer than {deadline_s:g} seconds")
    if not answer:
        raise TemplateFailed("its process ended without a result, most likely for want of time or memory")
    if "text" not in answer:
        raise TemplateFailed(_one_line(str(answer.get("error", ""))))
    return str(answer["text"])


def _run(request: Mapping[str, Any], deadline_s: float) -> bytes:
    done = subprocess.run(
        script_command(_CHILD),
        input=json.dumps(request).encode(),
        capture_output=True,
        timeout=_BY_THE_CLOCK * deadline_s,
        check=False,
        cwd=child_folder(),
    )
    if done.returncode in _ENDED_BY_LIMIT:
        raise TimeoutError
    return done.stdout


class _KeptRenderer:
    """A process that renders one template after the other, and ends with this one."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [*script_command(_CHILD), "--serve"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=child_folder(),
        )
        self._lock = threading.Lock()

    def ask(self, request: Mapping[str, Any], deadline_s: float) -> bytes:
        """The answer to a request; nothing where the process has ended.

        Raises:
            TimeoutError: there was none in time.
            OSError: the process has ended.
        """
        assert self._process.stdin
        with self._lock:
            self._process.stdin.write(json.dumps(request).encode() + b"\n")
            self._process.stdin.flush()
            return self._line(time.monotonic() + (1 + _BY_THE_CLOCK) * deadline_s + 5)  # it has deadlines of its own

    def _line(self, end_s: float) -> bytes:
        assert self._process.stdout
        pipe, said = self._process.stdout.fileno(), b""
        while not said.endswith(b"\n"):
            ready, _, _ = select.select([pipe], [], [], max(0.0, end_s - time.monotonic()))
            if not ready:
                raise TimeoutError
            piece = os.read(pipe, 1 << 20)
            if not piece:
                return b""
            said += piece
        return said

    def close(self) -> None:
        """End it."""
        assert self._process.stdin
        assert self._process.stdout
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


_kept: _KeptRenderer | None = None


def keep_renderer() -> None:
    """Start the process that renders templates, for when this one cannot start any more. On Linux only: elsewhere none
    gives that up.
    """
    global _kept  # noqa: PLW0603 - of this process
    if _kept is None and sys.platform == "linux":
        with contextlib.suppress(OSError):
            _kept = _KeptRenderer()


def end_renderer() -> None:
    """End it, where it was started."""
    global _kept  # noqa: PLW0603 - of this process
    if _kept:
        _kept.close()
        _kept = None


def _one_line(reason: str) -> str:
    return " ".join(reason.split())[:_LONGEST_REASON].rstrip(".")
