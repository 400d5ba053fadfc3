"""What is done with conversations and their last answer: deleting, exporting, answering again, copying."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop_vlm.export import EXPORTERS, Instead, export, free_path, suggested_name
from desktop_vlm.history.records import MessageState
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.redaction.export_check import ExportCheck, Found, covered
from desktop_vlm.ui.widgets.file_dialogs import ask_folder, ask_save
from desktop_vlm.ui.widgets.toast import Toast

_SEVERAL = "markdown"
"""The format of several conversations at once."""


class ConversationActions(QObject):
    """Actions on conversations, and on the last answer of the open one."""

    def __init__(self, window: QWidget, services: Services, toast: Toast) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._assistant = services.assistant
        self._toast = toast
        self._background = Background(self)
        self.export_check = ExportCheck(window, services)

    def delete(self, ids: Sequence[int]) -> None:
        """Delete one or several, with a way back."""
        assistant = self._assistant
        assistant.delete(*ids)
        one, several = self.tr("Conversation deleted"), self.tr("{0} conversations deleted").format(len(ids))
        self._toast.say(one if len(ids) == 1 else several, self.tr("Undo"), lambda: assistant.restore(*ids))

    def export(self, conversation_id: int, exporter: str, title: str) -> None:
        """Write a conversation to a file that the person names, after asking about private text in its pictures."""
        self.export_check.start(
            conversation_id,
            all_versions=EXPORTERS[exporter].all_versions,
            then=partial(self._export, conversation_id, exporter, title),
        )

    def _export(self, conversation_id: int, exporter: str, title: str, hidden: Found) -> None:
        suggested = suggested_name(title, exporter)
        folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        kind = EXPORTERS[exporter]
        pattern = f"{kind.label} (*{kind.suffix})"
        file = ask_save(self._window, self.tr("Export"), str(folder / suggested), pattern)
        if file is None:
            return

        def write(instead: dict[str, Instead]) -> None:
            self._services.history.call(
                lambda history: export(history, conversation_id, exporter, file, instead),
                lambda path: self._toast.say(self.tr("Exported to {0}").format(path)),
            )

        files = {sha256: self._services.library.data(sha256) for sha256 in hidden}
        self._background.run(partial(covered, hidden, files), write, self._toast.say)

    def export_several(self, titles: Mapping[int, str]) -> None:
        """Write conversations, by their titles, as files into a folder that the person chooses."""
        then = partial(self._export_several, dict(titles))
        self.export_check.start(*titles, all_versions=EXPORTERS[_SEVERAL].all_versions, then=then)

    def _export_several(self, titles: Mapping[int, str], hidden: Found) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        chosen = ask_folder(self._window, self.tr("Export {0} conversations into").format(len(titles)), folder)
        if chosen is None:
            return

        def write(instead: dict[str, Instead]) -> None:
            self._services.history.call(
                lambda history: [
                    export(history, one, _SEVERAL, free_path(chosen, title, _SEVERAL), instead)
                    for one, title in titles.items()
                ],
                lambda files: self._toast.say(self.tr("{0} conversations exported to {1}").format(len(files), chosen)),
            )

        files = {sha256: self._services.library.data(sha256) for sha256 in hidden}
        self._background.run(partial(covered, hidden, files), write, self._toast.say)

    def regenerate_last(self) -> None:
        """Answer the last question again; the other answers stay."""
        if self._assistant.messages and self._assistant.messages[-1].role == "assistant":
            self._assistant.regenerate(self._assistant.messages[-1].id)

    def copy_last_answer(self) -> None:
        """Put the last answer on the clipboard."""
        answers = [
            message.text
            for message in self._assistant.messages
            if message.role == "assistant" and message.text and message.state is not MessageState.STREAMING
        ]
        if answers:
            QGuiApplication.clipboard().setText(answers[-1])
            self._toast.say(self.tr("Answer copied"))

    def step_version(self, step: int) -> None:
        """Go to another version of the last message that has several."""
        for message in reversed(self._assistant.messages):
            if len(message.siblings) > 1:
                at = message.siblings.index(message.id) + step
                if 0 <= at < len(message.siblings):
                    self._assistant.switch_to(message.siblings[at])
                return


def exporters() -> list[tuple[str, str]]:
    """(id, label) of every format."""
    return [(key, one.label) for key, one in EXPORTERS.items()]
