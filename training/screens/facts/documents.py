"""Windows that are full of facts, to train on: articles, papers, notes, mails, chats, logs, and small notes."""

from __future__ import annotations

import random
from dataclasses import replace

from training.screens.dialogs import ran
from training.screens.facts.chats import draw_fact_chat
from training.screens.facts.slots import Maker
from training.screens.facts.telling import Statement
from training.screens.facts.writing import FactPage, choose_facts, how_many
from training.screens.line_questions import line_questions
from training.screens.page import Page
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.sites.frame import narrow, open_browser, side_menu, top_menu
from training.screens.themes import Style
from training.screens.typefaces import Colour

_PAPERS: tuple[tuple[Colour, Colour], ...] = (((255, 255, 255), (20, 20, 20)), ((255, 255, 255), (0, 0, 0)),
                                              ((252, 250, 244), (45, 40, 30)))  # fmt: skip
_SCREENS: tuple[tuple[Colour, Colour], ...] = (((0, 0, 0), (229, 229, 229)), ((255, 255, 255), (0, 0, 0)), ((30, 30, 30), (212, 212, 212)),
                                               ((48, 10, 36), (238, 238, 236)), ((0, 43, 54), (180, 195, 196)), ((40, 44, 52), (200, 206, 218)),
                                               ((253, 246, 227), (70, 90, 100)))  # fmt: skip
_MENUS = ("File", "Edit", "View", "Search", "Document", "Format", "Tools", "Help", "Go")
_NOTES = ("Notes", "To do", "Reminder", "Meeting", "List", "Plan", "Remember", "Summary", "Overview", "News", "Info")


def draw_fact_article(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A browser with a page of a site."""
    heading = writer.words(2, 6).capitalize()
    page = open_browser(rng, writer, style, width, height, writer.words(1, 4).capitalize(), "page")
    if rng.random() < 0.4:
        top_menu(page, [writer.word().capitalize() for _ in range(4)], writer.slot("app"))
    if rng.random() < 0.3:
        side_menu(page, list(dict.fromkeys(writer.words(1, 2).capitalize() for _ in range(rng.randint(3, 8)))))
    narrow(page, 36, 74)
    _heading(page, heading)
    _fill(page)
    page.describe(f'A browser with the page "{heading}".')
    return page.finish("browser", "browser")


def draw_fact_paper(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A viewer with a page of a document."""
    page = Page(rng, writer, style, width, height, rng.choice(_PAPERS))
    _menus(page, 0.6)
    desk = rng.choice(((90, 90, 95), (200, 200, 205), (130, 135, 140), (50, 50, 54)))
    page.fill((0, page.top, width, height), desk)
    wide = min(width - style.px(20), page.pen.size * rng.uniform(36, 60))
    left = rng.choice(((width - wide) / 2, style.px(8)))
    top = page.top + style.px(8)
    page.fill((left, top, left + wide, height), page.ground)
    page.left, page.right, page.top = left + style.px(24), left + wide - style.px(24), top + style.px(18)
    page.bottom = height - style.px(8)
    heading = writer.words(1, 5).capitalize()
    _heading(page, heading)
    _fill(page)
    page.describe(f'A document viewer with the document "{heading}".')
    return page.finish("document_viewer", "document viewer")


def draw_fact_note(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """An editor with notes or comments."""
    page = Page(rng, writer, style, width, height, rng.choice(_SCREENS) if rng.random() < 0.4 else None)
    _menus(page, 0.7)
    page.left, page.right, page.top = page.left + style.px(8), width - style.px(8), page.top + style.px(6)
    page.spacing = rng.uniform(1.0, 1.4)
    kinds, each = how_many(page, on_lines=True)
    maker, groups = choose_facts(rng, writer, kinds, each=each)
    facts = FactPage(page, maker)
    pen = page.mono if rng.random() < 0.5 else page.pen
    before = rng.choice(("", "", "# ", "// ", "- ", "* ", "-- ", "; "))
    for group in groups:
        if rng.random() < 0.6:
            page.say(writer.words(1, 3).capitalize(), page.bold if pen is page.pen else pen, gap=0, most=1)
        facts.code_lines(group, pen, (page.ink,), before)
        page.top += page.pitch // 2 * rng.randint(0, 1)
    facts.ask()
    if facts.lines:
        page.asker.questions += line_questions(rng, facts.lines, most=4)[:4]
    page.describe(
        f"An editor with {len(facts.lines)} lines of notes." if not before.strip() else "An editor with notes."
    )
    return page.finish("editor", "editor")


def draw_fact_log(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A terminal with the lines of a log, a report or a file."""
    page = Page(rng, writer, style, width, height, rng.choice(_SCREENS))
    page.left, page.right, page.top = style.px(6), width - style.px(6), style.px(5)
    page.spacing = rng.uniform(1.0, 1.25)
    command = rng.choice(
        (
            f"cat {writer.file()}",
            f"less {writer.path()}",
            f"tail {writer.file()}",
            f"./{writer.slot('noun')} --{writer.slot('verb')}",
        )
    )
    prompt = rng.choice(("$ ", "$ ", "> ", f"{writer.slot('noun')}@{writer.slot('noun')}:~$ ", "# "))
    page.say(prompt + command, page.mono, gap=0, most=1)
    kinds, each = how_many(page, on_lines=True)
    maker, groups = choose_facts(rng, writer, kinds, each=each)
    facts = FactPage(page, maker)
    said = [one for group in groups for one in group]
    if rng.random() < 0.5:
        rng.shuffle(said)
    facts.code_lines(
        said, page.mono, (page.ink, page.ink, page.ink, page.faint), rng.choice(("log", "log", "", "  ", "- ", "* "))
    )
    facts.ask()
    page.ask(
        "command",
        command,
        "Which command was entered?",
        "Which command was run?",
        "What was typed?",
        "What is the command?",
    )
    page.describe(f"A terminal{ran([command])}")
    return page.finish("terminal", "terminal")


def draw_fact_mail(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A mail: sender, recipient, subject and date above its text."""
    page = Page(rng, writer, style, width, height)
    _menus(page, 0.5)
    page.left, page.right, page.top = style.px(14), width - style.px(14), page.top + style.px(8)
    maker, groups = choose_facts(rng, writer, rng.randint(2, 5), sentences=rng.random() < 0.6)
    sender, to = maker.person(), maker.person()
    subject, date = writer.words(2, 5).capitalize(), str(maker.date())
    heads = {"From": str(sender), "To": str(to), "Subject": subject, "Date": date}
    tab = max(page.bold.width(name + ": ") for name in heads) + style.px(6)
    for name, value in heads.items():
        page.put(page.left, page.top, f"{name}:", page.bold, page.faint)
        page.put(page.left + tab, page.top, page.fitting(value, page.wide - tab))
        page.top += page.pitch
    page.rule()
    page.top += style.px(8)
    narrow(page, 44, 80)
    said = [rng.choice((f"Dear {to},", f"Hello {to.split(' ')[0]},", "Hi all,", f"Dear {to.short or to},"))]
    page.say(said[0], most=1)
    facts = FactPage(page, maker)
    _groups(facts, groups)
    page.say(rng.choice(("Kind regards", "Best wishes", "Yours", "See you soon", "Thanks")), gap=0.1, most=1)
    page.say(sender, most=1)
    facts.ask()
    ask = page.asker.questions
    before = len(ask)
    page.ask(
        "fact",
        str(sender),
        "Who wrote the mail?",
        "Who is the sender?",
        "From whom is the mail?",
        "Who sent it?",
        "Who signed the mail?",
    )
    page.ask(
        "fact",
        str(to),
        "To whom was the mail sent?",
        "Who is the recipient?",
        "Who got the mail?",
        "For whom is the mail?",
    )
    page.ask("fact", date, "When was the mail sent?", "What is the date of the mail?", "From which day is the mail?")
    page.ask("fact", subject, "What is the mail about?", "What is the subject of the mail?", "What is the subject?")
    ask[before:] = rng.sample(ask[before:], 3)
    page.describe(f'A mail from {sender} with the subject "{subject}".')
    return page.finish("mail", "mail")


def draw_small_facts(rng: random.Random, writer: Writer, style: Style) -> Screen:
    """A small window with a few facts: a note, a notice, a list or a table."""
    style = replace(style, type=replace(style.type, size=min(style.type.size, 20)))
    width = round(min(620, style.type.size * rng.uniform(18, 40)))
    page = Page(rng, writer, style, width, 1200, rng.choice(_PAPERS + _SCREENS) if rng.random() < 0.5 else None)
    page.left, page.right, page.top = style.px(10), width - style.px(10), float(style.px(8))
    heading = rng.choice((rng.choice(_NOTES), writer.words(1, 3).capitalize()))
    headed = rng.random() < 0.6 and _heading(page, heading)
    maker, groups = choose_facts(rng, writer, rng.randint(1, 3), each=(1, 2, 3))
    facts = FactPage(page, maker)
    page.bottom = min(1200, page.top + rng.uniform(100, 400))
    _groups(facts, groups)
    facts.ask()
    page.describe(f'A note with the heading "{heading}".' if headed else "A note.")
    screen = page.finish("facts", "note")
    image = screen.image.crop((0, 0, width, min(screen.image.height, round(page.top) + style.px(6))))
    return replace(screen, image=image)


def _heading(page: Page, heading: str) -> bool:
    """Whether there was room for it."""
    shown = bool(page.say(heading, page.large, most=2) or page.say(heading, page.bold, most=3))
    if shown:
        page.ask("heading", heading, "What is the heading?", "Read the heading.", "Which heading is shown?", "What is the title of the text?",
                 "What is the headline?")  # fmt: skip
    return shown


def _fill(page: Page) -> None:
    """Facts of as many kinds as there may be room for, and questions about them."""
    kinds, each = how_many(page)
    maker, groups = choose_facts(page.rng, page.writer, kinds, each=each)
    facts = FactPage(page, maker)
    if page.rng.random() < 0.25:
        page.say(maker.person() + ", " + maker.date(), None, page.faint, most=1)
    _groups(facts, groups)
    facts.ask()


def _groups(facts: FactPage, groups: list[list[Statement]]) -> None:
    """Some as tables, some as lists, the rest in paragraphs, in any order."""
    rng, page = facts.rng, facts.page
    texts: list[Statement] = []
    listed: list[Statement] = []
    done = 0
    for group in groups:
        draw = rng.random()
        if draw < 0.25 and facts.table(group):
            continue
        (listed if draw < 0.5 and done < 2 else texts).extend(group)
        done += draw < 0.5
        if rng.random() < 0.35 and texts:
            facts.paragraphs(texts)
            texts = []
            if rng.random() < 0.4:
                page.say(page.writer.words(1, 4).capitalize(), page.bold, most=1)
    if listed:
        rng.shuffle(listed)
        facts.points(
            listed, item=rng.choice(("point", "point", "item", "entry")) if not facts.said else "point of the list"
        )
    if texts:
        facts.paragraphs(texts)


def _menus(page: Page, share: float) -> None:
    """A menu bar, sometimes."""
    if page.rng.random() > share:
        return
    x, high, theme = float(page.style.px(8)), round(page.pen.line * 1.35), page.style.theme
    page.fill((0, 0, page.sketch.image.width, high), theme.window)
    shown = []
    for name in page.rng.sample(_MENUS, page.rng.randint(3, 6)):
        if x + page.pen.width(name) < page.right:
            x = page.put(x, 0, name, None, theme.ink, high) + page.style.px(14)
            shown.append(name)
    page.top += high
    page.ask("menu", ", ".join(shown), "Which menus are there?", "List the menus.", "What is in the menu bar?")


def some_facts(rng: random.Random, writer: Writer, count: int) -> tuple[Maker, list[Statement]]:
    """Facts for other renderers: `questions.fact_questions` asks about those whose text was shown."""
    maker, groups = choose_facts(rng, writer, count, each=(1, 1, 2, 3))
    said = [one for group in groups for one in group]
    rng.shuffle(said)
    return maker, said


FACT_FILLING = {
    "fact_article": (6.5, draw_fact_article), "fact_paper": (6.5, draw_fact_paper), "fact_note": (5.5, draw_fact_note),
    "fact_log": (4.0, draw_fact_log), "fact_mail": (4.0, draw_fact_mail), "fact_chat": (5.5, draw_fact_chat),
}  # fmt: skip
"""As `filling.FILLING`."""


def draw_facts(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A random one of them, `width` x `height` px."""
    draws = list(FACT_FILLING.values())
    return rng.choices(draws, [weight for weight, _ in draws])[0][1](rng, writer, style, width, height)
