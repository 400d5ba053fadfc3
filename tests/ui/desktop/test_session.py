"""Which session is which; hotkeys and captures both go by it."""

from __future__ import annotations

import pytest

from desktop_vlm.ui.desktop.session import Session, current_session, has_display, session_of


@pytest.mark.parametrize(
    ("platform", "qt_platform", "environment", "session"),
    [
        ("linux", "xcb", {"DISPLAY": ":0"}, Session.X11),
        ("linux", "wayland", {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, Session.WAYLAND),
        ("linux", "wayland-egl", {}, Session.WAYLAND),
        ("linux", "xcb", {"DISPLAY": ":0", "WAYLAND_DISPLAY": "wayland-0"}, Session.WAYLAND),
        ("linux", "xcb", {"DISPLAY": ":0", "WAYLAND_DISPLAY": ""}, Session.X11),
        ("linux", "offscreen", {"DISPLAY": ":0"}, Session.NONE),
        ("linux", "eglfs", {}, Session.NONE),
        ("freebsd14", "xcb", {"DISPLAY": ":0"}, Session.X11),
        ("win32", "windows", {}, Session.WINDOWS),
        ("darwin", "cocoa", {"DISPLAY": ":0"}, Session.MACOS),
        ("darwin", "offscreen", {}, Session.NONE),
    ],
)
def test_every_session_is_known(platform: str, qt_platform: str, environment: dict[str, str], session: Session) -> None:
    assert session_of(platform, qt_platform, environment) is session


@pytest.mark.usefixtures("qapp")
def test_the_tests_themselves_run_where_nobody_sees_them() -> None:
    assert current_session() is Session.NONE


@pytest.mark.parametrize(
    ("variables", "shown"),
    [
        ({}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
        ({"QT_QPA_PLATFORM": "offscreen"}, True),
    ],
)
def test_a_display_is_looked_for_without_qt(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], shown: bool
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert has_display() is shown
