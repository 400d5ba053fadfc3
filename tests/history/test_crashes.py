"""kill -9 at any moment: everything acknowledged is there afterwards."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from desktop_vlm.history import History, MessageState
from tests.history import crash_writer

PROCESSES = multiprocessing.get_context("forkserver")
"""Each writer begins where its modules are loaded already, which takes longer than what it writes until its end."""

KILLS = 100
FILES = 2
"""Written at the same time, one for each core."""


def kill_in_the_middle(path: Path, number: int) -> dict[int, str]:
    """Message -> the longest text that was acknowledged before the kill."""
    dice = random.Random(number)
    receiving, sending = PROCESSES.Pipe(duplex=False)
    child = PROCESSES.Process(target=crash_writer.write, args=(path, number, sending), daemon=True)
    child.start()
    sending.close()
    with os.fdopen(os.dup(receiving.fileno()), encoding="utf-8") as output:
        lines = [output.readline() for _ in range(dice.randint(1, 30))]
        time.sleep(dice.uniform(0, 0.005))
        child.kill()
        lines += output.readlines()
    receiving.close()
    child.join()
    assert child.exitcode != 0  # not ended by itself; -9, or 255 where the fork server could not say
    assert lines[0] == "notice \n"
    acknowledged: dict[int, str] = {}
    for line in lines[1:]:
        if line.endswith("\n"):
            message, text = line[:-1].split(" ", 1)
            acknowledged[int(message)] = text
    return acknowledged


def crash_again_and_again(path: Path, rounds: range) -> tuple[int, int]:
    """How many messages were acknowledged, and how many answers were cut off."""
    acknowledged: dict[int, str] = {}
    interrupted = 0
    for number in rounds:
        acknowledged |= kill_in_the_middle(path, number)
        with History(path) as history:  # after an unclean end, opening it checks all of the file
            assert history.notice == ""
            interrupted += len(history.interrupted())
            assert history._db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            for message_id, text in acknowledged.items():
                assert history.message(message_id).text.startswith(text)
            for conversation in history.conversations():
                for message in history.thread(conversation.id):
                    assert message.state is not MessageState.STREAMING
                    for picture in message.pictures:
                        assert len(history.picture(picture.sha256)) == picture.size_bytes
            history._db.execute("INSERT INTO messages_fts(messages_fts, rank) VALUES ('integrity-check', 1)")
    return len(acknowledged), interrupted


def test_a_hundred_kills_lose_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    PROCESSES.set_forkserver_preload([crash_writer.__name__])
    each = KILLS // FILES
    with ThreadPoolExecutor(FILES) as pool:
        found = list(
            pool.map(
                crash_again_and_again,
                [tmp_path / f"{one}" / "history.db" for one in range(FILES)],
                [range(one * each, (one + 1) * each) for one in range(FILES)],
            )
        )
    assert sum(messages for messages, _ in found) > 3 * KILLS  # enough was written to be worth killing
    assert sum(interrupted for _, interrupted in found) > KILLS // 4  # and many kills hit an answer in the middle
