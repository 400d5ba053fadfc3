"""Texts, logs and lists that fill a terminal, whose lines have no numbers: for counting lines."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from training.interfaces.terminals.maker import Maker
from training.interfaces.terminals.mistakes import MISTAKES, Making, write_mistake
from training.interfaces.terminals.sessions import write_table

_Lines = Callable[[Maker, int], tuple[str, list[str]]]
_CITIES = ("Oslo", "Lima", "Kyoto", "Porto", "Graz", "Turin", "Quito", "Lyon", "Bergen", "Tampere", "Utrecht", "Malaga",
           "Zagreb", "Tartu", "Cork", "Gdansk", "Basel", "Ghent", "Leeds", "Osaka", "Perth", "Varna")  # fmt: skip
_WIDE = 140
"""Columns of a window in which lines are longer."""
_WIDEST_PROSE = 156
"""Characters of a line of prose."""
_LEAST_SOURCE = 3000
"""Bytes of a program that is shown."""
_CODE_SHARE = 0.5
"""Of what is shown in an editor."""
_UNITS = ("g", "kg", "ml", "l", "cups", "pieces", "boxes", "m", "pairs")


def _names(maker: Maker, count: int) -> tuple[str, list[str]]:
    return ".txt", [one.capitalize() for one in maker.nouns(count)]


def _sentences(maker: Maker, count: int) -> tuple[str, list[str]]:
    least, most = maker.rng.choice(((2, 5), (3, 8), (5, 12)) if maker.columns < _WIDE else ((3, 8), (6, 14), (9, 17)))
    return maker.rng.choice((".txt", ".md")), [maker.writer.sentence(least, most) for _ in range(count)]


def _phrases(maker: Maker, count: int) -> tuple[str, list[str]]:
    mark = maker.rng.choice(("- ", "* ", "", "[ ] ", "> ", "+ "))
    return maker.rng.choice((".md", ".txt")), [mark + maker.writer.words(2, 6) for _ in range(count)]


def _amounts(maker: Maker, count: int) -> tuple[str, list[str]]:
    rng = maker.rng
    return ".txt", [f"{one} {rng.randrange(1, 900)} {rng.choice(_UNITS)}" for one in maker.nouns(count)]


def _settings(maker: Maker, count: int) -> tuple[str, list[str]]:
    rng = maker.rng
    form = rng.choice(("{k}={v}", "{k} = {v}", "{k}: {v}", "export {K}={v}", "set {k} {v}"))
    return rng.choice((".conf", ".ini", ".env", ".rc")), [
        form.format(k=one.lower(), K=one.upper(), v=rng.choice((str(rng.randrange(9999)), "true", "false", maker.noun(),
                                                               f"/srv/{maker.noun()}", f"{rng.uniform(0, 9):.2f}")))
        for one in maker.nouns(count)]  # fmt: skip


def _log(maker: Maker, count: int) -> tuple[str, list[str]]:
    rng, second = maker.rng, maker.rng.randrange(70000)
    form = rng.choice(("{t} {l} {m}", "[{t}] {l}: {m}", "{l} {m}", "Nov 14 {t} {h} {p}: {m}", "{t} {p} - {m}",
                       "2026-11-14T{t}Z {l} {p} {m}"))  # fmt: skip
    parts, lines = maker.nouns(4), []
    few = (2, 6) if maker.columns < _WIDE or rng.random() < _CODE_SHARE else (5, 13)
    for _ in range(count):
        second += rng.randrange(1, 60)
        clock = f"{second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02}"
        level = rng.choices(("INFO", "DEBUG", "WARNING", "ERROR"), (8, 3, 2, 2))[0]
        lines.append(
            form.format(t=clock, l=level, m=maker.writer.words(*few), h=maker.person.host, p=rng.choice(parts))
        )
    return ".log", lines


def _words(maker: Maker, count: int) -> tuple[str, list[str]]:
    """Rows of a few words with a colon or a comma between them."""
    rng = maker.rng
    mark = rng.choice((";", ", ", ",", " | ", ":", "\t"))
    more = rng.randint(1, 5) if maker.columns >= _WIDE else 0
    return rng.choice((".csv", ".dat", ".txt")), [
        mark.join((one, rng.choice(_CITIES), f"{rng.uniform(1, 500):.2f}", *(maker.noun() for _ in range(more))))
        for one in maker.nouns(count)]  # fmt: skip


_LINES: Sequence[tuple[_Lines, float]] = (
    (_names, 1), (_sentences, 4), (_phrases, 3), (_amounts, 1.5), (_settings, 2.5), (_log, 3.5), (_words, 2),
)  # fmt: skip


def write_text(maker: Maker, count: int) -> str:
    """A file with about so many lines of one of these kinds; returns its name."""
    make = maker.rng.choices([one for one, _ in _LINES], [share for _, share in _LINES])[0]
    ending, lines = make(maker, count)
    name = maker.name(ending)
    maker.file(name, "\n".join(lines) + "\n")
    return name


def _text(maker: Maker) -> None:
    """A file that we write, all of it or its beginning or end."""
    rng = maker.rng
    maker.folder(rng.choice(("", "notes", "Documents", "var/log", "etc")))
    name = write_text(maker, maker.many(6, maker.rows + 12))
    few = maker.many(4, max(6, maker.rows - 3))
    maker.run(rng.choice((f"cat {name}", f"cat {name}", f"cat {name}", f"tail -n {few} {name}", f"head -n {few} {name}",
                          f"sort {name}", f"tac {name}")))  # fmt: skip


def _code(maker: Maker) -> None:
    """A program's source, without numbers."""
    rng = maker.rng
    if not maker.filled and rng.random() < 0.4:
        maker.folder("src")
        name, _ = write_mistake(maker, rng.choice([one for one in MISTAKES if one != "java"]))
        maker.run(f"cat {name}")
        return
    path, start = Path(rng.choice(_modules())), rng.randrange(1, 150)
    maker.run(f"cd {path.parent}")
    count = maker.many(8, max(10, maker.rows - 3))
    maker.run(rng.choice((f"sed -n '{start},{start + count}p' {path.name}", f"head -n {count} {path.name}",
                          f"tail -n {count} {path.name}")))  # fmt: skip


def _table(maker: Maker) -> None:
    maker.folder()
    name, _ = write_table(maker, maker.many(5, maker.rows))
    maker.run(maker.rng.choice((f"cut -d, -f2- {name}", f"cut -d, -f2 {name}", f"cut -d, -f2,4 {name}",
                                f"awk -F, '{{print $2, $3}}' {name}")))  # fmt: skip


def _listing(maker: Maker) -> None:
    """Names of files, one in each row."""
    maker.folder(maker.rng.choice(("Documents", "photos", "data", "src")))
    for _ in range(maker.many(6, maker.rows)):
        maker.file(maker.name(), "0" * maker.rng.randrange(9000), old=True)
    maker.run(maker.rng.choice(("ls -1", "ls -1", "ls -l", "ls -lh", "find . -type f", "ls -1 -r", "ls -1t", "du -a")))


def _pager(maker: Maker) -> None:
    """A long text in a pager."""
    maker.folder()
    name = write_text(maker, maker.rows * 2)
    maker.show(maker.rng.choice((f"less {name}", f"less -S {name}")), *maker.rng.choice(((), (" ",))))


def _editor(maker: Maker) -> None:
    """A text or a program's source in an editor that takes the whole terminal, without bars at its top."""
    rng = maker.rng
    maker.folder(rng.choice(("", "notes", "src", "Documents")))
    tools = [one for one in ("vis", "nvi", "nvi", "kak -n", "micro") if shutil.which(one.split()[0])]
    if rng.random() < _CODE_SHARE:
        name = maker.name(".py")
        source = Path(rng.choice(_modules())).read_text(errors="replace").splitlines()
        start = rng.randrange(max(1, len(source) - maker.rows))
        maker.file(name, "\n".join(source[start : start + 3 * maker.rows]) + "\n")
    else:
        name = write_text(maker, maker.rows * 2)
    maker.show(f"{rng.choice(tools)} {name}", wait_s=0.9)


def _modules() -> list[str]:
    """Python's own modules that are long enough."""
    modules = Path("/usr/lib").glob("python3.*/*.py")
    return sorted(str(one) for one in modules if one.stat().st_size > _LEAST_SOURCE)


def _system(maker: Maker) -> None:
    """Settings and lists that are on any computer."""
    few = maker.many(6, max(8, maker.rows - 3))
    paths = [one for one in ("/etc/passwd", "/etc/group", "/etc/services", "/etc/protocols", "/etc/login.defs",
                             "/etc/adduser.conf", "/etc/shells", "/etc/nsswitch.conf", "/etc/rpc", "/etc/profile")
             if Path(one).exists()]  # fmt: skip
    path = maker.rng.choice(paths)
    maker.some([f"head -n {few} {path}", f"tail -n {few} {path}", f"cat {path}", f"cut -d: -f1 {path} | head -n {few}",
                "env | sort", f"ls -1 /etc | head -n {few}", f"ls -l /etc | tail -n {few}",
                f"ls -1 /usr/bin | shuf -n {few}", f"dpkg -l | tail -n {few}", f"man ls | head -n {few}"],
               1, 2)  # fmt: skip


def _wide(maker: Maker) -> None:
    """Long lines in a wide window: prose, descriptions of packages, lines of programs, names in columns."""
    if maker.columns < _WIDE:
        _text(maker)
        return
    rng, few, most = maker.rng, maker.many(6, max(8, maker.rows - 3)), maker.columns - 6
    licences = sorted(
        str(one) for one in Path("/usr/share/common-licenses").glob("*") if one.stat().st_size > _LEAST_SOURCE
    )
    start, word = (
        rng.randrange(1, 90),
        rng.choice(("window", "mail", "music", "image", "game", "font", "editor", "sound")),
    )
    folder = Path(rng.choice(_modules())).parent
    commands = [f"apt-cache search {word} | cut -c1-{most} | tail -n {few}",
                f"grep {rng.choice(('import', 'return', 'raise', 'def'))} {folder}/*.py | shuf -n {few}",
                f"dpkg -l '{rng.choice(('lib*', 'python3*', 'x*', 'g*'))}' | cut -c1-{most} | tail -n {few}",
                f"ls /usr/bin | column -c {most} | tail -n {few}"]  # fmt: skip
    if licences:
        name, wide = rng.choice(licences), rng.randrange(110, min(_WIDEST_PROSE, maker.columns))
        commands += [f"fmt -w {wide} {name} | sed -n '{start},{start + few}p'"] * 2
    maker.run(rng.choice(commands))


TEXTS: dict[str, tuple[Making, float]] = {
    "long text": (_text, 9), "code": (_code, 3), "columns": (_table, 1), "names": (_listing, 3), "less": (_pager, 2),
    "system": (_system, 2), "editor": (_editor, 2), "wide": (_wide, 3),
}  # fmt: skip
_FULL = ("less", "editor")


def draw_text(rng: random.Random, *, full: bool = True) -> tuple[str, Making]:
    """One of these, by its share; `full`: also programs that take the whole screen."""
    kinds = [one for one in TEXTS if full or one not in _FULL]
    kind = rng.choices(kinds, [TEXTS[one][1] for one in kinds])[0]
    return kind, TEXTS[kind][0]
