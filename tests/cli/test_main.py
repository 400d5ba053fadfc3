"""The command line where the engine is not to be had."""

from __future__ import annotations

import sys

import pytest

from desktop_vlm.cli.main import main


@pytest.mark.parametrize("command", [["ask", "what?"], ["bench"], ["convert", "folder", "out"]])
def test_without_llama_cpp_a_sentence_says_so(
    command: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("ask", "bench", "convert"):
        monkeypatch.delattr(f"desktop_vlm.cli.{name}", raising=False)
        monkeypatch.setitem(sys.modules, f"desktop_vlm.cli.{name}", None)
    assert main(command) == 3
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("desktop-vlm: llama-cpp-python cannot be loaded (")
    assert said.err.endswith("`desktop-vlm doctor` says more.\n")
