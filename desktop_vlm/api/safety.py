"""What a safety model says of a conversation, in words. No engine, no Qt: window and command line share it.

Llama Guard answers `safe`, or `unsafe` and on the next line the codes of hazard categories. Source: Meta's model card
of Llama Guard 3 11B Vision, which follows the MLCommons taxonomy; S14 is of the text-only models.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from desktop_vlm.api.answer import Chunk

CATEGORIES: Mapping[str, str] = MappingProxyType(
    {
        "S1": "Violent crimes",
        "S2": "Non-violent crimes",
        "S3": "Sex crimes",
        "S4": "Child exploitation",
        "S5": "Defamation",
        "S6": "Specialized advice",
        "S7": "Privacy",
        "S8": "Intellectual property",
        "S9": "Indiscriminate weapons",
        "S10": "Hate",
        "S11": "Self-harm",
        "S12": "Sexual content",
        "S13": "Elections",
        "S14": "Code interpreter abuse",
    }
)
"""Code -> name, as a person reads it."""

UNKNOWN_CATEGORY = "Another category"

_CODE = re.compile(r"\bS\d+\b", re.IGNORECASE)


@dataclass(frozen=True)
class Verdict:
    """What the model found.

    Attributes:
        safe: None where the answer is no verdict.
        codes: of the hazard categories, such as `S1`, in the order of the answer; empty where it is safe.
    """

    safe: bool | None
    codes: tuple[str, ...] = ()

    @property
    def categories(self) -> tuple[str, ...]:
        """Names of the categories, each once; a code that nobody knows is named as such and never shown raw."""
        return tuple(dict.fromkeys(CATEGORIES.get(code, UNKNOWN_CATEGORY) for code in self.codes))


def read_verdict(answer: str) -> Verdict:
    """The verdict in a safety model's answer."""
    lines = [line.strip() for line in answer.strip().splitlines() if line.strip()]
    first = lines[0].lower().rstrip(".") if lines else ""
    if first == "safe":
        return Verdict(True)
    word, _, rest = first.partition(" ")
    if word.rstrip(",:;") != "unsafe":
        return Verdict(None)
    codes = [code.upper() for code in _CODE.findall(" ".join([rest, *lines[1:]]))]
    return Verdict(False, tuple(dict.fromkeys(codes)))


def verdict_text(answer: str, translate: Callable[[str], str] = str) -> str:
    """A safety model's answer as a person reads it: "Safe", or "Unsafe: violent crimes, privacy"; never a code.

    Args:
        answer: as the model wrote it; nothing is made of nothing.
        translate: an English word or name of a category -> the same in the person's language.
    """
    if not answer.strip():
        return ""
    verdict = read_verdict(answer)
    if verdict.safe:
        return translate("Safe")
    if verdict.safe is None:
        said = _CODE.sub(lambda code: translate(_in_sentence(code[0].upper())), answer.strip())
        return f"{translate('No verdict')}: {said}"
    categories = ", ".join(translate(name.lower()) for name in verdict.categories)
    return f"{translate('Unsafe')}: {categories}" if categories else translate("Unsafe")


def _in_sentence(code: str) -> str:
    return CATEGORIES.get(code, UNKNOWN_CATEGORY).lower()


def as_verdict(answer: Iterator[Chunk]) -> Iterator[Chunk]:
    """A safety model's answer as one chunk, in words; half a verdict says nothing, or S1 where it would be S10."""
    text = ""
    for chunk in answer:
        text += chunk.text
        if chunk.finish_reason:
            yield replace(chunk, text=verdict_text(text) if chunk.finish_reason == "stop" else "")
