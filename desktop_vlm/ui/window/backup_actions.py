"""Backing up everything into one file, and bringing it back, while the window is open."""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QTimer, Signal
from PySide6.QtWidgets import QWidget

from desktop_vlm.api.errors import Cancelled, UserError
from desktop_vlm.backup import Contents, Restored, read_manifest, restore_files, unpack, write_archive
from desktop_vlm.backup.archive import ACTIONS, HISTORY, SETTINGS, SUFFIX
from desktop_vlm.history import History, Scope
from desktop_vlm.system.paths import Paths
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.plural import plural
from desktop_vlm.ui.widgets.file_dialogs import ask_open, ask_save
from desktop_vlm.ui.widgets.toast import Toast
from desktop_vlm.ui.window.backup_dialogs import RestoreQuestion, WorkProgress

_MOST = 10_000_000
_LOOK_EVERY_MS = 100
_COPYING = 0.3
"""Part of a backup's time that the copy of the history takes; the rest is writing it, smaller, into the file."""


class _Work:
    """Work in another thread: how far it is, and whether it shall stop."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.part = 0.0
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()

    def report(self, part: float) -> None:
        """Raises Cancelled."""
        self.part = part
        if self._stopped.is_set():
            raise Cancelled


class BackupActions(QObject):
    """One work at a time.

    Signals:
        restored: settings and quick actions may be others now.
    """

    restored = Signal()

    def __init__(self, window: QWidget, services: Services, toast: Toast) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._toast = toast
        self._background = Background(self)
        self._work: _Work | None = None
        self.progress: WorkProgress | None = None
        self.question: RestoreQuestion | None = None
        self._look = QTimer(self, interval=_LOOK_EVERY_MS)
        self._look.timeout.connect(self._show_part)

    # Out

    def back_up(self) -> None:
        """Write everything into a file that the person names."""
        folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        suggested = str(folder / f"desktop-vlm-backup-{date.today():%Y-%m-%d}{SUFFIX}")
        words = self.tr("Back up everything")
        file = ask_save(self._window, words, suggested, self.tr("Backups (*{0})").format(SUFFIX))
        if file is None or self._work is not None:
            return
        work = self._begin(file.absolute().parent, self.tr("Backing up"))
        if work is None:
            return
        copy = partial(_copy, work)
        self._services.history.call(copy, partial(self._copied, work, file), partial(self._failed, work), quiet=True)

    def _copied(self, work: _Work, file: Path, count: int | None) -> None:
        if count is None:
            self._end(work)
            return
        write = partial(_write, work, file, self._services.paths, count)
        self._background.run(write, partial(self._written, work, file, count), partial(self._failed, work))

    def _written(self, work: _Work, file: Path, count: int, done: bool) -> None:
        self._end(work)
        if done:
            self._toast.say(
                plural(
                    "BackupActions",
                    count,
                    "1 conversation, settings and quick actions are in {0}",
                    "{n} conversations, settings and quick actions are in {0}",
                ).format(file)
            )

    # In

    def restore(self) -> None:
        """Have the person choose a backup, and bring back what it holds."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        pattern = self.tr("Backups (*{0})").format(SUFFIX)
        for file in ask_open(self._window, self.tr("Restore a backup"), folder, pattern):
            self.look_into(file)

    def look_into(self, file: Path) -> None:
        """Ask what to do with a backup."""
        self._background.run(partial(read_manifest, file), partial(self._ask, file), self._toast.say)

    def _ask(self, file: Path, contents: Contents) -> None:
        self.question = RestoreQuestion(contents, self._window)
        self.question.chosen.connect(partial(self._restore, file))
        self.question.finished.connect(self.question.deleteLater)
        self.question.open()

    def _restore(self, file: Path, replace: bool) -> None:
        data = self._services.paths.history_file.parent
        work = self._begin(data, self.tr("Restoring the backup")) if self._work is None else None
        if work is not None:
            then = partial(self._unpacked, work, replace)
            self._background.run(partial(_unpack, work, file), then, partial(self._failed, work))

    def _unpacked(self, work: _Work, replace: bool, done: bool) -> None:
        if not done:
            self._end(work)
            return
        if replace:  # what is asked and written belongs to what is here now
            self._services.assistant.leave_everything()
        take = partial(_take_over, work.folder, self._services.paths, replace)
        self._services.history.call(take, partial(self._taken, work, replace), partial(self._failed, work), quiet=True)

    def _taken(self, work: _Work, replace: bool, result: tuple[int, Restored]) -> None:
        count, files = result
        self._end(work)
        services = self._services
        services.settings.reload()
        services.actions.reload()
        self.restored.emit()
        services.assistant.conversations_changed.emit()
        if replace:
            sentence = self.tr("The backup is restored. What was here before is kept for 30 days.")
        else:
            added = plural("BackupActions", count, "1 conversation", "{n} conversations")
            actions = plural("BackupActions", files.actions, "1 quick action", "{n} quick actions")
            sentence = self.tr("Added: {0}, {1}.").format(added, actions)
        self._toast.say(" ".join([sentence, *files.problems]))

    # Both

    def _begin(self, beside: Path, words: str) -> _Work | None:
        """A folder for what is on its way, and a dialog; None where there can be no folder."""
        try:
            beside.mkdir(parents=True, exist_ok=True)
            folder = Path(tempfile.mkdtemp(dir=beside, prefix=".desktop-vlm-backup-"))
        except OSError as error:
            self._toast.say(self.tr("{0} cannot be written ({1}).").format(beside, error.strerror))
            return None
        work = self._work = _Work(folder)
        self.progress = WorkProgress(words, self._window)
        self.progress.rejected.connect(work.stop)
        self.progress.open()
        self._look.start()
        return work

    def _show_part(self) -> None:
        if self._work is not None and self.progress is not None:
            self.progress.show_part(self._work.part)

    def _end(self, work: _Work) -> None:
        self._look.stop()
        shutil.rmtree(work.folder, ignore_errors=True)
        self._work = None
        progress, self.progress = self.progress, None
        if progress is not None:
            progress.blockSignals(True)
            progress.close()
            progress.deleteLater()

    def _failed(self, work: _Work, sentence: str) -> None:
        self._end(work)
        self._toast.say(sentence)


def _copy(work: _Work, history: History) -> int | None:
    """How many conversations there are; None where it was stopped."""
    copies = _unless_stopped(
        lambda: history.transfer.copy_to(work.folder / HISTORY, lambda part: work.report(_COPYING * part))
    )
    return len(history.conversations(limit=_MOST, scope=Scope.EVERYWHERE)) if copies else None


def _write(work: _Work, file: Path, paths: Paths, count: int) -> bool:
    files = {HISTORY: work.folder / HISTORY, SETTINGS: paths.settings_file, ACTIONS: paths.actions_file}

    def report(part: float) -> None:
        work.report(_COPYING + (1 - _COPYING) * part)

    return _unless_stopped(
        lambda: write_archive(file, files, conversations=count, created_at=time.time(), progress=report)
    )


def _unpack(work: _Work, file: Path) -> bool:
    return _unless_stopped(lambda: unpack(file, work.folder, work.report))


def _unless_stopped(do: Callable[[], object]) -> bool:
    try:
        do()
    except Cancelled:
        return False
    return True


def _take_over(folder: Path, paths: Paths, replace: bool, history: History) -> tuple[int, Restored]:
    """In the history's thread: how many conversations were added, and what became of the files."""
    if replace:
        history.adopt(folder / HISTORY)
        count = 0
    else:
        count = history.transfer.merge(folder / HISTORY)
    try:
        return count, restore_files(folder, paths, replace=replace)
    except UserError as error:  # the conversations are there, and that is to be said
        return count, Restored(problems=(str(error),))
