"""What is done with a whole answer; see `conversation.answer_menu`."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QMimeData, QObject
from PySide6.QtGui import QGuiApplication

from desktop_vlm.api.errors import UserError
from desktop_vlm.history.records import Message
from desktop_vlm.structured.spreadsheet import Csv, json_rows, to_csv
from desktop_vlm.ui.conversation.pane import ConversationPane
from desktop_vlm.ui.markdown import rich_copy
from desktop_vlm.ui.plural import plural
from desktop_vlm.ui.widgets.toast import Toast
from desktop_vlm.ui.window.conversation_actions import PRINT, ConversationActions


class AnswerActions(QObject):
    """Handles the entries of `ANSWER_ENTRIES`, by id."""

    def __init__(
        self, pane: ConversationPane, conversations: ConversationActions, title: Callable[[], str], toast: Toast
    ) -> None:
        """`title`: of the open conversation."""
        super().__init__(pane)
        self._conversations = conversations
        self._title = title
        self._toast = toast
        self._handlers: dict[str, Callable[[Message], None]] = {
            "copy": lambda message: self._copy(rich_copy.answer(message.text)),
            "copy-markdown": lambda message: self._copy(rich_copy.rich(message.text, "")),
            "copy-csv": self._copy_csv,
            "save-csv": self._save_csv,
            "save": lambda message: conversations.save_text(message.text, title(), ".md", self.tr("Markdown")),
            "export-markdown": lambda message: self._export(message, "markdown"),
            "export-html": lambda message: self._export(message, "html"),
            "export-pdf": lambda message: self._export(message, "pdf"),
            "print": lambda message: self._export(message, PRINT),
        }
        pane.answer_entry_chosen.connect(self.run)

    def run(self, message: Message, entry: str) -> None:
        """Do what an entry says."""
        try:
            self._handlers[entry](message)
        except UserError as error:
            self._toast.say(str(error))

    def _copy(self, copied: QMimeData) -> None:
        rich_copy.put(copied)
        self._toast.say(self.tr("Answer copied"))

    def _export(self, message: Message, exporter: str) -> None:
        self._conversations.export(message.conversation_id, exporter, self._title(), only=message.id)

    def _csv(self, message: Message) -> Csv:
        return to_csv(json_rows(rich_copy.json_code(message.text) or message.text))

    def _copy_csv(self, message: Message) -> None:
        made = self._csv(message)
        QGuiApplication.clipboard().setText(made.text)
        self._toast.say(self._with_guards(self.tr("Copied as CSV"), made))

    def _save_csv(self, message: Message) -> None:
        made = self._csv(message)
        self._conversations.save_text(made.text, self._title(), ".csv", "CSV", self._with_guards("", made))

    def _with_guards(self, sentence: str, made: Csv) -> str:
        """Say which cells were kept from being formulas."""
        if not made.n_guarded:
            return sentence
        said = plural(
            "AnswerActions",
            made.n_guarded,
            "1 cell would have been a formula in a spreadsheet; it has an apostrophe in front now.",
            "{n} cells would have been formulas in a spreadsheet; they have an apostrophe in front now.",
        )
        return f"{sentence}. {said}" if sentence else said
