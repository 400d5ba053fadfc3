"""What the loss of answers counts."""

from __future__ import annotations

import math

import pytest

torch = pytest.importorskip("torch")


def test_how_much_a_long_answer_weighs() -> None:
    from training.losses import Scores, answer_loss

    batch = {
        "answer_targets": torch.zeros(5, dtype=torch.int64),
        "answer_exchanges": torch.tensor([0, 1, 1, 1, 1]),
        "answer_counts": torch.tensor([1, 4, 0]),  # the third is a place that stayed empty
    }
    logits = torch.zeros(5, 2)
    logits[1:, 0] = 100.0  # the short answer is a guess among two, the long one is sure
    short = math.log(2)
    for power, expected in ((1.0, short / 5), (0.5, short / 3), (0.0, short / 2)):
        scores = Scores()
        loss, n_wrong, n_all = answer_loss(logits, batch, scores, power)
        assert loss.item() == pytest.approx(expected, rel=1e-5)
        assert scores.means()["answer_loss"] == pytest.approx(short / 5, abs=1e-5), "the log's counts all tokens alike"
        assert (n_wrong.tolist(), n_all.tolist()) == ([0, 0, 0], [1, 4, 0])
