"""Promise 13: whatever a file of strangers says, it is read within limits, or refused in one sentence that names it.

A fixed slice of what `python -m tests.fuzz.checkpoints`, `tests.fuzz.configs` and `tests.fuzz.schemas` do by the
thousand (docs/promises.md), and proof that the fuzzers find what they look for.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from desktop_vlm.api.errors import UserError
from tests.fuzz.checkpoints.subjects import NAMES
from tests.fuzz.checkpoints.trial import Checkpoints
from tests.fuzz.configs.__main__ import KINDS as CONFIGS
from tests.fuzz.harness import Case, Kind, Outcome, run
from tests.fuzz.schemas.__main__ import KINDS as SCHEMAS

pytestmark = [
    pytest.mark.forks,
    pytest.mark.skipif(not hasattr(os, "fork"), reason="inputs are tried in processes of their own"),
]

SEED = 1_700_000
MOST_CONVERSIONS = 1
"""Of each damaged checkpoint; the others are planned: a conversion takes most of the time."""


def tried(kinds: Mapping[str, Callable[[], Kind]], each: int, folder: Path) -> list[Case]:
    seeds = range(SEED, SEED + each)
    return [case for name, make in kinds.items() for case in run(make(), seeds, folder / name)]


def judge(cases: list[Case], least_refused: float) -> None:
    """All is well, and enough of them were damaged enough to be refused, and not too much."""
    assert [case for case in cases if not case.outcome.is_good] == []
    counts = Counter(case.outcome.kind for case in cases)
    assert len(cases) >= 500
    assert counts["refused"] > least_refused * len(cases)
    assert len(cases) - counts["refused"] > len(cases) // 20


def test_damaged_checkpoints_are_converted_or_refused(tmp_path: Path) -> None:
    kinds = {name: lambda name=name: Checkpoints(name, MOST_CONVERSIONS) for name in NAMES}
    slow = {name: kinds.pop(name) for name in ("mllama-meta", "mllama-shards")}  # the largest: one has 32 layers
    judge([*tried(slow, 12, tmp_path), *tried(kinds, 34, tmp_path)], 0.5)


def test_damaged_small_files_are_read_or_refused(tmp_path: Path) -> None:
    slow = {name: CONFIGS[name] for name in ("settings", "actions", "catalogue")}  # tomlkit takes its time
    quick = {name: make for name, make in CONFIGS.items() if name not in slow}
    judge([*tried(slow, 40, tmp_path), *tried(quick, 96, tmp_path)], 0.3)


def test_damaged_constraints_are_followed_or_refused(tmp_path: Path) -> None:
    judge(tried(SCHEMAS, 126, tmp_path), 0.3)


class Planted:
    """A kind whose program has every fault that is looked for, one after the other."""

    name = "planted"
    done = "planted"

    def prepare(self, _folder: Path, /) -> None:
        self._kept: list[bytes] = []

    def trial(self, seed: int, folder: Path) -> Outcome:
        if seed == 0:
            raise UserError("planted.json is damaged (a is 3): get it again.")
        if seed == 1:
            return Outcome("accepted")
        if seed == 2:
            raise KeyError("a")
        if seed == 3:
            while True:
                pass
        if seed == 4:
            os.read(os.open(folder / "pipe", os.O_RDONLY), 1)  # nobody writes
        if seed == 5:
            self._kept.append(bytes(1 << 40))
        if seed == 6:
            os.kill(os.getpid(), signal.SIGKILL)
        if seed == 7:
            raise UserError("It is damaged.")
        raise UserError("planted.json is damaged in a way that nobody says to its end")

    def judge(self, sentence: str) -> str:
        return "" if "planted.json" in sentence else "it names no file"


def test_the_harness_finds_planted_faults(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    found = [case.outcome.kind for case in run(Planted(), range(9), tmp_path, limit_s=0.2)]
    assert found == [
        "refused", "accepted", "traceback", "hang", "hang", "memory", "signal", "unclear", "unclear",
    ]  # fmt: skip


def test_the_fuzzer_finds_a_reader_without_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the check of JSON's values gone, the same slice of checkpoints has bad ends."""
    from desktop_vlm.conversion import checkpoint, tensor_stream

    monkeypatch.setattr(tensor_stream, "_check_values", lambda *_: None)
    monkeypatch.setattr(checkpoint, "_check_places", lambda *_: None)
    cases = list(run(Checkpoints("llava"), range(SEED, SEED + 60), tmp_path))
    assert "damage" in {case.outcome.kind for case in cases}
