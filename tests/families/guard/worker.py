"""The engine's process with verdicts that a test chose: `python tests/families/guard/worker.py FILE`.

FILE holds what the model is to answer next; it is read for every question.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[3]))  # as a script it knows its own folder only

from desktop_vlm import backend
from desktop_vlm.service import worker

SAYS = Path(sys.argv.pop())
_chat = backend.Model.chat


class Scripted:
    """Draws the tokens of a text, then the end of the answer (`runtime.sampling.Sampler`)."""

    def __init__(self, tokens: list[int]) -> None:
        self._tokens = iter(tokens)

    def sample(self, _logits: Any) -> int:
        return next(self._tokens)

    def close(self) -> None:
        pass


def chat(model: backend.Model, *arguments: Any, **options: Any) -> Any:
    """`Model.chat`, whose sampler is replaced for this model."""
    end = model._session.text.control_token("<|eot_id|>")
    assert end is not None
    tokens = [*model.tokenize(SAYS.read_text(encoding="utf-8")), end]
    setattr(backend, "Sampler", lambda *_: Scripted(tokens))  # noqa: B010
    return _chat(model, *arguments, **options)


if __name__ == "__main__":
    setattr(backend.Model, "chat", chat)  # noqa: B010
    sys.exit(worker.main())
