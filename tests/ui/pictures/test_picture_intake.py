"""Every form in which pictures come, and the sentence for each that cannot be used."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from desktop_vlm.images.open import OpenedPages, open_pages
from desktop_vlm.ui.pictures import intake as intake_module
from desktop_vlm.ui.pictures import pdf as pdf_module
from desktop_vlm.ui.pictures.intake import Intake, NewPicture, Source, can_read, read_mime, read_paths
from desktop_vlm.ui.pictures.sources import FileSource, prefers_text, refusal
from tests.ui.pictures.picture_files import data_url, encoded, pdf, picture, png

Took = Callable[[list[Source]], tuple[list[NewPicture], list[str]]]


@pytest.fixture
def took(qtbot: QtBot) -> Took:
    """Sources -> what came of them, pictures and sentences, each in order."""

    def take(sources: list[Source]) -> tuple[list[NewPicture], list[str]]:
        intake = Intake()
        pictures: list[NewPicture] = []
        sentences: list[str] = []
        intake.ready.connect(pictures.append)
        intake.refused.connect(sentences.append)
        with qtbot.waitSignal(intake.busy_changed, check_params_cb=lambda busy: not busy):
            intake.take(sources)
        return pictures, sentences

    return take


def mime_of_files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def test_several_files_keep_their_order_and_their_very_bytes(tmp_path: Path, took: Took) -> None:
    files = {
        "b b\u00e9.png": png(800, 600),
        "a.jpg": encoded(picture(320, 200), "JPEG", quality=80),
        "c.webp": encoded(picture(50, 60), "WEBP", lossless=True),
        "d.gif": encoded(picture(31, 17), "GIF"),
    }
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    mime = mime_of_files(*(tmp_path / name for name in files))
    assert can_read(mime)
    pictures, sentences = took(read_mime(mime))
    assert sentences == []
    assert [p.name for p in pictures] == list(files)
    assert [p.data for p in pictures] == list(files.values())
    assert [(p.width, p.height) for p in pictures] == [(800, 600), (320, 200), (50, 60), (31, 17)]


def test_a_broken_file_among_good_ones_costs_only_itself(tmp_path: Path, took: Took) -> None:
    (tmp_path / "first.png").write_bytes(png(seed=1))
    (tmp_path / "cut.png").write_bytes(png(400, 300)[:-300])
    (tmp_path / "last.png").write_bytes(png(seed=3))
    (tmp_path / "folder").mkdir()
    names = ["first.png", "cut.png", "missing.png", "folder", "last.png"]
    pictures, sentences = took(read_paths([tmp_path / name for name in names]))
    assert [p.name for p in pictures] == ["first.png", "last.png"]
    assert sentences == [
        "cut.png is damaged or incomplete; save or download the image again.",
        "missing.png does not exist; check the name or choose the image again.",
        "There is no picture in the folder folder.",
    ]


def test_formats_that_browsers_do_not_show_become_png_of_the_same_pixels(tmp_path: Path, took: Took) -> None:
    image = picture(90, 70)
    image.save(tmp_path / "scan.tiff")
    image.save(tmp_path / "old.bmp")
    pictures, _ = took(read_paths([tmp_path / "scan.tiff", tmp_path / "old.bmp"]))
    for found in pictures:
        kept = Image.open(io.BytesIO(found.data))
        assert kept.format == "PNG"
        assert kept.convert("RGB").tobytes() == image.tobytes()


def test_sizes_are_those_of_the_upright_picture(tmp_path: Path, took: Took) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by 90 degrees
    data = encoded(picture(300, 200), "JPEG", exif=exif)
    (tmp_path / "phone.jpg").write_bytes(data)
    pictures, _ = took(read_paths([tmp_path / "phone.jpg"]))
    assert (pictures[0].width, pictures[0].height) == (200, 300)
    assert pictures[0].data == data


def test_bytes_in_the_clipboard_are_kept_and_win_over_an_address(took: Took) -> None:
    data = png(120, 80)
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/a.png")])
    mime.setHtml('<img src="https://example.org/a.png">')
    mime.setData("image/png", data)
    assert can_read(mime)
    assert took(read_mime(mime)) == ([NewPicture(data, "Pasted picture", 120, 80)], [])


def test_qt_image_becomes_a_png_with_the_same_pixels(took: Took) -> None:
    image = QImage(5, 3, QImage.Format.Format_RGB32)
    for x in range(5):
        for y in range(3):
            image.setPixelColor(x, y, QColor(x * 50, y * 90, 7))
    mime = QMimeData()
    mime.setImageData(image)
    assert can_read(mime)
    pictures, sentences = took(read_mime(mime))
    assert sentences == []
    assert (pictures[0].width, pictures[0].height) == (5, 3)
    kept = Image.open(io.BytesIO(pictures[0].data)).convert("RGB")
    assert [kept.getpixel((x, y)) for x in range(5) for y in range(3)] == [
        (x * 50, y * 90, 7) for x in range(5) for y in range(3)
    ]


def test_html_with_data_urls_gives_each_of_its_pictures(took: Took) -> None:
    first, second = png(40, 30, 1), encoded(picture(20, 10, 2), "JPEG")
    mime = QMimeData()
    mime.setHtml(
        f"<p>See</p><IMG alt='a' src='{data_url(first)}'><img src=\"{data_url(second, 'image/jpeg')}\">"
        '<img src="https://example.org/x.png">'
    )
    assert can_read(mime)
    pictures, sentences = took(read_mime(mime))
    assert [p.data for p in pictures] == [first, second]
    assert len(sentences) == 1
    assert sentences[0].startswith("This is only a link to a picture")


@pytest.mark.parametrize("as_list", [False, True])
def test_a_data_url_as_text_or_as_address(as_list: bool, took: Took) -> None:
    data = png(33, 22)
    mime = QMimeData()
    if as_list:
        mime.setData("text/uri-list", (data_url(data) + "\r\n").encode())
    else:
        url = data_url(data)
        mime.setText(f"  {url[:60]}\n{url[60:]}\n")  # as an editor breaks it
    assert can_read(mime)
    assert not prefers_text(mime)
    pictures, sentences = took(read_mime(mime))
    assert sentences == []
    assert (pictures[0].data, pictures[0].width, pictures[0].height) == (data, 33, 22)


def test_a_cut_off_data_url_is_reported(took: Took) -> None:
    mime = QMimeData()
    mime.setText("data:image/png;base64,!!!")
    assert took(read_mime(mime)) == ([], ["The pasted data: URL is cut off or damaged; copy the picture again."])


def test_addresses_are_not_fetched(took: Took) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl("https://example.org/cat.png")])
    assert not can_read(mime)
    pictures, sentences = took(read_mime(mime))
    assert pictures == []
    assert sentences == [refusal(mime)]
    assert sentences[0] == (
        "This is only a link to a picture, and nothing is fetched from the web. "
        "Copy the picture itself, or save it, then paste or drop it here."
    )


def test_plain_text_is_nothing_for_us() -> None:
    mime = QMimeData()
    mime.setText("data: what I measured\nimage/png")
    assert not can_read(mime)
    assert read_mime(mime) == []
    assert prefers_text(mime)
    assert refusal(mime) == "There is no picture in this."


def test_cells_of_an_office_program_are_meant_as_text() -> None:
    mime = QMimeData()
    mime.setText("a\tb")
    mime.setData("image/png", png())
    assert can_read(mime)
    assert prefers_text(mime)


def test_drags_are_judged_by_suffix_without_opening_files(tmp_path: Path) -> None:
    assert can_read(mime_of_files(tmp_path / "not-there.PNG"))
    assert can_read(mime_of_files(tmp_path / "letter.pdf"))
    assert can_read(mime_of_files(tmp_path / "no-suffix"))
    wrong = mime_of_files(tmp_path / "report.docx")
    assert not can_read(wrong)
    assert refusal(wrong) == "report.docx is not a picture or PDF this app can read."
    assert can_read(mime_of_files(tmp_path / "report.docx", tmp_path / "a.png"))
    assert read_mime(wrong) == [FileSource(tmp_path / "report.docx")]


def test_pages_of_a_pdf_at_150_dots_per_inch(tmp_path: Path, took: Took) -> None:
    (tmp_path / "letter.pdf").write_bytes(pdf(2))
    pictures, sentences = took(read_mime(mime_of_files(tmp_path / "letter.pdf")))
    assert sentences == []
    assert [p.name for p in pictures] == ["letter.pdf, page 1", "letter.pdf, page 2"]
    assert [(p.width, p.height) for p in pictures] == [(876, 1240)] * 2
    for found, seed in zip(pictures, (0, 1), strict=True):
        page = Image.open(io.BytesIO(found.data)).convert("RGB").resize((420, 595))
        original = picture(420, 595, seed).getpixel((3, 300))
        shown = page.getpixel((3, 300))
        assert isinstance(shown, tuple)
        assert isinstance(original, tuple)
        assert all(abs(a - b) < 90 for a, b in zip(shown, original, strict=True))
    assert pictures[0].data != pictures[1].data


def test_of_a_long_pdf_only_the_first_pages(tmp_path: Path, took: Took, monkeypatch: pytest.MonkeyPatch) -> None:
    assert pdf_module.MAX_PAGES == 10
    monkeypatch.setattr(pdf_module, "MAX_PAGES", 2)
    (tmp_path / "book.pdf").write_bytes(pdf(3))
    pictures, sentences = took(read_paths([tmp_path / "book.pdf"]))
    assert [p.name for p in pictures] == ["book.pdf, page 1", "book.pdf, page 2"]
    assert sentences == ["book.pdf has 3 pages; the first 2 were added."]


def test_a_damaged_pdf_is_reported(tmp_path: Path, took: Took) -> None:
    (tmp_path / "bad.pdf").write_bytes(b"%PDF-1.7\nnothing of the kind")
    assert took(read_paths([tmp_path / "bad.pdf"])) == (
        [],
        ["bad.pdf is damaged or not a PDF this app can read; save or export it again."],
    )


def test_a_dropped_collection_is_limited(tmp_path: Path, took: Took, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake_module, "MAX_AT_ONCE", 2)
    for number in range(3):
        (tmp_path / f"{number}.png").write_bytes(png(seed=number))
    pictures, sentences = took(read_paths([tmp_path / f"{number}.png" for number in range(3)]))
    assert [p.name for p in pictures] == ["0.png", "1.png"]
    assert sentences == ["3 files are too many at once; the first 2 are being added."]


def test_what_is_taken_while_busy_comes_after(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "large.png").write_bytes(png(1500, 1200))
    (tmp_path / "small.png").write_bytes(png(8, 8))
    intake = Intake()
    names: list[str] = []
    busy: list[bool] = []
    intake.ready.connect(lambda new: names.append(new.name))
    intake.busy_changed.connect(busy.append)
    intake.take(read_paths([tmp_path / "large.png"]))
    assert intake.busy
    intake.take(read_paths([tmp_path / "small.png"]))
    qtbot.waitUntil(lambda: busy == [True, False])
    assert names == ["large.png", "small.png"]


def test_a_bug_while_reading_ends_in_a_sentence_and_the_next_is_read(
    tmp_path: Path, took: Took, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "a.png").write_bytes(png())
    real = open_pages

    def broken(data: bytes, *, name: str) -> OpenedPages:
        if name == "The pasted picture":
            raise RuntimeError("a bug")
        return real(data, name=name)

    monkeypatch.setattr(intake_module, "open_pages", broken)
    mime = QMimeData()
    mime.setData("image/x-unheard-of", b"123")
    pictures, sentences = took([*read_mime(mime), *read_paths([tmp_path / "a.png"])])
    assert [p.name for p in pictures] == ["a.png"]
    assert sentences[0].startswith("Something went wrong with a picture")
    assert "RuntimeError: a bug" in caplog.text
