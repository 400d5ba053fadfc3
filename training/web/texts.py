"""Pages of text: articles, documentation, papers and errors."""

from __future__ import annotations

import re

from training.screens.sites.facts import fact
from training.web.board import Board
from training.web.code import code_lines
from training.web.look import icon
from training.web.statements import filler


def _braced(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def paragraph(board: Board, facts: int = 1, least: int = 2, most: int = 5, style: str = "") -> str:
    """Sentences, some of which hold a fact that is asked for."""
    rng, plain = board.rng, board.chance(0.5)
    parts = [
        filler(board) if plain else board.put(board.writer.sentence(5, 13)) for _ in range(rng.randint(least, most))
    ]
    for _ in range(facts):
        sentence, value, questions = fact(rng, board.writer)
        parts.insert(rng.randint(0, len(parts)), board.put(sentence))
        board.ask("value", value, "|".join(map(_braced, questions)), (board.last,))
    return f"<p style='{style}'>{' '.join(parts)}</p>"


def _quotable(board: Board, name: str) -> str:
    """A short paragraph that is asked for as a whole."""
    text = " ".join(board.writer.sentence(4, 11) for _ in range(board.rng.randint(1, 3)))
    board.ask(
        "text",
        text,
        f"What does the {name} say?|Read the {name}.|Copy the text of the {name}.|What is written in the {name}?",
        (f"q.{name}",),
    )
    return board.put(text, f"q.{name}")


def article(board: Board) -> str:
    """A headline, who wrote it and when, and paragraphs."""
    rng, writer = board.rng, board.writer
    title = writer.words(3, 8).capitalize()
    author, date, section = (
        board.maker.make("person").text,
        board.maker.make("date").text,
        board.maker.make("noun").text,
    )
    minutes = str(rng.randint(2, 25))
    board.ask_as("heading", title, ("title",))
    by = board.pick(("By", "Written by", "Author:", "Text:"))
    line = f"{by} {board.put(author, 'author', style='b')} {board.pick(('|', '-', 'on'))} {board.put(date, 'date')}"
    if board.chance(0.5):
        line += f" | {board.put(minutes, 'minutes')} min read"
        board.ask(
            "value",
            minutes,
            "How many minutes does it take to read?|How many minutes of reading is it?",
            ("minutes",),
        )
    board.ask(
        "value",
        author,
        "Who wrote the article?|Who is the author?|By whom is the article?|Who wrote this?|Name the author.",
        ("author",),
    )
    board.ask(
        "value",
        date,
        "When was the article published?|When did it appear?|What is the date of the article?|What is its date?",
        ("date",),
    )
    board.ask("value", section, "Which section is the article in?|In which category is it?", ("section",))
    body = [paragraph(board, rng.randint(0, 2)) for _ in range(rng.randint(2, 6))]
    for number in range(rng.randint(0, 2)):
        name = writer.words(2, 4).capitalize()
        body.insert(rng.randint(1, len(body)), board.put(name, f"sub{number}", "h2"))
    if board.chance(0.5):
        note = _quotable(board, board.pick(("note", "grey box", "quote", "summary")))
        body.insert(rng.randint(0, len(body)), f"<div class='panel'>{note}</div>")
    photo = f"<div class='shot' style='height:{rng.randint(90, 260)}px'></div>" if board.chance(0.4) else ""
    caption = ""
    if photo:
        text = writer.sentence(3, 7)
        caption = board.put(text, "caption", "div", "muted small")
        board.ask(
            "value",
            text,
            "What does the caption say?|What is written under the photo?|Read the caption.",
            ("caption",),
        )
    board.about = f'an article "{title}" by {author}'
    return (f"<div style='max-width:{rng.randint(520, 980)}px;{board.pick(('margin:auto', ''))}'><div class='accent small'>{board.put(section, 'section')}</div>"
            f"{board.put(title, 'title', 'h1')}<div class='muted'>{line}</div>{photo}{caption}{''.join(body)}</div>")  # fmt: skip


def docs(board: Board) -> str:
    """A reference page: numbered headings, paragraphs, code, a note."""
    rng, writer = board.rng, board.writer
    title = board.maker.make("thing").text
    numbered = board.chance(0.5)
    count = rng.randint(2, 5)
    heads = [writer.words(1, 4).capitalize() for _ in range(count)]
    html = [board.put(title, "title", "h1"), paragraph(board, 1)]
    board.ask_as("heading", title, ("title",))
    for number, text in enumerate(heads, 1):
        html.append(f"<h2>{f'{number}. ' if numbered else ''}{board.put(text, f's{number}')}</h2>")
        if numbered:
            board.ask(
                "value",
                text,
                "What is section {n} called?|What is the title of section {n}?|Read the heading of section {n}.|Section {n}?",
                (f"s{number}",),
                n=str(number),
            )
        html.append(paragraph(board, rng.randint(0, 1), 1, 3))
    board.ask(
        "list",
        ", ".join(heads),
        "Which sections are there?|List the headings below the title.|Name the sections.",
        [f"s{n}" for n in range(1, count + 1)],
    )
    board.ask(
        "how_many",
        str(count),
        "How many sections are there?|How many sections does the page have?",
        [f"s{n}" for n in range(1, count + 1)],
    )
    code = code_lines(board, rng.randint(1, 5))
    lines = "\n".join(board.put(line, f"code{n}") for n, line in enumerate(code))
    html.insert(rng.randint(2, len(html)), f"<div class='pre'>{lines}</div>")
    needs = [f"code{n}" for n in range(len(code))]
    board.ask(
        "text",
        "\n".join(code),
        "What does the code block say?|Copy the code.|Read the code block.|Which code is shown?",
        needs,
    )
    board.ask("line", code[0], "What is the first line of the code?|Read the first line of the code block.", needs[:1])
    if board.chance(0.6):
        kind = board.pick(("note", "warning", "tip"))
        html.insert(
            rng.randint(1, len(html)),
            f"<div class='panel'><b>{kind.capitalize()}</b><br>{_quotable(board, kind)}</div>",
        )
    board.about = f'documentation "{title}" with the sections {", ".join(heads)}'
    return f"<div style='max-width:{rng.randint(560, 1000)}px'>{''.join(html)}</div>"


def paper(board: Board) -> str:
    """A white page with justified serif text, as a viewer of documents shows it."""
    rng, writer = board.rng, board.writer
    serif = "Liberation Serif" if board.chance(0.5) else "DejaVu Serif"
    title, author = writer.words(3, 8).title(), board.maker.make("person").text
    heads = [writer.words(1, 4).capitalize() for _ in range(rng.randint(2, 4))]
    pages = rng.randint(2, 90)
    at = rng.randint(1, pages)
    html = [f"<h1 style='text-align:center;font-family:inherit'>{board.put(title, 'title')}</h1>",
            f"<div style='text-align:center'>{board.put(author, 'author')}</div>"]  # fmt: skip
    for number, text in enumerate(heads, 1):
        html.append(
            f"<h2 style='font-family:inherit'>{number}{board.pick(('', '.'))} {board.put(text, f's{number}')}</h2>"
        )
        html.append(paragraph(board, rng.randint(0, 1), 3, 6, "text-align:justify"))
        board.ask(
            "value",
            text,
            "What is section {n} called?|What is the title of section {n}?|Which heading has number {n}?",
            (f"s{number}",),
            n=str(number),
        )
    board.ask(
        "heading",
        title,
        "What is the title of the document?|What is the title?|Which title does the page have?|What is the document called?",
        ("title",),
    )
    board.ask(
        "value",
        author,
        "Who wrote it?|Who is the author?|Who wrote the document?|Whose name is under the title?",
        ("author",),
    )
    board.ask("value", str(at), "Which page is shown?|What is the number of the page?|On which page are we?", ("page",))
    board.ask("value", str(pages), "How many pages does the document have?|How many pages are there?", ("pages",))
    bar = f"<div class='bar row spread'><span>{icon(rng)} {icon(rng)} {icon(rng)}</span><span>Page {board.put(str(at), 'page')} of {board.put(str(pages), 'pages')}</span><span>{rng.choice((75, 90, 100, 120))}%</span></div>"
    board.noun, board.about = "document", f'a document "{title}" by {author}, page {at} of {pages}'
    size = rng.randint(12, 18)
    return (f"{bar}<div style='background:#777b80;padding:16px;min-height:100%'><div style='background:#fff;color:#111;font:{size}px/1.4 \"{serif}\";"
            f"width:{rng.randint(560, 860)}px;margin:auto;padding:{rng.randint(30, 80)}px;min-height:1000px'>{''.join(html)}</div></div>")  # fmt: skip


_ERRORS = (
    "The server at {host} took too long to respond.", "{host} refused to connect.", "You do not have permission to view {path}.",
    "The page {path} does not exist or has been moved.", "The certificate of {host} expired on {date}.", "The address of {host} could not be found.",
    "Too many requests. Please try again in {minutes}.", "The request could not be completed because {server} is not available.",
    "Your session ended at {time}. Please sign in again.", "The file {file} was removed by {person}.", "{app} is being updated and will be back at {time}.",
    "The payment of {amount} was declined by your bank.", "The database on {server} did not answer within {minutes}.",
    "This link was valid until {date}.", "Version {version} of {app} is no longer supported.", "Your quota of {size} is used up.",
)  # fmt: skip


def _web_error(board: Board) -> str:
    """What a page says when it cannot show what was requested."""
    form = str(board.pick(_ERRORS))
    return form.format(**{kind: board.maker.make(kind).text for kind in re.findall(r"{(\w+)}", form)})


def error_page(board: Board) -> str:
    """Something went wrong: a title, the error, a code, perhaps a button."""
    rng, writer = board.rng, board.writer
    title = board.pick(
        (
            "Something went wrong",
            "Page not found",
            "Connection lost",
            "Access denied",
            "Internal server error",
            "This site can't be reached",
            "We are sorry",
            "Service unavailable",
            "Oops!",
        )
    )
    error = _web_error(board) if board.chance(0.75) else " ".join(writer.message(error=True).split())
    code = board.pick(
        (
            str(rng.randint(400, 599)),
            f"ERR_{writer.slot('noun').upper()}_{writer.slot('noun').upper()}",
            board.maker.make("code").text,
        )
    )
    board.tell_error(error, "error")
    board.ask_as("heading", title, ("title",))
    board.ask(
        "value",
        code,
        "What is the error code?|Which code is shown?|What is the number of the error?|Error code?",
        ("code",),
    )
    board.about = f'an error page "{title}": {error}'
    align = board.pick(("text-align:center;margin-top:90px", "margin:60px", "max-width:560px;margin:100px auto"))
    said = f"<p>{board.put(error, 'error', style=board.pick(('', 'b', 'alert', 'field-error')))}</p>"
    return f"<div style='{align}'>{board.put(title, 'title', 'h1')}{said}<p class='muted'>{board.pick(('Code', 'Error code', 'Reference'))}: {board.put(code, 'code', style='mono')}</p>{_one_button(board)}</div>"


def _one_button(board: Board) -> str:
    label = board.pick(("Reload", "Try again", "Go back", "Home page", "Contact support", "Details", "Report"))
    board.ask(
        "buttons", label, "What does the button say?|Which button is under the error?|What can I click?", ("button",)
    )
    return board.put(label, "button", "button", "btn")
