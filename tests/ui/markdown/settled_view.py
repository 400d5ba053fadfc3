"""A view that has laid out what it was given when the call returns."""

from __future__ import annotations

from time import monotonic

from PySide6.QtWidgets import QApplication

from desktop_vlm.ui.markdown import MarkdownView

_PATIENCE_S = 20.0


class SettledView(MarkdownView):
    """Answers with several formulas, and long ones, take some turns of the event loop."""

    def set_markdown(self, text: str, *, streaming: bool = False) -> None:
        super().set_markdown(text, streaming=streaming)
        self.settle()

    def settle(self) -> None:
        """Wait until nothing is left to do for what is on the screen."""
        end = monotonic() + _PATIENCE_S
        while not self.is_settled:
            assert monotonic() < end
            QApplication.processEvents()
