"""Word processors and page viewers: a page of text, what its letters are set in, counts of pages and words."""

from __future__ import annotations

from random import Random

from training.screens.page import mixed
from training.screens.panes.frame import Frame
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import Style

_STYLES = (
    "Default",
    "Normal",
    "Heading 1",
    "Heading 2",
    "Text Body",
    "Title",
    "Quotations",
    "Standard",
    "List",
    "Caption",
)
_FACES = (
    "Serif",
    "Sans",
    "Mono",
    "Liberation Serif",
    "Arial",
    "Times New Roman",
    "DejaVu Sans",
    "Courier",
    "Carlito",
    "Inter",
)
_LANGUAGES = ("English (USA)", "German", "French", "Danish", "English (UK)", "Polish", "None")
_PAGE = (
    "Page {p} of {n}",
    "Page {p} / {n}",
    "{p}/{n}",
    "Page {p}/{n}",
    "p. {p} of {n}",
    "{p} of {n}",
    "Pages: {p}/{n}",
)
_WORDS = ("{w} words", "Words: {w}", "{w} words, {c} characters", "{w} words  {c} chars", "Word count: {w}")
_QUESTIONS: dict[str, tuple[str, ...]] = {
    "page": ("Which page is shown?", "On which page am I?", "What page is open?", "Current page?",
             "Which page number is shown?",
             "What is the number of the page?", "Which page of the document is it?", "At which page is it?",
             "Read the page number."),
    "pages": ("How many pages does the document have?", "How many pages are there?", "Of how many pages is it?",
              "Number of pages?", "How long is the document, in pages?", "How many pages in all?",
              "Total number of pages?",
              "How many pages does the status bar count?"),
    "words": ("How many words does the document have?", "How many words are there?", "Word count?", "Number of words?",
              "How many words does the status bar count?", "What is the word count?", "How many words are in the text?",
              "How many words has it, according to the status bar?"),
    "characters": ("How many characters does the document have?", "How many characters are there?",
                   "Number of characters?",
                   "How many characters does the status bar count?", "Character count?",
                   "How many letters are counted?",
                   "What is the number of characters?", "Count of characters?"),
    "zoom": ("What is the zoom?", "At what zoom is it shown?", "Zoom?", "Which zoom is set?",
             "How large is the page shown?",
             "What percentage is the zoom?", "Which zoom level is it?", "Read the zoom."),
    "language": ("Which language is set?", "What is the language of the text?", "Language?",
                 "Which language does it say?",
                 "What language is in the status bar?", "Which language is the document in?", "Read the language.",
                 "What is the language set to?"),
    "style": ("Which paragraph style is set?", "What is the paragraph style?", "Which style does the toolbar show?",
              "Paragraph style?", "What style is selected?", "Which style is chosen?", "Style of the paragraph?",
              "What is the current style?", "What does the style box show?"),
    "font": ("Which font is set?", "What font is selected?", "Which font does the toolbar show?", "Font?",
             "Name of the font?",
             "What is the current font?", "Which typeface is chosen?", "In which font is the text set?"),
    "size": ("What is the font size?", "Which font size is set?", "Font size?", "How large is the font?",
             "What size are the letters set to?", "Which size does the toolbar show?", "What font size is selected?",
             "Current font size?"),
}  # fmt: skip


def draw_writer(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A page in its window; what is set and counted is asked for."""
    noun = rng.choice(("word processor", "word processor", "document viewer"))
    frame = Frame(rng, writer, style, width, height, noun)
    name = writer.slot("noun") + rng.choice((".odt", ".docx", ".rtf", ".txt", ".pdf", ".doc"))
    frame.title(rng.choice((name, name, writer.words(1, 3).capitalize())), "document")
    frame.menus()
    frame.tools(
        ("Open", "Save", "Print", "Undo", "Redo", "Cut", "Copy", "Paste", "Find")[: rng.randint(3, 9)], share=0.6
    )
    if noun == "word processor" and rng.random() < 0.8:
        _settings(frame)
    _status(frame)
    ground = frame.ground
    behind = mixed((0, 0, 0), ground, 0.18) if sum(ground) > 200 else mixed((255, 255, 255), ground, 0.15)
    frame.fill((frame.left, frame.top, frame.right, frame.bottom), behind)
    side = frame.wide * rng.uniform(0.03, 0.2)
    frame.left, frame.right, frame.top = frame.left + side, frame.right - side, frame.top + frame.gap
    frame.fill((frame.left, frame.top, frame.right, frame.bottom), ground)
    frame.left, frame.right, frame.top = (
        frame.left + 2 * frame.gap,
        frame.right - 2 * frame.gap,
        frame.top + 2 * frame.gap,
    )
    heading = writer.words(1, 4).capitalize()
    if frame.say(heading, frame.large):
        frame.ask("heading", heading, "What is the heading?", "Read the heading.", "What does the heading say?",
                  "What is written in large letters?", "Which heading does the page have?", "Heading of the page?",
                  "What is the text's title?", "Quote the heading.")  # fmt: skip
    first = ""
    for _ in range(rng.randint(1, 5)):
        text = " ".join(writer.sentence(4, 9) for _ in range(rng.randint(1, 3)))
        if not frame.say(text, most=5):
            break
        first = first or text
    if first:
        frame.ask("paragraph", first, "Read the first paragraph.", "What does the first paragraph say?",
                  "Quote the first paragraph.", "How does the text begin? Read the first paragraph.",
                  "Copy the first paragraph.", "What is the first paragraph?", "First paragraph?",
                  "Which text is in the first paragraph?")  # fmt: skip
    return frame.done("writer", f"with the document {frame.document}.")


def _settings(frame: Frame) -> None:
    """A row of drop-down lists: the paragraph's style, the font, its size."""
    rng, theme, high = frame.rng, frame.style.theme, round(frame.pen.line * 1.8)
    top, bottom = frame.strip(high)
    x = frame.left + frame.gap
    values = {"style": rng.choice(_STYLES), "font": rng.choice(_FACES),
              "size": rng.choice(("8", "9", "10", "10.5", "11", "12", "14", "18", "24 pt", "12 pt"))}  # fmt: skip
    for kind, value in values.items():
        end = x + frame.pen.width(value) + frame.gap * rng.uniform(3.5, 7)
        if end + frame.gap > frame.right:
            break
        frame.sketch.panel((x, top + 2, end, bottom - 2), theme.field, theme, sunken=True)
        frame.put(x + frame.gap, top, value, None, theme.field_ink, high)
        at, r, middle = end - frame.gap * 1.2, max(2, frame.pen.size // 5), (top + bottom) / 2
        frame.sketch.draw.polygon(
            ((at - r, middle - r / 2), (at + r, middle - r / 2), (at, middle + r)), theme.field_ink
        )
        frame.say_phrase("selected" if kind != "size" else "value", value, _QUESTIONS[kind])
        x = end + frame.gap


def _status(frame: Frame) -> None:
    """Page, words, language and zoom, in any order; each is asked for where it is seen."""
    rng = frame.rng
    pages = rng.randint(1, 240)
    page, words, zoom = (
        rng.randint(1, pages),
        rng.randint(3, 9000),
        rng.choice((50, 75, 90, 100, 110, 125, 150, 180, 200)),
    )
    characters = words * rng.randint(4, 7)
    page_form, word_form, language = rng.choice(_PAGE), rng.choice(_WORDS), rng.choice(_LANGUAGES)
    parts = {
        page_form.format(p=page, n=pages): {"page": str(page), "pages": str(pages)},
        word_form.format(w=words, c=characters): {"words": str(words)}
        | ({"characters": str(characters)} if "{c}" in word_form else {}),
        language: {"language": language},
        f"{zoom}{rng.choice(('%', ' %'))}": {"zoom": ""},
    }
    chosen = rng.sample(list(parts), rng.randint(1, 4))
    for part in frame.status(chosen):
        for kind, answer in parts[part].items():
            frame.say_phrase("value" if kind in {"language", "zoom"} else "how_many", answer or part, _QUESTIONS[kind])
