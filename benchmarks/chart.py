"""Line charts as SVG: axes with units, a label at the end of every line, a light ground."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

_WIDTH, _HEIGHT = 800, 420
_LEFT, _RIGHT, _TOP, _BOTTOM = 72, 224, 68, 60
_COLORS = ("#1f6fb4", "#c8553d", "#2f8f5b", "#8a5fb0", "#b8860b")
_INK, _FAINT, _GROUND = "#24292f", "#e1e4e8", "#ffffff"
_LABEL_GAP = 17


@dataclass(frozen=True)
class Line:
    """One line: its label, and its points from left to right."""

    label: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Chart:
    """What is drawn; the vertical axis starts at zero.

    Attributes:
        title: what is shown, and on what.
        x_label, y_label: quantity and unit.
        x_ticks: where the horizontal axis is marked; their places are to scale.
        note: a line below, such as the machine.
    """

    title: str
    x_label: str
    y_label: str
    x_ticks: Sequence[float]
    lines: Sequence[Line]
    note: str = ""


def svg(chart: Chart) -> str:
    """The chart as an SVG document."""
    points = [point for line in chart.lines for point in line.points]
    plane = _Plane(min(chart.x_ticks), max(chart.x_ticks), _ticks(max((y for _, y in points), default=1.0)))
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{_HEIGHT}" '
        f'viewBox="0 0 {_WIDTH} {_HEIGHT}" font-family="Helvetica, Arial, sans-serif" font-size="13">'
    )
    parts = [
        head,
        f'<rect width="{_WIDTH}" height="{_HEIGHT}" fill="{_GROUND}"/>',
        _text(_LEFT - 48, 26, chart.title, size=15, weight="bold"),
        *_axes(chart, plane),
        *_lines(chart, plane),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


@dataclass(frozen=True)
class _Plane:
    """Where values lie on the paper."""

    x_low: float
    x_high: float
    y_ticks: Sequence[float]

    def x(self, value: float) -> float:
        part = (value - self.x_low) / ((self.x_high - self.x_low) or 1)
        return round(_LEFT + part * (_WIDTH - _LEFT - _RIGHT), 1)

    def y(self, value: float) -> float:
        return round(_HEIGHT - _BOTTOM - value / self.y_ticks[-1] * (_HEIGHT - _TOP - _BOTTOM), 1)


def _axes(chart: Chart, plane: _Plane) -> list[str]:
    right, bottom = _WIDTH - _RIGHT, _HEIGHT - _BOTTOM
    parts = []
    for value in plane.y_ticks:
        y = plane.y(value)
        parts.append(f'<line x1="{_LEFT}" y1="{y}" x2="{right}" y2="{y}" stroke="{_FAINT}"/>')
        parts.append(_text(_LEFT - 8, y + 4, _number(value), anchor="end"))
    parts += [_tick(plane.x(value), bottom) for value in chart.x_ticks]
    parts += _x_labels(chart, plane)
    parts.append(f'<line x1="{_LEFT}" y1="{bottom}" x2="{right}" y2="{bottom}" stroke="{_INK}"/>')
    parts.append(_text(_LEFT - 48, _TOP - 18, chart.y_label))
    parts.append(_text((_LEFT + right) / 2, bottom + 38, chart.x_label, anchor="middle"))
    parts.append(_text(_WIDTH - 12, _HEIGHT - 10, chart.note, anchor="end", size=10))
    return parts


def _tick(x: float, bottom: float) -> str:
    return f'<line x1="{x}" y1="{bottom}" x2="{x}" y2="{bottom + 5}" stroke="{_INK}"/>'


def _x_labels(chart: Chart, plane: _Plane) -> list[str]:
    """Numbers at the ticks, leaving out those that would touch the one before."""
    parts, last = [], -math.inf
    for value in chart.x_ticks:
        if plane.x(value) - last >= 44:
            parts.append(_text(plane.x(value), _HEIGHT - _BOTTOM + 20, _number(value), anchor="middle"))
            last = plane.x(value)
    return parts


def _lines(chart: Chart, plane: _Plane) -> list[str]:
    parts = []
    ends = [plane.y(line.points[-1][1]) for line in chart.lines]
    for line, color, y in zip(chart.lines, _COLORS, _spread(ends), strict=False):
        places = " ".join(f"{plane.x(x)},{plane.y(value)}" for x, value in line.points)
        parts.append(f'<polyline points="{places}" fill="none" stroke="{color}" stroke-width="2.5"/>')
        parts += [f'<circle cx="{plane.x(x)}" cy="{plane.y(v)}" r="3.5" fill="{color}"/>' for x, v in line.points]
        parts.append(_text(plane.x(line.points[-1][0]) + 10, y + 4, line.label, color=color))
    return parts


def _spread(places: Sequence[float]) -> list[float]:
    """Heights of labels, moved apart where they would cover each other and up where they would leave the chart."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = list(places)
    for above, below in pairwise(order):
        moved[below] = max(moved[below], moved[above] + _LABEL_GAP)
    lowest = float(_HEIGHT - _BOTTOM)
    for index in reversed(order):
        moved[index] = min(moved[index], lowest)
        lowest = moved[index] - _LABEL_GAP
    return moved


def _ticks(highest: float) -> list[float]:
    """Round steps from zero to just above `highest`, four to eight of them."""
    step = 10.0 ** math.floor(math.log10(highest / 4)) if highest > 0 else 0.25
    step = next(step * factor for factor in (1, 2, 5, 10) if highest / (step * factor) <= 7)
    return [step * i for i in range(math.ceil(highest / step) + 1)]


def _number(value: float) -> str:
    return f"{value:,.10g}"


def _text(
    x: float, y: float, words: str, *, anchor: str = "start", size: int = 13, weight: str = "normal", color: str = _INK
) -> str:
    style = f'text-anchor="{anchor}" font-size="{size}" font-weight="{weight}" fill="{color}"'
    return f'<text x="{x:.1f}" y="{y:.1f}" {style}>{escape(words)}</text>'
