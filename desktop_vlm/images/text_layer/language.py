"""The language of a text, as far as its script and its small words tell."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

_SCRIPTS = {
    "CYRILLIC": "und-Cyrl",
    "GREEK": "el",
    "ARABIC": "und-Arab",
    "HEBREW": "he",
    "HANGUL": "ko",
    "DEVANAGARI": "und-Deva",
    "THAI": "th",
}
"""The first word of a letter's Unicode name, and what it says."""

_SMALL_WORDS = {
    "en": "the and of to is are was were be it that this with for not you have from by which or will can your all "
    "if no when what do an has at its please would been more new should could only than their there about",
    "de": "der die das und ist nicht ein eine einen dem den des mit zu für auf von sich auch es ich sie wir werden "
    "wird wurde sind oder bei nach aus im am noch wie kein keine über",
    "fr": "le la les et est des une du en pas que qui dans pour vous ce au aux sur avec votre sont été ne il nous je "
    "plus cette ou où voulez vraiment",
    "es": "el la los las y es de una un en que no por para con se su del al lo como más esta este fue habrá desea está "
    "usted sus sobre después",
    "it": "il lo gli e è di una un che non per con si del della sono nel alla anche questo come più le dei",
    "pt": "o os as e é de uma um que não por para com se do da em no na mais seu sua são como você ao",
    "nl": "de het een en is niet van in op te dat voor met zijn aan die er worden wordt ook door naar bij u",
    "pl": "i w nie na się z do jest że to jak po ale za co od przez dla są być można ponieważ oraz został zostały",
    "sv": "och är att det en som på för med den inte av till har ett om din du kan vi",
}
"""Words that hardly a sentence of a language does without."""

_LISTS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_WORD = re.compile(r"[^\W\d_]+")
_LEAST = 2
"""So many small words are evidence."""


def language_of(texts: Iterable[str]) -> str:
    """The likeliest language or script as a BCP 47 tag; "" where nothing tells."""
    text = "\n".join(texts)
    letters = Counter(_script(character) for character in text if character.isalpha())
    eastern = letters["KANA"] + letters["CJK"]
    # A Chinese character says as much as three letters or so.
    if eastern * 3 >= sum(letters.values()) - eastern and eastern:
        return "ja" if letters["KANA"] * 10 >= eastern else "zh"
    script, count = max(letters.items(), key=lambda item: item[1], default=("", 0))
    if script in _SCRIPTS and count:
        return _SCRIPTS[script]
    return _of_latin(text)


def _script(letter: str) -> str:
    first = unicodedata.name(letter, "?").split(maxsplit=1)[0].split("-")[0]
    return "KANA" if first in {"HIRAGANA", "KATAKANA", "HALFWIDTH"} else first


def _of_latin(text: str) -> str:
    counts: Counter[str] = Counter()
    for word in _WORD.findall(text.lower()):
        counts.update(language for language, words in _LISTS.items() if word in words)
    best = counts.most_common(2)
    if not best or best[0][1] < _LEAST or (len(best) > 1 and best[0][1] == best[1][1]):
        return ""
    return best[0][0]
