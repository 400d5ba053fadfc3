"""Which language models an mmproj of Llama 3.2 Vision runs with: its own, and those of Llama 3.1 that it was made from.

The language model's weights did not change when Meta added vision, so the 11B's mmproj runs with any Llama 3.1 8B, the
90B's with any 70B, fine-tuned ones too, as long as shapes and vocabulary are the same.
"""

from __future__ import annotations

from gguf import Keys

from desktop_vlm.runtime.ggml.gguf_reader import GgufFile

_PRE_TOKENIZERS = ("llama-bpe", "llama3", "llama-v3")
"""llama.cpp's names of the one that Llama 3 has."""

_OF_THE_DEMO = ("smollm", 49152)
"""Tokenizer and size of the vocabulary that the bundled demo's mmproj was trained with; it talks in ChatML."""
_NEEDED_TOKENS = ("<|begin_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>")


def misfit(text: GgufFile, mmproj: GgufFile) -> str:
    """Why the two do not belong together (`families.base.Family.misfit`)."""
    if text.architecture != "llama":
        return f"the first is a {text.architecture or 'nameless'} model, the second is made for llama models"
    for key, what in (
        ("embedding_length", "hidden width"),
        ("block_count", "number of self-attention layers"),
        ("attention.head_count", "number of heads"),
        ("attention.head_count_kv", "number of key/value heads"),
    ):
        of_text, of_mmproj = text.value(f"llama.{key}"), mmproj.value(f"mllama.{key}")
        if of_text != of_mmproj:
            return f"the {what} is {of_text} in the first and {of_mmproj} in the second"
    return _other_vocabulary(text, mmproj)


def _other_vocabulary(text: GgufFile, mmproj: GgufFile) -> str:
    table, n_tokens = text.tensors.get("token_embd.weight"), mmproj.value("mllama.vocab_size")
    if table is None or table.n_rows != n_tokens:
        found = table.n_rows if table else "no"
        return f"the first has a vocabulary of {found} tokens, the second is made for {n_tokens}"
    pre = text.value(Keys.Tokenizer.PRE)
    if (pre, n_tokens) == _OF_THE_DEMO:
        return ""
    if pre not in _PRE_TOKENIZERS:
        return f"the first has the tokenizer {str(pre)[:40]!r}, the second is made for {_PRE_TOKENIZERS[0]}"
    missing = set(_NEEDED_TOKENS).difference(text.value(Keys.Tokenizer.LIST) or ())
    return f"the first has no token {min(missing)}, which conversations with images need" if missing else ""
