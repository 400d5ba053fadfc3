"""A model as the hub on this computer publishes it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from tests.hub.answers import read

LFS = ("*.safetensors", "*.gguf", "*.bin", "*.pth", "tokenizer.json")


@dataclass
class Repository:
    """A model on the hub.

    Attributes:
        files: content by path; a `Path` for content that is on disk.
        commit: 40 hexadecimal digits.
        gated: "auto", "manual" or `False`.
        members: tokens that are let in, where it is gated or private.
        lfs: patterns of the files that are large.
        is_xet: large files are said to be in the newer storage as well.
        says_sizes: the listing has sizes and digests; otherwise only the tree has.
        branch: its only one.
    """

    repo_id: str
    files: dict[str, bytes | Path]
    commit: str
    gated: str | bool = False
    is_private: bool = False
    members: tuple[str, ...] = ()
    says_sizes: bool = True
    branch: str = "main"
    lfs: tuple[str, ...] = LFS
    is_xet: bool = False
    _digests: dict[str, tuple[int, str, str]] = field(default_factory=dict)

    def is_large(self, path: str) -> bool:
        return any(fnmatchcase(path, pattern) for pattern in self.lfs)

    def digests(self, path: str) -> tuple[int, str, str]:
        """Size, SHA-256 and git's SHA-1 of a file."""
        if path not in self._digests:
            content = self.files[path]
            size = content.stat().st_size if isinstance(content, Path) else len(content)
            sha256, sha1 = hashlib.sha256(), hashlib.sha1(b"blob %d\0" % size, usedforsecurity=False)
            for first in range(0, size, 2**22):
                piece = read(content, first, min(size, first + 2**22))
                sha256.update(piece)
                sha1.update(piece)
            self._digests[path] = size, sha256.hexdigest(), sha1.hexdigest()
        return self._digests[path]

    def sibling(self, path: str) -> dict[str, Any]:
        size, sha256, sha1 = self.digests(path)
        if not self.says_sizes:
            return {"rfilename": path}
        found = {"rfilename": path, "size": size, "blobId": sha1}
        if self.is_large(path):
            found |= {"lfs": {"sha256": sha256, "size": size, "pointerSize": 134}}
        return found

    def entry(self, path: str) -> dict[str, Any]:
        size, sha256, sha1 = self.digests(path)
        found = {"type": "file", "path": path, "size": size, "oid": sha1}
        if self.is_large(path):
            found |= {"lfs": {"oid": sha256, "size": size, "pointerSize": 134}}
            found |= {"xetHash": sha256} if self.is_xet else {}
        return found
