"""The switch "start at login": Linux for real, Windows and macOS against fakes of their registries."""

from __future__ import annotations

import plistlib
from pathlib import Path
from types import TracebackType

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.system.desktop_files import APPLICATION_ID, autostart
from desktop_vlm.system.desktop_files.autostart import LaunchAgent, LoginEntry, RunKey

RUN = r"Software\Microsoft\Windows\CurrentVersion\Run"


class Key:
    """A key of the fake registry."""

    def __init__(self, values: dict[str, str]) -> None:
        self.values = values

    def __enter__(self) -> Key:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        pass


class Registry:
    """What of `winreg` is used; a key that does not exist raises as there."""

    HKEY_CURRENT_USER = 1
    KEY_SET_VALUE = 2
    REG_SZ = 1

    def __init__(self) -> None:
        self.keys: dict[str, dict[str, str]] = {}

    def OpenKey(self, _root: int, path: str) -> Key:
        if path not in self.keys:
            raise FileNotFoundError(2, "no such key")
        return Key(self.keys[path])

    def CreateKeyEx(self, root: int, path: str, reserved: int, access: int) -> Key:
        assert (root, reserved, access) == (self.HKEY_CURRENT_USER, 0, self.KEY_SET_VALUE)
        return Key(self.keys.setdefault(path, {}))

    def QueryValueEx(self, key: Key, name: str) -> tuple[str, int]:
        if name not in key.values:
            raise FileNotFoundError(2, "no such value")
        return key.values[name], self.REG_SZ

    def SetValueEx(self, key: Key, name: str, _reserved: int, kind: int, value: str) -> None:
        assert kind == self.REG_SZ
        key.values[name] = value

    def DeleteValue(self, key: Key, name: str) -> None:
        if name not in key.values:
            raise FileNotFoundError(2, "no such value")
        del key.values[name]


def test_on_linux_the_switch_is_an_entry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    file = tmp_path / "autostart" / f"{APPLICATION_ID}.desktop"
    assert not autostart.is_on()
    autostart.set_on(True)
    assert autostart.is_on()
    assert " window --hidden\n" in file.read_text()
    autostart.set_on(False)
    autostart.set_on(False)
    assert not autostart.is_on()
    assert not file.exists()


@pytest.mark.parametrize(
    ("line", "on"),
    [
        ("Hidden=true", False),
        ("Hidden=false", True),
        ("X-GNOME-Autostart-enabled=false", False),
        ("X-GNOME-Autostart-enabled=true", True),
    ],
)
def test_what_the_desktops_own_settings_say_counts(tmp_path: Path, line: str, on: bool) -> None:
    file = tmp_path / "x.desktop"
    file.write_text(f"[Desktop Entry]\nType=Application\nExec=a %F b\n{line}\n")
    assert LoginEntry(file, ["x"]).is_on() is on


@pytest.mark.parametrize("text", ["", "garbage", "[Other]\nHidden=false\n", "\xff"])
def test_an_entry_that_cannot_be_read_starts_nothing(tmp_path: Path, text: str) -> None:
    file = tmp_path / "x.desktop"
    file.write_text(text, encoding="latin-1")
    assert not LoginEntry(file, ["x"]).is_on()


def test_a_folder_that_refuses_is_said_plainly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "autostart").write_text("a file where the folder should be")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    with pytest.raises(UserError, match=r"Start at login could not be changed: File exists\."):
        autostart.set_on(True)


def test_on_windows_the_switch_is_a_value_of_the_run_key() -> None:
    registry = Registry()
    switch = RunKey(registry, [r"C:\Program Files\Python\pythonw.exe", "-m", "desktop_vlm"])
    assert not switch.is_on()
    switch.set_on(True)
    assert switch.is_on()
    line = r'"C:\Program Files\Python\pythonw.exe" -m desktop_vlm window --hidden'
    assert registry.keys == {RUN: {"Desktop VLM": line}}
    registry.keys[RUN]["Other"] = "other.exe"
    switch.set_on(False)
    switch.set_on(False)
    assert not switch.is_on()
    assert registry.keys == {RUN: {"Other": "other.exe"}}


def test_on_macos_the_switch_is_a_launch_agent(tmp_path: Path) -> None:
    switch = LaunchAgent(tmp_path / "LaunchAgents", ["/opt/venv/bin/desktop-vlm"])
    assert not switch.is_on()
    switch.set_on(True)
    assert switch.is_on()
    file = tmp_path / "LaunchAgents" / f"{APPLICATION_ID}.plist"
    agent = plistlib.loads(file.read_bytes())
    assert agent["Label"] == APPLICATION_ID
    assert agent["ProgramArguments"] == ["/opt/venv/bin/desktop-vlm", "window", "--hidden"]
    assert agent["RunAtLoad"] is True
    file.write_bytes(plistlib.dumps({**agent, "Disabled": True}))
    assert not switch.is_on()
    file.write_bytes(b"no property list")
    assert not switch.is_on()
    switch.set_on(False)
    assert not file.exists()
