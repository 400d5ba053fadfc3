"""A new user with a mouse: from the first start to models that were downloaded and loaded, on a real screen.

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
from desktop_vlm.models.catalogue import CatalogueModel, catalogue
from desktop_vlm.system.paths import Paths
from tests.hub.faults import slow
from tests.hub.server import HubServer
from tests.ui.app.test_real_window import has_demo
from tools.screen import ROOT, Screen, screen, wait_for

pytestmark = pytest.mark.skipif(not has_demo(), reason="the demo model is not installed")

_LONG_S = 120
_TOKEN = "hf_ThisIsASecretOfTheTest"


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
            return {"buttons": {}, "texts": [], "page": None, "number": 0}
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

    def enter(self, name: str, text: str) -> None:
        """Click into a field and type."""
        self.press(name)
        self.screen.type(text)

    def _settled(self, name: str) -> list[int] | None:
        """Where a button is once it stays there from one report to the next."""
        before = self.sees()
        for _ in range(20):
            now = self._next_report(before["number"])
            if now["buttons"].get(name) == before["buttons"].get(name):
                break
            before = now
        place: list[int] | None = now["buttons"].get(name)
        return place

    def _next_report(self, number: int) -> Any:
        return self.wait_for(lambda seen: seen["number"] > number and seen, "another report")

    def look(self, name: str) -> None:
        """Keep the screen, where somebody wants to see it."""
        self._steps += 1
        if folder := os.environ.get("FIRST_MODEL_SHOTS"):
            self.screen.run("sleep", "0.5")
            self.screen.picture(Path(folder) / f"{self.home.name}-{self._steps}-{name}.png")

    def close(self) -> None:
        """End the program."""
        self.process.terminate()
        self.process.wait(60)


@pytest.fixture(scope="module")
def display() -> Iterator[Screen]:
    with screen() as made:
        yield made


@pytest.fixture
def hub(model_files: Callable[..., ModelFiles], checkpoint_folder: Callable[[str], Path]) -> Iterator[HubServer]:
    """A hub with every finished pair of the catalogue and a gated checkpoint, all of them one tiny model."""
    tiny = model_files("alpha")
    assert tiny.mmproj is not None
    with HubServer() as server:
        for model in catalogue():
            names = [name for kind in model.types for name in kind.files]
            if not model.is_converted:
                server.add(model.repo, {name: tiny.mmproj if "mmproj" in name else tiny.text for name in names})
        gated = next(one for one in catalogue() if one.is_gated)
        server.add_folder(gated.repo, checkpoint_folder("alpha"), gated="manual", members=(_TOKEN,))
        yield server


def settings(home: Path, theme: str) -> None:
    file = Paths.under(home).settings_file
    file.parent.mkdir(parents=True)
    file.write_text(f'[appearance]\ntheme = "{theme}"\n\n[model]\nn_ctx = 512\nn_threads = 1\n', encoding="utf-8")


@pytest.fixture
def hand(display: Screen, hub: HubServer, tmp_path: Path, theme: str) -> Iterator[Hand]:
    home = tmp_path / theme
    settings(home, theme)
    made = Hand(
        display,
        home,
        HF_ENDPOINT=hub.endpoint,
        PYTHON_KEYRING_BACKEND="tests.ui.app.file_keyring.FileKeyring",
        PYTHONPATH=str(ROOT),
        FILE_KEYRING=str(tmp_path / "keyring.json"),
    )
    yield made
    made.close()


def get_the_first(hand: Hand, hub: HubServer) -> CatalogueModel:
    """From the first start to a model in place of the demo, with the mouse only."""
    hub.misbehave("*.gguf", slow(400_000))
    advice = hand.wait_for_text("to download.")
    hand.look("first-start")
    model = next(one for one in catalogue() if one.title in advice)
    hand.press(f"Get {model.title}")  # on the card of the welcome screen
    hand.wait_for(lambda seen: seen["page"], "the model page")
    hand.look("model-page")
    assert hub.seen == []  # nothing is contacted before somebody asks for it
    hand.press(f"Get {model.title}")
    hand.wait_for_text("Downloading  ·")
    hand.look("downloading")
    hand.press(f"Pause {model.title}")
    hand.wait_for_text("Paused at")
    hand.look("paused")
    hub.behave()
    hand.press(f"Resume {model.title}")
    hand.wait_for_text(f"{model.title} is here, and is being loaded.")
    hand.wait_for(
        lambda seen: "Loaded" in seen["texts"] and f"Load {model.title}" not in seen["buttons"], "the loaded model"
    )
    hand.look("loaded")
    return model


def get_a_gated_one(hand: Hand) -> CatalogueModel:
    """Then one whose licence has to be accepted, with a wrong token first."""
    model = next(one for one in catalogue() if one.is_gated)
    hand.press(f"Get {model.title}")
    hand.wait_for_text(model.licence_note)
    hand.look("licence")
    hand.enter("Token for the hub", "hf_Wrong")
    hand.press("Save the token")
    hand.wait_for_text("A token is kept")
    hand.press(f"Get {model.title}")
    hand.wait_for(lambda seen: f"Try {model.title} again" in seen["buttons"], "a refusal")
    hand.look("refused")
    hand.press("Use another token")
    hand.enter("Token for the hub", _TOKEN)
    hand.press("Save the token")
    hand.press(f"Try {model.title} again")
    hand.wait_for_text(f"{model.title} is ready.")
    hand.look("ready")
    hand.press("Load")
    hand.press("Back to the conversation (Esc)")
    hand.wait_for(lambda seen: "Model" in seen["buttons"], "the status line")
    hand.look("conversation")
    return model


# The dark screens are for people to look at; the program does the same in them.
@pytest.mark.parametrize("theme", ["light", "dark"] if os.environ.get("FIRST_MODEL_SHOTS") else ["light"])
def test_a_new_user_gets_two_models(hand: Hand, hub: HubServer) -> None:
    first = get_the_first(hand, hub)
    second = get_a_gated_one(hand)
    report = json.dumps(hand.sees())
    longest_ms = hand.sees()["longest_ms"]
    hand.close()

    paths = Paths.under(hand.home)
    folders = sorted(one.name for one in paths.models_folder.iterdir() if not one.name.startswith("."))
    assert folders == sorted(f"{one.name}-{one.types[0].text.lower()}" for one in (first, second))
    assert second.name in paths.settings_file.read_text(encoding="utf-8")
    assert {one.token for one in hub.seen if one.where == "hub"} == {"", "hf_Wrong", _TOKEN}
    assert [file for file in hand.home.rglob("*") if file.is_file() and _TOKEN.encode() in file.read_bytes()] == []
    assert _TOKEN not in report
    assert longest_ms < 200, "the window's thread was held up"
