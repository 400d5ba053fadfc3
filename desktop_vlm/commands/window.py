"""`desktop-vlm window`: the desktop window. It is also what the program does when no command is given."""

from __future__ import annotations

import argparse
from pathlib import Path


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the `window` command to the program's commands."""
    parser = subparsers.add_parser(
        "window", help="open the window (also without any command)", description="Open the desktop window."
    )
    parser.add_argument("files", nargs="*", type=Path, metavar="FILE", help="pictures or PDFs to ask about")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Show the window until it is closed.

    Raises:
        UserError: there is no screen.
    """
    from desktop_vlm.ui import app  # Qt is not needed by the other commands

    return app.run(args.files)
