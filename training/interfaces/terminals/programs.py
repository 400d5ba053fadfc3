"""Programs that have the whole terminal: pagers, monitors, lists of files and mails, dialogs, panes, interpreters."""

# ruff: noqa: SIM905 - lists of words are easier to read without quotes

from __future__ import annotations

import random
import shlex
from collections.abc import Callable

from training.interfaces.terminals.maker import Maker
from training.interfaces.terminals.mistakes import Making
from training.interfaces.terminals.projects import write_repository
from training.interfaces.terminals.sessions import fill_folder, write_table

PROGRAMS: dict[str, tuple[Making, float]] = {}
"""Each kind's function, and how often it is made."""
_PAGES = (
    "ls cp mv rm cat head tail sort uniq wc cut tr grep find tar gzip chmod chown df du ps kill free uptime"
    " date cal ssh scp curl wget git-commit git-branch git-log git-diff bash less sed awk xargs tee touch mkdir"
    " ln stat file diff patch make gcc python3 perl crontab passwd su sudo mount fstab hosts resolv.conf"
).split()


def program(kind: str, share: float = 1.0) -> Callable[[Making], Making]:
    """Collect a function that starts such a program."""

    def added(make: Making) -> Making:
        PROGRAMS[kind] = (make, share)
        return make

    return added


def draw(rng: random.Random) -> tuple[str, Making]:
    """One of the programs, by its share."""
    kinds = list(PROGRAMS)
    kind = rng.choices(kinds, [PROGRAMS[one][1] for one in kinds])[0]
    return kind, PROGRAMS[kind][0]


@program("less", 1.5)
def less(maker: Maker) -> None:
    """A pager with a text, a log or a table."""
    rng = maker.rng
    maker.folder()
    form = rng.choice(("text", "log", "table"))
    if form == "table":
        name, _ = write_table(maker, 60)
    else:
        name = maker.name(".txt" if form == "text" else ".log")
        lines = [maker.writer.sentence(4, 11) if form == "text" else
                 f"2026-11-{1 + number // 9:02} {8 + number % 9:02}:{rng.randrange(60):02}:{rng.randrange(60):02} "
                 f"{rng.choice(('INFO', 'WARNING', 'ERROR'))} {maker.writer.sentence(2, 6)}"
                 for number in range(160)]  # fmt: skip
        maker.file(name, "\n".join(lines) + "\n")
    keys = rng.choice(((), (" ",), ("G",)))
    maker.show(rng.choice((f"less {name}", f"less -N {name}", f"less -S {name}", f"less -M {name}")), *keys)


@program("man", 2)
def manual(maker: Maker) -> None:
    """A page of the manual."""
    rng = maker.rng
    maker.begin()
    maker.show(f"man {rng.choice(_PAGES)}", *rng.choice(((), (" ",), (" ", " "), ("d",))), wait_s=0.9)


@program("top", 1.5)
def top(maker: Maker) -> None:
    """A monitor of one person's processes."""
    rng = maker.rng
    maker.begin()
    for _ in range(rng.randint(4, 14) if maker.filled else rng.randint(1, 6)):
        maker.run(
            rng.choice(
                (f"sleep {rng.randrange(99, 9999)} &", "tail -f /dev/null &", "cat /dev/zero | head -c 1 | sleep 999 &")
            )
        )
    who = maker.person.name if maker.person.uid else "nobody"
    maker.show(
        rng.choice((f"top -u {who}", f"htop -u {who}", f"top -d 60 -u {who}", f"htop -d 100 -u {who}")), wait_s=0.8
    )


@program("ncdu", 1.5)
def disk_usage(maker: Maker) -> None:
    """Which files take most room."""
    maker.folder(maker.rng.choice(("data", "media", "backup", "Downloads")))
    fill_folder(maker, 4, 12)
    maker.show("ncdu .", *(["j"] * maker.rng.randint(0, 3)), wait_s=0.8)


@program("tig", 1.5)
def tig(maker: Maker) -> None:
    """The commits of a repository."""
    write_repository(maker, min(24, maker.many(3, 11)))
    maker.show("tig", *(["j"] * maker.rng.randint(0, 2)), wait_s=0.8)


@program("mutt", 2)
def mail(maker: Maker) -> None:
    """A mailbox with mails, or one of them."""
    rng = maker.rng
    maker.folder("Mail")
    people = ("Alice Moreau", "Ben Carter", "Dana Novak", "Elif Kaya", "Greta Olsen", "Hugo Silva", "Jonas Weber",
              "Lara Rossi", "Omar Farouk", "Priya Nair", "Sven Lund", "Yusuf Demir")  # fmt: skip
    parts = []
    for number in range(min(28, maker.many(3, 12))):
        who = rng.choice(people)
        day = 1 + number
        address = who.split()[0].lower() + "@example.org"
        subject = rng.choice(
            (maker.writer.words(2, 5).capitalize(), f"Re: {maker.writer.words(1, 3)}", f"Invoice {rng.randrange(999)}")
        )
        read = "Status: RO\n" if rng.random() < 0.6 else ""
        parts.append(f"From {address} Mon Nov {day:2} 10:00:00 2026\nFrom: {who} <{address}>\nTo: me@example.com\n"
                     f"Subject: {subject}\nDate: Sun, {day} Nov 2026 1{number % 10}:2{number % 6}:00 +0000\n"
                     f"Message-ID: <{number}.{rng.randrange(10**6)}@example.org>\n{read}\n"
                     + "\n".join(maker.writer.sentence() for _ in range(rng.randint(2, 9))) + "\n\n")  # fmt: skip
    maker.file("inbox", "".join(parts))
    maker.file("muttrc", "set sort=date\nset header_cache=\"\"\nset mark_old=no\nset collapse_unread=no\n"
               "set index_format=\"%4C %Z %{%b %d} %-18.18F (%4c) %s\"\n")  # fmt: skip
    keys = ("\r",) if rng.random() < 0.3 else ("j",) * rng.randint(0, 2)
    maker.show("mutt -n -F muttrc -R -f inbox", *keys, wait_s=0.8)


@program("dialog", 4)
def dialog(maker: Maker) -> None:
    """Boxes that scripts show; what they say is kept for the questions."""
    rng, writer = maker.rng, maker.writer
    maker.begin()
    tool = rng.choice(("whiptail", "dialog", "dialog --no-shadow", "dialog --ascii-lines"))
    title = rng.choice((writer.words(1, 3).title(), "Configuration", "Setup", "Package configuration", "Backup",
                        "Question", "Network", "Error", "Confirm"))  # fmt: skip
    title = "".join(char for char in title if char.isalnum() or char == " ").strip() or "Setup"
    text = writer.message(error=rng.random() < 0.5, most_words=12)
    text = "".join(char for char in text if char.isalnum() or char in " .,:?/-") if text.isascii() else "Continue?"
    kind = rng.choice(("msgbox", "yesno", "menu", "checklist", "radiolist", "inputbox", "infobox", "gauge"))
    items = [one.capitalize() for one in maker.nouns(rng.randint(2, 7))]
    tags = [str(number) for number in range(1, len(items) + 1)] if rng.random() < 0.5 else [
        one.lower()[:6] + str(number) for number, one in enumerate(items)]  # fmt: skip
    on = [rng.random() < 0.4 for _ in items]
    if kind == "radiolist":
        chosen = rng.randrange(len(items))
        on = [place == chosen for place in range(len(items))]
    wide = min(maker.columns - 8, max(48, len(text) // 2 + 12))
    high = min(
        maker.rows - 3, 9 + len(text) // (wide - 6) + (len(items) if kind in ("menu", "checklist", "radiolist") else 0)
    )
    parts = [f"--{kind}", text, str(high), str(wide)]
    if kind == "menu":
        parts += [str(len(items)), *(part for pair in zip(tags, items, strict=True) for part in pair)]
    elif kind in ("checklist", "radiolist"):
        parts += [str(len(items)), *(part for tag, item, state in zip(tags, items, on, strict=True)
                                     for part in (tag, item, "ON" if state else "OFF"))]  # fmt: skip
    elif kind == "inputbox":
        maker.notes["entry"] = maker.noun()
        parts.append(maker.notes["entry"])
    elif kind == "gauge":
        maker.notes["percent"] = str(rng.randrange(3, 98))
        parts.append(maker.notes["percent"])
    given = (
        ["--backtitle", rng.choice(("Installer", "System setup", maker.noun().capitalize() + " 2.1"))]
        if rng.random() < 0.4
        else []
    )
    words = [*shlex.split(tool), *given, "--title", title, *parts]
    script = " ".join(shlex.quote(word) for word in words)
    maker.folder("bin")
    maker.file("ask",
               "#!/bin/sh\n" + ("sleep 60 | " if kind == "gauge" else "") + script
               + ("\nsleep 60\n" if kind == "infobox" else "\n"), mode=0o755)  # fmt: skip
    keys: tuple[str, ...] = ()
    place = 0
    if kind in ("menu", "checklist", "radiolist"):
        place = rng.randrange(len(items))
        keys = ("\x1bOB",) * place
    if kind == "yesno" and rng.random() < 0.5:
        keys = ("\t",)
    maker.notes.update({"kind": kind, "title": title, "text": text, "tool": tool.split()[0],
                        "items": "\n".join(items),
                        "tags": "\n".join(tags), "on": "".join("x" if one else " " for one in on),
                        "place": str(place),
                        "focus": "No" if keys == ("\t",) else "Yes", "back": given[1] if given else ""})  # fmt: skip
    maker.show("./ask", *keys, wait_s=0.4)


@program("tmux", 2)
def panes(maker: Maker) -> None:
    """Windows of tmux, one of them perhaps in two panes."""
    rng = maker.rng
    maker.folder(rng.choice(("projects", "src", "data")))
    fill_folder(maker, 3, 6)
    maker.before(["tmux", "-L", "t", "kill-server"])
    names = [one.lower() for one in maker.nouns(rng.randint(2, 5))] if rng.random() < 0.6 else rng.sample(
        ["logs", "build", "edit", "mail", "db", "test", "web", "irc", "docs", "deploy"], rng.randint(2,
                                                                                                     5))  # fmt: skip
    session = rng.choice(("main", "work", "dev", "0", maker.noun().lower()))
    host, chosen = maker.person.host, rng.randrange(len(names))
    maker.file("conf",
               f"set -g status-right ' {host} %H:%M '\nset -g default-command 'bash --norc'\nset -g escape-time 0\n"
               f"set -g status-left-length 30\nset -g status-position {rng.choice(('bottom', 'bottom', 'top'))}\n"
               f"set -g status-style bg={rng.choice(('green', 'blue', 'cyan', 'white'))},fg=black\n"
               "setw -g automatic-rename off\n")  # fmt: skip
    setup = [["tmux", "-L", "t", "-f", "conf", "new-session", "-d", "-s", session, "-n", names[0], "-x",
              str(maker.columns),
              "-y", str(maker.rows)]]  # fmt: skip
    setup += [["tmux", "-L", "t", "new-window", "-t", session, "-n", name] for name in names[1:]]
    target = f"{session}:{chosen}"
    if rng.random() < 0.6:
        setup.append(["tmux", "-L", "t", "split-window", rng.choice(("-h", "-v")), "-t", target])
    commands = rng.sample(
        ["ls", "ls -l", "df -h /", "date", "cal", "free -h", "uptime", "id", "pwd", "seq 5", f"cat {maker.noun()}.txt"],
        2,
    )
    for command in commands:
        setup.append(["tmux", "-L", "t", "send-keys", "-t", target, command, "Enter"])
    setup.append(["tmux", "-L", "t", "select-window", "-t", target])
    maker.before(*setup, TERM="screen-256color", PS1="$ ", SHELL="/bin/bash")
    maker.notes.update({"windows": "\n".join(names), "active": names[chosen], "session": session})
    maker.begin(walk=0.0)
    maker.show("tmux -L t attach", wait_s=0.8)


def close_panes(maker: Maker) -> None:
    """End what `panes` has started."""
    maker.before(["tmux", "-L", "t", "kill-server"])


@program("python", 3)
def python(maker: Maker) -> None:
    """Python, with expressions typed into it."""
    rng = maker.rng
    maker.begin()
    words = [one.lower() for one in maker.nouns(6)]
    a, b = rng.randrange(2, 999), rng.randrange(2, 99)
    typed = rng.sample([
        f"{a} * {b}", f"{a} / {b}", f"{a} ** 2", f"len('{words[0]}')", f"'{words[1]}'.upper()",
        f"sorted([{b}, {a}, 7])",
        f"{words[2]} = {a}", f"int('{words[3]}')", f"[x * 2 for x in range({b % 6 + 2})]", f"print('{words[4]}')",
        f"max({a}, {b})",
        f"import {words[5]}", f"'{words[0]}'[::-1]", f"{words[3]}", f"round({a} / {b}, 2)", f"{{'{words[1]}': {b}}}",
        f"{a} % {b}",
        "1 / 0", f"'{words[2]}' + {b}", f"list('{words[4][:4]}')", f"sum(range({b}))", f"divmod({a}, {b})",
        f"hex({a})",
        f"'{words[0]}'.replace('{words[0][0]}', '_')", f"{a} > {b}", f"abs(-{b})", f"bin({b})", f"type({b}.5)",
    ], rng.randint(9, 18) if maker.filled else rng.randint(3, min(9, maker.rows // 3)))  # fmt: skip
    maker.notes["typed"] = "\n".join(typed)
    maker.notes["mark"] = ">>> "
    maker.show(rng.choice(("python3", "python3 -q")), *(one + "\r" for one in typed), wait_s=0.5)


@program("node", 1)
def node(maker: Maker) -> None:
    """Node.js, with expressions typed into it."""
    rng = maker.rng
    maker.variables.update(
        {"NODE_DISABLE_COLORS": "1", "TERM": "dumb"} if rng.random() < 0.3 else {"NODE_DISABLE_COLORS": "1"}
    )
    maker.begin()
    words = [one.lower() for one in maker.nouns(6)]
    a, b = rng.randrange(2, 999), rng.randrange(2, 99)
    typed = rng.sample([f"{a} * {b}", f"{a} % {b}", f"'{words[0]}'.length", f"'{words[1]}'.toUpperCase()",
                        f"Math.max({a}, {b})",
                        "[3, 1, 2].sort()", f"{words[2]}", f"'{words[3]}'.split('').reverse().join('')",
                        f"typeof {b}",
                        f"parseInt('{b}px')", f"{a} > {b}", f"Math.round({a} / {b})", f"null.{words[4]}"],
                        rng.randint(3, 6))  # fmt: skip
    maker.notes.update({"typed": "\n".join(typed), "mark": "> "})
    maker.show("node", *(one + "\r" for one in typed), wait_s=0.8)


@program("sqlite", 1.5)
def sqlite(maker: Maker) -> None:
    """SQLite's own shell."""
    rng = maker.rng
    maker.folder()
    name, columns = write_table(maker, rng.randint(3, 8))
    base, table = maker.noun() + ".db", rng.choice(("orders", "people", "items", "parts"))
    maker.before(["sqlite3", base, ".mode csv", f".import {name} {table}"])
    typed = [".headers on", rng.choice((".mode column", ".mode list"))]
    typed += rng.sample([f"select * from {table};", f"select count(*) from {table};",
                         f"select max({columns[2]}) from {table};",
                         ".tables", f"select * from {maker.noun()};", f"select {maker.noun()} from {table};",
                         f"select name from {table} limit 3;", f"selct * from {table};"], rng.randint(2,
                                                                                                      4))  # fmt: skip
    maker.notes.update({"typed": "\n".join(typed), "mark": "sqlite> "})
    maker.show(f"sqlite3 {base}", *(one + "\r" for one in typed), wait_s=0.4)


@program("bc", 0.8)
def calculator(maker: Maker) -> None:
    """Sums in bc."""
    rng = maker.rng
    maker.begin()
    typed = [f"{rng.randrange(2, 999)} {rng.choice('+-*/%')} {rng.randrange(2, 99)}" for _ in range(rng.randint(3, 7))]
    typed += rng.sample([f"2^{rng.randrange(5, 30)}", f"sqrt({rng.randrange(20, 900)})", "1/0"], 2)
    rng.shuffle(typed)
    maker.notes.update({"typed": "\n".join(typed), "mark": ""})
    maker.show("bc -q", *(one + "\r" for one in typed), wait_s=0.3)


@program("gdb", 1)
def debugger(maker: Maker) -> None:
    """A program that crashes, in gdb."""
    rng = maker.rng
    maker.folder("src")
    words = [one.lower() for one in maker.nouns(4)]
    name = words[3] + ".c"
    maker.file(name,
               f"#include <stdio.h>\n\nstatic int {words[0]}(int *{words[1]})\n{{\n"
               f"    return *{words[1]} + {rng.randrange(9)};\n}}\n\n"
               f"int main(void)\n{{\n    int {words[2]} = {rng.randrange(2, 90)};\n    printf(\"%d\\n\", {words[2]});\n"
               f"    return {words[0]}(0);\n}}\n")  # fmt: skip
    maker.before(["gcc", "-g", "-O0", "-w", "-o", words[3], name])
    maker.variables["DEBUGINFOD_URLS"] = ""
    typed = rng.choice((("break main", "run", "next", f"print {words[2]}", "list"), ("run", "bt"),
                        ("list", "break 5", "info breakpoints"),
                        ("run", "bt", "info locals", "frame 1")))  # fmt: skip
    maker.notes.update({"typed": "\n".join(typed), "mark": "(gdb) "})
    maker.show(f"gdb -q ./{words[3]}", *(one + "\r" for one in typed), wait_s=1.0)


@program("browser", 1)
def text_browser(maker: Maker) -> None:
    """A page in a browser for text."""
    rng, writer = maker.rng, maker.writer
    maker.folder()
    title = writer.words(2, 4).title()
    rows = "".join(f"<tr><td>{maker.noun()}</td><td>{rng.randrange(999)}</td></tr>" for _ in range(rng.randint(2, 6)))
    links = "".join(
        f"<li><a href='{maker.noun()}.html'>{writer.words(1, 3)}</a></li>" for _ in range(rng.randint(2, 6))
    )
    said = [" ".join(writer.sentence() for _ in range(rng.randint(1, 4))) for _ in range(rng.randint(1, 4))]
    text = "".join(f"<p>{one}</p>" for one in said)
    maker.file("index.html", f"<html><head><title>{title}</title></head><body><h1>{title}</h1>{text}<ul>{links}</ul>"
               f"<table border=1>{rows}</table></body></html>")  # fmt: skip
    maker.show(rng.choice(("w3m index.html", "lynx index.html", "lynx -nocolor index.html")), wait_s=0.7)


@program("files", 1.5)
def file_lists(maker: Maker) -> None:
    """A list of files to walk through."""
    maker.folder(maker.rng.choice(("Documents", "work", "photos")))
    fill_folder(maker, 4, 12)
    maker.show(maker.rng.choice(("nnn -d", "nnn", "nnn -d")), *(["j"] * maker.rng.randint(0, 3)), wait_s=0.8)
