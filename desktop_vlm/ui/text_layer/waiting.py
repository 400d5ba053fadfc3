"""Images that wait to be read."""

from __future__ import annotations

from dataclasses import dataclass

from desktop_vlm.ui.pictures.loading import PictureData
from desktop_vlm.ui.pictures.pdf import PdfPage


@dataclass(eq=False)
class Request:
    """An image to read.

    Attributes:
        data: its file, or the PDF page that it shows.
        urgent: a person waits for it.
        crashes: how often the process ended while it read this one.
        id: of the latest try.
    """

    sha256: str
    data: PictureData | PdfPage
    urgent: bool = False
    crashes: int = 0
    id: int = 0


class Waiting:
    """A queue without doubles: whoever is urgent comes before all others, the latest first."""

    def __init__(self) -> None:
        self._requests: list[Request] = []

    def add(self, request: Request) -> None:
        """Take one in; where its image waits already, that moves at most."""
        known = next((one for one in self._requests if one.sha256 == request.sha256), None)
        if known is None:
            self._requests.insert(0 if request.urgent else len(self._requests), request)
        elif request.urgent:
            known.urgent = True
            self._requests.remove(known)
            self._requests.insert(0, known)

    def put_back(self, request: Request) -> None:
        """One that was taken is next again, behind those that are urgent and waited already."""
        place = 0 if request.urgent else sum(one.urgent for one in self._requests)
        self._requests.insert(place, request)

    def take(self) -> Request | None:
        """The next one; None where nobody waits."""
        return self._requests.pop(0) if self._requests else None

    def remove(self, sha256: str) -> None:
        self._requests = [one for one in self._requests if one.sha256 != sha256]

    def clear(self) -> list[Request]:
        """Take all."""
        requests, self._requests = self._requests, []
        return requests
