"""What a second start asks of the running program, and how it travels.

A message is a 4-byte big-endian length and that many bytes of JSON; the answer is the byte `ACCEPTED`. There is no
version: a start of another version talks to this one, too, so fields that are not known are passed over and fields
that are missing have their default.
"""

from __future__ import annotations

import json
import math
import os
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

from desktop_vlm.api.errors import UserError

Kind = Literal["show", "toggle", "capture", "capture-again", "copy-text", "ask", "open", "quit"]

ACCEPTED = b"\x06"
LENGTH = struct.Struct(">I")
MAX_BYTES = 2**20
"""Of one message; the longest question that fits a command line is an eighth of it."""

_MOST_DELAY_S = 3600.0
_MOST_TOKEN = 4096


@dataclass(frozen=True)
class Command:
    """One request.

    Attributes:
        kind: what to do; `open` brings files without a question.
        text: the question of `ask`.
        files: absolute paths.
        delay_s: of captures and `copy-text`, before the screen is taken.
        activation_token: lets the running program come to the front, where the desktop gave the second start one.
    """

    kind: Kind
    text: str = ""
    files: tuple[str, ...] = ()
    delay_s: float = 0
    activation_token: str = ""


def activation_token(environment: Mapping[str, str] = os.environ) -> str:
    """What the desktop gave this process so that a window of it may come to the front."""
    return environment.get("XDG_ACTIVATION_TOKEN") or environment.get("DESKTOP_STARTUP_ID") or ""


def encode(command: Command) -> bytes:
    """The whole message.

    Raises:
        UserError: it is too long.
    """
    body = json.dumps(asdict(command)).encode()
    if len(body) > MAX_BYTES:
        raise UserError("That is too much to hand to the running window at once; give fewer files or a shorter text.")
    return LENGTH.pack(len(body)) + body


def decode(body: bytes) -> Command:
    """The command of a message's body.

    Raises:
        ValueError: it is none; the text says why and quotes nothing of it.
    """
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise ValueError("it is not JSON") from None
    if not isinstance(fields, dict):
        raise ValueError("it is not an object")
    if fields.get("kind") not in get_args(Kind):
        raise ValueError("its kind is not known")
    text = _text(fields, "text", MAX_BYTES)
    return Command(
        fields["kind"], text, _files(fields), _delay_s(fields), _text(fields, "activation_token", _MOST_TOKEN)
    )


def _text(fields: Mapping[str, Any], name: str, most: int) -> str:
    value = fields.get(name, "")
    if not isinstance(value, str) or len(value) > most:
        raise ValueError(f"its {name} is not a text of at most {most} characters")
    return value


def _files(fields: Mapping[str, Any]) -> tuple[str, ...]:
    value = fields.get("files", [])
    if not isinstance(value, list) or not all(isinstance(one, str) and _is_path(one) for one in value):
        raise ValueError("its files are not absolute paths")
    return tuple(value)


def _is_path(text: str) -> bool:
    return os.path.isabs(text) and "\0" not in text  # noqa: PTH117 - text that came in, not our own path yet


def _delay_s(fields: Mapping[str, Any]) -> float:
    value = fields.get("delay_s", 0)
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not math.isfinite(value) or not 0 <= value <= _MOST_DELAY_S:
        raise ValueError(f"its delay_s is not a number from 0 to {_MOST_DELAY_S:.0f}")
    return float(value)
