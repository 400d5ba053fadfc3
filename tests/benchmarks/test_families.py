"""The benchmark of the families that libmtmd runs: ratios, and llama.cpp's own path beside ours in one process each."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from pathlib import Path

import pytest

from benchmarks import families, families_memory, random_families
from benchmarks.families_ours import FamilyModel
from benchmarks.peer import PeerProcess
from benchmarks.quiet import Quiet
from benchmarks.turns import take_turns
from desktop_vlm.api.options import LoadOptions


def test_turns_that_warm_up_do_not_count() -> None:
    answers = iter([9.0, 8.0, 1.0, 2.0])
    assert take_turns({"row": lambda: next(answers)}, 2, Quiet(0)) == {"row": [1.0, 2.0]}


def test_ratios_name_llama_cpp_and_transformers_where_it_ran() -> None:
    turns = {
        "encode, ours": [2.0],
        "encode, llama.cpp's mtmd": [1.0],
        "decode, ours": [0.1],
        "decode, llama.cpp's mtmd": [0.2],
        "decode, transformers bfloat16": [0.5],
        "first token, same pixels, ours": [1.0],
        "first token, whole screen, ours": [1.0],
    }
    found = {name: figure["median"] for name, figure in families.compare(turns).items()}
    assert found == pytest.approx(
        {
            "encode: times as fast as llama.cpp's mtmd": 0.5,
            "decode: times as fast as llama.cpp's mtmd": 2.0,
            "decode: times as fast as transformers bfloat16": 5.0,
        }
    )


def test_memory_is_measured_with_several_images_where_they_have_several_sizes() -> None:
    sizes = {
        name: [case.image for case in families_memory.cases(name, "Q4_K_M")] for name in ("llava-7b", "qwen2.5-vl-7b")
    }
    assert sizes["llava-7b"] == [(2560, 1440)] * 2
    assert sizes["qwen2.5-vl-7b"][2:] == [(1920, 1080), (1280, 720), (448, 448)]


def test_both_paths_measure_the_same_model(tmp_path: Path) -> None:
    """GIVEN a tiny LLaVA THEN both programs encode, answer first and decode, with the same settings."""
    paths = random_families.write("tiny-llava15", tmp_path, "Q4_K_M", "F16")
    with closing(FamilyModel(*paths, LoadOptions(1024, 0, n_batch=256))) as ours:
        settings = ours.mtmd_settings(0)
        assert (ours.size, ours.n_image_tokens) == ((336, 336), 576)
        assert (settings.n_ctx, settings.n_batch, settings.size) == (1024, 256, (336, 336))
        assert ours.encode(1) > 0
        assert ours.first_token(1, 8, whole_screen=True) > 0
        assert ours.session.n_evaluated == 576 + 8
        assert ours.decode(8, 2) > 0
        assert ours.session.n_evaluated == 576 + 8 + 4 + 2
        with PeerProcess("mtmd", "benchmarks.mtmd_peer", [json.dumps(asdict(settings))]) as peer:
            assert peer.read() == "ready"
            assert peer.ask("encode", n=1) > 0
            assert peer.ask("encode_alone", n=1) > 0
            assert peer.ask("first_token", seed=1, n_prompt=8, whole_screen=True) > 0
            assert peer.ask("decode", n_context=8, n_generate=2) > 0


def test_a_peer_that_ends_is_noticed() -> None:
    with (
        PeerProcess("nobody", "benchmarks.no_such_module", []) as peer,
        pytest.raises(SystemExit, match="nobody ended"),
    ):
        peer.read()
