"""Departures, the weather of a week, and things on sale: what is where by its place, often without a label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from training.screens.phrases import DAYS
from training.web.board import Board
from training.web.hours import hours
from training.web.look import icon

_REMARKS = ("On time", "On time", "Cancelled", "Delayed", "Boarding", "Platform changed", "Departed", "Full")


def departures(board: Board) -> str:
    """A board of departures or arrivals; when all there is is a list of times, when a table."""
    rng = board.rng
    what, plural = board.pick(
        (
            ("train", "trains"),
            ("bus", "buses"),
            ("ferry", "ferries"),
            ("flight", "flights"),
            ("tram", "trams"),
            ("boat", "boats"),
        )
    )
    place = board.pick(
        {
            "train": ("Platform", "Track"),
            "bus": ("Stop", "Bay"),
            "ferry": ("Pier",),
            "flight": ("Gate",),
            "tram": ("Stop",),
            "boat": ("Pier", "Landing"),
        }[what]
    )
    lines, towns = board.alike("flight" if what == "flight" else "line", rng.randint(3, 12)), board.alike("place", 12)
    towns = towns[: len(lines)]
    lines = lines[: len(towns)]
    minutes = sorted(rng.sample(range(5 * 60, 23 * 60), len(lines)))
    times = [f"{one // 60:02}:{one % 60:02}" for one in minutes]
    tracks = [f"{rng.randint(1, 24)}{board.pick(('', '', 'a', 'b'))}" for _ in lines]
    remarks = [board.pick(_REMARKS) for _ in lines]
    remarks = [f"{rng.randint(2, 90)} min late" if one == "Delayed" and board.chance(0.6) else one for one in remarks]
    station = board.maker.make("place").text
    title = board.pick(
        ("Departures", "Arrivals", "Timetable", f"{plural.capitalize()} from {station}", f"{station}: departures")
    )
    arrive = title == "Arrivals"
    go, came = ("arrive", "comes from") if arrive else ("leave", "goes to")
    columns = [
        ("Time", "t", times),
        (what.capitalize() if what != "ferry" else "Line", "l", lines),
        ("From" if arrive else "To", "d", towns),
        (place, "p", tracks),
        (board.pick(("Remarks", "Status", "")), "r", remarks),
    ]
    if board.chance(0.4):
        columns = [columns[1], columns[2], columns[0], *columns[3:]]
    body = ""
    for n in range(len(lines)):
        cells = "".join(
            f"<td class='{'b' if key == 't' else ''}'>{board.put(values[n], f'{key}{n}', style='badge' if key == 'r' and board.chance(0.3) else '')}</td>"
            for _, key, values in columns
        )
        body += f"<tr>{cells}</tr>"
    heads = "".join(f"<th>{board.put(text, f'th.{key}') if text else ''}</th>" for text, key, _ in columns)
    every = [f"l{n}" for n in range(len(lines))]
    all_of = {key: [*every, *(f"{key}{n}" for n in range(len(lines)))] for _, key, _ in columns}
    to, goes = ("from", "come from") if arrive else ("to", "go")
    ends = (
        (times[0], "t", f"When does the first {what} {go}?|At what time is the first {what}?|How early does the first {what} {go}?|What time is the first {what}?"),
        (times[-1], "t", f"When does the last {what} {go}?|At what time is the last {what}?|How late does the last {what} {go}?"),
        (lines[0], "t", f"Which {what} is the first?|Which {what} comes first?|What is the next {what}?|Which {what} is at the top?"),
        (lines[-1], "t", f"Which {what} is the last?|Which {what} {go}s last?|Which {what} is at the bottom?"),
        (towns[-1], "d", f"Where does the last {what} {goes}?"),
    )  # fmt: skip
    for answer, key, phrasings in ends:
        board.ask("value", answer, phrasings, all_of[key])
    board.ask(
        "how_many",
        str(len(lines)),
        f"How many {plural} are listed?|How many {plural} are shown?|Count the {plural}.|How many rows are there?",
        every,
    )
    asked = (
        ("t", "l", f"When does {{l}} {go}?|At what time is {{l}}?|What time does the {what} {{l}} {go}?"),
        ("t", "d", f"When does the {what} {to} {{d}} {go}?|When can I go {to} {{d}}?|At what time is there a {what} {to} {{d}}?"),
        ("d", "l", f"Where does {{l}} {goes}?|Where is {{l}} {'from' if arrive else 'going'}?"),
        ("l", "d", f"Which {what} {came} {{d}}?|What {came} {{d}}?"),
        ("p", "l", f"From which {place.lower()} does {{l}} {go}?|Which {place.lower()} is {{l}} at?|Where do I find {{l}}?|What is the {place.lower()} of {{l}}?"),
        ("p", "d", f"Which {place.lower()} for {{d}}?|Where does the {what} {to} {{d}} stop?|At which {place.lower()} is the {what} {to} {{d}}?"),
        ("l", "t", f"Which {what} is at {{t}}?|What {go}s at {{t}}?|Which {what} {go}s at {{t}}?"),
        ("r", "l", "What is the status of {l}?|What does it say about {l}?|What about {l}?"),
    )  # fmt: skip
    for n in rng.sample(range(len(lines)), min(6, len(lines))):
        _ask_of_row(board, n, {key: values[n] for _, key, values in columns}, asked)
    _remarked(board, what, plural, lines, towns, remarks, all_of, arrive=arrive)
    board.ask_as("heading", title, ("title",))
    board.ask_as(
        "columns", ", ".join(text for text, _, _ in columns if text), [f"th.{key}" for text, key, _ in columns if text]
    )
    clock = f"{rng.randrange(24):02}:{rng.randrange(60):02}:{rng.randrange(60):02}"
    now = f"<div class='mono b'>{board.put(clock, 'clock')}</div>" if board.chance(0.3) else ""
    if now:
        board.ask("value", clock, "What time is it?|Which time does the clock show?|How late is it?", ("clock",))
    board.about = f'a board "{title}" with {len(lines)} {plural}'
    return f"<div class='row spread'>{board.put(title, 'title', 'h1')}{now}</div><table>{f'<tr>{heads}</tr>' if board.chance(0.8) else ''}{body}</table>"


def _ask_of_row(board: Board, n: int, row: Mapping[str, str], asked: Sequence[tuple[str, str, str]]) -> None:
    """What is asked about row `n`, or day `n`, whose texts are given by their columns; ids are of column and number.

    `asked`: the column of the answer, the one that is known, and phrasings, in which the latter has a slot of its name.
    """
    for answer, known, phrasings in asked:
        board.ask("value", row[answer], phrasings, (f"{known}{n}", f"{answer}{n}"), **{known: row[known]})


def _remarked(
    board: Board,
    what: str,
    plural: str,
    lines: list[str],
    towns: list[str],
    remarks: list[str],
    all_of: dict[str, list[str]],
    *,
    arrive: bool,
) -> None:
    """Which one is late or cancelled, and how many are."""
    for remark, phrase in (
        ("Cancelled", "cancelled"),
        ("Platform changed", ""),
        ("Boarding", "boarding"),
        ("Full", "full"),
        ("Departed", "gone"),
    ):
        rows = [n for n, one in enumerate(remarks) if one == remark]
        if phrase and len(rows) == 1:
            board.ask(
                "value",
                lines[rows[0]],
                f"Which {what} is {phrase}?|Which one is {phrase}?|What is {phrase}?|Name the {what} that is {phrase}.",
                all_of["r"],
            )
            board.ask(
                "value",
                towns[rows[0]],
                f"Where does the {what} {'come from' if arrive else 'go'} that is {phrase}?|The {what} {'from' if arrive else 'to'} which town is {phrase}?",
                [*all_of["r"], *all_of["d"]],
            )
        if phrase:
            board.ask(
                "how_many",
                str(len(rows)),
                f"How many {plural} are {phrase}?|Count the {plural} that are {phrase}.",
                all_of["r"],
            )
            if rows or board.chance(0.4):
                board.ask(
                    "yes_no",
                    "Yes" if rows else "No",
                    f"Is a {what} {phrase}?|Is there a {what} that is {phrase}?|Is anything {phrase}?",
                    all_of["r"],
                )
    late = [n for n, one in enumerate(remarks) if "late" in one]
    if len(late) == 1:
        board.ask(
            "value",
            lines[late[0]],
            f"Which {what} is late?|Which one is delayed?|What is late?|Which {what} has a delay?",
            all_of["r"],
        )
        board.ask(
            "value",
            remarks[late[0]],
            f"How late is the {what}?|How long is the delay?|How much delay is there?",
            all_of["r"],
        )


_SKIES = (
    "Sunny",
    "Cloudy",
    "Rain",
    "Snow",
    "Fog",
    "Thunderstorms",
    "Light rain",
    "Clear",
    "Overcast",
    "Showers",
    "Windy",
    "Drizzle",
    "Partly cloudy",
    "Hail",
)


_OF_A_DAY = (
    ("ws", "wd", "What will the weather be on {wd}?|How will the weather be on {wd}?|What is the forecast for {wd}?|What is the weather like on {wd}?|What is expected on {wd}?|{wd}: what weather?"),
    ("wh", "wd", "How warm will it be on {wd}?|What is the high on {wd}?|Which temperature is expected on {wd}?|How hot does it get on {wd}?"),
    ("wn", "wd", "How cold does it get on {wd}?|What is the low on {wd}?|What is the lowest temperature on {wd}?"),
    ("wc", "wd", "What is the chance of rain on {wd}?|How likely is rain on {wd}?|How probable is rain on {wd}?"),
)  # fmt: skip
"""Its sky, high, low and chance of rain, for `_ask_of_row`."""
_OF_NOW = (
    (("now",), "How warm is it now?|What is the temperature?|What is the temperature right now?|How many degrees is it?"),
    (("sky", "now"), "What is the weather now?|What is the weather like at the moment?|How is the weather now?"),
    (("feels",), "What does it feel like?|How warm does it feel?|What is the felt temperature?"),
    (("town",), "For which town is the weather shown?|Which town is shown?|Where is this weather?|For which place is the forecast?|Which town is entered?"),
)  # fmt: skip
"""The ids of the texts that are needed, of which the first is the answer, and phrasings."""


def weather(board: Board) -> str:
    """The weather now and on the next days: a column or a row for each."""
    rng, degree = board.rng, board.pick(("&deg;C", "&deg;", " C", "&deg;F")).replace("&deg;", "\N{DEGREE SIGN}")
    town, start = board.maker.make("place").text, rng.randrange(7)
    days = [DAYS[(start + n) % 7] for n in range(rng.randint(4, 7))]
    short = board.chance(0.25)
    shown = [one[:3] if short else one for one in days]
    highs = [rng.randint(-8, 38) for _ in days]
    lows = [one - rng.randint(2, 12) for one in highs]
    skies, chances = [board.pick(_SKIES) for _ in days], [rng.randrange(0, 101, 5) for _ in days]
    now, sky, feels = f"{rng.randint(-8, 38)}{degree}", board.pick(_SKIES), f"{rng.randint(-12, 40)}{degree}"
    sunrise, sunset = f"{rng.randint(4, 8)}:{rng.randint(0, 59):02}", f"{rng.randint(16, 21)}:{rng.randint(0, 59):02}"
    more = [("Humidity", f"{rng.randint(15, 99)}%", "How humid is it?|What is the humidity?|How high is the humidity?"), ("Wind", f"{rng.randint(2, 80)} km/h {board.pick(('N', 'SW', 'E', 'NW', 'S'))}", "How strong is the wind?|What is the wind like?|How fast is the wind?"),
            ("Pressure", f"{rng.randint(980, 1040)} hPa", "What is the air pressure?|How high is the pressure?"), ("Sunrise", sunrise, "When is sunrise?|When does the sun rise?|At what time is sunrise?|How early does the sun come up?"),
            ("Sunset", sunset, "When is sunset?|When does the sun set?|At what time does the sun go down?|How late is sunset?"), ("UV index", str(rng.randint(0, 11)), "What is the UV index?|How high is the UV index?"),
            ("Visibility", f"{rng.randint(1, 30)} km", "How far can one see?|What is the visibility?"), ("Dew point", f"{rng.randint(-5, 20)}{degree}", "What is the dew point?"), ("Pollen", board.pick(("low", "medium", "high")), "How much pollen is there?|How high is the pollen level?")]  # fmt: skip
    rng.shuffle(more)
    facts = ""
    for n, (label, value, asked) in enumerate(more[: rng.randint(3, 8)]):
        facts += f"<div class='{board.pick(('', 'panel'))}'><span class='muted'>{board.put(label, f'wl{n}')}</span> <span class='b'>{board.put(value, f'wv{n}')}</span></div>"
        board.ask("value", value, asked, (f"wl{n}", f"wv{n}"))
        board.ask(
            "value", value, "{k}?|What does it say for {k}?|Read the value of {k}.", (f"wl{n}", f"wv{n}"), k=label
        )
    columns = []
    for n, day in enumerate(days):
        row = {"ws": skies[n], "wh": f"{highs[n]}{degree}", "wn": f"{lows[n]}{degree}", "wc": f"{chances[n]}%"}
        styles = {"wd": "b", "wn": "muted"}
        columns.append([board.put(text, f"{key}{n}", style=styles.get(key, "")) for key, text in {"wd": shown[n], **row}.items()])  # fmt: skip
        _ask_of_row(board, n, {"wd": day, **row}, _OF_A_DAY)
        if skies.count(skies[n]) == 1:
            board.ask(
                "value",
                shown[n],
                "On which day is {s} expected?|When is there {s}?|Which day has {s}?|For which day does it say {s}?",
                [f"{p}{m}" for m in range(len(days)) for p in ("wd", "ws")],
                s=skies[n].lower(),
            )
    for asked, rank, values in (
        ("Which day is the warmest?|When is it hottest?|On which day is it warmest?", max, highs),
        ("Which day has the lowest temperature?|When is it coldest?|Which night is the coldest?", min, lows),
        ("On which day is rain most likely?|Which day has the highest chance of rain?", max, chances),
        ("On which day is rain least likely?|Which day is likely to be dry?", min, chances),
    ):
        best = rank(values)
        if values.count(best) == 1:
            board.ask(
                "highest",
                shown[values.index(best)],
                asked,
                [f"{p}{m}" for m in range(len(days)) for p in ("wd", "wh", "wn", "wc")],
            )
    board.ask(
        "how_many",
        str(len(days)),
        "How many days are shown?|For how many days is there a forecast?|Count the days.",
        [f"wd{n}" for n in range(len(days))],
    )
    here = {"now": now, "sky": sky, "feels": feels, "town": town}
    for needs, phrasings in _OF_NOW:
        board.ask("value", here[needs[0]], phrasings, needs)
    searched = board.chance(0.5)
    place = (
        f"<span class='input' style='width:260px'>{board.put(town, 'town')}</span>"
        if searched
        else board.put(town, "town", "h1")
    )
    if board.chance(0.6):
        days_html = "".join(
            f"<div class='panel grow' style='text-align:center'>{'<br>'.join((one[0], icon(rng, px=30), *one[1:]))}</div>"
            for one in columns
        )
        days_html = f"<div class='row top'>{days_html}</div>"
    else:
        days_html = (
            "<table>"
            + "".join(f"<tr>{''.join(f'<td>{part}</td>' for part in one)}</tr>" for one in columns)
            + "</table>"
        )
    board.noun, board.about, board.title = (
        board.noun,
        f"the weather in {town}, with a forecast of {len(days)} days",
        board.pick((f"Weather in {town}", f"{town} - Weather", "Forecast")),
    )
    later = hours(board) if board.chance(0.45) else ""
    return f"{place}<div class='row'>{icon(rng, px=48)}<span class='big'>{board.put(now, 'now')}</span><div>{board.put(sky, 'sky')}<div class='muted small'>Feels like {board.put(feels, 'feels')}</div></div></div><div class='row wrap' style='margin:12px 0'>{facts}</div>{days_html}{later}"
