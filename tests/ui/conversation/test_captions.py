"""What is said about an answer."""

from __future__ import annotations

from typing import Any

import pytest

from desktop_vlm.history.records import Message, MessageState
from desktop_vlm.images.text_layer.grounding import Standing
from desktop_vlm.ui.conversation.captions import answer_caption, findings_caption, progress_caption, timing_details
from desktop_vlm.ui.engine.protocol import Progress

USAGE = {
    "prompt_tokens": 300,
    "generated_tokens": 50,
    "cached_tokens": 200,
    "encode_s": 12.0,
    "prefill_s": 0.6,
    "decode_s": 2.5,
}


def answer(state: MessageState, **details: Any) -> Message:
    return Message(2, 1, 1, "assistant", "text", (), state, "", 0.0, "Llama", "", details, (2,))


@pytest.mark.parametrize(
    ("message", "caption"),
    [
        (answer(MessageState.COMPLETE, usage=USAGE), "15 s · 20 tokens/s"),
        (answer(MessageState.STOPPED, usage=USAGE), "Stopped · 15 s · 20 tokens/s"),
        (answer(MessageState.CUT), "Cut at the length limit"),
        (answer(MessageState.CUT, repeats=True), "Ended, as it only repeated itself"),
        (answer(MessageState.COMPLETE), ""),
        (
            answer(MessageState.COMPLETE, usage={**USAGE, "encode_s": 0, "decode_s": 6.4}, dropped_messages=4),
            "7.0 s · 7.8 tokens/s · the oldest 4 messages no longer fitted",
        ),
    ],
)
def test_caption(message: Message, caption: str) -> None:
    assert answer_caption(message) == caption


def test_details() -> None:
    assert timing_details(answer(MessageState.COMPLETE, usage=USAGE)).splitlines() == [
        "Picture: 12 s",
        "Prompt: 0.6 s, 300 tokens, of which 200 were still known",
        "Answer: 2.5 s, 50 tokens",
        "Llama",
    ]


def test_progress() -> None:
    assert progress_caption(Progress("encode", 0.25, 3.2)) == "Looking at the picture · 25\u00a0% · 3 s left"
    assert progress_caption(Progress("load", 0.5, None)) == "Loading the model · 50\u00a0%"


@pytest.mark.parametrize(
    ("stands", "absent", "caption"),
    [
        (0, 0, ""),
        (3, 0, "3 found in the picture"),
        (3, 2, "2 not found in the picture, 3 found"),
        (0, 1, "1 not found in the picture, 0 found"),
    ],
)
def test_what_was_found_is_counted(stands: int, absent: int, caption: str) -> None:
    standings = [Standing.STANDS] * stands + [Standing.ABSENT] * absent + [Standing.UNCHECKED]
    assert findings_caption(standings) == caption
