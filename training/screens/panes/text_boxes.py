"""Message boxes of text mode, as shell scripts and installers show them: a frame with a title, a text, buttons in
brackets, one of them highlighted.

Buttons are named without their brackets: of `< Yes >` and `< No >` the answer is "Yes, No".
"""

from __future__ import annotations

from random import Random

from training.screens.dialog_texts import draw_content
from training.screens.page import black_or_white
from training.screens.panes.questions import DEFAULT_BUTTON
from training.screens.panes.text_mode import TextFrame
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import Style
from training.screens.typefaces import Colour

_NOUN = "text-mode message box"
_GROUNDS: tuple[Colour, ...] = ((117, 80, 123), (0, 0, 170), (0, 0, 0), (6, 82, 122), (0, 95, 95), (52, 101, 164))
"""Around the box."""
_BOXES: tuple[tuple[Colour, Colour, Colour], ...] = (
    ((211, 215, 207), (0, 0, 0), (204, 0, 0)), ((192, 192, 192), (0, 0, 0), (0, 0, 170)),
    ((255, 255, 255), (20, 20, 20), (52, 101, 164)), ((30, 30, 30), (220, 220, 220), (78, 154, 6)),
    ((0, 43, 54), (200, 210, 210), (181, 137, 0)), ((238, 238, 236), (46, 52, 54), (6, 152, 154)),
)  # fmt: skip
"""Ground, ink, ground of the highlighted button."""
_SETS = ("Yes|No", "Yes|No", "OK", "OK", "OK|Cancel", "Ok|Cancel", "Continue", "Yes|No|Help", "Go Back|Continue",
         "Exit", "Select|Cancel", "Retry|Skip|Abort", "Accept|Decline", "Back|Next|Quit", "Install|Exit")  # fmt: skip
_FORMS = ("<{}>", "<{}>", "< {} >", "<  {}  >", "[ {} ]", "[{}]", "  {}  ")
_TITLE = ("What is the title of the box?", "What stands on the frame of the box?", "Which title does the box have?",
          "Read the title of the box.", "What does the title in the frame say?", "Title of the box?",
          "Which title is on the frame?", "What is the box called?", "What does the top of the box say?")  # fmt: skip
_MESSAGE = ("What does the box say?", "Read the message in the box.", "What is the message?", "Read the dialog.",
            "What does the dialog say?", "Which message is shown in the box?", "Quote the text of the box.",
            "What does it tell me?",
            "What does the message box say?", "What is written in the box?")  # fmt: skip
_ASKED = ("What is asked?", "What does the box ask?", "Which question is asked?", "What am I asked?",
          "Read the question.", "What does the dialog ask?", "What is the question in the box?",
          "What do I have to decide?")  # fmt: skip
_ERROR = ("What is the error?", "Which error is shown?", "What went wrong?", "Read the error.",
          "What does the error say?", "Quote the error in the box.", "Which error does the box show?",
          "What is the problem?")  # fmt: skip
_BUTTONS = ("Which buttons are there?", "Which buttons does the box have?", "List the buttons.", "What can I choose?",
            "Which buttons does the dialog have?", "What are the buttons?", "Name the buttons of the box.",
            "Which buttons are in the box?", "Read the buttons.", "Between which buttons can I choose?",
            "What are the buttons of the dialog?", "Which answers can I give?")  # fmt: skip
_COUNT = ("How many buttons are there?", "How many buttons does the box have?", "Count the buttons.",
          "Number of buttons?", "How many buttons are in the box?", "How many buttons can I choose from?")  # fmt: skip


def draw_text_box(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A terminal with such a box, nearly always in its middle."""
    frame = TextFrame(rng, writer, style, width, height, _NOUN)
    frame.title(rng.choice((f"{writer.slot('noun')}@{writer.slot('noun')}: ~", frame.app, writer.slot("noun"))))
    px, row = frame.column_px, frame.row_px
    around = rng.choice((*_GROUNDS, frame.ground))
    frame.fill((frame.left, frame.top, frame.right, frame.bottom), around)
    if rng.random() < 0.35:
        frame.put(frame.left + px, frame.top, f"{frame.app} {writer.version()}", None, black_or_white(around), row)
    content = draw_content(rng, writer)
    title = (content.title or content.heading)[:40].strip()
    labels = rng.choice(_SETS).split("|") if rng.random() < 0.65 else content.buttons[:4]
    form = rng.choice(_FORMS)
    foot = sum(len(form.format(label)) for label in labels) + 3 * len(labels)
    columns = min(frame.columns - 6, max(foot + 4, len(title) + 8, rng.randint(28, 70)))
    heading = content.heading
    heading += "." if heading and heading[-1].isalnum() else ""
    said = " ".join(filter(None, (heading, content.text)))
    lines = frame.pen.wrap(said, (columns - 5) * px)
    if max(map(len, lines)) > columns - 4 or len(lines) + 7 > (frame.bottom - frame.top) / row or foot > columns - 4:
        lines = [writer.word().capitalize() + "?"]
        labels, columns = ["Yes", "No"], max(len(lines[0]) + 6, 26)
        title = title if len(title) + 8 < columns else ""
    spare = rng.choice((0, 0, 1, 3))
    high = (len(lines) + 5 + spare) * row
    left = frame.left + round((frame.wide - columns * px) * rng.choice((0.5, 0.5, 0.5, 0.3)))
    top = frame.top + round(max(row, (frame.bottom - frame.top - high) * rng.choice((0.5, 0.5, 0.35))))
    ground, ink, marked = rng.choice(_BOXES)
    if rng.random() < 0.6:
        frame.fill((left + 2 * px, top + row, left + (columns + 2) * px, top + high + row), (0, 0, 0))
    frame.fill((left, top, left + columns * px, top + high), ground)
    frame.sketch.draw.rectangle((left + px / 2, top + row / 2, left + (columns - 0.5) * px, top + high - row / 2), None,
                                ink, max(1, round(px / 8)))  # fmt: skip
    if title:
        x = left + round((columns - len(title) - 2) / 2) * px if rng.random() < 0.8 else left + 2 * px
        frame.fill((x, top, x + (len(title) + 2) * px, top + row), ground)
        frame.put(x + px, top, title, None, rng.choice((ink, ink, marked)), row)
    for number, line in enumerate(lines):
        frame.put(left + 2 * px, top + (number + 1.2) * row, line, None, ink, row)
    if rng.random() < 0.35:
        above_buttons = top + high - 2.5 * row
        frame.sketch.draw.line((left + px, above_buttons, left + (columns - 1) * px, above_buttons), ink)
    active = _draw_buttons(frame, labels, form, (left, top + high - 2 * row, columns), (ink, marked))
    _ask(frame, title, " ".join(lines), labels, error=content.mood == "error")
    frame.say_phrase("selected", labels[active], DEFAULT_BUTTON)
    named = f'titled "{title}" ' if title else ""
    frame.describe(f'A {_NOUN} {named}that says "{" ".join(lines)}" with the '
                   f"button{'s' if len(labels) > 1 else ''} {' and '.join(labels)}.")  # fmt: skip
    return frame.finish("text_box", _NOUN)


def _draw_buttons(frame: TextFrame, labels: list[str], form: str, place: tuple[float, float, int],
                  inks: tuple[Colour, Colour]) -> int:  # fmt: skip
    """In the middle or spread over the row (left, top, columns); returns which is highlighted."""
    (left, top, columns), px, row = place, frame.column_px, frame.row_px
    texts = [form.format(label) for label in labels]
    used = sum(map(len, texts))
    gap = (columns - used) // (len(texts) + 1) if frame.rng.random() < 0.6 else 2
    x = left + (columns - used - gap * (len(texts) - 1)) // 2 * px
    active = frame.rng.randrange(len(texts))
    for number, text in enumerate(texts):
        ink = inks[0]
        if number == active:
            frame.fill((x, top, x + len(text) * px, top + row), inks[1])
            ink = black_or_white(inks[1])
        frame.put(x, top, text, None, ink, row)
        x += (len(text) + gap) * px
    return active


def _ask(frame: TextFrame, title: str, message: str, labels: list[str], *, error: bool) -> None:
    """About its title, its message and its buttons."""
    if title:
        frame.ask("heading", title, *_TITLE)
    ways = [_MESSAGE, *([_ASKED] if message.endswith("?") else []), *([_ERROR] if error else [])]
    for _ in range(4):
        frame.ask("message", message, *frame.rng.choice(ways))
    for _ in range(3):
        frame.ask("buttons", ", ".join(labels), *_BUTTONS)
    frame.ask("count", str(len(labels)), *_COUNT)
