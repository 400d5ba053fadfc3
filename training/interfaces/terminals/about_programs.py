"""Questions about programs that have the whole terminal."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence

from training.interfaces.questions import phrasings as control_ways
from training.interfaces.terminals import phrasings as ways
from training.interfaces.terminals.about_lines import has_numbers
from training.interfaces.terminals.about_listings import ask_about
from training.interfaces.terminals.about_values import ask_log, ask_numbered, ask_settings
from training.interfaces.terminals.listings import Listing
from training.interfaces.terminals.view import Long, View, flat, is_plain

Notes = Mapping[str, str]
_SETTINGS = (".conf", ".ini", ".env", ".rc")
_OPTION = re.compile(r"^ {7}(-[\w-].*)$")
_MAIL_COUNT = ("How many messages are listed?", "How many mails are there?", "How many e-mails are in the list?",
               "Count the messages.", "How many messages does the mailbox have?")  # fmt: skip
_SENDER = ("Who sent '{k}'?", "Who is the sender of '{k}'?", "From whom is '{k}'?", "Who wrote the mail '{k}'?")
_SUBJECT = ("What is the subject of the mail from {k}?", "What does {k} write about?", "Subject of the mail from {k}?")
_SELECTED = ("Which entry is selected?", "Which line is highlighted?", "Which entry is highlighted?",
             "What is selected in the list?", "On which entry is the bar?")  # fmt: skip
_MANUAL = ("Which manual page is shown?", "Which man page is it?", "Of which command is this the manual?",
           "Which manual page is open?", "What is this manual page about? Name the command.")  # fmt: skip
_OPTION_DOES = ("What does the option {k} do?", "What does {k} do?", "How is {k} described?", "What is {k} for?",
                "Read the description of {k}.")  # fmt: skip
_TASKS = ("How many tasks are there in total?", "What is the total number of tasks?", "How many tasks does top count?")
_LOAD = ("What is the load average?", "Read the load average.", "What load does top show?")
_UP = ("How long has the computer been up?", "What is the uptime?", "Since how long is it up?")
_WINDOWS = ("Which windows does tmux have?", "List the windows in the status line.", "Which tmux windows are there?",
            "Name the windows of the session.")  # fmt: skip
_WINDOW_COUNT = ("How many tmux windows are there?", "How many windows does the status line list?",
                 "How many windows does the session have?")  # fmt: skip
_ACTIVE = ("Which tmux window is active?", "Which window of the session is current?", "Which tmux window is shown?")
_SESSION = ("What is the tmux session called?", "What is the name of the session?", "Which session is attached?")
_TOTAL_USED = ("What is the total disk usage?", "How much disk space is used in total?", "Total disk usage?")
_ITEMS = ("How many items are there?", "How many items does the bottom line count?", "What is the number of items?")
_WHICH_FOLDER = ("Which folder is shown?", "Which directory is being looked at?", "Which path is shown at the top?")
_TYPED_LAST = ("What was typed last?", "Which input is the last?", "What did I enter last?", "Read the last input.")
_HEADING = ("What is the title of the page?", "What does the page's title say?", "Which page is open?")
_ANSWERS = ("Which buttons are there?", "What are the buttons?", "List the buttons.", "Name the buttons.")
_FOCUS = ("Which button is highlighted?", "Which button has the focus?", "Which button is selected?")
_BOX_TITLE = ("What is the title of the box?", "What does the box's title say?", "What is the dialog called?",
              "Which title does the dialog have?", "Read the title of the dialog.")  # fmt: skip
_BOX_TEXT = ("What does the dialog say?", "Read the message.", "What is the message in the box?",
             "What does the box say?", "Which message is shown?", "What is written in the dialog?")  # fmt: skip
_CHOICES = ("Which options are listed?", "List the entries of the menu.", "What can be chosen?",
            "Which entries are there?",
            "Name the entries.")  # fmt: skip
_CHOICE_COUNT = ("How many entries does the list have?", "How many options are there?", "Count the entries.",
                 "How many entries can I choose from?")  # fmt: skip
_BACK = ("What does the line at the very top say?", "What is written above the box, at the top of the screen?")


def ask_program(view: View, kind: str, notes: Notes) -> None:
    """What that kind of program shows."""
    ask = _ABOUT.get(kind)
    if ask:
        ask(view, notes)
    command = view.grid.full
    row = next((number for number, line in enumerate(view.lines) if line.rstrip().endswith(command)), -1)
    if (row >= 0 and view.lines[row].startswith(tuple("[<-+(~$#/"))) or row == 0:
        view.ask("command", command, ("Which command was run?", "With which command was it started?",
                                      "What was typed at the prompt?",
                                      "Which command started the program?"), [row])  # fmt: skip


def _less(view: View, _: Notes) -> None:
    words = view.grid.full.split()
    name, last = words[-1], view.grid.cursor[0]
    if any(name in line for line in view.lines[-1:]):
        view.ask("file", name, ways.OPEN_FILE, [len(view.lines) - 1])
    if "-N" in words:
        ask_numbered(view, view.long_lines(0, last))
    _ask_file(view, name, last)


def _editor(view: View, _: Notes) -> None:
    name = view.grid.full.split()[-1]
    bars = [row for row, line in enumerate(view.lines) if name in line]
    if bars and bars[0] == len(view.lines) - 1:
        view.ask("file", name, ways.OPEN_FILE, bars)
    if has_numbers(view.lines):
        ask_numbered(view, view.long_lines(0, len(view.lines) - 2))
    _ask_file(view, name, len(view.lines) - 1)


def _ask_file(view: View, name: str, last: int) -> None:
    """What a log or a file with settings says that fills the screen down to a row."""
    if name.endswith(".log"):
        ask_log(view, view.long_lines(0, last), whole=True)
    if name.endswith(_SETTINGS):
        ask_settings(view, view.long_lines(0, last))


def _man(view: View, _: Notes) -> None:
    command = view.grid.full.split()[-1]
    shown = [number for number, line in enumerate(view.lines)
             if re.search(rf"^{re.escape(command)}\(\d\w*\)|page {re.escape(command)}\(", line,
                          re.IGNORECASE)]  # fmt: skip
    if shown:
        view.ask("value", command, _MANUAL, shown[:1])
    headings = [line for line in view.lines if re.fullmatch(r"[A-Z][A-Z ]+", line)]
    rows = [number for number, line in enumerate(view.lines) if line in headings]
    if headings and len(set(headings)) == len(headings):
        view.ask("list", ", ".join(headings), control_ways.HEADINGS, None)
        for row, heading in zip(rows, headings, strict=True):
            after = view.lines[row + 1].strip() if row + 1 < len(view.lines) else ""
            if after:
                view.ask("line", flat(after), ("Which line comes after the heading {k}?",
                                               "How does the section {k} begin?",
                                               "Read the first line under {k}."), [row, row + 1],
                                               k=heading)  # fmt: skip
    options = [(number, match[1]) for number, line in enumerate(view.lines) if (match := _OPTION.match(line))]
    for row, option in options:
        said = []
        for line in view.lines[row + 1 : len(view.lines) - 1]:
            if not line.startswith(" " * 11) or not line.strip():
                break
            said.append(line.strip())
        name = option.split(",")[0].split()[0]
        after = next((line for line in view.lines[row + 1 + len(said) : -1] if line.strip()), " " * 20)
        ended = not after.startswith(" " * 8)
        if said and ended and len(said) <= 3 and view.alone(option.strip()):
            view.ask("value", flat(" ".join(said)), _OPTION_DOES, range(row, row + len(said) + 1), k=name)


def _top(view: View, _: Notes) -> None:
    for row, line in enumerate(view.lines[:6]):
        for pattern, phrasings in (
            (r"^Tasks: +(\d+) total", _TASKS),
            (r"load average: (.+)$", _LOAD),
            (r" up +(.+?), +\d+ user", _UP),
        ):
            if found := re.search(pattern, line):
                view.ask("value", flat(found[1]), phrasings, [row])
    head = next((number for number, line in enumerate(view.lines) if re.match(r"^ *PID USER", line)), -1)
    if head < 0:
        return
    names = view.lines[head].split()
    end = head + 1
    while end < len(view.lines) and re.match(r"^ *\d+ ", view.lines[end]):
        end += 1
    lines = [Long(view.lines[row], row, row) for row in range(head, end)]
    listing = Listing("processes", tuple(names), 0, shown=True, header=0)
    for place, process in enumerate(lines[1:], 1):
        parts = process.text.split(None, len(names) - 1)
        if len(parts) == len(names):
            listing.rows.append(parts)
            listing.at.append(place)
    listing.whole = len(listing.rows) == end - head - 1
    if listing.rows and all(is_plain(cell) for row in listing.rows for cell in row):
        view.tables = 1
        ask_about(view, listing, lines, view.grid.full)


def _selected_row(view: View) -> int:
    """The only row of the list that is drawn reversed, or on a ground of its own; -1 where that is not clear."""
    found = []
    for number, row in enumerate(view.grid.cells[1:-2], 1):
        filled = [cell for cell in row if not cell.is_blank]
        if filled and all(cell.looks[3] or cell.looks[1] != "default" for cell in filled):
            found.append(number)
    return found[0] if len(found) == 1 else -1


def _ncdu(view: View, _: Notes) -> None:
    listing, lines = Listing("entries", ("size", "name"), 1, ways={0: ways.SIZE}, sizes=-1), list[Long]()
    for number, line in enumerate(view.lines):
        found = re.match(r"^[!.<> e@H]? *([\d.]+ [KMG]?i?B)(?: \[[# ]*\])? [ /](\S.*?)$", line)
        if found:
            listing.rows.append([found[1], found[2]])
            listing.at.append(len(lines))
            lines.append(Long(line, number, number))
        if found := re.search(r"Total disk usage: +(\S+ \S+)", line):
            view.ask("value", found[1], _TOTAL_USED, [number])
        if found := re.search(r"Items: (\d+)", line):
            view.ask("value", found[1], _ITEMS, [number])
        if found := re.match(r"^--- (/\S+) -", line):
            view.ask("value", found[1], _WHICH_FOLDER, [number])
    if listing.rows:
        ask_about(view, listing, lines, view.grid.full)
        row = _selected_row(view)
        for (_size, name), entry in zip(listing.rows, lines, strict=True):
            if entry.first == row:
                view.ask("selected", name, _SELECTED, [row])


def _tig(view: View, _: Notes) -> None:
    found = [
        (number, match)
        for number, line in enumerate(view.lines)
        if (match := re.match(r"^(\d{4}-\d\d-\d\d \d\d:\d\d) \+0000 (\w+ \w+) +[oIM] (?:[\[<{].*[\]>}] )?(.+)$", line))
    ]
    subjects = [match[3] for _, match in found]
    for number, match in view.rng.sample(found, min(4, len(found))):
        if subjects.count(match[3]) == 1 and "'" not in match[3]:
            view.ask("value", match[2], ways.AUTHOR_OF, [number], k=match[3])
            view.ask("value", match[1], ways.COMMIT_DATE, [number], k=match[3])
    if found:
        view.ask("value", subjects[0], ways.LATEST, [found[0][0]])
        view.ask("program", "tig", ways.PROGRAM, None)
        if len(found) <= 12:
            view.ask("how_many", str(len(found)), ways.COUNT, None, n="commits", c="tig")
        row = _selected_row(view)
        for number, match in found:
            if number == row:
                view.ask("selected", match[3], ("Which commit is selected?", "Which commit is highlighted?"), [row])


def _mail(view: View, _: Notes) -> None:
    found = [(number, match) for number, line in enumerate(view.lines)
             if (match := re.match(r"^ +(\d+) +\S{0,3} *(\w{3} \d\d) (\w+ \w+) +\( *[\d.]+[KM]?\) (.+)$",
                                   line))]  # fmt: skip
    senders, subjects = [match[3] for _, match in found], [match[4] for _, match in found]
    for number, match in view.rng.sample(found, min(5, len(found))):
        if subjects.count(match[4]) == 1 and "'" not in match[4]:
            view.ask("value", match[3], _SENDER, [number], k=match[4])
            view.ask(
                "value", match[2], ("When did the mail '{k}' come?", "What is the date of '{k}'?"), [number], k=match[4]
            )
        if senders.count(match[3]) == 1:
            view.ask("value", match[4], _SUBJECT, [number], k=match[3])
    if found:
        rows = [number for number, _ in found]
        if len(found) <= 12:
            view.ask("how_many", str(len(found)), _MAIL_COUNT, rows)
        view.ask("program", "Mutt", ways.PROGRAM, None)
        row = _selected_row(view)
        for number, match in found:
            if number == row:
                view.ask("selected", match[4], ("Which mail is selected?",
                                                "What is the subject of the highlighted message?",
                                                "Which message is highlighted? Read its subject."),
                                                [row])  # fmt: skip
    for number, line in enumerate(view.lines):
        if head := re.match(r"^(From|To|Subject|Date): (.+)$", line):
            view.ask("value", flat(head[2]), ways.VALUE, [number], k=head[1])


def _dialog(view: View, notes: Notes) -> None:
    """What the script has given to the box, as far as all of it is seen."""
    screen = " ".join(" ".join(re.sub(r"[^ -~]|\|", " ", line).split()) for line in view.lines)
    kind, title, text = notes["kind"], notes["title"], " ".join(notes["text"].split())
    if title in screen and sum(title in line for line in view.lines) == 1:
        view.ask("title", title, _BOX_TITLE, None)
    if text in screen:
        view.ask("message", text, _BOX_TEXT, None)
    if notes["back"] and notes["back"] in view.lines[0]:
        view.ask("value", notes["back"], _BACK, [0])
    items, tags = notes["items"].split("\n"), notes["tags"].split("\n")
    shown = [
        any(re.search(rf"{re.escape(tag)} +{re.escape(item)}\b", line) for line in view.lines)
        for tag, item in zip(tags, items, strict=True)
    ]
    if kind in ("menu", "checklist", "radiolist") and all(shown):
        _choices(view, notes, items, tags)
    buttons = {"msgbox": ("OK",), "yesno": ("Yes", "No"), "infobox": (), "gauge": ()}.get(kind, ("OK", "Cancel"))
    if notes["tool"] == "whiptail":
        buttons = tuple("Ok" if one == "OK" else one for one in buttons)
    if buttons and all(re.search(rf"<\s*{one}\s*>", screen) for one in buttons):
        view.ask("buttons", ", ".join(buttons), _ANSWERS, None)
        view.ask("how_many", str(len(buttons)), control_ways.BUTTON_COUNT, None)
        if kind == "yesno":
            view.ask("selected", notes["focus"], _FOCUS, None)
    if kind == "inputbox" and notes["entry"] in screen:
        view.ask("value", notes["entry"], ("What is entered in the field?", "What does the input field say?",
                                           "Which text is in the field?", "What has been typed in?"),
                                           None)  # fmt: skip
    if kind == "gauge" and f"{notes['percent']}%" in screen.replace(" ", ""):
        view.ask("value", f"{notes['percent']}%", control_ways.PROGRESS, None)


def _choices(view: View, notes: Notes, items: Sequence[str], tags: Sequence[str]) -> None:
    view.ask("list", ", ".join(items), _CHOICES, None)
    view.ask("how_many", str(len(items)), _CHOICE_COUNT, None)
    if notes["kind"] == "menu":
        view.ask("selected", items[int(notes["place"])], _SELECTED, None)
    for tag, item in view.rng.sample(list(zip(tags, items, strict=True)), min(2, len(items))):
        if tag.isdigit():
            view.ask(
                "value",
                item,
                ("Which entry has the number {k}?", "What is entry {k}?", "Which option is number {k}?"),
                None,
                k=tag,
            )
    if notes["kind"] == "menu":
        return
    on = [item for item, state in zip(items, notes["on"], strict=True) if state == "x"]
    if notes["kind"] == "radiolist":
        view.ask(
            "selected",
            on[0],
            ("Which option is chosen?", "Which of the options has the mark?", "Which option is marked with *?"),
            None,
        )
        return
    if on:
        view.ask("checked", ", ".join(on), control_ways.CHECKED, None)
    view.ask("how_many", str(len(on)), control_ways.CHECKED_COUNT, None)
    for item in view.rng.sample(list(items), min(3, len(items))):
        view.ask("is_checked", "Yes" if item in on else "No", control_ways.BOX_ON, None, k=item)
    answer = json.dumps({item: item in on for item in items})
    view.ask("json", answer, ("Which options are on? Answer as JSON with true and false.",
                              "Give the check boxes as JSON, true where one is checked."), None)  # fmt: skip


def _tmux(view: View, notes: Notes) -> None:
    names = notes["windows"].split("\n")
    row = 0 if f"[{notes['session']}]" in view.lines[0] else len(view.lines) - 1
    if not all(f":{name}" in view.lines[row] for name in names):
        return
    view.ask("list", ", ".join(names), _WINDOWS, [row])
    view.ask("how_many", str(len(names)), _WINDOW_COUNT, [row])
    view.ask("value", notes["active"], _ACTIVE, [row])
    view.ask("value", notes["session"], _SESSION, [row])
    view.ask(
        "value",
        view.grid.host,
        ("Which host does the status line name?", "What is the host name in the status line?"),
        [row],
    )
    clock = re.search(r"(\d\d:\d\d)\s*$", view.lines[row])
    if clock:
        view.ask(
            "value", clock[1], ("What time does the status line show?", "Which time is in the status line?"), [row]
        )
    view.yes_no(
        ("Is there a tmux window {k}?", "Does the status line list a window {k}?"),
        yes=True,
        rows=[row],
        k=view.rng.choice(names),
    )
    other = view.rng.choice(("monitor", "shell", "notes", "kernel", "top"))
    if not any(other in line for line in view.lines):
        view.yes_no(
            ("Is there a tmux window {k}?", "Does the status line list a window {k}?"), yes=False, rows=[row], k=other
        )


def _interpreter(view: View, notes: Notes) -> None:
    """What was typed, with what came out for it."""
    typed, mark = notes["typed"].split("\n"), notes["mark"]
    rows: list[int] = []
    for text in typed:
        after = rows[-1] if rows else -1
        rows.append(
            next((row for row in range(after + 1, len(view.lines)) if view.lines[row].rstrip() == mark + text), -1)
        )
    if any(row < 0 for row in rows):
        return
    last = view.grid.cursor[0]
    view.ask("command", typed[-1], _TYPED_LAST, [rows[-1]])
    if len(typed) <= 12 and all(is_plain(one) for one in typed):
        view.ask("how_many", str(len(typed)), ("How many inputs are there?", "How many lines were typed in?",
                                               "How many expressions or commands were entered?"), None)  # fmt: skip
    for place, (text, row) in enumerate(zip(typed, rows, strict=True)):
        end = rows[place + 1] if place + 1 < len(rows) else last
        printed = [line for line in view.lines[row + 1 : end] if line.strip()]
        if typed.count(text) > 1:
            continue
        if len(printed) == 1:
            view.ask("value", flat(printed[0]), ways.RESULT, [row, row + 1], e=text)
        elif len(printed) > 1 and re.match(r"[\w.]*(Error|Exception)\b", printed[-1]):
            view.ask("message", flat(printed[-1]), ways.ERROR_OF, range(row, end), c=text)
    errors = [(row, line) for row, line in enumerate(view.lines)
              if re.match(r"(?:[A-Z]\w*Error|Uncaught \w+|Parse error|Runtime error|Error)\b.*: ", line)]  # fmt: skip
    if len(errors) == 1:
        view.ask("message", flat(errors[0][1]), ways.ERROR, [errors[0][0]])
    view.yes_no(ways.FAILED[1:], yes=bool(errors), rows=None)
    name = {">>> ": "Python", "> ": "Node.js", "sqlite> ": "SQLite", "(gdb) ": "gdb"}.get(mark)
    if name:
        view.ask("program", name, ways.PROGRAM, None)


def _browser(view: View, _: Notes) -> None:
    marked = [
        (number, match[1])
        for number, line in enumerate(view.lines)
        if (match := re.match(r"^ +[*\u2022] (\S.*)$", line))
    ]
    texts = [text for _, text in marked]
    if texts and len(set(texts)) == len(texts) <= 12:
        rows = [number for number, _ in marked]
        view.ask("list", ", ".join(texts), ("Which entries does the list have?", "List the links.", "Read the list.",
                                            "Which links are in the list?"), rows)  # fmt: skip
        view.ask(
            "how_many",
            str(len(texts)),
            ("How many entries does the list have?", "How many links are in the list?"),
            rows,
        )
    pairs = [
        (number, match)
        for number, line in enumerate(view.lines)
        if (match := re.match(r"^ *[|│]? ?([a-z]+) *[|│]? ?(\d{1,3}) *[|│]?$", line))
    ]
    for number, match in pairs:
        if [one[1][1] for one in pairs].count(match[1]) == 1:
            view.ask("value", match[2], ("Which number stands beside {k}?", "What is the value of {k}?", "{k}?",
                                         "Which number does the table have for {k}?"), [number],
                                         k=match[1])  # fmt: skip
    if view.grid.full.startswith("lynx"):
        view.ask("value", view.lines[0].strip(), _HEADING, [0])


def _files(view: View, _: Notes) -> None:
    """What nnn lists."""
    listing, lines = (
        Listing("entries", ("date", "mode", "size", "name"), 3, ways={0: ways.CHANGED, 2: ways.SIZE}, sizes=-1),
        list[Long](),
    )
    place = re.match(r"^(\d+)/(\d+) ", view.lines[-1] or view.lines[-2])
    for number, line in enumerate(view.lines[2:-1], 2):
        found = re.match(r"^[> ](?:(\d{4}-\d\d-\d\d \d\d:\d\d)  (\d{3}) +([\d.]+[BKMG]?)  )?(\S+)$", line)
        if found:
            listing.rows.append([found[1] or "", found[2] or "", found[3] or "", found[4].rstrip("*")])
            listing.at.append(len(lines))
            lines.append(Long(line, number, number))
    if not place or len(listing.rows) != int(place[2]):
        return
    ask_about(view, listing, lines, view.grid.full)
    folders = [row[3] for row in listing.rows if row[3].endswith("/")]
    rows = [line.first for line in lines]
    if folders:
        view.ask("list", ", ".join(folders), ways.FOLDERS, rows)
    view.ask("how_many", str(len(folders)), ways.FOLDER_COUNT, rows)
    view.ask("selected", listing.rows[int(place[1]) - 1][3], _SELECTED, rows)
    view.ask("value", view.lines[0].split()[-1], _WHICH_FOLDER, [0])


_ABOUT: dict[str, Callable[[View, Notes], None]] = {
    "less": _less, "man": _man, "top": _top, "ncdu": _ncdu, "tig": _tig, "mutt": _mail, "dialog": _dialog,
    "tmux": _tmux,
    "python": _interpreter, "node": _interpreter, "sqlite": _interpreter, "bc": _interpreter, "gdb": _interpreter,
    "browser": _browser, "files": _files, "editor": _editor,
}  # fmt: skip
