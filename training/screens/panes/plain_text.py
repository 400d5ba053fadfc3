"""Editors of plain text without line numbers: notes, lists, letters, tables of words; a status bar, a search."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from random import Random

from training.screens.line_questions import NUMBER, line_questions
from training.screens.page import mixed
from training.screens.panes.frame import Frame
from training.screens.phrases import Writer
from training.screens.records import Question, Screen
from training.screens.themes import Style
from training.screens.typefaces import Colour, Pen

_GROUNDS: tuple[tuple[Colour, Colour], ...] = (
    ((255, 255, 255), (0, 0, 0)), ((255, 255, 255), (30, 30, 30)), ((255, 255, 255), (46, 52, 54)),
    ((30, 30, 30), (220, 220, 220)), ((253, 246, 227), (88, 110, 117)), ((255, 255, 225), (20, 20, 20)),
    ((40, 42, 54), (248, 248, 242)), ((0, 0, 0), (200, 200, 200)),
)  # fmt: skip
_MENUS = ("Edit", "Search", "View", "Document", "Options", "Format", "Tools", "Help", "Insert")
_TOOLS = ("New", "Open", "Save", "Print", "Undo", "Redo", "Cut", "Copy", "Paste", "Find", "Replace", "Close")
_ENDINGS = ("txt", "txt", "txt", "md", "log", "text", "notes", "org", "csv", "me")
_OF_TEXT = ("", " of the text", " of the file", " in the editor", " of the document")
_FIRST = ("What is the first line{w}?", "Read the first line{w}.", "What does the first line{w} say?",
          "Quote the first line{w}.", "How does the text begin? Read its first line.", "First line{w}?",
          "With which line does the text begin?", "Which line comes first{w}?", "What is on the first line{w}?",
          "Copy the first line{w}.")  # fmt: skip
_LAST = ("What is the last line{w}?", "Read the last line{w}.", "What does the last line{w} say?",
         "Quote the last line{w}.", "How does the text end? Read its last line.", "Last line{w}?",
         "With which line does the text end?", "Which line comes last{w}?", "What is on the last line{w}?",
         "Copy the last line{w}.")  # fmt: skip
_FIRST_WITH = ("Which is the first line that starts with '{t}'?", "Read the first line that begins with '{t}'.",
               "What is the first line beginning with {t}?", "The first line that starts with '{t}'?",
               "Find the first line that begins with '{t}' and read it.", "Quote the first line starting with '{t}'.",
               "Of the lines that start with '{t}', which comes first?",
               "What does the first line starting with {t} say?")  # fmt: skip
_LAST_WITH = ("Which is the last line that starts with '{t}'?", "Read the last line that begins with '{t}'.",
              "What is the last line beginning with {t}?", "The last line that starts with '{t}'?",
              "Find the last line that begins with '{t}' and read it.", "Quote the last line starting with '{t}'.",
              "Of the lines that start with '{t}', which comes last?",
              "What does the last line starting with {t} say?")  # fmt: skip
_COUNT_WITH = ("How many lines start with '{t}'?", "How many lines begin with {t}?",
               "Count the lines with '{t}' at their start.", "How many of the lines begin with '{t}'?",
               "Number of lines that start with {t}?", "In how many lines is '{t}' the first word?",
               "How many lines have '{t}' at their start?",
               "How many lines are there that begin with '{t}'?")  # fmt: skip
_COUNT = ("How many lines does the text have?", "How many lines of text are there?", "Count the lines of the text.",
          "How many lines are in the file?", "How many lines are written in the editor?", "Number of lines?",
          "How many lines of text do you see?", "What is the number of lines in the editor?")  # fmt: skip
_SELECTED = ("Which text is selected?", "Which text is highlighted?", "What is selected in the text?",
             "Read the selected text.", "Which words are highlighted?", "What text did someone select?",
             "Quote the highlighted text.", "What is marked as selected in the editor?")  # fmt: skip
_SOUGHT = ("What is searched for?", "Which word is in the search field?", "What does the search field say?",
           "What is someone looking for?", "Which text is being searched?", "What was typed into the search?",
           "Read the search field.", "What is in the field at Find?")  # fmt: skip
_STATUS: dict[str, tuple[str, ...]] = {
    "line": ("On which line is the cursor?", "In which line is the cursor, according to the status bar?",
             "Which line does the status bar name?", "What line number is in the status bar?", "Line of the cursor?",
             "At which line is the cursor?", "Which line number does the bottom line show?",
             "What is the current line's number?"),
    "column": ("In which column is the cursor?", "Which column does the status bar name?", "Column of the cursor?",
               "At which column is the cursor?", "What column number is in the status bar?",
               "Which column is the cursor in, according to the status bar?", "What is the current column?",
               "Which column number does the bottom line show?"),
    "encoding": ("Which encoding does the file have?", "What is the encoding?", "Encoding?", "Which encoding is shown?",
                 "How is the file encoded?", "What encoding does the status bar say?", "Read the encoding.",
                 "In which encoding is the text?"),
    "mode": ("Which mode does the status bar show?", "What type of text does the status bar name?", "File type?",
             "Which file type is set?", "What does the status bar say about the type?", "Which syntax is chosen?",
             "What kind of text is it, according to the status bar?", "Which language mode is set?"),
}  # fmt: skip


_MOST_COUNTED = 12
"""Lines without numbers that a question makes one count."""
_COUNTED = frozenset({"how_many", NUMBER})
_NUMBERS = re.compile(r"lines? (?:number )?(\d+)(?: \D{1,8} (\d+))?")


def is_of_text(question: Question) -> bool:
    """Whether a question about lines without numbers is clear beside bars, and needs no long counting."""
    if any(word in question.text for word in ("top", "bottom", "lowest")):
        return False
    found = _NUMBERS.search(question.text)
    numbers = [int(number) for number in found.groups() if number] if found else []
    return max([*numbers, int(question.answer) if question.kind in _COUNTED else 0]) <= _MOST_COUNTED


def draw_plain_text(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """An editor with a text that is not code."""
    frame = Frame(rng, writer, style, width, height, "text editor",
                  grounds=rng.choice(_GROUNDS))  # fmt: skip
    file = rng.choice((f"{writer.slot('noun')}.{rng.choice(_ENDINGS)}", f"{writer.word()}-{rng.randint(1, 99)}.txt",
                       f"/home/{writer.slot('noun')}/{writer.slot('noun')}.txt"))  # fmt: skip
    frame.title(file, "file")
    frame.menus(0.9, ["File", *rng.sample(_MENUS, rng.randint(2, 6))])
    frame.tools(rng.sample(_TOOLS, rng.randint(4, 9)), share=0.5)
    if rng.random() < 0.25:
        others = list(dict.fromkeys((file, *(f"{writer.slot('noun')}.txt" for _ in range(rng.randint(1, 4))))))
        frame.tabs(rng.sample(others, len(others)), file)
    reserved = frame.pen.line * 1.5 if rng.random() < 0.7 else 0.0
    bottom = frame.bottom
    frame.bottom -= reserved
    pen = frame.mono if rng.random() < 0.65 else frame.pen
    pitch = round(pen.line * rng.uniform(1.0, 1.35))
    lines = _written(frame, pen, frame.rows_for(4, 24, pitch))
    if rng.random() < 0.25:
        _search(frame, lines)
    lines = lines[: max(2, int((frame.bottom - frame.top - 4) / pitch))]
    while len(lines) > 2 and not lines[-1]:
        lines.pop()
    current = _draw(frame, lines, pen, pitch)
    frame.bottom = bottom
    if reserved:
        _status(frame, lines, current)
    _ask(frame, lines)
    return frame.done("plain_text", f"with the file {file} open; {sum(map(bool, lines))} lines of text are seen.")


def _status(frame: Frame, lines: Sequence[str], current: int) -> None:
    """The cursor's place, on a line that is there, the encoding, the kind of text, in any order."""
    rng = frame.rng
    line = (current if current >= 0 else rng.randrange(len(lines))) + 1
    column = rng.randint(1, len(lines[line - 1]) + 1)
    encoding, mode = rng.choice(("UTF-8", "UTF-8", "ISO-8859-1", "ASCII", "UTF-16")), rng.choice(
        ("Plain Text", "Text", "Normal text", "None", "Markdown"))  # fmt: skip
    place = rng.choice(("Ln {l}, Col {c}", "Line {l}, Column {c}", "line: {l} col: {c}", "{l}:{c}", "Ln {l} Col {c}",
                        "Line: {l}  Column: {c}", "L{l} C{c}")).format(l=line, c=column)  # fmt: skip
    parts = [place, encoding, mode, rng.choice(("INS", "OVR", "Tab Width: 8", "LF", "100%"))]
    shown = frame.status(rng.sample(parts, rng.randint(1, 4)))
    if place in shown and ":" not in place[:4]:
        frame.say_phrase("how_many", str(line), _STATUS["line"])
        frame.say_phrase("how_many", str(column), _STATUS["column"])
    for text, kind in ((encoding, "encoding"), (mode, "mode")):
        if text in shown:
            frame.say_phrase("value", text, _STATUS[kind])


def _written(frame: Frame, pen: Pen, count: int) -> list[str]:
    """A text of about so many lines, none wider than the room; empty ones between its parts."""
    rng, writer = frame.rng, frame.writer
    kinds: tuple[Callable[[Random, Writer], list[str]], ...] = (_items, _ticks, _pairs, _prose, _prose, _mixed, _letter)
    lines: list[str] = []
    while len(lines) < count:
        lines += [""] if lines else []
        lines += rng.choice(kinds)(rng, writer)
    wrapped = [part for line in lines for part in (pen.wrap(line, frame.wide - 3 * frame.gap) if line else [""])]
    return [line for line in wrapped if pen.width(line) < frame.wide - 2 * frame.gap][:count]


def _items(rng: Random, writer: Writer) -> list[str]:
    sign = rng.choice(("- ", "* ", "+ ", "", "", "o "))
    head = rng.choice((writer.label().replace(",", "") + ":", writer.words(1, 3).capitalize(), ""))
    made = [sign + rng.choice((writer.words(1, 4), f"{rng.randint(1, 900)} {writer.slot('noun')}",
                               f"{writer.slot('noun')} {writer.amount()}", writer.fill("{verb} {noun}")))
            for _ in range(rng.randint(3, 9))]  # fmt: skip
    return [head, *made] if head else made


def _ticks(rng: Random, writer: Writer) -> list[str]:
    return [f"[{rng.choice(' x')}] {writer.slot('verb')} {writer.words(1, 4)}" for _ in range(rng.randint(3, 7))]


def _pairs(rng: Random, writer: Writer) -> list[str]:
    between, values = rng.choice((": ", " = ", " - ", ": ")), (lambda: writer.words(1, 3), writer.number, writer.date)
    return [f"{writer.slot('noun')}{between}{rng.choice(values)()}" for _ in range(rng.randint(2, 7))]


def _prose(rng: Random, writer: Writer) -> list[str]:
    return [" ".join(writer.sentence(4, 10) for _ in range(rng.randint(1, 4)))]


def _mixed(rng: Random, writer: Writer) -> list[str]:
    return [rng.choice((writer.sentence(3, 8), writer.words(2, 6), f"{writer.date()} {writer.words(2, 5)}",
                        f"{writer.time()} {writer.words(1, 4)}", f"# {writer.words(1, 4)}"))
            for _ in range(rng.randint(3, 10))]  # fmt: skip


def _letter(rng: Random, writer: Writer) -> list[str]:
    name = writer.name()
    return [rng.choice(("Dear {n},", "Hello {n},", "Hi {n}!", "To {n}")).format(n=name.split()[0]), "",
            " ".join(writer.sentence(4, 9) for _ in range(rng.randint(1, 3))), "",
            rng.choice(("Best regards,", "Yours,", "See you,", "Thanks,")), writer.name()]  # fmt: skip


def _search(frame: Frame, lines: Sequence[str]) -> None:
    """A row with a field for what is sought, below the text."""
    rng, theme, high = frame.rng, frame.style.theme, round(frame.pen.line * 1.8)
    words = [word for line in lines for word in line.split() if word.isalnum() and len(word) > 2]
    if not words:
        return
    sought = rng.choice(words)
    frame.bottom -= high
    frame.fill((frame.left, frame.bottom, frame.right, frame.bottom + high), frame.bar_ground)
    x = frame.put(frame.left + frame.gap, frame.bottom, rng.choice(("Find:", "Search:")), None, frame.bar_ink, high)
    end = x + frame.gap + max(frame.pen.width(sought) + 4 * frame.gap, frame.pen.size * 12)
    frame.sketch.panel((x + frame.gap, frame.bottom + 2, end, frame.bottom + high - 2), theme.field, theme, sunken=True)
    frame.put(x + 2 * frame.gap, frame.bottom, sought, None, theme.field_ink, high)
    for name in rng.sample(("Previous", "Next", "Match Case", "Replace", "Close"), rng.randint(0, 3)):
        if end + frame.pen.width(name) + 2 * frame.gap < frame.right:
            end = frame.put(end + 1.5 * frame.gap, frame.bottom, name, None, frame.bar_ink, high)
    frame.say_phrase("value", sought, _SOUGHT)


def _draw(frame: Frame, lines: Sequence[str], pen: Pen, pitch: int) -> int:
    """The lines; perhaps some words are selected, perhaps one is where the cursor is: returns which, or -1."""
    rng, left, top = frame.rng, frame.left + frame.gap, frame.top + 3
    current = rng.randrange(len(lines)) if rng.random() < 0.3 else -1
    chosen = rng.choice([n for n, line in enumerate(lines) if line]) if current < 0 and rng.random() < 0.2 else -1
    for number, line in enumerate(lines):
        if number == current:
            frame.fill((frame.left, top, frame.right, top + pitch), mixed(frame.ink, frame.ground, 0.08))
        if number == chosen:
            words = line.split(" ")
            start = rng.randrange(len(words))
            before = " ".join(words[:start]) + (" " if start else "")
            text = " ".join(words[start : start + rng.randint(1, 3)]).strip()
            x = left + pen.width(before)
            frame.fill((x, top, x + pen.width(text), top + pitch), mixed(frame.style.theme.accent, frame.ground, 0.4))
            if text and " ".join(lines).count(text) == 1:
                frame.say_phrase("selected", text, _SELECTED)
        frame.put(left, top, line, pen, None, pitch)
        top += pitch
    return current


def _ask(frame: Frame, lines: Sequence[str]) -> None:
    rng, where = frame.rng, frame.rng.choice(_OF_TEXT)
    filled = [" ".join(line.split()) for line in lines if line]
    for phrasings, line in ((_FIRST, filled[0]), (_FIRST, filled[0]), (_LAST, filled[-1]), (_LAST, filled[-1])):
        frame.say_phrase("line", line, phrasings, w=where)
    if len(filled) == len(lines):
        frame.say_phrase("how_many", str(len(lines)), _COUNT)
    starts = Counter(line.split()[0] for line in filled)
    clear = [word for word, count in starts.items() if count > 1 and not set(word) & set("'{}")]
    for word in rng.sample(clear, min(2, len(clear))):
        those = [line for line in filled if line.split()[0] == word]
        if not any(line.startswith(word) and line not in those for line in filled):
            frame.say_phrase("line", those[0], _FIRST_WITH, t=word)
            frame.say_phrase("line", those[-1], _LAST_WITH, t=word)
            frame.say_phrase("how_many", str(len(those)), _COUNT_WITH, t=word)
    frame.asker.questions += [one for one in line_questions(rng, lines, most=18) if is_of_text(one)]
