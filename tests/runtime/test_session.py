"""What a session keeps of a conversation, where the KV cache cannot be cut."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from desktop_vlm.api.errors import Cancelled
from desktop_vlm.backend import Model


@pytest.fixture
def model(load_model: Callable[[str], Model], monkeypatch: pytest.MonkeyPatch) -> Model:
    """A model whose memory can only be dropped as a whole once it holds more, as a running state."""
    made = load_model("alpha")
    text = made._session.text
    forget_from = text.forget_from

    def forget_all_or_nothing(position: int) -> bool:
        if 0 < position < made._session.n_evaluated:
            return False
        return forget_from(position)

    monkeypatch.setattr(text, "forget_from", forget_all_or_nothing)
    return made


def test_what_cannot_go_back_starts_again(model: Model) -> None:
    fresh = model.logits([1, 2, 3, 4, 9])[-1]
    model.forget()
    model.next_logits([1, 2, 3, 4, 5, 6])
    assert np.allclose(model.next_logits([1, 2, 3, 4, 9]), fresh, atol=1e-4)
    assert model._session.n_evaluated == 5


def test_what_goes_on_is_reused(model: Model) -> None:
    model.next_logits([1, 2, 3])
    evaluated: list[int] = []
    decode = model._session.text.decode

    def noted(tokens: list[int], position: int, **rest: object) -> object:
        evaluated.extend(tokens)
        return decode(tokens, position, **rest)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model._session.text, "decode", noted)
        model.next_logits([1, 2, 3, 4, 5])
    assert evaluated == [4, 5]


def test_a_stop_leaves_nothing_that_is_not_there(model: Model) -> None:
    expected = model.next_logits([1, 2, 3, 4])
    model.forget()
    model.next_logits([1, 2])

    def stopped(*_: object, **__: object) -> object:
        raise Cancelled("stopped")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(model._session.text, "decode", stopped)
        patch.setattr(model._session.text, "forget_from", lambda position: position == 0)
        with pytest.raises(Cancelled):
            model.next_logits([1, 2, 3, 4])
    assert model._session.n_evaluated == 0
    model.forget()
    assert np.allclose(model.next_logits([1, 2, 3, 4]), expected, atol=1e-4)
