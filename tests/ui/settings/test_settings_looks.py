"""What must hold for every control of every page: a name, room for its text, a way to it by keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from desktop_vlm.settings import SettingsStore
from desktop_vlm.ui.settings.dialog import SettingsDialog
from desktop_vlm.ui.settings.page_actions import ActionsPage
from desktop_vlm.ui.settings.page_privacy import PrivacyPage
from desktop_vlm.ui.theme import Theme, ThemeChoice
from desktop_vlm.ui.window.shortcuts import ShortcutSheet

PAGES = ("model", "answers", "text", "appearance", "actions", "privacy", "shortcuts", "about")
CONTROLS = (
    *(QAbstractButton, QAbstractItemView, QAbstractSlider, QAbstractSpinBox, QComboBox, QLineEdit),
    QPlainTextEdit,
)


@pytest.fixture
def page(open_dialog: Callable[..., SettingsDialog], store: SettingsStore, qtbot: QtBot) -> Callable[[str], QWidget]:
    """Name of a page -> the page with as much as possible to see."""
    store.update("sampling", preset="custom")
    store.update("model", n_gpu_layers=10)
    dialog = open_dialog(offload_explanation="All layers fit.", loaded_model="")

    def opened(name: str) -> QWidget:
        dialog.open_page(name)
        qtbot.waitUntil(lambda: dialog.stack.currentWidget() is dialog.pages.made.get(name, dialog))
        shown = dialog.pages[name]
        if isinstance(shown, PrivacyPage):
            shown.start.click()
        if isinstance(shown, ActionsPage):
            form = shown.editor.form
            shown.editor.select("receipt-to-json")
            form.controls["sampling"].set_value({"temperature": 0.3})
            form.controls["shortcut"].changed.emit("Ctrl+N")
        return shown

    return opened


def controls(widget: QWidget) -> Iterator[QWidget]:
    """Every control that a person can reach, without the parts that Qt makes them of."""
    for one in widget.findChildren(QWidget):
        inner = one.objectName().startswith("qt_") or isinstance(one, QScrollBar)
        if isinstance(one, CONTROLS) and not inner and one.isVisibleTo(widget):
            part_of = one.parentWidget()
            if not isinstance(part_of, (QAbstractSpinBox, QComboBox, QLineEdit)):
                yield one


@pytest.mark.parametrize("name", PAGES)
def test_every_control_has_a_name_of_its_own(page: Callable[[str], QWidget], name: str) -> None:
    found = list(controls(page(name)))
    assert len(found) >= {"about": 0, "shortcuts": 1, "appearance": 4, "text": 3}.get(name, 6)
    assert [repr(one) for one in found if not one.accessibleName().strip()] == []
    names = [one.accessibleName() for one in found]
    assert sorted({one for one in names if names.count(one) > 1}) == []


@pytest.mark.parametrize("text_px", [14, 20, 24])
def test_no_text_is_cut_off(
    page: Callable[[str], QWidget], theme: Theme, store: SettingsStore, text_px: int, qtbot: QtBot
) -> None:
    store.update("appearance", text_px=text_px)
    theme.apply_now(ThemeChoice.LIGHT, text_px)
    for name in PAGES:
        shown = page(name)
        qtbot.wait(20)
        cut = [text for text in shown.findChildren(QWidget) if text.isVisible() and too_small(text)]
        assert [(name, one.text(), one.size()) for one in cut] == []  # type: ignore[attr-defined]


def too_small(widget: QWidget) -> bool:
    if isinstance(widget, QLabel) and widget.text():
        if widget.wordWrap():
            return widget.heightForWidth(widget.width()) > widget.height()
        return widget.sizeHint().width() > widget.width() or widget.sizeHint().height() > widget.height()
    if isinstance(widget, QPushButton):
        return widget.sizeHint().width() > widget.width() or widget.sizeHint().height() > widget.height()
    return False


@pytest.mark.parametrize("name", PAGES)
def test_the_contents_fit_the_width(page: Callable[[str], QWidget], name: str) -> None:
    shown = page(name)
    shown.window().resize(980, 700)
    area = shown.area  # type: ignore[attr-defined]
    assert area.widget().minimumSizeHint().width() <= area.viewport().width()


@pytest.mark.parametrize("name", [one for one in PAGES if one != "about"])
def test_tab_reaches_every_control_from_top_to_bottom(page: Callable[[str], QWidget], name: str, qtbot: QtBot) -> None:
    shown = page(name)
    qtbot.wait(10)
    requested = [one for one in controls(shown) if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isEnabled()]
    reached: list[QWidget] = []
    widget = shown.nextInFocusChain()
    while widget is not None and widget is not shown and len(reached) < 2000:
        reached.append(widget)
        widget = widget.nextInFocusChain()
    order = [one for one in reached if one in requested]
    assert order == [one for one in requested if one in order]
    assert {one.accessibleName() for one in requested} == {one.accessibleName() for one in order}


@pytest.mark.parametrize("choice", [ThemeChoice.LIGHT, ThemeChoice.DARK])
def test_focus_can_be_seen(dialog: SettingsDialog, theme: Theme, choice: ThemeChoice, qtbot: QtBot) -> None:
    """Every control that takes the focus looks different with it."""
    theme.apply_now(choice, 14)
    qtbot.waitExposed(dialog)
    for name in PAGES:
        dialog.open_page(name)
        qtbot.waitUntil(lambda name=name: dialog.stack.currentWidget() is dialog.pages.made.get(name, dialog))  # type: ignore[misc]
        for one in controls(dialog.pages[name]):
            if one.focusPolicy() & Qt.FocusPolicy.TabFocus and one.isEnabled():
                dialog.list.setFocus()
                before = one.grab().toImage()
                one.setFocus(Qt.FocusReason.TabFocusReason)
                if one.hasFocus():
                    assert one.grab().toImage() != before, (name, one.accessibleName())


def test_the_sheet_fits_too(theme: Theme, qtbot: QtBot) -> None:
    theme.apply_now(ThemeChoice.DARK, 20)
    sheet = ShortcutSheet(theme)
    qtbot.addWidget(sheet)
    sheet.show()
    qtbot.wait(10)
    assert [label.text() for label in sheet.findChildren(QLabel) if label.isVisible() and too_small(label)] == []
