"""What is said when a download cannot be: one sentence each, with the way out.

No sentence holds an address with a query (it may be signed), a token, or the text of another library's error.
"""

from __future__ import annotations

import errno
import math
import os
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.hub.access import OFFLINE_SETTING, Access

TOKEN_HOW = "put an access token into HF_TOKEN or run `hf auth login`"


class Kind(StrEnum):
    """What is in the way, for those who offer more than the sentence."""

    NOT_FOUND = "not found"
    GATED = "gated"
    TOKEN = "token"
    BUSY = "busy"
    SERVER = "server"
    NETWORK = "network"
    OFFLINE = "offline"
    DISK = "disk"
    TAKEN = "taken"
    DAMAGED = "damaged"


class Refusal(UserError):  # noqa: N818 - it is an error by its base
    """A download that cannot be."""

    def __init__(self, kind: Kind, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind


@dataclass(frozen=True)
class About:
    """What was asked for.

    Attributes:
        access: whom, and as whom.
        repo_id: the repository.
        file: the file in it; "" for the repository itself.
    """

    access: Access
    repo_id: str
    file: str = ""

    @property
    def what(self) -> str:
        return f"{self.file} of {self.repo_id}" if self.file else self.repo_id

    @property
    def hub(self) -> str:
        """The hub, with its host where the person chose another."""
        return "the hub" if self.access.host == "huggingface.co" else f"the hub at {self.access.host}"

    @property
    def page(self) -> str:
        return f"{_without_password(self.access.endpoint)}/{self.repo_id}"


def offline(about: About) -> Refusal:
    """The network is forbidden, and not all is here."""
    by = about.access.forbidden_by
    undo = "leave it out" if by.startswith("--") else "switch it off" if by == OFFLINE_SETTING else "unset it"
    return Refusal(
        Kind.OFFLINE,
        f"{about.repo_id} is not in the local cache and {by} forbids downloading: {undo}, or give the folder of "
        "a downloaded checkpoint.",
    )


def of_status(status: int, headers: Mapping[str, str], about: About) -> Refusal:
    """What an answer of the hub says that is neither the file nor worth another try.

    The hub says by `X-Error-Code` which of several things a status means.
    """
    code, message = headers.get("x-error-code", ""), headers.get("x-error-message", "")
    if code == "GatedRepo" or (status == 403 and not code and "gated" in message.lower()):
        found = _gated(about)
    elif code == "RevisionNotFound":
        found = Refusal(Kind.NOT_FOUND, f"{about.repo_id} has no such revision on {about.hub}: check its name.")
    elif status == 401 and about.access.token and code != "RepoNotFound":
        found = _bad_token(about)
    elif code == "EntryNotFound" or (status in {404, 410} and about.file):
        sentence = f"{about.what} is not on {about.hub} (any more): look at {about.page}, and start again."
        found = Refusal(Kind.NOT_FOUND, sentence)
    elif code == "RepoNotFound" or status in {401, 404, 410}:
        found = _no_repository(about)
    elif status in {403, 451}:
        found = _forbidden(about, message)
    elif status == 407:
        found = proxy_refuses()
    else:
        sentence = f"{_The(about.hub)} answered HTTP {status} for {about.what}: try again later."
        found = Refusal(Kind.SERVER, sentence)
    return found


def _bad_token(about: About) -> Refusal:
    return Refusal(
        Kind.TOKEN,
        f"{_The(about.hub)} does not accept the access token: make a new one in its settings, then {TOKEN_HOW}.",
    )


def _gated(about: About) -> Refusal:
    if about.access.token:
        return Refusal(
            Kind.GATED,
            f"{about.repo_id} is gated and your access token is not let in: accept its licence on {about.page}, wait "
            "until access is granted, and give the token the right to read gated repositories.",
        )
    return Refusal(Kind.GATED, f"{about.repo_id} is gated: accept its licence on {about.page}, then {TOKEN_HOW}.")


def _no_repository(about: About) -> Refusal:
    private = "ask for access with your account" if about.access.token else TOKEN_HOW
    return Refusal(
        Kind.NOT_FOUND,
        f"There is no repository {about.repo_id} on {about.hub}: check the spelling, or, if it is private, {private}.",
    )


def _forbidden(about: About, message: str) -> Refusal:
    if "disabled" in message.lower():
        return Refusal(Kind.NOT_FOUND, f"{_The(about.hub)} has disabled {about.repo_id}: choose another.")
    how = "give your access token the right to read it" if about.access.token else TOKEN_HOW
    return Refusal(Kind.TOKEN, f"{_The(about.hub)} does not let you read {about.what} (HTTP 403): {how}.")


def busy(about: About, wait_s: float) -> Refusal:
    """429, with a wait that is too long to sit through."""
    minutes = math.ceil(wait_s / 60)
    unit = "a minute" if minutes <= 1 else f"{minutes} minutes"
    more = "" if about.access.token else f", or {TOKEN_HOW}: with one, more is allowed"
    return Refusal(Kind.BUSY, f"{_The(about.hub)} has had too many requests from here: try again in {unit}{more}.")


def gave_up(about: About, reason: str) -> Refusal:
    """Several tries ended in the same way; `reason` says how the last one did."""
    return Refusal(
        Kind.SERVER, f"Downloading {about.what} failed again and again ({reason}): try again later; it goes on there."
    )


def of_network(error: BaseException, host: str) -> Refusal:
    """What an error of the HTTP client means: nothing of its text is shown, for it may hold addresses."""
    tls = next((cause for cause in _causes(error) if isinstance(cause, ssl.SSLError)), None)
    if tls is not None:
        return _of_tls(tls, host)
    if any(type(cause).__name__ == "ProxyError" for cause in _causes(error)):
        return proxy_refuses()
    proxy = _proxy_variable(host)
    way_out = f"check the proxy in {proxy}, or name the host in NO_PROXY" if proxy else "check the network connection"
    return Refusal(
        Kind.NETWORK, f"{host} cannot be reached ({network_reason(error)}): {way_out}, or the hub's address."
    )


def proxy_refuses() -> Refusal:
    """A proxy wants to know who asks, or does not like what is asked for."""
    return Refusal(
        Kind.NETWORK,
        "The proxy refuses the connection: check its address, name and password in HTTPS_PROXY and HTTP_PROXY, or name "
        "the hub in NO_PROXY.",
    )


def _proxy_variable(host: str) -> str:
    """The variable that names a proxy for `host`; "" if none does."""
    from urllib.request import proxy_bypass  # which brings a whole HTTP client, and every process imports this module

    names = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
    name = next((name for name in names if os.environ.get(name)), "")
    return name if name and not proxy_bypass(host) else ""


def is_tls(error: BaseException) -> bool:
    """Whether an error of the HTTP client is about certificates or encryption, which no waiting mends."""
    return any(isinstance(cause, ssl.SSLError) and not isinstance(cause, ssl.SSLEOFError) for cause in _causes(error))


def _of_tls(error: ssl.SSLError, host: str) -> Refusal:
    if isinstance(error, ssl.SSLCertVerificationError):
        return Refusal(
            Kind.NETWORK,
            f"The certificate of {host} is not trusted ({error.verify_message}): if your network checks encrypted "
            "traffic, put the path of its certificates into SSL_CERT_FILE.",
        )
    return Refusal(
        Kind.NETWORK,
        f"No encrypted connection to {host} comes about ({error.reason or 'TLS error'}): check the address and the "
        "proxy.",
    )


def network_reason(error: BaseException) -> str:
    """In a few words, why a connection failed."""
    names = [type(cause).__name__ for cause in _causes(error)]
    for cause in _causes(error):
        if isinstance(cause, OSError) and type(cause).__name__ == "gaierror":
            return "its name is not known"
        if isinstance(cause, OSError) and cause.errno and not isinstance(cause, TimeoutError):
            return (cause.strerror or "network error").lower()
    if any("Timeout" in name for name in names):
        return "no answer in time"
    if "RemoteProtocolError" in names:
        return "the connection broke off"
    return "network error"


def of_disk(error: OSError, path: Path) -> Refusal:
    """A file that cannot be written."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Refusal(
            Kind.DISK, f"{path.parent} is full: make room and start again; the download goes on where it stopped."
        )
    return Refusal(
        Kind.DISK,
        f"{path} cannot be written ({error.strerror or error}): choose another folder, or change its permissions.",
    )


def no_room(folder: Path, needed_bytes: int, free_bytes: int) -> Refusal:
    """The disk cannot take what is to come."""
    return Refusal(
        Kind.DISK,
        f"{folder} has {free_bytes:,} bytes free, but the download needs {needed_bytes:,}: make room or choose another "
        "folder.",
    )


def taken(folder: Path) -> Refusal:
    """Another process writes there."""
    return Refusal(
        Kind.TAKEN, f"Another download into {folder} is running: wait for it to end, or stop it, and start again."
    )


def damaged(about: About) -> Refusal:
    """The content was wrong twice."""
    return Refusal(
        Kind.DAMAGED,
        f"{about.what} arrived twice with another content than {about.hub} lists: try again later, or through "
        "another network; nothing of it was kept.",
    )


def other_size(about: About, expected: int, found: int) -> Refusal:
    """The listing and the server disagree."""
    return Refusal(
        Kind.DAMAGED,
        f"{about.what} has {found:,} bytes on the server, but {expected:,} in the hub's list: try again later.",
    )


def keeps_changing(about: About) -> Refusal:
    """The file's version changed several times, or it had to be begun too often."""
    return Refusal(Kind.DAMAGED, f"{about.what} changes while it is downloaded: try again later.")


def no_hub(about: About) -> Refusal:
    """What answers is no hub."""
    return Refusal(
        Kind.SERVER, f"{about.access.host} does not answer like a Hugging Face hub: check the hub's address."
    )


def unsafe_name(about: About, path: str) -> Refusal:
    """A repository that wants to write elsewhere."""
    return Refusal(
        Kind.DAMAGED, f"{about.repo_id} lists a file {path!r}, which would lie outside its folder: do not use it."
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    found: BaseException | None = error
    while found is not None and id(found) not in seen:
        seen.add(id(found))
        yield found
        found = found.__cause__ or found.__context__


def _The(text: str) -> str:  # noqa: N802 - it is about the capital
    return text[:1].upper() + text[1:]


def _without_password(url: str) -> str:
    scheme, _, rest = url.partition("://")
    return f"{scheme}://{rest.rsplit('@', maxsplit=1)[-1]}"
