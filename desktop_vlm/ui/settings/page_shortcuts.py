"""Settings: the keys."""

from __future__ import annotations

from collections.abc import Sequence

from desktop_vlm.quick_actions import QuickActionStore
from desktop_vlm.ui.settings.page import Page
from desktop_vlm.ui.theme import Theme
from desktop_vlm.ui.window.shortcuts import Shortcut, ShortcutList


class ShortcutsPage(Page):
    """The shortcut sheet, as a page; it follows changes of the quick actions."""

    def __init__(self, theme: Theme, shortcuts: Sequence[Shortcut], store: QuickActionStore) -> None:
        super().__init__(theme, self.tr("Shortcuts"))
        self._shortcuts = shortcuts
        self._store = store
        self.list = ShortcutList(theme, shortcuts, store.actions)
        self.add(self.list, 1)

    def refresh(self) -> None:
        """Show the quick actions as they are now."""
        fresh = ShortcutList(self.theme, self._shortcuts, self._store.actions)
        fresh.search.setText(self.list.search.text())
        self._outer.replaceWidget(self.list, fresh)
        self.list.hide()
        self.list.deleteLater()
        self.list = fresh
