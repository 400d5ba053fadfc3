"""Pages with a table of two to twelve rows, and orders and invoices: what is given as JSON. For training alone."""

from __future__ import annotations

import random
from collections.abc import Callable

from training.screens.page import Page
from training.screens.phrases import DAYS, MONTHS, Writer
from training.screens.receipts import good, receipt_json, shop_name
from training.screens.records import Screen
from training.screens.sites.account import draw_booking
from training.screens.sites.facts import say_text
from training.screens.sites.frame import finish, narrow, open_browser, side_menu, top_menu
from training.screens.themes import Style

_MENU = ("Home", "News", "Results", "Members", "Products", "Prices", "Contact", "About", "Archive", "Orders")
_SUBJECTS: dict[str, tuple[str, str]] = {
    "Team": ("team", "teams"), "Player": ("player", "players"), "Product": ("product", "products"),
    "Employee": ("employee", "employees"), "City": ("city", "cities"), "Course": ("course", "courses"),
    "Device": ("device", "devices"), "Member": ("member", "members"), "Book": ("book", "books"),
    "Project": ("project", "projects"), "Article": ("article", "articles"), "Room": ("room", "rooms"),
    "Plan": ("plan", "plans"), "Month": ("month", "months"), "Weekday": ("weekday", "weekdays"),
}  # fmt: skip
_STATES = (("open", "closed"), ("yes", "no"), ("active", "inactive", "new"), ("low", "medium", "high"),
           ("paid", "open", "overdue"), ("A", "B", "C"), ("full", "free"), ("passed", "failed"))  # fmt: skip


def draw_web_table(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A heading, perhaps a text, and one table of two to six columns."""
    subject = rng.choice(list(_SUBJECTS))
    item, items = _SUBJECTS[subject]
    own = (f"{items.capitalize()} of {writer.slot('app')}", writer.words(1, 4).capitalize())
    heading = rng.choice((*own, f"All {items}", f"Table of {items}", f"{subject} list"))
    page = open_browser(rng, writer, style, width, height, heading, items)
    if rng.random() < 0.4:
        top_menu(page, rng.sample(_MENU, 4), writer.slot("app"))
    if rng.random() < 0.25:
        side_menu(page, rng.sample(_MENU, rng.randint(3, 6)))
    narrow(page, 34, 80)
    if page.say(heading, page.large, most=2):
        page.ask("heading", heading, "What is the heading?", "What stands above the table?", "Read the heading.",
                 "What is the table about? Read its heading.")  # fmt: skip
    if rng.random() < 0.4:
        say_text(page, rng.randint(0, 2), facts=1)
    drawn = page.table(_rows(rng, writer, subject), most=12, fewer=True)
    if len(drawn) > 1:
        page.ask_table(drawn, item, items)
        page.ask("columns", ", ".join(drawn[0]), "What are the columns?", "List the headings of the table.",
                 "Which columns does the table have?", "Read the first row of the table.")  # fmt: skip
    if rng.random() < 0.3:
        say_text(page, 1, facts=1)
    page.describe(f'A browser with the page "{heading}" and a table with the columns {", ".join(drawn[0])}.')
    return finish(page)


def _rows(rng: random.Random, writer: Writer, subject: str) -> list[list[str]]:
    """Headings and rows, in every second table with a column of few values."""
    states = rng.choice(_STATES)
    makers: dict[str, Callable[[], str]] = {
        "Price": writer.amount, "Date": writer.date, "Place": lambda: rng.choice(writer.vocabulary.places),
        "Points": lambda: str(rng.randint(0, 99)), "Won": lambda: str(rng.randint(0, 12)), "Leader": writer.name,
        "Lost": lambda: str(rng.randint(0, 12)), "Phone": lambda: f"{rng.randint(100, 999)} {rng.randint(1000, 99999)}",
        "Stock": lambda: str(rng.randint(0, 400)), "Hours": lambda: f"{rng.randint(1, 60)}.{rng.choice('05')}",
        "Share": lambda: writer.slot("percent"), "Begin": writer.time, "Size": writer.size, "Version": writer.version,
        "E-mail": writer.email, "Seats": lambda: str(rng.randint(2, 60)), "Code": writer.code,
        "Weight": lambda: f"{rng.randint(1, 90)}.{rng.randrange(10)} kg", "Year": lambda: str(rng.randint(1900, 2030)),
        "State": lambda: rng.choice(states), "Grade": lambda: rng.choice(states), "Day": lambda: rng.choice(DAYS),
        writer.word().capitalize(): writer.word,
    }  # fmt: skip
    chosen = rng.sample(list(makers), rng.choices((1, 2, 3, 4, 5), (3, 5, 5, 3, 2))[0])
    if rng.random() < 0.5 and not {"State", "Grade"} & set(chosen):
        chosen[-1] = "State"
    known = {"Month": list(MONTHS), "Weekday": list(DAYS), "Room": [f"{rng.randint(1, 9)}{n:02}" for n in range(1, 13)]}
    made = known.get(subject) or [_name(rng, writer, subject) for _ in range(rng.randint(2, 12))]
    names = list(dict.fromkeys(made))[: rng.choice((2, 3, 3, 4, 4, 5, 6, 7, 9, 12))]
    return [[subject, *chosen], *([name, *(makers[column]() for column in chosen)] for name in names)]


def _name(rng: random.Random, writer: Writer, subject: str) -> str:
    if subject in {"Player", "Employee", "Member"}:
        return writer.name()
    if subject in {"City", "Team"}:
        return str(rng.choice(writer.vocabulary.places))
    return good(rng, writer) if subject in {"Product", "Article"} else writer.words(1, 2).capitalize()


def draw_order(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """An order, an invoice or a digital receipt: shop, date, items with prices, further amounts, the total."""
    shop, date = shop_name(rng, writer), writer.date()
    kind = rng.choice(("Your order", "Order", "Receipt", "Invoice", "Your purchase", "Order summary", "E-receipt"))
    number = f"{rng.choice('ABKR')}{rng.randint(1000, 999999)}"
    page = open_browser(rng, writer, style, width, height, f"{kind} - {shop}", "order")
    narrow(page, 26, 56)
    page.say(shop, page.large, most=1)
    page.say(rng.choice((kind, f"{kind} {number}")), page.bold, most=1)
    label = rng.choice(("Date: {}", "{}", "Ordered on {}", "Date of purchase: {}", "Bought on {}"))
    page.say(label.format(date), most=1, gap=0.6)
    bought = {good(rng, writer): rng.randint(20, 9999) for _ in range(rng.choice((1, 2, 2, 3, 3, 4, 5, 6)))}
    sign = rng.choice(("", "", "$", "EUR "))
    rows = [(name, f"{cents / 100:.2f}") for name, cents in bought.items()]
    rows = rows[: max(0, int((page.bottom - page.top) / page.pitch) - 6)]
    if not rows:
        return draw_booking(rng, writer, style, width, height)
    total, ships = sum(bought[name] for name, _ in rows), rng.randint(100, 999) if rng.random() < 0.4 else 0
    amounts = {"Subtotal": total, "Shipping": ships} if ships else {}
    sums = [(name, f"{cents / 100:.2f}") for name, cents in amounts.items()]
    total_label, in_all = (
        rng.choice(("Total", "Total:", "Sum", "To pay", "Amount due")),
        f"{(total + ships) / 100:.2f}",
    )
    page.asker.ask("shop", shop)
    page.ask("date", date, "What is the date?", "When was it bought?", "When was the order placed?", "Order date?")
    _lines(page, rows, sums, (total_label, in_all), sign)
    _ask(page, shop, date, rows, in_all, sign)
    for name, amount in sums:
        page.ask("value", sign + amount, "How much is {name}?", "What is {name}?", "{name}?", name=name.lower())
    paid = rng.choice(("Visa", "cash", "bank transfer", "invoice", "voucher", writer.slot("app")))
    if rng.random() < 0.6 and page.say(f"Paid by {paid}", None, page.faint, most=1):
        page.ask("value", paid, "How was it paid?", "How did I pay?", "What is the means of payment?")
    page.describe(f"A browser with an order at {shop} over {sign}{in_all}.")
    return finish(page)


def _lines(page: Page, rows: list[tuple[str, str]], sums: list[tuple[str, str]], total: tuple[str, str],
           sign: str) -> None:  # fmt: skip
    """Names at the left and amounts at the right, the total in bold."""
    for name, price in (*rows, *sums, total):
        last = (name, price) == total
        pen = page.bold if last else page.pen
        if last or (sums and name == sums[0][0]):
            page.rule()
        page.put(page.left, page.top, name, pen)
        page.put_right(page.right, page.top, sign + price, pen)
        page.top += page.pitch
    page.top += page.pitch // 2


def _ask(page: Page, shop: str, date: str, rows: list[tuple[str, str]], total: str, sign: str) -> None:
    asker, names = page.asker, [name for name, _ in rows]
    asker.ask("total", sign + total)
    for name, price in rows:
        asker.ask("price", sign + price, as_kind="value", label=name)
    asker.ask("items", ", ".join(names), as_kind="list")
    asker.ask("item_count", str(len(rows)), as_kind="how_many")
    prices = [float(price) for _, price in rows]
    if len(rows) > 1 and prices.count(max(prices)) == 1:
        page.ask("value", names[prices.index(max(prices))], "What was most expensive?", "Which item cost most?",
                 "What is the dearest item?")  # fmt: skip
    if len(rows) > 1 and prices.count(min(prices)) == 1:
        page.ask("value", names[prices.index(min(prices))], "What was cheapest?", "Which item cost least?")
    answer = receipt_json(shop, date, rows, total)
    asker.ask("json", answer)
    page.prompt("receipt-to-json", answer, "json")
