"""How people ask: several phrasings for every kind of question, sometimes in lower case, sometimes without marks."""

from __future__ import annotations

import random

from training.screens.records import Question

PHRASINGS: dict[str, tuple[str, ...]] = {
    "title": (
        "What is the title?", "Read the title.", "What is the title of the window?", "Which title is shown?",
        "What does the title bar say?", "Give me the title.", "What is this window called?", "Title?",
        "What is the window's title?", "Read the title bar.",
    ),
    "heading": ("What is the heading?", "Read the heading.", "What does the heading say?", "Which headline is shown?"),
    "chart_title": ("What is the title?", "What is the title of the chart?", "Read the title.", "Title?"),
    "message": (
        "What does it say?", "Read the message.", "What is the message?", "What does the message say?",
        "What does the dialog say?", "Which message is shown?", "Tell me what it says.", "What is written there?",
        "Message?", "What does this say?",
    ),
    "error": (
        "What is the error?", "Read the error.", "What is the error message?", "Which error is shown?",
        "What went wrong?", "What does the error say?", "Read the error message.", "Error?",
    ),
    "text": (
        "What does it say?", "Read the text.", "What is written here?", "Read this.", "What does the picture say?",
        "Which text is shown?", "Read it to me.", "What is the text?", "Transcribe the text.",
    ),
    "paragraph": ("What does the text say?", "Read the paragraph.", "Read the text under the heading."),
    "all": (
        "Read all the text.", "Read everything.", "What text is in the picture?", "Transcribe everything.",
        "Give me all the text.",
    ),
    "buttons": (
        "Which buttons are there?", "What are the buttons?", "List the buttons.", "Which buttons can I press?",
        "What buttons does it have?", "Name the buttons.", "What can I click?", "Buttons?", "Read the buttons.",
    ),
    "button_count": ("How many buttons are there?", "How many buttons does it have?", "Count the buttons."),
    "button_right": (
        "What does the button on the right say?", "What is the rightmost button?", "Read the last button.",
        "Which button is on the right?",
    ),
    "button_left": (
        "What does the button on the left say?", "What is the leftmost button?", "Read the first button.",
        "Which button is on the left?",
    ),
    "line": (
        "Read line {n}.", "What does line {n} say?", "What is on line {n}?", "What is in line {n}?",
        "Line {n}, please.", "Give me line {n}.",
    ),
    "line_first": ("Read the first line.", "What does the first line say?", "What is on the first line?"),
    "line_last": ("Read the last line.", "What does the last line say?", "What is on the last line?"),
    "line_count": ("How many lines are there?", "How many lines of text are there?", "Count the lines."),
    "menu": ("Which menus are there?", "List the menus.", "What is in the menu bar?", "Read the menu bar."),
    "item": (
        "Which entries does the menu have?", "List the menu entries.", "What is in the menu?", "Read the menu.",
    ),
    "shortcut": (
        "What is the shortcut for {label}?", "Which shortcut does {label} have?", "Which key is {label}?",
    ),
    "status": ("What does the status bar say?", "Read the status bar.", "What is the status?"),
    "command": ("Which command was run?", "What is the command?", "What was typed?", "Read the command."),
    "file": ("Which file is open?", "What is the name of the file?", "What file is this?", "Name of the file?"),
    "value": (
        "What is the value of {label}?", "What is {label}?", "What does it say for {label}?", "Read {label}.",
        "What is entered for {label}?", "{label}?",
    ),
    "bar": (
        "What is the value for {label}?", "What is the value of {label}?", "How much is {label}?", "{label}?",
        "What number does {label} have?",
    ),
    "labels": ("Which fields are there?", "List the fields.", "What are the labels?", "Name the fields."),
    "checked": ("Which boxes are checked?", "What is ticked?", "Which options are selected?", "What is checked?"),
    "is_checked": ("Is {label} checked?", "Is {label} ticked?", "Is {label} selected?"),
    "shop": ("Which shop is it?", "What is the name of the shop?", "Where is the receipt from?", "Which store is it?"),
    "date": ("What is the date?", "Which date is on it?", "When was it?", "Date?"),
    "total": ("What is the total?", "Read the total.", "How much is it in total?", "What is the sum?", "Total?"),
    "price": ("How much is {label}?", "What does {label} cost?", "What is the price of {label}?"),
    "item_count": ("How many items are there?", "How many items were bought?", "Count the items."),
    "items": ("Which items are on the receipt?", "What was bought?", "List the items."),
    "json": (
        "Give the receipt as JSON.", "Return the receipt as JSON with shop, date, items and total.",
        "Write the receipt as JSON.", "Extract the receipt as JSON.", "Turn this receipt into JSON.",
    ),
    "columns": ("What are the columns?", "List the column headers.", "Read the header.", "Which columns are there?"),
    "row": ("Read row {n}.", "What is in row {n}?", "What does row {n} say?"),
    "row_of": ("Read the row of {label}.", "What is in the row of {label}?", "What does the row of {label} say?"),
    "row_count": ("How many rows are there?", "How many rows does the table have?", "Count the rows."),
    "cell": (
        "What is the {column} of {label}?", "What is {column} for {label}?", "{column} of {label}?",
        "Read the {column} of {label}.",
    ),
    "categories": ("Which categories are shown?", "What are the labels?", "List the labels.", "Read the labels."),
    "highest": ("Which is the highest?", "Which has the largest value?", "What is the highest?", "Which is largest?"),
    "lowest": ("Which is the lowest?", "Which has the smallest value?", "What is the lowest?", "Which is smallest?"),
    "bar_count": ("How many values are there?", "How many values are shown?", "Count the values."),
    "colour": (
        "What colour is the {shape}?", "Which colour does the {shape} have?", "What color is the {shape}?",
        "The {shape} is which colour?", "Colour of the {shape}?", "What is the colour of the {shape}?",
    ),
    "shape": (
        "Which shape is {colour}?", "What is the {colour} shape?", "What shape is {colour}?",
        "Name the {colour} shape.", "What shape is the {colour} one?",
    ),
    "only_colour": ("What colour is it?", "Which colour is it?", "What color is the shape?", "Colour?"),
    "only_shape": ("What shape is it?", "Which shape is this?", "What is it?", "What shape do you see?"),
    "count": ("How many {shape} are there?", "How many {shape} do you see?", "Count the {shape}."),
    "count_all": (
        "How many shapes are there?", "How many shapes do you see?", "Count the shapes.", "How many are there?",
    ),
    "display": (
        "What does the display show?", "What is on the display?", "Read the display.", "Which number is shown?",
    ),
    "keys": ("Read the keys of row {n}.", "Which keys are in row {n}?", "What are the keys in row {n}?"),
    "describe": (
        "Describe the picture.", "What is this?", "What do you see?", "Describe what you see.", "What is shown?",
        "Describe the screenshot.", "What is in the picture?",
    ),
    "kind": ("What kind of picture is this?", "What kind of window is this?", "What sort of thing is this?"),
    "address": ("Which address is open?", "What is the address?", "Read the address bar.", "Which site is this?"),
    "links": ("Which links are there?", "List the links.", "Read the links under the address."),
    "in_window": (
        "In the {noun}, {rest}", "{rest} (in the {noun})", "Look at the {noun}. {rest}", "The {noun}: {rest}",
    ),
    "in_front": ("Which window is in front?", "What is the title of the window in front?", "Which window is active?"),
    "window_count": ("How many windows are open?", "How many windows do you see?", "Count the windows."),
    "taskbar": ("Which windows are in the taskbar?", "Read the taskbar.", "What is in the taskbar?"),
    "clock": ("What time is it?", "What time does the clock show?", "Read the clock.", "Which time is shown?"),
    "shown": ("Is there {noun} on the screen?", "Do you see {noun}?", "Is {noun} open?"),
    "marked_box": ("What is in the red box?", "What does the red box mark?", "Read what is framed.", "What is marked?"),
    "marked_circle": ("What is circled?", "What is in the red circle?", "Read what is circled.", "What is marked?"),
    "marked_arrow": ("What does the arrow point at?", "Read what the arrow points at.", "What is marked?"),
    "right_of": (
        "What stands right of '{text}'?", "What is next to '{text}'?", "What does it say beside {text}?",
        "What comes after '{text}' in the same line?", "{text}: what stands there?", "Read what is right of {text}.",
    ),
    "below": (
        "What stands below '{text}'?", "What is under '{text}'?", "Read the line below {text}.",
        "What comes under {text}?", "Which text is below '{text}'?",
    ),
    "with_word": (
        "Which line contains '{text}'?", "Read the line with '{text}'.", "Where does it say '{text}'? Read it.",
        "What does it say about {text}?", "Quote the text with {text}.", "Which text mentions {text}?",
    ),
    "goes_on": (
        "How does '{text}' go on?", "What follows '{text}'?", "Complete the line: {text}", "'{text}' ... what?",
    ),
    "in_picture": (
        "In picture {n}, {rest}", "Picture {n}: {rest}", "{rest} (picture {n})", "Look at picture {n}. {rest}",
    ),
    "which_text": (
        "Which picture shows the text '{text}'?", "Which picture says '{text}'?", "Where does it say '{text}'?",
        "In which picture is '{text}'?", "Which picture contains '{text}'?",
    ),
    "which_kind": ("Which picture contains {noun}?", "Which picture shows {noun}?", "Which picture is {noun}?"),
    "picture_count": ("How many pictures are there?", "How many pictures do you see?", "Count the pictures."),
    "picture_says": ("What does picture {n} say?", "Read picture {n}.", "What is written in picture {n}?"),
    "kind_count": (
        "How many pictures show {noun}?", "How many of them are {noun}?", "In how many pictures is {noun}?",
    ),
    "kind_places": (
        "Which pictures show {noun}?", "In which pictures is {noun}?", "Which of the pictures are {noun}?",
    ),
    "kinds": (
        "What are the pictures, one after the other?", "Name what each picture is.", "What does each picture show?",
    ),
    "picture_last": (
        "What does the last picture say?", "Read the last picture.", "What is written in the last picture?",
    ),
    "focused": (
        "Which field has the focus?", "In which field is the cursor?", "Which field is active?", "Where would I type?",
        "Which field is highlighted?", "Which field has a coloured frame?", "Which field is being filled in?",
    ),
    "picture_kind": ("What is picture {n}?", "Describe picture {n}.", "What does picture {n} show?"),
}  # fmt: skip


class Asker:
    """Collects the questions of one picture, with random phrasings."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self.questions: list[Question] = []

    def ask(self, kind: str, answer: str, *, as_kind: str | None = None, **slots: object) -> None:
        """Add a question, phrased for `kind`; it is filed under `as_kind` where several kinds are one task."""
        self.questions.append(Question(as_kind or kind, self.phrase(kind, **slots), answer, (kind, slots)))

    def phrase(self, kind: str, **slots: object) -> str:
        rng = self._rng
        phrasing = rng.choice(PHRASINGS[kind])
        if rng.random() < 0.25 and not phrasing.startswith("{"):
            phrasing = phrasing[0].lower() + phrasing[1:]
        if rng.random() < 0.25:
            phrasing = phrasing.rstrip("?.")
        return phrasing.format(**slots)

    def take(self) -> tuple[Question, ...]:
        return tuple(self.questions)
