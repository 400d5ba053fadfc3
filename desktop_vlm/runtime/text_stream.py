"""Bytes of tokens to text that can be shown at once."""

from __future__ import annotations

import codecs
from collections.abc import Sequence


class TextStream:
    """Joins token bytes into whole characters and ends at stop texts.

    A token may end in the middle of a character, and a stop text may come in several tokens, so what could
    still become one of these is held back.

    Attributes:
        ended: a stop text was met; what is fed from then on is ignored.
    """

    def __init__(self, stop: Sequence[str] = ()) -> None:
        self._stop = [text for text in stop if text]
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._held = ""
        self.ended = False

    def feed(self, data: bytes) -> str:
        """The text that `data` settles; often empty."""
        if self.ended:
            return ""
        self._held += self._decoder.decode(data)
        first = min((at for at in map(self._held.find, self._stop) if at >= 0), default=None)
        if first is not None:
            self.ended = True
            settled, self._held = self._held[:first], ""
            return settled
        cut = len(self._held) - self._possible_stop()
        settled, self._held = self._held[:cut], self._held[cut:]
        return settled

    def flush(self) -> str:
        """What is left at the end of the answer."""
        rest = "" if self.ended else self._held + self._decoder.decode(b"", final=True)
        self._held = ""
        return rest

    def _possible_stop(self) -> int:
        """Length of the longest end of the held text with which a stop text begins."""
        longest = max((len(text) for text in self._stop), default=1) - 1
        for length in range(min(longest, len(self._held)), 0, -1):
            if any(text.startswith(self._held[-length:]) for text in self._stop):
                return length
        return 0
