"""Tile positions that all tokens of a tile share: a smaller file, and not a bit of an image's states is another."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from gguf import GGMLQuantizationType as Type
from gguf import GGUFReader, GGUFValueType, GGUFWriter
from numpy.typing import NDArray

from desktop_vlm import backend
from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.checkpoint import open_checkpoint
from desktop_vlm.convert import ModelFiles, convert, convert_vision
from desktop_vlm.families.mllama.convert.config import VisionConfig, read_config
from desktop_vlm.families.mllama.convert.converter import NAMES
from desktop_vlm.families.mllama.convert.tile_positions import compact_positions
from desktop_vlm.families.mllama.image_embeddings import ImageEmbeddings
from desktop_vlm.families.mllama.mmproj import open_mmproj
from tests.checkpoints import CHECKPOINTS, model_images
from tests.checkpoints.seeded import decode, encode, read_stored, write_stored

TABLE = "v.tile_position_embd.weight"
SOURCE = "gated_positional_embedding.tile_embedding.weight"
N_TILES, N_RATIOS = 4, 8
Change = Callable[[NDArray[np.float32]], None]


def shared_by_tokens(table: NDArray[np.float32]) -> None:
    """Give all tokens of a tile the first one's vector; (ratios + 1, tiles, tokens, width)."""
    table[:] = table[:, :, :1]


def changed(folder: Path, out: Path, *changes: Change) -> Path:
    """A checkpoint's folder with another table of tile positions."""
    shutil.copytree(folder, out)
    vision = vision_of(folder)
    shape = (N_RATIOS + 1, N_TILES, vision.tokens_per_tile, vision.width)
    for path in out.glob("*.safetensors"):
        tensors = read_stored(path)
        for name, (dtype, stored_shape, data) in tensors.items():
            if name.endswith(SOURCE):
                table = decode(dtype, shape, data).copy()
                for change in changes:
                    change(table)
                kind = {"F32": "f32", "BF16": "bf16"}[dtype]
                tensors[name] = (dtype, stored_shape, encode(table, kind))  # type: ignore[arg-type]
        write_stored(path, tensors)
    return out


def vision_of(folder: Path) -> VisionConfig:
    return read_config(folder).vision


@pytest.fixture(scope="module")
def shared(checkpoint_folder: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Name of a tiny checkpoint -> its folder, with tile positions that tokens share."""
    root = tmp_path_factory.mktemp("shared")

    def folder(name: str) -> Path:
        return (
            root / name if (root / name).exists() else changed(checkpoint_folder(name), root / name, shared_by_tokens)
        )

    return folder


@pytest.fixture
def in_full(monkeypatch: pytest.MonkeyPatch) -> Callable[[Path, Path, str], ModelFiles]:
    """Converts a folder with the whole table."""

    def convert_in_full(folder: Path, out: Path, kind: str) -> ModelFiles:
        with monkeypatch.context() as patch:
            patch.setattr("desktop_vlm.families.mllama.convert.converter.compact_positions", lambda *_: {})
            return convert(folder, out, text_type=kind, vision_type=kind)

    return convert_in_full


@pytest.mark.parametrize("name", ["alpha", "beta"])
def test_states_of_images_are_the_same_to_the_bit(
    name: str, shared: Callable[[str], Path], in_full: Callable[[Path, Path, str], ModelFiles], tmp_path: Path
) -> None:
    whole = in_full(shared(name), tmp_path / "full", "F32")
    compact = convert_vision(shared(name), tmp_path, vision_type="F32")
    states = []
    for mmproj in (whole.mmproj, compact):
        with backend.load(whole.text, mmproj, n_ctx=256, n_threads=1) as model:
            states.append([model.encode(case.image()).states for case in model_images(CHECKPOINTS[name]).values()])
    for one, other in zip(*states, strict=True):
        assert np.array_equal(one, other)


@pytest.mark.parametrize("name", ["alpha", "beta"])
def test_every_arrangement_gets_the_checkpoints_vectors(
    name: str, shared: Callable[[str], Path], in_full: Callable[[Path, Path, str], ModelFiles], tmp_path: Path
) -> None:
    vision = vision_of(shared(name))
    files = (
        in_full(shared(name), tmp_path / "full", "F32").mmproj,
        convert_vision(shared(name), tmp_path, vision_type="F32"),
    )
    full, compact = (ImageEmbeddings(open_mmproj(path)) for path in files)
    made = np.empty((2, N_TILES * vision.tokens_per_tile, vision.width), dtype=np.float32)
    seen = set()
    for ratio in range(1, N_RATIOS + 1):
        full.write_positions(ratio, made[0])
        compact.write_positions(ratio, made[1])
        assert np.array_equal(made[0], made[1])
        seen.add(made[1].tobytes())
    assert len(seen) == N_RATIOS


@pytest.mark.parametrize(("kind", "stored"), [("F32", Type.F32), ("F16", Type.F16), ("Q8_0", Type.Q8_0)])
def test_the_file_is_smaller_by_all_tokens_but_one(
    kind: str,
    stored: Type,
    shared: Callable[[str], Path],
    in_full: Callable[[Path, Path, str], ModelFiles],
    tmp_path: Path,
) -> None:
    vision = vision_of(shared("alpha"))
    full = in_full(shared("alpha"), tmp_path / "full", kind).mmproj
    compact = convert_vision(shared("alpha"), tmp_path, vision_type=kind)
    before, after = open_mmproj(full).info(TABLE), open_mmproj(compact).info(TABLE)
    assert before.ggml_type == stored
    assert after.ggml_type == Type.F32  # as the other tables that are added
    assert after.shape == (vision.width, N_TILES, N_RATIOS + 1)
    saved = full.stat().st_size - compact.stat().st_size
    assert abs(saved - (before.n_bytes - after.n_bytes)) <= 64  # what headers and the tensors' alignment take
    assert saved > 0.3 * before.n_bytes
    values = open_mmproj(compact).read(TABLE)  # (ratios + 1, tiles, width)
    table = next(v for p in shared("alpha").glob("*.safetensors") for n, v in read_stored(p).items() if SOURCE in n)
    expected = decode(*table).reshape(N_RATIOS + 1, N_TILES, -1, vision.width)[:, :, 0]
    assert np.array_equal(values, expected)


def test_one_other_value_is_enough_for_the_whole_table(
    checkpoint_folder: Callable[[str], Path], tmp_path: Path
) -> None:
    def differ(table: NDArray[np.float32]) -> None:
        table[N_RATIOS, N_TILES - 1, -1, -1] += 0.25

    folder = changed(checkpoint_folder("beta"), tmp_path / "beta", shared_by_tokens, differ)
    vision = vision_of(folder)
    mmproj = open_mmproj(convert_vision(folder, tmp_path / "out", vision_type="F32"))
    assert mmproj.info(TABLE).shape == (N_TILES * vision.tokens_per_tile * vision.width, N_RATIOS + 1)
    values = mmproj.read(TABLE).reshape(N_RATIOS + 1, N_TILES, -1, vision.width)
    assert values[-1, -1, -1, -1] - values[-1, -1, 0, -1] == pytest.approx(0.25)


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_what_is_no_number_is_refused_as_ever(
    value: float, checkpoint_folder: Callable[[str], Path], tmp_path: Path
) -> None:
    def spoil(table: NDArray[np.float32]) -> None:
        table[2, 1, :, 3] = value

    folder = changed(checkpoint_folder("beta"), tmp_path / "beta", shared_by_tokens, spoil)
    with pytest.raises(UserError, match=f"{SOURCE}` holds values that are no finite numbers"):
        convert_vision(folder, tmp_path / "out", vision_type="F32")


def test_a_table_that_is_not_here_yet_is_not_read(shared: Callable[[str], Path]) -> None:
    class Elsewhere:
        """Weights over the network; reading any of them fails."""

        def __getattr__(self, name: str) -> object:
            raise AssertionError(name)

    folder = shared("beta")
    checkpoint = open_checkpoint(folder, NAMES)
    assert compact_positions(checkpoint, vision_of(folder)).keys() == {TABLE}
    for one in checkpoint.tensors.values():
        object.__setattr__(one, "access", Elsewhere())
    assert compact_positions(checkpoint, vision_of(folder)) == {}


@pytest.fixture
def misshapen(shared: Callable[[str], Path], tmp_path: Path) -> Callable[..., Path]:
    """The compact file, its table in another shape (as NumPy counts)."""
    source = convert_vision(shared("alpha"), tmp_path, vision_type="F32")

    def write(*shape: int) -> Path:
        reader, target = GGUFReader(source), tmp_path / "misshapen.gguf"
        writer = GGUFWriter(target, "clip")
        for field in reader.fields.values():
            if not field.name.startswith("GGUF.") and field.name != "general.architecture":
                is_array = field.types[0] == GGUFValueType.ARRAY
                writer.add_key_value(
                    field.name, field.contents(), field.types[0], field.types[-1] if is_array else None
                )
        for tensor in reader.tensors:
            data = np.resize(tensor.data, shape) if tensor.name == TABLE else tensor.data
            writer.add_tensor(tensor.name, data, raw_dtype=tensor.tensor_type)
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        return target

    return write


def test_other_shapes_are_refused_with_a_sentence(
    shared: Callable[[str], Path], misshapen: Callable[..., Path]
) -> None:
    vision, rows = vision_of(shared("alpha")), N_RATIOS + 1
    compact, full = (rows, N_TILES, vision.width), (rows, N_TILES * vision.tokens_per_tile * vision.width)
    for right in (compact, full):
        assert open_mmproj(misshapen(*right)).vision.hidden_size == vision.width
    for wrong in (
        (N_RATIOS, N_TILES, vision.width),
        (rows, N_TILES - 1, vision.width),
        (rows, N_TILES, 2 * vision.width),
        (rows, vision.width, N_TILES),
        (1, *compact),
        (2, *compact),
        (rows * N_TILES, vision.width),
        (rows, N_TILES * vision.width),
        (vision.width,),
    ):
        with pytest.raises(UserError, match=rf"the tensor {TABLE} has the shape .* is needed; convert the checkpoint"):
            open_mmproj(misshapen(*wrong))
