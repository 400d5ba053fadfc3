"""Till receipts: shop, date, items with prices, total; also asked for as JSON."""

from __future__ import annotations

import json
import random

from training.screens.asking import Asker
from training.screens.phrases import MONTHS, Writer
from training.screens.records import Screen
from training.screens.sketch import Sketch
from training.screens.themes import Style
from training.screens.typefaces import Colour

_PAPERS: tuple[tuple[Colour, Colour], ...] = (
    ((255, 255, 255), (0, 0, 0)), ((250, 249, 244), (40, 40, 44)), ((244, 240, 228), (30, 30, 60)),
    ((236, 236, 236), (20, 20, 20)), ((255, 252, 230), (60, 40, 30)), ((30, 32, 36), (230, 230, 230)),
)  # fmt: skip
_SHOPS = (
    "{app} {kind}", "{last}'s {kind}", "{place} {kind}", "The {adjective} {noun}", "{noun} & {noun2}",
    "{last} {kind}", "{app}",
)  # fmt: skip
_KINDS = (
    "Market", "Store", "Shop", "Bakery", "Cafe", "Foods", "Deli", "Supermarket", "Grocery", "Kiosk",
)  # fmt: skip


def draw_receipt(rng: random.Random, writer: Writer, style: Style) -> Screen:
    """Two to five items.

    The JSON answer is {"shop", "date", "items": [{"name", "price"}], "total"}, its prices numbers of two decimals.
    """
    paper, ink = rng.choice(_PAPERS)
    pen = style.type.pen(mono=rng.random() < 0.6)
    head_pen = style.type.pen(rng.choice((1.0, 1.15, 1.3)), bold=rng.random() < 0.6)
    shop = shop_name(rng, writer)
    date = _date(rng)
    items = {good(rng, writer): rng.randint(15, 2999) for _ in range(rng.randint(2, 5))}
    sign = rng.choice(("", "", "", "$", "EUR "))
    total_label = rng.choice(("Total", "TOTAL", "Total:", "TOTAL:", "Sum", "Amount due", "To pay"))
    thanks = rng.choice(("Thank you!", "Thank you for your visit", "Have a nice day", "Come again", writer.noise(1, 2)))
    pitch = round(pen.line * rng.uniform(1.0, 1.45))
    side = style.pad(rng.randint(8, 20))
    rows = [(name, f"{sign}{cents / 100:.2f}") for name, cents in items.items()]
    total_row = (total_label, f"{sign}{sum(items.values()) / 100:.2f}")
    total_pen = style.type.pen(mono=pen.face.mono, bold=True) if rng.random() < 0.4 else pen
    gap = style.pad(rng.randint(16, 70))
    used = [*((pen, *row) for row in rows), (total_pen, *total_row)]
    spans = [used_pen.width(left) + gap + used_pen.width(right) for used_pen, left, right in used]
    inner = max(*spans, head_pen.width(shop), pen.width(date))
    head = round(head_pen.line * 1.4)
    thanked = rng.random() < 0.4
    height = 2 * side + head + pitch * (len(rows) + 3) + pitch * thanked
    sketch = Sketch(inner + 2 * side, height, paper)
    width = sketch.image.width
    sketch.centred(0, width, sketch.row(side, side + head, head_pen), shop, head_pen, ink)
    top = side + head
    centred = (width - pen.width(date)) / 2
    sketch.text(rng.choice((side, centred)), sketch.row(top, top + pitch, pen), date, pen, ink)
    top += round(pitch * 1.5)
    _rule(sketch, side, width, top - pitch // 4, ink, dashed=rng.random() < 0.5)
    for name, price in rows:
        baseline = sketch.row(top, top + pitch, pen)
        sketch.text(side, baseline, name, pen, ink)
        sketch.text(width - side - pen.width(price), baseline, price, pen, ink)
        top += pitch
    _rule(sketch, side, width, top + pitch // 8, ink, dashed=rng.random() < 0.5)
    top += pitch // 4
    baseline = sketch.row(top, top + pitch, total_pen)
    sketch.text(side, baseline, total_row[0], total_pen, ink)
    sketch.text(width - side - total_pen.width(total_row[1]), baseline, total_row[1], total_pen, ink)
    if thanked:
        top += round(pitch * 1.15)
        if pen.width(thanks) <= width - 8:
            sketch.centred(0, width, sketch.row(top, top + pitch, pen), thanks, pen, ink)
    asker = Asker(rng)
    _ask(asker, shop, date, rows, total_row[1], sign)
    return sketch.finish(asker, "receipt", "receipt")


def _ask(asker: Asker, shop: str, date: str, rows: list[tuple[str, str]], total: str, sign: str) -> None:
    asker.ask("shop", shop)
    asker.ask("date", date)
    asker.ask("total", total)
    for name, price in rows:
        asker.ask("price", price, as_kind="value", label=name)
    asker.ask("items", ", ".join(name for name, _ in rows))
    asker.ask("item_count", str(len(rows)), as_kind="count")
    bare = [(name, price.removeprefix(sign)) for name, price in rows]
    asker.ask("json", receipt_json(shop, date, bare, total.removeprefix(sign)))
    asker.ask("describe", f"A receipt from {shop} over {total}.")


def receipt_json(shop: str, date: str, rows: list[tuple[str, str]], total: str) -> str:
    """Written manually so that prices keep the two decimals that the image shows."""
    items = ",".join(f'{{"name":{json.dumps(name)},"price":{price}}}' for name, price in rows)
    return f'{{"shop":{json.dumps(shop)},"date":{json.dumps(date)},"items":[{items}],"total":{total}}}'


def shop_name(rng: random.Random, writer: Writer) -> str:
    """What a shop is called."""
    vocabulary = writer.vocabulary
    return rng.choice(_SHOPS).format(
        app=rng.choice(vocabulary.apps), kind=rng.choice(_KINDS), last=rng.choice(vocabulary.last_names),
        place=rng.choice(vocabulary.places), adjective=rng.choice(vocabulary.adjectives).capitalize(),
        noun=rng.choice(vocabulary.nouns).capitalize(), noun2=rng.choice(vocabulary.nouns).capitalize(),
    )  # fmt: skip


def good(rng: random.Random, writer: Writer) -> str:
    """Something to buy."""
    name = rng.choice(writer.vocabulary.goods)
    draw = rng.random()
    if draw < 0.25:
        return f"{rng.choice(writer.vocabulary.adjectives).capitalize()} {name.lower()}"
    return writer.word().capitalize() if draw < 0.4 else name


def _date(rng: random.Random) -> str:
    year, month, day = rng.randint(2001, 2031), rng.randint(1, 12), rng.randint(1, 28)
    return rng.choice((f"{year}-{month:02}-{day:02}",) * 3 + (
        f"{day:02}.{month:02}.{year}", f"{day} {MONTHS[month - 1]} {year}", f"{month:02}/{day:02}/{year}"))  # fmt: skip


def _rule(sketch: Sketch, side: int, width: int, top: int, ink: Colour, *, dashed: bool) -> None:
    step = 6 if dashed else width
    for left in range(side, width - side, step):
        sketch.draw.line((left, top, min(left + (3 if dashed else step), width - side), top), ink)
