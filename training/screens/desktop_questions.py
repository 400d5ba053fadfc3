"""What is asked about the windows of a full screen, and about each of them by a name, a place or its kind."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from training.screens.actions import front_questions
from training.screens.asking import Asker
from training.screens.counting import times_said
from training.screens.described_parts import part_questions
from training.screens.describing import listed_windows, screen_described
from training.screens.finding import Desk
from training.screens.framing import program_of
from training.screens.in_front import ask_dialog_in_front, ask_only_dialog
from training.screens.legibility import LEAST_READ_PX, LEGIBLE_PX, TOO_SMALL, TOO_SMALL_PX
from training.screens.neighbours import ask_neighbours, texts_of
from training.screens.pages import PROMPTS, explained
from training.screens.panes.questions import PROGRAM_IN_FRONT
from training.screens.phrasing import question as phrased
from training.screens.prompts import copied, holds
from training.screens.records import Question
from training.screens.several_windows import (
    clear_anyway,
    named_window,
    names_by_title,
    names_one,
    qualified,
    window_names,
)
from training.screens.stacking import Window, front_is_seen, is_place, place_names, said_place
from training.screens.webpages import INTERFACE, INTERFACE_DIALOG, KIND
from training.screens.whether import whether_questions, whether_windows
from training.screens.window_questions import decided, questions_of
from training.screens.words import with_article

_APART_PX = 40.0
"""On the canvas: a window that is so much further to one side than all others is the one there."""
_NEIGHBOURS = 5
"""Questions about texts beside each other in a window."""
_TITLED_SHARE = 0.25
"""Of the questions about a window that has other names: those that name it by its title."""
_OF_TITLES = frozenset({"title", "program", "file", "which_window", "describe", "kind"})
"""Kinds of questions that a title may answer."""
_COUNTED_SHARE = 0.7
"""Of the windows in which something is said several times: that is counted."""
_BARE_SHARE = 0.6
"""Of the windows in front: no question about them names them."""


def ask_windows(rng: random.Random, asker: Asker, windows: list[Window], scale: float, *, training: bool) -> None:
    """What can be asked about the screen, and about each window; held-out ones are seen as a whole.

    `windows` are those that are seen, from back to front; `scale` is canvas pixels for each pixel of the screen.
    """
    _Windows(rng, asker, windows, scale, training=training).ask()


class _Windows:
    """The windows of one screen.

    Attributes:
        least_px: height of the smallest letters that can be read, on the screen.
        seen: whether the last window is seen to be in front of the others.
        described: the answer to the prompt to describe the screen; "" where none is known.
        names: what each window may be called, on screens to train on.
        texts: those of each window that no other covers.
    """

    def __init__(self, rng: random.Random, asker: Asker, windows: list[Window], scale: float, *,
                 training: bool) -> None:  # fmt: skip
        self.rng, self.asker, self.windows, self.scale, self.training = rng, asker, windows, scale, training
        self.least_px = (LEAST_READ_PX if training else LEGIBLE_PX) / scale
        self.front, self.seen = windows[-1], front_is_seen(windows)
        self.described = screen_described(windows, self.least_px)
        self.nouns = [window.screen.noun for window in windows]
        self.texts = [texts_of(window.glyphs) for window in windows]
        self.names = [self._names_of(number) if training else [] for number in range(len(windows))]
        self.titled = [self._titled(number) if training else [] for number in range(len(windows))]

    def _names_of(self, number: int) -> list[str]:
        window = self.windows[number]
        return [*window_names(window.screen.noun, self.nouns, front=self.seen and window is self.front),
                *place_names(self.windows, number, _APART_PX / self.scale)]  # fmt: skip

    def _titled(self, number: int) -> list[str]:
        """What a window may be called by its title, which is seen as a whole, can be read and is no other's."""
        title, others = self.windows[number].title, [one.title for one in self.windows]
        seen = any(one.text == title and one.box[3] - one.box[1] >= self.least_px for one in self.texts[number])
        if len(others) < 2 or not seen or any(title in other for n, other in enumerate(others) if n != number):
            return []
        return names_by_title(title, self.nouns[number])

    def ask(self) -> None:
        """All questions, but for those that another question makes wrong."""
        self._ask_shown()
        if self.training:
            self.asker.questions += Desk(self.rng, self.windows, self.names, self.least_px).questions()
        for number in range(len(self.windows)):
            self._ask_window(number)
        if [window.screen.kind for window in self.windows].count("formula") > 1:  # which of them is not clear
            self.asker.questions = [one for one in self.asker.questions if one.kind != "formula"]
        asked = [question.text for question in self.asker.questions]
        self.asker.questions = [one for one in self.asker.questions if holds(one, asked, len(self.windows))]

    def _ask_shown(self) -> None:
        """How many windows there are, and whether one of a kind is."""
        self.asker.ask("window_count", str(len(self.windows)), as_kind="count")
        self.asker.ask("shown", "Yes", as_kind="present", noun=with_article(self.rng.choice(self.nouns)))
        absent = [noun for noun in ("browser", "terminal", "receipt", "bar chart", "editor")
                  if not any(noun in seen for seen in self.nouns)]  # fmt: skip
        self.asker.ask("shown", "No", as_kind="present", noun=with_article(self.rng.choice(absent)))
        if self.training:
            read = [[one.text for one in some if one.box[3] - one.box[1] >= self.least_px] for some in self.texts]
            titles = [one.title for one, some in zip(self.windows, read, strict=True) if one.title in some]
            once = [title for title in titles if titles.count(title) == 1]
            said = "\n".join((*(one.title for one in self.windows), *(text for some in read for text in some)))
            front = self.front.title if self.seen else ""
            self.asker.questions += whether_windows(self.rng, once, len(self.windows), front, said)

    def _ask_window(self, number: int) -> None:
        """About one window, where it can be named and read, or is too small for anybody to read."""
        window, front = self.windows[number], self.windows[number] is self.front
        if not (window.whole or self.training):
            return
        if not (self.nouns.count(window.screen.noun) == 1 or front or self.names[number] or self.titled[number]):
            return
        heights = window.heights
        if not heights:
            return
        legible = min(heights) >= self.least_px
        questions = questions_of(window)
        bare = front and self.rng.random() < _BARE_SHARE
        if max(heights) * self.scale < TOO_SMALL_PX:
            questions = self._too_small(questions)
        elif not legible and window.screen.kind not in (
            KIND,
            INTERFACE,
            INTERFACE_DIALOG,
        ):  # of a page, only what can be read is asked
            return
        elif front:
            self._ask_in_front()
            if self.training and len(self.windows) == 1:
                self.asker.questions += copied(window, legible)
        questions = decided(window, questions)
        questions += self._whether(number) if legible and window.whole else []
        if legible and window.whole:
            self._ask_whole(number)
        self.asker.questions += self._worded(number, questions, bare=bare)

    def _ask_whole(self, number: int) -> None:
        """More about a window that is seen as a whole and can be read."""
        if self.training:
            screens = [one.screen for one in self.windows]
            self.asker.questions += ask_only_dialog(self.rng, screens, number)
        if not self.windows[number].screen.unlocated:
            self._ask_neighbours(number)

    def _whether(self, number: int) -> list[Question]:
        """Yes or no, and how often something is said, about a window that is seen as a whole."""
        if not self.training or self.windows[number].screen.unlocated:
            return []
        parts = [text for one in self.windows for part in one.screen.unlocated for text, _ in part.texts]
        said = "\n".join((*parts, *(one.text for some in self.texts for one in some)))
        drawn = self.windows[number].screen.kind not in (KIND, INTERFACE, INTERFACE_DIALOG)  # others' are cut anywhere
        counted = times_said(self.rng, self.texts[number]) if drawn and self.rng.random() < _COUNTED_SHARE else []
        return counted + whether_questions(self.rng, self.texts[number], self.windows[number].title, said)

    def _too_small(self, questions: list[Question]) -> list[Question]:
        """At most two of them, answered with `TOO_SMALL`."""
        questions = [question for question in questions if question.kind != "json"]
        chosen = self.rng.sample(questions, min(2, len(questions)))
        return [replace(question, kind="too_small", answer=TOO_SMALL) for question in chosen]

    def _ask_neighbours(self, number: int) -> None:
        """What is beside texts that stand in no other window."""
        asked, elsewhere = len(self.asker.questions), self._elsewhere(number)
        ask_neighbours(self.rng, self.asker, self.texts[number], _NEIGHBOURS)
        self.asker.questions[asked:] = [one for one in self.asker.questions[asked:]
                                        if not one.asked or str(one.asked[1]["text"]) not in elsewhere]  # fmt: skip

    def _elsewhere(self, number: int) -> str:
        """The texts of all other windows, one a line."""
        return "\n".join(one.text for other, some in enumerate(self.texts) if other != number
                         for one in (*some, *self.windows[other].boxed))  # fmt: skip

    def _worded(self, number: int, questions: list[Question], *, bare: bool) -> list[Question]:
        """Questions about a window that say which one, unless that is clear anyway or they are to be `bare`."""
        window, names, titled = self.windows[number], self.names[number], self.titled[number]
        noun, front = window.screen.noun, window is self.front
        elsewhere, clear = self._elsewhere(number), names_one(noun, self.nouns)
        has_name = names or titled or (clear if self.training else self.nouns.count(noun) == 1)
        if (bare and (self.seen or not self.training)) or not has_name:
            return self._of_all(questions) if self.seen and front else clear_anyway(questions, elsewhere)
        said = [self._of_all([one])[0] if self.training and self._goes_without(one, front=front)
                else self._of_window(one, window, self._names_for(one, names, titled, clear=clear))
                for one in questions]  # fmt: skip
        kept = {one.text for one in (questions if names or clear else clear_anyway(questions, elsewhere))}
        kept |= {one.text for one in questions if titled and one.kind not in _OF_TITLES}
        return [one for one, plain in zip(said, questions, strict=True) if plain.text in kept]

    def _names_for(self, question: Question, names: Sequence[str], titled: Sequence[str], *,
                   clear: bool) -> Sequence[str]:  # fmt: skip
        """What the window may be called in this question: by its title where that answers nothing."""
        if not titled or question.kind in _OF_TITLES:
            return names
        return titled if not (names or clear) or self.rng.random() < _TITLED_SHARE else names

    def _of_all(self, questions: Sequence[Question]) -> list[Question]:
        """Questions that name no window: who wants a description wants it of the screen."""
        return [replace(one, answer=self.described or one.answer) if one.kind == "describe" else one
                for one in questions]  # fmt: skip

    def _goes_without(self, question: Question, *, front: bool) -> bool:
        """Whether the window is left unsaid, as people do: of windows behind only where a value has its own name."""
        if front and self.seen:
            return self.rng.random() < (0.8 if len(self.windows) == 1 else 0.5)
        return question.kind in ("value", "cell", "fact", "whether") and self.rng.random() < 0.35

    def _of_window(self, question: Question, window: Window, names: Sequence[str]) -> Question:
        """The question with its window; which program that is is asked by its place, or not at all (kind "")."""
        place = "" if names or window is self.front else said_place(window, self.windows)
        if question.kind == "program":
            names = [name for name in names if is_place(name)]
        named = question
        if names and question.text not in PROMPTS.values():
            named = named_window(self.rng, question, names)
        if named is question:
            named = qualified(self.asker, question, window.screen.noun)
        if question.kind != "program" or (names and named.text != question.text):
            return named
        text = f"{place}{question.text[0].lower()}{question.text[1:]}" if place else question.text
        clear = place or (window is self.front and (self.seen or not self.training))
        return replace(question, text=text, asked=None, kind="program" if clear else "")

    def _ask_in_front(self) -> None:
        """About the window in front; where it is not seen to be there, only the one error is explained."""
        asker, front, asked = self.asker, self.front, len(self.asker.questions)
        if front.title:
            asker.ask("in_front", front.title, as_kind="title")
        behind = None
        if self.training and self.seen:
            program = program_of(front.screen)
            asker.questions += [phrased(self.rng, "program", program, PROGRAM_IN_FRONT)] if program else []
            behind = self._behind()
        self._ask_prompts()
        if self.training and self.seen:
            asker.questions += front_questions(self.rng, [one.screen for one in self.windows])
        if not self.seen:
            alone = sum("error" in noun for noun in self.nouns) == 1
            asker.questions[asked:] = [one for one in asker.questions[asked:] if one.kind == "message" and alone]
            if self.training:
                listed = listed_windows(self.windows, self.least_px)
                asker.questions.append(Question("describe", PROMPTS["describe"], listed))
        asker.questions += ask_dialog_in_front(self.rng, front.screen, *behind) if behind else []
        if self.training:
            asker.questions += part_questions(self.rng, self.windows, self.least_px, seen=self.seen)

    def _behind(self) -> tuple[list[Question], str] | None:
        """What is seen of a program behind the only other window, and its noun; no questions where it is illegible."""
        behind = self.windows[0]
        if len(self.windows) != 2 or not behind.heights:
            return None
        heights = sorted(behind.heights)
        legible = heights[len(heights) // 4] >= self.least_px
        return questions_of(behind) if legible else [], behind.screen.noun

    def _ask_prompts(self) -> None:
        """What the quick actions ask for about the window in front."""
        if not self.described:
            return
        self.asker.questions.append(Question("describe", PROMPTS["describe"], self.described))
        noun = self.front.screen.noun
        if "error" in noun:
            said = [question.answer for question in self.front.screen.questions if question.kind == "message"]
            self.asker.questions.append(Question("message", PROMPTS["explain-error"], explained(said[0], noun)))
