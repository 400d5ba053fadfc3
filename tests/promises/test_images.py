"""Promise 5: no image, drawing or PDF hangs the program, takes its memory, or ends it.

A fixed slice of what `python -m tests.fuzz.images` does by the thousand, and files that were made to be expensive.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Iterator

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.images.open import PROCESSOR_S, open_image
from desktop_vlm.service.decoder_client import DecoderClient
from desktop_vlm.service.decoder_frames import Opened
from desktop_vlm.service.reader_client import ReaderClient
from desktop_vlm.ui.pictures import svg_renderer
from tests.fuzz.images.__main__ import cases
from tests.fuzz.images.pdfs import Objects, stream, subjects, write
from tests.fuzz.images.subjects import images
from tests.fuzz.images.trial import Outcome
from tests.images.many_scans import jpeg_of_many_scans
from tests.quickest import best_s

SEED = 400_000


@pytest.fixture(scope="module")
def client() -> Iterator[DecoderClient]:
    made = DecoderClient()
    yield made
    made.close()


def counted(kind: str, count: int) -> Counter[str]:
    """How many of each outcome; all of them are good."""
    counts: Counter[str] = Counter()
    bad: list[tuple[int, str, Outcome]] = []
    for seed, done, outcome in cases(kind, range(SEED, SEED + count)):
        counts[outcome.kind] += 1
        if not outcome.is_good:
            bad.append((seed, done, outcome))
    assert bad == []
    assert sum(counts.values()) == count
    return counts


def test_every_subject_is_whole(client: DecoderClient) -> None:
    """What the fuzzer rests on: what it damages is good before."""
    for name, data in images().items():
        found = [one for one in client.images(data, name, what="pages") if not isinstance(one, Opened)]
        assert found, name


def test_damaged_images_are_opened_or_refused_in_a_sentence() -> None:
    counts = counted("images", 500)
    assert counts["opened"] > 80
    assert counts["refused"] > 200


def test_damaged_pdfs_are_opened_or_refused_in_a_sentence() -> None:
    counts = counted("pdfs", 500)
    assert counts["opened"] > 200
    assert counts["refused"] > 80


@pytest.mark.forks
def test_damaged_drawings_are_drawn_or_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(svg_renderer, "PROCESSOR_S", 0.4)  # some go on until they are stopped
    counts = counted("drawings", 15)
    assert counts["opened"] > 3
    assert counts["refused"] > 1


def nested(depth: int, times: int) -> bytes:
    """A PDF of two kilobytes whose page is drawn `times` to the power of `depth` times."""
    objects: Objects = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /Contents 4 0 R /Resources"
        b" << /XObject << /F 5 0 R >> >> >>",
        4: stream(b"", b"/F Do"),
    }
    for level in range(depth):
        inner = b"/Resources << /XObject << /F %d 0 R >> >>" % (6 + level) if level + 1 < depth else b""
        content = (b"/F Do " if inner else b"0 0 m 9 9 l S ") * times
        objects[5 + level] = stream(b"/Type /XObject /Subtype /Form /BBox [0 0 99 99] " + inner, content)
    return write(objects)


def test_a_pdf_that_draws_itself_again_and_again_is_ended(
    client: DecoderClient,
) -> None:
    """By its processor time or its memory, whichever is less; a harmless one is drawn."""
    assert [type(one) for one in client.images(nested(2, 3), "n.pdf", what="pages")][-1] is Opened
    short = DecoderClient(short_of(0.5))
    with pytest.raises(UserError, match=r"^n\.pdf takes more than 8 seconds to decode; save it as PNG and use that\."):
        list(short.images(nested(9, 10), "n.pdf", what="pages"))
    assert list(short.images(nested(2, 3), "n.pdf", what="pages"))  # the next file is decoded
    short.close()


def short_of(processor_s: float, process: str = "decoder", module: str = "decoder") -> tuple[str, ...]:
    """A process with less time."""
    code = (
        f"from desktop_vlm.service import {process}, {module}; {module}.PROCESSOR_S = {processor_s}; {process}.main()"
    )
    return sys.executable, "-P", "-c", code


def test_its_text_is_not_waited_for_either() -> None:
    with ReaderClient(short_of(0.5, "reader", "reading")) as reader:
        with pytest.raises(UserError, match=r"^n\.pdf takes more than 8 seconds to decode; save it as PNG"):
            list(reader.read(nested(9, 10), "n.pdf"))
        assert len(list(reader.read(write(subjects()["text"]), "t.pdf"))) == 1


def test_a_jpeg_that_goes_over_its_pixels_forever_is_refused_before_it_begins() -> None:
    began_s = time.thread_time()
    with pytest.raises(UserError, match=r"^s\.jpg takes more than 8 seconds to decode"):
        open_image(jpeg_of_many_scans(3000, 500), name="s.jpg")
    assert time.thread_time() - began_s < PROCESSOR_S / 4


def test_whoever_does_not_wait_any_more_ends_the_decoding(client: DecoderClient) -> None:
    """GIVEN a file that takes long WHEN its reader leaves THEN its process is ended, at once."""

    def seconds() -> float:
        list(client.images(write(subjects()["pages"]), "n.pdf", what="pages"))
        ((child, _),) = client._idle
        found = client.images(write(subjects()["pages"]), "n.pdf", what="pages")
        next(found)
        assert client._idle == []  # it is at work
        began_s = time.monotonic()
        found.close()  # type: ignore[attr-defined]
        took_s = time.monotonic() - began_s
        assert not child.is_running
        assert client._idle == []
        return took_s

    assert best_s(seconds, 2) < 2
