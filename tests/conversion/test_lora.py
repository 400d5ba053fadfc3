"""LoRA adapters: merged as PEFT merges them, for every family, and what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gguf import GGUFReader
from numpy.typing import NDArray

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.checkpoint import Checkpoint
from desktop_vlm.conversion.fused_product import fused_product
from desktop_vlm.conversion.lora import merge, read_adapter
from desktop_vlm.conversion.lora_settings import LoraSettings, read_lora_settings
from desktop_vlm.conversion.safetensors_file import read_header
from desktop_vlm.conversion.tensor_names import Spelling, TensorNames
from desktop_vlm.convert import ModelFiles, convert, convert_vision, plan
from tests.checkpoints import ALPHA, BETA, NEW_PREFIXES, build
from tests.checkpoints.adapters import PREFIX, f32, weights_of, write_adapter
from tests.checkpoints.families import FAMILY_CHECKPOINTS, build_family
from tests.checkpoints.quantised import quantise_folder
from tests.checkpoints.seeded import write_json, write_stored

GOLDEN = Path(__file__).parents[1] / "golden" / "adapted" / "lora.npz"
LAYER = "model.language_model.layers"


@pytest.fixture(scope="module")
def beta(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One file, newer names, f32."""
    return build(BETA, tmp_path_factory.mktemp("base") / "beta")


def tensors(path: Path) -> dict[str, NDArray[np.float32]]:
    return {t.name: t.data.reshape([int(side) for side in reversed(t.shape)]) for t in GGUFReader(path).tensors}


def exact(folder: Path, out: Path, **options: Any) -> ModelFiles:
    return convert(folder, out, text_type="F32", vision_type="F32", **options)


# --- arithmetic -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["linear", "embedding", "convolution"])
@pytest.mark.parametrize(("way", "most"), [("plain", 0.0), ("rslora", 0.0), ("dora", 1e-7)])
def test_merged_as_peft_does(kind: str, way: str, most: float, tmp_path: Path) -> None:
    """GIVEN a layer and its adapter THEN they become what PEFT's `merge_and_unload` made of them, in any pieces.

    The file is written by `python -m tests.golden.check_adapted`, where PEFT is installed.
    """
    case = f"{kind}-{way}"
    with np.load(GOLDEN) as golden:
        found = {key.removeprefix(f"{case}/"): golden[key] for key in golden if key.startswith(f"{case}/")}
    expected = found.pop("expected")
    write_stored(tmp_path / "base.safetensors", {"0.weight": f32(found.pop("base"))})
    write_stored(tmp_path / "adapter.safetensors", {f"{PREFIX}{key}": f32(value) for key, value in found.items()})
    base = Checkpoint(tmp_path, {s.name: s for s in read_header(tmp_path / "base.safetensors")}, {}, Spelling())
    settings = LoraSettings(tmp_path, "", 16, 24.0, {}, {}, way == "rslora")
    adapter = read_adapter(settings, read_header(tmp_path / "adapter.safetensors"))
    tensor = merge(base, adapter, TensorNames()).tensors["0.weight"]
    flat = expected.reshape(-1)
    for first, count in ((0, flat.size), (0, 1), (17, 100), (95, 2), (flat.size - 3, 3)):
        found_values, atol = tensor.read(first, count), max(most, 1e-7 if kind == "convolution" else 0.0)
        rtol = 3e-7 if way == "dora" else 0.0  # lengths are sums that PyTorch makes in its own order
        np.testing.assert_allclose(found_values, flat[first : first + count], rtol=rtol, atol=atol)


def test_products_do_not_depend_on_their_pieces() -> None:
    rng = np.random.RandomState(3)
    left, right = (rng.standard_normal(shape).astype(np.float32) for shape in ((70, 33), (33, 1500)))
    whole = fused_product(left, right)
    np.testing.assert_allclose(whole, left.astype(np.float64) @ right, atol=1e-4)
    assert np.concatenate([fused_product(left[i : i + 7], right) for i in range(0, 70, 7)]).tobytes() == whole.tobytes()


def test_a_sum_between_two_numbers_is_rounded_once() -> None:
    """GIVEN 1 + 2**-24 + 2**-70, which float64 rounds to the middle of two float32 THEN the upper one is the answer."""
    left = np.array([[1.0, 2.0**-12, 2.0**-35]], np.float32)
    assert fused_product(left[:, :2], np.array([[1.0], [2.0**-12]], np.float32))[0, 0] == 1.0
    product = np.array([[1.0], [2.0**-12 * (1 + 2.0**-23)]], np.float32)
    assert fused_product(left[:, :2], product)[0, 0] == np.float32(1 + 2.0**-23)


# --- whole models -----------------------------------------------------------------------------------------


def merged(base: Path, adapter: dict[str, NDArray[np.float32]], module: str, scale: float) -> NDArray[np.float32]:
    a, b = (adapter[f"{PREFIX}{module}.lora_{part}.weight"].astype(np.float64) for part in "AB")
    return (weights_of(base)[f"{module}.weight"] + scale * (b @ a)).astype(np.float32)


def test_an_adapter_of_all_parts_of_a_model(beta: Path, tmp_path: Path) -> None:
    modules = [
        f"{LAYER}.1.self_attn.q_proj", f"{LAYER}.2.mlp.down_proj", f"{LAYER}.4.cross_attn.k_proj",
        f"{LAYER}.8.mlp.gate_proj", "model.vision_model.transformer.layers.3.mlp.fc1",
        "model.vision_model.global_transformer.layers.1.self_attn.o_proj", "model.multi_modal_projector",
    ]  # fmt: skip
    adapter = write_adapter(tmp_path / "adapter", beta, modules)
    files, plain = exact(tmp_path / "adapter", tmp_path / "out"), exact(beta, tmp_path / "plain")
    assert files.text.name == "adapter-text-F32.gguf"
    text, mmproj = tensors(files.text), tensors(files.mmproj)
    places = {
        modules[1]: text["blk.1.ffn_down.weight"], modules[2]: mmproj["blk.4.cross_attn_k_proj.weight"],
        modules[3]: mmproj["blk.8.ffn_gate.weight"], modules[4]: mmproj["v.blk.3.ffn_up.weight"],
        modules[5]: mmproj["v.global.blk.1.attn_output.weight"], modules[6]: mmproj["mm.0.weight"],
    }  # fmt: skip
    for module, found in places.items():
        np.testing.assert_allclose(found, merged(beta, adapter, module, 12 / 8), atol=2e-6, err_msg=module)
    # rows of q are reordered after the merge
    q = merged(beta, adapter, modules[0], 12 / 8).reshape(6, 2, 8, 96).swapaxes(1, 2).reshape(96, 96)
    np.testing.assert_allclose(text["blk.0.attn_q.weight"], q, atol=2e-6)
    # nothing else changed
    n_changed = sum(
        not np.array_equal(values, before[name])
        for found, before in ((text, tensors(plain.text)), (mmproj, tensors(plain.mmproj)))
        for name, values in found.items()
    )
    assert n_changed == len(modules)


@pytest.mark.parametrize("generation", ["older", "newer"])
@pytest.mark.parametrize("spelling", ["{}", "default"])
def test_names_of_both_generations(beta: Path, generation: str, spelling: str, tmp_path: Path) -> None:
    """GIVEN an adapter that was saved by another transformers, or with its adapter's name, THEN it is the same."""
    module = f"{LAYER}.1.self_attn.v_proj"
    adapter = write_adapter(tmp_path / "a", beta, [module])
    expected = tensors(exact(tmp_path / "a", tmp_path / "out").text)["blk.0.attn_v.weight"]
    renamed = {}
    for name, values in adapter.items():
        new = (
            name.replace("lora_A.", f"lora_A.{spelling}.").replace("lora_B.", f"lora_B.{spelling}.").replace(".{}", "")
        )
        if generation == "older":
            for old_prefix, new_prefix in NEW_PREFIXES.items():
                new = new.replace(f"{PREFIX}{new_prefix}", f"{PREFIX}{old_prefix}")
        renamed[new] = values
    write_adapter(tmp_path / "b", beta, [], more=renamed)
    np.testing.assert_array_equal(
        tensors(exact(tmp_path / "b", tmp_path / "out").text)["blk.0.attn_v.weight"], expected
    )


@pytest.mark.parametrize(
    ("name", "module", "place"),
    [
        ("llava-new", "model.language_model.layers.1.mlp.up_proj", "blk.1.ffn_up.weight"),
        ("pixtral", "language_model.model.layers.1.mlp.up_proj", "blk.1.ffn_up.weight"),
        ("qwen", "model.layers.1.mlp.up_proj", "blk.1.ffn_up.weight"),
        ("qwen", "visual.blocks.1.attn.qkv", "v.blk.1.attn_k.weight"),
        ("llava-new", "model.multi_modal_projector.linear_1", "mm.0.weight"),
    ],
)
def test_every_family(name: str, module: str, place: str, tmp_path: Path) -> None:
    base = build_family(FAMILY_CHECKPOINTS[name], tmp_path / name)
    adapter = write_adapter(tmp_path / "adapter", base, [module])
    files = exact(tmp_path / "adapter", tmp_path / "out")
    expected = merged(base, adapter, module, 12 / 8)
    if module.endswith("qkv"):
        expected = expected.reshape(3, -1, expected.shape[1])[1]
    np.testing.assert_allclose((tensors(files.text) | tensors(files.mmproj))[place], expected, atol=2e-6)


def test_ranks_and_scales_of_single_layers(tmp_path: Path) -> None:
    settings = read_lora_settings_of(
        tmp_path, r=8, lora_alpha=16, rank_pattern={"self_attn.q_proj": 3, r"layers\.1\..*": 5},
        alpha_pattern={"^model.language_model.layers.2.mlp.up_proj": 4},
    )  # fmt: skip
    assert settings.scale(f"{LAYER}.7.self_attn.q_proj", 3) == 16 / 3
    assert settings.scale(f"{LAYER}.1.mlp.up_proj", 5) == 16 / 5
    assert settings.scale(f"{LAYER}.2.mlp.up_proj", 8) == 4 / 8
    assert settings.scale(f"{LAYER}.2.not_self_attn.q_proj", 8) == 2
    stabilised = read_lora_settings_of(tmp_path, r=16, lora_alpha=16, use_rslora=True)
    assert stabilised.scale("x", 16) == 4
    with pytest.raises(UserError, match=r"adapter_config\.json says rank 16 for `x`, but its weights have rank 4"):
        stabilised.scale("x", 4)


def read_lora_settings_of(folder: Path, **settings: Any) -> LoraSettings:
    write_json(folder / "adapter_config.json", {"peft_type": "LORA", **settings})
    return read_lora_settings(folder)


def test_what_was_trained_whole_takes_its_place(beta: Path, tmp_path: Path) -> None:
    module, weights = f"{LAYER}.1.mlp.up_proj", weights_of(beta)
    head = weights["lm_head.weight"] + 1
    more = {
        f"{PREFIX}lm_head.weight": head,
        f"{PREFIX}model.multi_modal_projector.bias": weights["model.multi_modal_projector.bias"] * 2,
        f"{PREFIX}model.vision_model.transformer.layers.1.mlp.fc1.base_layer.bias": np.full(96, 0.5, np.float32),
        f"{PREFIX}model.language_model.norm.modules_to_save.default.weight": np.full(96, 3.0, np.float32),
        f"{PREFIX}model.vision_model.transformer.layers.2.mlp.fc1.lora_B.bias": np.full(96, 2.0, np.float32),
    }
    more |= write_adapter(tmp_path / "x", beta, ["model.vision_model.transformer.layers.2.mlp.fc1"])
    write_adapter(tmp_path / "adapter", beta, [module], more=more)
    files = exact(tmp_path / "adapter", tmp_path / "out")
    text, mmproj = tensors(files.text), tensors(files.mmproj)
    np.testing.assert_array_equal(text["output.weight"], head)
    np.testing.assert_array_equal(mmproj["mm.0.bias"], weights["model.multi_modal_projector.bias"] * 2)
    assert set(mmproj["v.blk.1.ffn_up.bias"].tolist()) == {0.5}
    assert set(text["output_norm.weight"].tolist()) == {3.0}
    bias = weights["model.vision_model.transformer.layers.2.mlp.fc1.bias"]
    np.testing.assert_array_equal(mmproj["v.blk.2.ffn_up.bias"], bias + np.float32(2.0) * np.float32(12 / 8))


def test_an_embedding_that_is_saved_with_its_change(beta: Path, tmp_path: Path) -> None:
    name = "model.language_model.embed_tokens"
    rng, base = np.random.RandomState(5), weights_of(beta)[f"{name}.weight"] * 2
    a, b = (rng.random_sample(shape).astype(np.float32) for shape in ((8, len(base)), (base.shape[1], 8)))
    more = {f"{PREFIX}{name}.lora_embedding_A": a, f"{PREFIX}{name}.lora_embedding_B": b}
    write_adapter(tmp_path / "adapter", beta, [], more=more | {f"{PREFIX}{name}.base_layer.weight": base})
    files = exact(tmp_path / "adapter", tmp_path / "out")
    expected = base + 1.5 * (b.astype(np.float64) @ a).T
    np.testing.assert_allclose(tensors(files.text)["token_embd.weight"], expected[:336], atol=2e-6)
    np.testing.assert_allclose(tensors(files.mmproj)["token_embd.extra.weight"], expected[336:], atol=2e-6)


def test_merged_into_a_quantised_base(tmp_path: Path) -> None:
    base, module = build(ALPHA, tmp_path / "alpha"), "language_model.model.layers.0.mlp.down_proj"
    adapter = write_adapter(tmp_path / "adapter", base, [module])
    values = quantise_folder(base)[f"{module}.weight"]
    a, b = (adapter[f"{PREFIX}{module}.lora_{part}.weight"].astype(np.float64) for part in "AB")
    found = tensors(exact(tmp_path / "adapter", tmp_path / "out").text)["blk.0.ffn_down.weight"]
    np.testing.assert_allclose(found, values + 1.5 * (b @ a), atol=2e-6)


def test_a_vocabulary_that_grew_with_the_adapter(tmp_path: Path) -> None:
    base = build_family(FAMILY_CHECKPOINTS["llava"], tmp_path / "llava")
    weights, more = weights_of(base), {}
    for name in ("language_model.model.embed_tokens.weight", "language_model.lm_head.weight"):
        more[f"{PREFIX}{name}"] = np.concatenate([weights[name], np.ones((4, weights[name].shape[1]), np.float32)])
    write_adapter(tmp_path / "adapter", base, [], more=more)
    for file in base.glob("token*"):
        shutil.copy(file, tmp_path / "adapter")
    found = tensors(exact(tmp_path / "adapter", tmp_path / "out").text)
    np.testing.assert_array_equal(found["output.weight"], more[f"{PREFIX}language_model.lm_head.weight"])


# --- the base, repetition ---------------------------------------------------------------------------------


def test_the_base_that_is_named_or_given(beta: Path, tmp_path: Path) -> None:
    write_adapter(tmp_path / "adapter", beta, [f"{LAYER}.1.mlp.up_proj"])
    (note,) = plan(tmp_path / "adapter", tmp_path).notes
    assert note == f"The adapter is merged into {beta}."
    notes: list[str] = []
    exact(tmp_path / "adapter", tmp_path / "out", note=notes.append)
    assert notes == [note]
    other = shutil.copytree(beta, tmp_path / "other")
    expected = plan(tmp_path / "adapter", tmp_path, base=other)
    assert expected.notes == ()
    assert expected.checkpoint
    assert expected.checkpoint.folder == other
    assert convert_vision(tmp_path / "adapter", tmp_path / "out", base=other).name == "adapter-mmproj-Q8_0.gguf"
    quantised = shutil.copytree(beta, tmp_path / "Beta-unsloth-bnb-4bit")
    write_adapter(tmp_path / "p", quantised, [])
    assert plan(tmp_path / "p", tmp_path).notes[1] == (
        f"{quantised} is quantised to 4 bits: merging into the original weights is more exact "
        f"(--base {tmp_path / 'Beta'})."
    )
    for named, pattern in (
        ("/nowhere/model", r"names the base model /nowhere/model, which is not on this computer: name it"),
        ("~nobody-here/model", r"names the base model ~nobody-here/model, which is not on this computer"),
        (None, r"does not say which model the adapter belongs to: name it \(--base\)"),
    ):
        write_adapter(tmp_path / "p", beta, [], base_model_name_or_path=named)
        with pytest.raises(UserError, match=pattern):
            plan(tmp_path / "p", tmp_path)
    with pytest.raises(UserError, match=r"is an adapter itself: name a whole model"):
        plan(tmp_path / "p", tmp_path, base=tmp_path / "adapter")
    with pytest.raises(UserError, match=r"beta is no LoRA adapter .* so it needs no base model"):
        plan(beta, tmp_path, base=other)


def test_another_adapter_is_noticed(beta: Path, tmp_path: Path) -> None:
    """GIVEN finished files WHEN only the adapter's weights or its scale change THEN they are made again."""
    modules = [f"{LAYER}.1.mlp.up_proj"]
    adapter = write_adapter(tmp_path / "adapter", beta, modules)
    exact(tmp_path / "adapter", tmp_path / "out")

    def finished() -> bool:
        prepared = plan(tmp_path / "adapter", tmp_path / "out", text_type="F32", vision_type="F32")
        return all(file.is_finished for file in prepared.files)

    assert finished()
    write_adapter(tmp_path / "adapter", beta, modules, lora_alpha=13)
    assert not finished()
    write_adapter(tmp_path / "adapter", beta, modules)
    exact(tmp_path / "adapter", tmp_path / "out")
    write_adapter(tmp_path / "adapter", beta, [], more={name: values * 2 for name, values in adapter.items()})
    assert not finished()


def test_the_adapters_own_tokenizer_is_taken(beta: Path, tmp_path: Path) -> None:
    write_adapter(tmp_path / "adapter", beta, [])
    shutil.copy(beta / "tokenizer.json", tmp_path / "adapter")
    (tmp_path / "adapter" / "chat_template.jinja").write_text("{{ mine }}", encoding="utf-8")
    files = exact(tmp_path / "adapter", tmp_path / "out")
    assert GGUFReader(files.text).fields["tokenizer.chat_template"].contents() == "{{ mine }}"


# --- what is refused --------------------------------------------------------------------------------------


Write = Callable[[Path, Path], object]


def _tensors(more: Callable[[Path], dict[str, NDArray[np.float32]]]) -> Write:
    return lambda folder, base: write_adapter(folder, base, [], more=more(base))


def _settings(**settings: Any) -> Write:
    return lambda folder, base: write_adapter(folder, base, [f"{LAYER}.1.mlp.up_proj"], **settings)


def _ones(*shape: int) -> NDArray[np.float32]:
    return np.ones(shape, np.float32)


UP = f"{PREFIX}{LAYER}.1.mlp.up_proj"


@pytest.mark.parametrize(
    ("write", "pattern"),
    [
        (_settings(peft_type="LOHA"), r"the adapter is of the kind LOHA, but only LoRA can be merged"),
        (_settings(use_qalora=True), r"`use_qalora` is set \(QALoRA\), which cannot be merged here: merge it with"),
        (_settings(target_parameters=["a"]), r"`target_parameters` is set"),
        (_settings(init_lora_weights="pissa_niter_4"), r"was begun with pissa_niter_4, which changed its base model"),
        (_settings(init_lora_weights="olora"), r"was begun with olora"),
        (_settings(r=9), r"says rank 9 for `.*up_proj`, but its weights have rank 8"),
        (_settings(r="8"), r"`r` should be a whole number"),
        (_settings(lora_alpha=-1), r"`lora_alpha` should be a positive number"),
        (_settings(rank_pattern={"(a+)+$": 3}), r"rank_pattern: `\(a\+\)\+\$` is too involved an expression"),
        (_settings(rank_pattern={"(": 3}), r"`\(` is no regular expression"),
        (_settings(alpha_pattern=[1]), r"`alpha_pattern` should be an object"),
        (_tensors(lambda _: {f"{UP}.lora_A.weight": _ones(8, 96)}), r"it holds A, not what a LoRA layer is made of"),
        (
            _tensors(lambda _: {f"{UP}.lora_A.weight": _ones(8, 95), f"{UP}.lora_B.weight": _ones(160, 8)}),
            r"lora_A\.weight` has shape \[8, 95\], which does not fit the base model's \[160, 96\]",
        ),
        (
            _tensors(lambda _: {f"{UP}.lora_A.weight": _ones(8, 96), f"{UP}.lora_B.weight": _ones(8, 160)}),
            r"lora_B\.weight` has shape \[8, 160\], which does not fit",
        ),
        (
            _tensors(lambda _: {f"{PREFIX}{LAYER}.99.mlp.up_proj.lora_A.weight": _ones(8, 96)}),
            r"has a tensor `.*layers\.99.*` that .*beta has no place for: the adapter was trained on another",
        ),
        (_tensors(lambda _: {f"{PREFIX}model.new.weight": _ones(2, 2)}), r"model\.new\.weight` that .* has no place"),
        (
            _tensors(lambda _: {f"{UP}.lora_A.a.weight": _ones(8, 96), f"{UP}.lora_A.b.weight": _ones(8, 96)}),
            r"of two adapters: save one of them alone",
        ),
    ],
)  # fmt: skip
def test_adapters_that_cannot_be_merged(write: Write, pattern: str, beta: Path, tmp_path: Path) -> None:
    write(tmp_path / "adapter", beta)
    for work in (plan, convert):
        with pytest.raises(UserError, match=pattern) as caught:
            work(tmp_path / "adapter", tmp_path / "out")
        assert "\n" not in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_an_adapter_beside_a_whole_model(beta: Path, tmp_path: Path) -> None:
    both = shutil.copytree(beta, tmp_path / "both")
    write_adapter(both, beta, [f"{LAYER}.1.mlp.up_proj"])
    with pytest.raises(
        UserError, match=r"both holds an adapter and a whole model: name the model .* \(--base\), or move"
    ):
        plan(both, tmp_path)
    prepared = plan(both, tmp_path, base=both)
    assert prepared.checkpoint
    assert len(prepared.checkpoint.parts_of("language_model.model.layers.1.mlp.up_proj.weight")) == 3
    (both / "adapter_config.json").unlink()
    assert plan(both, tmp_path).checkpoint


def test_weights_that_are_missing(beta: Path, tmp_path: Path) -> None:
    write_adapter(tmp_path / "adapter", beta, [])
    (tmp_path / "adapter" / "adapter_model.safetensors").unlink()
    with pytest.raises(UserError, match=r"adapter_model\.safetensors is missing: copy the adapter again"):
        plan(tmp_path / "adapter", tmp_path)
