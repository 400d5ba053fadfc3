"""Opens every window of the program one after the other and writes where each is; `test_on_screen.py` judges.

Run as `python -m tests.ui.app.every_window HOME [dark]`. With EVERY_WINDOW_SHOTS=FOLDER the screens are kept as PNG.
"""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from desktop_vlm.history.store import History
from desktop_vlm.settings import SettingsStore
from desktop_vlm.system.paths import Paths
from desktop_vlm.ui.app.program import App
from desktop_vlm.ui.captures.watch_dialog import WatchDialog
from desktop_vlm.ui.desktop.capture.region import Region
from desktop_vlm.ui.models.page import ModelsPage
from desktop_vlm.ui.models.protocol import JobState, Remedy
from desktop_vlm.ui.pictures import page_thumbnails
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.pictures.page_picker import PagePicker, PageQuestion
from desktop_vlm.ui.quick_actions.icon_picker import IconPicker
from desktop_vlm.ui.quick_window import QuickWindow
from desktop_vlm.ui.settings.context import SettingsContext
from desktop_vlm.ui.settings.dialog import SettingsDialog
from desktop_vlm.ui.theme import ThemeChoice
from desktop_vlm.ui.widgets.on_screen import keep_on_screen
from desktop_vlm.ui.window.shortcuts import SHORTCUTS, ShortcutSheet
from tests.ui.models.fake_models import DEMO_MODEL, GIB, LLAMA, PIXTRAL, QWEN, FakeModels, installed
from tools.event_loop import spin

_ANSWER = "A list of what is there:\n\n" + "\n".join(f"{n}. Entry number {n}, with some words" for n in range(1, 40))


STILL_MS, POLL_MS, LONGEST_MS = 300, 20, 30_000


def box(rect: QRect) -> list[int]:
    return [rect.x(), rect.y(), rect.width(), rect.height()]


def places(window: QWidget, *inner: QWidget) -> dict[str, Any]:
    """The frame of a window, the free area of its screen, and where its most important parts are."""
    parts = [box(QRect(one.mapToGlobal(one.rect().topLeft()), one.size())) for one in inner]
    shown = [box(one.visibleRegion().boundingRect()) for one in inner]
    area = window.screen().availableGeometry()
    return {"frame": box(window.frameGeometry()), "area": box(area), "inner": parts, "shown": shown}


def settle(window: QWidget, *inner: QWidget) -> dict[str, Any]:
    """`places`, once the window is there and nothing moved for a while: no window manager, no animation."""
    found, still_ms = places(window, *inner), 0
    for _ in range(0, LONGEST_MS, POLL_MS):
        spin(POLL_MS)
        before, found = found, places(window, *inner)
        handle = window.window().windowHandle()
        has_size = min(found["frame"][2:]) > 0  # X11 may say that it has none, where much else runs
        is_there = handle is not None and handle.isExposed() and has_size
        still_ms = still_ms + POLL_MS if is_there and found == before else 0
        if still_ms >= STILL_MS:
            break
    return found


def report(name: str, window: QWidget, *inner: QWidget) -> None:
    """Write down where a window and its most important parts are."""
    line = {"name": name, **settle(window, *inner)}
    with (Path(sys.argv[1]) / "windows.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")
    if folder := os.environ.get("EVERY_WINDOW_SHOTS"):
        subprocess.run(["import", "-window", "root", f"{folder}/{name.replace(' ', '-')}.png"], check=True)


def picture(color: str = "#336699") -> NewPicture:
    buffer = io.BytesIO()
    Image.new("RGB", (900, 600), color).save(buffer, "PNG")
    return NewPicture(buffer.getvalue(), "screenshot.png", 900, 600)


def fill(paths: Paths) -> int:
    """A conversation with a picture and a long answer."""
    paths.history_file.parent.mkdir(parents=True, exist_ok=True)
    SettingsStore(paths.settings_file).update("text", read_images=False, check_answers=False)  # no reader is started
    with History(paths.history_file) as history:
        conversation = history.create_conversation("What is in the list?")
        one = picture()
        held = history.add_picture(one.data, name=one.name, width=one.width, height=one.height)
        question = history.add_message(conversation, None, "user", "What is in the list?", pictures=[held])
        history.add_message(conversation, question.id, "assistant", _ANSWER)
    return conversation


def main_window(app: App, conversation: int) -> None:
    window = app.window
    report("main welcome", window, window.composer, window.status)
    app.services.assistant.open(conversation)
    settle(window)
    report("main conversation", window, window.composer, window.status)
    window.toggle_panel()
    report("main panel", window, window.composer, window.status)
    window.toggle_panel()
    window._picture_actions.view("")
    report("viewer", window)
    for child in window.findChildren(QWidget):
        if type(child).__name__ == "PictureViewer":
            child.hide()


def models(app: App) -> None:
    """The model page, with a model that wants a token, and work that failed."""
    window, models = app.window, FakeModels()
    models.show(installed=(DEMO_MODEL, installed("x", "My model", "LLaVA")))
    page = ModelsPage(app.services.theme, models)
    window._views.addWidget(page)
    window._views.setCurrentWidget(page)
    job = models.get(PIXTRAL.id, "Q8_0")
    models.update(job, stage="convert", done_bytes=3 * GIB, total_bytes=25 * GIB, bytes_per_s=2.4e7, seconds_left=905)
    report("models", page, page.back, page.add_folder)
    failed = models.get(QWEN.id, "Q4_K_M")
    models.update(failed, state=JobState.FAILED, problem="The hub wants a token; enter one.", remedy=Remedy.TOKEN)
    page.open_model(LLAMA.id)
    report("models details", page, page.back, page.add_folder)
    window._views.removeWidget(page)
    page.deleteLater()


def dialogs(app: App) -> None:
    services = app.services
    context = SettingsContext(paths=services.paths, actions=services.actions, hotkeys=services.hotkeys)
    settings = SettingsDialog(services.theme, services.settings, context, app.window)
    settings.show()
    for page in settings.pages:
        settings.open_page(page)
        report(f"settings {page}", settings, settings.list)
        if page == "actions":
            picker = settings.findChild(IconPicker)
            assert picker is not None
            picker.open()
            assert picker.popup is not None
            report("icon picker", picker.popup)
            picker.popup.close()
    settings.close()
    sheet = ShortcutSheet(services.theme, SHORTCUTS, services.actions.actions, app.window)
    sheet.show()
    report("shortcut sheet", sheet, sheet.list.search)
    sheet.close()
    files = QFileDialog(app.window, "Add pictures")
    files.setOption(QFileDialog.Option.DontUseNativeDialog)
    keep_on_screen(files)
    files.show()
    report("file dialog", files)
    files.close()


def captures(app: App) -> None:
    """What is chosen from, and what is watched."""
    page_thumbnails.small_pages = lambda *_: iter(())  # type: ignore[attr-defined]  # windows need no pages
    theme, window = app.services.theme, app.window
    picker = PagePicker(PageQuestion(b"%PDF-", "report.pdf", 40), theme, window)
    picker.show()
    report("page picker", picker, picker.field, picker.add)
    picker.close()
    region = Region("screen", 10, 10, 900, 600)
    watching = WatchDialog(theme, region, app.services.offered_actions, "Is it finished?", window)
    watching.kind.setCurrentIndex(watching.kind.findData("field"))
    watching.show()
    report("watch dialog", watching, watching.question, watching.watch)
    watching.close()
    for color in ("#336699", "#663399", "#996633"):
        app.services.captures.add(picture(color), region)
    popup = window.capture_actions.open_captures()
    report("recent captures", popup, popup.again, popup.clear)
    popup.close()


def quick_window(app: App) -> None:
    quick = QuickWindow(app.services.theme, app.services.actions.actions)
    one = picture()
    quick.open_with(one, QImage.fromData(one.data))
    report("quick window", quick, quick.prompt, quick.foot)
    quick.show_answer(_ANSWER, False)
    report("quick answer", quick, quick.prompt, quick.foot)
    quick.dismiss()


def main() -> None:
    qt = QApplication(sys.argv[:1])
    paths = Paths.under(Path(sys.argv[1]))
    conversation = fill(paths)
    app = App(qt, paths)
    app.services.theme.apply_now(ThemeChoice.DARK if "dark" in sys.argv[2:] else ThemeChoice.LIGHT, 14)
    app.window.show()
    steps: list[Callable[[], None]] = [
        lambda: main_window(app, conversation),
        lambda: models(app),
        lambda: dialogs(app),
        lambda: captures(app),
        lambda: quick_window(app),
    ]
    for step in steps:
        step()
    app.window.close()  # which remembers its place
    app.close()


if __name__ == "__main__":
    main()
