"""Nothing is collected while much is imported, and afterwards as before."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest

from desktop_vlm.system.importing import importing


@pytest.fixture(params=[True, False])
def was_enabled(request: pytest.FixtureRequest) -> Iterator[bool]:
    before = gc.isenabled()
    (gc.enable if request.param else gc.disable)()
    yield request.param
    (gc.enable if before else gc.disable)()


def test_it_is_off_meanwhile_and_then_as_before(was_enabled: bool) -> None:
    with importing():
        assert not gc.isenabled()
    assert gc.isenabled() == was_enabled


def test_an_import_that_fails_changes_nothing(was_enabled: bool) -> None:
    with pytest.raises(ImportError), importing():
        raise ImportError
    assert gc.isenabled() == was_enabled
