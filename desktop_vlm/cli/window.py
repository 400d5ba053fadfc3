"""`desktop-vlm window`: the desktop window. It is also what the program does when no command is given.

A window that runs already gets what this start was asked for, so that a key of any desktop can trigger it:
`desktop-vlm --capture`.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.system.border.arguments import as_text
from desktop_vlm.system.importing import importing
from desktop_vlm.ui.app.qt_libraries import check_qt_libraries
from desktop_vlm.ui.desktop.instance import Command, Kind, hand_over, instance_name
from desktop_vlm.ui.desktop.session import has_display


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the `window` command to the program's commands."""
    parser = subparsers.add_parser(
        "window",
        help="open the window (also without any command)",
        description="Open the window, or tell the one that runs already what to do. The word `window` can be left out.",
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="images or PDFs to ask about")
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--ask", type=as_text, metavar="QUESTION", help="ask at once, about the files if there are any")
    what.add_argument("--capture", action="store_true", help="select a part of the screen to ask about")
    what.add_argument("--capture-again", action="store_true", help="capture the same part of the screen once more")
    what.add_argument("--copy-text", action="store_true", help="copy the text of a part of the screen")
    what.add_argument("--show", action="store_true", help="bring the window to the front")
    what.add_argument("--toggle", action="store_true", help="show the window, or hide it")
    what.add_argument("--quit", action="store_true", help="end the program that runs")
    parser.add_argument("--delay", type=float, default=0, metavar="SECONDS", help="wait before the capture")
    parser.add_argument("--hidden", action="store_true", help="start in the tray, without a window")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Show the window until it is closed, or hand over to the one that runs.

    Raises:
        UserError: there is no screen, Qt cannot be loaded, or a file is missing.
    """
    command = _command(args)
    name = instance_name()
    if hand_over(name, command):
        return 0
    if command.kind == "quit":
        print("desktop-vlm: No window is running.", file=sys.stderr)
        return 0
    if not has_display():
        raise UserError("There is no screen to show the window on; use `desktop-vlm ask` on the terminal.")
    check_qt_libraries()
    with importing():
        from desktop_vlm.ui.app import program  # Qt is not needed by the other commands, nor to hand over

    return program.run(name, command, hidden=args.hidden)


def _command(args: argparse.Namespace) -> Command:
    files = tuple(str(file.absolute()) for file in args.files)
    for file in args.files:
        if not file.exists():
            raise UserError(f"There is no file {file}; check the path.")
    kinds: dict[Kind, bool] = {
        "capture": args.capture,
        "capture-again": args.capture_again,
        "copy-text": args.copy_text,
    }
    of_screen = next((kind for kind, is_asked_for in kinds.items() if is_asked_for), None)
    if of_screen and files:
        raise UserError(f"--{of_screen} takes no files: it makes the image itself.")
    if args.ask is not None:
        return Command("ask", text=args.ask, files=files)
    if of_screen:
        return Command(of_screen, delay_s=args.delay)
    if args.quit or args.toggle:
        return Command("quit" if args.quit else "toggle")
    return Command("open", files=files) if files else Command("show")
