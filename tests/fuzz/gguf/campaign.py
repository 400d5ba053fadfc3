"""Many damaged files. What the gate, which is all in Python, lets through is loaded in a forked process of its own."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from tests.fuzz.gguf import document
from tests.fuzz.gguf.mutations import mutate
from tests.fuzz.gguf.subjects import NAMES, write_subject
from tests.fuzz.gguf.trial import Outcome, load_and_ask, pass_gate

_PROCESSOR_S, _WALL_S = 10, 90
"""More is a hang; a machine with other work takes longer by the clock."""
_ADDRESS_BYTES = 6 << 30


@dataclass(frozen=True)
class Case:
    """One damaged file."""

    subject: str
    part: str
    seed: int
    done: str
    outcome: Outcome


def cases(subject: str, part: str, seeds: range, folder: Path, *, most_loads: int | None = None) -> Iterator[Case]:
    """Damage a subject's `text` or `mmproj` once for each seed, and try it.

    Args:
        subject: one of `subjects.NAMES`; written into `folder`, unless it is there.
        part: which of the two files is damaged.
        seeds: the damage.
        folder: for all files.
        most_loads: load no more of those that the gate lets through; the others are `admitted`. None for all.
    """
    pair = dict(zip(("text", "mmproj"), write_subject(subject, folder / "subjects"), strict=True))
    another = write_subject(NAMES[(NAMES.index(subject) + 2) % len(NAMES)], folder / "subjects")
    whole = document.read(pair[part].read_bytes())
    others = [document.read(path.read_bytes()) for path in another]
    damaged = folder / f"damaged-{subject}-{part}-{os.getpid()}.gguf"
    n_loads = 0
    for seed in seeds:
        done, raw = mutate(whole, others[seed % 2], seed)
        damaged.write_bytes(raw)
        files = pair | {part: damaged}
        began = time.process_time()
        outcome = pass_gate(files["text"], files["mmproj"], damaged)
        if time.process_time() - began > _PROCESSOR_S:
            outcome = Outcome("hang", "in the gate")
        if outcome is None and n_loads == most_loads:
            outcome = Outcome("admitted")
        if outcome is None:
            n_loads += 1
            outcome = in_child(partial(load_and_ask, files["text"], files["mmproj"], damaged))
        yield Case(subject, part, seed, done, outcome)
    damaged.unlink(missing_ok=True)


def in_child(work: Callable[[], Outcome]) -> Outcome:
    """What `work` says in a forked process, or how that ended."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        _be_child(work, writing)
    os.close(writing)
    return _wait(child, reading)


def _be_child(work: Callable[[], Outcome], writing: int) -> None:
    try:
        os.dup2(os.open(os.devnull, os.O_RDWR), 2)  # ggml says why it aborts
        os.environ["GGML_NO_BACKTRACE"] = "1"  # with a debugger, where there is one
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (_PROCESSOR_S, _PROCESSOR_S + 1))
        resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_BYTES, _ADDRESS_BYTES))
        outcome = work()
        os.write(writing, json.dumps([outcome.kind, outcome.what]).encode()[:60_000])
    finally:
        os._exit(0)


def _wait(child: int, reading: int) -> Outcome:
    os.set_blocking(reading, False)
    end, said = time.monotonic() + _WALL_S, b""
    while True:
        with contextlib.suppress(BlockingIOError):
            said += os.read(reading, 1 << 16)
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            break
        if time.monotonic() > end:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            os.close(reading)
            return Outcome("hang", f"{_WALL_S} s by the clock")
        time.sleep(0.002)
    with contextlib.suppress(BlockingIOError):
        said += os.read(reading, 1 << 16)
    os.close(reading)
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return Outcome("hang" if number == signal.SIGXCPU else "signal", signal.Signals(number).name)
    return Outcome(*json.loads(said)) if said else Outcome("traceback", "the child said nothing")
