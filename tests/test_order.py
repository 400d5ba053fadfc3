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


def in_order(*items: Item) -> str:
    """The names, as workers take them."""
    of_pytest: list[pytest.Item] = list(items)  # type: ignore[arg-type]
    long_files_first(of_pytest)
    return "".join(item.name for item in of_pytest)


def test_long_files_come_first_and_files_stay_whole() -> None:
    assert (
        in_order(
            Item("images/test_open.py", "b"),
            Item("cli/test_ask.py", "d"),
            Item("test_convert.py", "c"),
            Item("test_convert.py", "a"),
            Item("ui/app/test_real_window.py", "z", "screen"),
            Item("images/test_pages.py", "y"),
            Item("images/test_pages.py", "x"),
        )
        == "zcadyxb"
    )


def test_files_on_a_screen_are_spread_over_the_long_ones() -> None:
    on_screen = [Item(f"ui/test_{name}.py", name, "screen") for name in "AABC"]
    long = [Item(f"cli/test_{name}.py", name) for name in "abcdef"]
    others = [Item(f"ui/test_{name}.py", name) for name in "xy"]
    assert in_order(*others, *long, *on_screen) == "AAabBcdCefxy"
