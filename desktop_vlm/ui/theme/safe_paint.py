"""Paint code that cannot raise.

Qt calls `paintEvent`, icon engines, delegates and text objects from C++. An exception that leaves one of them is only
printed, but its traceback keeps the local `QPainter` alive, and the next paint device that goes away while that
painter is active ends the process. So every such method is decorated with `safe_paint` or `safe_result`: what fails
is logged once, its painter is let go, and the widget stays blank. A test finds methods that lack the decorator.
"""

from __future__ import annotations

import functools
import logging
import traceback
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from PySide6.QtGui import QPainter

_LOG = logging.getLogger(__name__)

_Arguments = ParamSpec("_Arguments")
_Result = TypeVar("_Result")

_logged: set[tuple[str, str]] = set()


def safe_paint(method: Callable[_Arguments, None]) -> Callable[_Arguments, None]:
    """Make a method that Qt calls to paint safe; where it fails, nothing more is drawn."""
    return safe_result(lambda: None)(method)


def safe_result(
    make_default: Callable[[], _Result],
) -> Callable[[Callable[_Arguments, _Result]], Callable[_Arguments, _Result]]:
    """Make a method safe whose result Qt uses while it paints; `make_default` gives the result where it fails."""

    def decorate(method: Callable[_Arguments, _Result]) -> Callable[_Arguments, _Result]:
        @functools.wraps(method)
        def safe(*args: _Arguments.args, **kwargs: _Arguments.kwargs) -> _Result:
            try:
                return method(*args, **kwargs)
            except Exception as error:  # noqa: BLE001 - whatever it is, it must not reach Qt
                _log_once(method.__qualname__, error)
                _end_painters(error, args)
            return make_default()

        return safe

    return decorate


def _end_painters(error: Exception, lent: tuple[object, ...]) -> None:
    """End the painters that the failed code began, before their paint devices go; those that Qt `lent` go on."""
    for frame, _line in traceback.walk_tb(error.__traceback__):
        for value in list(frame.f_locals.values()):
            if isinstance(value, QPainter) and value.isActive() and not any(value is one for one in lent):
                value.end()
    traceback.clear_frames(error.__traceback__)


def _log_once(name: str, error: Exception) -> None:
    """A widget may be painted 60 times a second."""
    key = (name, f"{type(error).__name__}: {error}")
    if key not in _logged:
        _logged.add(key)
        # As text: a record that holds the traceback would hold the painter, too.
        _LOG.error("Painting failed in %s, a bug in Desktop VLM:\n%s", name, "".join(traceback.format_exception(error)))
