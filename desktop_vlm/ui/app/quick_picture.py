"""The picture of the quick window: seen large, pointed at, edited, copied and saved before anything is asked; cropped
afterwards where its text was too small.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QObject, QSize, QTimer
from PySide6.QtWidgets import QDialog

from desktop_vlm.images.pointing import MAX_POINTERS, Pointer, parts_of
from desktop_vlm.ui.annotate.editor import PictureEditor
from desktop_vlm.ui.annotate.subject import Subject, cropped_to
from desktop_vlm.ui.app.hiding import hide_where_kept
from desktop_vlm.ui.app.services import Services
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.saving import PictureExport
from desktop_vlm.ui.pictures.viewer import PictureViewer, ViewedPicture
from desktop_vlm.ui.quick_window import QuickWindow
from desktop_vlm.ui.text_layer.copying import TextCopier
from desktop_vlm.ui.widgets.on_screen import keep_on_screen

_PREFERRED = QSize(1060, 720)


class QuickPicture(QObject):
    """Knows the picture that nothing was asked about yet.

    Attributes:
        dialog, viewer, editor: what is open of it.
    """

    def __init__(
        self,
        services: Services,
        quick: QuickWindow,
        replace: Callable[[NewPicture], None],
        hide: Callable[[], None],
        parent: QObject,
    ) -> None:
        """Wait for what the person wants.

        Args:
            services: of the program.
            quick: the window.
            replace: called with the picture that is asked about instead.
            hide: has private text in it hidden.
            parent: owner.
        """
        super().__init__(parent)
        self._services = services
        self._quick = quick
        self._replace = replace
        self._picture: NewPicture | None = None
        self.dialog: QDialog | None = None
        self.viewer: PictureViewer | None = None
        self.editor: PictureEditor | None = None
        self._background = Background(self)
        self._export = PictureExport(self)
        self._export.copied.connect(lambda: quick.prompt.note(self.tr("Picture copied")))
        self._export.saved.connect(lambda _path: quick.prompt.note(self.tr("Picture saved")))
        self._export.failed.connect(quick.show_error)
        self._texts = TextCopier(services.text_layers, self)
        self._texts.copied.connect(lambda _found: quick.prompt.note(self.tr("Text copied")))
        self._texts.failed.connect(quick.show_error)
        self._handlers: dict[str, Callable[[NewPicture], object]] = {
            "open": self._view,
            "copy-text": lambda picture: self._texts.copy(picture.sha256, picture.data),
            "copy": lambda picture: self._export.copy(picture.data, picture.name),
            "save": lambda picture: self._export.ask_and_save(quick, picture.data, picture.name),
            "point": lambda picture: self._view(picture, points=True),
            "edit": self._edit,
            "hide": lambda _picture: hide(),
        }
        quick.prompt.entry_chosen.connect(self.run)
        quick.prompt.pointed.connect(self._add_pointer)
        quick.hidden.connect(self._close)

    def follow(self, picture: NewPicture | None) -> None:
        """The picture that is asked about; None once it was, or is gone."""
        self._picture = picture

    def run(self, entry: str) -> None:
        """Do what an entry of `PICTURE_ENTRIES`, or "open", stands for."""
        if self._picture is not None:
            self._handlers[entry](self._picture)

    def _add_pointer(self, pointer: Pointer) -> None:
        if self._picture is not None:
            self._point("", (*self._picture.pointers, pointer)[-MAX_POINTERS:])

    def _point(self, _sha256: str, pointers: Sequence[Pointer]) -> None:
        if self._picture is not None:
            self._change(self._picture.pointed_at(pointers))

    def _change(self, picture: NewPicture) -> None:
        self._picture = picture
        self._replace(picture)

    # Large

    def _make_dialog(self) -> QDialog:
        if self.dialog is None:
            self.dialog = QDialog(self._quick)
            self.dialog.setModal(True)
            self.dialog.finished.connect(self._closed)
            keep_on_screen(self.dialog, _PREFERRED)
            self.dialog.open()
        return self.dialog

    def _view(self, picture: NewPicture, *, points: bool = False) -> None:
        dialog = self._make_dialog()
        dialog.setWindowTitle(picture.name)
        if self.viewer is None:
            self.viewer = PictureViewer(self._services.theme, self._services.text_layers, dialog)
            self.viewer.failed.connect(self._quick.show_error)
            self.viewer.entry_chosen.connect(lambda _sha256, entry: self.run(entry))
            self.viewer.pointed.connect(self._point)
            self.viewer.closed.connect(dialog.accept)
        self.viewer.open_pictures(
            [ViewedPicture(picture.name, picture.data, picture.sha256, pointers=picture.pointers)]
        )
        if points:
            self.viewer.point()

    def crop(self, picture: NewPicture, then: Callable[[NewPicture], None]) -> None:
        """Crop a picture that was asked about: at once to the places that are marked in it, else in the editor."""
        parts = parts_of(picture.pointers, (picture.width, picture.height))
        if parts:
            make = partial(cropped_to, Subject.of(picture, crops=True), parts)
            self._background.run(make, then, self._quick.show_error)
        else:
            self._open_editor(picture, then, crops=True)

    def _edit(self, picture: NewPicture) -> None:
        self._open_editor(picture, partial(self._edited, picture))

    def _open_editor(self, picture: NewPicture, then: Callable[[NewPicture], None], *, crops: bool = False) -> None:
        if self.editor is not None:
            return
        dialog = self._make_dialog()
        dialog.setWindowTitle(picture.name)
        self.editor = PictureEditor(self._services.theme, Subject.of(picture, crops=crops), dialog)
        self.editor.applied.connect(partial(self._applied, picture, then))
        self.editor.closed.connect(self._editor_closed)

    def _applied(self, old: NewPicture, then: Callable[[NewPicture], None], new: NewPicture) -> None:
        editor = self.editor
        if editor is None:
            return
        services = self._services
        if editor.session.document.hides:
            hidden = new.edit.original if new.edit and old.edit is None else new
            services.captures.replaced(old.sha256, hidden)
            if editor.subject.crops:  # it was asked about, so the history keeps it
                hide_where_kept(services, old.sha256, hidden, partial(self._made, new, then), editor.report)
                return
            services.private_texts.forget(old.sha256)
            services.text_layers.image_gone(old.sha256)
        self._made(new, then)

    def _made(self, new: NewPicture, then: Callable[[NewPicture], None]) -> None:
        then(new)
        self._services.text_layers.read_ahead(new.sha256, new.data)
        if self.editor is not None:
            self.editor.close_editor()
        if self.viewer is not None and self.viewer.isVisible():
            self._view(self._picture or new)

    def _edited(self, old: NewPicture, new: NewPicture) -> None:
        if self._picture is not None:
            self._change(new.with_pointers_of(old))

    def _editor_closed(self) -> None:
        self.editor = None
        if self.dialog is not None and (self.viewer is None or not self.viewer.isVisible()):
            self.dialog.accept()

    def _close(self) -> None:
        if self.dialog is not None:
            self.dialog.reject()

    def _closed(self) -> None:
        dialog, self.dialog = self.dialog, None
        self.viewer = self.editor = None
        if dialog is not None:
            dialog.deleteLater()
        QTimer.singleShot(0, self._quick, self._quick.prompt.field.setFocus)
