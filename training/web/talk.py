"""Chats and mail."""

from __future__ import annotations

from training.web.board import Board
from training.web.buttons import button_row
from training.web.texts import paragraph


def chat(board: Board) -> str:
    """Channels at the side, messages of several people, a field to write in."""
    rng = board.rng
    channels, people = (
        [one.lower() for one in board.alike("noun", rng.randint(3, 9))],
        board.alike("person", rng.randint(2, 4)),
    )
    channels = list(dict.fromkeys(channels))
    on = rng.randrange(len(channels))
    sign = board.pick(("# ", "", "#"))
    side = "".join(
        f"<div class='item {'active' if n == on else ''}'>{sign}{board.put(name, f'c{n}')}</div>"
        for n, name in enumerate(channels)
    )
    board.ask(
        "selected",
        channels[on],
        "Which channel is open?|Which channel is selected?|What is the name of the open channel?|Which conversation is open?",
        (f"c{on}",),
    )
    board.ask(
        "list",
        ", ".join(channels),
        "Which channels are there?|List the channels.|Name the channels.",
        [f"c{n}" for n in range(len(channels))],
    )
    board.ask(
        "how_many",
        str(len(channels)),
        "How many channels are there?|How many channels are listed?|Count the channels.",
        [f"c{n}" for n in range(len(channels))],
    )
    board.whether(
        "Is there a channel {text}?|Is there a channel called {text}?|Do you see the channel {text}?",
        [(name, (f"c{n}",)) for n, name in enumerate(channels)],
        board.maker.make("noun").text.lower(),
    )
    html, count = [], rng.randint(3, 10)
    speakers = [rng.choice(people) for _ in range(count)]
    bubbles = board.chance(0.4)
    for number, name in enumerate(speakers):
        text, stamp = _said(board, number, name), board.maker.make("time").text
        mine = "margin-left:auto" if bubbles and name == people[0] else ""
        html.append(
            f"<div class='{'panel' if bubbles else 'item'}' style='max-width:{560 if bubbles else 1200}px;{mine}'><b>{board.put(name, f'w{number}')}</b> <span class='muted small'>{board.put(stamp, f'at{number}')}</span><div>{text}</div></div>"
        )
        if speakers.count(name) == 1:
            needs = (f"w{number}", f"m{number}")
            board.ask(
                "message",
                board.texts[f"m{number}"],
                "What does {k} say?|What did {k} write?|Read the message of {k}.|What is {k}'s message?",
                needs,
                k=name,
            )
            board.ask(
                "value",
                stamp,
                "When did {k} write?|At what time did {k} write?|When was {k}'s message sent?",
                (f"w{number}", f"at{number}"),
                k=name,
            )
    every = [f"w{n}" for n in range(count)]
    board.ask(
        "value", speakers[-1], "Who wrote last?|Who wrote the last message?|From whom is the newest message?", every
    )
    board.ask("value", speakers[0], "Who wrote the first message?|From whom is the message at the top?", every[:1])
    board.ask(
        "message",
        board.texts[f"m{count - 1}"],
        "What is the last message?|Read the last message.|What does the newest message say?",
        [f"m{n}" for n in range(count)],
    )
    board.ask(
        "how_many", str(count), "How many messages are there?|How many messages are shown?|Count the messages.", every
    )
    board.noun, board.about = "chat", f'a chat, the channel "{channels[on]}", with {count} messages'
    return f"<div class='row top'><div class='panel' style='width:{rng.randint(150, 240)}px'>{side}</div><div class='grow col'>{''.join(html)}<div class='input muted'>{board.pick(('Write a message', 'Message', 'Reply'))}</div></div></div>"


def _said(board: Board, number: int, speaker: str) -> str:
    """A message, in half of the cases with something to ask about."""
    rng = board.rng
    if rng.random() < 0.45:
        noun, time, person = board.writer.slot("noun"), board.maker.make("time").text, board.maker.make("place").text
        form, question, answer = board.pick((
            ("I can help with the {n} after {t}.", "After what time can {k} help?|From when on can {k} help with the {n}?", time),
            ("The {n} begins at {t}.", "When does the {n} begin?|At what time does the {n} begin?", time),
            ("Let us meet in {p} because of the {n}.", "Where does {k} want to meet?|Where should we meet because of the {n}?", person),
            ("The {n} was sent to {p} this morning.", "Where was the {n} sent?|To which place was the {n} sent?", person),
            ("Please bring the {n} by {t}.", "By when should the {n} be brought?|Until when is the {n} needed?", time)))  # fmt: skip
        text = form.format(n=noun, t=time, p=person)
        board.ask("value", answer, question, (f"w{number}", f"m{number}"), n=noun, k=speaker)
        return board.put(text, f"m{number}")
    return board.put(
        board.pick((board.writer.sentence(3, 12), " ".join(board.writer.message(error=False).split()))), f"m{number}"
    )


def mail(board: Board) -> str:
    """Folders, a list of mails, and the one that is open."""
    rng = board.rng
    folders = [
        "Inbox",
        *rng.sample(("Sent", "Drafts", "Spam", "Archive", "Trash", "Starred", "Lists"), rng.randint(2, 5)),
    ]
    on, unread = rng.randrange(len(folders)), rng.randint(1, 90)
    side = "".join(
        f"<div class='item row spread {'active' if n == on else ''}'>{board.put(name, f'f{n}')}{board.put(str(unread), 'unread', style='badge') if n == 0 else ''}</div>"
        for n, name in enumerate(folders)
    )
    board.ask(
        "selected",
        folders[on],
        "Which folder is open?|Which folder is selected?|Which mail folder is shown?",
        (f"f{on}",),
    )
    board.ask(
        "value",
        str(unread),
        "How many unread mails are in the inbox?|Which number stands beside Inbox?|How many mails are unread?",
        ("f0", "unread"),
    )
    senders, subjects = board.alike("person", rng.randint(3, 9)), board.alike("thing", 9)
    chosen, rows = rng.randrange(len(senders)), []
    for n, (sender, subject) in enumerate(zip(senders, subjects, strict=False)):
        date = board.maker.make("date").text
        rows.append(
            f"<div class='rule item {'active' if n == chosen else ''}'><div class='row spread'>{board.put(sender, f's{n}', style='b')}{board.put(date, f'd{n}', style='small')}</div>{board.put(subject, f'j{n}')}</div>"
        )
        needs = (f"s{n}", f"j{n}")
        board.ask(
            "value",
            subject,
            "What is the subject of {k}'s mail?|What did {k} write about?|About what is the mail of {k}?",
            needs,
            k=sender,
        )
        board.ask("value", sender, 'Who sent "{j}"?|From whom is "{j}"?|Who wrote about "{j}"?', needs, j=subject)
        board.ask(
            "value",
            date,
            "When did {k} write?|When did the mail of {k} come?|What is the date of {k}'s mail?",
            (f"s{n}", f"d{n}"),
            k=sender,
        )
    every = [f"s{n}" for n in range(len(rows))]
    board.ask(
        "how_many", str(len(rows)), "How many mails are listed?|How many mails are there?|Count the mails.", every
    )
    board.ask(
        "selected",
        subjects[chosen],
        "Which mail is open?|Which mail is selected?|What is the subject of the open mail?",
        (f"j{chosen}",),
    )
    board.ask(
        "selected", senders[chosen], "Who sent the open mail?|From whom is the mail that is open?", (f"s{chosen}",)
    )
    body = "".join(paragraph(board, rng.randint(0, 1), 1, 3) for _ in range(rng.randint(1, 3)))
    pane = f"<div class='panel grow'><h2>{board.put(subjects[chosen])}</h2><div class='muted'>{board.pick(('From', 'Von', 'Sender'))}: {board.put(senders[chosen])}</div>{body}{button_row(board)}</div>"
    board.noun, board.about = (
        "mail program",
        f'a mail program with {len(rows)} mails; "{subjects[chosen]}" by {senders[chosen]} is open',
    )
    return f"<div class='row top'><div style='width:{rng.randint(110, 170)}px'>{side}</div><div style='width:{rng.randint(220, 340)}px;flex:none'>{''.join(rows)}</div>{pane}</div>"
