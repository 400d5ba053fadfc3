"""Scenes of captures: the key that is introduced, and what comes of it."""

from __future__ import annotations

import time

from PIL import Image, ImageDraw

from desktop_vlm.ui.captures.watch import WatchPlan, WatchState
from desktop_vlm.ui.desktop.capture.region import Region
from desktop_vlm.ui.desktop.hotkey import HotkeyAction, HotkeyStatus
from desktop_vlm.ui.pictures.intake import NewPicture, read_source
from desktop_vlm.ui.pictures.page_picker import PagePicker
from desktop_vlm.ui.pictures.sources import FileSource
from tools.event_loop import spin
from tools.screens.materials import dialog, progress
from tools.screens.scenes import scene
from tools.screens.stage import Stage, spin_until


def _take_keys(stage: Stage) -> None:
    hotkeys = stage.app.services.hotkeys
    hotkeys.start()
    spin_until(lambda: hotkeys.states[HotkeyAction.CAPTURE].status is HotkeyStatus.ACTIVE)
    spin(100)


@scene("first-start")
def first_start(stage: Stage) -> None:
    """The key is introduced, and works."""
    _take_keys(stage)


@scene("first-start-taken")
def first_start_taken(stage: Stage) -> None:
    """The key is introduced, but belongs to another program."""
    stage.app.services.hotkeys.set_keys(HotkeyAction.CAPTURE, "Ctrl+Alt+F1")
    stage.app.services.hotkeys.start()
    spin(600)


@scene("known-key")
def known_key(stage: Stage) -> None:
    """Every start after the first."""
    _take_keys(stage)
    stage.window.capture_actions.end_introduction()


@scene("thumbnails")
def thumbnails(stage: Stage) -> None:
    """Pictures of many shapes in the question: all of each is seen, with its number and page."""
    shapes = {"wide": (1900, 400), "screen": (1920, 1080), "tall": (300, 1400), "icon": (48, 48)}
    for name, (width, height) in shapes.items():
        image = Image.new("RGB", (width, height), "#eef2f5")
        draw = ImageDraw.Draw(image)
        for at in range(0, width, max(12, width // 12)):
            draw.line((at, 0, at, height), fill="#3b82a0", width=max(2, width // 200))
        draw.ellipse(
            (width * 0.1, height * 0.1, width * 0.9, height * 0.9), outline="#b3261e", width=max(2, width // 80)
        )
        image.save(stage.folder / f"{name}.png")
    pages = [Image.new("RGB", (500, 700), color) for color in ("#fffdf5", "#f5fbff", "#f7fff5")]
    pages[0].save(stage.folder / "scan.tif", save_all=True, append_images=pages[1:])
    stage.attach(*(stage.folder / f"{name}.png" for name in shapes))
    for picture in read_source(FileSource(stage.folder / "scan.tif")):
        if isinstance(picture, NewPicture):
            stage.window.draft.add(picture)
    spin(500)


@scene("pages")
def pages(stage: Stage) -> None:
    """Which pages of a PDF are meant: thumbnails, some chosen."""
    sheets = []
    for number in range(1, 25):
        sheet = Image.new("RGB", (620, 877) if number % 7 else (877, 620), "white")
        draw = ImageDraw.Draw(sheet)
        draw.text((60, 50), f"Chapter {number}", fill="#1b2a38", font_size=44)
        for line in range(14):
            draw.rectangle((60, 130 + 34 * line, 60 + 480 - (line * 97) % 210, 142 + 34 * line), fill="#c3ccd6")
        sheets.append(sheet)
    file = stage.folder / "handbook.pdf"
    sheets[0].save(file, save_all=True, append_images=sheets[1:], resolution=72)
    stage.window.draft.take_files([file])
    spin_until(lambda: bool(stage.window.findChildren(PagePicker)))
    (picker,) = stage.window.findChildren(PagePicker)
    spin(1500)
    picker.field.setText("2-4,7")
    picker.field.textEdited.emit("2-4,7")
    spin(300)


@scene("recent-captures")
def recent_captures(stage: Stage) -> None:
    """The last captures, beside their button."""
    captures = stage.app.services.captures
    shots = {
        "disk": dialog("Disk full", "Save to another drive and try again.", "Retry", "Cancel"),
        "update": dialog("Update ready", "Restart to finish the update.", "Later", "Restart"),
        "copy": progress("Copying 1,204 files", 62),
    }
    for name, pixmap in shots.items():
        file = stage.folder / f"{name}.png"
        pixmap.save(str(file))
        picture = next(iter(read_source(FileSource(file))))
        if isinstance(picture, NewPicture):
            captures.add(picture, Region("screen", 100, 100, picture.width, picture.height))
    stage.window.capture_actions.open_captures()
    spin(800)


@scene("watch-dialog")
def watch_dialog(stage: Stage) -> None:
    """Beginning to watch the region of a capture."""
    recent_captures(stage)
    stage.window.capture_actions.open_captures().close()
    region = stage.app.services.captures.last_region
    stage.window.watch_actions.begin(region)
    dialog = stage.window.watch_actions.dialog
    if dialog is not None:
        dialog.question.setPlainText("Is the copy finished?")
        dialog.kind.setCurrentIndex(dialog.kind.findData("contains"))
        dialog.text.setText("finished")
    spin(600)


@scene("watched-regions")
def watched_regions(stage: Stage) -> None:
    """Two regions are watched; one waits for the model."""
    watches = stage.window.watch_actions.watches
    for question, answer in (("Is the copy finished?", "No: 62 % of 1,204 files."), ("How much is in stock?", None)):
        watch = watches.begin(WatchPlan(Region("screen", 0, 0, 300, 120), question, 3600))
        if watch is not None:
            spin(400)
            watch.answer, watch.answered_at = answer, time.time()
            watch.state = WatchState.WAITING if answer else WatchState.COVERED
            watch.changed.emit()
    spin(300)


@scene("too-many-images")
def too_many_images(stage: Stage) -> None:
    """Eleven new images for a model that takes nine."""
    files = []
    for number in range(11):
        files.append(stage.folder / f"{number}.png")
        Image.new("RGB", (160, 100), (20 * number, 120, 200 - 10 * number)).save(files[-1])
    stage.attach(*files)
    stage.window.composer.text.setPlainText("Which of these differ?")
    spin(500)


@scene("broken-images")
def broken_images(stage: Stage) -> None:
    """Several files that are no images were dropped at once."""
    files = [stage.folder / f"notes {number}.png" for number in range(1, 5)]
    for file in files:
        file.write_bytes(b"not an image")
    stage.window.draft.take_files(files)
    spin(2500)
