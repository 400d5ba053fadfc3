"""Lists of issues, tasks and tickets in small letters, with tabs, filters and numbers of pages."""

from __future__ import annotations

from dataclasses import dataclass

from training.web.board import Board

_TITLES = (
    "Crash when {a} is opened twice", "{a} cannot be printed", "Wrong total in {a}", "Add a button that deletes the {b}", "Search finds no {b}", "The {b} is shown twice",
    "Make the list of {b}s shorter", "{a} is slow with many {b}s", "Translate the page about {b}s", "Remember the last {b}", "Export {b}s as CSV", "Dates are off by one day in {a}",
    "No sound after the update of {a}", "Letters are too small in {a}", "Sign in with a {b}", "Colours of the {b} are hard to tell apart", "Document how a {b} is moved", "{a} uses too much memory",
    "Undo does not bring the {b} back", "Let people sort {b}s by price", "The {b} menu is empty", "Keyboard shortcut for the {b}", "Broken link on the {b} page", "Warn before a {b} is deleted",
    "Old {b}s are never removed", "Support two {b}s at once", "{a} freezes on start", "Rename the field for the {b}", "Show who changed the {b}", "Mail about new {b}s comes late",
)  # fmt: skip
_LABELS = (
    "bug",
    "feature",
    "question",
    "docs",
    "urgent",
    "design",
    "needs help",
    "security",
    "later",
    "duplicate",
    "test",
    "ui",
)
_STATES = ("Open", "Closed", "In progress", "Waiting", "Done", "Review", "Blocked", "New")
_TABS = (("Open", "Closed"), ("Open", "Closed", "All"), ("All", "Mine", "Done"), ("To do", "Doing", "Done"), ("Active", "Archived"), ("Inbox", "Assigned", "Closed", "All"))  # fmt: skip


@dataclass(frozen=True)
class _Issue:
    number: str
    title: str
    person: str
    date: str
    label: str
    state: str
    comments: str


def issues(board: Board) -> str:
    """Issues with their numbers, who opened them and when, labels and comments."""
    rng, item = board.rng, board.pick(("issue", "issue", "ticket", "task", "bug report", "pull request"))
    count = rng.randint(5, 24)
    titles = [one.format(a=board.maker.make("app").text, b=str(board.writer.slot("noun")).lower()) for one in rng.sample(_TITLES, count)]  # fmt: skip
    titles = list(dict.fromkeys(one[0].upper() + one[1:] for one in titles))
    people = board.alike("person", rng.randint(3, 8))
    number, sign, table = rng.randint(9 * count, 9000), board.pick(("#", "#", "!", "T-", "")), board.chance(0.5)
    rows: list[_Issue] = []
    for title in titles:
        rows.append(_Issue(f"{sign}{number}", title, rng.choice(people), board.maker.make("date").text, rng.choice(_LABELS), rng.choice(_STATES), str(rng.randint(0, 40))))  # fmt: skip
        number -= rng.randint(1, 9)
    _ask_rows(board, rows, item)
    size = board.pick(("", "font-size:.85em;line-height:1.25", "font-size:.9em"))
    shown = _table(board, rows) if table else _lines(board, rows, item)
    board.about = f"a list of {len(rows)} {item}s"
    name = f"{item.capitalize()}s"
    head = f"<div class='row spread'>{board.put(name, 'title', 'h2')}{_tabs(board, item)}</div>"
    return f"{head}<div style='{size}'>{shown}</div>{_pages(board) if board.chance(0.7) else ''}"


def _lines(board: Board, rows: list[_Issue], item: str) -> str:
    verb = "opened" if item != "task" else "added"
    html = ""
    for n, one in enumerate(rows):
        title = f"{board.put(one.title, f'r{n}.title', style='b')} {board.put(one.label, f'r{n}.label', style='badge')}"
        foot = f"<span class='muted small'>{board.put(one.number, f'r{n}.number')} {verb} {board.put(one.date, f'r{n}.date')} by {board.put(one.person, f'r{n}.person')}</span>"
        right = f"<span class='row small'>{board.put(one.state, f'r{n}.state')} <span class='muted'>{board.put(f'{one.comments} comments', f'r{n}.comments')}</span></span>"
        html += f"<div class='rule row spread' style='padding:3px 6px'><span>{title}<br>{foot}</span>{right}</div>"
    return html


def _table(board: Board, rows: list[_Issue]) -> str:
    heads = ("ID", "Title", "Author", "Date", "Label", "Status", "Comments")
    body = "".join(
        "<tr>" + "".join(f"<td>{board.put(getattr(one, part), f'r{n}.{part}')}</td>" for part in ("number", "title", "person", "date", "label", "state", "comments")) + "</tr>"
        for n, one in enumerate(rows)
    )  # fmt: skip
    return f"<table><thead><tr>{''.join(f'<th>{board.put(one)}</th>' for one in heads)}</tr></thead><tbody>{body}</tbody></table>"


_ASKED = {
    "number": "What is the number of '{title}'?|Which number does '{title}' have?|'{title}' has which number?",
    "person": "Who opened '{title}'?|Who is the author of '{title}'?|Who reported '{title}'?|By whom is '{title}'?",
    "date": "When was '{title}' opened?|On which date was '{title}' opened?|What is the date of '{title}'?",
    "label": "Which label does '{title}' have?|What is '{title}' labelled as?|What is the label of '{title}'?",
    "state": "What is the status of '{title}'?|In which state is '{title}'?|Which status does '{title}' have?",
    "comments": "How many comments does '{title}' have?|How many comments are there on '{title}'?",
}
_ASKED_BY_NUMBER = {
    "title": "What is {number} about?|What is the title of {number}?|What does {number} say?|Which {item} has the number {number}?",
    "person": "Who opened {number}?|Who is the author of {number}?|Who wrote {number}?|From whom is {number}?",
    "date": "When was {number} opened?|What is the date of {number}?|From when is {number}?",
    "label": "Which label does {number} have?|How is {number} labelled?",
    "state": "What is the status of {number}?|In which state is {number}?",
    "comments": "How many comments does {number} have?|How many comments has {number} got?",
}


def _ask_rows(board: Board, rows: list[_Issue], item: str) -> None:
    rng = board.rng
    for n in rng.sample(range(len(rows)), min(8, len(rows))):
        one = rows[n]
        known = {"title": one.title, "number": one.number, "item": item}
        for part in rng.sample(sorted(_ASKED), 2):
            kind = "how_many" if part == "comments" else "value"
            board.ask(kind, getattr(one, part), _ASKED[part], (f"r{n}.title", f"r{n}.{part}"), **known)
        for part in rng.sample(sorted(_ASKED_BY_NUMBER), 2):
            kind = "how_many" if part == "comments" else "value"
            board.ask(kind, getattr(one, part), _ASKED_BY_NUMBER[part], (f"r{n}.number", f"r{n}.{part}"), **known)
    every = [f"r{n}.{part}" for n in range(len(rows)) for part in ("title", "person", "label", "state")]
    for person in dict.fromkeys(one.person for one in rows):
        theirs = [one.title for one in rows if one.person == person]
        if len(theirs) == 1:
            board.ask("value", theirs[0], "What did {who} open?|Which {item} did {who} open?|Which {item} is by {who}?|What was opened by {who}?", every, who=person, item=item)  # fmt: skip
        board.ask("how_many", str(len(theirs)), "How many {item}s did {who} open?|How many {item}s are by {who}?|Count the {item}s of {who}.", every, who=person, item=item)  # fmt: skip
    label = rng.choice(rows).label
    alike = [one.title for one in rows if one.label == label]
    board.ask("how_many", str(len(alike)), "How many {item}s have the label {k}?|How many {item}s are labelled {k}?", every, k=label, item=item)  # fmt: skip
    if len(alike) == 1:
        board.ask("value", alike[0], "Which {item} has the label {k}?|What is labelled {k}?", every, k=label, item=item)
    board.ask("how_many", str(len(rows)), "How many {item}s are listed?|How many {item}s do you see?|Count the {item}s.", every, item=item)  # fmt: skip
    at = rng.randrange(len(rows) - 1)
    board.ask("value", rows[at + 1].title, "Which {item} is below '{title}'?|What comes after '{title}'?|Which {item} follows '{title}'?", (f"r{at}.title", f"r{at + 1}.title"), title=rows[at].title, item=item)  # fmt: skip
    board.ask("value", rows[at].title, "Which {item} is above '{title}'?|What comes before '{title}'?", (f"r{at}.title", f"r{at + 1}.title"), title=rows[at + 1].title, item=item)  # fmt: skip
    board.ask("value", rows[0].title, "What is the first {item}?|Which {item} is at the top?|What does the topmost {item} say?", ("r0.title",), item=item)  # fmt: skip
    board.ask("value", rows[-1].title, "What is the last {item}?|Which {item} is at the bottom of the list?", every, item=item)  # fmt: skip


def _tabs(board: Board, item: str) -> str:
    """Tabs with how many there are, one of them open."""
    names = board.pick(_TABS)
    counts = [str(board.rng.randint(3, 900)) for _ in names]
    on, html, look = board.rng.randrange(len(names)), "", board.pick(("tab", "tab", "item"))
    for n, name in enumerate(names):
        html += f"<span class='{look} {('on' if look == 'tab' else 'active') if n == on else ''}'>{board.put(name, f'it{n}')} {board.put(counts[n], f'ic{n}', style='badge')}</span>"
        board.ask("value", counts[n], "How many {item}s are there under {k}?|Which number is beside {k}?|How many does the tab {k} count?", (f"it{n}", f"ic{n}"), k=name, item=item)  # fmt: skip
    every = [f"it{n}" for n in range(len(names))]
    said = f"{', '.join(names[:-1])} and {names[-1]}"
    board.ask("selected", names[on], "Which of {some} is selected?|Which of the tabs {some} is active?|Which of {some} is highlighted?|Which of the filters {some} is on?|{some}: which one is open?", every, some=said)  # fmt: skip
    if len(names) == 2:
        board.ask("value", names[1 - on], "Which of {some} is not selected?|Which of the tabs {some} is not active?|Which of {some} is not highlighted?", every, some=said)  # fmt: skip
    return f"<span class='row'>{html}</span>"


def _pages(board: Board) -> str:
    """Numbers of pages, that of the current one highlighted."""
    last = board.rng.randint(3, 9)
    at, look = board.rng.randint(1, last), board.pick(("active", "active", "btn"))
    html = ""
    for n in range(1, last + 1):
        style = look if n == at else ""
        html += f"<span class='item {style}' style='padding:2px 8px'>{board.put(str(n), f'ip{n}')}</span>"
    every = [f"ip{n}" for n in range(1, last + 1)]
    board.ask("selected", str(at), "Which page is open?|Which page number is highlighted?|On which page of the list am I?|What is the current page?|Which page is selected?", every)  # fmt: skip
    board.ask("value", str(last), "How many pages are there?|What is the last page?|How many pages does the list have?", every)  # fmt: skip
    if at < last:
        board.ask("value", str(at + 1), "Which page comes next?|What is the number of the next page?", every)
    back, on = board.pick((("Previous", "Next"), ("<", ">"), ("Back", "More"), ("Newer", "Older")))
    return f"<div class='row' style='gap:4px;margin-top:8px'><span class='item muted'>{board.put(back)}</span>{html}<span class='item'>{board.put(on)}</span></div>"
