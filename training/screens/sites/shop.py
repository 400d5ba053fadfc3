"""A product in a shop, and results of a search."""

from __future__ import annotations

import json
import random

from training.screens.page import Page
from training.screens.phrases import Writer
from training.screens.records import Question, Screen
from training.screens.sites.facts import say_text
from training.screens.sites.frame import BUTTON_COLOURS, finish, narrow, open_browser, top_menu
from training.screens.themes import Style

_THINGS = ("backpack", "lamp", "kettle", "tent", "chair", "jacket", "bicycle", "camera", "radio", "headphones", "desk",
           "printer", "shoes", "knife", "guitar", "blanket", "drill", "watch", "mug", "bottle", "keyboard")  # fmt: skip
_SPECS = {"Weight": "kg", "Volume": "l", "Height": "cm", "Width": "cm", "Depth": "cm", "Length": "m", "Power": "W",
          "Battery": "h", "Memory": "GB", "Warranty": "years", "Voltage": "V", "Range": "m", "Material": "word",
          "Colour": "word", "Brand": "app", "Article number": "code", "Made in": "place", "Size": "size"}  # fmt: skip
_LABELS = ("Add to cart", "Buy now", "Remember", "Compare", "Add to basket", "Order", "Add to wish list", "Notify me",
           "Reserve", "Ask a question", "Share", "Save for later", "Checkout")  # fmt: skip


def draw_product(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """Name, price, rating, stock, a text, buttons and a list of properties."""
    thing = rng.choice((rng.choice(_THINGS), writer.slot("noun")))
    name = writer.fill("{app} ") + rng.choice((thing, thing.capitalize(), f"{thing} {rng.randrange(2, 900)}"))
    shop = writer.slot("app")
    page = open_browser(rng, writer, style, width, height, rng.choice((name, f"{name} - {shop}")), "product")
    if rng.random() < 0.7:
        top_menu(page, [writer.word().capitalize() for _ in range(rng.randint(3, 6))], shop)
    narrow(page, 36, 80)
    if page.wide > page.pen.size * 40 and rng.random() < 0.7:
        _picture(page)
    page.say(name, page.large, most=2)
    page.ask("heading", name, "What is the product called?", "Which product is it?", "What is sold here?",
             "What is the name of the product?", "What is the heading?")  # fmt: skip
    _offer(page, thing)
    if rng.random() < 0.7:
        said = say_text(page, rng.randint(1, 3), facts=1)
        page.ask("text", said, "Read the description of the product.", "What does the text under the price say?")
    _buttons(page)
    _specs(page, thing)
    page.describe(f'A browser with a page of a shop that sells "{name}".')
    return finish(page)


def _picture(page: Page) -> None:
    """A coloured block where a photo would be, at the left; the room moves right. Nothing where there is no room."""
    side = min(page.wide * 0.35, page.bottom - page.top - page.style.px(10))
    if side < page.style.px(24):
        return
    colour = page.rng.choice(list(BUTTON_COLOURS.values()))
    box = (page.left, page.top, page.left + side, page.top + side)
    page.fill(box, page.shade, 6, page.line)
    page.sketch.draw.ellipse(
        (box[0] + side * 0.2, box[1] + side * 0.2, box[2] - side * 0.2, box[3] - side * 0.3), colour
    )
    page.left += side + page.style.px(24)


def _offer(page: Page, thing: str) -> None:
    rng = page.rng
    price, stock = page.writer.amount(), rng.randint(1, 240)
    if page.say(price, page.style.type.pen(rng.uniform(1.1, 1.7), bold=True), page.accent):
        page.ask("price", price, "What does the {thing} cost?", "How much is the {thing}?", "What is the price?",
                 "How much does it cost?", "What does it cost?", "Price?", thing=thing)  # fmt: skip
    rating, votes = f"{rng.randint(1, 4)}.{rng.randrange(10)}", rng.randint(3, 4000)
    if rng.random() < 0.7 and page.say(rng.choice(("{r} of 5 ({n} reviews)", "Rating {r} / 5, {n} ratings",
                                                   "{r} stars from {n} buyers")).format(r=rating,
                                                                                        n=votes)):  # fmt: skip
        page.ask("value", rating, "What is the rating?", "How is the {thing} rated?", "How many stars does it have?",
                 thing=thing)  # fmt: skip
        page.ask("value", str(votes), "How many people rated it?", "How many reviews are there?",
                 "How many ratings does the {thing} have?", thing=thing)  # fmt: skip
    form = rng.choice(("{n} in stock", "In stock: {n} pieces", "Only {n} left", "{n} available", "Stock: {n}"))
    if rng.random() < 0.8 and page.say(form.format(n=stock), None, (30, 140, 60)):
        page.ask("value", str(stock), "How many pieces are in stock?", "How many are left?", "How many are available?",
                 "What is the stock?", "How many are in stock?")  # fmt: skip


def _buttons(page: Page) -> None:
    rng, x = page.rng, page.left
    labels = [label if rng.random() < 0.7 else page.writer.words(1, 2).capitalize()
              for label in rng.sample(_LABELS, rng.randint(1, 3))]  # fmt: skip
    colours = rng.sample(list(BUTTON_COLOURS), len(labels))
    high = round(page.pen.line * 1.7)
    drawn: list[str] = []
    for number, label in enumerate(labels):
        if x + page.pen.width(label) + page.style.px(30) > page.right or page.top + high > page.bottom:
            break
        coloured = number == 0 or rng.random() < 0.3
        x = page.button(x, page.top, label, BUTTON_COLOURS[colours[number]] if coloured else None) + page.style.px(10)
        drawn.append(label)
        if coloured:
            page.ask("button", label, "What does the {c} button say?", "What is written on the {c} button?",
                     "Read the {c} button.", "Which button is {c}?", c=colours[number])  # fmt: skip
    if drawn:
        page.top += high + page.style.px(12)
        page.ask("buttons", ", ".join(drawn), "Which buttons are there?", "Which buttons are there under the text?",
                 "List the buttons.", "What can I click?", "What are the buttons?")  # fmt: skip


def _specs(page: Page, thing: str) -> None:
    rng, writer = page.rng, page.writer
    labels = rng.sample(list(_SPECS), rng.randint(2, 7))
    rows: list[list[str]] = []
    start = page.left + max(map(page.pen.width, labels)) + page.style.px(rng.choice((14, 40, 90)))
    for label in labels:
        unit = _SPECS[label]
        known = unit in {"word", "app", "code", "place", "size"}
        value = (rng.choice(writer.vocabulary.places) if unit == "place" else writer.slot(unit)) if known else (
            f"{rng.choice((rng.randint(1, 400), round(rng.uniform(0.1, 99), rng.randint(1, 2))))} {unit}")  # fmt: skip
        if page.top + page.pitch > page.bottom or start + page.pen.width(value) > page.right:
            break
        page.put(page.left, page.top, label, page.rng.choice((page.pen, page.bold)), page.faint)
        page.put(start, page.top, value)
        page.top += page.pitch
        if rng.random() < 0.5:
            page.sketch.draw.line((page.left, page.top - 1, page.right, page.top - 1), page.line)
        rows.append([label, value])
        page.ask("value", value, "What is the {label}?", "Which {label} does the {thing} have?", "{label}?",
                 "What is the {label} of the {thing}?", label=label.lower(), thing=thing)  # fmt: skip
    if len(rows) > 1:
        answer = json.dumps(dict(rows), ensure_ascii=False)
        page.asker.questions.append(Question("json", "Give the properties of the product as JSON.", answer))
        page.ask("labels", ", ".join(label for label, _ in rows), "Which properties are listed?",
                 "What is listed about the {thing}?", thing=thing)  # fmt: skip


def draw_results(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """Results of a search: titles, addresses and snippets."""
    query = writer.words(1, 4)
    page = open_browser(rng, writer, style, width, height, f"{query} - {writer.slot('app')}", "search")
    narrow(page, 36, 64)
    page.fill((page.left, page.top, page.right, page.top + page.pitch + 6), page.shade, style.px(14), page.line)
    page.put(page.left + style.px(12), page.top + 3, query)
    page.top += page.pitch + style.px(12)
    total = f"{rng.randint(2, 900)},{rng.randrange(1000):03}"
    page.say(rng.choice(("About {n} results", "{n} results", "{n} results found")).format(n=total), None, page.faint)
    page.ask("value", query, "What was searched for?", "What is in the search field?", "Which words were searched for?")
    page.ask("value", total, "How many results were found?", "How many results are there in total?")
    found: list[tuple[str, str]] = []
    for _ in range(rng.randint(3, 7)):
        title, address = writer.words(2, 6).capitalize(), writer.host() + "/" + writer.slot("noun")
        start = page.top
        if start + 5 * page.pitch > page.bottom or title in dict(found):
            break
        middle = rng.random() < 0.5
        page.say(address, None, page.faint, gap=0, most=1) if middle else None
        page.say(title, style.type.pen(1.2), page.accent, gap=0, most=1)
        page.say(address, None, page.faint, gap=0, most=1) if not middle else None
        snippet = writer.sentence(8, 18)
        page.say(snippet, most=3, gap=0.7)
        found.append((title, address))
        page.ask(
            "value", address, "Which address does the result '{t}' have?", "What is the address of '{t}'?", t=title
        )
        page.ask("text", snippet, "What is written under '{t}'?", "What does the result '{t}' say?", t=title)
    if found:
        page.ask(
            "value", found[0][0], "What is the first result?", "Which result is at the top?", "Read the first result."
        )
        page.ask("value", found[-1][0], "What is the last result?", "Which result is at the bottom?")
        page.ask("how_many", str(len(found)), "How many results are shown?", "How many results are on the page?")
        rows = [{"title": title, "address": address} for title, address in found]
        page.ask("json", json.dumps(rows), "Give title and address of every result as JSON.",
                 "List title and address as JSON.")  # fmt: skip
        page.ask_whether([title for title, _ in found], lambda: writer.words(2, 5).capitalize(),
                         "Is there a result '{text}'?", "Is '{text}' among the results?")  # fmt: skip
    page.describe(f'A browser with the results of a search for "{query}".')
    return finish(page)
