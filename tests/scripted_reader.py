"""A text reader's process that does what its files say: crashes, sleeps, or reads their content as a line of text."""

from __future__ import annotations

import os
import signal
import sys
import time
import types
from collections.abc import Callable, Iterator

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.text_layer import Box, Code, TextLayer, TextLine
from desktop_vlm.service import reader_frames as frames


def read_file(job: frames.Read, stop: Callable[[], bool]) -> Iterator[frames.PageRead | frames.Done]:  # noqa: ARG001 - the real one's
    text = job.blobs[0].decode()
    codes = (Code("QR Code", "first\nsec\x1bond", Box(0, 0, 5, 5)),) if "code" in text else ()
    n_pages = 2 if "pages" in text else 1
    if text == "die":
        os.kill(os.getpid(), signal.SIGSEGV)
    if text == "sleep":
        print("asleep", file=sys.stderr)
        time.sleep(600)
    if text.startswith("raise"):
        raise RuntimeError(text)
    if text == "refuse":
        raise UserError(f"{job.name} is wrong; take another.")
    lines = tuple(TextLine(line, Box(0, 0, 10, 10), (), 1.0) for line in text.splitlines() if line != "code")
    layer = TextLayer(10, 10, lines, (0,) if lines else (), codes=codes)
    for number in range(1, n_pages + 1):
        yield frames.PageRead(job.id, number, n_pages, (frames.encode_layer(layer),))
    if text == "read, then sleep":
        time.sleep(600)
    yield frames.Done(job.id)


def nothing() -> None:
    pass


if __name__ == "__main__":
    # In place of the real module, which takes longer to load than all else that these processes do.
    reading = types.ModuleType("desktop_vlm.service.reading")
    vars(reading).update(
        read_file=read_file, prepare=nothing, check_extra=nothing, MissingExtra=type("MissingExtra", (UserError,), {})
    )
    sys.modules[reading.__name__] = reading
    from desktop_vlm.service import reader

    sys.exit(reader.main())
