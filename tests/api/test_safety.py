"""A safety model's answers in words."""

from __future__ import annotations

import subprocess
import sys

import pytest

from desktop_vlm.api.safety import CATEGORIES, UNKNOWN_CATEGORY, Verdict, read_verdict


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
