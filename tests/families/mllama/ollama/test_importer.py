"""Ollama's files become what converting the checkpoint makes: every copied tensor bit for bit, in both forms."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.gguf_copy import chunks, plan_copy
from desktop_vlm.conversion.importer import ImportOptions, ImportRecipe
from desktop_vlm.convert import ModelFiles, convert
from desktop_vlm.families.mllama.ollama.importer import OllamaImporter
from desktop_vlm.runtime.ggml.gguf_reader import read_gguf
from tests import gguf_files
from tests.ollama import Changes, OllamaFiles, write_new_form, write_old_form
from tests.ollama.forms import Data

Tensors = dict[str, gguf_files.StoredTensor]
Write = Callable[[ModelFiles, Path, Changes | None], OllamaFiles]
FORMS: dict[str, Write] = {"new": write_new_form, "old": write_old_form}
POSITION_GATES = ("v.position_embd.gate", "v.tile_position_embd.gate")  # each follows from the other
TABLE, EXTRA = "v.tile_position_embd.weight", "token_embd.extra.weight"


@pytest.fixture(scope="module")
def own(
    checkpoint_folder: Callable[[str], Path], tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str, str], ModelFiles]:
    """Name of a checkpoint, type of the language model -> our own conversion, the encoder in F16 as Ollama has it."""
    out = tmp_path_factory.mktemp("own")

    def files(name: str, kind: str) -> ModelFiles:
        return convert(checkpoint_folder(name), out / name / kind, text_type=kind, vision_type="F16")

    return files


def recipe_of(files: OllamaFiles, options: ImportOptions | None = None) -> ImportRecipe:
    projector = read_gguf(files.projector) if files.projector else None
    return OllamaImporter().recipe(read_gguf(files.model), projector, options or ImportOptions())


def tensors_of(files: OllamaFiles, out: Path, options: ImportOptions | None = None) -> Tensors:
    """All tensors of the two files that importing makes."""
    recipe = recipe_of(files, options)
    found: Tensors = {}
    for kind, file in (("text", recipe.text), ("mmproj", recipe.mmproj)):
        plan = plan_copy(kind, out / f"{kind}.gguf", file.metadata, file.tensors)
        plan.write(None, 0, plan.n_bytes)
        found |= {f"{kind}: {name}": tensor for name, tensor in gguf_files.read_gguf(plan.path).tensors.items()}
    return found


def tensors_of_own(files: ModelFiles) -> Tensors:
    return {
        f"{kind}: {name}": tensor
        for kind, path in (("text", files.text), ("mmproj", files.mmproj))
        for name, tensor in gguf_files.read_gguf(path).tensors.items()
    }


def different(found: dict[str, Any], expected: dict[str, Any]) -> set[str]:
    assert found.keys() == expected.keys()
    return {name for name in expected if found[name] != expected[name]}


# The same as our own conversion


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("name", "kind", "others"),
    [
        # Ollama has the table in F32; and the spare embeddings in the type of the others, which is exact in F16.
        ("alpha", "F16", {f"mmproj: {TABLE}"}),
        ("alpha", "Q8_0", {f"mmproj: {TABLE}", f"mmproj: {EXTRA}"}),
        ("alpha", "Q4_K_M", {f"mmproj: {TABLE}", f"mmproj: {EXTRA}"}),
        ("gamma", "Q4_0", {f"mmproj: {TABLE}", f"mmproj: {EXTRA}"}),
    ],
)
def test_every_copied_tensor_is_our_own(
    form: str, name: str, kind: str, others: set[str], own: Callable[[str, str], ModelFiles], tmp_path: Path
) -> None:
    converted = own(name, kind)
    found = tensors_of(FORMS[form](converted, tmp_path, None), tmp_path)
    expected = tensors_of_own(converted)
    assert different(found, expected) == others
    table, own_table = found[f"mmproj: {TABLE}"], expected[f"mmproj: {TABLE}"]
    assert table.type_name == "F32"
    assert np.array_equal(numbers(table), numbers(own_table))


def numbers(tensor: gguf_files.StoredTensor) -> NDArray[np.float32]:
    kind = {"F32": np.float32, "F16": np.float16}[tensor.type_name]
    return np.frombuffer(tensor.data, kind).astype(np.float32)


@pytest.mark.parametrize("form", FORMS)
def test_gates_of_a_checkpoint_in_f32_are_exact_but_for_last_bits(
    form: str, own: Callable[[str, str], ModelFiles], tmp_path: Path
) -> None:
    converted = own("beta", "F16")
    found, expected = tensors_of(FORMS[form](converted, tmp_path, None), tmp_path), tensors_of_own(converted)
    gates = [name for name in expected if name.startswith("mmproj: v.") and name.endswith("gate")]
    assert len(gates) == 9
    assert different(found, expected) <= {*gates, f"mmproj: {TABLE}", f"mmproj: {EXTRA}"}
    for name in gates:
        assert numbers(found[name]) == pytest.approx(numbers(expected[name]), rel=5e-7)


@pytest.mark.parametrize("form", FORMS)
def test_settings_are_those_of_our_own_conversion(
    form: str, own: Callable[[str, str], ModelFiles], tmp_path: Path
) -> None:
    converted = own("alpha", "Q8_0")
    recipe = recipe_of(FORMS[form](converted, tmp_path, None))
    assert (recipe.text.arch, recipe.text.type.name) == ("llama", "Q8_0")
    assert (recipe.mmproj.arch, recipe.mmproj.type.name) == ("clip", "F16")
    for file, path in ((recipe.text, converted.text), (recipe.mmproj, converted.mmproj)):
        fields = gguf_files.read_gguf(path).fields
        found = {entry.key: entry.value for entry in file.metadata}
        for key, value in found.items():
            has_floats = isinstance(value, float) or (isinstance(value, list) and isinstance(value[0], float))
            assert value == (pytest.approx(fields[key]) if has_floats else fields[key]), key
        left_out = {key for key in fields.keys() - found.keys() if not key.startswith(("general.", "desktop_vlm."))}
        assert left_out <= {"tokenizer.ggml.padding_token_id", "tokenizer.chat_template"}  # Ollama has them not


# What differs between files


def test_the_weights_show_the_order_of_rows(own: Callable[[str, str], ModelFiles], tmp_path: Path) -> None:
    converted, expected = trained(own("gamma", "F16"), tmp_path), tensors_of_own(trained(own("gamma", "F16"), tmp_path))
    for stored in ("interleaved", "plain"):
        files = write_old_form(converted, tmp_path / stored, Changes(cross_rows=stored))
        note = recipe_of(files).notes[-1]
        assert note.startswith(f"Rows of cross-attention's q and k: {stored}, as the weights show (")
        assert different(tensors_of(files, tmp_path), expected) == {f"mmproj: {TABLE}"}


def trained(files: ModelFiles, out: Path) -> ModelFiles:
    """The model with cross-attention rows as large as the weights of their norms."""
    raw = bytearray(files.mmproj.read_bytes())
    file = read_gguf(files.mmproj)
    for name, place in file.tensors.items():
        if not name.endswith(("cross_attn_q_proj.weight", "cross_attn_k_proj.weight")):
            continue
        at = file.tensors[name.replace("_proj", "_norm")]
        norm = np.frombuffer(raw, np.float32, at.shape[0], at.offset)
        rows = np.frombuffer(raw, np.float16, place.n_rows * place.n_per_row, place.offset)
        scaled = rows.astype(np.float32).reshape(-1, len(norm), place.n_per_row) * norm[:, None]
        raw[place.offset : place.offset + place.n_bytes] = scaled.astype(np.float16).tobytes()
    path = out / "trained-mmproj.gguf"
    path.write_bytes(raw)
    return ModelFiles(files.text, path)


def test_the_usual_order_is_taken_and_said_where_nothing_tells(
    own: Callable[[str, str], ModelFiles], tmp_path: Path
) -> None:
    converted = own("alpha", "F16")
    for form, write in FORMS.items():
        note = recipe_of(write(converted, tmp_path / form, None)).notes[-1]
        assert "taken to be interleaved" in note
        assert "the weights do not tell" in note
        assert note.endswith("import again with --cross-rows plain.")


def test_a_person_may_say_the_order(own: Callable[[str, str], ModelFiles], tmp_path: Path) -> None:
    converted = own("alpha", "F16")
    files = write_old_form(converted, tmp_path, Changes(cross_rows="plain"))
    assert recipe_of(files, ImportOptions("plain")).notes[-1].endswith("plain, as asked.")
    assert different(tensors_of(files, tmp_path, ImportOptions("plain")), tensors_of_own(converted)) == {
        f"mmproj: {TABLE}"
    }
    wrong = different(tensors_of(files, tmp_path, ImportOptions("interleaved")), tensors_of_own(converted))
    assert wrong - {f"mmproj: {TABLE}"} == {
        f"mmproj: blk.{layer}.cross_attn_{part}_proj.weight" for layer in (2, 5) for part in "qk"
    }


@pytest.mark.parametrize("stored", ["interleaved", "plain"])
@pytest.mark.parametrize("kind", ["F16", "Q4_K_M"])
def test_a_checkpoint_at_hand_shows_the_order(
    stored: str,
    kind: str,
    own: Callable[[str, str], ModelFiles],
    checkpoint_folder: Callable[[str], Path],
    tmp_path: Path,
) -> None:
    files = write_new_form(own("alpha", kind), tmp_path, Changes(cross_rows=stored))
    options = ImportOptions(checkpoint=checkpoint_folder("alpha"))
    assert f"q and k: {stored}, as model-" in recipe_of(files, options).notes[-1]
    with pytest.raises(UserError, match="holds no cross-attention layer of this size"):
        recipe_of(files, ImportOptions(checkpoint=checkpoint_folder("beta")))


def test_another_models_checkpoint_is_refused(
    own: Callable[[str, str], ModelFiles], checkpoint_folder: Callable[[str], Path], tmp_path: Path
) -> None:
    def shuffle(tensors: dict[str, Data]) -> None:
        kind, rows, shape = tensors["blk.2.cross_attn_k_proj.weight"]
        tensors["blk.2.cross_attn_k_proj.weight"] = (kind, rows[:, ::-1], shape)

    files = write_new_form(own("alpha", "F16"), tmp_path, Changes(edit=shuffle))
    with pytest.raises(UserError, match="is another model than model: their weights are not alike"):
        recipe_of(files, ImportOptions(checkpoint=checkpoint_folder("alpha")))


@pytest.mark.parametrize("name", ["alpha", "beta"])
def test_the_release_that_left_gates_and_rows_as_they_were(
    name: str, own: Callable[[str, str], ModelFiles], tmp_path: Path
) -> None:
    """Ollama 0.7.0: its gates tell, as some are above 1, or as all are numbers of 16 bits."""
    converted = own(name, "F16")
    changes = Changes(cross_rows="plain", global_gates="raw", vision_rows="plain")
    files = write_new_form(converted, tmp_path, changes)
    notes = recipe_of(files).notes
    assert "The gates of the vision encoder are stored as Ollama 0.7.0 stored them, without tanh." in notes
    assert "taken to be plain, as Ollama 0.7.0 left them" in notes[-1]
    found, expected = tensors_of(files, tmp_path), tensors_of_own(converted)
    for name_ in expected:
        if "v.global" in name_ or "cross_attn" in name_:
            assert found[name_] == expected[name_], name_


@pytest.mark.parametrize("left_out", POSITION_GATES)
def test_either_gate_of_the_positions_is_enough(
    left_out: str, own: Callable[[str, str], ModelFiles], tmp_path: Path
) -> None:
    converted = own("alpha", "F16")
    file = read_gguf(write_new_form(converted, tmp_path, None).model)
    less = replace(file, tensors={name: at for name, at in file.tensors.items() if name != left_out})
    recipe = OllamaImporter().recipe(less, None, ImportOptions())
    (gate,) = [one for one in recipe.mmproj.tensors if one.tensor.name == "v.position_embd.gate"]
    assert b"".join(chunks(gate)) == tensors_of_own(converted)["mmproj: v.position_embd.gate"].data


def test_a_tied_output_matrix_is_the_table_of_embeddings(own: Callable[[str, str], ModelFiles], tmp_path: Path) -> None:
    def tie(tensors: dict[str, Data]) -> None:
        del tensors["output.weight"]

    found = tensors_of(write_new_form(own("alpha", "Q8_0"), tmp_path, Changes(edit=tie)), tmp_path)
    assert found["text: output.weight"] == found["text: token_embd.weight"]


def test_missing_factors_of_frequencies_are_said(own: Callable[[str, str], ModelFiles], tmp_path: Path) -> None:
    def drop(tensors: dict[str, Data]) -> None:
        del tensors["rope_freqs.weight"]

    files = write_new_form(own("alpha", "F16"), tmp_path, Changes(edit=drop))
    assert recipe_of(files).notes[0].startswith("model has no factors of rotary frequencies (rope_freqs.weight)")
    assert len(recipe_of(write_new_form(own("alpha", "F16"), tmp_path, None)).notes) == 1


def test_settings_that_follow_from_others_may_be_missing(own: Callable[[str, str], ModelFiles], tmp_path: Path) -> None:
    keys = ("mllama.vocab_size", "mllama.vision.num_channels", "mllama.rope.dimension_count", "general.file_type")
    more = ("tokenizer.ggml.scores", "tokenizer.ggml.add_bos_token", "tokenizer.ggml.pre")
    files = write_new_form(own("alpha", "Q8_0"), tmp_path, Changes(settings=dict.fromkeys((*keys, *more))))
    complete = recipe_of(write_new_form(own("alpha", "Q8_0"), tmp_path / "complete", None))
    assert recipe_of(files).text.metadata == complete.text.metadata
    assert recipe_of(files).text.type.name == "Q8_0"


# Refusals


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("mllama.block_count", None, "model lacks the setting mllama.block_count"),
        ("mllama.block_count", 0, "unusable value for mllama.block_count"),
        ("mllama.block_count", 1 << 30, "unusable value for mllama.block_count"),
        ("mllama.block_count", "seven", "unusable value for mllama.block_count"),
        ("mllama.block_count", 8, "has no tensor `blk.7.attn_norm.weight`|has no tensor `blk.7"),
        ("mllama.attention.cross_attention_layers", None, "lacks the setting mllama.attention.cross_attention_layers"),
        ("mllama.attention.cross_attention_layers", [2, 2], "unusable value for mllama.attention.cross_attention"),
        ("mllama.attention.cross_attention_layers", [2, 99], "unusable value for mllama.attention.cross_attention"),
        ("mllama.attention.cross_attention_layers", [0, 1, 2, 3, 4, 5, 6], "unusable value for mllama.attention.cross"),
        ("mllama.attention.cross_attention_layers", [3, 5], "has no tensor `blk.3.cross_attn"),
        ("mllama.attention.head_count", 7, "unusable value for mllama.attention.head_count"),
        ("mllama.attention.head_count", 0, "unusable value for mllama.attention.head_count"),
        ("mllama.attention.head_count_kv", 3, "unusable value for mllama.attention.head_count_kv"),
        ("mllama.attention.head_count_kv", 4, "the tensor `blk.*k_proj.weight` has the shape|has the shape"),
        ("mllama.rope.dimension_count", 5, "unusable value for mllama.rope.dimension_count"),
        ("mllama.embedding_length", 512, "unusable value for mllama.rope.dimension_count"),
        ("mllama.feed_forward_length", 100, "has the shape"),
        ("mllama.vocab_size", 400, "unusable value for tokenizer.ggml.tokens|has the shape"),
        ("mllama.vocab_size", 1 << 31, "unusable value for mllama.vocab_size"),
        ("mllama.vision.patch_size", 13, "unusable value for mllama.vision.patch_size"),
        ("mllama.vision.max_num_tiles", 1000, "unusable value for mllama.vision.max_num_tiles"),
        ("mllama.vision.intermediate_layers_indices", [1, 77], "unusable value for mllama.vision.intermediate"),
        ("mllama.vision.attention.head_count", 7, "unusable value for mllama.vision.attention.head_count"),
        ("tokenizer.ggml.model", "llama", "a tokenizer of the kind 'llama', where Llama 3's is 'gpt2'"),
        ("tokenizer.ggml.tokens", ["a"], "unusable value for tokenizer.ggml.tokens"),
        ("tokenizer.ggml.token_type", None, "lacks the setting tokenizer.ggml.token_type"),
        ("tokenizer.ggml.token_type", [1], "unusable value for tokenizer.ggml.token_type"),
        ("tokenizer.ggml.merges", 5, "unusable value for tokenizer.ggml.merges"),
        ("tokenizer.ggml.eos_token_id", 100_000, "unusable value for tokenizer.ggml.eos_token_id"),
    ],
)
def test_a_bad_setting_is_named(
    key: str, value: Any, sentence: str, own: Callable[[str, str], ModelFiles], tmp_path: Path
) -> None:
    files = write_new_form(own("alpha", "F16"), tmp_path, Changes(settings={key: value}))
    with pytest.raises(UserError, match=sentence) as refused:
        recipe_of(files)
    assert str(files.model) in str(refused.value) or files.model.name in str(refused.value)


def last_of_each_kind(names: Iterable[str]) -> list[str]:
    """One tensor of those that differ in the number of their layer only."""
    return list({re.sub(r"\d+", "N", name): name for name in sorted(names)}.values())


def test_a_missing_tensor_is_named(own: Callable[[str, str], ModelFiles], tmp_path: Path) -> None:
    source = write_new_form(own("alpha", "F16"), tmp_path, None).model
    file = read_gguf(source)
    optional = {"rope_freqs.weight", "output.weight", *POSITION_GATES}
    for name in last_of_each_kind(file.tensors.keys() - optional):
        less = {other: place for other, place in file.tensors.items() if other != name}
        with pytest.raises(UserError) as refused:
            OllamaImporter().recipe(replace(file, tensors=less), None, ImportOptions("plain"))
        assert f"`{name}`" in str(refused.value) or "without its" in str(refused.value), name


def test_a_tensor_of_another_shape_is_named(own: Callable[[str, str], ModelFiles], tmp_path: Path) -> None:
    file = read_gguf(write_new_form(own("alpha", "F16"), tmp_path, None).model)
    for name in last_of_each_kind(file.tensors.keys() - set(POSITION_GATES)):
        place = file.tensors[name]
        shape = (*place.shape[:-1], place.shape[-1] + 1)
        if name == "token_embd.weight":
            shape = (place.shape[0], place.shape[1] - 1)
        other = {**file.tensors, name: replace(place, shape=shape)}
        with pytest.raises(UserError, match="has the shape"):
            OllamaImporter().recipe(replace(file, tensors=other), None, ImportOptions("plain"))


def test_halves_say_what_is_missing(own: Callable[[str, str], ModelFiles], tmp_path: Path) -> None:
    files = write_old_form(own("alpha", "F16"), tmp_path, None)
    assert files.projector is not None
    importer, model, projector = OllamaImporter(), read_gguf(files.model), read_gguf(files.projector)
    assert importer.recognises(model)
    assert importer.recognises(projector)
    assert (importer.is_projector(model), importer.needs_projector(model)) == (False, True)
    assert (importer.is_projector(projector), importer.needs_projector(projector)) == (True, False)
    with pytest.raises(UserError, match="without its vision encoder: give its projector too"):
        importer.recipe(model, None, ImportOptions())
    with pytest.raises(UserError, match="a vision projector without its language model"):
        importer.recipe(projector, None, ImportOptions())
    own_files = own("alpha", "F16")
    assert not importer.recognises(read_gguf(own_files.text))
    assert not importer.recognises(read_gguf(own_files.mmproj))


def sources_of(recipe: ImportRecipe) -> set[Path]:
    return {copied.source.file.path for copied in (*recipe.text.tensors, *recipe.mmproj.tensors)}


def test_all_bytes_come_from_the_given_files(own: Callable[[str, str], ModelFiles], tmp_path: Path) -> None:
    files = write_old_form(own("alpha", "F16"), tmp_path, None)
    assert sources_of(recipe_of(files)) == {files.model, files.projector}
