"""The digest of a file whose bytes are dropped, over several runs of the program."""

from __future__ import annotations

from desktop_vlm.hub.listing import HubFile
from desktop_vlm.runtime.resumable_sha256 import ResumableSha256
from desktop_vlm.system import steps


class FileHash:
    """The digest of a file's first `n_bytes` bytes.

    Attributes:
        file: as the hub lists it.
        n_bytes: how many came.
    """

    def __init__(self, file: HubFile, n_bytes: int = 0, state: bytes = b"") -> None:
        """`state` of an earlier one, after `n_bytes`.

        Raises:
            ValueError: it cannot be continued here.
        """
        self.file = file
        self.n_bytes = n_bytes
        self._plain = None if file.sha256 else file.hasher()
        if n_bytes and (self._plain or not state):
            raise ValueError("not a state that can be continued here")
        self._resumable = ResumableSha256(state)

    @property
    def state(self) -> bytes:
        """What to keep in order to continue later; empty where that is not possible."""
        return b"" if self._plain else self._resumable.state

    def update(self, data: memoryview) -> None:
        """Add the next bytes."""
        (self._plain or self._resumable).update(data)
        self.n_bytes += data.nbytes
        steps.count()

    @property
    def is_complete(self) -> bool:
        """Whether all bytes came."""
        return self.n_bytes == self.file.size

    @property
    def matches(self) -> bool:
        """Whether all bytes came, and are those that the hub lists; without a digest only their number is known."""
        digest = self._plain.hexdigest if self._plain else self._resumable.hexdigest()
        return self.is_complete and self.file.digest in {"", digest}
