"""What is selected, current, on and off: calendars, switches, steps, chips, choices beside each other."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable

from training.screens.phrases import DAYS, MONTHS
from training.web.board import Board

_SWITCHES = (
    "Notifications", "Sounds", "Dark mode", "Automatic updates", "Location", "Bluetooth", "Airplane mode", "Auto-save", "Spell check", "Animations", "Night light", "Backup", "Sync", "Captions",
    "Microphone", "Camera", "Battery saver", "Offline mode", "Show hidden files", "Large text", "Preview", "Line numbers", "Word wrap", "Autoplay", "Two-step sign-in", "Public profile",
)  # fmt: skip
_CHOICES = (
    ("View", ("Day", "Week", "Month", "Year")), ("Size", ("S", "M", "L", "XL")), ("Order", ("Name", "Date", "Size", "Price")), ("Layout", ("List", "Grid", "Table")), ("Range", ("1D", "1W", "1M", "1Y", "All")),
    ("Unit", ("Metric", "Imperial")), ("Language", ("English", "German", "French", "Spanish")), ("Plan", ("Free", "Team", "Business")), ("Priority", ("Low", "Normal", "High")), ("Align", ("Left", "Centre", "Right")),
    ("Class", ("Economy", "Business", "First")), ("Trip", ("One way", "Return")), ("Quality", ("480p", "720p", "1080p", "4K")), ("Theme", ("Light", "Dark", "System")),
)  # fmt: skip
_STEPS = (("Cart", "Address", "Payment", "Review", "Done"), ("Account", "Profile", "Team", "Finish"), ("Ordered", "Packed", "Shipped", "Delivered"), ("Choose", "Upload", "Check", "Send"), ("Draft", "Review", "Approved", "Published"))  # fmt: skip
_CHIPS = ("Books", "Music", "Tools", "Garden", "Sports", "Travel", "Food", "Art", "Science", "Films", "Games", "Health", "Photos", "News", "Cars", "History")  # fmt: skip
_ACCENTS = ("#1a73e8", "#0b8043", "#c5221f", "#7b1fa2", "#e8710a", "#00796b", "#444", "#111", "#5c6bc0", "#ad1457", "#37474f", "#9e9e9e")  # fmt: skip


def _marked(board: Board) -> str:
    """CSS of what is selected."""
    colour = board.pick(_ACCENTS)
    return str(board.pick((f"background:{colour};color:#fff", f"background:{colour};color:#fff;border-radius:99px", f"outline:2px solid {colour};outline-offset:-2px", f"background:{colour}44;font-weight:bold",
                           f"box-shadow:inset 0 -3px 0 {colour}", f"background:{colour}33;box-shadow:inset 3px 0 0 {colour}", "background:#8885;font-weight:bold")))  # fmt: skip


def states(board: Board) -> str:
    """Several of them on one page."""
    parts = board.rng.sample(_PARTS, board.rng.randint(2, len(_PARTS)))
    title = board.pick(
        ("Settings", "Overview", "Options", board.maker.make("thing").text, board.maker.make("noun").text)
    )
    board.about = f'a page "{title}" with settings and choices'
    shown = "".join(f"<div class='panel' style='margin:10px 0'>{part(board)}</div>" for part in parts)
    wide = board.pick(("", "max-width:560px", "max-width:760px", "columns:2;column-gap:24px"))
    return f"{board.put(title, 'title', 'h1')}<div style='{wide}'>{shown}</div>"


def _calendar(board: Board) -> str:
    """A month with one day selected and perhaps another one marked as today."""
    rng = board.rng
    month, year = rng.randrange(12), rng.randint(2015, 2032)
    first, days = monthrange(year, month + 1)
    name, at, mark = f"{MONTHS[month]} {year}", rng.randint(1, days), _marked(board)
    cells = (
        "".join(f"<span class='muted small'>{board.put(day[:3], f'wd{n}')}</span>" for n, day in enumerate(DAYS))
        + "<span></span>" * first
    )
    for day in range(1, days + 1):
        cells += f"<span style='padding:3px 0;{mark if day == at else ''}'>{board.put(str(day), f'md{day}')}</span>"
    needs = ("cal", f"md{at}")
    board.ask("selected", str(at), "Which day is selected in the calendar?|Which day is highlighted?|Which day of the month is marked?|Which date is selected in {m}?|Which day is chosen?", needs, m=name)  # fmt: skip
    board.ask("value", name, "Which month does the calendar show?|Which month is shown?|What month is it in the calendar?", ("cal",))  # fmt: skip
    column = (first + at - 1) % 7
    board.ask("value", DAYS[column][:3], "Which weekday stands above the selected day?|What stands at the top of the column of the selected day?|In the column of which weekday is the highlighted day?", (*needs, f"wd{column}"))  # fmt: skip
    return f"<div class='row spread'>{board.put(name, 'cal', style='b')}<span>&lsaquo; &rsaquo;</span></div><div style='display:grid;grid-template-columns:repeat(7,2.4em);text-align:center;margin-top:6px'>{cells}</div>"


def _switches(board: Board) -> str:
    rng = board.rng
    names = rng.sample(_SWITCHES, rng.randint(3, 8))
    ons = [rng.random() < 0.5 for _ in names]
    look, colour, html = board.pick(("switch", "switch", "box", "word")), board.pick(_ACCENTS), ""
    right = board.chance(0.6)
    for n, (name, on) in enumerate(zip(names, ons, strict=True)):
        if look == "switch":
            knob = f"<span style='position:absolute;top:2px;{'right' if on else 'left'}:2px;width:12px;height:12px;border-radius:9px;background:#fff'></span>"
            sign = f"<span style='position:relative;display:inline-block;width:32px;height:16px;border-radius:9px;flex:none;background:{colour if on else '#9aa0a6'}'>{knob}</span>"
        elif look == "box":
            sign = f"<input type='checkbox' {'checked' if on else ''} style='accent-color:{colour}'>"
        else:
            sign = f"<span class='badge'>{'On' if on else 'Off'}</span>"
        label = board.put(name, f"sw{n}")
        html += f"<div class='row {'spread' if right else ''}' style='padding:3px 0'>{label + sign if right else sign + label}</div>"
        board.ask("is_checked", "Yes" if on else "No", "Is {k} on?|Is {k} switched on?|Is {k} enabled?|Is {k} active?|Is {k} turned on?", (f"sw{n}",), k=name)  # fmt: skip
        board.ask("is_checked", "No" if on else "Yes", "Is {k} off?|Is {k} switched off?|Is {k} disabled?", (f"sw{n}",), k=name)  # fmt: skip
    every = [f"sw{n}" for n in range(len(names))]
    for state, asked in ((True, "Which settings are on?|Which switches are on?|What is switched on?|Which options are enabled?"), (False, "Which settings are off?|Which switches are off?|What is switched off?|Which options are disabled?")):  # fmt: skip
        some = [name for name, on in zip(names, ons, strict=True) if on == state]
        if some:
            board.ask("list", ", ".join(some), asked, every)
        board.ask("how_many", str(len(some)), f"How many settings are {'on' if state else 'off'}?|How many switches are {'on' if state else 'off'}?", every)  # fmt: skip
    return html


def _choice(board: Board) -> str:
    """Choices beside each other, one of which is selected."""
    rng, html = board.rng, ""
    for row, (label, names) in enumerate(rng.sample(_CHOICES, rng.randint(1, 4))):
        on, mark, cells = rng.randrange(len(names)), _marked(board), ""
        for n, name in enumerate(names):
            cells += f"<span style='padding:3px 10px;border:1px solid #8888;{mark if n == on else ''}'>{board.put(name, f'co{row}.{n}')}</span>"
        every = [f"co{row}.k", *(f"co{row}.{n}" for n in range(len(names)))]
        board.ask("selected", names[on], "Which {k} is selected?|What is selected for {k}?|What is chosen for {k}?|{k}: which choice is highlighted?|Which of the choices for {k} is active?|What is {k} set to?", every, k=label.lower())  # fmt: skip
        if len(names) == 2:
            board.ask("value", names[1 - on], "Which choice for {k} is not selected?|What is not chosen for {k}?", every, k=label.lower())  # fmt: skip
        other = rng.choice([name for name in names if name != names[on]])
        board.ask("yes_no", "No", "Is {other} selected for {k}?|Is {other} chosen for {k}?", every, k=label.lower(), other=other)  # fmt: skip
        board.ask("yes_no", "Yes", "Is {on} selected for {k}?|Is {on} chosen for {k}?", every, k=label.lower(), on=names[on])  # fmt: skip
        html += f"<div class='row' style='margin:4px 0'>{board.put(label, f'co{row}.k')} <span class='row' style='gap:0'>{cells}</span></div>"
    return html


def _steps(board: Board) -> str:
    names = board.pick(_STEPS)
    at, mark, html = board.rng.randrange(len(names)), _marked(board), ""
    numbered = board.chance(0.6)
    for n, name in enumerate(names):
        sign = f"{n + 1}. " if numbered else ("&#10003; " if n < at else "")
        html += f"<span style='padding:3px 10px;{mark if n == at else ''}' class='{'' if n <= at else 'muted'}'>{sign}{board.put(name, f'sp{n}')}</span>"
    every = [f"sp{n}" for n in range(len(names))]
    board.ask("selected", names[at], "Which step is the current one?|Which step is highlighted?|At which step am I?|Which step is active?|Which step is open?", every)  # fmt: skip
    if at + 1 < len(names):
        board.ask("value", names[at + 1], "Which step comes next?|What is the next step?", every)
    if at:
        board.ask("value", names[at - 1], "Which step was before the current one?|What was the step before?", every)
    board.ask("how_many", str(len(names)), "How many steps are there?|Count the steps.", every)
    return f"<div class='row wrap'>{html}</div>"


def _chips(board: Board) -> str:
    rng = board.rng
    names = rng.sample(_CHIPS, rng.randint(4, 9))
    ons, mark, html = set(rng.sample(range(len(names)), rng.randint(1, 3))), _marked(board), ""
    for n, name in enumerate(names):
        html += f"<span style='padding:2px 10px;border:1px solid #8888;border-radius:12px;{mark.replace('border-radius:99px', '') if n in ons else ''}'>{board.put(name, f'ch{n}')}</span>"
    every = [f"ch{n}" for n in range(len(names))]
    some = [name for n, name in enumerate(names) if n in ons]
    if len(some) == 1:
        board.ask("selected", some[0], "Which category is selected?|Which category is highlighted?|Which tag is chosen?", every)  # fmt: skip
    else:
        board.ask("list", ", ".join(some), "Which categories are selected?|Which categories are highlighted?|Which tags are chosen?", every)  # fmt: skip
    board.ask("how_many", str(len(some)), "How many categories are selected?|How many tags are highlighted?", every)
    return f"<div class='row wrap' style='gap:6px'>{html}</div>"


_PARTS: tuple[Callable[[Board], str], ...] = (_calendar, _switches, _choice, _steps, _chips)
