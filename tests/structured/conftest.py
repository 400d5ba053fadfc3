"""Vocabularies to match answers with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from llguidance import LLTokenizer

from desktop_vlm import backend
from desktop_vlm.backend import Model
from desktop_vlm.models.demo import demo_text
from desktop_vlm.runtime.token_constraint import read_vocabulary
from tools.schema_suite import byte_vocabulary


@pytest.fixture(scope="session")
def bytes_only() -> LLTokenizer:
    """One token a byte."""
    return byte_vocabulary()


@pytest.fixture(scope="session")
def smollm2_model() -> Iterator[Model]:
    with backend.load(demo_text(), n_ctx=512, n_threads=1) as model:
        yield model


@pytest.fixture(scope="session")
def smollm2(smollm2_model: Model) -> LLTokenizer:
    """The 49,152 tokens of SmolLM2."""
    return read_vocabulary(smollm2_model._session.text)
