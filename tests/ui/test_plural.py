"""Each number gets its own form of the words, and a translation is given the number."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

from desktop_vlm.ui.plural import plural


class Polish(QTranslator):
    """Three forms, as Polish has them."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:  # noqa: ARG002
        if context != "Files":
            return source
        few = n % 10 in {2, 3, 4} and n % 100 not in {12, 13, 14}
        return "{n} plik" if n == 1 else "{n} pliki" if few else "{n} plików"


def files(count: int) -> str:
    return plural("Files", count, "1 file", "{n} files")


def test_english_and_a_language_with_three_forms(qapp: QApplication) -> None:
    assert qapp is not None
    assert [files(count) for count in (0, 1, 2, 1234)] == ["0 files", "1 file", "2 files", "1,234 files"]
    polish = Polish()
    QCoreApplication.installTranslator(polish)
    try:
        assert [files(count) for count in (1, 2, 5, 12, 22)] == [
            "1 plik",
            "2 pliki",
            "5 plików",
            "12 plików",
            "22 pliki",
        ]
    finally:
        QCoreApplication.removeTranslator(polish)
