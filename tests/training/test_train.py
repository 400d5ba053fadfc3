"""The loss of letters and marks, and several processes that train one model."""

from __future__ import annotations

import math
import os
import socket

import pytest

from tests.training.tiny_text import stand_in

torch = pytest.importorskip("torch")

from training.data import DataConfig  # noqa: E402
from training.letters import SLOTS, UNKNOWN  # noqa: E402
from training.losses import Scores, letter_loss  # noqa: E402
from training.model import N_LABELS, N_LETTERS, Adapter, VisionTextModel  # noqa: E402
from training.screens.records import MARKS  # noqa: E402
from training.text_model import TextModel  # noqa: E402
from training.together import Together  # noqa: E402
from training.train import LETTERS, Config, TrainConfig, Trainer  # noqa: E402
from training.vision_encoder import ModelConfig  # noqa: E402


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


@pytest.mark.parametrize("optimizer", ["adamw", "muon"])
def test_at_first_letters_move_only_the_head_that_reads_them(monkeypatch: pytest.MonkeyPatch, optimizer: str) -> None:
    torch.manual_seed(2)
    text = TextModel(stand_in(monkeypatch))  # type: ignore[arg-type]
    sizes = ModelConfig(width=16, n_heads=2, ffn_width=32, n_layers=2, n_global_layers=1, tile_px=28, taps=(1,),
                        cross_after=(0, 4))  # fmt: skip
    model = VisionTextModel(Adapter(sizes, text.shape), text)
    config = Config(sizes, DataConfig(), TrainConfig(optimizer=optimizer, head_minutes=1.5, warmup_steps=1))
    trainer = Trainer(config, model, torch.device("cpu"), Together())
    batch = {
        "tiles": torch.randint(0, 256, (2, 1, 3, 28, 28), dtype=torch.uint8),
        "ratio_ids": torch.tensor([1, 1]),
        "letters": torch.randint(0, N_LETTERS, (2, 1, 4, SLOTS), dtype=torch.uint8),
    }

    def moved() -> set[str]:
        before = {name: value.detach().clone() for name, value in model.adapter.named_parameters()}
        trainer.train_step(batch, LETTERS, Scores())
        return {name for name, value in model.adapter.named_parameters() if not torch.equal(value, before[name])}

    assert moved() == {"letter_head.weight", "letter_head.bias"}
    trainer.elapsed_s = 90.0
    assert {"letter_head.weight", "vision_model.transformer.layers.0.mlp.fc1.weight"} < moved()


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
