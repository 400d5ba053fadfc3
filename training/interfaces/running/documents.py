"""Documents of many kinds, so that programs have something to show: tables, logs, subtitles, books, accounts."""

from __future__ import annotations

import csv
import io
import json
import random
import struct
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

from training.interfaces.running.names import FIRST, SECOND, name_of, sentence_of, text_of

_PEOPLE = ("Anna Keller", "Paul Brandt", "Ines Romero", "Tom Walsh", "Clara Neumann", "Jonas Berg", "Marta Silva",
           "Felix Vogel", "Nora Lind", "Emil Haas", "Lena Fuchs", "Oscar Moreau", "Ida Holm", "Luca Conti",
           "Mia Jansen", "Hugo Petit")  # fmt: skip
_CITIES = ("Bremen", "Porto", "Lyon", "Graz", "Turin", "Ghent", "Malmo", "Basel", "Cork", "Leeds", "Bergen",
           "Utrecht", "Sevilla", "Krakow", "Tartu")  # fmt: skip
_FINISHED = (' type="unfinished"', "")
_UNITS = ("kg", "m", "pcs", "l", "box", "set")
_SERVICES = ("backup", "mailer", "scheduler", "web", "cache", "billing", "search", "login", "storage", "printer")
_EVENTS = ("started", "finished in {n} ms", "connection to 10.0.0.{n} lost", "retrying in {n} s", "no file {w}.csv",
           "user {w} signed in", "disk at {n} %", "queue has {n} entries", "timeout after {n} s",
           "configuration reloaded", "wrote {n} records to {w}.db", "permission denied: /srv/{w}")  # fmt: skip


def write_documents(folder: Path, music: Path, rng: random.Random) -> dict[str, Path]:
    """Write one of each kind. Returns the paths by the names of their slots."""
    made = {
        "csv": ("csv", table_of(rng)), "log": ("log", log_of(rng)), "long": ("txt", text_of(rng, 40)),
        "srt": ("srt", subtitles_of(rng)), "po": ("po", _messages(rng)), "ts": ("ts", _qt_messages(rng)),
        "gpx": ("gpx", _route(rng)), "bib": ("bib", _references(rng)), "qif": ("qif", _account(rng)),
        "xhb": ("xhb", _homebank(rng)), "json": ("json", _settings(rng)), "pgn": ("pgn", _games(rng)),
        "xyz": ("xyz", _molecule(rng)), "vcd": ("vcd", _waves(rng)), "scad": ("scad", _solid(rng)),
        "ui": ("ui", _form(rng)), "glade": ("glade", _glade(rng)), "opml": ("opml", _feeds(rng)),
        "c": ("c", _source(rng)),
        "sql": ("sql", _statements(rng)), "dot": ("dot", _graph(rng)), "calls": ("out.1", _calls(rng)),
        "words": ("kvtml", _vocabulary(rng)), "m3u": ("m3u", ""), "xml": ("xml", _plan(rng)),
    }  # fmt: skip
    paths: dict[str, Path] = {}
    for kind, (ending, text) in made.items():
        name = "callgrind" if kind == "calls" else f"{name_of(rng)} {rng.randint(1, 9)}"
        paths[kind] = folder / f"{name}.{ending}"
        paths[kind].write_text(text, encoding="utf-8")
    paths["epub"] = folder / f"{name_of(rng)}.epub"
    _write_book(paths["epub"], rng)
    for _ in range(rng.randint(6, 16)):
        paths["song"] = music / f"{name_of(rng)} {rng.randint(1, 99)}.mp3"
        _write_song(paths["song"], rng)
    paths["pcap"] = folder / f"{name_of(rng)}.pcap"
    paths["pcap"].write_bytes(_packets(rng))
    paths["repo"] = folder.parent / "Projects" / "tool"
    _write_repository(paths["repo"], rng)
    return paths


def table_of(rng: random.Random, rows: int = 60) -> str:
    """A table with headers as CSV."""
    kinds: dict[str, Callable[[], object]] = {
        "Name": lambda: rng.choice(_PEOPLE), "City": lambda: rng.choice(_CITIES), "Item": lambda: name_of(rng),
        "Amount": lambda: rng.randint(1, 400), "Price": lambda: f"{rng.uniform(1, 300):.2f}",
        "Unit": lambda: rng.choice(_UNITS), "Date": lambda: _date(rng), "Status": lambda: rng.choice(SECOND),
        "Order": lambda: rng.randint(1000, 9999), "Score": lambda: f"{rng.uniform(0, 10):.1f}",
    }  # fmt: skip
    columns = rng.sample(list(kinds), rng.randint(4, 8))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for _ in range(rng.randint(8, rows)):
        writer.writerow([kinds[column]() for column in columns])
    return out.getvalue()


def log_of(rng: random.Random, lines: int = 160) -> str:
    """A program's log."""
    second, found = rng.randint(0, 50000), []
    for _ in range(rng.randint(30, lines)):
        second += rng.randint(0, 240)
        level = rng.choice(("INFO", "INFO", "DEBUG", "WARNING", "ERROR"))
        event = rng.choice(_EVENTS).format(n=rng.randint(2, 250), w=rng.choice(FIRST))
        time = f"{second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02}"
        found.append(f"2024-05-{1 + second // 86400:02} {time} {level} {rng.choice(_SERVICES)}: {event}")
    return "\n".join(found) + "\n"


def subtitles_of(rng: random.Random, count: int = 60) -> str:
    """Subtitles in SubRip's format."""
    found, at = [], 1200
    for number in range(1, rng.randint(20, count)):
        end = at + rng.randint(900, 3800)
        found.append(f"{number}\n{_clock(at)} --> {_clock(end)}\n{sentence_of(rng)}\n")
        at = end + rng.randint(100, 2500)
    return "\n".join(found)


def _clock(ms: int) -> str:
    return f"{ms // 3600000:02}:{ms // 60000 % 60:02}:{ms // 1000 % 60:02},{ms % 1000:03}"


def _date(rng: random.Random) -> str:
    return f"20{rng.randint(19, 25)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"


def _messages(rng: random.Random) -> str:
    said = ("Language: de", "MIME-Version: 1.0", "Content-Type: text/plain; charset=UTF-8",
            "Content-Transfer-Encoding: 8bit")  # fmt: skip
    head = 'msgid ""\nmsgstr ""\n' + "".join(f'"{one}\\n"\n' for one in said)
    texts = list(dict.fromkeys(rng.choice((name_of(rng).title(), sentence_of(rng))) for _ in range(40)))
    body = "".join(f'\n#: src/{rng.choice(FIRST)}.c:{rng.randint(9, 900)}\nmsgid "{one}"\n'
                   f'msgstr "{rng.choice(["", sentence_of(rng)])}"\n' for one in texts)  # fmt: skip
    return head + body


def _qt_messages(rng: random.Random) -> str:
    contexts = "".join(
        f"<context><name>{rng.choice(FIRST).title()}{rng.choice(SECOND).title()}</name>"
        + "".join(f"<message><source>{sentence_of(rng)}</source><translation{rng.choice(_FINISHED)}>"
                  f"{sentence_of(rng)}</translation></message>" for _ in range(rng.randint(3, 9)))
        + "</context>" for _ in range(6))  # fmt: skip
    return f'<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE TS>\n<TS version="2.1" language="de">{contexts}</TS>\n'


def _route(rng: random.Random) -> str:
    lat, lon, points = rng.uniform(46, 54), rng.uniform(5, 12), []
    for minute in range(80):
        lat, lon = lat + rng.uniform(-0.01, 0.02), lon + rng.uniform(-0.01, 0.02)
        points.append(
            f'<trkpt lat="{lat:.5f}" lon="{lon:.5f}"><ele>{rng.randint(100, 900)}</ele>'
            f"<time>2024-06-{rng.randint(1, 2):02}T0{minute // 60}:{minute % 60:02}:00Z</time></trkpt>"
        )
    marks = "".join(f'<wpt lat="{lat + n / 90:.5f}" lon="{lon + n / 70:.5f}"><name>{name_of(rng).title()}</name></wpt>'
                    for n in range(9))  # fmt: skip
    return (
        '<?xml version="1.0"?><gpx version="1.1" creator="us" xmlns="http://www.topografix.com/GPX/1/1">'
        f"{marks}<trk><name>{name_of(rng).title()}</name><trkseg>{''.join(points)}</trkseg></trk></gpx>"
    )


def _references(rng: random.Random) -> str:
    return "\n".join(
        f"@{rng.choice(('article', 'book'))}{{{rng.choice(_PEOPLE).split()[1].lower()}{number},\n"
        f"  author = {{{rng.choice(_PEOPLE)} and {rng.choice(_PEOPLE)}}},\n  title = {{{name_of(rng).title()} of "
        f"{rng.choice(_CITIES)}}},\n  journal = {{{rng.choice(FIRST).title()} {rng.choice(SECOND).title()}}},\n"
        f"  publisher = {{{rng.choice(_CITIES)} Press}},\n  year = {{{rng.randint(1960, 2024)}}}\n}}\n"
        for number in range(rng.randint(12, 40)))  # fmt: skip


def _account(rng: random.Random) -> str:
    return "!Type:Bank\n" + "".join(
        f"D{rng.randint(1, 28):02}/{rng.randint(1, 12):02}/2024\nT{rng.uniform(-400, 900):.2f}\n"
        f"P{rng.choice(_PEOPLE)}\nM{name_of(rng)}\nL{rng.choice(FIRST).title()}\n^\n" for _ in range(50))  # fmt: skip


def _homebank(rng: random.Random) -> str:
    accounts = "".join(f'<account key="{key}" pos="{key}" type="{rng.randint(1, 4)}" curr="1" name="'
                       f'{rng.choice(_CITIES)} {name}" initial="{rng.uniform(0, 4000):.2f}" minimum="0"/>'
                       for key, name in enumerate(("Bank", "Savings", "Cash", "Deposit"), 1))  # fmt: skip
    payees = "".join(f'<pay key="{key}" name="{name}"/>' for key, name in enumerate(_PEOPLE, 1))
    groups = "".join(f'<cat key="{key}" name="{name.title()}"/>' for key, name in enumerate(FIRST, 1))
    entries = "".join(f'<ope date="{739000 + rng.randint(0, 500)}" amount="{rng.uniform(-300, 500):.2f}" '
                      f'account="{rng.randint(1, 4)}" paymode="{rng.randint(0, 6)}" st="{rng.randint(0, 2)}" '
                      f'payee="{rng.randint(1, len(_PEOPLE))}" category="{rng.randint(1, 20)}" '
                      f'info="{name_of(rng)}"/>' for _ in range(90))  # fmt: skip
    money = '<cur key="1" flags="0" iso="EUR" name="Euro" symb="EUR" syprf="0" dchar="." gchar="" frac="2" rate="0"/>'
    return ('<?xml version="1.0"?>\n<homebank v="1.4" d="050504">\n'
            f'<properties title="{rng.choice(_PEOPLE)}" curr="1"/>\n'
            f"{money}{accounts}{payees}{groups}{entries}\n</homebank>\n").replace("><", ">\n<")  # fmt: skip


def _settings(rng: random.Random) -> str:
    return json.dumps({f"{rng.choice(FIRST)}_{place}": {"title": name_of(rng), "count": rng.randint(0, 90), "names":
                       rng.sample(_CITIES, 3)} for place in range(12)}, indent=2)  # fmt: skip


def _games(rng: random.Random) -> str:
    moves = (
        "1. e4 e5 2. Nf3 Nc6 3. Bb5 a6",
        "1. d4 d5 2. c4 e6 3. Nc3 Nf6",
        "1. c4 e5 2. Nc3 Nf6",
        "1. e4 c5 2. Nf3 d6",
    )
    return "\n".join(f'[Event "{rng.choice(_CITIES)} Open"]\n[Site "{rng.choice(_CITIES)}"]\n[Date "{_date(rng)}"]\n'
                     f'[Round "{rng.randint(1, 9)}"]\n[White "{rng.choice(_PEOPLE)}"]\n'
                     f'[Black "{rng.choice(_PEOPLE)}"]\n'
                     f'[Result "{(result := rng.choice(("1-0", "0-1", "1/2-1/2")))}"]\n\n{rng.choice(moves)} {result}\n'
                     for _ in range(40))  # fmt: skip


def _molecule(rng: random.Random) -> str:
    atoms = [f"{rng.choice('CCCHHHON')} {rng.uniform(-4, 4):.3f} {rng.uniform(-4, 4):.3f} {rng.uniform(-2, 2):.3f}"
             for _ in range(rng.randint(8, 24))]  # fmt: skip
    return f"{len(atoms)}\n{name_of(rng)}\n" + "\n".join(atoms) + "\n"


def _waves(rng: random.Random) -> str:
    names = dict(zip("!#$%&'()*+", rng.sample(FIRST, 10), strict=True))
    head = "$timescale 1ns $end\n$scope module top $end\n" + "".join(
        f"$var wire 1 {key} {name} $end\n" for key, name in names.items()
    )
    steps = "".join(
        f"#{at * 5}\n" + "".join(f"{rng.randint(0, 1)}{key}\n" for key in names if rng.random() < 0.5)
        for at in range(80)
    )
    return f"{head}$upscope $end\n$enddefinitions $end\n{steps}"


def _solid(rng: random.Random) -> str:
    return "".join(f"// {sentence_of(rng)}\ntranslate([{rng.randint(0, 30)}, {rng.randint(0, 30)}, 0])\n"
                   f"  cube([{rng.randint(3, 20)}, {rng.randint(3, 20)}, {rng.randint(3, 20)}]);\n"
                   for _ in range(12))  # fmt: skip


def _form(rng: random.Random) -> str:
    kinds = (("QPushButton", "text"), ("QCheckBox", "text"), ("QLabel", "text"), ("QLineEdit", "placeholderText"))
    rows = ""
    for place in range(10):
        kind, key = rng.choice(kinds)
        rows += (f'<item><widget class="{kind}" name="{rng.choice(FIRST)}{place}"><property name="{key}"><string>'
                 f"{name_of(rng).title()}</string></property></widget></item>")  # fmt: skip
    return (f'<?xml version="1.0"?><ui version="4.0"><class>Form</class><widget class="QWidget" name="Form"><property '
            f'name="windowTitle"><string>{name_of(rng).title()}</string></property><layout class="QVBoxLayout" '
            f'name="column">{rows}</layout></widget></ui>')  # fmt: skip


def _glade(rng: random.Random) -> str:
    rows = "".join(f'<child><object class="{rng.choice(("GtkButton", "GtkLabel", "GtkCheckButton"))}" id="{name}{at}">'
                   f'<property name="visible">True</property><property name="label">{name_of(rng).title()}</property>'
                   f"</object></child>" for at, name in enumerate(rng.sample(FIRST, 9)))  # fmt: skip
    return (f'<?xml version="1.0"?><interface><requires lib="gtk+" version="3.20"/><object class="GtkWindow" id="main">'
            f'<child><object class="GtkBox" id="box"><property name="visible">True</property>'
            f'<property name="orientation">vertical</property>'
            f"{rows}</object></child></object></interface>")  # fmt: skip


def _feeds(rng: random.Random) -> str:
    rows = "".join(f'<outline type="rss" text="{rng.choice(_CITIES)} {rng.choice(FIRST).title()}" xmlUrl="file:///{n}.xml"/>'
                   for n in range(14))  # fmt: skip
    return f'<?xml version="1.0"?><opml version="2.0"><head><title>Feeds</title></head><body>{rows}</body></opml>'


def _source(rng: random.Random) -> str:
    return "#include <stdio.h>\n\n" + "".join(
        f"/* {sentence_of(rng)} */\nint {rng.choice(FIRST)}_{place}(int {rng.choice('nmk')})\n{{\n"
        f"    int total = {place};\n    for (int i = 0; i < {rng.randint(2, 90)}; i++)\n"
        f'        total += i * {rng.randint(2, 9)};\n    printf("{name_of(rng)}: '
        f'%d\\n", total);\n    return total;\n}}\n\n' for place in range(14))  # fmt: skip


def _statements(rng: random.Random) -> str:
    return "".join(f"INSERT INTO {rng.choice(FIRST)} VALUES ({place}, '{rng.choice(_PEOPLE)}', "
                   f"{rng.randint(1, 900)});\n" for place in range(60))  # fmt: skip


def _graph(rng: random.Random) -> str:
    return "digraph {\n" + "".join(f"  {rng.choice(FIRST)} -> {rng.choice(SECOND)};\n" for _ in range(14)) + "}\n"


def _calls(rng: random.Random) -> str:
    body = "".join(f"\nfn={name}_{rng.choice(SECOND)}\n{at * 9} {rng.randint(10, 90000)}\ncfn=main\n"
                   f"calls={rng.randint(1, 90)} 1\n"
                   f"{at * 9 + 1} {rng.randint(100, 9000)}\n" for at, name in enumerate(FIRST))  # fmt: skip
    return f"events: Ir\nfl=main.c\nfn=main\n1 400\n{body}"


def _vocabulary(rng: random.Random) -> str:
    rows = "".join(f'<entry id="{at}"><translation id="0"><text>{one}</text></translation><translation id="1"><text>'
                   f"{name_of(rng)}</text></translation></entry>" for at, one in enumerate(FIRST))  # fmt: skip
    return ('<?xml version="1.0"?><!DOCTYPE kvtml><kvtml version="2.0"><information><title>Words</title></information>'
            '<identifiers><identifier id="0"><name>A</name><locale>en</locale></identifier><identifier id="1"><name>B'
            f"</name><locale>de</locale></identifier></identifiers><entries>{rows}</entries></kvtml>")  # fmt: skip


def _plan(rng: random.Random) -> str:
    return "<?xml version='1.0'?>\n<list>\n" + "".join(
        f"  <item number='{place}'>\n    <name>{name_of(rng)}</name>\n"
        f"    <city>{rng.choice(_CITIES)}</city>\n  </item>\n"
        for place in range(20)) + "</list>\n"  # fmt: skip


def _write_book(path: Path, rng: random.Random) -> None:
    chapters = range(1, rng.randint(5, 12))
    items = "".join(f'<item id="c{n}" href="c{n}.xhtml" media-type="application/xhtml+xml"/>' for n in chapters)
    spine = "".join(f'<itemref idref="c{n}"/>' for n in chapters)
    names = {n: name_of(rng).title() for n in chapters}
    points = "".join(f'<navPoint id="n{n}" playOrder="{n}"><navLabel><text>{name}</text></navLabel><content '
                     f'src="c{n}.xhtml"/></navPoint>' for n, name in names.items())  # fmt: skip
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("mimetype", "application/epub+zip")
        book.writestr("META-INF/container.xml", '<?xml version="1.0"?><container version="1.0" '
                      'xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles><rootfile '
                      'full-path="b.opf" media-type="application/'
                      'oebps-package+xml"/></rootfiles></container>')  # fmt: skip
        book.writestr("b.opf", '<?xml version="1.0"?><package xmlns="http://www.idpf.org/2007/opf" version="2.0" '
                      'unique-identifier="i"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>'
                      f"{name_of(rng).title()}</dc:title><dc:creator>{rng.choice(_PEOPLE)}</dc:creator><dc:language>en"
                      '</dc:language><dc:identifier id="i">b1</dc:identifier></metadata><manifest><item id="ncx" '
                      f'href="t.ncx" media-type="application/x-dtbncx+xml"/>{items}</manifest><spine toc="ncx">{spine}'
                      "</spine></package>")  # fmt: skip
        book.writestr("t.ncx", '<?xml version="1.0"?><ncx xmlns="http://www.daisy.org/z3986/2005/ncx/" '
                      f'version="2005-1">'
                      f"<head/><docTitle><text>B</text></docTitle><navMap>{points}</navMap></ncx>")  # fmt: skip
        for number, name in names.items():
            text = "".join(f"<p>{one}</p>" for one in text_of(rng, 8).split("\n\n"))
            book.writestr(f"c{number}.xhtml", '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"><head>'
                          f"<title>{name}</title></head><body><h1>{name}</h1>{text}</body></html>")  # fmt: skip


def _write_song(path: Path, rng: random.Random) -> None:
    """A silent MP3 of two to nine seconds, with tags."""
    tags = {b"TIT2": name_of(rng).title(), b"TPE1": rng.choice(_PEOPLE),
            b"TALB": f"{rng.choice(_CITIES)} {rng.choice(SECOND)}",
            b"TYER": str(rng.randint(1970, 2024)), b"TRCK": str(rng.randint(1, 14)), b"TCON": rng.choice(
            ("Jazz", "Folk", "Classical", "Rock", "Pop"))}  # fmt: skip
    body = b"".join(key + (len(text) + 1).to_bytes(4, "big") + b"\0\0\0" + text.encode() for key, text in tags.items())
    size = bytes((len(body) >> shift) & 127 for shift in (21, 14, 7, 0))
    frame = b"\xff\xfb\x90\x64" + bytes(413)
    path.write_bytes(b"ID3\x03\0\0" + size + body + frame * rng.randint(80, 340))


def _packets(rng: random.Random) -> bytes:
    """A recording of UDP packets between a few hosts of a private network."""
    found, at = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1), 1_717_000_000.0
    for _ in range(rng.randint(30, 120)):
        at += rng.random()
        load = text_of(rng, 1).encode()[: rng.randint(12, 200)]
        port = rng.choice((69, 514, 5060, 9000, 40000))
        hosts = bytes((10, 0, 0, rng.randint(2, 9), 10, 0, 0, rng.randint(10, 19)))
        udp = struct.pack(">HHHH", rng.randint(1024, 60000), port, 8 + len(load), 0) + load
        ip = struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(udp), rng.randint(1, 65000), 0, 64, 17, 0) + hosts + udp
        frame = b"\2\0\0\0\0\1\2\0\0\0\0\2\x08\0" + ip
        found += struct.pack("<IIII", int(at), int(at % 1 * 1e6), len(frame), len(frame)) + frame
    return found


def _write_repository(folder: Path, rng: random.Random) -> None:
    """A Git repository with a few commits and changes."""
    folder.mkdir(parents=True, exist_ok=True)
    who = rng.choice(_PEOPLE)
    own = ["git", "-C", str(folder), "-c", f"user.name={who}", "-c", "user.email=post@example.org"]
    subprocess.run([*own, "init", "-q", "-b", "main"], check=False)
    for _ in range(rng.randint(5, 12)):
        (folder / f"{rng.choice(FIRST)}.c").write_text(_source(rng))
        subprocess.run([*own, "add", "."], check=False)
        subprocess.run([*own, "commit", "-q", "-m", f"{rng.choice(FIRST).title()}: {sentence_of(rng)}"], check=False)
    (folder / f"{rng.choice(FIRST)}.c").write_text(_source(rng))
