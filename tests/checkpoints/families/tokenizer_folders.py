"""Folders with nothing but a tokenizer, one for each form that tokenizers come in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.checkpoints.byte_pairs import byte_level_merges
from tests.checkpoints.families import byte_tokenizers, llama_tokenizer
from tests.checkpoints.seeded import write_json
from tests.checkpoints.tokenizer import added_token

Files = dict[str, Any]


def _llama() -> Files:
    return {
        "tokenizer.json": llama_tokenizer.tokenizer_json(),
        "tokenizer_config.json": llama_tokenizer.tokenizer_config(),
    }


def _llama_metaspace() -> Files:
    """As transformers 5 saves the same: a space in front only where the text has none."""
    content = llama_tokenizer.tokenizer_json(pairs=True)
    content["normalizer"] = None
    content["pre_tokenizer"] = {
        "type": "Metaspace",
        "replacement": "▁",
        "prepend_scheme": "first",
        "split": False,
    }
    return {"tokenizer.json": content, "tokenizer_config.json": llama_tokenizer.tokenizer_config()}


def _llama_trained() -> Files:
    """As the tokenizers library trains them: one way to make each token, which scores cannot say."""
    content = llama_tokenizer.tokenizer_json(pairs=True)
    content["model"]["merges"] = [list(pair) for pair in llama_tokenizer.trained_merges()]
    return {"tokenizer.json": content, "tokenizer_config.json": llama_tokenizer.tokenizer_config()}


def _llama_always() -> Files:
    """As transformers 5 saves what it takes for an old one: every text between special tokens gets the space."""
    files = _llama_metaspace()
    files["tokenizer.json"]["pre_tokenizer"]["prepend_scheme"] = "always"
    return files


def _llama_bytes_added() -> Files:
    """As the tokenizers library trains them, with the bytes among the special tokens."""
    files = _llama_trained()
    content = files["tokenizer.json"]
    content["added_tokens"] += [{"id": 3 + byte, **added_token(f"<0x{byte:02X}>")} for byte in range(256)]
    content["added_tokens"].sort(key=lambda entry: entry["id"])
    return files


def _qwen() -> Files:
    return {
        "tokenizer.json": byte_tokenizers.qwen_tokenizer_json(),
        "tokenizer_config.json": byte_tokenizers.qwen_tokenizer_config(),
    }


def _pixtral() -> Files:
    return {
        "tokenizer.json": byte_tokenizers.pixtral_tokenizer_json(),
        "tokenizer_config.json": byte_tokenizers.pixtral_tokenizer_config(),
    }


def _pixtral_merging() -> Files:
    """As the tokenizers library trains them: one way to make each token, and no short cut for whole words."""
    files = _pixtral()
    files["tokenizer.json"]["model"] |= {
        "ignore_merges": False,
        "merges": [list(pair) for pair in byte_level_merges(byte_tokenizers.N_MERGES)],
    }
    return files


def _tekken() -> Files:
    n_tokens = len(byte_tokenizers.PIXTRAL_SPECIAL) + len(byte_tokenizers.byte_tokens())
    return {"tekken.json": byte_tokenizers.tekken_json(n_tokens)}


TOKENIZERS: dict[str, Callable[[], Files]] = {
    "llama": _llama,
    "llama-metaspace": _llama_metaspace,
    "llama-trained": _llama_trained,
    "llama-always": _llama_always,
    "llama-bytes-added": _llama_bytes_added,
    "qwen": _qwen,
    "pixtral": _pixtral,
    "pixtral-merging": _pixtral_merging,
    "tekken": _tekken,
}
"""The files of each, by name."""


def build_tokenizer(name: str, folder: Path) -> Path:
    """Write the tokenizer `name` into `folder`, which must be there, and return `folder`."""
    for file, content in TOKENIZERS[name]().items():
        write_json(folder / file, content)
    if not name.startswith("tekken"):  # transformers chooses a class by it
        write_json(folder / "config.json", {"model_type": "qwen2_5_vl" if name == "qwen" else "llava"})
    return folder
