"""Drops and pastes as other programs really make them."""

from __future__ import annotations

import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QUrl
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from desktop_vlm.ui.pictures.intake import MAX_AT_ONCE, Intake, NewPicture, can_read, read_mime, read_paths
from desktop_vlm.ui.pictures.page_picker import PagePicker, PageQuestion
from desktop_vlm.ui.pictures.sources import BytesSource, Source, picture_beside_text, prefers_text
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.question_field import QuestionField
from tests.ui.pictures.picture_files import data_url, encoded, pdf, picture, png

Asked = Callable[..., tuple[list[PageQuestion], list[NewPicture], list[str]]]
Took = Callable[[list[Source]], tuple[list[NewPicture], list[str]]]


@pytest.fixture
def took(qtbot: QtBot) -> Took:
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


def mime_of(**forms: bytes) -> QMimeData:
    mime = QMimeData()
    for kind, data in forms.items():
        mime.setData(kind.replace("__", "/").replace("_", "-"), data)
    return mime


# --- empty forms


def test_the_next_form_is_taken_when_the_first_is_empty(took: Took) -> None:
    mime = mime_of(image__png=b"", image__jpeg=b"", image__bmp=png(30, 20))
    (picture,), sentences = took(read_mime(mime))
    assert ((picture.width, picture.height), sentences) == ((30, 20), [])


def test_html_is_taken_when_the_image_is_empty(took: Took) -> None:
    mime = mime_of(image__png=b"", text__html=f'<IMG src="{data_url(png(12, 8))}">'.encode())
    (picture,), _ = took(read_mime(mime))
    assert (picture.width, picture.height) == (12, 8)


def test_the_image_is_taken_when_the_file_is_gone(tmp_path: Path, took: Took) -> None:
    mime = mime_of(image__png=png(30, 20))
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / "gone.png"))])
    (picture,), sentences = took(read_mime(mime))
    assert ((picture.width, picture.height), sentences) == ((30, 20), [])


def test_nothing_but_empty_forms_is_said(took: Took) -> None:
    assert took(read_mime(mime_of(image__png=b"", image__tiff=b""))) == (
        [],
        ["The clipboard names a picture but gives none; copy it again."],
    )


# --- addresses


@pytest.mark.parametrize("start", ["file://", "file://localhost", "file://LOCALHOST", "file:", "FILE://"])
def test_every_way_to_write_the_address_of_a_file(tmp_path: Path, took: Took, start: str) -> None:
    (tmp_path / "a b%.png").write_bytes(png(30, 20))
    mime = mime_of(text__uri_list=f"{start}{tmp_path}/a%20b%25.png\r\n".encode())
    assert can_read(mime)
    (picture,), _ = took(read_mime(mime))
    assert (picture.name, picture.width) == ("a b%.png", 30)


@pytest.mark.parametrize("written", [b"caf%E9.png", b"caf%e9.png"])
@pytest.mark.parametrize("on_disk", [b"caf\xe9.png", b"caf\xc3\xa9.png"])
def test_names_in_latin_1(tmp_path: Path, took: Took, written: bytes, on_disk: bytes) -> None:
    (tmp_path / os.fsdecode(on_disk)).write_bytes(png(30, 20))
    mime = mime_of(text__uri_list=b"file://" + os.fsencode(tmp_path) + b"/" + written)
    (picture,), sentences = took(read_mime(mime))
    assert (picture.width, sentences) == (30, [])


def test_a_file_of_another_computer_is_refused_plainly(took: Took) -> None:
    assert took(read_mime(mime_of(text__uri_list=b"file://nas/photos/a.png"))) == (
        [],
        ["This file is on another computer (nas); copy it to this one first."],
    )


# --- folders


def test_a_folder_gives_its_pictures_in_the_order_people_count(tmp_path: Path, took: Took) -> None:
    folder = tmp_path / "holiday.2024"
    folder.mkdir()
    for number in (10, 2, 1):
        (folder / f"p{number}.png").write_bytes(png(number, 5))
    (folder / "notes.txt").write_text("no picture")
    (folder / ".hidden.png").write_bytes(png(9, 9))
    (folder / "deeper.png").mkdir()
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(folder))])
    assert can_read(mime)
    pictures, sentences = took(read_mime(mime))
    assert [picture.name for picture in pictures] == ["p1.png", "p2.png", "p10.png"]
    assert sentences == ["3 pictures of the folder holiday.2024 were added."]


def test_a_large_folder_is_bounded_and_an_empty_one_said(tmp_path: Path, took: Took) -> None:
    full, empty = tmp_path / "full", tmp_path / "empty"
    full.mkdir()
    empty.mkdir()
    for number in range(MAX_AT_ONCE + 3):
        (full / f"{number}.png").write_bytes(png(number + 1, 5))
    pictures, sentences = took(read_paths([full, empty]))
    assert [picture.width for picture in pictures] == list(range(1, MAX_AT_ONCE + 1))
    assert sentences == [
        f"full holds {MAX_AT_ONCE + 3} pictures; the first {MAX_AT_ONCE} were added.",
        "There is no picture in the folder empty.",
    ]


# --- pages


def test_pages_of_a_tiff(tmp_path: Path, took: Took) -> None:
    pages = [Image.new("RGB", (20 + number, 10)) for number in range(3)]
    pages[0].save(tmp_path / "scan.tif", save_all=True, append_images=pages[1:])
    pictures, sentences = took(read_paths([tmp_path / "scan.tif"]))
    assert [(one.name, one.width) for one in pictures] == [
        ("scan.tif, page 1", 20),
        ("scan.tif, page 2", 21),
        ("scan.tif, page 3", 22),
    ]
    assert sentences == []


def test_an_animation_says_that_it_moves(tmp_path: Path, took: Took) -> None:
    frames = [Image.new("RGB", (20, 10), (number * 90, 0, 0)) for number in range(3)]
    frames[0].save(tmp_path / "a.gif", save_all=True, append_images=frames[1:])
    (picture,), sentences = took(read_paths([tmp_path / "a.gif"]))
    assert (picture.name, sentences) == ("a.gif", ["a.gif has 3 frames; frame 1 is used."])


def locked_pdf(password: str) -> bytes:
    """A PDF of two empty pages, encrypted as the standard's revision 2 has it (40 bits of RC4)."""
    import hashlib

    pad = bytes.fromhex("28BF4E5E4E758A4164004E56FFFA01082E2E00B6D0683E802F0CA9FE6453697A")

    def rc4(key: bytes, data: bytes) -> bytes:
        state = list(range(256))
        j = 0
        for i in range(256):
            j = (j + state[i] + key[i % len(key)]) % 256
            state[i], state[j] = state[j], state[i]
        out, i, j = bytearray(), 0, 0
        for byte in data:
            i = (i + 1) % 256
            j = (j + state[i]) % 256
            state[i], state[j] = state[j], state[i]
            out.append(byte ^ state[(state[i] + state[j]) % 256])
        return bytes(out)

    padded = (password.encode() + pad)[:32]
    owner = rc4(hashlib.md5(padded).digest()[:5], padded)
    number = b"0123456789abcdef"
    key = hashlib.md5(padded + owner + (0xFFFFFFFC).to_bytes(4, "little") + number).digest()[:5]
    user = rc4(key, pad)
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 144 72] >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 144] >>",
        f"<< /Filter /Standard /V 1 /R 2 /O <{owner.hex()}> /U <{user.hex()}> /P -4 >>",
    ]
    out = io.BytesIO(b"%PDF-1.4\n")
    out.seek(0, 2)
    places = []
    for count, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{count} 0 obj\n{body}\nendobj\n".encode())
    start = out.tell()
    out.write(b"xref\n0 6\n0000000000 65535 f \n" + b"".join(f"{place:010} 00000 n \n".encode() for place in places))
    ids = number.hex()
    trailer = f"trailer << /Size 6 /Root 1 0 R /Encrypt 5 0 R /ID [<{ids}> <{ids}>] >>\nstartxref\n{start}\n%%EOF"
    out.write(trailer.encode())
    return out.getvalue()


@pytest.fixture
def asked(qtbot: QtBot, tmp_path: Path) -> Asked:
    """A PDF, and the answers that are given -> what was asked, what came, what was said."""

    def take(
        data: bytes, *answers: str | tuple[int, ...] | None
    ) -> tuple[list[PageQuestion], list[NewPicture], list[str]]:
        (tmp_path / "report.pdf").write_bytes(data)
        intake = Intake()
        intake.asks = True
        questions: list[PageQuestion] = []
        pictures: list[NewPicture] = []
        sentences: list[str] = []
        left = list(answers)

        def reply(question: PageQuestion) -> None:
            questions.append(question)
            intake.answer(question, left.pop(0))

        intake.asked.connect(reply)
        intake.ready.connect(pictures.append)
        intake.refused.connect(sentences.append)
        with qtbot.waitSignal(intake.busy_changed, check_params_cb=lambda busy: not busy):
            intake.take(read_paths([tmp_path / "report.pdf"]))
        assert not left
        return questions, pictures, sentences

    return take


def test_pages_of_a_pdf_are_chosen(
    asked: Asked,
) -> None:
    (question,), pictures, sentences = asked(pdf(12), (12, 3))
    assert (question.name, question.count) == ("report.pdf", 12)
    assert [picture.name for picture in pictures] == ["report.pdf, page 12", "report.pdf, page 3"]
    assert [picture.page and picture.page.number for picture in pictures] == [12, 3]
    assert sentences == []


def tiff(pages: int) -> bytes:
    sheets = [picture(40 + number, 30) for number in range(pages)]
    return encoded(sheets[0], "TIFF", save_all=True, append_images=sheets[1:])


def animation(kind: str, colours: list[tuple[int, int, int, int]]) -> bytes:
    frames = [Image.new("RGBA", (16, 12), colour) for colour in colours]
    options: dict[str, object] = {"disposal": 2} if kind == "GIF" else {"lossless": True} if kind == "WEBP" else {}
    return encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100, **options)


def test_pages_of_a_tiff_are_chosen(asked: Asked) -> None:
    (question,), pictures, sentences = asked(tiff(4), (4, 2))
    assert (question.count, question.frame) == (4, 0)
    assert [(one.name, one.width) for one in pictures] == [("report.pdf, page 4", 43), ("report.pdf, page 2", 41)]
    assert sentences == []
    assert asked(tiff(1))[0] == []


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_other_frames_of_an_animation_are_offered(qtbot: QtBot, kind: str) -> None:
    data = animation(kind, [(255, 0, 0, 255), (0, 255, 0, 255), (0, 0, 255, 255)])
    intake = Intake()
    intake.asks = True
    pictures: list[NewPicture] = []
    intake.ready.connect(pictures.append)
    offers: list[tuple[str, PageQuestion]] = []
    intake.offered.connect(lambda sentence, question: offers.append((sentence, question)))
    with qtbot.waitSignal(intake.busy_changed, check_params_cb=lambda busy: not busy):
        intake.take([BytesSource(data, "moving")])
    ((sentence, question),) = offers
    assert sentence == "moving is an animation of 3 frames; frame 1 was added."
    assert (pictures[0].data, pictures[0].sha256) == (data, question.taken)
    with qtbot.waitSignal(intake.busy_changed, check_params_cb=lambda busy: not busy):
        intake.answer(question, (2, 3))
    assert [one.name for one in pictures[1:]] == ["moving, frame 2", "moving, frame 3"]
    shown = [Image.open(io.BytesIO(one.data)).convert("RGB").getpixel((0, 0)) for one in pictures[1:]]
    assert shown == [(0, 255, 0), (0, 0, 255)]
    intake.answer(question, None)  # and it may be left as it is
    assert not intake.busy


def test_what_the_model_sees_white_is_said(took: Took) -> None:
    (shown,), sentences = took([BytesSource(encoded(Image.new("RGBA", (9, 9), (1, 2, 3, 40))), "logo.png")])
    assert (shown.width, shown.height) == (9, 9)
    assert sentences == ["logo.png is transparent in places; the model sees white there."]


def test_frames_are_suggested_from_beginning_to_end(qtbot: QtBot, theme: Theme) -> None:
    picker = PagePicker(PageQuestion(b"", "moving.gif", 31, frame=1, taken="x"), theme)
    qtbot.addWidget(picker)
    assert picker.answer == (1, 11, 21, 31)


def test_one_page_needs_no_question_and_none_can_be_chosen(
    asked: Asked,
) -> None:
    questions, (picture,), _ = asked(pdf(1))
    assert (questions, picture.name) == ([], "report.pdf, page 1")
    assert asked(pdf(2), None)[1:] == ([], [])


def test_a_password_is_asked_for_until_it_is_right(
    asked: Asked,
) -> None:
    questions, (picture,), sentences = asked(locked_pdf("sesame"), "wrong", "sesame", (2,))
    assert [(one.count, one.was_wrong) for one in questions] == [(0, False), (0, True), (2, False)]
    assert (picture.name, picture.width, picture.height, sentences) == ("report.pdf, page 2", 150, 300, [])


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("1-10", tuple(range(1, 11))),
        ("3, 1", (3, 1)),
        ("2 – 4", (2, 3, 4)),  # noqa: RUF001 - as people type it
        ("1-11", None),
        ("13", None),
        ("0", None),
        ("", None),
        ("all", None),
    ],
)
def test_what_can_be_typed_for_pages(qtbot: QtBot, theme: Theme, typed: str, answer: tuple[int, ...] | None) -> None:
    picker = PagePicker(PageQuestion(b"", "report.pdf", 12), theme)
    qtbot.addWidget(picker)
    picker.field.setText(typed)
    assert picker.answer == answer
    assert picker.add.isEnabled() == (answer is not None)


# --- text and a picture of it


def test_office_pastes_text_and_offers_its_picture(qtbot: QtBot, took: Took) -> None:
    mime = mime_of(text__html=b"<table><tr><td>7</td></tr></table>")
    mime.setText("Total\t7")
    image = QImage(40, 20, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    mime.setImageData(image)
    field = QuestionField(can_read, prefers_text)
    qtbot.addWidget(field)
    with qtbot.waitSignal(field.pasted_text) as beside, qtbot.assertNotEmitted(field.pasted):
        field.insertFromMimeData(mime)
    assert field.toPlainText() == "Total\t7"
    assert beside.args is not None
    (picture,), _ = took(picture_beside_text(beside.args[0]))
    assert (picture.width, picture.height) == (40, 20)


def test_mere_text_offers_nothing(qtbot: QtBot) -> None:
    mime = QMimeData()
    mime.setText("Total")
    field = QuestionField(can_read, prefers_text)
    qtbot.addWidget(field)
    with qtbot.assertNotEmitted(field.pasted_text):
        field.insertFromMimeData(mime)
    assert picture_beside_text(mime) == []
