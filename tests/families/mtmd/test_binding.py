"""The binding itself: which functions it needs, and a library that is not the one we know."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import llama_cpp.mtmd_cpp as declared
import pytest

import desktop_vlm.families.mtmd as package
from desktop_vlm.api.errors import EngineError
from desktop_vlm.families.mtmd import binding


@pytest.fixture
def unchecked() -> Iterator[None]:
    binding.library.cache_clear()
    yield
    binding.library.cache_clear()


def test_the_functions_that_are_checked_are_those_that_are_called() -> None:
    called: set[str] = set()
    for path in Path(package.__file__).parent.glob("*.py"):
        source = path.read_text(encoding="utf-8")
        called |= set(re.findall(r"(?:functions|module|library\(\))\.(mtmd_\w+)\(", source))
    types = {"mtmd_progress_callback", "mtmd_input_part", "mtmd_decoder_pos"}
    assert called - types == set(binding.FUNCTIONS)
    assert len(binding.FUNCTIONS) == len(set(binding.FUNCTIONS))


def replaced(**changes: Any) -> SimpleNamespace:
    names = {name: getattr(declared, name) for name in dir(declared) if name.startswith("mtmd_")}
    return SimpleNamespace(**{**names, **changes})


@pytest.mark.usefixtures("unchecked")
def test_a_library_that_lacks_a_function_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    other = replaced()
    del other.mtmd_encode_chunk
    monkeypatch.setattr(importlib, "import_module", lambda _name: other)
    with pytest.raises(EngineError, match="lacks the C function `mtmd_encode_chunk`"):
        binding.library()


@pytest.mark.usefixtures("unchecked")
def test_a_library_whose_settings_have_moved_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    params = declared.mtmd_context_params_default()
    params.batch_max_tokens = 7
    monkeypatch.setattr(importlib, "import_module", lambda _name: replaced(mtmd_context_params_default=lambda: params))
    with pytest.raises(EngineError, match=r"another layout of `mtmd_context_params` \(fields batch_max_tokens\)"):
        binding.library()


@pytest.mark.usefixtures("unchecked")
def test_a_package_without_the_library_is_reported_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_name: str) -> None:
        raise FileNotFoundError("Shared library with base name 'mtmd' not found")

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(EngineError, match="came without its image library libmtmd"):
        binding.library()
