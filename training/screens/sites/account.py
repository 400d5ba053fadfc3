"""Forms to sign in and to pay, often with an error under a field; statements of an account; confirmed bookings."""

from __future__ import annotations

import json
import random

from training.screens.page import Page
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.sites.facts import say_text
from training.screens.sites.frame import BUTTON_COLOURS, finish, narrow, open_browser, side_menu, top_menu
from training.screens.themes import Style

_SIGN_IN = (("E-mail", "email"), ("User name", "noun"), ("Customer number", "number"), ("Phone number", "number"),
            ("Login", "noun"), ("Account", "email"))  # fmt: skip
_PAYMENT = (("Name on card", "name"), ("Card number", "card"), ("Valid until", "month"), ("Security code", "number"),
            ("Street", "words"), ("City", "place"), ("E-mail", "email"), ("Amount", "amount"), ("Recipient", "name"),
            ("Reference", "words"), ("Postcode", "number"), ("Country", "place"), ("Company", "app"))  # fmt: skip
_ERRORS = ("Please enter a valid {field}.", "The {field} is wrong.", "This {field} is not known.",
           "{field} is required.",
           "The {field} is too short. It needs at least {n} characters.", "The {field} must not be empty.",
           "{n} attempts are left.", "Your session has ended. Please sign in again.", "This {field} is already in use.",
           "Wrong {field}. Try again in {n} minutes.", "The {field} contains the character {n}.",
           "Your card was declined.",
           "Too many attempts. Wait {n} seconds.", "We could not find the {field}.")  # fmt: skip
_SUBMITS = {True: ("Sign in", "Log in", "Login", "Continue", "Next", "Enter"),
            False: ("Pay now", "Pay", "Continue", "Send", "Confirm order", "Place order", "Save",
                    "Submit")}  # fmt: skip
_LINKS = (
    "Forgot your password?",
    "Create an account",
    "Need help?",
    "Sign in with a code",
    "Register",
    "Cancel",
    "Back",
)


def draw_sign_in(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A card with fields, the last of which may be wrong, a coloured button and links."""
    site, signing = writer.slot("app"), rng.random() < 0.5
    forms = (
        ("Sign in to {s}", "Welcome back", "Log in", "{s} login", "Sign in")
        if signing
        else (
            "Payment",
            "Checkout",
            "Your details",
            "Pay with card",
            "New transfer",
            "Register with {s}",
            "Delivery address",
        )
    )
    heading = rng.choice(forms).format(s=site)
    page = open_browser(rng, writer, style, width, height, rng.choice((heading, site)), "login" if signing else "pay")
    _card(page)
    page.say(heading, page.large, most=2)
    page.ask("heading", heading, "What is the heading?", "Read the heading.", "What is the heading of the form?",
             "What does the heading say?")  # fmt: skip
    kinds = [rng.choice(_SIGN_IN), ("Password", "stars")] if signing else rng.sample(_PAYMENT, rng.randint(3, 6))
    wrong = rng.randrange(len(kinds)) if rng.random() < 0.7 else -1
    rows = [(label, _value(rng, writer, kind)) for label, kind in kinds]
    drawn, error = _fields(page, rows, wrong)
    if signing and rng.random() < 0.5 and page.top + page.pitch < page.bottom:
        _tick(page)
    _submit(page, rng.choice(_SUBMITS[signing]))
    for link in rng.sample(_LINKS, rng.randint(0, 2)):
        page.say(link, None, page.accent, most=1, gap=0.2)
    if error:
        page.ask_error(error, "form")
    said = f' It shows the error "{error}".' if error else ""
    page.describe(f'A browser with the form "{heading}" and the fields {", ".join(drawn)}.{said}')
    return finish(page)


def _card(page: Page) -> None:
    """Limits the room to a card in the middle, or at the left."""
    rng = page.rng
    wide = min(page.wide, page.pen.size * rng.uniform(20, 34))
    page.left += (page.wide - wide) * rng.choice((0, 0.5, 0.5, 0.5))
    page.right = page.left + wide
    if rng.random() < 0.6:
        page.fill((page.left, page.top, page.right, page.bottom - 4), page.shade, 8, page.line)
    page.left, page.right = page.left + page.style.px(16), page.right - page.style.px(16)
    page.top += page.style.px(12)
    page.spacing = min(page.spacing, 1.35)


def _value(rng: random.Random, writer: Writer, kind: str) -> str:
    if kind == "stars":
        return "*" * rng.randint(6, 12)
    if kind == "card":
        return " ".join(f"{rng.randrange(10000):04}" for _ in range(4))
    if kind == "month":
        return f"{rng.randint(1, 12):02}/{rng.randint(24, 39)}"
    return rng.choice(writer.vocabulary.places) if kind == "place" else writer.slot(kind)


def _fields(page: Page, rows: list[tuple[str, str]], wrong: int) -> tuple[list[str], str]:
    rng, style, drawn, error = page.rng, page.style, {}, ""
    red = (205, 30, 40)
    for number, (label, value) in enumerate(rows):
        text = page.fitting(value, page.wide - style.px(20))
        high = round(page.pen.line * 1.6)
        if page.top + page.pitch + high + page.pitch > page.bottom or page.pen.width(text) > page.wide - style.px(16):
            break
        page.say(label, None, page.faint, gap=0, most=1)
        box = (page.left, page.top, page.right, page.top + high)
        page.fill(box, page.ground, style.px(4), red if number == wrong else page.line)
        page.put(page.left + style.px(8), page.top, text, None, None, high)
        page.top += high + style.px(4)
        drawn[label] = text
        if "*" not in text:
            page.ask("value", text, "What is the {label}?", "What is entered for {label}?", "Which {label} is entered?",
                     "What does it say for {label}?", label=label if label[1].isupper() else label.lower())  # fmt: skip
        if number == wrong:
            said = rng.choice(_ERRORS).format(field=label.lower(), n=rng.randint(2, 30))
            said = said[0].upper() + said[1:] if rng.random() < 0.7 else page.writer.message(error=True, most_words=9)
            if page.say(said, None, red, most=2):
                error = said
                page.ask(
                    "value", label, "Which field has an error?", "Which field is wrong?", "What did I enter wrongly?"
                )
        page.top += style.px(rng.choice((2, 6)))
    if len(drawn) > 1:
        page.ask("labels", ", ".join(drawn), "Which fields are there?", "List the fields.", "What do I have to enter?")
        page.ask("json", json.dumps({k: v for k, v in drawn.items() if "*" not in v}), "Give the form as JSON.",
                 "Return what is entered as JSON.", "Turn the form into JSON.")  # fmt: skip
        page.ask("how_many", str(len(drawn)), "How many fields are there?", "Count the fields.")
        page.ask_whether(list(drawn), lambda: page.writer.word().capitalize(), "Is there a field {text}?",
                         "Does the form ask for {text}?")  # fmt: skip
    return list(drawn), error


def _tick(page: Page) -> None:
    on, size = page.rng.random() < 0.5, round(page.pen.line * 0.8)
    label = page.rng.choice(
        ("Remember me", "Stay signed in", "Keep me logged in", page.writer.words(2, 3).capitalize())
    )
    top = page.top + (page.pitch - size) // 2
    page.fill((page.left, top, page.left + size, top + size), page.ground, 2, page.ink)
    if on:
        page.sketch.draw.line((page.left + 2, top + size * 0.5, page.left + size * 0.4, top + size - 3,
                               page.left + size - 2, top + 2), page.ink, 2)  # fmt: skip
    page.put(page.left + size + page.style.px(8), page.top, label)
    page.top += page.pitch + page.style.px(4)
    page.ask("is_checked", "Yes" if on else "No", 'Is "{label}" checked?', 'Is "{label}" ticked?', label=label)


def _submit(page: Page, label: str) -> None:
    name = page.rng.choice(list(BUTTON_COLOURS))
    high = round(page.pen.line * 1.7)
    if page.top + high > page.bottom:
        return
    page.button(page.left, page.top, label, BUTTON_COLOURS[name])
    page.top += high + page.style.px(10)
    page.ask("button", label, "What does the {c} button say?", "What does the button say?", "Read the button.",
             "What is written on the button?", "Which button do I press to go on?", c=name)  # fmt: skip


def draw_statement(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A bank's page: the account, its balance, bookings."""
    bank, holder = rng.choice(("{app} Bank", "Bank of {app}", "{app}")), writer.name()
    bank = writer.fill(bank)
    page = open_browser(rng, writer, style, width, height, f"{bank} - account", "account")
    top_menu(page, ["Accounts", "Transfers", "Cards", "Messages", "Log out"], bank)
    side_menu(page, rng.sample(("Overview", "Statement", "Orders", "Savings", "Loans", "Limits"), 4)) if (
        rng.random() < 0.4) else narrow(page, 40, 80)  # fmt: skip
    account = " ".join(f"{rng.randrange(10000):04}" for _ in range(rng.randint(2, 5)))
    balance, coin = f"{rng.randrange(40000)}.{rng.randrange(100):02}", rng.choice(("EUR", "USD", "CHF", "GBP"))
    page.say(rng.choice(("Account statement", "Current account", "Bookings", holder)), page.large, most=1)
    for text, value, questions in (
        (f"Holder: {holder}", holder, ("Whose account is it?", "Who is the account holder?")),
        (f"Account {account}", account, ("What is the account number?", "Which account is shown?")),
        (f"Balance: {balance} {coin}", f"{balance} {coin}", ("What is the balance?",
                                                             "How much money is in the account?",
                                                             "How much is left?")),
    ):  # fmt: skip
        if page.say(text, rng.choice((page.pen, page.bold)), most=1, gap=0.1):
            page.ask("value", value, *questions)
    signs = [rng.choice("+--") for _ in range(rng.randint(4, 14))]
    rows = [[writer.date(), _payee(rng, writer),
             f"{sign}{rng.randrange(2000)}.{rng.randrange(100):02}"] for sign in signs]  # fmt: skip
    rows = list({row[1]: row for row in rows}.values())
    drawn = page.table([["Date", rng.choice(("Payee", "Text", "Description")), "Amount"], *rows])
    for row in drawn[1:6]:
        page.ask("cell", row[2], "How much was the booking of {who}?", "What amount is booked for {who}?",
                 "How much is {who}?", "What is the amount of {who}?", who=row[1])  # fmt: skip
        page.ask("cell", row[0], "When was {who} booked?", "What is the date of {who}?", who=row[1])
    if len(drawn) > 1:
        page.ask("value", drawn[1][1], "What is the first booking?", "Who is at the top of the list?")
        page.ask("how_many", str(len(drawn) - 1), "How many bookings are listed?", "How many bookings are there?")
        page.ask_table(drawn, "booking", "bookings", key=1)
    page.describe(f"A browser with an account statement of {bank}; the balance is {balance} {coin}.")
    return finish(page)


def _payee(rng: random.Random, writer: Writer) -> str:
    return rng.choice(
        (writer.name(), writer.slot("app"), writer.fill("{app} {noun}"), rng.choice(writer.vocabulary.places))
    )


def draw_booking(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A confirmation: number, labelled details, a total, a button."""
    kind = rng.choice(("Hotel", "Flight", "Table", "Car", "Concert", "Train", "Ferry", "Appointment"))
    heading = rng.choice(("Your booking is confirmed", "Booking confirmed", f"{kind} booked", "Thank you, {n}!",
                          "Your order has been placed")).format(n=writer.name())  # fmt: skip
    page = open_browser(rng, writer, style, width, height, heading, "booking")
    narrow(page, 30, 56)
    page.say(heading, page.large, most=2)
    page.ask("heading", heading, "What is the heading?", "What does the page say at the top?", "Read the heading.")
    if rng.random() < 0.5:
        say_text(page, 1, facts=1)
    code = "".join(rng.choices("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", k=rng.randint(5, 9)))
    where, guests = rng.choice(writer.vocabulary.places), str(rng.randint(1, 9))
    details = {"Booking number": code, "Name": writer.name(), "From": writer.date(), "To": writer.date(),
               "Place": where,
               "Guests": guests, "Time": writer.time(), "Seat": f"{rng.randint(1, 60)}{rng.choice('ABCDEF')}",
               "Room": str(rng.randint(1, 999)), "Paid with": writer.word().capitalize(), "Total": writer.amount(),
               "Phone": f"+{rng.randint(1, 99)} {rng.randrange(10**7)}", "E-mail": writer.email()}  # fmt: skip
    asked = {"Name": ("Who made the booking?", "For whom is the booking?"), "Guests": ("How many guests are there?",),
             "Booking number": ("What is the booking number?", "Which booking code is it?"),
             "Total": ("What is the total?",
             "How much does it cost in total?"), "From": ("From when is the booking?", "What is the first day?"),
             "To": ("Until when is the booking?", "When does it end?"), "Place": ("Where is it?", "Which town is it?"),
             "Time": ("At what time is it?", "What time is the booking for?")}  # fmt: skip
    labels = [
        "Booking number",
        *rng.sample([label for label in details if label != "Booking number"], rng.randint(3, 7)),
    ]
    start, drawn = page.left + max(map(page.pen.width, labels)) + style.px(rng.choice((16, 50))), {}
    for label in labels:
        if page.top + page.pitch > page.bottom or start + page.pen.width(details[label]) > page.right:
            break
        page.put(page.left, page.top, label, None, page.faint)
        page.put(start, page.top, details[label], page.bold if label == "Total" else page.pen)
        page.top += page.pitch
        drawn[label] = details[label]
        page.ask("value", details[label], *asked.get(label, ()), f"What is the {label.lower()}?", f"{label}?")
    page.top += style.px(8)
    _submit(page, rng.choice(("Print", "Change booking", "Back to start", "Download ticket", "Cancel booking")))
    page.ask("json", json.dumps(drawn), "Give the booking as JSON.", "Return the details of the booking as JSON.")
    page.describe(f'A browser with a confirmed booking, "{heading}", number {code}.')
    return finish(page)
