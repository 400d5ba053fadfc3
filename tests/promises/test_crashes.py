"""Promise 1: a process that reads what strangers wrote may end in any way, at any moment: the next file is read.

For the engine's process, {SIGSEGV, a real failed check of ggml, SIGKILL, exit codes 0 and 3, a stop, garbage, no
memory} x {load, encode, decode} is `tests/ui/engine/test_local_crashes.py`; for commands it is
`tests/cli/test_supervision.py`. Here is the decoder's.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from PIL import Image

from desktop_vlm.api.errors import UserError
from desktop_vlm.service import decoder_client
from desktop_vlm.service.decoder_client import DecoderClient
from desktop_vlm.service.decoder_frames import Opened
from tests.service.test_decoder import PDF, encoded

FAULTY = """
import os, signal
from desktop_vlm.service import decoder, decoder_frames
from desktop_vlm.service.pipes import Pipes

faults = {
    b"SIGSEGV": lambda _: os.kill(os.getpid(), signal.SIGSEGV),
    b"SIGKILL": lambda _: os.kill(os.getpid(), signal.SIGKILL),
    b"abort": lambda _: os.abort(),
    b"exit": lambda _: os._exit(0),
    b"stopped": lambda _: os.kill(os.getpid(), signal.SIGSTOP),
    b"garbage": lambda fd: os.write(fd, b"Traceback (most recent call last):" + bytes(4000)),
    b"half": lambda fd: (os.write(fd, bytes([0, 0, 0, 9, 123])), os._exit(0)),
}
order = b""

class FaultyPipes(Pipes):
    def send(self, message):
        super().send(message)
        fault, _, stage = order.partition(b" ")
        if fault and type(message).__name__.encode() == stage:
            faults[fault](self._output_fd)

real = decoder.Decoder._answer
def answer(self, job):
    global order
    data = job.blobs[0]
    order = data[data.rfind(b"|") + 1:] if b"|" in data[-30:] else b""
    fault, _, stage = order.partition(b" ")
    if stage == b"load":
        faults[fault](self._pipes._output_fd)
    return real(self, job)

decoder.Decoder._answer = answer
decoder.Pipes = FaultyPipes
decoder.main()
"""
FAULTS = (
    *(("SIGSEGV", "load"), ("SIGSEGV", "Strip"), ("SIGKILL", "Image"), ("abort", "Strip"), ("exit", "load")),
    *(("exit", "Strip"), ("stopped", "Image"), ("garbage", "load"), ("garbage", "Strip"), ("half", "Image")),
)
"""And when: before it decodes, when it has said how large the image is, in the middle of its pixels."""


@pytest.fixture(scope="module")
def client() -> Iterator[DecoderClient]:
    made = DecoderClient((sys.executable, "-P", "-c", FAULTY))
    yield made
    made.close()


def sizes(client: DecoderClient, data: bytes) -> list[tuple[int, int]]:
    return [one[1].size for one in client.images(data, "it", what="pages") if not isinstance(one, Opened)]


@pytest.mark.parametrize(("fault", "stage"), FAULTS)
def test_the_next_file_is_decoded(
    client: DecoderClient, fault: str, stage: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    patience_s = decoder_client.SILENCE_S
    fresh = DecoderClient((sys.executable, "-P", "-c", FAULTY)) if fault == "stopped" else client
    if fault == "stopped":
        monkeypatch.setattr(decoder_client, "SILENCE_S", 2.0)
    with pytest.raises(UserError) as refused:
        sizes(fresh, encoded(Image.new("RGB", (9, 9))) + f"|{fault} {stage}".encode())
    assert str(refused.value) in {
        "it cannot be decoded; save or download the image again.",
        "it takes more than 2 seconds to decode; save it as PNG and use that.",
    }
    monkeypatch.setattr(
        decoder_client, "SILENCE_S", patience_s
    )  # the next process may start as slowly as it does where others are at work
    assert sizes(fresh, PDF) == sizes(fresh, PDF) == [(209, 417), (417, 209)]
    if fresh is not client:
        fresh.close()
