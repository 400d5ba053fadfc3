"""What a drop, the clipboard or a list of files has in the way of pictures; nothing is read or decoded here."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias, cast

from PySide6.QtCore import QByteArray, QMimeData
from PySide6.QtGui import QImage

from desktop_vlm.ui.pictures.file_urls import ElsewhereError, path_of
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
class PagesSource:
    """Pages of a document or frames of an animation that a person chose; without numbers, those that fit.

    Attributes:
        data, name: the file.
        pages: numbers from 1.
        password: that opens a PDF.
    """

    data: bytes
    name: str
    pages: tuple[int, ...] | None = None
    password: str = ""


@dataclass(frozen=True)
class RefusedSource:
    """Something that was meant as a picture but cannot be used; the sentence says why."""

    sentence: str


Source: TypeAlias = "FileSource | BytesSource | ImageSource | DataUrlSource | HtmlSource | PagesSource | RefusedSource"


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
    if local and not (_are_gone(local) and _picture_inside(mime)):
        return [*local, RefusedSource(remote_refusal())] if len(local) < len(urls) else local
    if inside := _picture_inside(mime):
        return [inside]
    meant = urls or (mime.hasHtml() and _has_picture(mime.html()) and not mime.text().strip())
    return [RefusedSource(remote_refusal())] if meant else []


def local_files(mime: QMimeData) -> list[Path]:
    """The files and folders of this computer that a drop or paste names."""
    sources = [_from_url(url) for url in _urls(mime)]
    return [source.path for source in sources if isinstance(source, FileSource)]


def _picture_inside(mime: QMimeData) -> Source | None:
    """The picture itself, in the best form on offer that is not empty."""
    name = tr("Pasted picture")
    return _pixels_inside(mime, name) or _data_url_inside(mime, name) or _empty_picture(mime)


def _pixels_inside(mime: QMimeData, name: str) -> Source | None:
    for kind in _IMAGE_FORMATS:  # a program may offer a form and then give nothing
        if mime.hasFormat(kind) and (data := _bytes(mime.data(kind))):
            return BytesSource(data, name)
    if mime.hasImage() and not (image := QImage(mime.imageData())).isNull():
        return ImageSource(image, name)
    others = [kind for kind in mime.formats() if kind.startswith("image/") and kind not in _IMAGE_FORMATS]
    for kind in others:
        if data := _bytes(mime.data(kind)):
            return BytesSource(data, tr("The pasted picture"))
    return None


def _data_url_inside(mime: QMimeData, name: str) -> Source | None:
    if mime.hasHtml() and _has_data_picture(mime.html()):
        return HtmlSource(mime.html())
    text = mime.text().strip() if mime.hasText() else ""
    return DataUrlSource(text, name) if _is_data_url(text) else None


def _empty_picture(mime: QMimeData) -> Source | None:
    if mime.hasImage() or any(mime.hasFormat(kind) for kind in _IMAGE_FORMATS):
        return RefusedSource(tr("The clipboard names a picture but gives none; copy it again."))
    return None


def _are_gone(sources: list[Source]) -> bool:
    return all(isinstance(source, FileSource) and not source.path.exists() for source in sources)


def picture_beside_text(mime: QMimeData) -> list[Source]:
    """The picture that came along with a text which was preferred."""
    inside = _picture_inside(mime)
    return [] if inside is None or isinstance(inside, RefusedSource) else [inside]


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
    lines = _bytes(mime.data("text/uri-list")).decode(errors="surrogateescape").replace("\0", "").splitlines()
    return [line.strip() for line in lines if line.strip() and not line.startswith("#")]


def _from_url(url: str) -> Source | None:
    if _is_data_url(url):
        return DataUrlSource(url, tr("Dropped picture"))
    try:
        path = path_of(url)
    except ElsewhereError as error:
        sentence = tr("This file is on another computer ({host}); copy it to this one first.")
        return RefusedSource(sentence.format(host=error))
    return FileSource(path) if path else None


def _worth_a_try(url: str) -> bool:
    source = _from_url(url)
    if isinstance(source, FileSource):
        return source.path.suffix.lower() in (*SUFFIXES, "") or source.path.is_dir()
    return source is not None


def _image_format(mime: QMimeData) -> str | None:
    return next((kind for kind in _IMAGE_FORMATS if mime.hasFormat(kind)), None)


def _is_data_url(text: str) -> bool:
    return text[:32].lower().startswith(_DATA_URLS)


def _has_data_picture(html: str) -> bool:
    return "data:image/" in html.lower() and _has_picture(html)


def _has_picture(html: str) -> bool:
    return "<img" in html or "<IMG" in html


def _bytes(data: QByteArray) -> bytes:
    return cast("bytes", data.data())
