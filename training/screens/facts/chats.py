"""Chats in which people tell facts in their own words."""

from __future__ import annotations

import random

from training.screens.facts.questions import FACT, fact_questions
from training.screens.facts.slots import Maker, Value, draw_manner
from training.screens.facts.telling import Statement
from training.screens.facts.writing import FactPage, choose_facts
from training.screens.page import Page, black_or_white, mixed
from training.screens.phrases import Writer
from training.screens.phrasing import question
from training.screens.records import Question, Screen
from training.screens.themes import Style

_LAST = (
    "Who wrote the last message?",
    "From whom is the last message?",
    "Who wrote last?",
    "Whose message is the last one?",
)
_FIRST = ("Who wrote the first message?", "From whom is the first message?", "Who wrote first?", "Who began?")
_SECOND_LAST = ("Who wrote the message before the last one?", "Whose is the last but one message?")
_ABOUT = ("Who writes about {s}?", "Who mentions {s}?", "Who wrote something about {s}?", "Whose message is about {s}?")
_WROTE = ("What did {p} write?", "What does {p} say?", "Read the message of {p}.", "What is the message of {p}?")
_WHEN = ("When did {p} write?", "At what time did {p} write?", "When was the message of {p} sent?")
_SHORT = (
    "ok",
    "thanks",
    "Thanks!",
    "Great.",
    "good idea",
    "hm",
    "See you",
    "Fine with me.",
    "why not",
    "I see",
    "yes",
    "later",
    ":-)",
    "+1",
)


def draw_fact_chat(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A chat of this size; facts are said by their person, or about others."""
    page = Page(rng, writer, style, width, height)
    naming = rng.choice(("first", "first", "person", "user"))
    maker = Maker(rng, writer, draw_manner(rng))
    people = list(dict.fromkeys(maker.make(naming) for _ in range(rng.randint(2, 6))))
    maker, groups = choose_facts(rng, writer, rng.randint(2, 5) + height // 160, each=(1, 2, 2, 3), people=people)
    messages: list[tuple[Value, str, Statement | None]] = []
    for one in (one for group in groups for one in group):
        own = (
            one.values.get("p") in people
            and "p" in one.shown
            and "{p}" not in one.text
            and str(one.values["p"]) not in one.text
        )
        messages.append((one.values["p"] if own else rng.choice(people), one.text, one))
    others = (rng.choice((rng.choice(_SHORT), writer.sentence(2, 8))) for _ in range(rng.randint(0, 4)))
    messages += [(rng.choice(people), text, None) for text in others]
    rng.shuffle(messages)
    channel = rng.choice((f"#{writer.slot('noun').lower()}", str(rng.choice(people)), writer.words(1, 2).capitalize()))
    page.put(style.px(10), 0, channel, page.bold, page.ink)
    page.top = page.pitch + style.px(2)
    page.left, page.right = style.px(10), width - style.px(10)
    if rng.random() < 0.45:
        _topic(page, maker, channel)
    page.rule()
    page.top += style.px(6)
    drawn = _draw(page, messages)
    facts = FactPage(page, maker)
    known = [said for _, _, _, said in drawn if said]
    page.asker.questions += fact_questions(rng, maker, known, 24)
    page.asker.questions += _ask(rng, drawn, known)
    single = [said for _, _, _, said in drawn]
    if all(single):
        facts.by_place([said for said in single if said], "message")
    facts.ask()
    page.describe(f"A chat with {len(drawn)} messages; {channel} is open.")
    return page.finish("chat", "chat")


def _topic(page: Page, maker: Maker, channel: str) -> None:
    """What a channel is for, in a line below its name."""
    rng, writer = page.rng, page.writer
    form = rng.choice(
        (
            f"Next meeting: {maker.make('day')}, {maker.make('time')}",
            f"{writer.slot('app')} {maker.make('version')} is out",
            f"Questions to {maker.make('person')}, {maker.make('phone')}",
            f"Everything about the {writer.slot('noun')}",
            f"Freeze on {maker.make('date')}; {maker.make('first')} decides",
            f"Rules: {writer.host()}",
            writer.words(2, 6),
        )
    )
    topic = page.say(form, page.pen, page.faint, gap=0, most=1)
    if topic:
        page.ask("fact", form, "What is the topic of the channel?", f"What is the topic of {channel}?", "Read the topic.", "Which topic is set?",
                 "What stands below the name of the chat?")  # fmt: skip


def _draw(
    page: Page, messages: list[tuple[Value, str, Statement | None]]
) -> list[tuple[Value, str, str, Statement | None]]:
    """Draws from the top until there is no room; returns sender, time, text and fact of each."""
    rng, style = page.rng, page.style
    look = rng.choice(("line", "line", "head", "head", "bubble"))
    form = rng.choice(("[{t}] <{p}> {m}", "<{p}> {m}", "{t} {p}: {m}", "{p}: {m}", "({t}) {p}: {m}", "{t} <{p}> {m}"))
    minute, drawn = rng.randrange(300, 1200), []
    room = page.wide
    bubble = mixed(page.accent, page.ground, 0.25)
    for sender, text, said in messages:
        minute += rng.randint(0, 20)
        when = f"{minute // 60 % 24:02}:{minute % 60:02}"
        top = page.top
        if look == "line":
            if not page.say(form.format(t=when, p=sender, m=text), gap=0.1, most=4):
                break
            drawn.append((sender, when if "{t}" in form else "", text, said))
            continue
        wide = min(room, page.pen.size * 34)
        lines = page.pen.wrap(text, wide - style.px(16))
        pitch = round(page.pen.line * 1.2)
        if top + pitch * (len(lines) + 1.8) > page.bottom or max(map(page.pen.width, lines)) > room - style.px(20):
            break
        end = page.put(page.left, top, sender, page.bold, page.ink, pitch)
        page.put(end + style.px(10), top, when, None, page.faint, pitch)
        ink, top = page.ink, top + pitch
        if look == "bubble":
            broad = max(map(page.pen.width, lines)) + style.px(16)
            page.fill((page.left, top, page.left + broad, top + pitch * len(lines) + style.px(4)), bubble, style.px(6))
            ink = black_or_white(bubble)
        page.sketch.lines(page.left + style.px(8), top + style.px(2), lines, page.pen, ink, pitch)
        page.top = top + pitch * len(lines) + style.px(rng.choice((8, 12)))
        drawn.append((sender, when, text, said))
    return drawn


def _ask(
    rng: random.Random, drawn: list[tuple[Value, str, str, Statement | None]], known: list[Statement]
) -> list[Question]:
    """Who wrote what, when and about what."""
    if not drawn:
        return []
    senders = [sender for sender, _, _, _ in drawn]
    found = [question(rng, FACT, senders[-1], _LAST), question(rng, FACT, senders[0], _FIRST)]
    if len(senders) > 2:
        found.append(question(rng, FACT, senders[-2], _SECOND_LAST))
    for sender, when, text, said in drawn:
        if senders.count(sender) == 1:
            found.append(question(rng, FACT, text, _WROTE, p=sender))
            if when:
                found.append(question(rng, FACT, when, _WHEN, p=sender))
        if said and "s" in said.shown and "s" in said.values:
            subject = said.values["s"]
            article = "the " if said.kind.slots["s"] == "thing" or said.kind.slots["s"].endswith("+") else ""
            if sum(str(subject).lower() in one.text.lower() for one in known) == 1:
                found.append(question(rng, FACT, sender, _ABOUT, s=f"{article}{subject}"))
    return rng.sample(found, min(10, len(found)))
