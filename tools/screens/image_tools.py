"""Scenes of drawing on images and pointing at places in them."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtTest import QTest

from desktop_vlm.api.text_layer import Box
from desktop_vlm.images.annotations.marks import Mark
from desktop_vlm.images.pointing import Pointer
from desktop_vlm.ui.annotate.editor import PictureEditor
from desktop_vlm.ui.annotate.lettering import letter
from desktop_vlm.ui.desktop.capture.frozen import FrozenScreen
from desktop_vlm.ui.desktop.capture.picker import LastRegions, Picker
from tools.event_loop import spin
from tools.screens.materials import desktop
from tools.screens.scenes import scene
from tools.screens.stage import Stage, spin_until

_TEXT = "Look here"


def _shot(stage: Stage) -> str:
    """A screenshot in the question; its SHA-256."""
    file = stage.folder / "update.png"
    desktop(file)
    stage.attach(file)
    spin_until(lambda: bool(stage.window.composer.pictures))
    return stage.window.composer.pictures[-1].sha256


def open_editor(stage: Stage, key: str = "", *, marks: bool = True) -> PictureEditor:
    """Open, with a tool chosen, and with a mark of most kinds."""
    sha256 = _shot(stage)
    stage.window.composer.picture_entry_chosen.emit(sha256, "edit")
    spin_until(lambda: bool(stage.window.findChildren(PictureEditor)))
    (editor,) = stage.window.findChildren(PictureEditor)
    spin_until(lambda: editor.canvas.image is not None)
    session, (width, height) = editor.session, editor.session.document.size
    line = session.width
    stencil, size = letter(_TEXT, line)
    made = (
        Mark("arrow", ((width * 0.35, height * 0.9), (width * 0.74, height * 0.74)), width=line),
        Mark("box", ((width * 0.745, height * 0.61), (width * 0.9, height * 0.75)), "#0091ff", line),
        Mark("number", ((width * 0.36, height * 0.35),), "#30a46c", line, "1"),
        Mark("text", ((width * 0.2, height * 0.87),), width=line, text=_TEXT, stencil=stencil, stencil_size=size),
        Mark("black-out", ((width * 0.08, height * 0.18), (width * 0.33, height * 0.3))),
    )
    for mark in made if marks else ():
        session.do(session.document.with_mark(mark))
    if key:
        session.use(key)
    spin(600)
    return editor


@scene("editor")
def editor(stage: Stage) -> None:
    """Marks on a picture, the last one picked; what is blacked out is said to be gone for good."""
    session = open_editor(stage).session
    session.selected = len(session.document.marks) - 1
    session.changed.emit()
    spin(300)


@scene("editor-crop")
def editor_crop(stage: Stage) -> None:
    """Cropping, with the handles of the part that is left."""
    session = open_editor(stage, "crop").session
    width, height = session.document.size
    session.do(session.document.cropped(Box(width * 0.08, height * 0.05, width * 0.9, height * 0.7)))
    spin(300)


@scene("pointing")
def pointing(stage: Stage) -> None:
    """In the viewer: an area and a spot that the question is about."""
    sha256 = _shot(stage)
    picture = stage.window.composer.pictures[-1]
    pointers = (Pointer(Box(picture.width * 0.745, picture.height * 0.61, picture.width * 0.9, picture.height * 0.75)),)
    spot = (picture.width * 0.4, picture.height * 0.42)
    stage.window.draft.point(sha256, (*pointers, Pointer(Box(*spot, *spot))))
    stage.window.composer.picture_entry_chosen.emit(sha256, "point")
    spin(700)


@scene("pointing-panel")
def pointing_panel(stage: Stage) -> None:
    """The mark in the question, and the very pixels that the model gets: with the part beside the whole."""
    stage.app.services.settings.update("composer", point_with="both")
    stage.app.services.assistant.pictures.point_with("both")
    sha256 = _shot(stage)
    picture = stage.window.composer.pictures[-1]
    area = Box(picture.width * 0.745, picture.height * 0.61, picture.width * 0.9, picture.height * 0.75)
    stage.window.draft.point(sha256, [Pointer(area)])
    stage.window.toggle_panel()
    stage.window.composer.text.setPlainText("What does this do?")
    spin_until(lambda: not stage.window.panel.state.busy and not stage.window.panel.state.is_empty)
    spin(500)


@scene("overlay-tools", loads=False)
def overlay_tools(stage: Stage) -> None:
    """A selection of the screen that waits, with the tools beside it and a mark on it."""
    screen = QGuiApplication.primaryScreen()
    image: QImage = stage.window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    ratio = image.devicePixelRatio()
    image.setDevicePixelRatio(1.0)
    size = stage.window.size()
    frozen = FrozenScreen(screen, screen.name(), QRect(0, 0, size.width(), size.height()), image, ratio)
    picker = Picker([frozen], LastRegions(), stage.app.services.theme, stage.window, has_tools=True)
    overlay = picker.overlays[0]
    overlay.setGeometry(QRect(stage.window.mapToGlobal(QPoint(0, 0)), size))
    overlay.show()
    left, shift = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.ShiftModifier
    start, end = QPointF(size.width() * 0.3, size.height() * 0.25), QPointF(size.width() * 0.75, size.height() * 0.6)
    QTest.mousePress(overlay, left, Qt.KeyboardModifier.NoModifier, start.toPoint())
    QTest.mouseMove(overlay, end.toPoint())
    QTest.mouseRelease(overlay, left, shift, end.toPoint())
    assert overlay.tools is not None
    session = overlay.tools.session
    places = ((size.width() * 0.35, size.height() * 0.5), (size.width() * 0.5, size.height() * 0.4))
    points = tuple((x * ratio, y * ratio) for x, y in places)
    session.do(session.document.with_mark(Mark("arrow", points, width=session.width)))
    spin(500)
