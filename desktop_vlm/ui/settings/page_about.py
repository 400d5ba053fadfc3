"""Settings: what this program is, and what it is made of."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLabel

import desktop_vlm
from desktop_vlm.ui.settings.page import Page
from desktop_vlm.ui.theme import Theme, set_kind
from desktop_vlm.ui.widgets.cards import Card, Row, text_label

_PARTS = (
    ("llama.cpp", "MIT"),
    ("Qt and PySide6", "LGPL-3.0"),
    ("Lucide", "ISC"),
    ("SmolLM2-135M-Instruct", "Apache-2.0"),
)
"""What the program stands on, and its licences."""


class AboutPage(Page):
    """Name, version, thanks."""

    def __init__(self, theme: Theme, versions: Sequence[tuple[str, str]]) -> None:
        super().__init__(theme, self.tr("About"))
        self.add(text_label(self.tr("Ask about what is on your screen, offline, with models that see."), "muted"))
        card = Card()
        shown = {"Desktop VLM": desktop_vlm.__version__, **dict(versions)}  # each once, whoever names it, too
        for name, version in shown.items():
            card.add(Row(name, "", _value(version)))
        self.add(card)
        self.add_heading(self.tr("Made with"))
        thanks = Card()
        for name, licence in _PARTS:
            thanks.add(Row(name, "", _value(licence)))
        self.add(thanks)
        advice = self.tr("Models make mistakes: check what matters. Each model has a licence of its own.")
        self.add(text_label(advice, "caption"))
        self.add_stretch()


def _value(text: str) -> QLabel:
    label = QLabel(text)
    set_kind(label, "muted")
    return label
