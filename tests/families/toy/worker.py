"""The engine's process with the toy family, beside those that there are: `python tests/families/toy/worker.py`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))  # as a script it knows its own folder only

from desktop_vlm.families.registry import registered
from desktop_vlm.service import worker
from tests.families.toy.family import ToyFamily

if __name__ == "__main__":
    with registered(ToyFamily()):
        sys.exit(worker.main())
