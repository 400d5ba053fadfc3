"""Reading many screens at once, each process on a core of its own."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

from benchmarks.text_accuracy.measures import Score, score
from benchmarks.text_accuracy.readers import READERS
from benchmarks.text_accuracy.screens import Screen


def scores(name: str, chosen: Sequence[Screen], jobs: int) -> Iterable[Score]:
    work = partial(score_of, name)
    if jobs < 2:
        return map(work, chosen)
    with ProcessPoolExecutor(jobs, get_context("spawn"), initializer=keep_to_one_core) as pool:
        return list(pool.map(work, chosen, chunksize=2))


def keep_to_one_core() -> None:
    os.environ["OMP_THREAD_LIMIT"] = "1"  # tesseract's
    cores = sorted(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cores[os.getpid() % len(cores)]})


def score_of(name: str, screen: Screen) -> Score:
    return score(screen.lines, READERS[name](screen.image, screen.languages))
