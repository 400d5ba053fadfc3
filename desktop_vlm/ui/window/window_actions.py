"""What the main window has done elsewhere: dialogs, files, the clipboard."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QWidget

from desktop_vlm import __version__
from desktop_vlm.api.errors import UserError
from desktop_vlm.export import EXPORTERS, export, suggested_name
from desktop_vlm.settings import ModelSettings
from desktop_vlm.ui.app.services import Services, model_spec
from desktop_vlm.ui.pictures.saving import PictureExport
from desktop_vlm.ui.pictures.viewer import PictureViewer, ViewedPicture
from desktop_vlm.ui.theme import ThemeChoice
from desktop_vlm.ui.widgets.file_dialogs import ask_open, ask_save
from desktop_vlm.ui.widgets.toast import Toast

_PICTURES = "*.png *.jpg *.jpeg *.webp *.gif *.bmp *.tif *.tiff *.pdf"
_VERSIONS = ("llama-cpp-python", "PySide6-Essentials", "Pillow", "ziamath", "python-lucide", "pypdfium2")


class WindowActions(QObject):
    """Things to do that need another window, a file or the clipboard.

    Signals:
        settings_changed: the person changed settings.
    """

    settings_changed = Signal()

    def __init__(self, window: QWidget, services: Services, toast: Toast, actions_changed: Callable[[], None]) -> None:
        super().__init__(window)
        self._window = window
        self._services = services
        self._toast = toast
        self._actions_changed = actions_changed
        self._viewer: PictureViewer | None = None
        self._saver = PictureExport(self)
        self._saver.copied.connect(lambda: toast.say(self.tr("Picture copied")))
        self._saver.saved.connect(lambda path: toast.say(self.tr("Saved as {0}").format(path)))
        self._saver.failed.connect(toast.say)

    # Pictures

    def choose_pictures(self) -> list[Path]:
        """Files that the person chooses; empty when they change their mind."""
        return ask_open(
            self._window,
            self.tr("Add pictures"),
            QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation),
            self.tr("Pictures and PDF ({0})").format(_PICTURES),
            several=True,
        )

    def view_picture(self, sha256: str) -> None:
        """Show a picture of the conversation in full size, the others one key away."""
        library = self._services.library
        pictures = self._services.assistant.pictures.view.pictures
        shown = [ViewedPicture(p.name, library.data(p.sha256)) for p in pictures]
        at = next((n for n, picture in enumerate(pictures) if picture.sha256 == sha256), 0)
        if not shown:
            return
        if self._viewer is None:
            self._viewer = PictureViewer(self._services.theme, self._window)
            self._viewer.failed.connect(self._toast.say)
        self._viewer.open_pictures(shown, at)

    def copy_picture(self, sha256: str) -> None:
        """Put a picture on the clipboard."""
        self._saver.copy(self._services.library.data(sha256), self._name(sha256))

    def save_picture(self, sha256: str) -> None:
        """Write a picture to a file that the person names."""
        self._saver.ask_and_save(self._window, self._services.library.data(sha256), self._name(sha256))

    def _name(self, sha256: str) -> str:
        pictures = self._services.assistant.pictures.view.pictures
        return next((picture.name for picture in pictures if picture.sha256 == sha256), self.tr("Picture"))

    # Conversations

    def delete_conversation(self, conversation_id: int) -> None:
        """Delete, with a way back."""
        assistant = self._services.assistant
        assistant.delete(conversation_id)
        self._toast.say(self.tr("Conversation deleted"), self.tr("Undo"), lambda: assistant.restore(conversation_id))

    def export(self, conversation_id: int, exporter: str, title: str) -> None:
        """Write a conversation to a file that the person names."""
        suggested = suggested_name(title, exporter)
        folder = Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        kind = EXPORTERS[exporter]
        pattern = f"{kind.label} (*{kind.suffix})"
        file = ask_save(self._window, self.tr("Export"), str(folder / suggested), pattern)
        if file is not None:
            self._services.history.call(
                lambda history: export(history, conversation_id, exporter, file),
                lambda path: self._toast.say(self.tr("Exported to {0}").format(path)),
            )

    # Settings

    def open_settings(self, page: str = "") -> None:
        """Show the settings, at a page."""
        from desktop_vlm.system.desktop_files import autostart
        from desktop_vlm.ui.settings.context import SettingsContext  # the pages take time to import
        from desktop_vlm.ui.settings.dialog import SettingsDialog

        services = self._services
        engine = services.engine
        context = SettingsContext(
            paths=services.paths,
            actions=services.actions,
            loaded_model=services.settings.current.model.text if engine.model else None,
            offload_explanation=self._offload(),
            hotkeys=services.hotkeys,
            autostart=autostart,
            versions=_versions(),
        )
        dialog = SettingsDialog(services.theme, services.settings, context, self._window)
        if page:
            dialog.open_page(page)
        dialog.settings_changed.connect(lambda _: self.settings_changed.emit())
        dialog.model_requested.connect(self.load_model)
        dialog.delete_everything_requested.connect(self.delete_everything)
        dialog.delete_everything_requested.connect(dialog.show_settings)
        dialog.actions_changed.connect(self._actions_changed)
        dialog.exec()

    def open_shortcut_sheet(self) -> None:
        """Show every key."""
        from desktop_vlm.ui.window.shortcuts import SHORTCUTS, ShortcutSheet

        ShortcutSheet(self._services.theme, SHORTCUTS, self._services.actions.actions, self._window).exec()

    def load_model(self, settings: ModelSettings) -> None:
        """Load a model instead of the one that runs."""
        try:
            self._services.engine.load(model_spec(settings))
        except UserError as error:
            self._toast.say(str(error), self.tr("Choose a model"), lambda: self.open_settings("model"))

    def delete_everything(self) -> None:
        """Everything that was made here: conversations, pictures, settings, quick actions, logs. Models stay."""
        services = self._services
        services.assistant.delete_everything()
        for file in (
            services.paths.settings_file,
            services.paths.actions_file,
            *services.paths.log_folder.glob("*.log*"),
        ):
            file.unlink(missing_ok=True)
        services.settings.reload()
        services.actions.reload()
        self._actions_changed()
        self._settings_changed()
        self._toast.say(self.tr("Everything is deleted."))

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


def exporters() -> list[tuple[str, str]]:
    """(id, label) of every format."""
    return [(key, one.label) for key, one in EXPORTERS.items()]


def _versions() -> Sequence[tuple[str, str]]:
    found = [("Desktop VLM", __version__)]
    for package in _VERSIONS:
        try:
            found.append((package, version(package)))
        except PackageNotFoundError:
            continue
    return found
