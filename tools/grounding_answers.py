"""Answers about images that are known to the letter, some of it invented: in prose, lists, tables and JSON."""

from __future__ import annotations

import json
import random
import re
from dataclasses import dataclass

from desktop_vlm.images.text_layer.characters import alike
from desktop_vlm.images.text_layer.dates import dates
from desktop_vlm.images.text_layer.likeness import likeness
from desktop_vlm.images.text_layer.numerals import only_numeral
from tools.grounding_scenes import Fact, Scene, dates_of, draw_scene

TRUE, INVENTED, END = "\ue000", "\ue001", "\ue002"
"""Around what an answer says of the image; taken out before it is checked."""

_INVENTED_SHARE = 0.25


@dataclass(frozen=True)
class Answer:
    """Markdown, or one JSON value; what it says of the image stands between TRUE or INVENTED and END."""

    text: str
    is_json: bool = False


def answers(rng: random.Random, scene: Scene) -> list[Answer]:
    """One of each form that suits the image."""
    writer = _Writer(rng, scene)
    made = [Answer(writer.prose()), Answer(writer.bullets()), Answer(writer.json(), is_json=True)]
    return [*made, Answer(writer.table())] if scene.rows else made


class _Writer:
    def __init__(self, rng: random.Random, scene: Scene) -> None:
        self._rng = rng
        self._scene = scene
        self._drawn = {likeness(text) for text in scene.texts} | {likeness(cell) for row in scene.rows for cell in row}
        self._all = likeness(" ".join(scene.texts))
        self._other = draw_scene(rng)

    # --- what is said of the image

    def _said(self, fact: Fact) -> str:
        """What stands there, perhaps in another form, or something else in its place."""
        if self._rng.random() < _INVENTED_SHARE:
            return f"{INVENTED}{self._invented(fact)}{END}"
        return f"{TRUE}{self._reworded(fact)}{END}"

    def _reworded(self, fact: Fact) -> str:
        if self._rng.random() < 0.5:
            return fact.value
        if fact.kind == "date":
            (found,) = dates(fact.value)
            # Of a date that can be read in two ways, the model knows which is meant; so does this.
            reading = (
                _month_first(fact.value) if "/" in fact.value else _day_first(fact.value) if "." in fact.value else None
            ) or min(found.readings)
            return self._rng.choice(dates_of(*reading))
        if fact.kind == "money":
            (value,) = (only_numeral(fact.value) or only_numeral("0")).values  # type: ignore[union-attr]
            sign = "$" if "$" in fact.value else ""
            return self._rng.choice((f"{sign}{float(value):,.2f}", f"{sign}{float(value):.2f}"))
        if fact.kind == "number" and "," in fact.value:
            return fact.value.replace(",", "")
        return fact.value.upper() if fact.kind == "text" and self._rng.random() < 0.3 else fact.value

    def _invented(self, fact: Fact) -> str:
        """A wrong digit, swapped or wrong letters, or what stands in another image; nowhere in this one."""
        for _ in range(200):
            value = self._change(fact)
            if not self._stands(value):
                return value
        raise AssertionError(f"nothing to invent for {fact}")

    def _change(self, fact: Fact) -> str:
        value = fact.value
        digits = [place for place, char in enumerate(value) if char.isdigit()]
        if fact.kind not in {"text", "path"} or (fact.kind == "path" and self._rng.random() < 0.5):
            place = self._rng.choice(digits)
            new = self._rng.choice([digit for digit in "0123456789" if digit != value[place]])
            return value[:place] + new + value[place + 1 :]
        way = self._rng.randrange(3)
        letters = [place for place in range(1, len(value) - 1) if value[place : place + 2].isalpha()]
        place = self._rng.choice(letters)
        if way == 0:
            return value[:place] + value[place + 1] + value[place] + value[place + 2 :]
        if way == 1:
            return value[:place] + self._rng.choice("abcefghjknoprstuvwxyz") + value[place + 1 :]
        others = [fact.value for fact in self._other.facts if fact.kind == "text"] or ["Nothing of it"]
        return self._rng.choice(others)

    def _stands(self, value: str) -> bool:
        """Whether a value stands in the image by chance, in any form and within what looks alike."""
        numeral = only_numeral(value)
        if numeral is not None:
            shown = (only_numeral(part) for text in self._scene.texts for part in (text, *text.split()))
            return any(one is not None and one.values & numeral.values for one in shown)
        if found := [*dates(value)]:
            theirs = [moment for text in self._scene.texts for moment in dates(text)]
            return any(one.readings & two.readings for one in found for two in theirs)
        return not any(map(alike, value)) or likeness(value) in self._all

    # --- the forms

    def prose(self) -> str:
        rng, scene = self._rng, self._scene
        sentences = [f"This is a {scene.noun} with {rng.randint(2, 9)} parts."]
        for fact in rng.sample(scene.facts, min(len(scene.facts), 5)):
            said = self._said(fact)
            quoted = rng.choice((f'"{said}"', f"\u201c{said}\u201d", f"`{said}`", f'"{said}"'))
            if fact.kind in {"text", "path"}:
                sentences.append(rng.choice((f"The {fact.name} says {quoted}.", f"It shows {quoted} as {fact.name}.")))
            else:
                sentences.append(rng.choice((f"The {fact.name} is {said}.", f"At {fact.name} it shows {said}.")))
        if scene.rows:
            for row in rng.sample(scene.rows, 2):
                name, value = self._said(_cell(scene, row, 0)), self._said(_cell(scene, row, len(row) - 1))
                is_text = scene.columns[-1].kind == "text"
                sentences.append(f'For "{name}" the value is ' + (f'"{value}".' if is_text else f"{value}."))
        sentences += rng.sample(_ASIDES, 2)
        rng.shuffle(sentences)
        return " ".join(sentences)

    def bullets(self) -> str:
        lines = []
        for fact in self._scene.facts:
            said = self._said(fact)
            lines.append(
                f'- **{fact.name.capitalize()}**: "{said}"'
                if fact.kind in {"text", "path"}
                else f"- {fact.name.capitalize()}: {said}"
            )
        for row in self._scene.rows[:4]:
            last = _cell(self._scene, row, len(row) - 2 if len(row) > 2 else 1)
            lines.append(f'- "{self._said(_cell(self._scene, row, 0))}": {self._said(last)}')
        return f"Here is what the {self._scene.noun} holds:\n\n" + "\n".join(lines) + f"\n\n{self._rng.choice(_ASIDES)}"

    def table(self) -> str:
        scene, rng = self._scene, self._rng
        rows = [[self._said(_cell(scene, row, number)) for number in range(len(row))] for row in scene.rows]
        if rng.random() < 0.4:  # a line that does not stand there
            model = rng.choice(scene.rows)
            cells = [_cell(scene, model, number) for number in range(len(model))]
            line = [f"{INVENTED}{self._invented(cell)}{END}" for cell in cells]
            rows.insert(rng.randrange(len(rows) + 1), line)
        head = [column.name for column in scene.columns]
        lines = [head, ["---"] * len(head), *rows]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)

    def json(self) -> str:
        scene = self._scene
        value: dict[str, object] = {"type": scene.noun, "language": "en"}
        for fact in scene.facts:
            value.setdefault(fact.name.lower().replace(" ", "_"), self._json(fact))
        if scene.rows:
            names = [column.name.lower() for column in scene.columns]
            value["rows"] = [
                {name: self._json(_cell(scene, row, number)) for number, name in enumerate(names)} for row in scene.rows
            ]
        value["complete"] = True
        text = json.dumps(value, indent=2, ensure_ascii=False)
        return re.sub(rf'"#([{TRUE}{INVENTED}])([^{END}]*){END}"', rf"\1\2{END}", text)

    def _json(self, fact: Fact) -> str:
        said = self._said(fact)
        if fact.kind in {"money", "number"} and self._rng.random() < 0.7:
            bare = said[1:-1]
            numeral = only_numeral(bare)
            if numeral is not None and len(numeral.values) == 1:
                return f"#{said[0]}{float(min(numeral.values))}{END}"
        return said


def _cell(scene: Scene, row: tuple[str, ...], number: int) -> Fact:
    column = scene.columns[number]
    return Fact(column.name, row[number], column.kind)


def _month_first(text: str) -> tuple[int, int, int]:
    month, day, year = map(int, text.split("/"))
    return year, month, day


def _day_first(text: str) -> tuple[int, int, int]:
    day, month, year = map(int, text.split("."))
    return year, month, day


_ASIDES = (
    "There are 3 columns and 12 lines in all.",
    "Such programs appeared in 1995.",
    "It would be about $50.00 more with shipping.",
    'There is no "Help" link anywhere.',
    "The difference is 12.40.",
    "You can press the first button to go on.",
    "The text is dark on a light ground, in 2 sizes.",
    "See https://example.org/help/4711 for more.",
    'In other words, it means "try again".',
    "I am 100% sure of this.",
    "In step 2 the values are compared.",
    "Run `sfc /scannow` to repair files.",
)
