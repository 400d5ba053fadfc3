"""`desktop-vlm completion`: a script that completes the program's commands and options in a shell."""

from __future__ import annotations

import argparse
from pathlib import Path

SHELLS = ("bash", "zsh", "fish", "powershell")


def add_parser(
    subparsers: argparse._SubParsersAction[argparse.ArgumentParser], program: argparse.ArgumentParser
) -> None:
    """Add the `completion` command to the program's commands; `program` is the parser of all of them."""
    parser = subparsers.add_parser(
        "completion",
        help="print a script for the completion of your shell",
        description="Print a script that completes commands, options and file names: "
        "`source <(desktop-vlm completion bash)` in bash and zsh, `desktop-vlm completion fish | source` in fish.",
    )
    parser.add_argument("shell", choices=SHELLS, help="your shell")
    parser.set_defaults(run=run, program=program)


def run(args: argparse.Namespace) -> int:
    """Run the command; 0 is the exit code of success."""
    import shtab  # which no other command needs

    _complete_paths(args.program)
    print(shtab.complete(args.program, args.shell))
    return 0


def _complete_paths(parser: argparse.ArgumentParser) -> None:
    """Files and folders behind the options and arguments that take them."""
    import shtab

    for action in parser._actions:  # noqa: SLF001 - there is no other way to an argument once it is there
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            for command in action.choices.values():
                _complete_paths(command)
        elif action.type is Path:
            action.complete = shtab.FILE  # type: ignore[attr-defined]
