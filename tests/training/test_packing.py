"""Exchanges about an image that share a sequence, in batches and in their scores."""

from __future__ import annotations

import mmap
import sys
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PIL import Image

from training.data import Batch, DataConfig, Generator, _pack, _slot_bytes, _unpack

CONFIG = DataConfig(generator="packed_screens", images=2, lengths=(24, 48), questions=(4, 2), pack=True, replay=1.0,
                    composite_share=0.0, kind_weights={"of 40": 8.0})  # fmt: skip
SIZES = {"tile_px": 56, "patch_px": 14, "max_tiles": 4}
IMAGE, END = 900, 901


class Tokens:
    """A tokenizer: a question is the image and its length, an answer as many tokens as it has words."""

    def exchange(self, question: str, answer: str) -> tuple[list[int], int]:
        number = int(question)
        return [1, IMAGE, number, *[100 + number] * len(answer.split()), END], 3


def screen(rng: Any, *, split: str) -> Any:  # noqa: ARG001 - as generators have it
    """Twelve short questions with answers of 1 to 12 words, and for some images one of 40."""
    questions = [SimpleNamespace(kind=f"of {n}", text=str(n), answer="a " * n) for n in range(1, 13)]
    if rng.random() < 0.3:
        questions.append(SimpleNamespace(kind="of 40", text="40", answer="a " * 40))
    image = Image.new("RGB", (50, 50))
    return SimpleNamespace(image=image, glyphs=[], questions=questions, located=True, unlocated=())


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[Batch]]:
    monkeypatch.setitem(sys.modules, "packed_screens", SimpleNamespace(draw_screen=screen))

    def draw(config: DataConfig = CONFIG, count: int = 12) -> list[Batch]:
        found = Generator(config, Tokens(), seed="1", **SIZES).batches()  # type: ignore[arg-type]
        return [batch for _, batch in zip(range(count), found, strict=False)]

    return draw


def exchanges(batch: Batch) -> list[list[list[int]]]:
    """Token ids of each sequence's exchanges, padding left out."""
    tokens, positions = (batch.arrays[name].reshape(-1, batch.arrays["tokens"].shape[2]) for name in
                         ("tokens", "positions"))  # fmt: skip
    found = []
    for ids, places in zip(tokens, positions, strict=True):
        starts = [*np.flatnonzero(places == 0), len(ids)]
        parts = [ids[start:end] for start, end in pairwise(starts)]
        found.append([part[part > 0].tolist() for part in parts if part.any()])
    return found


def test_sequences_hold_whole_exchanges_whose_positions_begin_at_0(batches: Callable[..., list[Batch]]) -> None:
    fill = []
    for batch in batches():
        arrays = batch.arrays
        assert arrays["tokens"].shape[1:] in {(4, 24), (2, 48)}
        names = []
        for sequence in exchanges(batch):
            for ids in sequence:
                assert ids[:2] == [1, IMAGE]
                assert ids[3:] == [100 + ids[2]] * ids[2] + [END]
            names += [f"of {ids[2]}" for ids in sequence] or [""]
        assert list(batch.kinds) == names
        steps = np.diff(arrays["positions"], axis=-1)
        assert (arrays["positions"][..., 0] == 0).all()
        assert ((steps == 1) | (arrays["positions"][..., 1:] == 0)).all()
        fill.append((arrays["tokens"] > 0).mean())
    assert {batch.arrays["tokens"].shape[2] for batch in batches()} == {24, 48}
    assert np.mean(fill) > 0.85


def test_an_image_is_asked_nothing_twice(batches: Callable[..., list[Batch]]) -> None:
    for batch in batches():
        per_image = batch.arrays["tokens"].shape[1]
        found = exchanges(batch)
        for start in range(0, len(found), per_image):
            asked = [ids[2] for sequence in found[start : start + per_image] for ids in sequence]
            assert len(asked) == len(set(asked)) > 3


def test_answers_are_counted_by_exchange(batches: Callable[..., list[Batch]]) -> None:
    for batch in batches():
        arrays = batch.arrays
        assert np.array_equal(arrays["tokens"].reshape(-1)[arrays["answer_rows"] + 1], arrays["answer_targets"])
        counts = [int(kind.removeprefix("of ")) + 1 if kind else 0 for kind in batch.kinds]
        assert arrays["answer_counts"].tolist() == counts
        assert np.bincount(arrays["answer_exchanges"], minlength=len(counts)).tolist() == counts
        for target, exchange in zip(arrays["answer_targets"], arrays["answer_exchanges"], strict=True):
            assert target in {END, 99 + counts[exchange]}


def test_kinds_of_no_weight_are_not_asked(batches: Callable[..., list[Batch]]) -> None:
    config = replace(CONFIG, kind_weights={"of 1": 0.0, "of 2": 0.0})
    assert not {"of 1", "of 2"} & {kind for batch in batches(config) for kind in batch.kinds}
    assert {"of 1", "of 2"} <= {kind for batch in batches() for kind in batch.kinds}


def test_without_packing_a_sequence_is_one_exchange(batches: Callable[..., list[Batch]]) -> None:
    for batch in batches(replace(CONFIG, pack=False)):
        tokens = batch.arrays["tokens"]
        assert "positions" not in batch.arrays
        assert len(batch.kinds) == len(batch.arrays["answer_counts"]) == tokens.shape[0] * tokens.shape[1]
        assert ((tokens == IMAGE).sum(-1) == 1).all()


def test_a_slot_has_room_for_a_batch(batches: Callable[..., list[Batch]]) -> None:
    memory = mmap.mmap(-1, _slot_bytes(CONFIG, **SIZES))
    for batch in batches():
        found = _unpack(_pack(batch.arrays, memory), memory)
        assert found.keys() == batch.arrays.keys()
        assert all(np.array_equal(found[name], array) for name, array in batch.arrays.items())


def test_an_answer_is_exact_by_itself_and_not_with_its_sequence(batches: Callable[..., list[Batch]]) -> None:
    torch = pytest.importorskip("torch")
    from training.losses import Scores, answer_loss

    batch = batches(count=1)[0]
    arrays = {name: torch.from_numpy(array) for name, array in batch.arrays.items()}
    wrong_exchange = int(arrays["answer_exchanges"][-1])
    logits = torch.nn.functional.one_hot(arrays["answer_targets"], 1000).float() * 50
    logits[-1] = logits[-1].roll(1)
    scores = Scores()
    _, n_wrong, n_all = answer_loss(logits, arrays, scores)
    assert n_wrong.tolist() == [float(number == wrong_exchange) for number in range(len(batch.kinds))]
    assert n_all.tolist() == arrays["answer_counts"].tolist()
    n_asked = sum(kind != "" for kind in batch.kinds)
    assert scores.means()["exact"] == pytest.approx(1 - 1 / n_asked, abs=1e-4)
