"""Rows and columns of tables and trees, by where their cells are."""

from __future__ import annotations

from dataclasses import replace

from training.interfaces.records import Control
from training.interfaces.running.exploring import Node


def first_of_rows(node: Node) -> set[int]:
    """The ids of a tree's cells that are the first in their rows, and of their parts."""
    first: dict[int, Node] = {}
    for one in node.children:
        if one.role == "table cell" and one.box[0] <= first.setdefault(one.box[1], one).box[0]:
            first[one.box[1]] = one
    return {id(part) for one in first.values() for part in one.all()}


def with_places(found: list[Control], cut: set[str]) -> list[Control]:
    """Cells with row and column under their headers; without headers they are entries where a row has one."""
    result = [one for one in found if one.role not in ("cell", "header")]
    inside: dict[str, list[Control]] = {}
    for one in found:
        if one.role in ("cell", "header"):
            inside.setdefault(one.container, []).append(one)
    for container, some in inside.items():
        heads = sorted((one for one in some if one.role == "header"), key=lambda one: one.box[0])
        cells = [one for one in some if one.role == "cell"]
        tops: list[float] = []
        for middle in sorted((one.box[1] + one.box[3]) / 2 for one in cells):
            if not tops or middle - tops[-1] > 7:
                tops.append(middle)
        rows = [_nearest(tops, (one.box[1] + one.box[3]) / 2) for one in cells]
        if len(set(rows)) == len(rows):
            result += [replace(one, role="badge" if one.text.isdigit() else "entry") for one in cells]
            result += [replace(one, container="", role="label") for one in heads]
        elif len(heads) > 1:
            edges = [one.box[0] for one in heads]
            columns = [
                max((at for at, edge in enumerate(edges) if one.box[0] >= edge - 6), default=-1) for one in cells
            ]
            places = list(zip(rows, columns, strict=True))
            if len(set(places)) < len(places) or -1 in columns:
                cut.add(container)
                continue
            result += [replace(one, row=row, column=column) for one, (row, column) in zip(cells, places, strict=True)]
            result += [replace(one, row=-1, column=at) for at, one in enumerate(heads)]
        else:
            cut.add(container)
            result += [replace(one, container="", role="label") for one in cells]
    return result


def _nearest(places: list[float], target: float) -> int:
    return min(range(len(places)), key=lambda at: abs(places[at] - target))
