"""The benchmark of draft models: the small model says what it is given, and is right as often as the row says."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import drafting
from benchmarks.random_model import write, write_text
from desktop_vlm import backend
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.runtime.draft_length import DraftLength, Making

_FREE = Making()


class Eager(DraftLength):
    def choose(self, n_chosen: int, n_found: int, agreed: int, making: Making = _FREE) -> int:  # noqa: ARG002
        return min(n_found, 4)


def test_drafts_are_right_as_often_as_the_row_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text, mmproj = write("tiny", tmp_path, "Q4_K_M", "Q8_0")
    draft = write_text("tiny", tmp_path, "Q4_K_M")
    monkeypatch.setattr(drafting, "DraftLength", Eager)
    with backend.load_model(ModelRef(text, mmproj, draft), LoadOptions(n_ctx=512, n_gpu_layers=0)) as model:
        sides = drafting._Sides(model, 40)
        for row in sides.rows().values():
            assert row() > 0
    all_right, none_right = (sides.counts[drafting.drafts_of(rate)] for rate in (1.0, 0.0))
    assert all_right["right"] == all_right["drafted"] > 20
    assert none_right["right"] == 0 < none_right["drafted"]
