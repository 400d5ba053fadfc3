"""Pages of documentation: chapters at the left, headings, a note, a block of code."""

from __future__ import annotations

import random

from training.screens.coding.languages import Code, write_code
from training.screens.page import MOST_COPIED, Page
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.sites.facts import say_text
from training.screens.sites.frame import finish, narrow, open_browser, side_menu, top_menu
from training.screens.themes import Style

_CHAPTERS = ("Introduction", "Installation", "First steps", "Options", "Examples", "Errors", "Reference", "Changes",
             "Timeouts", "Logging", "Security", "Upgrading", "Plugins", "Questions", "Configuration")  # fmt: skip


def draw_docs(rng: random.Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A chapter of a manual."""
    name = writer.slot("app")
    chapters = [chapter if rng.random() < 0.6 else writer.words(1, 2).capitalize()
                for chapter in rng.sample(_CHAPTERS, rng.randint(4, 9))]  # fmt: skip
    page = open_browser(rng, writer, style, width, height, rng.choice((f"{name} manual", f"{name} documentation",
                                                                       f"{name} {writer.version()}")),
                                                                       "docs")  # fmt: skip
    if rng.random() < 0.4:
        top_menu(page, rng.sample(("Guide", "Reference", "Blog", "Download", "Community", "Source"), 4), name)
    chosen = side_menu(page, list(dict.fromkeys(chapters)), called="chapter")
    narrow(page, 34, 64)
    heading = chosen or writer.words(1, 3).capitalize()
    if page.say(heading, page.large, most=1):
        page.ask("heading", heading, "What is the heading?", "What is the title of the page?",
                 "What is the page about?",
                 "Which heading is shown?")  # fmt: skip
    say_text(page, rng.randint(1, 3), facts=1)
    parts = [_note, _code, _section]
    rng.shuffle(parts)
    for part in parts:
        if rng.random() < 0.85:
            part(page)
    page.describe(f'A browser with documentation of {name}, the page "{heading}".')
    return finish(page)


def _note(page: Page) -> None:
    rng, style = page.rng, page.style
    label, text = rng.choice(("Note", "Warning", "Tip", "Important", "Caution")), page.writer.sentence(5, 14)
    pad, left, right = style.px(10), page.left, page.right
    lines = page.pen.wrap(text, page.wide - 2 * pad)
    high = page.pitch * (len(lines) + 1) + 2 * pad
    if page.top + high > page.bottom or len(lines) > 4:
        return
    page.fill((left, page.top, right, page.top + high - pad), page.shade, 4, page.line)
    page.fill((left, page.top, left + style.px(4), page.top + high - pad), page.accent)
    end = page.top + high
    page.left, page.right, page.top = left + pad, right - pad, page.top + pad / 2
    page.say(label, page.bold, page.accent, gap=0, most=1)
    page.say(text, most=5)
    page.left, page.right, page.top = left, right, end
    page.ask("text", text, "What does the {label} say?", "Read the {label}.", "What is written in the {label} box?",
             "What is the {label}?", label=label.lower())  # fmt: skip


def _code(page: Page) -> None:
    code = write_code(page.rng, page.writer, page.rng.randint(3, 9), short=True)
    pad, pitch = page.style.px(10), round(page.mono.line * 1.2)
    count = len(code.lines)
    high = pitch * count + 2 * pad
    if page.top + high > page.bottom or max(map(page.mono.width, code.lines)) + 2 * pad > page.wide:
        return
    page.fill((page.left, page.top, page.right, page.top + high), page.shade, 5, page.line)
    code.draw(page, page.left + pad, page.top + pad, pitch)
    page.top += high + pad
    ask_code(page, code)


def ask_code(page: Page, code: Code) -> None:
    """What its settings are, and all of it under the quick action's prompt."""
    text = "\n".join(code.lines)
    if len(text) <= MOST_COPIED:
        page.prompt("code-from-screenshot", f"```{code.language}\n{text}\n```")
        page.ask("text", text, "Read the code.", "Copy the code.", "Write out the code block.", "What is in the code?")
    for name, value in code.settings.items():
        page.ask("value", value, "What is {name} set to?", "What is {name} set to in the code?",
                 "Which value has {name}?",
                 "What is the value of {name}?", "{name}?", name=name)  # fmt: skip


def _section(page: Page) -> None:
    heading = page.writer.words(1, 4).capitalize()
    if page.top + 4 * page.pitch < page.bottom and page.say(heading, page.style.type.pen(1.3, bold=True), most=1):
        said = say_text(page, page.rng.randint(1, 3), facts=page.rng.randint(0, 1))
        page.ask("text", said, "What is written under '{h}'?", "Read the text under '{h}'.", h=heading)
        page.ask("value", heading, "What is the heading of the second section?", "Which smaller heading is there?")
