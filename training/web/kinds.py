"""Kinds of records, declared: what they are called, their attributes, and how people ask about each.

In phrasings, alternatives are parted by "|"; `{k}` is the record's name, `{v}` a value. A new kind is one entry.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Attribute:
    """Something that each record of a kind has.

    Attributes:
        label: what stands over its column or before its value.
        type: of its values; see `values.Maker`.
        ask: how to ask for it by the record's name.
        back: how to ask for the record by its value; for a choice, `{v}` is in lower case.
        solo: how to ask for it where there is but one record.
        most, least: how to ask for the record with the largest and with the smallest.
        whether: a question that is answered with yes or no.
        many: for a choice: how to ask which records have it, and how many.
    """

    label: str
    type: str
    ask: str = ""
    back: str = ""
    solo: str = ""
    most: str = ""
    least: str = ""
    whether: str = ""
    many: tuple[str, str] = ("", "")


@dataclass(frozen=True)
class Kind:
    """A kind of records: `key` names each of them."""

    noun: str
    plural: str
    titles: str
    key: Attribute
    attributes: tuple[Attribute, ...] = field(default=())


def a(label: str, kind: str, ask: str = "", back: str = "", solo: str = "", most: str = "", least: str = "",
       whether: str = "") -> Attribute:  # fmt: skip
    """An attribute."""
    return Attribute(label, kind, ask, back, solo, most, least, whether)


def is_plural(label: str) -> bool:
    """Whether a label is of several things, as "Files" is and "Status" is not."""
    return label.endswith("s") and not label.endswith(("ss", "us"))


def status(label: str, options: str, nouns: tuple[str, str], ask: str = "", verb: tuple[str, str] = ("is", "are"),
            say: str = "{v}") -> Attribute:  # fmt: skip
    """A choice, such as a state: asked for in both directions."""
    one, many = nouns
    be = "are" if is_plural(label) else "is"
    return Attribute(
        label, f"choice:{options}", ask or f"What {be} the {label.lower()} of {{k}}?|Which {label.lower()} does {{k}} have?",
        f"Which {one} {verb[0]} {say}?|Name the {one} that {verb[0]} {say}.|What {one} {verb[0]} {say}?",
        f"What {be} the {label.lower()}?|Which {label.lower()} {be} shown?", "", "",
        f"Is {{k}} {say}?" if verb[0] == "is" else f"{be.capitalize()} the {label.lower()} of {{k}} {{v}}?",
        (f"Which {many} {verb[1]} {say}?|List the {many} that {verb[1]} {say}.|Name all {many} that {verb[1]} {say}.",
         f"How many {many} {verb[1]} {say}?|Count the {many} that {verb[1]} {say}."))  # fmt: skip


def price(one: str) -> Attribute:
    """What it costs."""
    return a("Price", "amount", "What does {k} cost?|How much is {k}?|What is the price of {k}?|How much do I pay for {k}?",
              f"Which {one} costs {{v}}?|What can I get for {{v}}?", "What does it cost?|What is the price?|How much is it?",
              f"Which {one} is the most expensive?|What is the dearest {one}?|Which {one} has the highest price?",
              f"Which {one} is the cheapest?|What is the cheapest {one}?|Which {one} costs least?",
              "Does {k} cost {v}?|Is the price of {k} {v}?")  # fmt: skip


def key(label: str, kind: str) -> Attribute:
    """What names a record."""
    return Attribute(label, kind)


KINDS: tuple[Kind, ...] = (
    Kind("product", "products", "Our products|Shop|Catalogue|Special offers|New arrivals", key("Product", "good"), (
        price("product"),
        a("Stock", "count", "How many of {k} are in stock?|How many {k} are left?", "Of which product are {v} left?",
           "How many are in stock?|How many are left?", "Of which product is there most?", "Which product is scarcest?"),
        a("Rating", "rating", "How is {k} rated?|What rating does {k} have?", "Which product is rated {v}?",
           "How is it rated?|What is the rating?", "Which product is rated best?|What has the best rating?",
           "Which product is rated worst?"),
        status("Availability", "In stock/Sold out/On order", ("product", "products"), "When can I get {k}?"),
        a("Weight", "kg", "How heavy is {k}?|What does {k} weigh?", "Which product weighs {v}?", "How heavy is it?",
           "Which product is the heaviest?", "Which product is the lightest?"),
        a("Article no.", "code", "What is the article number of {k}?", "Which product has the number {v}?",
           "What is the article number?"),
    )),
    Kind("train", "trains", "Departures|Next trains|Timetable|Connections today", key("Train", "line"), (
        a("Departure", "time", "When does {k} leave?|At what time does {k} depart?|What time is {k}?",
           "Which train leaves at {v}?|What leaves at {v}?", "When does it leave?|What is the departure time?",
           "Which train leaves last?|What is the last train?", "Which train leaves first?|What is the first train?",
           "Does {k} leave at {v}?"),
        a("Destination", "place", "Where does {k} go?|What is the destination of {k}?|Where is {k} going?",
           "Which train goes to {v}?|How do I get to {v}?|What goes to {v}?", "Where does it go?|What is the destination?",
           "", "", "Does {k} go to {v}?"),
        a("Platform", "small", "From which platform does {k} leave?|Which platform is {k} on?|Where does {k} leave from?",
           "Which train leaves from platform {v}?|What leaves from platform {v}?", "Which platform?|What is the platform?"),
        status("Status", "On time/Delayed/Cancelled/Boarding", ("train", "trains"), "What is the status of {k}?"),
        a("Duration", "minutes", "How long does {k} take?|How long is the ride with {k}?", "Which train takes {v}?",
           "How long does it take?", "Which train takes longest?|What is the slowest train?", "Which train is the fastest?"),
    )),
    Kind("person", "people", "Team|Contacts|Staff|Address book|Members", key("Name", "person"), (
        a("E-mail", "email", "What is the e-mail address of {k}?|How can I write to {k}?|{k}'s e-mail?",
           "Whose e-mail address is {v}?|Who has the address {v}?", "What is the e-mail address?"),
        a("Phone", "phone", "What is the phone number of {k}?|How can I call {k}?|Under which number is {k} reached?",
           "Whose number is {v}?", "What is the phone number?"),
        a("Role", "noun", "What is the role of {k}?|What does {k} do?", "Who has the role {v}?|Who is the {v}?", "What is the role?"),
        a("City", "place", "Where does {k} live?|In which city is {k}?|Where is {k} from?", "Who lives in {v}?|Who is from {v}?",
           "Which city?|Where is it?", "", "", "Is {k} from {v}?|Does {k} live in {v}?"),
        status("Status", "Active/Away/Busy/On leave", ("person", "people"), "What is the status of {k}?"),
        a("Office", "room", "Where does {k} sit?|In which room is {k}?|Which office has {k}?", "Who sits in {v}?", "Which office is it?"),
        a("Since", "year", "Since when is {k} there?|When did {k} join?", "Who joined in {v}?", "Since when?",
           "Who joined last?|Who is the newest?", "Who joined first?|Who has been there longest?"),
    )),
    Kind("order", "orders", "Orders|Your orders|Recent orders|Purchases", key("Order", "code"), (
        a("Customer", "person", "Who placed order {k}?|Whose order is {k}?|Who ordered {k}?", "Which order is from {v}?|What did {v} order?",
           "Who placed the order?|Who is the customer?"),
        a("Date", "date", "When was {k} placed?|When was order {k} made?", "Which order was placed on {v}?", "When was it placed?|What is the date?"),
        a("Total", "amount", "What is the total of {k}?|How much is order {k}?", "Which order comes to {v}?", "What is the total?|How much is it?",
           "Which order is the largest?|Which order has the highest total?", "Which order is the smallest?|Which order has the lowest total?"),
        status("Status", "Shipped/Pending/Paid/Cancelled/Delivered", ("order", "orders"), "What is the status of {k}?|How far is order {k}?"),
        a("Items", "small", "How many items are in {k}?|How many items has {k}?", "Which order has {v} items?", "How many items are there?",
           "Which order has the most items?", "Which order has the fewest items?"),
    )),
    Kind("server", "servers", "Servers|Machines|Infrastructure|Cluster|Nodes", key("Server", "server"), (
        status("State", "Running/Stopped/Degraded/Starting", ("server", "servers"), "What is the state of {k}?|How is {k}?"),
        a("CPU", "percent", "How busy is {k}?|What is the CPU load of {k}?|How much CPU does {k} use?", "Which server is at {v} CPU?",
           "What is the CPU load?", "Which server is the busiest?|Which server uses the most CPU?", "Which server uses the least CPU?"),
        a("Memory", "size", "How much memory has {k}?|How much memory does {k} use?", "Which server uses {v}?", "How much memory is used?",
           "Which server uses the most memory?", "Which server uses the least memory?"),
        a("Address", "host", "What is the address of {k}?|Under which address is {k} reached?", "Which server has the address {v}?", "What is the address?"),
        a("Region", "place", "Where is {k}?|In which region is {k}?|Where does {k} run?", "Which server is in {v}?|What runs in {v}?", "Which region is it in?"),
        a("Version", "version", "Which version runs on {k}?|What version has {k}?", "Which server runs version {v}?", "Which version is it?"),
        a("Uptime", "days", "How long has {k} been up?|What is the uptime of {k}?", "Which server has been up for {v}?", "How long has it been up?",
           "Which server has been up longest?", "Which server was restarted last?"),
    )),
    Kind("invoice", "invoices", "Invoices|Bills|Open invoices|Accounting", key("Invoice", "code"), (
        a("Client", "person", "Who gets invoice {k}?|For whom is {k}?|Who has to pay {k}?", "Which invoice is for {v}?", "Who is the client?|Who has to pay?"),
        a("Amount", "amount", "How much is invoice {k}?|What is the amount of {k}?", "Which invoice has the amount {v}?|Which invoice comes to {v}?", "How much is it?|What is the amount?",
           "Which invoice is the largest?|Which is the highest invoice?", "Which invoice is the smallest?|Which is the lowest invoice?", "Is the amount of {k} {v}?|Does invoice {k} come to {v}?"),
        a("Due", "date", "When is {k} due?|Until when must {k} be paid?", "Which invoice is due on {v}?", "When is it due?|Until when must it be paid?"),
        status("Status", "Paid/Overdue/Open/Draft", ("invoice", "invoices"), "What is the status of {k}?"),
        a("Open amount", "amount", "How much of {k} remains to be paid?|How much is still open for {k}?", "", "How much remains to be paid?|What is still open?"),
    )),
    Kind("ticket", "tickets", "Issues|Tickets|Support requests|Bug tracker", key("Title", "task"), (
        a("Number", "code", "What is the number of \"{k}\"?|Which number has \"{k}\"?", "What is ticket {v} about?|Which ticket is {v}?|What is the title of {v}?", "Which number has it?"),
        a("Assignee", "person", "Who works on \"{k}\"?|To whom is \"{k}\" assigned?|Who is assigned to \"{k}\"?", "What does {v} work on?|Which ticket is assigned to {v}?", "Who works on it?|Who is assigned?"),
        status("Priority", "Low/High/Urgent/Normal", ("ticket", "tickets"), "How urgent is \"{k}\"?|What is the priority of \"{k}\"?", ("has", "have"), "{v} priority"),
        status("State", "Open/Closed/In review/Blocked", ("ticket", "tickets"), "What is the state of \"{k}\"?"),
        a("Opened", "date", "When was \"{k}\" opened?|Since when is \"{k}\" open?", "Which ticket was opened on {v}?", "When was it opened?"),
        a("Comments", "small", "How many comments has \"{k}\"?", "Which ticket has {v} comments?", "How many comments are there?", "Which ticket has the most comments?", "Which ticket has the fewest comments?"),
    )),
    Kind("recipe", "recipes", "Recipes|Cookbook|What to cook today|Menu of the week", key("Recipe", "good"), (
        a("Time", "minutes", "How long does {k} take?|How long must I cook {k}?", "Which recipe takes {v}?", "How long does it take?", "Which recipe takes longest?", "Which recipe is the quickest?|What is ready first?"),
        a("Servings", "small", "For how many is {k}?|How many servings is {k}?", "Which recipe is for {v}?", "How many servings is it?|For how many people is it?"),
        a("Author", "person", "Who wrote the recipe for {k}?|Whose recipe is {k}?|By whom is {k}?", "Which recipe is by {v}?", "Who wrote the recipe?|Who is the author?"),
        status("Level", "Easy/Medium/Difficult", ("recipe", "recipes"), "How hard is {k}?|How difficult is {k}?"),
        a("Main ingredient", "noun", "What is {k} made of?|What is the main ingredient of {k}?", "What can I make of {v}?", "What is the main ingredient?"),
    )),
    Kind("city", "cities", "Weather|Forecast|The weather today|Climate", key("City", "place"), (
        a("Temperature", "degrees", "How warm is it in {k}?|What is the temperature in {k}?|How cold is it in {k}?", "Where is it {v}?|Which city has {v}?", "How warm is it?|What is the temperature?",
           "Where is it warmest?|Which city is the warmest?", "Where is it coldest?|Which city is the coldest?"),
        status("Sky", "Sunny/Cloudy/Rainy/Foggy/Snowy", ("city", "cities"), "What is the weather like in {k}?|How is the weather in {k}?"),
        a("Rain", "percent", "How likely is rain in {k}?|What is the chance of rain in {k}?", "", "How likely is rain?", "Where is rain most likely?", "Where is rain least likely?"),
        a("Sunrise", "time", "When does the sun rise in {k}?|When is sunrise in {k}?", "Where is sunrise at {v}?", "When does the sun rise?"),
        a("Station", "code", "Which station measures in {k}?", "Where is station {v}?", "Which station is it?"),
    )),
    Kind("course", "courses", "Courses|Workshops|Classes|Programme", key("Course", "thing"), (
        a("Teacher", "person", "Who teaches \"{k}\"?|Who gives the course \"{k}\"?|Who leads \"{k}\"?", "What does {v} teach?|Which course does {v} give?", "Who teaches it?|Who is the teacher?"),
        a("Day", "day", "On which day is \"{k}\"?|When is \"{k}\"?", "What is on {v}?|Which course is on {v}?", "On which day is it?"),
        a("Room", "room", "Where is \"{k}\"?|In which room is \"{k}\"?", "Which course is in {v}?|What takes place in {v}?", "Where is it?|Which room?"),
        a("Starts", "time", "When does \"{k}\" start?|At what time does \"{k}\" begin?", "Which course starts at {v}?|What starts at {v}?", "When does it start?"),
        a("Places left", "small", "How many places are left in \"{k}\"?", "Which course has {v} places left?", "How many places are left?", "Which course has the most places left?", "Which course has the fewest places left?"),
        price("course"),
    )),
    Kind("event", "events", "Events|What's on|Calendar|Upcoming events|Appointments", key("Event", "thing"), (
        a("Date", "date", "When is \"{k}\"?|On which date is \"{k}\"?|What is the date of \"{k}\"?", "What is on {v}?|Which event is on {v}?|What happens on {v}?", "When is it?|What is the date?"),
        a("Time", "time", "At what time is \"{k}\"?|When does \"{k}\" start?|What time does \"{k}\" begin?", "What starts at {v}?|Which event begins at {v}?", "At what time is it?|When does it start?",
           "Which event starts latest?", "Which event starts earliest?"),
        a("Place", "room", "Where is \"{k}\"?|Where does \"{k}\" take place?", "What is in {v}?|Which event takes place in {v}?", "Where is it?|Where does it take place?"),
        a("Organiser", "person", "Who organises \"{k}\"?|Who is responsible for \"{k}\"?", "What does {v} organise?|Which event is organised by {v}?", "Who organises it?|Who is the organiser?"),
        a("Visitors", "count", "How many visitors are expected at \"{k}\"?|How many people come to \"{k}\"?", "Which event has {v} visitors?", "How many visitors are expected?", "Which event has the most visitors?", "Which event has the fewest visitors?"),
    )),
    Kind("flight", "flights", "Departures|Arrivals|Flights|My trips", key("Flight", "flight"), (
        a("To", "place", "Where does {k} fly?|Where is {k} going?|What is the destination of {k}?", "Which flight goes to {v}?|What flies to {v}?", "Where does it fly?|What is the destination?"),
        a("Gate", "gate", "Which gate is {k} at?|At which gate is {k}?|Where do I board {k}?", "Which flight leaves from gate {v}?|What leaves from {v}?", "Which gate is it?"),
        a("Time", "time", "When does {k} leave?|At what time is {k}?|When is {k}?", "Which flight leaves at {v}?|What leaves at {v}?", "When does it leave?", "Which flight is the last?", "Which flight is the first?"),
        status("Remark", "Boarding/Delayed/Cancelled/Closed/Landed", ("flight", "flights"), "What is the status of {k}?"),
        a("Airline", "app", "Who operates {k}?|Which airline flies {k}?", "Which flight is operated by {v}?", "Which airline is it?"),
    )),
)  # fmt: skip
"""More are in `more_kinds`."""
