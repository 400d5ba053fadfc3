"""From files, drops and the clipboard to pictures that are known to be good, read in the background."""

from __future__ import annotations

import base64
import binascii
import copy
import hashlib
import html
import io
import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.parse import unquote_to_bytes

from PIL import Image
from PySide6.QtCore import QBuffer, QIODevice, QObject, Signal

from desktop_vlm.api.errors import UserError
from desktop_vlm.images.open import MAX_FILE_BYTES, MAX_PIXELS, OpenedPages
from desktop_vlm.images.pdf import is_pdf
from desktop_vlm.images.pointing import Pointer
from desktop_vlm.images.reading import read_image_bytes
from desktop_vlm.system.bounded.files import open_regular
from desktop_vlm.ui.pictures.background import Background
from desktop_vlm.ui.pictures.decoding import count_pages, open_pages
from desktop_vlm.ui.pictures.folders import images_in
from desktop_vlm.ui.pictures.page_picker import PageQuestion
from desktop_vlm.ui.pictures.pdf import PdfPage, page_count, page_pictures
from desktop_vlm.ui.pictures.sources import (
    BytesSource,
    DataUrlSource,
    FileSource,
    HtmlSource,
    ImageSource,
    PagesSource,
    RefusedSource,
    Source,
    can_read,
    read_mime,
    read_paths,
    remote_refusal,
)
from desktop_vlm.ui.pictures.wording import page_name, tr
from desktop_vlm.ui.plural import plural

__all__ = ["Intake", "NewPicture", "Source", "can_read", "read_mime", "read_paths", "read_source"]

MAX_AT_ONCE = 30
"""Files taken of one drop; a dropped photo collection would otherwise fill the memory. A question sends nine."""

_KEPT = re.compile(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|RIFF....WEBP|GIF8", re.DOTALL)
"""How files start whose bytes are kept as they are: what every browser shows, so exports need no conversion."""

_IMAGE_TAG = re.compile(r"""<img\b[^>]*?\bsrc\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s>]+))""", re.IGNORECASE)


@dataclass(frozen=True)
class Edit:
    """What a picture was made from.

    Attributes:
        original: the picture before; nothing that was hidden for good is in it.
        document: what was done to it, as JSON (`images.annotations.document`).
    """

    original: NewPicture
    document: str


@dataclass(frozen=True)
class NewPicture:
    """A picture that can be decoded.

    Attributes:
        data: the file's own bytes if it is PNG, JPEG, WebP or GIF, else a PNG of its pixels.
        name: as a person would call it.
        width, height: in pixels, upright.
        page: the page of a PDF that it shows; None for all others.
        edit: how it was made of another, which can be changed or taken back; None for all others.
        pointers: places in it that the question is about; no pixels of it.
        sha256: of the data; made with the picture, so not on the window's thread.
    """

    data: bytes
    name: str
    width: int
    height: int
    page: PdfPage | None = None
    edit: Edit | None = None
    pointers: tuple[Pointer, ...] = ()
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sha256", hashlib.sha256(self.data).hexdigest())

    def pointed_at(self, pointers: Sequence[Pointer]) -> NewPicture:
        """The same picture, with other places that the question is about."""
        made = copy.copy(self)  # its hash is known, and takes time for a large file
        object.__setattr__(made, "pointers", tuple(pointers))
        return made

    def with_pointers_of(self, other: NewPicture) -> NewPicture:
        """Pointing at the same places as another form of this picture, where they are still there."""
        is_alike = (self.width, self.height) == (other.width, other.height)
        return self.pointed_at(other.pointers) if is_alike and other.pointers else self


class Intake(QObject):
    """Reads sources one after the other, in the order they were given.

    Signals:
        ready: a NewPicture, in order.
        refused: one plain sentence about a source that gave no picture; the others go on.
        busy_changed: whether something is being read.
        asked: a PageQuestion, which `answer` goes on from; only where `asks` is set.
        offered: a sentence, and a PageQuestion that may be answered at any time: frames of an animation of which one
            was taken; only where `asks` is set.
    """

    ready = Signal(object)
    refused = Signal(str)
    busy_changed = Signal(bool)
    asked = Signal(object)
    offered = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = Background(self)
        self._waiting: deque[Source] = deque()
        self._busy = False
        self.asks = False
        self._question: PageQuestion | None = None

    @property
    def busy(self) -> bool:
        return self._busy

    def take(self, sources: Sequence[Source]) -> None:
        """Read these after all that are still waiting; returns at once."""
        self._waiting.extend(sources[:MAX_AT_ONCE])
        if len(sources) > MAX_AT_ONCE:
            too_many = "{n} files are too many at once; the first {most} are being added."
            sentence = plural("Pictures", len(sources), too_many, too_many).format(most=MAX_AT_ONCE)
            self._waiting.append(RefusedSource(sentence))
        if self._waiting and not self._busy:
            self._set_busy(True)
            self._next()

    def forget(self) -> None:
        """Drop what still waits; the one being read comes to its end."""
        self._waiting.clear()

    def answer(self, question: PageQuestion, answer: str | tuple[int, ...] | None) -> None:
        """Go on with a file: with its password, with numbers of its pages, or without it."""
        if isinstance(answer, str):
            source = PagesSource(question.data, question.name, password=answer)
        else:
            source = PagesSource(question.data, question.name, answer, question.password)
        if question is self._question:
            self._question = None
            if answer is not None:
                self._waiting.appendleft(source)
            self._next()
        elif answer is not None:
            self.take([source])

    def _next(self) -> None:
        if self._question is not None:
            self.asked.emit(self._question)
            return
        # One at a time: decoding is bounded in memory then, and the order needs no thought.
        if not self._waiting:
            self._set_busy(False)
            return
        source = self._waiting.popleft()
        self._background.stream(partial(read_source, source, asks=self.asks), self._came, self._next, self._failed)

    def _came(self, result: NewPicture | PageQuestion | str) -> None:
        if isinstance(result, PageQuestion) and result.frame:
            sentence = self.tr("{0} is an animation of {1} frames; frame {2} was added.")
            self.offered.emit(sentence.format(result.name, result.count, result.frame), result)
        elif isinstance(result, PageQuestion):
            self._question = result
        elif isinstance(result, str):
            self.refused.emit(result)
        else:
            self.ready.emit(result)

    def _failed(self, sentence: str) -> None:
        self.refused.emit(sentence)
        self._next()

    def _set_busy(self, busy: bool) -> None:
        self._busy = busy
        self.busy_changed.emit(busy)


def read_source(source: Source, *, asks: bool = False) -> Iterator[NewPicture | PageQuestion | str]:
    """The pictures of a source, and sentences about what it does not give. Slow: not for the window's thread.

    Where somebody `asks`, a document of several pages or with a password gives a question instead, and an animation
    gives one, too.

    Raises UserError when the source, or what is left of it, gives no picture.
    """
    if isinstance(source, RefusedSource):
        yield source.sentence
    elif isinstance(source, FileSource) and source.path.is_dir():
        yield from _read_folder(source.path)
    elif isinstance(source, FileSource):
        yield from _read_bytes(_file_bytes(source.path), source.path.name, asks)
    elif isinstance(source, PagesSource):
        yield from _read_pdf(source, asks) if is_pdf(source.data) else _read_chosen(source)
    elif isinstance(source, BytesSource):
        yield from _read_bytes(source.data, source.name, asks)
    elif isinstance(source, DataUrlSource):
        yield from _read_bytes(_data_url_bytes(source.url), source.name, asks)
    elif isinstance(source, HtmlSource):
        yield from _read_html(source.html)
    else:
        yield _encode(source)


def _file_bytes(path: Path) -> bytes:
    """A regular file's content, one byte past the limit at most; `read_image_bytes` has sentences for all others."""
    try:
        if path.is_file():
            with open_regular(path) as file:
                return file.read(MAX_FILE_BYTES + 1)
    except (OSError, ValueError, UserError):
        pass
    read_image_bytes(path, path.name)
    raise UserError(tr("{name} cannot be read; try again.").format(name=path.name))  # it changed under our hands


def _read_folder(folder: Path) -> Iterator[NewPicture | PageQuestion | str]:
    found = images_in(folder)
    for path in found[:MAX_AT_ONCE]:
        try:
            yield from _read_bytes(_file_bytes(path), path.name)
        except UserError as error:
            yield str(error)
    if len(found) > MAX_AT_ONCE:
        too_many = "{name} holds {n} pictures; the first {most} were added."
        yield plural("Pictures", len(found), too_many, too_many).format(name=folder.name, most=MAX_AT_ONCE)
    elif len(found) > 1:
        several = "{n} pictures of the folder {name} were added."
        yield plural("Pictures", len(found), several, several).format(name=folder.name)


def _read_bytes(data: bytes, name: str, asks: bool = False) -> Iterator[NewPicture | PageQuestion | str]:
    if is_pdf(data) and len(data) <= MAX_FILE_BYTES:
        yield from _read_pdf(PagesSource(data, name), asks)
        return
    if asks and (count := count_pages(data, name=name)) > 1:
        yield PageQuestion(data, _printable(name), count)
        return
    found = open_pages(data, name=name)
    name = _printable(name)
    as_it_is = [NewPicture(data, name, *found.images[0].size)] if _KEPT.match(data) else None
    taken = ""
    for picture in as_it_is or _page_pictures(found, name):
        taken = picture.sha256
        yield picture
    if found.transparent:
        yield _transparent(name)
    if asks and found.kind == "frame" and found.count > 1:
        yield PageQuestion(data, name, found.count, frame=found.numbers[0], taken=taken)
    else:
        yield from found.left_out


def _read_chosen(source: PagesSource) -> Iterator[NewPicture | str]:
    """Pages of a TIFF or frames of an animation."""
    found = open_pages(source.data, name=source.name, pages=source.pages)
    yield from _page_pictures(found, _printable(source.name))
    if found.transparent:
        yield _transparent(_printable(source.name))


def _page_pictures(found: OpenedPages, name: str) -> Iterator[NewPicture]:
    for number, image in zip(found.numbers, found.images, strict=True):
        numbered = page_name(name, number, found.kind) if found.count > 1 else name
        yield NewPicture(_png(image), numbered, image.width, image.height)


def _transparent(name: str) -> str:
    return tr("{name} is transparent in places; the model sees white there.").format(name=name)


def _read_pdf(source: PagesSource, asks: bool) -> Iterator[NewPicture | PageQuestion | str]:
    name = _printable(source.name)
    if asks and source.pages is None:
        count = page_count(source.data, name, source.password)
        if count != 1:
            yield PageQuestion(source.data, name, count, source.password, bool(source.password) and not count)
            return
    for page in page_pictures(source.data, name, source.pages, source.password):
        if isinstance(page, str):
            yield page
            continue
        number, image = page
        title = page_name(name, number)
        origin = PdfPage(source.data, number, source.password)
        yield NewPicture(_png(image), title, image.width, image.height, origin)


def _read_html(text: str) -> Iterator[NewPicture | PageQuestion | str]:
    sources = [html.unescape("".join(found)) for found in _IMAGE_TAG.findall(text)]
    inside = [source for source in sources if source[:5].lower() == "data:"]
    for url in inside:
        try:
            yield from _read_bytes(_data_url_bytes(url), tr("Picture from a web page"))
        except UserError as error:
            yield str(error)
    if len(inside) < len(sources) or not inside:
        yield remote_refusal()


def _data_url_bytes(url: str) -> bytes:
    """The content of a data: URL (RFC 2397); spaces and line breaks in base64 are what editors put there."""
    header, comma, payload = url.partition(",")
    raw = unquote_to_bytes(payload)
    if comma and header.rstrip().lower().endswith(";base64"):
        raw = b"".join(raw.split())
        try:
            raw = base64.b64decode(raw + b"=" * (-len(raw) % 4), validate=True)
        except binascii.Error:
            raw = b""
    if not raw:
        raise UserError(tr("The pasted data: URL is cut off or damaged; copy the picture again."))
    return raw


def _encode(source: ImageSource) -> NewPicture:
    image = source.image
    if image.isNull():
        raise UserError(tr("The clipboard names a picture but gives none; copy it again."))
    if image.width() * image.height() > MAX_PIXELS:
        raise UserError(
            tr("The pasted picture has more than {count} million pixels; copy a part of it.").format(
                count=MAX_PIXELS // 1_000_000
            )
        )
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):  # type: ignore[call-overload]
        raise UserError(tr("The pasted picture could not be kept; save it as a file and drop that."))
    return NewPicture(bytes(buffer.data().data()), source.name, image.width(), image.height())


def _png(image: Image.Image) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, "PNG")
    return buffer.getvalue()


def _printable(name: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in name)
