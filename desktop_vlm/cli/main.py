"""The command line: reads the arguments, runs the command, turns errors into sentences and exit codes."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from types import ModuleType

from desktop_vlm import __version__
from desktop_vlm.api.errors import Cancelled, EngineError, UserError
from desktop_vlm.cli import install_desktop, window
from desktop_vlm.runtime import abi
from desktop_vlm.system.border.streams import guard_streams
from desktop_vlm.system.importing import importing

_WITH_ENGINE = ("pull", "import", "ask", "convert", "bench")
_OF_DATA = ("backup", "restore")
_COMMANDS = ("window", "install-desktop", "models", "doctor", "read", *_OF_DATA, *_WITH_ENGINE, "completion")

EXIT_USER_ERROR = 2
EXIT_ENGINE_ERROR = 3
EXIT_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code.

    0 success, 2 something the person can put right, 3 the model, memory or device failed, 130 stopped.
    """
    if arguments is not None:
        return _in_sentences(lambda: _run(_with_command(arguments)))
    guard_streams()
    with contextlib.suppress(OSError):  # what task managers show; on Linux only
        Path("/proc/self/comm").write_text("desktop-vlm", encoding="ascii")
    words = _with_command(sys.argv[1:])
    if not _uses_native_code(words):
        return _in_sentences(lambda: _run(words))
    from desktop_vlm.cli.supervision import supervised  # which the window need not wait for
    from desktop_vlm.cli.usage_note import take

    return _in_sentences(lambda: supervised(lambda: _in_sentences(lambda: _run(words)), take))


def _uses_native_code(words: Sequence[str]) -> bool:
    """Whether a command reads files with native code in its own process, which may crash over them."""
    command = next(word for word in words if word != "--verbose")
    return command in {*_WITH_ENGINE, "doctor", "models"}


def _in_sentences(work: Callable[[], int]) -> int:
    """The exit code of work; its errors become a sentence on stderr and one."""
    try:
        try:
            return work()
        finally:  # what is still in the buffer may not fit any more; that must be known before Python ends
            sys.stdout.flush()
    except UserError as error:
        return _fail(error, EXIT_USER_ERROR)
    except EngineError as error:
        return _fail(error, EXIT_ENGINE_ERROR)
    except (Cancelled, KeyboardInterrupt):
        return EXIT_INTERRUPTED
    except BrokenPipeError:  # the reader of our output went away, which is its right
        return 0
    except (OSError, UnicodeError) as error:  # of a file, a folder or a name that no part has a better sentence for
        return _fail(UserError(f"{_named(error)}; check it and try again."), EXIT_USER_ERROR)


def _run(given: Sequence[str]) -> int:
    args = _parser(given).parse_args(given)
    logging.basicConfig(level=logging.DEBUG if args.verbose else logging.WARNING, format="%(name)s: %(message)s")
    return int(args.run(args))


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="desktop-vlm", description="Ask about images with Llama 3.2 Vision in GGUF, offline."
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    parser.add_argument("--verbose", action="store_true", help="say on stderr what the engine does")
    subparsers = parser.add_subparsers(metavar="COMMAND", required=True)
    window.add_parser(subparsers)
    install_desktop.add_parser(subparsers)
    command = next(word for word in arguments if word != "--verbose")
    if command == "window":
        return parser
    from desktop_vlm.cli import backup, completion, doctor, models, read  # the window has no use for them

    models.add_parser(subparsers)
    doctor.add_parser(subparsers)
    read.add_parser(subparsers)
    backup.add_parser(subparsers)
    if command in {"doctor", "models", "read", *_OF_DATA}:  # which have to work where llama.cpp does not
        return parser
    for name in [command] if command in _WITH_ENGINE else _WITH_ENGINE:  # no other that it need not wait for
        _command_with_engine(name).add_parser(subparsers)
    completion.add_parser(subparsers, parser)
    return parser


def _command_with_engine(name: str) -> ModuleType:
    """The module of a command that brings llama.cpp along: that takes half a second, and is not for the window.

    Raises:
        EngineError: there is no llama-cpp-python, one of another version, or one whose library does not load.
    """
    abi.check_installed()  # of another version, it may fail in ways that say nothing
    try:
        with importing():
            return importlib.import_module(f"desktop_vlm.cli.{'import_' if name == 'import' else name}")
    except (ImportError, OSError, RuntimeError, AttributeError) as error:
        reason = (str(error) or type(error).__name__).splitlines()[0]
        raise EngineError(f"llama-cpp-python cannot be loaded ({reason}); `desktop-vlm doctor` says more.") from error


def _with_command(arguments: Sequence[str]) -> list[str]:
    """The arguments, with the command `window` where none is given: `desktop-vlm --capture`, `desktop-vlm shot.png`."""
    first = next((number for number, word in enumerate(arguments) if word != "--verbose"), len(arguments))
    if first < len(arguments) and arguments[first] in {*_COMMANDS, "-h", "--help", "--version"}:
        return list(arguments)
    return [*arguments[:first], "window", *arguments[first:]]


def _named(error: OSError | UnicodeError) -> str:
    logging.getLogger(__name__).debug("traceback", exc_info=error)
    if isinstance(error, OSError) and error.filename is not None:
        return f"{os.fsdecode(error.filename)} cannot be used ({error.strerror})"
    return f"Something cannot be read or written ({error})"


def _fail(error: Exception, code: int) -> int:
    print(f"desktop-vlm: {error}", file=sys.stderr)
    return code
