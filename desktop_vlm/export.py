"""A conversation as files for other programs.

A new format is one function here, decorated with `@exporter`; menus and file dialogs read `EXPORTERS`.

Nothing appears under its final name before it is complete, and what a failure leaves half-done is removed. Files that
are already in the folder are never changed, but for the one the person chose.
"""

from __future__ import annotations

import base64
import contextlib
import contextvars
import json
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from itertools import chain
from pathlib import Path
from typing import IO, Any, Protocol, TypeAlias
from urllib.parse import quote

from desktop_vlm.api.errors import UserError
from desktop_vlm.history import ConversationSummary, Message, MessageState, Picture
from desktop_vlm.history.details import IMAGE_TEXT, READ_BY, REPEATS, is_read_out
from desktop_vlm.history.own_settings import as_values
from desktop_vlm.history.views import Instead, OnlyMessage, Replacing, Source
from desktop_vlm.images.text_layer.forms import fenced
from desktop_vlm.images.text_layer.quoting import Excerpt
from desktop_vlm.markdown.page import Page, Section, data_image, page_html
from desktop_vlm.system.complete_file import complete_file

JSON_VERSION = 1
"""Raised when a reader of the earlier form would misunderstand the new one."""

_INSTRUCTIONS = "Instructions of this conversation"

MAX_NAME_BYTES = 120
"""Of a file's name without its ending, in UTF-8; file systems allow 255 with everything."""


Write: TypeAlias = "Callable[[Source, int, Path, list[Path]], None]"
"""(history, conversation, target, files to remove on failure)."""


@dataclass(frozen=True)
class Exporter:
    """One format.

    Attributes:
        key: its name in settings and calls.
        label: what a menu calls it.
        suffix: how file names end, with the dot.
        all_versions: whether messages of all branches go out, not of the active one alone.
    """

    key: str
    label: str
    suffix: str
    write: Write
    all_versions: bool = False


EXPORTERS: dict[str, Exporter] = {}


def exporter(key: str, label: str, suffix: str, *, all_versions: bool = False) -> Callable[[Write], Write]:
    """Registers a function that writes a conversation to a file."""

    def register(write: Write) -> Write:
        EXPORTERS[key] = Exporter(key, label, suffix, write, all_versions)
        return write

    return register


def export(
    history: Source,
    conversation_id: int,
    exporter_key: str,
    path: Path,
    instead: Mapping[str, Instead] | None = None,
    *,
    only: int | None = None,
    watch: Watch | None = None,
) -> Path:
    """Writes the conversation to `path`, replacing a file there; `path`.

    Args:
        history: where it is.
        conversation_id: which one.
        exporter_key: a key of `EXPORTERS`.
        path: the file; pictures go into a folder beside it where the format has them apart.
        instead: SHA-256 of a picture -> what goes out in its place.
        only: id of the one message that goes out.
        watch: called with how many of how many messages are written; what it raises stops the export.

    Raises:
        UserError: it cannot be written or read; `path` and its folder are as they were.
    """
    made: list[Path] = []
    source = Replacing(history, instead) if instead else history
    if only is not None:
        source = OnlyMessage(source, only)
    try:
        contextvars.copy_context().run(
            _write_watched, watch, EXPORTERS[exporter_key].write, source, conversation_id, path, made
        )
    except BaseException as error:
        for one in reversed(made):
            with contextlib.suppress(OSError):
                one.rmdir() if one.is_dir() else one.unlink()
        if isinstance(error, OSError):
            raise _not_written(path, error) from error
        raise
    return path


Watch: TypeAlias = "Callable[[int, int], None]"
"""(messages written, messages)."""

_watching: contextvars.ContextVar[Watch | None] = contextvars.ContextVar("_watching", default=None)


def _write_watched(watch: Watch | None, write: Write, *what: Any) -> None:
    _watching.set(watch)
    write(*what)


def _watched(messages: Sequence[Message], watch: Watch | None = None) -> Iterator[Message]:
    """The messages one after the other; each is reported."""
    watch = watch or _watching.get()
    for number, message in enumerate(messages):
        if watch:
            watch(number, len(messages))
        yield message


def suggested_name(title: str, exporter_key: str) -> str:
    """A file name that every system takes."""
    return safe_name(title, "conversation") + EXPORTERS[exporter_key].suffix


def free_path(folder: Path, title: str, exporter_key: str) -> Path:
    """A path in a folder at which nothing is yet, for a conversation of that title."""
    name = Path(suggested_name(title, exporter_key))
    path, count = folder / name, 1
    while path.exists():
        count += 1
        path = folder / f"{name.stem} {count}{name.suffix}"
    return path


def safe_name(name: str, otherwise: str) -> str:
    """`name` without what Windows, macOS or Linux refuse or hide; `otherwise` where nothing is left."""
    kept = "".join(
        "-" if char in '<>:"/\\|?*' else " " if char.isspace() else char
        for char in unicodedata.normalize("NFC", name)
        if char.isspace() or unicodedata.category(char) not in ("Cc", "Cf", "Cn", "Cs")
    )
    kept = re.sub(" +", " ", kept)
    kept = kept.encode()[:MAX_NAME_BYTES].decode(errors="ignore").strip(" .")
    if re.fullmatch(r"(?i:con|prn|aux|nul|com\d|lpt\d)(\..*)?", kept):
        kept = f"_{kept}"
    return kept or otherwise


@exporter("markdown", "Markdown with pictures", ".md")
def _markdown(history: Source, conversation_id: int, path: Path, made: list[Path]) -> None:
    """The active branch, texts verbatim; the pictures in a folder beside the file, linked relatively."""
    conversation = history.conversation(conversation_id)
    messages = history.thread(conversation_id)
    links = _write_pictures(history, messages, path.with_name(f"{path.stem}-pictures"), made)
    parts = [f"# {_title(conversation)}"]
    if instructions := conversation.own.instructions:
        parts += [f"*{_INSTRUCTIONS}:*", fenced(instructions)]
    for message in _watched(messages):
        parts.append(f"## {_heading(message)}")
        parts += [f"![{_alt(picture.name)}]({links[picture.sha256]})" for picture in message.pictures]
        if message.text:
            parts.append(fenced(message.text) if is_read_out(message) else message.text)
        if excerpts := message.details.get(IMAGE_TEXT):
            parts.append("*Text of the pictures that went along with it:*")
            parts += [fenced(_lines(message, sha256, values)) for sha256, values in excerpts.items()]
        if end := _end(message):
            parts.append(f"*{end}{f': {message.error}' if message.error else '.'}*")
    with complete_file(path) as file:
        file.write(("\n\n".join(parts) + "\n").encode())


@exporter("html", "Web page with pictures", ".html")
def _html(history: Source, conversation_id: int, path: Path, made: list[Path]) -> None:  # noqa: ARG001 - one file
    """The active branch as one HTML file that holds everything and loads nothing."""

    def image(sha256: str, name: str) -> str:
        data = history.picture(sha256)
        return data_image(data, _kind(data)[1], name)

    with complete_file(path) as file:
        for part in page_html(_page(history, conversation_id), image):
            file.write(part.encode())


class PageWriter(Protocol):
    """Writes a page as PDF; see `ui.printing`."""

    def __call__(self, page: Page, picture: Callable[[str], bytes], file: IO[bytes]) -> None: ...


page_writers: list[PageWriter] = []
"""Drawing pages takes Qt, which only the window has: it puts what draws them here."""


@exporter("pdf", "PDF", ".pdf")
def _pdf(history: Source, conversation_id: int, path: Path, made: list[Path]) -> None:  # noqa: ARG001 - one file
    """The active branch on pages."""
    if not page_writers:
        raise UserError("PDF is drawn by the window; export the conversation from there, or as a web page here.")
    with complete_file(path) as file:
        page_writers[-1](_page(history, conversation_id), history.picture, file)


def conversation_page(
    history: Source, conversation_id: int, only: int | None = None, watch: Watch | None = None
) -> Page:
    """What is printed: the active branch, or one message of it."""
    source = OnlyMessage(history, only) if only is not None else history
    messages = source.thread(conversation_id)
    conversation = history.conversation(conversation_id)
    instructions = conversation.own.instructions if only is None else None
    first = [Section(_INSTRUCTIONS, False, (), instructions, is_verbatim=True)] if instructions else []
    sections = chain(first, map(_section, _watched(messages, watch)))
    return Page(_title(conversation), len(first) + len(messages), sections)


def _page(history: Source, conversation_id: int) -> Page:
    return conversation_page(history, conversation_id, watch=_watching.get())


def write_text(path: Path, text: str) -> None:
    """Write a text that somebody asked to save.

    Raises:
        UserError: it cannot be written; nothing is left of it.
    """
    try:
        with complete_file(path) as file:
            file.write(text.encode("utf-8-sig" if path.suffix == ".csv" else "utf-8", "replace"))
    except OSError as error:
        raise _not_written(path, error) from error


def _not_written(path: Path, error: OSError) -> UserError:
    reason = error.strerror or str(error)
    return UserError(
        f"{path.name} cannot be written to {path.parent} ({reason}); choose another folder or free some space."
    )


def _section(message: Message) -> Section:
    excerpts: Mapping[str, Mapping[str, Any]] = message.details.get(IMAGE_TEXT) or {}
    end = _end(message)
    return Section(
        heading=_heading(message),
        is_question=message.role == "user",
        images=tuple((picture.sha256, picture.name) for picture in message.pictures),
        text=message.text,
        is_verbatim=message.role == "user" or is_read_out(message),
        quoted=tuple(_lines(message, sha256, values) for sha256, values in excerpts.items()),
        note=f"{end}{f': {message.error}' if message.error else '.'}" if end else "",
    )


def _lines(message: Message, sha256: str, values: Mapping[str, Any]) -> str:
    """What of an image's text went along, below its name where the message holds it."""
    excerpt = Excerpt.from_json(values)
    names = [picture.name for picture in message.pictures if picture.sha256 == sha256]
    left_out = [f"({excerpt.left_out} more lines had no room)"] if excerpt.left_out else []
    return "\n".join([*(f"{name}:" for name in names), *(line or "..." for line in excerpt.lines), *left_out])


def _end(message: Message) -> str:
    """How an answer ended; "" where it is whole."""
    return "Ended, as it only repeated itself" if message.details.get(REPEATS) else _ENDS.get(message.state, "")


_ENDS = {
    MessageState.STREAMING: "Still being written",
    MessageState.STOPPED: "Stopped",
    MessageState.QUEUED: "Not asked yet",
    MessageState.CUT: "Cut off at the limit of length",
    MessageState.FAILED: "Failed",
}


def _write_pictures(history: Source, messages: list[Message], folder: Path, made: list[Path]) -> dict[str, str]:
    """SHA-256 -> relative link. A file that is already there with the same content is used, and never overwritten."""
    links: dict[str, str] = {}
    for picture in (picture for message in messages for picture in message.pictures):
        if picture.sha256 in links:
            continue
        if not folder.is_dir():
            folder.mkdir()
            made.append(folder)
        data = history.picture(picture.sha256)
        target = _free_or_equal(folder, _file_name(picture, data), data)
        if not target.exists():
            with complete_file(target) as file:
                file.write(data)
            made.append(target)
        links[picture.sha256] = quote(f"{folder.name}/{target.name}")
    return links


def _free_or_equal(folder: Path, name: str, data: bytes) -> Path:
    target, count = folder / name, 1
    while target.exists() and not (target.is_file() and target.read_bytes() == data):
        count += 1
        target = folder / f"{Path(name).stem}-{count}{Path(name).suffix}"
    return target


def _file_name(picture: Picture, data: bytes) -> str:
    """Its own name, some of its hash against others of that name, and the ending that its content has."""
    return f"{safe_name(Path(picture.name).stem, 'picture')}-{picture.sha256[:8]}{_kind(data)[0]}"


_KINDS = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), (".png", "image/png")),
    (re.compile(rb"\xff\xd8\xff"), (".jpg", "image/jpeg")),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), (".webp", "image/webp")),
    (re.compile(rb"GIF8[79]a"), (".gif", "image/gif")),
    (re.compile(rb"BM"), (".bmp", "image/bmp")),
    (re.compile(rb"II[*\0]\0|MM\0[*+]"), (".tiff", "image/tiff")),
    (re.compile(rb"P[1-6]\s"), (".ppm", "image/x-portable-anymap")),
)


def _kind(data: bytes) -> tuple[str, str]:
    """Ending and media type, by content: the name may say anything."""
    return next((kind for start, kind in _KINDS if start.match(data)), (".bin", "application/octet-stream"))


def _title(conversation: ConversationSummary) -> str:
    return " ".join(conversation.title.split()) or "Conversation"


def _heading(message: Message) -> str:
    who = "You" if message.role == "user" else "Assistant"
    when = datetime.fromtimestamp(message.created_at).strftime("%Y-%m-%d %H:%M")
    read_by = READ_BY_WORDS.get(message.details.get(READ_BY, ""), "")
    return " · ".join(part for part in (who, message.model, read_by, message.action, when) if part)


READ_BY_WORDS = {"ocr": "Read by OCR on this computer", "pdf": "Taken from the PDF"}
"""Of an answer that no model made."""


def _alt(name: str) -> str:
    return re.sub(r"([\\\[\]])", r"\\\1", " ".join(name.split()))


@exporter("json", "JSON with all versions", ".json", all_versions=True)
def _json(history: Source, conversation_id: int, path: Path, made: list[Path]) -> None:  # noqa: ARG001 - one file
    """One file: the messages of all branches with every detail, then the pictures in base64 by their SHA-256.

    `version` is `JSON_VERSION`. Times are seconds since the epoch; `head_id` is the last message of the active branch,
    and each message names its parent.
    """
    conversation = history.conversation(conversation_id)
    messages = history.all_messages(conversation_id)
    document = {
        "format": "desktop-vlm conversation",
        "version": JSON_VERSION,
        "title": conversation.title,
        "pinned": conversation.pinned,
        "created_at": conversation.created_at,
        "updated_at": conversation.updated_at,
        "head_id": history.head(conversation_id),
        **({} if conversation.own.is_default else {"own_settings": as_values(conversation.own)}),
        "messages": [_message_values(message) for message in messages],
    }
    pictures = {picture.sha256: picture for message in messages for picture in message.pictures}
    with complete_file(path) as file:
        # Piece by piece: the pictures of a long conversation together may not fit into memory.
        file.write(json.dumps(document, ensure_ascii=False, indent=1).removesuffix("\n}").encode())
        file.write(b',\n "pictures": {')
        for count, picture in enumerate(pictures.values()):
            data = history.picture(picture.sha256)
            values = {
                "media_type": _kind(data)[1],
                "width": picture.width,
                "height": picture.height,
                "size_bytes": picture.size_bytes,
                "base64": base64.b64encode(data).decode(),
            }
            file.write(f'{"," if count else ""}\n  "{picture.sha256}": {json.dumps(values)}'.encode())
        file.write(b"\n }\n}\n")


def _message_values(message: Message) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: value.value if isinstance(value, Enum) else value
        for name, value in vars(message).items()
        if name not in ("conversation_id", "siblings", "pictures")  # the parents say who is whose sibling
    }
    values["pictures"] = [
        {"sha256": picture.sha256, "name": picture.name, "included": picture.included} for picture in message.pictures
    ]
    return values
