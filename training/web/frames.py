"""Programs around a page: a browser with tabs and an address, a viewer of documents, a word processor."""

from __future__ import annotations

import re

from training.web.board import PROGRAM, Board
from training.web.look import icon, ink_on
from training.web.shells import Shell

_BARS = (("#dee1e6", "#ffffff", "#202124"), ("#f0f0f4", "#ffffff", "#15141a"), ("#202124", "#35363a", "#e8eaed"), ("#1c1b22", "#42414d", "#fbfbfe"),
         ("#d6d3ce", "#efebe7", "#000000"), ("#cfd8e6", "#f5f8fc", "#1b2838"), ("#2b2b2b", "#3c3f41", "#d0d0d0"))  # fmt: skip
"""Colours of bars: behind tabs, of the bar below them, of letters."""
_SANS = ("DejaVu Sans", "Liberation Sans", "Noto Sans", "Open Sans", "Roboto", "Cantarell")
_UNNAMED = "|".join(way for way in PROGRAM.split("|") if not re.search(r"title bar|name|called", way))
"""Ways to ask for a program that no bar names."""


def _bars(board: Board, size: int) -> tuple[str, str, str, str]:
    behind, bar, ink = board.pick(_BARS)
    return behind, bar, ink, f'font:{size}px/1.35 "{board.pick(_SANS)}";letter-spacing:0;color:{ink}'


def browser(inner: Shell) -> Shell:
    """A browser around a page in another shell."""

    def framed(board: Board, view: str) -> str:
        page = inner(board, view)
        return _browser(board, page)

    return framed


def _address(board: Board) -> str:
    noun, writer = board.writer.slot("noun").lower(), board.writer
    path = board.pick(("", "", f"/{noun}", f"/{noun}/{writer.slot('noun').lower()}", f"/{noun}.html", f"/{noun}/{board.rng.randint(2, 9999)}",
                       f"/en/{noun}", f"/{noun}?id={board.rng.randint(10, 999)}", f"/{board.rng.randint(2015, 2026)}/{board.rng.randint(1, 12):02}/{noun}"))  # fmt: skip
    host = board.pick((board.maker.make("host").text, f"{writer.slot('noun').lower()}.{board.pick(('com', 'org', 'net', 'de', 'eu', 'io', 'example'))}",
                       f"www.{writer.slot('noun').lower()}-{writer.slot('noun').lower()}.org", f"localhost:{board.rng.choice((3000, 8000, 8080))}"))  # fmt: skip
    return f"{board.pick(('', '', 'https://', 'https://', 'http://'))}{host}{path}"


def _browser(board: Board, page: str) -> str:
    rng, size = board.rng, board.rng.choice((11, 12, 12, 13, 13, 14))
    behind, bar, _, font = _bars(board, size)
    title = board.title or next(
        (board.texts[one] for one in ("title", "pane", "site") if one in board.texts), board.maker.make("app").text
    )
    if not board.title and board.texts.get("site", title) != title and board.chance(0.5):
        title = board.pick(("{} - {}", "{} | {}", "{} \u2013 {}", "{} \u00b7 {}")).format(title, board.texts["site"])
    others = [one for one in board.alike("thing", rng.choice((0, 0, 1, 2, 3, 5))) if one != title]
    tabs = [title, *others]
    rng.shuffle(tabs)
    on = tabs.index(title)
    html = ""
    for n, tab in enumerate(tabs):
        look = f"background:{bar};border-radius:{board.pick(('8px 8px 0 0', '0', '6px'))}" if n == on else "opacity:.85"
        html += f"<div class='row' style='{look};padding:{rng.randint(4, 7)}px 10px;gap:7px;max-width:260px;white-space:nowrap;overflow:hidden;flex:0 1 auto'>{icon(rng, px=14)}{board.put(tab, f'tab{n}')}<span>&times;</span></div>"
    every = [f"tab{n}" for n in range(len(tabs))]
    board.ask(
        "selected",
        title,
        "Which tab is active?|Which tab is open?|What does the active tab say?|What is the title of the tab in front?|Which tab am I on?",
        (f"tab{on}",),
    )
    board.ask(
        "title",
        title,
        "What is the title of the page in the tab?|What does the tab say?|What is written on the open tab?",
        (f"tab{on}",),
    )
    board.ask(
        "how_many",
        str(len(tabs)),
        "How many tabs are open?|How many tabs does the browser have?|Count the tabs.|How many browser tabs are there?",
        every,
    )
    if len(tabs) > 1:
        board.ask(
            "list", ", ".join(tabs), "Which tabs are open?|List the tabs.|What do the tabs say?|Read all tabs.", every
        )
        other = rng.choice([n for n in range(len(tabs)) if n != on])
        board.ask(
            "value",
            tabs[other],
            "What is tab number {n}?|What does tab {n} say?|Which page is in tab {n}?",
            every[: other + 1],
            n=str(other + 1),
        )
    if len(tabs) > 2:
        board.ask("value", tabs[-1], "Which tab is the last one?|What does the tab furthest to the right say?", every)
    address = _address(board)
    board.ask(
        "file",
        address,
        "Which address is open?|What is the address?|What does the address bar say?|Read the address bar.|What is the URL?|Which address is in the address bar?|Copy the URL.|Which page is the browser on?|Where is the browser now?|What is the web address of this page?",
        ("address",),
    )
    host = address.partition("://")[2] or address
    host = host.partition("/")[0]
    board.ask(
        "value",
        host,
        "Which host is open?|On which site are we?|From which server is the page?|What is the domain?|Which website is this?",
        ("address",),
    )
    secure = address.startswith("https://")
    if "://" in address:
        board.ask(
            "yes_no",
            "Yes" if secure else "No",
            "Does the address begin with https?|Is it an https address?|Is the page opened over https?",
            ("address",),
        )
    arrows = f"<span>{board.pick(('&#8592; &#8594; &#8635;', '&lt; &gt;', '&#9664; &#9654;'))}</span>"
    round_ = rng.choice((3, 6, 16))
    field = f"background:{behind if board.chance(0.5) else bar};border:1px solid #8885;border-radius:{round_}px;padding:{rng.randint(2, 5)}px 12px"
    line = f"<div class='row' style='background:{bar};padding:5px 10px;gap:12px'>{arrows}<div class='grow' style='{field}'>{board.put(address, 'address')}</div>{icon(rng)}{icon(rng)}</div>"
    marks = ""
    if board.chance(0.3):
        names = board.alike("noun", rng.randint(2, 7))
        marks = f"<div class='row' style='background:{bar};padding:2px 12px;gap:18px'>{''.join(board.put(one, f'mark{n}') for n, one in enumerate(names))}</div>"
        board.ask(
            "list",
            ", ".join(names),
            "Which bookmarks are there?|List the bookmarks.|What is in the bookmarks bar?|Read the bookmarks.",
            [f"mark{n}" for n in range(len(names))],
        )
        board.ask(
            "how_many",
            str(len(names)),
            "How many bookmarks are there?|Count the bookmarks.",
            [f"mark{n}" for n in range(len(names))],
        )
    board.whole = True
    head = _head(board, title, behind) if board.noun != "program" else ""
    return (f"<div style='position:absolute;inset:0;display:flex;flex-direction:column'>{head}<div style='{font};flex:none;border-bottom:1px solid #8886'>"
            f"<div class='row' style='background:{behind};padding:4px 8px 0 8px;gap:3px'>{html}<span style='padding:0 8px'>+</span></div>{line}{marks}</div>"
            f"<div style='position:relative;contain:layout;flex:1;min-height:0;overflow:hidden'>{page}</div></div>")  # fmt: skip


def _head(board: Board, title: str, behind: str) -> str:
    """Sometimes a title bar, which names the browser; asks which program it is."""
    kind = "What kind of program is it?|What kind of program is this?|What sort of application is open?"
    board.ask("program", "A web browser", kind, ())
    if not board.chance(0.35):
        board.ask("program", "A web browser", _UNNAMED, ())
        return ""
    app = board.pick(("{}", "{} Browser", "Net{}", "{} Web", "{}Surf")).format(board.maker.make("app").text)
    bar = board.pick(("{d} - {a}", "{d} - {a}", "{d} \u2014 {a}", "{a}: {d}")).format(d=title, a=app)
    board.ask(
        "program",
        app,
        f"{PROGRAM}|Which browser is this?|Which web browser is used?|What is the browser called?",
        ("bar",),
    )
    board.ask(
        "title", bar, "What does the title bar say?|What is the title of the window?|Read the title bar.", ("bar",)
    )
    place = board.pick(("left", "center", "center"))
    return f"<div style='background:{behind};color:{ink_on(behind)};font:12px sans-serif;padding:4px 90px 4px 10px;text-align:{place};white-space:nowrap;overflow:hidden;flex:none;position:relative'>{board.put(bar, 'bar')}<span style='position:absolute;right:8px'>&#8211; &#9633; &#10005;</span></div>"


def viewer(board: Board, view: str) -> str:
    """A viewer of documents: a bar with the page's number and the scale, and thumbnails or an outline at the side."""
    rng, size = board.rng, board.rng.choice((11, 12, 13, 14))
    behind, bar, _, font = _bars(board, size)
    file = f"{board.writer.slot('noun').lower()}{board.pick(('', '-' + board.writer.slot('noun').lower(), f'_{rng.randint(1, 99)}'))}.{board.pick(('pdf', 'pdf', 'pdf', 'ps', 'djvu'))}"
    pages, scale = rng.randint(1, 240), f"{rng.choice((50, 67, 75, 80, 90, 100, 110, 125, 150))}%"
    at = pages if rng.random() < 0.4 else rng.randint(1, pages)
    form = board.pick(("{} / {}", "{} of {}", "Page {} of {}", "({} of {})"))
    before, between, after = form.split("{}")
    number = f"<span>{before}{board.put(str(at), 'page', style='badge' if board.chance(0.3) else '')}{between}{board.put(str(pages), 'pages')}{after}</span>"
    board.ask(
        "value",
        str(at),
        "Which page is shown?|What is the number of the page?|On which page are we?|Which page am I on?|Which page is open?",
        ("page",),
    )
    board.ask(
        "value",
        str(pages),
        "How many pages does the document have?|How many pages are there?|How long is the document in pages?|What is the number of pages?",
        ("pages",),
    )
    board.ask(
        "value",
        scale,
        "What is the zoom?|At which scale is it shown?|How large is the page shown?|Which zoom level is set?",
        ("scale",),
    )
    board.ask(
        "file",
        file,
        "Which file is open?|What is the name of the file?|Which document is open?|What is the file called?",
        ("file",),
    )
    board.ask(
        "yes_no",
        "Yes" if at == pages else "No",
        "Is this the last page?|Are we at the end of the document?",
        ("page", "pages"),
    )
    side = _viewer_side(board, at, pages) if board.chance(0.6) else ""
    tools = f"{icon(rng, px=size + 3)} {icon(rng, px=size + 3)}"
    top = f"<div class='row spread' style='{font};background:{bar};padding:6px 12px;flex:none;border-bottom:1px solid #8886'><span class='row'>{tools}{board.put(file, 'file')}</span><span class='row'>{number}</span><span class='row'>{board.put(scale, 'scale')}{icon(rng)}</span></div>"
    board.name_window(file)
    board.noun = "document viewer"
    board.about = f"a document viewer with {file}, page {at} of {pages}: {board.about}"
    ground = behind if board.chance(0.5) else board.pick(("#525659", "#8a8f94", "#e6e6e6", "#2a2a2e"))
    return (f"<div style='position:absolute;inset:0;display:flex;flex-direction:column'>{top}<div class='row top' style='flex:1;min-height:0;gap:0;align-items:stretch'>"
            f"{side.replace('FONT', font).replace('GROUND', behind)}<div class='grow' style='background:{ground};overflow:hidden;padding:{rng.choice((8, 14, 20))}px'>{view}</div></div></div>")  # fmt: skip


def _viewer_side(board: Board, at: int, pages: int) -> str:
    rng = board.rng
    wide = rng.randint(120, 230)
    heads = [name for name in board.texts if name.startswith("s") and name[1:].isdigit()]
    if heads and board.chance(0.5):
        entries = [board.texts[name] for name in heads]
        rows = "".join(
            f"<div class='row spread' style='padding:3px 8px'>{board.put(one, f'out{n}')}<span>{at + n // 2}</span></div>"
            for n, one in enumerate(entries)
        )
        board.ask(
            "list",
            ", ".join(entries),
            "Which entries does the outline have?|Read the outline at the side.|What is in the side bar?|List the entries of the contents at the side.",
            [f"out{n}" for n in range(len(entries))],
        )
        return f"<div style='FONT;background:GROUND;width:{wide}px;flex:none;padding:6px 0'>{rows}</div>"
    first = max(1, at - rng.randint(0, 2))
    shown = range(first, min(pages, first + 4) + 1)
    lines = "".join(
        f"<div style='height:2px;background:#999;margin:5px {rng.randint(6, 26)}px 0 8px'></div>" for _ in range(9)
    )
    rows = "".join(
        f"<div style='width:70px;height:96px;background:#fff;margin:10px auto 2px;{'outline:3px solid #3584e4' if n == at else ''}'>{lines}</div><div style='text-align:center'>{n}</div>"
        for n in shown
    )
    return f"<div style='FONT;background:GROUND;width:{wide}px;flex:none;overflow:hidden'>{rows}</div>"


def office(board: Board, view: str) -> str:
    """A word processor: menus, tools, a ruler, the page, and a status bar with pages and words."""
    rng, size = board.rng, board.rng.choice((11, 12, 13, 14))
    behind, bar, ink, font = _bars(board, size)
    menus = [
        one
        for one in ("File", "Edit", "View", "Insert", "Format", "Styles", "Table", "Form", "Tools", "Window", "Help")
        if rng.random() < 0.75
    ] or ["File", "Help"]
    face, points = (
        board.pick(("Liberation Serif", "Arial", "Times New Roman", "Calibri", "Georgia", "DejaVu Sans", "Cambria")),
        str(rng.choice((9, 10, 11, 12, 14))),
    )
    style = board.pick(("Default Paragraph Style", "Body Text", "Normal", "Text Body", "Heading 1", "Standard"))
    boxes = "".join(
        f"<span class='input' style='min-height:0;background:#8882;color:{ink}'>{board.put(text, name)}</span>"
        for text, name in ((style, "style"), (face, "face"), (points, "points"))
    )
    board.ask_as("menu", ", ".join(menus), [f"menu{n}" for n in range(len(menus))])
    board.ask(
        "value", face, "Which font is set?|What is the font?|Which font is chosen?|What font is selected?", ("face",)
    )
    board.ask(
        "value",
        points,
        "Which font size is set?|What is the font size?|How large is the font?|What size is the text set to?",
        ("points",),
    )
    board.ask("value", style, "Which paragraph style is set?|What is the style?|Which style is selected?", ("style",))
    pages, words = rng.randint(1, 4), f"{rng.randint(40, 1400):,}"
    at, chars = rng.randint(1, pages), f"{rng.randint(400, 60000):,}"
    language = board.pick(("English (USA)", "English (UK)", "German", "French", "Spanish", "Dutch"))
    page_text, count = (
        f"Page {at} of {pages}",
        board.pick((f"{words} words, {chars} characters", f"{words} words", f"Words: {words}")),
    )
    shown = [
        (page_text, "pg"),
        (count, "wc"),
        (language, "lang"),
        (board.pick(("Insert", "Overwrite", "Saved", "Read-only")), "mode"),
    ]
    board.ask(
        "value",
        words,
        "How many words does the document have?|How many words are there?|What is the word count?|How many words does the status bar show?",
        ("wc",),
    )
    board.ask(
        "value",
        str(at),
        "Which page is shown?|On which page are we?|Which page is the cursor on?|What is the number of the page?",
        ("pg",),
    )
    board.ask(
        "value",
        str(pages),
        "How many pages are there?|How many pages does the document have?|How many pages does the letter have?",
        ("pg",),
    )
    board.ask(
        "value",
        language,
        "Which language is set?|What is the language of the text?|Which language does the status bar show?",
        ("lang",),
    )
    board.ask(
        "status",
        " ".join(text for text, _ in shown),
        "What does the status bar say?|Read the status bar.",
        [name for _, name in shown],
    )
    file = f"{board.writer.slot('noun').lower()}{board.pick(('', f'-{rng.randint(1, 30)}', '_final'))}.{board.pick(('odt', 'docx', 'doc', 'rtf'))}"
    board.name_window(file)
    board.noun = "word processor"
    board.about = f"a word processor with {board.about}, page {at} of {pages}"
    wide = rng.randint(560, 860)
    marks = "".join(f"<span style='flex:1;text-align:center;font-size:9px'>{n}</span>" for n in range(1, wide // 40))
    ruler = (
        f"<div class='row' style='width:{wide}px;margin:0 auto;height:14px;gap:0;border-bottom:1px solid #888'>{marks}</div>"
        if board.chance(0.7)
        else ""
    )
    tools = "".join(f"<span style='padding:2px 4px'>{icon(rng, px=size + 4)}</span>" for _ in range(rng.randint(6, 16)))
    status = "".join(board.put(text, name) for text, name in shown)
    ground = board.pick((behind, "#c8c8c8", "#e8e8e8", "#3a3a3a"))
    return (f"<div style='position:absolute;inset:0;display:flex;flex-direction:column;{font}'><div class='row' style='background:{bar};padding:3px 10px;gap:14px'>{''.join(board.put(one, f'menu{n}') for n, one in enumerate(menus))}</div>"
            f"<div class='row wrap' style='background:{bar};padding:2px 8px;gap:4px'>{tools}</div><div class='row' style='background:{bar};padding:3px 8px;border-bottom:1px solid #8886'>{boxes}<b>B</b> <i>I</i> <u>U</u></div>"
            f"<div style='flex:1;min-height:0;overflow:hidden;background:{ground};color:{ink_on(ground)}'>{ruler}<div style='width:{wide}px;margin:0 auto'>{view}</div></div>"
            f"<div class='row' style='flex:none;background:{bar};padding:3px 10px;gap:30px'>{status}</div></div>")  # fmt: skip
