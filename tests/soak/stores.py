"""10,000 messages in one history, and in one conversation."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TypeVar

from desktop_vlm.history import History, MessageState
from tests.soak.report import Report, rss_mib, soak

T = TypeVar("T")
_LONGEST_S = 5.0
"""For whatever a person waits for, on a busy machine."""
_EXPORT_S = 120.0


@soak
def messages(folder: Path, short: bool) -> Report:
    """10,000 messages: written, opened, searched, added to and exported."""
    from desktop_vlm.export import EXPORTERS, export

    n_messages = 100 if short else 10_000
    report, path = Report(), folder / "history.db"

    def timed(what: str, work: Callable[[], T], most_s: float = _LONGEST_S) -> T:
        began_s = time.monotonic()
        result = work()
        took_s = time.monotonic() - began_s
        report.figures[what] = f"{1000 * took_s:.0f} ms"
        report.expect(short or took_s < most_s, f"{what}: {took_s:.1f} s")
        return result

    began_s, before_mib = time.monotonic(), rss_mib()
    with History(path) as history:
        conversation = history.create_conversation("Long")
        parent = None
        for number in range(n_messages // 2):
            text = f"Question {number} about {'invoice' if number % 100 == 7 else 'screenshots'} 你好 👋"
            question = history.add_message(conversation, parent, "user", text)
            answer = history.add_message(conversation, question.id, "assistant", "", state=MessageState.STREAMING)
            history.append_text(answer.id, "It says **so**. " * 20)
            parent = history.finish_message(answer.id, MessageState.COMPLETE).id
    report.figures["written"] = f"{n_messages} in {time.monotonic() - began_s:.1f} s"
    with timed("opened", lambda: History(path)) as history:
        thread = timed("one conversation of all", lambda: history.thread(conversation))
        report.expect(len(thread) == n_messages // 2 * 2, f"{len(thread)} messages")
        found = timed("searched", lambda: history.conversations("invoice"))
        report.expect([one.id for one in found] == [conversation], f"{found}")
        timed("one more", lambda: history.add_message(conversation, parent, "user", "one more"))
        for key in ("markdown", "html"):
            if key in EXPORTERS:
                target = folder / f"out{EXPORTERS[key].suffix}"
                timed(f"exported as {key}", partial(export, history, conversation, key, target), _EXPORT_S)
                report.figures[f"exported as {key}"] += f", {target.stat().st_size / 1e6:.1f} MB"
    report.figures["memory"] = f"{rss_mib() - before_mib:+.0f} MiB; the file has {path.stat().st_size / 2**20:.1f} MiB"
    report.expect(rss_mib() - before_mib < 300, "it takes much memory")
    return report
