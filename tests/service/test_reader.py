"""The text reader's process: what it says before it loads anything, what hostile files and frames do to it, its end."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from desktop_vlm import __version__
from desktop_vlm.api.errors import EngineError, UserError
from desktop_vlm.api.text_layer import Box, Code, Table, TextLayer, TextLine, Word
from desktop_vlm.service import framing, reader, reading
from desktop_vlm.service import reader_frames as frames
from desktop_vlm.service.child import child_command
from desktop_vlm.service.pipes import EXIT_PROTOCOL
from desktop_vlm.service.reader_client import Page, ReaderClient
from tests.images.text_layer.drawn import drawn, png
from tests.images.text_layer.pdf_writer import drawn_image, pdf, shown
from tests.quickest import best_s

ROOT = Path(__file__).parents[2]
SCRIPTED = (sys.executable, str(ROOT / "tests" / "scripted_reader.py"))
WITHOUT_NETWORK = (
    "import socket\n"
    "def refuse(*_, **__): raise SystemExit('it asked for a network')\n"
    "socket.socket = socket.create_connection = socket.getaddrinfo = refuse\n"
    "from desktop_vlm.service import reader\n"
    "reader.main()"
)


@pytest.fixture(scope="module")
def client() -> Iterator[ReaderClient]:
    """The real process, in which nothing of Python can open a socket."""
    with ReaderClient((sys.executable, "-P", "-c", WITHOUT_NETWORK)) as made:
        yield made


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> Iterator[ReaderClient]:
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    with ReaderClient(SCRIPTED) as made:
        yield made


def process_of(client: ReaderClient) -> subprocess.Popen[bytes]:
    assert client._child
    return client._child._process


def read(client: ReaderClient, data: bytes, name: str = "it", **options: tuple[int, ...]) -> list[Page | str]:
    return list(client.read(data, name, **options))


def texts(found: list[Page | str]) -> list[list[str]]:
    return [[line.text for line in page.layer.lines] for page in found if isinstance(page, Page)]


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def png_of(width: int, height: int) -> bytes:
    """A file that says that it has so many pixels, and holds a kilobyte."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(bytes(1000))) + chunk(b"IEND", b"")


INVOICE = png(drawn(["Invoice 4711"]))
ENTITIES = b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg xmlns="http://www.w3.org/2000/svg">&b;</svg>'


def test_what_cannot_be_read_is_a_sentence_and_the_process_goes_on(client: ReaderClient) -> None:
    hostile = {
        "is empty": b"",
        "is not an image": b"GIF89b what is this",
        "is damaged or incomplete": INVOICE[:200],
        "more than 128 million pixels": png_of(60_000, 60_000),
        "is damaged": png_of(4000, 4000),
        "is damaged or not a PDF": b"%PDF-1.7\n" + bytes(range(256)),
        "save it as PNG or JPEG": ENTITIES,
    }
    pids = set()
    for words, data in hostile.items():
        with pytest.raises(UserError, match=words) as error:
            read(client, data, "bad.png")
        assert str(error.value).startswith("bad.png ")
        assert "\n" not in str(error.value)
        pids.add(process_of(client).pid)
    for data, options in (
        (INVOICE, {"pages": (2,)}),
        (INVOICE, {"region": (900, 0, 910, 10)}),
        (pdf(""), {"pages": (2,)}),
    ):
        with pytest.raises(UserError, match=r"bad\.png"):
            read(client, data, "bad.png", **options)
        pids.add(process_of(client).pid)
    assert texts(read(client, INVOICE)) == [["Invoice 4711"]]
    pids.add(process_of(client).pid)
    assert len(pids) == 1
    if sys.platform == "linux":
        descriptors = Path(f"/proc/{pids.pop()}/fd").iterdir()
        assert not [link for one in descriptors if (link := str(one.readlink())).startswith("socket:")]


def test_odd_images_are_read_all_the_same(client: ReaderClient) -> None:
    odd = {
        "one pixel": encoded(Image.new("RGB", (1, 1)), "PNG"),
        "a line": encoded(Image.new("L", (3000, 1), 255), "PNG"),
        "transparent": encoded(Image.new("RGBA", (40, 40), (0, 0, 0, 0)), "PNG"),
        "16 bits": encoded(Image.new("I;16", (30, 30)), "PNG"),
    }
    for data in odd.values():
        (page,) = read(client, data)
        assert isinstance(page, Page)
        assert page.layer.lines == ()
    assert texts(read(client, encoded(drawn(["Four colours"]).convert("CMYK"), "JPEG"))) == [["Four colours"]]


def test_pages_of_documents(client: ReaderClient) -> None:
    sheets = [drawn([f"Sheet {number}"]) for number in (1, 2)]
    found = read(client, encoded(sheets[0], "TIFF", save_all=True, append_images=sheets[1:]))
    assert texts(found) == [["Sheet 1"], ["Sheet 2"]]
    document = pdf(shown("Carried", 50, 150), drawn_image(20, 20, 320, 72), "", image=sheets[1])
    found = read(client, document)
    assert texts(found) == [["Carried"], ["Sheet 2"], []]
    assert [(page.number, page.n_pages, page.layer.source) for page in found if isinstance(page, Page)] == [
        *((1, 3, "pdf"), (2, 3, "ocr"), (3, 3, "pdf"))
    ]
    assert texts(read(client, document, pages=(1,), region=(0, 0, 300, 50))) == [[]]
    assert texts(read(client, document, pages=(1,), region=(100, 80, 300, 120))) == [["Carried"]]


def test_it_greets_before_it_loads_anything_large() -> None:
    with subprocess.Popen(
        child_command("desktop_vlm.service.reader"), stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdin
        assert child.stdout
        (hello,) = frames.FrameReader().feed(os.read(child.stdout.fileno(), 1 << 16))
        assert hello == frames.Hello(__version__, frames.PROTOCOL)
        if sys.platform == "linux":
            maps = Path(f"/proc/{child.pid}/maps").read_text(encoding="utf-8")
            assert "python" in maps
            assert not [name for name in ("onnxruntime", "cv2", "pdfium") if name in maps]
        child.stdin.write(b"\x00\x00\x00\x05hello")
        child.stdin.close()
        assert child.wait(60) == EXIT_PROTOCOL


def test_another_version_is_refused(scripted: ReaderClient) -> None:
    assert texts(read(scripted, b"one")) == [["one"]]
    child = scripted._child
    assert child
    child.send(frames.Hello("0.0.1", frames.PROTOCOL))
    with pytest.raises(EngineError, match=r"The program is desktop-vlm 0\.0\.1 and its text reader"):
        read(scripted, b"two")


def test_it_ends_with_its_parent_and_with_a_cancel_that_is_not_noticed(scripted: ReaderClient) -> None:

    def seconds() -> float:
        read(scripted, b"one")
        process, child = process_of(scripted), scripted._child
        assert child
        child.send(frames.Read(7, "slow", (b"read, then sleep",)))
        next(one for one in child.messages() if isinstance(one, frames.PageRead))
        child.send(frames.Cancel(7))
        started_s = time.monotonic()
        assert process.wait(60) == reader.EXIT_CANCELLED
        took_s = time.monotonic() - started_s
        with pytest.raises(EngineError, match=r"^The text of x\.png cannot be read: the text reader ended by itself"):
            read(scripted, b"two", "x.png")
        return took_s

    assert best_s(seconds, 3) < 3  # 0.8 s alone
    read(scripted, b"three")
    process, child = process_of(scripted), scripted._child
    assert child
    child.send(frames.Read(8, "slow", (b"sleep",)))
    assert process.stdin
    process.stdin.close()
    assert process.wait(60) == 0


class Said:
    """In place of pipes: what was sent."""

    def __init__(self) -> None:
        self.messages: list[framing.Framed] = []

    def send(self, message: framing.Framed) -> None:
        self.messages.append(message)


def test_what_was_cancelled_while_it_waited_is_not_begun(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_file(_job: frames.Read, _stop: reading.Stop) -> Iterator[frames.Done]:
        raise AssertionError("it was begun")

    monkeypatch.setattr(reading, "read_file", read_file)
    said = Said()
    made = reader.Reader(said)  # type: ignore[arg-type]
    made._receive(frames.Cancel(3))
    made._do(frames.Read(3, "a", (b"",)))
    assert said.messages == [frames.Cancelled(3)]


def test_work_that_never_ends_gives_no_sign_of_life(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reader, "PULSE_S", 0.005)
    monkeypatch.setattr(reader, "STUCK_S", 0.05)
    stands, go_on = threading.Event(), threading.Event()

    def read_file(job: frames.Read, stop: reading.Stop) -> Iterator[frames.Done]:
        while len(said.messages) < 2:  # it gets on, ...
            stop()
            time.sleep(0.001)
        stands.set()
        go_on.wait(60)  # ... and then no more
        yield frames.Done(job.id)

    monkeypatch.setattr(reading, "read_file", read_file)
    said = Said()
    made = reader.Reader(said)  # type: ignore[arg-type]
    threading.Thread(target=made._pulse, daemon=True).start()
    work = threading.Thread(target=made._do, args=(frames.Read(1, "a", (b"",)),))
    work.start()
    assert stands.wait(60)
    while made._got_on_s > time.monotonic() - 0.06:
        time.sleep(0.005)
    n_pulses = len(said.messages)
    assert n_pulses > 1
    time.sleep(0.05)  # ten pulses long
    assert len(said.messages) <= n_pulses + 1
    go_on.set()
    work.join()
    assert said.messages[-1] == frames.Done(1)


def test_a_layer_survives_its_frame() -> None:
    line = TextLine("a b", Box(0.5, 1, 2, 3), (Word("a", Box(0.5, 1, 1, 3)), Word("b", Box(1.5, 1, 2, 3))), 0.75)
    layer = TextLayer(
        *(10, 20, (line, line), (0, 1), (Table(0, 1, (((0,), (1,)), ((), (0, 1)))),)),
        codes=(Code("QR Code", "→ é", Box(0, 0, 1, 1)),),
        language="de",
        source="pdf",
    )
    assert frames.decode_layer(frames.encode_layer(layer)) == layer
    for wrong in (b"", frames.encode_layer(layer)[:-1], 2 * frames.encode_layer(layer)):
        with pytest.raises(framing.ProtocolError):
            frames.decode_layer(wrong)
