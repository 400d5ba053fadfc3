"""Code: lines of it, terminals, logs and editors."""

from __future__ import annotations

from training.web.board import Board
from training.web.console import COMMANDS, LOGGED, Lines
from training.web.snippets import ENDINGS, ask_code, snippet


def code_lines(board: Board, count: int) -> list[str]:
    """At most so many lines of a language."""
    return [line for line in snippet(board, count)[1] if line]


def _logged(board: Board, count: int) -> tuple[Lines, list[str]]:
    """Lines of a log, and the level of each."""
    rng, said, levels = board.rng, Lines(), []
    hour, minute = rng.randrange(23), rng.randrange(50)
    form = board.pick(("{t} {l:5} {s}", "{t} {l:5} {s}", "[{t}] {l}: {s}", "{t} [{l}] {s}", "{l:5} {t} {s}")).replace("{s}", "")  # fmt: skip
    for _ in range(count):
        minute += rng.choice((0, 0, 1))
        level = rng.choices(("INFO", "WARN", "ERROR", "DEBUG"), (6, 2, 1.2, 2))[0]
        text, asks = board.pick([(text, asks) for one, text, asks in LOGGED if one == level])
        stamp = f"{hour:02}:{minute:02}:{rng.randrange(60):02}"
        said.tell(board, text, asks, {}, form.format(t=stamp, l=level))
        levels.append(level)
    return said, levels


def _printed(board: Board, count: int) -> Lines:
    """Commands and what they print, each command once."""
    said, writer = Lines(), board.writer
    user, host = str(writer.slot("noun")).lower(), str(writer.slot("noun")).lower()
    prompt = board.pick(("$ ", "$ ", f"{user}@{host}:~$ ", f"[{user}@{host} ~]$ ", "> ", f"{host} % "))
    last = ""
    for one in board.rng.sample(COMMANDS, len(COMMANDS)):
        if len(said.texts) + len(one) > count:
            continue
        slots: dict[str, str] = {}
        for number, (text, asks) in enumerate(one):
            said.tell(board, text, asks, slots, prompt if not number else "")
        last = said.texts[-len(one)].removeprefix(prompt)
    at = max(n for n, text in enumerate(said.texts) if text.endswith(last))
    board.ask("command", last, "What is the last command?|Which command was run last?|What was typed last?", [f"l{n}" for n in range(at, len(said.texts))])  # fmt: skip
    return said


def terminal(board: Board) -> str:
    """Lines of a log with times and levels, or of a shell."""
    rng = board.rng
    count, log, dark = rng.randint(5, 28), board.chance(0.6), board.chance(0.75)
    rows, errors = [], []
    said, levels = _logged(board, count) if log else (_printed(board, count), [])
    count = len(said.texts)
    for number, line in enumerate(said.texts):
        level = levels[number] if log else ""
        if level == "ERROR":
            errors.append((number, line))
        colour = {"ERROR": "#ff6b6b" if dark else "#b00020", "WARN": "#e5c07b" if dark else "#8a5a00"}.get(
            level, "inherit"
        )
        rows.append(f"<span style='color:{colour}'>{board.put(line, f'l{number}')}</span>")
        board.ask_as(
            "line", line, [f"l{n}" for n in range(number + 1)], n=str(number + 1)
        ) if rng.random() < 0.3 else None
    said.ask(board)
    every = [f"l{n}" for n in range(count)]
    board.ask_as("line_last", board.texts[every[-1]], every, "line")
    board.ask_as("line_first", board.texts[every[0]], every[:1], "line")
    board.ask_as("line_count", str(count), every, "how_many")
    if log:
        board.ask(
            "how_many",
            str(len(errors)),
            "How many errors are in the log?|How many lines are errors?|Count the lines with ERROR.",
            every,
        )
        board.ask(
            "yes_no",
            "Yes" if errors else "No",
            "Is there an error in the log?|Does the log show an error?|Did something fail?",
            every,
        )
    if len(errors) == 1:
        board.tell_error(errors[0][1], f"l{errors[0][0]}", "log")
    board.noun = "log" if log else "terminal"
    board.about = f"a {board.noun} with {count} lines"
    return (
        f"<div class='mono' style='white-space:pre;position:absolute;inset:0;padding:8px;background:{'#12161b' if dark else '#fff'};color:{'#d8dee4' if dark else '#111'};line-height:{rng.choice((1.2, 1.35, 1.5))}'>"
        + "\n".join(rows)
        + "</div>"
    )


def editor(board: Board) -> str:
    """Code with line numbers, tabs above and a status bar below."""
    rng = board.rng
    count, first = rng.randint(6, 30), rng.choice((1, 1, 1, rng.randint(2, 300)))
    language, code = snippet(board, count)
    count, code = len(code), [line or " " for line in code]
    files = board.alike("file", rng.randint(1, 4))
    on = rng.randrange(len(files))
    files[on] = f"{files[on].rpartition('.')[0] or files[on]}.{ENDINGS[language]}"
    files = list(dict.fromkeys(files))
    on = min(on, len(files) - 1)
    at, column = rng.randint(first, first + count - 1), rng.randint(1, 60)
    rows = []
    for number, line in enumerate(code):
        marked = "background:#8884" if first + number == at else ""
        rows.append(
            f"<div style='{marked};white-space:pre'><span class='muted' style='display:inline-block;width:3.2em;text-align:right;margin-right:1em'>{first + number}</span>{board.put(line, f'l{number}')}</div>"
        )
        if line.strip() and rng.random() < 0.3:
            board.ask_as("line", line.strip(), (f"l{number}",), n=str(first + number))
    tabs = "".join(board.put(name, f"f{n}", style=f"tab {'on' if n == on else ''}") for n, name in enumerate(files))
    board.ask(
        "file",
        files[on],
        "Which file is open?|Which file is shown?|Which tab is active?|What is the name of the open file?",
        (f"f{on}",),
    )
    board.ask(
        "list",
        ", ".join(files),
        "Which files are open?|Which tabs are open?|List the tabs.",
        [f"f{n}" for n in range(len(files))],
    )
    board.ask(
        "how_many",
        str(len(files)),
        "How many tabs are open?|How many files are open?",
        [f"f{n}" for n in range(len(files))],
    )
    ask_code(board, code, first)
    board.name_window(files[on])
    place = board.pick((f"Ln {at}, Col {column}", f"{at}:{column}", f"Line {at}, Column {column}"))
    parts = [
        place,
        board.pick(("UTF-8", "ASCII", "LF")),
        board.pick(("Spaces: 4", "Tab width: 8", "INS")),
        language,
    ]
    status = "".join(board.put(part, f"st{n}") for n, part in enumerate(parts))
    board.ask(
        "value",
        str(at),
        "On which line is the cursor?|In which line is the cursor?|Which line is the cursor on?",
        ("st0",),
    )
    board.ask("value", parts[3], "Which language is the file in?|What language does the status bar show?", ("st3",))
    board.ask(
        "status", " ".join(parts), "What does the status bar say?|Read the status bar.", [f"st{n}" for n in range(4)]
    )
    board.noun, board.about = "editor", f"an editor with the file {files[on]}"
    return f"<div class='bar row' style='padding:0'>{tabs}</div><div class='mono' style='padding:6px 0'>{''.join(rows)}</div><div class='bar row' style='position:absolute;bottom:0;left:0;right:0;gap:24px;padding:2px 10px'>{status}</div>"
