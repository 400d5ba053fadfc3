from __future__ import annotations

import subprocess
import sys

import pytest

from tools.word_lint import PENDING, ROOT, RULES, Finding, as_words, check_text


def found(text: str, name: str = "desktop_vlm/backend.py") -> list[tuple[int, str]]:
    return [(finding.line, finding.term) for finding in check_text(name, text)]


def test_what_is_pending_exists() -> None:
    assert [place for place in PENDING if not (ROOT / place).exists()] == []


@pytest.mark.parametrize(
    "text", ["text_half = 1", "class TextHalf:", "TEXT_HALF", "Text half", "a 'text half'", "text-half"]
)
def test_an_identifier_counts_as_its_words(text: str) -> None:
    assert found(text) == [(1, "text half")]


def test_names_are_taken_apart_and_keep_their_lines() -> None:
    assert as_words("HTTPServer\nreadGGUFFile, n_gpu") == "http server\nread gguf file, n gpu"


@pytest.mark.parametrize(
    "text",
    [
        "a\n# of a text\n# half\n",
        'a\nsay("of a text "\n    "half")\n',
        'a\nsay("a text "\n    f"half")\n',
        "a\n> the text\n> half\n",
    ],
)
def test_a_term_that_goes_on_in_the_next_line_is_found_where_it_begins(text: str) -> None:
    assert [line for line, _ in found(text)] == [2]


@pytest.mark.parametrize("text", ["discard it", "wishbone", "half precision", "the first half of a text", "Pictured"])
def test_parts_of_words_and_other_phrases_are_let_through(text: str) -> None:
    assert found(text) == []


def test_a_rule_lets_its_right_phrases_through_and_nothing_beside_them() -> None:
    assert found("A model card, a radio card;\nan NVIDIA card") == [(2, "card")]


def test_a_term_may_be_right_in_one_place() -> None:
    assert found("one picture on a card", "desktop_vlm/ui/pictures/strip.py") == []
    assert found("one picture on a card", "desktop_vlm/backend.py") == [(1, "card"), (1, "picture")]
    assert found("a graphics card", "desktop_vlm/ui/window/bar.py") == [(1, "graphics card")]
    assert found("class Room:", "desktop_vlm/runtime/a.py") == [(1, "class room")]
    assert found("There is room", "desktop_vlm/runtime/a.py") == []


def test_a_files_own_name_is_read_too() -> None:
    assert found("", "training/text_half.py") == [(0, "text half")]


def test_a_finding_says_where_what_and_what_instead() -> None:
    (finding,) = check_text("docs/a.md", "Fine.\nThe vision half is read.\n")
    assert finding == Finding("docs/a.md", 2, "vision half", "vision projector (mmproj)")
    assert str(finding) == 'docs/a.md:2: "vision half": use vision projector (mmproj)'


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.term)
def test_no_rule_suggests_what_another_one_forbids(rule: object) -> None:
    assert [str(finding) for finding in check_text("docs/a.md", rule.use)] == []  # type: ignore[attr-defined]


def test_the_exit_code_tells_whether_there_is_anything() -> None:
    lint = [sys.executable, "-m", "tools.word_lint"]
    assert subprocess.run([*lint, "LICENSE", "pyproject.toml"], cwd=ROOT, check=False).returncode == 0
    bad = subprocess.run([*lint, "--help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "--all" in bad.stdout
