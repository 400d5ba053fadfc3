"""Dashboards with many panels: small values beside their labels, where several panels have the same labels."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from training.web.board import Board
from training.web.look import icon


@dataclass(frozen=True)
class Figure:
    """What panels of a sort show: a label, the type of its value, and how to ask for it by the panel's name."""

    label: str
    type: str
    ask: str
    unit: str = ""


def _f(label: str, kind: str, ask: str, unit: str = "") -> Figure:
    return Figure(label, kind, ask, unit)


@dataclass(frozen=True)
class Sort:
    """Panels of one sort: what each is called, what they show, and the dashboard's titles."""

    noun: str
    plural: str
    name: str
    titles: str
    figures: tuple[Figure, ...]


SORTS: tuple[Sort, ...] = (
    Sort("server", "servers", "server", "Cluster|Infrastructure|Hosts|Monitoring", (
        _f("CPU", "percent", "How busy is the CPU of {k}?|What is the CPU load of {k}?|How much CPU does {k} use?"),
        _f("Memory", "size", "How much memory does {k} use?|How much memory is in use on {k}?"),
        _f("Disk", "percent", "How full is the disk of {k}?|How much of the disk of {k} is used?"),
        _f("Uptime", "days", "How long has {k} been running?|How long has {k} been up?|What is the uptime of {k}?"),
        _f("Load", "rating", "What is the load of {k}?|How high is the load on {k}?"),
        _f("Network", "size", "How much traffic does {k} have?|What is the network traffic of {k}?", "/s"),
        _f("Errors", "count", "How many errors does {k} have?|How many errors were there on {k}?"),
        _f("Last backup", "date", "When was {k} last backed up?|When was the last backup of {k}?"),
        _f("Version", "version", "Which version runs on {k}?|What is the version of {k}?"),
        _f("Temperature", "degrees", "How hot is {k}?|What is the temperature of {k}?"),
        _f("Owner", "person", "Who is responsible for {k}?|Who owns {k}?"),
    )),
    Sort("room", "rooms", "room", "My home|House|Climate|Rooms", (
        _f("Temperature", "degrees", "How warm is it in {k}?|What is the temperature in {k}?"),
        _f("Target", "degrees", "To what temperature is {k} set?|Which temperature should {k} have?"),
        _f("Humidity", "percent", "How humid is it in {k}?|What is the humidity in {k}?"),
        _f("Light", "percent", "How bright is the light in {k}?|To how much is the light in {k} set?"),
        _f("Power", "count", "How much power does {k} use?|How many watts are used in {k}?", " W"),
        _f("Window", "choice:open/closed", "Is the window in {k} open or closed?|What about the window in {k}?"),
        _f("Battery", "percent", "How full is the battery of the sensor in {k}?|What is the battery level in {k}?"),
        _f("Last motion", "time", "When did something last move in {k}?|When was the last motion in {k}?"),
    )),
    Sort("branch", "branches", "place", "Sales|Branches|This month|Key figures|Report", (
        _f("Revenue", "amount", "What is the revenue in {k}?|How much did {k} take?|How much revenue does {k} have?"),
        _f("Orders", "count", "How many orders came from {k}?|How many orders does {k} have?"),
        _f("Returns", "small", "How many returns were there in {k}?|How many things came back in {k}?"),
        _f("Visitors", "count", "How many visitors did {k} have?|How many people came to {k}?"),
        _f("Conversion", "percent", "What is the conversion in {k}?|How high is the conversion of {k}?"),
        _f("Manager", "person", "Who runs {k}?|Who is the manager in {k}?|Who leads the branch in {k}?"),
        _f("Change", "percent", "By how much did {k} change?|What is the change of {k}?"),
        _f("Best seller", "good", "What sells best in {k}?|What is the best seller in {k}?"),
        _f("Next delivery", "date", "When does {k} get the next delivery?|When is the next delivery to {k}?"),
        _f("Open until", "time", "Until when is {k} open?|When does {k} close?"),
    )),
    Sort("stock", "stocks", "app", "Portfolio|Markets|Watch list|My funds", (
        _f("Price", "amount", "At what price is {k}?|What does {k} cost?|What is the price of {k}?"),
        _f("Change", "percent", "By how much has {k} changed?|What is the change of {k}?"),
        _f("Volume", "count", "How many shares of {k} were traded?|What is the volume of {k}?"),
        _f("High", "amount", "What is the high of {k}?|How high did {k} get?"),
        _f("Low", "amount", "What is the low of {k}?|How low did {k} fall?"),
        _f("Held", "small", "How many shares of {k} are held?|How many of {k} do I have?"),
        _f("Bought", "date", "When was {k} bought?|On which date did I buy {k}?"),
    )),
    Sort("project", "projects", "thing", "Projects|Overview|Status|Team board", (
        _f("Lead", "person", "Who leads \"{k}\"?|Who is in charge of \"{k}\"?"),
        _f("Due", "date", "When is \"{k}\" due?|Until when must \"{k}\" be finished?"),
        _f("Progress", "percent", "How far is \"{k}\"?|How much of \"{k}\" is done?"),
        _f("Budget", "amount", "What is the budget of \"{k}\"?|How much money is there for \"{k}\"?"),
        _f("Spent", "amount", "How much was spent on \"{k}\"?|What has \"{k}\" cost so far?"),
        _f("Open tasks", "small", "How many tasks are open in \"{k}\"?|How many open tasks does \"{k}\" have?"),
        _f("Risk", "choice:low/medium/high", "How high is the risk of \"{k}\"?|What is the risk of \"{k}\"?"),
        _f("Room", "room", "Where does \"{k}\" meet?|In which room is \"{k}\"?"),
    )),
    Sort("machine", "machines", "noun", "Production|Line 4|Plant|Shift", (
        _f("Output", "count", "How much has {k} produced?|What is the output of {k}?"),
        _f("Scrap", "percent", "How much scrap does {k} make?|What is the scrap rate of {k}?"),
        _f("Operator", "person", "Who operates {k}?|Who works at {k}?"),
        _f("Next service", "date", "When is {k} serviced next?|When is the next service of {k}?"),
        _f("Pressure", "rating", "What is the pressure of {k}?|How high is the pressure at {k}?", " bar"),
        _f("State", "choice:running/idle/stopped/fault", "What is the state of {k}?|What is {k} doing?"),
        _f("Order", "code", "Which order runs on {k}?|What is the order number at {k}?"),
        _f("Ends at", "time", "When does the run on {k} end?|Until when does {k} run?"),
    )),
)  # fmt: skip
_ROUND: tuple[tuple[str, str, str], ...] = (
    ("Last update", "time", "When was the page last updated?|At what time was the last update?"),
    ("Signed in as", "person", "Who is signed in?|Under which name am I signed in?"),
    ("Period", "date", "From which date are the figures?|For which date are the figures?"),
    ("Refresh every", "minutes", "How often is the page refreshed?|At which interval is it refreshed?"),
    ("Alerts", "small", "How many alerts are there?|How many alerts does it show?"),
)  # fmt: skip


def panels(board: Board) -> str:
    """A grid of panels of one sort with labels and values; perhaps a list of what happened beside it."""
    rng = board.rng
    sort = board.pick(SORTS)
    title = board.pick(sort.titles.split("|"))
    names = board.alike(sort.name, rng.randint(3, 16))
    figures = rng.sample(sort.figures, rng.randint(3, min(8, len(sort.figures))))
    draw = board.pick((_beside, _beside, _dotted, _below, _inline))
    boxes = []
    for n, name in enumerate(names):
        rows = []
        for m, figure in enumerate(figures):
            if rng.random() < 0.12:
                continue  # not every panel has everything
            value = f"{board.maker.make(figure.type).text}{figure.unit}"
            rows.append(
                (
                    board.put(figure.label, f"pl{n}.{m}"),
                    board.put(value, f"pv{n}.{m}", style="b" if board.chance(0.2) else ""),
                )
            )
        boxes.append(
            f"<div class='panel'><div class='row'>{icon(rng) if board.chance(0.5) else ''}<b>{board.put(name, f'pn{n}')}</b></div>{draw(board, rows)}</div>"
        )
    _ask_panels(board, sort, names, figures)
    title_html = board.put(title, "title", "h1")
    board.ask_as("heading", title, ("title",))
    around = rng.sample(_ROUND, rng.randint(0, 3))
    bits = []
    for n, (label, kind, asked) in enumerate(around):
        value = board.maker.make(kind).text
        bits.append(f"<span class='muted'>{board.put(label, f'rl{n}')}:</span> {board.put(value, f'rv{n}')}")
        board.ask("value", value, asked, (f"rl{n}", f"rv{n}"))
    board.about = f'a dashboard "{title}" with {len(names)} {sort.plural}'
    columns = min(len(names), rng.randint(2, 6))
    size = rng.choice((0.85, 0.9, 1.0))
    events = _events(board, sort.noun, names) if board.chance(0.35) else ""
    grid = f"<div class='grid' style='grid-template-columns:repeat({columns},1fr);font-size:{size}em'>{''.join(boxes)}</div>"
    return f"<div class='row spread'>{title_html}<div class='row small'>{' '.join(bits)}</div></div>{grid}{events}"


def _ask_panels(board: Board, sort: Sort, names: list[str], figures: list[Figure]) -> None:
    """About the values of all panels that are there, by panel and label, and the other way round."""
    rng, texts = board.rng, board.texts
    every = [f"pn{n}" for n in range(len(names))]
    there = [(n, m) for n in range(len(names)) for m in range(len(figures)) if f"pv{n}.{m}" in texts]
    for n, m in rng.sample(there, min(len(there), 26)):
        figure, value, needs = figures[m], texts[f"pv{n}.{m}"], (f"pn{n}", f"pl{n}.{m}", f"pv{n}.{m}")
        plain = f"|{{k}}: {figure.label}?|What does it say under {figure.label} for {{k}}?|Which value stands beside {figure.label} in the panel {{k}}?"
        board.ask("value", value, figure.ask + plain, needs, k=names[n])
        column = [f"pv{o}.{m}" for o in range(len(names)) if f"pv{o}.{m}" in texts]
        if [texts[one] for one in column].count(value) == 1 and rng.random() < 0.5:
            board.ask("value", names[n], f"Which {sort.noun} has {figure.label} {{v}}?|At which {sort.noun} does it say {{v}} beside {figure.label}?|Where is {figure.label} {{v}}?",
                      (*every, *column), v=value)  # fmt: skip
    for m, figure in enumerate(figures):
        lacking = [n for n in range(len(names)) if f"pv{n}.{m}" not in texts]
        if len(lacking) == 1 and len(names) > 2:
            board.ask("value", names[lacking[0]], f"Which {sort.noun} has no {{f}}?|In which panel is {{f}} missing?", [*every, *(f"pl{n}.{m}" for n in range(len(names)) if n != lacking[0])],
                      f=figure.label)  # fmt: skip
    board.ask(
        "how_many",
        str(len(names)),
        f"How many {sort.plural} are shown?|How many panels are there?|Count the {sort.plural}.",
        every,
    )
    board.ask(
        "value", names[0], f"Which {sort.noun} is in the first panel?|Which {sort.noun} is at the top left?", every
    )
    if len(names) <= 7:
        board.ask(
            "list", ", ".join(names), f"Which {sort.plural} are shown?|List the {sort.plural}.|Name the panels.", every
        )


Rows = list[tuple[str, str]]
_Draw = Callable[[Board, Rows], str]


def _beside(board: Board, rows: Rows) -> str:  # noqa: ARG001 - all ways to draw are called alike
    inside = "".join(
        f"<div class='row spread'><span class='muted'>{label}</span>{value}</div>" for label, value in rows
    )
    return f"<div>{inside}</div>"


def _dotted(board: Board, rows: Rows) -> str:
    mark = board.pick((": ", " = ", " - "))
    return "".join(f"<div><span class='muted'>{label}</span>{mark}{value}</div>" for label, value in rows)


def _below(board: Board, rows: Rows) -> str:
    cells = "".join(f"<div>{value}<div class='muted small'>{label}</div></div>" for label, value in rows)
    return f"<div class='grid' style='grid-template-columns:1fr 1fr;gap:{board.rng.randint(2, 8)}px'>{cells}</div>"


def _inline(board: Board, rows: Rows) -> str:
    mark = board.pick((" &middot; ", " | ", ", "))
    return f"<div class='small'>{mark.join(f'<span>{label} {value}</span>' for label, value in rows)}</div>"


_EVENTS = (
    ("restarted", "restarted"),
    ("checked", "checked"),
    ("changed the limits of", "changed the limits of"),
    ("added a note to", "added a note to"),
    ("switched off", "switched off"),
)


def _events(board: Board, noun: str, names: list[str]) -> str:
    """Who did what to which of them, and when, newest first."""
    rng = board.rng
    count = rng.randint(3, 7)
    minutes = sorted(rng.sample(range(24 * 60), count), reverse=True)
    html = ""
    for n, minute in enumerate(minutes):
        stamp, person, name, (verb, done) = (
            f"{minute // 60:02}:{minute % 60:02}",
            board.maker.make("person").text,
            rng.choice(names),
            board.pick(_EVENTS),
        )
        html += f"<div class='small'><span class='muted'>{board.put(stamp, f'et{n}')}</span> {board.put(person, f'ep{n}')} {verb} {board.put(name, f'en{n}')}</div>"
        needs = (f"et{n}", f"ep{n}", f"en{n}")
        board.ask("value", person, f"Who {done} {{k}}?|Which person {done} {{k}}?", needs, k=name)
        board.ask("value", person, "Who did something at {t}?|Who is named at {t}?", needs, t=stamp)
        board.ask(
            "value", name, f"What was it that {{p}} {done}?|Which {noun} is named at {{t}}?", needs, p=person, t=stamp
        )
    return f"<h3>{board.put(board.pick(('Recent activity', 'Events', 'Log')), 'events')}</h3>{html}"
