"""How far answers can be held to JSON Schema, counted on the JSON-Schema-Test-Suite of draft 2020-12.

    python -m tools.schema_suite FOLDER

FOLDER is a checkout of json-schema-org/JSON-Schema-Test-Suite; nothing of it is kept. Prints the table of
docs/structured.md: schemas accepted, valid instances let through, invalid ones refused. Instances are written as
`json.dumps` writes them, properties in the order of the schema where it has one.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from llguidance import LLMatcher, LLTokenizer, TokenizerWrapper

from desktop_vlm.api.errors import UserError
from desktop_vlm.structured.schema import schema_grammar

_DRAFT = Path("tests", "draft2020-12")


class _Bytes:
    """A vocabulary of the 256 bytes and an end token."""

    eos_token_id = 256
    bos_token_id = None
    unk_token_id = None
    all_special_ids = (256,)
    special_token_ids = (256,)
    tokens = (*(bytes([value]) for value in range(256)), b"<end>")

    def __call__(self, text: bytes | str) -> list[int]:
        return list(text.encode() if isinstance(text, str) else text)


def byte_vocabulary() -> LLTokenizer:
    """A vocabulary whose tokens are bytes, for matching without a model."""
    return LLTokenizer(TokenizerWrapper(_Bytes()))


def lets_through(grammar: str, text: str, vocabulary: LLTokenizer) -> bool:
    """Whether an answer may be this text."""
    matcher = LLMatcher(vocabulary, grammar, log_level=0)
    tokens = list(text.encode())
    return bool(matcher.try_consume_tokens(tokens) == len(tokens) and matcher.is_accepting())


@dataclass
class Count:
    """What was counted in one file of the suite."""

    schemas: int = 0
    accepted: int = 0
    valid: int = 0
    valid_let_through: int = 0
    invalid: int = 0
    invalid_refused: int = 0
    sentences: Counter[str] = field(default_factory=Counter)

    def __iadd__(self, other: Count) -> Count:
        for name in ("schemas", "accepted", "valid", "valid_let_through", "invalid", "invalid_refused"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.sentences += other.sentences
        return self

    @property
    def cells(self) -> str:
        return (
            f"{self.accepted} of {self.schemas} | {self.valid_let_through} of {self.valid} | "
            f"{self.invalid_refused} of {self.invalid}"
        )


def count_file(path: Path, vocabulary: LLTokenizer) -> Count:
    """Count the groups of one file; each has a schema and instances of it."""
    count = Count()
    for group in json.loads(path.read_text(encoding="utf-8")):
        count.schemas += 1
        try:
            grammar = schema_grammar(json.dumps(_as_object(group["schema"])))
        except UserError as error:
            count.sentences[str(error)] += 1
            continue
        count.accepted += 1
        for test in group["tests"]:
            passed = _passes(grammar, group["schema"], test["data"], vocabulary)
            if test["valid"]:
                count.valid += 1
                count.valid_let_through += passed
            else:
                count.invalid += 1
                count.invalid_refused += not passed
    return count


def _as_object(schema: Any) -> Any:
    """A schema that is true or false, as an object."""
    return schema if isinstance(schema, dict) else {"allOf": [schema]}


def _passes(grammar: str, schema: Any, data: Any, vocabulary: LLTokenizer) -> bool:
    return any(lets_through(grammar, json.dumps(one, ensure_ascii=False), vocabulary) for one in _orders(schema, data))


def _orders(schema: Any, data: Any) -> Iterator[Any]:
    """The instance, and where it is an object also with its properties in the order of the schema."""
    yield data
    if isinstance(data, dict) and isinstance(schema, dict):
        names = [*schema.get("properties", {}), *schema.get("required", ())]
        yield dict(sorted(data.items(), key=lambda item: names.index(item[0]) if item[0] in names else len(names)))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="checkout of the JSON-Schema-Test-Suite")
    parser.add_argument("--sentences", action="store_true", help="print why schemas are refused, too")
    args = parser.parse_args()
    vocabulary = byte_vocabulary()
    total = Count()
    print("| keyword | schemas accepted | valid let through | invalid refused |\n|---|---|---|---|")
    for path in sorted((args.folder / _DRAFT).glob("*.json")):
        count = count_file(path, vocabulary)
        total += count
        print(f"| {path.stem} | {count.cells} |")
    print(f"| **all** | {total.cells} |")
    if args.sentences:
        for sentence, times in total.sentences.most_common():
            print(times, sentence)


if __name__ == "__main__":
    main()
