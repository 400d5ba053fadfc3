"""A server that misbehaves in every way: nothing half-written is taken for whole, nothing is fetched twice."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.hub.misbehaviour import CASES, CONTENT, NAME, SETTINGS, SMALL, WHOLE, Case, row, run, summary

DOCUMENT = (Path(__file__).parents[2] / "docs" / "downloads.md").read_text(encoding="utf-8")
BY_NAME = {SMALL: SETTINGS, NAME: CONTENT}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_comes_of_it(case: Case, tmp_path: Path) -> None:
    result = run(case, tmp_path)
    if case.outcome == WHOLE:
        assert result.sentence == ""
        assert result.left == (SMALL, NAME)
    else:
        pattern = ".*".join(re.escape(piece) for piece in case.outcome.split("{}"))
        assert re.match(pattern, result.sentence), result.sentence
        assert "\n" not in result.sentence
    # whatever has its name is whole, and nobody else has heard of the token
    assert all((tmp_path / name).read_bytes() == BY_NAME[name] for name in result.left)
    assert not result.token_went_elsewhere
    assert not re.search(r"hf_|Signature|s1gned", result.sentence)
    assert case.repeated is None or result.repeated_bytes <= case.repeated
    assert row(case, result) in DOCUMENT
    assert not case.note or any(note.startswith(case.note) for note in result.notes), result.notes


def test_the_document_counts_them() -> None:
    assert summary() in DOCUMENT
