"""Small windows: boxes about a program, calculators, failures with a reason, palettes of tools."""

from __future__ import annotations

from random import Random

from training.screens.panes.errors import long_error
from training.screens.panes.frame import Frame
from training.screens.panes.questions import ERROR, PROGRAM
from training.screens.phrases import Writer
from training.screens.records import Question, Screen
from training.screens.themes import Style

_FAILURES = ("{verb} failed", "{noun} not {adjective}", "Error", "Cannot {verb} {noun}", "{app}", "{noun} error",
             "Problem", "{app} error",
             "{verb} interrupted", "No {noun}", "Warning", "{file}")  # fmt: skip
_BUTTONS = (("OK",), ("Close",), ("Retry", "Cancel"), ("OK", "Details"), ("Ignore", "Retry", "Abort"),
            ("Help", "Close"), ("Skip", "Try Again"),
            ("Cancel", "Continue"), ("Report", "Close"))  # fmt: skip


def draw_failure(rng: Random, writer: Writer, style: Style) -> Screen:
    """An error dialog whose reason takes one to four lines."""
    pen = style.type.pen()
    error = long_error(rng, writer)
    second = rng.choice(("", "", writer.sentence(3, 7), long_error(rng, writer)))
    message = f"{error} {second}".strip() if rng.random() < 0.4 else error
    lines = pen.wrap(message, pen.size * rng.uniform(16, 34))
    title = writer.fill(rng.choice(_FAILURES))
    title = title[0].upper() + title[1:]
    names = list(rng.choice(_BUTTONS))
    wide = max(
        [pen.width(line) for line in lines]
        + [pen.width(title) + pen.size * 3, sum(map(pen.width, names)) + len(names) * pen.size * 4]
    )
    pitch = pen.line * 1.25
    size = (round(wide + pen.size * 6), round(pitch * len(lines) + pen.line * 7))
    frame = Frame(
        rng, writer, style, *size, "error dialog", grounds=(style.theme.window, style.theme.ink), columns=4, lines=4
    )
    frame.app = title
    frame.title(title)
    frame.titled = title
    frame.buttons(names, align=rng.choice(("right", "right", "left")), where=rng.choice((" at the bottom", "")))
    top = frame.top + pen.line
    frame.icon(pen.size, top + pen.size * 0.8, pen.size * 1.7)
    for line in lines:
        frame.put(pen.size * 3.8, top, line, frame.pen, None, pitch)
        top += pitch
    for _ in range(2):
        frame.asker.questions.append(Question("message", rng.choice(ERROR), message))
    frame.ask("message", message, "What is the message?", "What does the dialog say?", "Read the message.",
              "Message?", "What does it say?",
              "What does the window say?", "Quote the message.", "Which message does the dialog show?")  # fmt: skip
    frame.describe(f'An error dialog titled "{frame.titled}" that says "{message}"')
    return frame.finish("dialog", "error dialog")


def draw_about(rng: Random, writer: Writer, style: Style) -> Screen:
    """A box about a program: its name, version, what it is, buttons."""
    frame = Frame(rng, writer, style, style.px(rng.randint(300, 520)), style.px(rng.randint(220, 340)), "about box",
                  columns=26, lines=14,
                  grounds=(style.theme.window, style.theme.ink))  # fmt: skip
    name, version = frame.app, writer.version()
    frame.app = rng.choice((f"About {name}", "About"))
    frame.title(frame.app)
    frame.buttons(
        list(rng.choice((("Credits", "License", "Close"), ("OK",), ("Close",), ("Website", "OK")))),
        align=rng.choice(("right", "left")),
    )
    frame.left, frame.top = frame.gap * 2.0, frame.top + frame.gap
    large = frame.large if frame.large.width(name) < frame.wide - 40 else frame.bold
    if rng.random() < 0.6:
        frame.icon(frame.left, frame.top + large.line * 0.7, large.size)
        frame.put(frame.left + large.size * 1.5, frame.top, name, large, None, large.line * 1.4)
    else:
        frame.put(frame.left, frame.top, name, large, None, large.line * 1.4)
    frame.top += large.line * 1.6
    about = writer.fill(
        rng.choice(
            ("A {adjective} program to {verb} {noun}s", "{words}", "The {adjective} {noun} editor", "Tool for {noun}s")
        )
    )
    year = str(rng.randint(1995, 2029))
    facts = {
        "version": version,
        "licence": rng.choice(("GPL-3.0", "MIT", "Apache 2.0", "BSD")),
        "author": writer.name(),
        "year": year,
    }
    for line in (rng.choice(("Version {v}", "{v}", "version {v}")).format(v=version), about,
                 f"Copyright {year} {facts['author']}", f"License: {facts['licence']}"):  # fmt: skip
        if frame.top + frame.pitch < frame.bottom:
            frame.say(line)
    frame.ask("value", version, "Which version is it?", "What version is shown?", "Version?",
              "Which version of the program is it?",
              "What is the version number?", "Read the version.", f"Which version of {name} is it?",
              "What version is installed?")  # fmt: skip
    frame.ask("value", year, "From which year is it?", "What year is given?", "Year of the copyright?",
              "Which year stands in the box?",
              "What is the year?", "Copyright of which year?", "Which year is shown?", "Copyright year?")  # fmt: skip
    frame.ask("value", facts["author"], "Who wrote the program?", "Who holds the copyright?", "Author?",
              "Who made it?", "By whom is the program?",
              "Which name stands after the year?", "Whose copyright is it?", "Who is the author?")  # fmt: skip
    frame.ask("value", facts["licence"], "Which license does it have?", "What is the license?", "License?",
              "Under which license is it?",
              "Which licence is given?", "What license is named?", "Read the license.",
              "What does it say for the license?")  # fmt: skip
    for _ in range(2):
        frame.say_phrase("program", name, PROGRAM)
    frame.describe(f"A box about the program {name}, version {version}.")
    return frame.finish("about", "about box")


def draw_calculator(rng: Random, writer: Writer, style: Style) -> Screen:
    """A calculator: past results, an entry, keys."""
    frame = Frame(
        rng,
        writer,
        style,
        style.px(rng.randint(240, 420)),
        style.px(rng.randint(300, 460)),
        "calculator",
        columns=20,
        lines=18,
    )
    frame.title(frame.app)
    frame.menus(0.6)
    sums: list[tuple[str, str]] = []
    for _ in range(rng.randint(1, 5)):
        a, b, sign = rng.randint(1, 900) / rng.choice((1, 1, 10)), rng.randint(1, 90), rng.choice("+-*")
        made = a + b if sign == "+" else a - b if sign == "-" else a * b
        form = rng.choice((f"{a:g}{sign}{b}", f"{a:g} {sign} {b}"))
        if form not in {one[0] for one in sums}:
            sums.append((form, f"{made:.6g}"))
    pitch, equals = frame.pen.line * 1.3, rng.choice(("= ", ""))
    for term, result in sums:
        if frame.top + 3 * pitch > frame.bottom:
            break
        frame.put(frame.left + frame.gap, frame.top, term, None, None, pitch)
        frame.put_at_end(frame.right - frame.gap, frame.top + pitch, equals + result, frame.ink, pitch)
        frame.top += 2 * pitch
        frame.ask("value", result, "What is {t}?", "What is the result of {t}?", "{t}?", "What does {t} make?",
                  "How much is {t}?",
                  "Result of {t}?", "Which result has {t}?", "What stands below {t}?", t=term)  # fmt: skip
        last = result
    frame.ask("value", last, "What is the last result?", "Last result?", "What was calculated last?",
              "Which result is at the bottom?",
              "What is the newest result?", "Read the last result.", "What does the last calculation make?",
              "What is the result?" if len(sums) == 1 else "What is the latest result?")  # fmt: skip
    frame.top += frame.gap
    keys = [["7", "8", "9", "/"], ["4", "5", "6", "*"], ["1", "2", "3", "-"], ["0", ".", "=", "+"]]
    wide, high = frame.wide / 4, (frame.bottom - frame.top) / 4
    if high > frame.pen.line * 1.3 and rng.random() < 0.8:
        for row, names in enumerate(keys):
            for column, key in enumerate(names):
                x, y = frame.left + column * wide, frame.top + row * high
                frame.sketch.panel(
                    (x + 2, y + 2, x + wide - 2, y + high - 2), frame.style.theme.button, frame.style.theme
                )
                frame.put(x + (wide - frame.pen.width(key)) / 2, y, key, None, frame.style.theme.button_ink, high)
    return frame.done("calculator", f"that shows the result {last}.")


def draw_palette(rng: Random, writer: Writer, style: Style) -> Screen:
    """A small window of tools: a few names, one selected, as programs put beside an image."""
    names = list(dict.fromkeys(writer.label().replace(",", "") for _ in range(rng.randint(2, 7))))
    pen = style.type.pen()
    noun = rng.choice(("tool window", "list of layers", "small tool window"))
    item = rng.choice(("layer", "tool", "entry"))
    high = round(pen.line * (2.2 + 1.6 * len(names)))
    frame = Frame(rng, writer, style, round(max(map(pen.width, names)) + pen.size * 7), high, noun, columns=6, lines=4)
    title = (
        writer.label().replace(",", "")
        if rng.random() < 0.4
        else rng.choice(("Tools", "Layers", "Brushes", "Toolbox", "Navigator", "Find"))
    )
    frame.app = title
    frame.title(title)
    frame.pitch_px = round(pen.line * 1.35)
    frame.panel(names, item, f"{item}s" if item != "entry" else "entries", selected=rng.choice(names), share=0.66,
                where=rng.choice(("", f" in the window {title}")))  # fmt: skip
    frame.describe(f'A small window titled "{title}" with the entries {", ".join(names)}.')
    return frame.finish("palette", noun)
