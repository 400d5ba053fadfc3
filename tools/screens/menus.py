"""Scenes of menus and of what else drops down: each of them once, opened as the right mouse button would."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QPoint
from PySide6.QtGui import QContextMenuEvent, QTextCursor
from PySide6.QtWidgets import QApplication, QComboBox, QMenu, QToolTip, QWidget

from desktop_vlm.system.crash_notes import CrashNotes
from desktop_vlm.ui.app.crash_reports import CrashReports
from desktop_vlm.ui.desktop.tray import Tray
from desktop_vlm.ui.markdown.formula_block import FormulaBlock
from desktop_vlm.ui.markdown.grid_block import GridBlock
from desktop_vlm.ui.markdown.prose import Prose
from desktop_vlm.ui.markdown.table_block import TableBlock
from desktop_vlm.ui.models.installed_row import InstalledRow
from desktop_vlm.ui.pictures.entry_row import EntryRow
from desktop_vlm.ui.pictures.thumbnail import Thumbnail
from desktop_vlm.ui.pictures.thumbnails import ThumbnailStrip
from desktop_vlm.ui.quick_actions.icon_picker import IconPicker
from desktop_vlm.ui.settings.dialog import SettingsDialog
from tools.event_loop import spin
from tools.screens import basics, capturing, listing, models, quick
from tools.screens.materials import FORMULA, MARKDOWN, terminal
from tools.screens.scenes import scene
from tools.screens.stage import Stage

Opens = Callable[[], object]

_LARGE = "| number | name | price |\n|---|---|---|\n" + "\n".join(f"| {n} | part {n} | {n}.20 |" for n in range(1, 900))


def right_click(widget: QWidget, at: QPoint | None = None) -> None:
    """As a person does on a widget, in its middle unless a place is given."""
    place = at or widget.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, widget.mapToGlobal(place))
    QApplication.sendEvent(widget, event)


def _row_menu(stage: Stage, conversation: int) -> None:
    """The menu of a conversation's row in the list."""
    view = stage.window.sidebar.list
    row = view.model().row_of(conversation)  # type: ignore[attr-defined]
    view.customContextMenuRequested.emit(view.visualRect(view.model().index(row, 0)).center())


def _answer(stage: Stage, text: str, picture: Path | None = None) -> None:
    stage.prepared("Why does the build fail?", "Why does the build fail?", text, picture)
    spin(900)


def _seen(stage: Stage, kind: type[QWidget]) -> QWidget:
    """The last of a kind that is on the screen."""
    return [one for one in stage.window.findChildren(kind) if not one.visibleRegion().isEmpty()][-1]


@scene("menu-answer-text", loads=False)
def answer_text(stage: Stage) -> Opens:
    """Some text of an answer is selected, and there is a link."""
    _answer(stage, "The parser gets `None`, see [its documentation](https://example.com/parser) for what it expects.")
    text = stage.window.findChildren(Prose)[-1]
    cursor = text.textCursor()
    cursor.setPosition(0)
    cursor.setPosition(15, QTextCursor.MoveMode.KeepAnchor)
    text.setTextCursor(cursor)
    viewport = text.viewport()
    link = next(QPoint(x, 12) for x in range(0, viewport.width(), 4) if text.anchorAt(QPoint(x, 12)))
    return lambda: right_click(viewport, link)


@scene("menu-table", loads=False)
def table(stage: Stage) -> Opens:
    """What a table can be copied as."""
    _answer(stage, MARKDOWN)
    block = stage.window.findChildren(TableBlock)[-1]
    return lambda: right_click(block.viewport())


@scene("menu-grid", loads=False)
def grid(stage: Stage) -> Opens:
    """The same of one with very many rows."""
    _answer(stage, _LARGE)
    return lambda: right_click(_seen(stage, GridBlock))


@scene("menu-formula", loads=False)
def formula(stage: Stage) -> Opens:
    """A formula's source."""
    _answer(stage, FORMULA)
    return lambda: right_click(_seen(stage, FormulaBlock))


@scene("menu-thumbnail", loads=False)
def thumbnail(stage: Stage) -> Opens:
    """An image of the question that is being written."""
    basics.question_with_images(stage)
    strip = stage.window.composer.findChildren(ThumbnailStrip)[0]
    return lambda: right_click(strip, QPoint(40, 40))


@scene("menu-panel-image", loads=False)
def panel_image(stage: Stage) -> Opens:
    """An image in the panel of what the model sees."""
    basics.question_with_images(stage)
    return lambda: right_click(_seen(stage, EntryRow), QPoint(40, 30))


@scene("menu-asked-image", loads=False)
def asked_image(stage: Stage) -> Opens:
    """An image of a question that was asked."""
    file = stage.folder / "build.png"
    terminal(file)
    _answer(stage, "It stops in the parser.", file)
    thumbnail = _seen(stage, Thumbnail)
    strip = thumbnail.parentWidget()
    assert strip is not None
    return lambda: right_click(strip, thumbnail.geometry().center())


@scene("menu-capture", loads=False)
def capture(stage: Stage) -> Opens:
    """A recent capture."""
    capturing.recent_captures(stage)

    def open_menu() -> None:
        popup = stage.window.capture_actions.open_captures()
        spin(300)
        right_click(popup.findChildren(ThumbnailStrip)[0], QPoint(40, 40))

    return open_menu


@scene("menu-quick-image", loads=False)
def quick_image(stage: Stage) -> Opens:
    """The capture in the quick window."""
    shown = quick.open_quick(stage)
    picture = shown.prompt._picture  # noqa: SLF001
    return lambda: shown.prompt.make_menu().popup(picture.mapToGlobal(picture.rect().center()))


@scene("menu-chip", loads=False)
def chip(stage: Stage) -> Opens:
    """A quick action."""
    basics.question_with_images(stage)
    return lambda: right_click(stage.window.composer.chips._chips[0])  # noqa: SLF001


def _more(stage: Stage) -> QMenu:
    button = stage.window.composer.chips._more  # noqa: SLF001
    menu: QMenu = button.menu()
    menu.popup(button.mapToGlobal(button.rect().topLeft()) - QPoint(0, menu.sizeHint().height()))
    return menu


@scene("menu-actions", loads=False)
def actions(stage: Stage) -> Opens:
    """Quick actions that had no room, and all that is about them."""
    basics.question_with_images(stage)
    return lambda: _more(stage)


@scene("menu-language", loads=False)
def language(stage: Stage) -> Opens:
    """The language to translate into."""
    basics.question_with_images(stage)
    return lambda: _open_inner(_more(stage))


def _open_inner(menu: QMenu) -> None:
    """The first menu inside of a menu."""
    spin(100)
    entry = next(one for one in menu.actions() if one.menu() is not None)
    menu.setActiveAction(entry)
    place = menu.mapToGlobal(menu.actionGeometry(entry).topRight())
    inner: QMenu = entry.menu()  # type: ignore[assignment]  # PySide says QObject
    inner.popup(place)


@scene("menu-move", loads=False)
def move(stage: Stage) -> Opens:
    """Into which folder a conversation goes."""
    top = listing.fill(stage)

    def open_menu() -> None:
        _row_menu(stage, top[1])
        popup = QApplication.activePopupWidget()
        assert isinstance(popup, QMenu)
        _open_inner(popup)

    return open_menu


@scene("menu-several", loads=False)
def several(stage: Stage) -> Opens:
    """Three conversations at once."""
    top = listing.fill(stage)
    view = stage.window.sidebar.list
    view.select_several(top[:3])
    spin(300)
    return lambda: _row_menu(stage, top[1])


@scene("menu-archived", loads=False)
def archived(stage: Stage) -> Opens:
    """A conversation in the archive."""
    listing.archive(stage)
    rows = stage.window.sidebar.list.model()
    archived = next(id_ for id_ in range(1, 20) if rows.row_of(id_) is not None)  # type: ignore[attr-defined]
    return lambda: _row_menu(stage, archived)


@scene("menu-list", loads=False)
def below_list(stage: Stage) -> Opens:
    """Where the list has no rows."""
    listing.fill(stage)
    view = stage.window.sidebar.list
    return lambda: view.customContextMenuRequested.emit(view.viewport().rect().bottomLeft() + QPoint(60, -60))


@scene("menu-model", loads=False)
def model(stage: Stage) -> Opens:
    """A model that is installed."""
    models.wait_for_machine(stage)
    models.open_page(stage)
    row = stage.window.findChildren(InstalledRow)[0]
    return row._open_menu  # noqa: SLF001


@scene("menu-question", loads=False)
def question(stage: Stage) -> Opens:
    """The field of the question: some of its text is selected."""
    stage.window.composer.text.setPlainText("Why does the build fail?")
    stage.window.composer.text.selectAll()
    return lambda: right_click(stage.window.composer.text.viewport(), QPoint(60, 10))


@scene("menu-search", loads=False)
def search_field(stage: Stage) -> Opens:
    """A field of one line."""
    listing.search(stage, "total")
    return lambda: right_click(stage.window.sidebar.search)


@scene("menu-tray", loads=False)
def tray(stage: Stage) -> Opens:
    """The icon in the panel, with everything that it ever says."""
    listing.fill(stage)
    made = Tray(stage.app.services.theme, stage.window)
    made.set_state("SmolVLM is ready", "success")
    made.set_keys(capture="Ctrl+Shift+Space", copy_text="Super+Shift+T", toggle="")
    made.set_watched(2)
    made.set_conversations([(1, "Totals of March"), (2, "R&D: a title that is longer than most of the titles")])
    made.set_hotkeys(["Ctrl+Shift+Space captures a part of the screen."])
    return lambda: made.menu.popup(stage.window.mapToGlobal(QPoint(400, 60)))


@scene("popup-icons", loads=False)
def icons(stage: Stage) -> Opens:
    """The icons of quick actions."""
    stage.window.open_settings("actions")
    spin(600)
    (dialog,) = stage.window.findChildren(SettingsDialog)
    picker = dialog.findChildren(IconPicker)[0]
    return picker.open


def _boxes(stage: Stage, page: str) -> list[QComboBox]:
    stage.window.open_settings(page)
    spin(600)
    (dialog,) = stage.window.findChildren(SettingsDialog)
    return [one for one in dialog.findChildren(QComboBox) if not one.visibleRegion().isEmpty()]


@scene("popup-choices", loads=False)
def choices(stage: Stage) -> Opens:
    """A setting with a list that drops down."""
    box = _boxes(stage, "model")[0]
    return box.showPopup


@scene("popup-choices-watch")
def choices_watch(stage: Stage) -> Opens:
    """A list that drops down in a dialog of its own."""
    capturing.watch_dialog(stage)
    dialog = stage.window.watch_actions.dialog
    assert dialog is not None
    return dialog.kind.showPopup


@scene("popup-hint", loads=False)
def hint(stage: Stage) -> Opens:
    """A hint with what a button does, and its key."""
    _answer(stage, MARKDOWN)
    button = stage.window.top_bar._export  # noqa: SLF001
    place = button.mapToGlobal(button.rect().center())
    return lambda: QToolTip.showText(place, button.toolTip(), button)


@scene("crash-report", loads=False)
def crash_report(stage: Stage) -> None:
    """What is said of a crash, as it would be saved."""
    notes = CrashNotes(stage.folder / "crashes")
    try:
        raise ValueError("a line")  # what it says of that is not kept
    except ValueError as error:
        notes.note(ValueError, error.__traceback__)
    CrashReports(stage.window, stage.window.toast, notes).show()
    spin(400)
