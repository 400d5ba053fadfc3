"""What is said of a quick action before it is asked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QCoreApplication

from desktop_vlm.quick_actions import QuickAction


def why_not(action: QuickAction, *, included: int, total: int, has_something: bool) -> str:
    """Why an action cannot be asked now, and what would help; "" where it can.

    Args:
        action: which one.
        included: pictures that the model sees.
        total: pictures of the conversation.
        has_something: whether something was typed or said before, or there is a picture.
    """
    needed = action.needs_pictures
    if included < needed <= total:
        sentence = _tr("{0} needs {1} pictures that the model sees; include more of them.")
        return (sentence if needed > 1 else _tr("{0} needs a picture that the model sees; include one.")).format(
            action.name, needed
        )
    if included < needed:
        sentence = _tr("{0} needs {1} pictures; add {2} more first.")
        one = _tr("{0} needs a picture; drop or paste one first.")
        return (sentence if needed > 1 else one).format(action.name, needed, needed - total)
    if not action.sends_prompt and not has_something:
        return _tr("There is nothing to check yet; write something or add a picture first.")
    return ""


def fitting(
    actions: Iterable[QuickAction], n_pictures: int, *, has_messages: bool, first: Sequence[str] | None = None
) -> list[QuickAction]:
    """Those that can be asked now: the ones that a conversation wants first, then those for several pictures."""
    order = {id_: number for number, id_ in enumerate(first or ())}
    found = [action for action in actions if action.fits(n_pictures, has_messages=has_messages)]
    return sorted(found, key=lambda one: (order.get(one.id, len(order)), one.needs_pictures < 2))


def _tr(text: str) -> str:
    return QCoreApplication.translate("QuickActions", text)
