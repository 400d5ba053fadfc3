"""Run the program on real Wayland desktops: `python -m tools.desktops [plasma] [sway] [gnome] [--out FOLDER]`.

Each walk is the same: start, capture a region by the key, the quick window, cancel, raise, quit. It leaves a image of
each step, to be looked at, and a line for what can be measured; docs/desktop-support.md has what was seen.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tools.desktops.desktop import Desktop, DesktopError, wait_for
from tools.desktops.gnome import Gnome
from tools.desktops.plasma import Plasma
from tools.desktops.sway import Sway

_DESKTOPS = {one.name: one for one in (Plasma, Sway, Gnome)}
_STEP_S = 4.0
"""After each step, so that a slow machine has drawn what came of it."""
_QUIT_S = 2.0


def walk(desktop: Desktop) -> list[str]:
    """Do what a person does; what went wrong."""
    problems: list[str] = []
    program = desktop.program()
    log = desktop.folder / "home/.local/state"
    wait_for(log.exists, "the program")
    other = desktop.spawn(sys.executable, "-m", "tools.desktops.other_program", log="other")
    time.sleep(3 * _STEP_S)
    desktop.settle()
    _seen(desktop, "1-started")
    desktop.keys("capture")
    _seen(desktop, "2-overlay")
    desktop.allow()
    _seen(desktop, "3-overlay-allowed")
    desktop.mouse("move", 20, 100, "press", "move", 200, 200, "move", 380, 300, "release")
    _seen(desktop, "4-quick-window")
    desktop.keys("a")
    _seen(desktop, "5-typed")
    desktop.keys("escape")
    _seen(desktop, "6-dismissed")
    desktop.keys("capture")
    time.sleep(_STEP_S)
    desktop.keys("escape")
    _seen(desktop, "7-cancelled")
    desktop.keys("toggle")
    _seen(desktop, "8-toggled")
    desktop.keys("toggle")
    _seen(desktop, "9-toggled-again")
    problems += _from_behind(desktop)
    problems += [f"left in Pictures: {one.name}" for one in (desktop.folder / "home/Pictures/").iterdir()]
    desktop.program("--quit")
    took_s = wait_for(lambda: program.poll() is not None, "the end", 30)
    print(f"{desktop.name}: quit took {took_s:.1f} s")
    if took_s > _QUIT_S:
        problems.append(f"quit took {took_s:.1f} s")
    if other.poll() is not None:
        problems.append("the other program ended")
    return problems


def _from_behind(desktop: Desktop) -> list[str]:
    """With another program in front: it keeps the keyboard after a capture that was cancelled, and we get it by key."""
    desktop.spawn(sys.executable, "-m", "tools.desktops.other_program", log="in-front")
    _seen(desktop, "10-behind")
    desktop.keys("capture")
    time.sleep(_STEP_S)
    desktop.keys("escape")
    _seen(desktop, "11-cancelled-from-behind")
    desktop.keys("a")
    _seen(desktop, "12-typed-into-the-other")
    typed = (desktop.folder / "in-front.log").read_text(encoding="utf-8").splitlines()
    desktop.keys("toggle")
    _seen(desktop, "13-raised")
    return [] if "a" in typed or not desktop.minimises else ["what was typed did not reach the program in front"]


def _seen(desktop: Desktop, name: str) -> None:
    time.sleep(_STEP_S)
    print(f"{desktop.name}: {desktop.image(name)}", flush=True)


def main() -> int:
    """Run what the command line says; 1 if something went wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("desktops", nargs="*", help=", ".join(_DESKTOPS))
    parser.add_argument("--out", type=Path, help="folder for homes, logs and images")
    arguments = parser.parse_args()
    out = arguments.out.resolve() if arguments.out else Path(tempfile.mkdtemp(prefix="desktops-"))
    problems: list[str] = []
    for name in arguments.desktops or _DESKTOPS:
        desktop = _DESKTOPS[name](out / name)
        if missing := desktop.missing():
            problems.append(f"{name}: {', '.join(missing)} missing; install {desktop.packages}")
            continue
        try:
            desktop.start()
            problems += [f"{name}: {one}" for one in walk(desktop)]
        except DesktopError as error:
            problems.append(f"{name}: {error}")
        finally:
            desktop.end()
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
