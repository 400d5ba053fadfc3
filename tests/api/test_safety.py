"""A safety model's answers in words."""

from __future__ import annotations

import subprocess
import sys

import pytest

from desktop_vlm.api.answer import Chunk, Usage
from desktop_vlm.api.safety import CATEGORIES, UNKNOWN_CATEGORY, Verdict, as_verdict, read_verdict, verdict_text


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ("safe", Verdict(True)),
        ("\n\nsafe\n", Verdict(True)),
        ("Safe.", Verdict(True)),
        ("unsafe\nS1,S3", Verdict(False, ("S1", "S3"))),
        ("\n\nunsafe\nS10, s2 ,S10", Verdict(False, ("S10", "S2"))),
        ("unsafe", Verdict(False)),
        ("unsafe S4", Verdict(False, ("S4",))),
        ("unsafe:\n\nS99", Verdict(False, ("S99",))),
        ("", Verdict(None)),
        ("safety first", Verdict(None)),
        ("I cannot say. S1", Verdict(None)),
    ],
)
def test_verdicts(answer: str, verdict: Verdict) -> None:
    assert read_verdict(answer) == verdict


def test_categories_are_words_and_never_codes() -> None:
    assert read_verdict("unsafe\nS1,S3,S13").categories == ("Violent crimes", "Sex crimes", "Elections")
    assert read_verdict("unsafe\nS98,S99").categories == (UNKNOWN_CATEGORY,)
    assert list(CATEGORIES) == [f"S{number}" for number in range(1, 15)]
    assert not [name for name in CATEGORIES.values() if name[1:].isdecimal()]


def test_reading_a_verdict_loads_neither_engine_nor_qt() -> None:
    names = "('llama_cpp', 'numpy', 'PySide6')"
    code = f"import sys, desktop_vlm.api.safety; print([m for m in {names} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        ("safe", "Safe"),
        ("\n\nunsafe\nS1,S7", "Unsafe: violent crimes, privacy"),
        ("unsafe\nS99", "Unsafe: another category"),
        ("unsafe", "Unsafe"),
        ("It is S3, or S42.", "No verdict: It is sex crimes, or another category."),
        (" \n", ""),
    ],
)
def test_a_verdict_in_words(answer: str, words: str) -> None:
    assert verdict_text(answer) == words


def test_words_of_a_verdict_can_be_translated() -> None:
    german = {
        "Unsafe": "Nicht sicher",
        "violent crimes": "Gewalttaten",
        "elections": "Wahlen",
        "No verdict": "Kein Urteil",
    }
    assert verdict_text("unsafe\nS1,S13", german.__getitem__) == "Nicht sicher: Gewalttaten, Wahlen"
    assert verdict_text("S1?", german.__getitem__) == "Kein Urteil: Gewalttaten?"


def test_a_streamed_verdict_comes_in_one_piece_and_only_whole() -> None:
    usage = Usage(1, 2, 0, 0, 0.0, 0.0, 0.0)
    pieces = [Chunk("unsafe"), Chunk("\nS1"), Chunk("0", "stop", usage)]
    assert list(as_verdict(iter(pieces))) == [Chunk("Unsafe: hate", "stop", usage)]
    for reason in ("length", "cancelled"):
        cut = [*pieces[:2], Chunk("", reason, usage)]
        assert list(as_verdict(iter(cut))) == [Chunk("", reason, usage)]
