"""The engine's process with verdicts that a test chose: `python tests/families/guard/worker.py FILE`.

FILE holds what the model is to answer next; it is read for every question.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

sys.path.insert(0, str(Path(__file__).parents[3]))  # as a script it knows its own folder only

from desktop_vlm import backend
from desktop_vlm.runtime.sampling import Sampler
from desktop_vlm.service import worker
from desktop_vlm.system.sandbox import OFF_VARIABLE

SAYS = Path(sys.argv.pop())
_chat = backend.Model.chat


class Scripted(Sampler):
    """Draws the tokens of a text, whatever the logits say."""

    tokens: Iterator[int] = iter(())

    def sample(self, logits: NDArray[np.float32]) -> int:  # noqa: ARG002
        return next(self.tokens)


def chat(model: backend.Model, *arguments: Any, **options: Any) -> Any:
    """`Model.chat`, whose answer is in the file."""
    end = model._session.text.control_token("<|eot_id|>")
    assert end is not None
    Scripted.tokens = iter([*model.tokenize(SAYS.read_text(encoding="utf-8")), end])
    return _chat(model, *arguments, **options)


if __name__ == "__main__":
    os.environ[OFF_VARIABLE] = "off"  # it reads what it is to answer
    setattr(backend, "Sampler", Scripted)  # noqa: B010
    setattr(backend.Model, "chat", chat)  # noqa: B010
    sys.exit(worker.main())
