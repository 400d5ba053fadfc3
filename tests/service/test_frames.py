"""Frames survive any cutting, and nothing else gets through."""

from __future__ import annotations

import contextlib
import json
import struct
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_vlm.api.answer import Usage
from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.api.image_sizing import ImageSizing
from desktop_vlm.api.loaded_model import DeviceMemory, LoadedModel
from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.service import frames, framing
from desktop_vlm.service.frames import (
    Chat,
    Chunk,
    Done,
    FrameReader,
    Hello,
    Load,
    Loaded,
    ProtocolError,
)

CPU = DeviceMemory("CPU", "a processor", is_gpu=False, free_bytes=3, total_bytes=2**40)
SEES = Capabilities("any", 1, ImageSizing("tiles", side=560, max_tiles=4))
USAGE = Usage(10, 20, 5, 3, 0.1, 0.2, 4.0)
MESSAGES: list[frames.Message] = [
    Hello("0.1.0", frames.PROTOCOL),
    Load(1, ModelRef(Path("/models/text.gguf")), LoadOptions(n_threads=3, memory_share=0.8)),
    Chat(
        2,
        (ChatMessage.of("user", "Grüße \U0001f44b\x00", "b" * 64), ChatMessage.of("assistant", "")),
        512,
        True,
        {"temperature": 0.5},
        '{"type": "object"}',
        ("END",),
        ("a" * 64, "b" * 64, "c" * 64),
        (b"", b"\x89PNG\x00\x01", bytes(range(256))),
    ),
    frames.Stop(2),
    frames.Progress(1, "load", 0.25),
    Loaded(1, LoadedModel("a", "Q4_K_M", 4096, SEES, (CPU,), 33, 0, False, "All on the processor.", 1.5, 10, 20)),
    frames.Unloaded(1),
    Chunk(2, "text"),
    Done(2, "stop", USAGE),
    Done(2, "cancelled", None),
    frames.Missing(2, ("a" * 64,)),
    frames.Error(0, "engine", "A sentence."),
    frames.Stats((CPU, CPU), None),
    frames.Pulse(),
    frames.Forget(),
]


def frame(header: Any, *blobs: bytes) -> bytes:
    raw = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack(">I", len(raw)) + raw + b"".join(blobs)


def read(data: bytes) -> list[frames.Message]:
    return list(FrameReader().feed(data))


@given(pieces=st.lists(st.integers(1, 50), min_size=1))
@settings(max_examples=50, deadline=None)
def test_messages_arrive_whole_however_they_are_cut(pieces: list[int]) -> None:
    data = b"".join(b"".join(frames.encode(message)) for message in MESSAGES)
    reader, arrived, at, i = FrameReader(), [], 0, 0
    while at < len(data):
        size = pieces[i % len(pieces)]
        arrived += list(reader.feed(data[at : at + size]))
        at, i = at + size, i + 1
    assert arrived == MESSAGES


def test_every_kind_of_message_is_tested_above() -> None:
    assert {type(message) for message in MESSAGES} == set(get_args(frames.Message))


def test_tokens_per_second() -> None:
    assert USAGE.decode_tokens_per_s == 5.0
    assert Usage(10, 0, 5, 0, 0.1, 0.2, 0.0).decode_tokens_per_s == 0.0


def test_half_a_surrogate_pair_becomes_a_question_mark() -> None:
    assert read(b"".join(frames.encode(Chunk(1, "a\ud83db")))) == [Chunk(1, "a?b")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"garbage on stdout", "a header of 1,734,439,522 bytes"),
        (b"\x00\x00\x00\x00", "a header of 0 bytes"),
        (frame(b"{"), "not JSON"),
        (frame(b"\xff\xfe"), "not JSON"),
        (frame(b"[" * 100_000), "not JSON"),
        (frame([1]), "not an object"),
        (frame({"kind": "pulse"}), "without the lengths"),
        (frame({"kind": "pulse", "blobs": [-1]}), "without the lengths"),
        (frame({"kind": "pulse", "blobs": [True]}, b"x"), "without the lengths"),
        (frame({"kind": "pulse", "blobs": [1]}, b"x"), "a pulse message with blobs"),
        (frame({"kind": "chat", "blobs": [2**40]}), "1,099,511,627,776 bytes of blobs"),
        (frame({"kind": "chat", "blobs": [2**28] * 5}), "1,342,177,280 bytes of blobs"),
        (frame({"kind": "chat", "blobs": [0] * 1025}), "1,025 blobs"),
        (frame({"kind": "shutdown", "blobs": []}), "unknown kind"),
        (frame({"kind": ["pulse"], "blobs": []}), "unknown kind"),
        (frame({"kind": "stop", "blobs": []}), "the fields of Stop"),
        (frame({"kind": "stop", "id": 1, "more": 2, "blobs": []}), "the fields of Stop"),
        (frame({"kind": "stop", "id": "1", "blobs": []}), r"Stop\.id is a str"),
        (frame({"kind": "stop", "id": True, "blobs": []}), r"Stop\.id is a bool"),
        (frame({"kind": "stop", "id": None, "blobs": []}), r"Stop\.id is a NoneType"),
        (frame(b'{"kind": "progress", "id": 1, "stage": "load", "fraction": NaN, "blobs": []}'), "not JSON"),
        (
            frame({"kind": "stats", "devices": [{"name": "CPU"}], "rss_bytes": 1, "blobs": []}),
            "the fields of DeviceMemory",
        ),
        (frame({"kind": "stats", "devices": {}, "rss_bytes": 1, "blobs": []}), r"Stats\.devices is a dict"),
    ],
)
def test_what_is_no_frame_is_refused(data: bytes, reason: str) -> None:
    with pytest.raises(ProtocolError, match=reason):
        read(data)


SHORT = st.text(max_size=12)


@given(st.binary(max_size=200))
@settings(max_examples=300, deadline=None)
def test_no_bytes_raise_anything_else(data: bytes) -> None:
    for attempt in (data, frame(data)):
        with contextlib.suppress(ProtocolError):
            read(attempt)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | SHORT,
        lambda s: st.lists(s) | st.dictionaries(SHORT, s),
        max_leaves=12,
    )
)
@settings(max_examples=200, deadline=None)
def test_no_field_raises_anything_else(value: Any) -> None:
    header = json.loads(b"".join(frames.encode(MESSAGES[5]))[4:])
    for holder, key in ((header, "model"), (header["model"], "devices"), (header["model"]["capabilities"], "sizing")):
        was, holder[key] = holder[key], value
        with contextlib.suppress(ProtocolError):
            read(frame(header))
        holder[key] = was


def test_what_is_too_large_is_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ProtocolError, match="a chunk message cannot be written"):
        frames.encode(Chunk(1, object()))  # type: ignore[arg-type]
    monkeypatch.setattr(framing, "MAX_HEADER_BYTES", 100)
    with pytest.raises(ProtocolError, match="the limit is 100"):
        frames.encode(Chunk(1, "x" * 101))


def test_frames_and_client_load_no_engine() -> None:
    code = (
        "import sys, desktop_vlm.service.frames, desktop_vlm.ui.engine.local; "
        "engine = ('llama_cpp', 'desktop_vlm.backend', 'desktop_vlm.runtime'); "
        "print(sorted(name for name in sys.modules if name.startswith(engine)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
