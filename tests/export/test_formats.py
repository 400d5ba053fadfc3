"""The formats that there are, and names of files."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_vlm import export as exporting
from desktop_vlm.export import EXPORTERS, MAX_NAME_BYTES, export, exporter, safe_name, suggested_name
from desktop_vlm.history import History
from desktop_vlm.history.views import Source


def test_a_new_format_is_one_function(
    history: History, conversation: int, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "EXPORTERS", dict(EXPORTERS))

    @exporter("words", "Number of words", ".txt")
    def _words(source: Source, number: int, path: Path, made: list[Path]) -> None:
        path.write_text(str(sum(len(one.text.split()) for one in source.thread(number))))
        made.append(path)

    assert [(one.key, one.label, one.suffix) for one in exporting.EXPORTERS.values()] == [
        ("markdown", "Markdown with pictures", ".md"),
        ("html", "Web page with pictures", ".html"),
        ("pdf", "PDF", ".pdf"),
        ("json", "JSON with all versions", ".json"),
        ("words", "Number of words", ".txt"),
    ]
    assert export(history, conversation, "words", out / suggested_name("Words", "words")).read_text() == "12"
    assert [file.name for file in out.iterdir()] == ["Words.txt"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("What does it say?", "What does it say-.md"),
        ("a/b\\c:d*e", "a-b-c-d-e.md"),
        ("  two\n lines\t", "two lines.md"),
        ("..", "conversation.md"),
        (".hidden.", "hidden.md"),
        ("", "conversation.md"),
        ("CON", "_CON.md"),
        ("nul.tar", "_nul.tar.md"),
        ("COM1", "_COM1.md"),
        ("日本語 🎉", "日本語 🎉.md"),
        ("cafe\u0301", "caf\u00e9.md"),
        ("evil\u202egpj.exe\x00", "evilgpj.exe.md"),
    ],
)
def test_names_that_every_system_takes(title: str, name: str) -> None:
    assert suggested_name(title, "markdown") == name


@given(st.text())
def test_any_title_becomes_a_name_in_this_folder(title: str) -> None:
    name = safe_name(title, "conversation")
    assert 0 < len(name.encode()) <= MAX_NAME_BYTES + 1
    assert Path(name).name == name
    assert name == name.strip(" .")
    assert not set(name) & set('<>:"/\\|?*\x00\n')
    assert safe_name(name, "conversation") == name
