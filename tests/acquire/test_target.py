"""What NAME[:TYPE] means."""

from __future__ import annotations

import pytest

from desktop_vlm.acquire.target import Target, read_target
from desktop_vlm.api.errors import UserError


@pytest.mark.parametrize(
    ("source", "repo", "revision", "text_type", "vision_type"),
    [
        ("smolvlm2-2.2b", "ggml-org/SmolVLM2-2.2B-Instruct-GGUF", None, "Q4_K_M", "Q8_0"),
        ("SmolVLM2-2.2B:f16", "ggml-org/SmolVLM2-2.2B-Instruct-GGUF", None, "F16", "F16"),
        ("llama-3.2-11b-vision", "meta-llama/Llama-3.2-11B-Vision-Instruct", None, "Q4_K_M", "Q8_0"),
        ("llama-3.2-11b-vision:Q6_K", "meta-llama/Llama-3.2-11B-Vision-Instruct", None, "Q6_K", "Q8_0"),
        (
            "meta-llama/Llama-3.2-11B-Vision-Instruct",
            "meta-llama/Llama-3.2-11B-Vision-Instruct",
            None,
            "Q4_K_M",
            "Q8_0",
        ),
        ("org/name", "org/name", None, "", ""),
        ("org/name:q8_0", "org/name", None, "Q8_0", ""),
        ("org/name@abc123:q8_0", "org/name", "abc123", "Q8_0", ""),
        ("https://huggingface.co/org/name", "org/name", None, "", ""),
        ("https://huggingface.co/org/name/", "org/name", None, "", ""),
        ("hf.co/org/name:Q8_0", "org/name", None, "Q8_0", ""),
        ("https://huggingface.co/org/name/tree/main", "org/name", None, "", ""),
        ("https://huggingface.co/org/name/tree/v2", "org/name", "v2", "", ""),
        ("https://huggingface.co/org/name?library=x", "org/name", None, "", ""),
        ("http://localhost:8080/org/name:q8_0", "org/name", None, "Q8_0", ""),
        (" org/name ", "org/name", None, "", ""),
    ],
)
def test_names_and_addresses(source: str, repo: str, revision: str | None, text_type: str, vision_type: str) -> None:
    target = read_target(source, endpoint="http://localhost:8080")
    assert (target.repo, target.revision) == (repo, revision)
    assert (target.text_type, target.vision_type) == (text_type, vision_type)
    assert (target.known is not None) == (repo != "org/name")


def test_types_may_be_named_apart() -> None:
    assert read_target("org/name", "q8_0", "f16") == Target("org/name", None, "Q8_0", "F16")
    assert read_target("org/name:q8_0", "Q8_0").text_type == "Q8_0"
    with pytest.raises(UserError, match="names the type q8_0, but F16 was asked for"):
        read_target("org/name:q8_0", "F16")


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("", "An empty name is no model"),
        ("llama-3.2-11b", "did you mean llama-3.2-11b-vision"),
        ("zzz", "pull --list"),
        ("org/name/more", "no hub id"),
        ("org//name", "no hub id"),
        ("../name", "no hub id"),
        ("/models/x.gguf", "no hub id"),
        ("https://example.com/org/name", "no address of a model on the hub"),
        ("https://huggingface.co/org", "no address of a model on the hub"),
        ("https://huggingface.co.evil.com/org/name", "no address of a model on the hub"),
        ("ftp://huggingface.co/org/name", "no address of a model on the hub"),
        ("smolvlm2-500m:Q4_K_M", r"SmolVLM2 500M cannot be had in Q4_K_M; choose Q8_0, F16\."),
        ("llama-3.2-11b-vision:Q7", "cannot be had in Q7; choose F32"),
        ("na\udce4me", "is no model of the catalogue"),
    ],
)
def test_what_is_none_is_said(source: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        read_target(source)
