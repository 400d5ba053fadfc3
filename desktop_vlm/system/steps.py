"""How often this process's work got on, and whether it is at work at all.

Whoever does long work counts its parts here: tensors that were loaded, layers and chunks that were computed, tokens,
pieces of files, seconds of a wait that has an end. Whoever watches this process compares two counts: a thread that runs
freely, such as one that sends signs of life, proves nothing (`service.watchdog`).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol, TypeVar

T = TypeVar("T")

_STATE = struct.Struct("<QBB")
N_BYTES = _STATE.size
"""Room that `share` takes."""


class Work(IntEnum):
    """What kind of work: nothing that would have to get on, computing, or moving files over disks and networks."""

    NONE = 0
    COMPUTING = 1
    FILES = 2


@dataclass
class State:
    """How far this process is.

    Attributes:
        count: parts that were done so far.
        work: what it is at; only said where somebody shares its state.
        on_gpu: whether it may have to wait for a GPU, or for a driver that compiles for one.
    """

    count: int = 0
    work: Work = Work.NONE
    on_gpu: bool = False

    @classmethod
    def read(cls, memory: bytes) -> State:
        """From the start of shared memory."""
        count, work, on_gpu = _STATE.unpack_from(memory)
        return cls(count, Work(work), bool(on_gpu))


class SharedMemory(Protocol):
    """Memory that two processes see, such as an anonymous `mmap` made before a fork."""

    def __setitem__(self, where: slice, data: bytes, /) -> None: ...


_state = State()
_shared: SharedMemory | None = None


def count() -> None:
    """A part of this process's work was done; safe from all threads, which may lose each other's counts."""
    _state.count += 1
    _publish()


def counted() -> int:
    """How many parts were done so far."""
    return _state.count


def waits_for_gpu() -> bool:
    """Whether work may wait for a GPU."""
    return _state.on_gpu


def note_gpu(*, is_used: bool) -> None:
    """Say whether what comes next may have to wait for a GPU."""
    _state.on_gpu = is_used
    _publish()


@contextmanager
def at_work(kind: Work) -> Iterator[None]:
    """Within this, work of a kind gets on or is stuck. Nests."""
    before, _state.work = _state.work, kind
    _publish()
    try:
        yield
    finally:
        _state.work = before
        _publish()


@contextmanager
def aside() -> Iterator[None]:
    """Within this, others may hold this process up: a terminal that stands still, a program that reads slowly."""
    with at_work(Work.NONE):
        yield


def each(kind: Work, items: Iterable[T]) -> Iterator[T]:
    """The items, each of which takes work of a kind; what is done with them does not count."""
    iterator = iter(items)
    while True:
        with at_work(kind):
            try:
                item = next(iterator)
            except StopIteration:
                return
        yield item


def share(memory: SharedMemory) -> None:
    """From now on, keep the state at the start of `memory` as well."""
    global _shared  # noqa: PLW0603 - of this process, as its state is
    _shared = memory
    _publish()


def _publish() -> None:
    if _shared is not None:
        _shared[:N_BYTES] = _STATE.pack(_state.count, _state.work, _state.on_gpu)
