"""Requests to the hub and to the servers it sends us to.

The hub answers a request for a large file with a redirect to another host, at a signed address. The token goes to the
hub only, and neither a token nor a signed address leaves this module: the libraries' logs and error texts are kept out.
"""

from __future__ import annotations

import email.utils
import logging
import os
import re
import ssl
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from urllib.parse import urljoin

import httpx2
from huggingface_hub import constants
from huggingface_hub import errors as hub_errors
from huggingface_hub.utils import logging as hub_logging

from desktop_vlm import __version__
from desktop_vlm.hub import refusals
from desktop_vlm.hub.access import Access, Patience, origin
from desktop_vlm.hub.refusals import About, Refusal
from desktop_vlm.hub.waiting import Transient

_MAX_REDIRECTS = 10
_SHORT_BYTES = 16 * 1024
_REDIRECTS = {301, 302, 303, 307, 308}
_TRANSIENT = {408, 425, 429, 500, 502, 503, 504}
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")
_RATE_LIMIT = re.compile(r"r\s*=\s*0\s*;\s*t\s*=\s*(\d+)")


def _silence_libraries() -> None:
    """They log whole addresses, signed ones too, and headers; and the hub's client tells the hub what runs here."""
    for name in ("httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.ERROR)
    hub_logging.set_verbosity(logging.ERROR)
    constants.HF_HUB_DISABLE_TELEMETRY = True


_silence_libraries()


def _certificates() -> ssl.SSLContext:
    """Whom to trust, by the system or by what the person set up."""
    return _loaded_certificates(os.environ.get("SSL_CERT_FILE", ""), os.environ.get("SSL_CERT_DIR", ""))


@cache
def _loaded_certificates(_file: str, _folder: str) -> ssl.SSLContext:
    """Reading them takes longer than many a request."""
    return httpx2.create_ssl_context()


@dataclass(frozen=True)
class Reply:
    """The beginning of an answer with content.

    Attributes:
        first: where in the file its bytes begin.
        end: where they end; the byte there is not among them.
        etag: what the hub calls this version of the file; "" if it does not say.
    """

    first: int
    end: int
    etag: str
    _response: httpx2.Response
    _about: About

    def chunks(self) -> Iterator[bytes]:
        """The content in pieces, from `first` to `end`.

        Raises:
            Transient: the connection broke off, or other bytes than promised came.
        """
        left = self.end - self.first
        with answers(self._about):
            for chunk in self._response.iter_bytes():  # as they come: what waits here would be lost with the process
                yield chunk[:left]
                left -= len(chunk)
                if left < 0:
                    raise _odd(self._about, "the server sends more than it promised")
        if left:
            raise _odd(self._about, "the server sends less than it promised")


class Client:
    """Fetches content for an access; threads may share it."""

    def __init__(self, access: Access) -> None:
        self.access = access
        patience = access.patience
        timeout = httpx2.Timeout(patience.read_s, connect=patience.connect_s)
        limits = httpx2.Limits(max_connections=32)
        self._http = httpx2.Client(timeout=timeout, limits=limits, follow_redirects=False, verify=_certificates())
        self._lock = threading.Lock()
        self._in_use = 0
        self._is_closing = False

    def close(self) -> None:
        """End the connections, those in use when they are done.

        A socket that another thread waits for must not be closed: its number may be that of another one soon, whose
        bytes that thread would take.
        """
        self._use(0, is_closing=True)

    def _use(self, change: int, *, is_closing: bool = False) -> None:
        with self._lock:
            self._in_use += change
            self._is_closing |= is_closing
            is_over = self._is_closing and not self._in_use
        if is_over:
            self._http.close()

    @contextmanager
    def get(self, url: str, about: About, size: int, first: int = 0, end: int | None = None) -> Iterator[Reply]:
        """Ask for the bytes from `first` to `end` of a file of `size` bytes; the reply may begin at 0 nevertheless.

        Raises:
            Refusal: the hub refuses.
            Transient: something went wrong that may go well the next time.
        """
        end = size if end is None else end
        headers = {"Accept-Encoding": "identity", "User-Agent": f"desktop-vlm/{__version__}"}
        if (first, end) != (0, size):
            headers["Range"] = f"bytes={first}-{end - 1}"
        self._use(+1)
        try:
            with answers(about):
                response, of_hub = self._follow(url, headers, about)
            try:
                yield self._read_head(response, of_hub, about, size, first, end)
            finally:
                response.close()
        finally:
            self._use(-1)

    def _follow(self, url: str, headers: dict[str, str], about: About) -> tuple[httpx2.Response, Mapping[str, str]]:
        """The last answer of a chain of redirects, and the hub's own headers on the way."""
        of_hub: dict[str, str] = {}
        for _ in range(_MAX_REDIRECTS):
            own = self.access.may_have_token(url)
            mine = {"Authorization": f"Bearer {self.access.token}"} if own and self.access.token else {}
            response = self._http.send(self._http.build_request("GET", url, headers={**headers, **mine}), stream=True)
            if own:
                of_hub |= dict(response.headers)
            if response.status_code not in _REDIRECTS or "location" not in response.headers:
                return response, of_hub
            _drop(response)
            url = _target(url, response.headers["location"])
            if not url:
                break
        raise refusals.no_hub(about)

    def _read_head(
        self, response: httpx2.Response, of_hub: Mapping[str, str], about: About, size: int, first: int, end: int
    ) -> Reply:
        status = response.status_code
        if status not in {200, 206}:
            is_hubs = self.access.may_have_token(str(response.request.url))
            raise _failure(status, response.headers, about, self.access.patience, is_hubs=is_hubs)
        etag = _plain_etag(of_hub.get("x-linked-etag") or of_hub.get("etag", ""))
        linked_size = of_hub.get("x-linked-size", "")
        if linked_size.isdecimal() and int(linked_size) != size:
            raise _other_size(about, size, int(linked_size))
        if status == 206:
            return self._read_part(response, etag, about, size, first, end)
        length = response.headers.get("content-length", "")
        is_encoded = response.headers.get("content-encoding", "identity").lower() != "identity"
        if length.isdecimal() and not is_encoded and int(length) != size:
            raise _other_size(about, size, int(length))
        return Reply(0, size, etag, response, about)

    @staticmethod
    def _read_part(response: httpx2.Response, etag: str, about: About, size: int, first: int, end: int) -> Reply:
        if response.headers.get("content-encoding", "identity").lower() != "identity":
            raise _odd(about, "the server sends a compressed part")
        place = _CONTENT_RANGE.fullmatch(response.headers.get("content-range", "").strip())
        if not place:
            raise _odd(about, "the server does not say which part it sends")
        got_first, got_end = int(place[1]), int(place[2]) + 1
        if place[3] != "*" and int(place[3]) != size:
            raise _other_size(about, size, int(place[3]))
        if got_first != first or not first < got_end <= end:
            raise _odd(about, "the server sends another part than asked for")
        return Reply(first, got_end, etag, response, about)


@contextmanager
def answers(about: About) -> Iterator[None]:
    """Turns errors of the HTTP client, and of the hub's own client, into `Refusal` and `Transient`."""
    try:
        yield
    except hub_errors.HfHubHTTPError as error:
        raise _failure(
            error.response.status_code, error.response.headers, about, about.access.patience, is_hubs=True
        ) from None
    except hub_errors.OfflineModeIsEnabled:
        raise refusals.offline(about) from None
    except hub_errors.HFValidationError:
        raise Refusal(
            refusals.Kind.NOT_FOUND, f"{about.repo_id} is no valid repository name: check the spelling."
        ) from None
    except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError) as error:
        raise _of_network(error, about) from None


def _failure(
    status: int, headers: Mapping[str, str], about: About, patience: Patience, *, is_hubs: bool
) -> Refusal | Transient:
    """What an answer that is neither content nor a redirect means; `is_hubs`: it is the hub's, not a storage host's."""
    if status == 429:
        wait_s = _asked_wait_s(headers)
        refusal = refusals.busy(about, wait_s or 60)
        if wait_s is not None and wait_s > patience.longest_s:
            return refusal
        return Transient(refusal, "too many requests (HTTP 429)", wait_s=wait_s)
    reason = f"the server answered HTTP {status}"
    if status in _TRANSIENT or status >= 500:
        wait_s = _asked_wait_s(headers) if status == 503 else None
        is_long = wait_s is not None and wait_s > patience.longest_s
        return Transient(refusals.of_status(status, headers, about), reason, wait_s=None if is_long else wait_s)
    if status == 416:
        return Transient(refusals.gave_up(about, reason), reason, weight=2, status=status)
    if not is_hubs:  # a signed address that is no longer good: the hub gives a new one
        return Transient(refusals.gave_up(about, f"the storage answered HTTP {status}"), reason, weight=2)
    return refusals.of_status(status, headers, about)


def _of_network(error: BaseException, about: About) -> Refusal | Transient:
    refusal = refusals.of_network(error, _host(error) or about.access.host)
    if isinstance(error, httpx2.InvalidURL | httpx2.UnsupportedProtocol | httpx2.LocalProtocolError):
        return refusals.no_hub(about)
    if refusals.is_tls(error):
        return refusal
    if isinstance(error, httpx2.DecodingError):
        return _odd(about, "the server compresses what it sends, and wrongly")
    is_unreachable = isinstance(error, httpx2.ConnectError | httpx2.ProxyError)
    return Transient(refusal, refusals.network_reason(error), is_unreachable=is_unreachable)


def _drop(response: httpx2.Response) -> None:
    """Leave an answer without its content, which is read where it is short: the connection can be used again then."""
    length = response.headers.get("content-length", "")
    if length.isdecimal() and int(length) <= _SHORT_BYTES:
        response.read()
    response.close()


def _target(url: str, location: str) -> str:
    """Where a redirect leads; "" if that is no address of a web server."""
    try:
        target = urljoin(url, location)
        scheme, host, _ = origin(target)
    except ValueError:
        return ""
    return target if host and scheme in {"http", "https"} else ""


def _host(error: BaseException) -> str:
    """Which host was talked to when an error came; "" if the error does not say."""
    try:
        return error.request.url.host if isinstance(error, httpx2.RequestError) else ""
    except RuntimeError:
        return ""


def _asked_wait_s(headers: Mapping[str, str]) -> float | None:
    """How long the server asks to wait: in the hub's own header, or in `Retry-After` as seconds or as a date."""
    if limit := _RATE_LIMIT.search(headers.get("ratelimit", "")):
        return float(limit[1]) + 1
    text = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    date = email.utils.parsedate_tz(text) if text else None
    return max(0.0, email.utils.mktime_tz(date) - time.time()) if date else None


def _plain_etag(etag: str) -> str:
    return etag.removeprefix("W/").strip('"')


def _odd(about: About, reason: str) -> Transient:
    return Transient(refusals.gave_up(about, reason), reason, weight=2)


def _other_size(about: About, expected: int, found: int) -> Transient:
    return Transient(refusals.other_size(about, expected, found), "the file has another size", weight=2)
