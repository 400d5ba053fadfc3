"""States of the program that are looked at: `python -m tools.take_screenshots --states FOLDER`.

A scene is a function that brings the program into a state, in any module of this package:

    @scene("two-drafts")
    def two_drafts(stage: Stage) -> None: ...

It leaves menus and dialogs open without waiting for their end (`popup`, `show`, `open`): the whole screen is kept then,
in light and in dark.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

from tools.screens.stage import Stage


@dataclass(frozen=True)
class Scene:
    """One state.

    Attributes:
        name: of its files.
        set_up: brings the program there.
        loads: whether the bundled model is loaded first.
    """

    name: str
    set_up: Callable[[Stage], None]
    loads: bool


_SCENES: dict[str, Scene] = {}


def scene(name: str, *, loads: bool = True) -> Callable[[Callable[[Stage], None]], Callable[[Stage], None]]:
    """Declare a scene; see `Scene` for what is given."""

    def declare(set_up: Callable[[Stage], None]) -> Callable[[Stage], None]:
        if name in _SCENES:
            raise ValueError(f"there are two scenes named {name}")
        _SCENES[name] = Scene(name, set_up, loads)
        return set_up

    return declare


def all_scenes() -> dict[str, Scene]:
    """The scenes of all modules here, by name."""
    package = importlib.import_module("tools.screens")
    for module in pkgutil.iter_modules(package.__path__, "tools.screens."):
        importlib.import_module(module.name)
    return dict(sorted(_SCENES.items()))
