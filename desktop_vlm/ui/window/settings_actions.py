"""The settings and the list of keys as windows of their own, loading a model, and deleting everything."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QDialog, QWidget

from desktop_vlm import __version__
from desktop_vlm.api.errors import UserError
from desktop_vlm.backup.restoring import kept_before
from desktop_vlm.settings import ModelSettings
from desktop_vlm.ui.app.services import Services, model_to_load
from desktop_vlm.ui.text_layer.no_reader import missing_sentence
from desktop_vlm.ui.text_layer.protocol import Availability
from desktop_vlm.ui.theme import ThemeChoice
from desktop_vlm.ui.widgets.toast import Toast
from desktop_vlm.ui.window.backup_actions import BackupActions

_VERSIONS = ("llama-cpp-python", "PySide6-Essentials", "Pillow", "ziamath", "python-lucide", "pypdfium2")


class SettingsActions(QObject):
    """Opens the settings and does what they ask for.

    Attributes:
        dialog: the one that is open.

    Signals:
        settings_changed: the person changed settings.
        actions_changed: quick actions were changed.
        everything_deleted: what is left in memory is to go, too.
        models_requested: the person wants the model page.
    """

    settings_changed = Signal()
    actions_changed = Signal()
    everything_deleted = Signal()
    models_requested = Signal()

    def __init__(self, window: QWidget, services: Services, toast: Toast) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._toast = toast
        self.dialog: QDialog | None = None
        self.backup = BackupActions(window, services, toast)
        self.backup.restored.connect(self._restored)

    def edit_actions(self, action: str = "") -> None:
        """Show the quick actions, with one of them to be edited."""
        self.open_settings("actions", action)

    def open_settings(self, page: str = "", action: str = "") -> None:
        """Show the settings, at a page; that of the quick actions with one of them chosen."""
        from desktop_vlm.system.desktop_files import autostart
        from desktop_vlm.ui.settings.context import SettingsContext  # the pages take time to import
        from desktop_vlm.ui.settings.dialog import SettingsDialog

        services = self._services
        engine = services.engine
        context = SettingsContext(
            paths=services.paths,
            actions=services.actions,
            model_status=services.model_status,
            model_problems={str(one.files.text): one.problem for one in services.models.survey.installed},
            loaded_model=services.settings.current.model.text if engine.model else None,
            capabilities=engine.model.capabilities if engine.model else None,
            offload_explanation=self._offload(),
            hotkeys=services.hotkeys,
            autostart=autostart,
            text_missing=missing_sentence() if services.text_layers.availability == Availability.MISSING else "",
            versions=versions,
        )
        dialog = SettingsDialog(services.theme, services.settings, context, self._window)
        if page:
            dialog.open_page(page)
        if action:
            dialog.show_action(action)
        dialog.settings_changed.connect(lambda _: self.settings_changed.emit())
        dialog.model_requested.connect(self.load_model)
        dialog.models_requested.connect(self.models_requested)
        dialog.delete_everything_requested.connect(self.delete_everything)
        dialog.delete_everything_requested.connect(dialog.show_settings)
        dialog.backup_requested.connect(self.backup.back_up)
        dialog.restore_requested.connect(self.backup.restore)
        dialog.actions_changed.connect(self.actions_changed)
        self._show(dialog)

    def open_shortcut_sheet(self) -> None:
        """Show every key."""
        from desktop_vlm.ui.window.shortcuts import SHORTCUTS, ShortcutSheet

        self._show(ShortcutSheet(self._services.theme, SHORTCUTS, self._services.offered_actions, self._window))

    def _show(self, dialog: QDialog) -> None:
        """Instead of the one that is open: the tray asks for the settings, too, whatever is on the screen."""
        if self.dialog is not None:
            self.dialog.reject()
        self.dialog = dialog
        dialog.finished.connect(partial(self._closed, dialog))
        dialog.open()

    def _closed(self, dialog: QDialog, _result: int) -> None:
        dialog.deleteLater()
        if self.dialog is dialog:
            self.dialog = None

    def load_model(self, settings: ModelSettings) -> None:
        """Load a model instead of the one that runs."""
        try:
            self._services.engine.load(*model_to_load(settings))
        except UserError as error:
            self._services.model_status.refuse(str(error))
            self._toast.say(str(error), self.tr("Choose a model"), self.models_requested.emit)

    def delete_everything(self) -> None:
        """Everything that was made here: conversations, pictures, settings, quick actions, logs. Models stay."""
        services = self._services
        services.assistant.delete_everything()
        services.captures.clear()
        self.everything_deleted.emit()
        services.text_layers.forget_all()
        for file in (
            services.paths.settings_file,
            services.paths.actions_file,
            *kept_before(services.paths),
            *services.paths.log_folder.glob("*.log*"),
        ):
            file.unlink(missing_ok=True)
        services.settings.reload()
        services.actions.reload()
        self.actions_changed.emit()
        self._settings_changed()
        self._toast.say(self.tr("Everything is deleted."))

    def _restored(self) -> None:
        self.actions_changed.emit()
        self._settings_changed()

    def _settings_changed(self) -> None:
        settings = self._services.settings.current
        self._services.theme.apply(ThemeChoice(settings.appearance.theme), settings.appearance.text_px)
        self.settings_changed.emit()

    def _offload(self) -> str:
        """Where the loaded model runs, and why, in one sentence."""
        model = self._services.engine.model
        if model is None:
            return self.tr("As many layers as fit on the GPU; without one, the CPU computes everything.")
        gpus = [device for device in model.devices if device.is_gpu]
        if model.runs_on_cpu_despite_gpu:
            return self.tr(
                "This computer has a GPU that the installed llama-cpp-python cannot use, so the CPU "
                "computes everything; the README says how to install it with CUDA, Vulkan or Metal."
            )
        if not gpus:
            return self.tr("There is no GPU that the engine can use, so the CPU computes everything.")
        return model.placement


@cache
def versions() -> Sequence[tuple[str, str]]:
    """Of what the program is made of: looking for them takes 20 ms."""
    from importlib.metadata import PackageNotFoundError, version  # 15 ms more

    found = [("Desktop VLM", __version__)]
    for package in _VERSIONS:
        try:
            found.append((package, version(package)))
        except PackageNotFoundError:
            continue
    return found
