"""Damaged constraints, by kind; see `harness.Kind`."""

from __future__ import annotations

import argparse
import copy
import json
import random
from pathlib import Path
from typing import Any

from llguidance import LLMatcher

from desktop_vlm.cli.constraint_options import add_constraint_options, read_constraint
from desktop_vlm.structured.constraint import make_constraint
from tests.fuzz.harness import Outcome
from tests.fuzz.places import disturb, remove
from tests.fuzz.schemas.examples import (
    FITTING,
    GRAMMAR_PIECES,
    GRAMMARS,
    KEYWORDS,
    PIECES,
    REGEXES,
    SCHEMAS,
    VALUES,
)
from tests.fuzz.values import change, odd, places, to_text
from tools.schema_suite import byte_vocabulary

_TEXT = b'{"title": "A b", "total": 1.5} yes 2024-01-01 Hello, World (1)'
_STEPS = 12


class TextKind:
    """Damaged texts of one kind, given in a file or as they are."""

    name = ""
    option = ""
    done = ""

    def make(self, rng: random.Random) -> str:
        """A text; `done` says what was done to it."""
        raise NotImplementedError

    def prepare(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True)
        self._vocabulary = byte_vocabulary()

    def trial(self, seed: int, folder: Path) -> Outcome:
        rng = random.Random(f"{self.name} {seed}")
        text = self.make(rng)
        path = folder / "work.txt"
        remove(path)
        given = text
        if self.option in {"--json-schema", "--grammar"} and rng.random() < 0.6:
            path.write_bytes(text.encode("utf-8", "surrogatepass"))
            given = str(path)
            if rng.random() < 0.15:
                self.done += f", {disturb(path, rng)}"
        elif self.option == "--grammar":
            given = str(path)
            path.write_bytes(text.encode("utf-8", "surrogatepass"))
        given = given.replace("\ud800", "\udc80")  # words of the command line hold no others
        parser = argparse.ArgumentParser()
        add_constraint_options(parser)
        args = parser.parse_args([f"{self.option}={given}"])
        constraint = make_constraint(**read_constraint(args))
        assert constraint is not None
        return self._followed(constraint.grammar)

    def _followed(self, grammar: str) -> Outcome:
        """Follow what was accepted over some bytes, as the engine does."""
        matcher = LLMatcher(self._vocabulary, grammar)
        if error := matcher.get_error():
            return Outcome("damage", f"accepted, and then: {error}", self.done)
        for at in range(_STEPS):
            tokens = matcher.compute_bitmask()
            if error := matcher.get_error():
                return Outcome("damage", f"at byte {at}: {error}", self.done)
            allowed = [i for i in range(256) if tokens[i // 8] >> i % 8 & 1]
            if not allowed or matcher.is_stopped():
                break
            sought = _TEXT[at]
            if not matcher.consume_token(sought if sought in allowed else allowed[0]):
                return Outcome("damage", f"at byte {at}: what was allowed is not", self.done)
        return Outcome("accepted", "", self.done)

    def judge(self, sentence: str) -> str:
        words = ("schema", "expression", "grammar", "choice", "In ", "work.txt")
        return "" if any(word in sentence for word in words) else "it does not say what is wrong"


class Schemas(TextKind):
    """JSON schemas."""

    name = "schemas"
    option = "--json-schema"

    def make(self, rng: random.Random) -> str:
        content = copy.deepcopy(rng.choice(SCHEMAS))
        said = [self._change(rng, content) for _ in range(rng.choice((1, 1, 1, 2, 3)))]
        text, raw = to_text(rng, content) if rng.random() < 0.5 else (json.dumps(content), "")
        self.done = ", ".join([*said, raw])
        return text

    def _change(self, rng: random.Random, content: Any) -> str:
        if rng.random() < 0.4:
            return change(rng, content, VALUES)
        objects = [content, *(c[k] for c, k in places(content) if isinstance(c[k], dict))]
        target = rng.choice(objects)
        keyword = rng.choice(KEYWORDS)
        if rng.random() < 0.6:
            target[keyword] = copy.deepcopy(rng.choice(FITTING.get(keyword, (0, 1, 2, 5, 10))))
            return f"{keyword} = {target[keyword]!r}"
        like = rng.choice(VALUES) if rng.random() < 0.7 else rng.choice(SCHEMAS)
        target[keyword] = odd(rng, like) if rng.random() < 0.3 else copy.deepcopy(like)
        return f"{keyword} = {str(target[keyword])[:50]!r}"


def _pieced(rng: random.Random, text: str, pieces: tuple[str, ...]) -> tuple[str, str]:
    said = []
    for _ in range(rng.choice((1, 1, 2, 4))):
        at = rng.randrange(len(text) + 1)
        way = rng.randrange(4)
        if way == 0:
            end = min(len(text), at + rng.choice((1, 1, 3, 20)))
            said.append(f"without {text[at:end]!r}")
            text = text[:at] + text[end:]
        elif way == 1:
            end = min(len(text), at + rng.choice((1, 5, 30)))
            said.append(f"{text[at:end]!r} twice")
            text = text[:end] + text[at:end] * rng.choice((1, 1, 50)) + text[end:]
        else:
            piece = rng.choice(pieces)
            said.append(f"{piece[:30]!r} at {at}")
            text = text[:at] + piece + text[at:]
    return text, ", ".join(said)


class Regexes(TextKind):
    """Regular expressions."""

    name = "regexes"
    option = "--regex"

    def make(self, rng: random.Random) -> str:
        text, self.done = _pieced(rng, rng.choice(REGEXES), PIECES)
        return text


class Grammars(TextKind):
    """Grammars of both kinds."""

    name = "grammars"
    option = "--grammar"

    def make(self, rng: random.Random) -> str:
        text, self.done = _pieced(rng, rng.choice(GRAMMARS), (*GRAMMAR_PIECES, *PIECES, *GRAMMARS))
        return text


class Choices(TextKind):
    """Lists of texts."""

    name = "choices"
    option = "--choice"

    def make(self, rng: random.Random) -> str:
        text, self.done = _pieced(
            rng, rng.choice(("yes,no,maybe", '"a, b",c', "1,2,3," * 50)), (*PIECES, ",", '"', ",,")
        )
        return text
