"""`python -m tests.fuzz.checkpoints`: damage checkpoints by the thousand, and convert them."""

from __future__ import annotations

import sys
from functools import partial

from tests.fuzz.checkpoints.subjects import NAMES
from tests.fuzz.checkpoints.trial import Checkpoints
from tests.fuzz.harness import main

if __name__ == "__main__":
    sys.exit(main(__doc__ or "", {name: partial(Checkpoints, name) for name in NAMES}))
