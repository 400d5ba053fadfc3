"""Pages to do something on: settings, forms, sign-in, and dialogs over a page."""

from __future__ import annotations

import json

from training.web.board import Board
from training.web.buttons import button_row
from training.web.look import icon
from training.web.notices import dialog_text


def settings(board: Board) -> str:
    """Switches, choices and values under headings, with groups at the side."""
    rng = board.rng
    groups, on = _entries(board, rng.randint(3, 7)), 0
    on = rng.randrange(len(groups))
    side = "".join(
        f"<div class='item {'active' if n == on else ''}'>{icon(rng)} {board.put(name, f'g{n}')}</div>"
        for n, name in enumerate(groups)
    )
    board.ask(
        "selected",
        groups[on],
        "Which entry of the menu is selected?|Which group of settings is open?|Which page of the settings is shown?|What is selected at the side?",
        (f"g{on}",),
    )
    rows, switched = [], []
    names = list(dict.fromkeys([*board.alike("task", 9), *board.alike("thing", 4)]))[: rng.randint(3, 9)]
    for number, name in enumerate(names):
        label, mark = board.put(name, f"o{number}"), (f"o{number}",)
        draw = rng.random()
        if draw < 0.55:
            state = rng.random() < 0.5
            switched.append((name, state, mark))
            control = _switch(board, state)
        else:
            value = board.maker.make(
                board.pick(
                    (
                        "noun",
                        "minutes",
                        "percent",
                        "size",
                        "choice:Never/Daily/Weekly/Always/Automatic",
                        "place",
                        "version",
                    )
                )
            ).text
            control = f"<span class='{board.pick(('input', 'badge', 'muted'))}'>{board.put(value, f'v{number}')}</span>"
            board.ask(
                "value",
                value,
                'What is {k} set to?|What is the value of "{k}"?|What does it say for {k}?|{k}?',
                (*mark, f"v{number}"),
                k=name,
            )
        hint = f"<div class='muted small'>{board.put(board.writer.sentence(3, 8))}</div>" if rng.random() < 0.3 else ""
        rows.append(f"<div class='row spread rule item'><div>{label}{hint}</div>{control}</div>")
    for name, state, mark in switched:
        board.ask(
            "is_checked",
            "Yes" if state else "No",
            'Is "{k}" on?|Is {k} switched on?|Is "{k}" enabled?|Is {k} checked?',
            mark,
            k=name,
        )
    every = [mark[0] for _, _, mark in switched]
    if switched:
        board.ask(
            "how_many",
            str(sum(state for _, state, _ in switched)),
            "How many options are on?|How many switches are on?|How many settings are enabled?",
            every,
        )
        ons = [name for name, state, _ in switched if state]
        if ons:
            board.ask(
                "checked",
                ", ".join(ons),
                "Which options are on?|What is switched on?|Which settings are enabled?",
                every,
            )
    board.whether(
        "Is there a setting {text}?|Do you see the option {text}?",
        [(name, (f"o{n}",)) for n, name in enumerate(names)],
        board.maker.make("task").text,
    )
    board.noun, board.about = "settings", f'settings, the page "{groups[on]}", with {len(names)} options'
    title = board.put(groups[on], "title", "h2")
    return f"<div class='row top'><div class='panel' style='width:{rng.randint(150, 260)}px'>{side}</div><div class='grow'>{title}{''.join(rows)}{button_row(board)}</div></div>"


def _entries(board: Board, count: int) -> list[str]:
    known = (
        "General",
        "Privacy",
        "Security",
        "Display",
        "Sound",
        "Network",
        "Account",
        "Billing",
        "Language",
        "About",
        "Updates",
        "Users",
        "Storage",
        "Backup",
        "Appearance",
        "Notifications",
    )
    return board.rng.sample(known, count - count // 2) + [
        one for one in board.alike("noun", count // 2) if one not in known
    ]


def _switch(board: Board, on: bool) -> str:
    if board.chance(0.35):
        return f"<input type='checkbox' {'checked' if on else ''}>"
    return (f"<span style='width:34px;height:18px;border-radius:9px;flex:none;background:{'#2e8b57' if on else '#9aa0a6'};display:inline-block'>"
            f"<span style='display:block;width:14px;height:14px;border-radius:7px;background:#fff;margin:2px {18 if on else 2}px'></span></span>")  # fmt: skip


def form(board: Board) -> str:
    """Labels and fields with values, required ones, one of them wrong."""
    rng = board.rng
    types = {"Name": "person", "E-mail": "email", "Phone": "phone", "City": "place", "Street": "street", "Date": "date", "Company": "app",
             "Amount": "amount", "Reference": "code", "Room": "room", "Visitors": "small", "Time": "time", "Subject": "thing", "Website": "host", "Version": "version", "Folder": "path"}  # fmt: skip
    labels = rng.sample(list(types), rng.randint(3, 9))
    title = board.pick(
        (
            "Sign up",
            "Your details",
            "Contact us",
            "New entry",
            "Edit profile",
            "Booking",
            "Registration",
            "Application",
            "Delivery address",
            board.maker.make("thing").text,
        )
    )
    values = {label: board.maker.make(types[label]).text for label in labels}
    empty = {label for label in labels if rng.random() < 0.12}
    wrong = rng.choice(labels) if rng.random() < 0.35 else ""
    beside = board.chance(0.4)
    fields = []
    for label in labels:
        name = board.put(label, f"h.{label}")
        value = "" if label in empty else board.put(values[label], f"v.{label}")
        error = ""
        if label == wrong:
            text = board.pick(
                (
                    "This field is required.",
                    f"{label} is not valid.",
                    f"Please check the {label.lower()}.",
                    board.writer.message(error=True, most_words=6),
                )
            )
            error = board.put(" ".join(text.split()), "error", "div", "field-error small")
            board.tell_error(" ".join(text.split()), "error", "form")
            board.ask(
                "value",
                label,
                "Which field is wrong?|Which field has an error?|At which field is the error?",
                ("error", f"h.{label}"),
            )
        box = f"<div class='input'>{value}</div>{error}"
        fields.append(
            f"<dt>{name}</dt><dd>{box}</dd>" if beside else f"<div style='margin:8px 0'><div>{name}</div>{box}</div>"
        )
        if label not in empty:
            board.ask_as("value", values[label], (f"h.{label}", f"v.{label}"), label=label)
        board.ask(
            "yes_no",
            "No" if label not in empty else "Yes",
            "Is the field {k} empty?|Is {k} blank?|Is nothing entered for {k}?",
            (f"h.{label}",),
            k=label,
        ) if rng.random() < 0.12 or label in empty else None
    board.ask_as("labels", ", ".join(labels), [f"h.{label}" for label in labels])
    board.ask(
        "how_many",
        str(len(labels)),
        "How many fields are there?|How many fields does the form have?|Count the fields.",
        [f"h.{label}" for label in labels],
    )
    board.ask_as("heading", title, ("title",))
    if not empty:
        board.ask(
            "json",
            json.dumps({label: values[label] for label in labels}, ensure_ascii=False),
            "Give the form as JSON.|Return the fields and their values as JSON.|The form as JSON, please.",
            [f"{p}.{label}" for label in labels for p in "hv"],
        )
    board.noun, board.about = "form", f'a form "{title}" with the fields {", ".join(labels)}'
    inner = f"<dl>{''.join(fields)}</dl>" if beside else "".join(fields)
    return f"<div class='panel' style='width:{rng.randint(360, 700)}px;{board.pick(('', 'margin:20px auto'))}'>{board.put(title, 'title', 'h2')}{inner}{button_row(board)}</div>"


def sign_in(board: Board) -> str:
    """A small form in the middle, perhaps with an error."""
    app, rng = board.maker.make("app").text, board.rng
    user = board.pick((board.maker.make("email").text, board.maker.make("person").text))
    title = board.pick(("Sign in", "Log in", "Welcome back", f"Sign in to {app}", "Members' area"))
    error = ""
    if rng.random() < 0.65:
        text = board.pick(
            (
                "Wrong password.",
                "This account does not exist.",
                "Your account is locked. Please try again later.",
                "The code has expired.",
                "Too many attempts.",
                dialog_text(board, bad=True),
            )
        )
        text = " ".join(text.split())
        error = board.put(text, "error", "div", board.pick(("alert", "field-error")))
        board.tell_error(text, "error")
        board.ask(
            "message",
            text,
            "Why could I not sign in?|Why did signing in fail?|What is wrong with the sign-in?",
            ("error",),
        )
    board.ask_as("heading", title, ("title",))
    label = board.pick(("E-mail", "User name", "Account", "Login"))
    board.ask(
        "value",
        user,
        "Which user name is entered?|Who wants to sign in?|What is entered as {k}?|Which account is entered?",
        ("user",),
        k=label,
    )
    stay = rng.random() < 0.5
    board.ask(
        "is_checked",
        "Yes" if stay else "No",
        'Is "Remember me" checked?|Is remember me ticked?|Will I stay signed in?',
        ("stay",),
    )
    parts = [board.put(title, "title", "h1"), error, f"<p>{label}<span class='input'>{board.put(user, 'user')}</span></p>", f"<p>Password<span class='input'>{'*' * rng.randint(6, 12)}</span></p>",
             f"<p><input type='checkbox' {'checked' if stay else ''}> {board.put('Remember me', 'stay')}</p>", button_row(board), f"<a>{board.put('Forgot your password?')}</a>"]  # fmt: skip
    board.about = f'a page to sign in, "{title}"' + (f", with an error: {board.error}" if board.error else "")
    return f"<div class='panel' style='width:{rng.randint(300, 460)}px;margin:{rng.randint(20, 110)}px auto'>{''.join(parts)}</div>"


def modal(board: Board, under: str) -> str:
    """A dialog over a page that is darkened."""
    rng, bad = board.rng, board.chance(0.5)
    titles = (
        ("Error", "Failed", "Problem", "Warning") if bad else ("Are you sure?", "Confirm", "Question", "Please confirm")
    )
    title = board.pick((*titles, board.maker.make("app").text, board.maker.make("task").text))
    text = dialog_text(board, bad=bad)
    board.ask(
        "heading",
        title,
        "What is the title of the dialog?|What does the dialog's heading say?|What is the dialog called?",
        ("m.title",),
    )
    board.ask(
        "message",
        text,
        "What does the dialog say?|What is the message?|Read the dialog.|What does the message in the middle say?|What does the pop-up say?",
        ("m.text",),
    )
    if bad:
        board.tell_error(text, "m.text", "dialog")
    board.about = f'{board.about}, over it a dialog "{title}": {text}'
    dialog = f"<div class='panel' style='width:{rng.randint(320, 520)}px;margin:{rng.randint(90, 200)}px auto;pointer-events:auto'>{board.put(title, 'm.title', 'h2')}<p>{board.put(text, 'm.text')}</p>{button_row(board)}</div>"
    return f"{under}<div style='position:fixed;inset:0;background:rgba(0,0,0,{rng.uniform(0.35, 0.7):.2f});z-index:9;pointer-events:none'>{dialog}</div>"
