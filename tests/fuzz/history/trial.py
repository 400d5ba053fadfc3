"""What comes of a damaged history: all of it works, or a sentence; and no file of it is lost."""

from __future__ import annotations

import contextlib
import hashlib
import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.history import History
from desktop_vlm.history.folders import Scope
from desktop_vlm.history.records import ConversationSummary, KeptDraft, Message, Picture
from tests.fuzz.history.subject import LAYER

Step = Callable[[History], None]


@dataclass(frozen=True)
class Outcome:
    """How it went.

    Attributes:
        kind: `works`, `sentence` (it was opened, and something of it is said to be damaged), `aside` (it was kept under
            another name and a new one begun), or `refused`. What must not be: `traceback`, `lost` (a file that was not
            opened is not there any more), `wrong` (a value of another type than is promised).
        what: the sentence, or the end of the traceback.
    """

    kind: str
    what: str = ""

    @property
    def is_good(self) -> bool:
        """Whether this may come of a damaged file."""
        return self.kind in ("works", "sentence", "aside", "refused")


def attempt(path: Path) -> Outcome:
    """Open a history and use it, twice."""
    before = path.read_bytes()
    first = _used(path)
    second = _used(path, steps=(_read,)) if first.is_good else first
    if not second.is_good:
        return Outcome(second.kind, f"{'' if second is first else 'the second time: '}{second.what}")
    if first.kind == "aside":
        kept = [one for one in path.parent.iterdir() if "-damaged-" in one.name and one.suffix == path.suffix]
        if not any(_same(one.read_bytes(), before) for one in kept):
            return Outcome("lost", first.what)
    if first.kind == "refused" and "start the app again" in first.what:
        return first if second.kind == "aside" else Outcome("lost", second.what)
    if first.kind == "refused" and path.read_bytes() != before:
        return Outcome("lost", first.what)
    return first


def _same(one: bytes, other: bytes) -> bool:
    """But for how it is written and how often it was, which opening it notes in its header."""
    parts = (slice(0, 18), slice(20, 24), slice(28, 92), slice(100, None))
    return all(one[part] == other[part] for part in parts)


def _used(path: Path, steps: Sequence[Step] = ()) -> Outcome:
    try:
        history = History(path)
    except UserError as error:
        return _sentence(error, "refused")
    except Exception:  # noqa: BLE001 - that is what is looked for
        return Outcome("traceback", traceback.format_exc()[-900:])
    with history:
        if history.notice:
            return Outcome("aside", history.notice) if "\n" not in history.notice else Outcome("wrong", history.notice)
        return _all_of(history, steps or (_read, _search, _write, _purge))


def _all_of(history: History, steps: Sequence[Step]) -> Outcome:
    said = ""
    for step in steps:
        try:
            step(history)
        except UserError as error:
            said = str(error)
        except WrongValueError as error:
            return Outcome("wrong", str(error))
        except Exception:  # noqa: BLE001 - that is what is looked for
            return Outcome("traceback", traceback.format_exc()[-900:])
    return _sentence(said, "sentence") if said else Outcome("works")


def _sentence(error: object, kind: str) -> Outcome:
    text = str(error)
    return Outcome(kind, text) if "\n" not in text and text.endswith(".") else Outcome("wrong", text)


class WrongValueError(Exception):
    """A value of another type than is promised."""


def _read(history: History) -> None:
    history.interrupted()
    for folder in history.folders.all():
        _typed(folder, id=int, name=str)
        history.conversations(scope=folder.id)
    listed = [*history.conversations(), *history.conversations(scope=Scope.ARCHIVE)]
    for one in listed:
        _check_summary(one)
        history.conversation(one.id)
        _check_draft(history.drafts.load(one.id))
        for message in (*history.thread(one.id), *history.all_messages(one.id)):
            _check_message(message)
            for picture in message.pictures:
                _check_picture(history, picture)


def _check_summary(one: ConversationSummary) -> None:
    _typed(one, id=int, title=str, pinned=bool, created_at=float, updated_at=float, snippet=str, message_count=int)
    _typed(one, thumbnail_sha256=(str, type(None)))
    _time(one.created_at)
    _time(one.updated_at)


def _check_message(message: Message) -> None:
    _typed(message, id=int, text=str, error=str, created_at=float, model=str, action=str, details=dict, role=str)
    _time(message.created_at)


def _time(value: float) -> None:
    if not 0 <= value < 253_402_300_800:
        raise WrongValueError(f"a time of {value}")


def _check_draft(draft: KeptDraft) -> None:
    _typed(draft, text=str, details=dict)
    for picture in draft.pictures:
        _typed(picture, sha256=str, name=str, width=int, height=int, included=bool)


def _check_picture(history: History, picture: Picture) -> None:
    _typed(picture, sha256=str, name=str, width=int, height=int, size_bytes=int, included=bool)
    if not (0 <= picture.width < 1 << 31 and 0 <= picture.height < 1 << 31):
        raise WrongValueError(f"{picture.width} x {picture.height} px")
    for layer in history.text_layers([picture.sha256]).values():
        _typed(layer, width=int, height=int)
        if layer != LAYER:
            raise WrongValueError(f"another layer: {layer}"[:300])
    with contextlib.suppress(UserError):
        if hashlib.sha256(history.picture(picture.sha256)).hexdigest() != picture.sha256:
            raise WrongValueError("other bytes")


def _typed(record: object, **kinds: type | tuple[type, ...]) -> None:
    for name, kind in kinds.items():
        value = getattr(record, name)
        if not isinstance(value, (int, float) if kind is float else kind):
            raise WrongValueError(f"{type(record).__name__}.{name} is {value!r}"[:300])


def _search(history: History) -> None:
    for typed in ("some text 5", "zebr", "nswer"):
        for one in history.conversations(typed):
            _check_summary(one)


def _write(history: History) -> None:
    listed = history.conversations()
    if listed:
        at = listed[-1].id
        history.rename(at, "renamed")
        last = history.add_message(at, history.head(at), "user", "hello")
        history.switch_to(last.id)
        history.drafts.keep(at, KeptDraft("more"))
        history.delete(listed[0].id)
    made = history.create_conversation("new")
    history.add_message(made, None, "user", "new", pictures=[history.add_picture(b"n", name="n", width=1, height=1)])
    if [message.text for message in history.thread(made)] != ["new"]:
        raise WrongValueError("what was written is not there")


def _purge(history: History) -> None:
    history.purge_deleted()
