"""Whether the buffers of a model are gone with it: counted by the faulty driver, which has no fault for it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.gpu_loads import NAMES
from tests.vulkan.driver import compile_driver, environment, why_missing

pytestmark = pytest.mark.skipif(bool(why_missing()), reason=why_missing())

ROUNDS = 2
"""Of all families after the first. What is lost is lost in each: buffers are counted to the byte."""


def test_all_memory_comes_back_from_loads_of_different_families(tmp_path: Path) -> None:
    """On lavapipe what is free is the machine's memory, of which others take as well."""
    settings = environment(compile_driver(tmp_path), MEMORY_MIB=4000)
    done = subprocess.run(
        [sys.executable, "-m", "tests.gpu_loads", tmp_path, str(ROUNDS * len(NAMES))],
        env=os.environ | settings,
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    found = json.loads(done.stdout)
    print(found)
    assert found == [0.0] * (ROUNDS * len(NAMES) + 1)
