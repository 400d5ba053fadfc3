"""Questions that find the right one of several windows: the same about each of them, and which of them has something.

They are made from the places of texts alone, so windows of every layout get them; for training images.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Sequence

from training.screens.asking import PHRASINGS
from training.screens.describing import kind_of
from training.screens.mark_questions import Marked, beside_marks, next_to
from training.screens.neighbours import Text, texts_of
from training.screens.phrasing import question
from training.screens.records import Box, Question
from training.screens.several_windows import named_window
from training.screens.stacking import Window, covering
from training.screens.window_questions import questions_of
from training.screens.words import with_article

_TITLE = ("What is the title of the {w}?", "Which title does the {w} have?", "Read the title of the {w}.",
          "What does the title bar of the {w} say?", "What is the {w} called?", "Title of the {w}?",
          "Read the title bar of the {w}.", "Which title is on the {w}?")  # fmt: skip
_MENTIONS = ("Which window mentions '{t}'?", "In which window does '{t}' occur?", "Which window says '{t}'?",
             "Which window contains '{t}'?", "Title of the window with '{t}' in it?",
             "Which window do I have to look at for '{t}'?", "What is the title of the window that mentions '{t}'?",
             "Which of the windows has '{t}' in it?")  # fmt: skip
_HAS_TEXT = ("In which window is '{t}'?", "Which window shows '{t}'?", "On which window do you read '{t}'?",
             "Which window has the text '{t}'?", "'{t}': in which window is that?",
             "What is the title of the window that shows '{t}'?", "Which window is '{t}' in?",
             "Where do I find '{t}'? Name the window.")  # fmt: skip
_HAS_BUTTON = ("In which window is the button '{t}'?", "Which window has the button '{t}'?",
               "Which window does the button '{t}' belong to?", "Where is the button '{t}'? Name the window.",
               "The button '{t}' is in which window?", "What is the title of the window with the button '{t}'?",
               "In which window can I press '{t}'?", "Which window offers the button '{t}'?")  # fmt: skip
_COVERS = ("Which window covers the {w}?", "What lies on the {w}?", "Which window is in front of the {w}?",
           "Which window hides a part of the {w}?", "By which window is the {w} partly covered?",
           "Title of the window over the {w}?", "Which window overlaps the {w}?",
           "What is the title of the window on top of the {w}?")  # fmt: skip
_COVERED = ("Which window is partly covered?", "Which window is partly hidden?", "Which window lies under another one?",
            "Which of the windows is not seen as a whole?", "What is the title of the window that is partly covered?",
            "Which window has another window on it?", "Title of the window that is partly hidden?",
            "Which window is overlapped by another?")  # fmt: skip
_KIND = ("What kind of window is the {w}?", "What is the {w}?", "Say what kind of window the {w} is.",
         "What sort of window is the {w}?", "The {w}: what kind of window is that?",
         "As what would you describe the {w}, in a word or two?", "Name the kind of the {w}.")  # fmt: skip
_PLACES: dict[str, tuple[str, ...]] = {
    "lowest": ("What is at the very bottom of the {w}?", "What is the lowest text of the {w}?",
               "Read the last text of the {w}.", "What stands at the bottom edge of the {w}?"),
    "lower left": ("What is at the lower left of the {w}?", "Read the text in the lower left corner of the {w}.",
                   "What stands at the bottom left of the {w}?", "Which text is leftmost at the bottom of the {w}?"),
    "lower right": ("What is at the lower right of the {w}?", "Read the text in the lower right corner of the {w}.",
                    "What stands at the bottom right of the {w}?",
                    "Which text is rightmost at the bottom of the {w}?"),
    "under the title": ("What stands directly under the title bar of the {w}?",
                        "What is the first text below the title of the {w}?",
                        "Read what comes right under the title bar of the {w}.",
                        "Which text is at the top of the {w}, under its title?"),
    "upper left": ("What is at the upper left of the {w}, under the title bar?",
                   "Which text is leftmost in the first row under the title bar of the {w}?",
                   "Read the first text on the left under the title of the {w}.",
                   "What stands at the top left of the {w}, below the title?"),
    "upper right": ("What is at the upper right of the {w}, under the title bar?",
                    "Which text is rightmost in the first row under the title bar of the {w}?",
                    "Read the last text on the right in the row under the title of the {w}.",
                    "What stands at the top right of the {w}, below the title?"),
}  # fmt: skip
_BESIDE: dict[str, tuple[str, ...]] = {
    "right": ("What is right of '{t}' in the {w}?", "In the {w}, what stands right of '{t}'?",
              "What comes after '{t}' in its row, in the {w}?", "Read what is to the right of '{t}' in the {w}."),
    "left": ("What is left of '{t}' in the {w}?", "In the {w}, what stands left of '{t}'?",
             "What comes before '{t}' in its row, in the {w}?", "Read what is to the left of '{t}' in the {w}."),
    "below": ("What is below '{t}' in the {w}?", "In the {w}, what stands under '{t}'?",
              "Read what is directly below '{t}' in the {w}.", "Which text is under '{t}' in the {w}?"),
    "above": ("What is above '{t}' in the {w}?", "In the {w}, what stands over '{t}'?",
              "Read what is directly above '{t}' in the {w}.", "Which text is over '{t}' in the {w}?"),
}  # fmt: skip
_SAME = frozenset({"title", "message", "buttons", "menu", "status", "columns", "labels", "line", "button", "heading",
                   "file", "text"})  # fmt: skip
"""Kinds of questions that are asked about several windows in the same words."""
_WORD = re.compile(r"[A-Za-z]{4,}")
_LONGEST = 48
"""Characters of a text that is an answer."""


class Desk:
    """Windows, what each may be called, and the texts of each that are seen from end to end and can be read.

    Args:
        names: of every window; none where it cannot be named.
        least_px: height of the smallest letters that can be read, on the screen.
    """

    def __init__(self, rng: random.Random, windows: Sequence[Window], names: Sequence[Sequence[str]],
                 least_px: float) -> None:  # fmt: skip
        self.rng, self.windows, self.names, self.least_px = rng, windows, names, least_px
        self.texts = [[one for one in texts_of(window.texts) if _high(one.box) >= least_px] for window in windows]
        self.everything = ["\n".join(one.text for one in (*texts_of(window.drawn), *_boxed(window)))
                           for window in windows]  # fmt: skip
        titles = [window.title for window in windows]
        self.titles = [title if title and titles.count(title) == 1 and any(one.text == title for one in texts) else ""
                       for title, texts in zip(titles, self.texts, strict=True)]  # fmt: skip

    def questions(self) -> list[Question]:
        """About several windows; none where there is one alone."""
        if len(self.windows) < 2:
            return []
        found = [*self._titles(), *self._depths(), *self._same()]
        for place in range(len(self.windows)):
            found += [*self._having(place), *self._kinds(place), *self._edges(place), *self._beside(place)]
        return found

    def ask(self, kind: str, answer: str, ways: Sequence[str], place: int, text: str = "") -> list[Question]:
        """One question that names a window, if it has a name."""
        names = [name for name in self.names[place] if "{w}" in ways[0]] or ([""] if "{w}" not in ways[0] else [])
        if not names:
            return []
        return [question(self.rng, kind, answer, ways, w=self.rng.choice(names), t=text)]

    def said_by_others(self, place: int, text: str) -> bool:
        return any(text in said for other, said in enumerate(self.everything) if other != place)

    def _titles(self) -> list[Question]:
        """The same question about each window: the answer depends on the name alone."""
        found: list[Question] = []
        for _ in range(2):
            way = self.rng.choice(_TITLE)
            for place, title in enumerate(self.titles):
                found += self.ask("title", title, (way,), place) if title else []
        return found

    def _depths(self) -> list[Question]:
        over = [covering(self.windows, place) for place in range(len(self.windows))]
        found: list[Question] = []
        for place, some in enumerate(over):
            if len(some) == 1 and self.titles[some[0]]:
                names = [name for name in self.names[place] if not name.startswith(("window under", "window behind"))]
                if names:
                    found.append(question(self.rng, "title", self.titles[some[0]], _COVERS, w=self.rng.choice(names)))
        covered = [place for place, some in enumerate(over) if some]
        if len(covered) == 1 and self.titles[covered[0]]:
            found += self.ask("title", self.titles[covered[0]], _COVERED, covered[0])
        return found

    def _same(self) -> list[Question]:
        """Questions that were asked of several windows, in the same words but for the name."""
        asked: dict[tuple[str, str], dict[int, Question]] = {}
        for place, window in enumerate(self.windows):
            if not (window.whole and self.names[place] and self.texts[place]):
                continue
            if min(_high(glyph.box) for glyph in window.drawn) < self.least_px:
                continue
            for one in questions_of(window):
                if one.asked and one.kind in _SAME:
                    asked.setdefault((one.asked[0], str(one.asked[1])), {})[place] = one
        found = []
        several = [some for some in asked.values() if len(some) > 1]
        for some in self.rng.sample(several, min(4, len(several))):
            kind, slots = next(iter(some.values())).asked or ("", {})
            text = self.rng.choice(PHRASINGS[kind]).format(**slots)
            found += [named_window(self.rng, Question(one.kind, text, one.answer), self.names[place])
                      for place, one in some.items()]  # fmt: skip
        return found

    def _having(self, place: int) -> list[Question]:
        """Which window says something that no other says."""
        title = self.titles[place]
        if not title:
            return []
        found: list[Question] = []
        texts = [one.text for one in self.texts[place] if one.text != title]
        words = list(dict.fromkeys(word for text in texts for word in _WORD.findall(text)))
        words = [word for word in words if word not in title and not self.said_by_others(place, word)]
        for word in self.rng.sample(words, min(2, len(words))):
            found += self.ask("which_window", title, _MENTIONS, place, word)
        texts = [text for text in texts if _quotable(text) and len(text) > 2 and not self.said_by_others(place, text)]
        for text in self.rng.sample(texts, min(2, len(texts))):
            found += self.ask("which_window", title, _HAS_TEXT, place, text)
        buttons = [one.answer.split(", ") for one in self.windows[place].screen.questions if one.kind == "buttons"]
        labels = [label for label in (buttons[0] if buttons else []) if label in texts]
        if labels:
            found += self.ask("which_window", title, _HAS_BUTTON, place, self.rng.choice(labels))
        return found

    def _kinds(self, place: int) -> list[Question]:
        noun = kind_of(self.windows[place].screen)
        names = [name for name in self.names[place] if name.split()[0] in {"window", "left", "right", "upper", "lower"}]
        if not names or noun == "window" or not self.texts[place]:
            return []
        answer = f"{with_article(noun, capital=True)}."
        return [question(self.rng, "kind", answer, _KIND, w=self.rng.choice(names))]

    def _edges(self, place: int) -> list[Question]:
        """What is at the top and at the bottom of a window that is seen as a whole."""
        window = self.windows[place]
        rows = rows_of(texts_of(window.drawn)) if window.whole else []
        found: list[Question] = []
        if len(rows) < 3:
            return []
        ends = [("lowest", "lower left", "lower right", rows[-1])]
        if self.titles[place] and [one.text for one in rows[0]] == [self.titles[place]]:
            ends.append(("under the title", "upper left", "upper right", rows[1]))
        third = (window.box[2] - window.box[0]) / 3
        for alone, left, right, row in ends:
            for side, one in ((alone, row[0]),) if len(row) == 1 else ((left, row[0]), (right, row[-1])):
                if (side == left and one.box[0] > window.box[0] + third) or (
                    side == right and one.box[2] < window.box[2] - third
                ):
                    continue  # it is in no corner
                if _high(one.box) >= self.least_px and 2 <= len(one.text) <= _LONGEST:
                    found += self.ask("near", one.text, _PLACES[side], place)
        return found

    def _beside(self, place: int) -> list[Question]:
        """What is next to a text, among them such as other windows say too."""
        if not (self.windows[place].whole and self.names[place]):
            return []
        texts, found = texts_of(self.windows[place].drawn), []
        said = Counter(one.text for one in texts)
        once = [one for one in texts if said[one.text] == 1 and 2 <= len(one.text) <= 30 and _quotable(one.text)
                and _high(one.box) >= self.least_px]  # fmt: skip
        shared = [one for one in once if self.said_by_others(place, one.text)]
        chosen = self.rng.sample(shared, min(2, len(shared))) + self.rng.sample(once, min(2, len(once)))
        for one in chosen:
            sides = next_to(one.box, texts)
            if sides:
                side = self.rng.choice(sorted(sides))
                found += self.ask("near", sides[side], _BESIDE[side], place, one.text)
        return found


def ask_beside_marks(rng: random.Random, marked: Sequence[Marked], windows: Sequence[Window]) -> list[Question]:
    """What is next to each mark, and which of several windows it is in."""
    titles = [window.title for window in windows]
    found: list[Question] = []
    for one in marked:
        where = [n for n, window in enumerate(windows) if one.box and _within(one.box, window.box)]
        if not where:
            continue
        window = windows[where[-1]]
        seen = len(windows) > 1 and titles.count(window.title) == 1 and any(
            text.text == window.title for text in texts_of(window.texts))  # fmt: skip
        texts = texts_of(window.drawn) if window.whole and not window.screen.unlocated else []
        found += beside_marks(rng, one, texts, window.title if seen else "")
    return found


def _boxed(window: Window) -> list[Text]:
    """Texts of a window whose characters are not located, covered ones too."""
    return [Text(text, box) for one in window.screen.unlocated for text, box in one.texts]


def rows_of(texts: Sequence[Text]) -> list[list[Text]]:
    """From top to bottom, those at one height from left to right."""
    rows: list[list[Text]] = []
    for one in sorted(texts, key=lambda one: one.box[1] + one.box[3]):
        last = rows[-1][0] if rows else None
        if last and (one.box[1] + one.box[3]) - (last.box[1] + last.box[3]) < 1.2 * _high(last.box):
            rows[-1].append(one)
        else:
            rows.append([one])
    return [sorted(row, key=lambda one: one.box[0]) for row in rows]


def _within(box: Box, window: tuple[int, int, int, int]) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return window[0] <= x < window[2] and window[1] <= y < window[3]


def _high(box: Box) -> float:
    return box[3] - box[1]


def _quotable(text: str) -> bool:
    return not any(char in text for char in "'{}") and any(char.isalnum() for char in text)
