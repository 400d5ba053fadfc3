"""What every `TextReader` keeps to: the real one, over its process, and the one that tests use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.ui.pictures.pdf import PdfPage, page_pictures
from desktop_vlm.ui.text_layer.local import LocalReader
from desktop_vlm.ui.text_layer.protocol import Availability
from tests.images.text_layer.drawn import drawn, png
from tests.images.text_layer.pdf_writer import pdf, shown
from tests.ui.text_layer.fake_reader import FakeReader, layer_of

LONG_MS = 60_000


def image_of(text: str) -> bytes:
    return png(drawn([text]))


def refused() -> bytes:
    raise UserError("The image is gone.")


class Recorder:
    """What a reader signals from now on."""

    def __init__(self, reader: LocalReader | FakeReader) -> None:
        self.read: list[tuple[str, str]] = []
        self.failed: list[tuple[str, str]] = []
        reader.read.connect(self._take)
        reader.failed.connect(lambda sha256, sentence: self.failed.append((sha256, sentence)))

    def _take(self, sha256: str, layer: TextLayer) -> None:
        self.read.append((sha256, "\n".join(line.text for line in layer.lines)))

    def shas(self) -> Sequence[str]:
        return [sha256 for sha256, _ in self.read]


@pytest.fixture(scope="module")
def local(qapp: QApplication) -> Iterator[LocalReader]:  # noqa: ARG001 - Qt has to be there
    reader = LocalReader()
    yield reader
    reader.close()


@pytest.fixture
def fake() -> FakeReader:
    reader = FakeReader()
    reader.layers = {name: layer_of([f"Invoice {name}"]) for name in ("11", "22", "33")}
    reader.failures = {"damaged": "It is damaged.", "refused": "The image is gone."}
    return reader


@pytest.fixture(params=["local", "fake"])
def reader(request: pytest.FixtureRequest) -> LocalReader | FakeReader:
    found: LocalReader | FakeReader = request.getfixturevalue(request.param)
    return found


def test_images_are_read_and_whoever_is_urgent_comes_first(reader: LocalReader | FakeReader, qtbot: QtBot) -> None:
    seen = Recorder(reader)
    assert reader.availability == Availability.READY
    reader.prepare()
    reader.request("11", image_of("Invoice 11"))
    reader.request("22", lambda: image_of("Invoice 22"))
    reader.request("33", image_of("Invoice 33"), urgent=True)
    qtbot.waitUntil(lambda: len(seen.read) == 3, timeout=LONG_MS)
    assert seen.read == [("33", "Invoice 33"), ("11", "Invoice 11"), ("22", "Invoice 22")]
    assert seen.failed == []


def test_what_cannot_be_read_gives_a_sentence_and_the_next_one_is_read(
    reader: LocalReader | FakeReader, qtbot: QtBot
) -> None:
    seen = Recorder(reader)
    reader.request("damaged", image_of("Invoice")[:90])
    reader.request("refused", refused)
    reader.request("11", image_of("Invoice 11"))
    qtbot.waitUntil(lambda: bool(seen.read), timeout=LONG_MS)
    assert [sha256 for sha256, _ in seen.failed] == ["damaged", "refused"]
    assert "damaged" in seen.failed[0][1]
    assert seen.failed[1][1] == "The image is gone."
    assert seen.shas() == ["11"]


def test_a_page_of_a_pdf_is_read_as_the_file_carries_it(local: LocalReader, qtbot: QtBot) -> None:
    data = pdf("", shown("Carried exactly: l1I|", 50, 150))
    with qtbot.waitSignal(local.read, timeout=LONG_MS) as read:
        local.request("page", PdfPage(data, 2))
    sha256, layer = read.args
    assert (sha256, layer.source, [line.text for line in layer.lines]) == ("page", "pdf", ["Carried exactly: l1I|"])
    assert (layer.width, layer.height) == next(page_pictures(data, "a.pdf", [2]))[1].size  # type: ignore[union-attr]


def test_nothing_comes_of_what_was_cancelled(reader: LocalReader | FakeReader, qtbot: QtBot) -> None:
    seen = Recorder(reader)
    reader.request("22", image_of("Invoice 22"))
    reader.cancel("22")
    reader.cancel("unknown")
    reader.request("11", image_of("Invoice 11"))
    reader.request("33", image_of("Invoice 33"))
    reader.cancel("33")
    qtbot.waitUntil(lambda: bool(seen.read), timeout=LONG_MS)
    reader.request("22", image_of("Invoice 22"))  # it may be asked for again
    qtbot.waitUntil(lambda: len(seen.read) > 1, timeout=LONG_MS)
    assert (seen.shas(), seen.failed) == (["11", "22"], [])


def test_nothing_is_signalled_after_the_end(qtbot: QtBot, fake: FakeReader) -> None:
    ended: list[LocalReader | FakeReader] = [fake, LocalReader()]
    records = [Recorder(one) for one in ended]
    for one in ended:
        one.request("11", image_of("Invoice 11"))
        one.close()
    qtbot.wait(50)
    assert [(record.read, record.failed) for record in records] == [([], []), ([], [])]
