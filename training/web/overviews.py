"""Figures in tiles, and what is planned in a week."""

from __future__ import annotations

from training.screens.phrases import DAYS
from training.web.board import Board


def tiles(board: Board) -> str:
    """Figures with their names, as dashboards have them."""
    rng = board.rng
    names = board.alike("thing", rng.randint(3, 10))
    values = [
        board.maker.make(board.pick(("amount", "count", "percent", "minutes", "degrees", "size", "rating"))).text
        for _ in names
    ]
    html = []
    for number, (name, value) in enumerate(zip(names, values, strict=True)):
        change = board.pick((f"+{rng.randint(1, 40)}%", f"-{rng.randint(1, 40)}%"))
        more = (
            f"<div class='small accent'>{board.put(change, f'd{number}')} since {board.pick(('last week', 'yesterday', 'last month'))}</div>"
            if board.chance(0.4)
            else ""
        )
        if more:
            board.ask(
                "value",
                change,
                "By how much did {k} change?|How has {k} changed?|What is the change of {k}?",
                (f"n{number}", f"d{number}"),
                k=name,
            )
        parts = [board.put(name, f"n{number}", "div", "muted"), board.put(value, f"v{number}", "div", "big")]
        html.append(f"<div class='panel'>{''.join(parts if board.chance(0.6) else parts[::-1])}{more}</div>")
        board.ask(
            "value",
            value,
            "What is {k}?|How much is {k}?|What is the figure for {k}?|What does it say for {k}?|{k}?",
            (f"n{number}", f"v{number}"),
            k=name,
        )
        if values.count(value) == 1:
            board.ask(
                "value",
                name,
                "Which figure is {v}?|What does {v} stand for?",
                (f"n{number}", f"v{number}"),
                v=value,
            )
    board.ask(
        "how_many",
        str(len(names)),
        "How many tiles are there?|How many figures are shown?|Count the tiles.",
        [f"n{n}" for n in range(len(names))],
    )
    board.about = f"a dashboard with the figures {', '.join(names)}"
    title = board.pick(("Dashboard", "Overview", "Today", "Statistics", board.maker.make("thing").text))
    board.ask_as("heading", title, ("title",))
    bars = "".join(
        f"<div style='width:{rng.randint(14, 40)}px;height:{rng.randint(10, 120)}px;background:currentColor'></div>"
        for _ in range(rng.randint(5, 12))
    )
    chart = (
        f"<div class='panel row accent' style='align-items:flex-end;margin-top:12px'>{bars}</div>"
        if board.chance(0.5)
        else ""
    )
    return f"{board.put(title, 'title', 'h1')}<div class='grid' style='grid-template-columns:repeat({rng.randint(2, 4)},1fr)'>{''.join(html)}</div>{chart}"


def calendar(board: Board) -> str:
    """A week with what is planned on each day."""
    rng = board.rng
    days = DAYS[: rng.choice((5, 5, 7))]
    names = board.alike("thing", rng.randint(4, 10))
    placed = {name: rng.choice(days) for name in names}
    columns = []
    every = [f"e{n}" for n in range(len(names))]
    for day in days:
        boxes = []
        for n, name in enumerate(names):
            if placed[name] != day:
                continue
            time = board.maker.make("time").text
            boxes.append(
                f"<div class='panel' style='margin:4px 0'><div class='small'>{board.put(time, f'at{n}')}</div>{board.put(name, f'e{n}')}</div>"
            )
            board.ask(
                "value",
                day,
                "On which day is {k}?|When is {k}?|What day is {k} on?|On what weekday is {k}?",
                (f"y{day}", f"e{n}"),
                k=name,
            )
            board.ask(
                "value",
                time,
                "At what time is {k}?|When does {k} start?|What time is {k}?",
                (f"e{n}", f"at{n}"),
                k=name,
            )
        columns.append(f"<div class='grow'>{board.put(day, f'y{day}', 'div', 'b rule')}{''.join(boxes)}</div>")
        on = [name for name in names if placed[name] == day]
        board.ask(
            "how_many",
            str(len(on)),
            "How many entries are on {d}?|How many appointments are there on {d}?|How many things are planned for {d}?",
            [f"y{one}" for one in days] + every,
            d=day,
        )
        if on and len(on) < 5:
            board.ask(
                "list",
                ", ".join(on),
                "What is on {d}?|What is planned for {d}?|Which entries are on {d}?",
                [f"y{one}" for one in days] + every,
                d=day,
            )
        else:
            board.ask(
                "yes_no",
                "No" if on == [] else "Yes",
                "Is there something on {d}?|Is anything planned for {d}?",
                [f"y{one}" for one in days] + every,
                d=day,
            )
    week = f"Week {rng.randint(1, 52)}"
    board.ask_as("heading", week, ("title",))
    board.ask("value", week, "Which week is shown?|What week is it?", ("title",))
    board.noun, board.about = "calendar", f"a calendar, {week}, with {len(names)} entries"
    return f"{board.put(week, 'title', 'h1')}<div class='row top'>{''.join(columns)}</div>"
