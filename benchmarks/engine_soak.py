"""Whether the window stays as it was when the engine crashes again and again.

python -m benchmarks.engine_soak [CYCLES]

A cycle asks about an image, ends the engine's process in the middle of the answer (killed, crashed and
gently stopped, in turn), and asks again. Printed: times from a crash to the next first token, and what grew in the
window's process and in an engine that answers without a crash.
"""

from __future__ import annotations

import io
import os
import resource
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from PIL import Image
from PySide6.QtCore import QCoreApplication

from desktop_vlm.api.messages import ChatMessage
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.models.demo import demo_model
from desktop_vlm.ui.engine.local import LocalEngine
from desktop_vlm.ui.engine.process import Limits
from desktop_vlm.ui.engine.protocol import ChatRequest, EngineState

_MIB = 2**20
_GIVE_UP_S = 120.0


class Soak:
    """A client, and what it said since the last look."""

    def __init__(self, app: QCoreApplication) -> None:
        self._app = app
        self.client = LocalEngine(limits=Limits(crashes=1_000_000))
        self.text: set[int] = set()
        self.ended: dict[int, str] = {}
        self.crashes = 0
        self.rss_bytes: list[int] = []
        self.client.text_arrived.connect(lambda question, _: self.text.add(question))
        self.client.answered.connect(lambda question, answer: self.ended.update({question: answer.finish_reason}))
        self.client.failed.connect(lambda question, blame, _: self.ended.update({question: blame}))
        self.client.crashed.connect(lambda _: setattr(self, "crashes", self.crashes + 1))
        self.client.stats_changed.connect(lambda stats: self.rss_bytes.append(stats.rss_bytes or 0))
        self.client.load(ModelRef(*demo_model()), LoadOptions(n_ctx=2048, n_threads=1))

    def wait(self, condition: Callable[[], bool]) -> None:
        give_up = time.monotonic() + _GIVE_UP_S
        while not condition():
            self._app.processEvents()
            time.sleep(0.001)
            if time.monotonic() > give_up:
                raise SystemExit(f"nothing happened for {_GIVE_UP_S:g} s; state {self.client.state}")

    def ask(self, number: int, max_tokens: int) -> int:
        image = Image.new("RGB", (320, 200), (number * 37 % 256, number * 91 % 256, 99))
        file = io.BytesIO()
        image.save(file, "PNG")
        name = f"image {number}"
        message = ChatMessage.of("user", "Write a very long story about this.", name)
        return self.client.ask(ChatRequest([message], {name: file.getvalue()}, max_tokens, {"temperature": 1.0}))

    def begin_answer(self, number: int) -> int:
        asked = self.ask(number, 1000)
        self.wait(lambda: asked in self.text or asked in self.ended)
        return asked

    def answer(self, number: int, max_tokens: int) -> None:
        asked = self.ask(number, max_tokens)
        self.wait(lambda: asked in self.ended)
        if self.ended[asked] not in ("stop", "length"):
            raise SystemExit(f"question {number} ended with {self.ended[asked]}")

    def cycle(self, number: int) -> float:
        """One crash or stop in mid-answer; seconds from there to the next answer's first text."""
        asked = self.begin_answer(number)
        while asked in self.ended:  # a short answer, over before anything could happen to it
            asked = self.begin_answer(number)
        struck = time.monotonic()
        if number % 3 == 2:
            self.client.stop()
        else:
            os.kill(self.client.pid, (signal.SIGKILL, signal.SIGSEGV)[number % 3])
        self.wait(lambda: asked in self.ended and self.client.state in (EngineState.STOPPED, EngineState.READY))
        following = self.ask(number + 1, 4)
        self.wait(lambda: following in self.text or following in self.ended)
        took_s = time.monotonic() - struck
        self.wait(lambda: following in self.ended)
        if self.ended[following] not in ("stop", "length"):
            raise SystemExit(f"after {number} the next question ended with {self.ended[following]}")
        return took_s


def _rss_bytes() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _children() -> int:
    return len(Path(f"/proc/self/task/{os.getpid()}/children").read_text(encoding="ascii").split())


def main(cycles: int) -> None:
    app = QCoreApplication([])
    soak = Soak(app)
    warm_up = min(10, cycles // 2)
    took: dict[str, list[float]] = {"killed": [], "crashed": [], "stopped": []}
    rss_bytes = files = 0
    for number in range(cycles):
        if number == warm_up:
            rss_bytes, files = _rss_bytes(), _open_files()
        took[("killed", "crashed", "stopped")[number % 3]].append(soak.cycle(number))
    grown, more_files = _rss_bytes() - rss_bytes, _open_files() - files
    for what, times in took.items():
        print(f"{what:8} {len(times):4} times; to the next text: median {median(times):.2f} s, most {max(times):.2f} s")
    print(f"crashes reported: {soak.crashes}; child processes now: {_children()}")
    print(f"window after {warm_up} cycles: {rss_bytes / _MIB:.0f} MiB, {files} files")
    print(f"  grown in the other {cycles - warm_up}: {grown / _MIB:+.1f} MiB, {more_files:+} files")

    soak.rss_bytes.clear()
    for number in range(cycles):
        soak.answer(number, 4)
    first, last = soak.rss_bytes[warm_up], soak.rss_bytes[-1]
    print(f"one engine, {cycles} images: {first / _MIB:.0f} MiB, then {(last - first) / _MIB:+.1f} MiB")
    soak.client.close()
    print(f"child processes after the end: {_children()}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
