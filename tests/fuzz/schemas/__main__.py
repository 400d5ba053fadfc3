"""`python -m tests.fuzz.schemas`: thousands of constraints that nobody would write, or that somebody would."""

from __future__ import annotations

import sys
from collections.abc import Callable

from tests.fuzz.harness import Kind, main
from tests.fuzz.schemas.kinds import Choices, Grammars, Regexes, Schemas

KINDS: dict[str, Callable[[], Kind]] = {
    "schemas": Schemas,
    "regexes": Regexes,
    "grammars": Grammars,
    "choices": Choices,
}

if __name__ == "__main__":
    sys.exit(main(__doc__ or "", KINDS))
