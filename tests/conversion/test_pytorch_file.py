"""Files of `torch.save`: read without running them, and refused where they ask for more than tensors."""

from __future__ import annotations

import pickle
import zipfile
from pathlib import Path

import numpy as np
import pytest
from gguf import GGUFReader

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.pytorch_file import read_header
from desktop_vlm.convert import convert, plan
from tests.checkpoints import BETA, build
from tests.checkpoints.adapters import weights_of, write_adapter
from tests.checkpoints.pytorch import EMPTY, integer, tensor, text, write_archive, write_pytorch
from tests.checkpoints.seeded import write_json

GOLDEN = Path(__file__).parents[1] / "golden" / "adapted"


def test_what_pytorch_wrote() -> None:
    """GIVEN a file of PyTorch 2.13 (written by `tests.golden.check_adapted`) THEN every tensor is what it was there."""
    found = {stored.name: stored for stored in read_header(GOLDEN / "torch.bin")}
    with np.load(GOLDEN / "torch.npz") as golden:
        assert found.keys() == set(golden)
        for name in golden:
            assert found[name].shape == golden[name].shape
            if name == "whole":
                assert (found[name].dtype, found[name].is_readable) == ("I64", False)
                continue
            values = found[name].read(0, found[name].n_values).reshape(golden[name].shape)
            np.testing.assert_array_equal(values, golden[name], err_msg=name)
    assert found["view"].offset > 0


def test_a_whole_checkpoint_of_pickles(tmp_path: Path) -> None:
    folder = build(BETA, tmp_path / "beta")
    expected = [path.read_bytes() for path in convert(folder, tmp_path / "a", text_type="F32").__dict__.values()]
    weights = weights_of(folder)
    (folder / "model.safetensors").unlink()
    write_pytorch(folder / "pytorch_model.bin", weights, "f32")
    (folder / "training_args.bin").write_bytes(b"anything")
    found = convert(folder, tmp_path / "b", text_type="F32")
    for path, raw in zip(found.__dict__.values(), expected, strict=True):
        data = GGUFReader(path).tensors[0].data_offset
        assert path.read_bytes()[data:] == raw[data:]
    # the same in two files with an index
    (folder / "pytorch_model.bin").unlink()
    names = sorted(weights)
    weight_map: dict[str, str] = {}
    for number, part in enumerate((names[::2], names[1::2]), start=1):
        file = f"pytorch_model-{number:05d}-of-00002.bin"
        write_pytorch(folder / file, {name: weights[name] for name in part}, "f32")
        weight_map |= dict.fromkeys(part, file)
    write_json(folder / "pytorch_model.bin.index.json", {"weight_map": weight_map})
    assert plan(folder, tmp_path).checkpoint


def test_an_adapter_in_a_pickle(tmp_path: Path) -> None:
    base = build(BETA, tmp_path / "beta")
    adapter = write_adapter(tmp_path / "adapter", base, ["model.language_model.layers.1.mlp.up_proj"])
    expected = convert(tmp_path / "adapter", tmp_path / "a", text_type="F32").text
    (tmp_path / "adapter" / "adapter_model.safetensors").unlink()
    write_pytorch(tmp_path / "adapter" / "adapter_model.bin", adapter, "f32")
    found = convert(tmp_path / "adapter", tmp_path / "b", text_type="F32").text
    data = GGUFReader(found).tensors[0].data_offset
    assert found.read_bytes()[data:] == expected.read_bytes()[data:]


class _Evil:
    def __reduce__(self) -> tuple[object, ...]:
        return (Path.touch, (Path("was-run"),))


ONE = b"\x80\x02}" + text("a") + tensor(0, (2, 3), "f32") + b"s."
NUMBERS = [bytes(24)]


@pytest.mark.parametrize(
    ("raw", "storages", "reason"),
    [
        (b"\x80\x02cos\nsystem\n(" + text("touch was-run") + b"tR.", [], r"wants to call os\.system, which weights do"),
        (pickle.dumps({"a": _Evil()}), [], r"wants to call .*, which weights do not need: it may be harmful"),
        (b"\x80\x02cbuiltins\neval\n" + text("1") + b"\x85R.", [], r"wants to call builtins\.eval"),
        (b"\x80\x02ccopyreg\n_reconstructor\n)\x81.", [], r"asks for NEWOBJ, which tensors do not need"),
        (b"\x80\x02}" + text("a") + integer(3) + b"s.", [], r"it holds no tensors by name"),
        (b"\x80\x02" + EMPTY + b"]a.", [], r"it puts values where none can be"),
        (b"\x80\x02h\x07.", [], r"is no whole file"),
        (b"\x80\x02}" + text("a"), [], r"is no whole file"),
        (b"", [], r"is no whole file"),
        (b"\x80\x02" + b"(" * 3_000_000 + b".", [], r"it has too many instructions"),
        (
            b"\x80\x02}" + text("a") + tensor(0, (3, 2), "f32", (1, 3)) + b"s.",
            NUMBERS,
            r"a tensor is stored transposed",
        ),
        (ONE.replace(b"FloatStorage", b"QuintStorage"), NUMBERS, r"it holds numbers of an unknown type"),
        (ONE, [bytes(20)], r"`a` is larger than what is stored of it"),
        (ONE, [], r"its data/0 is missing or compressed"),
        (ONE.replace(integer(2) + integer(3), integer(-2) + integer(-3)), NUMBERS, r"a tensor is described wrongly"),
        (ONE.replace(integer(2) + integer(3), integer(1 << 30) * 2), NUMBERS, r"larger than|stored transposed"),
    ],
)
def test_what_is_refused(
    raw: bytes, storages: list[bytes], reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UserError, match=rf"x\.bin .*{reason}") as caught:
        read_header(write_archive(tmp_path / "x.bin", raw, storages))
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "was-run").exists()


def test_archives_that_are_none(tmp_path: Path) -> None:
    path = write_archive(tmp_path / "x.bin", ONE, NUMBERS)
    assert len(read_header(path)) == 1
    whole = path.read_bytes()
    for raw in (
        b"",
        b"PK",
        whole[:-30],
        whole[50:],
        b"\x80\x02\x8a\nl\xfc\x9cF\xf9 j\xa8P\x19.",
        whole[:-22] + bytes(22),
    ):
        path.write_bytes(raw)
        with pytest.raises(UserError, match=r"x\.bin is no whole file of PyTorch's weights"):
            read_header(path)
    write_archive(path, ONE, NUMBERS, method=zipfile.ZIP_DEFLATED)
    with pytest.raises(UserError, match=r"its byteorder is missing or compressed"):
        read_header(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a/data.pkl", ONE)
        archive.writestr("a/byteorder", "big")
    with pytest.raises(UserError, match=r"its numbers are big-endian"):
        read_header(path)
