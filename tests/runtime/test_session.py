"""What a session keeps of a conversation, also where the KV cache cannot be cut; and what its warm-up leaves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from PIL import Image

from desktop_vlm import backend
from desktop_vlm.api.errors import Cancelled
from desktop_vlm.backend import Model
from desktop_vlm.convert import ModelFiles


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


def test_a_warm_up_sees_an_image_and_leaves_nothing(load_model: Callable[[str], Model]) -> None:
    model = load_model("alpha")
    session, image = model._session, Image.linear_gradient("L").resize((90, 40))
    ids = [5, model.n_vocab, 6, 7]
    model.forget()
    before = model.next_logits(ids, image)
    seen: list[tuple[str, ...]] = []
    vision = session.vision
    assert vision is not None
    with pytest.MonkeyPatch.context() as patch:
        attend = vision.attend

        def noted(visible: tuple[str, ...], *rest: Any) -> bool:
            seen.append(visible)
            return attend(visible, *rest)

        patch.setattr(vision, "attend", noted)
        session._warm_up()

    assert seen[0] == ("",)
    assert session.n_evaluated == 0
    logits, timing = session.evaluate(*model._prompt(ids, image))
    assert timing.encode_s > 0  # what was remembered of images is gone, too
    np.testing.assert_array_equal(logits[-1], before)


def test_a_context_without_room_for_it_is_not_warmed_up(
    model_files: Callable[..., ModelFiles], monkeypatch: pytest.MonkeyPatch
) -> None:
    files = model_files("alpha")
    monkeypatch.setattr("desktop_vlm.runtime.session._WARM_UP_TOKENS", 512)
    with backend.load(files.text, files.mmproj, n_ctx=512, n_threads=1) as model:
        evaluated: list[object] = []
        monkeypatch.setattr(model._session, "evaluate", lambda *given: evaluated.append(given))
        model._session._warm_up()
        assert evaluated == []
