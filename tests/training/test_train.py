"""The loss of letters and marks, and several processes that train one model."""

from __future__ import annotations

import math
import os
import socket

import pytest

torch = pytest.importorskip("torch")

from training.letters import UNKNOWN  # noqa: E402
from training.losses import Scores, letter_loss  # noqa: E402
from training.model import N_LABELS, N_LETTERS  # noqa: E402
from training.screens.records import MARKS  # noqa: E402
from training.together import Together  # noqa: E402


def test_a_slot_shows_nothing_a_letter_or_a_mark() -> None:
    assert (N_LETTERS, len(MARKS), N_LABELS) == (94, 77, 172)


def test_letters_marks_and_blanks_count_alike_and_the_unknown_not_at_all() -> None:
    targets = torch.tensor([0, 0, 0, 5, 100, UNKNOWN], dtype=torch.uint8).view(1, 1, 3, 2)
    logits = torch.zeros(1, 1, 3, 2, N_LABELS)
    logits[0, 0, 1, 1, 5] = 50.0  # sure of the letter, undecided elsewhere
    logits[0, 0, 2, 1] = torch.nan  # what stands in an unknown slot
    scores = Scores()
    loss = letter_loss(torch.nan_to_num(logits), targets, scores)
    assert float(loss) == pytest.approx(2 * math.log(N_LABELS), rel=1e-5)
    means = scores.means()
    assert means["letter_loss"] == pytest.approx(0.0, abs=1e-5)
    assert means["mark_loss"] == pytest.approx(math.log(N_LABELS), rel=1e-4)
    assert means["blank_loss"] == pytest.approx(math.log(N_LABELS), rel=1e-4)
    assert (means["letter_accuracy"], means["mark_accuracy"], means["blank_accuracy"]) == (1.0, 0.0, 1.0)


def test_one_process_agrees_with_itself() -> None:
    together = Together()
    values = [torch.tensor([1.0, 2.0])]
    together.join(torch.device("cpu"))
    together.average(values)
    assert values[0].tolist() == [1.0, 2.0]
    assert together.agree(3.5, True) == [3.5, 1.0]
    together.leave()


def _one_of_two(rank: int, port: int) -> None:
    os.environ |= {"RANK": str(rank), "WORLD_SIZE": "2", "MASTER_ADDR": "localhost", "MASTER_PORT": str(port)}
    together = Together()
    together.join(torch.device("cpu"))
    gradients = [torch.full((2, 3), float(rank)), torch.arange(4.0) * (1 + rank)]
    together.average(gradients)
    assert gradients[0].tolist() == [[0.5] * 3] * 2
    assert gradients[1].tolist() == [0.0, 1.5, 3.0, 4.5]
    assert together.agree(10.0 + rank, rank == 0) == [10.0, 1.0]
    together.leave()


def test_two_processes_average_and_follow_the_leader() -> None:
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    torch.multiprocessing.spawn(_one_of_two, args=(port,), nprocs=2)
