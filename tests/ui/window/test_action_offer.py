"""Quick actions in the main window: those that fit are offered, the others say what they need."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QMenu, QPushButton
from pytestqt.qtbot import QtBot

from desktop_vlm.quick_actions import QuickAction
from desktop_vlm.ui.pictures.intake import NewPicture
from desktop_vlm.ui.quick_window import QuickWindow
from desktop_vlm.ui.settings.dialog import SettingsDialog
from desktop_vlm.ui.settings.page_actions import ActionsPage
from desktop_vlm.ui.window.main_window import MainWindow
from tests.ui.conftest import Parts

MakePicture = Callable[..., NewPicture]


@pytest.fixture
def window(qtbot: QtBot, parts: Parts) -> Iterator[MainWindow]:
    made = MainWindow(parts.services(), None)
    qtbot.addWidget(made)
    made.resize(1200, 800)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.close()


def chips(window: MainWindow) -> list[str]:
    return [action.name for action in window.composer.chips._actions]


def action(window: MainWindow, id_: str) -> QuickAction:
    return next(one for one in window._services.offered_actions if one.id == id_)


def entries(menu: QMenu) -> list[str]:
    return [one.text() for one in menu.actions() if one.text()]


def more(window: MainWindow) -> QMenu:
    """The menu behind the last chip, as it is when it opens."""
    button = next(one for one in window.composer.chips.findChildren(QPushButton) if one.menu())
    button.menu().aboutToShow.emit()
    return button.menu()


def test_an_action_for_two_pictures_is_offered_once_there_are_two(
    window: MainWindow, parts: Parts, picture: MakePicture
) -> None:
    assert chips(window) == []
    assert not window.composer.chips.isVisible()
    window.draft.add(picture("#ff0000"))
    assert chips(window)[0] == "Describe"
    assert "Compare" not in chips(window)
    window.draft.add(second := picture("#00ff00"))
    assert chips(window)[:2] == ["Compare", "Describe"]  # what only several pictures allow is seen at once
    parts.assistant.include(second.sha256, False)
    assert "Compare" not in chips(window)


@pytest.mark.parametrize(
    ("n_pictures", "n_included", "sentence"),
    [
        (0, 0, "Compare needs 2 pictures; add 2 more first."),
        (1, 1, "Compare needs 2 pictures; add 1 more first."),
        (2, 1, "Compare needs 2 pictures that the model sees; include more of them."),
    ],
)
def test_what_is_missing_is_said_before_anything_is_sent(
    window: MainWindow, parts: Parts, picture: MakePicture, n_pictures: int, n_included: int, sentence: str
) -> None:
    made = [picture(color) for color in ("#ff0000", "#00ff00")[:n_pictures]]
    for one in made:
        window.draft.add(one)
    for one in made[n_included:]:
        parts.assistant.include(one.sha256, False)
    window.draft.run_action(action(window, "compare"))  # by its key, say
    assert window.toast._text.text() == sentence
    assert parts.engine.asked == []


def test_one_picture_that_is_left_out_is_no_picture(window: MainWindow, parts: Parts, picture: MakePicture) -> None:
    window.draft.add(one := picture())
    parts.assistant.include(one.sha256, False)
    window.draft.run_action(action(window, "describe"))
    assert window.toast._text.text() == "Describe needs a picture that the model sees; include one."


def test_the_language_is_chosen_where_the_action_is(
    qtbot: QtBot, window: MainWindow, parts: Parts, picture: MakePicture
) -> None:
    window.draft.add(picture())
    menu = window.composer.chips.make_menu(action(window, "translate"))
    assert entries(menu) == ["Edit Translate…", "Translate into: English", "Add or edit actions…"]
    languages = menu.actions()[1].menu()
    assert isinstance(languages, QMenu)
    assert [one.text() for one in languages.actions() if one.isChecked()] == ["English"]
    next(one for one in languages.actions() if one.text() == "Japanese").trigger()
    assert parts.settings.current.answers.language == "Japanese"
    window.draft.run_action(action(window, "translate"))
    qtbot.waitUntil(lambda: len(parts.engine.asked) == 1)
    assert "into Japanese, from top to bottom" in parts.assistant.messages[0].text
    assert parts.assistant.messages[0].action == "Translate"
    assert parts.engine.asked[0].sampling["temperature"] == 0.0
    # One without a placeholder has no such choice.
    assert entries(window.composer.chips.make_menu(action(window, "alt-text"))) == [
        "Edit Alt text…",
        "Add or edit actions…",
    ]


def test_actions_are_edited_from_where_they_are(window: MainWindow, picture: MakePicture, qtbot: QtBot) -> None:
    def shown() -> list[tuple[str, str]]:
        dialogs = [one for one in window.findChildren(SettingsDialog) if one.isVisible()]
        pages = [dialog.stack.currentWidget() for dialog in dialogs]
        return [(page.title, page.editor.form.action.name) for page in pages if isinstance(page, ActionsPage)]

    window.draft.add(picture())
    assert entries(more(window))[-2:] == ["Translate into: English", "Add or edit actions…"]
    more(window).actions()[-1].trigger()
    qtbot.waitUntil(lambda: shown() == [("Quick actions", "Describe")])
    # What is asked for from elsewhere takes its place: there are never two.
    window.composer.chips.make_menu(action(window, "explain-chart")).actions()[0].trigger()
    qtbot.waitUntil(lambda: shown() == [("Quick actions", "Explain chart")])
    window.findChildren(SettingsDialog)[-1].reject()
    qtbot.waitUntil(lambda: not window.findChildren(SettingsDialog))


def test_what_has_no_room_is_in_the_menu(qtbot: QtBot, window: MainWindow, picture: MakePicture) -> None:
    window.draft.add(picture())
    visible = [one.accessibleName() for one in window.composer.chips._chips if one.isVisible()]
    hidden = [name for name in chips(window) if name not in visible]
    assert hidden
    assert entries(more(window))[: len(hidden)] == hidden
    for _ in range(20):
        more(window)
    qtbot.waitUntil(lambda: len(more(window).findChildren(QMenu)) < 4)  # nothing piles up


def test_the_quick_window_offers_what_one_picture_allows(parts: Parts, picture: MakePicture, qtbot: QtBot) -> None:
    quick = QuickWindow(parts.theme, parts.services().offered_actions)
    qtbot.addWidget(quick)
    quick.open_with(picture(), None)
    names = [one.name for one in quick.chips._actions]
    assert "Compare" not in names
    assert {"Describe", "Translate", "Alt text"} <= set(names)
    quick.open_with(None, None)
    assert not quick.chips.has_actions
