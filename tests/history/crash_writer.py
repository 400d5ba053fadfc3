"""The process that `test_crashes.py` kills: it writes a history and says through a pipe what is safely in it."""

from __future__ import annotations

import itertools
import os
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from desktop_vlm.history import History, MessageState


def write(path: Path, number: int, pipe: Connection) -> None:
    """Each line is one acknowledgement: a message's id and the text that it holds at least."""
    say = partial(_say, pipe.fileno())
    with History(path) as history:
        say("notice", history.notice)
        conversation = history.create_conversation(f"round {number}")
        parent = None
        for count in itertools.count():
            picture = history.add_picture(f"{number}/{count}".encode() * 2000, name="p.png", width=1, height=1)
            question = history.add_message(conversation, parent, "user", f"question {count}", pictures=[picture])
            say(question.id, question.text)
            answer = history.add_message(conversation, question.id, "assistant", "", state=MessageState.STREAMING)
            text = ""
            for token in range(4):
                history.append_text(answer.id, f"token{number}x{count}x{token} ")
                text += f"token{number}x{count}x{token} "
                say(answer.id, text)
            history.finish_message(answer.id, MessageState.COMPLETE)
            say(answer.id, text)
            parent = answer.id


def _say(target: int, *words: object) -> None:
    os.write(target, (" ".join(map(str, words)) + "\n").encode())
