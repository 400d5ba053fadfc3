"""The bar at the bottom of a desktop: a launcher, workspaces, a button for each window, a clock."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from training.screens.asking import Asker
from training.screens.phrases import DAYS, Writer
from training.screens.phrasing import question
from training.screens.records import Question
from training.screens.several_windows import ask_taskbar
from training.screens.sketch import Sketch
from training.screens.themes import Style, luminance
from training.screens.typefaces import Colour, Pen

_PLAIN_SHARE, _MORE_SHARE = 0.3, 0.35
"""Of bars to train on: as held-out ones are; with windows that are open but not on the screen."""
_LAUNCHERS = ("Menu", "Start", "Applications", "Activities", "Apps", "Programs", "Places", "Go", "System", "Main")
_LOOKS = ("panel", "flat", "underlined", "line above", "outlined", "bold", "dot")
_ICONS: tuple[Colour, ...] = (
    (229, 165, 10),
    (53, 132, 228),
    (38, 162, 105),
    (192, 28, 40),
    (145, 65, 172),
    (120, 124, 130),
)
_ARE_OPEN = re.compile(r"(\d+ windows are|One window is) open\.$")
_LONGEST = 26
"""Characters of a title where buttons have one width."""
_ACTIVE = ("Which window is active in the taskbar?", "Which button of the taskbar is highlighted?",
           "Which window is highlighted in the taskbar?", "Which title is marked in the taskbar?",
           "Which entry of the taskbar is active?", "What is the active window in the taskbar?",
           "Which window's button is pressed in the taskbar?", "Selected window in the taskbar?",
           "Which of the windows in the taskbar is the current one?")  # fmt: skip
_LAUNCHER = ("What does the launcher in the taskbar say?", "What does the button that opens the menu say?",
             "Which button opens the menu in the lower left corner?", "What stands in the lower left corner?",
             "What is written at the far left of the taskbar?", "Read the text in the lower left corner of the screen.",
             "What is the text at the very left of the bar at the bottom?",
             "What does it say in the corner at the bottom left?")  # fmt: skip
_WORKSPACE = ("Which workspace is active?", "On which workspace am I?", "Which desktop number is highlighted?",
              "Current workspace?", "Which workspace is highlighted in the taskbar?", "What is the current workspace?",
              "Which of the workspaces is selected?", "Which virtual desktop is shown?")  # fmt: skip
_WORKSPACES = ("How many workspaces are there?", "How many workspaces does the taskbar show?", "Count the workspaces.",
               "Number of workspaces?", "How many virtual desktops are there?", "How many workspaces do I have?",
               "How many workspaces can I choose from?", "How many numbers has the workspace switcher?")  # fmt: skip
_OPEN = ("Which windows are open?", "List the open windows.", "What is open, according to the taskbar?",
         "Which windows are listed in the taskbar?", "Name the open windows.", "Titles of the open windows?",
         "Read the titles in the taskbar.", "All windows in the taskbar, please.")  # fmt: skip
_OPEN_COUNT = ("How many windows does the taskbar show?", "According to the taskbar, how many windows are open?",
               "How many open windows are in the bar at the bottom?", "How many window titles are in the taskbar?",
               "How many windows are listed in the bar at the bottom?", "Count the windows that the taskbar lists.",
               "Number of open windows in the taskbar?", "How many windows has the taskbar?")  # fmt: skip
_SEEN = ("How many windows do you see?", "How many windows can be seen on the screen?",
         "Count the windows that you see.",
         "How many windows are visible?", "Number of windows that can be seen?",
         "How many windows are drawn on the screen?",
         "How many windows are in view?", "How many windows are not hidden?")  # fmt: skip
_DATE = ("Which date does the clock show?", "What date is in the taskbar?", "Which date is shown beside the time?",
         "Read the date in the taskbar.", "Date in the taskbar?", "What is the date beside the clock?",
         "Which date stands in the taskbar?", "Which day does the taskbar show?")  # fmt: skip


@dataclass
class Taskbar:
    """What the bar shows.

    Attributes: `clock`: the time, or ""; `listed`: titles from left to right; `others`: whether some of these are of
        windows that are not on the screen; `active`: the highlighted one, or ""; `launcher`: what its button says;
        `switcher`: whether there are workspaces; `cut`: whether a title is cut off or left out; `partial`: whether a
        window is left out; `said`: kinds, phrasings and answers of what else is on it.
    """

    clock: str = ""
    listed: list[str] = field(default_factory=list)
    others: bool = False
    active: str = ""
    launcher: str = ""
    switcher: bool = False
    cut: bool = False
    partial: bool = False
    said: list[tuple[str, Sequence[str], str]] = field(default_factory=list)

    def ask(self, rng: random.Random, asker: Asker) -> None:
        """What the bar says; in training alone."""
        if self.listed and not self.cut:
            ask_taskbar(rng, asker, self.listed, alone=not self.launcher and not self.switcher)
            if not self.partial and not any("," in title for title in self.listed):
                asker.questions.append(question(rng, "list", ", ".join(self.listed), _OPEN))
            asker.questions.append(question(rng, "how_many", str(len(self.listed)), _OPEN_COUNT))
        if self.active and len(self.listed) > 1:
            asker.questions.append(question(rng, "selected", self.active, _ACTIVE))
        for kind, phrasings, answer in self.said:
            asker.questions.append(question(rng, kind, answer, phrasings))

    def of_the_screen(self, rng: random.Random, questions: Sequence[Question]) -> list[Question]:
        """Questions that count open windows as ones about those on the screen, where the bar lists more."""
        if not self.others:
            return list(questions)
        kept = [replace(one, text=rng.choice(_SEEN),
                        asked=None) if one.asked and one.asked[0] == "window_count" else one
                for one in questions]  # fmt: skip
        return [replace(one, answer=_ARE_OPEN.sub(r"\1 shown.", one.answer)) for one in kept]


def draw_plain_bar(rng: random.Random, sketch: Sketch, style: Style, writer: Writer, titles: Sequence[str],
                   height: int) -> Taskbar:  # fmt: skip
    """The windows' titles in any order, and a clock at the right."""
    theme, pen = style.theme, style.type.pen(0.9)
    top, right = sketch.image.height - height, sketch.image.width
    sketch.draw.rectangle((0, top, right, sketch.image.height), theme.title)
    clock = writer.time()
    baseline = sketch.row(top, sketch.image.height, pen)
    clock_left = right - pen.width(clock) - style.px(10)
    sketch.text(clock_left, baseline, clock, pen, theme.title_ink)
    left = style.px(6)
    order, listed = list(titles), []
    rng.shuffle(order)
    for title in order:
        wide = round(pen.width(title)) + style.px(28)
        if title and left + wide < clock_left - style.px(20):
            sketch.panel((left, top + 3, left + wide, top + height - 3), theme.button, theme)
            sketch.text(left + style.px(14), baseline, title, pen, theme.button_ink)
            listed.append(title)
            left += wide + style.px(5)
    return Taskbar(clock, listed, partial=len(listed) < len(titles))


def draw_taskbar(rng: random.Random, sketch: Sketch, style: Style, writer: Writer, titles: Sequence[str],
                 height: int) -> Taskbar:  # fmt: skip
    """A bar of one of many looks, to train on, or a plain one; the last of the titles is of the window in front."""
    if not writer.training or rng.random() < _PLAIN_SHARE:
        return draw_plain_bar(rng, sketch, style, writer, titles, height)
    return _Bar(rng, sketch, style, writer, height).draw(titles)


class _Bar:
    """A bar in the making; `left` and `right` bound what is still free, px."""

    def __init__(self, rng: random.Random, sketch: Sketch, style: Style, writer: Writer, height: int) -> None:
        theme = style.theme
        self.rng, self.sketch, self.style, self.writer = rng, sketch, style, writer
        self.pen = style.type.pen(0.9)
        self.top, self.bottom = sketch.image.height - height, sketch.image.height
        self.left, self.right = float(style.px(4)), float(sketch.image.width - style.px(8))
        self.ground, self.ink = rng.choice(((theme.title, theme.title_ink), (theme.window, theme.ink),
                                            ((28, 30, 34), (235, 235, 235)),
                                            ((240, 240, 242), (20, 20, 20))))  # fmt: skip
        self.accent = theme.accent if abs(luminance(theme.accent) - luminance(self.ground)) > 45 else self.ink
        self.made = Taskbar()
        sketch.draw.rectangle((0, self.top, sketch.image.width, self.bottom), self.ground)

    def draw(self, titles: Sequence[str]) -> Taskbar:
        rng, front = self.rng, titles[-1]
        self._clock()
        if rng.random() < 0.55:
            self._launcher()
        if rng.random() < 0.3:
            self._workspaces()
        order = [title for title in titles if title]
        if rng.random() < _MORE_SHARE:
            others = [self._other() for _ in range(rng.randint(1, 5))]
            others = [title for title in dict.fromkeys(others) if title not in order]
            order += others
            self.made.others = bool(others)
        rng.shuffle(order)
        self._windows(order, front if order.count(front) == 1 and rng.random() < 0.8 else "")
        return self.made

    def text(self, x: float, text: str, ink: Colour | None = None, pen: Pen | None = None) -> float:
        pen = pen or self.pen
        return self.sketch.text(x, self.sketch.row(self.top, self.bottom, pen), text, pen, ink or self.ink)

    def _other(self) -> str:
        writer = self.writer
        return self.rng.choice((f"{writer.file()} - {writer.slot('app')}", writer.slot("app"),
                                writer.words(1, 2).capitalize(),
                                writer.file())).replace(",", "")  # fmt: skip

    def _clock(self) -> None:
        rng, writer = self.rng, self.writer
        time = writer.time() + rng.choice(("", "", "", f":{rng.randrange(60):02}"))
        date = rng.choice(("", "", writer.date(), f"{rng.choice(DAYS)[:3]} {rng.randint(1, 28)}"))
        for text in (time, date) if rng.random() < 0.5 else (date, time):
            if text:
                self.right -= self.pen.width(text)
                self.text(self.right, text)
                self.right -= self.style.px(10)
        self.made.clock = time
        if date:
            self.made.said.append(("value", _DATE, date))
        size = self.pen.up
        for _ in range(rng.choice((0, 0, 2, 4))):
            self.right -= size * 1.6
            self._icon(self.right, size)
        self.right -= self.style.px(10)

    def _icon(self, x: float, size: float) -> None:
        middle, colour = (self.top + self.bottom) / 2, self.rng.choice(_ICONS)
        box = (round(x), round(middle - size / 2), round(x + size), round(middle + size / 2))
        if self.rng.random() < 0.5:
            self.sketch.draw.ellipse(box, colour)
        else:
            self.sketch.draw.rectangle(box, colour)

    def _launcher(self) -> None:
        name, size = self.rng.choice(_LAUNCHERS), self.pen.up * 1.2
        if self.rng.random() < 0.5:
            self._icon(self.left + self.style.px(4), size)
            self.left += size + self.style.px(4)
        self.left = self.text(self.left + self.style.px(6), name) + self.style.px(14)
        self.made.launcher = name
        self.made.said.append(("value", _LAUNCHER, name))

    def _workspaces(self) -> None:
        count = self.rng.randint(2, 6)
        chosen, filled = self.rng.randint(1, count), self.rng.random() < 0.6
        wide = self.pen.width("0") * 3
        for number in range(1, count + 1):
            box = (round(self.left), self.top + 3, round(self.left + wide), self.bottom - 4)
            ink = self.ink
            if number == chosen:
                self.sketch.draw.rectangle(box, self.accent if filled else None, self.accent, 2)
                ink = (0, 0, 0) if filled and luminance(self.accent) > 140 else (255, 255, 255) if filled else ink
            self.text(self.left + self.pen.width("0"), str(number), ink)
            self.left += wide
        self.left += self.style.px(12)
        self.made.switcher = True
        self.made.said += [("value", _WORKSPACE, str(chosen)), ("how_many", _WORKSPACES, str(count))]

    def _windows(self, titles: Sequence[str], active: str) -> None:
        rng, px = self.rng, self.style.px
        look, even, iconed = rng.choice(_LOOKS), rng.random() < 0.4, rng.random() < 0.5
        bold = self.style.type.pen(0.9, bold=True)
        look = look if look != "bold" or bold.face.bold else "panel"
        size = self.pen.up if iconed else 0
        for title in titles:
            pen = bold if look == "bold" and title == active else self.pen
            shown = title if not even or len(title) <= _LONGEST else title[: _LONGEST - 3].rstrip() + "..."
            wide = (self.pen.width("n") * (_LONGEST - 4) if even else 0) + px(12) + size
            wide = max(wide, pen.width(shown) + px(22) + size)
            if self.left + wide > self.right:
                self.made.cut = True
                break
            ink = self._button(
                (self.left, self.top + 3, self.left + wide, self.bottom - 3), look, chosen=title == active
            )
            if iconed:
                self._icon(self.left + px(6), size)
            self.text(self.left + px(10) + size, shown, ink, pen)
            self.made.listed.append(shown)
            self.made.cut = self.made.cut or shown != title
            if title == active and shown == title:
                self.made.active = title
            self.left += wide + px(3)

    def _button(self, box: tuple[float, float, float, float], look: str, *, chosen: bool) -> Colour:
        """Behind a window's title; returns the ink of the title."""
        left, top, right, bottom = (round(value) for value in box)
        draw, theme = self.sketch.draw, self.style.theme
        if look == "panel":
            self.sketch.panel(box, self.accent if chosen else theme.button, theme, sunken=chosen)
            return (0, 0, 0) if luminance(self.accent if chosen else theme.button) > 140 else (255, 255, 255)
        if not chosen:
            return self.ink
        if look == "flat":
            draw.rectangle((left, top, right, bottom), self.accent)
            return (0, 0, 0) if luminance(self.accent) > 140 else (255, 255, 255)
        if look == "outlined":
            draw.rectangle((left, top, right, bottom), None, self.accent, 2)
        elif look == "dot":
            middle, r = (left + right) // 2, max(4, (bottom - top) // 5)
            draw.rectangle((middle - 2 * r, bottom - 2, middle + 2 * r, bottom + 2), self.accent)
        elif look in {"underlined", "line above"}:
            y = bottom if look == "underlined" else top - 2
            draw.rectangle((left, y - 1, right, y + 1), self.accent)
        return self.ink
