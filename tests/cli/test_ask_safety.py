"""`desktop-vlm ask` with a model that judges safety: a tiny Guard's real files, and chosen pieces of its answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop_vlm import backend
from desktop_vlm.api.answer import Chunk, Usage
from desktop_vlm.cli.main import main
from tests.families.guard.files import guard_files

USAGE = Usage(1, 3, 0, 0, 0.0, 0.0, 0.0)


@pytest.mark.parametrize(
    ("pieces", "reason", "printed", "warned"),
    [
        (["\n\nunsafe", "\nS1", "0,S7"], "stop", "Unsafe: hate, privacy\n", ""),
        (["\n\nsafe"], "stop", "Safe\n", ""),
        (["unsafe\nS1"], "length", "\n", "the answer is cut off"),
    ],
)
def test_a_verdict_is_printed_in_words(
    pieces: list[str],
    reason: str,
    printed: str,
    warned: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    files = guard_files(tmp_path)
    asked: list[dict[str, Any]] = []

    def chat(_model: backend.Model, _messages: Any, **options: Any) -> Iterator[Chunk]:
        asked.append(options)
        yield from (Chunk(piece) for piece in pieces)
        yield Chunk("", reason, USAGE)

    monkeypatch.setattr(backend.Model, "chat", chat)
    assert main(["ask", "--model", str(files.text), "--ctx", "256", "--threads", "1", "Where does she live?"]) == 0
    out, err = capsys.readouterr()
    assert out == printed
    assert warned in err
    assert asked[0]["temperature"] == 0.0
