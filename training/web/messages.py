"""Conversations in plain English: who wrote what and when, and a mail that is read."""

from __future__ import annotations

from collections.abc import Sequence

from training.web.board import Board
from training.web.look import icon
from training.web.promises import Talk
from training.web.statements import TOPICS, Teller, headline

_SAID = (
    ("I will be there at {time}.", "When will {k} be there?|At what time does {k} come?", "time"),
    ("Can somebody send me the file {file}?", "Which file does {k} need?|What does {k} ask for?", "file"),
    ("{person} has the key.", "Who has the key?|Who is said to have the key?", "person"),
    ("The {n} costs {amount}.", "What does the {n} cost?|How much is the {n}?", "amount"),
    ("We need {small} more chairs.", "How many chairs are needed?|How many more chairs are needed?", "small"),
    ("I moved the meeting to {day}.", "To which day was the meeting moved?|When is the meeting now?", "day"),
    ("The build of {version} is broken again.", "Which version is broken?|Which build is broken?", "version"),
    ("The server {server} is down.", "Which server is down?|What is down?", "server"),
    ("Call me under {phone}.", "Under which number can I call {k}?|What is {k}'s number?", "phone"),
    ("Table booked for {small} people at {time2}.", "For how many people is the table booked?|How many people are coming?", "small"),
    ("I left it in {room}.", "Where did {k} leave it?|Where is it, according to {k}?", "room"),
    ("Our train to {place} is late.", "Where does the train go?|To which town are they going?", "place"),
    ("It is {degrees} here.", "How warm is it where {k} is?|Which temperature does {k} report?", "degrees"),
    ("Use the branch {code} for that.", "Which branch should be used?|Which branch does {k} mention?", "code"),
    ("Lunch at the {n}?", "Where does {k} want to have lunch?|What does {k} suggest for lunch?", "n"),
)  # fmt: skip
PLAIN = ("Thanks!", "Sounds good to me.", "No problem, I will do it.", "Let me look into it.", "Who is going to pay for that?", "I do not know.", "Sorry, I was in a meeting.", "Great news!", "That is too late for me.",
          "See you tomorrow.", "Could you check it again?", "Works for me.", "I am still waiting for an answer.", "Good morning everyone!", "Not before next week.", "It was my fault.", "Can we talk about it?", "Fixed it.", "Has anyone seen my notes?", "I would rather stay here.")  # fmt: skip
_YES_NO = (("I cannot come on {day}.", "Can {k} come on {day}?|Does {k} come on {day}?", "No"), ("The printer works again.", "Does the printer work?|Is the printer working again?", "Yes"), ("I have not had time to read it.", "Has {k} read it?|Did {k} have time to read it?", "No"),
           ("The tickets are booked.", "Are the tickets booked?|Have the tickets been booked?", "Yes"), ("There is no coffee left.", "Is there any coffee left?|Is there still coffee?", "No"), ("I found my keys.", "Did {k} find the keys?|Have the keys been found?", "Yes"))  # fmt: skip


def _line(board: Board, number: int, speaker: str, said: set[str]) -> str:
    """What somebody says; asks what it tells. Nothing that was `said` is said again, as two places would answer."""
    draw, needs = board.rng.random(), (f"w{number}", f"m{number}")
    left = [one for one in _SAID if one[0] not in said]
    telling = [one for one in _YES_NO if one[0] not in said]
    if draw < 0.25 and telling:
        text, asked, answer = board.pick(telling)
        said.add(text)
        day = board.maker.make("day").text
        board.ask("yes_no", answer, asked, needs, k=speaker, day=day)
        return str(text.format(day=day))
    if draw < 0.8 and left:
        form, asked, slot = board.pick(left)
        said.add(form)
        kinds = (
            "time",
            "file",
            "person",
            "amount",
            "small",
            "day",
            "version",
            "server",
            "phone",
            "room",
            "place",
            "degrees",
            "code",
        )
        slots = {kind: board.maker.make(kind).text for kind in kinds}
        slots.update(n=board.writer.slot("noun").lower(), time2=board.maker.make("time").text)
        board.ask("value", slots[slot], asked, needs, k=speaker, n=slots["n"])
        return str(form.format(**slots))
    return str(board.pick(PLAIN))


def messenger(board: Board) -> str:
    """People at the side, messages with names and times, one of them perhaps oneself."""
    rng = board.rng
    people = board.alike("person", rng.randint(2, 5))
    count = rng.randint(3, 11)
    speakers = [rng.choice(people) for _ in range(count)]
    minutes = sorted(rng.sample(range(7 * 60, 22 * 60), count))
    times = [f"{one // 60:02}:{one % 60:02}" for one in minutes]
    bubbles, html = board.chance(0.5), []
    said_before: set[str] = set()
    talk = Talk(board) if board.chance(0.6) else None
    for n, name in enumerate(speakers):
        text = (talk.say(n, name) if talk and board.chance(0.8) else "") or _line(board, n, name, said_before)
        mine = (
            f"margin-left:auto;background:{'#3b6ea5' if n % 2 else '#2e7d5b'};color:#fff;--faint:#e6eef5"
            if bubbles and name == people[0]
            else ""
        )
        face = (
            f"<span style='width:28px;height:28px;border-radius:14px;flex:none;background:hsl({sum(map(ord, name)) % 360},50%,50%)'></span>"
            if board.chance(0.9)
            else ""
        )
        head = f"<b>{board.put(name, f'w{n}')}</b> <span class='muted small'>{board.put(times[n], f'at{n}')}</span>"
        html.append(
            f"<div class='row top {'panel' if bubbles else 'item'}' style='max-width:{rng.randint(420, 560) if bubbles else 1100}px;{mine}'>{face}<div>{head}<div>{board.put(text, f'm{n}')}</div></div></div>"
        )
    ask_messages(board, speakers, times)
    name = board.pick(
        (
            board.maker.make("noun").text,
            f"# {board.maker.make('noun').text.lower()}",
            board.maker.make("app").text + " team",
        )
    )
    board.ask(
        "heading",
        name,
        "What is the chat called?|What is the name of the group?|Which conversation is open?|What is the title of the chat?",
        ("title",),
    )
    typed = board.pick(("", "", board.pick(PLAIN)))
    field = (
        board.put(typed, "typed")
        if typed
        else f"<span class='muted'>{board.pick(('Write a message...', 'Message', 'Reply'))}</span>"
    )
    if typed:
        board.ask(
            "value",
            typed,
            "What is typed in the message field?|What has not been sent yet?|What stands in the field at the bottom?",
            ("typed",),
        )
    board.noun, board.about = "chat", f'a chat "{name}" with {count} messages'
    return f"<div class='col'><div class='rule item'>{board.put(name, 'title', 'h2')}</div>{''.join(html)}<div class='row'><div class='input grow'>{field}</div>{icon(rng)}</div></div>"


def ask_messages(board: Board, speakers: Sequence[str], times: Sequence[str]) -> None:
    """Who wrote what and when; the texts of message n are w{n}, at{n} and m{n}."""
    count = len(speakers)
    texts = [board.texts[f"m{n}"] for n in range(count)]
    every, said = [f"w{n}" for n in range(count)], [f"m{n}" for n in range(count)]
    for n in board.rng.sample(range(count), min(count, 5)):
        name = speakers[n]
        if texts.count(texts[n]) == 1:
            board.ask(
                "value",
                name,
                'Who wrote "{t}"?|Who says "{t}"?|From whom is the message "{t}"?|Whose message is "{t}"?',
                (f"w{n}", f"m{n}"),
                t=texts[n],
            )
            board.ask(
                "value",
                times[n],
                'When was "{t}" written?|At what time was "{t}" sent?',
                (f"at{n}", f"m{n}"),
                t=texts[n],
            )
        if speakers.count(name) == 1:
            board.ask(
                "message",
                texts[n],
                "What does {k} say?|What did {k} write?|Read {k}'s message.|What is the message of {k}?",
                (f"w{n}", f"m{n}"),
                k=name,
            )
            board.ask(
                "value",
                times[n],
                "When did {k} write?|At what time did {k} write?|When did {k}'s message come?",
                (f"w{n}", f"at{n}"),
                k=name,
            )
        board.ask(
            "message",
            texts[n],
            "What was written at {t}?|Read the message of {t}.|Which message came at {t}?",
            (f"at{n}", f"m{n}"),
            t=times[n],
        )
        board.ask("value", name, "Who wrote at {t}?|From whom is the message of {t}?", (f"at{n}", f"w{n}"), t=times[n])
    for name in board.rng.sample(sorted(set(speakers)), min(3, len(set(speakers)))):
        last = max(n for n, one in enumerate(speakers) if one == name)
        first = speakers.index(name)
        board.ask(
            "message",
            texts[last],
            "What did {k} write last?|What is the last message of {k}?",
            [*every, f"m{last}"],
            k=name,
        )
        board.ask(
            "message",
            texts[first],
            "What did {k} write first?|What is the first message of {k}?",
            [*every[: first + 1], f"m{first}"],
            k=name,
        )
        board.ask(
            "how_many",
            str(speakers.count(name)),
            "How many messages are from {k}?|How often did {k} write?|How many messages did {k} write?",
            every,
            k=name,
        )
    board.ask(
        "value",
        speakers[-1],
        "Who wrote the last message?|Who wrote last?|From whom is the newest message?|Who was the last to write?|Whose is the last message?",
        every,
    )
    board.ask(
        "value",
        speakers[0],
        "Who wrote the first message?|Who wrote first?|From whom is the message at the top?|Who began the conversation?",
        every[:1],
    )
    board.ask(
        "message",
        texts[-1],
        "What is the last message?|Read the last message.|What does the newest message say?|What was written last?",
        said,
    )
    board.ask(
        "message", texts[0], "What is the first message?|Read the message at the top.|What was written first?", said[:1]
    )
    board.ask(
        "value",
        times[-1],
        "When was the last message written?|At what time was the last message sent?|What time is the newest message from?",
        [f"at{n}" for n in range(count)],
    )
    board.ask(
        "how_many", str(count), "How many messages are shown?|How many messages are there?|Count the messages.", every
    )
    board.ask(
        "how_many",
        str(len(set(speakers))),
        "How many people wrote?|How many different people write here?|How many people take part?",
        every,
    )
    board.ask(
        "list",
        ", ".join(dict.fromkeys(speakers)),
        "Who takes part in the conversation?|Who wrote something?|Name the people who wrote.",
        every,
    )


def reading_pane(board: Board) -> str:
    """A list of mails and the one that is open: sender, addressee, subject, text, an attachment."""
    rng, topics = board.rng, list(TOPICS)
    senders = board.alike("person", rng.randint(3, 10))
    subjects = [headline(board, rng.choice(topics)) for _ in senders]
    unread = [rng.random() < 0.35 for _ in senders]
    chosen, rows = rng.randrange(len(senders)), ""
    topic = rng.choice(("house", "trade", "course", "council", "release"))
    subjects[chosen] = headline(board, topic)
    stamps = [board.maker.make(kind).text for kind in [board.pick(("time", "date"))] * len(senders)]
    for n, sender in enumerate(senders):
        weight = "b" if unread[n] else ""
        rows += f"<div class='rule item {'active' if n == chosen else ''}'><div class='row spread'>{board.put(sender, f's{n}', style=weight)}{board.put(stamps[n], f'd{n}', style='small muted')}</div>{board.put(subjects[n], f'j{n}', style=weight)}</div>"
        needs = (f"s{n}", f"j{n}")
        if subjects.count(subjects[n]) == 1:
            board.ask(
                "value",
                sender,
                'Who sent "{j}"?|From whom is "{j}"?|Who wrote the mail "{j}"?|Whose mail is "{j}"?',
                needs,
                j=subjects[n],
            )
        board.ask(
            "value",
            subjects[n],
            "What is the subject of {k}'s mail?|What does {k} write about?|Which subject does the mail of {k} have?|What did {k} send?",
            needs,
            k=sender,
        )
        board.ask(
            "value",
            stamps[n],
            "When did {k} write?|When did the mail of {k} come?|When did {k} send the mail?",
            (f"s{n}", f"d{n}"),
            k=sender,
        )
    every = [f"s{n}" for n in range(len(senders))]
    board.ask(
        "value",
        senders[0],
        "Who sent the first mail in the list?|From whom is the newest mail?|Who sent the mail at the top?",
        every[:1],
    )
    board.ask(
        "value",
        senders[-1],
        "Who sent the last mail in the list?|From whom is the mail at the bottom of the list?",
        every,
    )
    board.ask(
        "how_many",
        str(sum(unread)),
        "How many mails are bold?|How many mails are unread?|How many mails have not been read?",
        every,
    )
    board.ask(
        "how_many",
        str(len(senders)),
        "How many mails are listed?|How many mails are in the list?|Count the mails.",
        every,
    )
    to, address = board.maker.make("person").text, board.maker.make("email").text
    teller = Teller(board, topic)
    body = "".join(teller.paragraph(1, 4) for _ in range(rng.randint(2, 4)))
    head = f"<div class='muted'>{board.pick(('From', 'Sender'))}: {board.put(senders[chosen], 'from')} &lt;{board.put(address, 'mail')}&gt;<br>To: {board.put(to, 'to')}</div>"
    board.ask(
        "selected",
        subjects[chosen],
        "Which mail is open?|Which mail is selected?|What is the subject of the open mail?|What is the open mail about?|What is the subject?",
        ("title",),
    )
    board.ask(
        "value",
        senders[chosen],
        "Who wrote the open mail?|From whom is the mail that is open?|Who is the sender?|Who sent it?",
        ("from",),
    )
    board.ask(
        "value",
        to,
        "To whom is the mail addressed?|Who is the recipient?|To whom was it sent?|Who gets the mail?",
        ("to",),
    )
    board.ask(
        "value",
        address,
        "What is the sender's address?|From which address was it sent?|What is the e-mail address of {k}?",
        ("from", "mail"),
        k=senders[chosen],
    )
    attached = ""
    if board.chance(0.45):
        file, size = board.maker.make("file").text, board.maker.make("size").text
        attached = f"<div class='panel row' style='width:max-content'>{icon(rng)}{board.put(file, 'file')} {board.put(size, 'size', style='muted small')}</div>"
        board.ask(
            "file", file, "What is attached?|Which file is attached?|What is the name of the attachment?", ("file",)
        )
        board.ask("value", size, "How large is the attachment?|What is the size of the attachment?", ("file", "size"))
    board.ask(
        "yes_no",
        "Yes" if attached else "No",
        "Does the mail have an attachment?|Is something attached?|Is there an attachment?",
        ("file",) if attached else ("title",),
    )
    sign = board.put(board.pick((senders[chosen], senders[chosen].split()[0])), "sign")
    tools = "".join(
        board.put(one, f"act{n}", "button", "btn")
        for n, one in enumerate(
            rng.sample(
                ("Reply", "Reply all", "Forward", "Delete", "Archive", "Print", "Spam", "Move"), rng.randint(2, 5)
            )
        )
    )
    names = [name for name in board.texts if name.startswith("act")]
    board.ask(
        "buttons",
        ", ".join(board.texts[one] for one in names),
        "Which buttons are above the mail?|What can I do with the mail?|List the buttons above the mail.",
        names,
    )
    board.noun, board.about = (
        "mail program",
        f'a mail program with {len(senders)} mails; "{subjects[chosen]}" by {senders[chosen]} is open',
    )
    pane = f"<div class='panel grow'><div class='row wrap'>{tools}</div>{board.put(subjects[chosen], 'title', 'h2')}{head}<p>{board.pick(('Hello', 'Dear', 'Hi'))} {to.split()[0]},</p>{body}{attached}<p>{board.pick(('All the best', 'Regards', 'Thank you', 'See you'))}<br>{sign}</p></div>"
    return f"<div class='row top'><div style='width:{rng.randint(230, 360)}px;flex:none'>{rows}</div>{pane}</div>"
