"""A hub on this computer, with a storage host beside it, both of which misbehave where a test wants it.

It answers what `huggingface_hub` and our own downloader ask the real one: a model's data with its files, the tree, and
`resolve` addresses, which send small files from the hub itself (behind a relative redirect) and large ones from the
storage host at a signed address. Every request is noted, with how many bytes of content went out.

    with HubServer() as hub:
        hub.add("org/name", {"config.json": b"{}", "model.safetensors": content})
        hub.misbehave("model.safetensors", cut(after=1000), times=1)
        ... # work with hub.endpoint
        assert [one.range for one in hub.content_requests("model.safetensors")] == [...]
"""

from __future__ import annotations

import hashlib
import socket
import ssl
import struct
import sys
import threading
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.hub.answers import Answer, json_answer, set_part
from tests.hub.faults import Fault
from tests.hub.repository import Repository

if sys.platform == "win32":
    fcntl = None
else:
    import fcntl
    import termios

SIGNATURE = "X-Signature=s1gned"


@dataclass
class Seen:
    """A request, and what became of it.

    Attributes:
        where: `hub` or `storage`.
        path: of the address; its query is left out.
        file: which file's content it was for, if it was.
        range: the header, without `bytes=`.
        token: of the header.
        status: of the answer; 0 if there was none.
        sent_bytes: of content that went out.
    """

    where: str
    method: str
    path: str
    file: str
    range: str
    token: str
    headers: Mapping[str, str]
    status: int = 0
    sent_bytes: int = 0


@dataclass
class _Trouble:
    pattern: str
    fault: Fault
    where: str
    left: float
    skip: int


class HubServer:
    """A hub and its storage host, on two ports of this computer.

    Attributes:
        seen: all requests so far, in the order of their answers' beginning.
        repositories: by name.
        renamed: old names -> new ones.
        redirect_api_to: another hub, to which listings of renamed repositories are redirected; "" for none.
    """

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.seen: list[Seen] = []
        self.repositories: dict[str, Repository] = {}
        self.renamed: dict[str, str] = {}
        self.redirect_api_to = ""
        self._troubles: list[_Trouble] = []
        self._lock = threading.Lock()
        self.is_closing = threading.Event()
        self._hub, self._storage = self._start(_HubHandler), self._start(_StorageHandler)

    def _start(self, handler: type[_Handler]) -> _Server:
        server = _Server(("127.0.0.1", 0), handler)
        server.owner = self
        if self._tls is not None:
            server.socket = self._tls.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True, name="test hub").start()
        return server

    def __enter__(self) -> HubServer:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.is_closing.set()
        for server in (self._hub, self._storage):
            server.shutdown()
            server.server_close()

    @property
    def endpoint(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._hub.server_port}"

    @property
    def storage(self) -> str:
        """The storage host's address; its name differs from the hub's, too."""
        return f"http://localhost:{self._storage.server_port}"

    def add(self, repo_id: str, files: Mapping[str, bytes | Path], **options: Any) -> Repository:
        """Publish a repository, or another commit of one."""
        commit = hashlib.sha1(
            repr((repo_id, len(self.seen), sorted(files))).encode(), usedforsecurity=False
        ).hexdigest()
        made = Repository(repo_id, dict(files), options.pop("commit", commit), **options)
        self.repositories[repo_id] = made
        return made

    def add_folder(self, repo_id: str, folder: Path, **options: Any) -> Repository:
        """Publish what is in a folder; the files are read when they are asked for."""
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        return self.add(repo_id, {path.relative_to(folder).as_posix(): path for path in paths}, **options)

    def misbehave(
        self, pattern: str, fault: Fault, *, times: float = float("inf"), skip: int = 0, where: str = "content"
    ) -> None:
        """Have some answers go wrong.

        `where` is `content` (the answers that carry a file's content), `hub` (the hub's first answer for a file, which
        may be a redirect), `api` or `tree` (listings, by the repository's name). The first `skip` answers are good.
        """
        with self._lock:
            self._troubles.append(_Trouble(pattern, fault, where, times, skip))

    def behave(self) -> None:
        """No more faults."""
        with self._lock:
            self._troubles.clear()

    def spoil(self, where: str, name: str, answer: Answer) -> None:
        with self._lock:
            due = []
            for trouble in self._troubles:
                if trouble.where == where and trouble.left > 0 and fnmatchcase(name, trouble.pattern):
                    if trouble.skip > 0:
                        trouble.skip -= 1
                    else:
                        trouble.left -= 1
                        due.append(trouble.fault)
        for fault in due:
            fault(answer)

    def note(self, seen: Seen) -> None:
        with self._lock:
            self.seen.append(seen)

    def content_requests(self, pattern: str = "*") -> list[Seen]:
        """The requests that content was sent for."""
        with self._lock:
            return [one for one in self.seen if one.file and fnmatchcase(one.file, pattern)]

    def sent_bytes(self, pattern: str = "*") -> int:
        """Bytes of content that went out."""
        return sum(one.sent_bytes for one in self.content_requests(pattern))


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    owner: HubServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are what this is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server
    where = ""

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Requests are noted elsewhere."""

    def do_HEAD(self) -> None:
        self._handle()

    def do_GET(self) -> None:
        self._handle()

    def _handle(self) -> None:
        parts = urlsplit(self.path)
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        asked = self.headers.get("Range", "").removeprefix("bytes=")
        seen = Seen(self.where, self.command, parts.path, "", asked, token, dict(self.headers))
        self.server.owner.note(seen)
        answer = self.answer(seen, unquote(parts.path), parse_qs(parts.query))
        self._send(seen, answer)

    def answer(self, seen: Seen, path: str, query: Mapping[str, list[str]]) -> Answer:
        raise NotImplementedError

    def _send(self, seen: Seen, answer: Answer) -> None:
        if answer.stop_after == -1:
            self._end_early(answer)
            return
        seen.status = answer.status
        self.send_response(answer.status)
        if answer.is_chunked:
            self.send_header("Transfer-Encoding", "chunked")
        elif "Content-Length" not in answer.headers:
            self.send_header("Content-Length", str(answer.end - answer.first))
        for name, value in answer.headers.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "HEAD":
            return
        with suppress(OSError):
            self._send_content(seen, answer)

    def _send_content(self, seen: Seen, answer: Answer) -> None:
        for whole in answer.pieces():
            piece = whole
            if answer.stop_after is not None:
                piece = whole[: max(0, answer.stop_after - seen.sent_bytes)]
            seen.sent_bytes += len(piece)  # before, as who gets it may ask at once
            try:
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece) if answer.is_chunked and piece else piece)
            except OSError:
                seen.sent_bytes -= len(piece)
                raise
            if len(piece) < len(whole):
                self._end_early(answer)
                return
            if answer.bytes_per_s and self.server.owner.is_closing.wait(len(piece) / answer.bytes_per_s):
                return
        if answer.is_chunked:
            self.wfile.write(b"0\r\n\r\n")

    def _end_early(self, answer: Answer) -> None:
        self.wfile.flush()
        if answer.stall_s:
            self._wait(answer.stall_s)
        self.close_connection = True
        if answer.is_reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._wait_for_arrival()  # a reset drops what has not left yet
            self.connection.close()

    def _wait_for_arrival(self) -> None:
        until_s = time.monotonic() + 2.0
        while fcntl is not None and time.monotonic() < until_s:
            waiting = fcntl.ioctl(self.connection.fileno(), termios.TIOCOUTQ, b"\0" * 4)
            if not int.from_bytes(waiting, sys.byteorder):
                return
            time.sleep(0.002)

    def _wait(self, seconds: float) -> None:
        """Say nothing, until the client is tired of it."""
        until_s = time.monotonic() + seconds
        self.connection.settimeout(0.05)
        while time.monotonic() < until_s and not self.server.owner.is_closing.is_set():
            try:
                if not self.connection.recv(1, socket.MSG_PEEK):
                    return
                time.sleep(0.05)
            except TimeoutError:
                continue
            except OSError:
                return


class _StorageHandler(_Handler):
    """The storage host: content by SHA-256, at signed addresses, and for nobody's token."""

    where = "storage"

    def answer(self, seen: Seen, path: str, query: Mapping[str, list[str]]) -> Answer:
        owner = self.server.owner
        _, repo, digest = path.split("/", 2)
        repository = owner.repositories[repo.replace("--", "/")]
        seen.file = next(name for name in repository.files if repository.digests(name)[1] == digest)
        if "X-Signature" not in query:
            return Answer(403)
        answer = Answer(200, {"ETag": '"the-storage-calls-it-otherwise"', "Accept-Ranges": "bytes"})
        set_part(answer, repository.files[seen.file], seen.range)
        owner.spoil("content", seen.file, answer)
        return answer


class _HubHandler(_Handler):
    where = "hub"

    def answer(self, seen: Seen, path: str, query: Mapping[str, list[str]]) -> Answer:
        if path.startswith("/api/models/"):
            return self._api(path.removeprefix("/api/models/").split("/"), query, seen.token)
        if path.startswith("/api/resolve-cache/models/"):
            org, name, _, *rest = path.removeprefix("/api/resolve-cache/models/").split("/")
            return self._small_file(seen, f"{org}/{name}", "/".join(rest))
        org, name, resolve, revision, *rest = [*path.strip("/").split("/"), "", "", "", ""]
        if resolve != "resolve":
            return Answer(404)
        return self._resolve(seen, f"{org}/{name}", revision, "/".join(rest).rstrip("/"))

    def _api(self, parts: list[str], query: Mapping[str, list[str]], token: str) -> Answer:
        owner, repo_id = self.server.owner, "/".join(parts[:2])
        if repo_id in owner.renamed:
            rest = "/".join(["", *parts[2:]])
            path = f"/api/models/{owner.renamed[repo_id]}{rest}?{urlsplit(self.path).query}"
            return Answer(307, {"Location": owner.redirect_api_to + path})
        if (refused := self._refused(repo_id, token, is_content=False)) is not None:
            return refused
        repository = owner.repositories[repo_id]
        below = parts[2:]
        if len(below) >= 2 and below[1] not in {repository.branch, repository.commit}:
            return Answer(404, {"X-Error-Code": "RevisionNotFound"})
        found: Any
        if below[:1] == ["tree"]:
            found = [repository.entry(path) for path in repository.files]
        else:
            siblings = [repository.sibling(path) for path in repository.files]
            if "blobs" not in query:
                siblings = [{"rfilename": one["rfilename"]} for one in siblings]
            found = {"id": repo_id, "sha": repository.commit, "gated": repository.gated, "siblings": siblings}
        answer = json_answer(found)
        owner.spoil("tree" if below[:1] == ["tree"] else "api", repo_id, answer)
        return answer

    def _resolve(self, seen: Seen, repo_id: str, revision: str, path: str) -> Answer:
        owner = self.server.owner
        if repo_id in owner.renamed:
            return Answer(307, {"Location": f"/{owner.renamed[repo_id]}/resolve/{revision}/{path}"})
        if (refused := self._refused(repo_id, seen.token, is_content=True)) is not None:
            return refused
        repository = owner.repositories[repo_id]
        commit = {"X-Repo-Commit": repository.commit}
        if revision not in {repository.branch, repository.commit}:
            return Answer(404, {"X-Error-Code": "RevisionNotFound"})
        if path not in repository.files:
            return Answer(404, {"X-Error-Code": "EntryNotFound", **commit})
        size, sha256, _ = repository.digests(path)
        if not repository.is_large(path):
            answer = Answer(
                307, {"Location": f"/api/resolve-cache/models/{repo_id}/{repository.commit}/{path}", **commit}
            )
        else:
            location = f"{owner.storage}/{repo_id.replace('/', '--')}/{sha256}?{SIGNATURE}&X-Expires=3600"
            linked = {"X-Linked-Size": str(size), "X-Linked-ETag": f'"{sha256}"'}
            linked |= {"X-Xet-Hash": sha256} if repository.is_xet else {}
            answer = Answer(302, {"Location": location, **linked, **commit})
        owner.spoil("hub", path, answer)
        return answer

    def _small_file(self, seen: Seen, repo_id: str, path: str) -> Answer:
        owner = self.server.owner
        repository = owner.repositories[repo_id]
        seen.file = path
        headers = {"ETag": f'"{repository.digests(path)[2]}"', "X-Repo-Commit": repository.commit}
        answer = Answer(200, headers)
        set_part(answer, repository.files[path], seen.range)
        owner.spoil("content", path, answer)
        return answer

    def _refused(self, repo_id: str, token: str, *, is_content: bool) -> Answer | None:
        repository = self.server.owner.repositories.get(repo_id)
        if token.startswith("hf_old"):
            return Answer(401, {"X-Error-Message": "Invalid credentials in Authorization header"})
        if repository is None or (repository.is_private and token not in repository.members):
            if not token:
                return Answer(401, {"X-Error-Message": "Invalid username or password."})
            return Answer(404, {"X-Error-Code": "RepoNotFound", "X-Error-Message": "Repository not found"})
        if is_content and repository.gated and token not in repository.members:
            message = f"Access to model {repo_id} is restricted."
            return Answer(403 if token else 401, {"X-Error-Code": "GatedRepo", "X-Error-Message": message})
        return None
