"""Sentences that hold a number: each number gets the form of words that its language has for it.

English has two forms, which stand in the source. A translation gets the number, and may have as many forms as the
language needs (Polish: 1 plik, 2 pliki, 5 plików), also of the sentence for one.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def plural(context: str, count: int, one: str, several: str) -> str:
    """The sentence for a number, in the person's language.

    Args:
        context: of the translation, as of `tr`: the name of the class or of the module.
        count: the number that the words depend on.
        one: in English, for 1.
        several: in English, for any other number, 0 included; {n} in either stands for the number.
    """
    words = QCoreApplication.translate(context, one if count == 1 else several, None, count)
    return words.replace("{n}", f"{count:,}")
