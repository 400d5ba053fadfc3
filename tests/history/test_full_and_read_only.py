"""When nothing can be written: a plain sentence, and everything acknowledged is still there."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.history import History, MessageState

posix = pytest.mark.skipif(os.name != "posix", reason="limits and permissions of POSIX")


def test_a_full_disk_is_reported_and_loses_nothing(history: History, path: Path) -> None:
    # GIVEN a conversation with an answer that is streaming, and no more room
    conversation = history.create_conversation("kept")
    question = history.add_message(conversation, None, "user", "question")
    answer = history.add_message(conversation, question.id, "assistant", "", state=MessageState.STREAMING)
    history.append_text(answer.id, "acknowledged")
    pages = history._db.execute("PRAGMA page_count").fetchone()[0]
    history._db.execute(f"PRAGMA max_page_count = {pages}")
    # WHEN something large is written in any way
    large = "x" * 100_000
    calls: tuple[Callable[[], object], ...] = (
        lambda: history.append_text(answer.id, large),
        lambda: history.add_message(conversation, answer.id, "user", large),
        lambda: history.finish_message(answer.id, MessageState.COMPLETE, text=large),
        lambda: history.add_picture(large.encode(), name="", width=1, height=1),
        lambda: history.rename(conversation, large),
        lambda: history.create_conversation(large),
    )
    for call in calls:
        with pytest.raises(UserError) as error:
            call()
        assert str(error.value) == (
            f"The disk is full, so nothing more can be saved in {path}; free some space and try again."
        )
    # THEN reading and small writing go on, and what was acknowledged is there, also with room again
    assert [message.text for message in history.thread(conversation)] == ["question", "acknowledged"]
    history._db.execute("PRAGMA max_page_count = 100000")
    history.append_text(answer.id, " and more")
    done = history.finish_message(answer.id, MessageState.COMPLETE)
    assert done.text == "acknowledged and more"
    assert [one.title for one in history.conversations("acknowledged")] == ["kept"]
    assert history._db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def fill(history: History, conversation: int, sent: list[str]) -> None:
    for number in range(1000):
        history.add_message(conversation, None, "user", f"text {number}")
        sent.append(f"text {number}")


@contextlib.contextmanager
def no_file_longer_than(size_bytes: int) -> Iterator[None]:
    import resource  # not on Windows

    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@posix
def test_a_disk_that_refuses_in_the_middle_of_a_write_loses_nothing(path: Path) -> None:
    with History(path) as history:
        conversation = history.create_conversation("kept")
        log = path.with_name("history.db-wal")
        sent: list[str] = []
        with no_file_longer_than(log.stat().st_size + 50_000):
            with pytest.raises(UserError, match=rf"^The disk (is full|failed).*{path.name}.*space"):
                fill(history, conversation, sent)
            assert 0 < len(sent) < 1000
            assert [message.text for message in history.all_messages(conversation)] == sent
        history.add_message(conversation, None, "user", "room again")
    with History(path) as history:
        assert [message.text for message in history.all_messages(conversation)] == [*sent, "room again"]
        assert history._db.execute("PRAGMA integrity_check").fetchone() == ("ok",)


@posix
def test_everything_can_be_deleted_on_a_full_disk(path: Path) -> None:
    with History(path) as history:
        conversation = history.create_conversation("secret")
        sha256 = history.add_picture(os.urandom(500_000), name="", width=1, height=1)
        history.add_message(conversation, None, "user", "", pictures=[sha256])
        history._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        with no_file_longer_than(180_000):  # room for an empty history, and not for overwriting the picture
            history.delete_everything()
        assert history.conversations() == []
        assert history.create_conversation("again") == 1  # the file is a new one
    assert path.stat().st_size < 200_000


def test_a_database_that_turned_read_only_is_reported(history: History, path: Path) -> None:
    conversation = history.create_conversation("kept")
    history._db.execute("PRAGMA query_only = ON")
    with pytest.raises(UserError) as error:
        history.add_message(conversation, None, "user", "x")
    assert str(error.value) == (
        f"The history {path} cannot be written (attempt to write a readonly database); "
        "check the permissions of the file and its folder."
    )
    assert [one.title for one in history.conversations()] == ["kept"]


@contextlib.contextmanager
def as_nobody() -> Iterator[None]:
    """Permissions do not bind root, so it steps down meanwhile."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A history in a folder that everybody may enter; pytest's own are private."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        place = Path(folder) / "data"
        with History(place / "history.db") as history:
            history.create_conversation("kept")
        yield place / "history.db"
        place.chmod(0o700)


@posix
@pytest.mark.parametrize(("folder_mode", "file_mode"), [(0o555, 0o444), (0o777, 0o444), (0o555, 0o666), (0o000, 0o600)])
def test_a_file_or_folder_without_permission_is_reported(reachable: Path, folder_mode: int, file_mode: int) -> None:
    reachable.chmod(file_mode)
    before = reachable.read_bytes()
    reachable.parent.chmod(folder_mode)
    with as_nobody(), pytest.raises(UserError, match=r"history\.db cannot be (written|saved) .*; check .*permissions"):
        History(reachable)
    reachable.parent.chmod(0o700)
    assert reachable.read_bytes() == before
    reachable.chmod(0o600)
    with History(reachable) as history:
        assert [one.title for one in history.conversations()] == ["kept"]


def test_a_second_process_is_reported_and_disturbs_nothing(history: History, path: Path) -> None:
    conversation = history.create_conversation("kept")
    streaming = history.add_message(conversation, None, "assistant", "", state=MessageState.STREAMING)
    code = (
        "import sys, pathlib\nfrom desktop_vlm.api.errors import UserError\nfrom desktop_vlm.history import History\n"
        "try:\n    History(pathlib.Path(sys.argv[1]))\nexcept UserError as error:\n    print(error)\n"
    )
    second = subprocess.run([sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True)
    assert second.stdout == (
        f"The history {path} is in use by another program; close the other window of this app first.\n"
    )
    history.append_text(streaming.id, "still ours")
    assert [(one.text, one.state) for one in history.thread(conversation)] == [("still ours", MessageState.STREAMING)]
    assert history._db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
