"""Pieces of remote files on this disk, each in a file of its own, for as long as they are needed."""

from __future__ import annotations

import threading
from contextlib import suppress
from pathlib import Path

from desktop_vlm.conversion.streaming.pieces import Piece, Pieces
from desktop_vlm.hub import refusals

_BLOCK_BYTES = 1 << 20


class Spool:
    """Files of pieces in a folder; their methods may be called from several threads.

    A piece's file grows as its bytes arrive, so that its length says what is there: a process may be killed anywhere.
    Nothing is flushed to the disk, as most pieces are dropped before the system would have written them. Should the
    power fail the files' hashes tell what was lost.
    """

    def __init__(self, folder: Path, pieces: Pieces) -> None:
        self._folder = folder
        self._pieces = pieces
        self._order = {file: number for number, file in enumerate(pieces.of_file)}
        self._lock = threading.Lock()
        self._is_open = True

    def prepare(self) -> dict[int, int]:
        """Make the folder; how many bytes there are of each piece, by number. Files of other pieces are removed.

        Raises:
            UserError: the folder cannot be used.
        """
        try:
            self._folder.mkdir(exist_ok=True)
            by_name = {self._path(piece).name: piece for piece in self._pieces.all}
            found = {}
            for path in self._folder.iterdir():
                piece = by_name.get(path.name)
                if piece is None or path.stat().st_size > piece.n_bytes:
                    path.unlink()
                else:
                    found[piece.number] = path.stat().st_size
        except OSError as error:
            raise refusals.of_disk(error, self._folder) from None
        return found

    def append(self, piece: Piece, chunk: bytes) -> bool:
        """Add what arrived; `False` where nobody wants it any more.

        Raises:
            UserError: the disk is full, or cannot be written.
        """
        with self._lock:
            if not self._is_open:
                return False
            try:
                with self._path(piece).open("ab") as file:
                    file.write(chunk)
            except OSError as error:
                raise refusals.of_disk(error, self._path(piece)) from None
            return True

    def read_into(self, piece: Piece, offset: int, buffer: memoryview) -> int:
        """Fill `buffer` with the piece's bytes from `offset` on; how many there were."""
        done = 0
        try:
            with self._path(piece).open("rb", buffering=0) as file:
                file.seek(offset)
                while done < len(buffer) and (got := file.readinto(buffer[done:])):
                    done += got
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise refusals.of_disk(error, self._path(piece)) from None
        return done

    def drop(self, piece: Piece) -> None:
        """Remove a piece."""
        with suppress(OSError):  # Windows removes no file that somebody looks at
            self._path(piece).unlink(missing_ok=True)

    def close(self) -> None:
        """Nothing is written any more."""
        with self._lock:
            self._is_open = False

    def _path(self, piece: Piece) -> Path:
        return self._folder / f"{self._order[piece.span.file]}-{piece.span.start}-{piece.span.end}"
