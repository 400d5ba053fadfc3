"""Damaged and unsuitable checkpoints: one sentence each, naming what is wrong and where."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gguf import GGUFReader, TokenType

from desktop_vlm import backend
from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.gguf_file import lay_out
from desktop_vlm.conversion.quant_types import FILE_TYPES, text_type
from desktop_vlm.convert import convert, plan
from desktop_vlm.families.mllama.convert.config import read_config
from desktop_vlm.families.mllama.convert.tensor_map import mmproj_tensors, text_tensors
from desktop_vlm.families.mllama.convert.types import self_attention_stack
from tests.checkpoints import ALPHA, BETA, CLIP_MEAN, CLIP_STD, GAMMA, build, make_image
from tests.checkpoints.seeded import decode, read_stored, write_stored

Header = dict[str, Any]


@pytest.fixture
def beta(tmp_path: Path) -> Path:
    """One file, newer names, f32."""
    return build(BETA, tmp_path / "beta")


@pytest.fixture
def gamma(tmp_path: Path) -> Path:
    """Three files and an index, older names, f16."""
    return build(GAMMA, tmp_path / "gamma")


def change_json(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    content = json.loads(path.read_text(encoding="utf-8"))
    change(content)
    path.write_text(json.dumps(content), encoding="utf-8")


def change_header(path: Path, change: Callable[[Header], object]) -> None:
    raw = path.read_bytes()
    start = 8 + int.from_bytes(raw[:8], "little")
    header = json.loads(raw[8:start])
    change(header)
    encoded = json.dumps(header).encode()
    path.write_bytes(len(encoded).to_bytes(8, "little") + encoded + raw[start:])


def refused(folder: Path, pattern: str) -> None:
    """Both the plan and the conversion say so, in one line, and nothing is written."""
    out = folder.parent / "out"
    for work in (plan, convert):
        with pytest.raises(UserError, match=pattern) as caught:
            work(folder, out)
        message = str(caught.value)
        assert "\n" not in message
        assert message.count(". ") == 0
    assert not out.exists()


# --- tensors ----------------------------------------------------------------------------------------------


def test_missing_tensor(beta: Path) -> None:
    name = "model.language_model.layers.1.self_attn.q_proj.weight"
    change_header(beta / "model.safetensors", lambda header: header.pop(name))
    refused(
        beta,
        rf"tensor `{re.escape(name)}` is missing \(no file holds it\): copy the checkpoint again",
    )


def test_missing_tensor_that_the_index_promises(gamma: Path) -> None:
    name = "language_model.model.norm.weight"
    index = json.loads((gamma / "model.safetensors.index.json").read_text(encoding="utf-8"))
    shard = index["weight_map"][name]
    change_header(gamma / shard, lambda header: header.pop(name))
    refused(gamma, rf"tensor `{re.escape(name)}` is missing \({shard} does not hold it although the index")


def test_unexpected_tensors(beta: Path) -> None:
    def add(header: Header) -> None:
        header["model.language_model.layers.1.self_attn.q_proj.bias"] = header["lm_head.weight"]
        header["zzz"] = header["lm_head.weight"]

    change_header(beta / "model.safetensors", add)
    refused(beta, r"model\.safetensors holds a tensor `model\.language_model\.layers\.1\..*bias` \(and 1 more\)")


def test_wrong_shape(beta: Path) -> None:
    def swap(header: Header) -> None:
        header["lm_head.weight"]["shape"].reverse()

    change_header(beta / "model.safetensors", swap)
    refused(beta, r"`lm_head\.weight` has shape \[96, 336\], but config\.json asks for \[336, 96\]")


@pytest.mark.parametrize("dtype", ["F8_E4M3", "I32", "F4"])
def test_wrong_dtype(beta: Path, dtype: str) -> None:
    change_header(beta / "model.safetensors", lambda header: header["lm_head.weight"].update(dtype=dtype))
    refused(beta, rf"`lm_head\.weight` is stored as {dtype}, only F32, F16, BF16 and what bitsandbytes")


def test_the_same_tensor_under_both_names(beta: Path) -> None:
    def double(header: Header) -> None:
        header["language_model.lm_head.weight"] = header["lm_head.weight"]

    change_header(beta / "model.safetensors", double)
    refused(beta, r"both hold the tensor `language_model\.lm_head\.weight`: remove one\.$")


def test_buffers_are_no_weights(beta: Path, tmp_path: Path) -> None:
    def add(header: Header) -> None:
        header["model.language_model.rotary_emb.inv_freq"] = header["model.vision_model.class_embedding"]
        header["model.vision_model.embeddings.position_ids"] = {"dtype": "I64", "shape": [0], "data_offsets": [0, 0]}

    plain = plan(beta, tmp_path).bytes_to_write
    change_header(beta / "model.safetensors", add)
    assert plan(beta, tmp_path).bytes_to_write == plain


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf])
def test_values_that_are_no_numbers(beta: Path, tmp_path: Path, value: float) -> None:
    path = beta / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-4] + np.float32(value).tobytes())
    with pytest.raises(UserError, match=r"`lm_head\.weight` holds values that are no finite numbers"):
        convert(beta, tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_values_too_large_for_f16(beta: Path, tmp_path: Path) -> None:
    path = beta / "model.safetensors"
    path.write_bytes(path.read_bytes()[:-4] + np.float32(-70000).tobytes())
    with pytest.raises(UserError, match=r"`lm_head\.weight` holds values too large for F16: choose BF16"):
        convert(beta, tmp_path / "out", text_type="F16")
    convert(beta, tmp_path / "out", text_type="BF16")


# --- files ------------------------------------------------------------------------------------------------


def test_missing_shard(gamma: Path) -> None:
    (gamma / "model-00002-of-00003.safetensors").unlink()
    refused(gamma, r"model-00002-of-00003\.safetensors is missing although the index names it: copy it again from the")


def test_truncated_shard(gamma: Path) -> None:
    path = gamma / "model-00003-of-00003.safetensors"
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[:-1])
    refused(gamma, rf"model-00003-of-00003\.safetensors is truncated: it has {size - 1:,} bytes of {size:,}")


@pytest.mark.parametrize("content", [b"", b"\x10\0\0\0", b"GGUF" + bytes(100), b"\x05\0\0\0\0\0\0\0{nope"])
def test_a_file_that_is_no_safetensors_file(beta: Path, content: bytes) -> None:
    (beta / "model.safetensors").write_bytes(content)
    refused(
        beta,
        r"model\.safetensors is not a whole safetensors file \(its header .*\): copy the file again",
    )


def test_a_header_that_contradicts_itself(beta: Path) -> None:
    change_header(beta / "model.safetensors", lambda header: header["lm_head.weight"].update(shape=[1, 2]))
    refused(beta, r"\(the size of `lm_head\.weight` contradicts its shape\)")
    change_header(beta / "model.safetensors", lambda header: header["lm_head.weight"].pop("shape"))
    refused(beta, r"\(its entry for `lm_head\.weight` is incomplete\)")


def test_shards_without_an_index(gamma: Path, tmp_path: Path) -> None:
    with_index = plan(gamma, tmp_path)
    (gamma / "model.safetensors.index.json").unlink()
    assert [file.layout.header for file in plan(gamma, tmp_path).files] == [
        file.layout.header for file in with_index.files
    ]


@pytest.mark.parametrize(
    ("file", "pattern"),
    [
        ("pytorch_model.bin", r"pytorch_model\.bin is no whole file of PyTorch's weights \(it is no zip archive"),
        ("consolidated.00.pth", r"consolidated\.00\.pth is no whole file of PyTorch's weights"),
        ("model.gguf", r"holds a GGUF file, which is converted already"),
        ("readme.txt", r"has no weights \(\*\.safetensors, pytorch_model\*\.bin\): copy the whole checkpoint again"),
    ],
)
def test_other_weights(beta: Path, file: str, pattern: str) -> None:
    (beta / "model.safetensors").rename(beta / file)
    refused(beta, pattern)


@pytest.mark.parametrize("name", ["config.json", "preprocessor_config.json", "tokenizer.json"])
def test_missing_and_broken_settings(beta: Path, name: str) -> None:
    text = (beta / name).read_text(encoding="utf-8")
    (beta / name).write_text(text[: len(text) // 2], encoding="utf-8")
    refused(beta, rf"{name} is not valid JSON \(.*\): copy the file again")
    (beta / name).write_text("[1]", encoding="utf-8")
    refused(beta, rf"{name} should hold a JSON object")
    (beta / name).unlink()
    if name != "preprocessor_config.json":
        refused(beta, rf"{name} is missing: ")


def test_without_settings_for_images_the_published_ones_are_taken(tmp_path: Path) -> None:
    alpha = build(ALPHA, tmp_path / "alpha")
    expected = plan(alpha, tmp_path).files[1].layout.header
    (alpha / "preprocessor_config.json").unlink()
    prepared = plan(alpha, tmp_path)
    assert prepared.notes == (
        f"{alpha} has no preprocessor_config.json: images are prepared as for the published Llama 3.2 Vision models.",
    )
    statistics = np.array([*CLIP_MEAN, *CLIP_STD], np.float32).tobytes()
    for part in (statistics[:12], statistics[12:]):
        assert prepared.files[1].layout.header.count(part) == expected.count(part) == 1


def test_a_vocabulary_that_was_resized_to_hold_the_image(tmp_path: Path) -> None:
    """GIVEN tables of as many rows as tokens, `<|image|>` among them THEN its row is the one that images get."""
    gamma = build(replace(GAMMA, shards=1), tmp_path / "gamma")
    path = gamma / "model.safetensors"
    stored = read_stored(path)
    table, head = "language_model.model.embed_tokens.weight", "language_model.lm_head.weight"
    rows = {name: decode(*stored[name]) for name in (table, head)}
    rows[table] = np.concatenate([rows[table][:401], np.full((1, 256), 0.25, np.float32)])
    rows[head] = np.concatenate([rows[head], np.zeros((2, 256), np.float32)])
    for name, values in rows.items():
        stored[name] = ("F16", values.shape, values.astype(np.float16).tobytes())
    write_stored(path, stored)
    change_json(gamma / "config.json", lambda config: config["text_config"].update(vocab_size=402))
    extra = {"id": 401, "content": "<extra>", "special": False}
    change_json(gamma / "tokenizer.json", lambda content: content["added_tokens"].append(extra))
    files = convert(gamma, tmp_path / "out", text_type="F32", vision_type="F32")
    text = {
        t.name: t.data.reshape(-1, 256) for t in GGUFReader(files.text).tensors if t.name.startswith(("tok", "out"))
    }
    np.testing.assert_array_equal(text["token_embd.weight"], rows[table])
    np.testing.assert_array_equal(text["output.weight"], rows[head])
    image = next(t.data for t in GGUFReader(files.mmproj).tensors if t.name == "token_embd.extra.weight")
    np.testing.assert_array_equal(image.reshape(1, 256), rows[table][400:401])
    tokens = GGUFReader(files.text).fields["tokenizer.ggml.tokens"].contents()
    types = GGUFReader(files.text).fields["tokenizer.ggml.token_type"].contents()
    assert (tokens[400:], types[400:]) == (["<|image|>", "<extra>"], [TokenType.CONTROL, TokenType.USER_DEFINED])
    # rows that nobody needs may follow, as transformers makes them of such a model
    stored[table] = ("F16", (410, 256), np.zeros((410, 256), np.float16).tobytes())
    write_stored(path, stored)
    assert plan(gamma, tmp_path).checkpoint
    with backend.load(files.text, files.mmproj, n_ctx=256, n_gpu_layers=0) as model:
        assert model.n_vocab == 402
        assert np.isfinite(model.logits([0, model.n_vocab, 3], [make_image("golden0", (70, 70))])).all()


def test_broken_index(gamma: Path) -> None:
    (gamma / "model.safetensors.index.json").write_text("{}", encoding="utf-8")
    refused(gamma, r"index\.json has no `weight_map`")


@pytest.mark.parametrize("name", ["../other.safetensors", "/etc/passwd", "a/b.safetensors", "..", "C:\\x.safetensors"])
def test_an_index_that_names_files_elsewhere(gamma: Path, tmp_path: Path, name: str) -> None:
    (gamma / "model-00002-of-00003.safetensors").rename(tmp_path / "other.safetensors")
    path = gamma / "model.safetensors.index.json"

    def point(content: dict[str, Any]) -> None:
        files = content["weight_map"]
        files.update({key: name for key, file in files.items() if "00002" in file})

    change_json(path, point)
    refused(gamma, r"index\.json names `.*`, which is no file of its folder")


def test_a_stale_index_beside_good_weights(gamma: Path, tmp_path: Path) -> None:
    """GIVEN an index of files that are gone WHEN all weights are in others THEN those are taken, with a note."""
    expected = plan(gamma, tmp_path)
    assert expected.notes == ()
    change_json(
        gamma / "model.safetensors.index.json",
        lambda index: index.update(
            weight_map={key: file.replace("-of-00003", "-of-00009") for key, file in index["weight_map"].items()}
        ),
    )
    found = plan(gamma, tmp_path)
    assert [file.n_bytes for file in found.files] == [file.n_bytes for file in expected.files]
    assert re.search(r"index\.json is not used: it names model-0000\d-of-00009\.safetensors, which", found.notes[0])
    # and where a single file holds everything
    whole = build(replace(GAMMA, shards=1), tmp_path / "whole")
    (gamma / "model.safetensors.index.json").rename(whole / "model.safetensors.index.json")
    assert re.search(r"is not used: model\.safetensors holds all weights", plan(whole, tmp_path).notes[0])
    # but not where a part is missing
    (gamma / "model-00002-of-00003.safetensors").unlink()
    (whole / "model.safetensors.index.json").rename(gamma / "model.safetensors.index.json")
    refused(gamma, r"model-0000\d-of-00009\.safetensors \(and 2 more\) is missing although the index names it")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes there")
@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "model.safetensors", "chat_template.jinja"])
def test_what_would_wait_forever_is_refused(beta: Path, name: str) -> None:
    (beta / name).unlink(missing_ok=True)
    os.mkfifo(beta / name)
    refused(beta, r"is not an ordinary file|has no weights|is missing")
    (beta / name).unlink()
    (beta / name).symlink_to("/dev/zero")
    refused(beta, r"is not an ordinary file|has no weights|is missing")


@pytest.mark.parametrize("wrapper", ["_orig_mod.", "module.", "base_model.model.", "module._orig_mod."])
def test_names_of_wrapped_models(beta: Path, tmp_path: Path, wrapper: str) -> None:
    expected = plan(beta, tmp_path)

    def wrap(header: Header) -> None:
        for name in [name for name in header if name != "__metadata__"]:
            header[wrapper + name] = header.pop(name)

    change_header(beta / "model.safetensors", wrap)
    assert [file.n_bytes for file in plan(beta, tmp_path).files] == [file.n_bytes for file in expected.files]


def test_the_way_out_of_what_the_hub_stored_is_to_download_it(gamma: Path, tmp_path: Path) -> None:
    snapshot = tmp_path / "models--org--model" / "snapshots" / "0123abc"
    snapshot.parent.mkdir(parents=True)
    gamma.rename(snapshot)
    (snapshot / "model-00002-of-00003.safetensors").unlink()
    with pytest.raises(UserError, match=r"although the index names it: download it again\.$"):
        plan(snapshot, tmp_path / "out")


# --- settings ---------------------------------------------------------------------------------------------


def test_another_model(beta: Path) -> None:
    change_json(beta / "config.json", lambda config: config.update(model_type="llama"))
    refused(beta, r"config\.json describes a `llama` model, which cannot .* these can: Llama 3\.2 Vision \(mllama\)")
    change_json(beta / "config.json", lambda config: config.pop("model_type"))
    refused(beta, r"config\.json describes a model without a `model_type`")


TEXT, VISION = "text_config", "vision_config"


@pytest.mark.parametrize(
    ("section", "values", "pattern"),
    [
        (TEXT, {"hidden_size": "96"}, r"text_config: `hidden_size` should be a whole number .*, found '96'\.$"),
        (TEXT, {"num_attention_heads": 5}, r"5 heads do not divide `hidden_size` 96 evenly"),
        (TEXT, {"num_key_value_heads": 4}, r"4 key/value heads do not divide 6 heads"),
        (TEXT, {"cross_attention_layers": [0, 9]}, r"`cross_attention_layers` should be .* 0 to 8, found \[0, 9\]"),
        (TEXT, {"rope_scaling": {"rope_type": "yarn"}}, r"RoPE scaling `yarn` is not supported"),
        (TEXT, {"rope_scaling": {"rope_type": "llama3"}}, r"rope_scaling: `factor` is missing"),
        (TEXT, {"hidden_act": "gelu"}, r"`hidden_act` is gelu, but llama\.cpp's llama model has only silu"),
        (TEXT, {"rms_norm_eps": 0}, r"`rms_norm_eps` should be a positive number, found 0"),
        (TEXT, {"vocab_size": 320}, r"`image_token_index` is 336, expected 327 at most"),
        (TEXT, {"hidden_size": 108}, r"asks for \[.*108\]: the two do not belong together"),
        (VISION, {"hidden_act": "relu"}, r"`hidden_act` is relu, but only gelu, gelu_pytorch_tanh, quick_gelu"),
        (VISION, {"intermediate_layers_indices": [0, 4]}, r"should be layers among 0 to 3, found \[0, 4\]"),
        (VISION, {"vision_output_dim": 48}, r"is 48, but 2 intermediate layers and the final one give 144"),
        (VISION, {"max_num_tiles": 2}, r"`supported_aspect_ratios` is \[\[1, 1\], .*for `max_num_tiles` 2"),
        (VISION, {"supported_aspect_ratios": [[1, 1]]}, r"is \[\[1, 1\]\], but the image processor generates"),
        (VISION, {"image_size": 56}, r"`size` is 42x42, but config\.json's `image_size` is 56"),
    ],
)
def test_settings_that_cannot_be(beta: Path, section: str, values: dict[str, Any], pattern: str) -> None:
    change_json(beta / "config.json", lambda config: config[section].update(values))
    refused(beta, pattern)


@pytest.mark.parametrize(
    ("values", "pattern"),
    [
        ({"max_image_tiles": 3}, r"`max_image_tiles` is 3, but `max_num_tiles` in config\.json is 4"),
        ({"do_pad": False}, r"`do_pad` is False, but only True is supported"),
        ({"resample": 3}, r"`resample` is 3, but only 2 is supported"),
        ({"rescale_factor": 1.0}, r"`rescale_factor` should be 1/255, found 1\.0"),
        ({"image_mean": [0.5, 0.5]}, r"`image_mean` should be 3 numbers, found \[0\.5, 0\.5\]"),
        ({"image_std": [0.5, 0.0, 0.5]}, r"`image_std` should be numbers other than 0"),
    ],
)
def test_image_processors_that_are_not_ours(beta: Path, values: dict[str, Any], pattern: str) -> None:
    change_json(beta / "preprocessor_config.json", lambda content: content.update(values))
    refused(beta, pattern)


def test_transformers_5_settings_say_the_same(beta: Path, tmp_path: Path) -> None:
    before = plan(beta, tmp_path)

    def modernise(config: dict[str, Any]) -> None:
        text = config["text_config"]
        text["rope_parameters"] = {**text.pop("rope_scaling"), "rope_theta": text.pop("rope_theta")}
        config["image_token_id"] = config.pop("image_token_index")

    change_json(beta / "config.json", modernise)
    content = json.loads((beta / "preprocessor_config.json").read_text(encoding="utf-8"))
    (beta / "preprocessor_config.json").unlink()
    (beta / "processor_config.json").write_text(json.dumps({"image_processor": content}), encoding="utf-8")
    after = plan(beta, tmp_path)
    key = b"desktop_vlm.source_fingerprint"
    for old, new in zip(before.files, after.files, strict=True):
        place = old.layout.header.index(key) + len(key) + 12
        old_header, new_header = bytearray(old.layout.header), bytearray(new.layout.header)
        assert old_header[place : place + 64] != new_header[place : place + 64]
        old_header[place : place + 64] = new_header[place : place + 64]
        assert old_header == new_header


def test_defaults_are_the_published_11b_model(tmp_path: Path) -> None:
    """`config.json` may leave out what equals transformers' defaults."""
    alpha = build(ALPHA, tmp_path / "alpha")
    (alpha / "config.json").write_text('{"model_type": "mllama"}', encoding="utf-8")
    change_json(alpha / "preprocessor_config.json", lambda content: content.update(size={"height": 448, "width": 448}))
    config = read_config(alpha)
    assert config.text.cross_layers == (3, 8, 13, 18, 23, 28, 33, 38)
    assert config.vision.taps == (3, 7, 15, 23, 30)
    # Ollama's files of this model have 396 + 512 tensors: with `rope_freqs` and one gate twice, without
    # the extra embeddings
    n_tensors = len(text_tensors(config.text)) + len(mmproj_tensors(config))
    assert n_tensors == 396 - 1 + 512 - 1 + 1
    # Llama 3.1 8B, the same text model, is 4.92 GB as Q4_K_M
    kind = FILE_TYPES["Q4_K_M"]
    layout = lay_out(
        [], [(t, text_type(t, kind, self_attention_stack(config.text))) for t in text_tensors(config.text)]
    )
    assert 4.90e9 < layout.n_bytes < 4.93e9
    refused(alpha, r"tensor `language_model\.model\.layers\.2\.self_attn\..*` \(and \d+ more\) is missing")
