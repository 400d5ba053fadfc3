"""A TOML file that people edit: their comments and order survive, and no write leaves half a file."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import tempfile
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from desktop_vlm.api.errors import UserError
from desktop_vlm.system.bounded.files import decode_text, read_bytes
from desktop_vlm.system.bounded.toml_text import BadTomlError, parse_toml

MOST_BYTES = 1 << 20


class TomlFile:
    """One file, read and written whole.

    Attributes:
        path: where it is; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> tomlkit.TOMLDocument:
        """The document; an empty one where there is no file.

        Raises:
            UserError: there is a file and it cannot be read as TOML.
        """
        if not os.path.exists(self.path):  # noqa: PTH110 - it raises nothing, whatever stands above
            return tomlkit.document()
        try:
            return _document(decode_text(read_bytes(self.path, MOST_BYTES)))
        except UserError as error:
            raise self._unusable(f" ({_clause(error, self.path)})") from None
        except UnicodeDecodeError:
            raise self._unusable(" (it is not UTF-8 text)") from None
        except BadTomlError as error:
            raise self._unusable(f": {error}") from None

    def _unusable(self, why: str) -> UserError:
        return UserError(
            f"{self.path} cannot be read{why}. The defaults are used and the file stays as it is until you correct it."
        )

    def write(self, document: tomlkit.TOMLDocument) -> None:
        """Replace the file in one step: whoever reads it, even after a power cut, finds the old or the new one.

        Raises:
            UserError: it could not be written; the old file is as it was.
        """
        # A link, as people have who keep such files in a repository, is followed rather than replaced.
        try:
            target = self.path.resolve()
            target.parent.mkdir(parents=True, exist_ok=True)
            _replace(target, tomlkit.dumps(document).encode())
        except UnicodeEncodeError:  # half a surrogate pair: a file's name, as a rule
            raise UserError(f"{self.path} can hold only text, which a name in it is not; rename that file.") from None
        except RuntimeError:  # of Python below 3.13
            raise UserError(f"{self.path} is a link that leads to itself; your change is not saved.") from None
        except OSError as error:
            raise UserError(f"{self.path} could not be written ({_reason(error)}); your change is not saved.") from None

    def set_aside(self) -> Path:
        """Rename a file that cannot be read, so that a new one can take its place; its new path.

        Raises:
            UserError: it could not be renamed.
        """
        target = self.path.with_suffix(".broken.toml")
        number = 2
        while target.exists():
            target = self.path.with_suffix(f".broken-{number}.toml")
            number += 1
        try:
            return self.path.rename(target)
        except OSError as error:
            raise UserError(
                f"{self.path} could not be set aside ({_reason(error)}); your change is not saved."
            ) from None


def _clause(error: UserError, path: Path) -> str:
    """Why a file cannot be opened, to stand in brackets behind its name."""
    text = str(error).removeprefix(f"{path} ")
    if found := re.fullmatch(r"cannot be read \((.*)\); .*", text):
        return found[1]
    return f"it {re.split(r'[;,]', text)[0]}" if text.startswith("is ") else text.rstrip(".")


def _document(text: str) -> tomlkit.TOMLDocument:
    """The document of a text that anybody may have written.

    Raises:
        BadTomlError: it is no TOML, or larger, deeper or longer than a person's file.
    """
    parse_toml(text)  # quick, strict, and bounded
    try:
        document = tomlkit.parse(text)
        document.unwrap()
    except (TOMLKitError, ValueError, RecursionError):  # the two readers differ in few things
        raise BadTomlError("it is not valid TOML") from None
    return document


def _replace(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    written = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, written)
        os.replace(written, target)  # noqa: PTH105 - a seam that tests can make fail
    except BaseException:
        written.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make the rename itself durable, where folders can be opened (not on Windows)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _reason(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)
