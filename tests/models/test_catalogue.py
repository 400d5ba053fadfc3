"""The catalogue says what is true of its models, as far as their shapes tell."""

from __future__ import annotations

import re
import subprocess
import sys
from urllib.parse import urlsplit

import pytest

from desktop_vlm.conversion.gguf_file import lay_out
from desktop_vlm.conversion.quant_types import FILE_TYPES, file_type
from desktop_vlm.families.mllama import presets
from desktop_vlm.families.registry import families
from desktop_vlm.models import catalogue as module
from desktop_vlm.models.catalogue import CatalogueModel, CatalogueType, catalogue, find, made_from
from desktop_vlm.models.published import PUBLISHED, READY_PAIRS, mmproj_bytes, text_tensors

MODELS = {one.name: one for one in catalogue()}
TOKENIZER_BYTES = 13_000_000
"""More than any vocabulary here takes of a GGUF."""

REAL_BYTES = {
    ("smolvlm2-500m", "Q8_0"): 436_808_704 + 108_785_184,
    ("smolvlm2-2.2b", "Q4_K_M"): 1_112_602_656 + 592_523_200,
    ("qwen2.5-vl-3b", "Q4_K_M"): 1_929_901_056 + 844_757_728,
    ("qwen2.5-vl-7b", "Q4_K_M"): 4_683_072_032 + 853_119_712,
}
"""Of files on the hub, as several people recorded them."""


def weights_bytes(model: CatalogueModel, kind: CatalogueType) -> int:
    """What the weights of both files take, from the model's shape alone."""
    if model.family == "mllama":
        config = presets.config_of(presets.SHAPES[model.published])
        found = presets._mmproj(config, file_type(kind.vision), file_type(kind.text))
        text = presets._text_shape(config, file_type(kind.text))
        mmproj = sum(one.n_bytes for one in found.tensors.values())
        return sum(text.layer_bytes) + text.output_bytes + text.embedding_bytes + mmproj
    published = (PUBLISHED | READY_PAIRS)[model.published]
    return lay_out([], text_tensors(published.language, kind.text)).n_bytes + mmproj_bytes(published, kind.vision)


def test_the_promised_models_are_there() -> None:
    for title in ("Llama 3.2 Vision 11B", "Llama 3.2 Vision 90B", "Llama Guard 3 11B Vision", "LLaVA 1.5 7B"):
        assert find(title), title
    for title in ("LLaVA 1.5 13B", "Pixtral 12B", "Qwen2.5-VL 3B", "Qwen2.5-VL 7B"):
        assert find(title), title
    small = [one for one in catalogue() if not one.is_gated and one.types[0].output_bytes < 2e9]
    assert len(small) >= 2
    assert all(not one.is_converted for one in small)


def test_nothing_is_there_twice() -> None:
    for names in ([one.name for one in catalogue()], [one.title for one in catalogue()]):
        assert len(set(names)) == len(names)
    for model in catalogue():
        assert len({kind.text for kind in model.types}) == len(model.types)


@pytest.mark.parametrize("model", catalogue(), ids=MODELS)
def test_fields_are_what_they_should_be(model: CatalogueModel) -> None:
    assert re.fullmatch(r"[a-z0-9.-]+", model.name)
    assert re.fullmatch(r"[\w.-]+/[\w.-]+", model.repo)
    assert model.kind in {"checkpoint", "pair"}
    assert model.good_at.endswith(".")
    assert "\n" not in model.good_at + model.licence_note
    for url in (model.licence_url, model.page_url):
        assert urlsplit(url).scheme == "https"
        assert urlsplit(url).hostname
    assert (model.download_bytes > 0) == model.is_converted
    for kind in model.types:
        assert kind.text in FILE_TYPES
        assert kind.vision in FILE_TYPES
        assert kind.note
        assert len(kind.files) == (0 if model.is_converted else 2)
        if kind.files:
            text, mmproj = kind.files
            assert kind.text.lower() in text.lower()
            assert mmproj.startswith("mmproj-")
            assert kind.vision.lower() in mmproj.lower()
    assert [kind.output_bytes for kind in model.types] == sorted(kind.output_bytes for kind in model.types)


@pytest.mark.parametrize("model", catalogue(), ids=MODELS)
def test_sizes_are_those_of_the_models_shapes(model: CatalogueModel) -> None:
    """Within a tenth of a percent, beside the vocabulary."""
    for kind in model.types:
        weights = weights_bytes(model, kind)
        assert weights * 0.999 < kind.output_bytes < weights * 1.001 + TOKENIZER_BYTES, kind


@pytest.mark.parametrize("model", catalogue(), ids=MODELS)
def test_exactly_one_family_knows_the_shape(model: CatalogueModel) -> None:
    kind = model.types[0]
    known = [one.name for one in families() if one.published_shape(model.published, kind.text, kind.vision)]
    assert known == [model.family]


@pytest.mark.parametrize("model", catalogue(), ids=MODELS)
def test_a_checkpoint_has_two_bytes_a_parameter(model: CatalogueModel) -> None:
    if model.is_converted:
        assert model.download_bytes == pytest.approx(2 * model.parameters, rel=1e-6)


@pytest.mark.parametrize(("name", "text"), REAL_BYTES)
def test_sizes_of_finished_pairs_are_the_files(name: str, text: str) -> None:
    kind = MODELS[name].type_named(text)
    assert kind
    assert kind.output_bytes == REAL_BYTES[name, text]


def test_the_eleven_billion_need_at_most_nine_gigabytes_and_ninety_at_most_sixty() -> None:
    for name, limit in (("llama-3.2-11b-vision", 9e9), ("llama-3.2-90b-vision", 60e9)):
        model = MODELS[name]
        assert model.peak(model.types[0]) <= limit


def test_metas_models_say_where_they_may_not_be_used() -> None:
    for model in catalogue():
        is_metas = model.repo.startswith("meta-llama/")
        assert model.is_gated == is_metas
        assert ("European Union" in model.licence_note) == is_metas


@pytest.mark.parametrize(
    ("repo", "name"),
    [
        ("unsloth/Llama-3.2-11B-Vision-Instruct-bnb-4bit", "llama-3.2-11b-vision"),
        ("someone/llama-3.2-90b-vision-instruct", "llama-3.2-90b-vision"),
        ("Qwen/Qwen2.5-VL-3B-Instruct", "qwen2.5-vl-3b"),
        ("someone/Llama-3.2-11B", ""),
        ("someone/other", ""),
    ],
)
def test_a_models_licence_goes_with_what_was_made_from_it(repo: str, name: str) -> None:
    found = made_from(repo)
    assert (found.name if found else "") == name


def test_models_are_found_by_all_their_names() -> None:
    model = MODELS["llama-3.2-11b-vision"]
    for text in ("llama-3.2-11b-vision", "LLAMA-3.2-11B-Vision", " Llama 3.2 Vision 11B", model.repo):
        assert find(text) is model
    assert find("llama") is None
    assert model.type_named("q8_0") is model.types[2]
    assert model.type_named("") is model.types[0]
    assert model.type_named("Q3_K_M") is None


def test_the_catalogue_needs_no_engine_and_no_network() -> None:
    seen = "sorted({'llama_cpp', 'httpx2', 'socket', 'gguf'} & set(sys.modules))"
    code = f"import sys, {module.__name__} as module; module.catalogue(); print({seen})"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
