"""Many inputs of one kind, each tried under a limit of time and memory, in processes that may end at any of them.

A kind says how its input number `seed` is made and what the program makes of it, as an `Outcome`. The work is pure
Python as a rule, so one process tries many; if a signal ends it, the next one goes on behind the input that did it.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import resource
import select
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from types import FrameType
from typing import Protocol

from desktop_vlm.api.errors import UserError, one_line

LIMIT_S = 10
"""Of one input, by the clock that counts this process's work."""

_WALL = 20
"""How many times as long it may take by the other clock, on a machine that has other work."""

_ADDRESS_BYTES = 3 << 30
_BATCH = 200
_GOOD = ("refused", "accepted", "planned")


@dataclass(frozen=True)
class Outcome:
    """How it went.

    Attributes:
        kind: `refused`, `accepted`, or `planned` (accepted, and not converted). What must not be: `traceback`,
            `signal`, `hang`, `memory`, `unclear` (a sentence that names no file or is none), `damage` (accepted and
            wrong), `litter` (something half-written).
        what: the sentence, or the last lines of the traceback.
        done: how the input was made.
    """

    kind: str
    what: str = ""
    done: str = ""

    @property
    def is_good(self) -> bool:
        """Whether this may come of a damaged input."""
        return self.kind in _GOOD


@dataclass(frozen=True)
class Case:
    """One input that was tried."""

    kind: str
    seed: int
    outcome: Outcome


class Kind(Protocol):
    """One kind of input.

    Attributes:
        name: for people.
        done: how the input was made that is tried now.
    """

    name: str
    done: str

    def prepare(self, folder: Path, /) -> None:
        """Make what all inputs need, in `folder`."""

    def trial(self, seed: int, folder: Path) -> Outcome:
        """Make the input of this number in `folder`, and see what the program makes of it; a UserError is a refusal."""

    def judge(self, sentence: str) -> str:
        """What is wrong with the sentence of a refusal; empty for nothing."""


class Hang(BaseException):
    """The time is over; no `except Exception` of the program takes it."""


def run(kind: Kind, seeds: Sequence[int], folder: Path, *, limit_s: float = LIMIT_S) -> Iterator[Case]:
    """Try the inputs of a kind."""
    folder.mkdir(parents=True, exist_ok=True)
    kind.prepare(folder)
    at = 0
    while at < len(seeds):
        batch = seeds[at : at + _BATCH]
        reading, writing = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            _be_child(kind, batch, folder, writing, limit_s)
        os.close(writing)
        count = 0
        for outcome in _outcomes(child, reading, limit_s):
            yield Case(kind.name, batch[count], outcome)
            count += 1
        at += count
        if not count:
            raise RuntimeError(f"{kind.name}: the process says nothing")


def _be_child(kind: Kind, batch: Sequence[int], folder: Path, writing: int, limit_s: float) -> None:
    try:
        os.dup2(os.open(os.devnull, os.O_RDWR), 2)
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_BYTES, _ADDRESS_BYTES))
        signal.signal(signal.SIGPROF, _time_is_over)
        signal.signal(signal.SIGALRM, _time_is_over)
        for seed in batch:
            outcome = _tried(kind, seed, folder, limit_s)
            line = json.dumps([outcome.kind, outcome.what[-3000:], outcome.done[:1000]]) + "\n"
            os.write(writing, line.encode())
    finally:
        os._exit(0)


def _time_is_over(_number: int, _frame: FrameType | None) -> None:
    raise Hang


def _tried(kind: Kind, seed: int, folder: Path, limit_s: float) -> Outcome:
    signal.setitimer(signal.ITIMER_PROF, limit_s)
    signal.setitimer(signal.ITIMER_REAL, _WALL * limit_s)
    try:
        outcome = kind.trial(seed, folder)
    except UserError as error:
        outcome = Outcome("refused", str(error), kind.done)
    except Hang:
        outcome = Outcome("hang", traceback.format_exc(), kind.done)
    except MemoryError:
        outcome = Outcome("memory", traceback.format_exc(), kind.done)
    except BaseException:  # noqa: BLE001 - that is what is looked for
        outcome = Outcome("traceback", traceback.format_exc(), kind.done)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.setitimer(signal.ITIMER_REAL, 0)
    if outcome.kind == "refused" and (wrong := _not_one_sentence(outcome.what) or kind.judge(outcome.what)):
        return Outcome("unclear", f"{wrong}: {outcome.what}", outcome.done)
    return outcome


def _not_one_sentence(text: str) -> str:
    if one_line(text) != text:
        return "not one line"
    if not text.endswith((".", ")", "?")) or len(text) > 1500:
        return "no sentence"
    return "" if text.isascii() or text.encode() else "no text"


def _outcomes(child: int, reading: int, limit_s: float) -> Iterator[Outcome]:
    """What a child says of one input after the other, and a last one if something ended it."""
    said, end = b"", time.monotonic() + 2 * _WALL * limit_s
    is_open, count = True, 0
    while is_open:
        if not select.select([reading], [], [], max(0.0, end - time.monotonic()))[0]:
            os.kill(child, signal.SIGKILL)  # C code that takes forever
            os.waitpid(child, 0)
            os.close(reading)
            yield Outcome("hang", "in C code")
            return
        piece = os.read(reading, 1 << 16)
        is_open = bool(piece)
        said += piece
        while b"\n" in said:
            line, said = said.split(b"\n", 1)
            end = time.monotonic() + 2 * _WALL * limit_s
            count += 1
            yield Outcome(*json.loads(line))
    os.close(reading)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        yield Outcome("signal", signal.Signals(os.WTERMSIG(status)).name)


def main(description: str, kinds: Mapping[str, Callable[[], Kind]]) -> int:
    """The command of a package of kinds; 1 where something came of an input that must not be."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--kind", choices=list(kinds), action="append")
    parser.add_argument("--count", type=int, default=10_000, help="inputs, over all kinds")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="for all files")
    parser.add_argument("--out", type=Path, help="where bad cases are noted, one a line")
    args = parser.parse_args()
    os.nice(5)
    n_bad = 0
    with tempfile.TemporaryDirectory() as temporary:
        names = args.kind or list(kinds)
        each = -(-args.count // len(names))
        for name in names:
            counts: Counter[str] = Counter()
            for case in run(kinds[name](), range(args.seed, args.seed + each), (args.folder or Path(temporary)) / name):
                counts[case.outcome.kind] += 1
                if not case.outcome.is_good:
                    n_bad += 1
                    _note(case, args.out)
            print(name, dict(counts), file=sys.stderr, flush=True)
    return int(n_bad > 0)


def _note(case: Case, out: Path | None) -> None:
    line = json.dumps(asdict(case))
    with contextlib.suppress(BrokenPipeError):
        print(line, flush=True)
    if out:
        with out.open("a") as file:
            file.write(line + "\n")
