"""The model page, driven as a person would, over models that do what the test says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop_vlm.api.library import Origin
from desktop_vlm.ui.models import page as page_module
from desktop_vlm.ui.models.available_details import AvailableDetails
from desktop_vlm.ui.models.page import ModelsPage
from desktop_vlm.ui.models.protocol import AvailableModel, Fit, JobState, Remedy
from desktop_vlm.ui.theme import Theme
from tests.ui.models.fake_models import (
    DEMO_MODEL,
    GIB,
    LLAMA,
    OLLAMA,
    PIXTRAL,
    QWEN,
    SURVEY,
    UNREADABLE,
    FakeModels,
    installed,
    types,
)
from tests.ui.models.test_sentences import plain

MODEL = installed("x", "My model", "LLaVA")


@pytest.fixture
def models() -> FakeModels:
    made = FakeModels()
    made.show(installed=(DEMO_MODEL, MODEL))
    return made


@pytest.fixture
def page(qtbot: QtBot, theme: Theme, models: FakeModels) -> Iterator[ModelsPage]:
    made = ModelsPage(theme, models)
    qtbot.addWidget(made)
    made.resize(1000, 900)
    made.show()
    qtbot.waitUntil(lambda: len(made.available.rows) == len(models.survey.available))
    yield made
    made.close()


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The pages and folders that were opened elsewhere."""
    found: list[str] = []

    def note(url: QUrl) -> bool:
        found.append(url.toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", note)
    return found


def buttons(parent: QWidget) -> list[str]:
    """The visible buttons by the name that people hear."""
    return [one.accessibleName() for one in parent.findChildren(QAbstractButton) if one.isVisible()]


def press(parent: QWidget, name: str) -> None:
    found = [one for one in parent.findChildren(QAbstractButton) if one.isVisible() and one.accessibleName() == name]
    assert len(found) == 1, buttons(parent)
    assert found[0].isEnabled()
    found[0].click()


def details(page: ModelsPage, model: str) -> AvailableDetails:
    page.open_model(model)
    found = page.available.rows[model].details
    assert found is not None
    return found


def test_what_is_installed(page: ModelsPage) -> None:
    asked: list[Any] = []
    page.load_requested.connect(asked.append)
    page.show_engine(DEMO_MODEL.id, "")
    demo, mine = page.installed.rows.values()
    assert (demo.badge.text(), demo.badge.isVisible(), demo.load.isVisible()) == ("Loaded", True, False)
    assert plain(mine.about.text()) == "LLaVA  ·  Q4_K_M + Q8_0  ·  3.0 GB  ·  not used yet"
    press(page, "Load My model")
    assert asked == [MODEL]
    page.show_engine("", MODEL.id)
    assert (mine.badge.text(), demo.badge.isVisible()) == ("Loading…", False)


def test_what_cannot_be_loaded_says_why(page: ModelsPage, models: FakeModels, qtbot: QtBot) -> None:
    models.show(installed=(installed("y", "Broken", "", problem="Its projector is gone; get it again."),))
    row = page.installed.rows["y"]
    assert row.problem.text() == "Its projector is gone; get it again."
    qtbot.waitUntil(row.problem.isVisible)
    assert not row.load.isEnabled()
    assert "Its projector is gone" in row.accessibleDescription()


def test_the_menu_of_an_installed_model(page: ModelsPage, models: FakeModels, opened: list[str]) -> None:
    mine, demo = page.installed.rows["x"], page.installed.rows[DEMO_MODEL.id]
    actions = {one.text(): one for one in mine.menu().actions()}
    actions["Open its folder"].trigger()
    assert opened == [QUrl.fromLocalFile("/models/x").toString()]
    actions["Check its files"].trigger()
    assert models.calls[-1] == ("verify", "x")
    assert mine.strip is not None
    assert mine.strip.isVisible()
    enabled = [one.text() for one in demo.menu().actions() if one.isEnabled() and not one.isSeparator()]
    assert enabled == ["Open its folder"]  # its files came with the program
    busy = [one.text() for one in mine.menu().actions() if one.isEnabled() and not one.isSeparator()]
    assert busy == ["Open its folder"]


def test_removing_is_asked_first(page: ModelsPage, models: FakeModels) -> None:
    row = page.installed.rows["x"]
    asked: list[Any] = []
    page.remove_requested.connect(asked.append)
    remove = next(one for one in row.menu().actions() if one.text() == "Remove…")
    remove.trigger()
    press(page, "Keep My model")
    assert asked == []
    remove.trigger()
    press(page, "Remove My model")
    assert asked == [MODEL]
    models.remove("x")
    assert list(page.installed.rows) == [DEMO_MODEL.id]


def test_a_model_that_lies_elsewhere_is_only_taken_from_the_list(page: ModelsPage, models: FakeModels) -> None:
    models.show(installed=(replace(MODEL, is_owned=False, origin=Origin("reference", "/elsewhere")),))
    row = page.installed.rows["x"]
    next(one for one in row.menu().actions() if one.text() == "Remove…").trigger()
    texts = [label.text() for label in row.findChildren(QLabel)]
    assert "Remove My model from the list? Its files stay where they are." in texts


def test_what_is_used_where_it_is_is_added(page: ModelsPage, models: FakeModels) -> None:
    models.show(found=(replace(OLLAMA, n_bytes=0, place="/a/long/path", note="Used where it is."),))
    row = page.found.rows[OLLAMA.id]
    assert row.import_.text() == "Add"
    assert plain(row.about.text()).replace("\u200b", "") == "/a/long/path  ·  Used where it is."


def test_what_was_found_is_imported_with_one_click(page: ModelsPage, models: FakeModels) -> None:
    unreadable = page.found.rows[UNREADABLE.id]
    assert UNREADABLE.problem in plain(unreadable.about.text())
    assert buttons(unreadable) == []
    press(page, "Import llama3.2-vision:11b")
    assert models.calls[-1] == ("import", OLLAMA.id)
    row = page.found.rows[OLLAMA.id]
    assert buttons(row) == ["Cancel llama3.2-vision:11b"]  # an import is quick, and begins again
    press(row, "Cancel llama3.2-vision:11b")
    assert models.jobs == []
    assert row.import_.isVisible()


def test_what_was_imported_is_not_offered_again(page: ModelsPage, models: FakeModels) -> None:
    models.show(installed=(DEMO_MODEL, replace(MODEL, name=OLLAMA.name, origin=Origin("import", "/ollama"))))
    row = page.found.rows[OLLAMA.id]
    assert (row.badge.text(), buttons(row)) == ("Installed", [])
    models.show(installed=(DEMO_MODEL, replace(MODEL, name=OLLAMA.name, origin=Origin("hub", "org/other"))))
    assert buttons(row) == ["Import llama3.2-vision:11b"]


def test_the_recommended_model_is_got_with_one_click(page: ModelsPage, models: FakeModels) -> None:
    row = page.available.rows[QWEN.id]
    assert (row.badge.text(), row.about.text()) == ("Best for this computer", QWEN.purpose)
    assert plain(row.fit.text) == "Fits your GPU  ·  7.6 GB to download"
    press(row, "Get Qwen2.5-VL 3B")
    assert models.calls[-1] == ("get", QWEN.id, "Q4_K_M")


def test_what_a_type_takes(page: ModelsPage, models: FakeModels) -> None:
    shown = details(page, PIXTRAL.id)
    assert shown.sizes.text() == "25.4 GB to download, 8.3 GB on the disk afterwards and at most 9.3 GB meanwhile"
    assert shown.note.text() == "Recommended: smallest, hardly worse."
    assert shown.fit.text == "Runs on the CPU (NVIDIA RTX 4070, 12 GB)"
    shown.types.buttons[1].click()
    assert shown.sizes.text() == "25.4 GB to download, 13.9 GB on the disk afterwards and at most 14.9 GB meanwhile"
    assert shown.note.text() == "Nearly as the original."
    press(shown, "Get Pixtral 12B")
    assert models.calls[-1] == ("get", PIXTRAL.id, "Q8_0")
    assert "Pause Pixtral 12B" in buttons(page.available.rows[PIXTRAL.id])
    assert not shown.get.isVisible()


def test_a_gated_model_tells_how_to_get_access_and_never_shows_the_token(
    page: ModelsPage, models: FakeModels, opened: list[str]
) -> None:
    row = page.available.rows[LLAMA.id]
    press(row, "Get Llama 3.2 Vision 11B")
    assert row.details is not None
    assert row.details.access is not None
    assert ("get", LLAMA.id, "Q4_K_M") not in models.calls
    assert row.details.licence_note.text() == LLAMA.licence_note
    assert not row.details.get.isEnabled()
    press(row, "Read the licence: Llama 3.2 Community License")
    press(row, "Accept the licence on the model's page")
    press(row, "Make a token that may read")
    assert opened == [LLAMA.licence_url, LLAMA.page_url, "https://hub.example.org/settings/tokens"]

    field = row.details.access.field
    assert field.echoMode() is QLineEdit.EchoMode.Password
    field.setText(" hf_secret ")
    press(row, "Save the token")
    assert models.tokens == ["hf_secret"]
    assert field.text() == ""
    assert "A token is kept in this computer's keyring." in row.details.access.state.text()
    assert not field.isVisible()
    press(row, "Use another token")
    assert field.isVisible()
    press(row.details, "Get Llama 3.2 Vision 11B")
    assert models.calls[-1] == ("get", LLAMA.id, "Q4_K_M")
    press(row, "Remove the token")
    assert models.tokens == ["hf_secret", ""]


def test_a_model_that_is_too_large_for_the_disk(page: ModelsPage, models: FakeModels) -> None:
    models.show(free_bytes=5 * GIB)
    shown = details(page, PIXTRAL.id)
    assert shown.room.text() == "That is too much for the disk, where 5.0 GB are free."
    assert shown.room.isVisible()
    assert not shown.get.isEnabled()
    asked: list[bool] = []
    page.folder_requested.connect(lambda: asked.append(True))
    press(shown, "Choose another folder")
    assert asked == [True]
    models.show(free_bytes=50 * GIB)
    assert not shown.room.isVisible()
    assert shown.get.isEnabled()


def test_a_type_that_is_installed_is_not_got_again(page: ModelsPage, models: FakeModels) -> None:
    models.show(available=(replace(PIXTRAL, installed_types=("Q4_K_M",)),))
    shown = details(page, PIXTRAL.id)
    assert page.available.rows[PIXTRAL.id].badge.text() == "Installed"
    assert (shown.get.text(), shown.get.isEnabled()) == ("Pixtral 12B is installed", False)
    shown.types.buttons[1].click()
    assert (shown.get.text(), shown.get.isEnabled()) == ("Get Pixtral 12B", True)


def test_the_focus_does_not_jump_to_another_button(page: ModelsPage, models: FakeModels, qtbot: QtBot) -> None:
    row = page.available.rows[QWEN.id]
    row.get.setFocus()
    qtbot.keyClick(row.get, Qt.Key.Key_Space)
    assert page.focusWidget() is row
    assert row.strip is not None
    row.strip.pause.setFocus()
    qtbot.keyClick(row.strip.pause, Qt.Key.Key_Space)
    assert row.strip.resume.hasFocus()
    qtbot.keyClick(row.strip.resume, Qt.Key.Key_Space)
    assert row.strip.pause.hasFocus()
    models.finish(models.jobs[0].id)
    assert page.focusWidget() is row


def test_offline_nothing_is_got(page: ModelsPage, models: FakeModels) -> None:
    models.show(is_offline=True)
    assert not page.available.rows[QWEN.id].get.isEnabled()
    assert not details(page, PIXTRAL.id).get.isEnabled()


def test_a_job_is_paused_resumed_and_cancelled(page: ModelsPage, models: FakeModels) -> None:
    press(page, "Get Qwen2.5-VL 3B")
    row = page.available.rows[QWEN.id]
    assert row.strip is not None
    models.update(1, stage="convert", done_bytes=2 * GIB, total_bytes=8 * GIB, bytes_per_s=2e7, seconds_left=300)
    assert row.strip.bar.value() == 250
    expected = "Downloading and converting  ·  2.0 of 8.0 GB  ·  20 MB/s  ·  5 min left"
    assert plain(row.strip.figures.text()) == expected
    press(row, "Pause Qwen2.5-VL 3B")
    assert row.strip.figures.text() == "Paused at 2.0 of 8.0 GB"
    press(row, "Resume Qwen2.5-VL 3B")
    assert models.jobs[0].state is JobState.RUNNING
    press(row, "Cancel Qwen2.5-VL 3B")
    assert models.jobs == []
    assert not row.strip.isVisible()


@pytest.mark.parametrize(
    ("remedy", "words"),
    [
        (Remedy.NONE, ""),
        (Remedy.TOKEN, "Enter a token"),
        (Remedy.LICENCE, "Open the model's page"),
        (Remedy.FOLDER, "Choose another folder"),
        (Remedy.ONLINE, "Open the settings"),
    ],
)
def test_a_failure_is_one_sentence_with_the_way_out(
    page: ModelsPage, models: FakeModels, opened: list[str], remedy: Remedy, words: str
) -> None:
    asked: list[str] = []
    page.folder_requested.connect(lambda: asked.append("folder"))
    page.settings_requested.connect(lambda: asked.append("settings"))
    job = models.get(LLAMA.id, "Q8_0")
    models.update(job, state=JobState.FAILED, problem="It cannot be had.", remedy=remedy, url="https://hub/page")
    row = page.available.rows[LLAMA.id]
    assert row.strip is not None
    assert (row.strip.problem.text(), row.strip.problem.isVisible()) == ("It cannot be had.", True)
    assert [one for one in buttons(row.strip) if one != words] == [
        "Try Llama 3.2 Vision 11B again",
        "Cancel Llama 3.2 Vision 11B",
    ]
    if words:
        press(row, words)
    token = row.details is not None and row.details.access is not None and row.details.access.field.isVisible()
    assert token is (remedy is Remedy.TOKEN)
    assert asked == {Remedy.FOLDER: ["folder"], Remedy.ONLINE: ["settings"]}.get(remedy, [])
    assert opened == (["https://hub/page"] if remedy is Remedy.LICENCE else [])
    press(row, "Try Llama 3.2 Vision 11B again")
    assert models.jobs[0].state is JobState.RUNNING


def test_work_on_what_is_in_no_list_is_shown_all_the_same(page: ModelsPage, models: FakeModels) -> None:
    models.get(QWEN.id, "Q8_0")
    models.show(available=(LLAMA,))
    (row,) = page.others.rows.values()
    assert (row.title.text(), row.about.text()) == ("Qwen2.5-VL 3B", "Getting Qwen2.5-VL 3B")
    press(row, "Pause Qwen2.5-VL 3B")
    assert models.jobs[0].state is JobState.PAUSED


def test_rows_keep_the_focus_and_their_open_details_while_things_change(page: ModelsPage, models: FakeModels) -> None:
    shown = details(page, PIXTRAL.id)
    shown.types.buttons[2].click()
    shown.get.setFocus()
    other = installed("z", "Another", "LLaVA")
    models.show(installed=(other, DEMO_MODEL, MODEL), available=(LLAMA, PIXTRAL, QWEN))
    assert list(page.installed.rows) == ["z", DEMO_MODEL.id, "x"]
    assert page.available.rows[PIXTRAL.id].details is shown
    assert shown.isVisible()
    assert shown.type_name == "F16"
    assert shown.get.hasFocus()
    tops = [row.mapTo(page, QPoint(0, 0)).y() for row in page.available.rows.values()]
    assert tops == sorted(tops)


def test_a_click_on_a_row_opens_its_details(page: ModelsPage, qtbot: QtBot) -> None:
    row = page.available.rows[QWEN.id]
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=row.title.geometry().center())
    assert row.details is not None
    assert row.details.isVisible()
    qtbot.mouseClick(row, Qt.MouseButton.LeftButton, pos=row.title.geometry().center())
    assert not row.details.isVisible()


def test_files_and_folders_are_looked_into(
    page: ModelsPage, models: FakeModels, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_module, "ask_open", lambda *_, **__: [Path("/a.gguf"), Path("/b.gguf")])
    monkeypatch.setattr(page_module, "ask_folder", lambda *_: Path("/folder"))
    press(page, "Look in a file")
    press(page, "Look in a folder")
    assert models.calls == [("look_in", Path("/a.gguf"), Path("/b.gguf")), ("look_in", Path("/folder"))]


@pytest.mark.parametrize("width", [560, 640, 1024, 2560])
def test_nothing_is_cut_off(page: ModelsPage, models: FakeModels, qtbot: QtBot, width: int) -> None:
    page.resize(width, 700)
    page.open_model(LLAMA.id)
    models.get(PIXTRAL.id, "Q8_0")
    models.show(found=(replace(OLLAMA, place="/a/folder" * 20), UNREADABLE))
    failed = models.get(QWEN.id, "Q4_K_M")
    models.update(failed, state=JobState.FAILED, problem="A long /path/of/many/" + "parts/" * 40, remedy=Remedy.TOKEN)
    page.installed.rows["x"].ask_before_removing(True)
    qtbot.wait(50)
    content = page.area.widget()
    assert content is not None
    assert content.minimumSizeHint().width() <= page.area.viewport().width()
    for button in page.findChildren(QAbstractButton):
        if button.isVisible():
            assert button.width() >= button.minimumSizeHint().width(), button.accessibleName()
            assert button.mapTo(page, button.rect().bottomRight()).x() <= page.width(), button.accessibleName()


def test_every_control_has_a_name_and_is_reached_with_tab(page: ModelsPage, qtbot: QtBot) -> None:
    page.open_model(LLAMA.id)
    page.setFocus()
    reached: list[QWidget] = []
    while True:
        qtbot.keyClick(page.focusWidget() or page, Qt.Key.Key_Tab)
        focused = page.focusWidget()
        if focused is None or focused in reached:
            break
        reached.append(focused)
    controls = [
        one
        for one in page.findChildren(QWidget)
        if isinstance(one, QAbstractButton | QLineEdit) and one.isVisible() and one.isEnabled()
    ]
    assert [one for one in controls if not one.accessibleName()] == []
    grouped = set(page.available.rows[LLAMA.id].details.types.buttons)  # type: ignore[union-attr] # arrows go on there
    assert [one.accessibleName() for one in controls if one not in reached and one not in grouped] == []
    heights = [one.mapTo(page, QPoint(0, 0)).y() for one in reached if page.area.isAncestorOf(one)]
    assert heights[:6] == sorted(heights[:6])


def test_the_model_that_is_asked_for_is_in_sight(qtbot: QtBot, theme: Theme) -> None:
    many = tuple(replace(QWEN, id=f"model-{number}", name=f"Model {number}") for number in range(12))
    page = ModelsPage(theme, FakeModels(replace(SURVEY, available=many)))
    qtbot.addWidget(page)
    page.resize(900, 600)
    page.show()
    page.open_model("model-8")
    qtbot.waitUntil(lambda: len(page.available.rows) == len(many))
    row = page.available.rows["model-8"]
    qtbot.waitUntil(lambda: 0 <= row.mapTo(page.area.viewport(), QPoint(0, 0)).y() <= 200)


def with_fit(models: FakeModels, fit: Fit | None) -> tuple[AvailableModel, ...]:
    return tuple(
        replace(model, types=tuple(replace(one, fit=fit) for one in model.types)) for model in models.survey.available
    )


def test_news_about_all_models_arrange_the_page_once_and_the_rows_are_as_high_as_they_must_be(
    page: ModelsPage, models: FakeModels, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    def is_arranged(least: int, most: int) -> bool:
        height = page.available.height()
        return least < height < most and height == page.available.heightForWidth(page.available.width())

    closed, tallest = page.available.height(), 1 << 20
    for row in page.available.rows.values():
        row.open_details()
    qtbot.waitUntil(lambda: is_arranged(closed, tallest))
    opened = page.available.height()
    models.show(available=with_fit(models, None))
    qtbot.waitUntil(lambda: is_arranged(closed, opened))  # the lines about the fit are gone
    before = page.available.height()
    arranged: list[QRect] = []
    monkeypatch.setattr(page.available, "resizeEvent", lambda _event: arranged.append(page.available.geometry()))
    models.show(available=with_fit(models, Fit.CPU))
    assert arranged == []  # not while it is reported
    qtbot.waitUntil(lambda: bool(arranged))
    QApplication.processEvents()
    assert len(arranged) == 1
    assert page.available.height() == page.available.heightForWidth(page.available.width()) > before
    rows = list(page.available.rows.values())
    assert all(row.details is not None and row.details.fit.isVisible() and not row.fit.isVisible() for row in rows)
    assert all(below.y() > above.geometry().bottom() for above, below in pairwise(rows))


def test_the_fit_of_each_type_is_shown(page: ModelsPage, models: FakeModels) -> None:
    kinds = [Fit.GPU, Fit.PARTLY, Fit.TOO_LARGE]
    fitted = tuple(replace(one, fit=fit) for one, fit in zip(types(1, 2, 3), kinds, strict=True))
    models.show(available=(replace(QWEN, types=fitted),), machine="")
    shown = details(page, QWEN.id)
    seen = []
    for button in shown.types.buttons:
        button.click()
        seen.append(shown.fit.text)
    assert seen == ["Fits your GPU", "Partly on your GPU", "Too large for this computer"]
