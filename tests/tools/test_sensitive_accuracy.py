"""The figures of docs/text-layer.md, on fewer pages."""

from __future__ import annotations

from tools.sensitive_accuracy import PRIVATE, measure


def test_private_text_is_found_and_little_else() -> None:
    score = measure(seed=3, count=6)
    recall, precision = score.overall
    assert score.planted == dict.fromkeys(PRIVATE, 6)
    assert recall >= 0.97, score.missed
    assert precision >= 0.97, score.extra
