"""Which file of a checkpoint holds its tokenizer, and of which kind that is."""

from __future__ import annotations

from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion import byte_level_bpe, sentence_piece, tekken
from desktop_vlm.conversion.json_file import read_object, read_optional_object
from desktop_vlm.conversion.remedy import get_again
from desktop_vlm.conversion.token_table import added_tokens
from desktop_vlm.conversion.tokenizer import Tokenizer, Vocabulary


def read_tokenizer(folder: Path, vocabulary: Vocabulary) -> Tokenizer:
    """Read the tokenizer of the checkpoint in `folder`: tokenizer.json, tokenizer.model or tekken.json.

    Raises:
        UserError: a file is missing or broken, or llama.cpp cannot do what the tokenizer does.
    """
    path = folder / "tokenizer.json"
    if path.is_file():
        content = read_object(path)
        settings = read_optional_object(folder / "tokenizer_config.json")
        read = sentence_piece.read if sentence_piece.describes(content) else byte_level_bpe.read
        return read(folder, content, settings, vocabulary)
    if (folder / "tekken.json").is_file():
        return tekken.read(folder, vocabulary)
    if (folder / "tokenizer.model").is_file():
        return sentence_piece.read_model_file(folder, vocabulary)
    raise UserError(f"{path} is missing: without it there is no tokenizer, {get_again(path, 'the whole checkpoint')}.")


def token_ids_by_text(folder: Path) -> dict[str, int]:
    """Ids of all tokens of a folder's tokenizer.json and tokenizer_config.json by their texts; those that are there.

    Raises:
        UserError: a file is broken.
    """
    path = folder / "tokenizer.json"
    content, settings = read_optional_object(path), read_optional_object(folder / "tokenizer_config.json")
    model = content.get("model")
    vocab = model.get("vocab") if isinstance(model, dict) else None
    ids = {token: i for token, i in vocab.items() if type(i) is int} if isinstance(vocab, dict) else {}
    if not content and (folder / "tekken.json").is_file():
        return {text: i for i, text in enumerate(tekken.special_tokens(read_object(folder / "tekken.json"), folder))}
    return ids | {token.text: i for i, token in added_tokens(content, settings, path).items()}
