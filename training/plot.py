"""The curves of training logs as an image: `python -m training.plot OUT.png LOG.jsonl [LOG.jsonl ...]`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

_PANELS = (
    ("letters: accuracy of slots with a letter", "letter_accuracy"),
    ("answers: accuracy of tokens, teacher-forced", "token_accuracy"),
    ("answers: exact", "exact"),
)
_WIDTH, _HEIGHT, _MARGIN = 900, 260, 48
_TRAIN, _HELD_OUT, _INK, _GRID = "#8ab4e8", "#d1495b", "#222222", "#e4e4e4"


@dataclass(frozen=True)
class _Curve:
    color: str
    points: list[tuple[float, float]]


def read_logs(paths: Sequence[Path]) -> list[dict[str, Any]]:
    """All records, in the order of their steps; a run that starts again goes on where the one before it ended."""
    records: list[dict[str, Any]] = []
    for path in paths:
        own = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        last = records[-1] if records and own[0]["step"] < records[-1]["step"] else {"step": 0, "elapsed_s": 0.0}
        records += [
            {**record, "step": record["step"] + last["step"], "elapsed_s": record["elapsed_s"] + last["elapsed_s"]}
            for record in own
        ]
    return sorted(records, key=lambda record: record["step"])


def draw(records: Sequence[dict[str, Any]]) -> Image.Image:
    """One panel for each measure, from 0 to 1 over the minutes of training."""
    image = Image.new("RGB", (_WIDTH, _HEIGHT * len(_PANELS)), "white")
    pen, font = ImageDraw.Draw(image), ImageFont.load_default(13)
    minutes = max((record["elapsed_s"] for record in records), default=60.0) / 60
    for number, (title, key) in enumerate(_PANELS):
        top = number * _HEIGHT
        _frame(pen, font, top, minutes, title)
        for curve in _curves(records, key):
            _line(pen, top, minutes, curve)
    return image


def _curves(records: Sequence[dict[str, Any]], key: str) -> list[_Curve]:
    found = []
    for color, held_out in ((_TRAIN, False), (_HELD_OUT, True)):
        chosen = [record for record in records if key in record and ("eval" in record) == held_out]
        found.append(_Curve(color, [(record["elapsed_s"] / 60, record[key]) for record in chosen]))
    return found


def _place(top: int, minutes: float, minute: float, value: float) -> tuple[float, float]:
    across, down = _WIDTH - 2 * _MARGIN, _HEIGHT - 2 * _MARGIN
    return _MARGIN + across * minute / minutes, top + _HEIGHT - _MARGIN - down * min(max(value, 0.0), 1.0)


def _frame(pen: ImageDraw.ImageDraw, font: Any, top: int, minutes: float, title: str) -> None:
    for tenth in range(0, 11, 2):
        value = tenth / 10
        start, end = _place(top, minutes, 0, value), _place(top, minutes, minutes, value)
        pen.line([start, end], fill=_GRID)
        pen.text((start[0] - 28, start[1] - 8), f"{value:.1f}", fill=_INK, font=font)
    for eighth in range(9):
        minute = minutes * eighth / 8
        pen.text(_place(top, minutes, minute, -1.0), f"{minute:.1f}", fill=_INK, font=font)
    pen.text((_MARGIN, top + 12), title, fill=_INK, font=font)
    pen.text((_WIDTH - 300, top + 12), "training", fill=_TRAIN, font=font)
    pen.text((_WIDTH - 220, top + 12), "held out", fill=_HELD_OUT, font=font)
    pen.text((_WIDTH - 140, top + 12), "x: minutes", fill=_INK, font=font)


def _line(pen: ImageDraw.ImageDraw, top: int, minutes: float, curve: _Curve) -> None:
    places = [_place(top, minutes, minute, value) for minute, value in curve.points]
    if len(places) > 1:
        pen.line(places, fill=curve.color, width=2)


def main() -> None:
    """Draw the logs that the command line names."""
    out, *logs = map(Path, sys.argv[1:])
    draw(read_logs(logs)).save(out)


if __name__ == "__main__":
    main()
