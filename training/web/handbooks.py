"""Instructions: numbered sections with steps, signals, notes and code."""

from __future__ import annotations

import json

from training.web.board import Board
from training.web.code import code_lines
from training.web.reading import note
from training.web.statements import Teller, filler, headline

_SIGNALS = (("One short beep", "The start was accepted"), ("Two beeps", "The door is open"), ("A long beep", "The programme is over"), ("Red light", "The drawer is missing"),
            ("Green light", "Ready for use"), ("Yellow light", "Warming up"), ("Blue light", "Connected to the network"), ("No light", "Not plugged in"), ("E1", "The fan is blocked"),
            ("E2", "The sensor is broken"), ("E3", "Overheated"), ("E7", "The belt has slipped"), ("F4", "No paper"), ("Three blinks", "The battery is low"),
            ("Slow blinking", "An update is running"), ("Fast blinking", "A part must be replaced"), ("H", "Child lock is on"), ("Arrow", "Turn the knob to the left"))  # fmt: skip
_STEPS = ("Unpack all parts.", "Remove the plastic from the {n}.", "Put the {n} on a flat table.", "Plug in the cable.", "Press the {a} button for {s} seconds.", "Fill in {s} litres of water.",
          "Open the lid.", "Turn the {n} to the right.", "Wait until the lamp is green.", "Choose a language.", "Take out the {n}.", "Rinse the {n} with warm water.", "Close the {n}.",
          "Screw the {n} to the wall.", "Download {app}.", "Sign in with your account.", "Restart the device.", "Copy the files to {path}.", "Let it dry for {s} hours.")  # fmt: skip


def manual(board: Board) -> str:
    """Instructions: numbered sections, steps, a table of signals, a note, sentences to look things up in."""
    rng, teller = board.rng, Teller(board, board.pick(("appliance", "appliance", "release", "garden", "travel")))
    title = headline(board, teller.topic)
    board.ask(
        "heading",
        title,
        "What is the title?|What is the title of the manual?|Which heading is at the top?|What is the page called?",
        ("title",),
    )
    names = rng.sample(
        (
            "Before first use",
            "Safety",
            "Parts",
            "Getting started",
            "Daily use",
            "Cleaning",
            "Troubleshooting",
            "Signals",
            "Storage",
            "Technical data",
            "Installation",
            "Settings",
            "Maintenance",
            "Disposal",
            "Warranty",
        ),
        rng.randint(3, 6),
    )
    dotted = board.pick(("{}. {}", "{} {}", "Chapter {}: {}", "{}"))
    html = [board.put(title, "title", "h1")]
    contents = [*(_steps, _signals, _plain, _plain, _note, _code)]
    rng.shuffle(contents)
    for n, name in enumerate(names, 1):
        head = board.put(name, f"s{n}")
        number = board.put(str(n), f"sn{n}") if dotted != "{}" else ""
        html.append(f"<h2>{dotted.format(number, head) if number else head}</h2>")
        if dotted != "{}":
            board.ask(
                "value",
                name,
                "What is section {n} called?|What is the title of section {n}?|What is section {n} about?|Which heading has the number {n}?|Read the heading of section {n}.",
                (f"s{n}",),
                n=str(n),
            )
            board.ask(
                "value",
                str(n),
                "Which section is about {k}?|What is the number of the section {k}?|In which section do I find {k}?",
                (f"s{n}", f"sn{n}"),
                k=name,
            )
        html.append(contents[n % len(contents)](board, teller) or f"<p>{filler(board)} {filler(board)}</p>")
    every = [f"s{n}" for n in range(1, len(names) + 1)]
    board.ask(
        "list",
        ", ".join(names),
        "Which sections are there?|List the section titles.|What are the headings of the sections?|Name all sections.|Read the headings.",
        every,
    )
    board.ask(
        "how_many",
        str(len(names)),
        "How many sections are there?|Count the sections.|How many headings are below the title?",
        every,
    )
    for n in range(2, len(names) + 1):
        board.ask(
            "value",
            names[n - 1],
            "Which section comes after {k}?|What follows the section {k}?|Which heading comes next after {k}?",
            every[n - 2 : n],
            k=names[n - 2],
        )
    board.about, board.noun = f'a manual "{title}" with the sections {", ".join(names)}', board.noun
    return f"<div style='max-width:{rng.randint(560, 1000)}px'>{''.join(html)}</div>"


def _plain(board: Board, teller: Teller) -> str:  # noqa: ARG001 - all parts are called alike
    return teller.paragraph(2, 4)


def _note(board: Board, teller: Teller) -> str:
    return "" if any(name.startswith("n.") for name in board.texts) else f"{note(board)}{teller.paragraph(0, 2)}"


def _code(board: Board, teller: Teller) -> str:  # noqa: ARG001 - all parts are called alike
    lines = code_lines(board, board.rng.randint(1, 4))
    needs = [f"code{n}" for n in range(len(lines))]
    if needs[0] in board.texts:
        return ""
    shown = "\n".join(board.put(line, name) for line, name in zip(lines, needs, strict=True))
    board.ask(
        "text",
        "\n".join(lines),
        "Copy the code.|What does the code block say?|Read the code block.|Which code is shown?",
        needs,
    )
    board.ask(
        "how_many", str(len(lines)), "How many lines does the code block have?|How many lines of code are there?", needs
    )
    return f"<div class='pre'>{shown}</div>"


def _steps(board: Board, teller: Teller) -> str:  # noqa: ARG001 - all parts are called alike
    rng = board.rng
    if "st0" in board.texts:
        return ""
    steps = [one.format(n=board.writer.slot("noun").lower(), a=board.pick(("left", "red", "large", "upper", "round")), s=rng.randint(2, 12), app=board.maker.make("app").text,
                        path=board.maker.make("path").text) for one in rng.sample(_STEPS, rng.randint(3, 7))]  # fmt: skip
    every = [f"st{n}" for n in range(len(steps))]
    items = "".join(f"<li>{board.put(step, name)}</li>" for step, name in zip(steps, every, strict=True))
    for n, step in enumerate(steps):
        board.ask(
            "text",
            step,
            "What is step {n}?|What must I do in step {n}?|Read step {n}.|What does step {n} say?|Which step is number {n}?",
            every[: n + 1],
            n=str(n + 1),
        )
        if n:
            board.ask(
                "text",
                step,
                'What do I do after "{k}"?|Which step comes after "{k}"?|What follows "{k}"?',
                every[n - 1 : n + 1],
                k=steps[n - 1],
            )
    board.ask("text", steps[0], "What do I have to do first?|What is the first step?|How do I begin?", every[:1])
    board.ask("text", steps[-1], "What is the last step?|What do I have to do last?", every)
    board.ask(
        "how_many", str(len(steps)), "How many steps are there?|Count the steps.|How many steps does it take?", every
    )
    return f"<ol>{items}</ol>"


_LAMPS = ("Power", "Status", "Network", "Battery", "Filter", "Heating", "Disk", "Alarm")
_COLOURS = ("red", "green", "yellow", "blue", "white", "orange")
_PATTERNS = ("steady", "blinking slowly", "blinking fast", "blinking twice", "blinking three times", "off", "fading")
_MEANINGS = (
    "Ready", "Starting", "No connection", "Connected", "Update is being installed", "Update failed", "Battery is charging", "Battery is full", "Battery is nearly empty",
    "Overheated", "Filter must be cleaned", "Filter is missing", "Water tank is empty", "Lid is open", "Searching for devices", "Paired", "Memory is full", "Recording",
    "Paused", "Standby", "Sensor is dirty", "Motor is blocked", "Wrong cable", "Locked", "Reset is possible", "Settings were saved", "Fault; call customer service", "Self-test is running",
)  # fmt: skip


def _alike_signals(board: Board) -> list[tuple[str, str]]:
    """Lights that differ in colour or pattern alone, each with a meaning of its own."""
    rng = board.rng
    lamps, colours = rng.sample(_LAMPS, rng.randint(1, 3)), rng.sample(_COLOURS, rng.randint(2, 3))
    patterns = rng.sample(_PATTERNS, rng.randint(2, 4))
    form = board.pick(
        ("{lamp}: {colour}, {pattern}", "{lamp} light {pattern}, {colour}", "{colour} {lamp} light, {pattern}")
    )
    every = [form.format(lamp=lamp if form.startswith("{lamp}") else lamp.lower(), colour=colour, pattern=pattern)
             for lamp in lamps for colour in colours for pattern in patterns]  # fmt: skip
    count = min(len(every), rng.randint(4, 14))
    signs = [one[0].upper() + one[1:] for one in sorted(rng.sample(every, count))]
    return list(zip(signs, rng.sample(_MEANINGS, count), strict=True))


def _signals(board: Board, teller: Teller) -> str:  # noqa: ARG001 - all parts are called alike
    rng = board.rng
    if "sg0" in board.texts:
        return ""
    rows = _alike_signals(board) if board.chance(0.5) else rng.sample(_SIGNALS, rng.randint(3, 7))
    heads = board.pick(
        (("Signal", "Meaning"), ("Display", "What it means"), ("Code", "Cause"), ("Light or sound", "Explanation"))
    )
    body = ""
    for n, (sign, meaning) in enumerate(rows):
        body += f"<tr><td>{board.put(sign, f'sg{n}')}</td><td>{board.put(meaning, f'me{n}')}</td></tr>"
        needs = (f"sg{n}", f"me{n}")
        board.ask(
            "value",
            meaning,
            'What does "{k}" mean?|What is the meaning of {k}?|What does it mean when I see or hear "{k}"?|Why is there "{k}"?|{k}: what does that mean?',
            needs,
            k=sign,
        )
        board.ask(
            "value",
            sign,
            'Which signal means "{v}"?|How does it show "{v}"?|What do I see or hear when this is so: {v}?',
            needs,
            v=meaning,
        )
    every = [f"{part}{n}" for n in range(len(rows)) for part in ("sg", "me")]
    board.ask(
        "how_many",
        str(len(rows)),
        "How many signals are explained?|How many rows does the table of signals have?|Count the signals.",
        every,
    )
    table = {"columns": list(heads), "rows": [list(row) for row in rows]}
    board.prompt("table-to-json", "json", json.dumps(table, ensure_ascii=False), [*every, "sh0", "sh1"])
    return f"<table><tr><th>{board.put(heads[0], 'sh0')}</th><th>{board.put(heads[1], 'sh1')}</th></tr>{body}</table>"
