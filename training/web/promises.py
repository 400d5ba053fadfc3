"""What people promise, ask for and arrange in conversations: several say the same sort of thing, each with values of their own."""

from __future__ import annotations

from dataclasses import dataclass, field

from training.web.board import Board
from training.web.statements import SLOT


@dataclass(frozen=True)
class Saying:
    """A message with slots, and questions by the slot that answers them, parted by "|"; `{k}` is who says it, `{n}` a thing."""

    text: str
    asks: dict[str, str] = field(default_factory=dict)


def _s(text: str, **asks: str) -> Saying:
    return Saying(text, asks)


SAYINGS: tuple[Saying, ...] = (
    _s("I'll send the {n} to {person} by {day}.",
       person="Who gets the {n}?|To whom will {k} send the {n}?|Whom does {k} send the {n} to?", n="What will {k} send?|What does {k} promise to send?",
       day="By when will {k} send the {n}?|When will the {n} be sent?|Until when can we expect the {n}?|By which day does {k} want to send the {n}?"),
    _s("I can fix the {n} before {time}.", n="What can {k} fix?|What does {k} offer to fix?",
       time="Before what time can {k} fix the {n}?|By when will the {n} be fixed?|Until when will {k} have fixed the {n}?"),
    _s("The {n} will be ready on {date}, I promise.", n="What does {k} promise?|What will be ready, according to {k}?",
       date="When will the {n} be ready?|On which date will the {n} be ready?|Until when does {k} promise the {n}?|For when is the {n} promised?"),
    _s("Could you pay {amount} for the {n} until {date}?", amount="How much should be paid for the {n}?|What does the {n} cost?|How much does {k} ask for?",
       date="Until when should the {n} be paid?|By when must the {n} be paid?", n="What does {k} want to have paid?"),
    _s("{person} will bring the {n} at {time}.", person="Who will bring the {n}?|Who brings the {n}?", time="When will the {n} be brought?|At what time does the {n} come?",
       n="What will {person} bring?|What does {person} bring?"),
    _s("The {n} is in {room} now, ask {person} for the key.", room="Where is the {n}?|In which room is the {n}?|Where is the {n} kept?",
       person="Who has the key for the {n}?|Whom do I ask for the key to the {n}?|Who can open the room with the {n}?"),
    _s("I have moved the {n} to {date}, {time}.", date="To which date was the {n} moved?|On which date is the {n} now?", time="At what time is the {n} now?|At what time does the {n} begin after the move?",
       n="What did {k} move?|What has been moved by {k}?"),
    _s("We still need {small} {n}s for {day}.", small="How many {n}s are needed?|How many {n}s are missing?|How many {n}s does {k} ask for?", day="For which day are {n}s needed?|When are the {n}s needed?"),
    _s("{k2} is ill, so {person} takes over the {n}.", person="Who takes over the {n}?|Who does the {n} instead of {k2}?|Who stands in for {k2}?", k2="Who is ill?|Who cannot do the {n}?"),
    _s("Version {version} of the {n} goes live at {time}.", version="Which version of the {n} goes live?|Which version of the {n} comes?", time="When does the {n} go live?|At what time does version {version} go live?"),
    _s("{server} has been down since {time}; {person} is looking into it.", server="Which server is down?|What is down, according to {k}?", time="Since when has {server} been down?|When did {server} go down?",
       person="Who is looking into {server}?|Who takes care of {server}?"),
    _s("I set {code} to {count}, it was {count2} before.", count="What did {k} set {code} to?|What is {code} now?|To which value was {code} set?", count2="What was {code} before?|Which value did {code} have before?", code="What did {k} change?|Which setting did {k} change?"),
    _s("Please review {code} until {day}, it changes {small} files.", code="What should be reviewed?|What does {k} want to have reviewed?", day="Until when should {code} be reviewed?|By when must {code} be reviewed?", small="How many files does {code} change?"),
    _s("Train {line} leaves at {time} from platform {small}.", time="When does train {line} leave?|At what time does {line} leave?", small="From which platform does {line} leave?|Which platform does {line} leave from?", line="Which train does {k} mention?|Which train leaves from platform {small}?"),
    _s("I booked {small} seats at {app} for {amount}.", small="How many seats did {k} book?|How many seats were booked at {app}?", app="Where did {k} book seats?|Where are the seats booked?", amount="How much did the seats at {app} cost?|What did {k} pay for the seats?"),
    _s("My new number is {phone}, from {date} on.", phone="What is {k}'s new number?|Under which number is {k} reached?|How can I call {k}?", date="From when on is {k}'s new number valid?|Since when does {k} have a new number?"),
    _s("Backup of {server} took {minutes} and {size}.", minutes="How long did the backup of {server} take?|How much time did the backup of {server} need?", size="How large is the backup of {server}?|How much space does the backup of {server} take?", server="Which server did {k} back up?|Of what is there a backup?"),
    _s("{path} is full, only {size} left.", path="What is full?|Which path is full?|What does {k} say is full?", size="How much is left on {path}?|How much space is left on {path}?"),
    _s("Dinner is at {time} on {day}, bring {n}.", time="At what time is dinner?|When do they eat?", day="On which day is dinner?|Which day is the dinner on?", n="What should be brought to dinner?|What should I bring?"),
    _s("I finished {percent} of the {n}, the rest comes on {day}.", percent="How much of the {n} is finished?|How far is {k} with the {n}?|What share of the {n} has {k} finished?", day="When does the rest of the {n} come?|On which day will the {n} be finished?"),
)  # fmt: skip
"""Each is said once by one speaker at most."""


class Talk:
    """What is said in one conversation: no speaker says the same sort of thing twice, and no two messages are the same."""

    def __init__(self, board: Board) -> None:
        self._board = board
        few = board.rng.sample(SAYINGS, board.rng.randint(3, 9))  # so that several people say the same sort of thing
        self._few, self._said = few, set[tuple[str, str]]()
        self._things: set[str] = set()

    def say(self, number: int, speaker: str) -> str:
        """Message `number`, whose ids are w and m with it; asks what it tells. "" where the speaker has said everything."""
        board = self._board
        left = [one for one in self._few if (speaker, one.text) not in self._said]
        if not left:
            return ""
        saying = board.pick(left)
        self._said.add((speaker, saying.text))
        slots: dict[str, str] = {"n": self._thing(), "k2": self._other(speaker)}
        for kind, digit in SLOT.findall(saying.text):
            if kind + digit not in slots and kind != "k":
                slots[kind + digit] = next(one for one in board.alike(kind, 3) if one not in (*slots.values(), speaker))
        for name, asked in saying.asks.items():
            board.ask("value", slots[name], asked, (f"w{number}", f"m{number}"), k=speaker, **slots)
        return str(saying.text.format(**slots))

    def _thing(self) -> str:
        for _ in range(20):
            thing = str(self._board.writer.slot("noun")).lower()
            if thing not in self._things and not thing.endswith("s"):
                break
        self._things.add(thing)
        return thing

    def _other(self, speaker: str) -> str:
        return next(one for one in self._board.alike("person", 3) if one != speaker)
