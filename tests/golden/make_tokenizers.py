"""Compute `tests/golden/families/tokens.json`: tokens of `tokenizer_strings.STRINGS` by the reference tokenizers.

Run from the repository root: `python -m tests.golden.make_tokenizers`, in an environment with transformers 5.24 and
mistral-common, which the project itself does not depend on.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

from tests.checkpoints.families import build_tokenizer
from tests.checkpoints.families.tokenizer_folders import TOKENIZERS
from tests.golden.make_families import without_torchvision
from tests.golden.tokenizer_strings import STRINGS

PATH = Path(__file__).resolve().parent / "families" / "tokens.json"


def hugging_face(folder: Path) -> dict[str, list[list[int]]]:
    """Tokens with control tokens parsed, and with their names as plain text."""
    from transformers import AutoTokenizer  # type: ignore[import-not-found]

    tokenizer: Any = AutoTokenizer.from_pretrained(folder)

    def tokens(text: str, *, special: bool) -> list[int]:
        return list(tokenizer(text, add_special_tokens=False, split_special_tokens=not special)["input_ids"])

    return {
        "parsed": [tokens(text, special=True) for text in STRINGS],
        "plain": [tokens(text, special=False) for text in STRINGS],
    }


def mistral(folder: Path) -> dict[str, list[list[int]]]:
    """Mistral's own code never parses control tokens in text."""
    from mistral_common.tokens.tokenizers.tekken import Tekkenizer  # type: ignore[import-not-found]

    tokenizer = Tekkenizer.from_file(folder / "tekken.json")
    return {"plain": [tokenizer.encode(text, bos=False, eos=False) for text in STRINGS]}


def main() -> None:
    """Write the file."""
    without_torchvision()
    found: dict[str, Any] = {"strings": STRINGS}
    for name in TOKENIZERS:
        with tempfile.TemporaryDirectory() as folder:
            build_tokenizer(name, Path(folder))
            found[name] = (mistral if name.startswith("tekken") else hugging_face)(Path(folder))
    PATH.write_text(
        json.dumps(found, ensure_ascii=True, separators=(",", ":")).replace('"parsed"', '\n"parsed"') + "\n"
    )
    print(PATH.stat().st_size, len(STRINGS))


if __name__ == "__main__":
    main()
