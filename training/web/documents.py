"""Invoices, answers to questions, notifications, and results of a search."""

from __future__ import annotations

import json

from training.web.board import Board
from training.web.buttons import button_row
from training.web.look import icon
from training.web.notices import notice


def invoice(board: Board) -> str:
    """Who owes whom: items with their prices, the total, what was paid and what is left."""
    rng, currency = board.rng, board.pick(("EUR", "USD", "CHF", "GBP"))
    names = board.alike("good", rng.randint(2, 7))
    counts = [rng.randint(1, 9) for _ in names]
    prices = [rng.randint(100, 30000) for _ in names]
    sums = [count * price for count, price in zip(counts, prices, strict=True)]
    total = sum(sums)
    paid = rng.choice((0, total // 4, total // 2, total // 3))

    def money(cents: int) -> str:
        return f"{cents / 100:,.2f} {currency}"

    number, seller, client = (
        board.maker.make("code").text,
        board.maker.make("app").text,
        board.maker.make("person").text,
    )
    date, due = board.alike("date", 2) if rng.random() < 0.9 else ("1 March", "31 March")
    title = board.pick(("Invoice", "Bill", "Order confirmation", "Receipt", "Quote"))
    rows = []
    for n, name in enumerate(names):
        cells = (name, str(counts[n]), money(prices[n]), money(sums[n]))
        rows.append(
            "<tr>"
            + "".join(f"<td>{board.put(text, f'i{n}.{place}')}</td>" for place, text in enumerate(cells))
            + "</tr>"
        )
        needs = (f"i{n}.0", f"i{n}.2")
        board.ask(
            "price",
            cells[2],
            "What does one {k} cost?|What is the unit price of {k}?|How much is a single {k}?",
            needs,
            k=name,
        )
        board.ask(
            "value",
            cells[1],
            "How many {k} were ordered?|What is the quantity of {k}?|How many {k} are on it?",
            (needs[0], f"i{n}.1"),
            k=name,
        )
        board.ask(
            "value",
            cells[3],
            "How much is {k} altogether?|What is the amount for {k}?|What do all the {k} cost?",
            (needs[0], f"i{n}.3"),
            k=name,
        )
    heads = ("Item", "Quantity", "Price", "Amount")
    head = "".join(f"<th>{board.put(text, f'h{n}')}</th>" for n, text in enumerate(heads))
    every = [f"i{n}.{place}" for n in range(len(names)) for place in range(4)]
    cells_of = [[board.texts[f"i{n}.{place}"] for place in range(4)] for n in range(len(names))]
    board.prompt(
        "table-to-json",
        "json",
        json.dumps({"columns": list(heads), "rows": cells_of}, ensure_ascii=False),
        [*every, *(f"h{n}" for n in range(4))],
    )
    board.ask_as("items", ", ".join(names), every, "list")
    board.ask_as("item_count", str(len(names)), every, "how_many")
    lines = [
        ("Total", total, "total", "What is the total?|How much is it altogether?|What is the sum?|How much is the {t}?")
    ]
    if paid:
        lines.append(("Paid", paid, "paid", "How much was paid?|How much has been paid already?|What was paid so far?"))
        lines.append(
            (
                board.pick(("Balance", "Amount due", "Open", "To pay")),
                total - paid,
                "left",
                "How much remains to be paid?|How much is still open?|What is left to pay?|How much must still be paid?",
            )
        )
    sums_html = ""
    for label, cents, name, asked in lines:
        sums_html += f"<tr><td>{label}</td><td class='b'>{board.put(money(cents), name)}</td></tr>"
        board.ask("total" if name == "total" else "value", money(cents), asked, (name,), t=title.lower())
    facts = ((f"{title} no.", number, "number", "What is the number of the {t}?|Which number does it have?|Which {t} is it?"),
             (board.pick(("From", "Seller", "Issued by")), seller, "seller", "Who issued the {t}?|From whom is the {t}?|Which company is it from?"),
             (board.pick(("To", "Client", "Bill to")), client, "client", "For whom is the {t}?|Who has to pay?|To whom is the {t} addressed?"),
             ("Date", date, "date", "When was the {t} issued?|What is the date of the {t}?|What is its date?"),
             (board.pick(("Due", "Pay by", "Payable until")), due, "due", "Until when must it be paid?|When is it due?|What is the due date?"))  # fmt: skip
    top = "".join(f"<dt>{label}</dt><dd>{board.put(text, name)}</dd>" for label, text, name, _ in facts)
    for _, text, name, asked in facts:
        board.ask("value", text, asked, (name,), t=title.lower())
    board.ask_as("heading", title, ("title",))
    board.about = f"{'an' if title[0] in 'IO' else 'a'} {title.lower()} of {seller} for {client}, total {money(total)}"
    return (f"<div class='panel' style='max-width:{rng.randint(560, 900)}px;{board.pick(('', 'margin:20px auto'))}'>{board.put(title, 'title', 'h1')}<dl>{top}</dl>"
            f"<table><tr>{head}</tr>{''.join(rows)}</table><table style='width:auto;margin:12px 0 0 auto'>{sums_html}</table>{button_row(board)}</div>")  # fmt: skip


def answers(board: Board) -> str:
    """Questions with their answers."""
    rng = board.rng
    verbs = ("change", "cancel", "print", "open", "move", "reset", "share", "send", "close", "find")
    asked: dict[str, str] = {}
    for _ in range(rng.randint(3, 7)):
        noun, verb = board.writer.slot("noun").lower(), board.pick(verbs)
        form, reply = board.pick((
            ("How do I {v} the {n}?", "Press {key} and choose {w}."), ("Where can I {v} the {n}?", "In {place}, below {w}."),
            ("When can I {v} the {n}?", "On {day} from {time}."), ("Who may {v} the {n}?", "Only {person}."),
            ("What does it cost to {v} the {n}?", "It costs {amount}."), ("How long does it take to {v} the {n}?", "About {minutes}.")))  # fmt: skip
        make = board.maker.make
        asked[form.format(v=verb, n=noun)] = reply.format(
            key=board.pick(("Ctrl+S", "F5", "Alt+F4", "Ctrl+Shift+P", "Esc", "Ctrl+K")), w=make("noun").text, place=make("place").text, day=make("day").text,
            time=make("time").text, person=make("person").text, amount=make("amount").text, minutes=make("minutes").text)  # fmt: skip
    html = []
    for n, (question, reply) in enumerate(asked.items()):
        html.append(
            f"<div class='rule item'><div class='b'>{board.put(question, f'q{n}')}</div><div>{board.put(reply, f'a{n}')}</div></div>"
        )
        board.ask(
            "text",
            reply,
            '{q}|What is the answer to "{q}"?|What does the page answer to "{q}"?',
            (f"q{n}", f"a{n}"),
            q=question,
        )
    every = [f"q{n}" for n in range(len(asked))]
    board.ask(
        "how_many",
        str(len(asked)),
        "How many questions are answered?|How many questions are there?|Count the questions.",
        every,
    )
    title = board.pick(("Questions and answers", "FAQ", "Help", "Support", "Frequently asked"))
    board.ask_as("heading", title, ("title",))
    board.about = f'"{title}" with {len(asked)} questions'
    return f"{board.put(title, 'title', 'h1')}<div style='max-width:{rng.randint(480, 900)}px'>{''.join(html)}</div>"


def notifications(board: Board) -> str:
    """What happened, newest first, some of it unread."""
    rng, html = board.rng, []
    texts, every = [], []
    count, unread = rng.randint(3, 9), 0
    ages = sorted(rng.sample([(unit, number) for unit in range(3) for number in range(2, 24)], count))
    names = board.alike("app", count)
    for n, name in enumerate(names):
        shown, new = notice(board), rng.random() < 0.4
        every.append(board.last)
        texts.append(text := board.texts[board.last])
        ago = f"{ages[n][1]} {('minutes', 'hours', 'days')[ages[n][0]]} ago"
        unread += new
        dot = (
            "<span style='width:9px;height:9px;border-radius:5px;background:#2f80ed;flex:none'></span>"
            if new
            else "<span style='width:9px;flex:none'></span>"
        )
        html.append(
            f"<div class='row top rule item'>{dot}{icon(rng, px=20)}<div class='grow'><div class='row spread'><span class='b'>{board.put(name, f'from{n}')}</span><span class='muted small'>{board.put(ago, f'at{n}')}</span></div>{shown}</div></div>"
        )
        board.ask(
            "message",
            text,
            "What does {k} say?|What does the notification of {k} say?|Read the notification of {k}.|What is the message of {k}?",
            (f"from{n}", every[n]),
            k=name,
        )
        board.ask(
            "value",
            ago,
            "How long ago did {k} notify?|When was the notification of {k}?|When did {k} report?",
            (f"from{n}", f"at{n}"),
            k=name,
        )
    board.ask(
        "how_many",
        str(len(texts)),
        "How many notifications are there?|Count the notifications.|How many notifications are listed?",
        every,
    )
    board.ask(
        "how_many", str(unread), "How many notifications have a blue dot?|How many notifications are unread?", every
    )
    board.ask(
        "message",
        texts[0],
        "What is the newest notification?|Read the notification at the top.|What does the first notification say?",
        every[:1],
    )
    board.ask(
        "value",
        board.texts["from0"],
        "From which program is the notification at the top?|Which program notified last?",
        ("from0",),
    )
    title = board.pick(("Notifications", "Activity", "Messages", "Alerts", "What's new"))
    board.ask_as("heading", title, ("title",))
    board.about = f'"{title}" with {len(texts)} entries'
    return f"{board.put(title, 'title', 'h1')}<div class='panel' style='max-width:{rng.randint(420, 800)}px'>{''.join(html)}</div>"


def results(board: Board) -> str:
    """What a search found: names, addresses, a line of each."""
    rng, html = board.rng, []
    query, found = board.writer.words(1, 3), f"{rng.randint(12, 90000):,}"
    names = board.alike("thing", rng.randint(3, 8))
    for n, name in enumerate(names):
        address, text = (
            f"{board.maker.make('host').text}/{board.writer.slot('noun').lower()}",
            board.writer.sentence(6, 16),
        )
        html.append(
            f"<div style='margin:14px 0;max-width:720px'><div class='muted small'>{board.put(address, f'u{n}')}</div><a style='font-size:1.2em'>{board.put(name, f'n{n}')}</a><div>{board.put(text, f's{n}')}</div></div>"
        )
        board.ask(
            "value",
            address,
            'What is the address of "{k}"?|Where does "{k}" lead?|Which address does the result "{k}" have?',
            (f"n{n}", f"u{n}"),
            k=name,
        )
        board.ask(
            "text",
            text,
            'What does it say below "{k}"?|What is written about "{k}"?|Read the text of the result "{k}".',
            (f"n{n}", f"s{n}"),
            k=name,
        )
        board.ask(
            "value",
            name,
            "Which result is number {i}?|What is result {i}?|What is the title of result {i}?",
            [f"n{m}" for m in range(n + 1)],
            i=str(n + 1),
        )
    every = [f"n{n}" for n in range(len(names))]
    board.ask(
        "how_many",
        str(len(names)),
        "How many results are shown?|How many results are on the page?|Count the results.",
        every,
    )
    board.ask(
        "value",
        found,
        "How many results were found?|How many results are there in all?|How much was found?",
        ("found",),
    )
    board.ask("value", query, "What was searched for?|What is in the search field?|What is the query?", ("query",))
    board.whether(
        "Is {text} among the results?|Was {text} found?|Do you see a result {text}?",
        [(name, (f"n{n}",)) for n, name in enumerate(names)],
        board.maker.make("thing").text,
    )
    board.about, board.title = f'results of a search for "{query}"', f"{query} - {board.maker.make('app').text}"
    return f"<div class='row'><span class='input' style='width:420px'>{board.put(query, 'query')}</span>{board.put(board.pick(('Search', 'Go', 'Find')), tag='button', style='btn')}</div><div class='muted small'>{board.put(found, 'found')} results</div>{''.join(html)}"
