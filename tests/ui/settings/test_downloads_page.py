from __future__ import annotations

from pathlib import Path

import pytest

from desktop_vlm.settings import SettingsStore
from desktop_vlm.system.paths import Paths
from desktop_vlm.ui.settings import page_downloads
from desktop_vlm.ui.settings.dialog import SettingsDialog
from desktop_vlm.ui.settings.page_downloads import DownloadsPage
from desktop_vlm.ui.widgets.choice_controls import SwitchControl
from desktop_vlm.ui.widgets.text_controls import TextLine


@pytest.fixture
def page(dialog: SettingsDialog) -> DownloadsPage:
    dialog.open_page("downloads")
    found = dialog.pages["downloads"]
    assert isinstance(found, DownloadsPage)
    return found


def shown_folder(page: DownloadsPage) -> Path:
    return Path(page.row_of_folder.help.text().replace("\u200b", ""))


def test_the_models_folder_is_chosen_and_given_back(
    page: DownloadsPage, store: SettingsStore, paths: Paths, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert shown_folder(page) == paths.models_folder
    assert not page.reset.isVisible()
    monkeypatch.setattr(page_downloads, "ask_folder", lambda *_: Path("/large/disk"))
    page.choose.click()
    assert store.current.downloads.folder == "/large/disk"
    assert shown_folder(page) == Path("/large/disk")
    page.reset.click()
    assert store.current.downloads.folder == ""
    assert shown_folder(page) == paths.models_folder


def test_changing_ones_mind_changes_nothing(
    page: DownloadsPage, store: SettingsStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_downloads, "ask_folder", lambda *_: None)
    page.choose.click()
    assert store.current.downloads.folder == ""


def test_the_hub(page: DownloadsPage, store: SettingsStore) -> None:
    endpoint, offline = page.controls["downloads", "endpoint"], page.controls["downloads", "offline"]
    assert isinstance(endpoint, TextLine)
    assert isinstance(offline, SwitchControl)
    endpoint.box.setText("https://mirror.example.org")
    endpoint.box.textEdited.emit("https://mirror.example.org")
    endpoint.flush()
    offline.button.click()
    assert SettingsStore(store.path).current.downloads == store.current.downloads
    assert (store.current.downloads.endpoint, store.current.downloads.offline) == ("https://mirror.example.org", True)


def test_the_way_to_the_model_page_closes_the_settings(dialog: SettingsDialog) -> None:
    asked: list[bool] = []
    dialog.models_requested.connect(lambda: asked.append(dialog.isVisible()))
    dialog.model_page.get_more.click()
    assert asked == [False]
