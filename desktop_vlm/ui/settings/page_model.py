"""Settings: which model, and how it is loaded."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop_vlm.api.fields import settings_of
from desktop_vlm.settings import ModelSettings, Settings
from desktop_vlm.ui.app.model_status import ModelKind
from desktop_vlm.ui.models.sentences import size_text
from desktop_vlm.ui.settings.context import SettingsContext
from desktop_vlm.ui.settings.model_choices import DEMO, ModelChoice, all_choices, choice_of
from desktop_vlm.ui.settings.page import Page
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.cards import Row, text_label
from desktop_vlm.ui.widgets.control import icon_size
from desktop_vlm.ui.widgets.file_dialogs import ask_open
from desktop_vlm.ui.widgets.flow_layout import FlowLayout
from desktop_vlm.ui.widgets.radio_cards import CardChoice, RadioCard, RadioCards


class ModelPage(Page):
    """Collects changes, since each would mean loading gigabytes, and asks for the model once.

    Signals:
        model_requested: load this (a `ModelSettings`).
        models_requested: the person wants the model page.
    """

    model_requested = Signal(object)
    models_requested = Signal()

    def __init__(self, theme: Theme, context: SettingsContext) -> None:
        super().__init__(theme, self.tr("Model"))
        self._context = context
        self._settings = Settings()
        self.requested = ModelSettings()
        self._models: dict[str, ModelChoice] = {}
        self._icons: list[tuple[QPushButton, str]] = []
        self.cards = RadioCards(theme)
        self.cards.changed.connect(self._choose)
        self.add(self.cards)
        self.choose_file = self._button(self.tr("Choose a model file…"), "folder-open", self._ask_for_text)
        self.choose_mmproj = self._button(self.tr("Choose its vision projector…"), "eye", self._ask_for_mmproj)
        self.get_more = self._button(self.tr("Get or import models…"), "download", self.models_requested.emit)
        self.add(_line_of(self.get_more, self.choose_file, self.choose_mmproj))
        folder = self.tr("Models (GGUF files) in {0} are listed here by themselves.").format(
            context.paths.models_folder
        )
        self.add(text_label(folder, "caption"))
        self.add_settings("model", [one for one in settings_of(ModelSettings) if one.group], self._collect)
        offload = self.controls["model", "n_gpu_layers"].parent()
        assert isinstance(offload, Row)
        self._offload_help, self._offload_help_text = offload.help, offload.help.text()
        self.add_stretch()
        self._state = text_label("", "muted")
        self.load = QPushButton(self.tr("Load this model"))
        set_kind(self.load, "primary")
        self.load.setAccessibleName(self.load.text())
        self.load.clicked.connect(self._request)
        self._add_footer()
        theme.changed.connect(self._set_icons)
        self._set_icons()
        self.set_explanation(context.offload_explanation)
        if context.model_status is not None:
            context.model_status.changed.connect(self._show_state)

    def show_settings(self, settings: Settings) -> None:
        """Show the active model; what was collected and not loaded is forgotten."""
        self._settings = settings
        self.requested = settings.model
        super().show_settings(settings)
        self._show_models()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._order_by_tab()  # only from now on it is part of the dialog

    def set_explanation(self, sentence: str) -> None:
        """Say what was chosen for this machine, and why."""
        self._context = dataclasses.replace(self._context, offload_explanation=sentence)
        self._show_state()

    def _add_footer(self) -> None:
        footer = QWidget()
        layout = QHBoxLayout(footer)
        layout.setContentsMargins(32, 14, 32, 14)
        layout.setSpacing(16)
        layout.addWidget(self._state, 1)
        layout.addWidget(self.load, 0, Qt.AlignmentFlag.AlignVCenter)
        self.add_footer(footer)

    def _button(self, text: str, icon: str, action: Any) -> QPushButton:
        button = QPushButton(f" {text}")
        button.setAccessibleName(text.rstrip("…"))
        button.setAutoDefault(False)
        button.clicked.connect(lambda _=False: action())
        self._icons.append((button, icon))
        return button

    def _set_icons(self) -> None:
        for button, icon in self._icons:
            button.setIcon(self.theme.icon(icon, "text"))
            button.setIconSize(icon_size(self.theme))

    def _show_models(self) -> None:
        models = all_choices(
            self.requested.text,
            self._settings.recent.models,
            self._context.paths.models_folder,
            self._context.model_problems,
        )
        # The chosen one may have its vision projector elsewhere.
        models = [
            choice_of(one.text, self.requested.mmproj) if one.text == self.requested.text else one for one in models
        ]
        self._models = {one.text: one for one in models}
        self.cards.set_choices(self._card(one) for one in models)
        self.cards.set_value(self.requested.text)
        self._order_by_tab()
        self._show_state()

    def _order_by_tab(self) -> None:
        """Put new cards, which Qt appends to the tab order, where they are seen."""
        reached = [one for one in self.findChildren(QWidget) if one.focusPolicy() & Qt.FocusPolicy.TabFocus]
        gone = [one for one in reached if isinstance(one, RadioCard) and one not in self.cards.cards.values()]
        in_order = [one for one in reached if one not in gone and one.window() is self.window()]
        for before, after in pairwise(in_order):
            QWidget.setTabOrder(before, after)

    def _card(self, model: ModelChoice) -> CardChoice:
        demo = model.text == DEMO
        sizes = size_text(model.text_bytes)
        if model.sees:
            sizes = self.tr("{0} text + {1} vision").format(sizes, size_text(model.vision_bytes))
        about = self.tr("Small, ready at once, good for trying things out") if demo else str(Path(model.text).parent)
        warning = ""
        if not model.problem and not model.sees:
            warning = self.tr("There is no vision projector beside it, so it can chat but not see pictures.")
        return CardChoice(
            value=model.text,
            title=self.tr("Bundled demo") if demo else Path(model.text).name,
            note=about if model.problem else f"{sizes}  ·  {about}",
            badge=self.tr("Loaded") if model.text == self._context.loaded_model else "",
            problem=model.problem,
            warning=warning,
            enabled=not (demo and model.problem),
        )

    def _choose(self, text: object) -> None:
        self._begin_with(str(text))
        self._show_state()

    def _begin_with(self, text: str) -> None:
        """Ask for another language model; a vision projector and a draft model belong to one."""
        self.requested = dataclasses.replace(self.requested, text=text, mmproj="", draft="")
        self.controls["model", "draft"].set_value("")

    def _collect(self, section: str, **changes: Any) -> None:  # noqa: ARG002 - it is always the model's
        self.requested = dataclasses.replace(self.requested, **changes)
        self._show_state()

    def _request(self) -> None:
        self.flush()
        self.model_requested.emit(self.requested)

    def _ask_for_text(self) -> None:
        for file in ask_open(self, self.tr("Choose a model"), str(self._start_folder()), self.tr("Models (*.gguf)")):
            self._begin_with(str(file))
            self._show_models()

    def _ask_for_mmproj(self) -> None:
        title, pattern = self.tr("Choose its vision projector"), self.tr("Vision projectors (*.gguf)")
        for file in ask_open(self, title, str(self._start_folder()), pattern):
            self.requested = dataclasses.replace(self.requested, mmproj=str(file))
            self._show_models()

    def _start_folder(self) -> Path:
        models = self._context.paths.models_folder
        if self.requested.text:
            return Path(self.requested.text).parent
        return models if models.is_dir() else Path.home()

    def _show_state(self) -> None:
        chosen = self._models.get(self.requested.text)
        self.choose_mmproj.setVisible(bool(self.requested.text))
        if (status := self._context.model_status) is not None:
            is_there = status.kind is ModelKind.LOADED
            self._context = dataclasses.replace(
                self._context, loaded_model=self._settings.model.text if is_there else None
            )
        loaded = self._context.loaded_model == self.requested.text and self.requested == self._settings.model
        usable = chosen is not None and not chosen.problem
        self.load.setEnabled(usable and not loaded)
        if not usable:
            words = self.tr("This model cannot be loaded; choose another.")
        elif loaded:
            words = self.tr("This model is loaded with these settings.")
        elif self._context.loaded_model is None:
            words = self.tr("No model is loaded yet.")
        else:
            words = self.tr("Changes here apply once the model is loaded.")
        status = self._context.model_status
        is_failed = status is not None and status.kind is ModelKind.FAILED
        if status is not None and status.kind in {ModelKind.FAILED, ModelKind.LOADING}:
            words = status.sentence
        set_kind(self._state, "error" if is_failed else "muted")
        self._state.setText(words)
        automatic = self.requested.n_gpu_layers < 0
        explanation = self._context.offload_explanation if automatic else ""
        self._offload_help.setText(explanation or self._offload_help_text)


def _line_of(*widgets: QWidget) -> QWidget:
    line = QWidget()
    layout = FlowLayout(line, 8)
    for widget in widgets:
        layout.addWidget(widget)
    return line
