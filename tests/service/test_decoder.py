"""Images and PDF pages through a real process: the same pixels, plain sentences, and nothing that takes it along."""

from __future__ import annotations

import io
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from desktop_vlm.api.errors import UserError
from desktop_vlm.images.open import open_image
from desktop_vlm.images.text_layer.pdf_file import PdfFile
from desktop_vlm.service import decoder_client
from desktop_vlm.service.blocking_child import BlockingChild
from desktop_vlm.service.decoder_client import DecoderClient
from desktop_vlm.service.decoder_frames import Message, Opened
from desktop_vlm.service.watchdog import Patience

CRASHING = """
import os, signal, sys
from desktop_vlm.service import decoder
real = decoder.open_image
def open_image(data, name):
    if b"crash" in data[-16:]:
        os.kill(os.getpid(), signal.SIGSEGV)
    if b"hang" in data[-16:]:
        signal.pause()
    if b"memory" in data[-16:]:
        bytearray(8 << 30)
    return real(data, name=name)
decoder.open_image = open_image
decoder.main()
"""


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


GRADIENT = Image.linear_gradient("L")
LARGE = Image.merge("RGB", (GRADIENT, GRADIENT.rotate(90), GRADIENT.rotate(180))).resize((2000, 1500))
LARGE_PNG = encoded(LARGE, compress_level=1)
CLEAR = Image.merge("RGBA", (GRADIENT, GRADIENT, GRADIENT, GRADIENT))
EXIF = Image.Exif()
EXIF[0x0112] = 6  # orientation: to be turned by a quarter
TURNED = encoded(LARGE.crop((0, 0, 40, 30)), "JPEG", exif=EXIF)
DEEP = encoded(Image.frombytes("I;16", (40, 30), bytes(range(240)) * 10), "PNG")
PDF = encoded(LARGE.crop((0, 0, 100, 200)), "PDF", save_all=True, append_images=[LARGE.crop((0, 0, 200, 100))])


@pytest.fixture(scope="module")
def client() -> Iterator[DecoderClient]:
    made = DecoderClient((sys.executable, "-c", CRASHING))
    yield made
    made.close()


def decoded(client: DecoderClient, data: bytes) -> Image.Image:
    (page, opened) = client.images(data, "it.png", what="image")
    assert isinstance(page, tuple)
    assert isinstance(opened, Opened)
    assert page[0] == 1
    return page[1]


@pytest.mark.parametrize("data", [LARGE_PNG, encoded(CLEAR), TURNED, DEEP], ids=["large", "clear", "turned", "deep"])
def test_the_pixels_are_those_that_decoding_here_gives(client: DecoderClient, data: bytes) -> None:
    image, expected = decoded(client, data), open_image(data)
    assert (image.mode, image.size) == (expected.mode, expected.size)
    assert image.tobytes() == expected.tobytes()


def test_pages_come_with_their_numbers(client: DecoderClient) -> None:
    *pages, opened = client.images(PDF, "two.pdf", what="pages", pages=(2, 1, 7))
    shapes = [(page[0], page[1].width > page[1].height) for page in pages if isinstance(page, tuple)]
    assert shapes == [(2, True), (1, False)]
    assert isinstance(opened, Opened)
    assert opened == Opened(opened.id, (2, 1), 2, "page", (), transparent=False)
    assert client.count(PDF, "two.pdf") == 2
    tiff = encoded(CLEAR, "TIFF", save_all=True, append_images=[CLEAR])
    assert client.count(tiff, "two.tif") == 2


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (LARGE_PNG[:5000], "it.png is damaged or incomplete; save or download the image again."),
        (b"no image", "it.png is not an image this app can read; save it as PNG or JPEG and use that."),
        (b"%PDF-1.7 no", "it.png is damaged or not a PDF this app can read; save or export it again."),
        (b"crash", "it.png cannot be decoded; save or download the image again."),
        (b"memory", "it.png does not fit into memory; save a smaller copy and use that."),
    ],
)
def test_what_cannot_be_decoded_is_a_sentence_and_the_next_file_works(
    client: DecoderClient, data: bytes, sentence: str
) -> None:
    with pytest.raises(UserError) as error:
        list(client.images(data, "it.png", what="image"))
    assert str(error.value) == sentence
    assert decoded(client, encoded(CLEAR)).size == CLEAR.size


def test_one_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    client = DecoderClient((sys.executable, "-c", CRASHING))
    assert decoded(client, encoded(CLEAR)).size == CLEAR.size
    ((child, _),) = client._idle
    monkeypatch.setattr(decoder_client, "SILENCE_S", 1.0)  # in the sentence
    monkeypatch.setattr(child._watchdog, "_patience", Patience(1.0))  # now that it has started
    with pytest.raises(UserError, match=r"it\.png takes more than 1 seconds to decode; save it as PNG and use that\."):
        list(client.images(b"hang", "it.png", what="image"))
    assert not child.is_running  # it would hang for ten minutes
    client.close()


def test_whoever_stops_at_the_last_thing_leaves_the_process_to_the_next(client: DecoderClient) -> None:
    data = encoded(Image.new("RGB", (4, 3), "red"))
    used = []
    for _ in range(3):
        for one in client.images(data, "a.png", what="image"):
            if isinstance(one, Opened):
                break
        used.append(client._idle[-1][0])
    assert used[1:] == used[:1] * 2


def test_one_that_ended_while_nobody_used_it_is_replaced(client: DecoderClient) -> None:
    assert decoded(client, encoded(CLEAR)).size == CLEAR.size
    for child, _ in client._idle:
        os.kill(child.pid, signal.SIGKILL)
        child._process.wait()
    assert decoded(client, encoded(CLEAR)).size == CLEAR.size


@pytest.mark.parametrize("was_closed", [False, True])
def test_idle_processes_end(was_closed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(decoder_client, "IDLE_S", 1.0)
    client = DecoderClient()
    used: list[BlockingChild[Message]] = []
    give_back = client._give_back

    def note(child: BlockingChild[Message]) -> None:
        used.append(child)  # on a busy machine it has ended before anybody looks for it among the idle ones
        give_back(child)

    monkeypatch.setattr(client, "_give_back", note)
    if was_closed:
        decoded(client, encoded(CLEAR))
        client.close()
    assert decoded(client, encoded(CLEAR)).size == CLEAR.size
    child = used[-1]
    deadline_s = time.monotonic() + 60
    while child.is_running and time.monotonic() < deadline_s:
        time.sleep(0.05)
    assert not child.is_running
    assert client._idle == []


@pytest.mark.skipif(sys.platform != "linux", reason="only on Linux")
def test_it_is_confined(client: DecoderClient) -> None:
    decoded(client, encoded(CLEAR))
    child, _ = client._idle[-1]
    status = Path(f"/proc/{child.pid}/status").read_text(encoding="ascii")
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert (fields["NoNewPrivs"], fields["Seccomp"]) == ("1", "2")
    limits = Path(f"/proc/{child.pid}/limits").read_text(encoding="ascii")
    assert str(4 << 30) in next(line for line in limits.splitlines() if line.startswith("Max address space"))


def test_without_pypdfium2_a_pdf_is_refused_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pypdfium2", None)
    with pytest.raises(UserError) as error:
        PdfFile(PDF, "letter.pdf")
    assert str(error.value) == "letter.pdf is a PDF, and the package pypdfium2 that reads them is not installed."
