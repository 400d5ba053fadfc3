"""Printed pages: the first page of a paper, and letters."""

from __future__ import annotations

from training.web.board import Board
from training.web.dates import DATED, reference_lines
from training.web.statements import Teller, headline, stated


def sheet_of_paper(board: Board, inside: str, pad: int = 50, least: int = 520, most: int = 860) -> str:
    """A white page with dark letters, as print looks."""
    serif = board.pick(
        (
            "Liberation Serif",
            "Tinos",
            "DejaVu Serif",
            "Noto Serif",
            "Liberation Serif",
            "Liberation Sans",
            "Noto Sans",
            "Open Sans",
        )
    )
    size = board.rng.choice((12, 13, 14, 14, 15, 16, 17, 18))
    return (f"<div style='background:#fff;color:#111;font:{size}px/{board.pick((1.25, 1.35, 1.5))} \"{serif}\";letter-spacing:0;max-width:{board.rng.randint(least, most)}px;margin:auto;"
            f"padding:{pad}px;min-height:1400px;box-shadow:0 1px 6px #0006'>{inside}</div>")  # fmt: skip


def abstract(board: Board) -> str:
    """The first page of a paper: authors, where they work, an abstract, sections, in one column or in two."""
    rng, teller = board.rng, Teller(board, "study")
    title = headline(board, "study")
    authors = board.alike("person", rng.randint(1, 4))
    places = [
        f"{board.pick(('University of', 'Institute of', 'Technical University'))} {one}"
        for one in board.alike("place", len(authors))
    ]
    board.ask(
        "heading",
        title,
        "What is the title of the paper?|What is the paper called?|What is the title?|What is the paper about?|Which title does the document have?",
        ("title",),
    )
    every = [f"au{n}" for n in range(len(authors))]
    board.ask(
        "list" if len(authors) > 1 else "value",
        ", ".join(authors),
        "Who wrote the paper?|Who are the authors?|By whom is the paper?|Name the authors.|Who wrote it?",
        every,
    )
    board.ask(
        "how_many",
        str(len(authors)),
        "How many authors are there?|How many people wrote the paper?|Count the authors.",
        every,
    )
    board.ask("value", authors[0], "Who is the first author?|Whose name comes first?", every[:1])
    by = "".join(
        f"<div><div>{board.put(one, f'au{n}')}</div><div style='font-size:.85em'>{board.put(places[n], f'af{n}')}</div></div>"
        for n, one in enumerate(authors)
    )
    for n, one in enumerate(authors):
        board.ask(
            "value",
            places[n],
            "Where does {k} work?|Which university is {k} at?|What is the affiliation of {k}?|From which institute is {k}?",
            (f"au{n}", f"af{n}"),
            k=one,
        )
        board.ask(
            "value", one, "Who works at the {v}?|Which author is from the {v}?", (f"au{n}", f"af{n}"), v=places[n]
        )
    said = teller.sentences(rng.randint(2, 3))
    keywords = ", ".join(one.lower() for one in board.alike("noun", rng.randint(2, 5)))
    board.ask("value", keywords, "What are the keywords?|Which keywords are given?|Read the keywords.", ("kw",))
    heads = rng.sample(
        (
            "Introduction",
            "Related work",
            "Method",
            "Data",
            "Results",
            "Discussion",
            "Conclusion",
            "Materials",
            "Limits",
        ),
        rng.randint(2, 4),
    )
    body = ""
    for n, name in enumerate(heads, 1):
        body += f"<h2 style='font-size:1.15em;font-family:inherit'>{n}{board.pick(('', '.'))} {board.put(name, f's{n}')}</h2>"
        body += (
            teller.paragraph(2, 4, "text-align:justify")
            or f"<p style='text-align:justify'>{' '.join(board.put(board.writer.sentence(6, 13)) for _ in range(4))}</p>"
        )
        board.ask(
            "value",
            name,
            "What is section {n} called?|What is the title of section {n}?|Which section has the number {n}?|What is the heading of section {n}?",
            (f"s{n}",),
            n=str(n),
        )
    board.ask(
        "list",
        ", ".join(heads),
        "Which sections are there?|List the sections.|What are the section titles?",
        [f"s{n}" for n in range(1, len(heads) + 1)],
    )
    two = f"columns:2;column-gap:{rng.randint(16, 30)}px" if board.chance(0.45) else ""
    board.about = f'the paper "{title}" by {", ".join(authors)}'
    inside = (f"<h1 style='text-align:center;font-family:inherit;font-size:1.5em'>{board.put(title, 'title')}</h1><div class='row' style='justify-content:center;gap:30px;text-align:center'>{by}</div>"
              f"<div style='margin:14px 40px'><b>{board.pick(('Abstract', 'ABSTRACT', 'Summary'))}</b> {' '.join(said)}<p><i class='i b'>Keywords:</i> {board.put(keywords, 'kw')}</p></div><div style='{two}'>{body}</div>")  # fmt: skip
    return sheet_of_paper(board, inside, rng.randint(24, 60))


def letter(board: Board) -> str:
    """A letter: who sends it, to whom, when, about what; none of it labelled."""
    rng, teller = board.rng, Teller(board, board.pick(("house", "trade", "course", "works", "council")))
    make = board.maker.make
    sender, firm, to = make("person").text, make("app").text, make("person").text
    town, other = board.alike("place", 2)
    street, road = board.alike("street", 2)
    date, subject = make("date").text, headline(board, teller.topic)
    postal, post = str(rng.randint(10000, 99999)), str(rng.randint(1000, 9999))
    board.ask(
        "value",
        to,
        "To whom is the letter addressed?|Who is the recipient?|Who gets the letter?|For whom is the letter?|To whom was it sent?",
        ("to",),
    )
    board.ask(
        "value",
        sender,
        "Who signed the letter?|Whose name stands at the end?|By whom is the letter signed?|Which person wrote the letter?",
        ("sign",),
    )
    board.ask(
        "value",
        firm,
        "Which company sends the letter?|Which company is it from?|Which firm wrote the letter?|What is the sender's company?",
        ("firm",),
    )
    board.ask(
        "value",
        date,
        "When was the letter written?|What is the date of the letter?|Which date does the letter have?",
        ("date",),
    )
    board.ask(
        "heading",
        subject,
        "What is the letter about?|What is the subject of the letter?|What is the subject?|Read the subject line.",
        ("title",),
    )
    board.ask(
        "value",
        street,
        "In which street is the sender?|What is the sender's street?|In which street is the company?",
        ("street",),
    )
    board.ask(
        "value",
        other,
        "In which town does the recipient live?|Which town is the letter sent to?",
        ("other",),
    )
    board.ask(
        "value",
        town,
        "In which town is the sender?|In which town is the company?|Which town is the letter from?",
        ("town",),
    )
    board.ask("value", road, "What is the recipient's street?|In which street does the recipient live?", ("road",))
    opening, closing = (
        f"Dear {to},",
        board.pick(("Kind regards", "Yours sincerely", "All the best", "With best regards", "Yours faithfully")),
    )
    board.ask(
        "value",
        closing,
        "How does the letter end?|Which words stand above the name at the end?|What is the closing?",
        ("closing",),
    )
    dated = [stated(board, one) for one in rng.sample(DATED, rng.choice((0, 1, 1, 2, 3)))]
    parts = [*(teller.paragraph(1, 4) for _ in range(rng.randint(1, 4))), *(f"<p>{one}</p>" for one in dated)]
    rng.shuffle(parts)
    paragraphs = "".join(parts)
    above = reference_lines(board) if board.chance(0.4) else ""
    role = board.pick(("Managing director", "Head of sales", "Secretary", "Chair", "Customer service", "Caretaker"))
    board.ask(
        "value",
        role,
        "What is {k}'s position?|What does {k} do?|What stands under the name at the end?",
        ("sign", "role"),
        k=sender,
    )
    right = board.pick(("text-align:right", ""))
    board.about = f'a letter of {firm} to {to} about "{subject}"'
    inside = (f"<div style='{right}'><b>{board.put(firm, 'firm')}</b><br>{board.put(street, 'street')}<br>{board.put(f'{postal} {town}', 'town')}</div><div style='margin:26px 0'>{board.put(to, 'to')}<br>{board.put(road, 'road')}<br>{post} {board.put(other, 'other')}</div>"
              f"<div style='{board.pick(('text-align:right', ''))}'>{board.put(date, 'date')}</div>{above}<p><b>{board.put(subject, 'title')}</b></p><p>{board.put(opening, 'opening')}</p>{paragraphs}<p>{board.put(closing, 'closing')}</p><p style='margin-top:26px'>{board.put(sender, 'sign')}<br>{board.put(role, 'role')}</p>")  # fmt: skip
    return sheet_of_paper(board, inside, rng.randint(30, 70))
