"""Scenes of the list of conversations: folders, the archive, several at once, searching and finding."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

from desktop_vlm.history.folders import Scope
from desktop_vlm.history.store import History
from tools.event_loop import spin
from tools.screens.materials import MARKDOWN, receipt, terminal
from tools.screens.scenes import scene
from tools.screens.stage import Stage, spin_until

_ANSWER = "The total of March is 13.55, as on the receipt; the total of April is not on it."


def fill(stage: Stage) -> list[int]:
    """Conversations in the list, in two folders and in the archive; the ids of those in the list."""
    receipt(stage.folder / "receipt.png")
    terminal(stage.folder / "build.png")
    titles = (
        "Totals of March",
        "Which button saves?",
        "Formula on page 4",
        "A title that is longer than the list is wide",
    )
    top = [stage.kept(title, [("What is the total?", _ANSWER)], stage.folder / "receipt.png") for title in titles]
    work = [stage.kept(f"Build {number}", [("Why does it fail?", MARKDOWN)]) for number in (11, 12, 13)]
    home = [stage.kept("Recipe for bread", [("How much flour?", "500 g.")])]
    old = [stage.kept("An old one", [("What is this?", "A dialog.")]), stage.kept("Older", [("And this?", "A menu.")])]

    def sort(history: History) -> None:
        folders = history.folders
        folders.move(work, folders.create("Work on the parser"))
        folders.move(home, folders.create("Home"))
        history.set_archived(True, *old)
        history.set_pinned(top[0], True)

    stage.app.services.history.fetch(sort)
    _list_again(stage)
    stage.assistant.open(top[2])
    spin_until(lambda: stage.assistant.conversation_id == top[2])
    spin(300)
    return top


def _list_again(stage: Stage) -> None:
    stage.assistant.conversations_changed.emit()
    spin(500)


def _folder(stage: Stage) -> int:
    return stage.app.services.history.fetch(lambda history: history.folders.all()[-1].id)


def search(stage: Stage, text: str) -> None:
    """Search, as by typing."""
    stage.window.sidebar.search.setFocus()
    stage.window.sidebar.search.setText(text)
    spin(800)


@scene("folders", loads=False)
def folders(stage: Stage) -> None:
    """Two folders and the archive above the list, one conversation pinned."""
    fill(stage)


@scene("folder-open", loads=False)
def folder_open(stage: Stage) -> None:
    """Inside of a folder."""
    fill(stage)
    stage.window.sidebar.go_to(_folder(stage))
    spin(500)


@scene("folder-named", loads=False)
def folder_named(stage: Stage) -> None:
    """A new folder, whose name is being typed."""
    top = fill(stage)
    stage.window.sidebar.menus.folder_requested.emit(top[1:3])
    spin(900)


@scene("folder-menu", loads=False)
def folder_menu(stage: Stage) -> Callable[[], object]:
    """What can be done with a folder."""
    fill(stage)
    view = stage.window.sidebar.list
    return lambda: view.customContextMenuRequested.emit(view.visualRect(view.model().index(0, 0)).center())


@scene("archive", loads=False)
def archive(stage: Stage) -> None:
    """Inside of the archive."""
    fill(stage)
    stage.window.sidebar.go_to(Scope.ARCHIVE)
    spin(500)


@scene("selection", loads=False)
def selection(stage: Stage) -> None:
    """Three conversations are selected: what can be done with them is below the list."""
    top = fill(stage)
    stage.window.sidebar.list.select_several(top[:3])
    spin(400)


@scene("selection-move", loads=False)
def selection_move(stage: Stage) -> Callable[[], object]:
    """Where the selected ones can be moved to."""
    selection(stage)
    return stage.window.sidebar.selection.folder.click


@scene("deleted", loads=False)
def deleted(stage: Stage) -> None:
    """Several were deleted, with a way back."""
    top = fill(stage)
    stage.window.sidebar.menus.delete_requested.emit(top[:3])
    spin(700)


@scene("search", loads=False)
def searched(stage: Stage) -> None:
    """What a search found, the first hit opened with its words lit up."""
    fill(stage)
    search(stage, "total")
    stage.window.sidebar.search.entered.emit()
    spin(900)


@scene("search-nothing", loads=False)
def search_nothing(stage: Stage) -> None:
    """A search that found nothing."""
    fill(stage)
    search(stage, "zebra")


@scene("find-bar", loads=False)
def find_bar(stage: Stage) -> None:
    """Finding inside of a conversation."""
    stage.prepared("Why does the build fail?", "Why does the build return None?", MARKDOWN)
    stage.window._find.open()  # noqa: SLF001 - what Ctrl+F does
    stage.window.find_bar.field.setText("None")
    spin(900)
    stage.window._find.step(1)  # noqa: SLF001
    spin(400)


@scene("keyboard-in-list", loads=False)
def keyboard_in_list(stage: Stage) -> None:
    """The list has the keyboard: its row shows it."""
    top = fill(stage)
    view = stage.window.sidebar.list
    view.setFocus(Qt.FocusReason.TabFocusReason)
    stage.window.setAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange)
    view.setCurrentIndex(view.model().index(view.model().row_of(top[1]) or 0, 0))  # type: ignore[attr-defined]
    focused: QWidget | None = QApplication.focusWidget()
    assert focused is view
    spin(400)
