"""What `make run` shows where there is no screen."""

from __future__ import annotations

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.service.reader_client import Page, ReaderClient
from tests.ui.text_layer.fake_reader import layer_of
from tools import first_run
from tools.first_run import LARGE_SCREENSHOT, text_of


def test_the_text_of_a_large_screenshot_is_shown_as_it_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    page = Page(1, 1, layer_of([f"line {at}" for at in range(20)]))
    monkeypatch.setattr(ReaderClient, "read", lambda *_: iter([page]))
    heading, *lines, more = text_of(LARGE_SCREENSHOT).splitlines()
    assert heading == "Text:     docs/screenshots/error.png, read by OCR on this computer, without a model"
    assert lines == [f"  line {at}" for at in range(first_run._SHOWN_LINES)]
    assert more == "  (8 more lines: desktop-vlm read docs/screenshots/error.png)"


def test_without_the_extra_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(*_: object) -> object:
        raise UserError("Reading text in images needs the extra.")

    monkeypatch.setattr(ReaderClient, "read", read)
    assert text_of(LARGE_SCREENSHOT) == "Text:     Reading text in images needs the extra."
