"""The settings dialog: pages on the right, chosen on the left; changes apply at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QCloseEvent, QShowEvent
from PySide6.QtWidgets import QDialog, QFrame, QHBoxLayout, QLabel, QListWidget, QStackedWidget, QVBoxLayout, QWidget

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.fields import settings_of
from desktop_vlm.settings import ModelSettings, SettingsStore
from desktop_vlm.ui.settings.context import SettingsContext
from desktop_vlm.ui.settings.page import Page
from desktop_vlm.ui.settings.page_about import AboutPage
from desktop_vlm.ui.settings.page_actions import ActionsPage
from desktop_vlm.ui.settings.page_answers import AnswersPage
from desktop_vlm.ui.settings.page_appearance import AppearancePage
from desktop_vlm.ui.settings.page_downloads import DownloadsPage
from desktop_vlm.ui.settings.page_model import ModelPage
from desktop_vlm.ui.settings.page_privacy import PrivacyPage
from desktop_vlm.ui.settings.page_shortcuts import ShortcutsPage
from desktop_vlm.ui.settings.page_text import TextPage
from desktop_vlm.ui.theme import Theme, ThemeChoice, set_kind
from desktop_vlm.ui.widgets.cards import text_label
from desktop_vlm.ui.widgets.on_screen import keep_on_screen
from desktop_vlm.ui.window.shortcuts import taken_keys

_SHOWN_MS = 10
"""In which a dialog comes onto the screen, or the chosen row is marked."""


class SettingsDialog(QDialog):
    """Changes go into the store and its file; the theme follows by itself.

    Attributes:
        pages: those by name: model, downloads, answers, text, appearance, actions, desktop, privacy, shortcuts, about.
            Each is made when it is first asked for, so that the dialog opens at once.

    Signals:
        settings_changed: the `Settings` that are now active.
        model_requested: load this model (`ModelSettings`), which is now in the settings too.
        models_requested: the person wants the model page; the dialog is closed.
        actions_changed: quick actions were edited.
        backup_requested, restore_requested: of everything; the dialog is closed.
        delete_everything_requested: asked for and confirmed.
    """

    settings_changed = Signal(object)
    model_requested = Signal(object)
    models_requested = Signal()
    actions_changed = Signal()
    backup_requested = Signal()
    restore_requested = Signal()
    delete_everything_requested = Signal()

    def __init__(
        self, theme: Theme, store: SettingsStore, context: SettingsContext, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Settings"))
        self._theme = theme
        self._store = store
        self._context = context
        self._entries = self._make_entries()
        self.pages = _Pages(self._make_page, tuple(self._entries))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Pages of the settings"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        set_kind(self.list, "nav")
        self.stack = QStackedWidget()
        for title, _icon, _make in self._entries.values():
            self.list.addItem(title)
        self.banner = text_label("", "error")
        self._lay_out()
        # A turn of the event loop each to make a page, to have it styled, and to show it; before them the dialog itself
        # is shown.
        self._make_soon = QTimer(self, singleShot=True, interval=_SHOWN_MS)
        self._make_soon.timeout.connect(self._make_chosen)
        self._add_soon = QTimer(self, singleShot=True, interval=0)
        self._add_soon.timeout.connect(self._add_chosen)
        self._show_soon = QTimer(self, singleShot=True, interval=0)
        self._show_soon.timeout.connect(self._show_chosen)
        self.list.currentRowChanged.connect(self._choose_row)
        theme.changed.connect(self._follow_theme)
        self._follow_theme()
        self.show_settings()
        self.list.setCurrentRow(0)
        keep_on_screen(self, self.sizeHint())

    def open_page(self, name: str) -> None:
        """Show a page by its name in `pages`."""
        self.list.setCurrentRow(list(self._entries).index(name))

    def show_action(self, id_: str) -> None:
        """Show a quick action to be edited."""
        page = self.pages["actions"]
        assert isinstance(page, ActionsPage)
        page.editor.select(id_)

    def show_settings(self) -> None:
        """Show the store as it is now, with what could not be read."""
        for page in self.pages.made.values():
            page.show_settings(self._store.current)
        self._say("\n".join([*self._store.problems, *self._context.actions.problems]))

    def sizeHint(self) -> QSize:
        return QSize(self._theme.text_px * 70, self._theme.text_px * 50)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.list.setFocus()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._flush()
        super().closeEvent(event)

    def done(self, result: int) -> None:
        self._flush()
        super().done(result)

    @property
    def model_page(self) -> ModelPage:
        page = self.pages["model"]
        assert isinstance(page, ModelPage)
        return page

    def _make_entries(self) -> dict[str, tuple[str, str, Callable[[], Page]]]:
        """Name -> title, icon, and what makes the page."""
        theme, context, change = self._theme, self._context, self._change
        shortcuts = context.shortcuts
        return {
            "model": (self.tr("Model"), "cpu", lambda: ModelPage(theme, context)),
            "downloads": (self.tr("Downloads"), "download", lambda: DownloadsPage(theme, context, change)),
            "answers": (self.tr("Answers"), "message-square-text", lambda: AnswersPage(theme, change)),
            "text": (self.tr("Text in pictures"), "scan-text", lambda: TextPage(theme, context.text_missing, change)),
            "appearance": (self.tr("Appearance"), "palette", lambda: AppearancePage(theme, change)),
            "actions": (
                self.tr("Quick actions"),
                "zap",
                lambda: ActionsPage(theme, context.actions, taken_keys(shortcuts), context.capabilities),
            ),
            "desktop": (self.tr("Capture and keys"), "crop", self._desktop_page),
            "privacy": (self.tr("Privacy and data"), "shield", lambda: PrivacyPage(theme, context.paths)),
            "shortcuts": (
                self.tr("Shortcuts"),
                "keyboard",
                lambda: ShortcutsPage(theme, shortcuts, context.actions),
            ),
            "about": (self.tr("About"), "info", lambda: AboutPage(theme, context.versions())),
        }

    def _desktop_page(self) -> Page:
        from desktop_vlm.ui.settings.page_desktop import DesktopPage

        return DesktopPage(self._theme, self._context, self._change)

    def _make_page(self, name: str) -> Page:
        page = self._entries[name][2]()
        if isinstance(page, ModelPage):
            page.model_requested.connect(self._load)
            page.models_requested.connect(self._leave_for_models)
        elif isinstance(page, ActionsPage):
            page.editor.failed.connect(self._say)
            page.editor.actions_changed.connect(self._actions_changed)
        elif isinstance(page, PrivacyPage):
            page.delete_everything_requested.connect(self.delete_everything_requested)
            page.backup_requested.connect(partial(self._leave_for, self.backup_requested))
            page.restore_requested.connect(partial(self._leave_for, self.restore_requested))
        page.show_settings(self._store.current)
        return page

    def _actions_changed(self) -> None:
        shortcuts = self.pages.made.get("shortcuts")
        if isinstance(shortcuts, ShortcutsPage):
            shortcuts.refresh()
        self.actions_changed.emit()

    def _lay_out(self) -> None:
        side = self._side = QFrame()
        set_kind(side, "sidebar")
        title = QLabel(self.tr("Settings"))
        set_kind(title, "heading")
        title.setContentsMargins(10, 0, 0, 6)
        column = QVBoxLayout(side)
        column.setContentsMargins(12, 24, 12, 12)
        column.addWidget(title)
        column.addWidget(self.list, 1)
        self._banner_frame = QFrame()
        set_kind(self._banner_frame, "banner-danger")
        inside = QHBoxLayout(self._banner_frame)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.addWidget(self.banner)
        right = QVBoxLayout()
        right.setSpacing(0)
        around = QVBoxLayout()
        around.setContentsMargins(24, 16, 24, 0)
        around.addWidget(self._banner_frame)
        self._banner_area = QWidget()
        self._banner_area.setLayout(around)
        right.addWidget(self._banner_area)
        right.addWidget(self.stack, 1)
        layout = QHBoxLayout(self)
        # The pages scroll, so that a small screen is no reason for a large window.
        layout.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(side)
        layout.addLayout(right, 1)

    def _change(self, section: str, **changes: Any) -> None:
        problem = ""
        try:
            self._store.update(section, **changes)
        except UserError as error:
            problem = str(error)
        settings = self._store.current
        appearance = settings.appearance
        if (self._theme.choice.value, self._theme.text_px) != (appearance.theme, appearance.text_px):
            self._theme.apply(ThemeChoice(appearance.theme), appearance.text_px)
        for name, page in self.pages.made.items():
            if name != "model":  # it collects, and what was collected stays
                page.show_settings(settings)
        self._say(problem or "\n".join([*self._store.problems, *self._context.actions.problems]))
        self.settings_changed.emit(settings)

    def _load(self, model: ModelSettings) -> None:
        self._change("model", **{one.name: getattr(model, one.name) for one in settings_of(ModelSettings)})
        self.model_page.show_settings(self._store.current)
        self.model_requested.emit(self._store.current.model)

    def _leave_for_models(self) -> None:
        self.accept()
        self.models_requested.emit()

    def _leave_for(self, signal: SignalInstance) -> None:
        self.accept()
        signal.emit()

    def _say(self, sentence: str) -> None:
        self.banner.setText(sentence)
        self._banner_area.setVisible(bool(sentence))

    def _choose_row(self, _row: int) -> None:
        self._flush()
        if self._chosen in self.pages.made:
            self._show_chosen()
        else:
            self._make_soon.start()

    @property
    def _chosen(self) -> str:
        """The page that is chosen in the list."""
        return list(self._entries)[self.list.currentRow()]

    def _make_chosen(self) -> None:
        self.pages[self._chosen]
        self._add_soon.start()

    def _add_chosen(self) -> None:
        if self._chosen in self.pages.made:  # else another was chosen meanwhile, and is being made
            self._add(self.pages[self._chosen])
            self._show_soon.start()

    def _show_chosen(self) -> None:
        if self._chosen in self.pages.made:
            page = self.pages[self._chosen]
            self._add(page)
            self.stack.setCurrentWidget(page)

    def _add(self, page: Page) -> None:
        if self.stack.indexOf(page) < 0:
            self.stack.addWidget(page)

    def _flush(self) -> None:
        for page in self.pages.made.values():
            page.flush()

    def _follow_theme(self) -> None:
        px = self._theme.text_px
        self._side.setFixedWidth(min(px * 15, 90 + px * 9))  # large text needs the room beside it more
        self.list.setIconSize(QSize(round(px * 1.3), round(px * 1.3)))
        for row, (_title, icon, _make) in enumerate(self._entries.values()):
            item = self.list.item(row)
            item.setIcon(self._theme.icon(icon, "muted"))
            item.setSizeHint(QSize(0, round(px * 2.6)))


class _Pages(Mapping[str, Page]):
    """Pages by name, made when they are first asked for.

    Attributes:
        made: those that are.
    """

    def __init__(self, make: Callable[[str], Page], names: tuple[str, ...]) -> None:
        self._make = make
        self._names = names
        self.made: dict[str, Page] = {}

    def __getitem__(self, name: str) -> Page:
        if name not in self.made:
            self.made[name] = self._make(name)
        return self.made[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)
