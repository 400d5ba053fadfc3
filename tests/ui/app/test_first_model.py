"""A new user with a mouse: from the first start to an answer of a model that was downloaded, on a real screen.

With FIRST_MODEL_SHOTS=FOLDER every step is kept as a PNG.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop_vlm.convert import ModelFiles
from desktop_vlm.models.catalogue import catalogue
from desktop_vlm.system.paths import Paths
from tests.hub.server import HubServer, slow
from tests.ui.app.test_real_window import has_demo
from tools.screen import Screen, screen, wait_for

pytestmark = pytest.mark.skipif(not has_demo(), reason="the demo model is not installed")

_LONG_S = 120


class Hand:
    """The program on its screen, and a hand at the mouse."""

    def __init__(self, display: Screen, home: Path, **variables: str) -> None:
        self.screen = display
        self.home = home
        self._report = home / "report.json"
        self._steps = 0
        home.mkdir(parents=True, exist_ok=True)
        self._report.unlink(missing_ok=True)
        self.process = display.start(
            ["-m", "tests.ui.app.reporting_window", str(self._report)], DESKTOP_VLM_HOME=str(home), **variables
        )
        display.activate(display.window("Desktop VLM"))

    def sees(self) -> dict[str, Any]:
        """What the program tells of itself."""
        if not self._report.exists():
            return {"buttons": {}, "texts": [], "page": None}
        found: dict[str, Any] = json.loads(self._report.read_text(encoding="utf-8"))
        return found

    def wait_for(self, what: Callable[[dict[str, Any]], Any], name: str, timeout_s: float = _LONG_S) -> Any:
        return wait_for(lambda: what(self.sees()), name, timeout_s)

    def wait_for_text(self, part: str) -> str:
        """The first visible text with that in it."""
        found = self.wait_for(lambda seen: [text for text in seen["texts"] if part in text], f"the text {part!r}")
        return str(found[0])

    def press(self, name: str) -> None:
        """Scroll until a button is in sight, go there with the mouse, and click."""
        self.wait_for(lambda seen: name in seen["buttons"], f"the button {name}")
        for _ in range(60):
            place = self._settled(name)
            if place:
                self.screen.run("xdotool", "mousemove", str(place[0]), str(place[1]), "sleep", "0.1", "click", "1")
                return
            page = self.sees()["page"] or [640, 400]
            self.screen.run("xdotool", "mousemove", str(page[0]), str(page[1]), "click", "5", "sleep", "0.3")
        raise AssertionError(f"{name} does not come into sight")

    def _settled(self, name: str) -> list[int] | None:
        """Where a button is once it stays there."""
        places: list[list[int] | None] = []
        for _ in range(20):
            places.append(self.sees()["buttons"].get(name))
            if len(places) > 2 and places[-1] == places[-2] == places[-3]:
                break
            self.screen.run("sleep", "0.15")
        return places[-1]

    def look(self, name: str) -> None:
        """Keep the screen, where somebody wants to see it."""
        self._steps += 1
        if folder := os.environ.get("FIRST_MODEL_SHOTS"):
            self.screen.run("sleep", "0.5")
            self.screen.picture(Path(folder) / f"{self.home.name}-{self._steps}-{name}.png")

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture(scope="module")
def display() -> Iterator[Screen]:
    with screen() as made:
        yield made


@pytest.fixture
def hub(model_files: Callable[..., ModelFiles]) -> Iterator[HubServer]:
    """A hub that has every finished pair of the catalogue, and all of them are one tiny model."""
    tiny = model_files("alpha")
    assert tiny.mmproj is not None
    with HubServer() as server:
        for model in catalogue():
            names = [name for kind in model.types for name in kind.files]
            if not model.is_converted:
                server.add(model.repo, {name: tiny.mmproj if "mmproj" in name else tiny.text for name in names})
        yield server


def settings(home: Path, theme: str) -> None:
    file = Paths.under(home).settings_file
    file.parent.mkdir(parents=True)
    file.write_text(f'[appearance]\ntheme = "{theme}"\n\n[model]\nn_ctx = 512\n', encoding="utf-8")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_from_the_first_start_to_a_second_model_with_the_mouse_only(
    display: Screen, hub: HubServer, tmp_path: Path, theme: str
) -> None:
    home = tmp_path / theme
    settings(home, theme)
    hub.misbehave("*.gguf", slow(400_000))
    hand = Hand(display, home, HF_ENDPOINT=hub.endpoint)
    advice = hand.wait_for_text("to download.")
    hand.look("first-start")
    assert hub.seen == []  # nothing is contacted before somebody asks for it

    model = next(one for one in catalogue() if one.title in advice)
    hand.press(f"Get {model.title}")  # on the card of the welcome screen
    hand.wait_for(lambda seen: seen["page"], "the model page")
    hand.look("model-page")
    assert hub.seen == []
    hand.press(f"Get {model.title}")
    hand.wait_for_text("Downloading  ·")
    hand.look("downloading")
    hand.press(f"Pause {model.title}")
    hand.wait_for_text("Paused at")
    hand.look("paused")
    hub.behave()
    hand.press(f"Resume {model.title}")
    hand.wait_for(
        lambda seen: seen["texts"].count("Loaded") == 1 and f"Load {model.title}" not in seen["buttons"], "it"
    )
    hand.wait_for_text(f"{model.title} is here, and is being loaded.")
    hand.look("loaded")
    hand.press("Back to the conversation (Esc)")
    hand.wait_for(lambda seen: seen["page"] is None, "the conversation")
    hand.wait_for(lambda seen: "Model" in seen["buttons"], "the status line")
    hand.look("conversation")
    longest_ms = hand.sees()["longest_ms"]
    hand.close()

    folders = [one for one in Paths.under(home).models_folder.iterdir() if not one.name.startswith(".")]
    assert [one.name for one in folders] == [f"{model.name}-{model.types[0].text.lower()}"]
    assert str(folders[0]) in Paths.under(home).settings_file.read_text(encoding="utf-8")
    assert longest_ms < 200, "the window's thread was held up"
