"""What is around a view: a site's head and menus, or a desktop program's bars."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from training.web.board import Board
from training.web.look import icon
from training.web.notices import notice

Shell: TypeAlias = Callable[[Board, str], str]

_LINKS = ("Home", "Products", "About", "Contact", "News", "Help", "Blog", "Pricing", "Docs", "Forum", "Support", "Login", "Shop", "Account",
          "Events", "Gallery", "Jobs", "Downloads", "Imprint", "Search", "Map", "Team", "Reports", "Projects")  # fmt: skip
_MENUS = (
    "File",
    "Edit",
    "View",
    "Insert",
    "Format",
    "Tools",
    "Window",
    "Help",
    "Go",
    "Bookmarks",
    "Search",
    "Terminal",
    "Options",
    "Project",
)


def _entries(board: Board, count: int) -> list[str]:
    made = board.alike("noun", count // 3)
    known = [one for one in board.rng.sample(_LINKS, count) if one not in made]
    return [*known[: count - len(made)], *made]


def _menu(board: Board, name: str, labels: list[str], on: int | None, style: str) -> str:
    return "".join(board.put(label, f"{name}{n}", "a", f"{style} {'active' if n == on and style == 'item' else 'on' if n == on else ''}")
                   for n, label in enumerate(labels))  # fmt: skip


def site(board: Board, view: str) -> str:
    """A name, links in a bar, perhaps a menu at the side, breadcrumbs, a foot."""
    rng = board.rng
    name, links = board.maker.make("app").text, _entries(board, rng.randint(3, 7))
    on = rng.randrange(len(links)) if board.chance(0.6) else None
    needs = [f"nav{n}" for n in range(len(links))]
    board.ask(
        "menu",
        ", ".join(links),
        "Which links are in the bar at the top?|List the links at the top.|What is in the navigation bar?|Which pages does the site have?",
        needs,
    )
    board.ask(
        "value",
        name,
        "What is the site called?|What is the name of the site?|Which name stands at the top left?|Whose page is it?",
        ("site",),
    )
    if on is not None:
        board.ask(
            "selected",
            links[on],
            "Which link at the top is highlighted?|Which page of the site is active?|Which entry of the navigation is selected?",
            (f"nav{on}",),
        )
    board.whether(
        "Is there a link {text}?|Do you see a link called {text}?|Does the page have a link {text}?",
        [(one, (f"nav{n}",)) for n, one in enumerate(links)],
        rng.choice([one for one in _LINKS if one not in links]),
    )
    search = ""
    if board.chance(0.35):
        typed = board.pick((board.writer.words(1, 3), "Search"))
        more = "" if typed == "Search" else "|What is searched for?|What did somebody type in to search?"
        search = f"<span class='input grow' style='max-width:260px'>{board.put(typed, 'search')}</span>"
        board.ask(
            "value",
            typed,
            f"What is in the search field?|What does the search box say?{more}",
            ("search",),
        )
    bar = f"<div class='bar row' style='gap:20px'>{icon(rng, px=20)} {board.put(name, 'site', style='b')} {_menu(board, 'nav', links, on, 'tab')} {search}</div>"
    crumbs = ""
    if board.chance(0.3):
        path = _entries(board, rng.randint(2, 4))
        crumbs = (
            "<div class='muted small item'>"
            + " / ".join(board.put(one, f"crumb{n}") for n, one in enumerate(path))
            + "</div>"
        )
        board.ask(
            "value",
            path[-1],
            "What is the last entry of the path at the top?|Where in the site are we?",
            [f"crumb{n}" for n in range(len(path))],
        )
    side = _side(board) if board.chance(0.35) else ""
    left = board.chance(0.7)
    foot = ""
    if board.chance(0.3):
        foot = f"<div class='muted small' style='margin-top:24px'>{board.put(f'(c) {rng.randint(2009, 2026)} {name}')} | {board.put(board.writer.words(1, 3))}</div>"
    banner = _banner(board) if board.chance(0.2) else ""
    main = f"<div class='grow' style='padding:{rng.randint(6, 40)}px'>{banner}{crumbs}{view}{foot}</div>"
    return f"{bar}<div class='row top' style='gap:0'>{side if left else ''}{main}{'' if left else side}</div>"


def _side(board: Board) -> str:
    rng = board.rng
    entries = _entries(board, rng.randint(3, 9))
    on = rng.randrange(len(entries))
    board.ask(
        "selected",
        entries[on],
        "Which entry of the menu is selected?|Which entry of the side menu is highlighted?|What is selected in the menu at the side?|Which page of the menu is open?",
        (f"side{on}",),
    )
    board.ask(
        "menu",
        ", ".join(entries),
        "Which entries does the side menu have?|List the entries of the menu at the side.|Read the side menu.",
        [f"side{n}" for n in range(len(entries))],
    )
    board.ask(
        "how_many",
        str(len(entries)),
        "How many entries does the side menu have?|Count the entries of the side menu.",
        [f"side{n}" for n in range(len(entries))],
    )
    items = "".join(
        f"<div class='item {'active' if n == on else ''}'>{icon(rng)} {board.put(one, f'side{n}')}</div>"
        for n, one in enumerate(entries)
    )
    return f"<div style='width:{rng.randint(150, 260)}px;flex:none;padding:12px;min-height:600px' class='{board.pick(('', 'panel', 'bar'))}'>{items}</div>"


def _banner(board: Board) -> str:
    shown = notice(board)
    board.ask(
        "message",
        board.texts[board.last],
        "What does the banner say?|Read the banner.|What does the message at the top say?|What is announced?",
        (board.last,),
    )
    return f"<div class='{board.pick(('panel', 'alert', 'active'))}' style='padding:8px 12px;margin-bottom:10px'>{shown}</div>"


def program(board: Board, view: str) -> str:
    """A menu bar, tools, perhaps a tree at the left and tabs, and a status bar."""
    rng = board.rng
    menus = sorted(rng.sample(_MENUS, rng.randint(3, 7)), key=_MENUS.index)
    bar = f"<div class='row' style='gap:16px;padding:2px 8px'>{''.join(board.put(one, f'menu{n}', style='') + ' ' for n, one in enumerate(menus))}</div>"
    board.ask_as("menu", ", ".join(menus), [f"menu{n}" for n in range(len(menus))])
    board.whether(
        "Is there a menu {text}?|Does the menu bar have {text}?",
        [(one, (f"menu{n}",)) for n, one in enumerate(menus)],
        rng.choice([one for one in _MENUS if one not in menus]),
    )
    tools = ""
    if board.chance(0.7):
        labelled = board.chance(0.4)
        names = _entries(board, rng.randint(3, 7))
        tools = (
            "<div class='row rule' style='padding:4px 8px'>"
            + "".join(
                f"<span class='item'>{icon(rng, px=rng.choice((16, 18, 20)))}{' ' + board.put(one, f'tool{n}') if labelled else ''}</span>"
                for n, one in enumerate(names)
            )
            + "</div>"
        )
        if labelled:
            board.ask(
                "buttons",
                ", ".join(names),
                "Which buttons are in the tool bar?|What is in the tool bar?|Read the tool bar.",
                [f"tool{n}" for n in range(len(names))],
            )
    tree = _tree(board) if board.chance(0.5) else ""
    tabs = ""
    if board.chance(0.4):
        names = board.alike(board.pick(("thing", "file", "noun")), rng.randint(2, 5))
        on = rng.randrange(len(names))
        tabs = f"<div class='row rule'>{_menu(board, 'ptab', names, on, 'tab')}</div>"
        board.ask(
            "selected",
            names[on],
            "Which tab is active?|Which tab is open?|Which tab is in front?|Which tab is selected?",
            (f"ptab{on}",),
        )
        board.ask(
            "list",
            ", ".join(names),
            "Which tabs are there?|List the tabs.|Read the tabs.",
            [f"ptab{n}" for n in range(len(names))],
        )
        board.ask(
            "how_many",
            str(len(names)),
            "How many tabs are there?|How many tabs are open?|Count the tabs.",
            [f"ptab{n}" for n in range(len(names))],
        )
    parts = [
        board.pick(
            (
                board.writer.words(2, 5).capitalize(),
                f"{rng.randint(2, 900)} items",
                "Ready",
                board.writer.message(error=False, most_words=7),
            )
        )
    ]
    parts = [" ".join(parts[0].split())]
    if board.chance(0.6):
        parts.append(
            board.pick(
                (
                    board.maker.make("size").text,
                    board.maker.make("percent").text,
                    board.maker.make("date").text,
                    f"{rng.randint(1, 9)} selected",
                )
            )
        )
    needs = [f"status{n}" for n in range(len(parts))]
    status = "".join(board.put(one, f"status{n}") for n, one in enumerate(parts))
    board.ask_as("status", " ".join(parts), needs)
    board.ask(
        "status", parts[0], "What does the status bar say at the left?|What stands at the bottom left?", needs[:1]
    )
    high = rng.randint(20, 30)
    foot = f"<div class='bar row spread small' style='position:absolute;bottom:0;left:0;right:0;height:{high}px;padding:0 8px'>{status}</div>"
    board.noun = "program" if board.noun == "browser" else board.noun
    return (f"<div style='position:absolute;inset:0;display:flex;flex-direction:column'>{bar}{tools}<div class='row top grow' style='gap:0;align-items:stretch'>{tree}"
            f"<div class='grow' style='overflow:hidden;position:relative'>{tabs}<div style='padding:10px'>{view}</div></div></div><div style='height:{high}px'></div></div>{foot}")  # fmt: skip


def _tree(board: Board) -> str:
    rng = board.rng
    names = list(dict.fromkeys([*board.alike("noun", rng.randint(3, 6)), *board.alike("file", rng.randint(2, 8))]))
    rng.shuffle(names)
    on = rng.randrange(len(names))
    rows, depth = [], 0
    for n, name in enumerate(names):
        folder = "." not in name
        rows.append(
            f"<div class='{'active' if n == on else ''}' style='padding:1px 6px 1px {8 + 16 * depth}px'>{icon(rng, px=14)} {board.put(name, f'tree{n}')}</div>"
        )
        depth = min(3, depth + 1) if folder else max(0, depth - rng.randint(0, 1))
    board.ask(
        "selected",
        names[on],
        "What is selected in the tree?|Which entry of the tree is selected?|What is highlighted in the side bar?",
        (f"tree{on}",),
    )
    board.ask(
        "how_many",
        str(len(names)),
        "How many entries does the tree have?|How many entries are in the side bar?",
        [f"tree{n}" for n in range(len(names))],
    )
    board.whether(
        "Is {text} in the tree?|Do you see {text} in the side bar?",
        [(one, (f"tree{n}",)) for n, one in enumerate(names)],
        board.maker.make("file").text,
    )
    return f"<div style='width:{rng.randint(160, 280)}px;flex:none;border-right:1px solid #8886;padding:6px 0;overflow:hidden'>{''.join(rows)}</div>"


def bare(board: Board, view: str) -> str:
    """Nothing but a margin."""
    return f"<div style='padding:{board.rng.randint(4, 40)}px'>{view}</div>"


def full(board: Board, view: str) -> str:  # noqa: ARG001 - all shells are called alike
    """Nothing at all."""
    return view
