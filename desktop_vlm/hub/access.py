"""How the hub is reached: at which address, with whose token, how patiently, and whether at all."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from desktop_vlm.api.errors import UserError
from desktop_vlm.hub.tokens import find_token

DEFAULT_ENDPOINT = "https://huggingface.co"
OFFLINE_SETTING = "the setting Stay offline"
"""What forbids the network where the person's settings do (`Access.forbidden_by`)."""
_TRUE = {"1", "ON", "YES", "TRUE"}
_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Patience:
    """How long a server is waited for, and how often it is tried again.

    Attributes:
        connect_s: for a connection.
        read_s: for the next bytes.
        waits_s: before each further try; after the last, the server is given up.
        longest_s: what a server may ask to wait; where it asks for more, that is said instead.
    """

    connect_s: float = 10.0
    read_s: float = 10.0
    waits_s: tuple[float, ...] = (1.0, 2.0, 4.0, 8.0, 15.0)
    longest_s: float = 330.0  # the hub counts requests over five minutes


@dataclass(frozen=True)
class Access:
    """Whom to ask, and as whom.

    Attributes:
        endpoint: the hub's address, without a slash at its end.
        token: sent to that address only.
        forbidden_by: what forbids to use the network (`--offline` or a variable's name); empty where nothing does.
        patience: with the servers.
    """

    endpoint: str = field(default=DEFAULT_ENDPOINT, repr=False)  # there may be a password in it
    token: str | None = field(default=None, repr=False)
    forbidden_by: str = ""
    patience: Patience = field(default_factory=Patience)

    @classmethod
    def of_user(
        cls, *, endpoint: str = "", offline: bool = False, environment: Mapping[str, str] = os.environ
    ) -> Access:
        """As the person set it up: `endpoint` is the setting ("" for none), `offline` the option `--offline`.

        Raises:
            UserError: the address or the token cannot be one.
        """
        address = checked_endpoint(endpoint, "the setting") or checked_endpoint(
            environment.get("HF_ENDPOINT", ""), "HF_ENDPOINT"
        )
        address = address or DEFAULT_ENDPOINT
        forbidden_by = "--offline" if offline else _offline_variable(environment)
        token = None if forbidden_by else find_token(address, environment)
        return cls(address, token, forbidden_by, _patience(environment))

    @property
    def host(self) -> str:
        """The host's name, as sentences say it."""
        return urlsplit(self.endpoint).hostname or self.endpoint

    def may_have_token(self, url: str) -> bool:
        """Whether `url` is at the endpoint itself, to which the token belongs."""
        return origin(url) == origin(self.endpoint)


def origin(url: str) -> tuple[str, str, int]:
    """Scheme, host and port, by which the web tells servers apart."""
    parts = urlsplit(url)
    return parts.scheme, (parts.hostname or "").lower(), parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)


def checked_endpoint(text: str, where: str) -> str:
    """An address of a hub without the slash at its end; "" for none.

    Raises:
        UserError: it is no address of a web server; `where` says who named it.
    """
    address = text.strip().rstrip("/")
    try:
        parts = urlsplit(address)
        is_address = parts.scheme in _DEFAULT_PORTS and bool(parts.hostname) and parts.port != 0
        is_address &= not parts.query and not parts.fragment and not any(one.isspace() for one in address)
    except ValueError:
        is_address = False
    if address and not is_address:
        raise UserError(f"The hub's address in {where} is no web address: write it like {DEFAULT_ENDPOINT}.")
    return address


def _offline_variable(environment: Mapping[str, str]) -> str:
    variables = ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE")
    return next((name for name in variables if environment.get(name, "").upper() in _TRUE), "")


def _patience(environment: Mapping[str, str]) -> Patience:
    try:
        read_s = float(environment.get("HF_HUB_DOWNLOAD_TIMEOUT", ""))
    except ValueError:
        return Patience()
    return Patience(read_s=read_s) if 0 < read_s < 3600 else Patience()
