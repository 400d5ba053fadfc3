"""Mail programs."""

from __future__ import annotations

import random

from training.screens.phrases import DAYS, Writer
from training.screens.programs.parts import Columns, ask_columns, ask_side, draw_columns, draw_side, fewer
from training.screens.programs.window import ProgramWindow
from training.screens.records import Screen
from training.screens.sites.facts import fact
from training.screens.themes import Style

_FOLDERS = (
    "Inbox", "Drafts", "Sent", "Archive", "Junk", "Trash", "Outbox", "Spam", "Starred", "Templates", "Important",
)  # fmt: skip
_TOOLS = ("Get Mail", "Write", "Reply", "Reply All", "Forward", "Delete", "Archive", "Tag", "Print")


def draw_mail(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A mail program of this size: folders, a list of mails, the open mail below or beside it."""
    window = ProgramWindow(rng, writer, style, width, height)
    folders = [
        *rng.sample(_FOLDERS, rng.randint(3, 7)),
        *(writer.word().capitalize() for _ in range(rng.randint(0, 3))),
    ]
    folders = list(dict.fromkeys(folders))
    counts = {name: str(rng.randint(1, 99)) for name in folders if rng.random() < 0.45}
    opened = rng.choice(folders)
    window.title(rng.choice((opened, writer.email())))
    window.menus()
    window.tools(_TOOLS)
    if rng.random() < 0.4:
        window.status(rng.choice((f"Unread: {writer.number()}", f"{writer.number()} messages", "Connected",
                                  f"Last checked at {writer.time()}")))  # fmt: skip
    side = draw_side(window, folders, opened, counts=counts, icons=rng.random() < 0.7, share=0.19)
    ask_side(window, side, "folder", "folders", writer.word().capitalize())
    for name, count in side.counts.items():
        window.asker.ask("unread", count, as_kind="value", label=name)
    left, top, bottom, right = window.left, window.top, window.bottom, window.right
    beside, reading = rng.random() < 0.35, rng.random() < 0.8
    if reading and beside:
        window.right = round(left + (right - left) * rng.uniform(0.4, 0.55))
    elif reading:
        window.bottom = round(top + (bottom - top) * rng.uniform(0.35, 0.6))
    table = _draw_list(window)
    sender = ""
    if reading:
        window.left, window.top = (window.right + 1, top) if beside else (left, window.bottom)
        window.right, window.bottom = right, bottom
        window.sketch.draw.rectangle((window.left, window.top, right, bottom), window.theme.field)
        if beside:
            window.sketch.draw.line((window.left, top, window.left, bottom), window.theme.line)
        else:
            window.rule(window.top)
        sender = _draw_open(window, table)
    open_mail = f" The mail from {sender} is open." if sender else ""
    named = (
        f"with the folder {side.selected} selected and {len(table.rows)} mails."
        if side.selected
        else f"with {len(table.rows)} mails."
    )
    return window.finish("mail_program", "mail program", named + open_mail)


def _draw_list(window: ProgramWindow) -> Columns:
    rng, writer = window.rng, window.writer
    senders = [writer.name() if rng.random() < 0.8 else writer.email() for _ in range(rng.randint(3, 22))]
    when = rng.choice((writer.time, writer.date, lambda: f"{rng.choice(DAYS)[:3]} {writer.time()}"))
    rows = [[_subject(rng, writer), sender, when()] for sender in dict.fromkeys(senders)]
    rows = fewer(window, rows)
    names = [
        rng.choice(("Subject", "Topic")),
        rng.choice(("From", "Sender", "Correspondents")),
        rng.choice(("Date", "Time", "Received")),
    ]
    order = (1, 0, 2) if rng.random() < 0.6 else (0, 1, 2)
    table = draw_columns(window, [names[p] for p in order], [[row[p] for p in order] for row in rows],
                         header=rng.random() < 0.7, select=0.9)  # fmt: skip
    _ask_list(window, table, *names)
    return table


def _ask_list(window: ProgramWindow, table: Columns, subject: str, sender: str, when: str) -> None:
    asker, rng = window.asker, window.rng
    ask_columns(window, table, "sender" if table.headings[0] == sender else "mail",
                "senders" if table.headings[0] == sender else "mails", window.writer.name())  # fmt: skip
    if table.headings[0] == sender:
        asker.ask("items_count", str(len(table.rows)), as_kind="count", items="mails")
    subjects, senders, times = table.column(subject), table.column(sender), table.column(when)
    if senders:
        asker.ask("first_sender", senders[0], as_kind="value")
        asker.ask("last_sender", senders[-1], as_kind="value")
        for place in rng.sample(range(len(senders)), min(6, len(senders))):
            if senders.count(senders[place]) > 1:
                continue
            if subjects:
                asker.ask("subject_from", subjects[place], as_kind="cell", label=senders[place])
                asker.ask("sender_of", senders[place], as_kind="cell", label=subjects[place])
            if times:
                asker.ask("mail_time", times[place], as_kind="cell", label=senders[place])


def _draw_open(window: ProgramWindow, table: Columns) -> str:
    """The open mail, as the selected row has it where one is selected; returns the sender."""
    rng, writer, pen, asker = window.rng, window.writer, window.pen, window.asker
    known = dict(zip(table.headings, table.rows[table.selected], strict=True)) if table.selected >= 0 else {}
    sender = next((known[name] for name in ("From", "Sender", "Correspondents") if name in known), writer.name())
    subject = next((known[name] for name in ("Subject", "Topic") if name in known), _subject(rng, writer))
    if sender.endswith("...") or subject.endswith("..."):
        sender, subject = writer.name(), _subject(rng, writer)
    room = window.right - window.left - 2 * window.gap
    address = writer.email()
    fields = {
        "Subject": window.fit(subject, room - pen.size * 6, window.bold),
        "From": window.fit(sender, room - pen.size * 6),
        "To": window.fit(address, room - pen.size * 6),
        "Date": f"{writer.date()} {writer.time()}",
    }
    pitch = round(pen.line * 1.35)
    top, x = window.top + window.gap, window.left + window.gap
    labelled = rng.random() < 0.8
    wide = max(map(pen.width, ("Subject: ", "From: "))) + window.gap
    ink = window.theme.field_ink
    for name in ("Subject", "From", "To", "Date") if rng.random() < 0.5 else ("From", "Subject", "Date", "To"):
        if top + pitch > window.bottom:
            fields.pop(name)
            continue
        used = window.bold if name == "Subject" else pen
        row = window.sketch.row(top, top + pitch, pen)
        if labelled:
            window.sketch.text(x, row, f"{name}:", pen, window.muted(window.theme.field, ink))
        fields[name] = window.fit(fields[name], room - (wide if labelled else 0), used)
        window.sketch.text(x + (wide if labelled else 0), row, fields[name], used, ink)
        top += pitch
    for name, value in fields.items():
        asker.ask(f"open_{name.lower()}", value, as_kind="value")
    if len(fields) > 1:
        asker.record(fields)
    window.rule(top + window.gap // 2)
    _draw_body(window, top + window.gap, pitch, room)
    return fields.get("From", "")


def _draw_body(window: ProgramWindow, top: float, pitch: int, room: float) -> None:
    rng, writer, asker = window.rng, window.writer, window.asker
    greeting = f"{rng.choice(('Dear', 'Hello', 'Hi', 'Good morning'))} {writer.name()},"
    said = " ".join(
        writer.sentence() if rng.random() < 0.7 else writer.message(error=False) for _ in range(rng.randint(1, 5))
    )
    known: dict[str, tuple[str, tuple[str, ...]]] = {}
    if writer.training and rng.random() < 0.6:
        known = {sentence: (value, questions) for sentence, value, questions in (
            fact(rng, writer) for _ in range(rng.randint(1, 3)))}  # fmt: skip
        said = " ".join([*known, said] if rng.random() < 0.4 else known)
    signed = writer.name()
    wide = min(room, window.pen.size * rng.uniform(26, 46))
    text = window.pen.wrap(said, wide)
    lines = [
        greeting,
        "",
        *text,
        "",
        rng.choice(("Best regards", "Kind regards,", "Yours,", "Thanks,", "See you")),
        signed,
    ]
    if len(lines) * pitch > window.bottom - top or max(map(window.pen.width, lines)) > room:
        text = [line for line in text[: int((window.bottom - top) / pitch)] if window.pen.width(line) <= room]
        window.sketch.lines(window.left + window.gap, top, text, window.pen, window.theme.field_ink, pitch)
        return
    window.sketch.lines(window.left + window.gap, top, lines, window.pen, window.theme.field_ink, pitch)
    asker.facts(known)
    asker.ask("greeting", greeting, as_kind="line")
    asker.ask("signed", signed, as_kind="value")
    if len(said) < 400:
        asker.ask("open_body", " ".join(text), as_kind="text")


def _subject(rng: random.Random, writer: Writer) -> str:
    text = writer.words(2, 5).capitalize() if rng.random() < 0.7 else writer.message(error=False, most_words=6)
    return rng.choice(("", "", "", "Re: ", "Fwd: ")) + text
