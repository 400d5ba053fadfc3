"""News articles and forum threads."""

from __future__ import annotations

import random

from training.screens.page import Page
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.sites.facts import fact, say_text
from training.screens.sites.frame import finish, narrow, open_browser, top_menu
from training.screens.themes import Style

_SECTIONS = (
    "News",
    "World",
    "Local",
    "Sport",
    "Culture",
    "Weather",
    "Science",
    "Money",
    "Letters",
    "Opinion",
    "Travel",
)
_FACTS = (
    "Population",
    "Founded",
    "Length",
    "Height",
    "Cost",
    "Mayor",
    "Area",
    "Opened",
    "Visitors",
    "Distance",
    "Staff",
)


def draw_news(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """An article: headline, author, date, paragraphs, perhaps a box with facts beside it."""
    headline = rng.choice((writer.words(4, 8).capitalize(), writer.fill("{adjective} {noun} in {words}").capitalize(),
                           fact(rng, writer)[0].rstrip(".")))  # fmt: skip
    paper = writer.fill(rng.choice(("The {app}", "{app} Times", "{app} News", "{app}", "Daily {app}")))
    page = open_browser(
        rng, writer, style, width, height, rng.choice((headline[:26].strip(), f"{paper} online")), "news"
    )
    if rng.random() < 0.7:
        top_menu(page, rng.sample(_SECTIONS, rng.randint(3, 7)), paper)
    narrow(page, 34, 70)
    box = page.wide > page.pen.size * 44 and rng.random() < 0.6
    edge, top = page.right, page.top
    if box:
        page.right -= page.pen.size * 17
    if not page.say(headline, page.large, gap=0.3, most=3):
        page.say(headline, page.bold)
    _byline(page)
    if rng.random() < 0.6:
        lead = writer.sentence(8, 16)
        if page.say(lead, page.bold, most=3):
            page.ask("text", lead, "What does the lead say?", "Read the bold paragraph.", "Read the introduction.",
                     "What does the first paragraph say?")  # fmt: skip
    for number in range(rng.randint(1, 5)):
        said = say_text(page, rng.randint(1, 4), facts=rng.choice((1, 1, 2)))
        if not said:
            break
        if number == 0 and len(said) < 260:
            page.ask("text", said, "Read the paragraph under the author.", "What does the article say first?")
    page.ask("heading", headline, "What is the heading?", "What is the headline?", "Read the headline.",
             "What is the heading of the article?", "What is the article about?")  # fmt: skip
    if box:
        page.left, page.right = page.right + style.px(16), edge
        page.top = top
        _facts_box(page)
    page.describe(f'A browser with a news article, "{headline}".')
    return finish(page)


def _byline(page: Page) -> None:
    rng, writer = page.rng, page.writer
    author = f"{rng.choice(writer.vocabulary.first_names)} {rng.choice(writer.vocabulary.last_names)}"
    date, form = (
        writer.date(),
        rng.choice(("By {a}", "by {a}", "By {a}, {d}", "{d} | {a}", "BY {a} - {d}", "Text: {a}")),
    )
    if page.say(form.format(a=author, d=date), None, page.faint):
        page.ask("value", author, "Who wrote the article?", "Who is the author?", "Who wrote this?", "Author?",
                 "By whom is the article?", "What is the author's name?")  # fmt: skip
        if "{d}" in form:
            page.ask("date", date, "When was the article published?", "What is the date of the article?",
                     "Which date is on the article?", "When was it written?")  # fmt: skip


def _facts_box(page: Page) -> None:
    rng, writer = page.rng, page.writer
    heading = rng.choice(("Facts", "In figures", "At a glance", "In brief", writer.word().capitalize()))
    labels = rng.sample(_FACTS, rng.randint(2, 5))
    makers = (writer.number, writer.date, writer.name, writer.amount, lambda: f"{rng.randint(2, 900)} km")
    rows = [(label, rng.choice(makers)()) for label in labels]
    pad, pitch = page.style.px(10), page.pitch
    page.fill((page.left, page.top, page.right, page.top + pitch * (len(rows) + 1) + 2 * pad), page.shade, 4, page.line)
    page.put(page.left + pad, page.top + pad, heading, page.bold)
    for number, (label, value) in enumerate(rows, 1):
        top = page.top + pad + number * pitch
        end = page.put(page.left + pad, top, label + ":", None, page.faint)
        if end + page.pen.width(value) + pad < page.right - pad:
            page.put_right(page.right - pad, top, value)
            page.ask("value", value, "What is the {what}?", "{what}?", "What does the box say for {what}?",
                     "Which {what} is given?", what=label.lower())  # fmt: skip
    page.ask("heading", heading, "What is the heading of the box?", "What is the box on the right called?")


def draw_forum(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A thread: a subject, then posts with names, times and counts of likes."""
    subject = rng.choice((writer.words(3, 7).capitalize() + rng.choice(("", "?")), writer.message(error=True)))
    page = open_browser(rng, writer, style, width, height, writer.words(1, 3).capitalize(), "thread")
    narrow(page, 38, 76)
    if not page.say(subject, page.large, most=2):
        page.say(subject, page.bold)
    people: list[str] = []
    for _number in range(rng.randint(2, 6)):
        name = rng.choice((writer.name(), writer.slot("noun") + str(rng.randrange(100))))
        if name in people or page.top + 4 * page.pitch > page.bottom:
            break
        when, likes = f"{writer.date()} {writer.time()}", rng.randint(2, 300)
        top = page.top
        end = page.put(page.left, top, name, page.bold, page.accent)
        if end + page.pen.width(when) + style.px(20) < page.right:
            page.put_right(page.right, top, when, None, page.faint)
            page.ask("date", when, "When did {name} write?", "When was the post of {name} written?", name=name)
        page.top += page.pitch
        said = say_text(page, rng.randint(1, 2), facts=int(rng.random() < 0.5), most=4)
        if not said:
            break
        people.append(name)
        page.ask("text", said, "What did {name} write?", "Read the post of {name}.", "What does {name} say?", name=name)
        if rng.random() < 0.7 and page.say(f"{likes} likes", None, page.faint):
            page.ask("value", str(likes), "How many likes does the post of {name} have?",
                     "How many people like what {name} wrote?", name=name)  # fmt: skip
        page.rule()
        page.top += style.px(8)
    page.ask("heading", subject, "What is the subject of the thread?", "What is the heading?", "What is the topic?",
             "What is the thread called?")  # fmt: skip
    if people:
        page.ask("value", people[0], "Who started the thread?", "Who wrote the first post?", "Who asked?")
        page.ask("value", people[-1], "Who wrote the last post?", "Whose post is the last one?")
        page.ask(
            "how_many", str(len(people)), "How many posts are shown?", "How many posts are there?", "Count the posts."
        )
        page.ask_whether(people, writer.name, "Is there a post by {text}?", "Did {text} write something?")
    page.describe(f'A browser with a forum thread, "{subject}".')
    return finish(page)
