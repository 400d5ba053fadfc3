"""What pages tell in plain English: sentences by topic, with what people ask to learn it.

A slot is a type of `values.Maker`, with a digit where a sentence has two of a type. A question is listed under the slot
that answers it; under "yes" and "no" those that the sentence answers that way, and under "?slot" one that is asked with
the right value or with another one.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, field

from training.web.board import Board
from training.web.facts import fact_groups

SLOT = re.compile(r"\{([a-z]+)(\d?)\}")


@dataclass(frozen=True)
class Statement:
    """A sentence with slots, and questions by what answers them, parted by "|"."""

    text: str
    asks: dict[str, str] = field(default_factory=dict)


def _s(text: str, **asks: str) -> Statement:
    return Statement(text, {name.replace("is_", "?"): asked for name, asked in asks.items()})


TOPICS: dict[str, tuple[Statement, ...]] = {
    "museum": (
        _s("The museum opens at {time} and is free for children.", time="When does the museum open?|At what time does the museum open?|From when on is the museum open?", yes="Is the museum free for children?|Do children get in for free?", no="Do children have to pay?|Must children pay to get in?"),
        _s("Guided tours start every {minutes} in front of the main gate.", minutes="How often do guided tours start?|How often is there a tour?|At which interval do tours start?"),
        _s("The exhibition was put together by {person} and runs until {date}.", person="Who put the exhibition together?|Whose exhibition is it?|Who made the exhibition?", date="Until when does the exhibition run?|When does the exhibition end?|How long can I see the exhibition?"),
        _s("A ticket costs {amount} at the desk.", amount="What does a ticket cost?|How much is a ticket?|How much do I pay at the desk?", is_amount="Does a ticket cost {amount}?"),
        _s("Photographs may be taken, but not with a flash.", yes="May I take photographs?|Are photographs allowed?|Can photographs be taken?", no="May I use a flash?|Is a flash allowed?"),
        _s("Large bags have to be left in {room}.", room="Where do large bags have to be left?|Where can I leave my bag?|Where do bags go?", no="May large bags be taken inside?|Can I keep a large bag with me?"),
        _s("Last year {count} people came to see the collection.", count="How many people came last year?|How many visitors were there last year?"),
        _s("The building is closed on {day}s.", day="On which day is the building closed?|When is it closed?|Which day is it closed on?", no="Is the building open on {day}s?"),
    ),
    "works": (
        _s("The bridge to {place} stays closed until {date}.", place="To which town does the closed bridge lead?|Where does the bridge lead?", date="Until when is the bridge closed?|How long is the bridge closed?|When does the bridge open again?", no="Is the bridge open?|Can I use the bridge now?"),
        _s("Repairs will cost about {amount}, which the district pays.", amount="What will the repairs cost?|How much do the repairs cost?|What is the cost of the repairs?", no="Does the town pay for the repairs?"),
        _s("Cars are led through {place2}, people on foot may still cross.", place2="Where are cars led?|Through which town are cars led?|Which way do cars have to go?", yes="May people on foot cross?|Can one cross on foot?", no="May cars cross?|Can I cross by car?"),
        _s("The work is led by {person}, an engineer from {place3}.", person="Who leads the work?|Who is the engineer?|By whom is the work led?", place3="Where does the engineer come from?|From where is the engineer?"),
        _s("A crack of {small} metres was found during an inspection.", small="How long was the crack?|How many metres long was the crack?", yes="Was a crack found?|Did the inspection find something?"),
        _s("Around {count} vehicles use it on a working day.", count="How many vehicles use it on a working day?|How many vehicles pass each day?"),
        _s("Questions are answered under {phone}.", phone="Under which number are questions answered?|Which number can I call?|What is the phone number?|Whom can I ring?"),
    ),
    "council": (
        _s("The council decided on {day} to plant {count} trees along the river.", day="On which day did the council decide?|When was it decided?", count="How many trees will be planted?|How many trees are to be planted?", yes="Will trees be planted?"),
        _s("{person} spoke against the plan.", person="Who spoke against the plan?|Who is against the plan?|Who opposed the plan?", no="Did {person} support the plan?|Is {person} in favour of the plan?"),
        _s("The plan was accepted with {small} votes.", small="With how many votes was the plan accepted?|How many votes did the plan get?", yes="Was the plan accepted?|Did the plan pass?", no="Was the plan turned down?|Was the plan rejected?"),
        _s("The next meeting is on {date} in {room}.", date="When is the next meeting?|On which date does the council meet again?", room="Where is the next meeting?|In which room is the next meeting?"),
        _s("Taxes stay as they are.", no="Will taxes rise?|Do taxes change?|Are taxes raised?", yes="Do taxes stay the same?|Are taxes unchanged?"),
        _s("Mayor {person2} called it a good day for {place}.", person2="Who is the mayor?|What is the mayor called?|Who called it a good day?", place="For which town was it a good day?"),
    ),
    "course": (
        _s("The course begins on {date} and takes {days}.", date="When does the course begin?|On which date does the course start?", days="How long does the course take?|How many days does the course last?"),
        _s("It is taught by {person} in {room}.", person="Who teaches the course?|Who is the teacher?|By whom is the course taught?", room="In which room is the course?|Where is the course held?"),
        _s("There are places for {small} people.", small="For how many people are there places?|How many people can take part?|How many places are there?"),
        _s("No previous knowledge is needed.", no="Do I need previous knowledge?|Is previous knowledge needed?|Must I know something before?", yes="Can beginners take part?|Is the course open to beginners?"),
        _s("Please sign up with {email} before {date2}.", email="Where do I sign up?|To which address do I write to sign up?|What is the e-mail address?", date2="Until when can I sign up?|Before which date do I have to sign up?|What is the last day to sign up?"),
        _s("The fee of {amount} includes lunch.", amount="What is the fee?|What does the course cost?|How high is the fee?", yes="Is lunch included?|Does the fee include lunch?", no="Do I have to pay for lunch?|Does lunch cost extra?"),
    ),
    "appliance": (
        _s("Clean the filter every {days}.", days="How often must the filter be cleaned?|How often do I clean the filter?|At which interval is the filter cleaned?|When does the filter need cleaning?"),
        _s("The tank holds {small} litres.", small="How much does the tank hold?|How many litres fit into the tank?|How large is the tank?"),
        _s("Never use the device without the lid.", no="May I use the device without the lid?|Can it be used without its lid?", yes="Is the lid needed?|Must the lid be on?"),
        _s("Wait {minutes} until it has cooled down.", minutes="How long must I wait until it has cooled down?|How long does it take to cool down?|How long should I wait?"),
        _s("The warranty ends after {small2} months.", small2="After how many months does the warranty end?|How long is the warranty?|How many months of warranty are there?"),
        _s("All parts except the motor can be washed in a machine.", yes="Can the parts be washed in a machine?", no="Can the motor be washed in a machine?|May the motor be washed?"),
        _s("Spare parts have numbers that begin with {code}.", code="With what do the numbers of spare parts begin?|How do the spare parts' numbers begin?"),
        _s("It needs {count} watts.", count="How many watts does it need?|How much power does it need?|What is its power in watts?"),
        _s("If the lamp blinks, the filter is full.", yes="Does a blinking lamp mean that the filter is full?", no="Does a blinking lamp mean that it is ready?"),
    ),
    "release": (
        _s("Version {version} was released on {date}.", version="Which version was released?|What is the new version?|What is the newest version?", date="When was version {version} released?|When did the new version come out?"),
        _s("It starts up {percent} faster than before.", percent="How much faster does it start?|By how much is the start faster?", yes="Does it start faster than before?", no="Does it start more slowly than before?"),
        _s("The old option {code} has been removed.", code="Which option has been removed?|What was removed?|Which option is gone?", no="Is the option {code} still there?|Does {code} still work?"),
        _s("{person} reported a fault that lost data when the disk was full.", person="Who reported the fault?|Who found the fault?|By whom was the fault reported?"),
        _s("Settings are kept in {path} from now on.", path="Where are settings kept?|Where are the settings from now on?|In which place are settings stored?|Which path has the settings?"),
        _s("It needs {size} of memory.", size="How much memory does it need?|How much memory is needed?"),
        _s("Support for version {version2} ends on {date2}.", version2="For which version does support end?|Which version is no longer supported?", date2="When does support end?|Until when is the old version supported?"),
        _s("Updating is safe, no data has to be converted.", yes="Is updating safe?|Is it safe to update?", no="Must data be converted?|Do I have to convert data?"),
    ),
    "travel": (
        _s("The first boat leaves at {time} from {place}.", time="When does the first boat leave?|At what time is the first boat?|How early can I leave?", place="From where does the boat leave?|Where does the first boat start?"),
        _s("The crossing takes {minutes}.", minutes="How long is the crossing?|How long does the crossing take?|How much time does the crossing need?"),
        _s("Dogs travel for free, but must be kept on a lead.", yes="May dogs come along?|Do dogs travel for free?|Must dogs be kept on a lead?", no="Do I pay for a dog?|Is there a fee for dogs?"),
        _s("There is no service on {day}s.", day="On which day is there no service?|When does nothing run?", no="Does it run on {day}s?|Is there a service on {day}s?|Can I go on a {day}?"),
        _s("A return ticket is {amount} and valid for {days}.", amount="What does a return ticket cost?|How much is a return ticket?", days="How long is a return ticket valid?|For how many days is the return ticket valid?"),
        _s("Seats cannot be booked ahead.", no="Can seats be booked ahead?|Can I book a seat?|Is it possible to reserve a seat?", yes="Is booking ahead impossible?"),
        _s("Lost things are kept at {street} for {days2}.", street="Where are lost things kept?|Where do I find lost things?|At which address are lost things?", days2="How long are lost things kept?|For how long are lost things kept?"),
    ),
    "study": (
        _s("We measured {count} samples at {small} places.", count="How many samples were measured?|How many samples are there?|What is the number of samples?", small="At how many places were samples measured?|How many places were there?"),
        _s("The error falls by {percent} when both signals are used.", percent="By how much does the error fall?|How much smaller is the error?", no="Does the error rise when both signals are used?", yes="Does the error fall when both signals are used?"),
        _s("Our method was tested in {place} from {year} to the present.", place="Where was the method tested?|In which town was the method tested?", year="Since when has the method been tested?|From which year on was it tested?"),
        _s("The data were collected by {person}.", person="Who collected the data?|By whom were the data collected?|Whose data are they?"),
        _s("No effect was found at night.", no="Was an effect found at night?|Is there an effect at night?", yes="Was the effect missing at night?"),
        _s("The work was paid for by the {place2} fund under {code}.", place2="Which fund paid for the work?|Who paid for the work?", code="Under which number was the work paid for?|What is the grant number?"),
        _s("All code can be found at {host}.", host="Where is the code?|Where can the code be found?|At which address is the code?", yes="Is the code available?|Can I get the code?"),
    ),
    "sport": (
        _s("{person} won the race ahead of {person2}.", person="Who won the race?|Who was the winner?|Who came first?", person2="Who came second?|Who was second?|Whom did {person} beat?", no="Did {person2} win the race?", yes="Did {person} win the race?"),
        _s("The winner needed {minutes} for {km}.", minutes="How long did the winner need?|What was the winning time?|How fast was the winner?", km="How long was the race?|Over what distance was the race?|How far did they go?"),
        _s("{count} spectators stood along the course.", count="How many spectators were there?|How many people watched?"),
        _s("The next race takes place in {place} on {date}.", place="Where does the next race take place?|Where is the next race?", date="When is the next race?|On which date is the next race?"),
        _s("{person3} gave up because of a broken shoe.", person3="Who gave up?|Who did not finish?|Whose shoe broke?", no="Did {person3} finish?|Did {person3} reach the end?"),
        _s("It rained from the start to the end.", yes="Did it rain?|Was it raining?", no="Was it dry?|Did the rain stop?"),
    ),
    "garden": (
        _s("Tomatoes need water every {days}.", days="How often do tomatoes need water?|How often should tomatoes be watered?|When do tomatoes need water?"),
        _s("Do not sow before {date}.", date="Before which date should I not sow?|From when on may I sow?|When can sowing begin?", no="May I sow before {date}?"),
        _s("The plants grow best at {degrees}.", degrees="At what temperature do the plants grow best?|Which temperature do the plants like?|How warm should it be?"),
        _s("Leave {small} centimetres between the rows.", small="How much room is left between the rows?|How far apart are the rows?|How many centimetres are between the rows?"),
        _s("Roses stand in full sun, ferns do not.", yes="Do roses stand in the sun?|Do roses like sun?", no="Do ferns stand in full sun?|Do ferns like full sun?"),
        _s("The idea comes from {person}, who has a garden near {place}.", person="Whose idea is it?|From whom is the idea?|Who had the idea?", place="Near which town is the garden?|Where is the garden?"),
        _s("One packet costs {amount} and is enough for {small2} square metres.", amount="What does a packet cost?|How much is one packet?", small2="For how many square metres is a packet enough?|How far does one packet go?"),
    ),
    "house": (
        _s("The water will be turned off on {date} from {time}.", date="When will the water be turned off?|On which date is the water off?|When is there no water?", time="From what time is the water off?|At what time is the water turned off?", yes="Will the water be turned off?"),
        _s("The rent rises by {percent}.", percent="By how much does the rent rise?|How much does the rent go up?", yes="Does the rent rise?|Will the rent go up?", no="Does the rent stay the same?|Will the rent fall?"),
        _s("Keys can be collected from {person} in {room}.", person="From whom can keys be collected?|Who has the keys?|Where do I get the keys from?", room="Where can keys be collected?|In which room are the keys?"),
        _s("Please do not leave anything on the stairs.", no="May I leave something on the stairs?|Can things stand on the stairs?"),
        _s("The heating was repaired by {app} for {amount}.", app="Who repaired the heating?|Which company repaired the heating?", amount="What did the repair cost?|How much was paid for the heating?", no="Is the heating still broken?", yes="Was the heating repaired?"),
        _s("Our new caretaker is {person2}, who can be reached at {phone}.", person2="Who is the new caretaker?|What is the caretaker called?", phone="How can the caretaker be reached?|What is the caretaker's number?"),
        _s("The meeting of all owners is on {day} at {time2}.", day="On which day do the owners meet?|Which day is the owners' meeting?", time2="At what time do the owners meet?|When does the owners' meeting begin?"),
    ),
    "trade": (
        _s("Orders above {amount} are sent for free.", amount="From which amount on is sending free?|Above what amount is delivery free?|How much do I have to order to get free delivery?", yes="Is delivery free for large orders?"),
        _s("You can send things back within {days}.", days="Within how many days can things be sent back?|How long can I send things back?|How long do I have to return something?", yes="Can I send things back?|Are returns possible?"),
        _s("The warehouse moved from {place} to {place2}.", place="Where was the warehouse before?|From where did the warehouse move?", place2="Where is the warehouse now?|Where did the warehouse move to?"),
        _s("Parcels leave at {time} on working days.", time="When do parcels leave?|At what time do parcels leave?", no="Do parcels leave on Sundays?"),
        _s("We do not accept cheques.", no="Do you accept cheques?|Can I pay by cheque?|Are cheques accepted?"),
        _s("Your contact is {person}, {email}.", person="Who is the contact?|Who is responsible for me?|Whom can I ask?", email="What is the e-mail address of the contact?|How can I write to {person}?"),
        _s("Use the code {code} to get {percent} off.", code="Which code do I use?|What is the discount code?|Which code gives a discount?", percent="How much is the discount?|How much do I save?|What do I get with the code?"),
    ),
}  # fmt: skip
"""Sentences by topic."""

TITLES: dict[str, str] = {
    "museum": "A new exhibition about the {n}|Visit the {n} museum|Opening hours and prices|Collection of old {n}s reopens",
    "works": "Bridge to {p} closed|Roadworks near {p} begin|Drivers must wait for the {n} bridge|Crack found in bridge",
    "council": "Council votes for trees|{p} decides about its river|A long evening in {p}|New plan for the {n} quarter",
    "course": "{a} {n}s for beginners|Introduction to the {n}|Evening course: the {a} {n}|Learn about {n}s",
    "appliance": "{a} {n} mixer: manual|Operating instructions|Care and cleaning|Using your new kettle|The {n} cooker",
    "release": "What is new in {app}|{app}: release notes|Upgrading {app}|{app} becomes faster",
    "travel": "By boat to {p}|Timetable and prices|A day in {p}|How to get to {p}|Ferries to {p}",
    "study": "On the {a} {n} of {p}|Measuring {n}s with two signals|A study of {n}s|Towards a {a} {n}",
    "sport": "A wet race in {p}|{w} wins in {p}|Surprise at the {n} run|Rain, mud and a winner",
    "garden": "A garden for {a} {n}s|Sowing and watering|Spring in the garden|What to plant near {p}",
    "house": "Notice to all residents|News from {p} Street|Letter to the tenants|Heating, water and keys",
    "trade": "Delivery and returns|Questions about your order|Terms of {app}|How to order a {n}",
}
"""Headlines by topic; `{n}` a noun, `{a}` an adjective, `{p}` a place, `{w}` a person."""


def headline(board: Board, topic: str) -> str:
    """Of a text about a topic."""
    form = board.pick(TITLES[topic].split("|"))
    made = form.format(n=board.writer.slot("noun").lower(), a=board.writer.slot("adjective").lower(), app=board.maker.make("app").text,
                       p=board.maker.make("place").text, w=board.maker.make("person").text)  # fmt: skip
    return str(made[0].upper() + made[1:])


def stated(board: Board, statement: Statement) -> str:
    """HTML of a sentence; asks what it tells."""
    slots: dict[str, str] = {}
    others: dict[str, str] = {}
    for kind in ("date", "time"):  # what is named later is later
        names = sorted(kind + number for one, number in SLOT.findall(statement.text) if one == kind)
        if len(names) > 1:
            slots.update(zip(names, board.in_order(kind, len(names)), strict=True))
            others.update(
                {
                    name: next(one for one in board.alike(kind, len(names) + 1) if one not in slots.values())
                    for name in names
                }
            )
    for kind, number in SLOT.findall(statement.text):
        if kind + number in slots:
            continue
        fresh = [one for one in board.alike(kind, 4) if one not in slots.values()]
        slots[kind + number], others[kind + number] = fresh[0], fresh[1]
    text = statement.text.format(**slots)
    html = board.put(text)
    needs = (board.last,)
    for name, asked in statement.asks.items():
        if name in slots:
            board.ask("value", slots[name], asked, needs, **slots)
    answered = [name for name in ("yes", "no") if name in statement.asks]
    if answered:
        name = board.pick(answered)
        board.ask("yes_no", name.capitalize(), statement.asks[name], needs, **slots)
    for name, asked in statement.asks.items():
        if name[0] == "?":
            right = board.chance(0.5)
            shown = slots if right else {**slots, name[1:]: others[name[1:]]}
            board.ask("yes_no", "Yes" if right else "No", asked, needs, **shown)
    return html


FILLERS = (
    "Nobody had expected that.", "Most people seem to be content.", "That is more than in the years before.", "Others see it differently.",
    "It took longer than planned.", "Neighbours had asked for it many times.", "Not everything went well at first.", "We would like to thank everybody who helped.",
    "Some questions are still open.", "As always, the weather plays a part.", "More about this will follow next week.", "It is not the first time that this happens.",
    "The {n} in the {m} was not part of the plan.", "Only the {a} {n} stayed where it was.", "For the {n}, nothing changes.", "There is a {a} {n} beside the {m}.",
    "A {n} is a {n}, whatever people say about the {m}.", "Whoever likes a {a} {n} will feel at home.", "Please read the following with care.", "If in doubt, ask before you begin.",
    "This is explained in the next section.", "The numbers have been checked twice.", "A map is on the back.", "You can find more in the appendix.", "It is worth the trouble.",
    "In the end, the {n} was found behind the {m}.", "Critics call the {n} {a} and the {m} too small.", "What remains is the question of the {n}.", "The reason is simple.",
    "Both sides agreed in the end.", "That has been so since the {n} came.", "A few things should be kept in mind.", "There was little time to prepare.", "Many came by foot.",
)  # fmt: skip
"""Sentences that nothing is asked about."""


def filler(board: Board) -> str:
    """HTML of one of them."""
    slot = board.writer.slot
    return board.put(
        board.pick(FILLERS).format(n=slot("noun").lower(), m=slot("noun").lower(), a=slot("adjective").lower())
    )


class Teller:
    """Tells a topic's sentences, each once on a page, and facts of other kinds, with sentences between them that tell nothing."""

    def __init__(self, board: Board, topic: str = "") -> None:
        self.board = board
        self.topic = topic or board.pick(tuple(TOPICS))
        own: list[Callable[[], str]] = [functools.partial(stated, board, one) for one in TOPICS[self.topic]]
        board.rng.shuffle(own)
        facts: list[Callable[[], str]] = [
            group.sentence for group in fact_groups(board, board.pick((0, 2, 3, 5))) for _ in group.whole
        ]
        kept = board.pick((0, 3, 9)) if facts else 9
        self._left = [*own[:kept], *facts][::-1] if board.chance(0.5) else [*facts, *own[:kept]][::-1]
        self._filled = board.pick((0.0, 0.0, 0.3, 0.6, 1.0))

    def sentences(self, count: int) -> list[str]:
        """HTML of so many sentences, or of as many as are left."""
        html = []
        for _ in range(min(count, len(self._left))):
            html.append(self._left.pop()())
            if self.board.chance(self._filled):
                html.insert(self.board.rng.randint(0, len(html)), filler(self.board))
        return html

    def paragraph(self, least: int = 2, most: int = 4, style: str = "") -> str:
        """HTML of a paragraph, "" when nothing is left to tell."""
        parts = self.sentences(self.board.rng.randint(least, most))
        return f"<p style='{style}'>{' '.join(parts)}</p>" if parts else ""
