"""Messages in OpenAI's and Hugging Face's form."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.image_sizing import ImageSizing
from desktop_vlm.images.identity import content_key
from desktop_vlm.runtime.chat_format import Turn
from desktop_vlm.runtime.read_messages import MessageReader

RED = Image.new("RGB", (30, 20), "red")
READER = MessageReader(Capabilities("mllama", 1, ImageSizing("tiles", side=56, max_tiles=4)))


def png() -> bytes:
    buffer = io.BytesIO()
    RED.save(buffer, "PNG")
    return buffer.getvalue()


def test_text_in_both_forms() -> None:
    turns, images = MessageReader(Capabilities("text")).read(
        [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": [{"type": "text", "text": "Ho"}]}]
    )
    assert turns == [Turn("user", (("text", "Hi"),)), Turn("assistant", (("text", "Ho"),))]
    assert images == {}


def test_an_image_in_every_form_is_the_same_image(tmp_path: Path) -> None:
    path = tmp_path / "red.png"
    path.write_bytes(png())
    data_url = "data:image/png;base64," + base64.b64encode(png()).decode()
    for part in (
        {"type": "image", "image": RED},
        {"type": "image", "image": path},
        {"type": "image", "image": str(path)},
        {"type": "image", "image": png()},
        {"type": "image_url", "image_url": {"url": data_url}},
        {"type": "image_url", "image_url": data_url},
    ):
        turns, images = READER.read([{"role": "user", "content": [{"type": "text", "text": "?"}, part]}])
        assert turns == [Turn("user", (("image", content_key(RED)), ("text", "?")))]
        assert list(images) == [content_key(RED)]


def test_several_images_of_one_message_become_one_canvas() -> None:
    parts = [{"type": "image", "image": RED}, {"type": "image", "image": RED.rotate(90, expand=True)}]
    turns, images = READER.read([{"role": "user", "content": parts}])
    ((key, composite),) = images.items()
    assert turns[0].images == (key,)
    assert composite.width % 56 == composite.height % 56 == 0


@pytest.mark.parametrize(
    ("message", "sentence"),
    [
        ({"content": "x"}, "has no role"),
        ({"role": "user"}, "has no content"),
        ({"role": "user", "content": [{"type": "video"}]}, "part of the type video"),
        ({"role": "user", "content": ["x"]}, "part of the type None"),
        ({"role": "user", "content": [{"type": "image", "image": 5}]}, "image in a message is a int"),
        (
            {"role": "user", "content": [{"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}]},
            "nothing is fetched from the network",
        ),
        (
            {"role": "user", "content": [{"type": "image_url", "image_url": "data:image/png;base64,@@"}]},
            "not valid base64",
        ),
        ({"role": "user", "content": [{"type": "image", "image": b"no image"}]}, "the image in a message"),
    ],
)
def test_what_cannot_be_read_is_said(message: dict[str, Any], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        READER.read([message])
