"""Settings: the quick actions."""

from __future__ import annotations

from collections.abc import Mapping

from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.quick_actions import QuickActionStore
from desktop_vlm.ui.quick_actions.editor import QuickActionEditor
from desktop_vlm.ui.settings.page import Page
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.widgets.cards import text_label


class ActionsPage(Page):
    """The editor, as a page."""

    def __init__(
        self,
        theme: Theme,
        store: QuickActionStore,
        taken: Mapping[str, str],
        capabilities: Capabilities | None = None,
    ) -> None:
        super().__init__(theme, self.tr("Quick actions"))
        self.add(text_label(self.tr("Questions you ask again and again, one click or key away."), "muted"))
        self.editor = QuickActionEditor(theme, store, taken, capabilities)
        self.add(self.editor, 1)

    def flush(self) -> None:
        self.editor.flush()
