"""The whole conversion: values, tokenizer, sizes, repetition, interruption, memory, the command."""

from __future__ import annotations

import argparse
import copy
import json
import math
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import llama_cpp
import numpy as np
import pytest
from gguf import GGUFReader
from numpy.typing import NDArray

from desktop_vlm.api.errors import Cancelled, UserError
from desktop_vlm.cli.convert import add_parser, describe
from desktop_vlm.conversion.gguf_file import replacing
from desktop_vlm.convert import ModelFiles, Progress, convert, plan
from tests.checkpoints import CHECKPOINTS, CLIP_MEAN, CLIP_STD, TinyCheckpoint, build, tensor_shapes
from tests.gguf_files import assert_as_large_as_planned

GOLDEN = Path(__file__).parent / "golden"


@pytest.fixture(scope="module")
def folders(checkpoint_folder: Callable[[str], Path]) -> dict[str, Path]:
    return {name: checkpoint_folder(name) for name in CHECKPOINTS}


@pytest.fixture(scope="module")
def exact(folders: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, ModelFiles]:
    """Every checkpoint as F32: bf16 and f16 sources lose nothing either."""
    out = tmp_path_factory.mktemp("f32")
    return {n: convert(folder, out, text_type="F32", vision_type="F32") for n, folder in folders.items()}


def older(name: str) -> str:
    """The name that a tensor has in Meta's own checkpoints."""
    if name == "lm_head.weight":
        return "language_model.lm_head.weight"
    if name.startswith("model.language_model."):
        return name.replace("model.language_model.", "language_model.model.", 1)
    return name.removeprefix("model.")


def stored_values(folder: Path) -> dict[str, NDArray[np.float32]]:
    """The checkpoint's tensors by their older names, read without the code under test."""
    values = {}
    for path in folder.glob("*.safetensors"):
        raw = path.read_bytes()
        start = 8 + int.from_bytes(raw[:8], "little")
        header = json.loads(raw[8:start])
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            begin, end = entry["data_offsets"]
            data = np.frombuffer(raw[start + begin : start + end], np.uint8)
            if entry["dtype"] == "BF16":
                halves = np.zeros((data.size // 2, 2), np.uint16)
                halves[:, 1] = data.view(np.uint16)
                data = halves.view(np.float32)
            else:
                data = data.view({"F16": np.float16, "F32": np.float32}[entry["dtype"]])
            values[older(name)] = data.astype(np.float32).reshape(entry["shape"])
    return values


def written_values(path: Path) -> dict[str, NDArray[np.float32]]:
    return {t.name: t.data.reshape([int(n) for n in reversed(t.shape)]) for t in GGUFReader(path).tensors}


def fields(path: Path) -> dict[str, Any]:
    return {name: field.contents() for name, field in GGUFReader(path).fields.items()}


def halves_apart(rows: NDArray[np.float32], n_heads: int) -> NDArray[np.float32]:
    """Undo ggml's order of q and k: even rows of a head first, then the odd ones, as the checkpoint has them."""
    heads = rows.reshape(n_heads, -1, rows.shape[1])
    return np.concatenate([heads[:, 0::2], heads[:, 1::2]], axis=1).reshape(rows.shape)


# --- values -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHECKPOINTS)
def test_text_file_holds_the_self_attention_layers(
    folders: dict[str, Path], exact: dict[str, ModelFiles], name: str
) -> None:
    config = CHECKPOINTS[name].config["text_config"]
    source, found = stored_values(folders[name]), written_values(exact[name].text)
    model = "language_model.model"
    expected = {
        "token_embd.weight": source[f"{model}.embed_tokens.weight"][: config["vocab_size"]],
        "output.weight": source["language_model.lm_head.weight"],
        "output_norm.weight": source[f"{model}.norm.weight"],
    }
    layers = [i for i in range(config["num_hidden_layers"]) if i not in config["cross_attention_layers"]]
    for number, layer in enumerate(layers):
        for ours, theirs in {
            "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
            "attn_output": "self_attn.o_proj", "attn_norm": "input_layernorm",
            "ffn_norm": "post_attention_layernorm", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj",
            "ffn_down": "mlp.down_proj",
        }.items():  # fmt: skip
            expected[f"blk.{number}.{ours}.weight"] = source[f"{model}.layers.{layer}.{theirs}.weight"]
        for ours, heads in (("q", "num_attention_heads"), ("k", "num_key_value_heads")):
            tensor = f"blk.{number}.attn_{ours}.weight"
            assert not np.array_equal(found[tensor], expected[tensor])
            found[tensor] = halves_apart(found[tensor], config[heads])
    factors = found.pop("rope_freqs.weight", None)
    assert (factors is None) == (config["rope_scaling"]["rope_type"] == "default")
    assert found.keys() == expected.keys()
    for tensor, values in expected.items():
        np.testing.assert_array_equal(found[tensor], values, err_msg=tensor)


def mmproj_sources(config: dict[str, Any]) -> dict[str, str]:
    """Name in the mmproj file -> name in the checkpoint, written down independently of the code."""
    names = {
        "v.patch_embd.weight": "vision_model.patch_embedding.weight",
        "v.class_embd": "vision_model.class_embedding",
        "v.position_embd.weight": "vision_model.gated_positional_embedding.embedding",
        "v.position_embd.gate": "vision_model.gated_positional_embedding.gate",
        "v.tile_position_embd.weight": "vision_model.gated_positional_embedding.tile_embedding.weight",
        "mm.0.weight": "multi_modal_projector.weight",
        "mm.0.bias": "multi_modal_projector.bias",
    }
    for side in ("pre", "post"):
        tile = f"vision_model.{side}_tile_positional_embedding"
        names[f"v.{side}_tile_position_embd.weight"] = f"{tile}.embedding.weight"
        names[f"v.{side}_tile_position_embd.gate"] = f"{tile}.gate"
        for part in ("weight", "bias"):
            names[f"v.{side}_ln.{part}"] = f"vision_model.layernorm_{side}.{part}"
    vision = config["vision_config"]
    stacks = [("v.blk", "transformer", vision["num_hidden_layers"], False)]
    stacks += [("v.global.blk", "global_transformer", vision["num_global_layers"], True)]
    for ours, theirs, count, gated in stacks:
        for i in range(count):
            a, b = f"{ours}.{i}", f"vision_model.{theirs}.layers.{i}"
            for x, y in (("q", "q"), ("k", "k"), ("v", "v"), ("output", "o")):
                names[f"{a}.attn_{x}.weight"] = f"{b}.self_attn.{y}_proj.weight"
            for x, y in (
                ("attn_norm", "input_layernorm"), ("ffn_norm", "post_attention_layernorm"),
                ("ffn_up", "mlp.fc1"), ("ffn_down", "mlp.fc2"),
            ):  # fmt: skip
                names |= {f"{a}.{x}.weight": f"{b}.{y}.weight", f"{a}.{x}.bias": f"{b}.{y}.bias"}
            if gated:
                names |= {f"{a}.attn_gate": f"{b}.gate_attn", f"{a}.ffn_gate": f"{b}.gate_ffn"}
    for i in config["text_config"]["cross_attention_layers"]:
        a, b = f"blk.{i}", f"language_model.model.layers.{i}"
        for x in ("q_proj", "k_proj", "v_proj", "o_proj", "q_norm", "k_norm"):
            names[f"{a}.cross_attn_{x}.weight"] = f"{b}.cross_attn.{x}.weight"
        names |= {f"{a}.cross_attn_{x}_gate": f"{b}.cross_attn_{x}_gate" for x in ("attn", "mlp")}
        names |= {f"{a}.ffn_{x}.weight": f"{b}.mlp.{x}_proj.weight" for x in ("gate", "up", "down")}
        names[f"{a}.attn_norm.weight"] = f"{b}.input_layernorm.weight"
        names[f"{a}.ffn_norm.weight"] = f"{b}.post_attention_layernorm.weight"
    return names


@pytest.mark.parametrize("name", CHECKPOINTS)
def test_mmproj_file_holds_everything_about_images(
    folders: dict[str, Path], exact: dict[str, ModelFiles], name: str
) -> None:
    config = CHECKPOINTS[name].config
    source, found = stored_values(folders[name]), written_values(exact[name].mmproj)
    extra = found.pop("token_embd.extra.weight")
    embeddings = source["language_model.model.embed_tokens.weight"]
    np.testing.assert_array_equal(extra, embeddings[config["text_config"]["vocab_size"] :])
    names = mmproj_sources(config)
    assert found.keys() == names.keys()
    for ours, theirs in names.items():
        values = source[theirs]
        if ours == "v.patch_embd.weight":
            values = values.reshape(len(values), -1)
        np.testing.assert_array_equal(found[ours], values, err_msg=ours)


def test_every_tensor_is_used(folders: dict[str, Path]) -> None:
    """Between them the two files hold each value of the checkpoint once."""
    for name, folder in folders.items():
        prepared = plan(folder, "/nowhere", text_type="F32", vision_type="F32")
        tensors = [p.tensor for file in prepared.files for p in file.layout.tensors if p.tensor.source]
        n_values = sum(int(np.prod(tensor.shape)) for tensor in tensors)
        assert n_values == sum(int(np.prod(shape)) for shape in tensor_shapes(CHECKPOINTS[name]).values())


def test_metadata_of_alpha(exact: dict[str, ModelFiles]) -> None:
    text, mmproj = fields(exact["alpha"].text), fields(exact["alpha"].mmproj)
    expected = {
        "general.architecture": "llama", "general.type": "model", "general.name": "alpha",
        "general.file_type": 0, "general.quantization_version": 2, "llama.block_count": 5,
        "llama.context_length": 4096, "llama.embedding_length": 256, "llama.feed_forward_length": 512,
        "llama.attention.head_count": 8, "llama.attention.head_count_kv": 2,
        "llama.rope.freq_base": 10000.0, "llama.rope.dimension_count": 32, "llama.vocab_size": 384,
        "tokenizer.ggml.model": "gpt2", "tokenizer.ggml.pre": "llama-bpe",
        "tokenizer.ggml.bos_token_id": 368, "tokenizer.ggml.eos_token_id": 377,
        "tokenizer.ggml.eot_token_id": 377, "tokenizer.ggml.eom_token_id": 376,
        "tokenizer.ggml.padding_token_id": 372, "tokenizer.ggml.add_bos_token": True,
        "tokenizer.ggml.add_eos_token": False,
    }  # fmt: skip
    assert {key: text[key] for key in expected} == expected
    assert text["llama.attention.layer_norm_rms_epsilon"] == np.float32(1e-5)
    expected = {
        "general.architecture": "clip", "general.type": "mmproj", "general.name": "alpha",
        "general.file_type": 0, "clip.has_vision_encoder": True, "clip.projector_type": "mllama",
        "clip.use_gelu": True, "clip.vision.image_size": 56, "clip.vision.patch_size": 14,
        "clip.vision.num_channels": 3, "clip.vision.embedding_length": 64,
        "clip.vision.feed_forward_length": 128, "clip.vision.block_count": 5,
        "clip.vision.global_block_count": 2, "clip.vision.projection_dim": 256,
        "clip.vision.attention.head_count": 4, "clip.vision.hidden_act": "gelu",
        "clip.vision.intermediate_layers_indices": [1, 3, 4], "clip.vision.max_num_tiles": 4,
        "clip.vision.aspect_ratios": [1, 1, 1, 2, 1, 3, 1, 4, 2, 1, 2, 2, 3, 1, 4, 1],
        "mllama.block_count": 5, "mllama.embedding_length": 256, "mllama.feed_forward_length": 512,
        "mllama.attention.head_count": 8, "mllama.attention.head_count_kv": 2, "mllama.vocab_size": 384,
        "mllama.image_token_id": 384, "mllama.cross_attention_layers": [2, 5],
    }  # fmt: skip
    assert {key: mmproj[key] for key in expected} == expected
    np.testing.assert_array_equal(
        np.array(mmproj["clip.vision.image_mean"], np.float32), np.array(CLIP_MEAN, np.float32)
    )
    assert mmproj["clip.vision.image_std"] == pytest.approx(CLIP_STD)
    assert fields(exact["beta"].mmproj)["mllama.cross_attention_layers"] == [0, 3, 4, 8]
    assert fields(exact["beta"].mmproj)["mllama.attention.layer_norm_rms_epsilon"] == np.float32(1e-6)


# --- llama.cpp and the tokenizer --------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHECKPOINTS)
def test_llama_cpp_loads_the_text_file_and_tokenises_alike(exact: dict[str, ModelFiles], name: str) -> None:
    golden = json.loads((GOLDEN / f"{name}_tokens.json").read_text(encoding="utf-8"))
    model = llama_cpp.Llama(str(exact[name].text), n_ctx=64, n_gpu_layers=0, verbose=False)
    config = CHECKPOINTS[name].config["text_config"]
    n_cross = len(config["cross_attention_layers"])
    assert llama_cpp.llama_model_n_layer(model.model) == config["num_hidden_layers"] - n_cross
    assert model.n_vocab() == config["vocab_size"]
    cases = [case for case in golden["strings"] if "<|image|>" not in case["text"]]
    assert len(cases) > 30
    for case in cases:
        ids = model.tokenize(case["text"].encode(), add_bos=False, special=True)
        assert ids == case["ids"], case["text"]
    case = golden["with_bos"]
    assert model.tokenize(case["text"].encode()) == case["ids"]
    assert model.metadata["tokenizer.chat_template"].startswith("{{- bos_token }}")
    model.close()


# --- sizes, repetition, interruption ----------------------------------------------------------------------


@pytest.mark.parametrize("type_name", ["F32", "F16", "BF16", "Q8_0", "Q4_K_M", "Q5_0", "IQ4_XS"])
def test_planned_sizes_are_exact(checkpoint_folder: Callable[[str], Path], tmp_path: Path, type_name: str) -> None:
    """Of some types; of all where llama.cpp quantises them, too."""
    folder = checkpoint_folder("beta")
    prepared = plan(folder, tmp_path, text_type=type_name, vision_type=type_name)
    assert not any(file.is_finished for file in prepared.files)
    files = convert(folder, tmp_path, text_type=type_name, vision_type=type_name)
    assert [file.path for file in prepared.files] == [files.text, files.mmproj]
    assert files.text.name == f"beta-text-{type_name}.gguf"
    assert_as_large_as_planned(prepared, files)


def times(files: ModelFiles) -> list[int]:
    return [path.stat().st_mtime_ns for path in (files.text, files.mmproj)]


def test_finished_files_are_not_redone_and_changed_ones_are(tmp_path: Path) -> None:
    folder, out = build(CHECKPOINTS["beta"], tmp_path / "beta"), tmp_path / "out"
    seen: list[Progress] = []
    first = times(files := convert(folder, out, progress=seen.append))
    assert seen
    seen.clear()
    # the same again: nothing is written, nothing is reported
    assert convert(folder, out, progress=seen.append) == files
    assert (times(files), seen) == (first, [])
    assert all(file.is_finished for file in plan(folder, out).files)
    # a damaged file is redone, the other is left
    files.mmproj.write_bytes(files.mmproj.read_bytes()[:-1])
    assert [file.is_finished for file in plan(folder, out).files] == [True, False]
    convert(folder, out, progress=seen.append)
    assert times(files)[0] == first[0]
    assert {progress.file for progress in seen} == {files.mmproj.name}
    # another chat template changes the text file, and both fingerprints
    (folder / "chat_template.json").write_text('{"chat_template": "{{ other }}"}', encoding="utf-8")
    convert(folder, out)
    assert fields(files.text)["tokenizer.chat_template"] == "{{ other }}"
    # weights of the same size but written again
    weights = folder / "model.safetensors"
    raw = weights.read_bytes()
    weights.write_bytes(raw[:-4] + b"\0\0\0\0")
    assert not any(file.is_finished for file in plan(folder, out).files)


def test_progress_is_complete_and_in_order(folders: dict[str, Path], tmp_path: Path) -> None:
    seen: list[Progress] = []
    files = convert(folders["alpha"], tmp_path, progress=seen.append)
    total = files.text.stat().st_size + files.mmproj.stat().st_size
    assert {progress.total_bytes for progress in seen} == {total}
    done = [progress.done_bytes for progress in seen]
    assert done == sorted(done)
    assert seen[-1] == Progress(total, total, "", files.mmproj.name)
    names = [t.name for path in (files.text, files.mmproj) for t in GGUFReader(path).tensors]
    assert list(dict.fromkeys((p.file, p.current) for p in seen if p.current)) == [
        (path.name, t.name) for path in (files.text, files.mmproj) for t in GGUFReader(path).tensors
    ]
    assert len(names) > 100


@pytest.mark.parametrize("after", [1, 40, 120])
@pytest.mark.parametrize("how", ["cancelled", "ctrl-c"])
def test_stopping_leaves_nothing_half_written(folders: dict[str, Path], tmp_path: Path, after: int, how: str) -> None:
    calls = 0

    def stop(progress: Progress) -> None:
        nonlocal calls
        calls += 1
        assert (tmp_path / f"{progress.file}.partial").exists() == bool(progress.current)
        if calls == after:
            if how == "cancelled":
                raise Cancelled
            signal.raise_signal(signal.SIGINT)

    threads = set(threading.enumerate())
    with pytest.raises(Cancelled if how == "cancelled" else KeyboardInterrupt):
        convert(folders["alpha"], tmp_path, progress=stop)
    whole = [path.name for path in tmp_path.iterdir()]
    assert whole == (["alpha-text-Q4_K_M.gguf"] if after == 120 else [])
    assert set(threading.enumerate()) <= threads  # those of earlier tests may end meanwhile
    # what was finished stays, the rest is made now
    convert(folders["alpha"], tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="cannot be written: No space left on device"), replacing(tmp_path / "a"):
        raise OSError(28, "No space left on device")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="no file locks there")
def test_two_runs_do_not_write_the_same_file(tmp_path: Path) -> None:
    with replacing(tmp_path / "a") as file:
        file.write(b"first")
        with (
            pytest.raises(UserError, match="is being written by another conversion"),
            replacing(tmp_path / "a"),
        ):
            pass
    assert (tmp_path / "a").read_bytes() == b"first"


def test_a_full_disk_is_noticed_before_anything_is_written(
    folders: dict[str, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = argparse.Namespace(free=100_000)
    monkeypatch.setattr("desktop_vlm.conversion.gguf_file.shutil.disk_usage", lambda _: usage)
    with pytest.raises(UserError, match=r"has 0\.0 GB free, but the result needs 0\.0 GB: make room"):
        convert(folders["alpha"], tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_output_that_is_no_folder(folders: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(UserError, match="file cannot be used for the result: File exists"):
        convert(folders["alpha"], tmp_path / "file")


# --- memory -----------------------------------------------------------------------------------------------

MEASURE = """
import resource, sys
from desktop_vlm.convert import convert
start_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
convert(sys.argv[1], sys.argv[2], text_type="Q8_0", vision_type="Q8_0")
print(start_kb, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def sparse_checkpoint(ckpt: TinyCheckpoint, folder: Path) -> Path:
    """The checkpoint with zeros for weights, in a file with holes: large on paper, quick to make."""
    build(CHECKPOINTS[ckpt.name], folder)
    (folder / "config.json").write_text(json.dumps(ckpt.config), encoding="utf-8")
    header, end = {}, 0
    for name, shape in tensor_shapes(ckpt).items():
        begin, end = end, end + 4 * math.prod(shape)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, end]}
    encoded = json.dumps(header).encode()
    with (folder / "model.safetensors").open("wb") as file:
        file.write(len(encoded).to_bytes(8, "little") + encoded)
        file.truncate(8 + len(encoded) + end)
    return folder


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="ru_maxrss is in KiB on Linux only")
def test_memory_does_not_grow_with_the_model(tmp_path: Path) -> None:
    # GIVEN a checkpoint with two tensors of 201 MB
    vocab_size, width = 65536, 768
    config = copy.deepcopy(CHECKPOINTS["beta"].config)
    config["text_config"].update(vocab_size=vocab_size, hidden_size=width)
    config["image_token_index"] = vocab_size
    folder = sparse_checkpoint(replace(CHECKPOINTS["beta"], config=config), tmp_path / "beta")
    # WHEN it is converted, in a process of its own
    args = [sys.executable, "-c", MEASURE, str(folder), str(tmp_path / "out")]
    start_kb, peak_kb = map(int, subprocess.run(args, check=True, capture_output=True).stdout.split())
    # THEN the limit holds, and no tensor was in memory twice
    largest = 4 * vocab_size * width
    assert peak_kb * 1024 < 3 * largest + 1e9
    assert (peak_kb - start_kb) * 1024 < 2 * largest


# --- the command ------------------------------------------------------------------------------------------


def run_command(*argv: str) -> int:
    parser = argparse.ArgumentParser()
    add_parser(parser.add_subparsers())
    args = parser.parse_args(["convert", *argv])
    return int(args.run(args))


def test_dry_run_prints_exact_sizes_and_writes_nothing(
    folders: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run_command(str(folders["alpha"]), str(out), "--text-type", "q4_k_m", "--dry-run") == 0
    printed = capsys.readouterr().out
    assert not out.exists()
    files = convert(folders["alpha"], out)
    for path in (files.text, files.mmproj):
        assert f"{path}  (would be written)" in printed
        assert re.search(rf"all +\d+ tensors +{path.stat().st_size:,} bytes", printed)
    total = files.text.stat().st_size + files.mmproj.stat().st_size
    assert f"To write: {total:,} bytes" in printed
    assert re.search(r"Q4_K +\d+ tensors", printed)
    again = describe(plan(folders["alpha"], out))
    assert again.count("(finished already, would be skipped)") == 2
    assert "To write: 0 bytes" in again


def test_command_says_where_the_files_are(
    folders: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(str(folders["beta"]), str(tmp_path)) == 0
    captured = capsys.readouterr()
    text = tmp_path / "beta-text-Q4_K_M.gguf"
    assert f"Language model:   {text}\n" in captured.out
    assert f"desktop-vlm ask --model {text} " in captured.out
    lines = captured.err.splitlines()
    assert [line for line in lines if line.startswith("Writing")] == [
        "Writing beta-text-Q4_K_M.gguf", "Writing beta-mmproj-Q8_0-cross-Q4_K_M.gguf",
    ]  # fmt: skip
    assert re.match(r"100% \d\.\d MB of \d\.\d MB", lines[-1])
    assert len(lines) <= 6
    assert run_command(str(folders["beta"]), str(tmp_path)) == 0
    captured = capsys.readouterr()
    assert captured.err == ""
    assert captured.out.startswith("Everything is finished already")
    # with a second mmproj there, `ask` has to know which
    assert run_command(str(folders["beta"]), str(tmp_path), "--vision-type", "F16") == 0
    assert f"--model {text} --mmproj {tmp_path / 'beta-mmproj-F16-cross-Q4_K_M.gguf'} " in capsys.readouterr().out


def test_command_draws_one_line_on_a_terminal(folders: dict[str, Path], tmp_path: Path) -> None:
    pty = pytest.importorskip("pty")
    script = (
        "import argparse, sys; from desktop_vlm.cli.convert import add_parser\n"
        "parser = argparse.ArgumentParser(); add_parser(parser.add_subparsers())\n"
        "args = parser.parse_args(sys.argv[1:]); sys.exit(args.run(args))"
    )
    ours, theirs = pty.openpty()
    args = [sys.executable, "-c", script, "convert", str(folders["alpha"]), str(tmp_path)]
    process = subprocess.Popen(args, stderr=theirs, stdout=subprocess.DEVNULL)
    os.close(theirs)
    drawn = b""
    try:
        while block := os.read(ours, 65536):
            drawn += block
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    assert process.wait() == 0
    assert drawn.count(b"\n") == 1
    last = drawn.decode().split("\r")[-2]
    assert re.match(r"\[#+\] 100% (\d\.\d MB) of \1", last)
