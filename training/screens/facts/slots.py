"""What fills the slots of facts: values of one manner within a text, with a measure to compare and a shorter name."""

# fmt: off
from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass

from training.screens.phrases import DAYS, MONTHS, Writer
from training.screens.words import held_out


class Value(str):
    """A text that fills a slot.

    Attributes: `key` compares values of one kind, None where they have no order; `short` is a name that people use
    for it, such as a first name, or ""; `fixed`: it stays as it is spelled where a sentence begins with it.
    """

    __slots__ = ("fixed", "key", "short")
    key: float | None
    short: str
    fixed: bool

    def __new__(cls, text: str, key: float | None = None, short: str = "") -> Value:
        made = super().__new__(cls, text)
        made.key, made.short, made.fixed = key, short, False
        return made


@dataclass(frozen=True)
class Manner:
    """How one text writes times, dates, amounts and percentages: their forms, with slots of `str.format`."""

    time: str
    date: str
    amount: str
    percent: str


def draw_manner(rng: random.Random) -> Manner:
    """A random one."""
    return Manner(
        rng.choice(("{h:02}:{m:02}", "{h:02}:{m:02}", "{h}:{m:02}", "{h}.{m:02}", "{k}:{m:02} {half}", "{h:02}:{m:02} h")),
        rng.choice(("{d} {month} {y}", "{month} {d}, {y}", "{y}-{n:02}-{d:02}", "{d:02}.{n:02}.{y}", "{d} {month}",
                    "{month} {d}", "{d} {short} {y}", "{d}/{n}/{y}", "{weekday}, {d} {month}")),
        rng.choice(("{a} EUR", "${a}", "EUR {a}", "{a} USD", "{i} euros", "{i} dollars", "{i} pounds", "{a} GBP", "{i} francs")),
        rng.choice(("{p} %", "{p}%", "{p} percent", "{p} per cent")),
    )


@dataclass(frozen=True)
class Maker:
    """Makes values for one text."""

    rng: random.Random
    writer: Writer
    manner: Manner

    def make(self, spec: str) -> Value:
        """Of a kind of `MAKERS`, or one of several words, with "+" at the end also with something before it."""
        if spec in MAKERS:
            text = MAKERS[spec](self)
            made = text if isinstance(text, Value) else Value(text)
            made.fixed = spec in _FIXED
            return made
        words = mine(self.writer, [word.replace("_", " ") for word in spec.rstrip("+").split("/")])
        word = self.rng.choice(words)
        if not spec.endswith("+") or self.rng.random() < 0.4:
            return Value(word)
        before = self.rng.choice((self.writer.slot("adjective"), self.writer.slot("noun"), self.place(),
                                  self.rng.choice(self.writer.vocabulary.last_names)))
        return Value(f"{before} {word}", short=word)

    def pick(self, *words: str) -> str:
        return self.rng.choice(mine(self.writer, words))

    # --- numbers

    def number(self, least: int, most: int, form: str = "{}") -> Value:
        number = self.rng.randint(least, most)
        return Value(form.format(number), number)

    def measured(self, *units: tuple[str, int, int, float]) -> Value:
        """A number with a unit: its name, the least and the most of it, and what one of it counts."""
        unit, least, most, counts = self.rng.choice(units)
        number = self.rng.randint(least, most)
        return Value(f"{number} {unit}", number * counts)

    def decimal(self, least: float, most: float, unit: str, places: int = 1) -> Value:
        number = round(self.rng.uniform(least, most), places)
        return Value(f"{number:.{places}f} {unit}", number)

    def time(self) -> Value:
        rng = self.rng
        h, m = rng.randrange(5, 24), rng.choice((rng.randrange(60), rng.randrange(0, 60, 5), 0, 30))
        text = self.manner.time.format(h=h, m=m, k=(h - 1) % 12 + 1, half="am" if h < 12 else "pm")
        return Value(text, h * 60 + m)

    def date(self) -> Value:
        y, n, d = self.rng.randint(1999, 2031), self.rng.randint(1, 12), self.rng.randint(1, 28)
        with_year = "{y}" in self.manner.date
        month = MONTHS[n - 1]
        text = self.manner.date.format(y=y, n=n, d=d, month=month, short=month[:3], weekday=self.rng.choice(DAYS))
        return Value(text, (y * 400 if with_year else 0) + n * 32 + d)

    def amount(self) -> Value:
        whole = self.rng.choice((self.rng.randint(1, 99), self.rng.randint(10, 999), self.rng.randint(1, 400) * 10))
        cents = self.rng.choice((0, 50, 90, 99, self.rng.randrange(100)))
        exact = "{a}" in self.manner.amount
        return Value(self.manner.amount.format(a=f"{whole}.{cents:02}", i=whole + 1), whole + cents / 100 * exact)

    def percent(self) -> Value:
        number = self.rng.choice((self.rng.randint(1, 99), self.rng.randint(2, 60)))
        return Value(self.manner.percent.format(p=number), number)

    def version(self) -> str:
        return f"{self.rng.randrange(1, 20)}.{self.rng.randrange(30)}" + self.rng.choice(("", f".{self.rng.randrange(20)}"))

    def code(self) -> str:
        rng, letters = self.rng, "ABCDEFGHJKLMNPRSTUVWXYZ"
        long = "".join(rng.choices(letters + "23456789", k=6))
        return rng.choice((long, f"{rng.choice(letters)}-{rng.randrange(100, 99999)}", str(rng.randrange(10000, 9999999)),
                           f"{rng.randrange(100, 999)}-{rng.randrange(1000, 9999)}",
                           "".join(rng.choices(letters, k=2)) + f"{rng.randrange(10, 9999)}"))

    # --- names

    def person(self) -> Value:
        first, last = self.first(), self.rng.choice(self.writer.vocabulary.last_names)
        form = self.rng.choice(("{f} {l}", "{f} {l}", "{f} {l}", "{i}. {l}", "{f} {m}. {l}"))
        text = form.format(f=first, l=last, i=first[0], m=self.rng.choice("ABCDEHJKLMPRST"))
        return Value(text, short=self.rng.choice((first, last)) if form == "{f} {l}" else last)

    def titled(self) -> Value:
        if self.rng.random() < 0.4:
            return self.person()
        last = str(self.rng.choice(self.writer.vocabulary.last_names))
        return Value(f"{self.rng.choice(('Mr', 'Mrs', 'Ms', 'Dr.', 'Dr', 'Prof.'))} {last}", short=last)

    def first(self) -> str:
        return str(self.rng.choice(self.writer.vocabulary.first_names))

    def user(self) -> str:
        first = self.first()
        return self.rng.choice((first.lower(), first.lower(), first, f"{first.lower()}{self.rng.randrange(100)}",
                                self.noun().lower(), f"@{first.lower()}"))

    def place(self) -> str:
        return str(self.rng.choice(self.writer.vocabulary.places))

    def noun(self) -> str:
        return self.writer.slot("noun")

    def adjective(self) -> str:
        return self.writer.slot("adjective")

    def thing(self) -> Value:
        head = self.rng.choice((self.noun(), self.pick(*_THINGS)))
        draw = self.rng.random()
        if draw < 0.4:
            return Value(head)
        before = self.adjective() if draw < 0.75 else self.pick(*_COLOURS, *_STUFFS)
        return Value(f"{before} {head}", short=head)

    def capital(self) -> str:
        noun = self.noun()
        return noun[0].upper() + noun[1:]

    def action(self) -> str:
        """What somebody can be asked to do; words of the list that look inflected are left out."""
        drawn = [self.writer.slot("verb") for _ in range(4)]
        plain = [verb for verb in drawn if not verb.endswith(("s", "ing", "ed")) and " " not in verb]
        verb = self.rng.choice((*plain[:1], self.pick(*_VERBS)))
        return f"{verb} the {self.thing()}"

    def things(self) -> str:
        """A noun in the plural."""
        noun = self.noun()
        return noun if noun.endswith("s") else f"{noun}s"

    def reason(self) -> str:
        return self.rng.choice((self.pick(*_REASONS), f"a {self.pick(*_TROUBLES)} {self.noun()}", f"the {self.noun()}",
                                f"{self.noun()} work", f"a lack of {self.things()}"))

    def key(self) -> str:
        rng = self.rng
        first = rng.choice(("Ctrl", "Alt", "Shift", "Ctrl+Shift", "Ctrl+Alt", "Cmd"))
        return rng.choice((f"{first}+{rng.choice('ABCDEFGHIJKLMNOPQRSTUVWXYZ')}", f"F{rng.randint(1, 12)}",
                           f"{first}+F{rng.randint(1, 12)}", f"{first}+{rng.randint(0, 9)}"))

    def frequency(self) -> str:
        rng = self.rng
        return rng.choice((f"every {rng.randint(2, 48)} {self.pick('hours', 'days', 'weeks', 'months')}", f"every {rng.choice(DAYS)}",
                           f"{self.pick('once', 'twice', 'three times', 'five times')} a {self.pick('day', 'week', 'month', 'year')}",
                           f"every {self.pick('second', 'third', 'fourth', 'sixth', 'tenth', 'other')} {self.pick('day', 'week', 'month', 'year', 'evening', 'morning')}"))

    def issue(self) -> str:
        rng = self.rng
        return rng.choice((f"#{rng.randint(2, 9999)}", f"{self.noun()[:4].upper()}-{rng.randint(2, 999)}",
                           f"the {self.noun()} {self.pick('leak', 'crash', 'typo', 'race', 'warning', 'timeout')}"))

    def identifier(self) -> str:
        first, second = self.noun().lower(), self.noun().lower()
        return self.rng.choice((f"{first}_{second}", f"{first}.{second}", f"--{first}-{second}", f"{first.upper()}_{second.upper()}", f"{first}-{second}"))

    def class_(self) -> str:
        return self.capital() + self.rng.choice(("", self.capital(), "Error", "Reader", "Base"))


_THINGS = """lamp bench ladder chair drill kettle jacket rucksack printer screen cable saddle mower heater desk mirror clock
stove radio cupboard blanket bucket rope pump drum carpet sofa flute easel cooker scooter helmet toaster speaker trolley""".split()  # noqa: SIM905
_COLOURS = "red blue green black white grey yellow brown orange purple".split()  # noqa: SIM905
_STUFFS = "wooden folding small large electric leather steel spare second-hand round portable cordless".split()  # noqa: SIM905
_VERBS = """paint clean check order fetch sell mend wrap book print measure replace empty write sort fold sharpen oil
translate test sweep label carry""".split()  # noqa: SIM905
_TROUBLES = "broken late missing burst frozen stuck loose flat fallen wrong".split()  # noqa: SIM905
_REASONS = ("heavy snow", "thick fog", "a strike", "black ice", "roadworks", "high water", "a power cut", "strong wind",
            "a landslide", "an accident", "a police check", "a bomb scare", "a parade", "low tide", "a gas leak", "illness",
            "a traffic jam", "a queue at the border", "a lost key")
_SPOTS = """shed cellar garage attic kitchen hall library canteen front_office waiting_room reading_room boathouse
top_drawer blue_cabinet car staff_room left_cupboard laundry greenhouse courtyard gym lobby pantry workshop""".split()  # noqa: SIM905
_MEANINGS = ("Ready", "Door open", "Battery low", "No connection", "Heating up", "Paper jam", "Filter full", "Call a technician",
             "Standby", "Update running", "Too hot", "Lid not closed", "Charging", "Memory full", "Waiting for data",
             "Pump blocked", "Service needed", "Locked")
_WEATHER = ("sunshine", "rain", "snow", "fog", "showers", "hail", "clouds", "drizzle", "thunderstorms", "clear sky", "sleet",
            "strong wind", "frost", "haze")
_COMPLAINTS = ("a sore throat", "back pain", "a cough", "a twisted ankle", "a rash", "headaches", "a burn", "toothache",
               "high fever", "a bee sting", "a broken toe", "dizziness", "an ear infection", "hay fever")
_SUBJECTS = """Maths Physics Chemistry Biology History Geography Music Art French Spanish Latin Drama Economics Ethics
Sport Greek Statistics Astronomy""".split()  # noqa: SIM905
_ANIMALS = "cat dog parrot pony goat hamster turtle rabbit donkey ferret canary goose sheep lizard".split()  # noqa: SIM905
_ZOO = """lion tiger elephant giraffe rhino zebra walrus bear tapir gorilla camel yak otter lynx python tortoise seal
panther bison ostrich""".split()  # noqa: SIM905
_PROFESSIONS = """painter composer botanist sculptor surgeon poet engineer lawyer sailor chemist historian judge weaver
clockmaker novelist printer geologist baker violinist mathematician priest dancer""".split()  # noqa: SIM905
_WILD = """badger/heron/salamander/marten/viper/eagle/beaver/hedgehog/trout/jackal/ibex/newt/stork/lemur/moose/cuckoo/weasel/\
crane/porcupine/gecko/pelican/hyena+"""
_TOOLS = "hammer screwdriver hex_key saw pair_of_pliers spanner soft_cloth brush ladder drill file torch clamp wrench".split()  # noqa: SIM905
_HITCHES = ("a missing signature", "a wrong account number", "an unreadable copy", "missing documents", "a change of name", "an expired passport",
            "an unpaid fee", "a double booking", "a typing error", "a wrong address", "a shortage of staff", "public holidays", "a failed payment",
            "a missing stamp", "a computer failure", "too many requests", "an open question", "a late answer")
_TEAM_WORDS = "Rovers United City Wanderers Lions Eagles Town Athletic Rangers Sharks".split()  # noqa: SIM905


_CAUSES = ("a full disk", "an expired certificate", "a wrong password", "a loose cable", "a missing index", "a failed update",
           "a memory leak", "a broken fan", "a wrong setting", "an endless loop", "too many requests", "an empty battery",
           "a slow query", "a faulty switch", "a typing error", "a power failure", "a deadlock", "a bad sector", "a worn belt",
           "a clogged filter", "an old driver", "a lost connection", "too little memory", "a blocked fan", "a cracked seal")
_FAILURES = ("connection refused", "permission denied", "no space left on device", "out of memory", "host unreachable",
             "request timed out", "unexpected end of file", "checksum mismatch", "access denied", "broken pipe",
             "too many open files", "invalid token", "disk not ready", "address already in use", "bad file descriptor",
             "certificate has expired", "name does not resolve", "read-only file system", "division by zero")
_STATUSES = ("400 Bad Request", "401 Unauthorized", "403 Forbidden", "404 Not Found", "409 Conflict", "410 Gone", "413 Payload Too Large",
             "422 Unprocessable Content", "429 Too Many Requests", "500 Internal Server Error", "502 Bad Gateway", "503 Service Unavailable")
_EFFECTS = """print_the_version ask_before_each_@ skip_all_@s show_hidden_@s sort_by_@ ignore_the_@ overwrite_the_@ list_all_@s
keep_the_old_@ write_a_@ read_the_@_first wait_for_the_@ stop_at_the_first_@ hide_the_@ count_the_@s use_another_@""".split()  # noqa: SIM905
_REQUESTS = """rename_the_@ add_a_test_for_the_@ remove_the_@ use_a_constant_here shorten_this_line explain_the_@ split_this_function
check_for_an_empty_@ move_this_to_the_@_module return_early_here drop_the_second_@ cache_the_@ log_the_@ close_the_@""".split()  # noqa: SIM905
_FEATURES = """support_for_@s export_of_@s a_preview_of_@s search_in_@s sorting_by_@ a_list_of_recent_@s filters_for_@s a_view_of_all_@s
keyboard_control_of_@s printing_of_@s undo_for_@s coloured_@s""".split()  # noqa: SIM905


_FIXED = frozenset({"user", "test", "service", "volume", "function", "identifier", "package", "job", "host", "path", "file", "hash",
                    "email",
                    "table", "column", "setting", "env", "exception", "endpoint", "image", "branch", "flag", "command", "region", "domain", "folder",
                    "short_flag", "photo_file", "source", "config_file"})


def mine(writer: Writer, entries: list[str] | tuple[str, ...]) -> list[str]:
    """Those of the entries that belong to the writer's split; all where none does."""
    return [one for one in entries if held_out(one) == (writer.split == "held_out")] or list(entries)





def _named(maker: Maker, *patterns: str) -> str:
    return maker.pick(*patterns).format(maker.capital())


def _people(number: int) -> Value:
    return Value(f"{number:,}", number)


def _part(maker: Maker, number: int) -> Value:
    return Value(maker.manner.percent.format(p=number), number)


def _about(maker: Maker, words: list[str]) -> str:
    """One of the phrases, with a noun for "@"."""
    return maker.pick(*words).replace("_", " ").replace("@", maker.noun())


def _spaced(maker: Maker, words: list[str]) -> str:
    return maker.pick(*words).replace("_", " ")


MAKERS: dict[str, Callable[[Maker], str]] = {
    # numbers
    "time": Maker.time, "date": Maker.date, "amount": Maker.amount, "percent": Maker.percent, "code": Maker.code, "version": Maker.version,
    "count": lambda m: m.number(2, 999), "small": lambda m: m.number(2, 19), "large": lambda m: m.number(100, 90000), "age": lambda m: m.number(3, 95),
    "number": lambda m: m.rng.choice((m.number(1, 99), m.number(1, 40, "{}00"), Value(m.pick("true", "false", "auto", "none")))),
    "minutes": lambda m: m.measured(("minutes", 3, 95, 1), ("minutes", 3, 60, 1), ("hours", 2, 5, 60), ("min", 3, 95, 1)),
    "seconds": lambda m: m.rng.choice((m.decimal(0.2, 90, "s", 2), m.number(2, 300, "{} s"), m.number(2, 300, "{} seconds"))),
    "hours": lambda m: m.measured(("hours", 2, 19, 60), ("minutes", 10, 95, 1)), "days": lambda m: m.measured(("days", 3, 90, 1), ("weeks", 2, 12, 7)),
    "weeks": lambda m: m.measured(("weeks", 2, 12, 7), ("months", 2, 11, 30)), "years": lambda m: m.measured(("years", 2, 29, 12), ("months", 3, 35, 1)),
    "weight": lambda m: m.rng.choice((m.number(2, 400, "{} kg"), m.decimal(0.3, 40, "kg"))), "measure": lambda m: m.number(4, 240, "{} cm"),
    "litres": lambda m: m.rng.choice((m.decimal(0.3, 9, "litres"), m.number(2, 300, "{} litres"))), "degrees": lambda m: m.number(4, 48, "{}0 degrees"),
    "degrees_small": lambda m: m.number(-12, 36, "{} degrees"), "speed": lambda m: m.number(4, 130, "{} km/h"), "size": lambda m: m.number(2, 990, "{} GB"),
    "points": lambda m: m.number(3, 98, "{} points"), "race_time": lambda m: f"{m.rng.randint(1, 59)}:{m.rng.randrange(60):02}.{m.rng.randrange(10)}",
    "score": lambda m: f"{m.rng.randint(3, 9)}:{m.rng.randint(0, 2)}", "year": lambda m: m.number(1702, 2025), "port": lambda m: m.number(80, 9999),
    "range": lambda m: m.rng.choice((f"{m.rng.randint(0, 9)} to {m.rng.randint(10, 900)}", f"up to {m.rng.randint(10, 900)}", f"{m.rng.randint(0, 9)}-{m.rng.randint(10, 99)}")),
    "kitchen_amount": lambda m: m.rng.choice((m.number(1, 40, "{}0 g"), m.number(2, 9, "{} spoons"), m.number(2, 9, "{} cups"), m.number(1, 9, "{}00 ml"))),
    "dose": lambda m: m.rng.choice((m.number(2, 30, "{} drops"), m.number(2, 4, "{} tablets"), m.number(1, 9, "{}0 mg"))),
    "pages": lambda m: f"pages {(first := m.rng.randint(2, 200))}-{first + m.rng.randint(2, 12)}", "room": lambda m: m.rng.choice((f"room {m.rng.randint(1, 420)}", f"hall {m.rng.choice('ABCDEFG')}", f"Room {m.rng.choice('ABCDEFG')}{m.rng.randint(1, 30)}", f"ward {m.rng.randint(1, 30)}")),
    "platform": lambda m: m.rng.choice((f"platform {m.rng.randint(1, 24)}", f"track {m.rng.randint(1, 24)}", f"platform {m.rng.randint(1, 24)}{m.rng.choice('abc')}")),
    "phone": lambda m: m.rng.choice((f"0{m.rng.randint(20, 999)} {m.rng.randint(10000, 999999)}", f"{m.rng.randint(200, 999)}-{m.rng.randint(1000, 9999)}", f"+{m.rng.randint(30, 99)} {m.rng.randint(10, 99)} {m.rng.randint(100000, 999999)}", f"extension {m.rng.randint(10, 999)}")),
    # when
    "day": lambda m: m.rng.choice(DAYS), "month": lambda m: m.rng.choice(MONTHS), "frequency": Maker.frequency,
    "day_time": lambda m: m.rng.choice((f"{m.rng.choice(DAYS)} at {m.time()}", f"{m.rng.choice(DAYS)}, {m.time()}", f"{m.rng.randint(1, 28)} {m.rng.choice(MONTHS)} at {m.time()}")),
    "time_of_day": lambda m: m.rng.choice((f"around {m.time()}", f"at {m.time()}", f"after {m.time()}", f"on {m.rng.choice(DAYS)}", f"before {m.time()}", m.pick("tomorrow morning", "this evening", "next week", "in the afternoon", "after dinner", "at the weekend"))),
    "short_date": lambda m: f"{m.rng.randint(1, 28)} {m.rng.choice(MONTHS)}", "ordinal": lambda m: m.pick("first", "second", "third", "fourth", "fifth", "sixth", "last"),
    # who and where
    "person": Maker.person, "titled": Maker.titled, "first": Maker.first, "user": Maker.user, "place": Maker.place, "spot": lambda m: _spaced(m, _SPOTS),
    "firm": lambda m: m.rng.choice((f"{m.capital()} {m.pick('Ltd', 'Inc.', 'Bros', 'Works', 'GmbH', 'Supplies')}", m.capital(), f"{m.rng.choice(m.writer.vocabulary.last_names)} & {m.rng.choice(m.writer.vocabulary.last_names)}")),
    "party": lambda m: f"{m.capital()} {m.pick('Party', 'List', 'Union', 'Alliance')}", "team": lambda m: f"{m.place()} {m.pick(*_TEAM_WORDS)}", "place_of_rule": lambda m: _spaced(m, [*_SPOTS, "garden", "corridor", "sauna"]),
    "email": lambda m: m.writer.email(), "host": lambda m: m.writer.host(), "path": lambda m: m.writer.path(), "file": lambda m: m.writer.file(),
    "direction": lambda m: m.pick("north", "south", "east", "west", "north-west", "south-east", "north-east", "south-west"),
    "hidden": lambda m: f"{m.pick('behind', 'under', 'next to', 'above', 'inside', 'at the back of', 'below', 'to the left of')} the {m.thing()}",
    # what
    "thing": Maker.thing, "goods": lambda m: str(m.rng.choice(m.writer.vocabulary.goods)).lower(), "action": Maker.action, "reason": Maker.reason, "colour": lambda m: m.pick(*_COLOURS, "flashing red", "amber", "steady green", "flashing blue"),
    "meaning": lambda m: m.rng.choice((m.pick(*_MEANINGS), f"No {m.noun()}", f"{m.capital()} {m.pick('missing', 'full', 'too hot', 'blocked', 'empty', 'ready')}", f"Check the {m.noun()}")),
    "trouble": lambda m: f"the {m.noun()} {m.pick('is blocked', 'is empty', 'is too hot', 'cannot be found', 'has no power', 'does not move', 'is full', 'is not closed')}",
    "key": Maker.key, "care": lambda m: m.pick("clean", "oil", "replace", "rinse", "check", "brush", "tighten", "empty"), "tool": lambda m: _spaced(m, _TOOLS),
    "train": lambda m: m.rng.choice((f"{m.pick('IC', 'RE', 'RB', 'ICE', 'EC', 'S', 'TGV', 'NJ')} {m.rng.randint(1, 9999)}", f"train {m.rng.randint(2, 999)}", f"{m.capital()} Express")),
    "flight": lambda m: f"{''.join(m.rng.choices('ABCDEFGHKLMNPQRSTUVWXYZ', k=2))} {m.rng.randint(12, 9999)}", "line": lambda m: f"{m.pick('bus', 'tram', 'line', 'ferry', 'night bus')} {m.rng.randint(1, 320)}",
    "bill_number": lambda m: m.rng.choice((f"{m.rng.randint(2019, 2031)}-{m.rng.randint(10, 9999):04}", f"R{m.rng.randint(1000, 99999)}", f"no. {m.rng.randint(100, 99999)}")),
    "error": lambda m: f"{m.rng.choice('EFHU')}{m.rng.randint(1, 99):02}", "level": lambda m: m.pick("urgent", "low", "normal", "critical", "minor", "major", "high"),
    "issue": Maker.issue, "hash": lambda m: "".join(m.rng.choices("0123456789abcdef", k=m.rng.choice((7, 7, 8)))), "test": lambda m: f"test_{m.noun().lower()}_{m.writer.slot('verb').lower()}",
    "service": lambda m: m.rng.choice((f"{m.noun().lower()}d", f"{m.noun().lower()}-{m.pick('api', 'web', 'db', 'cache', 'worker')}", f"{m.noun().lower()}.service")),
    "volume": lambda m: m.rng.choice((f"/{m.noun().lower()}", f"/dev/sd{m.rng.choice('abcdef')}{m.rng.randint(1, 9)}", f"{m.noun().lower()}{m.rng.randint(1, 9)}")),
    "function": lambda m: f"{m.writer.slot('verb').lower()}_{m.noun().lower()}()", "class": Maker.class_, "identifier": Maker.identifier,
    "program_version": lambda m: f"{m.writer.slot('app')} {m.version()}", "package": lambda m: m.rng.choice((m.noun().lower(), f"lib{m.noun().lower()}", f"{m.noun().lower()}-{m.noun().lower()}")), "job": lambda m: f"{m.noun().lower()}-{m.rng.randint(1, 99)}",
    # computing and technology
    "table": lambda m: m.rng.choice((f"{m.things()}", f"{m.noun()}_{m.things()}")).lower(), "column": lambda m: f"{m.noun().lower()}_{m.pick('id', 'name', 'date', 'code', 'count', 'type', 'key')}",
    "domain": lambda m: f"{m.rng.choice(('www', 'mail', 'shop', m.noun().lower()))}.{m.noun().lower()}.{m.rng.choice(('com', 'org', 'net', 'example'))}", "folder": lambda m: f"/{m.noun().lower()}/{m.noun().lower()}" + m.rng.choice(("", f"/{m.noun().lower()}")), "megabytes": lambda m: m.number(16, 990, "{} MB"),
    "ip": lambda m: f"{m.rng.choice(('10.0', '10.7', '172.16', '192.168'))}.{m.rng.randrange(256)}.{m.rng.randint(1, 254)}", "subnet": lambda m: f"10.{m.rng.randrange(256)}.{m.rng.randrange(256)}.0/{m.rng.randint(22, 28)}",
    "ms": lambda m: m.measured(("ms", 2, 950, 1), ("ms", 2, 950, 1), ("s", 2, 40, 1000)), "data": lambda m: m.measured(("KB", 2, 900, 1), ("MB", 2, 900, 1024), ("GB", 2, 400, 1048576)),
    "rate": lambda m: m.measured(("MB/s", 2, 900, 8), ("Mbit/s", 2, 900, 1), ("Gbit/s", 2, 40, 1000)), "per_second": lambda m: m.number(20, 9000, "{} requests per second"),
    "cause": lambda m: m.rng.choice((m.pick(*_CAUSES), m.pick(*_CAUSES), f"a missing {m.noun()} file", f"a {m.pick(*_TROUBLES)} {m.noun()}")), "error_text": lambda m: m.rng.choice((m.pick(*_FAILURES), f"{m.noun()} not found", f"cannot read {m.writer.file()}", f"missing {m.noun()}", f"unknown {m.noun()}")),
    "setting": lambda m: m.rng.choice((f"{m.pick('max', 'min', 'use', 'log', 'auto', 'default')}_{m.noun().lower()}", f"{m.noun().lower()}_{m.noun().lower()}", f"{m.noun().lower()}.{m.noun().lower()}", f"{m.noun().lower()}{m.capital()}")),
    "setting_value": lambda m: m.rng.choice((m.number(1, 9000), m.number(2, 90, "{}s"), m.number(2, 512, "{}M"), m.noun().lower(), f"/{m.noun().lower()}/{m.noun().lower()}", m.pick("true", "false", "auto", "none"), f"0.{m.rng.randint(1, 99)}")),
    "env": lambda m: f"{m.noun().upper()}_{m.rng.choice((m.noun().upper(), 'URL', 'HOME', 'LEVEL', 'MODE'))}", "exception": lambda m: f"{m.capital()}{m.pick('Error', 'Exception', 'NotFoundError', 'Timeout')}", "status": lambda m: m.pick(*_STATUSES),
    "endpoint": lambda m: f"{m.pick('GET', 'POST', 'PUT', 'DELETE', 'PATCH')} /{m.noun().lower()}s" + m.rng.choice(("", f"/{m.noun().lower()}")), "image": lambda m: f"{m.noun().lower()}:{m.rng.choice((m.version(), 'latest', 'stable'))}",
    "branch": lambda m: f"{m.pick('fix', 'feature', 'release', 'docs', 'test')}/{m.noun().lower()}-{m.noun().lower()}", "cve": lambda m: f"CVE-{m.rng.randint(2014, 2031)}-{m.rng.randint(1000, 49999)}", "line_number": lambda m: m.number(2, 1900, "line {}"),
    "flag": lambda m: f"--{m.rng.choice((m.noun().lower(), f'{m.noun().lower()}-{m.noun().lower()}', f'no-{m.noun().lower()}'))}", "short_flag": lambda m: f"-{m.rng.choice('abcdefghijklmnopqrstuvwxyzABCDEFGHIKLMNPRSTUVXZ')}",
    "command": lambda m: m.rng.choice((f"{m.noun().lower()} {m.writer.slot('verb').lower()}", f"./{m.noun().lower()}.sh", f"{m.noun().lower()}ctl {m.writer.slot('verb').lower()}")), "region": lambda m: f"{m.pick('eu', 'us', 'ap', 'af', 'sa')}-{m.pick('north', 'south', 'east', 'west', 'central')}-{m.rng.randint(1, 4)}",
    "interval": lambda m: m.rng.choice((f"every {m.rng.randint(2, 30)} {m.pick('minutes', 'hours', 'days', 'weeks')}", f"every {m.rng.choice(DAYS)}", f"{m.pick('once', 'twice', 'three times', 'four times')} {m.pick('an hour', 'a day', 'a week', 'a month', 'a year')}", f"every {m.pick('morning', 'night', 'evening', 'hour')}")),
    "source": lambda m: f"{m.noun().lower()}{m.rng.choice(('', '_' + m.noun().lower(), '/' + m.noun().lower()))}.{m.pick('py', 'c', 'js', 'rs', 'go', 'java', 'cpp', 'ts', 'rb', 'h', 'cs', 'kt')}", "config_file": lambda m: f"{m.noun().lower()}.{m.pick('ini', 'toml', 'yaml', 'conf', 'json', 'cfg', 'env', 'xml')}",
    "decimal_value": lambda m: m.decimal(0.1, 90, m.pick("mg/l", "g", "ml", "mmol/l", "ppm", "lux", "mV"), 2), "number_of_signs": lambda m: m.number(6, 40, "{} characters"),
    "newer": lambda m: f"{m.rng.randint(20, 39)}.{m.rng.randrange(30)}" + m.rng.choice(("", f".{m.rng.randrange(20)}")),
    "effect": lambda m: _about(m, _EFFECTS), "request": lambda m: _about(m, _REQUESTS), "feature": lambda m: _about(m, _FEATURES), "licence": lambda m: m.pick("MIT", "BSD", "GPL-2.0", "GPL-3.0", "LGPL", "Apache 2.0", "MPL 2.0", "ISC", "Artistic", "zlib", "EPL 1.0", "CC BY 4.0"),
    "watts": lambda m: m.number(20, 2400, "{} W"), "volts": lambda m: m.number(3, 400, "{} V"), "millimetres": lambda m: m.rng.choice((m.number(2, 60, "{} mm"), m.decimal(0.2, 30, "mm"))), "bar": lambda m: m.decimal(0.4, 16, "bar"), "torque": lambda m: m.number(2, 220, "{} Nm"),
    "turns": lambda m: m.number(3, 150, "{}00 rpm"), "megahertz": lambda m: m.number(20, 950, "{} MHz"), "inches": lambda m: m.number(10, 65, "{} inches"), "resolution": lambda m: f"{m.rng.randint(8, 48) * 80} x {m.rng.randint(6, 27) * 80}",
    "weather": lambda m: m.pick(*_WEATHER), "medicine": lambda m: m.capital() + m.pick("ol", "in", "an", "ex", "id", ""), "complaint": lambda m: m.pick(*_COMPLAINTS), "pet_name": lambda m: m.capital(), "animal": lambda m: m.pick(*_ANIMALS), "zoo_animal": lambda m: m.pick(*_ZOO),
    "subject": lambda m: m.pick(*_SUBJECTS), "plant": lambda m: m.rng.choice((m.pick("fern", "cactus", "basil", "ivy", "orchid", "palm", "lemon tree", "mint"), m.noun())), "course": lambda m: m.pick("pottery", "judo", "welding", "knitting", "salsa", "sailing", "yoga", "chess", "sewing", "first aid", "bookbinding"),
    "study": lambda m: f"{m.capital()} {m.pick('study', 'survey', 'trial', 'project', 'experiment')}", "species": lambda m: f"{m.things()}", "habitat": lambda m: m.rng.choice((f"{m.adjective()} {m.pick('stone', 'bark', 'sand', 'soil', 'rock', 'clay')}", f"{m.adjective()} {m.things()}")),
    "work": lambda m: f"{m.pick('The', 'One', 'My', 'Our')} {m.adjective().capitalize()} {m.capital()}", "prize": lambda m: f"{m.capital()} {m.pick('Prize', 'Medal', 'Award', 'Cup')}", "purpose": lambda m: f"{m.adjective()} {m.noun()}",
    # the wide world
    "metres": lambda m: m.measured(("m", 12, 690, 1), ("metres", 12, 900, 1)), "altitude": lambda m: m.measured(("m", 900, 8900, 1), ("metres", 900, 8900, 1)), "kilometres": lambda m: m.measured(("km", 3, 2400, 1), ("kilometres", 3, 900, 1)),
    "people": lambda m: m.rng.choice((_people(m.rng.randint(120, 99999)), _people(m.rng.randint(12, 900) * 1000))), "millions": lambda m: m.decimal(1.1, 96, "million"),
    "born": lambda m: m.number(1805, 1849), "died": lambda m: m.number(1872, 1899), "old_year": lambda m: m.number(1104, 1889), "new_year": lambda m: m.number(1961, 2026),
    "part": lambda m: _part(m, m.rng.randint(1, 48)),
    "setting_name": lambda m: m.rng.choice((m.capital(), f"{m.adjective().capitalize()} {m.things()}", f"{m.capital()} settings")), "wattage": lambda m: m.number(15, 2400, "{} W"), "cable": lambda m: m.decimal(0.8, 9, "m"), "ride_age": lambda m: m.number(3, 18, "{} years"),
    "cold_range": lambda m: f"{(first := m.rng.randint(1, 12))} to {first + m.rng.randint(2, 9)} degrees", "wash_heat": lambda m: m.number(2, 9, "{}0 degrees"), "gate_name": lambda m: f"gate {m.pick(*'ABCDE')}{m.rng.randint(1, 60)}", "stop": lambda m: _named(m, "{} Square", "{} Street", "{} Cross", "{} Gate"),
    "colour_plain": lambda m: m.pick(*_COLOURS), "subject_line": lambda m: m.rng.choice((f"Re: {m.noun()} and {m.noun()}", f"New {m.noun()} for {m.place()}", f"Your {m.adjective()} {m.noun()}", f"Question about the {m.noun()}", f"{m.capital()} {m.rng.randint(2, 99)}", f"No {m.noun()} on {m.rng.choice(DAYS)}")),
    "somewhere": lambda m: m.pick("courtyard", "garden", "cellar", "attic", "kitchen", "hall", "library", "lobby", "barn", "chapel", "greenhouse", "workshop", "car park", "corridor", "gym", "stairwell", "laundry"),
    "heat": lambda m: m.number(24, 48, "{} degrees"), "strength": lambda m: m.rng.choice([Value(f"{n / 10}", n) for n in range(21, 90)]), "seconds_long": lambda m: m.number(4, 95, "{} seconds"), "motorway": lambda m: f"{m.rng.choice('ABEM')}{m.rng.randint(1, 99)}", "kilometres_short": lambda m: m.number(2, 38, "{} km"),
    "river": lambda m: _named(m, "{} River", "River {}", "{}bach", "{}a"), "mountain": lambda m: _named(m, "Mount {}", "{} Peak", "Piz {}", "Pic {}"), "lake": lambda m: _named(m, "Lake {}", "Loch {}", "Lago {}"),
    "island": lambda m: _named(m, "{} Island", "{}holm", "{}ey"), "country": lambda m: _named(m, "{}ia", "{}land", "{}stan", "{}onia"), "language": lambda m: _named(m, "{}ish", "{}ese", "{}ian", "{}ic"),
    "building": lambda m: _named(m, "{} Tower", "{} Palace", "{} Hall", "{} Castle", "{} House", "{} Theatre"), "bridge": lambda m: _named(m, "{} Bridge", "{} Viaduct", "{} Crossing"),
    "ship": lambda m: _named(m, "MS {}", "SS {}", "{} Queen", "HMS {}", "{} Star"), "battle": lambda m: f"{m.pick('Battle', 'Siege')} of {m.place()}", "treaty": lambda m: f"{m.pick('Treaty', 'Peace', 'Pact')} of {m.place()}",
    "planet": lambda m: f"{m.capital()}{m.pick(' b', ' c', '-2', '-7', ' IV', ' Minor', ' Prime')}", "gallery": lambda m: _named(m, "{} Museum", "{} Gallery", "{} Collection"),
    "profession": lambda m: m.pick(*_PROFESSIONS), "wild": lambda m: m.make(_WILD), "noun": Maker.noun, "address": lambda m: _named(m, f"{m.rng.randint(1, 190)} {{}} Street", f"{{}} Lane {m.rng.randint(1, 99)}", f"{m.rng.randint(1, 99)} {{}} Road"),
    "claim": lambda m: m.rng.choice((f"the {m.noun()} is {m.adjective()}", f"the {m.noun()} costs too much", f"there will be no {m.noun()}", f"the {m.noun()} came too late", f"everybody needs the {m.noun()}", f"{m.place()} is too far away", f"{m.first()} will move to {m.place()}", f"prices will rise by {m.percent()}",
                                     f"it will {m.pick('rain', 'snow', 'freeze', 'be sunny', 'be windy')} on {m.rng.choice(DAYS)}", f"the {m.noun()} was sold for {m.amount()}", f"{m.first()} has found the {m.noun()}", f"the {m.noun()} can be repaired", f"nothing has changed since {m.rng.choice(MONTHS)}")),
    "quote": lambda m: m.rng.choice((f"We need more {m.things()}", f"Nobody told us about the {m.noun()}", f"The {m.noun()} comes first", f"I never liked the {m.noun()}", f"It is all about the {m.noun()}", f"Give us back our {m.noun()}", f"I have waited {m.rng.randint(3, 40)} years for this", f"Without {m.place()} I would be nobody",
                                     f"Whoever loves the {m.noun()} must be {m.adjective()}", f"There is no {m.noun()} without hard work", f"My {m.noun()} taught me more than any school", f"In {m.place()} people still have time", f"Ask me again in {m.rng.randint(2, 30)} days")),
    "goal": lambda m: m.rng.choice((f"to {m.action()}", f"to {m.action()}", f"to meet {m.first()}", f"to look for the {m.noun()}", f"to see the {m.noun()}", f"to {m.pick('find work', 'see the sea', 'visit a friend', 'get some rest', 'learn a trade', 'start a new life', 'forget the past', 'pay a debt', 'hear a concert')}")),
    "why": lambda m: m.rng.choice((f"the {m.noun()} was {m.pick('broken', 'missing', 'stuck', 'locked', 'wrong', 'empty', 'wet', 'gone')}", f"the {m.noun()} was {m.adjective()}", f"nobody had the {m.noun()}", f"it was too {m.pick('hot', 'cold', 'dark', 'late', 'loud', 'far', 'wet')}", f"{m.first()} was {m.pick('ill', 'asleep', 'hungry', 'away', 'tired')}",
                                   f"the bus from {m.place()} was late", f"{m.first()} had lost the {m.noun()}", f"there was no {m.noun()} left", f"the road to {m.place()} was closed", f"{m.first()} wanted it so")),
    # home and leisure
    "dish": lambda m: f"{m.pick('mushroom', 'lentil', 'pumpkin', 'leek', 'salmon', 'spinach', 'chickpea', 'onion', 'carrot', 'trout', 'bean', 'potato')} {m.pick('soup', 'pie', 'curry', 'risotto', 'tart', 'salad', 'stew', 'gratin', 'pasta')}",
    "title": lambda m: m.rng.choice((f"{m.pick('The', 'My', 'Our', 'That')} {m.adjective().capitalize()} {m.capital()}", f"{m.capital()} and {m.capital()}", f"The {m.capital()} of {m.place()}", f"{m.first()} and the {m.capital()}", f"{m.place()} in {m.rng.choice(MONTHS)}", f"{m.capital()} for {m.first()}")),
    "band": lambda m: f"{m.capital()} {m.pick('Quartet', 'Trio', 'Project', 'Collective', 'Ensemble', 'Quintet', 'Orchestra', 'Choir')}", "rating": lambda m: m.decimal(1, 5, "stars"),
    "street_address": lambda m: f"{m.rng.randint(1, 240)} {m.capital()} {m.pick('Street', 'Road', 'Lane', 'Square', 'Avenue', 'Way', 'Hill')}", "plate": lambda m: f"{''.join(m.rng.choices('ABCDEFGHKLMNPRSTUVWXYZ', k=2))} {m.rng.randint(100, 999)} {''.join(m.rng.choices('ABCDEFGHKLMNPRSTUVWXYZ', k=2))}",
    "seat": lambda m: m.rng.choice((f"row {m.rng.randint(1, 40)}, seat {m.rng.randint(1, 40)}", f"seat {m.rng.randint(1, 60)}{m.rng.choice('ABCDEF')}", f"box {m.rng.randint(1, 12)}, seat {m.rng.randint(1, 8)}")), "shelf": lambda m: m.rng.choice((f"shelf {m.rng.choice('ABCDEFGHKL')}{m.rng.randint(1, 60)}", f"aisle {m.rng.randint(1, 40)}", f"bay {m.rng.randint(1, 60)}")),
    "school_class": lambda m: m.rng.choice((f"class {m.rng.randint(1, 12)}{m.rng.choice('abcd')}", f"year {m.rng.randint(1, 13)}", f"group {m.rng.choice('ABCDEFG')}")), "distance": lambda m: m.measured(("km", 2, 42, 1000), ("m", 100, 900, 1)), "grams": lambda m: m.number(2, 95, "{} g"), "kcal": lambda m: m.number(40, 990, "{} kcal"),
    "phone_model": lambda m: f"{m.capital()} {m.rng.randint(2, 30)}{m.pick('', ' Pro', ' Mini', ' Plus', ' Lite')}", "channel": lambda m: m.rng.choice((f"Channel {m.rng.randint(1, 90)}", f"{m.capital()} TV", f"TV {m.place()}")), "club": lambda m: f"{m.place()} {m.pick('Chess Club', 'Rowing Club', 'Hiking Group', 'Choir', 'Tennis Club', 'Book Circle', 'Cycling Club', 'Dance Society')}",
    "car": lambda m: Value(f"{m.pick(*_COLOURS)} {(head := m.pick('van', 'estate car', 'hatchback', 'pickup', 'convertible', 'camper', 'minibus', 'moped'))}", short=head), "garment": lambda m: Value(f"{m.pick(*_COLOURS)} {(head := m.pick('scarf', 'glove', 'umbrella', 'cap', 'raincoat', 'rucksack', 'wallet', 'key ring', 'cardigan', 'handbag', 'belt', 'hoodie'))}", short=head),
    "often": lambda m: m.rng.choice((f"{m.pick('once', 'twice', 'three times')} a {m.pick('day', 'week', 'month')}", f"every {m.rng.randint(2, 14)} {m.pick('days', 'weeks')}", f"every {m.rng.choice(DAYS)}", m.pick("every morning", "every evening", "every other day", "every second week"))),
    "gate": lambda m: m.rng.choice((f"{m.rng.choice('ABCDE')}{m.rng.randint(1, 60)}", str(m.rng.randint(2, 89)))), "pages_total": lambda m: m.number(40, 900, "{} pages"), "players": lambda m: f"{(few := m.rng.randint(1, 4))}{m.pick('-', ' to ')}{few + m.rng.randint(1, 5)}",
    "fee": lambda m: Value(m.manner.amount.format(a=f"{(whole := m.rng.randint(2, 90))}.{(cents := m.rng.choice((0, 50, 90))):02}", i=whole), whole * 100 + cents * ("{a}" in m.manner.amount)), "plane_seat": lambda m: f"seat {m.rng.randint(1, 45)}{m.rng.choice('ABCDEF')}", "recent_year": lambda m: m.number(1931, 2025), "network": lambda m: f"{m.capital()}-{m.pick('Guest', '5G', 'Free', 'Visitors')}",
    "plan": lambda m: f"{m.capital()} {m.pick('S', 'M', 'L', 'XL', 'Basic', 'Flat', 'Start', 'Family')}", "seminar": lambda m: f"{m.pick('Introduction to', 'History of', 'Theory of', 'Topics in', 'Methods of')} {m.pick(*_SUBJECTS)}", "credits": lambda m: m.number(2, 30, "{} credits"),
    "months": lambda m: m.measured(("months", 3, 48, 30), ("weeks", 4, 30, 7)), "minutes_free": lambda m: m.number(1, 40, "{}0 minutes"), "lab": lambda m: m.decimal(0.5, 99, m.pick("mg/l", "g/l", "mmol/l", "IU/l")), "lab_range": lambda m: f"{(low := m.rng.randint(1, 60))} - {low + m.rng.randint(2, 80)}",
    "colour_name": lambda m: m.pick(*_COLOURS), "photo_file": lambda m: m.rng.choice((f"IMG_{m.rng.randint(1, 9999):04}.jpg", f"DSC{m.rng.randint(10, 99999):05}.JPG", f"{m.noun().lower()}-{m.rng.randint(1, 99)}.png", f"{m.noun().lower()}.jpg")), "kilos": lambda m: m.decimal(2.1, 4.9, "kg"), "shirt": lambda m: m.number(2, 39), "pressure": lambda m: m.decimal(0.8, 9, "bar"), "celsius": lambda m: m.number(14, 26, "{} degrees"),
    "sets": lambda m: f"{m.rng.randint(2, 6)} x {m.rng.randint(5, 30)}", "area": lambda m: m.number(9, 190, "{} m2"), "length": lambda m: f"{m.rng.randint(1, 9)}:{m.rng.randrange(60):02}", "condition": lambda m: m.pick("as good as new", "slightly scratched", "hardly used", "in working order", "a bit worn", "with a dent", "never unpacked"),
    # offices and public life
    "hours_week": lambda m: m.number(6, 42, "{} hours"), "street": lambda m: f"{m.rng.randint(1, 190)} {m.capital()} {m.pick('Street', 'Road', 'Lane', 'Square', 'Avenue', 'Way', 'Row')}",
    "file_number": lambda m: m.rng.choice((f"{m.rng.randint(1, 99)} {m.rng.choice('ABCKORSW')} {m.rng.randint(1, 999)}/{m.rng.randint(10, 31)}", f"{m.rng.randint(2015, 2031)}/{m.rng.randint(1, 9999):04}", f"{''.join(m.rng.choices('ABCDEFGHKLMNPRSTUV', k=2))}-{m.rng.randint(10, 9999)}/{m.rng.choice('abcdk')}")),
    "mail_subject": lambda m: m.rng.choice((f"{m.pick('Re: ', 'Fwd: ', '', '')}{m.adjective().capitalize()} {m.noun()}", f"{m.pick('Question about', 'News on', 'Photos of', 'Offer for', 'Problem with', 'Thanks for')} the {m.thing()}", f"{m.capital()} {m.pick('invoice', 'minutes', 'reminder', 'draft', 'list', 'invitation', 'report')} {m.rng.choice(MONTHS)}")),
    "repeats": lambda m: m.rng.choice((f"every {m.rng.choice(DAYS)}", f"every other {m.rng.choice(DAYS)}", f"on {m.rng.choice(DAYS)}s", f"on the {m.pick('first', 'second', 'third', 'last')} {m.rng.choice(DAYS)} of the month")),
    "weekdays": lambda m: f"{DAYS[first := m.rng.randint(0, 3)]} to {DAYS[m.rng.randint(first + 1, 6)]}",
    "quantity": lambda m: m.number(2, 90, "{} " + m.pick("boxes", "pallets", "crates", "rolls", "drums", "sacks", "bundles")), "account_number": lambda m: f"{''.join(m.rng.choices('ABDEFGIKLNPRST', k=2))}{m.rng.randint(10, 99)} {m.rng.randint(1000, 9999)} {m.rng.randint(1000, 9999)} {m.rng.randint(10, 99)}",
    "hitch": lambda m: m.pick(*_HITCHES), "fiscal_year": lambda m: m.number(2012, 2031),
}
"""By the name that declarations use."""
