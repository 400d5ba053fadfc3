"""Makes `docs/screenshots/` from the running program: `make screenshots`; or, with --states, keeps each state of it.

The answers in first-run, window, dark, panel, composed, json and error are the demo model's own, as they came. Those in
formula and markdown were put into the history by this script: the demo model writes neither formulas nor tables. viewer
finds a word in markdown's own image. native
shows composed's conversation as Qwen2.5-VL sees it, with random weights, which have answered nothing there. What models
and models-dark say of processor and disk is true of the computer that made them.

States are described in `tools.screens.scenes`.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from benchmarks import random_families
from desktop_vlm.models.demo import demo_screenshot
from desktop_vlm.ui.engine.local import LocalEngine
from desktop_vlm.ui.engine.protocol import EngineState
from desktop_vlm.ui.theme import ThemeChoice
from tools.event_loop import spin
from tools.screens.materials import FORMULA, MARKDOWN, dialog, formula, progress, receipt, terminal
from tools.screens.stage import Stage, spin_until
from tools.screens.states import SETUPS, take_here, take_states

OUT = Path(__file__).parent.parent / "docs" / "screenshots"
SIZE = (1180, 780)


def take(camera: Stage, name: str) -> None:
    """Keep the window as a PNG."""
    spin(500)
    camera.window.grab().save(str(OUT / f"{name}.png"))
    print(f"docs/screenshots/{name}.png", flush=True)


def two_images(camera: Stage, shots: Sequence[Path], folder: Path) -> None:
    """A conversation about two images, with the panel open: for a model that sees one at a time, and one of many."""
    window, settings = camera.window, camera.app.services.settings
    window.new_conversation()
    for number, shot in enumerate(shots, 1):
        camera.ask(f"What is the title of picture {number}?", shot)
    take(camera, "composed")
    demo = settings.current.model
    text, mmproj = random_families.write("tiny-qwen25vl", folder / "random", "F16", "F16")
    settings.update("model", text=str(text), mmproj=str(mmproj))
    camera.load()
    take(camera, "native")
    settings.update("model", text=demo.text, mmproj=demo.mmproj)
    camera.load()
    window.toggle_panel()


def text_in_viewer(camera: Stage, picture: Path, sought: str) -> None:
    """A text that is found in an image."""
    camera.prepared("A screen", "What is on this screen?", "A conversation.", picture)
    actions = camera.window._picture_actions  # noqa: SLF001
    actions.view(camera.assistant.messages[0].pictures[0].sha256)
    viewer = actions._viewer  # noqa: SLF001
    assert viewer is not None
    spin_until(lambda: viewer.canvas.text.has_lines and viewer.canvas.image is not None)
    viewer.text.open_bar(sought)
    spin(500)
    viewer.text.step(1)
    take(camera, "viewer")
    viewer.close_viewer()


def models(camera: Stage) -> None:
    """The model page, and what it says of a model before that is downloaded."""
    page = camera.window._model_actions  # noqa: SLF001
    best = next((one.id for one in camera.app.services.models.survey.available if one.is_recommended), "")
    page.open_page(best)
    spin(500)
    take(camera, "models")
    gated = next(one.id for one in camera.app.services.models.survey.available if one.is_gated)
    page.close_page()
    page.open_page(gated)
    camera.theme(ThemeChoice.DARK)
    take(camera, "models-dark")
    camera.theme(ThemeChoice.LIGHT)
    page.close_page()


def take_all(camera: Stage, shots: Sequence[Path], folder: Path) -> None:
    """Walk through the program."""
    app, window = camera.app, camera.window
    camera.theme(ThemeChoice.LIGHT)
    app.start()
    window.resize(*SIZE)
    spin_until(lambda: app.services.engine.state is EngineState.READY)
    spin_until(lambda: bool(app.services.models.survey.machine))
    take(camera, "first-run")
    models(camera)

    screenshot = demo_screenshot()
    assert screenshot is not None
    camera.ask("Read the message.", screenshot)
    camera.ask("Which buttons are there?")
    take(camera, "window")
    camera.theme(ThemeChoice.DARK)
    take(camera, "dark")
    camera.theme(ThemeChoice.LIGHT)

    window.new_conversation()
    camera.ask("What is the title of picture 1?", *shots)
    window.toggle_panel()
    take(camera, "panel")

    two_images(camera, [shots[0], shots[2]], folder)

    window.new_conversation()
    receipt(folder / "receipt.png")
    camera.run_action("receipt", folder / "receipt.png")
    take(camera, "json")

    formula(folder / "paper.png")
    action = "Formula to LaTeX"
    camera.prepared(f"{action}: paper.png", "Write the formula in LaTeX.", FORMULA, folder / "paper.png", action)
    take(camera, "formula")
    terminal(folder / "build.png")
    camera.prepared("Why does the build fail?", "Why does the build fail?", MARKDOWN, folder / "build.png")
    camera.theme(ThemeChoice.DARK)
    take(camera, "markdown")
    text_in_viewer(camera, OUT / "markdown.png", "None")
    camera.theme(ThemeChoice.LIGHT)

    window.new_conversation()
    window.composer.text.setPlainText("Write a long story about a fox.")
    window.draft.send()
    spin_until(lambda: bool(camera.assistant.messages) and len(camera.assistant.messages[-1].text) > 120)
    engine = app.services.engine
    assert isinstance(engine, LocalEngine)
    os.kill(engine.pid, signal.SIGKILL)
    spin_until(lambda: not camera.assistant.busy)
    take(camera, "error")


def take_docs() -> None:
    """All pictures of the documentation."""
    OUT.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        qt = QApplication(["screenshots"])
        shots = {
            "disk full.png": dialog("Disk full", "Save to another drive and try again.", "Retry", "Cancel"),
            "copying.png": progress("Copying photos", 64),
            "update.png": dialog("Update ready", "Restart to finish the update.", "Later", "Restart"),
        }
        for name, pixmap in shots.items():
            pixmap.save(str(folder / name))
        stage = Stage(qt, folder)
        take_all(stage, [folder / name for name in shots], folder)
        stage.close()


def main() -> int:
    """The pictures of the documentation, or every state."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--states", type=Path, metavar="FOLDER", help="keep every state there instead")
    parser.add_argument("--only", action="append", default=[], metavar="SCENE", help="of the states, just this one")
    parser.add_argument("--screen", action="append", choices=[*SETUPS], help="just on this screen")
    parser.add_argument("--here", choices=[*SETUPS], help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.states is None:
        take_docs()
        return 0
    if given.here:
        return min(1, take_here(given.states, given.only, SETUPS[given.here]))
    return min(1, take_states(given.states.absolute(), given.only, given.screen or [*SETUPS]))


if __name__ == "__main__":
    sys.exit(main())
