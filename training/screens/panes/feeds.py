"""Dense lists of what people wrote: chats, commits, mails and comments in small rows that fill the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from training.screens.page import mixed
from training.screens.panes.feed_questions import Asked, ask_entries, asked_of
from training.screens.panes.frame import Frame
from training.screens.panes.looks import row_look, show_row
from training.screens.panes.repository import subject_line
from training.screens.phrases import DAYS, MONTHS, Writer
from training.screens.records import Screen
from training.screens.themes import Style
from training.screens.typefaces import Colour, Pen

_CHAT = (
    "morning everyone",
    "is {file} the newest version?",
    "I pushed the fix for the {noun}",
    "who has the key of the {noun}?",
    "lunch at {time}?",
    "not before {time}, sorry",
    "the {noun} is down again",
    "restarted it, should work now",
    "thanks @{nick}!",
    "@{nick} can you look at {file}?",
    "I will be in {place} on {day}",
    "the invoice says {amount}",
    "can we move the meeting to {time}?",
    "{day} works for me",
    "+1",
    "I left the {noun} in the kitchen",
    "it takes {number} minutes by bus",
    "build {number} is green",
    "still waiting for the {noun}",
    "see {path}",
    "please do not touch {host} before {time}",
    "my {noun} arrived, finally",
    "who ordered the {adjective} {noun}?",
    "that was me",
    "ok, I order {number} of them",
    "the {noun} costs {amount} there",
    "too expensive",
    "found it for {amount}",
    "@{nick} the code is {code}",
    "forgot my {noun}, back in ten minutes",
    "has anyone seen {name}?",
    "in the {noun} room, I think",
    "happy birthday {name}!",
    "the train is late",
    "version {version} is out",
    "it crashes when I open {file}",
    "same here",
    "works on my machine",
    "then it is the {noun}",
    "let us talk about it on {day}",
    "who writes the minutes?",
    "I do",
    "photos are in {path}",
    "great photos",
    "the {adjective} one is my favourite",
    "we need {number} more chairs",
    "I can bring two",
    "the wifi password is {code}",
    "not working for me",
    "try {host}",
    "that helped, thank you",
    "good night",
)
_MAIL = (
    "Invoice {code}",
    "Your order {code} has shipped",
    "Re: {noun} for {day}",
    "Meeting on {day} at {time}",
    "Minutes of the meeting",
    "Fwd: {file}",
    "Question about the {noun}",
    "Re: Question about the {noun}",
    "New sign-in from {place}",
    "Reminder: {noun} due on {day}",
    "Your ticket to {place}",
    "Offer for {number} {noun}s",
    "Re: Offer for {number} {noun}s",
    "Password changed",
    "Holiday from {day} on",
    "Photos from {place}",
    "{name} shared {file} with you",
    "Lunch on {day}?",
    "Re: Lunch on {day}?",
    "Receipt for {amount}",
    "Backup of {host} failed",
    "Version {version} released",
    "Application as {noun}",
    "Contract for the {noun}",
    "Weekly report",
    "Thank you!",
    "Change of address",
    "The {adjective} {noun}",
    "Appointment at {time}",
    "Parcel {code} could not be delivered",
)
_COMMENT = (
    "I see the same with version {version}.",
    "Fixed in {code}, please try again.",
    "Can you attach {file}?",
    "It only happens on {day}s.",
    "Works for me on {host}.",
    "Why not use a {noun}?",
    "@{nick} knows more about this.",
    "Please add a test for the {noun}.",
    "The name of the {noun} is misleading.",
    "Should this be {number} and not zero?",
    "Great work, thank you!",
    "I would split this into two.",
    "Is the {adjective} {noun} still needed?",
    "See also {path}.",
    "This costs {number} ms more.",
    "Reverted for now.",
    "We decided on {day} to keep the {noun}.",
    "The text says {amount}, the table does not.",
    "Same here, since the last update.",
    "Closing, as nobody can repeat it.",
    "Reopened: it is back in {version}.",
    "The {noun} should be bold.",
    "Typo in line {number}.",
)
_MOST = 70
"""Entries of a list."""


@dataclass(frozen=True)
class Entry:
    """What someone wrote, when, and its code (the hash of a commit), or ""."""

    who: str
    when: str
    text: str
    code: str = ""


def draw_feed(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """One of the kinds of lists, as many rows as there is room for."""
    kind = rng.choice(("chat", "chat", "commit", "commit", "mail", "comment"))
    asked = asked_of(kind)
    frame = Frame(rng, writer, style, width, height, rng.choice(asked.nouns), columns=50, lines=26)
    frame.pitch_px = round(frame.pen.line * rng.uniform(1.0, 1.3))
    people = _people(rng, writer, kind)
    document = {
        "chat": f"#{writer.slot('noun')}",
        "commit": str(writer.slot("noun")),
        "mail": rng.choice(("Inbox", "Archive", "Sent", "Work")),
        "comment": f"{rng.choice(('Issue', 'Ticket', '#'))} {rng.randint(2, 4000)}",
    }[kind]
    frame.title(document)
    frame.menus(0.5)
    frame.tools(share=0.4)
    if rng.random() < 0.5:
        sign = "#" if kind == "chat" else ""
        others = [f"{sign}{writer.slot('noun')}" for _ in range(rng.randint(3, 14))]
        names = list(dict.fromkeys([document, *others]))
        rng.shuffle(names)
        frame.panel(names, *asked.side, selected=document, share=0.16, icons=rng.random() < 0.4)
    if rng.random() < 0.5:
        frame.status([f"{rng.randint(2, 900)} {rng.choice(('items', 'unread', 'online', 'total'))}"])
    entries = _write(rng, writer, kind, people)
    draw: Callable[[Frame, Sequence[Entry], Asked], list[Entry]] = rng.choice(_FORMS[kind])
    shown = draw(frame, entries, asked)
    ask_entries(frame, [(one.who, one.when, one.text, one.code) for one in shown], asked)
    return frame.done("feed", f"with {len(shown)} {asked.items}; {document} is open.")


def _people(rng: Random, writer: Writer, kind: str) -> list[str]:
    """Two to seven who write, by their names or by nicknames."""
    named = rng.random() < (0.3 if kind == "chat" else 0.7)
    names = [
        writer.name() if named else str(rng.choice((writer.name().split()[0].lower(), writer.slot("noun"))))
        for _ in range(rng.randint(2, 7))
    ]
    return list(dict.fromkeys(names))


def _write(rng: Random, writer: Writer, kind: str, people: Sequence[str]) -> list[Entry]:
    """Up to `_MOST` entries, no text twice; messages oldest first, commits and mails newest first."""
    form = rng.choice(
        (
            "{d:02}.{m:02}.{y}",
            "{y}-{m:02}-{d:02}",
            "{d} {name}",
            "{name} {d}",
            "{y}-{m:02}-{d:02} {h:02}:{n:02}",
            "{d:02}/{m:02}/{y} {h:02}:{n:02}",
        )
    )
    if kind in {"chat", "comment"} or (kind == "mail" and rng.random() < 0.3):
        form = rng.choice(("{h:02}:{n:02}", "{h:02}:{n:02}", "{h:02}:{n:02}:{s:02}", "{h12}:{n:02} {half}"))
    minute, year, day = rng.randint(300, 700), rng.randint(2008, 2031), rng.randint(1, 200)
    texts, entries = set[str](), list[Entry]()
    second = 0
    for _ in range(_MOST):
        passed = rng.choice((0, 1, 1, 2, 3, 7, 15))
        minute += passed
        day += rng.choice((0, 1, 1, 2, 5))
        hour = minute // 60 % 24
        later = rng.randrange(60)
        second = later if passed else max(second, later)  # times never go back
        when = form.format(
            d=day % 28 + 1,
            m=day // 28 % 12 + 1,
            name=MONTHS[day // 28 % 12][:3],
            y=year + day // 336,
            h=hour,
            n=minute % 60,
            s=second,
            h12=(hour + 11) % 12 + 1,
            half="AM" if hour < 12 else "PM",
        )
        text = _text(rng, writer, kind, people)
        if text in texts:
            continue
        texts.add(text)
        code = "".join(rng.choices("0123456789abcdef", k=7)) if kind == "commit" else ""
        who = entries[-1].who if entries and kind == "chat" and rng.random() < 0.25 else rng.choice(people)
        entries.append(Entry(who, when, text, code))
    return entries if kind in {"chat", "comment"} else entries[::-1]


def _text(rng: Random, writer: Writer, kind: str, people: Sequence[str]) -> str:
    """What one of the people wrote, who may name another."""
    if kind == "commit":
        return subject_line(rng, writer)
    forms = {"chat": _CHAT, "mail": _MAIL, "comment": _COMMENT}[kind]
    form = rng.choice(forms)
    place = rng.choice(writer.vocabulary.places)
    nick = rng.choice(people).replace(" ", "")  # so that a name after "@" is all of it
    return writer.fill(form.replace("{nick}", nick).replace("{day}", rng.choice(DAYS)).replace("{place}", place))


def _in_lines(frame: Frame, entries: Sequence[Entry], asked: Asked) -> list[Entry]:
    """Each in one line: when, who and what, in an order and with marks of some program."""
    rng = frame.rng
    pen = frame.mono if rng.random() < 0.5 else frame.pen
    forms = (
        ("{c} {t} {w} {x}", "{c} {x} ({w}, {t})", "{c} {t} [{w}] {x}", "* {c} - {x} ({t}) <{w}>")
        if asked.coded
        else ("[{t}] <{w}> {x}", "{t} {w}: {x}", "{t} <{w}> {x}", "({t}) {w}: {x}", "{w} {t}: {x}", "{t} | {w} | {x}")
    )
    form, shown, pitch = rng.choice(forms), list[Entry](), round(pen.line * rng.uniform(1.0, 1.2))
    for one in entries:
        line = form.format(c=one.code, t=one.when, w=one.who, x=one.text)
        if frame.top + pitch > frame.bottom:
            break
        if pen.width(line) > frame.wide - 2 * frame.gap:
            continue
        frame.put(frame.left + frame.gap, frame.top, line, pen, None, pitch)
        frame.top += pitch
        shown.append(one)
    return shown


def _in_columns(frame: Frame, entries: Sequence[Entry], asked: Asked) -> list[Entry]:
    """Rows with columns, often with headings above them, often one of them selected."""
    rng, gap, pitch = frame.rng, frame.gap, frame.pitch_px
    parts: list[Callable[[Entry], str]] = [lambda one: one.text, lambda one: one.who, lambda one: one.when]
    heads = [asked.heads[0], asked.heads[1], asked.heads[2]]
    if asked.coded:
        parts, heads = [*parts, lambda one: one.code], [*heads, rng.choice(("Commit", "Hash", "SHA", "ID"))]
    order = rng.choice(([0, 1, 2, 3], [1, 0, 2, 3], [3, 0, 1, 2], [2, 1, 0, 3]))
    order = [place for place in order if place < len(parts)]
    room = max(1, int((frame.bottom - frame.top) / pitch) - 1)
    entries = entries[:room]
    widths = [
        max(map(frame.pen.width, [heads[place], *(parts[place](one) for one in entries)])) + 2.5 * gap
        for place in order
    ]
    if sum(widths) > frame.wide:
        return _in_lines(frame, entries, asked)
    spare = (frame.wide - sum(widths)) * rng.choice((0, 0.4, 0.95))
    widths[order.index(0)] += spare
    if rng.random() < 0.6:
        frame.fill((frame.left, frame.top, frame.right, frame.top + pitch), frame.bar_ground)
        _row(frame, [heads[place] for place in order], widths, None, frame.bar_ink)
    chosen = rng.randrange(len(entries)) if rng.random() < 0.7 else -1
    look = row_look(rng, signs=False)
    bold = {n for n in range(len(entries)) if asked.unread and rng.random() < 0.2}
    striped = rng.random() < 0.4
    for n, one in enumerate(entries):
        ink = frame.ink
        if striped and n % 2:
            frame.fill((frame.left, frame.top, frame.right, frame.top + pitch), mixed(frame.ink, frame.ground, 0.05))
        if n == chosen:
            box = (frame.left, frame.top, frame.right, frame.top + pitch)
            ink = show_row(frame, box, frame.ground, frame.ink, look)
        pen = frame.bold if n in bold and frame.bold.face.bold and not frame.pen.face.bold else frame.pen
        texts = [frame.fits(parts[place](one), wide - gap, pen) for place, wide in zip(order, widths, strict=True)]
        _row(frame, texts, widths, pen, ink)
    if chosen >= 0:
        _ask_selected(frame, entries[chosen], asked)
    return list(entries)


def _ask_selected(frame: Frame, one: Entry, asked: Asked) -> None:
    frame.say_phrase("selected", one.text, asked.selected, item=asked.item)
    frame.say_phrase("value", one.who, asked.selected_who, item=asked.item)
    frame.say_phrase("value", one.when, asked.selected_when, item=asked.item)


def _row(frame: Frame, texts: Sequence[str], widths: Sequence[float], pen: Pen | None, ink: Colour) -> None:
    """Draw texts into columns of these widths, px."""
    x = float(frame.left)
    for text, wide in zip(texts, widths, strict=True):
        frame.put(x + frame.gap, frame.top, text, pen, ink, frame.pitch_px)
        x += wide
    frame.top += frame.pitch_px


def _in_blocks(frame: Frame, entries: Sequence[Entry], asked: Asked) -> list[Entry]:  # noqa: ARG001 - all forms are called alike
    """Two lines each: who and when above what, beside a sign; or the text above, who and when below it."""
    rng, pitch, shown = frame.rng, frame.pitch_px, list[Entry]()
    below, signed, boxed = rng.random() < 0.4, rng.random() < 0.5, rng.random() < 0.3
    indent = pitch * 1.9 if signed else 0
    for one in entries:
        high = pitch * 2.35
        if frame.top + high > frame.bottom:
            break
        x = frame.left + frame.gap + indent
        head = [one.who, one.when, *([one.code] if one.code else [])]
        if max(frame.pen.width(one.text), frame.bold.width("   ".join(head))) > frame.right - x - frame.gap:
            continue
        if boxed:
            box = (x - 3, frame.top, frame.right - frame.gap, frame.top + high - 2)
            frame.fill(box, mixed(frame.ink, frame.ground, 0.06), 4)
        if signed:
            frame.icon(frame.left + frame.gap, frame.top + pitch, pitch * 1.4)
        top, under = (frame.top + pitch, frame.top) if below else (frame.top, frame.top + pitch)
        at = frame.put(x, top, head[0], frame.bold if not below else None, frame.ink, pitch)
        for text in head[1:]:
            at = frame.put(at + frame.gap * 1.5, top, text, None, frame.faint, pitch)
        frame.put(x, under, one.text, frame.bold if below else None, frame.ink, pitch)
        frame.top += high
        shown.append(one)
    return shown


_FORMS: dict[str, Sequence[Callable[[Frame, Sequence[Entry], Asked], list[Entry]]]] = {
    "chat": (_in_lines, _in_lines, _in_blocks),
    "commit": (_in_columns, _in_columns, _in_lines, _in_blocks),
    "mail": (_in_columns, _in_blocks),
    "comment": (_in_blocks, _in_blocks, _in_lines),
}
