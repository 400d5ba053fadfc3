"""The table as a chart: two bars for what both sides can do, the faster one to the full width or the slower time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from desktop_vlm.diagnostics.speed.figures import BenchResult, Figure, passes, shown, threads

INK, FAINT, GROUND = "#1f2328", "#59636e", "#ffffff"
OURS, PLAIN = "#1f6fb4", "#b9c2cc"

_WIDTH = 960
_MARGIN = 32
_BARS, _BARS_END = 332, 664
"""Where bars begin and end; figures stand behind them."""
_RATIO = _WIDTH - _MARGIN
_BAR, _ROW, _LINE = 12, 46, 26
_TITLE, _TEXT, _SMALL = 20, 14, 12

Measure = Callable[[str, int, bool], float]
"""How wide a text is in pixels, of a size, bold or not."""


@dataclass(frozen=True)
class Box:
    """A filled rectangle, in pixels."""

    x: float
    y: float
    width: float
    height: float
    color: str


@dataclass(frozen=True)
class Words:
    """A line of text whose letters stand on `y`; `anchor` is "start" or "end", and says of what `x` is the place."""

    x: float
    y: float
    text: str
    size: int = _TEXT
    color: str = INK
    anchor: str = "start"
    bold: bool = False


@dataclass
class Chart:
    """What is drawn, on a ground of `width` x `height` pixels."""

    width: int
    height: int
    parts: list[Box | Words] = field(default_factory=list)


def lay_out(result: BenchResult, measure: Measure) -> Chart:
    """Put everything in its place; texts that are too wide are shortened."""
    chart, y = Chart(_WIDTH, 0), float(_MARGIN)
    for size, color, bold, text in _head(result):
        y += size + 8
        chart.parts.append(
            Words(_MARGIN, y, _fitted(text, _WIDTH - 2 * _MARGIN, size, bold, measure), size, color, bold=bold)
        )
    both = [one for one in result.figures if one.ours is not None and one.plain is not None]
    for heading, is_speed in (("Time: shorter is better", False), ("Tokens in a second: more is better", True)):
        if rows := [one for one in both if one.is_speed is is_speed]:
            y = _section(chart, y, heading, rows, measure)
    if single := [one for one in result.figures if one.plain is None]:
        y = _numbers(chart, y, single, measure)
    for text in _foot(result):
        y += _LINE
        chart.parts.append(
            Words(_MARGIN, y, _fitted(text, _WIDTH - 2 * _MARGIN, _SMALL, False, measure), _SMALL, FAINT)
        )
    chart.height = round(y + _MARGIN)
    return chart


def _head(result: BenchResult) -> Iterator[tuple[int, str, bool, str]]:
    yield _TITLE, INK, True, result.model
    yield _TEXT, FAINT, False, f"{', '.join(result.devices)}; {threads(result)}"
    versions = ", ".join(f"{name} {version}" for name, version in result.versions.items())
    yield _SMALL, FAINT, False, f"{result.date}; {versions}"


def _foot(result: BenchResult) -> Iterator[str]:
    yield ""
    if line := passes(result):
        yield line[0].upper() + line[1:] + "."
    turns = (
        f"Medians of {result.n_turns} turn{'s' if result.n_turns > 1 else ''}"
        if result.n_turns
        else "One turn, which also warmed up"
    )
    yield f"{turns}{'' if result.is_complete else '; stopped before the end'}. {' '.join(result.notes)}".strip()


def _section(chart: Chart, y: float, heading: str, rows: Sequence[Figure], measure: Measure) -> float:
    y += 2 * _LINE
    chart.parts.append(Words(_MARGIN, y, heading, bold=True))
    x = float(_BARS)
    for name, color in (("Desktop VLM", OURS), ("plain llama.cpp", PLAIN)):
        chart.parts += [Box(x, y - 10, 10, 10, color), Words(x + 16, y, name, _SMALL, FAINT)]
        x += measure(name, _SMALL, False) + 40
    chart.parts.append(Words(_RATIO, y, "times as fast", _SMALL, FAINT, "end"))
    y += 14
    for row in rows:
        _bars(chart, y, row, measure)
        y += _ROW
    return y - 14


def _bars(chart: Chart, y: float, row: Figure, measure: Measure) -> None:
    assert row.ours is not None
    assert row.plain is not None
    chart.parts.append(Words(_MARGIN, y + 21, _fitted(row.name, _BARS - _MARGIN - 16, _TEXT, False, measure)))
    most = max(row.ours, row.plain) or 1.0
    for place, (value, color) in enumerate(((row.ours, OURS), (row.plain, PLAIN))):
        top = y + 3 + place * (_BAR + 3)
        width = max(2.0, (_BARS_END - _BARS) * value / most)
        chart.parts.append(Box(_BARS, top, width, _BAR, color))
        chart.parts.append(Words(_BARS + width + 8, top + _BAR - 1, shown(value, row.unit), _SMALL, INK))
    if row.times_as_fast is not None:
        chart.parts.append(Words(_RATIO, y + 21, f"{row.times_as_fast:.2f}", anchor="end", bold=True))


def _numbers(chart: Chart, y: float, rows: Sequence[Figure], measure: Measure) -> float:
    y += 2 * _LINE
    chart.parts.append(Words(_MARGIN, y, "Desktop VLM alone", bold=True))
    for row in rows:
        y += _LINE
        chart.parts.append(Words(_MARGIN, y, _fitted(row.name, _BARS - _MARGIN - 16, _TEXT, False, measure)))
        chart.parts.append(Words(_BARS, y, shown(row.ours, row.unit)))
    return y


def _fitted(text: str, room: float, size: int, bold: bool, measure: Measure) -> str:
    """The text, without its middle where it is too wide."""
    if measure(text, size, bold) <= room:
        return text
    kept = next(
        n for n in range(len(text) - 1, -1, -1) if measure(_without_middle(text, n), size, bold) <= room or not n
    )
    return _without_middle(text, kept)


def _without_middle(text: str, kept: int) -> str:
    return f"{text[: (kept + 1) // 2]}...{text[len(text) - kept // 2 :]}"
