"""The order in which a window's controls are read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from training.interfaces.records import Control

_ROWS = frozenset({"entry", "cell", "header"})
"""Roles that come list by list, in the order in which they were taken down."""
_TALL = frozenset({"group", "text"})
"""Roles whose first line says where they stand among others."""


def _rows(controls: Sequence[Control]) -> list[list[Control]]:
    """Those beside each other, each from left to right; frames and texts go by their first line."""
    rows: list[list[Control]] = []
    low = float("-inf")
    for one in sorted(controls, key=lambda one: one.box[1]):
        bottom = min(one.box[3], one.box[1] + one.letters + 8) if one.role in _TALL else one.box[3]
        if rows and (one.box[1] + bottom) / 2 < low:
            rows[-1].append(one)
        else:
            rows.append([one])
            low = bottom
    return [sorted(row, key=lambda one: one.box[0]) for row in rows]


def _around(outer: Control, inner: Control) -> bool:
    return outer is not inner and all(
        (outer.box[side] <= inner.box[side] + 1) if side < 2 else (outer.box[side] >= inner.box[side] - 1)
        for side in range(4)
    )


def in_reading_order(controls: Sequence[Control]) -> list[Control]:
    """Row by row, each from left to right; what is in a frame comes after its caption, and lists come one by one."""
    groups = sorted((one for one in controls if one.role == "group"), key=_size)
    inside: dict[int, list[Control]] = {}
    rows: dict[str, list[Control]] = {}
    loose = []
    for one in controls:
        if one.role in _ROWS and one.container:
            rows.setdefault(one.container, []).append(one)
            if len(rows[one.container]) > 1:
                continue  # it comes with the first row
        frame = next((group for group in groups if _around(group, one)), None)
        if frame is None:
            loose.append(one)
        else:
            inside.setdefault(id(frame), []).append(one)

    def listed(some: Sequence[Control]) -> Iterator[Control]:
        for row in _rows(some):
            for one in row:
                yield from rows[one.container] if one.role in _ROWS and one.container else [one]
                yield from listed(inside.get(id(one), []))

    return list(listed(loose))


def _size(control: Control) -> float:
    left, top, right, bottom = control.box
    return (right - left) * (bottom - top)
