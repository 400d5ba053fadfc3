"""Pages of programmers: the reference of a function with an example, a file of settings, and a list of commits."""

from __future__ import annotations

from collections.abc import Sequence

from training.web.board import Board
from training.web.statements import filler

_PARAMETERS: tuple[tuple[str, str, str], ...] = (
    ("timeout", "number", "Seconds to wait for an answer."), ("retries", "small", "How often to try again."), ("port", "port", "The port of the server."),
    ("host", "host", "Name or address of the server."), ("encoding", "choice:utf-8/latin-1/ascii/utf-16", "How text is encoded."), ("verbose", "choice:True/False", "Whether every step is written to the log."),
    ("limit", "count", "The largest number of rows."), ("path", "path", "Where the result is stored."), ("user", "name", "Who signs in."), ("mode", "choice:read/write/append/update", "What the file is opened for."),
    ("batch_size", "count", "Rows that are sent at once."), ("interval", "number", "Seconds between two checks."), ("workers", "small", "Processes at once."), ("level", "choice:debug/info/warning/error", "What is written to the log."),
    ("width", "count", "In pixels."), ("height", "count", "In pixels."), ("margin", "small", "Space at the edges, in points."), ("seed", "count", "For random numbers."), ("precision", "small", "Digits after the point."),
    ("region", "place", "Where the data are kept."), ("format", "choice:json/csv/xml/yaml", "Of the output."), ("max_age", "number", "Days until an entry is removed."), ("theme", "choice:light/dark/system", "The colours."), ("quality", "small", "From 1 to 24."),
)  # fmt: skip
_RAISES = (("TimeoutError", "when no answer comes in time"), ("PermissionError", "when the user may not read the path"), ("ValueError", "when a number is negative"), ("KeyError", "when the name is unknown"),
           ("ConnectionError", "when the server refuses"), ("FileNotFoundError", "when there is no such file"), ("TypeError", "when the argument is no number"))  # fmt: skip
_RETURNS = (
    "a list of rows",
    "the number of bytes written",
    "True on success",
    "a new connection",
    "the path of the result",
    "a dictionary by name",
    "nothing",
    "an iterator of lines",
)


def _value(board: Board, kind: str, *unlike: str) -> str:
    for _ in range(30):
        if kind == "port":
            made = str(board.pick((80, 443, 8080, 5432, 6379, 9000, 3306, 25, 8443)))
        elif kind == "number":
            made = str(board.pick((0.5, 1, 2, 5, 7, 10, 12, 15, 20, 30, 45, 60, 90, 120, 300, 600)))
        elif kind == "name":
            made = board.maker.make("person").text.split()[0].lower()
        else:
            made = board.maker.make(kind).text
        if made not in unlike:
            break
    return made


def _is_text(kind: str, value: str) -> bool:
    return kind in {"host", "path", "name", "place"} or (kind.startswith("choice:") and value not in {"True", "False"})


def reference(board: Board) -> str:
    """A function: its signature with defaults, a table of parameters, an example that sets some of them, and what goes wrong."""
    rng = board.rng
    owner, verb = str(board.writer.slot("noun")).capitalize(), str(board.writer.slot("verb")).lower()
    name = board.pick((f"{owner}.{verb}", f"{verb}_{board.writer.slot('noun')}".lower(), f"{owner.lower()}.{verb}()"))
    some = rng.sample(_PARAMETERS, rng.randint(3, 8))
    defaults = [_value(board, kind) for _, kind, _ in some]
    quoted = [
        f'"{value}"' if _is_text(kind, value) else value for (_, kind, _), value in zip(some, defaults, strict=True)
    ]
    html = [board.put(name, "title", "h1")]
    board.ask_as("heading", name, ("title",))
    board.ask(
        "value",
        name,
        "Which function is described?|What is the function called?|Which function is the page about?",
        ("title",),
    )
    html.append(f"<p>{filler(board)}</p>" if board.chance(0.5) else "")
    rows = ""
    for n, ((word, _, meaning), shown) in enumerate(zip(some, quoted, strict=True)):
        rows += f"<tr><td class='mono'>{board.put(word, f'pa{n}')}</td><td class='mono'>{board.put(shown, f'de{n}')}</td><td>{board.put(meaning, f'mn{n}')}</td></tr>"
        needs = (f"pa{n}", f"de{n}")
        board.ask(
            "value",
            defaults[n],
            "What is the default of {k}?|Which default does {k} have?|What is {k} if I do not set it?|To what is {k} set by default?|Default value of {k}?",
            needs,
            k=word,
        )
        board.ask(
            "text",
            meaning,
            "What does {k} mean?|What is the parameter {k} for?|How is {k} described?|What does it say about {k}?",
            (f"pa{n}", f"mn{n}"),
            k=word,
        )
        board.ask(
            "value",
            word,
            'Which parameter is described as "{m}"?|What is the parameter called that is described with "{m}"?',
            (f"pa{n}", f"mn{n}"),
            m=meaning,
        )
        if defaults.count(defaults[n]) == 1:
            board.ask(
                "value",
                word,
                "Which parameter has the default {v}?|What is {v} the default of?",
                [f"{p}{m}" for m in range(len(some)) for p in ("pa", "de")],
                v=defaults[n],
            )
    heads = board.pick(
        (
            ("Parameter", "Default", "Meaning"),
            ("Name", "Default", "Description"),
            ("Argument", "Default value", "What it does"),
        )
    )
    every = [f"pa{n}" for n in range(len(some))]
    board.ask(
        "how_many",
        str(len(some)),
        "How many parameters are there?|How many parameters does the function have?|Count the parameters.",
        every,
    )
    board.ask(
        "list",
        ", ".join(word for word, _, _ in some),
        "Which parameters are there?|List the parameters.|Name the parameters of the function.",
        every,
    )
    table = f"<table><tr>{''.join(f'<th>{one}</th>' for one in heads)}</tr>{rows}</table>"
    parts = [
        f"<h2>Parameters</h2>{table}",
        _example(board, name.removesuffix("()"), [(word, kind) for word, kind, _ in some], defaults),
    ]
    parts.append(_outcome(board))
    if board.chance(0.4):
        parts.append(settings_file(board))
    if board.chance(0.3):
        parts.insert(0, parts.pop(1))
    version = board.maker.make("version").text
    if board.chance(0.6):
        html.append(
            f"<div class='muted small'>{board.pick(('New in version', 'Since', 'Added in'))} {board.put(version, 'since')}</div>"
        )
        board.ask(
            "value",
            version,
            "Since which version is there this function?|In which version was the function added?|Since when does it exist?",
            ("since",),
        )
    board.about = f'documentation of "{name}" with {len(some)} parameters'
    return f"<div style='max-width:{rng.randint(560, 1000)}px'>{''.join(html)}{''.join(parts)}</div>"


def _example(board: Board, name: str, parameters: Sequence[tuple[str, str]], defaults: Sequence[str]) -> str:
    """A call with values other than the defaults."""
    rng = board.rng
    chosen = sorted(rng.sample(range(len(parameters)), rng.randint(1, min(5, len(parameters)))))
    lines = [board.put(f"{board.pick(('result', 'data', 'it', 'client'))} = {name}(", "ex")]
    for place, n in enumerate(chosen):
        word, kind = parameters[n]
        value = _value(board, kind, defaults[n])
        shown = f'"{value}"' if _is_text(kind, value) else value
        lines.append(f"    {board.put(f'{word}={shown}', f'xv{place}')},")
        board.ask("value", value, "What is {k} in the example?|To what does the example set {k}?|Which {k} does the example use?|What is passed for {k} in the code?|Which value does {k} have in the example?",
                  (f"xv{place}",), k=word)  # fmt: skip
    lines.append(")")
    unset = [word for n, (word, _) in enumerate(parameters) if n not in chosen]
    every = ["ex", *(f"xv{place}" for place in range(len(chosen)))]
    if unset:
        word, other = rng.choice(unset), parameters[rng.choice(chosen)][0]
        asked = "Does the example set {k}?|Is {k} set in the example?"
        board.ask("yes_no", "No", asked, every, k=word)
        board.ask("yes_no", "Yes", asked, every, k=other)
    board.ask(
        "how_many",
        str(len(chosen)),
        "How many parameters does the example set?|How many arguments does the call in the example have?",
        every,
    )
    return f"<h2>Example</h2><div class='pre'>{chr(10).join(lines)}</div>"


def _outcome(board: Board) -> str:
    """What the function returns and raises."""
    returned, raised = board.pick(_RETURNS), board.rng.sample(_RAISES, board.rng.randint(1, 3))
    board.ask(
        "value", returned, "What does the function return?|What does it return?|What do I get back?", ("returns",)
    )
    html = f"<p><b>Returns</b> {board.put(returned, 'returns')}</p>"
    for n, (error, when) in enumerate(raised):
        html += (
            f"<p><b>Raises</b> <span class='mono'>{board.put(error, f'ra{n}')}</span> {board.put(when, f'rw{n}')}.</p>"
        )
        needs = (f"ra{n}", f"rw{n}")
        board.ask(
            "value", when, "When is {k} raised?|When does {k} come up?|In which case do I get {k}?", needs, k=error
        )
        board.ask(
            "value", error, "What is raised {w}?|Which error do I get {w}?|Which exception comes {w}?", needs, w=when
        )
    return html


def settings_file(board: Board) -> str:
    """A file of settings, in which several sections have the same keys."""
    rng = board.rng
    sections = list(dict.fromkeys(str(board.writer.slot("noun")).lower() for _ in range(rng.randint(1, 4))))
    keys = rng.sample(_PARAMETERS, rng.randint(2, 5))
    style = board.pick(("ini", "yaml", "toml", "env"))
    lines = []
    for s, section in enumerate(sections):
        lines.append(
            {"ini": "[{}]", "toml": "[{}]", "yaml": "{}:", "env": "# {}"}[style].format(board.put(section, f"cs{s}"))
        )
        for n, (word, kind, _) in enumerate(keys):
            if rng.random() < 0.15:
                continue
            value = _value(board, kind)
            shown = f'"{value}"' if style == "toml" and _is_text(kind, value) else value
            line = {"ini": "{}={}", "toml": "{} = {}", "yaml": "  {}: {}", "env": "{}={}"}[style].format(
                word.upper() if style == "env" else word, shown
            )
            lines.append(board.put(line, f"cl{s}.{n}"))
            named = (
                "|What is the value of {k} under {s}?|Which {k} is set under {s}?|What is {k} of {s}?|{s}: {k}?"
                if len(sections) > 1
                else "|What is {k} in the file?|Which {k} is set in the file?"
            )
            board.ask(
                "value",
                value,
                ("To what is {k} set in the section {s}?|What does the file say for {k} under {s}?" + named),
                (f"cs{s}", f"cl{s}.{n}"),
                k=word,
                s=section,
            )
    every = [f"cs{s}" for s in range(len(sections))]
    board.ask(
        "how_many",
        str(len(sections)),
        "How many sections does the file have?|How many sections are in the file of settings?",
        every,
    )
    file = (
        board.pick(("config", "settings", "app", "server"))
        + {"ini": ".ini", "toml": ".toml", "yaml": ".yml", "env": ".env"}[style]
    )
    board.ask(
        "file",
        file,
        "What is the file of settings called?|Which file is shown?|In which file are the settings?",
        ("cfile",),
    )
    return f"<h3>{board.put(file, 'cfile', 'span', 'mono')}</h3><div class='pre'>{chr(10).join(lines)}</div>"


def history(board: Board) -> str:
    """Commits by day: message, author, time, hash, and what its checks say; names and times come again and again."""
    rng = board.rng
    project, branch = (
        f"{board.writer.slot('noun')}-{board.writer.slot('noun')}".lower(),
        board.pick(("main", "master", "develop", f"fix/{board.writer.slot('noun')}".lower())),
    )
    count = rng.randint(5, 16)
    messages, hashes = board.alike("task", count), board.alike("hash", count)
    people = board.alike("person", rng.randint(2, 4))
    dates = _dates(board, rng.randint(1, 4))
    ages = sorted(rng.sample(range(2, 50), count))
    unit = board.pick(("minutes", "hours", "days"))
    numbers = sorted(rng.sample(range(10, 4000), count), reverse=True)
    marks = board.chance(0.5)
    html, rows = "", []
    starts = {0, *rng.sample(range(1, len(messages)), min(len(dates) - 1, len(messages) - 1))}
    day = -1
    dense = board.chance(0.5)
    for n, message in enumerate(messages):
        if n in starts:
            day += 1
            html += f"<div class='b rule item'>{board.pick(('Commits on ', '', 'On ')) if day == 0 else ''}{board.put(dates[day], f'hd{day}')}</div>"
        author, ago, number = rng.choice(people), f"{ages[n]} {unit} ago", f"#{numbers[n]}"
        state = board.pick(("passed", "passed", "failed", "pending")) if marks else ""
        rows.append((message, author, ago, hashes[n], day, state))
        cells = [f"<b>{board.put(message, f'hm{n}')}</b> <span class='accent'>{board.put(number, f'hn{n}')}</span>", f"{board.put(author, f'ha{n}')} <span class='muted small'>{board.put(ago, f'ht{n}')}</span>",
                 f"<span class='mono small'>{board.put(hashes[n], f'hh{n}')}</span>", f"<span class='small'>{board.put(state, f'hs{n}', style='badge')}</span>" if state else ""]  # fmt: skip
        if dense:
            html += f"<div class='row'>{cells[2]}<span class='grow'>{cells[0]}</span>{cells[1]}{cells[3]}</div>"
        else:
            html += f"<div class='item row spread'><div>{cells[0]}<div>{cells[1]}</div></div><div class='row'>{cells[3]}{cells[2]}</div></div>"
        if n % 3:
            continue
        board.ask(
            "value",
            number,
            'Which number does "{k}" have?|Which request does "{k}" belong to?|What number stands behind "{k}"?',
            (f"hm{n}", f"hn{n}"),
            k=message,
        )
        board.ask("value", message, "Which commit belongs to {v}?|What does {v} do?", (f"hm{n}", f"hn{n}"), v=number)
    _ask_history(board, rows, dates)
    board.ask("value", branch, "Which branch is shown?|On which branch are we?|What is the branch called?", ("branch",))
    board.ask(
        "value",
        project,
        "Which project is this?|What is the repository called?|Which repository is open?",
        ("project",),
    )
    board.ask_as("heading", project, ("project",))
    total = str(rng.randint(count, 9000))
    board.ask(
        "value", total, "How many commits are there altogether?|How many commits does the branch have?", ("total",)
    )
    board.about = f'the history of "{project}", branch {branch}, with {len(messages)} commits'
    head = f"<div class='row'>{board.put(project, 'project', 'h2')} <span class='btn mono'>{board.put(branch, 'branch')}</span> <span class='muted'>{board.put(total, 'total')} commits</span></div>"
    return f"<div style='max-width:{rng.randint(700, 1200)}px'>{head}{html}</div>"


def _dates(board: Board, count: int) -> list[str]:
    """Different dates, the latest first."""
    return board.in_order("date", count)[::-1]


def _ask_history(board: Board, rows: Sequence[tuple[str, str, str, str, int, str]], dates: Sequence[str]) -> None:
    every = [f"hm{n}" for n in range(len(rows))]
    for n in board.rng.sample(range(len(rows)), min(7, len(rows))):
        message, author, ago, digest, day, state = rows[n]
        board.ask(
            "value",
            author,
            'Who made "{k}"?|Who is the author of "{k}"?|Who committed "{k}"?|Whose commit is "{k}"?',
            (f"hm{n}", f"ha{n}"),
            k=message,
        )
        board.ask(
            "value", digest, 'What is the hash of "{k}"?|Which hash does "{k}" have?', (f"hm{n}", f"hh{n}"), k=message
        )
        board.ask(
            "value",
            message,
            "What is the message of {v}?|What did commit {v} do?|Which change is {v}?",
            (f"hm{n}", f"hh{n}"),
            v=digest,
        )
        board.ask("value", author, "Who made commit {v}?|Who is the author of {v}?", (f"ha{n}", f"hh{n}"), v=digest)
        board.ask("value", ago, 'How old is "{k}"?|How long ago was "{k}" made?', (f"hm{n}", f"ht{n}"), k=message)
        board.ask(
            "value",
            dates[day],
            'Under which date is "{k}" listed?|On which day was "{k}" made?',
            (*every[: n + 1], f"hd{day}"),
            k=message,
        )
        if state:
            board.ask(
                "value",
                state,
                'What do the checks of "{k}" say?|Did the checks of "{k}" pass, fail, or are they pending?',
                (f"hm{n}", f"hs{n}"),
                k=message,
            )
    authors = [row[1] for row in rows]
    who = [f"ha{n}" for n in range(len(rows))]
    board.ask(
        "value",
        rows[0][0],
        "What is the newest commit?|What is the message of the latest commit?|What was committed last?",
        every[:1],
    )
    board.ask(
        "value",
        rows[0][1],
        "Who made the newest commit?|Who committed last?|Who is the author of the latest commit?",
        ("hm0", "ha0"),
    )
    board.ask("value", rows[-1][0], "What is the oldest commit on the page?|Which commit is at the bottom?", every)
    for name in dict.fromkeys(authors):
        board.ask(
            "how_many",
            str(authors.count(name)),
            "How many of the commits are by {k}?|How many commits did {k} make?|How often is {k} the author?",
            who,
            k=name,
        )
        first = authors.index(name)
        board.ask(
            "value",
            rows[first][0],
            "What did {k} commit last?|What is the newest commit of {k}?",
            [*who[: first + 1], f"hm{first}"],
            k=name,
        )
    for day, date in enumerate(dates):
        on = [row[0] for row in rows if row[4] == day]
        if len(on) == 1:
            n = next(n for n, row in enumerate(rows) if row[4] == day)
            board.ask(
                "value", on[0], "What was committed on {d}?|Which commit is from {d}?", (*every, f"hd{day}"), d=date
            )
        if on:
            board.ask(
                "how_many",
                str(len(on)),
                "How many commits are from {d}?|How many commits were made on {d}?",
                (*every, f"hd{day}"),
                d=date,
            )
    failed = [row[0] for row in rows if row[5] == "failed"]
    if len(failed) == 1:
        board.ask(
            "value",
            failed[0],
            "Which commit failed?|The checks of which commit failed?|Where did the checks fail?",
            [*every, *(f"hs{n}" for n in range(len(rows)))],
        )
