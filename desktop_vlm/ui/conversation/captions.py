"""Sentences about an answer: what it took, what is going on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QCoreApplication

from desktop_vlm.history.details import READ_BY, REPEATS, is_read_out
from desktop_vlm.history.records import Message, MessageState
from desktop_vlm.images.text_layer.grounding import Standing
from desktop_vlm.ui.assistant.cut_json import can_close, is_closed
from desktop_vlm.ui.assistant.quoted_text import excerpts_of
from desktop_vlm.ui.engine.protocol import Progress
from desktop_vlm.ui.pictures.wording import percent_text
from desktop_vlm.ui.plural import plural

_TIP_LINES = 20
"""Of a tool tip."""


def _tr(text: str) -> str:
    return QCoreApplication.translate("captions", text)


def seconds_taken(message: Message) -> float:
    """What an answer took from its question to its end; 0 where that is not known."""
    usage: dict[str, float] = message.details.get("usage") or {}
    return sum(usage.get(part, 0.0) for part in ("encode_s", "prefill_s", "decode_s"))


def answer_caption(message: Message) -> str:
    """What a finished answer took and how it ended; "" when there is nothing to say."""
    usage: dict[str, Any] = message.details.get("usage", {})
    parts = [read_by(message)] if is_read_out(message) else []
    if message.state is MessageState.STOPPED:
        parts.append(_tr("Stopped"))
    elif message.state is MessageState.CUT:
        repeats = message.details.get(REPEATS)
        parts.append(_tr("Ended, as it only repeated itself") if repeats else _tr("Cut at the length limit"))
    if usage:
        parts.append(_tr("{0} s").format(_seconds(seconds_taken(message))))
        if usage["decode_s"] and usage["generated_tokens"] > 1:
            speed = usage["generated_tokens"] / usage["decode_s"]
            parts.append(_tr("{0} tokens/s").format(f"{speed:.0f}" if speed >= 10 else f"{speed:.1f}"))
    dropped = message.details.get("dropped_messages", 0)
    if dropped:
        oldest = "the oldest message no longer fitted", "the oldest {n} messages no longer fitted"
        parts.append(plural("captions", dropped, *oldest))
    return " · ".join(parts)


def read_by(message: Message) -> str:
    """Where an answer is from that no model made."""
    from_pdf = message.details[READ_BY] == "pdf"
    return _tr("Taken from the PDF") if from_pdf else _tr("Read by OCR on this computer")


def text_caption(message: Message) -> str:
    """How much of its pictures' text went along with a question; "" for none."""
    count = sum(excerpt.n_lines for excerpt in excerpts_of(message).values())
    lines = plural("captions", count, "with 1 line of small text", "with {n} lines of small text")
    return lines if count else ""


def text_details(message: Message) -> str:
    """The first of these lines, for a tool tip."""
    excerpts = list(excerpts_of(message).values())
    lines = [line or "..." for excerpt in excerpts for line in excerpt.lines]
    more = len(lines) > _TIP_LINES or any(excerpt.left_out for excerpt in excerpts)
    return "\n".join([*lines[:_TIP_LINES], *(["..."] if more else [])])


def findings_caption(standings: Sequence[Standing]) -> str:
    """How much of what an answer quotes stands in the pictures; "" where there is nothing to say."""
    found, missing = standings.count(Standing.STANDS), standings.count(Standing.ABSENT)
    if missing:
        return _tr("{0} not found in the picture, {1} found").format(missing, found)
    return _tr("{0} found in the picture").format(found) if found else ""


def cut_json_notice(message: Message) -> tuple[str, str, str] | None:
    """For an answer that ended before its JSON was complete: a sentence, what can be done, and what that does."""
    if is_closed(message):
        sentence = _tr("Closed where it was cut off; a value that was not finished is left out.")
        return sentence, _tr("Undo"), _tr("Show what the model wrote")
    if can_close(message):
        sentence = _tr("This answer ended before its JSON was complete.")
        return sentence, _tr("Close it"), _tr("Close what is open; a value that was not finished is left out")
    return None


def queue_caption(position: int | None, *, is_held: bool = False) -> str:
    """Where a question stands that waits; None for one that the program's end left over."""
    if position is None:
        return _tr("Not asked: Desktop VLM ended before it was this question's turn.")
    if is_held:
        return _tr("Number {0} in the queue. It is asked once a model is loaded.").format(position)
    if position == 1:
        return _tr("Next in the queue: asked as soon as the answer before it is complete.")
    return _tr("Number {0} in the queue.").format(position)


def timing_details(message: Message) -> str:
    """The figures behind the caption, one a line, for a tool tip."""
    usage: dict[str, Any] = message.details.get("usage", {})
    if not usage:
        return ""
    lines = [
        _tr("Picture: {0} s").format(_seconds(usage["encode_s"])),
        _tr("Prompt: {0} s, {1} tokens, of which {2} were still known").format(
            _seconds(usage["prefill_s"]), usage["prompt_tokens"], usage["cached_tokens"]
        ),
        _tr("Answer: {0} s, {1} tokens").format(_seconds(usage["decode_s"]), usage["generated_tokens"]),
    ]
    if message.model:
        lines.append(message.model)
    return "\n".join(lines)


def progress_caption(progress: Progress) -> str:
    """What the engine does, how far it is and how long it may still take."""
    stages = {
        "load": _tr("Loading the model"),
        "encode": _tr("Looking at the picture"),
        "prefill": _tr("Reading"),
        "text": _tr("Reading the text in the picture"),
    }
    text = stages.get(progress.stage, progress.stage)
    if progress.stage == "text":  # how far it is nobody knows
        return text
    text += f" · {percent_text(progress.fraction)}"
    if progress.seconds_left is not None and progress.seconds_left >= 1:
        text += " · " + _tr("{0} s left").format(f"{progress.seconds_left:.0f}")
    return text


def _seconds(value: float) -> str:
    return f"{value:.0f}" if value >= 10 else f"{value:.1f}" if value >= 0.1 or value == 0 else f"{value:.2f}"
