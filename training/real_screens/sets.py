"""The sets of full screens: the first, by which training has been steered, and the second, which only measures it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from training.real_screens import contents, scenes
from training.real_screens.scenes import Scene
from training.real_screens.second import contents as second_contents
from training.real_screens.second import scenes as second_scenes

_FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class ScreenSet:
    """A set.

    Attributes:
        folder: with its images, pages and `questions.json`.
        fill: writes into the home folder what the programs open.
    """

    folder: Path
    scenes: tuple[Scene, ...]
    fill: Callable[[Path], None]


SETS = {
    "first": ScreenSet(_FOLDER, scenes.SCENES, contents.fill),
    "second": ScreenSet(_FOLDER / "second", second_scenes.SCENES, second_contents.fill),
}
