"""A history with something in every table."""

from __future__ import annotations

import itertools
from pathlib import Path

from desktop_vlm.api.text_layer import Box, TextLayer, TextLine, Word
from desktop_vlm.history import History, MessageState
from desktop_vlm.history.own_settings import OwnSettings
from desktop_vlm.history.records import DraftPicture, KeptDraft

LAYER = TextLayer(9, 9, (TextLine("a zebra", Box(0, 0, 9, 9), (Word("zebra", Box(2, 0, 9, 9)),), 1.0),), (0,))
N_CONVERSATIONS = 6


def fill(path: Path) -> None:
    """Write it."""
    ticks = itertools.count(1_700_000_000)
    with History(path, clock=lambda: float(next(ticks))) as history:
        folder = history.folders.create("Work")
        for number in range(N_CONVERSATIONS):
            _conversation(history, number, folder)
        history.delete(2)
        history.set_archived(True, 3)
        history.set_pinned(4, True)


def _conversation(history: History, number: int, folder: int) -> None:
    own = OwnSettings("Be brief.", {"temperature": 0.5}, ("read",)) if number % 4 == 0 else OwnSettings()
    made = history.create_conversation(f"number {number}", folder_id=folder if number % 3 == 0 else None, own=own)
    picture = history.add_picture(bytes([number]) * 3000, name="p.png", width=30, height=20)
    history.keep_text_layer(picture, LAYER)
    asked = history.add_message(made, None, "user", f"some text {number} " * 9, pictures=[picture], action="Read")
    details = {"usage": {"prompt_tokens": 12}, "read_by": "ocr"} if number % 5 == 0 else {"n": number}
    history.add_message(made, asked.id, "assistant", f"an answer {number} " * 9, model="demo", details=details)
    history.add_message(made, asked.id, "assistant", "another one: café", state=MessageState.CUT)
    if number % 4 == 1:
        held = DraftPicture(picture, "p.png", 30, 20, True, {"page": 1})
        history.drafts.keep(made, KeptDraft("being written", (held,), {"action": "Read"}))
