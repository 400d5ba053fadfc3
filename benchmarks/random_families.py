"""Random models of the real shapes of the families that libmtmd runs: LLaVA 1.5, Pixtral, Qwen2.5-VL.

`random_model` is the command. `tiny-...` are a thousandth as large, for tests: the same parts, fewer and narrower.
`mid-...` have layers as wide as the published encoders, and four of them, for processors.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from gguf import GGUFValueType, Keys, TokenType

from benchmarks.random_weights import write_random
from desktop_vlm.conversion.gguf_file import lay_out
from desktop_vlm.conversion.metadata import KeyValue
from desktop_vlm.conversion.quant_types import file_type
from desktop_vlm.models.published import (
    PUBLISHED,
    PublishedModel,
    mmproj_settings,
    mmproj_tensors,
    text_tensors,
)

_CONTROL = ("<s>", "</s>")


def _tiny(model: PublishedModel) -> PublishedModel:
    language = replace(model.language, n_layers=2, width=256, feed_forward=512, n_heads=2, n_heads_kv=1, vocab_size=512)
    encoder = replace(model.encoder, n_layers=4, width=128, feed_forward=192, n_heads=4)
    if encoder.feature_layers:
        encoder = replace(encoder, feature_layers=(4,))
    if encoder.n_window:
        encoder = replace(encoder, n_window=2)
    return replace(model, language=language, encoder=encoder)


def _mid(model: PublishedModel) -> PublishedModel:
    n_heads_kv = 8 if model.language.n_heads_kv == model.language.n_heads else 2
    language = replace(
        model.language,
        n_layers=8,
        width=1024,
        feed_forward=3584,
        n_heads=8,
        n_heads_kv=n_heads_kv,
        vocab_size=32768,
    )
    encoder = replace(model.encoder, n_layers=4)
    if encoder.feature_layers:
        encoder = replace(encoder, feature_layers=(4,))
    if encoder.n_window:
        encoder = replace(encoder, n_window=2)
    return replace(model, language=language, encoder=encoder)


MODELS: dict[str, PublishedModel] = PUBLISHED | {
    f"{size}-{family}": smaller(next(one for one in PUBLISHED.values() if one.family == family))
    for size, smaller in (("tiny", _tiny), ("mid", _mid))
    for family in ("llava15", "pixtral", "qwen25vl")
}
"""By the name that `random_model` takes."""


def write(name: str, folder: Path, text_name: str, vision_name: str) -> tuple[Path, Path]:
    """Write both files of a random model, those that are there already excepted.

    Args:
        name: one of `MODELS`.
        folder: where to write them; made if need be.
        text_name: type of the language model, as `convert --text-type` takes it.
        vision_name: type of the vision projector.

    Returns:
        The text GGUF and the mmproj.

    Raises:
        UserError: there is no such type.
    """
    model = MODELS[name]
    folder.mkdir(parents=True, exist_ok=True)
    text_path = folder / f"random-{name}-text-{text_name}.gguf"
    mmproj_path = folder / f"random-{name}-mmproj-{vision_name}.gguf"
    write_random(text_path, lay_out(_text_entries(model, text_name), text_tensors(model.language, text_name)))
    write_random(mmproj_path, lay_out(_mmproj_entries(model, vision_name), mmproj_tensors(model, vision_name)))
    return text_path, mmproj_path


def _entries(prefix: str, values: dict[str, Any]) -> list[KeyValue]:
    """Whole numbers as unsigned, fractions as float32, lists of whole numbers as int32."""
    made = []
    for key, value in values.items():
        kind, item = GGUFValueType.get_type(value), None
        if kind is GGUFValueType.INT32:
            kind = GGUFValueType.UINT32
        elif kind is GGUFValueType.ARRAY:
            item = GGUFValueType.get_type(value[0])
        made.append(KeyValue(f"{prefix}{key}", value, kind, item))
    return made


def _text_entries(model: PublishedModel, text_name: str) -> list[KeyValue]:
    language = model.language
    values: dict[str, Any] = {
        "block_count": language.n_layers,
        "context_length": language.context_length,
        "embedding_length": language.width,
        "feed_forward_length": language.feed_forward,
        "attention.head_count": language.n_heads,
        "attention.head_count_kv": language.n_heads_kv,
        "attention.key_length": language.head_dim,
        "attention.value_length": language.head_dim,
        "attention.layer_norm_rms_epsilon": language.norm_eps,
        "rope.freq_base": language.rope_theta,
        "rope.dimension_count": language.head_dim,
        "vocab_size": language.vocab_size,
    }
    if language.rope_sections:
        values["rope.dimension_sections"] = list(language.rope_sections)
    return [
        *_general(language.architecture, "model", model.name, text_name),
        *_entries(f"{language.architecture}.", values),
        *_tokenizer(model),
    ]


def _general(architecture: str, kind: str, name: str, type_name: str) -> list[KeyValue]:
    return _entries(
        "general.",
        {
            "architecture": architecture,
            "type": kind,
            "name": f"random {name}",
            "file_type": int(file_type(type_name).number),
        },
    )


def _tokenizer(model: PublishedModel) -> list[KeyValue]:
    """A vocabulary of the right size whose tokens mean nothing, with the family's control tokens at its end."""
    control = [*_CONTROL, *model.special_tokens]
    letters = [chr(code) for code in range(33, 127)] + ["Ġ", "Ċ"]
    n_plain = model.language.vocab_size - len(control)
    tokens = letters + [f"t{number}" for number in range(n_plain - len(letters))] + control
    types = [int(TokenType.NORMAL)] * n_plain + [int(TokenType.CONTROL)] * len(control)
    pre = "qwen2" if model.language.architecture == "qwen2vl" else "default"
    return _entries(
        "",
        {
            Keys.Tokenizer.MODEL: "gpt2",
            Keys.Tokenizer.PRE: pre,
            Keys.Tokenizer.LIST: tokens,
            Keys.Tokenizer.TOKEN_TYPE: types,
            Keys.Tokenizer.MERGES: ["t 1"],
            Keys.Tokenizer.ADD_BOS: model.language.architecture == "llama",
            Keys.Tokenizer.BOS_ID: tokens.index("<s>"),
            Keys.Tokenizer.EOS_ID: tokens.index("</s>"),
        },
    )


def _mmproj_entries(model: PublishedModel, vision_name: str) -> list[KeyValue]:
    return [*_general("clip", "mmproj", model.name, vision_name), *_entries("", mmproj_settings(model))]
