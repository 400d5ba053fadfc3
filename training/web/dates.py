"""What letters say with several dates, sums or numbers in one sentence, and the lines of references above a letter."""

from __future__ import annotations

from training.web.board import Board
from training.web.statements import Statement


def _s(text: str, **asks: str) -> Statement:
    return Statement(text, asks)


DATED: tuple[Statement, ...] = (
    _s("The contract began on {date} and ends on {date3}; notice has to reach us by {date2}.", date="When did the contract begin?|Since when does the contract run?",
       date3="When does the contract end?|Until when does the contract run?|On which date is the contract over?", date2="By when must notice be given?|Until when can I give notice?|What is the last day to give notice?"),
    _s("Of the {amount} that were due on {date}, we received {amount2} on {date2}.", amount="How much was due?|Which amount was due?", date="When was the amount due?|On which date should it have been paid?",
       amount2="How much was received?|How much did they receive?|How much has been paid?", date2="When was the money received?|When did the payment arrive?"),
    _s("Please pay the remaining {amount3} by {date4} at the latest.", amount3="How much remains to be paid?|Which amount is still open?|What must still be paid?", date4="By when must the rest be paid?|Until when do I have to pay?|What is the last day to pay the rest?"),
    _s("Your appointment of {date}, {time}, has been moved to {date2}, {time2}.", date="On which date was the old appointment?|When was the appointment at first?", time="At what time was the old appointment?",
       date2="On which date is the new appointment?|To which date was the appointment moved?|When is the appointment now?", time2="At what time is the new appointment?|To what time was the appointment moved?"),
    _s("We ordered the parts on {date}, they arrive on {date2}, and {person} will fit them on {date3}.", date="When were the parts ordered?|On which date were the parts ordered?", date2="When do the parts arrive?|On which date do the parts come?",
       person="Who will fit the parts?|Who fits the parts?", date3="When will the parts be fitted?|On which date are the parts fitted?"),
    _s("The meter stood at {count} on {date} and at {count2} on {date2}.", count="What did the meter read first?|At how much did the meter stand on {date}?", count2="What does the meter read now?|At how much did the meter stand on {date2}?",
       date="When was the meter first read?|On which date did it stand at {count}?", date2="When was the meter read the second time?|On which date did it stand at {count2}?"),
    _s("From {date} on the rent is {amount} instead of {amount2} a month.", date="From when on is the new rent paid?|When does the rent change?|From which date on does the new rent count?", amount="What is the new rent?|How much is the rent from then on?",
       amount2="What was the rent before?|What was the old rent?|How high was the rent until now?", yes="Does the rent change?|Will the rent be another one?"),
    _s("The offer of {date} is valid until {date2}; after that the price is {amount}.", date="When was the offer made?|Which date does the offer have?", date2="Until when is the offer valid?|How long does the offer hold?", amount="What is the price after the offer?|What does it cost later?"),
    _s("{person} is on leave from {date} to {date2}; until then {person2} will help you.", person="Who is on leave?|Who is away?", date="From when on is {person} on leave?|When does the leave begin?", date2="Until when is {person} on leave?|When is {person} back?",
       person2="Who helps while {person} is away?|Who stands in for {person}?|Whom can I ask in the meantime?"),
    _s("Room {small} is free from {time} to {time2}, room {small2} from {time3} to {time4}.", small="Which room is free from {time} on?|Which room is free until {time2}?", small2="Which room is free from {time3} on?|Which room is free until {time4}?",
       time="From when on is room {small} free?", time2="Until when is room {small} free?", time3="From when on is room {small2} free?", time4="Until when is room {small2} free?"),
    _s("{person} promised to answer by {date}, {person2} by {date2}.", person="Who promised to answer by {date}?", date="By when does {person} want to answer?|Until when did {person} promise an answer?", person2="Who promised to answer by {date2}?",
       date2="By when does {person2} want to answer?|Until when did {person2} promise an answer?"),
    _s("Delivery {code} ({kg}) left on {date}, delivery {code2} ({kg2}) leaves on {date2}.", kg="How heavy is delivery {code}?|What does delivery {code} weigh?", kg2="How heavy is delivery {code2}?|What does delivery {code2} weigh?",
       date="When did delivery {code} leave?|On which date did {code} leave?", date2="When does delivery {code2} leave?|On which date does {code2} leave?", code="Which delivery has left already?|Which delivery weighs {kg}?", code2="Which delivery has not left yet?|Which delivery weighs {kg2}?"),
)  # fmt: skip
"""A letter has a few of them, each once."""

_REFERENCES: tuple[tuple[str, str, str], ...] = (
    ("Your reference", "code", "What is my reference?|Which reference does the recipient have?|What does it say for Your reference?"),
    ("Our reference", "code", "What is the sender's reference?|Which reference of theirs should I name?|What does it say for Our reference?"),
    ("Customer no.", "code", "What is the customer number?|Which customer number is given?"),
    ("Contract no.", "code", "What is the contract number?|Which number does the contract have?"),
    ("Your letter of", "date", "When was the letter written that is answered?|From which date is the earlier letter?|Which date stands beside Your letter of?"),
    ("Phone", "phone", "What is the phone number?|Under which number can I call?"),
    ("E-mail", "email", "What is the e-mail address?|To which address can I write a mail?"),
    ("Contact", "person", "Who is the contact?|Whom can I ask?|Who deals with it?"),
    ("Payable by", "date", "By when is it payable?|Until when must it be paid?"),
    ("Office hours", "time", "From when on is the office open?|When does the office open?"),
    ("Room", "small", "In which room is the office?|Which room is it?"),
    ("Amount due", "amount", "Which amount is due?|How much is due?"),
)  # fmt: skip


def reference_lines(board: Board) -> str:
    """Some labels with values, in a block or in a row under each other; asks for each."""
    some = board.rng.sample(_REFERENCES, board.rng.randint(2, 7))
    cells = []
    for n, (label, kind, asked) in enumerate(some):
        value = board.maker.make(kind).text
        cells.append((board.put(label, f"rfl{n}"), board.put(value, f"rfv{n}")))
        board.ask("value", value, asked, (f"rfl{n}", f"rfv{n}"))
    if board.chance(0.5):
        return f"<div class='small' style='margin:12px 0'>{''.join(f'<div>{label}: {value}</div>' for label, value in cells)}</div>"
    inside = "".join(f"<div>{label}<br>{value}</div>" for label, value in cells)
    return f"<div class='small' style='display:grid;grid-template-columns:repeat({board.rng.randint(3, 4)},1fr);gap:8px;margin:14px 0'>{inside}</div>"
