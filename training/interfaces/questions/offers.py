"""Questions about tiles, prices and values with captions, and whether a value is the one that is given."""

from __future__ import annotations

import json
import re

from training.interfaces.questions import document_phrasings as ways
from training.interfaces.questions.sheet import MOST_COUNTED, Sheet, listed_names, plain
from training.interfaces.records import Control
from training.screens.panes.names import NTH

_KEY = re.compile(r"[^a-z0-9]+")


def ask_offers(sheet: Sheet) -> None:
    """All of them."""
    _ask_tiles(sheet)
    _ask_prices(sheet)
    _ask_whether(sheet)
    _ask_long_cells(sheet)
    _ask_pairs(sheet)


def _ask_tiles(sheet: Sheet) -> None:
    for container, tiles in sheet.containers("tile").items():
        noun, names = tiles[0].label, sheet.names(tiles)
        if not noun or not sheet.is_whole(container) or len(tiles) > MOST_COUNTED:
            continue
        sheet.ask("how_many", str(len(tiles)), ways.TILES, tiles, n=noun)
        said = listed_names(names)
        if said:
            sheet.ask("list", said, ways.TILE_TITLES, tiles, n=noun)
        rows = {round(one.box[1] / 12) for one in tiles}
        place = sheet.rng.randrange(len(tiles))
        if names and len(rows) == 1 and place < len(NTH):
            sheet.ask("value", names[place], ways.TILE_NTH, tiles, nth=NTH[place], n=noun)


def _ask_prices(sheet: Sheet) -> None:
    for container, prices in sheet.containers("price").items():
        titles = [one.label for one in prices]
        clear = [one for one in prices if titles.count(one.label) == 1 and plain(one.label, 50) and plain(one.text)]
        for one in clear[:6]:
            sheet.ask("value", one.text, ways.PRICE, [one], k=one.label)
            if sum(other.text == one.text for other in prices) == 1 and sheet.is_whole(f"prices {container}"):
                sheet.ask("value", one.label, ways.PRICE_BACK, [one], v=one.text)
        tiles = [one for one in sheet.of("tile") if one.container == container]
        if (
            len(clear) == len(tiles) > 1
            and len(sheet.containers("price")) == 1
            and sheet.is_whole(f"prices {container}")
        ):
            found = json.dumps([{"name": one.label, "price": one.text} for one in clear])
            sheet.ask("json", found, ways.PRICES_JSON, [*clear, *tiles])


def _ask_whether(sheet: Sheet) -> None:
    """Whether a captioned value is what the question says; where it is not, another of the page is named."""
    values = [(one, plain(one.text, 40)) for one in _captioned(sheet)]
    states = []
    for one, value in values:
        others = [other for _, other in values if other and other != value
                  and any(char.isdigit() for char in other) == any(char.isdigit() for char in value)]  # fmt: skip
        if value and others:
            is_so = sheet.rng.random() < 0.5
            states.append((one, is_so, {"k": one.label, "v": value if is_so else sheet.rng.choice(others)}))
    sheet.ask_yes_no("pair is", "yes_no", states, ways.PAIR_IS, most=2)


def _ask_long_cells(sheet: Sheet) -> None:
    """Cells of several lines, by their row's first cell and their column."""
    for cells in sheet.containers("cell", "header").values():
        heads = {one.column: plain(one.text, 30) for one in cells if one.row == -1}
        keys = {one.row: plain(one.text, 40) for one in cells if one.column == 0 and one.row >= 0}
        for one in cells:
            key, is_long = keys.get(one.row, ""), len(one.text) > 80 and one.column > 0 and one.row >= 0
            if (
                is_long
                and plain(one.text, 420)
                and heads.get(one.column)
                and list(keys.values()).count(key) == 1
                and key
            ):
                sheet.ask("text", one.text, ways.LONG_CELL, [one], c=heads[one.column], k=key)


def _captioned(sheet: Sheet) -> list[Control]:
    labels = [one.label.lower() for one in sheet.controls if one.label]
    return [one for one in sheet.of("label") if one.label and labels.count(one.label.lower()) == 1
            and plain(one.label, 40) and plain(one.text) and not set(one.label) & set('{}"\\')]  # fmt: skip


def _ask_pairs(sheet: Sheet) -> None:
    """Some values with captions as JSON."""
    pairs = _captioned(sheet)
    if len(pairs) < 2:
        return
    for _ in range(2):
        chosen = sorted(sheet.rng.sample(range(len(pairs)), sheet.rng.randint(2, min(5, len(pairs)))))
        keys = [_KEY.sub("_", pairs[place].label.lower()).strip("_") for place in chosen]
        if all(keys) and len(set(keys)) == len(keys):
            found = {key: plain(pairs[place].text) for key, place in zip(keys, chosen, strict=True)}
            schema = "{" + ", ".join(f'"{key}": string' for key in keys) + "}"
            sheet.ask("json", json.dumps(found), ways.PAIRS_JSON, [pairs[place] for place in chosen], schema=schema)
