"""What comes of one damaged image: it is decoded, refused in a sentence, or something that must not be."""

from __future__ import annotations

import io
import logging
import os
import re
import signal
import traceback
from dataclasses import dataclass
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.images import svg
from desktop_vlm.images.open import MAX_FILE_BYTES, MAX_PIXELS
from desktop_vlm.images.svg import is_svg
from desktop_vlm.service.decoder_client import DecoderClient
from desktop_vlm.service.decoder_frames import Opened

NAME = "it.bin"
SLOW_S = 10.0
"""Processor time; more is a hang."""

_REFUSALS = re.compile(
    rf"{NAME} (is damaged|is not an image|is protected|has more than|has no |does not fit|takes more than|is empty"
    r"|is HEIC, which|cannot be decoded|is an SVG (of more|that cannot))[^\n]*\."
)


@dataclass(frozen=True)
class Outcome:
    """How it went.

    Attributes:
        kind: `opened`, `refused`, `limited` (by time or memory), or `ended` (the decoder's process crashed, which is
            a sentence like any other). What must not be: `traceback`, `wrong` (no image of a size that is allowed),
            `unclear` (another sentence), `hang`.
        what: the sentence, or the lines of the traceback.
    """

    kind: str
    what: str = ""

    @property
    def is_good(self) -> bool:
        """Whether this may come of a damaged file."""
        return self.kind in ("opened", "refused", "limited", "ended")


class Trials:
    """One decoder for all: `close` ends it."""

    def __init__(self) -> None:
        self._client = DecoderClient()
        self._log = _Log()

    def close(self) -> None:
        self._client.close()
        self._log.close()

    def image(self, data: bytes) -> Outcome:
        """Have an image or a PDF decoded, its pages counted as well."""
        if len(data) > MAX_FILE_BYTES:
            return Outcome("refused", "larger than any file may be")  # by whoever reads files, before it is sent
        began_s = self._processor_s()
        self._log.said = ""
        outcome = self._decoded(data)
        return Outcome("hang", outcome.what) if self._processor_s() - began_s > SLOW_S else outcome

    def _processor_s(self) -> float:
        """Of the decoder's process; 0 while there is none."""
        for child, _ in self._client._idle:
            fields = Path(f"/proc/{child.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
            return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        return 0.0

    def _decoded(self, data: bytes) -> Outcome:
        try:
            found = list(self._client.images(data, NAME, what="pages"))
            self._client.count(data, NAME)
        except UserError as error:
            return self._judge(str(error))
        except Exception:  # noqa: BLE001 - that is what is looked for
            return Outcome("traceback", traceback.format_exc()[-900:])
        images = [one[1] for one in found if not isinstance(one, Opened)]
        is_right = images and all(
            image.mode in ("RGB", "RGBA") and image.width * image.height <= MAX_PIXELS for image in images
        )
        return Outcome("opened" if is_right else "wrong", f"{[image.size for image in images]}")

    def _judge(self, sentence: str) -> Outcome:
        if not _REFUSALS.fullmatch(sentence):
            return Outcome("traceback" if "bug" in sentence else "unclear", sentence)
        if "takes more" in sentence or "fit into memory" in sentence:
            return Outcome("limited", sentence)
        return Outcome("ended", self._log.said) if "cannot be decoded" in sentence else Outcome("refused", sentence)


class _Log(logging.Handler):
    """Why the decoder's process ended."""

    def __init__(self) -> None:
        super().__init__()
        self.said = ""
        logger = logging.getLogger("desktop_vlm.service.decoder_client")
        logger.addHandler(self)
        logger.propagate = False

    def emit(self, record: logging.LogRecord) -> None:
        self.said += record.getMessage()[:300]

    def close(self) -> None:
        logger = logging.getLogger("desktop_vlm.service.decoder_client")
        logger.removeHandler(self)
        logger.propagate = True
        super().close()


_APPLICATION: list[object] = []
"""Fonts are loaded once for all that are forked."""


def draw(data: bytes) -> Outcome:
    """Have a drawing drawn by the renderer's own code, in a forked process: starting a program takes much longer."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from PySide6.QtGui import QGuiApplication  # which images have no need of

    from desktop_vlm.ui.pictures import svg_renderer

    if QGuiApplication.instance() is None:
        _APPLICATION.append(QGuiApplication(["fuzz"]))
    if not is_svg(data) or len(data) > svg.MAX_SVG_BYTES:
        return Outcome("refused", "no drawing")
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            os.dup2(os.open(os.devnull, os.O_RDWR), 2)  # Qt says what it does not know
            svg_renderer.give_up_rights()
            with open(writing, "wb", closefd=False) as target:
                code = svg_renderer.draw(io.BytesIO(data), target)
            os._exit(code)
        except BaseException:  # noqa: BLE001 - that is what is looked for
            os.write(writing, b"T" + traceback.format_exc()[-900:].encode())
            os._exit(77)
    os.close(writing)
    with open(reading, "rb") as pipe:  # noqa: PTH123 - a descriptor
        drawn = pipe.read()
    _, status, used = os.wait4(child, 0)
    if used.ru_utime + used.ru_stime > SLOW_S:
        return Outcome("hang")
    return _of_drawing(status, drawn)


def _of_drawing(status: int, drawn: bytes) -> Outcome:
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        return Outcome("limited" if number == signal.SIGPROF else "ended", signal.Signals(number).name)
    code = os.waitstatus_to_exitcode(status)
    if code == 77:
        return Outcome("traceback", drawn[1:].decode("utf-8", "replace"))
    if code == 1 or not drawn:
        return Outcome("refused", "no drawing")
    side = max(int.from_bytes(drawn[at : at + 4], "big") for at in (16, 20))
    is_right = code == 0 and drawn.startswith(b"\x89PNG") and 1 <= side <= 2240
    return Outcome("opened" if is_right else "wrong", f"{side} px")
