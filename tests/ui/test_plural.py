"""Each number gets its own form of the words, and a translation is given the number."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QCoreApplication, QTranslator
from PySide6.QtWidgets import QApplication

from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.ui.assistant.sight import left_out_sentence
from desktop_vlm.ui.models.sentences import last_used_text
from desktop_vlm.ui.plural import plural
from desktop_vlm.ui.redaction.sentences import chip_text


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


def test_sentences_for_one_and_for_several(qapp: QApplication) -> None:
    assert qapp is not None
    now = datetime(2026, 3, 9, 12, tzinfo=UTC)
    several = Capabilities("qwen25vl", max_images=3)
    assert [
        left_out_sentence(several, 1),
        left_out_sentence(several, 2),
        left_out_sentence(None, 1),
        left_out_sentence(None, 2),
        chip_text(1),
        chip_text(2),
        last_used_text("2026-03-08T12:00:00+00:00", now),
        last_used_text("2026-03-06T12:00:00+00:00", now),
    ] == [
        "The model takes at most 3 pictures, so the oldest is left out.",
        "The model takes at most 3 pictures, so the oldest 2 are left out.",
        "An earlier picture is left out so that text stays readable; switch it on at the right.",
        "2 earlier pictures are left out so that text stays readable; switch them on at the right.",
        "1 private",
        "2 private",
        "used yesterday",
        "used 3 days ago",
    ]
