"""Other texts for pages that others wrote: of the same kind and about the same length, in training words."""

from __future__ import annotations

# ruff: noqa: SIM905 - lists of words are easier to read and to extend without quotes
import random
import re
from collections.abc import Sequence

from training.screens.facts.documents import some_facts
from training.screens.phrases import MONTHS, Writer
from training.screens.words import vocabulary
from training.web.values import Maker

_NUMBER = re.compile(r"\d+")
_MONTH = re.compile(r"\b(" + "|".join(MONTHS) + "|" + "|".join(name[:3] for name in MONTHS) + r")\b")
_LOREM = re.compile(
    r"lorem|ipsum|dolor sit|consectetur|adipisicing|adipiscing|eiusmod|aliqua\b|tempor\b|nulla\b|quis nostrud"
    r"|pellentesque|vestibulum|etiam|maecenas|praesent|curabitur|aenean|phasellus|vivamus|fusce|sagittis|voluptat",
    re.IGNORECASE,
)
_WORDY = re.compile(r"[A-Za-z]{2}")
_PLAIN = 0.85
"""Of pages: they have no invented words."""
_LONGEST_NAMED = 44
"""Characters of a text that may be a name or a label; longer ones are sentences."""
_BRANDS = re.compile(
    r"admin ?lte|gentelella|startbootstrap|start bootstrap|colorlib|creative tim|tabler|stisla|adminator|equation|"
    r"argon|"
    r"material dashboard|soft ui|volt\b|sneat|backstrap|coreui|themesberg|almsaeed(studio)?", re.IGNORECASE,
)  # fmt: skip

_MENU = (
    "Orders|Invoices|Customers|Products|Reports|Messages|Calendar|Projects|Tasks|Files|Team|Settings|Overview|Billing|"
    "Support|Inventory|Shipping|Payments|Contacts|Campaigns|Analytics|Users|Roles|Permissions|Integrations|Backups|"
    "Logs|Alerts|Documents|Archive|Schedule|Bookings|Rooms|Visitors|Suppliers|Warehouse|Returns|Coupons|Reviews|Courses|"
    "Students|Grades|Library|Media|Pages|Comments|Themes|Plugins|Domains|Servers|Databases|Networks|Firewall|Storage|"
    "Budget|Accounts|Transfers|Wallet|Loans|Taxes|Contracts|Leads|Deals|Pipeline|Tickets|Knowledge base|Mailing lists|"
    "Time sheets|Holidays|Payroll|Recruiting|Training|Assets|Locations|Vehicles|Routes|Drivers|Meters|Sensors|Devices|"
    "Patients|Appointments|Prescriptions|Laboratory|Recipes|Menus|Tables|Kitchen|Events|Speakers|Sponsors|Venues|"
    "Photos|Albums|Videos|Playlists|Podcasts|Bookmarks|Notes|Drafts|Trash|Favourites|Recent|Shared with me|My profile|"
    "Security|Notifications|Appearance|Language|Privacy|Help|About us|News|Prices|Contact|Blog|Careers|Our services"
).split("|")
_BUTTONS = (
    "Save|Save changes|Cancel|Delete|Add item|Add user|Edit|Export|Import|Print|Download|Upload|Search|Apply|Reset|"
    "Submit|Send|Send message|Reply|Continue|Next step|Go back|Create account|Sign in|Sign up|Log out|Subscribe|"
    "Order now|"
    "Add to cart|Check out|View all|Read more|Show details|Learn more|Get started|Try it free|Contact us|Book now|"
    "Compare|Refresh|Publish|Preview|Duplicate|Archive|Restore|Approve|Reject|Assign|Share|Copy link|Invite|Connect|"
    "Disconnect|Install|Update|Enable|Disable|Generate report|New project|New invoice|Pay now|Track order|Join|Leave|"
    "Follow|Block|Report|Confirm|Close|Open|View profile|Change plan|Upgrade|Renew|Test connection|Run|Stop|Pause|Retry"
).split("|")
_LABELS = (
    "First name|Last name|Full name|Company|Department|Street|City|Postal code|Country|Phone|Mobile|E-mail|Website|"
    "Date of birth|Customer number|Order number|Reference|Amount|Currency|Quantity|Price|Discount|Tax rate|Due date|"
    "Start date|End date|Arrival|Departure|Visitors|Room type|Category|Priority|Status|Assigned to|Project|Subject|"
    "Message|Comment|Description|Title|Author|Publisher|Language|Time zone|Format|Size|Colour|Weight|Width|Height|"
    "Material|Server|Port|Host name|User name|Account|IBAN|Account holder|Valid until|Delivery method|"
    "Payment method|Region|Branch|Contact person|Occupation|Nationality|Membership|"
    "Licence plate|Serial number|Model|Version|Interval|Tags"
).split("|")
_HEADINGS = (
    "Recent orders|Open invoices|Monthly sales|Account details|Shipping address|Latest comments|Team members|"
    "Contact details|Opening hours|Payment history|Upcoming events|Current projects|Password and security|"
    "Storage and backups|Delivery times|New customers|Price list|Order summary|Your bookings|Course overview|"
    "Exam dates|Reading list|Stock levels|Low stock|Late deliveries|Returned goods|Travel expenses|Working hours|"
    "Holiday requests|Job offers|Patient list|Waiting list|Daily report|Weekly menu|Fuel prices|Traffic by country|"
    "Server load|Failed logins|Network traffic|Software updates|Browser usage|Support tickets|Top products|"
    "Best sellers|Related articles|Frequently asked questions|Company news|Press releases|Board members|"
    "Annual budget|Income and expenses|Bank accounts|Tax documents|Insurance claims|Membership fees|Ticket sales|"
    "Seat reservations|Room service|Visitor reviews|Route planner|Bus timetable|Vehicle costs|Water meters|"
    "Energy consumption|Room temperature|Sensor readings|Print queue|Shared folders|Disk space|User accounts|"
    "Access rights|Sign-in history|Mail filters|Unread messages|Address book|Birthday list|Photo albums|Music library|"
    "Garden tools|Kitchen equipment|Office supplies|School trips|Sports results|League table|Match schedule|"
    "Training plan|Workshop dates|Library hours|New arrivals|Lost property|Donations|Volunteers|Survey results|"
    "Customer satisfaction|Project timeline|Next steps|Meeting minutes|Action items|Release plan|Known problems|"
    "Test results|Quality checks|Machine hours|Spare parts|Repair orders|Warranty cases|Cleaning rota|Key register"
).split("|")
_JOBS = (
    "Accountant|Architect|Baker|Carpenter|Chemist|Clerk|Consultant|Designer|Developer|Editor|Electrician|Engineer|"
    "Gardener|Journalist|Lawyer|Librarian|Manager|Mechanic|Nurse|Pilot|Photographer|Plumber|Producer|Sales manager|"
    "Secretary|Surveyor|Teacher|Technician|Translator|Writer"
).split("|")
_PEOPLE = ("name", "user", "author", "client", "customer", "employee", "assigned", "contact", "member", "owner",
           "patient", "student", "teacher", "doctor", "visitor", "manager", "sender", "recipient")  # fmt: skip
_CHOICES = {
    "country": "Austria Brazil Canada Chile Denmark Egypt Finland France Ghana Greece India Ireland Italy Japan",
    "nationality": "Austrian Brazilian Canadian Danish Dutch Finnish French Greek Indian Irish Italian Japanese Polish",
    "department": "Accounting Design Engineering Facilities Finance Legal Logistics Marketing Production",
    "priority": "Low Normal High Urgent Critical None",
    "language": "Czech Danish Dutch English Finnish French German Italian Korean Polish Portuguese Spanish Turkish",
    "currency": "EUR USD GBP CHF SEK NOK PLN JPY CAD",
    "colour": "Amber Blue Brown Crimson Green Grey Ivory Navy Olive Orange Purple Silver Teal White",
    "delivery": "Courier Express Pick-up Standard Parcel_locker Next_day Freight",
    "payment": "Bank_transfer Cash Cheque Direct_debit Invoice Voucher",
    "room type": "Single Double Twin Suite Family_room Studio Dormitory",
    "material": "Aluminium Cotton Glass Leather Linen Oak Paper Pine Silk Steel Wool",
    "membership": "Basic Family Student Premium Trial Honorary Corporate",
    "interval": "Daily Weekly Every_two_weeks Monthly Quarterly Yearly Never",
    "region": "North South East West Centre Coast Highlands Islands",
    "time zone": "UTC Europe/Lisbon Europe/Oslo Asia/Tokyo America/Lima Africa/Cairo Australia/Perth",
    "category": "Books Clothing Electronics Food Furniture Garden Health Household Music Office Sports Tools Toys",
    "format": "A4 A5 Letter PDF CSV JSON XML PNG TIFF Plain_text",
    "size": "Small Medium Large Extra_large One_size",
    "occupation": "Architect Baker Carpenter Editor Gardener Librarian Nurse Pilot Plumber Teacher Translator",
    "branch": "Main_street Old_town Harbour Station Airport University City_hall",
    "gender": "Female Male Other Not_given",
}
"""Values for what labels and headers have in them, with "_" for blanks."""
_SHAPES = (
    (re.compile(r"[A-Z][a-z]{2,8} \d{1,2}, \d{4}|\d{1,2} [A-Z][a-z]{2,8},? \d{4}|\d{4}-\d\d-\d\d"), "date"),
    (re.compile(r"\d\d?/\d\d?/\d{2,4}|\d\d?\.\d\d?\.\d{4}"), "date"),
    (re.compile(r"(?:\$|USD |EUR |GBP )\s?\d[\d.,]*|\d[\d.,]* ?(?:EUR|USD|GBP)"), "amount"),
    (re.compile(r"\d{1,2}:\d\d(?: ?[AaPp][Mm])?"), "time"),
)
"""Texts that are a date, an amount or a time as a whole: all of a page become those of one form."""


_NAMING = frozenset({"heading", "nav", "entry", "text", "label"})
"""Where a page's things are named: what is called so in one place is called so in the others."""
_COUNTING = re.compile(
    r"\d+ ?(?:of|out of|/|to|-|through) ?\d+\b|^(?:page|step|chapter|section|figure|table|part|level|version|v)\.? ?\d"
    r"|^\d+(?:\.\d+)*\.? [A-Z]", re.IGNORECASE,
)  # fmt: skip
"""Numbers that belong to others of the page, such as "1 to 10 of 57" and those of chapters."""
_CHOOSE = re.compile(r"(?:please |-+ ?)?(?:select|choose|pick|none|any|all|other)\b|-", re.IGNORECASE)
"""Options that are no values."""
_LEAST_SEQUENCE = 3
_KINDS = (
    (("mail",), "email"), (("phone", "tel", "mobile", "fax"), "phone"),
    (("date", "birth", "day", "until", "arrival", "departure"), "date"), (("time", "hour"), "time"),
    (("city", "place", "location", "office", "town", "venue"), "place"), (("address", "street"), "street"),
    (("price", "amount", "total", "salary", "cost", "fee", "balance", "rate"), "amount"),
    (("zip", "code", "number", "serial", "reference", "iban", "plate", "model"), "code"),
    (("url", "web", "site", "host"), "host"), (("file",), "file"),
    (("company", "vendor", "organi", "supplier", "publisher", "brand"), "app"), (("version",), "version"),
    (("quantity", "stock", "visitors", "count", "port"), "count"), (("weight",), "kg"),
    (("discount", "tax"), "percent"),
    (("product", "item", "article"), "good"), (("subject", "task", "topic"), "task"), (("project",), "thing"),
)  # fmt: skip
"""What headers and names of fields have in them, and the values that go with them."""


class Rewriter:
    """Replaces texts of one page; the same text becomes the same again.

    `share`: of the texts, how many change. `prose`: it is documentation, whose numbers belong together and stay.
    """

    def __init__(self, rng: random.Random, share: float, *, prose: bool = False) -> None:
        self.rng, self.share, self._prose = rng, share, prose
        self.writer = Writer(rng, "train")
        if rng.random() < _PLAIN:
            self.writer.vocabulary = vocabulary("train")
        self.maker = Maker(rng, self.writer)
        self._known: dict[tuple[str, str], str] = {}
        self._kept: set[int] = set()
        self._pools: dict[str, list[str]] = {}
        self._facts: list[str] = []
        self._own_forms = rng.random() < 0.6
        self._brand = self.maker.make("app").text

    def changed(self, texts: Sequence[Sequence[object]]) -> list[tuple[int, str]]:
        """[place, text] of all texts that `prepare.js` tells: place, text, where, name, alone."""
        found = []
        self._kept = _sequences(texts)
        for place, text, where, name, alone in texts:
            if int(str(place)) in self._kept:
                found.append((int(str(place)), str(text)))
                continue
            called = self._called(str(name)) if where in ("field", "area", "option") else str(name)
            found.append((int(str(place)), self.new(str(text), str(where), called, alone=bool(alone))))
        return found

    def _called(self, name: str) -> str:
        """What a field is called: by the label that it has now, or by its label, name and hint."""
        label, _, rest = name.partition("|")
        bare = label.rstrip(": *")
        new = next(
            (self._known[key] for one in (label, bare, f"{bare}:") if (key := ("named", one)) in self._known), label
        )
        return new.lower() if new != label else f"{label} {rest}".lower()

    def title(self, text: str, heading: str) -> str:
        """What the page's title becomes, often with the heading that it has now."""
        text = _BRANDS.sub(self._brand, text)
        if self.rng.random() < self.share / 2 or _LOREM.search(text):
            heading = heading or self.maker.make("thing").text
            text = self.rng.choice(("{0} | {1}", "{0} - {1}", "{0}", "{1} - {0}", "{1}: {0}")).format(
                heading, self._brand
            )
        return text

    def new(self, text: str, where: str, name: str, *, alone: bool) -> str:
        """What stands there instead, or the text itself."""
        if where in ("field", "area"):
            return self._field(text, where, name)
        same = "named" if where in _NAMING else where
        if not text.strip() or (same, text) in self._known:
            return self._known.get((same, text), text)
        lorem = bool(_LOREM.search(text))
        kept = (self._prose and _NUMBER.search(text)) or (where == "option" and _CHOOSE.match(text))
        renamed = where == "option" and "|" not in name  # its field has another label now
        fits = alone and not kept and (lorem or renamed or self.rng.random() < self.share)
        new = self._fitting(text, where, name) if fits else text
        if new == text and lorem:
            new = self.prose(len(text), short=not text.rstrip().endswith("."))
        elif new == text and _NUMBER.search(text) and not self._prose and not _COUNTING.search(text):
            new = self.numbers(text)
        new = _BRANDS.sub(self._brand, new)
        if (
            not lorem
            and len(text) < (45 if where in _NAMING else 24)
            and (where not in ("cell", "badge") or not _NUMBER.search(text))
        ):
            self._known[same, text] = new
        return new

    def _fitting(self, text: str, where: str, name: str) -> str:  # noqa: PLR0911 - one for each place
        rng = self.rng
        if not _WORDY.search(text) or (where in ("nav", "badge", "button") and _NUMBER.search(text)):
            return text
        if where == "button":
            return self._from("buttons", _BUTTONS, text)
        if where == "nav" and len(text) < _LONGEST_NAMED:
            return self._from("menu", _MENU, text)
        if where == "label" and len(text) < 30 and not text.endswith((".", "?", "!")):
            colon = ":" if text.endswith(":") else ""
            return self._from("labels", _LABELS, text.rstrip(":")) + colon
        if where in ("cell", "entry", "option") and len(text) < _LONGEST_NAMED:
            return self._value(text, name if where != "entry" else "", where)
        if where == "heading" and len(text) < 60 and not _NUMBER.search(text):
            return self._from(*(("menu", _MENU) if rng.random() < 0.3 else ("headings", _HEADINGS)), text)
        if where == "text" and len(text) > _LONGEST_NAMED and text.rstrip().endswith((".", "!", "?")):
            return self.prose(len(text))
        if where == "text" and re.fullmatch(r"[A-Z][a-z]+ [A-Z][a-z]+", text) and rng.random() < 0.3:
            return self.maker.make("person").text
        return text

    def _value(self, text: str, name: str, where: str) -> str:  # noqa: PLR0911, PLR0912, C901 - one for each kind
        """Another value of the same kind, after its column's or field's name, or its own shape."""
        if where == "option":
            for words, kind in _KINDS:
                if any(word in name for word in words):
                    return self.maker.make(kind).text
        if any(pattern.fullmatch(text) for pattern, _ in _SHAPES) or _NUMBER.search(text):
            return self.numbers(text)
        if "@" in text:
            return self.maker.make("email").text
        for label, choices in _CHOICES.items():
            if label in name or (label == "colour" and "color" in name):
                return _cased(self.rng.choice(choices.split()).replace("_", " "), text)
        if any(
            word in name for word in ("status", "state", "type", "progress", "action", "class", "browser", "engine")
        ):
            return text
        if "position" in name or "job" in name or "title" in name or "role" in name:
            return self._from("jobs", _JOBS, text)
        for words, kind in _KINDS:
            if kind in ("place", "app", "good", "task", "thing") and any(word in name for word in words):
                return self.maker.make(kind).text
        if any(word in name for word in _PEOPLE) and 1 <= len(text.split()) <= 3:
            person = self.maker.make("person").text
            return person if len(text.split()) > 1 else person.split()[0]
        if len(text.split()) > 3:
            return _cased(self.maker.make("task").text, text)
        return _cased(self.maker.make("noun" if len(text.split()) == 1 else "thing").text, text)

    def _field(self, text: str, where: str, name: str) -> str:  # noqa: PLR0911 - one for each kind
        if self.rng.random() < 0.3:
            return "" if self.rng.random() < 0.5 else text
        if where == "area":
            return self.prose(self.rng.randint(20, 120))
        if any(word in name for word in ("search", "find")):
            return self.maker.make("noun").text.lower() if self.rng.random() < 0.4 else ""
        for label, choices in _CHOICES.items():
            if label in name:
                return self.rng.choice(choices.split()).replace("_", " ")
        for words, kind in _KINDS:
            if any(word in name for word in words):
                return self.maker.make(kind).text
        if "name" in name or any(word in name for word in _PEOPLE[1:]):
            person = self.maker.make("person").text.split()
            return person[-1] if "last" in name else person[0] if "first" in name else " ".join(person)
        if text and _NUMBER.search(text):
            return self.numbers(text)
        return self.maker.make(self.rng.choice(("noun", "thing", "good", "code", "count", "place"))).text

    def _from(self, kind: str, all_: Sequence[str], text: str) -> str:
        """One of some texts that was not taken yet, of about the same length."""
        pool = self._pools.setdefault(kind, self.rng.sample(list(all_), len(all_)))
        if not pool:
            return text
        near = sorted(pool[:12], key=lambda one: abs(len(one) - len(text)))[:4]
        chosen = self.rng.choice(near)
        pool.remove(chosen)
        return _cased(chosen, text)

    def numbers(self, text: str) -> str:
        """The text with other numbers, months and days of the same kind; a date or an amount in the page's own form."""
        for pattern, kind in _SHAPES:
            if pattern.fullmatch(text.strip()) and (kind == "date" or self._own_forms):
                return self.maker.make(kind).text
        rng, dated = (
            self.rng,
            bool(_MONTH.search(text)) or bool(re.search(r"\d+/\d+/\d{2}|\d+\.\d+\.\d{4}|\d{4}-\d\d-\d\d", text)),
        )
        clock = bool(re.search(r"\d:\d\d", text))

        def other(match: re.Match[str]) -> str:
            digits = match[0]
            if len(digits) == 4 and digits[:2] in ("19", "20") and (dated or "," not in text):
                return str(rng.randint(1996, 2031))
            if dated and len(digits) <= 2:
                return str(rng.randint(1, 12 if "/" in text or "-" in text or "." in text else 28)).zfill(len(digits))
            if clock and len(digits) <= 2:
                return str(
                    rng.randrange(10, 13) if len(digits) == 2 and match.start() == 0 else rng.randrange(1, 60)
                ).zfill(2)
            if "%" in text:
                return str(rng.randint(1, 99))
            if len(digits) > 9:
                return digits
            first = rng.choice("123456789") if digits[0] != "0" else "0"
            return first + "".join(rng.choices("0123456789", k=len(digits) - 1))

        text = _NUMBER.sub(other, text)
        return _MONTH.sub(lambda match: (name := rng.choice(MONTHS))[: 3 if len(match[0]) == 3 else len(name)], text)

    def prose(self, length: int, *, short: bool = False) -> str:
        """Sentences, about this long; `short`: a heading or a part of a sentence."""
        if short and length < 60:
            return self._from("headings", _HEADINGS, "x" * length)
        said = ""
        while len(said) < length * 0.8:
            if not self._facts:
                self._facts = [one.text for one in some_facts(self.rng, self.writer, 6)[1] if one.text.isascii()]
                self._facts = self._facts or [self.writer.sentence(6, 12)]
            one = self._facts.pop()
            if said and len(said) + len(one) > length * 1.3:
                break
            said += (" " if said else "") + one + ("" if one[-1] in ".!?:" else ".")
        return said


def _sequences(texts: Sequence[Sequence[object]]) -> set[int]:
    """The places of numbers that count on from one to the next: those of pages, rows and days."""
    runs: dict[object, list[tuple[int, int]]] = {}
    kept: set[int] = set()
    for place, text, where, name, _ in texts:
        if not re.fullmatch(r" *\d{1,3}\.? *", str(text)):
            continue
        number = int(str(text).strip(" ."))
        for key in (where, (where, name)):
            run = runs.setdefault(key, [])
            if run and number != run[-1][0] + 1:
                run.clear()
            run.append((number, int(str(place))))
            if len(run) >= _LEAST_SEQUENCE:
                kept |= {one for _, one in run}
    return kept


def _cased(text: str, like: str) -> str:
    """In capitals, or with a small letter at its beginning, as another text is."""
    if like.isupper() and len(like) > 2:
        return text.upper()
    return text[0].lower() + text[1:] if like[:1].islower() else text
