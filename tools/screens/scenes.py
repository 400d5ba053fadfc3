"""States of the program that are looked at: `python -m tools.take_screenshots --states FOLDER`.

A scene is a function that brings the program into a state, in any module of this package:

    @scene("two-drafts")
    def two_drafts(stage: Stage) -> None: ...

It leaves menus and dialogs open without waiting for their end (`popup`, `show`, `open`): the whole screen is kept then,
in light and in dark. What keeps the colours that it was made with, as menus do, is made by what the scene returns:
it is called for each theme.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from tools.screens.stage import Stage

SetUp = Callable[[Stage], Callable[[], object] | None]


@dataclass(frozen=True)
class Scene:
    """One state.

    Attributes:
        name: of its files.
        set_up: brings the program there; what it returns is called in each theme.
        loads: whether the bundled model is loaded first.
    """

    name: str
    set_up: SetUp
    loads: bool


SetUpOf = TypeVar("SetUpOf", bound=SetUp)

_SCENES: dict[str, Scene] = {}


def scene(name: str, *, loads: bool = True) -> Callable[[SetUpOf], SetUpOf]:
    """Declare a scene; see `Scene` for what is given."""

    def declare(set_up: SetUpOf) -> SetUpOf:
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
