"""PDF and paper: what stands on the pages, light whatever the theme, in pieces that can be stopped."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QPageLayout
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QApplication

from desktop_vlm.api.errors import UserError
from desktop_vlm.export import export, page_writers
from desktop_vlm.history import History
from desktop_vlm.history.views import Instead
from desktop_vlm.markdown.page import Page, Section
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.printing.paper import draw, usual_layout, write_pdf
from desktop_vlm.ui.theme import Theme, ThemeChoice

page_writers[:] = page_writers or [write_pdf]

MakePicture = Callable[..., NewPicture]

ANSWER = (
    "## A heading\n\nSome **bold** text with $x^2$.\n\n- one\n- two\n\n```python\nprint(1)\n```\n\n"
    "| a | b |\n|---|---|\n| 1 | <script> |\n\n$$\\frac{a}{b}$$\n"
)


def section(text: str, *, is_verbatim: bool = False) -> Section:
    return Section("Assistant", False, (), text, is_verbatim)


def pages(data: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(data)
    return [page.get_textpage().get_text_range() for page in document]


def written(*sections: Section, title: str = "Title") -> bytes:
    file = io.BytesIO()
    write_pdf(Page(title, len(sections), sections), lambda _sha256: b"", file)
    return file.getvalue()


def test_what_was_said_stands_on_the_page(qapp: QApplication) -> None:  # noqa: ARG001
    [text] = pages(written(section(ANSWER)))
    for word in ("Title", "A heading", "Some bold text with", "one", "two", "print(1)", "<script>"):
        assert word in text


def test_a_long_conversation_takes_several_numbered_pages_and_loses_no_line(qapp: QApplication) -> None:  # noqa: ARG001
    lines = [f"line {number}." for number in range(400)]
    found = pages(written(section("\n\n".join(lines[:200])), section("\n".join(lines[200:]), is_verbatim=True)))
    assert len(found) > 4
    text = "\n".join(found)
    assert [line for line in lines if text.count(line) != 1] == []
    # The number is drawn first; whether its digits are read as one word depends on the fonts of the system.
    assert [n for n, page in enumerate(found, 1) if not "".join(page.split()).startswith(str(n))] == []


def test_pages_are_light_in_the_dark_theme(theme: Theme) -> None:
    theme.apply_now(ThemeChoice.DARK, theme.text_px)
    page = pypdfium2.PdfDocument(written(section(ANSWER)))[0]
    image = page.render(scale=1).to_pil().convert("L")
    histogram = image.histogram()
    assert image.getpixel((2, 2)) == 255
    assert sum(histogram[200:]) > 0.9 * image.width * image.height
    assert sum(histogram[:90]) > 0  # and the text is dark


def test_images_are_on_the_page_and_what_is_hidden_is_not(
    qapp: QApplication,  # noqa: ARG001
    tmp_path: Path,
    picture: MakePicture,
) -> None:
    with History(tmp_path / "history.db") as history:
        made = history.create_conversation("Customer bob@example.com")
        red, blue = picture("#ff0000"), picture("#0000ff")
        shown = history.add_picture(red.data, name=red.name, width=red.width, height=red.height)
        question = history.add_message(made, None, "user", "Who?", pictures=[shown])
        history.add_message(made, question.id, "assistant", "It is bob@example.com.")

        def colors(instead: dict[str, Instead] | None) -> tuple[set[tuple[int, ...]], str]:
            file = export(history, made, "pdf", tmp_path / "x.pdf", instead)
            document = pypdfium2.PdfDocument(file.read_bytes())
            image = document[0].render(scale=1).to_pil().convert("RGB")
            pure = {tuple(round(part / 255) for part in color) for _, color in image.getcolors(100_000)}
            return pure, pages(file.read_bytes())[0]

        found, text = colors(None)
        assert (1, 0, 0) in found
        assert "bob@example.com" in text
        found, text = colors({shown: Instead(blue.data, ("bob@example.com",))})
        assert (0, 0, 1) in found
        assert (1, 0, 0) not in found
        assert "bob" not in text


def test_a_printer_gets_the_same_pages(qapp: QApplication, tmp_path: Path) -> None:  # noqa: ARG001
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    printer.setPageLayout(usual_layout())
    sheets = draw(Page("Title", 1, [section("\n\n".join(f"line {n}." for n in range(150)))]), lambda _: b"", printer)
    found = pages((tmp_path / "printed.pdf").read_bytes())
    assert len(found) == sheets > 1
    assert "line 149." in found[-1]


def test_paper_too_small_for_anything_is_no_endless_work(qapp: QApplication, tmp_path: Path) -> None:  # noqa: ARG001
    printer = QPrinter(QPrinter.PrinterMode.ScreenResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    layout = usual_layout()
    layout.setMode(QPageLayout.Mode.FullPageMode)
    layout.setMargins(QMarginsF(0, 0, 0, 0))
    printer.setPageLayout(layout)
    assert draw(Page("Title", 1, [section("text")]), lambda _: b"", printer) == 1


def test_what_stops_it_leaves_no_file(qapp: QApplication, tmp_path: Path) -> None:  # noqa: ARG001
    with History(tmp_path / "history.db") as history:
        made = history.create_conversation("Long")
        history.add_message(made, None, "user", "Who?")

        def stop(_at: int, _of: int) -> None:
            raise UserError("Stopped.")

        out = tmp_path / "out"
        out.mkdir()
        with pytest.raises(UserError, match="Stopped"):
            export(history, made, "pdf", out / "x.pdf", watch=stop)
        assert list(out.iterdir()) == []
