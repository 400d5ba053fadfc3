"""Several screens in one image, put together by the app's own collage, and questions that tell them apart."""

from __future__ import annotations

import random
import re
from dataclasses import replace

from desktop_vlm.images.collage import Collage, compose
from training.screens.actions import compared
from training.screens.asking import PHRASINGS, Asker
from training.screens.generator import LAYOUTS, draw_layout, draw_plain
from training.screens.neighbours import texts_of
from training.screens.ordinals import ORDINALS
from training.screens.phrasing import question as asked
from training.screens.records import Glyph, Question, Screen, Split
from training.screens.rewording import in_other_words, reworded
from training.screens.words import with_article

MAX_TILES = 4

_MAX_PIXELS = 520 * 300
"""Of one part: larger ones would shrink beyond reading."""
_MIN_SCALE = 0.65
"""Of the image that shrinks most."""
_MANY_SHARE = 0.15
"""Of the composites to train on that have more parts; the more, the smaller each is."""
_PLAIN_SHARE = 0.5
"""Of the parts to train on: in the mixture of held-out ones, with more dialogs and fewer notes."""
_MEMBERS = frozenset({"title", "message", "text", "buttons", "button", "total", "value", "colour", "shape", "count",
                      "shop", "date", "command", "heading", "file", "display", "fact"})  # fmt: skip
"""Kinds of questions that are asked about a part."""
_MORE_MEMBERS = _MEMBERS | {"line", "cell", "menu", "labels", "columns", "status", "row", "items", "all",
                           "marked"}  # fmt: skip
"""As `_MEMBERS`, of composites to train on."""
_ALIKE = frozenset({"title", "message", "buttons", "text", "heading", "menu", "status", "labels", "columns", "line",
                    "button", "all", "total", "shop", "date", "command", "items", "display", "item"})  # fmt: skip
"""Kinds of questions that are asked about several parts in the same words."""
_MOST_ALIKE = 7
"""Of these, with an answer for each part that has one."""
_SAME_SHARE = 0.45
"""Of the composites to train on whose parts are all of one layout, which only the number tells apart."""
_SAME = {"dialog": 6.0, "receipt": 3.0, "terminal": 2.5, "form": 2.0, "status": 1.0, "table": 1.0, "window": 1.0,
         "editor": 0.7, "facts": 1.5, "program": 2.0}  # fmt: skip
"""How often, of which layout."""
_IN_IMAGE = ("In image {n}, {rest}", "Image {n}: {rest}", "{rest} (image {n})", "Look at image {n}. {rest}",
             "In the {nth} picture, {rest}", "About picture {n}: {rest}", "{rest} I mean picture {n}.",
             "In the {nth} image, {rest}", "For picture {n}: {rest}", "{rest} Look at picture {n}.",
             "In picture number {n}, {rest}", "{rest} (the {nth} picture)")  # fmt: skip
"""How people name a part, beside `asking.PHRASINGS`."""
_NTH = ORDINALS[:9]
_WHICH_BUTTON = ("Which picture has the button {t}?", "In which picture is the button {t}?",
                 "Where can I press {t}? Name the picture.", "Which image has a button that says {t}?",
                 "In which of the pictures do you see the button {t}?")  # fmt: skip
_HAS_BUTTON = ("Does picture {n} have the button {t}?", "Is there a button {t} in picture {n}?",
               "Is {t} one of the buttons of picture {n}?", "Does image {n} have a button {t}?",
               "In picture {n}, is there a button that says {t}?")  # fmt: skip
_SAYS = ("Does picture {n} say '{t}'?", "Is '{t}' in picture {n}?", "Is the text '{t}' in picture {n}?",
         "Does it say '{t}' in image {n}?", "Does picture {n} contain '{t}'?")  # fmt: skip
_BOTH_HAVE = ("Which pictures have the button {t}?", "In which pictures is the button {t}?",
              "Which images have a button that says {t}?", "Name all pictures with the button {t}.")  # fmt: skip
_HIGHEST = ("Which picture has the highest total?", "In which picture is the total highest?",
            "Which receipt is the most expensive? Name the picture.",
            "Which picture shows the largest total?")  # fmt: skip
_LOWEST = ("Which picture has the lowest total?", "In which picture is the total lowest?",
           "Which receipt is the cheapest? Name the picture.", "Which picture shows the smallest total?")  # fmt: skip
_AMOUNT, _DIGITS, _PLAIN_SUM = re.compile(r"[^\d.]"), re.compile(r"[\d.,]"), re.compile(r"\d+\.\d\d")
_LONGEST = 30
"""Characters of a text that a question quotes."""


def draw_composite(rng: random.Random, *, split: Split, tile_px: int = 280) -> Screen:
    """Two to four screens, in training up to nine; questions are about one of them, or about which shows something.

    `tile_px` is the side of a tile of the model's image processor. Half of the training images are composed for the
    smaller tiles of 280 px, as held-out ones are by default: then a part has fewer pixels.
    """
    if split == "train" and rng.random() < 0.5:
        tile_px = min(tile_px, 280)
    parts, collage = _compose(rng, split, tile_px)
    glyphs: list[Glyph] = []
    for part, placement in zip(parts, collage.layout.placements, strict=True):
        left, top, right, bottom = placement.box
        across, down = (right - left) / part.image.width, (bottom - top) / part.image.height
        for glyph in part.glyphs:
            x0, y0, x1, y1 = glyph.box
            box = (left + x0 * across, top + y0 * down, left + x1 * across, top + y1 * down)
            glyphs.append(Glyph(glyph.char, box))
    asker = Asker(rng)
    if split == "train":
        _ask_alike(rng, asker, parts)
        parts = [replace(part, questions=in_other_words(rng, part.questions)) for part in parts]
    _ask_parts(rng, asker, parts, training=split == "train")
    _ask_which(rng, asker, parts)
    asker.ask("picture_count", str(len(parts)), as_kind="count")
    if split == "train":
        _ask_kinds(rng, asker, parts)
        _ask_having(rng, asker, parts)
        asker.questions += [*compared(rng, parts), *_ask_both(rng, parts)]
        asker.questions = list(reworded(rng, asker.questions))
    located = all(part.located for part in parts)
    return Screen(collage.image, tuple(glyphs), asker.take(), "composite", "collage", located=located)


def _compose(rng: random.Random, split: Split, tile_px: int) -> tuple[list[Screen], Collage]:
    """Parts that stay legible together."""
    while True:
        count = rng.choices((2, 3, 4), (5, 3, 2))[0]
        if split == "train" and rng.random() < _MANY_SHARE:
            count = rng.choices((4, 5, 6, 7, 8, 9), (6, 5, 5, 2, 2, 2))[0]
        parts: list[Screen] = []
        same = ""
        if split == "train" and rng.random() < _SAME_SHARE:
            same = rng.choices(list(_SAME), list(_SAME.values()))[0]
        while len(parts) < count:
            if same:
                part = draw_layout(rng, same, split=split)
            elif split == "train" and rng.random() < _PLAIN_SHARE:
                name = rng.choices(list(LAYOUTS), [weight for weight, _ in LAYOUTS.values()])[0]
                part = draw_layout(rng, name, split=split)
            else:
                part = draw_plain(rng, split=split)
            if part.image.width * part.image.height <= _MAX_PIXELS * 2 / count:
                parts.append(part)
        collage = compose([part.image for part in parts], tile_size=tile_px, max_tiles=MAX_TILES)
        while split == "train" and collage.layout.scale < _MIN_SCALE and len(parts) > 2:  # the largest goes
            parts.remove(max(parts, key=lambda part: part.image.width * part.image.height))
            collage = compose([part.image for part in parts], tile_size=tile_px, max_tiles=MAX_TILES)
        if collage.layout.scale >= _MIN_SCALE:
            return parts, collage


def _ask_parts(rng: random.Random, asker: Asker, parts: list[Screen], *, training: bool) -> None:
    """Some of each part's questions, with the part's number; what it says and what it shows."""
    kinds, most = (_MORE_MEMBERS, 5) if training else (_MEMBERS, 3)
    for number, part in enumerate(parts, 1):
        members = [question for question in part.questions if question.kind in kinds]
        for question in rng.sample(members, min(most, len(members))):
            phrased = asker.phrase("in_picture", n=number, rest="{rest}")
            if training and rng.random() < 0.5:
                phrased = _numbered(rng.choice(_IN_IMAGE), number)
            asker.questions.append(_about(question, phrased))
        said = _said(part)
        if said:
            asker.ask("picture_says", said, as_kind="picture:message", n=number)
        described = [question.answer for question in part.questions if question.kind == "describe"]
        if described:
            asker.ask("picture_kind", described[0], as_kind="picture:describe", n=number)


def _numbered(form: str, number: int) -> str:
    """A form of `_IN_IMAGE` that names the part of this number, from 1 on."""
    return form.replace("{n}", str(number)).replace("{nth}", _NTH[number - 1])


def _about(question: Question, phrased: str) -> Question:
    """The question about a part that `phrased` names; it has the slot `rest`."""
    rest = question.text
    if phrased.startswith(("In", "in")) and not rest[:2].isupper():
        rest = rest[0].lower() + rest[1:]
    return Question(f"picture:{question.kind}", phrased.replace("{rest}", rest), question.answer)


def _ask_alike(rng: random.Random, asker: Asker, parts: list[Screen]) -> None:
    """The same questions about several parts, in words that differ by the number alone."""
    alike: dict[tuple[str, str], dict[int, Question]] = {}
    for number, part in enumerate(parts, 1):
        for one in part.questions:
            if one.asked and one.kind in _ALIKE:
                alike.setdefault((one.asked[0], str(one.asked[1])), {})[number] = one
    several = [some for some in alike.values() if len(some) > 1]
    for some in rng.sample(several, min(_MOST_ALIKE, len(several))):
        first = next(iter(some.values()))
        kind, slots = first.asked or ("", {})
        text = rng.choice(PHRASINGS[kind]).format(**slots) if kind in PHRASINGS else first.text
        form = rng.choice((*PHRASINGS["in_picture"], *_IN_IMAGE))
        asker.questions += [_about(replace(one, text=text), _numbered(form, number)) for number, one in some.items()]


def _ask_having(rng: random.Random, asker: Asker, parts: list[Screen]) -> None:
    """Which part has a button or a text that no other has, and whether one has it; yes and no as often."""
    said = ["".join(glyph.char for glyph in part.glyphs if len(glyph.char) == 1).lower().replace(" ", "")
            for part in parts]  # fmt: skip
    for number, part in enumerate(parts, 1):
        answers = [one.answer for one in part.questions if one.kind == "buttons"]
        labels = answers[0].split(", ") if answers else []
        texts = [one.text for one in texts_of(part.glyphs)]
        for names, which, has in ((labels, _WHICH_BUTTON, _HAS_BUTTON), (texts, PHRASINGS["which_text"], _SAYS)):
            alone = [name for name in dict.fromkeys(names) if _quotable(name) and sum(
                name.lower().replace(" ", "") in some for some in said) == 1]  # fmt: skip
            for name in rng.sample(alone, min(1, len(alone))):
                slots = {"t": name, "text": name}
                asker.questions.append(asked(rng, "which", f"Picture {number}", which, **slots))
                if part.located and all(one.located for one in parts) and rng.random() < 0.5:
                    other = rng.choice([n for n in range(1, len(parts) + 1) if n != number])
                    asker.questions += [asked(rng, "picture:present", "Yes", has, n=number, **slots),
                                        asked(rng, "picture:present", "No", has, n=other, **slots)]  # fmt: skip


def _ask_both(rng: random.Random, parts: list[Screen]) -> list[Question]:
    """Which parts have a button that several have, and which of several totals is the highest."""
    found: list[Question] = []
    labels = [next((one.answer.split(", ") for one in part.questions if one.kind == "buttons"), []) for part in parts]
    said = ["".join(glyph.char for glyph in part.glyphs) for part in parts]
    shared = {
        label
        for some in labels
        for label in some
        if 1 < sum(label in others for others in labels) < len(parts)
        and all((label in others) == (label in text) for others, text in zip(labels, said, strict=True))
    }
    if shared and all(part.located for part in parts):
        label = rng.choice(sorted(shared))
        places = [str(number) for number, others in enumerate(labels, 1) if label in others]
        found.append(asked(rng, "which", f"Pictures {', '.join(places[:-1])} and {places[-1]}", _BOTH_HAVE, t=label))
    totals = [next((one.answer for one in part.questions if one.kind == "total"), "") for part in parts]
    sums = [_AMOUNT.sub("", total) for total in totals]
    signs = {_DIGITS.sub("", total).strip() for total in totals}
    if all(totals) and len(signs) == 1 and all(_PLAIN_SUM.fullmatch(one) for one in sums):
        values = [float(one) for one in sums]
        for ways, of in ((_HIGHEST, max), (_LOWEST, min)):
            if values.count(of(values)) == 1:
                found.append(asked(rng, "which", f"Picture {values.index(of(values)) + 1}", ways))
    return found


def _quotable(text: str) -> bool:
    """Whether a question can have the text in quotation marks."""
    return 2 < len(text) <= _LONGEST and any(char.isalnum() for char in text) and not any(
        char in text for char in "'{}")  # fmt: skip


def _ask_which(rng: random.Random, asker: Asker, parts: list[Screen]) -> None:
    texts = ["".join(glyph.char for glyph in part.glyphs if len(glyph.char) == 1).lower() for part in parts]
    nouns = [part.noun for part in parts]
    for number, part in enumerate(parts, 1):
        answer = f"Picture {number}"
        says = _said(part) or ""
        pieces = [question.answer for question in part.questions if question.kind == "title"] + [says]
        words = says.split()
        if len(words) > 3:
            start = rng.randrange(len(words) - 1)
            pieces.append(" ".join(words[start : start + rng.randint(1, 3)]))
        for piece in pieces:
            needle = piece.lower().replace(" ", "")
            shown_by = sum(needle in text.replace(" ", "") for text in texts)
            if 2 < len(piece) <= 50 and shown_by == 1 and "'" not in piece:
                asker.ask("which_text", answer, as_kind="which", text=piece)
        if nouns.count(part.noun) == 1 and not any(part.noun in noun or noun in part.noun for noun in nouns
                                                   if noun != part.noun):  # fmt: skip
            asker.ask("which_kind", answer, as_kind="which", noun=with_article(part.noun))


def _ask_kinds(rng: random.Random, asker: Asker, parts: list[Screen]) -> None:
    """How many are of a kind, and which; what all of them are; whether one is there."""
    nouns = [part.noun for part in parts]
    noun = rng.choice(nouns)
    if not any(noun in other or other in noun for other in nouns if other != noun):
        numbers = [str(number) for number, other in enumerate(nouns, 1) if other == noun]
        asker.ask("kind_count", str(len(numbers)), as_kind="count", noun=with_article(noun))
        if len(numbers) > 1:
            asker.ask("kind_places", "Pictures " + " and ".join(filter(None, [", ".join(numbers[:-1]), numbers[-1]])),
                      as_kind="which", noun=with_article(noun))  # fmt: skip
    if len(nouns) <= 5:
        asker.ask("kinds", ", ".join(nouns), as_kind="picture:describe")
    last = len(parts)
    said = _said(parts[-1])
    if said:
        asker.ask("picture_last", said, as_kind="picture:message", n=last)


def _said(part: Screen) -> str | None:
    """What a person would read out first."""
    for kind in ("text", "heading") if part.kind == "terminal" else ("message", "text", "heading"):
        for question in part.questions:
            if question.kind == kind:
                return question.answer
    return None
