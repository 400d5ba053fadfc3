"""Meta's own files of Llama 3.2 Vision against the same weights in transformers' layout."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from gguf import TokenType

from desktop_vlm.api.errors import UserError
from desktop_vlm.convert import ModelFiles, convert, plan
from tests.checkpoints.meta import build_both, meta_like
from tests.checkpoints.seeded import write_json
from tests.gguf_files import read_gguf

CHECKPOINT = meta_like()


@pytest.fixture(scope="module", params=[1, 4], ids=["one file", "four files"])
def both(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same weights for transformers and in Meta's layout."""
    return build_both(CHECKPOINT, tmp_path_factory.mktemp("both"), request.param)


@pytest.fixture(scope="module")
def converted(both: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> list[ModelFiles]:
    out = tmp_path_factory.mktemp("out")
    return [convert(folder, out / folder.name, text_type="F32", vision_type="F32") for folder in both]


def fields(path: Path) -> dict[str, Any]:
    return read_gguf(path).fields


def test_both_layouts_become_the_same(both: tuple[Path, Path], converted: list[ModelFiles], tmp_path: Path) -> None:
    theirs, ours = converted
    for a, b in ((theirs.text, ours.text), (theirs.mmproj, ours.mmproj)):
        expected, found = read_gguf(a).tensors, read_gguf(b).tensors
        assert found.keys() == expected.keys()
        assert [name for name, tensor in expected.items() if found[name] != tensor] == []
        apart = ("general.name", "desktop_vlm.source_fingerprint", "tokenizer.")
        expected_fields, found_fields = fields(a), fields(b)
        assert {k: v for k, v in found_fields.items() if not k.startswith(apart)} == {
            k: v for k, v in expected_fields.items() if not k.startswith(apart)
        }
    assert plan(both[1], tmp_path).notes == ()


def test_the_tokenizer_of_its_own_file(converted: list[ModelFiles]) -> None:
    theirs, ours = (fields(files.text) for files in converted)
    tokens, types = ours["tokenizer.ggml.tokens"], ours["tokenizer.ggml.token_type"]
    n_ordinary = types.index(int(TokenType.CONTROL))
    assert tokens[:n_ordinary] == theirs["tokenizer.ggml.tokens"][:n_ordinary]
    assert tokens[n_ordinary : n_ordinary + 11] == [
        "<|begin_of_text|>", "<|end_of_text|>", "<|reserved_special_token_0|>", "<|reserved_special_token_1|>",
        "<|finetune_right_pad_id|>", "<|step_id|>", "<|start_header_id|>", "<|end_header_id|>", "<|eom_id|>",
        "<|eot_id|>", "<|python_tag|>",
    ]  # fmt: skip
    assert len(tokens) == CHECKPOINT.config["text_config"]["vocab_size"]
    assert set(theirs["tokenizer.ggml.merges"]) <= set(ours["tokenizer.ggml.merges"])
    assert ours["tokenizer.ggml.pre"] == theirs["tokenizer.ggml.pre"]
    for key in ("bos_token_id", "eot_token_id", "eom_token_id", "padding_token_id", "add_bos_token"):
        assert ours[f"tokenizer.ggml.{key}"] == theirs[f"tokenizer.ggml.{key}"], key


def test_settings_of_transformers_beside_the_files(both: tuple[Path, Path], tmp_path: Path) -> None:
    """GIVEN Meta's files in a repository's folder `original` THEN its config.json says what params.json does not."""
    config = json.loads((both[0] / "config.json").read_text(encoding="utf-8"))
    config["vision_config"]["attention_heads"] = 8
    write_json(tmp_path / "config.json", config)
    shutil.copytree(both[1], tmp_path / "original")
    mmproj = plan(tmp_path / "original", tmp_path).files[1].layout.header
    key = b"clip.vision.attention.head_count"
    place = mmproj.index(key) + len(key) + 4
    assert mmproj[place] == 8


@pytest.mark.parametrize(
    ("change", "pattern"),
    [
        (lambda folder: (folder / "consolidated.01.pth").unlink(), r"consolidated\.01\.pth is missing beside consolid"),
        (lambda folder: (folder / "params.json").write_text("{}"), r"params\.json: `n_layers` is missing"),
        (lambda folder: (folder / "tokenizer.model").unlink(), r"tokenizer\.model is missing: without it there is no"),
        (lambda folder: (folder / "tokenizer.model").write_text("a b c"), r"tokenizer\.model is no file of tiktoken"),
        (lambda folder: (folder / "consolidated.02.pth").write_bytes(b"PK"), r"consolidated\.02\.pth is no whole file"),
    ],
)
@pytest.mark.parametrize("both", [4], indirect=True, ids=["four files"])
def test_what_is_broken(both: tuple[Path, Path], change: Any, pattern: str, tmp_path: Path) -> None:
    ours = shutil.copytree(both[1], tmp_path / "meta")
    change(ours)
    with pytest.raises(UserError, match=pattern):
        plan(ours, tmp_path)


def test_positions_of_another_size_of_tile(both: tuple[Path, Path], tmp_path: Path) -> None:
    ours = shutil.copytree(both[1], tmp_path / "meta")
    params = json.loads((ours / "params.json").read_text(encoding="utf-8"))
    write_json(ours / "params.json", {**params, "vision_chunk_size": 56})
    with pytest.raises(
        UserError, match=r"`vision_chunk_size` is 56, but the weights have 10 positions for tiles of 42"
    ):
        plan(ours, tmp_path)
