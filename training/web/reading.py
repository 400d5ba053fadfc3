"""News in plain English: stories, and a front page with many of them."""

from __future__ import annotations

from training.web.board import Board
from training.web.statements import TOPICS, Teller, headline


def _byline(board: Board) -> str:
    """Who wrote it and when; often without a label."""
    author, date = board.maker.make("person").text, board.maker.make("date").text
    board.ask(
        "value",
        author,
        "Who wrote the article?|Who is the author?|Who wrote this?|By whom is the article?|Whose article is it?|What is the author's name?|Who is the article by?|Name the author.",
        ("author",),
    )
    board.ask(
        "value",
        date,
        "When was it published?|What is the date of the article?|When was the article written?|Which date does the article have?|When did it appear?",
        ("date",),
    )
    parts = [
        board.pick(("By ", "by ", "", "Text: ", "From our reporter ")) + board.put(author, "author"),
        board.put(date, "date"),
    ]
    if board.chance(0.4):
        place = board.maker.make("place").text
        parts.insert(1, board.put(place, "place"))
        board.ask(
            "value",
            place,
            "From where does the author report?|Which town stands beside the author's name?|In which town was it written?",
            ("place", "author"),
        )
    if board.chance(0.35):
        minutes = board.rng.randint(2, 20)
        parts.append(board.put(f"{minutes} min read", "reading"))
        board.ask(
            "value",
            str(minutes),
            "How many minutes does it take to read?|How many minutes of reading is it?",
            ("reading",),
        )
    return f"<div class='muted small'>{board.pick((' | ', ', ', ' &middot; ', ' - ')).join(parts)}</div>"


def story(board: Board) -> str:
    """An article, sometimes with a box, a quote, a list or comments."""
    rng, teller = board.rng, Teller(board)
    title = headline(board, teller.topic)
    board.ask(
        "heading",
        title,
        "What is the headline?|What does the headline say?|What is the article called?|What is the title of the article?|Which headline is shown?|Read the headline.|What is the article about?",
        ("title",),
    )
    html = [board.put(title, "title", "h1"), _byline(board)]
    if board.chance(0.3):
        section = board.maker.make("noun").text
        html.insert(0, f"<div class='accent small'>{board.put(section, 'section')}</div>")
        board.ask(
            "value",
            section,
            "Which section is the article in?|What stands above the headline?|In which category is it?",
            ("section", "title"),
        )
    if board.chance(0.4):
        html.append(f"<div class='shot' style='height:{rng.randint(80, 220)}px;margin:8px 0'></div>")
        caption = board.writer.sentence(3, 8)
        html.append(board.put(caption, "caption", "div", "muted small"))
        board.ask(
            "value",
            caption,
            "What does the caption say?|What is written below the photo?|Read the caption.|What is the text below the photo?",
            ("caption",),
        )
    while part := teller.paragraph(1, 3):
        if board.chance(0.25):
            html.append(
                board.put(
                    board.pick(
                        (
                            "Background",
                            "What comes next",
                            "In short",
                            "Good to know",
                            "Prices",
                            "Numbers",
                            "History",
                            "For visitors",
                        )
                    )
                    + (f" {len(html)}" if board.chance(0.1) else ""),
                    f"sub{len(html)}",
                    "h2",
                )
            )
        html.append(part)
        if len(html) > 12:
            break
    subs = [name for name in board.texts if name.startswith("sub") and name[3:].isdigit()]
    if len(subs) > 1:
        board.ask(
            "list",
            ", ".join(board.texts[one] for one in subs),
            "Which headings are below the headline?|List the subheadings.|Which parts does the article have?",
            subs,
        )
        board.ask(
            "heading",
            board.texts[subs[0]],
            "What is the first heading below the headline?|What is the first subheading?",
            (subs[0],),
        )
    if board.chance(0.4):
        html.insert(rng.randint(3, len(html)), note(board))
    comments = _comments(board) if board.chance(0.3) else ""
    board.about = f'an article "{title}" by {board.texts["author"]}'
    columns = (
        f"columns:{rng.choice((2, 2, 3))};column-gap:24px"
        if board.chance(0.15)
        else f"max-width:{rng.randint(480, 980)}px"
    )
    return f"<div style='{columns};{board.pick(('margin:auto', ''))}'>{''.join(html)}{comments}</div>"


def note(board: Board) -> str:
    """A box with a word before its text."""
    kind = board.pick(
        ("Note", "Warning", "Important", "Tip", "Attention", "Caution", "Correction", "Update", "Please note")
    )
    text = board.pick(("The {n} must be switched off first.", "Only the {a} {n} may be used.", "Keep the {n} away from {m}s.", "Prices are valid until {d}.",
                       "This page is no longer kept up to date.", "You need the {n} for this step.", "The {n} cannot be undone.", "Ask {p} before you begin.",
                       "All times are local.", "Do not remove the {n} while the {m} is running.", "An earlier version named the wrong {n}."))  # fmt: skip
    text = text.format(n=board.writer.slot("noun").lower(), m=board.writer.slot("noun").lower(), a=board.writer.slot("adjective").lower(),
                       d=board.maker.make("date").text, p=board.maker.make("person").text)  # fmt: skip
    word = kind.lower().removeprefix("please ")
    board.ask(
        "text",
        text,
        f"What does the {word} say?|Read the {word}.|What is the {word}?|Copy the {word}.|What does it say in the box?|What must I pay attention to?|Which {word} is given?",
        (f"n.{word}",),
    )
    mark = board.pick((": ", "<br>", "! "))
    return f"<div class='{board.pick(('panel', 'alert', 'active item', 'panel'))}' style='margin:10px 0'><b>{kind}{mark}</b>{board.put(text, f'n.{word}')}</div>"


def _comments(board: Board) -> str:
    people = board.alike("person", board.rng.randint(2, 4))
    html, every = "", [f"cp{n}" for n in range(len(people))]
    for n, person in enumerate(people):
        text = board.pick(
            (
                board.writer.sentence(3, 8),
                "Thank you for this.",
                "I do not agree at all.",
                "When will the {} be open again?".format(board.writer.slot("noun").lower()),
                "Well written!",
                "We were there too.",
            )
        )
        html += f"<div class='rule item'><b>{board.put(person, every[n])}</b> <span class='muted small'>{board.put(board.maker.make('time').text, f'ct{n}')}</span><div>{board.put(text, f'cc{n}')}</div></div>"
        board.ask(
            "message",
            text,
            "What does {k} write?|What is {k}'s comment?|What did {k} comment?|Read the comment of {k}.",
            (every[n], f"cc{n}"),
            k=person,
        )
        if [board.texts.get(f"cc{m}") for m in range(n + 1)].count(text) == 1:
            board.ask(
                "value",
                person,
                'Who wrote "{t}"?|Whose comment is "{t}"?|Who says "{t}"?',
                (every[n], f"cc{n}"),
                t=text,
            )
    board.ask(
        "how_many",
        str(len(people)),
        "How many comments are there?|Count the comments.|How many people commented?",
        every,
    )
    board.ask("value", people[-1], "Who wrote the last comment?|From whom is the last comment?", every)
    board.ask("value", people[0], "Who wrote the first comment?|Who commented first?", every[:1])
    return f"<h3>{len(people)} comments</h3>{html}"


def front(board: Board) -> str:
    """Many headlines: a large one, others in a grid, a list of the most read."""
    rng = board.rng
    topics = rng.sample(tuple(TOPICS), rng.randint(4, 9))
    boxes: list[str] = []
    for n, topic in enumerate(topics):
        title, section = (
            headline(board, topic),
            board.pick(("Town", "World", "Sport", "Culture", "Science", "Business", "Weather", "Opinion")),
        )
        if title in board.texts.values():
            continue
        lead = Teller(board, topic).sentences(rng.choice((0, 1, 1, 2)))
        author = board.maker.make("person").text
        date = board.put(f"{rng.randint(2, 23)} hours ago", f"hd{n}")
        size = "h1" if not boxes else "h3"
        boxes.append(
            f"<div class='{board.pick(('', 'panel')) if boxes else ''}'><div class='accent small'>{board.put(section, f'hs{n}')}</div>{board.put(title, f'hl{n}', size)}<div>{' '.join(lead)}</div><div class='muted small'>{board.put(author, f'ha{n}')} | {date}</div></div>"
        )
        board.ask(
            "value",
            author,
            'Who wrote "{k}"?|Who is the author of "{k}"?|By whom is "{k}"?',
            (f"hl{n}", f"ha{n}"),
            k=title,
        )
        board.ask(
            "value",
            title,
            "What did {v} write?|Which article is by {v}?|What is the headline of {v}'s article?",
            (f"hl{n}", f"ha{n}"),
            v=author,
        )
        board.ask(
            "value",
            section,
            'Which section is "{k}" in?|To which section does "{k}" belong?',
            (f"hl{n}", f"hs{n}"),
            k=title,
        )
        board.ask(
            "value",
            board.texts[f"hd{n}"],
            'When did "{k}" appear?|How old is "{k}"?|When was "{k}" published?',
            (f"hl{n}", f"hd{n}"),
            k=title,
        )
    heads = [name for name in board.texts if name.startswith("hl")]
    board.ask(
        "heading",
        board.texts[heads[0]],
        "What is the main headline?|What is the top story?|What is the headline at the top?|What does the largest headline say?|What is the lead story?",
        heads[:1],
    )
    board.ask(
        "how_many",
        str(len(heads)),
        "How many articles are on the page?|How many headlines are there?|Count the articles.|How many stories are shown?",
        heads,
    )
    board.ask("value", board.texts[heads[-1]], "What is the last headline?|Which article is at the bottom?", heads)
    if len(heads) > 2:
        n = rng.randrange(1, len(heads))
        board.ask(
            "value",
            board.texts[heads[n]],
            "What is headline number {n}?|Which article is in place {n}?",
            heads[: n + 1],
            n=str(n + 1),
        )
    board.ask(
        "list",
        ", ".join(board.texts[one] for one in heads),
        "Which headlines are there?|List the headlines.|Name all articles.",
        heads,
    )
    name = f"{board.maker.make('place').text} {board.pick(('Times', 'Post', 'Courier', 'News', 'Gazette', 'Herald', 'Observer'))}"
    board.ask(
        "value", name, "Which newspaper is it?|What is the newspaper called?|What is the name of the paper?", ("paper",)
    )
    board.about, board.title = f'the front page of "{name}" with {len(heads)} articles', name
    wide = rng.choice((2, 2, 3, 3, 4))
    return f"{board.put(name, 'paper', 'div', 'big')}<div class='rule'></div>{boxes[0]}<div class='grid' style='grid-template-columns:repeat({wide},1fr);margin-top:12px'>{''.join(boxes[1:])}</div>"
