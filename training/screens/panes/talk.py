"""Chats in lines: a topic, who said what and when, people at the side."""

from __future__ import annotations

from random import Random

from training.screens.line_questions import line_questions
from training.screens.page import mixed
from training.screens.panes.frame import Frame
from training.screens.panes.plain_text import is_of_text
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import Style
from training.screens.typefaces import Colour, Pen

_INKS: tuple[Colour, ...] = (
    (190, 60, 60),
    (40, 120, 60),
    (50, 90, 190),
    (150, 70, 160),
    (170, 110, 20),
    (20, 130, 140),
)
_MOST_COUNTED = 20
"""Messages that a person would count."""
_SAID = ("I will look at the {noun} around {time}", "who can {verb} the {adjective} {noun}?",
         "the {noun} is {adjective} since {version}",
         "see {path}", "can someone send me {file}?", "{words}", "it was fixed in {code}", "{noun} {version} is out",
         "why does {file} not {verb}?",
         "please {verb} the {noun} before {day}", "that costs {amount}", "ask {name}", "{sentence}",
         "thanks, the {noun} works now",
         "I get {number} of them on {host}", "the meeting is on {day} at {time}",
         "is {noun} the same as {adjective} {noun}?")  # fmt: skip


def draw_talk(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A channel with its topic, messages with times, and the people in it."""
    frame = Frame(rng, writer, style, width, height, rng.choice(("chat program", "chat program", "chat client")))
    mono = rng.random() < 0.5
    pen = frame.mono if mono else frame.pen
    channel = f"#{writer.slot('noun')}"
    server = f"{writer.slot('noun')}.example"
    frame.title(rng.choice((channel, f"{channel} @ {server}", f"{writer.slot('noun')} / {channel}")))
    frame.menus()
    topic = writer.fill(rng.choice(("{noun} {version} is out, {words}", "Welcome to the {noun} channel", "{words}",
                                    "Next meeting: {day} {time}",
                                    "All about {adjective} {noun}s | {host}")))  # fmt: skip
    if rng.random() < 0.8 and frame.pen.width(topic) < frame.wide - 4 * frame.gap:
        high = frame.pen.line * 1.7
        top, bottom = frame.strip(high)
        frame.sketch.panel(
            (frame.gap, top + 2, frame.right - frame.gap, bottom - 2),
            frame.style.theme.field,
            frame.style.theme,
            sunken=True,
        )
        frame.put(frame.gap * 2, top, topic, None, frame.style.theme.field_ink, high)
        for _ in range(2):
            frame.ask("value", topic, "What is the topic?", "What is the topic of the channel?", "Read the topic.",
                      "Topic?", "Which topic is set?",
                      "What does the topic say?", "What is the channel about?",
                      "What stands in the topic bar?")  # fmt: skip
    nicks = list(
        dict.fromkeys(
            str(rng.choice((writer.slot("noun"), writer.name().split()[0].lower())))
            for _ in range(rng.choice((3, 4, 5, 6, 11)))
        )
    )
    _sides(frame, channel, nicks)
    frame.bottom -= frame.pen.line * 1.8
    frame.sketch.panel((frame.left + frame.gap, frame.bottom + 3, frame.right - frame.gap,
                        frame.bottom + frame.pen.line * 1.7),
                       frame.style.theme.field, frame.style.theme, sunken=True)  # fmt: skip
    said = _messages(frame, nicks, pen)
    _ask(frame, said)
    return frame.done("talk", f"with {len(said)} messages; {channel} is open.")


def _sides(frame: Frame, channel: str, nicks: list[str]) -> None:
    rng, writer = frame.rng, frame.writer
    if rng.random() < 0.7:
        channels = list(
            dict.fromkeys([channel, *(f"#{writer.slot('noun')}" for _ in range(rng.choice((1, 3, 5, 9, 14))))])
        )
        rng.shuffle(channels)
        frame.panel(channels, "channel", "channels", selected=channel, share=0.14, icons=rng.random() < 0.4)
        frame.document = channel
        frame.ask_opened("channel")
    if rng.random() < 0.6:
        frame.panel(sorted(nicks), "person", "people", heading=rng.choice(("", f"{len(nicks)} users", "Members")),
                    right=True, share=0.13,
                    icons=rng.random() < 0.4)  # fmt: skip


def _messages(frame: Frame, nicks: list[str], pen: Pen) -> list[tuple[str, str, str]]:
    """Time, who and what of each message, as drawn."""
    rng, writer, pitch = frame.rng, frame.writer, pen.line * frame.rng.uniform(1.1, 1.5)
    form = rng.choice(("[{t}] <{n}> {m}", "{t} {n}: {m}", "[{t}] {n} {m}", "{t} <{n}> {m}", "{n} ({t}): {m}"))
    minute, inks = rng.randint(60, 1200), dict[str, Colour]()
    said: list[tuple[str, str, str]] = []
    for nick, ink in zip(nicks, rng.sample(_INKS, len(_INKS)), strict=False):
        inks[nick] = ink if sum(frame.ground) > 380 else mixed(ink, (255, 255, 255), 0.55)
    for _ in range(frame.rows_for(3, 22, pitch)):
        minute += rng.randint(1, 9)
        what, nick = writer.fill(rng.choice(_SAID)), rng.choice(nicks)
        when = f"{minute // 60 % 24:02}:{minute % 60:02}"
        before, after = form.format(t=when, n="\n", m="").split("\n")
        if frame.top + pitch > frame.bottom:
            break
        if pen.width(before + nick + after + what) > frame.wide - 2 * frame.gap or what in {one[2] for one in said}:
            continue
        x = (
            frame.put(frame.left + frame.gap, frame.top, before, pen, frame.faint, pitch)
            if before
            else frame.left + frame.gap
        )
        x = frame.put(x, frame.top, nick, pen, inks.get(nick, frame.ink), pitch)
        frame.put(x, frame.top, after + what, pen, None, pitch)
        frame.top += pitch
        said.append((when, nick, what))
    lines = [form.format(t=when, n=nick, m=what) for when, nick, what in said]
    frame.asker.questions += [one for one in line_questions(rng, lines, most=6) if is_of_text(one)]
    return said


def _ask(frame: Frame, said: list[tuple[str, str, str]]) -> None:
    rng = frame.rng
    if not said:
        return
    people = [nick for _, nick, _ in said]
    whens = [when for when, _, _ in said]
    for when, nick, what in rng.sample(said, min(4, len(said))):
        frame.ask("value", nick, "Who said '{m}'?", "Who wrote '{m}'?",
                  "Who asked '{m}'?" if what.endswith("?") else "Who says '{m}'?",
                  "From whom is '{m}'?", "'{m}': who said that?", "Whose message is '{m}'?", "By whom is '{m}'?",
                  "Who sent '{m}'?",
                  m=what)  # fmt: skip
        frame.ask("value", when, "When did {n} say '{m}'?", "At what time was '{m}' written?", "When was '{m}' sent?",
                  "Time of '{m}'?",
                  "When did {n} write '{m}'?", "What time stands at '{m}'?", "At what time did {n} write '{m}'?",
                  "'{m}': when was it?",
                  m=what, n=nick)  # fmt: skip
        if people.count(nick) == 1:
            frame.ask("value", what, "What did {n} say?", "What did {n} write?",
                      "What does {n} ask?" if what.endswith("?") else "What does {n} say?",
                      "Read the message of {n}.", "{n} said what?", "Quote {n}.", "Which message is from {n}?",
                      "What is {n}'s message?",
                      n=nick)  # fmt: skip
        if whens.count(when) == 1:
            frame.ask("value", nick, "Who wrote at {t}?", "Who said something at {t}?",
                      "From whom is the message of {t}?", "{t}: who wrote?",
                      "Whose message is from {t}?", "Who sent the message at {t}?", "By whom is the message at {t}?",
                      "Who was it at {t}?", t=when)  # fmt: skip
            frame.ask("value", what, "What was written at {t}?", "What was said at {t}?", "Read the message of {t}.",
                      "Message at {t}?",
                      "What does the message at {t} say?", "Which message is from {t}?", "Quote what was said at {t}.",
                      "What did they write at {t}?", t=when)  # fmt: skip
    asked = [one for one in said if one[2].endswith("?")]
    if len(asked) == 1:
        frame.ask("value", asked[0][1], "Who asked a question?", "Who asks something?",
                  "Who wants to know something?", "From whom is the question?",
                  "Whose message is a question?", "Who asked?", "Which person asks a question?",
                  "Who has a question?")  # fmt: skip
    last, first = said[-1], said[0]
    frame.ask("value", last[2], "What is the last message?", "Read the last message.", "Last message?",
              "What was said last?",
              "Which message is the newest?", "What does the last message say?", "What was written last?",
              "Quote the latest message.")  # fmt: skip
    frame.ask("value", last[1], "Who wrote the last message?", "Who wrote last?", "From whom is the last message?",
              "Who said something last?",
              "Who sent the newest message?", "Whose message is the last one?", "Last message: by whom?",
              "Who spoke last?")  # fmt: skip
    frame.ask("value", last[0], "When was the last message sent?", "When was the last message written?",
              "Time of the last message?",
              "At what time did someone write last?", "When did they last write?", "When was something said last?",
              "What time has the newest message?", "When is the last message from?")  # fmt: skip
    frame.ask("value", first[2], "What is the first message?", "Read the first message.", "First message?",
              "What was said first?",
              "Which message is at the top?", "What does the first message say?", "What was written first?",
              "Quote the topmost message.")  # fmt: skip
    if len(said) > _MOST_COUNTED:
        return
    frame.ask("how_many", str(len(said)), "How many messages are shown?", "How many messages do you see?",
              "Count the messages.",
              "Number of messages?", "How many messages are there?", "How many messages can you count?",
              "How many lines of chat are there?",
              "How many messages were written?")  # fmt: skip
