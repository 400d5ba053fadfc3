"""Channels as clients of IRC and of teams' chats show them: small lines, a topic, people and channels at the side, days and counts."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from training.screens.phrases import DAYS
from training.web.board import Board
from training.web.messages import PLAIN, ask_messages
from training.web.promises import Talk

_TOPICS = ("Next meeting on {day} at {time} in {room}", "Release of {version} planned for {date}", "{app} {version} is out | Questions to {person}", "Please read {host} before you ask",
           "Logs are at {host} | Ops: {person}", "Everything about the {noun} | no links please", "Maintenance on {date}, {time}", "Welcome! Rules: {host}")  # fmt: skip
_LEFT = ("Connection reset by peer", "Ping timeout", "Quit: bye", "Client closed", "Leaving")


def irc(board: Board) -> str:
    """Lines of one size with times and names, in which people also come and go."""
    rng = board.rng
    nicks = _nicks(board, rng.randint(4, 22))
    channel = f"#{_word(board)}"
    topic = str(board.pick(_TOPICS)).format(**_values(board))
    board.ask("value", topic, "What is the topic?|What is the topic of the channel?|Read the topic.|Which topic is set in {c}?|What stands at the top of the channel?",
              ("topic",), c=channel)  # fmt: skip
    board.ask(
        "selected",
        channel,
        "Which channel is open?|What is the channel called?|In which channel is this?|Which channel is shown?",
        ("channel",),
    )
    count = rng.randint(12, 46)
    lines, speakers, times, gone = _lines(board, nicks, count)
    ask_messages(board, speakers, times)
    nicks = [one for one in nicks if one not in gone]
    side = _names_at_side(board, nicks)
    size = rng.choice((11, 12, 13))
    typed = board.pick(("", "", board.pick(PLAIN)))
    if typed:
        board.ask(
            "value",
            typed,
            "What is typed at the bottom?|What has not been sent yet?|What is in the input line?",
            ("typed",),
        )
    own = nicks[0]
    board.ask(
        "value", own, "Which name do I have here?|Under which nick am I in the channel?|What is my own nick?", ("own",)
    )
    foot = f"<div class='bar row small' style='padding:2px 6px'>[{board.put(own, 'own')}] [{board.put(channel, 'channel')}] [{len(nicks)} nicks]</div><div style='padding:2px 6px'>[{escape(channel)}] {board.put(typed, 'typed') if typed else ''}</div>"
    board.noun, board.about = "chat", f'the channel "{channel}" with {len(nicks)} people; the topic is "{topic}"'
    board.name_window(channel)
    wide = rng.randint(110, 170)
    return (f"<div class='mono' style='font-size:{size}px;line-height:{rng.choice((1.2, 1.3, 1.45))}'><div class='bar' style='padding:2px 6px'>{board.put(topic, 'topic')}</div>"
            f"<div class='row top' style='gap:8px;min-height:{rng.choice((0, 50, 75, 88))}vh'><div class='grow' style='padding:3px 6px'>{''.join(lines)}</div>"
            f"<div style='width:{wide}px;padding:3px 6px;border-left:1px solid currentColor;align-self:stretch'>{side}</div></div>{foot}</div>")  # fmt: skip


def _lines(board: Board, nicks: Sequence[str], count: int) -> tuple[list[str], list[str], list[str], set[str]]:
    """HTML of lines, who wrote each message and when, and who has gone."""
    rng, talk = board.rng, Talk(board)
    around = board.pick(("&lt;{}&gt;", "{}:", "{} |", "[{}]"))
    stamped = board.pick(("[{}]", "{}", "({})"))
    active = list(nicks[: rng.randint(2, min(6, len(nicks)))])
    minutes = sorted(rng.sample(range(7 * 60, 23 * 60), count))
    seconds = board.chance(0.4)
    html: list[str] = []
    speakers: list[str] = []
    times: list[str] = []
    came: list[tuple[str, str]] = []
    gone: set[str] = set()
    for minute in minutes:
        stamp = f"{minute // 60:02}:{minute % 60:02}" + (f":{rng.randrange(60):02}" if seconds else "")
        if rng.random() < 0.12 and len(came) < len(nicks) - len(active):
            nick, joined = nicks[-1 - len(came)], rng.random() < 0.6
            came.append((nick, f"j{len(came)}"))
            gone |= set() if joined else {nick}
            what = "has joined" if joined else f"has quit ({board.pick(_LEFT)})"
            html.append(
                f"<div class='muted'>{stamped.format(board.put(stamp, f'jt{len(came)}'))} {board.pick(('-->', '--', '*'))} {board.put(nick, came[-1][1])} {what}</div>"
            )
            asked = (
                "When did {k} join?|At what time did {k} join?|When did {k} come in?"
                if joined
                else "When did {k} leave?|When did {k} quit?|At what time did {k} go?"
            )
            board.ask("value", stamp, asked, (came[-1][1], f"jt{len(came)}"), k=nick)
            board.ask(
                "value",
                nick,
                f"Who {'joined' if joined else 'left'} at {{t}}?|Who {'came in' if joined else 'quit'} at {{t}}?",
                (came[-1][1], f"jt{len(came)}"),
                t=stamp,
            )
            continue
        n, nick = len(speakers), rng.choice(active)
        text = (talk.say(n, nick) if rng.random() < 0.7 else "") or board.pick(PLAIN)
        speakers.append(nick)
        times.append(stamp)
        colour = f"hsl({sum(map(ord, nick)) * 37 % 360},60%,50%)" if board.chance(0.95) else "inherit"
        name = around.format(f"<span style='color:{colour}'>{board.put(nick, f'w{n}')}</span>")
        html.append(
            f"<div><span class='muted'>{stamped.format(board.put(stamp, f'at{n}'))}</span> {name} {board.put(text, f'm{n}')}</div>"
        )
    if not speakers:
        return _lines(board, nicks, count)
    return html, speakers, times, gone


def _names_at_side(board: Board, nicks: Sequence[str]) -> str:
    ops = set(board.rng.sample(list(nicks), board.rng.randint(1, min(3, len(nicks)))))
    ordered = sorted(nicks, key=lambda one: (one not in ops, one))
    every = [f"nick{n}" for n in range(len(ordered))]
    html = "".join(
        f"<div>{'@' if one in ops else '&nbsp;'}{board.put(one, every[n])}</div>" for n, one in enumerate(ordered)
    )
    board.ask(
        "list",
        ", ".join(one for one in ordered if one in ops),
        "Who is an operator here?|Which names have an @?|Which people are operators?|Who has op?",
        every,
    )
    board.ask(
        "how_many",
        str(len(nicks)),
        "How many people are in the channel?|How many nicks are there?|How many names are in the list at the side?",
        every,
    )
    board.ask(
        "value",
        ordered[0],
        "Which name is at the top of the list of people?|Who stands first in the list of nicks?",
        every[:1],
    )
    return html


def _nicks(board: Board, count: int) -> list[str]:
    made: dict[str, None] = {}
    while len(made) < count:
        word = _word(board)
        name = board.pick(
            (
                word,
                word,
                f"{word}{board.rng.randint(1, 99)}",
                f"{word}_",
                f"{word[0]}{word[-3:]}",
                str(board.maker.make("person").text).split()[0].lower(),
            )
        )
        if len(name) > 2:
            made[name] = None
    return list(made)


def _word(board: Board) -> str:
    return "".join(one for one in str(board.writer.slot("noun")).lower() if one.isalnum())[:11] or "main"


def _values(board: Board) -> dict[str, str]:
    values = {
        kind: board.maker.make(kind).text
        for kind in ("day", "time", "room", "version", "date", "app", "person", "host")
    }
    return {**values, "noun": _word(board)}


def channel(board: Board) -> str:
    """A team's chat: channels with counts of what is unread, a purpose, days, reactions and threads."""
    rng = board.rng
    names = list(dict.fromkeys(_word(board) for _ in range(rng.randint(4, 14))))
    on, side = rng.randrange(len(names)), ""
    for n, name in enumerate(names):
        unread = rng.randint(1, 40) if n != on and rng.random() < 0.35 else 0
        badge = board.put(str(unread), f"u{n}", style="badge") if unread else ""
        side += f"<div class='item row spread {'active' if n == on else ''}'><span># {board.put(name, f'c{n}')}</span>{badge}</div>"
        if unread:
            board.ask(
                "value",
                str(unread),
                "How many unread messages are in {c}?|How many new messages does {c} have?|Which number stands beside {c}?",
                (f"c{n}", f"u{n}"),
                c=name,
            )
    every = [f"c{n}" for n in range(len(names))]
    board.ask(
        "selected",
        names[on],
        "Which channel is open?|Which channel is selected?|What is the open channel called?",
        (every[on],),
    )
    board.ask(
        "how_many",
        str(len(names)),
        "How many channels are listed?|How many channels are there?|Count the channels.",
        every,
    )
    topic = str(board.pick(_TOPICS)).format(**_values(board))
    members = rng.randint(2, 400)
    board.ask(
        "value",
        topic,
        "What is the topic of the channel?|What is the topic of {c}?|What stands under the channel's name?|Read the topic.",
        ("topic",),
        c=names[on],
    )
    board.ask(
        "value",
        str(members),
        "How many members does the channel have?|How many people are in {c}?|How many members are there?",
        ("members",),
        c=names[on],
    )
    people = board.alike("person", rng.randint(2, 6))
    count = rng.randint(4, 13)
    speakers = [rng.choice(people) for _ in range(count)]
    minutes = sorted(rng.sample(range(7 * 60, 22 * 60), count))
    times = [f"{one // 60:02}:{one % 60:02}" for one in minutes]
    talk, html = Talk(board), ""
    new_day = rng.randrange(1, count) if board.chance(0.6) else 0
    for n, name in enumerate(speakers):
        if n == new_day and n:
            day = board.pick(("Today", "New", *DAYS))
            html += f"<div class='muted small' style='text-align:center'>{board.put(day, 'day')}</div>"
        text = (talk.say(n, name) if rng.random() < 0.75 else "") or board.pick(PLAIN)
        html += (f"<div class='item'><b>{board.put(name, f'w{n}')}</b> <span class='muted small'>{board.put(times[n], f'at{n}')}</span>"
                 f"<div>{board.put(text, f'm{n}')}</div>{_below(board, n, name)}</div>")  # fmt: skip
    ask_messages(board, speakers, times)
    board.noun, board.about = "chat", f'a chat, the channel "{names[on]}", with {count} messages'
    head = f"<div class='rule item'><b># {escape(names[on])}</b> <span class='muted small'>{board.put(str(members), 'members')} members</span><div class='small'>{board.put(topic, 'topic')}</div></div>"
    return f"<div class='row top'><div class='panel' style='width:{rng.randint(140, 230)}px;flex:none'>{side}</div><div class='grow'>{head}{html}<div class='input muted'>Message #{escape(names[on])}</div></div></div>"


def _below(board: Board, n: int, name: str) -> str:
    """Answers and reactions to message `n`."""
    draw = board.rng.random()
    if draw < 0.18:
        replies = board.rng.randint(2, 30)
        board.ask(
            "value",
            str(replies),
            "How many replies does the message of {t} have?|How many answers did the message of {t} get?",
            (f"at{n}", f"re{n}"),
            t=board.texts[f"at{n}"],
        )
        board.ask(
            "value", name, "Whose message has {r} replies?|Who got {r} replies?", (f"w{n}", f"re{n}"), r=str(replies)
        )
        return f"<div class='small accent'>{board.put(str(replies), f're{n}')} replies</div>"
    if draw < 0.32:
        thumbs = board.rng.randint(1, 12)
        return f"<div class='small'><span class='badge'>+1 {board.put(str(thumbs), f'th{n}')}</span></div>"
    return ""
