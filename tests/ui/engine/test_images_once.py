"""Images travel to the engine's process once; the bytes on its pipe are counted."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from desktop_vlm.service import frames
from desktop_vlm.ui import child_process
from desktop_vlm.ui.engine.delivery import Delivery
from desktop_vlm.ui.engine.protocol import ChatRequest
from tests.ui.engine_recorder import ClientRecorder, MakeClient, Source, question

_NATIVE_WORKER = Path(__file__).parents[2] / "native_worker.py"


def noise(seed: int) -> bytes:
    """A picture that no format makes small."""
    pixels = np.random.default_rng(seed).integers(0, 256, (120, 160, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many bytes each question took on the pipe."""
    sizes: list[int] = []
    encode = frames.encode

    def counted(message: frames.Message) -> list[bytes]:
        pieces = encode(message)
        if isinstance(message, frames.Chat):
            sizes.append(sum(len(piece) for piece in pieces))
        return pieces

    monkeypatch.setattr(child_process, "encode", counted)
    return sizes


def encode_s(recorder: ClientRecorder, request: ChatRequest) -> float:
    _, answer = recorder.answer(request)
    assert answer.usage is not None
    return answer.usage.encode_s


def test_a_second_question_about_the_same_images_sends_none_of_their_bytes(
    make_client: MakeClient, tiny_model: Source, sent: list[int]
) -> None:
    first, second, third = noise(1), noise(2), noise(3)
    recorder = make_client(sys.executable, str(_NATIVE_WORKER))
    recorder.client.load(*tiny_model)

    assert encode_s(recorder, question("One?", second, earlier=[first])) > 0
    assert encode_s(recorder, question("Two?", earlier=[first, second])) == 0  # nor is anything encoded
    recorder.answer(question("Three?", third, earlier=[first, second]))

    assert sent[0] > len(first) + len(second)
    assert sent[1] < 1500
    assert len(third) < sent[2] < len(third) + 1500


def test_a_new_process_and_one_that_forgot_get_them_again(
    make_client: MakeClient, tiny_model: Source, sent: list[int]
) -> None:
    data = noise(4)
    recorder = make_client()
    recorder.client.load(*tiny_model)
    expected, _ = recorder.answer(question(picture=data))
    assert recorder.answer(question(picture=data))[0] == expected
    os.kill(recorder.client.pid, signal.SIGKILL)
    recorder.wait_for("crashed")
    assert recorder.answer(question(picture=data))[0] == expected
    recorder.client.forget_images()
    assert recorder.answer(question(picture=data))[0] == expected
    assert [size > len(data) for size in sent] == [True, False, True, True]


def test_what_the_process_let_go_of_is_sent_again_without_a_word(
    make_client: MakeClient, tiny_model: Source, sent: list[int]
) -> None:
    forgetful = (
        "import sys; from desktop_vlm.service import image_cache, worker\n"
        "worker.ImageCache = lambda: image_cache.ImageCache(most_bytes=1)\n"
        "sys.exit(worker.main())"
    )
    recorder = make_client(sys.executable, "-c", forgetful)
    recorder.client.load(*tiny_model)
    first, second = noise(5), noise(6)
    expected, _ = recorder.answer(question(picture=first))
    recorder.answer(question(picture=second))  # the first gives way
    assert recorder.answer(question(picture=first))[0] == expected
    assert [size > len(first) for size in sent] == [True, True, False, True]
    assert recorder.of("failed") == []


def test_a_process_that_lacks_what_it_just_got_is_a_bug_and_no_loop() -> None:
    delivery = Delivery()
    request = question(picture=b"a file")
    (image,) = request.image_keys
    assert image == hashlib.sha256(b"a file").hexdigest()
    assert delivery.message(1, request).blobs == (b"a file",)
    assert not delivery.forget([image])
    assert delivery.message(2, request).images == (image,)
    assert delivery.message(3, request).images == ()
    assert delivery.forget([image])
