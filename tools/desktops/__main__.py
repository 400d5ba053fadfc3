"""Run the program on real desktops: `python -m tools.desktops [plasma] [sway] [gnome] [gnome-x11] [--walks WALK ...]`.

Each walk begins with a desktop of its own and a new home. It leaves an image of each step, to be looked at, and a line
for what can be measured; docs/desktop-support.md has what was seen.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tools.desktops.desktop import Desktop, DesktopError, Screen
from tools.desktops.exchange import exchange
from tools.desktops.gnome import Gnome
from tools.desktops.gnome_questions import custom_key, denied
from tools.desktops.gnome_x11 import GnomeX11, locked
from tools.desktops.on_screens import on_screens
from tools.desktops.plasma import Plasma
from tools.desktops.sway import Sway
from tools.desktops.sway_faults import lost
from tools.desktops.walks import use

_DESKTOPS = {one.name: one for one in (Plasma, Sway, Gnome, GnomeX11)}


@dataclass(frozen=True)
class _Walk:
    """What a person does, on which screens and desktops; it returns what went wrong."""

    do: Callable[[Desktop], list[str]]
    screens: Sequence[Screen] = (Screen(),)
    only: str = ""


_WALKS = {
    "use": _Walk(use),
    "exchange": _Walk(exchange),
    "scaled": _Walk(on_screens, (Screen(1920, 1200, 1.5),)),
    "screens": _Walk(on_screens, (Screen(1200, 900), Screen(1200, 900, 1.5))),
    "denied": _Walk(denied, only="gnome"),
    "custom-key": _Walk(custom_key, only="gnome"),
    "lost": _Walk(lost, only="sway"),
    "locked": _Walk(locked, only="gnome-x11"),
}


def _problems(name: str, walk_name: str, out: Path) -> list[str]:
    walk = _WALKS[walk_name]
    desktop = _DESKTOPS[name](out / f"{name}-{walk_name}", walk.screens)
    if missing := desktop.missing():
        return [f"{', '.join(missing)} missing; please run scripts/install-system-packages --desktops"]
    try:
        desktop.start()
        return walk.do(desktop)
    except (DesktopError, OSError) as error:
        return [str(error)]
    finally:
        desktop.end()


def _is_for(name: str, walk: _Walk) -> bool:
    """On X11 there is one walk; `make test` has the others there."""
    if len(walk.screens) > _DESKTOPS[name].most_screens:
        return False
    return walk.only == name or (not walk.only and name != GnomeX11.name)


def main() -> int:
    """Run what the command line says; 1 if something went wrong."""
    for number in (
        signal.SIGINT,
        signal.SIGTERM,
    ):  # what was started ends, too, also where a shell ignores Ctrl+C for us
        signal.signal(number, lambda *_: sys.exit(130))
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("desktops", nargs="*", help=", ".join(_DESKTOPS))
    parser.add_argument("--walks", nargs="+", choices=_WALKS, default=list(_WALKS), help="all if it is not said")
    parser.add_argument("--out", type=Path, help="folder for homes, logs and images")
    arguments = parser.parse_args()
    out = arguments.out.resolve() if arguments.out else Path(tempfile.mkdtemp(prefix="desktops-"))
    out.mkdir(parents=True, exist_ok=True)
    lock = (out / "lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        parser.error(f"another run works in {out}; please wait for it, or give another folder with --out")
    problems: list[str] = []
    for name in arguments.desktops or _DESKTOPS:
        for walk in (one for one in arguments.walks if _is_for(name, _WALKS[one])):
            started = time.monotonic()
            found = [f"{name}, {walk}: {one}" for one in _problems(name, walk, out)]
            problems += found
            for one in found:
                print(f"PROBLEM: {one}")
            took = f"{time.monotonic() - started:.0f} s at a load of {os.getloadavg()[0]:.0f}"
            print(f"{name}, {walk}: {'done' if not found else 'not as it should be'} after {took}", flush=True)
    print("\n".join(["", *problems]) if problems else "\nnothing went wrong; the images are to be looked at")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
