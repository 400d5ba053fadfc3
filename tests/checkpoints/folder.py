"""A whole checkpoint folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.checkpoints.configs import TinyCheckpoint
from tests.checkpoints.seeded import write_json
from tests.checkpoints.tokenizer import CHAT_TEMPLATE, added_token, tokenizer_config, tokenizer_json
from tests.checkpoints.weights import write_weights


def build(ckpt: TinyCheckpoint, folder: Path, *, zero_gates: bool = False) -> Path:
    """Write the checkpoint into `folder` (made if missing) and return `folder`.

    Args:
        ckpt: what to build.
        folder: where; files of the same names are overwritten.
        zero_gates: set the gates of all cross-attention layers to 0, so that images have no effect.
    """
    folder.mkdir(parents=True, exist_ok=True)
    text = ckpt.config["text_config"]
    generation = {key: text[key] for key in ("bos_token_id", "eos_token_id", "pad_token_id")}
    special = {
        key: added_token(token) for key, token in (("bos_token", "<|begin_of_text|>"), ("eos_token", "<|eot_id|>"))
    }
    files: dict[str, dict[str, Any]] = {
        "config.json": ckpt.config,
        "generation_config.json": {**generation, "do_sample": True, "temperature": 0.6, "top_p": 0.9},
        "preprocessor_config.json": ckpt.preprocessor,
        "tokenizer.json": tokenizer_json(ckpt),
        "tokenizer_config.json": tokenizer_config(text["vocab_size"]),
        "special_tokens_map.json": {**special, "pad_token": "<|finetune_right_pad_id|>"},
        "chat_template.json": {"chat_template": CHAT_TEMPLATE},
    }
    for name, content in files.items():
        write_json(folder / name, content)
    write_weights(ckpt, folder, zero_gates=zero_gates)
    return folder
