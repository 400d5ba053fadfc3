"""The buses of tests: nothing of the desktop that they run on is on them, or comes to them."""

from __future__ import annotations

import pytest
from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection

from desktop_vlm.ui.desktop.portal.bus import BUS, NoBusError, PortalBus
from tests.ui.session_bus import SessionBus


def test_a_bus_of_tests_starts_no_program() -> None:
    bus = SessionBus()
    try:
        with open_dbus_connection(bus.address) as connection:
            ask = new_method_call(DBusAddress("/org/freedesktop/DBus", BUS, BUS), "ListActivatableNames")
            assert connection.send_and_get_reply(ask).body == ([BUS],)
    finally:
        bus.end()


@pytest.mark.parametrize("bus", ["SESSION", "SYSTEM"])
def test_the_bus_of_the_desktop_itself_is_out_of_reach(bus: str) -> None:
    with pytest.raises(NoBusError):
        PortalBus(1.0, bus)
