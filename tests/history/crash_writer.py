"""The process that `test_crashes.py` kills: it writes a history and says on its output what is safely in it."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path

from desktop_vlm.history import History, MessageState


def main(path: Path, number: str) -> None:
    """Each line is one acknowledgement: a message's id and the text that it holds at least."""
    with History(path) as history:
        print("notice", history.notice, flush=True)
        conversation = history.create_conversation(f"round {number}")
        parent = None
        for count in itertools.count():
            picture = history.add_picture(f"{number}/{count}".encode() * 2000, name="p.png", width=1, height=1)
            question = history.add_message(conversation, parent, "user", f"question {count}", pictures=[picture])
            print(question.id, question.text, flush=True)
            answer = history.add_message(conversation, question.id, "assistant", "", state=MessageState.STREAMING)
            text = ""
            for token in range(4):
                history.append_text(answer.id, f"token{number}x{count}x{token} ")
                text += f"token{number}x{count}x{token} "
                print(answer.id, text, flush=True)
            history.finish_message(answer.id, MessageState.COMPLETE)
            print(answer.id, text, flush=True)
            parent = answer.id


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
