"""What is in a repository: every file with its size and digest, at one commit."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from desktop_vlm.hub import refusals
from desktop_vlm.hub.access import Access
from desktop_vlm.hub.refusals import About
from desktop_vlm.hub.waiting import Check, Notice, keep_trying, never
from desktop_vlm.system import steps

if TYPE_CHECKING:
    from huggingface_hub import HfApi, ModelInfo

_REPO_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")
_COMMIT = re.compile(r"[0-9A-Za-z]{1,64}")
_SHA256, _SHA1 = re.compile(r"[0-9a-f]{64}"), re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True)
class HubFile:
    """A file as the hub lists it.

    Attributes:
        path: in the repository, with slashes.
        size: in bytes.
        sha256: of its content, for files in large-file storage.
        git_sha1: of its git blob, for the others.
    """

    path: str
    size: int
    sha256: str | None = None
    git_sha1: str | None = None

    @property
    def digest(self) -> str:
        """What tells its content; "" where the hub says nothing of it."""
        return self.sha256 or self.git_sha1 or ""

    def hasher(self) -> Hasher:
        """Something to feed the file's bytes, in order, which then knows whether they are the file's."""
        return Hasher(self)


class Hasher:
    """Tells whether bytes are those of a file."""

    def __init__(self, file: HubFile) -> None:
        self._file = file
        self._hash = hashlib.sha256() if file.sha256 or not file.git_sha1 else hashlib.sha1(usedforsecurity=False)
        if not file.sha256 and file.git_sha1:
            self._hash.update(b"blob %d\0" % file.size)  # as git does
        self._n_bytes = 0

    def update(self, data: bytes | bytearray | memoryview) -> None:
        self._hash.update(data)
        self._n_bytes += len(data)
        steps.count()

    @property
    def hexdigest(self) -> str:
        return self._hash.hexdigest()

    @property
    def matches(self) -> bool:
        """Whether all bytes came, and are the right ones; of a file without a digest only their number is known."""
        return self._n_bytes == self._file.size and self._file.digest in {"", self.hexdigest}


@dataclass(frozen=True)
class Listing:
    """A repository at one commit.

    Attributes:
        repo_id: its name now; it may have been asked for under an older one.
        commit: 40 hexadecimal digits.
        files: in the order of their paths.
        is_gated: its files need a token of somebody who accepted its licence.
        access: how it was reached.
    """

    repo_id: str
    commit: str
    files: tuple[HubFile, ...]
    is_gated: bool
    access: Access

    def select(self, patterns: Iterable[str], left_out: Iterable[str] = ()) -> tuple[HubFile, ...]:
        """The files whose paths match one of `patterns`, and none of `left_out`; `*` matches slashes, too."""
        taken, refused = tuple(patterns), tuple(left_out)
        return tuple(
            file
            for file in self.files
            if any(fnmatchcase(file.path, one) for one in taken)
            and not any(fnmatchcase(file.path, one) for one in refused)
        )

    def file(self, path: str) -> HubFile | None:
        """The file at `path`."""
        return next((file for file in self.files if file.path == path), None)

    def stamp(self, path: str) -> list[str | int]:
        """What changes when the content of the file at `path` does."""
        file = self.file(path)
        assert file is not None, path
        return [file.path, file.size, file.digest or self.commit]

    def url(self, file: HubFile) -> str:
        """Where the hub gives the file's content, or says who does."""
        return f"{self.access.endpoint}/{self.repo_id}/resolve/{self.commit}/{quote(file.path)}"


def is_repo_id(text: str) -> bool:
    """Whether `text` could be the name of a repository, `org/name`."""
    return bool(_REPO_ID.fullmatch(text)) and "--" not in text and ".." not in text


def is_commit(text: str) -> bool:
    """Whether `text` could be the name of a commit; it becomes that of a folder."""
    return bool(_COMMIT.fullmatch(text))


def list_repository(
    repo_id: str, access: Access, revision: str | None = None, check: Check = never, notice: Notice = never
) -> Listing:
    """List a repository on the hub; `check` is called several times a second and may raise to stop it.

    Raises:
        Refusal: the network is forbidden, the hub refuses or cannot be reached, or it is none.
    """
    about = About(access, repo_id)
    if access.forbidden_by:
        raise refusals.offline(about)
    _load_client()
    found = keep_trying(lambda: _ask(about, revision), about, check, notice)
    _check_names(found.files, about)
    return found


def _load_client() -> None:
    """Before the hub's time to answer runs: on a busy computer this takes longer than many an answer."""
    import huggingface_hub.hf_api  # noqa: F401 - loads an HTTP client, for which work on files should not wait


def _ask(about: About, revision: str | None) -> Listing:
    """Ask once; a hub that is none answers with no JSON, or with some of another kind.

    Raises:
        Refusal: the hub refuses, or it is none.
        Transient: something went wrong that may go well the next time.
    """
    try:
        return _read_answers(about, revision)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise refusals.no_hub(about) from None


def _read_answers(about: About, revision: str | None) -> Listing:
    # Loads an HTTP client, for which commands that work on files should not wait.
    from huggingface_hub import HfApi

    from desktop_vlm.hub.bounded_answers import bound_answers
    from desktop_vlm.hub.client import answers

    access = about.access
    api = HfApi(endpoint=access.endpoint, token=access.token or False, library_name="desktop-vlm")
    bound_answers()
    with answers(about):
        info = _model_info(api, about, revision)
        commit = info.sha or ""
        if not is_commit(commit):
            raise refusals.no_hub(about)
        repo_id = info.id if is_repo_id(info.id) else about.repo_id
        files = [_of_sibling(one) for one in info.siblings or []]
        if not files or None in files:  # a mirror may list names only; the tree says all
            tree = api.list_repo_tree(repo_id, recursive=True, revision=commit)
            files = [_of_entry(one) for one in tree if hasattr(one, "blob_id")]
    whole = tuple(sorted((file for file in files if file is not None), key=lambda file: file.path))
    return Listing(repo_id, commit, whole, bool(info.gated), access)


def _model_info(api: HfApi, about: About, revision: str | None) -> ModelInfo:
    """The repository at a revision; without one at `main`, or at what a hub that has none takes instead."""
    from huggingface_hub.errors import HfHubHTTPError

    timeout_s = about.access.patience.read_s
    try:
        return api.model_info(about.repo_id, revision=revision or "main", files_metadata=True, timeout=timeout_s)
    except KeyError:  # a mirror that describes files in its own way may have the usual tree
        return api.model_info(about.repo_id, revision=revision or "main", timeout=timeout_s)
    except HfHubHTTPError as error:
        if revision or error.response.status_code != 404:
            raise
        return api.model_info(about.repo_id, files_metadata=True, timeout=timeout_s)


def _of_sibling(one: Any) -> HubFile | None:
    size = one.lfs.size if one.lfs else one.size
    sha256 = one.lfs.sha256 if one.lfs else None
    if size is None or not (sha256 or one.blob_id):
        return None
    return _file(one.rfilename, size, sha256, one.blob_id)


def _of_entry(one: Any) -> HubFile:
    return _file(one.path, one.lfs.size if one.lfs else one.size, one.lfs.sha256 if one.lfs else None, one.blob_id)


def _file(path: str, size: int, sha256: str | None, git_sha1: str | None) -> HubFile:
    """A git blob's digest is that of the pointer where the content lies in large-file storage."""
    sha256, git_sha1 = sha256 and sha256.lower(), git_sha1 and git_sha1.lower()
    if sha256 and _SHA256.fullmatch(sha256):
        return HubFile(path, int(size), sha256=sha256)
    is_sha1 = git_sha1 is not None and not sha256 and bool(_SHA1.fullmatch(git_sha1))
    return HubFile(path, int(size), git_sha1=git_sha1 if is_sha1 else None)


def _check_names(files: Iterable[HubFile], about: About) -> None:
    for file in files:
        parts = file.path.split("/")
        if {"", ".", ".."} & set(parts) or "\0" in file.path or "\\" in file.path or ":" in parts[0]:
            raise refusals.unsafe_name(about, file.path)
