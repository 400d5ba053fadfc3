"""Values of records: texts of a type, with what they are ordered by."""

from __future__ import annotations

import random
from dataclasses import dataclass

from training.screens.phrases import DAYS, MONTHS, Writer


@dataclass(frozen=True)
class Value:
    """A text, and the number that it is ordered by, where it has an order."""

    text: str
    rank: float | None = None


class Maker:
    """Makes values in one manner: all dates of a page look alike, and so do all times and amounts."""

    def __init__(self, rng: random.Random, writer: Writer) -> None:
        self.rng, self.writer = rng, writer
        self._date = rng.choice(("{y}-{m:02}-{d:02}", "{d:02}.{m:02}.{y}", "{d} {name} {y}", "{m:02}/{d:02}/{y}",
                                 "{short} {d}, {y}", "{name} {d}", "{d} {short}", "{d:02}/{m:02}/{y}"))  # fmt: skip
        self._time = rng.choice(("{h:02}:{m:02}", "{h:02}:{m:02}", "{h:02}.{m:02}", "{h12}:{m:02} {half}"))
        self._amount = rng.choice(("${}", "{} EUR", "EUR {}", "{}", "{} USD", "{} kr", "CHF {}", "GBP {}"))
        self._thousands = rng.choice((",", "", " ")) if self._amount != "{}" else ","
        self._cents = rng.random() < 0.7
        self._percent = rng.choice(("{}%", "{} %"))
        self._year = rng.randint(1999, 2031)
        self._full = rng.random() < 0.6

    def make(self, kind: str) -> Value:
        """A value of a type: the name of one of the methods below, or "choice:A/B/C"."""
        if kind.startswith("choice:"):
            return Value(self.rng.choice(kind[7:].split("/")))
        made = getattr(self, f"_make_{kind}")()
        return made if isinstance(made, Value) else Value(str(made))

    # --- numbers

    def _make_amount(self) -> Value:
        value = self.rng.choice((9, 60, 400, 3000, 20000)) * self.rng.uniform(0.1, 1)
        number = f"{value:,.2f}" if self._cents else f"{max(1, round(value)):,}"
        return Value(self._amount.format(number.replace(",", self._thousands)), round(value, 2 if self._cents else 0))

    def _number(self, least: int, most: int, form: str = "{}") -> Value:
        number = self.rng.randint(least, most)
        return Value(form.format(number), number)

    def _make_count(self) -> Value:
        return self._number(2, self.rng.choice((9, 40, 300, 5000)))

    def _make_small(self) -> Value:
        return self._number(2, 24)  # nobody needs "1 rooms"

    def _make_percent(self) -> Value:
        return self._number(0, 100, self._percent)

    def _make_minutes(self) -> Value:
        return self._number(3, 180, "{} min")

    def _make_days(self) -> Value:
        return self._number(2, 60, "{} days")

    def _make_km(self) -> Value:
        return self._number(1, 900, "{} km")

    def _make_kg(self) -> Value:
        return self._number(1, 120, "{} kg")

    def _make_degrees(self) -> Value:
        return self._number(-9, 37, "{} C")

    def _make_year(self) -> Value:
        return self._number(1890, 2026)

    def _make_rating(self) -> Value:
        value = self.rng.randint(10, 50) / 10
        return Value(f"{value:.1f}", value)

    def _make_size(self) -> Value:
        unit, by = self.rng.choice((("KB", 1), ("MB", 1000), ("GB", 1000000)))
        number = self.rng.randint(1, 999)
        return Value(f"{number} {unit}", number * by)

    def _make_time(self) -> Value:
        hour, minute = self.rng.randrange(24), self.rng.choice((self.rng.randrange(60), 5 * self.rng.randrange(12)))
        text = self._time.format(h=hour, m=minute, h12=(hour + 11) % 12 + 1, half="AM" if hour < 12 else "PM")
        return Value(text, hour * 60 + minute)

    def _make_date(self) -> Value:
        month, day = self.rng.randint(1, 12), self.rng.randint(1, 28)
        name = MONTHS[month - 1]
        text = self._date.format(y=self._year, m=month, d=day, name=name, short=name[:3])
        return Value(text, month * 31 + day)

    def _make_day(self) -> str:
        return self.rng.choice(DAYS)

    def _make_version(self) -> str:
        return self.writer.version()

    # --- names and places

    def _make_person(self) -> str:
        first, last = self.writer.vocabulary.first_names, self.writer.vocabulary.last_names
        return f"{self.rng.choice(first)} {self.rng.choice(last)}" if self._full else self.rng.choice(first)

    def _make_place(self) -> str:
        return self.rng.choice(self.writer.vocabulary.places)

    def _make_room(self) -> str:
        return self.rng.choice((f"Room {self.rng.randint(1, 400)}", f"Hall {self.rng.choice('ABCDEFGH')}",
                                f"{self.rng.choice(self.writer.vocabulary.nouns).capitalize()} room"))  # fmt: skip

    def _make_street(self) -> str:
        street = self.rng.choice(self.writer.vocabulary.nouns).capitalize()
        return f"{self.rng.randint(1, 180)} {street} {self.rng.choice(('Street', 'Road', 'Lane', 'Square'))}"

    def _make_phone(self) -> str:
        return f"{self.rng.choice(('+44 ', '+49 ', '0', '+1 '))}{self.rng.randint(20, 999)} {self.rng.randint(10000, 9999999)}"

    def _make_email(self) -> str:
        return self.writer.email()

    def _make_host(self) -> str:
        return self.writer.host()

    def _make_path(self) -> str:
        return self.writer.path()

    def _make_file(self) -> str:
        return self.writer.file()

    # --- words

    def _make_noun(self) -> str:
        return self.rng.choice(self.writer.vocabulary.nouns).capitalize()

    def _make_good(self) -> str:
        good = self.rng.choice(self.writer.vocabulary.goods)
        adjective = self.rng.choice(self.writer.vocabulary.adjectives).capitalize()
        return good if self.rng.random() < 0.4 else f"{adjective} {good[0].lower() + good[1:]}"

    def _make_app(self) -> str:
        return self.rng.choice(self.writer.vocabulary.apps)

    def _make_thing(self) -> str:
        """One to four words, sometimes as English builds them."""
        adjective, noun = self.writer.slot("adjective"), self.writer.slot("noun")
        form = self.rng.choice(("{w}", "{a} {n}", "{a} {n}", "{v} the {n}", "{n} {m}", "The {a} {n}"))
        text = form.format(w=self.writer.words(1, 4), a=adjective, n=noun, m=self.writer.slot("noun"),
                           v=self.writer.slot("verb"))  # fmt: skip
        return text[0].upper() + text[1:]

    def _make_task(self) -> str:
        verb, noun, adjective = self.writer.slot("verb"), self.writer.slot("noun"), self.writer.slot("adjective")
        form = self.rng.choice(
            ("{v} the {n}", "{v} the {a} {n}", "{v} {n} of {p}", "{v} {a} {n}s", "{a} {n} is missing")
        )
        text = form.format(v=verb, n=noun, a=adjective, p=self.rng.choice(self.writer.vocabulary.places))
        return text[0].upper() + text[1:]

    def _make_sentence(self) -> str:
        return self.writer.sentence(4, 9)

    def _make_server(self) -> str:
        noun = self.rng.choice(self.writer.vocabulary.nouns).lower()
        return self.rng.choice((f"{noun}-{self.rng.randint(1, 40):02}", f"{noun}{self.rng.randint(1, 9)}", noun))

    def _make_hash(self) -> str:
        return f"{self.rng.randrange(16**7):07x}"

    def _make_code(self) -> str:
        form = self.rng.choice(("{l}{l}-{n}", "{l}{n}", "#{n}", "{n}", "{l}{l}{l}-{n}", "{n}-{l}"))
        return "".join(self.rng.choice("ABCDEFGHKLMNPRSTUVWXYZ") if part == "l" else
                       str(self.rng.randint(10, 99999)) if part == "n" else part
                       for part in form.replace("{", "|").replace("}", "|").split("|"))  # fmt: skip

    def _make_line(self) -> str:
        return self.rng.choice((f"{self.rng.choice('SUTRM')}{self.rng.randint(1, 99)}", f"Line {self.rng.randint(1, 40)}",
                                f"{self.rng.choice(('IC', 'RE', 'EX', 'NJ'))} {self.rng.randint(10, 2999)}"))  # fmt: skip

    def _make_flight(self) -> str:
        return f"{''.join(self.rng.choices('ABDEGKLMNSTVX', k=2))} {self.rng.randint(10, 9999)}"

    def _make_gate(self) -> str:
        return f"{self.rng.choice('ABCDE')}{self.rng.randint(1, 60)}"
