"""The hash is SHA-256, in pieces of any size, continued from a saved state anywhere."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_vlm.runtime import resumable_sha256
from desktop_vlm.runtime.resumable_sha256 import ResumableSha256

needs_compiler = pytest.mark.skipif(
    resumable_sha256._update_function() is None, reason="installed without a C compiler"
)
LENGTHS = (0, 1, 55, 56, 63, 64, 65, 119, 120, 128, 1000)


@pytest.mark.parametrize("n", LENGTHS)
def test_it_is_sha256(n: int) -> None:
    data = bytes(i * 7 % 256 for i in range(n))
    hasher = ResumableSha256()
    hasher.update(data)
    assert hasher.hexdigest() == hasher.hexdigest() == hashlib.sha256(data).hexdigest()


@needs_compiler
@settings(max_examples=50, deadline=None)
@given(st.lists(st.binary(max_size=200), max_size=8))
def test_it_is_continued_from_its_state(pieces: list[bytes]) -> None:
    hasher = ResumableSha256()
    for i, piece in enumerate(pieces):
        hasher = ResumableSha256(hasher.state)
        hasher.update(memoryview(bytearray(piece)) if i % 2 else piece)
    assert hasher.hexdigest() == hashlib.sha256(b"".join(pieces)).hexdigest()


def test_without_the_compiled_part_it_cannot_be_continued(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resumable_sha256, "_update_function", lambda: None)
    hasher = ResumableSha256()
    hasher.update(b"abc")
    assert hasher.state == b""
    assert hasher.hexdigest() == hashlib.sha256(b"abc").hexdigest()
    with pytest.raises(ValueError, match="not a state"):
        ResumableSha256(bytes(112))


@needs_compiler
def test_what_is_no_state_is_refused() -> None:
    with pytest.raises(ValueError, match="not a state"):
        ResumableSha256(b"too short")
