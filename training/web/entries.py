"""Forms with all sorts of fields, and what lies over pages: cookies, dialogs, messages in a corner."""

from __future__ import annotations

import json

from training.web.board import Board
from training.web.look import NAMED, ink_on

_CHOICES = {"Delivery": ("Standard", "Express", "Pick up"), "Payment": ("Invoice", "Credit card", "Bank transfer", "Cash"), "Title": ("Ms", "Mr", "Dr", "None"), "Size": ("Small", "Medium", "Large"),
            "Seat": ("Window", "Aisle", "Anywhere"), "Class": ("First", "Second"), "Meal": ("Meat", "Fish", "Vegetarian", "None"), "Role": ("Reader", "Editor", "Owner"), "Plan": ("Free", "Team", "Company"),
            "Contact by": ("Phone", "E-mail", "Letter"), "Frequency": ("Never", "Daily", "Weekly"), "Visibility": ("Public", "Private", "Members only"), "Theme": ("Light", "Dark", "System")}  # fmt: skip
_TICKS = ("Send me news by e-mail", "I accept the terms", "Remember this address", "Gift wrap", "Use the same address", "Insurance", "Save my card", "Notify me", "Show my name", "Allow comments", "Keep me signed in", "Ring first", "I need a receipt", "Private", "All day", "Wheelchair space")  # fmt: skip
_TYPED = {"First name": "person", "Name": "person", "E-mail": "email", "Phone": "phone", "Town": "place", "Street": "street", "Company": "app", "Date": "date", "Arrival": "date", "Order number": "code", "Website": "host",
          "Amount": "amount", "Time": "time", "Customer": "person", "Room": "room", "Subject": "thing", "Quantity": "small", "Host name": "host", "Folder": "path", "Reference": "code"}  # fmt: skip
_WRONG = (
    "{l} is required",
    "Please enter a valid {m}.",
    "This {m} is already taken.",
    "{l} must not be empty.",
    "{l} is too short",
    "We could not find this {m}.",
    "The {m} contains letters that are not allowed.",
    "{l}: at most 20 letters",
)
_BUTTONS = ("Send", "Save", "Cancel", "Submit", "Next", "Back", "Reset", "Order now", "Book", "Sign up", "Continue", "Preview", "Add another", "Delete", "Pay", "Search", "Apply", "Save draft", "Create account")  # fmt: skip


def buttons(board: Board, prefix: str = "fb", least: int = 1, most: int = 4) -> str:
    """Buttons in a row, asked for by place, number and colour."""
    rng = board.rng
    labels = rng.sample(_BUTTONS, rng.randint(least, most))
    every, colour = [f"{prefix}{n}" for n in range(len(labels))], board.pick(tuple(NAMED))
    special = rng.randrange(len(labels))
    html = "".join(
        board.put(
            one,
            every[n],
            f"button style='background:{NAMED[colour]};color:{ink_on(NAMED[colour])}'" if n == special else "button",
            "btn",
        )
        for n, one in enumerate(labels)
    )
    where = (
        board.pick(("in the form", "below the fields", "at the bottom", "on the page"))
        if prefix == "fb"
        else "in the dialog"
    )
    board.ask(
        "buttons",
        ", ".join(labels),
        f"Which buttons are there {where}?|List the buttons {where}.|What can I press {where}?|Name the buttons {where}.|Which buttons does it have?",
        every,
    )
    board.ask("how_many", str(len(labels)), f"How many buttons are there {where}?|Count the buttons {where}.", every)
    board.ask(
        "buttons",
        labels[special],
        f"What does the {colour} button say?|Which button is {colour}?|Read the {colour} button.|What is written on the {colour} button?",
        (every[special],),
    )
    if len(labels) > 1:
        board.ask(
            "buttons",
            labels[0],
            f"Which button is on the left {where}?|What is the first button {where}?|What does the left button say?",
            every,
        )
        board.ask(
            "buttons",
            labels[-1],
            f"Which button is on the right {where}?|What is the last button {where}?|What does the right button say?",
            every,
        )
    return f"<div class='row' style='margin:12px 0;{board.pick(('', 'justify-content:flex-end', ''))}'>{html}</div>"


def entry_form(board: Board) -> str:
    """Typed fields, choices of one, ticks, a list to choose from, errors beside fields or above them all."""
    rng = board.rng
    typed = rng.sample(tuple(_TYPED), rng.randint(2, 6))
    values = {label: board.maker.make(_TYPED[label]).text for label in typed}
    empty = {label for label in typed if rng.random() < 0.15}
    wrong = rng.choice(typed) if rng.random() < 0.5 else ""
    error = board.pick(_WRONG).format(l=wrong, m=wrong.lower()) if wrong else ""
    if "required" in error or "empty" in error:
        empty.add(wrong)
    elif wrong:
        empty.discard(wrong)
    over = board.chance(0.4)
    parts: list[str] = []
    for label in typed:
        star = " *" if board.chance(0.2) else ""
        name, hint = board.put(label, f"h.{label}"), ""
        inside = "" if label in empty else board.put(values[label], f"v.{label}")
        if label == wrong and not over:
            hint = board.put(error, "error", "div", "field-error small")
        border = "style='border-color:#c62828;border-width:2px'" if label == wrong else ""
        parts.append(
            f"<div style='margin:7px 0'><div>{name}{star}</div><div class='input' {border}>{inside}</div>{hint}</div>"
        )
        mine = (f"h.{label}", f"v.{label}")
        if label in empty:
            board.ask(
                "yes_no",
                "Yes",
                "Is {k} empty?|Is the field {k} still empty?|Is there nothing in {k}?",
                mine[:1],
                k=label,
            )
        else:
            board.ask(
                "value",
                values[label],
                'What is entered for {k}?|What is in the field {k}?|What does the field "{k}" contain?|Which {m} is entered?|{k}?|Read the field {k}.|What did the user type in for {k}?',
                mine,
                k=label,
                m=label.lower(),
            )
            if board.chance(0.25):
                board.ask(
                    "yes_no",
                    "No",
                    "Is {k} empty?|Is the field {k} still empty?|Is there nothing in {k}?",
                    mine,
                    k=label,
                )
    filled = {label: (values[label], f"h.{label}", f"v.{label}") for label in typed if label not in empty}
    choices = rng.sample(tuple(_CHOICES), rng.randint(1, 3))
    parts.extend(_choice(board, label, filled) for label in choices)
    parts.append(_ticks(board))
    if wrong:
        board.tell_error(error, "error", "form")
        board.ask(
            "message",
            error,
            "What does the error message say?|What is wrong in the form?|Which error is shown?|Quote the error message.|What does the form complain about?|Why can the form not be sent?",
            ("error",),
        )
        board.ask(
            "value",
            wrong,
            "Which field is wrong?|Which field has an error?|Where is the error?|Which field is marked red?|Which field must be corrected?",
            ("error", f"h.{wrong}"),
        )
    else:
        board.ask(
            "yes_no",
            "No",
            "Is there an error in the form?|Does the form show an error?|Is a field marked as wrong?",
            (f"h.{typed[0]}",),
        )
    if wrong:
        board.ask(
            "yes_no",
            "Yes",
            "Is there an error in the form?|Does the form show an error?|Is a field marked as wrong?",
            ("error",),
        )
    rng.shuffle(parts)
    title = board.pick(
        (
            "Your order",
            "Registration",
            "New customer",
            "Book a room",
            "Contact form",
            "Profile",
            "Report a problem",
            "New event",
            "Apply here",
            "Address",
            "Payment",
            "Invite a member",
            "Create an account",
            "Reservation",
        )
    )
    board.ask_as("heading", title, ("title",))
    board.ask(
        "how_many",
        str(len(typed)),
        "How many text fields are there?|How many fields can I type in?|Count the text fields.",
        [f"h.{label}" for label in typed],
    )
    _as_json(board, filled)
    alert = f"<div class='alert'>{board.put(error, 'error')}</div>" if wrong and over else ""
    columns = "display:grid;grid-template-columns:1fr 1fr;gap:4px 20px" if board.chance(0.3) else ""
    board.noun, board.about = (
        "form",
        f'a form "{title}" with {len(parts)} parts' + (f", with an error: {error}" if error else ""),
    )
    return f"<div class='panel' style='max-width:{rng.randint(380, 860)}px;{board.pick(('', 'margin:16px auto'))}'>{board.put(title, 'title', 'h1')}{alert}<div style='{columns}'>{''.join(parts)}</div>{buttons(board)}</div>"


def _as_json(board: Board, filled: dict[str, tuple[str, str, str]]) -> None:
    """The values and the ids of label and value by label: all of them, and some under a schema."""
    if filled:
        chosen = board.rng.sample(tuple(filled), min(len(filled), board.rng.randint(1, 3)))
        keys = {one: one.lower().replace(" ", "_").replace("-", "_") for one in chosen}
        board.ask("json", json.dumps({keys[one]: filled[one][0] for one in chosen}, ensure_ascii=False),
                  "Give {keys} as JSON.|JSON with {keys}, please.|Return {keys} as a JSON object.",
                  [name for one in chosen for name in filled[one][1:]], keys=" and ".join(keys.values()))  # fmt: skip
        board.ask("json", json.dumps({one: entry[0] for one, entry in filled.items()}, ensure_ascii=False),
                  "Give the form as JSON.|Return all fields and their values as JSON.|Form to JSON.",
                  [name for entry in filled.values() for name in entry[1:]])  # fmt: skip


def _choice(board: Board, label: str, filled: dict[str, tuple[str, str, str]]) -> str:
    options = _CHOICES[label]
    on = board.rng.randrange(len(options))
    head = board.put(label, f"h.{label}")
    if board.chance(0.35):
        filled[label] = (options[on], f"h.{label}", f"v.{label}")
        board.ask(
            "selected",
            options[on],
            "What is chosen for {k}?|What is selected under {k}?|Which {m} is chosen?|What is set for {k}?",
            (f"h.{label}", f"v.{label}"),
            k=label,
            m=label.lower(),
        )
        return f"<div style='margin:7px 0'><div>{head}</div><div class='input row spread'>{board.put(options[on], f'v.{label}')}<svg width='8' height='5' style='flex:none;margin:0 6px'><path d='M0 0h8L4 5z' fill='currentColor'/></svg></div></div>"
    marks = [f"r.{label}.{n}" for n in range(len(options))]
    rows = "".join(
        f"<label style='margin-right:14px;white-space:nowrap;display:inline-block'><input type='radio' {'checked' if n == on else ''}> {board.put(one, marks[n])}</label>"
        for n, one in enumerate(options)
    )
    filled[label] = (options[on], f"h.{label}", marks[on])
    every = (f"h.{label}", *marks)
    board.ask(
        "selected",
        options[on],
        "Which {m} is selected?|What is chosen for {k}?|Which option is selected under {k}?|Which {m} was chosen?|Which radio button is set for {k}?",
        every,
        k=label,
        m=label.lower(),
    )
    board.ask(
        "list",
        ", ".join(options),
        "Which options are there for {k}?|List the options under {k}.|What can be chosen for {k}?",
        every,
        k=label,
    )
    n = on if board.chance(0.5) else board.rng.choice([m for m in range(len(options)) if m != on])
    board.ask(
        "yes_no",
        "Yes" if n == on else "No",
        'Is "{o}" selected for {k}?|Is {o} chosen under {k}?|Is the option {o} set for {k}?',
        every,
        o=options[n],
        k=label,
    )
    return f"<div style='margin:7px 0'><div>{head}</div>{rows}</div>"


def _ticks(board: Board) -> str:
    labels = board.rng.sample(_TICKS, board.rng.randint(1, 4))
    states = [board.chance(0.5) for _ in labels]
    every, html = [f"ti{n}" for n in range(len(labels))], ""
    for n, one in enumerate(labels):
        html += f"<div><input type='checkbox' {'checked' if states[n] else ''}> {board.put(one, every[n])}</div>"
        board.ask(
            "is_checked",
            "Yes" if states[n] else "No",
            'Is "{k}" ticked?|Is {k} checked?|Is the box {k} ticked?|Is there a tick at "{k}"?',
            (every[n],),
            k=one,
        )
    ons = [one for one, state in zip(labels, states, strict=True) if state]
    offs = [one for one, state in zip(labels, states, strict=True) if not state]
    board.ask(
        "how_many",
        str(len(ons)),
        "How many boxes are ticked?|How many check boxes are checked?|Count the ticks.",
        every,
    )
    board.ask("how_many", str(len(labels)), "How many check boxes are there?|Count the check boxes.", every)
    if ons:
        board.ask(
            "checked", ", ".join(ons), "Which boxes are ticked?|What is ticked?|Which check boxes are checked?", every
        )
    if offs:
        board.ask(
            "checked",
            ", ".join(offs),
            "Which boxes are not ticked?|What is not ticked?|Which check boxes are empty?",
            every,
        )
    return f"<div style='margin:8px 0'>{html}</div>"


_COOKIES = (
    "We use cookies to improve this page.",
    "This site uses cookies.",
    "We value your privacy.",
    "{app} and {n} partners store data on your device.",
    "Cookies help us to show you fitting {m}s.",
    "By using this site you accept our cookies.",
)
_TOASTS = ("{file} was saved.", "Copied to the clipboard.", "Message sent.", "Connection lost. Trying again in {n} seconds.", "{person} has joined.", "{n} files were deleted.", "Your changes were saved.", "The link has been copied.", "New version {version} is available.", "Upload of {file} failed.", "Added to cart: {good}")  # fmt: skip


def overlay(board: Board, under: str) -> str:
    """A banner about cookies, a dialog with buttons, or a message in a corner, over a page."""
    rng, draw = board.rng, board.rng.random()
    make = board.maker.make
    if draw < 0.45:
        text = board.pick(_COOKIES).format(
            app=make("app").text, n=rng.randint(2, 900), m=board.writer.slot("noun").lower()
        )
        labels = board.pick(
            (
                ("Accept all", "Reject all"),
                ("Accept", "Decline", "Settings"),
                ("OK",),
                ("Allow all", "Only necessary", "Choose"),
                ("I agree", "More"),
                ("Accept all", "Reject all", "Customise"),
            )
        )
        every = [f"ck{n}" for n in range(len(labels))]
        html = "".join(board.put(one, every[n], "button", "btn") for n, one in enumerate(labels))
        board.ask(
            "message",
            text,
            "What does the cookie banner say?|Read the cookie banner.|What does the site say about cookies?",
            ("cookies",),
        )
        board.ask(
            "buttons",
            ", ".join(labels),
            "Which buttons does the cookie banner have?|Which buttons are in the banner?|What can I choose in the cookie banner?",
            every,
        )
        place = board.pick(
            (
                "left:0;right:0;bottom:0",
                "left:0;right:0;top:0",
                "left:20px;bottom:20px;width:360px",
                "right:20px;bottom:20px;width:400px",
                "left:25%;right:25%;top:30%",
            )
        )
        board.about += ", over it a banner about cookies"
        return f"{under}<div class='panel row wrap' style='position:absolute;{place};z-index:8;padding:14px'><span class='grow' style='min-width:220px'>{board.put(text, 'cookies')}</span>{html}</div>"
    if draw < 0.7:
        text = board.pick(_TOASTS).format(
            file=make("file").text,
            n=rng.randint(2, 90),
            person=make("person").text,
            version=make("version").text,
            good=make("good").text,
        )
        board.ask(
            "message",
            text,
            "What does the message in the corner say?|Read the message in the corner.|What does the pop-up say?|Which notification is shown?|What was just reported?",
            ("toast",),
        )
        place = board.pick(("right:16px;bottom:16px", "right:16px;top:60px", "left:16px;bottom:16px"))
        return f"{under}<div class='panel' style='position:absolute;{place};z-index:8;padding:12px 18px;background:#222;color:#fff'>{board.put(text, 'toast')}</div>"
    title, text = board.pick((("Delete {file}?", "It cannot be brought back."), ("Leave this page?", "Changes that you made may not be saved."), ("Subscribe", "Get news of {app} once a week."), ("You are offline", "Check the cable and try again."), ("Choose your country", "Prices and delivery depend on it."),
                              ("Session expired", "Please sign in again to go on."), ("Send the message?", "It goes to {n} people."), ("Rename {file}", "The new name must end with the same letters."), ("Allow {app} to use the camera?", "You can change this later.")))  # fmt: skip
    slots = {"file": make("file").text, "app": make("app").text, "n": rng.randint(2, 400)}
    title, text = title.format(**slots), text.format(**slots)
    board.ask(
        "heading",
        title,
        "What is the title of the dialog?|What is the heading of the dialog?|What is written at the top of the dialog?"
        + ("|What does the dialog ask?|Which question does the dialog ask?" if title.endswith("?") else ""),
        ("m.title",),
    )
    board.ask(
        "message",
        text,
        "What does the dialog say?|Read the text of the dialog.|What is written in the dialog under its title?|What does the pop-up say?|What is the message?",
        ("m.text",),
    )
    board.about = f'{board.about}, over it a dialog "{title}": {text}'
    inside = f"{board.put(title, 'm.title', 'h2')}<p>{board.put(text, 'm.text')}</p>{buttons(board, 'mb', 1, 3)}"
    return f"{under}<div style='position:fixed;inset:0;background:rgba(0,0,0,{rng.uniform(0.2, 0.6):.2f});z-index:9;pointer-events:none'><div class='panel' style='width:{rng.randint(320, 520)}px;margin:{rng.randint(90, 220)}px auto;padding:18px;pointer-events:auto'>{inside}</div></div>"
