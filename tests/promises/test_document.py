"""`docs/promises.md` names what is there, and says the numbers that the tests have."""

from __future__ import annotations

import re
from pathlib import Path

from tests.fuzz.gguf.mutations import MUTATIONS
from tests.promises import conftest, test_crashes, test_text_only
from tests.ui.engine import test_local_crashes

ROOT = Path(__file__).parents[2]
DOCUMENT = (ROOT / "docs" / "promises.md").read_text(encoding="utf-8")
PLAIN = " ".join(DOCUMENT.split())


def test_every_file_and_command_that_is_named_is_there() -> None:
    files = set(re.findall(r"\btests/[\w/]+(?:\.\w+)?", DOCUMENT))
    assert len(files) > 25
    assert [name for name in sorted(files) if not (ROOT / name).exists()] == []
    commands = set(re.findall(r"python -m tests\.fuzz\.(\w+)", PLAIN))
    assert commands >= {"gguf", "images", "history", "frames"}
    assert [name for name in sorted(commands) if not (ROOT / "tests" / "fuzz" / name / "__main__.py").exists()] == []
    in_make = set(re.findall(r"tests\.fuzz\.(\w+)", (ROOT / "Makefile").read_text(encoding="utf-8")))
    there = {path.parent.name for path in (ROOT / "tests" / "fuzz").glob("*/__main__.py")}
    assert in_make == there


def test_every_promise_has_its_section_and_its_line() -> None:
    sections = re.findall(r"^## (\d+)\. ", DOCUMENT, re.MULTILINE)
    lines = re.findall(r"^\| (\d+) \| ", DOCUMENT, re.MULTILINE)
    assert lines == sections[: len(lines)]
    assert lines[:12] == [str(number) for number in range(1, 13)]
    titles = re.findall(r"^## (.+)$", DOCUMENT, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}
    assert set(re.findall(r"\]\(#([\w-]+)\)", DOCUMENT)) <= anchors


def test_the_counts_are_those_of_the_tests() -> None:
    n_crashes = len(test_local_crashes.REASONS) * 3
    assert f"{n_crashes} crashes" in PLAIN
    assert f"{len(test_local_crashes.REASONS)} ways x 3 stages" in PLAIN
    assert len(test_crashes.FAULTS) == 10
    assert f"{len(conftest.PLANTED)} planted modules and {len(conftest.LIBRARIES)} planted" in PLAIN
    n_forms, n_targets = len(test_text_only.FORMS), len(test_text_only.TARGETS)
    assert f"{n_targets} kinds of address in {n_forms} forms" in PLAIN
    assert f"0 of {n_forms * n_targets} do anything" in PLAIN
    assert f"in {len(MUTATIONS)} ways" in PLAIN
