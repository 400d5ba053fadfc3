"""Tokenizers: what goes into the file, and which ones are refused."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gguf import TokenType

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.pre_tokenizer import pre_tokenizer_name
from desktop_vlm.conversion.tokenizer import Tokenizer, Vocabulary
from desktop_vlm.conversion.tokenizer_files import read_tokenizer
from desktop_vlm.families.mllama.convert.config import read_config
from desktop_vlm.families.mllama.convert.converter import vocabulary
from tests.checkpoints import BETA, LLAMA3_REGEX, SPECIAL_TOKENS, build, tokenizer_json

Json = dict[str, Any]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return build(BETA, tmp_path / "beta")


def needs(folder: Path) -> Vocabulary:
    return vocabulary(read_config(folder).text)


def change(folder: Path, name: str, edit: Callable[[Json], object]) -> None:
    content = json.loads((folder / name).read_text(encoding="utf-8"))
    edit(content)
    (folder / name).write_text(json.dumps(content), encoding="utf-8")


def read(folder: Path) -> Tokenizer:
    return read_tokenizer(folder, needs(folder))


def refused(folder: Path, pattern: str) -> None:
    with pytest.raises(UserError, match=pattern) as caught:
        read(folder)
    assert "\n" not in str(caught.value)


# --- what goes into the file ------------------------------------------------------------------------------


def test_tokens_merges_and_ids(folder: Path) -> None:
    tokenizer, content = read(folder), tokenizer_json(BETA)
    vocab = content["model"]["vocab"]
    assert tokenizer.tokens == [*vocab, *SPECIAL_TOKENS]  # and not <|image|>, whose id is 336
    assert len(tokenizer.tokens) == 336
    assert set(tokenizer.types[: len(vocab)]) == {TokenType.NORMAL}
    assert set(tokenizer.types[len(vocab) :]) == {TokenType.CONTROL}
    assert tokenizer.merges == [" ".join(pair) for pair in content["model"]["merges"]]
    ids = (tokenizer.bos, tokenizer.eos, tokenizer.eot, tokenizer.eom, tokenizer.pad)
    assert ids == (320, 329, 329, 328, 324)
    assert (tokenizer.pre, tokenizer.add_bos, tokenizer.add_eos) == ("llama-bpe", True, False)


def test_merges_in_both_forms(folder: Path) -> None:
    pairs = read(folder).merges
    change(
        folder,
        "tokenizer.json",
        lambda content: content["model"].update(merges=[" ".join(m) for m in content["model"]["merges"]]),
    )
    assert read(folder).merges == pairs


def test_ids_that_nothing_uses_get_placeholders(folder: Path) -> None:
    change(folder, "tokenizer.json", lambda content: content["added_tokens"].pop(5))
    change(folder, "tokenizer_config.json", lambda content: content.pop("added_tokens_decoder"))
    tokenizer = read(folder)
    assert tokenizer.tokens[325] == "[unused325]"
    assert tokenizer.types[324:327] == [TokenType.CONTROL, TokenType.UNUSED, TokenType.CONTROL]


def test_tokens_that_only_the_settings_name(folder: Path) -> None:
    change(folder, "tokenizer.json", lambda content: content.pop("added_tokens"))
    assert read(folder).tokens[320:] == list(SPECIAL_TOKENS)


def test_added_tokens_that_are_not_special(folder: Path) -> None:
    change(folder, "tokenizer.json", lambda content: content["added_tokens"][3].update(special=False, content="<tool>"))
    assert read(folder).types[323] == TokenType.USER_DEFINED


def test_control_tokens_that_are_not_marked_special(folder: Path) -> None:
    """GIVEN control tokens by text, by role, or by the model's settings WHEN none is marked THEN all are."""

    def unmark(content: Json) -> None:
        for entry in content["added_tokens"]:
            entry["special"] = False
        content["added_tokens"][1]["content"] = "END"
        content["added_tokens"][2]["content"] = "pad here"

    change(folder, "tokenizer.json", unmark)
    change(folder, "tokenizer_config.json", lambda content: content.update(pad_token="pad here"))
    expected = replace(needs(folder), control=frozenset({321}))
    types = read_tokenizer(folder, expected).types
    assert set(types[320:]) == {TokenType.CONTROL}
    assert read(folder).types[321] == TokenType.USER_DEFINED


def test_special_ids_without_a_tokenizer_config(folder: Path) -> None:
    (folder / "tokenizer_config.json").unlink()
    tokenizer = read(folder)
    assert (tokenizer.bos, tokenizer.eos, tokenizer.eot) == (320, 321, 329)
    assert tokenizer.pad == 324


def test_end_of_turn_of_another_name(folder: Path) -> None:
    for name in ("tokenizer.json", "tokenizer_config.json"):
        text = (folder / name).read_text(encoding="utf-8").replace("<|eot_id|>", "<|over|>")
        (folder / name).write_text(text, encoding="utf-8")
    change(folder, "tokenizer_config.json", lambda content: content.update(eos_token={"content": "<|over|>"}))
    tokenizer = read(folder)
    assert (tokenizer.eos, tokenizer.eot) == (329, 321)  # the other end that config.json names


def test_post_processors(folder: Path) -> None:
    def append_eos(content: Json) -> None:
        template = content["post_processor"]["processors"][1]
        template["single"].append({"SpecialToken": {"id": "<|end_of_text|>", "type_id": 0}})

    change(folder, "tokenizer.json", append_eos)
    tokenizer = read(folder)
    assert (tokenizer.add_bos, tokenizer.add_eos, tokenizer.eos) == (True, True, 321)
    change(folder, "tokenizer.json", lambda content: content["post_processor"]["processors"].pop())
    tokenizer = read(folder)
    assert (tokenizer.add_bos, tokenizer.add_eos, tokenizer.eos) == (False, False, 329)
    change(folder, "tokenizer.json", lambda content: content.update(post_processor=None))
    assert not read(folder).add_bos
    change(folder, "tokenizer_config.json", lambda content: content.update(add_bos_token=True))
    assert read(folder).add_bos


def test_chat_template_by_precedence(folder: Path) -> None:
    change(folder, "tokenizer_config.json", lambda content: content.update(chat_template="of the tokenizer"))
    assert read(folder).chat_template.startswith("{{- bos_token }}")  # chat_template.json
    (folder / "chat_template.jinja").write_text("of the processor, newer form", encoding="utf-8")
    assert read(folder).chat_template == "of the processor, newer form"
    (folder / "chat_template.jinja").unlink()
    (folder / "chat_template.json").unlink()
    assert read(folder).chat_template == "of the tokenizer"
    named = [{"name": "tools", "template": "t"}, {"name": "default", "template": "d"}]
    change(folder, "tokenizer_config.json", lambda content: content.update(chat_template=named))
    assert read(folder).chat_template == "d"
    change(folder, "tokenizer_config.json", lambda content: content.pop("chat_template"))
    assert read(folder).chat_template == ""


# --- what is refused --------------------------------------------------------------------------------------


def without(token: str) -> Callable[[Json], object]:
    return lambda content: content["model"]["vocab"].pop(token)


def set_model(**values: object) -> Callable[[Json], object]:
    return lambda content: content["model"].update(values)


@pytest.mark.parametrize(
    ("edit", "pattern"),
    [
        (lambda c: c.pop("model"), r"the tokenizer is incomplete, but only BPE"),
        (set_model(type="Unigram"), r"the tokenizer is Unigram, but only BPE"),
        (set_model(vocab={}), r"is incomplete: it has no `vocab`"),
        (set_model(merges=None), r"is incomplete: it has no `merges`"),
        (set_model(byte_fallback=True), r"uses `byte_fallback` True, which llama\.cpp does not have"),
        (set_model(merges=["a b c"]), r"the merge 'a b c' is no pair of byte-level tokens"),
        (without("Ġthe"), r"is incomplete: the merge 'Ġth e' needs the token 'Ġthe', which its `vocab` lacks"),
        (set_model(vocab={"a": 1, "b": 1}, merges=[]), r"`vocab` has ids that are no numbers or not unique"),
        (set_model(vocab={"a": "1"}, merges=[]), r"`vocab` has ids that are no numbers or not unique"),
        (set_model(vocab={"a": 336}, merges=[]), r"token ids up to 336, but the model has 336 tokens"),
        (lambda c: c["added_tokens"][0].update(id=344), r"token ids up to 344, but the model has 336 tokens"),
        (lambda c: c["added_tokens"][0].update(content="a"), r"the token 'a' has two ids"),
        (lambda c: c["added_tokens"][0].pop("id"), r"its added tokens are broken"),
        (lambda c: c.update(normalizer={"type": "Lowercase"}), r"normalizer \{'type': 'Lowercase'\} is not"),
        (lambda c: c.update(post_processor={"type": "RobertaProcessing"}), r"no post-processor RobertaProcessing"),
    ],
)
def test_tokenizers_that_are_refused(folder: Path, edit: Callable[[Json], object], pattern: str) -> None:
    (folder / "tokenizer_config.json").unlink()
    change(folder, "tokenizer.json", edit)
    refused(folder, pattern)


def test_a_folder_with_half_a_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()
    refused(folder, r"tokenizer\.json is missing: without it there is no tokenizer, copy the whole")


# --- pre-tokenizers ---------------------------------------------------------------------------------------

QWEN2_REGEX = LLAMA3_REGEX.replace(r"\p{N}{1,3}", r"\p{N}")
GPT2_REGEX = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"
GPT4O_REGEX = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?|"
    r"\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
TEKKEN_REGEX = (
    r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?"
    r"[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|"
    r"\s+(?!\S)|\s+"
)
DIGITS = {"type": "Digits", "individual_digits": True}


def byte_level(**values: object) -> Json:
    return {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": False, **values}


def split(pattern: str, **values: object) -> Json:
    return {"type": "Split", "pattern": {"Regex": pattern}, "behavior": "Isolated", "invert": False, **values}


def pre(steps: list[Json], ignore_merges: bool) -> str:
    described = {"type": "Sequence", "pretokenizers": steps} if len(steps) > 1 else steps[0]
    content = {"pre_tokenizer": described, "model": {"ignore_merges": ignore_merges}}
    return pre_tokenizer_name(content, "tokenizer.json")


@pytest.mark.parametrize(
    ("name", "steps", "ignore_merges"),
    [
        ("llama-bpe", [split(LLAMA3_REGEX), byte_level()], True),
        ("smaug-bpe", [split(LLAMA3_REGEX), byte_level()], False),
        ("qwen2", [split(QWEN2_REGEX), byte_level()], False),
        ("qwen2", [split(QWEN2_REGEX, behavior="Removed", invert=True), byte_level()], False),
        ("gpt-2", [byte_level(use_regex=True)], False),
        ("gpt-2", [split(GPT2_REGEX), byte_level()], False),
        ("smollm", [DIGITS, byte_level(use_regex=True)], False),
        ("smollm", [split(r"\p{N}"), byte_level(use_regex=True)], False),
        ("gpt-4o", [split(GPT4O_REGEX), byte_level()], False),
        ("tekken", [split(TEKKEN_REGEX), byte_level()], True),
    ],
)
def test_pre_tokenizers_that_llama_cpp_has(name: str, steps: list[Json], ignore_merges: bool) -> None:
    assert pre(steps, ignore_merges) == name


@pytest.mark.parametrize(
    ("steps", "ignore_merges", "pattern"),
    [
        ([split(r"\w+"), byte_level()], False, r"for this with ignore_merges False: \w+"),
        ([split(QWEN2_REGEX), byte_level()], True, r"for this with ignore_merges True: " + QWEN2_REGEX),
        ([DIGITS, byte_level()], False, "for this with ignore_merges False: one digit at a time"),
        ([byte_level()], False, "for this with ignore_merges False: no splitting"),
        ([byte_level(add_prefix_space=True)], False, "adds a space in front, which llama.cpp cannot do"),
        ([split(LLAMA3_REGEX)], True, "has no ByteLevel step"),
        ([{"type": "Metaspace"}], False, "no pre-tokenizer with the step Metaspace ("),
        ([split(LLAMA3_REGEX, behavior="Removed"), byte_level()], True, "the step Split ("),
    ],
)
def test_pre_tokenizers_that_it_has_not(steps: list[Json], ignore_merges: bool, pattern: str) -> None:
    with pytest.raises(UserError, match=re.escape(pattern)):
        pre(steps, ignore_merges)
