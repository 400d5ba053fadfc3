"""Attention windows: as libmtmd cuts them, and of other sizes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from gguf import GGUFReader

from desktop_vlm import backend
from desktop_vlm.api.errors import EngineError
from desktop_vlm.families.qwen25vl.windows import Windows, write_without_windows
from tests.checkpoints import make_image
from tests.checkpoints.families import FamilyCheckpoint, qwen
from tests.families.mtmd.gguf_pairs import write_pair


def test_windows_of_a_small_grid() -> None:
    windows = Windows(3, 2, 2)
    assert windows.order.tolist() == [0, 1, 3, 4, 2, 5]
    assert windows.place.tolist() == [0, 1, 4, 2, 3, 5]
    assert windows.sizes == [4, 2]
    high, wide, *again = windows.positions.reshape(4, 24)
    assert high[:8].tolist() == [0, 0, 1, 1, 0, 0, 1, 1]
    assert wide[:8].tolist() == [0, 1, 0, 1, 2, 3, 2, 3]
    assert high[16:].tolist() == [0, 0, 1, 1, 2, 2, 3, 3]
    assert wide[16:].tolist() == [4, 5, 4, 5, 4, 5, 4, 5]
    assert np.array_equal(again, [high, wide])
    seen = windows.mask == 0
    assert seen[:16, :16].all()
    assert seen[16:, 16:].all()
    assert not seen[:16, 16:].any()
    assert not seen[16:, :16].any()


def states(checkpoint: FamilyCheckpoint, folder: Path, size: tuple[int, int] = (224, 168)) -> np.ndarray:
    with backend.load(*write_pair(checkpoint, folder), n_ctx=512, n_threads=1) as model:
        return model.encode(make_image("windows", size)).states


def test_other_windows_are_computed_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With windows as large as the image, each layer sees all of it; `mtmd/test_pixels` compares with transformers."""
    monkeypatch.setenv("DESKTOP_VLM_HOME", str(tmp_path / "home"))
    usual = states(qwen(), tmp_path / "usual")
    small = states(qwen(window=56), tmp_path / "small")
    large = states(qwen(window=560), tmp_path / "large")
    whole = states(qwen(full_every=1), tmp_path / "whole")
    assert np.abs(small - usual).max() > 0.01
    assert np.abs(large - usual).max() > 0.01
    assert np.abs(large - whole).max() < 1e-4
    assert not [path for path in (tmp_path / "home").rglob("*") if path.is_file()]


def test_libmtmds_own_windows_given_to_it_change_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = states(qwen(), tmp_path / "usual")
    monkeypatch.setattr("desktop_vlm.families.qwen25vl.rules.has_own_windows", lambda _file: True)
    assert np.array_equal(states(qwen(), tmp_path / "given"), usual)


def test_a_copy_differs_in_one_setting_only(tmp_path: Path) -> None:
    _, mmproj = write_pair(qwen(full_every=1), tmp_path)
    copy = tmp_path / "copy.gguf"
    write_without_windows(mmproj, copy)
    old, new = mmproj.read_bytes(), copy.read_bytes()
    assert [i for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b].__len__() == 1
    field = GGUFReader(copy).fields["clip.vision.n_wa_pattern"]
    assert field.contents() == 0


def test_without_room_for_the_copy_a_sentence_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "home").write_text("a file where a folder should be")
    monkeypatch.setenv("DESKTOP_VLM_HOME", str(tmp_path / "home"))
    files = write_pair(qwen(full_every=1), tmp_path / "files")
    with pytest.raises(EngineError, match=r"There is no room for a copy of mmproj.gguf in"):
        backend.load(*files, n_ctx=64)
