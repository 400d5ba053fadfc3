"""One program per person: the first start listens, every later one hands its request over and ends.

    name = instance_name()
    if hand_over(name, command):            # no Qt yet: this is what a key of the desktop waits for
        return 0
    instance = SingleInstance(name)         # from here on with Qt
    if not instance.claim():                # another start was quicker by a moment
        return 0 if hand_over(name, command, is_running=True) else 1

Importing this package brings no Qt along; `SingleInstance` does, when it is first named.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_vlm.ui.desktop.instance.address import instance_name
from desktop_vlm.ui.desktop.instance.command import Command, Kind
from desktop_vlm.ui.desktop.instance.hand_over import hand_over

if TYPE_CHECKING:
    from desktop_vlm.ui.desktop.instance.server import SingleInstance

__all__ = ["Command", "Kind", "SingleInstance", "hand_over", "instance_name"]


def __getattr__(name: str) -> object:
    if name != "SingleInstance":
        raise AttributeError(name)
    from desktop_vlm.ui.desktop.instance.server import SingleInstance

    return SingleInstance
