"""What is done with conversations and their last answer: deleting, exporting, answering again, copying."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QObject, QStandardPaths
from PySide6.QtPrintSupport import QPrinter
from PySide6.QtWidgets import QWidget

from desktop_vlm.export import (
    EXPORTERS,
    Watch,
    conversation_page,
    export,
    free_path,
    page_writers,
    safe_name,
    suggested_name,
    write_text,
)
from desktop_vlm.history.records import MessageState
from desktop_vlm.history.views import Instead, Replacing, Source
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.markdown import rich_copy
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.pictures.marked_source import MarkedSource
from desktop_vlm.ui.plural import plural
from desktop_vlm.ui.printing.dialog import ask_printer
from desktop_vlm.ui.printing.paper import draw, write_pdf
from desktop_vlm.ui.redaction.export_check import ExportCheck, Found, covered
from desktop_vlm.ui.widgets.file_dialogs import ask_folder, ask_save
from desktop_vlm.ui.widgets.toast import Toast
from desktop_vlm.ui.window.export_job import ExportJob

PRINT = "print"
"""What stands beside the keys of `EXPORTERS` in menus."""

T = TypeVar("T")

if write_pdf not in page_writers:
    page_writers.append(write_pdf)

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
        self.job: ExportJob | None = None

    def delete(self, ids: Sequence[int]) -> None:
        """Delete one or several, with a way back."""
        assistant = self._assistant
        assistant.delete(*ids)
        words = plural("ConversationActions", len(ids), "Conversation deleted", "{n} conversations deleted")
        self._toast.say(words, self.tr("Undo"), lambda: assistant.restore(*ids))

    def export(self, conversation_id: int, exporter: str, title: str, only: int | None = None) -> None:
        """Write a conversation, or one message of it, to a file that the person names, or print it.

        Before that they are asked about private text in its pictures.
        """
        is_print = exporter == PRINT
        self.export_check.start(
            conversation_id,
            all_versions=not is_print and EXPORTERS[exporter].all_versions,
            then=partial(self._print, conversation_id, only)
            if is_print
            else partial(self._export, conversation_id, exporter, title, only),
        )

    def _print(self, conversation_id: int, only: int | None, hidden: Found) -> None:
        def chosen(printer: QPrinter) -> None:
            self._start_with_covered(
                hidden,
                self.tr("Print"),
                partial(_draw_on, printer, conversation_id, only),
                lambda _sheets: self._toast.say(self.tr("Sent to the printer")),
            )

        ask_printer(self._window, chosen)

    def _start_with_covered(
        self,
        hidden: Found,
        title: str,
        work: Callable[[Mapping[str, Instead], Source, Watch], T],
        done: Callable[[T], None],
    ) -> None:
        """Do it in a thread, with the pictures of which something is to be hidden covered."""

        def start(instead: dict[str, Instead]) -> None:
            self.job = ExportJob(self._window, self._services.history, title)
            self.job.start(partial(work, instead), done, self._toast.say)

        files = {sha256: self._services.library.data(sha256) for sha256 in hidden}
        self._background.run(partial(covered, hidden, files), start, self._toast.say)

    def _export(self, conversation_id: int, exporter: str, title: str, only: int | None, hidden: Found) -> None:
        suggested = suggested_name(title, exporter)
        folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        kind = EXPORTERS[exporter]
        pattern = f"{kind.label} (*{kind.suffix})"
        file = ask_save(self._window, self.tr("Export"), str(folder / suggested), pattern)
        if file is None:
            return

        self._start_with_covered(
            hidden,
            self.tr("Export"),
            partial(_write, conversation_id, exporter, file, only),
            lambda path: self._toast.say(self.tr("Exported to {0}").format(path)),
        )

    def save_text(self, text: str, title: str, suffix: str, label: str, advice: str = "") -> None:
        """Write a text to a file that the person names; `advice` is what there is to say about it."""
        folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        name = safe_name(title, "answer") + suffix
        file = ask_save(self._window, self.tr("Save"), str(folder / name), f"{label} (*{suffix})")
        if file is not None:
            saved = " ".join(filter(None, (self.tr("Saved to {0}.").format(file), advice)))
            self._background.run(partial(write_text, file, text), lambda _none: self._toast.say(saved), self._toast.say)

    def export_several(self, titles: Mapping[int, str]) -> None:
        """Write conversations, by their titles, as files into a folder that the person chooses."""
        then = partial(self._export_several, dict(titles))
        self.export_check.start(*titles, all_versions=EXPORTERS[_SEVERAL].all_versions, then=then)

    def _export_several(self, titles: Mapping[int, str], hidden: Found) -> None:
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        chosen = ask_folder(
            self._window,
            plural("ConversationActions", len(titles), "Export 1 conversation into", "Export {n} conversations into"),
            folder,
        )
        if chosen is None:
            return

        def write(instead: dict[str, Instead]) -> None:
            self._services.history.call(
                lambda history: [
                    export(MarkedSource(history, instead), one, _SEVERAL, free_path(chosen, title, _SEVERAL), instead)
                    for one, title in titles.items()
                ],
                lambda files: self._toast.say(
                    plural(
                        "ConversationActions",
                        len(files),
                        "1 conversation exported to {0}",
                        "{n} conversations exported to {0}",
                    ).format(chosen)
                ),
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
            rich_copy.put(rich_copy.answer(answers[-1]))
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
    """(id, label) of every format, and of printing."""
    printing = QCoreApplication.translate("ConversationActions", "Print…")
    return [*((key, one.label) for key, one in EXPORTERS.items()), (PRINT, printing)]


def _write(
    conversation_id: int,
    exporter: str,
    file: Path,
    only: int | None,
    instead: Mapping[str, Instead],
    source: Source,
    watch: Watch,
) -> Path:
    seen = source if EXPORTERS[exporter].all_versions else MarkedSource(source, instead)
    return export(seen, conversation_id, exporter, file, instead, only=only, watch=watch)


def _draw_on(
    printer: QPrinter,
    conversation_id: int,
    only: int | None,
    instead: Mapping[str, Instead],
    source: Source,
    watch: Watch,
) -> int:
    marked = MarkedSource(source, instead)
    seen = Replacing(marked, instead) if instead else marked
    return draw(conversation_page(seen, conversation_id, only, watch), seen.picture, printer)
