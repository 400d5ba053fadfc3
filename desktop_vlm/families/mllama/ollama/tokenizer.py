"""The tokenizer in Ollama's file, cut to the rows of the output matrix: it lists `<|image|>`, which has none."""

from __future__ import annotations

from gguf import Keys, TokenType

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion.tokenizer import BYTE_LEVEL, END_OF_MESSAGE, END_OF_TURN, Tokenizer
from desktop_vlm.families.mllama.ollama.config import REMEDY
from desktop_vlm.runtime.ggml.gguf_fields import Fields
from desktop_vlm.runtime.ggml.gguf_reader import GgufFile

_KEYS = Keys.Tokenizer
_TYPES = {int(one) for one in TokenType}


def read_tokenizer(model: GgufFile, vocab_size: int) -> Tokenizer:
    """The tokenizer, with the ends of turns and messages that Ollama does not name.

    Raises:
        UserError: a part is missing or makes no sense, or it is of another kind than Llama 3's.
    """
    fields = Fields(model, REMEDY)
    kind = fields.text(_KEYS.MODEL, BYTE_LEVEL)
    if kind != BYTE_LEVEL:
        raise UserError(
            f"{model.path.name} has a tokenizer of the kind {kind[:40]!r}, where Llama 3's is {BYTE_LEVEL!r}."
        )
    tokens, types = fields.texts(_KEYS.LIST)[:vocab_size], fields.value(_KEYS.TOKEN_TYPE)
    if len(tokens) < vocab_size:
        raise fields.bad(_KEYS.LIST)
    if not isinstance(types, list) or len(types) < vocab_size or not _TYPES.issuperset(types):
        raise fields.bad(_KEYS.TOKEN_TYPE)
    ids = {token: number for number, token in enumerate(tokens)}
    last = vocab_size - 1

    def special(key: str) -> int | None:
        return fields.integer(key, least=0, most=last) if fields.has(key) else None

    return Tokenizer(
        tokens=tokens,
        types=[TokenType(one) for one in types[:vocab_size]],
        merges=fields.texts(_KEYS.MERGES),
        pre=fields.text(_KEYS.PRE, "llama-bpe"),
        add_bos=fields.boolean(_KEYS.ADD_BOS, True),
        add_eos=fields.boolean(_KEYS.ADD_EOS, False),
        bos=special(_KEYS.BOS_ID),
        eos=special(_KEYS.EOS_ID),
        eot=ids.get(END_OF_TURN),
        eom=ids.get(END_OF_MESSAGE),
        pad=special(_KEYS.PAD_ID),
        chat_template=fields.text(_KEYS.CHAT_TEMPLATE, ""),
    )
