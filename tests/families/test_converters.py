"""The converters of LLaVA 1.5, Pixtral and Qwen2.5-VL against files written straight from the checkpoints' values."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from desktop_vlm import backend
from desktop_vlm.cli.convert import describe
from desktop_vlm.convert import FILE_TYPES, ModelFiles, convert, plan
from tests.checkpoints import make_image
from tests.checkpoints.configs import Dtype
from tests.checkpoints.families import (
    FAMILY_CHECKPOINTS,
    FamilyCheckpoint,
    Layout,
    build_family,
    family_tensors,
    random_checkpoint,
)
from tests.checkpoints.families.configs import Family
from tests.checkpoints.seeded import write_json
from tests.families.mtmd.gguf_pairs import write_pair
from tests.gguf_files import read_gguf
from tests.goldens import deviation

GOLDEN = Path(__file__).parents[1] / "golden" / "families"
FAMILIES: tuple[Family, ...] = ("llava15", "pixtral", "qwen25vl")
LAYOUTS: dict[Family, tuple[Layout, ...]] = {
    "llava15": ("old", "new", "flat"),
    "pixtral": ("old", "new", "mistral"),
    "qwen25vl": ("old", "new"),
}
DTYPES: tuple[Dtype, ...] = ("f32", "bf16", "f16", "bf16")
RANDOM = [
    random_checkpoint(family, seed, layout=LAYOUTS[family][seed % len(LAYOUTS[family])], dtype=dtype)
    for family in FAMILIES
    for seed, dtype in enumerate(DTYPES)
]


def build(checkpoint: FamilyCheckpoint, folder: Path) -> Path:
    return build_family(checkpoint, folder / checkpoint.name)


def exact(folder: Path, out: Path) -> ModelFiles:
    return convert(folder, out, text_type="F32", vision_type="F32")


def tensors(path: Path) -> dict[str, NDArray[np.float32]]:
    found = read_gguf(path).tensors
    return {name: np.frombuffer(one.data, np.float32).reshape(one.shape) for name, one in found.items()}


def kinds(path: Path) -> dict[str, str]:
    return read_gguf(path).types


def fields(path: Path) -> dict[str, Any]:
    return read_gguf(path).fields


def same_tensors(found: Path, expected: Path) -> None:
    ours, theirs = tensors(found), tensors(expected)
    assert ours.keys() == theirs.keys()
    for name, values in theirs.items():
        assert ours[name].shape == values.shape, name
        assert ours[name].tobytes() == values.tobytes(), name


def change(path: Path, edit: Callable[[dict[str, Any]], object]) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    edit(content)
    write_json(path, content)


# --- values and settings ----------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[*FAMILY_CHECKPOINTS.values(), *RANDOM], ids=lambda one: one.name)
def checkpoint(request: pytest.FixtureRequest) -> FamilyCheckpoint:
    found: FamilyCheckpoint = request.param
    return found


@pytest.fixture(scope="module")
def both(checkpoint: FamilyCheckpoint, tmp_path_factory: pytest.TempPathFactory) -> tuple[ModelFiles, ModelFiles]:
    """The files that the converter makes of the checkpoint, and those written straight from its values."""
    root = tmp_path_factory.mktemp(checkpoint.name)
    return exact(build(checkpoint, root), root / "ours"), ModelFiles(*write_pair(checkpoint, root / "theirs"))


def test_files_hold_the_checkpoints_values(both: tuple[ModelFiles, ModelFiles]) -> None:
    """GIVEN a checkpoint of any dimensions, layout and type WHEN converted to F32 THEN nothing but names changed."""
    ours, theirs = both
    same_tensors(ours.text, theirs.text)
    same_tensors(ours.mmproj, theirs.mmproj)


def test_settings_are_those_that_the_libraries_need(
    checkpoint: FamilyCheckpoint, both: tuple[ModelFiles, ModelFiles]
) -> None:
    files, (text, mmproj) = both[0], (both[1].text, both[1].mmproj)
    for ours, theirs in ((fields(files.text), fields(text)), (fields(files.mmproj), fields(mmproj))):
        of_model = {key: value for key, value in theirs.items() if not key.startswith(("GGUF.", "tokenizer."))}
        if checkpoint.layout == "mistral":  # its settings do not say for how many tokens it was trained
            assert ours.pop("llama.context_length", 131072) == 131072
            of_model.pop("llama.context_length", None)
        if of_model.get("clip.vision.n_wa_pattern") == 1:  # every layer sees everything: no windows
            of_model["clip.vision.n_wa_pattern"] = 0
        for flag in ("clip.use_gelu", "clip.use_silu"):
            assert ours.pop(flag, False) == of_model.pop(flag, False)
        assert {key: ours.get(key) for key in of_model} == of_model


def test_settings_of_images_are_the_checkpoints(tmp_path: Path) -> None:
    """Limits of size, statistics of colours and the number of the row that ends a line of patches."""
    pixtral = build(FAMILY_CHECKPOINTS["pixtral"], tmp_path)
    change(pixtral / "preprocessor_config.json", lambda c: c.update(size={"longest_edge": 512}, image_mean=[0.25] * 3))
    found = fields(exact(pixtral, tmp_path / "out").mmproj)
    assert found["clip.vision.preproc_image_size"] == 512
    assert found["clip.vision.image_mean"] == [0.25] * 3
    (pixtral / "preprocessor_config.json").rename(tmp_path / "moved.json")
    moved = json.loads((tmp_path / "moved.json").read_text(encoding="utf-8"))
    change(pixtral / "processor_config.json", lambda c: c.update(image_processor=moved))
    assert fields(exact(pixtral, tmp_path / "out").mmproj)["clip.vision.preproc_image_size"] == 512

    qwen = build(FAMILY_CHECKPOINTS["qwen"], tmp_path)
    for settings, expected in (
        ({"min_pixels": 1000, "max_pixels": 200000}, (1000, 200000)),
        ({"size": {"shortest_edge": 2000, "longest_edge": 300000}}, (2000, 300000)),
        ({}, (3136, 1003520)),
    ):
        write_json(qwen / "preprocessor_config.json", settings)
        found = fields(exact(qwen, tmp_path / "out").mmproj)
        assert (found["clip.vision.image_min_pixels"], found["clip.vision.image_max_pixels"]) == expected
    (qwen / "preprocessor_config.json").unlink()
    found = fields(exact(qwen, tmp_path / "out").mmproj)
    assert (found["clip.vision.image_min_pixels"], found["clip.vision.image_max_pixels"]) == (3136, 12845056)
    (note,) = plan(qwen, tmp_path).notes
    assert note.endswith("images are prepared as for the published Qwen2.5-VL models.")


def test_the_break_token_is_found_in_the_tokenizer(tmp_path: Path) -> None:
    """GIVEN a tokenizer in which [IMG_BREAK] has another id THEN that row of the embedding is taken."""
    checkpoint = FAMILY_CHECKPOINTS["pixtral"]
    folder = build(checkpoint, tmp_path)

    def swap(content: dict[str, Any]) -> None:
        entries = content["added_tokens"]
        entries[12]["content"], entries[15]["content"] = entries[15]["content"], entries[12]["content"]
        vocab = content["model"]["vocab"]
        vocab["[IMG_BREAK]"], vocab["[MIDDLE]"] = vocab["[MIDDLE]"], vocab["[IMG_BREAK]"]

    change(folder / "tokenizer.json", swap)
    change(folder / "tokenizer_config.json", lambda content: content.pop("added_tokens_decoder"))
    row = tensors(exact(folder, tmp_path / "out").mmproj)["v.token_embd.img_break"]
    embeddings = family_tensors(checkpoint)["language_model.model.embed_tokens.weight"]
    np.testing.assert_array_equal(row, embeddings[15])


# --- the ways in which settings are written ---------------------------------------------------------------


def without_fingerprint(path: Path) -> tuple[dict[str, Any], dict[str, bytes]]:
    found = fields(path)
    found.pop("desktop_vlm.source_fingerprint")
    return found, {name: values.tobytes() for name, values in tensors(path).items()}


def newer_rope(config: dict[str, Any]) -> None:
    """As transformers 5 writes it."""
    text = config["text_config"]
    scaling = text.pop("rope_scaling", None) or {}
    scaling = {key: value for key, value in scaling.items() if key != "type"}
    text["rope_parameters"] = {"rope_type": "default", "rope_theta": text.pop("rope_theta"), **scaling}


@pytest.mark.parametrize("name", ["llava", "pixtral", "qwen-tied"])
def test_older_and_newer_settings_mean_the_same(name: str, tmp_path: Path) -> None:
    folder = build(FAMILY_CHECKPOINTS[name], tmp_path)
    before = [without_fingerprint(path) for path in exact(folder, tmp_path / "a").__dict__.values()]

    def modernise(config: dict[str, Any]) -> None:
        newer_rope(config)
        config["dtype"] = config.pop("torch_dtype")
        if "image_token_index" in config:
            config["image_token_id"] = config.pop("image_token_index")

    change(folder / "config.json", modernise)
    after = [without_fingerprint(path) for path in exact(folder, tmp_path / "b").__dict__.values()]
    assert after == before


def test_flat_and_nested_settings_mean_the_same(tmp_path: Path) -> None:
    folder = build(FAMILY_CHECKPOINTS["qwen"], tmp_path)
    assert "text_config" not in json.loads((folder / "config.json").read_text(encoding="utf-8"))
    before = [without_fingerprint(path) for path in exact(folder, tmp_path / "a").__dict__.values()]
    write_json(folder / "config.json", FAMILY_CHECKPOINTS["qwen"].config)
    after = [without_fingerprint(path) for path in exact(folder, tmp_path / "b").__dict__.values()]
    assert after == before


def test_a_shared_table_may_be_there_twice(tmp_path: Path) -> None:
    """GIVEN a model whose output is its embedding WHEN the checkpoint holds the output too THEN it is left out."""
    checkpoint = FAMILY_CHECKPOINTS["qwen"]
    folder = build(checkpoint, tmp_path)
    change(folder / "config.json", lambda config: config.update(tie_word_embeddings=True))
    assert "output.weight" not in tensors(exact(folder, tmp_path / "out").text)


def test_a_projector_without_biases(tmp_path: Path) -> None:
    folder = build(FAMILY_CHECKPOINTS["llava"], tmp_path)
    change(folder / "config.json", lambda config: config.update(multimodal_projector_bias=False))
    raw = (folder / "model.safetensors").read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:start])
    for part in ("linear_1", "linear_2"):
        header.pop(f"multi_modal_projector.{part}.bias")
    encoded = json.dumps(header).encode()
    (folder / "model.safetensors").write_bytes(len(encoded).to_bytes(8, "little") + encoded + raw[start:])
    found = tensors(exact(folder, tmp_path / "out").mmproj)
    assert not found["mm.0.bias"].any()
    assert found["mm.2.bias"].shape == (64,)


# --- types, sizes, repetition -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def unchanged(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Name of a checkpoint -> its folder, built once: to be read only."""
    return cache(partial(_built, tmp_path_factory.mktemp("unchanged")))


def _built(root: Path, name: str) -> Path:
    return build(FAMILY_CHECKPOINTS[name], root)


@pytest.mark.parametrize(
    ("name", "type_name"),
    [
        *(("qwen-tied", type_name) for type_name in FILE_TYPES),
        *(
            (name, type_name)
            for name in ("llava", "pixtral-mistral")
            for type_name in ("F16", "BF16", "Q4_K_M", "Q5_0")
        ),
    ],
)
def test_planned_sizes_are_exact_in_every_type(
    unchanged: Callable[[str], Path], name: str, type_name: str, tmp_path: Path
) -> None:
    folder = unchanged(name)
    prepared = plan(folder, tmp_path / "out", text_type=type_name, vision_type=type_name)
    files = convert(folder, tmp_path / "out", text_type=type_name, vision_type=type_name)
    assert [file.path for file in prepared.files] == [files.text, files.mmproj]
    assert [file.n_bytes for file in prepared.files] == [path.stat().st_size for path in (files.text, files.mmproj)]
    assert files.mmproj.name == f"{name}-mmproj-{type_name}.gguf"
    found = kinds(files.mmproj)
    assert {found[key] for key in found if key.endswith((".bias", "_ln.weight"))} == {"F32"}
    assert {found[key] for key in found if "patch_embd" in key} <= {"F32", "F16"}
    assert name == "llava" or found["v.blk.0.ffn_down.weight"] != "F16" or type_name == "F16"


def test_rows_that_no_block_divides_become_bf16(tmp_path: Path) -> None:
    """GIVEN an encoder whose inner width is 100 THEN its `ffn_down` cannot be packed, and never becomes F16."""
    folder = build(FAMILY_CHECKPOINTS["qwen"], tmp_path)
    for type_name, others, down in (
        ("Q8_0", "Q8_0", "BF16"),
        ("Q4_K_M", "Q5_0", "BF16"),
        ("F16", "F16", "BF16"),
        ("BF16", "BF16", "BF16"),
        ("F32", "F32", "F32"),
    ):
        found = kinds(convert(folder, tmp_path / "out", text_type="F32", vision_type=type_name).mmproj)
        assert {found[f"v.blk.{i}.ffn_down.weight"] for i in range(4)} == {down}
        assert {found[f"v.blk.{i}.{part}.weight"] for i in range(4) for part in ("attn_q", "ffn_up")} == {others}


def times(files: ModelFiles) -> list[int]:
    return [path.stat().st_mtime_ns for path in (files.text, files.mmproj)]


@pytest.mark.parametrize(
    ("name", "file"),
    [("llava", "tokenizer.model"), ("pixtral-mistral", "tekken.json"), ("pixtral-mistral", "params.json")],
)
def test_finished_files_are_left_and_changed_checkpoints_redone(name: str, file: str, tmp_path: Path) -> None:
    folder = build(FAMILY_CHECKPOINTS[name], tmp_path)
    first = times(files := convert(folder, tmp_path / "out"))
    assert times(convert(folder, tmp_path / "out")) == first
    assert all(one.is_finished for one in plan(folder, tmp_path / "out").files)
    assert "would be skipped" in describe(plan(folder, tmp_path / "out"))
    (folder / file).write_bytes((folder / file).read_bytes() + b"\n")
    assert not any(one.is_finished for one in plan(folder, tmp_path / "out").files)
    assert all(new > old for new, old in zip(times(convert(folder, tmp_path / "out")), first, strict=True))
    assert files.text.is_file()


def test_both_layouts_in_one_folder(tmp_path: Path) -> None:
    """GIVEN Hugging Face's settings and Mistral's, but Mistral's weights only THEN those are converted."""
    folder = build(FAMILY_CHECKPOINTS["pixtral-mistral"], tmp_path)
    expected = without_fingerprint(exact(folder, tmp_path / "a").mmproj)
    write_json(folder / "config.json", FAMILY_CHECKPOINTS["pixtral"].config)
    assert without_fingerprint(exact(folder, tmp_path / "b").mmproj) == expected


# --- the whole way ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["llava-new", "pixtral-mistral", "qwen-epsilon", "qwen-tied"])
def test_converted_models_compute_what_transformers_does(name: str, tmp_path: Path) -> None:
    checkpoint = FAMILY_CHECKPOINTS[name]
    files = exact(build(checkpoint, tmp_path), tmp_path / "out")
    with (
        np.load(GOLDEN / f"{name.removesuffix('-mistral')}_logits.npz") as golden,
        backend.load(files.text, files.mmproj, n_ctx=512, n_threads=1, n_gpu_layers=0) as model,
    ):
        assert model.n_vocab == checkpoint.vocab_size
        for prompt in ("text", "two"):
            ids = [model.n_vocab if i == checkpoint.image_token else i for i in golden[f"{prompt}.ids"].tolist()]
            sizes = golden["image_sizes"].tolist()
            images = [make_image(f"golden{n}", tuple(sizes[n])) for n in golden[f"{prompt}.images"].tolist()]
            assert deviation(model.logits(ids, images), golden[f"{prompt}.logits"]) < 1e-4
