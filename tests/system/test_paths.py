from __future__ import annotations

from pathlib import Path

import pytest

from desktop_vlm.system.paths import HOME_VARIABLE, Paths


def test_one_variable_puts_everything_under_one_folder(tmp_path: Path) -> None:
    paths = Paths.of_user({HOME_VARIABLE: str(tmp_path)})
    assert paths.settings_file == tmp_path / "config" / "settings.toml"
    assert paths.actions_file == tmp_path / "config" / "quick-actions.toml"
    assert paths.history_file == tmp_path / "data" / "history.db"
    assert paths.models_folder == tmp_path / "data" / "models"
    assert paths.log_folder == tmp_path / "state" / "log"
    assert paths.cache == tmp_path / "cache"


def test_a_relative_folder_does_not_move_with_the_current_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    assert Paths.of_user({HOME_VARIABLE: "here"}).config == tmp_path / "here" / "config"


def test_without_it_the_platform_decides(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(tmp_path / name.lower()))
    paths = Paths.of_user({})
    folders = (paths.config, paths.data, paths.cache, paths.state)
    assert folders == tuple(tmp_path / name / "desktop-vlm" for name in ("config", "data", "cache", "state"))


def test_asking_where_things_are_creates_nothing(tmp_path: Path) -> None:
    assert Paths.of_user({HOME_VARIABLE: str(tmp_path / "new")}).history_file.name == "history.db"
    assert not (tmp_path / "new").exists()
