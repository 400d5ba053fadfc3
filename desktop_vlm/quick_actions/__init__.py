"""Questions that people ask about pictures again and again, one click or key away."""

from __future__ import annotations

from desktop_vlm.quick_actions.action import QuickAction
from desktop_vlm.quick_actions.builtin import BUILTIN_ACTIONS
from desktop_vlm.quick_actions.store import QuickActionStore

__all__ = ["BUILTIN_ACTIONS", "QuickAction", "QuickActionStore"]
