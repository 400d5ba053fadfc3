"""Settings of checkpoints: what is taken where a key is missing, and what is refused, in one sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.decoder import Decoder
from desktop_vlm.conversion.recipe import read_settings
from desktop_vlm.conversion.vision_config import VisionShape
from desktop_vlm.convert import convert, plan
from desktop_vlm.families.llava15.convert.config import read_config as read_llava
from desktop_vlm.families.pixtral.convert.hugging_face import read_config as read_pixtral
from desktop_vlm.families.qwen25vl.convert.config import read_config as read_qwen
from tests.checkpoints.families import FAMILY_CHECKPOINTS, build_family
from tests.checkpoints.families.byte_tokenizers import pixtral_tokenizer_json
from tests.checkpoints.seeded import write_json
from tests.golden.make_defaults import CONFIGS

Json = dict[str, Any]

DEFAULTS: dict[str, Json] = json.loads(
    (Path(__file__).parents[1] / "golden" / "families" / "defaults.json").read_text(encoding="utf-8")
)


def check_decoder(found: Decoder, expected: Json) -> None:
    text, rope = expected["text_config"], expected["text_config"]["rope_parameters"]
    assert found.vocab_size == text["vocab_size"]
    assert (found.width, found.ffn_width) == (text["hidden_size"], text["intermediate_size"])
    assert (found.n_layers, found.n_heads) == (text["num_hidden_layers"], text["num_attention_heads"])
    assert found.n_heads_kv == text["num_key_value_heads"]
    assert found.head_dim == text.get("head_dim", text["hidden_size"] // text["num_attention_heads"])
    assert found.rms_eps == text["rms_norm_eps"]
    assert (found.rope_theta, found.rope_scaling) == (rope["rope_theta"], None)
    window = text.get("sliding_window") or text["max_position_embeddings"]
    assert found.context_length == min(window, text["max_position_embeddings"])
    assert (found.bos, found.eos, found.pad) == (text["bos_token_id"], (text["eos_token_id"],), text["pad_token_id"])
    assert found.is_tied is expected["tie_word_embeddings"] is False


def check_vision(found: VisionShape, vision: Json, n_layers: int) -> None:
    assert (found.width, found.ffn_width) == (vision["hidden_size"], vision["intermediate_size"])
    assert found.n_heads == (vision.get("num_attention_heads") or vision["num_heads"])
    assert (found.patch_px, found.activation) == (vision["patch_size"], vision["hidden_act"])
    assert found.n_layers == n_layers


def settings_of(folder: Path, name: str) -> Any:
    write_json(folder / "config.json", CONFIGS[name])
    return read_settings(folder)


@pytest.mark.parametrize("name", ["llava", "llava-clip"])
def test_defaults_of_llava(name: str, tmp_path: Path) -> None:
    found, expected = read_llava(settings_of(tmp_path, name)), DEFAULTS[name]
    vision = expected["vision_config"]
    check_decoder(found.decoder, expected)
    check_vision(found.vision, vision, vision["num_hidden_layers"] - 1)
    assert found.vision.image_px == vision["image_size"]
    assert found.vision.norm_eps == vision["layer_norm_eps"]
    assert found.features == (vision["num_hidden_layers"] + 1 + expected["vision_feature_layer"],)
    assert found.image_token == expected["image_token_index"]
    assert found.has_projector_bias is expected["multimodal_projector_bias"] is True


def test_defaults_of_pixtral(tmp_path: Path) -> None:
    write_json(tmp_path / "tokenizer.json", pixtral_tokenizer_json())
    found, expected = read_pixtral(settings_of(tmp_path, "pixtral")), DEFAULTS["pixtral"]
    vision = expected["vision_config"]
    check_decoder(found.decoder, expected)
    check_vision(found.vision, vision, vision["num_hidden_layers"])
    assert (found.image_token, found.image_break, found.image_end) == (expected["image_token_index"], 12, 13)
    assert found.longest_edge == 1024


def test_defaults_of_qwen(tmp_path: Path) -> None:
    found, expected = read_qwen(_with_matching_widths(tmp_path)), DEFAULTS["qwen"]
    expected = {**expected, "text_config": {**expected["text_config"], "hidden_size": 3584, "num_attention_heads": 28}}
    expected["text_config"]["num_key_value_heads"] = 4
    vision = expected["vision_config"]
    check_decoder(found.decoder, expected)
    check_vision(found.vision, vision, vision["depth"])
    assert found.window_px == vision["window_size"]
    assert found.full_every == vision["fullatt_block_indexes"][0] + 1
    assert found.vision.output_width == vision["out_hidden_size"]
    assert found.decoder.rope_sections == (16, 24, 24)
    keys = ("image_token_id", "video_token_id", "vision_start_token_id", "vision_end_token_id")
    assert found.control == tuple(expected[key] for key in keys)


def _with_matching_widths(folder: Path) -> Any:
    """Transformers' own defaults do not fit together: a language model of 8192 with an encoder for 3584."""
    sizes = {"hidden_size": 3584, "num_attention_heads": 28, "num_key_value_heads": 4}
    write_json(folder / "config.json", {"model_type": "qwen2_5_vl", **sizes})
    return read_settings(folder)


# --- what is refused --------------------------------------------------------------------------------------


def refused(folder: Path, pattern: str) -> None:
    """Both the plan and the conversion say so, in one line, and nothing is written."""
    out = folder.parent / "out"
    for work in (plan, convert):
        with pytest.raises(UserError, match=pattern) as caught:
            work(folder, out)
        assert "\n" not in str(caught.value)
        assert str(caught.value).endswith(".")
    assert not out.exists()


def change(path: Path, edit: Callable[[Json], object]) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    edit(content)
    write_json(path, content)


def of_text(**values: Any) -> Callable[[Json], object]:
    return lambda config: config["text_config"].update(values)


def of_vision(**values: Any) -> Callable[[Json], object]:
    return lambda config: config["vision_config"].update(values)


def of_model(**values: Any) -> Callable[[Json], object]:
    return lambda config: config.update(values)


@pytest.mark.parametrize(
    ("name", "edit", "pattern"),
    [
        ("llava", of_text(model_type="qwen2"), r"the language model is a `qwen2`, but .* only llama and mistral"),
        ("llava", of_text(hidden_act="gelu"), r"`hidden_act` is gelu, but llama\.cpp's llama model has only silu"),
        ("llava", of_text(mlp_bias=True), r"`mlp_bias` is set"),
        ("llava", of_text(num_key_value_heads=3), r"3 key/value heads do not divide 4 heads"),
        ("llava", of_text(num_attention_heads=5, num_key_value_heads=5), r"5 heads do not divide `hidden_size` 64"),
        ("llava", of_text(head_dim=15), r"`head_dim` should be an even number"),
        ("llava", of_text(rope_scaling={"type": "yarn", "factor": 2.0}), r"RoPE scaling `yarn` is not supported"),
        ("llava", of_vision(model_type="siglip_vision_model"), r"the vision encoder is a `siglip_vision_model`"),
        ("llava", of_vision(hidden_act="tanh"), r"`hidden_act` is tanh, but only quick_gelu, gelu"),
        ("llava", of_vision(num_attention_heads=5), r"5 heads do not divide `hidden_size` 48"),
        ("llava", of_vision(num_channels=1), r"`num_channels` should be 3"),
        ("llava", of_model(projector_hidden_act="relu"), r"`projector_hidden_act` is relu"),
        ("llava", of_model(vision_feature_select_strategy="full"), r"`vision_feature_select_strategy` should be"),
        (
            "llava",
            of_model(vision_feature_layer=-9),
            r"`vision_feature_layer` should be numbers of layers from -5 to 4",
        ),
        ("llava", of_model(vision_feature_layer=[3, 1]), r"`vision_feature_layer` should be ascending"),
        ("llava", of_model(mm_vision_tower="openai/clip"), r"is in LLaVA's original layout.*take the version"),
        ("llava", of_model(model_type="llava_next"), r"`llava_next` model, which .* these can: .*Qwen2\.5-VL"),
        ("pixtral", of_model(vision_feature_select_strategy="default"), r"`vision_feature_select_strategy` should be"),
        ("pixtral", of_model(vision_feature_layer=[-1]), r"`vision_feature_layer` should be a layer's number"),
        ("pixtral", of_vision(rope_theta=500.0), r"`rope_theta` is 500, but libmtmd has only 10000"),
        ("pixtral", of_vision(num_attention_heads=8), r"8 heads do not divide .* multiple of 4"),
        ("qwen-tied", of_vision(fullatt_block_indexes=[1, 2]), r"`fullatt_block_indexes` should be layers at regular"),
        ("qwen-tied", of_vision(spatial_merge_size=3), r"`spatial_merge_size` should be 2, as in libmtmd"),
        ("qwen-tied", of_vision(temporal_patch_size=1), r"`temporal_patch_size` should be 2"),
        ("qwen-tied", of_vision(out_hidden_size=32), r"`out_hidden_size` is 32, but .* `hidden_size` is 64"),
        ("qwen-tied", of_vision(window_size=20), r"`window_size` should be at least 28"),
        ("qwen-tied", of_text(rope_scaling={"type": "mrope", "mrope_section": [2, 2, 2]}), r"`mrope_section` \[2, 2"),
    ],
)
def test_settings_that_are_refused(name: str, edit: Callable[[Json], object], pattern: str, tmp_path: Path) -> None:
    folder = build_family(FAMILY_CHECKPOINTS[name], tmp_path / name)
    change(folder / "config.json", edit)
    refused(folder, pattern)


@pytest.mark.parametrize(
    ("file", "edit", "pattern"),
    [
        ("params.json", of_model(quantization={"qformat_weight": "fp8_e4m3"}), r"quantised models and mixtures"),
        ("params.json", lambda c: c["vision_encoder"].update(spatial_merge_size=2), r"merge patches \(Mistral Small"),
        (
            "params.json",
            lambda c: c["vision_encoder"].pop("image_break_token_id"),
            r"`image_break_token_id` is missing",
        ),
        ("params.json", lambda c: c.pop("vision_encoder"), r"describes a model without a vision encoder, which"),
        ("params.json", of_model(dim=65), r"has shape .*, but params\.json asks for"),
        ("tekken.json", lambda c: c["config"].update(pattern=r"\w+"), r"llama\.cpp has no pre-tokenizer for this"),
        ("tekken.json", lambda c: c["vocab"].pop(3), r"its `vocab` is incomplete"),
        ("tekken.json", lambda c: c["vocab"][3].update(token_bytes="?"), r"its `vocab` is broken"),
        ("tekken.json", lambda c: c.update(special_tokens=[{"rank": 0}]), r"`special_tokens` should be a list"),
    ],
)
def test_mistrals_files_that_are_refused(
    file: str, edit: Callable[[Json], object], pattern: str, tmp_path: Path
) -> None:
    folder = build_family(FAMILY_CHECKPOINTS["pixtral-mistral"], tmp_path / "pixtral")
    change(folder / file, edit)
    refused(folder, pattern)


@pytest.mark.parametrize(
    ("edit", "pattern"),
    [
        (of_model(do_rescale=False), r"`do_rescale` should be true"),
        (of_model(rescale_factor=0.5), r"`rescale_factor` should be 1/255"),
        (of_model(image_mean=[0.5]), r"`image_mean` should be 3 numbers"),
        (of_model(image_std=[0.5, 0, 0.5]), r"`image_std` should be numbers other than 0"),
    ],
)
def test_image_processors_that_are_refused(edit: Callable[[Json], object], pattern: str, tmp_path: Path) -> None:
    folder = build_family(FAMILY_CHECKPOINTS["llava"], tmp_path / "llava")
    change(folder / "preprocessor_config.json", edit)
    refused(folder, pattern)


def test_a_missing_break_token(tmp_path: Path) -> None:
    folder = build_family(FAMILY_CHECKPOINTS["pixtral"], tmp_path / "pixtral")
    change(folder / "processor_config.json", lambda config: config.update(image_break_token="[ROW]"))
    refused(folder, r"the tokenizer has no \[ROW\]: copy the tokenizer files again")


def test_a_missing_tensor_is_named_as_the_checkpoint_names_it(tmp_path: Path) -> None:
    """GIVEN a newer layout WHEN the settings ask for one more layer THEN its tensors have the names of that layout."""
    folder = build_family(FAMILY_CHECKPOINTS["llava-new"], tmp_path / "llava")
    change(folder / "config.json", of_text(num_hidden_layers=3))
    refused(folder, r"tensor `model\.language_model\.layers\.2\.self_attn\.q_proj\.weight` \(and 8 more\) is missing")
