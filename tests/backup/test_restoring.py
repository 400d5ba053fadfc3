"""Settings and quick actions that come back, and the commands that do all of it."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from desktop_vlm.backup.archive import ACTIONS, SETTINGS
from desktop_vlm.backup.restoring import kept_before, restore_files
from desktop_vlm.cli.main import main
from desktop_vlm.history import History
from desktop_vlm.quick_actions import QuickAction, QuickActionStore
from desktop_vlm.settings import SettingsStore
from desktop_vlm.system.paths import Paths


@pytest.fixture
def paths(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paths:
    monkeypatch.setenv("DESKTOP_VLM_HOME", str(tmp_path / "home"))
    return Paths.of_user()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An unpacked backup of somebody with a setting and an action."""
    made = tmp_path / "unpacked"
    made.mkdir()
    SettingsStore(made / SETTINGS).update("answers", max_tokens=77)
    QuickActionStore(made / ACTIONS).add(QuickAction("", "Count", prompt="Count the windows."))
    return made


def actions(paths: Paths) -> list[str]:
    store = QuickActionStore(paths.actions_file)
    return [action.name for action in store.all if not store.is_builtin(action.id)]


def test_a_merge_keeps_the_settings_and_adds_actions(paths: Paths, folder: Path) -> None:
    SettingsStore(paths.settings_file).update("answers", max_tokens=99)
    mine = QuickActionStore(paths.actions_file)
    mine.add(QuickAction("", "Mine", prompt="x"))
    mine.change(dataclasses.replace(mine.get("describe"), name="Look"))
    for expected in (1, 0):  # and adds nothing twice
        assert restore_files(folder, paths, replace=False).actions == expected
        assert actions(paths) == ["Mine", "Count"]
    assert SettingsStore(paths.settings_file).current.answers.max_tokens == 99
    assert QuickActionStore(paths.actions_file).get("describe").name == "Look"


def test_replacing_keeps_what_was_here(paths: Paths, folder: Path) -> None:
    SettingsStore(paths.settings_file).update("answers", max_tokens=99)
    restored = restore_files(folder, paths, replace=True)
    assert SettingsStore(paths.settings_file).current.answers.max_tokens == 77
    assert actions(paths) == ["Count"]
    assert [file.name for file in restored.kept] == ["settings.before-restore.toml"]
    assert SettingsStore(restored.kept[0]).current.answers.max_tokens == 99
    again = restore_files(folder, paths, replace=True)
    assert [file.name for file in again.kept] == ["settings.before-restore-2.toml", "quick-actions.before-restore.toml"]
    assert len(kept_before(paths)) == 3


def test_a_broken_file_of_actions_is_named(paths: Paths, folder: Path) -> None:
    (folder / ACTIONS).write_text("[own", encoding="utf-8")
    restored = restore_files(folder, paths, replace=False)
    assert restored.actions == 0
    assert restored.problems[0].startswith(f"{ACTIONS} cannot be read: line 1 is not valid TOML.")
    assert not paths.actions_file.exists()


def test_the_commands(paths: Paths, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with History(paths.history_file) as history:
        one = history.create_conversation("One")
        shot = history.add_picture(b"shot", name="s.png", width=1, height=1)
        history.add_message(one, None, "user", "zebra", pictures=[shot])
    SettingsStore(paths.settings_file).update("answers", max_tokens=99)
    file = tmp_path / "b.zip"
    assert main(["backup", str(file)]) == 0
    assert "1 conversations, settings and quick actions" in capsys.readouterr().out
    assert main(["backup", str(file)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["backup", str(file), "--force"]) == 0
    with History(paths.history_file) as history:
        history.delete_everything()
        history.create_conversation("Two")
    assert main(["restore", str(file)]) == 0
    assert "1 conversations added" in capsys.readouterr().out
    with History(paths.history_file) as history:
        assert [one.title for one in history.conversations()] == ["Two", "One"]
        assert history.picture(shot) == b"shot"
    assert main(["restore", str(file), "--replace"]) == 0
    out = capsys.readouterr().out
    assert "1 conversations restored; those before are in" in out
    assert "settings.before-restore.toml holds what was there before" in out
    with History(paths.history_file) as history:
        assert [one.title for one in history.conversations("zebra")] == ["One"]
    file.write_bytes(b"nonsense")
    assert main(["restore", str(file)]) == 2
    assert "is no backup of Desktop VLM" in capsys.readouterr().err
    assert [one.name for one in paths.data.iterdir() if one.name.startswith(".restore")] == []


def test_a_window_that_is_open_is_named(paths: Paths, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with History(paths.history_file):
        assert main(["backup", str(tmp_path / "b.zip")]) == 2
    assert "close the other window of this app first" in capsys.readouterr().err
    assert list(tmp_path.glob("*.zip")) == []
