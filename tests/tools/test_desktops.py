"""The real desktops of `tools.desktops`: what can be seen of them without one."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection
from PIL import Image

from tools.desktops import desktop as desktops
from tools.desktops import sway
from tools.desktops.desktop import Desktop, DesktopError, wait_for
from tools.desktops.looking import PAPER, changed, find
from tools.desktops.sway import Sway

_BUS = "org.freedesktop.DBus"


@pytest.fixture
def make_desktop(tmp_path: Path) -> Iterator[Callable[[], Desktop]]:
    made: list[Desktop] = []

    def make() -> Desktop:
        made.append(Desktop(tmp_path / "desktop"))
        return made[-1]

    yield make
    for one in made:
        one.end()


def test_the_bus_of_a_desktop_starts_nothing_of_another(
    monkeypatch: pytest.MonkeyPatch, make_desktop: Callable[[], Desktop], tmp_path: Path
) -> None:
    services = tmp_path / "services"
    services.mkdir()
    for name in ("org.freedesktop.portal.Desktop", "org.kde.plasma.Notifications", "org.example.Settings"):
        (services / f"{name}.service").write_text(f"[D-BUS Service]\nName={name}\nExec=/bin/false\n")
    monkeypatch.setattr(desktops, "_SERVICES", services)

    desktop = make_desktop()
    desktop.start_bus()
    desktop.start_system_bus()

    ask = new_method_call(DBusAddress("/org/freedesktop/DBus", _BUS, _BUS), "ListActivatableNames")
    found = {}
    for kind in ("SESSION", "SYSTEM"):
        with open_dbus_connection(desktop.environment[f"DBUS_{kind}_BUS_ADDRESS"]) as bus:
            found[kind] = set(bus.send_and_get_reply(ask).body[0])
    assert found == {"SESSION": {_BUS, "org.example.Settings"}, "SYSTEM": {_BUS}}


def test_what_a_desktop_started_ends_with_it_also_where_it_does_not_want_to(
    monkeypatch: pytest.MonkeyPatch, make_desktop: Callable[[], Desktop]
) -> None:
    monkeypatch.setattr(desktops, "_END_S", 0.2)
    desktop = make_desktop()
    script = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(600)"
    )
    process = desktop.spawn(sys.executable, "-c", script, log="stubborn")
    wait_for(lambda: "up" in (desktop.folder / "stubborn.log").read_text(), "the process")
    assert desktop.strays() == [process.pid]
    desktop.end()
    assert process.returncode == -signal.SIGKILL
    assert desktop.strays() == []


def test_a_call_that_fails_or_never_ends_is_said(
    monkeypatch: pytest.MonkeyPatch, make_desktop: Callable[[], Desktop]
) -> None:
    desktop = make_desktop()
    with pytest.raises(DesktopError, match="no such thing"):
        desktop.call(sys.executable, "-c", "raise SystemExit('no such thing')")
    monkeypatch.setattr(desktops, "_CALL_S", 0.1)
    with pytest.raises(DesktopError, match="no end after"):
        desktop.call(sys.executable, "-c", "import time; time.sleep(600)")


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    import fcntl

    with (tmp_path / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        command = [sys.executable, "-m", "tools.desktops", "--out", str(tmp_path), "sway"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 2
    assert f"another run works in {tmp_path}; please wait for it" in done.stderr


def test_one_sway_at_a_time_has_the_file_of_its_portal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sway, "_LOCK", tmp_path / "lock")
    monkeypatch.setattr(sway, "_OTHER_RUN_S", 0.0)
    first, second = Sway(tmp_path / "first"), Sway(tmp_path / "second")
    first.wait_for_others()
    with pytest.raises(DesktopError, match="the sway of another run"):
        second.wait_for_others()
    first.end()
    second.wait_for_others()
    second.end()


def test_the_other_program_is_found_by_its_colours(tmp_path: Path) -> None:
    before, after = tmp_path / "before.png", tmp_path / "after.png"
    Image.new("RGB", (100, 80), "black").save(before)
    with Image.open(before) as image:
        image.paste(PAPER, (20, 30, 60, 70))
        image.save(after)
    spot = find(after, PAPER)
    assert spot is not None
    assert (spot.middle, find(before, PAPER)) == ((39, 49), None)
    assert changed(before, after) == type(spot)(20, 30, 59, 69)
