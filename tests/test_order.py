"""What begins first."""

from __future__ import annotations

import pytest

from tests.order import ROOT, long_files_first


class Item:
    """What is used of pytest's."""

    def __init__(self, file: str, name: str, *markers: str) -> None:
        self.path = ROOT / file
        self.name = name
        self._markers = markers

    def get_closest_marker(self, name: str) -> bool:
        return name in self._markers


def test_files_on_a_screen_and_long_ones_come_first_and_stay_whole() -> None:
    items = [
        Item("images/test_open.py", "b"),
        Item("cli/test_ask.py", "d"),
        Item("test_convert.py", "c"),
        Item("test_convert.py", "a"),
        Item("ui/app/test_real_window.py", "z", "screen"),
        Item("images/test_pages.py", "y"),
        Item("images/test_pages.py", "x"),
    ]
    sorted_items: list[pytest.Item] = list(items)  # type: ignore[arg-type]
    long_files_first(sorted_items)
    assert "".join(item.name for item in sorted_items) == "zcadyxb"
