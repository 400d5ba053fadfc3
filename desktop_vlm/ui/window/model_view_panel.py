"""Feeds the panel "What the model sees" from the assistant, and its switches back."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from desktop_vlm.images.text_layer.quoting import Excerpt
from desktop_vlm.ui.assistant.assistant import Assistant
from desktop_vlm.ui.assistant.visible_pictures import ModelView, VisiblePicture
from desktop_vlm.ui.pictures.composer import NativeImage
from desktop_vlm.ui.pictures.composite_panel import CompositePanel, CompositeState, Entry
from desktop_vlm.ui.pictures.composite_state import EntryText
from desktop_vlm.ui.pictures.library import PictureLibrary
from desktop_vlm.ui.theme import Theme

_THUMBNAIL_SIDE = 96
_NO_CANVAS = (560, 4)
"""Side and number of tiles, of which nothing is shown while there is no model."""


class ModelViewPanel(QObject):
    """Keeps a CompositePanel true.

    Attributes:
        panel: the widget.
    """

    def __init__(self, theme: Theme, assistant: Assistant, library: PictureLibrary, parent: QObject) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._library = library
        self._part = ""
        self.panel = CompositePanel(theme)
        self.panel.inclusion_changed.connect(assistant.include)
        self.panel.text_switched.connect(lambda sha256, on: assistant.texts.keep_back(sha256, not on))
        assistant.pictures.changed.connect(self._show)
        assistant.texts.changed.connect(self._texts_changed)
        self._refresh_soon = QTimer(self, singleShot=True, interval=0)  # once for all thumbnails that came
        self._refresh_soon.timeout.connect(self.refresh)
        library.loaded.connect(self._thumbnail_loaded)
        self._show(assistant.pictures.view)

    def name_part(self, words: str) -> None:
        """Let the panel's advice name the part that the question is about; "" for none."""
        if words != self._part:
            self._part = words
            self._show(self._assistant.pictures.view)

    def _texts_changed(self) -> None:
        self._show(self._assistant.pictures.view)

    def _show(self, view: ModelView) -> None:
        if not self.panel.isVisible() and view.pictures:
            # Shown when it is opened: thumbnails cost time.
            return
        self.refresh()

    def _thumbnail_loaded(self, _sha256: str) -> None:
        if self.panel.isVisible():
            self._refresh_soon.start()

    def refresh(self) -> None:
        """Show the pictures as they are now."""
        view = self._assistant.pictures.view
        side = round(_THUMBNAIL_SIDE * self.panel.devicePixelRatioF())
        composition = view.composition
        canvas = view.capabilities.sizing.canvas if view.capabilities and view.capabilities.sizing else _NO_CANVAS
        along = self._assistant.text_along()
        self.panel.set_state(
            CompositeState(
                entries=tuple(self._entry(picture, side, along.get(picture.sha256)) for picture in view.pictures),
                tile_size=canvas[0],
                max_tiles=canvas[1],
                composite=composition.preview if composition else None,
                layout=composition.layout if composition else None,
                cost=self._cost(),
                busy=view.is_preparing,
                images=self._images(view),
                max_images=view.capabilities.max_images if view.capabilities else 1,
                note=self._note(view),
                part=self._part,
            )
        )

    def _entry(self, picture: VisiblePicture, side: int, along: Excerpt | None) -> Entry:
        texts = self._assistant.texts
        is_on = picture.sha256 not in texts.quoted.kept_back
        return Entry(
            sha256=picture.sha256,
            name=picture.name,
            width=picture.width,
            height=picture.height,
            included=picture.included,
            image=self._library.thumbnail(picture.sha256, side),
            font_px=texts.font_px(picture.sha256),
            text=EntryText(along.lines, along.left_out, is_on) if along is not None else None,
            is_marked=bool(picture.pointers),
        )

    def _images(self, view: ModelView) -> tuple[NativeImage, ...] | None:
        if view.prepared and view.prepared.images:
            return view.prepared.images
        is_native = view.capabilities is not None and view.capabilities.max_images > 1
        return () if is_native else None

    def _note(self, view: ModelView) -> str:
        """Why no picture reaches the model, if none does."""
        if view.problem:
            return view.problem
        if view.capabilities is None:
            return self.tr("No model is loaded yet, so it is not known how it will see the pictures.")
        if view.capabilities.max_images == 0:
            return self.tr("This model cannot see pictures: it gets only the text.")
        return ""

    def _cost(self) -> str:
        """What a switch costs, by the last answer that had to look at the pictures."""
        for message in reversed(self._assistant.messages):
            usage = message.details.get("usage")
            if usage and usage["encode_s"]:
                seconds = usage["encode_s"] + usage["prefill_s"]
                return self.tr("After a change the next question looks at the pictures again: about {0} s.").format(
                    f"{seconds:.0f}" if seconds >= 10 else f"{seconds:.1f}"
                )
        return self.tr("After a change the next question looks at the pictures again.")
