"""Code editors: a tree of files, tabs, numbered lines, problems, a status bar."""

from __future__ import annotations

import random
import re

from training.screens.coding.command_questions import code_questions
from training.screens.coding.languages import DARK, ENDINGS, LIGHT, NAMES, Code, draw_line, write_code
from training.screens.line_questions import line_questions
from training.screens.page import MOST_COPIED, Page, black_or_white
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.sketch import title_bar
from training.screens.themes import Style
from training.screens.typefaces import Colour

_GROUNDS: tuple[tuple[Colour, Colour], ...] = (
    ((30, 30, 30), (212, 212, 212)), ((40, 42, 54), (248, 248, 242)), ((46, 52, 64), (216, 222, 233)),
    ((39, 40, 34), (248, 248, 242)), ((255, 255, 255), (0, 0, 0)), ((255, 255, 255), (36, 41, 46)),
    ((253, 246, 227), (60, 80, 90)), ((250, 250, 250), (56, 58, 66)), ((0, 43, 54), (190, 204, 206)),
    ((13, 17, 23), (201, 209, 217)),
)  # fmt: skip
_MENUS = ("File", "Edit", "View", "Search", "Run", "Tools", "Help", "Selection", "Go", "Terminal", "Document", "Build",
          "Window", "Project")  # fmt: skip
_PROBLEMS = ("'{a}' is not defined", "expected ';' before '{a}'", "unused variable '{a}'", "cannot find module '{a}'",
             "undefined name '{a}'", "missing return type of '{a}'", "invalid syntax near '{a}'",
             "'{a}' has no member '{b}'",
             "mismatched types: expected {a}, found {b}", "unexpected token '{a}'",
             "{a} is deprecated, use {b}")  # fmt: skip


def draw_code_editor(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """An editor with one file open, of which the first lines are seen."""
    page = Page(rng, writer, style, width, height, rng.choice(_GROUNDS) if rng.random() < 0.85 else None)
    language = rng.choice(list(ENDINGS))
    file = f"{writer.slot('noun')}{rng.choice(('', '_' + writer.slot('noun')))}.{ENDINGS[language]}"
    app = _title(page, file) if rng.random() < 0.4 else ""
    if rng.random() < 0.6:
        _menus(page)
    status = round(page.pen.line * 1.4) if rng.random() < 0.8 else 0
    page.bottom -= status
    line_number, column = rng.randint(1, 25), rng.randint(1, 60)
    if rng.random() < 0.65 and page.wide > page.pen.size * 40:
        _tree(page, file)
    tabbed = rng.random() < 0.8
    if tabbed:
        _tabs(page, file)
    panel = page.pitch * rng.randint(3, 6) if rng.random() < 0.5 and page.bottom - page.top > page.pitch * 14 else 0
    page.bottom -= panel
    code, current = _code(page, language)
    if writer.training:
        line_number, column = current, rng.randint(1, 40)
    page.bottom += panel
    error = _problems(page, panel, file, code) if panel else ""
    page.bottom += status
    if status:
        _status(page, status, NAMES[language], line_number, column)
    if tabbed or error:
        page.ask("file", file, "Which file is open?", "What is the name of the open file?", "What is the file called?",
                 "Which file is being edited?")  # fmt: skip
    page.ask_program(app or "A code editor")
    opened = f" with the file {file} open" if tabbed else ""
    page.describe(f"A code editor{opened}; {len(code.lines)} lines of {NAMES[language]} are seen.")
    return page.finish("editor", "code editor")


def _title(page: Page, file: str) -> str:
    """A title bar; the program that it names."""
    form, app = page.rng.choice(("{f} - {a}", "{f} - ~/{n} - {a}", "{a}: {f}")), page.writer.slot("app")
    title = form.format(f=file, a=app, n=page.writer.slot("noun"))
    high = round(page.pen.line * 1.5)
    title_bar(page.sketch, page.style, title, page.pen, high)
    page.top += high
    page.asker.ask("title", title)
    return app


def _menus(page: Page) -> None:
    theme, menus, x = page.style.theme, page.rng.sample(_MENUS, page.rng.randint(3, 8)), float(page.style.px(8))
    page.fill((0, page.top, page.right, page.top + page.pitch), theme.window)
    drawn = []
    for menu in menus:
        if x + page.pen.width(menu) < page.right:
            x = page.put(x, page.top, menu, None, theme.ink) + page.style.px(14)
            drawn.append(menu)
    page.top += page.pitch
    page.ask("menu", ", ".join(drawn), "Which menus are there?", "List the menus.", "Read the menu bar.")


def _tree(page: Page, file: str) -> None:
    rng, writer = page.rng, page.writer
    head = rng.choice(("EXPLORER", "Project", "Files", writer.slot("noun").upper(), "Folders"))
    folders = list(dict.fromkeys(writer.slot("noun") for _ in range(rng.randint(1, 3))))
    files = [file, *(f"{writer.slot('noun')}.{rng.choice(('md', 'txt', 'py', 'json', 'c', 'toml', 'js'))}"
                     for _ in range(rng.randint(1, 6)))]  # fmt: skip
    files = sorted(set(files))
    rows = [(name, 0) for name in folders] + [(name, 1) for name in files]
    pitch = round(page.pen.line * rng.uniform(1.2, 1.6))
    rows = rows[: max(1, int((page.bottom - page.top) / pitch) - 2)]
    indent = page.style.px(16)
    wide = max(page.bold.width(head), *(page.pen.width(name) + indent * 2 for name, _ in rows)) + 2 * indent
    if wide > page.wide * 0.4:
        return
    page.fill((0, page.top, wide, page.bottom), page.shade)
    page.put(indent, page.top, head, page.bold, page.faint, pitch)
    top = page.top + pitch
    for name, depth in rows:
        if name == file:
            page.fill((0, top, wide - 1, top + pitch), page.accent if page.accent != page.ink else page.line)
        ink = black_or_white(page.accent) if name == file and page.accent != page.ink else page.ink
        x = indent * (1 + depth)
        if not depth:
            middle = top + pitch / 2
            page.sketch.draw.polygon(((x - 9, middle - 3), (x - 3, middle - 3), (x - 6, middle + 3)), page.ink)
        page.put(x, top, name, None, ink, pitch)
        top += pitch
    page.left = wide
    seen = [name for name, depth in rows if depth]
    if file in seen:
        page.ask("selected", file, "Which file is selected in the tree?", "Which file is highlighted on the left?",
                 "Which file is selected on the left?")  # fmt: skip
    if seen:
        page.ask("list", ", ".join(seen), "Which files are in the project?", "List the files on the left.",
                 "Which files are shown in the tree?", "Name the files in the side bar.")  # fmt: skip
        page.ask(
            "how_many", str(len(seen)), "How many files are listed on the left?", "How many files are in the tree?"
        )
        page.ask_whether(
            seen, lambda: f"{writer.slot('noun')}.py", "Is there a file {text}?", "Do you see a file {text}?"
        )
    page.ask(
        "list", ", ".join(name for name, depth in rows if not depth), "Which folders are there?", "List the folders."
    )


def _tabs(page: Page, file: str) -> None:
    rng, style, x, drawn = page.rng, page.style, page.left, []
    high = round(page.pen.line * 1.6)
    page.fill((page.left, page.top, page.right, page.top + high), page.shade)
    others = [
        f"{page.writer.slot('noun')}.{rng.choice(('py', 'md', 'js', 'c', 'h'))}" for _ in range(rng.randint(0, 3))
    ]
    for name in (file, *others) if rng.random() < 0.5 else (*others[:1], file, *others[1:]):
        wide = page.pen.width(name) + style.px(36)
        if x + wide > page.right or name in drawn:
            continue
        if name == file:
            page.fill((x, page.top, x + wide, page.top + high), page.ground)
            page.fill((x, page.top, x + wide, page.top + 2), page.accent)
        page.put(x + style.px(10), page.top, name, None, page.ink if name == file else page.faint, high)
        x += wide
        drawn.append(name)
    page.top += high
    if len(drawn) > 1:
        page.ask("menu", ", ".join(drawn), "Which tabs are open?", "Which files are open in tabs?", "List the tabs.")
        page.ask("selected", file, "Which tab is active?", "Which tab is selected?", "Which tab is in front?")
        page.ask("how_many", str(len(drawn)), "How many tabs are open?", "How many files are open?")


def _code(page: Page, language: str) -> tuple[Code, int]:
    """The code, and the number of the line that is marked as the current one."""
    rng = page.rng
    pitch = round(page.mono.line * rng.uniform(1.05, 1.4))
    room = max(2, min(25, int((page.bottom - page.top - page.style.px(6)) / pitch)))
    code = write_code(rng, page.writer, max(2, rng.randint(min(room, 8), room)), language=language)
    code.lines = code.lines[:room]
    numbered = rng.random() < 0.85
    first = rng.randint(2, 900) if numbered and page.writer.training and rng.random() < 0.25 else 1
    code.first = first
    gutter = page.mono.width("0" * len(str(first + 20))) + page.style.px(16) if numbered else 0
    palette = rng.choice(DARK if sum(page.ground) < 380 else LIGHT)
    top, left = page.top + page.style.px(4), page.left + gutter + page.style.px(8)
    if gutter and rng.random() < 0.4:
        page.fill((page.left, page.top, page.left + gutter, page.bottom), page.shade)
    current = rng.randrange(len(code.lines))
    whole = all(left + page.mono.width(line) < page.right for line in code.lines)
    for number, line in enumerate(code.lines):
        if number == current:
            page.fill((page.left + gutter, top, page.right, top + pitch), page.shade)
        if gutter:
            label = str(number + first)
            page.put(page.left + gutter - page.style.px(8) - page.mono.width(label), top, label, page.mono, page.faint,
                     pitch)  # fmt: skip
        draw_line(page, left, top, pitch, line, palette)
        top += pitch
    _ask_code(page, code, first, whole=whole)
    return code, first + current


def _ask_code(page: Page, code: Code, first: int, *, whole: bool) -> None:
    text = "\n".join(code.lines)
    if whole and len(text) <= MOST_COPIED:
        page.prompt("code-from-screenshot", f"```{code.language}\n{text}\n```")
    filled = [number for number, line in enumerate(code.lines, first) if line.strip()]
    for number in page.rng.sample(filled, min(5, len(filled))):
        page.ask("line", code.lines[number - first].strip(), "Read line {n} of the code.", "What is on line {n}?",
                 "What is in line {n} of the file?", "Read line {n}.", "Line {n}?", n=number)  # fmt: skip
    for name, value in code.settings.items():
        page.ask("value", value, "What is {name} set to?", "What is the value of {name}?",
                 "Which value does {name} have?",
                 "To what is {name} set in the code?", "{name}?", name=name)  # fmt: skip
        at = [number for number, line in enumerate(code.lines, first) if name in line]
        if len(at) == 1:
            page.ask("value", str(at[0]), "On which line is {name}?", "Which line sets {name}?",
                     "In which line is {name} set?",
                     name=name)  # fmt: skip
    defined = [
        line.split("(")[0].split()[-1] for line in code.lines if line.startswith(("def ", "function ", "fn ", "func "))
    ]
    if defined:
        page.ask(
            "list",
            ", ".join(dict.fromkeys(defined)),
            "Which functions are defined?",
            "List the functions.",
            "What is the function called?" if len(set(defined)) == 1 else "Name the functions in the file.",
        )
    if first == 1:
        page.ask(
            "how_many", str(len(code.lines)), "How many lines does the file have?", "How many lines of code are there?"
        )
    if page.writer.training:
        about_lines = line_questions(page.rng, code.lines, first=first, bars=True)
        page.asker.questions += [one for one in about_lines if whole or "'" not in one.text]
        page.asker.questions += code_questions(page.rng, code.lines, first)


def _problems(page: Page, high: int, file: str, code: Code) -> str:
    """A panel below the code, with one error; returns it where it fits."""
    rng, writer = page.rng, page.writer
    top, x = page.bottom - high, page.left + page.style.px(10)
    page.sketch.draw.line((page.left, top, page.right, top), page.line)
    page.put(x, top, rng.choice(("PROBLEMS", "Problems", "Messages", "Output", "Build")), None, page.faint)
    said = rng.choice(_PROBLEMS).format(a=writer.slot("noun"), b=writer.slot("noun"))
    at = rng.randint(1, max(1, len(code.lines)))
    if writer.training:
        at, word = _complained_of(rng, code)
        said = rng.choice(_PROBLEMS).format(a=word, b=writer.slot("noun"))
    text = rng.choice(
        ("{f}:{n}: error: {e}", "{e} [line {n}]", "Error in {f}, line {n}: {e}", "error: {e} ({f}:{n})")
    ).format(f=file, n=at, e=said)
    if x + page.mono.width(text) > page.right:
        return ""
    page.put(x, top + page.pitch, text, page.mono, (220, 70, 70))
    page.ask_error(text, "code editor")
    page.ask("value", said, "What is the problem?", "What does the problems panel say?", "What is wrong with the code?")
    page.ask(
        "value",
        str(at),
        "Which line has the error?",
        "On which line is the error?",
        "In which line is the problem?",
        "Where is the error?",
    )
    return text


def _complained_of(rng: random.Random, code: Code) -> tuple[int, str]:
    """The number of one of the lines, and a word in it."""
    words = [(number, word) for number, line in enumerate(code.lines, code.first)
             for word in re.findall(r"[A-Za-z_]\w{2,}", line)]  # fmt: skip
    return rng.choice(words) if words else (code.first, code.language)


def _status(page: Page, high: int, language: str, line: int, column: int) -> None:
    rng, top = page.rng, page.bottom - high
    ground = page.accent if rng.random() < 0.5 and page.accent != page.ink else page.shade
    ink = black_or_white(ground)
    page.fill((0, top, page.right, page.bottom), ground)
    place = rng.choice(("Ln {l}, Col {c}", "Line {l}, Column {c}", "{l}:{c}", "line: {l} / col: {c}")).format(
        l=line, c=column
    )
    branch = rng.choice(("main", "master", page.writer.slot("noun")))
    parts = [place, rng.choice(("Spaces: 4", "Tab size: 8", "INS", "LF")), "UTF-8", language]
    x = page.put(page.style.px(8), top, branch, None, ink, high) + page.style.px(30)
    for part in parts:
        x = page.put(x, top, part, None, ink, high) + page.style.px(18)
    page.ask("value", str(line), "In which line is the cursor?", "On which line is the cursor?", "Cursor line?")
    page.ask("value", str(column), "In which column is the cursor?", "Which column is the cursor in?")
    page.ask("status", " ".join([branch, *parts]), "What does the status bar say?", "Read the status bar.")
    page.ask("value", branch, "Which branch is checked out?", "What is the first entry of the status bar?")
    page.ask("value", language, "Which language is the code in?", "What language does the status bar show?")
