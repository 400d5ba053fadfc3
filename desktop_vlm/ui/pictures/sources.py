"""What a drop, the clipboard or a list of files has in the way of pictures; nothing is read or decoded here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, cast

from PySide6.QtCore import QByteArray, QMimeData, QUrl
from PySide6.QtGui import QImage

from desktop_vlm.ui.pictures.wording import tr

SUFFIXES = (
    *(".png", ".jpg", ".jpeg", ".jfif", ".webp", ".gif", ".bmp", ".tif", ".tiff", ".ppm", ".pgm", ".pbm", ".pdf"),
    *(".avif", ".heic", ".heif", ".svg", ".ico", ".jxl"),
)
"""Of files worth a try, as file dialogs and drag feedback use them; a file without a suffix is worth one as well."""

_IMAGE_FORMATS = tuple(
    f"image/{kind}"
    for kind in ("png", "jpeg", "jpg", "webp", "gif", "bmp", "x-bmp", "tiff", "avif", "x-portable-pixmap", "svg+xml")
)
"""Best first. Raw bytes come before Qt's own image, which it would decode on the thread that asks."""

_DATA_URLS = ("data:image/", "data:application/pdf")


@dataclass(frozen=True)
class FileSource:
    """A file on this computer."""

    path: Path


@dataclass(frozen=True)
class BytesSource:
    """A picture's file as bytes."""

    data: bytes
    name: str


@dataclass(frozen=True)
class ImageSource:
    """Pixels that no file exists for."""

    image: QImage
    name: str


@dataclass(frozen=True)
class DataUrlSource:
    """A data: URL."""

    url: str
    name: str


@dataclass(frozen=True)
class HtmlSource:
    """HTML with pictures in data: URLs, as browsers and mail programs copy it."""

    html: str


@dataclass(frozen=True)
class RefusedSource:
    """Something that was meant as a picture but cannot be used; the sentence says why."""

    sentence: str


Source: TypeAlias = "FileSource | BytesSource | ImageSource | DataUrlSource | HtmlSource | RefusedSource"


def read_paths(paths: Iterable[str | Path]) -> list[Source]:
    """Files chosen in a dialog or named on a command line."""
    return [FileSource(Path(path)) for path in paths]


def read_mime(mime: QMimeData) -> list[Source]:
    """Everything that may be a picture, in order; empty if nothing is meant as one (plain text, say).

    A browser offers one picture in several forms; only the first usable one is taken: a file, then its bytes,
    then HTML or text with the picture inside, and only then its address, which is refused.
    """
    urls = _urls(mime)
    local = [source for url in urls if (source := _from_url(url)) is not None]
    if local:
        return [*local, RefusedSource(remote_refusal())] if len(local) < len(urls) else local
    if inside := _picture_inside(mime):
        return [inside]
    meant = urls or (mime.hasHtml() and _has_picture(mime.html()) and not mime.text().strip())
    return [RefusedSource(remote_refusal())] if meant else []


def _picture_inside(mime: QMimeData) -> Source | None:
    """The picture itself, in the best form on offer."""
    name = tr("Pasted picture")
    others = (kind for kind in mime.formats() if kind.startswith("image/"))
    if kind := _image_format(mime):
        return BytesSource(_bytes(mime.data(kind)), name)
    if mime.hasImage():
        return ImageSource(QImage(mime.imageData()), name)
    if other := next(others, None):
        return BytesSource(_bytes(mime.data(other)), tr("The pasted picture"))
    if mime.hasHtml() and _has_data_picture(mime.html()):
        return HtmlSource(mime.html())
    text = mime.text().strip() if mime.hasText() else ""
    return DataUrlSource(text, name) if _is_data_url(text) else None


def can_read(mime: QMimeData) -> bool:
    """Whether `read_mime` finds something to try; quick enough for a drag that enters, as no data is transferred."""
    if any(_worth_a_try(url) for url in _urls(mime)):
        return True
    if _image_format(mime) or mime.hasImage():
        return True
    return (mime.hasHtml() and _has_data_picture(mime.html())) or (mime.hasText() and _is_data_url(mime.text().strip()))


def prefers_text(mime: QMimeData) -> bool:
    """Whether a paste means the text, although pictures come along: office programs add a picture of cells."""
    return mime.hasText() and bool(mime.text().strip()) and not _urls(mime) and not _is_data_url(mime.text().strip())


def refusal(mime: QMimeData) -> str:
    """The sentence for something that `can_read` does not want."""
    files = [source for url in _urls(mime) if isinstance(source := _from_url(url), FileSource)]
    if files:
        return tr("{name} is not a picture or PDF this app can read.").format(name=files[0].path.name)
    if _urls(mime) or (mime.hasHtml() and _has_picture(mime.html())):
        return remote_refusal()
    return tr("There is no picture in this.")


def remote_refusal() -> str:
    """Why an address is not enough."""
    return tr(
        "This is only a link to a picture, and nothing is fetched from the web. "
        "Copy the picture itself, or save it, then paste or drop it here."
    )


def _urls(mime: QMimeData) -> list[str]:
    """Read from the raw list, since QUrl takes long over a data: URL of some megabytes."""
    if not mime.hasFormat("text/uri-list"):
        return []
    lines = _bytes(mime.data("text/uri-list")).decode(errors="replace").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _from_url(url: str) -> Source | None:
    if _is_data_url(url):
        return DataUrlSource(url, tr("Dropped picture"))
    if url[:5].lower() != "file:":
        return None
    path = QUrl.fromEncoded(QByteArray(url.encode())).toLocalFile()
    return FileSource(Path(path)) if path else None


def _worth_a_try(url: str) -> bool:
    source = _from_url(url)
    if isinstance(source, FileSource):
        return source.path.suffix.lower() in (*SUFFIXES, "")
    return source is not None


def _image_format(mime: QMimeData) -> str | None:
    return next((kind for kind in _IMAGE_FORMATS if mime.hasFormat(kind)), None)


def _is_data_url(text: str) -> bool:
    return text[:32].lower().startswith(_DATA_URLS)


def _has_data_picture(html: str) -> bool:
    return "data:image/" in html and _has_picture(html)


def _has_picture(html: str) -> bool:
    return "<img" in html or "<IMG" in html


def _bytes(data: QByteArray) -> bytes:
    return cast("bytes", data.data())
