"""Code editors with gutters, symbol lists, shells and panels of problems."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import TypeAlias

from training.screens.coding.languages import DARK, LIGHT, Palette, draw_line
from training.screens.line_questions import line_questions
from training.screens.page import MOST_COPIED
from training.screens.panes.errors import ask_error, long_error
from training.screens.panes.frame import Frame
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import Style
from training.screens.typefaces import Colour

_GROUNDS: tuple[tuple[Colour, Colour], ...] = (
    ((255, 255, 255), (20, 20, 20)), ((255, 255, 255), (0, 0, 0)), ((30, 30, 30), (212, 212, 212)),
    ((40, 44, 52), (200, 205, 215)), ((253, 246, 227), (80, 100, 108)), ((39, 40, 34), (248, 248, 242)),
    ((246, 248, 250), (36, 41, 46)), ((0, 0, 64), (230, 230, 120)),
)  # fmt: skip
_BUTTONS = ("New", "Open", "Save", "Run", "Debug", "Stop", "Undo", "Redo", "Find", "Build", "Close", "Check", "Step")
_ENDING = {"python": "py", "js": "js", "c": "c", "conf": "conf"}
_NOTE = {"python": "# ", "js": "// ", "c": "/* ", "conf": "# "}
NewName: TypeAlias = "Callable[[int], str]"
"""Makes a name of so many words that is not in the file yet."""
_KINDS_OF_VALUE = ("int", "float", "text", "list", "flag", "path")


@dataclass
class _Source:
    """A file in the making.

    Attributes: `values`: what names are set to; `functions` in order, with what each returns; `classes` in order.
    """

    lines: list[str] = field(default_factory=list)
    values: dict[str, str] = field(default_factory=dict)
    functions: dict[str, str] = field(default_factory=dict)
    classes: list[str] = field(default_factory=list)


def draw_code_window(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """An editor with one file and, perhaps, a list of symbols or files, and a shell or problems below."""
    frame = Frame(rng, writer, style, width, height, rng.choice(("code editor", "text editor", "code editor")),
                  grounds=rng.choice(_GROUNDS))  # fmt: skip
    language = rng.choice(("python", "python", "python", "js", "c", "conf"))
    file = f"{writer.slot('noun')}{rng.choice(('', '_' + writer.slot('noun')))}.{_ENDING[language]}"
    folder = rng.choice(("", "", "~/", f"/home/{writer.slot('noun')}/", f"src/{writer.slot('noun')}/"))
    frame.title(folder + file, "file")
    frame.menus()
    frame.tools(rng.sample(_BUTTONS, rng.randint(4, 9)))
    source = write_source(rng, writer, language, frame.rows_for(8, 30, frame.mono.line * 1.2))
    room = (frame.left, frame.right, frame.bottom)
    barred = rng.random() < 0.7
    frame.bottom -= frame.pen.line * 1.5 if barred else 0
    _sides(frame, source, file)
    if rng.random() < 0.55:
        names = list(dict.fromkeys([f"{writer.slot('noun')}.{_ENDING[language]}" for _ in range(rng.randint(1, 3))]))
        names = [name for name in names if name != file]
        names.insert(rng.randint(0, len(names)), file)
        frame.tabs(names, file, where=rng.choice(("", " above the code", " at the top")))
        frame.document = file
        frame.ask_opened("file")
    below = rng.random()
    high = round(frame.mono.line * 1.25 * rng.randint(4, 6))
    if frame.bottom - frame.top > 3.2 * high:
        if below < 0.3 and language == "python":
            _shell(frame, high, file)
        elif below < 0.65:
            _problems(frame, high, file, len(source.lines))
    shown, first, current = _draw(frame, source, language)
    if barred:
        frame.left, frame.right, frame.bottom = room
        _status(frame, language, (first + current, len(source.lines[current]), first + len(source.lines) - 1))
    return frame.done("code_window", f"with the file {file} open; {shown} lines are seen.")


def write_source(rng: Random, writer: Writer, language: str, most: int) -> _Source:
    """Settings first, then functions and perhaps a class; names differ."""
    source, seen = _Source(), set[str]()

    def name(parts: int) -> str:
        found = "_".join(str(writer.slot("noun")).lower().replace("-", "") for _ in range(parts))
        if not found.isidentifier() or found in seen:
            return name(parts + 1)
        seen.add(found)
        return found

    _add_head(rng, writer, source, language, name)
    while len(source.lines) < most and language != "conf":
        source.lines.append("")
        if language != "c" and rng.random() < 0.3:
            _add_class(rng, source, language, name)
        else:
            _add_function(rng, source, language, name, "")
    return source


def _add_head(rng: Random, writer: Writer, source: _Source, language: str, name: NewName) -> None:
    """A comment, imports and what names are set to."""
    if rng.random() < 0.6:
        source.lines.append(f"{_NOTE[language]}{writer.words(3, 8).capitalize()}{' */' if language == 'c' else ''}")
    if language == "python" and rng.random() < 0.6:
        source.lines += [f"import {name(1)}", f"from {name(1)} import {name(1)}"][: rng.randint(1, 2)]
    if rng.random() < 0.7 and source.lines:
        source.lines.append("")
    if language == "conf" and rng.random() < 0.6:
        source.lines.append(f"[{name(1)}]")
    for _ in range(rng.randint(2, 6) if language != "conf" else rng.randint(6, 30)):
        if language == "conf" and rng.random() < 0.2:
            source.lines.append(rng.choice(("", f"# {writer.words(2, 6)}", f"[{name(1)}]")))
        key, value = name(rng.randint(1, 2)), _value(rng, writer, rng.choice(_KINDS_OF_VALUE), language)
        key = key.upper() if language in {"python", "c"} and rng.random() < 0.6 else key
        form = {"python": "{k} = {v}", "js": "const {k} = {v};", "c": "#define {k} {v}",
                "conf": "{k} = {v}"}[language]  # fmt: skip
        source.lines.append(form.format(k=key, v=value))
        source.values[key] = value.strip('"')


def _value(rng: Random, writer: Writer, kind: str, language: str) -> str:
    text = {
        "int": str(rng.randint(0, 5000)),
        "float": f"{rng.randint(0, 40)}.{rng.randint(1, 99)}",
        "text": f'"{writer.words(1, 3)}"',
        "list": f"[{rng.randint(1, 9)}, {rng.randint(10, 99)}, {rng.randint(100, 999)}]",
        "flag": rng.choice(("true", "false")),
        "path": f'"/{writer.slot("noun")}/{writer.file()}"',
    }[kind]
    if language == "python":
        text = {"true": "True", "false": "False"}.get(text, text)
    if language == "c" and kind == "list":
        text = str(rng.randint(2, 99))
    return text.strip('"') if language == "conf" else text


def _add_function(rng: Random, source: _Source, language: str, name: NewName, indent: str) -> None:
    called, one, two = name(rng.randint(1, 2)), name(1), name(1)
    result = rng.choice((f"{one} {rng.choice('+-*/')} {rng.randint(2, 99)}", f"{one} + {two}", two, f"{two}.{one}",
                         f'"{two}"', str(rng.randint(0, 999)), f"round({one}, {rng.randint(1, 4)})",
                         f"{one} > {rng.randint(1, 80)}", f"len({two})"))  # fmt: skip
    middle = rng.choice((f"{two} = {one} * {rng.randint(2, 9)}", f"{two} = {name(1)}({one})",
                         f"{two} = {one} - {rng.randint(1, 500)}"))  # fmt: skip
    first = f"self, {one}" if indent and language == "python" else one
    if language == "python":
        body = [f"def {called}({first}):",
                *([f'    """{one.capitalize()} of a {two}."""'] if rng.random() < 0.3 else []),
                f"    {middle}", f"    return {result}"]  # fmt: skip
    elif language == "js":
        body = [f"{'' if indent else 'function '}{called}({one}) {{", f"  let {middle};", f"  return {result};", "}"]
    else:
        body = [f"int {called}(int {one})", "{", f"    int {middle};", f"    return {result};", "}"]
    source.lines += [indent + line for line in body]
    source.functions[called] = result


def _add_class(rng: Random, source: _Source, language: str, name: NewName) -> None:
    title = name(1).capitalize() + rng.choice(("", name(1).capitalize()))
    if not title.isidentifier() or title in source.classes:
        return
    source.classes.append(title)
    source.lines.append(f"class {title}:" if language == "python" else f"class {title} {{")
    for n in range(rng.randint(1, 2)):
        source.lines += [""] if n else []
        _add_function(rng, source, language, name, "    " if language == "python" else "  ")
    source.lines += ["}"] if language == "js" else []


def _sides(frame: Frame, source: _Source, file: str) -> None:
    """A list of symbols or of files, at one side."""
    rng, writer, draw = frame.rng, frame.writer, frame.rng.random()
    symbols = list(source.functions)
    if draw < 0.3 and symbols and source.classes:
        _outline(frame, source)
    elif draw < 0.35 and symbols and not source.classes:
        heading = rng.choice(("Functions", "Symbols", "Outline", "Structure"))
        frame.panel(symbols, "function", "functions", heading=heading, right=rng.random() < 0.3, share=0.2)
    elif draw < 0.75:
        files = list(dict.fromkeys([file,
                                    *(f"{writer.slot('noun')}.{rng.choice(('py', 'md', 'txt', 'json', 'c', 'css'))}"
                                            for _ in range(rng.randint(2, 9)))]))  # fmt: skip
        frame.panel(sorted(files), "file", "files", heading=rng.choice(("Documents", "Files", "Project", "EXPLORER")),
                    selected=file, right=rng.random() < 0.15, share=0.2)  # fmt: skip


def _outline(frame: Frame, source: _Source) -> None:
    """Classes and functions as the file has them, methods below their class."""
    rng, names, indents = frame.rng, list[str](), list[int]()
    for line in source.lines:
        head = _HEAD.match(line)
        if head and head[2] in {*source.functions, *source.classes}:
            names.append(head[2])
            indents.append(1 if head[1] else 0)
    if len(set(names)) == len(names) > 1:
        item, items = rng.choice((("symbol", "symbols"), ("entry", "entries")))
        frame.panel(names, item, items, heading=rng.choice(("Outline", "Symbols", "Structure", "Classes", "")),
                    right=rng.random() < 0.3, share=0.2, icons=rng.random() < 0.5, indents=indents)  # fmt: skip


_HEAD = re.compile(r"(\s*)(?:def |class |function )?(\w+)\b.*[:{]$")
"""Of a class or a function: its indentation and its name."""


def _status(frame: Frame, language: str, cursor: tuple[int, int, int]) -> None:
    """Where the cursor is: its line, how long that is, and the number of the last line; in any order with the rest."""
    rng, (line, wide, last) = frame.rng, cursor
    place = rng.choice(("Line: {l} Column: {c}", "Ln {l}, Col {c}", "Ln {l} Col {c}", "line {l} of {n}", "{l}:{c}"))
    name = {"conf": "Plain text", "js": "JavaScript"}.get(language, language.capitalize())
    parts = [place.format(l=line, c=rng.randint(1, wide + 1), n=last),
             rng.choice(("UTF-8", "INS", "Spaces: 4", "Unix (LF)")), name]  # fmt: skip
    frame.status(rng.sample(parts, len(parts)))


def _draw(frame: Frame, source: _Source, language: str) -> tuple[int, int, int]:
    """As many lines as there is room for, with their questions.

    Returns how many, the number of the first, and how many are before the current one.
    """
    rng, pitch = frame.rng, round(frame.mono.line * frame.rng.uniform(1.0, 1.35))
    room = int((frame.bottom - frame.top - 6) / pitch)
    first = rng.randint(2, 400) if rng.random() < 0.15 else 1
    lines = source.lines[:room]
    numbered = rng.random() < 0.85
    gutter = frame.mono.width(str(first + len(lines))) + 2 * frame.gap if numbered else frame.gap
    palette: Palette = rng.choice(DARK if sum(frame.ground) < 380 else LIGHT) if rng.random() < 0.85 else {}
    left, top = frame.left + gutter, frame.top + 4
    if numbered and rng.random() < 0.6:
        frame.fill((frame.left, frame.top, left - frame.gap / 2, frame.bottom), frame.shade)
    current = rng.randrange(len(lines))
    whole = True
    for number, line in enumerate(lines):
        if number == current and rng.random() < 0.7:
            frame.fill((left - 2, top, frame.right, top + pitch), frame.shade)
        if numbered:
            label = str(first + number)
            frame.put(left - frame.gap - frame.mono.width(label), top, label, frame.mono, frame.faint, pitch)
        fitting = line if left + frame.mono.width(line) < frame.right else ""
        whole = whole and fitting == line
        draw_line(frame, left, top, pitch, fitting, palette)
        top += pitch
    if whole:
        _ask(frame, source, lines, first if numbered else 1, language)
    return len(lines), first if numbered else 1, current


def _ask(frame: Frame, source: _Source, lines: list[str], first: int, language: str) -> None:
    rng, text = frame.rng, "\n".join(lines)
    if len(text) <= MOST_COPIED and language != "conf":
        frame.prompt("code-from-screenshot", f"```{language}\n{text}\n```")
    values = {name: value for name, value in source.values.items() if any(name in line for line in lines)}
    for name, value in rng.sample(sorted(values.items()), min(4, len(values))):
        if sum(name in line.replace('"', " ").split()[:2] for line in lines) > 1:
            continue
        frame.ask("value", value, "What is {n} set to?", "What is the value of {n}?", "Which value does {n} have?",
                  "To what is {n} set?", "{n}?", "What is assigned to {n}?", "What does {n} equal?",
                  "{n} is set to what?",
                  "In the code, what is {n}?", "Which value is given for {n}?", "Look up {n} in the file.",
                  n=name)  # fmt: skip
    seen = {name: result for name, result in source.functions.items() if any(f"{name}(" in line for line in lines)}
    for name, result in seen.items():
        if any(line.strip().startswith("return") and result in line for line in lines):
            frame.ask("value", result, "What does {n} return?", "What does the function {n} return?",
                      "Which value does {n} return?", "What is returned by {n}?", "What comes back from {n}?",
                      "{n} returns what?", "Read the return value of {n}.", "What stands after return in {n}?",
                      n=name)  # fmt: skip
    heads = [name for name in seen if any(line.lstrip().startswith(("def ", "function ",
                                                                    "int ")) and f" {name}(" in line
                                          for line in lines)]  # fmt: skip
    if heads and (language == "c" or not source.classes or language == "python"):
        frame.ask_names(heads, "function", "functions", rng.choice(("", " in the code", " in the file")), most=2)
        if len(heads) == 1:
            frame.ask("value", heads[0], "Which function is defined?", "What is the function called?",
                      "Name of the function?", "Which function is in the file?", "What function does the code define?",
                      "What is the name of the function?", "Which function do you see?", "Function name?")  # fmt: skip
    classes = [name for name in source.classes if any(f"class {name}" in line for line in lines)]
    if len(classes) == 1:
        frame.ask("value", classes[0], "Which class is defined?", "What is the class called?", "Name of the class?",
                  "Which class is in the code?", "What class does the file define?", "Class name?",
                  "What is the name of the class?", "Which class do you see in the code?")  # fmt: skip
    elif classes:
        frame.ask_names(classes, "class", "classes", " in the code", most=2)
    frame.asker.questions += line_questions(rng, lines, first=first, most=16, bars=True)


def _shell(frame: Frame, high: int, file: str) -> None:
    """A Python shell below the code."""
    rng, writer = frame.rng, frame.writer
    version = f"3.{rng.randint(6, 15)}.{rng.randint(0, 20)}"
    frame.bottom -= high
    frame.fill((frame.left, frame.bottom, frame.right, frame.bottom + high), frame.shade)
    frame.sketch.draw.line((frame.left, frame.bottom, frame.right, frame.bottom), frame.line)
    pitch, value = frame.mono.line * 1.2, str(rng.choice((rng.randint(0, 9999), f"{rng.random() * 90:.3f}")))
    lines = [rng.choice(("Shell", "Console", "Terminal", "Python shell")),
             rng.choice((f"Python {version} ({file[:1]}{rng.randint(100, 999)}, {writer.date()})",
                         f"Python {version} on linux",
                         f"Python {version} [GCC {rng.randint(8, 14)}.{rng.randint(0, 4)}]",
                         f"Python {version}")), rng.choice((f">>> %Run {file}", f">>> run {file}")), value]  # fmt: skip
    top = frame.bottom + 2
    for number, line in enumerate(lines[: int(high / pitch)]):
        if frame.mono.width(line) > frame.wide - frame.gap:
            return
        frame.put(frame.left + frame.gap, top, line, frame.pen if not number else frame.mono, frame.ink, pitch)
        top += pitch
    frame.ask("value", version, "Which Python version is it?", "Which version of Python is running?",
              "What Python version is shown?",
              "Python version?", "What version of Python does the shell use?", "Which version does the shell show?",
              "Which Python is it?", "What does the shell say the version of Python is?")  # fmt: skip
    frame.ask("value", value, "What did the program print?", "What is the output in the shell?", "What was printed?",
              "What is the last line in the shell?", "Which result does the shell show?", "Output of the program?",
              "What does the shell say below the command?", "What was the result?")  # fmt: skip


def _problems(frame: Frame, high: int, file: str, count: int) -> None:
    """A panel of problems or messages with one error in it."""
    rng, writer = frame.rng, frame.writer
    frame.bottom -= high
    frame.fill((frame.left, frame.bottom, frame.right, frame.bottom + high), frame.shade)
    frame.sketch.draw.line((frame.left, frame.bottom, frame.right, frame.bottom), frame.line)
    pitch, at = frame.mono.line * 1.25, rng.randint(1, count)
    said = long_error(rng, writer)
    error = rng.choice(("{f}:{n}: error: {e}", "{f}:{n}:{c}: {e}", "{e} ({f}, line {n})",
                        "Error at line {n}: {e}")).format(
        f=file, n=at, c=rng.randint(1, 60), e=said)  # fmt: skip
    lines = [rng.choice((f"make: Entering directory '/home/{writer.slot('noun')}'", f"$ run {file}",
                         f"Checking {file}")),
             error, rng.choice(("1 error, 0 warnings", "Build failed.",
                                "Process finished with exit code 1"))]  # fmt: skip
    frame.put(frame.left + frame.gap, frame.bottom + 2, rng.choice(("Problems", "Messages", "Output", "PROBLEMS",
                                                                    "Build")),
              frame.bold, None, pitch)  # fmt: skip
    top = frame.bottom + 2 + pitch
    if any(frame.mono.width(line) > frame.wide - frame.gap for line in lines):
        return
    for line in lines[: int(high / pitch) - 1]:
        colour = (214, 60, 60) if line == error and rng.random() < 0.6 else frame.ink
        frame.put(frame.left + frame.gap, top, line, frame.mono, colour, pitch)
        top += pitch
    ask_error(frame, error, rng.choice((" in the panel", " below the code", " in the messages")))
    frame.ask("value", str(at), "Which line has the error?", "On which line is the error?", "Line of the error?",
              "In which line did it fail?", "What is the line number of the error?",
              "Where is the error? Give the line.",
              "At which line is the problem?", "Which line is the error on?")  # fmt: skip
