"""A model that is installed: load it, check it, find its files, remove it."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QPoint, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu

from desktop_vlm.api.library import InstalledModel
from desktop_vlm.ui.models.model_row import ModelRow
from desktop_vlm.ui.models.parts import push_button, set_shown, tool_button
from desktop_vlm.ui.models.protocol import Job
from desktop_vlm.ui.models.sentences import about_installed, size_text
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.cards import text_label
from desktop_vlm.ui.widgets.menu import Menu


class InstalledRow(ModelRow):
    """One installed model.

    Attributes:
        model: what is shown.

    Signals:
        load_requested, verify_requested, folder_requested, remove_requested: as they say; the last is confirmed.
    """

    load_requested = Signal()
    verify_requested = Signal()
    folder_requested = Signal()
    remove_requested = Signal()

    def __init__(self, theme: Theme, model: InstalledModel) -> None:
        super().__init__(theme, model.name)
        self.model = model
        self._is_busy = False
        self.load = push_button(self.tr("Load"), self.tr("Load {0}").format(model.name), self.load_requested.emit)
        self.more = tool_button(self.tr("More about {0}").format(model.name), self._open_menu)
        self.icons.put(self.more, "ellipsis")
        self.buttons.addWidget(self.load)
        self.buttons.addWidget(self.more)
        self._confirmation: Confirmation | None = None

    def show_model(self, model: InstalledModel, *, is_loaded: bool, is_loading: bool) -> None:
        """Show what is known of it, and whether it is the one that answers."""
        self.model = model
        self.about.setText(about_installed(model))
        self.show_problem(model.problem)
        words = self.tr("Loaded") if is_loaded else self.tr("Loading…") if is_loading else ""
        self.show_badge(words, "badge-success" if is_loaded else "badge")
        set_shown(self.load, not (is_loaded or is_loading))
        self.load.setEnabled(not model.problem)
        self.setAccessibleDescription(" ".join(filter(None, (words, self.about.text(), model.problem))))

    def show_failure(self, problem: str) -> None:
        """Say that it could not be loaded just now; it may be tried again."""
        self.show_problem(problem)
        self.show_badge(self.tr("Could not be loaded"))
        self.setAccessibleDescription(" ".join(filter(None, (self.about.text(), problem))))

    def show_job(self, job: Job | None) -> None:
        super().show_job(job)
        self._is_busy = job is not None and job.is_open

    def menu(self) -> QMenu:
        """What else can be done with it."""
        menu = Menu(self)
        is_in_library = self.model.is_owned or _is_reference(self.model)
        verify = menu.addAction(self.tr("Check its files"), self.verify_requested.emit)
        menu.addAction(self.tr("Open its folder"), self.folder_requested.emit)
        menu.addSeparator()
        remove = menu.addAction(self.tr("Remove…"), partial(self.ask_before_removing, True))
        for action in (verify, remove):
            action.setEnabled(is_in_library and not self._is_busy)
        return menu

    def ask_before_removing(self, asking: bool) -> None:
        """Ask in the row itself, or stop asking."""
        if self._confirmation is None:
            self._confirmation = Confirmation(self.model)
            self._confirmation.keep.clicked.connect(partial(self.ask_before_removing, False))
            self._confirmation.remove.clicked.connect(self._remove)
            self.add_below(self._confirmation)
        self._confirmation.setVisible(asking)
        (self._confirmation.keep if asking else self.more).setFocus()

    def _open_menu(self) -> None:
        menu = self.menu()
        menu.aboutToHide.connect(menu.deleteLater)
        corner = self.more.mapToGlobal(QPoint(self.more.width(), self.more.height() + 2))
        menu.popup(corner - QPoint(menu.sizeHint().width(), 0))

    def _remove(self) -> None:
        self.ask_before_removing(False)
        self.remove_requested.emit()


class Confirmation(QFrame):
    """Asks whether a model shall really be removed."""

    def __init__(self, model: InstalledModel) -> None:
        super().__init__()
        self.setProperty("kind", "banner-danger")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 10, 10, 10)
        row.setSpacing(8)
        question = self.tr("Remove {0}? Its files are deleted, which frees {1}.")
        if _is_reference(model):
            question = self.tr("Remove {0} from the list? Its files stay where they are.")
        self.keep = push_button(self.tr("Keep"), self.tr("Keep {0}").format(model.name))
        self.remove = push_button(self.tr("Remove"), self.tr("Remove {0}").format(model.name), kind="danger")
        row.addWidget(text_label(question.format(model.name, size_text(model.n_bytes))), 1)
        row.addWidget(self.remove)
        row.addWidget(self.keep)


def _is_reference(model: InstalledModel) -> bool:
    """Whether its files are another program's, and only the entry is ours."""
    return model.origin.kind == "reference"
