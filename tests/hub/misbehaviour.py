"""Everything that a server did wrong to our downloader, and what has to come of it.

`test_misbehaviour` runs every case; `python -m tests.hub.misbehaviour` prints the table of docs/downloads.md.
"""

from __future__ import annotations

import random
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from desktop_vlm.hub.access import Access, Patience
from desktop_vlm.hub.download import download
from desktop_vlm.hub.listing import list_repository
from desktop_vlm.hub.progress import DownloadProgress
from desktop_vlm.hub.refusals import Refusal
from tests.hub.answers import Answer
from tests.hub.faults import (
    answer_with,
    cut,
    flip,
    gzip,
    header,
    ignore_range,
    longer,
    other_content,
    reset,
    shift_range,
    slow,
    stall,
)
from tests.hub.server import HubServer

REPO, NAME, SMALL = "some-org/Some-Model", "model.safetensors", "config.json"
CONTENT = random.Random(1).randbytes(1_000_000)
SETTINGS = b'{"model_type": "some"}' * 100
PART_BYTES = 250_000
PATIENCE = Patience(connect_s=20.0, read_s=20.0, waits_s=(0.01,) * 5, longest_s=5.0)
WHOLE = "whole"


@dataclass(frozen=True)
class Case:
    """Something that goes wrong.

    Attributes:
        name: what the server does, for the table.
        arrange: has it do so.
        outcome: `WHOLE`, or what the sentence begins with, `{}` standing for what changes.
        repeated: how many bytes of content may be sent more than once; `None` where all has to be begun again.
        note: what is said on the way.
        token: of the person.
        read_s: how long an answer is waited for.
    """

    name: str
    arrange: Callable[[HubServer], object]
    outcome: str = WHOLE
    repeated: int | None = 0
    note: str = ""
    token: str | None = None
    read_s: float = PATIENCE.read_s


@dataclass(frozen=True)
class Result:
    """What came of a case.

    Attributes:
        sentence: of the refusal, "" if there was none.
        sent_bytes: of content, in the run.
        repeated_bytes: of them, those that had been sent before.
        left: names of the files in the folder, without what is not whole.
        notes: sentences on the way.
        token_went_elsewhere: another host than the hub's heard of it.
    """

    sentence: str
    sent_bytes: int
    repeated_bytes: int
    left: tuple[str, ...]
    notes: tuple[str, ...]
    token_went_elsewhere: bool


def trouble(*args: object, **options: object) -> Callable[[HubServer], object]:
    """Has a server misbehave."""
    return lambda hub: hub.misbehave(*args, **options)  # type: ignore[arg-type]


def both(*arrangements: Callable[[HubServer], object]) -> Callable[[HubServer], object]:
    """Several things that go wrong together."""
    return lambda hub: [arrange(hub) for arrange in arrangements]


def _renamed(hub: HubServer) -> None:
    hub.repositories["new-org/New-Name"] = replace(hub.repositories.pop(REPO), repo_id="new-org/New-Name")
    hub.renamed[REPO] = "new-org/New-Name"


def _gated(*members: str) -> Callable[[HubServer], None]:
    def arrange(hub: HubServer) -> None:
        hub.repositories[REPO].gated, hub.repositories[REPO].members = "manual", members

    return arrange


def _private(hub: HubServer) -> None:
    hub.repositories[REPO].is_private = True


def _names_only(hub: HubServer) -> None:
    hub.repositories[REPO].says_sizes = False


def _expired(answer: Answer) -> None:
    """A signed address that is good no longer."""
    answer_with(403)(answer)


OTHER = bytes(reversed(CONTENT))

CASES = (
    Case("behaves", lambda _: None),
    Case("sends the list of names only, sizes in the tree", _names_only),
    Case("has renamed the repository (relative redirects)", _renamed),
    Case("lets a token in to a gated repository, on another host", _gated("hf_mine"), token="hf_mine"),
    # connections
    Case("ends every connection after 100,000 bytes", trouble(NAME, cut(100_000))),
    Case("resets every connection after 100,000 bytes", trouble(NAME, reset(100_000))),
    Case("resets the connection in the middle of a part, once", trouble(NAME, reset(150_000), times=1, skip=1)),
    Case("ends connections before any answer, four times", trouble(NAME, stall(-1, 0.0), times=4)),
    Case(
        "never answers",
        trouble(NAME, stall(-1)),
        "{} cannot be reached (no answer in time): check the network connection",
        read_s=0.5,
    ),
    Case("stalls in the middle of parts, twice", trouble(NAME, stall(100_000), times=2), read_s=1.5),
    Case(
        "stalls after 10,000 bytes, always",
        trouble(NAME, stall(10_000)),
        "localhost cannot be reached (no answer in time)",
        read_s=0.8,
    ),
    Case("is slow (4 MB/s)", trouble(NAME, slow(4e6))),
    # ranges
    Case("does not know ranges", trouble(NAME, ignore_range)),
    Case(
        "does not know ranges, and breaks off once",
        both(trouble(NAME, ignore_range), trouble(NAME, cut(400_000), times=1)),
        repeated=400_000,
        note="The server cannot go on with model.safetensors where it stopped: it starts over.",
    ),
    Case(
        "does not know ranges, and breaks off always",
        both(trouble(NAME, ignore_range), trouble(NAME, cut(400_000))),
        "Downloading model.safetensors of some-org/Some-Model failed again and again "
        "(the server cannot go on where it stopped)",
        repeated=None,
    ),
    Case(
        "forgets ranges in the middle",
        trouble(NAME, ignore_range, skip=2),
        repeated=None,
        note="The server cannot go on with model.safetensors where it stopped: it starts over.",
    ),
    Case(
        "sends another part than asked for, always",
        trouble(NAME, shift_range(7), skip=1),
        "Downloading model.safetensors of some-org/Some-Model failed again and again "
        "(the server sends another part than asked for)",
        repeated=None,
    ),
    Case("sends another part than asked for, once", trouble(NAME, shift_range(-9), times=1, skip=1), repeated=None),
    Case("does not say which part it sends, once", trouble(NAME, header("Content-Range", ""), times=1), repeated=None),
    Case(
        "says nonsense for the part it sends, once", trouble(NAME, header("Content-Range", "x"), times=1), repeated=None
    ),
    Case("answers HTTP 416 once", trouble(NAME, answer_with(416), times=1, skip=2), repeated=None),
    Case(
        "answers HTTP 416 always",
        trouble(NAME, answer_with(416), skip=2),
        "Downloading model.safetensors of some-org/Some-Model failed again and again (the server answered HTTP 416)",
        repeated=None,
    ),
    # content
    Case("truncates a small file, once", trouble(SMALL, cut(100), times=1)),
    Case(
        "has less than the list says",
        trouble(NAME, other_content(CONTENT[:-1000])),
        "model.safetensors of some-org/Some-Model has 999,000 bytes on the server, but 1,000,000 in the hub's list",
        repeated=None,
    ),
    Case(
        "has more than the list says",
        trouble(NAME, other_content(CONTENT + b"more")),
        "model.safetensors of some-org/Some-Model has 1,000,004 bytes on the server, but 1,000,000 in the hub's list",
        repeated=None,
    ),
    Case(
        "says another size with its redirect",
        trouble(NAME, header("X-Linked-Size", "5"), where="hub"),
        "model.safetensors of some-org/Some-Model has 5 bytes on the server",
        repeated=None,
    ),
    Case("sends more than it promised", trouble(SMALL, longer(10))),
    Case(
        "flips a bit, once",
        trouble(NAME, flip(333_333), times=4),
        repeated=None,
        note="model.safetensors arrived with another content than the hub lists: it starts over.",
    ),
    Case(
        "flips a bit, always",
        trouble(NAME, flip(333_333)),
        "model.safetensors of some-org/Some-Model arrived twice with another content than the hub at 127.0.0.1 lists",
        repeated=None,
    ),
    Case(
        "flips a bit of a small file, always",
        trouble(SMALL, flip(3)),
        "config.json of some-org/Some-Model arrived twice with another content",
        repeated=None,
    ),
    Case(
        "has another file of the same size",
        trouble(NAME, other_content(OTHER)),
        "model.safetensors of some-org/Some-Model arrived twice with another content",
        repeated=None,
    ),
    Case(
        "changes the etag in the middle, once",
        trouble(NAME, header("X-Linked-ETag", '"other"'), where="hub", times=1, skip=1),
        repeated=None,
        note="model.safetensors has changed on the hub: it starts over.",
    ),
    Case("compresses a small file", trouble(SMALL, gzip)),
    Case("compresses parts, once", trouble(NAME, gzip, times=1), repeated=None),
    # statuses
    Case("answers HTTP 500, four times", trouble(NAME, answer_with(500), times=4)),
    Case(
        "answers HTTP 500 always",
        trouble(NAME, answer_with(500)),
        "The hub at 127.0.0.1 answered HTTP 500 for model.safetensors of some-org/Some-Model: try again later",
    ),
    Case("answers HTTP 500 to the list, twice", trouble(REPO, answer_with(500), where="api", times=2)),
    Case(
        "answers HTTP 429, to wait 0.2 s",
        trouble(NAME, answer_with(429, retry_after="0.2"), times=2),
        note="Too many requests (HTTP 429); trying again in",
    ),
    Case(
        "answers HTTP 429, to wait an hour",
        trouble(NAME, answer_with(429, retry_after="3600")),
        "The hub at 127.0.0.1 has had too many requests from here: try again in 60 minutes, or put an access token",
    ),
    Case(
        "answers HTTP 401 (private or missing)",
        _private,
        "There is no repository some-org/Some-Model on the hub at 127.0.0.1: check the spelling, or, if it is private",
    ),
    Case(
        "answers HTTP 401 to a token that is old",
        lambda _: None,
        "The hub at 127.0.0.1 does not accept the access token: make a new one in its settings, then put",
        token="hf_old",
    ),
    Case(
        "answers HTTP 401 for a gated repository",
        _gated(),
        "some-org/Some-Model is gated: accept its licence on {}/some-org/Some-Model, then put an access token into",
    ),
    Case(
        "answers HTTP 403 for a gated repository",
        _gated("hf_other"),
        "some-org/Some-Model is gated and your access token is not let in: accept its licence on {}, wait until",
        token="hf_mine",
    ),
    Case(
        "answers HTTP 403 for a file",
        trouble(NAME, answer_with(403), where="hub"),
        "The hub at 127.0.0.1 does not let you read model.safetensors of some-org/Some-Model (HTTP 403): put an",
    ),
    Case(
        "answers HTTP 404 for a file",
        trouble(NAME, answer_with(404, X_Error_Code="EntryNotFound"), where="hub"),
        "model.safetensors of some-org/Some-Model is not on the hub at 127.0.0.1 (any more): look at",
    ),
    Case("has signed an address for too short, once", trouble(NAME, _expired, times=1)),
    Case(
        "redirects in a circle",
        trouble(NAME, header("Location", f"/{REPO}/resolve/main/{NAME}"), where="hub"),
        "127.0.0.1 does not answer like a Hugging Face hub: check the hub's address",
    ),
    Case(
        "redirects to another protocol",
        trouble(NAME, header("Location", "ftp://localhost/x"), where="hub"),
        "127.0.0.1 does not answer like a Hugging Face hub: check the hub's address",
    ),
    Case(
        "redirects to a host that is not there",
        trouble(NAME, header("Location", "http://127.0.0.9:9/x"), where="hub"),
        "127.0.0.9 cannot be reached (connection refused): check the network connection",
    ),
)


def run(case: Case, folder: Path) -> Result:
    """Download from a server that does what the case says."""
    with HubServer() as hub:
        hub.add(REPO, {NAME: CONTENT, SMALL: SETTINGS})
        case.arrange(hub)
        access = Access(hub.endpoint, case.token, patience=replace(PATIENCE, read_s=case.read_s))
        notes: list[str] = []

        def listen(progress: DownloadProgress) -> None:
            if progress.note and progress.note not in notes:
                notes.append(progress.note)

        sentence = ""
        try:
            listing = list_repository(REPO, access, notice=notes.append)
            download(listing, listing.files, folder, listen, part_bytes=PART_BYTES)
        except Refusal as refusal:
            sentence = str(refusal)
        left = sorted(path.name for path in folder.rglob("*") if path.is_file() and ".download" not in path.parts)
        went = any(one.token for one in hub.seen if one.where == "storage")
        return Result(sentence, hub.sent_bytes(), repeated_bytes(hub), tuple(left), tuple(notes), went)


def repeated_bytes(hub: HubServer) -> int:
    """How many bytes of content went out more than once, over all files."""
    repeated = 0
    for name in (NAME, SMALL):
        spans = []
        for one in hub.content_requests(name):
            first = int(one.range.split("-")[0]) if one.range and one.status == 206 else 0
            spans.append((first, first + one.sent_bytes))
        reached = 0
        for first, end in sorted(spans):
            repeated += max(0, min(reached, end) - first)
            reached = max(reached, end)
    return repeated


def table() -> str:
    """The table of docs/downloads.md, with its summary."""
    lines = [summary(), "", "| the server | what comes of it | bytes sent twice |", "|---|---|---|"]
    for case in CASES:
        with tempfile.TemporaryDirectory() as folder:
            lines.append(row(case, run(case, Path(folder))))
    return "\n".join(lines)


def summary() -> str:
    """How many cases there are."""
    n_whole = sum(case.outcome == WHOLE for case in CASES)
    return f"{len(CASES)} cases: {n_whole} end with whole files, {len(CASES) - n_whole} with a sentence."


def row(case: Case, result: Result) -> str:
    """A line of the table."""
    outcome = "refused: " + case.outcome.replace("{}", "...") if case.outcome != WHOLE else "whole"
    note = f'; "{case.note}"' if case.note else ""
    repeated = "-" if case.repeated is None else f"{result.repeated_bytes:,}"
    return f"| {case.name} | {outcome}{note} | {repeated} |"


if __name__ == "__main__":
    print(table())
