"""A keyring in a file, for programs that tests start: PYTHON_KEYRING_BACKEND names it, FILE_KEYRING the file."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import keyring.backend
import keyring.errors


class FileKeyring(keyring.backend.KeyringBackend):  # type: ignore[no-untyped-call,unused-ignore]
    """Keeps passwords in the open."""

    priority: Any = 9

    def _read(self) -> dict[str, str]:
        file = Path(os.environ["FILE_KEYRING"])
        return json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}

    def _write(self, known: dict[str, str]) -> None:
        Path(os.environ["FILE_KEYRING"]).write_text(json.dumps(known), encoding="utf-8")

    def get_password(self, service: str, username: str) -> str | None:
        return self._read().get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self._write(self._read() | {f"{service} {username}": password})

    def delete_password(self, service: str, username: str) -> None:
        known = self._read()
        if known.pop(f"{service} {username}", None) is None:
            raise keyring.errors.PasswordDeleteError
        self._write(known)
