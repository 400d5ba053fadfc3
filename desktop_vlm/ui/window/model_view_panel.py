"""Feeds the panel "What the model sees" from the assistant, and its switches back."""

from __future__ import annotations

from PySide6.QtCore import QObject

from desktop_vlm.ui.assistant.assistant import Assistant
from desktop_vlm.ui.assistant.visible_pictures import ModelView
from desktop_vlm.ui.pictures.composite_panel import CompositePanel, CompositeState, Entry
from desktop_vlm.ui.pictures.library import PictureLibrary
from desktop_vlm.ui.theme import Theme

_THUMBNAIL_SIDE = 96


class ModelViewPanel(QObject):
    """Keeps a CompositePanel true.

    Attributes:
        panel: the widget.
    """

    def __init__(self, theme: Theme, assistant: Assistant, library: PictureLibrary, parent: QObject) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._library = library
        self.panel = CompositePanel(theme)
        self.panel.inclusion_changed.connect(assistant.include)
        assistant.pictures.changed.connect(self._show)
        library.loaded.connect(self._thumbnail_loaded)
        self._show(assistant.pictures.view)

    def _show(self, view: ModelView) -> None:
        if not self.panel.isVisible() and view.pictures:
            # Shown when it is opened: thumbnails cost time.
            return
        self.refresh()

    def _thumbnail_loaded(self, _sha256: str) -> None:
        if self.panel.isVisible():
            self.refresh()

    def refresh(self) -> None:
        """Show the pictures as they are now."""
        view = self._assistant.pictures.view
        side = round(_THUMBNAIL_SIDE * self.panel.devicePixelRatioF())
        composition = view.composition
        tiles = {"tile_size": view.tile_size, "max_tiles": view.max_tiles} if view.tile_size and view.max_tiles else {}
        self.panel.set_state(
            CompositeState(
                entries=tuple(
                    Entry(
                        sha256=picture.sha256,
                        name=picture.name,
                        width=picture.width,
                        height=picture.height,
                        included=picture.included,
                        image=self._library.thumbnail(picture.sha256, side),
                    )
                    for picture in view.pictures
                ),
                **tiles,
                composite=composition.preview if composition else None,
                layout=composition.layout if composition else None,
                cost=self._cost(),
                busy=composition is None and bool(view.included) and not view.problem,
            )
        )

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
