"""The main window: puts the views side by side and connects them with the assistant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings, QSize, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QMainWindow, QSplitter, QStackedWidget, QWidget

from desktop_vlm.api.loaded_model import LoadedModel
from desktop_vlm.history.records import Message
from desktop_vlm.settings import ModelSettings
from desktop_vlm.ui.app.model_status import ModelKind
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.conversation.pane import ConversationPane
from desktop_vlm.ui.models.drops import models_among
from desktop_vlm.ui.pictures.find_bar import FindBar
from desktop_vlm.ui.theme import ThemeChoice
from desktop_vlm.ui.theme.theme import DEFAULT_TEXT_PX, TEXT_SIZES_PX
from desktop_vlm.ui.widgets.drop_overlay import DropOverlay
from desktop_vlm.ui.widgets.escape import EscapeRule
from desktop_vlm.ui.widgets.on_screen import keep_on_screen
from desktop_vlm.ui.widgets.toast import Toast
from desktop_vlm.ui.window.action_offer import ActionOffer
from desktop_vlm.ui.window.answer_actions import AnswerActions
from desktop_vlm.ui.window.answer_places import AnswerPlaces
from desktop_vlm.ui.window.capture_actions import CaptureActions
from desktop_vlm.ui.window.composer import Composer
from desktop_vlm.ui.window.conversation_actions import PRINT, ConversationActions, exporters
from desktop_vlm.ui.window.conversation_list import ConversationList
from desktop_vlm.ui.window.conversation_model import CONVERSATIONS_MIME
from desktop_vlm.ui.window.crop_offer import CropOffer
from desktop_vlm.ui.window.draft import Draft
from desktop_vlm.ui.window.dropped import has_models, models_in, why_refused
from desktop_vlm.ui.window.edit_actions import EditActions
from desktop_vlm.ui.window.find_actions import FindActions
from desktop_vlm.ui.window.found_actions import FoundActions
from desktop_vlm.ui.window.keys import WindowKeys
from desktop_vlm.ui.window.limit_banner import LimitBanner
from desktop_vlm.ui.window.middle_column import fill_middle
from desktop_vlm.ui.window.model_actions import ModelActions
from desktop_vlm.ui.window.model_view_panel import ModelViewPanel
from desktop_vlm.ui.window.own_settings_actions import OwnSettingsActions
from desktop_vlm.ui.window.part_offer import PartOffer
from desktop_vlm.ui.window.picture_actions import PictureActions
from desktop_vlm.ui.window.pointing_actions import PointingActions
from desktop_vlm.ui.window.reading_actions import ReadingActions
from desktop_vlm.ui.window.redaction_actions import RedactionActions
from desktop_vlm.ui.window.settings_actions import SettingsActions
from desktop_vlm.ui.window.side_panels import SidePanels
from desktop_vlm.ui.window.sidebar import Sidebar
from desktop_vlm.ui.window.status_line import StatusLine
from desktop_vlm.ui.window.top_bar import TopBar
from desktop_vlm.ui.window.typing import TypingAnywhere, can_be_seen
from desktop_vlm.ui.window.watch_actions import WatchActions
from desktop_vlm.ui.window.welcome import Welcome

_PREFERRED = QSize(1180, 800)
_SMALLEST = QSize(440, 400)
"""On a screen that has room for it."""


class MainWindow(QMainWindow):
    """Conversations at the left, the open one in the middle, what the model sees at the right.

    Attributes:
        watch_actions: regions of the screen that are watched.
        capture_actions: what the person wants to have captured from here.
        keeps_running: asked when the window is closed: whether the program goes on without it.

    Signals:
        closed: the window was closed, and that is the program's end.
    """

    closed = Signal()

    def __init__(self, services: Services, example: Path | None) -> None:
        super().__init__()
        self._services = services
        self._assistant = services.assistant
        self._theme = services.theme
        self.keeps_running: Callable[[], bool] = lambda: False
        self._keys = WindowKeys(self)
        self._geometry = QSettings(str(services.paths.state / "window.ini"), QSettings.Format.IniFormat)
        self.setWindowTitle(self.tr("Desktop VLM"))
        self.setMinimumSize(_SMALLEST)
        self.setAcceptDrops(True)
        self._build(example)
        self.toast = Toast(self, self.composer.parentWidget() or self.composer)  # not over what is watched
        self._drop = DropOverlay(self._theme, self, why_refused, has_models)
        self._picture_actions = PictureActions(self, services, self.toast)
        self._conversation_actions = ConversationActions(self, services, self.toast)
        self._list = ConversationList(self.sidebar, services, self._conversation_actions, self.toast)
        AnswerActions(self.pane, self._conversation_actions, self._title, self.toast)
        self._own_settings = OwnSettingsActions(self, services, self.top_bar)
        self.sidebar.menus.own_requested.connect(self._own_settings.edit_of)
        self._answer_places = AnswerPlaces(self.pane, self.panel, self._picture_actions, services)
        self._settings_actions = SettingsActions(self, services, self.toast)
        self._found_actions = FoundActions(self.sidebar, self.pane, services, self._picture_actions.view)
        self._find = FindActions(self, self.find_bar, self.pane, services, self._found_actions)
        self._reading_actions = ReadingActions(services, self)
        self._model_actions = ModelActions(self._views, services, self.toast)
        self._sides = SidePanels(self, self._theme, self._splitter, (self.sidebar, self.panel))
        outermost = self._sides.close_drawers, self._model_actions.close_if_open, self._assistant.stop_shown
        self._escape = EscapeRule(self, self._home, outermost, partial(can_be_seen, self, self.composer.text))
        self._sides.closing.connect(self._escape.leave)
        self._sides.changed.connect(self._sides_changed)
        self.draft = Draft(self.composer, services, example, self._picture_actions.choose, self)
        ActionOffer(self.composer, self.draft, self._keys, services, self._settings_actions)
        self._redaction_actions = RedactionActions(self, services, self.draft, self._picture_actions, self.toast)
        self.capture_actions = CaptureActions(self, services, self.welcome, self.draft, self._picture_actions)
        self._edit_actions = EditActions(self, services, self.draft, self._picture_actions, self.toast)
        self.panel.crop_asked.connect(self._edit_actions.crop)
        self._pointing = PointingActions(services, self.draft, self._picture_actions, self.panel, self.pane, self)
        self._crop_offer = CropOffer(self.pane, services, self._edit_actions.crop)
        self._part_offer = PartOffer(services, self.draft, self.composer, self._model_view, self.toast)
        TypingAnywhere(self, self.composer.text)
        self._connect()
        self._install_shortcuts()
        self._restore_geometry()
        self._take_settings()
        self._show_conversation()
        self._show_model_view()
        self.composer.text.setFocus()

    # What it is made of

    def _build(self, example: Path | None) -> None:
        """From the outside inwards: what gets a parent, or whose parent gets one, is styled again with all in it."""
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self.setCentralWidget(self._splitter)
        self.sidebar = Sidebar(self._theme)
        self.top_bar = TopBar(self._theme, exporters())
        self.find_bar = FindBar(self.top_bar, self._theme, self.tr("Find in this conversation"))  # so Tab's next place
        self.pane = ConversationPane(self._theme, self._assistant, self._services.library)
        self.welcome = Welcome(self._theme, example, self._services.text_layers)
        self.composer = Composer(self._theme, self._services.library)
        self.status = StatusLine(self._theme)
        self.watch_actions = WatchActions(self, self._services)
        limits = LimitBanner(self._assistant)
        limits.choosing_requested.connect(self._open_panel)
        self._model_view = ModelViewPanel(self._theme, self._assistant, self._services.library, self)
        self.panel = self._model_view.panel
        self.panel.setMinimumWidth(300)
        self.panel.hide()
        self._views, self._stack = QStackedWidget(), QStackedWidget()
        self._splitter.addWidget(self.sidebar)
        self._splitter.addWidget(self._views)
        foot = self.watch_actions.bar, limits, self.composer, self.status
        fill_middle(self._views, self.top_bar, self.find_bar, (self._stack, self.welcome, self.pane), foot)
        self._splitter.addWidget(self.panel)
        self._splitter.setStretchFactor(1, 1)

    def _connect(self) -> None:
        assistant, engine = self._assistant, self._services.engine
        self._list.titles_changed.connect(self._show_title)
        assistant.opened.connect(self._opened)
        assistant.thread_changed.connect(self._show_conversation)
        assistant.message_changed.connect(self._message_changed)
        assistant.answering_changed.connect(self._show_answering)
        assistant.noticed.connect(self.toast.say)
        assistant.pictures.changed.connect(self._show_model_view)
        assistant.texts.changed.connect(self._show_model_view)
        self._services.model_status.changed.connect(self._show_engine)
        engine.loaded.connect(self._model_loaded)
        engine.progressed.connect(self.status.show_progress)
        engine.stats_changed.connect(self.status.show_stats)
        engine.failed.connect(self._engine_failed)
        self._settings_actions.settings_changed.connect(self._take_settings)
        self._settings_actions.everything_deleted.connect(self.watch_actions.watches.stop_all)
        self._settings_actions.settings_changed.connect(self._answer_places.settings_changed)
        self._settings_actions.settings_changed.connect(assistant.texts.changed)
        self._settings_actions.settings_changed.connect(self._pointing.settings_changed)
        self._services.history.failed.connect(self.toast.say)
        self._services.history.opened.connect(self._history_opened)

        side = self.sidebar
        side.new_requested.connect(self.new_conversation)
        side.settings_requested.connect(self._settings_actions.open_settings)
        self.top_bar.sidebar_toggled.connect(self.toggle_sidebar)
        self.top_bar.panel_toggled.connect(self.toggle_panel)
        self.top_bar.export_requested.connect(lambda exporter: self._list.export(assistant.conversation_id, exporter))

        composer = self.composer
        composer.stopped.connect(assistant.stop)
        composer.picture_opened.connect(lambda n: self._picture_actions.view(composer.pictures[n].sha256))
        composer.edit_last_requested.connect(self.pane.edit_last_question)
        self.pane.edit_sent.connect(composer.text.setFocus)
        self.panel.picture_opened.connect(self._found_actions.view)
        self.panel.composite_opened.connect(self._picture_actions.view_composite)
        self.panel.close_asked.connect(self.toggle_panel)
        self.pane.picture_opened.connect(self._found_actions.view)
        for place in (self.pane, composer, self.panel):
            place.picture_entry_chosen.connect(self._picture_actions.run)
        self.welcome.open_requested.connect(self.draft.choose_files)
        self.welcome.paste_requested.connect(self.draft.paste)
        self.welcome.example_chosen.connect(self.draft.try_example)
        self.draft.noticed.connect(self.toast.say)
        self.draft.offered.connect(self.toast.say)
        self._connect_models()

    def _connect_models(self) -> None:
        models, actions = self._services.models, self._model_actions
        for way in (self.status.model_requested, self.top_bar.models_requested):
            way.connect(actions.open_page)
        self.welcome.models_requested.connect(actions.open_page)
        self._settings_actions.models_requested.connect(actions.open_page)
        self.capture_actions.settings_requested.connect(self._settings_actions.open_settings)
        self.capture_actions.watch_requested.connect(self.watch_actions.begin)
        self.watch_actions.connect_to(self.draft, self.toast)
        actions.load_requested.connect(lambda: self.load_model(self._services.settings.current.model))
        actions.settings_requested.connect(self._settings_actions.open_settings)
        actions.closed.connect(self.composer.text.setFocus)
        models.changed.connect(lambda _survey: self._show_models())
        models.job_changed.connect(lambda _job: self._show_models())
        models.job_removed.connect(lambda _job: self._show_models())

    def _install_shortcuts(self) -> None:
        handlers: dict[str, Callable[[], object]] = {
            "composer.focus": self.composer.text.setFocus,
            "composer.attach": self.draft.choose_files,
            "capture.again": lambda: self.capture_actions.again_requested.emit(None),
            "answer.stop": self._escape.press,
            "answer.regenerate": self._conversation_actions.regenerate_last,
            "answer.copy": self._conversation_actions.copy_last_answer,
            "message.edit-last": self.pane.edit_last_question,
            "branch.previous": partial(self._conversation_actions.step_version, -1),
            "branch.next": partial(self._conversation_actions.step_version, 1),
            "conversation.new": self.new_conversation,
            "conversation.search": self._search,
            "conversation.find": self._find.open,
            "conversation.find-next": partial(self._find.step, 1),
            "conversation.find-previous": partial(self._find.step, -1),
            "conversation.own": self._own_settings.edit,
            "conversation.next": partial(self._list.step, 1),
            "conversation.previous": partial(self._list.step, -1),
            "conversation.export": self.top_bar.open_export,
            "conversation.print": lambda: self._list.export(self._assistant.conversation_id, PRINT),
            "window.sidebar": self.toggle_sidebar,
            "window.model-view": self.toggle_panel,
            "window.text-larger": partial(self._step_text_size, 1),
            "window.text-smaller": partial(self._step_text_size, -1),
            "window.text-normal": partial(self._step_text_size, 0),
            "window.models": self._model_actions.toggle_page,
            "window.settings": self._settings_actions.open_settings,
            "window.shortcuts": self._settings_actions.open_shortcut_sheet,
        }
        self._keys.install(handlers)

    # Pictures come in

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasFormat(CONVERSATIONS_MIME):
            return  # conversations are only moved within the list
        self._drop.offer(event.mimeData())
        event.acceptProposedAction()  # also of what cannot be read, so that the overlay can say why

    def dragLeaveEvent(self, _event: QDragLeaveEvent) -> None:
        self._drop.dismiss()

    def dropEvent(self, event: QDropEvent) -> None:
        self._drop.dismiss()
        event.acceptProposedAction()
        self.activateWindow()
        if models := models_in(event.mimeData()):
            self._model_actions.look_in(models)
        else:
            self._model_actions.close_page()
            self.draft.take_mime(event.mimeData())
            self.composer.text.setFocus()

    def take_files(self, files: Sequence[Path]) -> None:
        """Look into models, and add other files to the question."""
        if models := models_among(files):
            self._model_actions.look_in(models)
        else:
            self.draft.take_files(files)

    def _home(self) -> QWidget:
        """Where the keyboard belongs when nothing else has it."""
        return self.composer.text if self.composer.isVisible() else self._views.currentWidget() or self

    # Conversations

    def new_conversation(self) -> None:
        """Begin a conversation, with the cursor in its question."""
        self._model_actions.close_page()
        self._assistant.new_conversation()
        self.composer.text.setFocus()

    def _history_opened(self, notice: str) -> None:
        if notice:
            self.toast.say(notice)

    def _opened(self, _conversation_id: int | None) -> None:
        self._model_actions.close_page()
        self._show_title()
        self.composer.text.setFocus()

    def _search(self) -> None:
        self._sides.open(self.sidebar)
        self.sidebar.search.setFocus()
        self.sidebar.search.selectAll()

    # What is shown

    def _title(self) -> str:
        return self._list.title(self._assistant.conversation_id)

    def _show_title(self) -> None:
        title = self._title()
        self.top_bar.show_title(title)
        self.setWindowTitle(f"{title} - Desktop VLM" if title else "Desktop VLM")

    def _show_conversation(self) -> None:
        thread = self._assistant.messages
        self._stack.setCurrentWidget(self.pane if thread else self.welcome)
        self.top_bar.show_export(bool(thread))
        self._show_model_view()
        self._show_usage()

    def _message_changed(self, _message: Message) -> None:
        self._show_usage()

    def _show_usage(self) -> None:
        for message in reversed(self._assistant.messages):
            if usage := message.details.get("usage"):
                self.status.show_usage(usage, message.details.get("n_ctx", 0))
                return
        self.status.show_usage(None, 0)

    def _show_answering(self, _answering: bool) -> None:
        self.composer.set_answering(self._assistant.is_answering_here)

    def _take_settings(self) -> None:
        settings = self._services.settings.current
        for part in (self.composer, self.pane):
            part.send_with_ctrl(settings.composer.send_with == "ctrl-enter")
        self._services.text_layers.set_on(settings.text.read_images)
        self._services.private_texts.settings_changed()
        self._services.captures.apply_settings()

    def _show_model_view(self, _view: object = None) -> None:
        view = self._assistant.pictures.view
        warning = bool(view.problem) or bool(self._assistant.lost_pictures())
        self.top_bar.show_pictures(
            len(view.included), len(view.pictures), shown=not self.panel.isHidden(), warning=warning
        )

    def _open_panel(self) -> None:
        self._sides.open(self.panel)

    def toggle_panel(self) -> None:
        """Show or hide what the model sees."""
        self._sides.toggle(self.panel)

    def toggle_sidebar(self) -> None:
        """Show or hide the conversations."""
        self._sides.toggle(self.sidebar)

    def _sides_changed(self) -> None:
        self._model_view.refresh()
        self._show_model_view()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._sides.fit()

    def _step_text_size(self, step: int) -> None:
        sizes = TEXT_SIZES_PX
        nearest = min(range(len(sizes)), key=lambda at: abs(sizes[at] - self._theme.text_px))
        requested = DEFAULT_TEXT_PX if step == 0 else sizes[max(0, min(len(sizes) - 1, nearest + step))]
        settings = self._services.settings.update("appearance", text_px=requested)
        self._theme.apply(ThemeChoice(settings.appearance.theme), requested)

    # The engine

    def load_model(self, settings: ModelSettings) -> None:
        """Load a model instead of the one that runs."""
        self._settings_actions.load_model(settings)

    def _show_engine(self, _state: object = None) -> None:
        engine, status = self._services.engine, self._services.model_status
        problem = status.problem if status.kind is ModelKind.FAILED else ""
        self.status.show_state(engine.state, engine.model, status.name, problem)
        self.welcome.show_problem(status.sentence if status.kind is ModelKind.FAILED else "")

    def _model_loaded(self, _model: LoadedModel) -> None:
        self._show_engine()
        settings = self._services.settings
        self._show_models()
        if settings.current.model.text:
            settings.remember_model(settings.current.model.text)

    def _engine_failed(self, request: int, _blame: str, sentence: str) -> None:
        self._show_engine()
        is_said = self.welcome.isVisible() or self._model_actions.is_open
        if request == 0 and not self._assistant.busy and not is_said:
            self.toast.say(sentence, self.tr("Choose a model"), self._model_actions.open_page)

    def _show_models(self) -> None:
        models = self._services.models
        job = next(iter(models.jobs), None)
        self.top_bar.show_models(job)
        if self._services.engine.model is not None:
            self._show_engine()  # what is loaded may have got a name
        self.welcome.show_models(models.survey, job, is_demo=not self._services.settings.current.model.text)

    # Its own end and place

    def _restore_geometry(self) -> None:
        geometry = self._geometry.value("geometry")
        is_restored = isinstance(geometry, QByteArray) and self.restoreGeometry(geometry)
        keep_on_screen(self, None if is_restored else _PREFERRED)
        self._splitter.setSizes([264, 10_000, 380])
        if self._geometry.value("sidebar", True, type=bool) is False:
            self.sidebar.hide()

    def open_settings(self, page: str = "", action: str = "") -> None:
        """Show the settings, at a page; that of the quick actions with one of them chosen."""
        self._settings_actions.open_settings(page, action)

    def keep_place(self) -> None:
        """Keep where the window is, for the next start."""
        self._geometry.setValue("geometry", self.saveGeometry())
        self._geometry.setValue("sidebar", self._sides.left_is_chosen)

    def closeEvent(self, event: QCloseEvent) -> None:
        self.keep_place()
        if self.keeps_running():
            self.hide()
            event.ignore()
        else:
            super().closeEvent(event)
            self.closed.emit()
