"""Copying tensors between GGUF files: bytes as they are, rows moved, in bounded memory, whole or not at all."""

from __future__ import annotations

import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gguf import GGMLQuantizationType as Type
from gguf import GGUFWriter

from desktop_vlm.api.errors import Cancelled, UserError
from desktop_vlm.conversion import gguf_copy
from desktop_vlm.conversion.gguf_copy import CopiedTensor, TensorSource, fingerprint, plan_copy, read_values
from desktop_vlm.conversion.metadata import string
from desktop_vlm.conversion.progress import Progress
from desktop_vlm.conversion.tensor_map import GgufTensor, Role
from desktop_vlm.runtime.ggml.gguf_reader import read_gguf
from desktop_vlm.runtime.ggml.quantize import quantize_rows
from tests import gguf_files

ROWS, WIDTH = 24, 64


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A file with one matrix in several types."""
    path = tmp_path / "source.gguf"
    writer = GGUFWriter(path, "llama")
    values = np.random.RandomState(1).standard_normal((ROWS, WIDTH)).astype(np.float32)
    for kind in (Type.F32, Type.F16, Type.BF16, Type.Q8_0, Type.Q4_0):
        packed = quantize_rows(kind, values)
        writer.add_tensor(f"of_{kind.name}", packed, raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def copied(path: Path, kind: Type, n_rows: int = ROWS, target: Type | None = None, **how: Any) -> CopiedTensor:
    tensor = GgufTensor("copy", (n_rows, WIDTH), Role.LINEAR)
    source = TensorSource(read_gguf(path), f"of_{kind.name}", **how)
    return CopiedTensor(tensor, kind if target is None else target, source)


def rows_of(path: Path, name: str) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    return np.frombuffer(gguf_files.read_gguf(path).tensors[name].data, np.uint8).reshape(ROWS, -1)


def write(plan: gguf_copy.CopyPlan) -> gguf_files.GgufFile:
    plan.write(None, 0, plan.n_bytes)
    return gguf_files.read_gguf(plan.path)


@pytest.mark.parametrize("kind", [Type.F32, Type.F16, Type.Q8_0, Type.Q4_0])
@pytest.mark.parametrize("chunk_bytes", [1, 700, 8 << 20])
def test_rows_move_and_keep_their_bytes(
    kind: Type, chunk_bytes: int, source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gguf_copy, "CHUNK_BYTES", chunk_bytes)
    rows = rows_of(source, f"of_{kind.name}")
    order = (0, 2, 4, 1, 3, 5)
    moved = rows.reshape(-1, 6, rows.shape[1])[:, list(order)].reshape(rows.shape)
    for how, expected in (
        ({}, rows),
        ({"order": order}, moved),
        ({"first_row": 5, "n_rows": 7}, rows[5:12]),
    ):
        plan = plan_copy("text", tmp_path / "out.gguf", [], [copied(source, kind, **how)])
        found = write(plan).tensors["copy"]
        assert found.type_name == kind.name
        assert found.data == expected.tobytes()


def test_numbers_are_unpacked_where_asked(source: Path, tmp_path: Path) -> None:
    exact = np.frombuffer(gguf_files.read_gguf(source).tensors["of_F32"].data, np.float32).reshape(ROWS, WIDTH)
    for kind, error in ((Type.F32, 0), (Type.F16, 2e-3), (Type.BF16, 2e-2), (Type.Q8_0, 2e-2)):
        plan = plan_copy("text", tmp_path / "out.gguf", [], [copied(source, kind, 8, Type.F32, first_row=16)])
        found = np.frombuffer(write(plan).tensors["copy"].data, np.float32).reshape(8, WIDTH)
        assert np.abs(found - exact[16:]).max() <= error
    part = read_values(TensorSource(read_gguf(source), "of_Q8_0", first_row=3), 5, n_columns=33)
    assert part.shape == (5, 64)
    assert np.array_equal(part, read_values(TensorSource(read_gguf(source), "of_Q8_0"), 8)[3:])
    doubled = copied(source, Type.F32, change=lambda values: 2 * values)
    raw = write(plan_copy("text", tmp_path / "out.gguf", [], [doubled])).tensors["copy"].data
    assert raw == (2 * exact).tobytes()


def test_a_finished_file_is_known_and_another_is_not(source: Path, tmp_path: Path) -> None:
    def plan(mark: str) -> gguf_copy.CopyPlan:
        return plan_copy("text", tmp_path / "out.gguf", [string("mark", mark)], [copied(source, Type.F16)])

    assert not plan("a").is_finished
    write(plan("a"))
    assert plan("a").is_finished
    assert not plan("b").is_finished
    assert plan("a").n_bytes == (tmp_path / "out.gguf").stat().st_size
    first = fingerprint([read_gguf(source)], "auto")
    assert first == fingerprint([read_gguf(source)], "auto") != fingerprint([read_gguf(source)], "plain")
    source.touch()
    assert first != fingerprint([read_gguf(source)], "auto")


@pytest.mark.parametrize("error", [Cancelled, KeyboardInterrupt])
def test_stopping_leaves_nothing(error: type[BaseException], source: Path, tmp_path: Path) -> None:
    calls: list[Progress] = []

    def stop(at: Progress) -> None:
        calls.append(at)
        if len(calls) == 2:
            raise error

    plan = plan_copy("text", tmp_path / "out" / "out.gguf", [], [copied(source, Type.F16)])
    plan.path.parent.mkdir()
    with pytest.raises(error):
        plan.write(stop, 0, plan.n_bytes)
    assert list(plan.path.parent.iterdir()) == []
    assert calls[1].done_bytes > calls[0].done_bytes > 0
    assert calls[1].total_bytes == plan.n_bytes


def test_a_source_that_becomes_shorter_is_a_sentence(source: Path, tmp_path: Path) -> None:
    plan = plan_copy("text", tmp_path / "out.gguf", [], [copied(source, Type.Q4_0)])
    with source.open("r+b") as file:
        file.truncate(source.stat().st_size - 200)
    with pytest.raises(UserError, match=r"source\.gguf is damaged or cut off \(it ends inside the tensor `of_Q4_0`\)"):
        plan.write(None, 0, plan.n_bytes)
    source.unlink()
    with pytest.raises(UserError, match=r"There is no file .*source\.gguf; check the path\."):
        plan.write(None, 0, plan.n_bytes)
    assert not plan.path.exists()


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    path = tmp_path / "large.gguf"
    width, n_rows = 1 << 12, 1 << 12  # 64 MiB of nothing
    writer = GGUFWriter(path, "llama")
    writer.add_tensor_info("of_F32", (n_rows, width), np.dtype(np.float32), 4 * n_rows * width)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    writer.close()
    with path.open("r+b") as file:
        file.truncate(-(-path.stat().st_size // 32) * 32 + 4 * n_rows * width)
    tensor = GgufTensor("copy", (n_rows, width), Role.LINEAR)
    source = TensorSource(read_gguf(path), "of_F32", order=tuple(range(127, -1, -1)))
    tracemalloc.start()
    n_bytes = sum(len(chunk) for chunk in gguf_copy.chunks(CopiedTensor(tensor, Type.F32, source)))
    peak_bytes = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert n_bytes == 4 * n_rows * width
    assert peak_bytes < 40 << 20
