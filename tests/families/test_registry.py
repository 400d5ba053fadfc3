"""Which family a model belongs to, by the headers of its files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from benchmarks import random_families
from desktop_vlm import backend
from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.api.errors import UserError
from desktop_vlm.backend import Model
from desktop_vlm.convert import ModelFiles
from desktop_vlm.families.base import ModelHeaders
from desktop_vlm.families.registry import chat_format_of, families, family_of, read_headers
from desktop_vlm.runtime.ggml.gguf_header import GgufHeader


def header(architecture: str, **texts: str) -> GgufHeader:
    return GgufHeader(texts={"general.architecture": architecture, **texts})


def projector(kind: str) -> GgufHeader:
    return header("clip", **{"clip.projector_type": kind})


def test_every_family_has_a_name_of_its_own() -> None:
    names = [family.name for family in families()]
    assert len(set(names)) == len(names)
    assert names[0] == "mllama"
    assert names[-1] == "text"


def test_the_projector_decides_not_the_file_name(model_files: Callable[..., ModelFiles], tmp_path: Path) -> None:
    files = model_files("alpha")
    misnamed = tmp_path / "qwen2.5-vl-llava.gguf"
    misnamed.symlink_to(files.mmproj)
    assert family_of(read_headers(files.text, misnamed)).name == "mllama"
    assert family_of(read_headers(files.text, None)).name == "text"
    assert family_of(ModelHeaders(header("llama"), projector("mllama"))).name == "mllama"


def test_files_in_the_wrong_place_are_said(model_files: Callable[..., ModelFiles], tmp_path: Path) -> None:
    files = model_files("alpha")
    with pytest.raises(UserError, match="holds a llama model, not a vision projector; give the mmproj file here"):
        read_headers(files.text, files.text)
    with pytest.raises(UserError, match="is the vision projector of a model; give the text GGUF"):
        backend.load(files.mmproj, n_ctx=64)
    damaged = tmp_path / "damaged.gguf"
    damaged.write_bytes(files.mmproj.read_bytes()[:5000])
    with pytest.raises(UserError, match=r"damaged\.gguf is damaged or cut off"):
        read_headers(files.text, damaged)


def test_a_projector_beside_another_language_model_is_refused(
    model_files: Callable[..., ModelFiles], tmp_path: Path
) -> None:
    text, _ = random_families.write("tiny-qwen25vl", tmp_path, "F16", "F16")
    with pytest.raises(UserError, match=r"is a qwen2vl model; the language model of Llama 3.2 Vision, which alpha"):
        backend.load(text, model_files("alpha").mmproj, n_ctx=64)


@pytest.mark.parametrize("name", ["tiny-qwen25vl", "tiny-pixtral"])
def test_a_language_model_of_any_architecture_chats_about_text(name: str, tmp_path: Path) -> None:
    text, _ = random_families.write(name, tmp_path, "F16", "F16")
    with backend.load(text, n_ctx=128, n_threads=1) as model:
        assert model.capabilities == Capabilities("text")
        chunks = list(model.chat([{"role": "user", "content": "Hello"}], temperature=0, max_tokens=6))
        assert chunks[-1].finish_reason in ("length", "stop")
        ids = [*range(10, 30)]
        expected = model.logits(ids)
        assert expected.shape == (20, model.n_vocab)
        one_by_one = [model.next_logits(ids[:end]) for end in range(18, 21)]
        scale = np.abs(expected).max()
        assert np.abs(np.stack(one_by_one) - expected[17:]).max() <= 5e-3 * scale  # F16 weights


def test_the_format_follows_the_vocabulary_whatever_the_family(load_model: Callable[[str], Model]) -> None:
    text = load_model("alpha")._session.text
    assert [chat_format_of(family, text).name for family in families()][-1] == "Llama 3"
