"""Pages and forms in a window: invoices, orders and receipts as JSON, forms with an error, welcome pages."""

from __future__ import annotations

import json
from random import Random

from training.screens.pages import PROMPTS, explained
from training.screens.panes.errors import long_error
from training.screens.panes.frame import Field, Frame
from training.screens.panes.questions import ERROR, HEADLINE, PROGRAM
from training.screens.phrases import Writer
from training.screens.receipts import good, shop_name
from training.screens.records import Question, Screen
from training.screens.themes import Style

_INVOICE = (
    "Give the invoice as JSON with {keys}.", "Invoice to JSON: {schema}", "Extract {keys} as JSON.",
    "Return the invoice as JSON like {schema}.",
    "I need {keys} of the invoice as JSON.", "Turn the invoice into JSON with the keys {keys}.",
    "Fill in {schema} from the invoice.",
    "JSON of the invoice with {keys}, please.", "Read the invoice and return {keys} as JSON.",
)  # fmt: skip
_ITEMS = (
    "Give the items with their prices as JSON.", "List the items as JSON with name and price.",
    "Items as JSON: [{schema}]",
    "Return a JSON list of {schema} for all items.", "Extract the items as a JSON array with name and price.",
    "Every item as {schema}, in a JSON list.", "I need name and price of each item as JSON.",
    "JSON list of the items with name and price.",
)  # fmt: skip
_TAX = (0, 5, 7, 19, 20)
_FORM_LABELS: dict[str, str] = {
    "Name": "name", "E-mail": "email", "Street": "noun", "City": "noun", "Phone": "number", "Date": "date",
    "Company": "app", "Amount": "amount",
    "Account": "code", "Subject": "words", "Country": "noun", "Reference": "code", "File": "file",
    "Quantity": "number", "Arrival": "date",
    "Seats": "number", "Time": "time", "Room": "code",
}  # fmt: skip


def draw_invoice(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """An invoice or a receipt in a viewer, with items, tax and total."""
    frame = Frame(rng, writer, style, width, height, rng.choice(("document viewer", "PDF viewer")))
    file = f"{rng.choice(('invoice', 'receipt', 'bill', 'order'))}-{rng.randint(1, 9999)}.pdf"
    frame.title(file, "document")
    frame.menus()
    frame.tools(("Open", "Print", "Previous", "Next", "Zoom"), share=0.6)
    shop, number, date = shop_name(rng, writer), str(rng.randint(1000, 99999)), writer.date()
    receipt = rng.random() < 0.35
    items = {good(rng, writer): rng.randint(50, 40000) for _ in range(rng.randint(2, 7))}
    tax = rng.choice(_TAX)
    net = sum(items.values())
    vat = round(net * tax / 100)
    sign = rng.choice(("", "", " EUR", " USD"))
    total = f"{(net + vat) / 100:.2f}"
    known = {
        "shop": shop,
        "number": number,
        "date": date,
        "customer": writer.name(),
        "total": total,
        "due": writer.date(),
    }
    frame.left += frame.gap * rng.choice((2, 4, 10))
    frame.top += frame.gap
    frame.put(
        frame.left,
        frame.top,
        shop,
        frame.large if frame.large.width(shop) < frame.wide else frame.bold,
        None,
        frame.large.line * 1.4,
    )
    frame.top += frame.large.line * 1.6
    head = [f"{'Receipt' if receipt else 'Invoice'} {rng.choice(('No. ', 'no. ', '#', ''))}{number}", f"Date: {date}"]
    head += [] if receipt else [f"Customer: {known['customer']}", f"Due: {known['due']}"]
    pitch = frame.pen.line * 1.3
    wide = min(frame.wide - 2 * frame.gap, frame.pen.size * rng.uniform(22, 40))
    rows = [(name, f"{cents / 100:.2f}{sign}") for name, cents in items.items()]
    rows += [(f"Tax {tax} %", f"{vat / 100:.2f}{sign}")] if tax else []
    rows.append((rng.choice(("Total", "Amount due", "Sum", "To pay")), total + sign))
    if frame.top + pitch * (len(head) + len(rows) + 1) > frame.bottom or any(
        frame.pen.width(a + b) + 20 > wide for a, b in rows
    ):
        return _short(frame, file)
    for line in head:
        frame.put(frame.left, frame.top, line, None, None, pitch)
        frame.top += pitch
    frame.top += pitch / 2
    for name, price in rows:
        pen = (
            frame.bold
            if (name, price) == rows[-1] and rng.random() < 0.5 and frame.bold.width(name + price) + 20 < wide
            else frame.pen
        )
        frame.put(frame.left, frame.top, name, pen, None, pitch)
        frame.put(frame.left + wide - pen.width(price), frame.top, price, pen, None, pitch)
        frame.top += pitch
    _ask_invoice(frame, known, items, receipt=receipt, total=rows[-1][1], sign=sign)
    return frame.done("invoice", f"with {'a receipt' if receipt else 'an invoice'} of {shop} over {rows[-1][1]}.")


def _short(frame: Frame, file: str) -> Screen:
    return frame.done("invoice", f"with the document {file} open.")


def _ask_invoice(
    frame: Frame, known: dict[str, str], items: dict[str, int], *, receipt: bool, total: str, sign: str
) -> None:
    rng, paper = frame.rng, "receipt" if receipt else "invoice"
    asked = {"shop": ("Who sent the {p}?", "Which company is it?", "From whom is the {p}?",
                      "What stands at the top of the {p}?", "Which shop is it?",
                      "Name of the company?", "Who issued the {p}?", "By which company is the {p}?"),
             "number": ("What is the number of the {p}?", "Which number has the {p}?", "Number of the {p}?",
                        "Read the {p} number.", "{p} number?",
                        "What number does the {p} have?", "Which {p} is it? Give its number.",
                        "What is the {p} number?"),
             "date": ("What is the date of the {p}?", "From which date is the {p}?", "Date of the {p}?",
                      "When was the {p} written?",
                      "Which date is on the {p}?", "What date does the {p} have?", "Of which day is the {p}?",
                      "When is the {p} from?"),
             "customer": ("Who is the customer?", "Customer?", "To whom is the {p}?", "Who has to pay?",
                          "Which customer is named?", "Whose {p} is it?",
                          "For whom is the {p}?", "What is the name of the customer?"),
             "due": ("When is it due?", "Until when must it be paid?", "Due date?", "What is the due date?",
                     "By when must one pay?",
                     "When must the {p} be paid?", "What stands after Due?", "Which due date is given?")}  # fmt: skip
    for key in ("shop", "number", "date") if receipt else asked:
        frame.say_phrase("value", known[key], asked[key], p=paper)
    frame.ask("total", total, "What is the total?", "How much must be paid?", "Total?",
              "What does it cost altogether?", "What is the amount due?",
              "How much in all?", "What is the sum?", "How much is to be paid?")  # fmt: skip
    for name, cents in rng.sample(list(items.items()), min(3, len(items))):
        frame.ask("price", f"{cents / 100:.2f}{sign}", "What does {n} cost?", "Price of {n}?", "How much is {n}?",
                  "What is the price of {n}?", "{n}?",
                  "How much was paid for {n}?", "What is charged for {n}?", "Which price has {n}?", n=name)  # fmt: skip
    frame.ask_names(list(items), "item", "items", "", most=3)
    named = [{"name": name, "price": cents / 100} for name, cents in items.items()]
    schema = '{"name": "...", "price": 0}'
    frame.say_phrase("json", json.dumps(named, ensure_ascii=False), _ITEMS, schema=schema)
    number = float(known["total"])
    frame.asker.questions.append(Question("json", PROMPTS["receipt-to-json"], json.dumps(
        {"shop": known["shop"], "date": known["date"], "items": named, "total": number},
        ensure_ascii=False)))  # fmt: skip
    keys = ["shop", "number", "date"] if receipt else ["shop", "number", "date", "customer", "due"]
    chosen = [*sorted(rng.sample(keys, rng.randint(2, len(keys))), key=keys.index), "total"]
    values: dict[str, object] = {key: number if key == "total" else known[key] for key in chosen}
    shape = "{" + ", ".join(f'"{key}": {"0" if key == "total" else chr(34) + "..." + chr(34)}' for key in chosen) + "}"
    frame.say_phrase("json", json.dumps(values, ensure_ascii=False),
                     tuple(text.replace("invoice", paper) for text in _INVOICE),
                     keys=", ".join(chosen[:-1]) + " and total", schema=shape)  # fmt: skip


def draw_entry_form(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A form of three to eight fields, often with an error above, below a field or in a banner."""
    frame = Frame(rng, writer, style, width, height, rng.choice(("form", "web form", "form")))
    frame.title(rng.choice((writer.words(1, 3).capitalize(), f"{writer.slot('noun')}".capitalize())))
    if rng.random() < 0.5:
        address = f"{writer.host()}/{writer.slot('noun')}"
        top, bottom = frame.strip(frame.pen.line * 1.8)
        frame.sketch.panel(
            (frame.gap * 6, top + 3, frame.right - frame.gap, bottom - 3),
            frame.style.theme.field,
            frame.style.theme,
            sunken=True,
        )
        frame.put(frame.gap * 7, top, address, None, frame.style.theme.field_ink, frame.pen.line * 1.8)
        frame.ask("file", address, "Which address is open?", "What is the address?", "Address?",
                  "Read the address bar.", "What is the URL?",
                  "Which page is open?", "What does the address bar say?", "Which site is it?")  # fmt: skip
    names = list(
        rng.choice(
            (
                ("Send", "Cancel"),
                ("Submit",),
                ("Save", "Reset"),
                ("Back", "Continue"),
                ("Clear", "Order"),
                ("Register",),
            )
        )
    )
    frame.buttons(names, align=rng.choice(("left", "right")))
    frame.left += frame.gap * rng.choice((2, 4, 12))
    heading = writer.words(1, 4).capitalize()
    if frame.large.width(heading) < frame.wide:
        frame.put(frame.left + frame.gap, frame.top + frame.gap, heading, frame.large, None, frame.large.line * 1.3)
        frame.say_phrase("heading", heading, HEADLINE)
    frame.top += frame.gap + frame.large.line * 1.6
    error = long_error(rng, writer) if rng.random() < 0.6 else ""
    if error and frame.pen.width(error) < frame.wide - 4 * frame.gap:
        high = frame.pen.line * 1.9
        dark = sum(frame.ground) < 380
        frame.fill(
            (frame.left + frame.gap, frame.top, frame.right - frame.gap, frame.top + high),
            (90, 30, 34) if dark else (250, 222, 222),
            4,
        )
        frame.put(frame.left + 2 * frame.gap, frame.top, error, None, (255, 190, 190) if dark else (150, 10, 20), high)
        frame.top += high + frame.gap
        for _ in range(2):
            frame.asker.questions.append(Question("message", rng.choice(ERROR), error))
        frame.asker.questions.append(Question("message", PROMPTS["explain-error"], explained(error, frame.noun)))
    labels = rng.sample(list(_FORM_LABELS), rng.randint(3, 8))
    frame.fields([Field(label, str(writer.slot(_FORM_LABELS[label])),
                        rng.choice(("entry", "entry", "entry", "combo"))) for label in labels],
                 columns=rng.random() < 0.6)  # fmt: skip
    return frame.done("entry_form", f'with the heading "{heading}".')


def draw_welcome(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """What a program shows when nothing is open: a headline with its name, buttons in the middle, recent files."""
    frame = Frame(rng, writer, style, width, height, rng.choice(("photo manager", "drawing program",
                                                                 "password manager", "mail program",
                                                                 "music program", "office program", "video editor",
                                                                 "note program")))  # fmt: skip
    frame.title(frame.app)
    frame.menus()
    frame.tools((), share=0.5)
    headline = rng.choice((f"Welcome to {frame.app} {writer.version()}", f"Welcome to {frame.app}",
                           f"{frame.app} {writer.version()}",
                           f"Get started with {frame.app}"))  # fmt: skip
    large = frame.large if frame.large.width(headline) < frame.wide - 20 else frame.bold
    middle = frame.left + frame.wide / 2
    top = frame.top + (frame.bottom - frame.top) * rng.uniform(0.05, 0.25)
    frame.put(middle - large.width(headline) / 2, top, headline, large, None, large.line * 1.4)
    frame.say_phrase("heading", headline, HEADLINE)
    for _ in range(2):
        frame.say_phrase("program", frame.app, PROGRAM)
    top += large.line * 1.8
    sentence = writer.fill(
        rng.choice(("Open a {noun} or create a new one.", "{sentence}", "Start by choosing a {adjective} {noun}."))
    )
    if frame.pen.width(sentence) < frame.wide:
        frame.put(middle - frame.pen.width(sentence) / 2, top, sentence, None, None, frame.pen.line * 1.3)
        top += frame.pen.line * 2
    names = list(dict.fromkeys(writer.fill(form).capitalize() for form in rng.sample((
        "Create {noun}", "Open {noun}", "Import from {noun}", "New {noun}", "Open existing {noun}", "Restore {noun}",
        "Learn more", "Take the tour",
        "Add {noun}"), rng.randint(2, 5))))  # fmt: skip
    stacked = rng.random() < 0.7
    shown, x = [], middle - sum(frame.pen.width(name) + frame.style.px(26) + frame.gap for name in names) / 2
    if not stacked and x < frame.left:
        stacked = True
    for name in names:
        if top + frame.pen.line * 2 > frame.bottom:
            break
        if stacked:
            frame.button(middle - frame.pen.width(name) / 2 - frame.style.px(13), top, name)
            top += frame.pen.line * 2.1
        else:
            x = frame.button(x, top, name) + frame.gap
        shown.append(name)
    frame.ask_names(
        shown,
        "button",
        "buttons",
        rng.choice((" in the middle", " below the headline")),
        across=not stacked,
        kind="buttons",
    )
    return frame.done("welcome", f'with the headline "{headline}".')
