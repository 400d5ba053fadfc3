"""Pairs are found by what headers say; where several could be meant, a sentence lists them."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from gguf import GGUFReader, GGUFValueType, GGUFWriter

from desktop_vlm.acquire.gguf_pairs import find_pair, is_projector, misfit, open_pair
from desktop_vlm.acquire.import_plan import plan_import
from desktop_vlm.acquire.sources import NamedPair
from desktop_vlm.acquire.usable import check_usable
from desktop_vlm.api.errors import UserError
from desktop_vlm.convert import ModelFiles
from desktop_vlm.runtime.ggml.gguf_reader import read_gguf
from tests.ollama import write_new_form, write_old_form


def place(folder: Path, **files: Path) -> Path:
    """A folder with links to files, under other names."""
    folder.mkdir(exist_ok=True)
    for name, path in files.items():
        os.link(path, folder / f"{name}.gguf")
    return folder


def rewrite(source: Path, target: Path, change: dict[str, Any], tensors: dict[str, str] | None = None) -> Path:
    """A copy of a GGUF with settings changed, or left out where the new value is None, and tensors renamed."""
    reader = GGUFReader(source)
    writer = GGUFWriter(target, change.get("general.architecture", reader.fields["general.architecture"].contents()))
    kept = [field for field in reader.fields.values() if not field.name.startswith("GGUF.")]
    values = {field.name: (field.contents(), field.types) for field in kept}
    values |= {key: (value, [GGUFValueType.get_type(value)]) for key, value in change.items() if key not in values}
    for key, (value, types) in values.items():
        new = change.get(key, value)
        if new is not None and key != "general.architecture":
            sub_type = types[-1] if types[0] == GGUFValueType.ARRAY else None
            writer.add_key_value(key, new, types[0], sub_type=sub_type)
    for tensor in reader.tensors:
        writer.add_tensor((tensors or {}).get(tensor.name, tensor.name), tensor.data, raw_dtype=tensor.tensor_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return target


def test_names_say_nothing(model_files: Callable[..., ModelFiles], tmp_path: Path) -> None:
    own = model_files("alpha")
    folder = place(tmp_path / "pair", **{"mmproj-model-text": own.text, "language": own.mmproj})
    for pair in (
        find_pair(folder),
        open_pair(folder / "mmproj-model-text.gguf"),
        open_pair(folder / "language.gguf"),
        open_pair(folder / "language.gguf", folder / "mmproj-model-text.gguf"),
    ):
        assert pair.model.architecture == "llama"
        assert pair.projector is not None
        assert pair.projector.architecture == "clip"
    assert check_usable(find_pair(folder)) == "mllama"


def test_what_does_not_fit_is_passed_over(model_files: Callable[..., ModelFiles], tmp_path: Path) -> None:
    folder = place(tmp_path / "two", a=model_files("alpha").text, b=model_files("beta").mmproj)
    assert find_pair(folder).projector is None
    os.link(model_files("alpha").mmproj, folder / "c.gguf")
    assert open_pair(folder / "a.gguf").files[1].path.name == "c.gguf"
    with pytest.raises(UserError, match=r"b\.gguf is a vision projector, and beside it is no language model"):
        open_pair(folder / "b.gguf")
    with pytest.raises(UserError, match=r"a\.gguf and b\.gguf do not belong together: the hidden width is 256 in the"):
        open_pair(folder / "a.gguf", folder / "b.gguf")


def test_several_are_listed(model_files: Callable[..., ModelFiles], tmp_path: Path) -> None:
    own, other = model_files("alpha"), model_files("alpha", "Q8_0")
    folder = place(tmp_path / "many", q4=own.text, q8=other.text, mmproj=own.mmproj)
    with pytest.raises(UserError, match=r"In the folder .* are 2 language models \(q4\.gguf, q8\.gguf\); name the"):
        find_pair(folder)
    assert open_pair(folder / "q8.gguf").files[1].path.name == "mmproj.gguf"
    with pytest.raises(UserError, match=r"q4\.gguf, q8\.gguf"):
        open_pair(folder / "mmproj.gguf")
    os.link(other.mmproj, folder / "mmproj-q8.gguf")
    with pytest.raises(UserError, match=r"2 vision projectors that fit \(mmproj-q8\.gguf, mmproj\.gguf\); choose one"):
        open_pair(folder / "q8.gguf")


def test_folders_without_a_model_say_so(tmp_path: Path) -> None:
    (tmp_path / "notes.gguf").write_text("no model")
    (tmp_path / "model.txt").write_bytes(b"GGUF")
    with pytest.raises(UserError, match="is no language model in GGUF that can be used"):
        find_pair(tmp_path)
    with pytest.raises(UserError, match="is not a GGUF file"):
        open_pair(tmp_path / "notes.gguf")
    with pytest.raises(UserError, match="that Ollama has not finished"):
        open_pair(tmp_path / f"sha256-{'ab' * 32}-partial")


def test_the_old_form_is_a_pair_and_the_new_form_one_file(
    model_files: Callable[..., ModelFiles], tmp_path: Path
) -> None:
    own = model_files("alpha", "Q8_0")
    old, new = write_old_form(own, tmp_path / "old"), write_new_form(own, tmp_path / "new")
    assert old.projector is not None
    folder = place(tmp_path / "hub", text=old.model, vision=old.projector, whole=new.model, ours=own.mmproj)
    assert [file.path.name for file in open_pair(folder / "text.gguf").files] == ["text.gguf", "vision.gguf"]
    assert [file.path.name for file in open_pair(folder / "vision.gguf").files] == ["text.gguf", "vision.gguf"]
    assert [file.path.name for file in open_pair(folder / "whole.gguf").files] == ["whole.gguf"]
    assert is_projector(read_gguf(old.projector))
    assert not is_projector(read_gguf(old.model))
    with pytest.raises(UserError, match="only one of them is in another program's layout"):
        open_pair(folder / "text.gguf", folder / "ours.gguf")
    with pytest.raises(UserError, match="the first has its own vision encoder"):
        open_pair(folder / "whole.gguf", folder / "vision.gguf")


# A language model of Llama 3.1 before our mmproj


LLAMA = {
    "general.architecture": ("qwen2", "is a qwen2 model, the second is made for llama models"),
    "llama.embedding_length": (128, "the hidden width is 128 in the first and 256 in the second"),
    "llama.block_count": (9, "the number of self-attention layers is 9 in the first and 5 in the second"),
    "llama.attention.head_count": (4, "the number of heads is 4 in the first and 8 in the second"),
    "llama.attention.head_count_kv": (4, "the number of key/value heads is 4 in the first and 2 in the second"),
    "tokenizer.ggml.pre": ("qwen2", "the first has the tokenizer 'qwen2', the second is made for llama-bpe"),
}


@pytest.mark.parametrize("key", LLAMA)
def test_another_language_model_is_refused_by_what_differs(
    key: str, model_files: Callable[..., ModelFiles], tmp_path: Path
) -> None:
    own, (value, sentence) = model_files("alpha"), LLAMA[key]
    other = rewrite(own.text, tmp_path / "other.gguf", {key: value})
    with pytest.raises(UserError, match=sentence):
        open_pair(other, own.mmproj)


def test_another_vocabulary_is_refused(model_files: Callable[..., ModelFiles], tmp_path: Path) -> None:
    own = model_files("alpha")
    tokens = GGUFReader(own.text).fields["tokenizer.ggml.tokens"].contents()
    tokens[tokens.index("<|eot_id|>")] = "<|im_end|>"
    other = rewrite(own.text, tmp_path / "other.gguf", {"tokenizer.ggml.tokens": tokens})
    assert "has no token <|eot_id|>" in misfit(read_gguf(other), read_gguf(own.mmproj))
    gamma = rewrite(own.mmproj, tmp_path / "mmproj.gguf", {"mllama.vocab_size": 400})
    assert misfit(read_gguf(own.text), read_gguf(gamma)) == (
        "the first has a vocabulary of 384 tokens, the second is made for 400"
    )


def test_a_fine_tuned_language_model_fits(model_files: Callable[..., ModelFiles], tmp_path: Path) -> None:
    own = model_files("alpha")
    other = rewrite(own.text, tmp_path / "other.gguf", {"general.name": "Tuned", "llama.rope.freq_base": 1e5})
    plan = plan_import(NamedPair("tuned", open_pair(other, own.mmproj)), tmp_path / "out")
    assert (plan.result.text, plan.result.mmproj, plan.files) == (other, own.mmproj, ())


# What cannot be used


def test_what_the_engine_cannot_run_is_said(model_files: Callable[..., ModelFiles], tmp_path: Path) -> None:
    own = model_files("alpha")
    inside = rewrite(
        own.text, tmp_path / "inside.gguf", {"general.architecture": "qwen25vl"}, {"output_norm.weight": "v.x"}
    )
    unknown = rewrite(own.text, tmp_path / "unknown.gguf", {"general.architecture": "solar9"})
    embedding = rewrite(own.text, tmp_path / "embedding.gguf", {"llama.pooling_type": 1})
    other = rewrite(own.mmproj, tmp_path / "mmproj.gguf", {"clip.projector_type": "telescope"})
    for path, mmproj, sentence in (
        (inside, None, "has the vision encoder inside the language model's file, as only Ollama's own engine reads it"),
        (unknown, None, "a model of the kind solar9, which llama.cpp does not run"),
        (embedding, None, "makes embeddings of texts"),
        (own.text, other, "mmproj.gguf is a projector of type telescope; this program runs mllama"),
    ):
        with pytest.raises(UserError, match=sentence):
            check_usable(open_pair(path, mmproj))
