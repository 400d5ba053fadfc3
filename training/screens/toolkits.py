"""Windows that a real toolkit drew, from the pack of `python -m training.toolkit_pack`.

DESKTOP_VLM_PACK names the pack; without it there are none. Where its characters stand is not known.
"""

from __future__ import annotations

import functools
import io
import json
import os
import random
import zipfile
from typing import Any

from PIL import Image

from training.screens.asking import Asker
from training.screens.records import Screen

INDEX = "index.json"
SHARE = 0.12
"""Of training images, where there is a pack."""


class Recorder(Asker):
    """Keeps what can be asked, to be phrased each time the image is shown."""

    def __init__(self, rng: random.Random) -> None:
        super().__init__(rng)
        self.asked: list[list[Any]] = []

    def ask(self, kind: str, answer: str, *, as_kind: str | None = None, **slots: object) -> None:
        self.asked.append([kind, answer, as_kind, slots])


@functools.cache
def _pack(process: int) -> tuple[zipfile.ZipFile, list[dict[str, Any]]]:  # noqa: ARG001 - each opens the file itself
    archive = zipfile.ZipFile(os.environ["DESKTOP_VLM_PACK"])
    return archive, json.loads(archive.read(INDEX))


def has_pack() -> bool:
    """Whether there are such windows here."""
    return "DESKTOP_VLM_PACK" in os.environ


def draw_toolkit(rng: random.Random) -> Screen:
    """A window of the pack, with newly phrased questions."""
    archive, entries = _pack(os.getpid())
    entry = rng.choice(entries)
    image = Image.open(io.BytesIO(archive.read(entry["file"]))).convert("RGB")
    asker = Asker(rng)
    for kind, answer, as_kind, slots in entry["asked"]:
        asker.ask(kind, answer, as_kind=as_kind, **slots)
    return Screen(image, (), asker.take(), entry["kind"], entry["noun"], located=False)
