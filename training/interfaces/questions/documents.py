"""Questions about what is read on a page: paragraphs, sentences, code, lists, definitions, notices, breadcrumbs."""

from __future__ import annotations

import re
from collections.abc import Sequence

from training.interfaces.questions import document_phrasings as ways
from training.interfaces.questions.sheet import MOST_COUNTED, Sheet, listed_names, plain
from training.interfaces.records import Control
from training.screens.panes.names import NTH

_LONGEST, _LONGEST_COPIED = 420, 900
"""Characters of a text that is asked for as a whole; of one that sentences are asked of."""
_COUNTED = (0.08, 0.35)
"""How often the sentences of a paragraph of one are counted, and those of a longer one."""
_NO_ENDS = re.compile(r"\b(e\.g|i\.e|etc|vs|cf|No|Mr|Mrs|Dr|St|Fig|Sec|approx|al|resp|ca|Inc|Ltd|[A-Z])\.(\s|$)|\.\.\.")
_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'(])")
_WORD = re.compile(r"[A-Za-z][A-Za-z-]{4,}[a-z]")
_VERSION = re.compile(r"\b[Vv](?:ersion:? ?)?(\d+(?:\.\d+){1,3}(?:[a-z]+\d*)?)\b|\b[Rr]elease:? (\d+(?:\.\d+){1,3})\b")
_UPDATED = re.compile(
    r"[Ll]ast (?:updated|modified|changed|change|update|revised)(?: on| at)?:? *"
    r"((?:[A-Z][a-z]+ \d{1,2}, \d{4}|\d{4}-\d\d-\d\d|\d{1,2} [A-Z][a-z]+ \d{4}|[A-Z][a-z]{2} \d\d \d{4}))"
)
_NOTICES = {"note": "note", "warning": "warning", "tip": "tip", "caution": "caution", "important": "important notice",
            "hint": "hint", "danger": "danger notice", "attention": "attention notice", "see also": "see-also box",
            "error": "error notice", "info": "info box"}  # fmt: skip


PROSE = frozenset(
    way for some in (ways.PARAGRAPH, ways.PARAGRAPH_WITH, ways.FIRST_SENTENCE, ways.SENTENCE_OF, ways.SENTENCE_WITH,
                     ways.LINE_OF, ways.LINES_OF, ways.HEADING_ABOVE, ways.MENTIONED, ways.PARAGRAPHS, ways.SENTENCES)
    for way in some
)  # fmt: skip
"""The phrasings of questions about paragraphs and sentences."""


def ask_documents(sheet: Sheet) -> None:
    """All of them."""
    _ask_paragraphs(sheet)
    _ask_headings(sheet)
    _ask_code(sheet)
    _ask_items(sheet)
    _ask_definitions(sheet)
    _ask_notices(sheet)
    _ask_crumbs(sheet)
    _ask_hints(sheet)
    _ask_facts(sheet)


def sentences_of(text: str) -> list[str]:
    """A paragraph's sentences; none where it is not certain where they end."""
    if _NO_ENDS.search(text) or text[-1:] not in ".!?":
        return []
    return _END.split(text)


def beginning(text: str, others: Sequence[str]) -> str:
    """The first words of a text by which it differs from others; "" where there are none, or they can't be quoted."""
    words = text.split()
    for count in (3, 4, 5, 6):
        start = " ".join(words[:count])
        if len(words) > count and len(start) >= 10 and sum(one.startswith(start) for one in others) == 1:
            return start if plain(start) and '"' not in start else ""
    return ""


def _named(sheet: Sheet, name: str) -> list[Control]:
    """The only heading of a name; none where other texts say the same."""
    found = [one for one in sheet.of("heading") if one.text == name]
    said = sheet.said[name.lower()] - sum(one.text == name for one in sheet.of("section"))
    return found if len(found) == 1 and said == 1 and plain(name) and '"' not in name else []


def _ask_paragraphs(sheet: Sheet) -> None:
    paragraphs = [one for one in sheet.of("paragraph") if plain(one.text, _LONGEST_COPIED)]
    texts = [one.text for one in sheet.controls]
    for one in sheet.rng.sample(paragraphs, min(6, len(paragraphs))):
        heads = _named(sheet, one.called)
        if heads:
            _ask_below(sheet, one, heads)
        start = beginning(one.text, texts)
        if start:
            _ask_started(sheet, one, start)
        if start and heads:
            sheet.ask("value", one.called, ways.HEADING_ABOVE, [one, *heads], b=start)
        sentences = sentences_of(plain(one.text, _LONGEST_COPIED))
        if sentences:
            _ask_word(sheet, one, sentences)
    for one in sheet.of("section"):
        heads, below = _named(sheet, one.text), [other for other in paragraphs if other.called == one.text]
        if heads and one.row <= MOST_COUNTED and sheet.is_whole("headings"):
            sheet.ask("how_many", str(one.row), ways.PARAGRAPHS, [*heads, *below], h=one.text)
    _ask_mentioned(sheet, paragraphs)
    _ask_lines(sheet, paragraphs, texts)


def _ask_below(sheet: Sheet, one: Control, heads: Sequence[Control]) -> None:
    """About a paragraph by the heading above it."""
    text = plain(one.text, _LONGEST_COPIED)
    if 0 <= one.row < 4 and len(text) <= _LONGEST:
        sheet.ask("text", text, ways.PARAGRAPH, [one, *heads], nth=NTH[one.row], h=one.called)
    sentences = sentences_of(text)
    if one.row == 0 and sentences and len(sentences[0]) <= _LONGEST:
        sheet.ask("text", sentences[0], ways.FIRST_SENTENCE, [one, *heads], h=one.called)


def _ask_started(sheet: Sheet, one: Control, start: str) -> None:
    """About a paragraph by how it begins."""
    text = plain(one.text, _LONGEST_COPIED)
    if len(text) <= _LONGEST:
        sheet.ask("text", text, ways.PARAGRAPH_WITH, [one], b=start)
    sentences = sentences_of(text)
    if 1 <= len(sentences) <= 8 and sheet.rng.random() < _COUNTED[min(len(sentences), 2) - 1]:
        sheet.ask("how_many", str(len(sentences)), ways.SENTENCES, [one], b=start)
    if 1 < len(sentences) < 8:
        place = sheet.rng.randrange(1, len(sentences))
        nth = "last" if place == len(sentences) - 1 and sheet.rng.random() < 0.7 else NTH[place]
        sheet.ask("text", sentences[place], ways.SENTENCE_OF, [one], b=start, nth=nth)


def _ask_mentioned(sheet: Sheet, paragraphs: Sequence[Control]) -> None:
    """Whether a word is there; one that is not is from an earlier page."""
    known = sheet.earlier.texts.setdefault("_word", [])
    if len(paragraphs) < 2:
        return
    words = {word for one in sheet.controls for word in re.findall(r"[a-z]+", one.text.lower())}
    absent = [word for word in known if word.lower() not in words and not sheet.has_text(word)]
    there = [word for one in paragraphs for word in _WORD.findall(one.text) if word.lower() in words]
    if absent and there:
        sheet.ask("present", "Yes", ways.MENTIONED, [], w=sheet.rng.choice(there))
        sheet.ask("present", "No", ways.MENTIONED, [], w=sheet.rng.choice(absent))
    known += sheet.rng.sample(there, min(4, len(there)))
    del known[:-60]


def _ask_word(sheet: Sheet, control: Control, sentences: Sequence[str]) -> None:
    """Of which sentence a word is that no other text has."""
    everywhere = " ".join(one.text.lower() for one in sheet.controls)
    for sentence in sheet.rng.sample(list(sentences), 1):
        words = [word for word in _WORD.findall(sentence) if everywhere.count(word.lower()) == 1]
        if words and 20 < len(sentence) <= _LONGEST and plain(sentence, _LONGEST):
            sheet.ask("text", sentence, ways.SENTENCE_WITH, [control], w=sheet.rng.choice(words))


def _ask_lines(sheet: Sheet, paragraphs: Sequence[Control], texts: Sequence[str]) -> None:
    wrapped = [one for one in paragraphs if 2 < len(one.wrapped) <= 10]
    for one in sheet.rng.sample(wrapped, min(2, len(wrapped))):
        start, place = beginning(one.text, texts), sheet.rng.randrange(1, len(one.wrapped))
        if start and plain(one.wrapped[place], 200):
            sheet.ask("text", one.wrapped[place], ways.LINE_OF, [one], b=start, nth=NTH[place])
            sheet.ask("how_many", str(len(one.wrapped)), ways.LINES_OF, [one], b=start)


def _ask_headings(sheet: Sheet) -> None:
    headings = sorted(sheet.of("heading"), key=lambda one: one.box[1])
    places = [at for at in range(len(headings) - 1) if _named(sheet, headings[at].text)
              and _named(sheet, headings[at + 1].text) and abs(headings[at].box[0] - headings[at + 1].box[0]) < 60
              and headings[at + 1].box[1] > headings[at].box[3]]  # fmt: skip
    if not sheet.is_whole("headings"):
        return
    if headings and max(one.box[0] for one in headings) - min(one.box[0] for one in headings) > 100:
        return  # in columns, where "next" may be beside
    for place in sheet.rng.sample(places, min(1, len(places))):
        one, other = headings[place], headings[place + 1]
        sheet.ask("value", other.text, ways.NEXT_HEADING, [one, other], h=one.text)
        sheet.ask("value", one.text, ways.BEFORE_HEADING, [one, other], h=other.text)


def _ask_code(sheet: Sheet) -> None:
    codes = sheet.of("code")
    alone = len(codes) == 1 and sheet.is_whole("code")
    for one in codes[:4]:
        lines = one.text.split("\n")
        if not all(line.isascii() and line.isprintable() for line in lines) or len(one.text) > 600:
            continue
        heads = _named(sheet, one.called)
        if alone:
            sheet.ask("text", one.text, ways.CODE, [one])
        elif heads and one.row == 0 and sum(other.called == one.called for other in codes) == 1:
            sheet.ask("text", one.text, ways.CODE_UNDER, [one, *heads], h=one.called)
        if alone and all(line.strip() for line in lines) and 1 < len(lines) <= MOST_COUNTED + 3:
            place = sheet.rng.randrange(min(len(lines), len(NTH)))
            sheet.ask("text", lines[place].strip(), ways.CODE_LINE, [one], nth=NTH[place], n=str(place + 1))
            sheet.ask("text", lines[-1].strip(), ways.CODE_LINE[:1], [one], nth="last")
            if len(lines) <= MOST_COUNTED:
                sheet.ask("how_many", str(len(lines)), ways.CODE_LINES, [one])
        bare = [line.strip() for line in lines]
        places = [at for at in range(len(bare) - 1) if bare.count(bare[at]) == 1 and bare[at + 1] and bare[at]
                  and "`" not in bare[at] and sum(bare[at] in other.text for other in codes) == 1
                  and sum(bare[at] in line.text for line in sheet.interface.lines) <= 1]  # fmt: skip
        if places:
            place = sheet.rng.choice(places)
            sheet.ask("text", bare[place + 1], ways.CODE_LINE_WITH, [one], l=bare[place])


def _ask_items(sheet: Sheet) -> None:
    lists = sheet.containers("item")
    texts = [one.text for one in sheet.controls]
    for container, items in lists.items():
        alone = len(lists) == 1 and not sheet.of("entry")
        heads = _named(sheet, items[0].called)
        heads = heads if sum(some[0].called == items[0].called for some in lists.values()) == 1 else []
        clear = [one for one in items if plain(one.text, _LONGEST)]
        for one in sheet.rng.sample(clear, min(2, len(clear))):
            if 0 <= one.row < len(NTH) and heads:
                sheet.ask("text", one.text, ways.ITEM, [one, *heads], nth=NTH[one.row], h=one.called)
            elif 0 <= one.row < len(NTH) and alone:
                sheet.ask("text", one.text, ways.ITEM_ALONE, [one], nth=NTH[one.row])
            start = beginning(one.text, texts)
            if start:
                sheet.ask("text", one.text, ways.ITEM_WITH, [one], b=start)
                following = [other for other in clear if other.row == one.row + 1]
                if following and len(following[0].text) < 200:
                    sheet.ask("text", following[0].text, ways.ITEM_NEXT, [one, *following], b=start)
        if sheet.is_whole(container) and len(items) <= MOST_COUNTED:
            if heads:
                sheet.ask("how_many", str(len(items)), ways.ITEMS, [*items, *heads], h=items[0].called)
            if alone:
                sheet.ask("how_many", str(len(items)), ways.ITEMS_ALONE, items)


def _ask_definitions(sheet: Sheet) -> None:
    some = [one for one in sheet.of("definition") if plain(one.label, 60) and plain(one.text, _LONGEST)]
    labels = [one.label.lower() for one in sheet.controls if one.label]
    clear = [one for one in some if labels.count(one.label.lower()) == 1]
    texts = [one.text for one in sheet.controls]
    for one in sheet.rng.sample(clear, min(6, len(clear))):
        sheet.ask("text", one.text, ways.DEFINITION, [one], k=one.label)
        start = beginning(one.text, texts)
        if start:
            sheet.ask("value", one.label, ways.DEFINITION_BACK, [one], b=start)


def _ask_notices(sheet: Sheet) -> None:
    notices = sheet.of("notice")
    titles = [one.label.lower() for one in notices]
    for one in notices:
        title = plain(one.label, 30)
        if not title or titles.count(title.lower()) > 1 or not plain(one.text, 480):
            continue
        noun = _NOTICES.get(title.lower(), "")
        phrasings = [way for way in ways.NOTICE if noun or "{n}" not in way]
        sheet.ask("text", one.text, phrasings, [one], n=noun or "box", t=title)
    everything = " ".join(f"{one.text} {one.label} {one.called}" for one in sheet.controls).lower()
    states = [(one, True, {"t": one.label, "n": _NOTICES[one.label.lower()]}) for one in notices
              if one.label.lower() in _NOTICES]  # fmt: skip
    absent = [title for title in ("note", "warning", "tip", "caution") if title not in everything]
    if absent and sheet.of("paragraph"):
        title = sheet.rng.choice(absent)
        states.append((sheet.of("paragraph")[0], False, {"t": title.capitalize(), "n": _NOTICES[title]}))
    sheet.ask_yes_no("notice", "present", states, ways.HAS_NOTICE, most=1)
    messages = [one for one in sheet.of("message") if plain(one.text, _LONGEST)]
    texts = [one.text for one in sheet.controls]
    for one in messages if 1 < len(messages) < 9 else ():
        start = beginning(one.text, texts)
        if start:
            sheet.ask("message", one.text, ways.MESSAGE_WITH, [one], b=start)
    errors = [one for one in sheet.of("error") if plain(one.text, 160)]
    named = [one.label for one in errors]
    for one in errors:
        if one.label and named.count(one.label) == 1:
            sheet.ask("message", one.text, ways.ERROR_OF, [one], k=one.label)
    if len(errors) == 1 and not messages and not notices:
        sheet.ask("message", errors[0].text, ways.ERROR, errors)


def _ask_crumbs(sheet: Sheet) -> None:
    trails = sheet.containers("crumb")
    for container, trail in trails.items():
        some = sorted(trail, key=lambda one: one.box[0])
        names = sheet.names(some)
        said = listed_names(names)
        in_row = max(one.box[1] for one in some) - min(one.box[1] for one in some) < 12
        if len(trails) > 1 or len(names) < 2 or not in_row or not said or not sheet.is_whole(container):
            continue
        sheet.ask("list", said, ways.CRUMBS, some)
        sheet.ask("value", names[-1], ways.LAST_CRUMB, some)
        place = sheet.rng.randrange(1, len(names))
        sheet.ask("value", names[place - 1], ways.CRUMB_ABOVE, some, k=names[place])


def _ask_hints(sheet: Sheet) -> None:
    hints = sheet.of("hint")
    search = [one for one in hints if one.label == "search"]
    if len(search) == 1 and plain(search[0].text):
        sheet.ask("value", search[0].text, ways.HINT, search)
    elif len(hints) == 1 and plain(hints[0].text):
        sheet.ask("value", hints[0].text, ways.HINT_ALONE, hints)


def _ask_facts(sheet: Sheet) -> None:
    """The only version that is named, the date of the last update."""
    for pattern, phrasings in ((_VERSION, ways.VERSION), (_UPDATED, ways.UPDATED)):
        found = [(one, next(group for group in match.groups() if group)) for one in sheet.controls
                 for match in pattern.finditer(one.text)]  # fmt: skip
        if len({value for _, value in found}) == 1:
            sheet.ask("value", found[0][1], phrasings, [found[0][0]])
