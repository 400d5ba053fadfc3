"""Scenes of an image in full size: reading and selecting its text, hiding some of it, and every tool of the editor."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PIL import Image, ImageDraw, ImageFont
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop_vlm.images.annotations.marks import KINDS
from desktop_vlm.ui.pictures.viewer import PictureViewer
from tools.event_loop import spin
from tools.screens.image_tools import open_editor
from tools.screens.materials import receipt, terminal
from tools.screens.scenes import scene
from tools.screens.stage import Stage, spin_until

_PRIVATE = (
    "From: anna.berg@example.com",
    "To: bob@example.com",
    "",
    "Hello Bob, please call me: +49 30 1234567.",
    "The money is on DE89 3704 0044 0532 0130 00.",
    "See you on Friday!",
)


def _letter(stage: Stage) -> None:
    """A message with private text, in the question."""
    image = Image.new("RGB", (760, 320), "white")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=22)
    for number, line in enumerate(_PRIVATE):
        draw.text((36, 30 + 44 * number), line, fill="#1b2a38", font=font)
    image.save(stage.folder / "mail.png")
    stage.attach(stage.folder / "mail.png")


def view(stage: Stage) -> PictureViewer:
    """An image of three in full size."""
    terminal(stage.folder / "build.png")
    receipt(stage.folder / "receipt.png")
    stage.attach(stage.folder / "receipt.png")
    stage.attach(stage.folder / "build.png")
    _letter(stage)
    stage.window._picture_actions.view(stage.window.composer.pictures[1].sha256)  # noqa: SLF001
    viewer = stage.window.findChildren(PictureViewer)[0]
    spin_until(lambda: viewer.canvas.image is not None and viewer.canvas.text.has_lines)
    spin(300)
    return viewer


@scene("viewer", loads=False)
def viewer(stage: Stage) -> None:
    """The second of three images."""
    view(stage)


@scene("viewer-find", loads=False)
def viewer_find(stage: Stage) -> None:
    """A word is found in the image."""
    view(stage).text.open_bar("parser")
    spin(800)


@scene("viewer-select", loads=False)
def viewer_select(stage: Stage) -> None:
    """All text of the image is selected."""
    view(stage).text.select_all()
    spin(400)


@scene("viewer-menu", loads=False)
def viewer_menu(stage: Stage) -> Callable[[], object]:
    """What can be done with an image."""
    shown = view(stage)
    middle = shown.canvas.rect().center()
    return lambda: shown.make_menu(middle).popup(shown.canvas.mapToGlobal(middle))


@scene("hiding", loads=False)
def hiding(stage: Stage) -> None:
    """What is private in an image is proposed to be blacked out."""
    _letter(stage)
    sha256 = stage.window.composer.pictures[0].sha256
    texts = stage.app.services.private_texts
    spin_until(lambda: bool(texts.findings(sha256)))
    stage.window._picture_actions.run(sha256, "hide")  # noqa: SLF001
    spin_until(lambda: stage.window._redaction_actions.dialog is not None)  # noqa: SLF001
    spin(900)


@scene("private-text", loads=False)
def private_text(stage: Stage) -> None:
    """A thumbnail says that private text was found."""
    _letter(stage)
    texts = stage.app.services.private_texts
    spin_until(lambda: bool(texts.findings(stage.window.composer.pictures[0].sha256)))
    spin(500)


def use_tool(name: str, stage: Stage) -> None:
    """A tool is chosen, and was used once with the mouse."""
    editor = open_editor(stage, name, marks=False)
    canvas = editor.canvas
    start, end = QPoint(canvas.width() // 3, canvas.height() // 3), QPoint(canvas.width() // 2, canvas.height() // 2)
    left = Qt.MouseButton.LeftButton
    QTest.mousePress(canvas, left, Qt.KeyboardModifier.NoModifier, start)
    for part in range(1, 9):
        bend = QPoint(0, (part % 3) * 8)
        QTest.mouseMove(canvas, start + (end - start) * part / 8 + (bend if part < 8 else QPoint(0, 0)))
    QTest.mouseRelease(canvas, left, Qt.KeyboardModifier.NoModifier, end)
    if KINDS[name].writes:
        QTest.keyClicks(canvas, "Look here")
    spin(600)


for _name in KINDS:
    scene(f"editor-{_name}", loads=False)(partial(use_tool, _name))


@scene("editor-animation", loads=False)
def editor_animation(stage: Stage) -> None:
    """A frame of an animation."""
    frames = [Image.new("RGB", (640, 360), color) for color in ("#2e5d73", "#9b3d2a", "#3d7a4a")]
    file = stage.folder / "moving.gif"
    frames[0].save(file, save_all=True, append_images=frames[1:], duration=100)
    stage.attach(file)
    actions = stage.window._picture_actions  # noqa: SLF001
    actions.run(stage.window.composer.pictures[0].sha256, "edit")
    spin(1500)


@scene("crop-offered")
def crop_offered(stage: Stage) -> None:
    """An answer about a screen whose text is too small for the model."""
    image = Image.new("RGB", (2560, 1440), "#eef1f4")
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(size=17)
    for number in range(40):
        draw.text((90, 60 + 34 * number), f"Entry {number}: {1000 + 37 * number}.50 EUR", fill="#1b2a38", font=font)
    file = stage.folder / "ledger.png"
    image.save(file)
    stage.ask("What does entry 7 cost?", file)
    pane = stage.window.pane
    spin_until(lambda: any(one.isVisible() for one in pane.findChildren(QPushButton) if "Crop" in one.text()))
    spin(300)
