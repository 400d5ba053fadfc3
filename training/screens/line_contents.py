"""What stands in smaller windows made of lines: short commands with what they print, logs, notes, lists, settings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from random import Random

from training.screens.phrases import MONTHS, Writer

_PROMPTS = ("{u}@{h}:{p}$ ", "{u}@{h}:{p}$ ", "[{u}@{h} {n}]$ ", "{p} $ ", "$ ", "{u}@{h} {p} % ", "root@{h}:{p}# ",
            "> ", "{h}% ", "{u}$ ")  # fmt: skip
_BLANK_SHARE = 0.25
"""Of texts, whose parts are set apart by empty lines."""
_LEVELS = ("INFO", "INFO", "INFO", "DEBUG", "WARNING", "ERROR")
_FORMS = ("{t} {l} {m}", "[{t}] {l}: {m}", "{t} [{l}] {m}", "{l} {t} {m}", "{t} {s}[{p}]: {m}", "[{l}] {m}", "{t} {m}",
          "{d} {t} {l} {s}: {m}", "{l}: {m}", "{s}: {m}")  # fmt: skip
_MESSAGES = (
    "connection to {host} closed", "user {word} logged in", "file {file} saved", "cannot open {path}",
    "{number} items loaded", "retry in {seconds} s", "{noun} started", "{noun} stopped", "request took {number} ms",
    "{noun} not found", "cache cleared", "disk {noun} is {share}% full", "job {number} finished", "job {number} failed",
    "listening on port {number}", "token of {word} expired", "{noun} updated to {version}", "backup of {noun} done",
    "timeout after {seconds} s", "{word} {word} {word}", "wrote {size} to {file}", "permission denied for {word}",
    "sync of {noun} complete", "no answer from {host}", "new device {noun}", "queue is empty", "{verb} {noun}: ok",
)  # fmt: skip
_ITEMS = ("{word}", "{number} {noun}", "{noun} ({word})", "{verb} the {noun}", "{word} {word}", "call {name}",
          "{noun}, {number} g", "{noun} for {name}", "{time} {noun}", "{word} {noun} {word}")  # fmt: skip


@dataclass
class Session:
    """Commands with what they printed.

    Attributes: `lines`: as shown, the prompt included; `errors`: those of them that tell of one.
    """

    prompt: str
    user: str
    folder: str
    lines: list[str] = field(default_factory=list)
    commands: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def write_session(rng: Random, writer: Writer, columns: int, count: int) -> Session:
    """About `count` lines of at most so many columns; a bare prompt often comes last."""
    user, host, folder = writer.slot("noun"), writer.slot("noun"), "~" + rng.choice(("", "/" + writer.slot("noun")))
    prompts = [one.format(u=user, h=host, p=folder, n=folder.split("/")[-1]) for one in _PROMPTS]
    prompt = rng.choice([one for one in prompts if len(one) < columns / 2] or ["$ "])
    session = Session(prompt, f"{user}@{host}", folder)
    bare = rng.random() < 0.6
    for _ in range(60):
        room = count - len(session.lines) - bare
        command, printed, error = rng.choice(_COMMANDS)(rng, writer)
        fits = len(prompt) + len(command) <= columns and all(len(line) <= columns for line in printed)
        if not fits or command in session.commands or 1 + len(printed) > room:
            continue
        session.lines += [prompt + command, *printed]
        session.commands.append(command)
        session.errors += [error] if error else []
        if room - len(printed) < 2:
            break
    if not session.commands:
        session.lines, session.commands = [prompt + "pwd", f"/{user}"], ["pwd"]
    if bare:
        session.lines.append(prompt.rstrip())
    return session


def write_log(rng: Random, writer: Writer, columns: int, count: int) -> list[str]:
    """Lines of one form, later and later."""
    form, second = rng.choice(_FORMS), rng.randrange(80000)
    sources = [writer.slot("noun") for _ in range(3)]
    day = f"{MONTHS[rng.randrange(12)][:3]} {rng.randint(1, 28):02}"
    lines: list[str] = []
    levels = rng.choice((_LEVELS, ("INFO", "WARNING", "ERROR"), ("INFO", "INFO", "INFO", "INFO", "DEBUG")))
    for _ in range(20 * count):
        if len(lines) == count:
            break
        second += rng.randint(0, 90)
        time = f"{second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02}"
        line = form.format(t=time, l=rng.choice(levels), m=_filled(rng, writer, rng.choice(_MESSAGES)), d=day,
                           s=rng.choice(sources), p=rng.randint(100, 9999))  # fmt: skip
        lines += [line] if len(line) <= columns else []
    while len(lines) < 3:
        lines.append(f"{writer.slot('noun')} ok"[:columns])
    return lines


def write_text(rng: Random, writer: Writer, columns: int, count: int) -> list[str]:
    """A list, notes, settings, a table with commas or sentences, none wider than so many columns."""
    blank = rng.random() < _BLANK_SHARE
    lines: list[str] = []
    kind = rng.choice(_TEXTS)
    while len(lines) < count:
        if blank and lines:
            lines.append("")
            kind = rng.choice(_TEXTS)
        part = [line[:columns].rstrip() for line in kind(rng, writer, rng.randint(2, 5) if blank else count)]
        lines += [line for line in part if line]
    lines = lines[:count]
    while not lines[-1]:
        lines.pop()
    return lines if len(lines) > 1 else [*lines, writer.word()]


def _filled(rng: Random, writer: Writer, form: str) -> str:
    form = form.replace("{seconds}", str(rng.randint(1, 90))).replace("{share}", str(rng.randint(3, 99)))
    return writer.fill(form).replace("{", "(").replace("}", ")")


Printed = tuple[str, list[str], str]
"""A command, what it prints, and which of its lines is an error, or ""."""


def _names(rng: Random, writer: Writer) -> Printed:
    names = sorted({writer.file() if rng.random() < 0.6 else writer.slot("noun") for _ in range(rng.randint(1, 7))})
    if rng.random() < 0.5:
        return "ls", ["  ".join(names[:4])], ""
    return rng.choice(("ls -1", f"ls {writer.slot('noun')}", "ls -1r")), names, ""


def _facts(rng: Random, writer: Writer) -> Printed:
    word, noun = writer.word(), writer.slot("noun")
    when = date(rng.randint(2018, 2031), rng.randint(1, 12), rng.randint(1, 28))
    said = f"{when:%a %b} {when.day} {writer.time()}:{rng.randint(10, 59)} CET {when.year}"
    return rng.choice((
        ("pwd", [f"/home/{noun}/{word}"], ""), ("whoami", [noun], ""), ("hostname", [noun], ""),
        ("date", [said], ""),
        ("uptime", [f" {writer.time()}:00 up {rng.randint(1, 90)} days, {rng.randint(1, 9)} users"], ""),
        (f"echo {word}", [word], ""), (f"which {word}", [f"/usr/bin/{word}"], ""),
        (f"wc -l {noun}.txt", [f"{rng.randint(1, 4000)} {noun}.txt"], ""),
        (f"du -sh {noun}", [f"{rng.randint(1, 900)}{rng.choice('KMG')}\t{noun}".expandtabs(8)], ""),
        (f"{noun} --version", [f"{noun} {writer.version()}"], ""), ("git branch", [f"* {word}", f"  {noun}"], ""),
        ("uname -r", [f"{rng.randint(4, 7)}.{rng.randint(0, 19)}.0-{rng.randint(1, 99)}-{word}"], ""),
        (f"cat {word}.txt", [writer.sentence(2, 6) for _ in range(rng.randint(1, 4))], ""),
        (f"head -3 {noun}.csv", [f"{writer.slot('noun')},{rng.randint(1, 999)}" for _ in range(3)], ""),
    ))  # fmt: skip


def _silent(rng: Random, writer: Writer) -> Printed:
    noun = writer.slot("noun")
    return rng.choice((f"cd {noun}", f"mkdir {noun}", f"touch {writer.file()}", f"cp {writer.file()} {noun}/",
                       f"rm {writer.file()}", f"mv {writer.file()} {noun}/", f"git add {writer.file()}",
                       f"export {noun.upper()}={rng.randint(1, 99)}", f"chmod +x {noun}.sh")), [], ""  # fmt: skip


def _failing(rng: Random, writer: Writer) -> Printed:
    noun, file = writer.slot("noun"), writer.file()
    command, said = rng.choice((
        (f"cat {file}", f"cat: {file}: No such file or directory"), (noun, f"bash: {noun}: command not found"),
        (f"cd {noun}", f"bash: cd: {noun}: No such file or directory"),
        (f"rm {file}", f"rm: cannot remove '{file}': Permission denied"),
        (f"./{noun}.sh", f"bash: ./{noun}.sh: Permission denied"), ("git pull", "fatal: not a git repository"),
        (f"ping {noun}", f"ping: {noun}: Name or service not known"), (f"python {noun}.py", "MemoryError"),
        (f"make {noun}", f"make: *** No rule to make target '{noun}'.  Stop."),
        (f"ssh {noun}", f"ssh: Could not resolve hostname {noun}"),
    ))  # fmt: skip
    return command, [said], said


def _building(rng: Random, writer: Writer) -> Printed:
    names = [writer.slot("noun") for _ in range(rng.randint(2, 6))]
    lines = [f"[{number}/{len(names)}] {rng.choice(('CC', 'compiling', 'Building'))} {name}.c"
             for number, name in enumerate(names, 1)]  # fmt: skip
    return rng.choice(("ninja", "make all", "./build.sh")), lines, ""


def _counting(rng: Random, writer: Writer) -> Printed:
    names = sorted({writer.slot("noun") for _ in range(rng.randint(2, 6))})
    return rng.choice((
        ("wc -l *.txt", [f"{rng.randint(1, 900):>5} {name}.txt" for name in names], ""),
        ("cat list", [f"{number}. {name}" for number, name in enumerate(names, 1)], ""),
        (f"grep {names[0][:3]} notes", [f"{name}: {writer.words(1, 3)}" for name in names], ""),
        ("ps", ["  PID CMD", *(f"{rng.randint(100, 9999):>5} {name}" for name in names)], ""),
        ("./test.sh", [f"{name} ... {rng.choice(('ok', 'ok', 'skipped'))}" for name in names], ""),
        ("git log --oneline", [f"{rng.randrange(16**7):07x} {writer.words(2, 4)}" for _ in names], ""),
    ))  # fmt: skip


_COMMANDS: tuple[Callable[[Random, Writer], Printed], ...] = (
    _names, _facts, _facts, _facts, _silent, _failing, _building, _counting,
)  # fmt: skip


def _listed(rng: Random, writer: Writer, count: int) -> list[str]:
    sign, form = rng.choice(("- ", "* ", "", "", "+ ")), rng.choice(_ITEMS)
    head = [writer.words(1, 2).capitalize() + rng.choice((":", ""))] if rng.random() < 0.4 else []
    return [*head, *(sign + writer.fill(form if rng.random() < 0.7 else rng.choice(_ITEMS)) for _ in range(count))]


def _numbered(rng: Random, writer: Writer, count: int) -> list[str]:
    form, text = rng.choice(("{n}. {t}", "{n}) {t}", "#{n} {t}")), rng.choice(_ITEMS)
    start = rng.choice((1, 1, 1, rng.randint(2, 60)))
    return [form.format(n=start + number, t=writer.fill(text)) for number in range(count)]


def _ticked(rng: Random, writer: Writer, count: int) -> list[str]:
    return [f"[{rng.choice(' xx')}] {writer.fill(rng.choice(_ITEMS))}" for _ in range(count)]


def _settings(rng: Random, writer: Writer, count: int) -> list[str]:
    form = rng.choice(("{k} = {v}", "{k}={v}", "{k}: {v}", "{k} {v}"))
    makers = (writer.word, writer.number, lambda: rng.choice(("yes", "no", "on", "off", "true", "false")), writer.path)
    lines = [form.format(k=writer.slot("noun"), v=rng.choice(makers)()) for _ in range(count)]
    return [f"[{writer.slot('noun')}]", *lines] if rng.random() < 0.3 else lines


def _rows(rng: Random, writer: Writer, count: int) -> list[str]:
    makers = rng.sample((writer.name, writer.number, writer.date, writer.word, writer.amount, writer.time), 3)
    sign = rng.choice((",", ";", "  ", " | "))
    return [sign.join(make().replace(",", "") for make in makers) for _ in range(count)]


def _sentences(rng: Random, writer: Writer, count: int) -> list[str]:
    most = rng.randint(4, 9)
    return [writer.sentence(2, most) for _ in range(count)]


_TEXTS: tuple[Callable[[Random, Writer, int], list[str]], ...] = (
    _listed, _listed, _numbered, _ticked, _settings, _rows, _sentences, _sentences,
)  # fmt: skip
