"""Makes `docs/screenshots/` from the running program: `make screenshots`.

The answers in first-run, window, dark, panel, composed, json and error are the demo model's own, as they came. Those in
formula and markdown were put into the history by this script: the demo model writes neither formulas nor tables. viewer
finds a word in markdown's own image. native
shows composed's conversation as Qwen2.5-VL sees it, with random weights, which have answered nothing there. What models
and models-dark say of processor and disk is true of the computer that made them.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image, ImageDraw, ImageFont
from PySide6.QtCore import QElapsedTimer, QEventLoop, QPointF, QTimer
from PySide6.QtGui import QFont, QPainter, QPixmap
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from benchmarks import random_families
from desktop_vlm.history.store import History
from desktop_vlm.models.demo import demo_screenshot
from desktop_vlm.system.paths import Paths
from desktop_vlm.ui.app.program import App
from desktop_vlm.ui.engine.local import LocalEngine
from desktop_vlm.ui.engine.protocol import EngineState
from desktop_vlm.ui.markdown.formula import lay_out
from desktop_vlm.ui.theme import ThemeChoice

OUT = Path(__file__).parent.parent / "docs" / "screenshots"
SIZE = (1180, 780)

FORMULA = r"""$$\int_{-\infty}^{\infty} e^{-x^2}\,dx = \sqrt{\pi}$$

The picture shows the Gaussian integral. Its square is

$$\left(\int_{-\infty}^{\infty} e^{-x^2} dx\right)^2 = \int_0^{2\pi}\!\int_0^{\infty} e^{-r^2}\, r\,dr\,d\theta = \pi$$

so the value is $\sqrt{\pi} \approx 1.7725$."""

MARKDOWN = """The build stops in **`test_parser.py`**: the parser gets `None` where it expects a line.

```python
def parse(line: str | None) -> list[str]:
    if line is None:  # the file ended without a newline
        return []
    return line.rstrip().split(",")
```

| where | what happens | how often |
|:--|:--|--:|
| line 12 | `None` at the end of the file | 1 |
| line 31 | a field too many | 3 |

1. Return an empty list for `None`.
2. Add a test with a file that does not end with a newline."""


def spin(milliseconds: int) -> None:
    """Let the program run."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def spin_until(done: Callable[[], bool], most_ms: int = 600_000) -> None:
    """Let the program run until something is so."""
    clock = QElapsedTimer()
    clock.start()
    while not done():
        if clock.elapsed() > most_ms:
            raise TimeoutError("what was waited for did not come")
        spin(20)


def dialog(title: str, message: str, *buttons: str) -> QPixmap:
    """A dialog of a program of today."""
    window = QWidget()
    column = QVBoxLayout(window)
    column.setContentsMargins(22, 18, 22, 16)
    heading = QLabel(title)
    font = QFont(heading.font())
    font.setBold(True)
    heading.setFont(font)
    column.addWidget(heading)
    column.addWidget(QLabel(message))
    row = QHBoxLayout()
    row.addStretch(1)
    for name in buttons:
        row.addWidget(QPushButton(name))
    column.addLayout(row)
    return window.grab()


def progress(text: str, part: int) -> QPixmap:
    """A window in which something is copied."""
    window = QWidget()
    column = QVBoxLayout(window)
    column.setContentsMargins(22, 18, 22, 18)
    column.addWidget(QLabel(text))
    bar = QProgressBar()
    bar.setMinimumWidth(300)
    bar.setValue(part)
    column.addWidget(bar)
    column.addWidget(QPushButton("Cancel"))
    return window.grab()


def receipt(file: Path) -> None:
    """A till receipt."""
    image = Image.new("RGB", (300, 300), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=15)
    lines = [
        ("GREEN MARKET", ""),
        ("2026-11-20", ""),
        ("", ""),
        ("Bread", "3.20"),
        ("Butter", "2.45"),
        ("Coffee", "7.90"),
        ("", ""),
        ("TOTAL", "13.55"),
    ]
    for number, (left, right) in enumerate(lines):
        y = 20 + number * 32
        draw.text((24, y), left, fill="black", font=font)
        draw.text((276 - draw.textlength(right, font=font), y), right, fill="black", font=font)
    image.save(file)


def formula(file: Path) -> None:
    """A formula as in a paper."""
    laid_out = lay_out(r"\int_{-\infty}^{\infty} e^{-x^2}\,dx = \sqrt{\pi}", 30, display=True)
    assert laid_out is not None
    page = QPixmap(420, 150)
    page.fill("white")
    painter = QPainter(page)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    laid_out.draw(painter, QPointF(80, 85), "#111111")
    painter.end()
    page.save(str(file))


def terminal(file: Path) -> None:
    """A failing build."""
    image = Image.new("RGB", (640, 230), "#1e1e2a")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=16)
    lines = [
        ("$ make test", "#d0d0d8"),
        ("tests/test_parser.py ..F.", "#d0d0d8"),
        ("    parts = line.rstrip().split(',')", "#d0d0d8"),
        ("AttributeError: 'NoneType' object has no attribute 'rstrip'", "#ff8a80"),
        ("parser.py:12: AttributeError", "#9a9aa8"),
        ("1 failed, 4 passed in 0.31s", "#ff8a80"),
    ]
    for number, (line, color) in enumerate(lines):
        draw.text((20, 18 + number * 33), line, fill=color, font=font)
    image.save(file)


class Photographer:
    """Drives the program and keeps what it looks like."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.window = app.window
        self.assistant = app.services.assistant

    def take(self, name: str) -> None:
        """Keep the window as a PNG."""
        spin(500)
        self.window.grab().save(str(OUT / f"{name}.png"))
        print(f"docs/screenshots/{name}.png", flush=True)

    def ask(self, question: str, *files: Path) -> None:
        """Ask, and wait for the answer's end."""
        count = len(self.window.composer.pictures) + len(files)
        self.window.draft.take_files(files)
        spin_until(lambda: len(self.window.composer.pictures) == count)
        self.window.composer.text.setPlainText(question)
        self.window.draft.send()
        spin_until(lambda: self.assistant.busy)
        spin_until(lambda: not self.assistant.busy)
        spin(200)

    def run_action(self, name: str, file: Path) -> None:
        """Run a quick action on a picture, and wait for the answer's end."""
        self.window.draft.take_files([file])
        spin_until(lambda: len(self.window.composer.pictures) == 1)
        self.window.draft.run_action(next(one for one in self.app.services.actions.actions if name in one.id))
        spin_until(lambda: self.assistant.busy)
        spin_until(lambda: not self.assistant.busy)

    def prepared(self, title: str, question: str, answer: str, picture: Path, action: str = "") -> None:
        """Open a conversation that is put into the history."""
        data = picture.read_bytes()
        width, height = Image.open(picture).size

        def write(history: History) -> int:
            conversation = history.create_conversation(title)
            sha256 = history.add_picture(data, name=picture.name, width=width, height=height)
            asked = history.add_message(conversation, None, "user", question, pictures=[sha256], action=action)
            history.add_message(conversation, asked.id, "assistant", answer)
            return conversation

        conversation = self.app.services.history.fetch(write)
        self.assistant.open(conversation)
        self.assistant.conversations_changed.emit()
        spin_until(lambda: self.assistant.conversation_id == conversation)

    def load(self) -> None:
        """Load the model that the settings name."""
        engine = self.app.services.engine
        self.window.load_model(self.app.services.settings.current.model)
        spin_until(lambda: engine.state is EngineState.LOADING)
        spin_until(lambda: engine.state is EngineState.READY)
        spin_until(lambda: not self.assistant.pictures.view.is_preparing)

    def theme(self, choice: ThemeChoice) -> None:
        self.app.services.theme.apply(choice, 14)
        spin(200)


def two_images(camera: Photographer, shots: Sequence[Path], folder: Path) -> None:
    """A conversation about two images, with the panel open: for a model that sees one at a time, and one of many."""
    window, settings = camera.window, camera.app.services.settings
    window.new_conversation()
    for number, shot in enumerate(shots, 1):
        camera.ask(f"What is the title of picture {number}?", shot)
    camera.take("composed")
    demo = settings.current.model
    text, mmproj = random_families.write("tiny-qwen25vl", folder / "random", "F16", "F16")
    settings.update("model", text=str(text), mmproj=str(mmproj))
    camera.load()
    camera.take("native")
    settings.update("model", text=demo.text, mmproj=demo.mmproj)
    camera.load()
    window.toggle_panel()


def text_in_viewer(camera: Photographer, picture: Path, sought: str) -> None:
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
    camera.take("viewer")
    viewer.close_viewer()


def models(camera: Photographer) -> None:
    """The model page, and what it says of a model before that is downloaded."""
    page = camera.window._model_actions  # noqa: SLF001
    best = next((one.id for one in camera.app.services.models.survey.available if one.is_recommended), "")
    page.open_page(best)
    spin(500)
    camera.take("models")
    gated = next(one.id for one in camera.app.services.models.survey.available if one.is_gated)
    page.close_page()
    page.open_page(gated)
    camera.theme(ThemeChoice.DARK)
    camera.take("models-dark")
    camera.theme(ThemeChoice.LIGHT)
    page.close_page()


def take_all(camera: Photographer, shots: Sequence[Path], folder: Path) -> None:
    """Walk through the program."""
    app, window = camera.app, camera.window
    camera.theme(ThemeChoice.LIGHT)
    app.start()
    window.resize(*SIZE)
    spin_until(lambda: app.services.engine.state is EngineState.READY)
    spin_until(lambda: bool(app.services.models.survey.machine))
    camera.take("first-run")
    models(camera)

    screenshot = demo_screenshot()
    assert screenshot is not None
    camera.ask("Read the message.", screenshot)
    camera.ask("Which buttons are there?")
    camera.take("window")
    camera.theme(ThemeChoice.DARK)
    camera.take("dark")
    camera.theme(ThemeChoice.LIGHT)

    window.new_conversation()
    camera.ask("What is the title of picture 1?", *shots)
    window.toggle_panel()
    camera.take("panel")

    two_images(camera, [shots[0], shots[2]], folder)

    window.new_conversation()
    receipt(folder / "receipt.png")
    camera.run_action("receipt", folder / "receipt.png")
    camera.take("json")

    formula(folder / "paper.png")
    action = "Formula to LaTeX"
    camera.prepared(f"{action}: paper.png", "Write the formula in LaTeX.", FORMULA, folder / "paper.png", action)
    camera.take("formula")
    terminal(folder / "build.png")
    camera.prepared("Why does the build fail?", "Why does the build fail?", MARKDOWN, folder / "build.png")
    camera.theme(ThemeChoice.DARK)
    camera.take("markdown")
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
    camera.take("error")


def main() -> int:
    """Take all pictures."""
    argparse.ArgumentParser(description=__doc__).parse_args()
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
        app = App(qt, Paths.under(folder / "home"))
        take_all(Photographer(app), [folder / name for name in shots], folder)
        app.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
