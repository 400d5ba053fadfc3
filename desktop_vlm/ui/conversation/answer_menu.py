"""What can be done with a whole answer: one declaration each, for the menu beside it and for its context menu."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop_vlm.history.details import is_read_out
from desktop_vlm.history.records import Message
from desktop_vlm.ui.markdown.rich_copy import json_code


@dataclass(frozen=True)
class AnswerEntry:
    """An entry.

    Attributes:
        id: what its handler goes by; see `AnswerActions`.
        label: what the menu calls it; `tr` is applied where it is shown.
        offered: whether it is there for an answer.
        after_line: whether a line parts it from those before.
    """

    id: str
    label: str
    offered: Callable[[Message], bool] = lambda _message: True
    after_line: bool = False


def _holds_json(message: Message) -> bool:
    return json_code(message.text) is not None


ANSWER_ENTRIES = (
    AnswerEntry("copy", "Copy with formatting", lambda message: not is_read_out(message)),
    AnswerEntry("copy-markdown", "Copy as Markdown"),
    AnswerEntry("copy-csv", "Copy as CSV", _holds_json),
    AnswerEntry("save-csv", "Save as CSV…", _holds_json),
    AnswerEntry("save", "Save text…", after_line=True),
    AnswerEntry("export-markdown", "Export as Markdown with pictures…"),
    AnswerEntry("export-html", "Export as web page…"),
    AnswerEntry("export-pdf", "Export as PDF…"),
    AnswerEntry("print", "Print…"),
)


def shown_label(entry: AnswerEntry) -> str:
    """In the person's language."""
    return QCoreApplication.translate("answer_menu", entry.label)
