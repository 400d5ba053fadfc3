"""Full screens: several windows on a desktop with a taskbar, scaled down by the program before a model sees them.

Text that gets too small on the way is answered with `TOO_SMALL`; about text between `TOO_SMALL_PX` and `LEGIBLE_PX`
nothing is asked, so that the two answers stay apart.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

from desktop_vlm.api.image_sizing import choose_canvas, fit_to_canvas
from training.screens.asking import Asker
from training.screens.described_parts import part_questions
from training.screens.describing import listed_windows, screen_described
from training.screens.facts.documents import draw_facts
from training.screens.filling import FILLING, draw_filling
from training.screens.finding import Desk, ask_beside_marks
from training.screens.framing import framed, glyphs_moved, moved, program_of
from training.screens.generator import LAYOUTS
from training.screens.in_front import DIALOG_SHARE, ask_dialog_in_front, ask_only_dialog, draw_front_dialog
from training.screens.mark_questions import Marked, mark_questions
from training.screens.marks import ask_marked, draw_mark, draw_marks, stroke_glyphs
from training.screens.neighbours import ask_neighbours, texts_of
from training.screens.pages import PROMPTS, explained
from training.screens.panes.fillings import draw_pane, draw_small
from training.screens.panes.questions import PROGRAM_IN_FRONT
from training.screens.phrases import Writer
from training.screens.phrasing import question
from training.screens.prompts import copied, holds
from training.screens.records import Glyph, Question, Screen, Split
from training.screens.rewording import in_other_words, reworded
from training.screens.several_windows import clear_anyway, named_window, names_one, qualified, window_names
from training.screens.side_by_side import TILED_SHARE, draw_side_by_side
from training.screens.sketch import Sketch
from training.screens.stacking import (
    Window,
    free_place,
    front_is_seen,
    inactive,
    is_place,
    leaves_in_sight,
    meet,
    paste_windows,
    place_names,
    said_place,
    with_window,
)
from training.screens.striking import struck_texts, unstruck
from training.screens.surroundings import Icons, draw_icons, paint_ground, panel_height, under_panel
from training.screens.taskbars import Taskbar, draw_taskbar
from training.screens.themes import Style, draw_style
from training.screens.typefaces import Colour
from training.screens.web_windows import WEB_SHARE, draw_web_window
from training.screens.webpages import KIND, has_pages
from training.screens.window_questions import decided, questions_of
from training.screens.words import with_article

SIZES = ((1024, 700), (1024, 768), (1280, 720), (1280, 800), (1366, 768), (1440, 900), (1600, 900), (1920, 1080),
         (1920, 1200), (2560, 1440), (2560, 1440), (3840, 2160))  # fmt: skip
TOO_SMALL = "Too small to read at this size; crop to it."
TOO_SMALL_PX = 5.3
"""On the canvas, from the top of letters like `d` to the bottom of letters like `p`: below it nobody reads them."""
LEGIBLE_PX = 6.2
"""From here on letters can be read: at 12 px text on a screen of 1920 x 1080 for instance."""
MAX_TILES = 4
_SLOT_PX = 3.5
"""Width of a letter's place on the canvas, at which strokes of marks are labelled."""
_TERMINAL_SHARE = 0.15
"""Of the screens to train on that show one terminal or log alone."""
_FACT_SHARE = 0.24
"""Of the windows to train on that fill a screen and are full of facts, beside those among `FILLING`."""
_LEGIBLE_SHARE = 0.65
"""Of the screens to train on whose text is as large as a person sets it there: most of it can be read on the canvas."""
_SMALL_SHARE, _MEDIUM_SHARE = 0.25, 0.2
"""Of the smaller windows to train on: small ones of `panes`, and its programs at half of the screen's size."""
_MARK_SHARE = 0.8
"""Of the screens to train on that have marks."""
_WHOLE_TEXTS = frozenset({"title", "near", "cell", "button", "heading"})
"""Kinds of questions whose answers are texts that may be marked."""
_COPIED = frozenset({"text", "copied"})
"""Kinds of questions that a single text which a mark strikes leaves without an answer."""
_MOST = 250
"""Questions about a screen to train on."""
_FILLED = 0.6
"""Of the screen: a page behind a dialog is at least so large."""
_COUNTS = (12, 5, 3, 1)
"""How often one to four windows are open on screens to train on."""
_MAXIMISED_SHARE = 0.5
"""Of the large windows to train on, and of the terminals alone: they leave nothing but the taskbar."""
_PALE_SHARE = 0.45
"""Of the screens to train on whose windows without the focus have pale titles."""
_APART_SHARE, _TRIES = 0.25, 6
"""How often a window may stay beside the others, and how many places are tried for it."""
_APART_PX = 40.0
"""On the canvas: a window that is so much further to one side than all others is the one there."""
_NEIGHBOURS = 5
"""Questions about texts beside each other in a window."""

_MEMBERS = ("dialog", "window", "terminal", "editor", "form", "table", "receipt", "chart", "facts")
_WEIGHTS = (8, 3, 2, 2, 3, 2, 1, 1, 0)
_TRAINING_WEIGHTS = (30, 4, 10, 6, 4.5, 3.5, 1, 1, 12)
"""Dialogs are small on a screen and read worst; lines of terminals and editors are counted wrongly."""
_GROUNDS: tuple[Colour, ...] = ((0, 128, 128), (58, 110, 165), (48, 10, 36), (30, 40, 60), (122, 143, 106), (0, 0, 0),
                                (230, 232, 235), (47, 72, 88))  # fmt: skip


def canvas_scale(width: int, height: int, tile_px: int) -> float:
    """Canvas pixels for each pixel of an image, as the program scales it."""
    canvas = choose_canvas(width, height, tile_size=tile_px, max_tiles=MAX_TILES)
    return fit_to_canvas(width, height, canvas, tile_px)[0] / width


def draw_desktop(rng: random.Random, *, split: Split, tile_px: int = 560) -> Screen:
    """One to four windows; of the same state of `rng` always the same."""
    width, height = rng.choice(SIZES)
    writer, style = Writer(rng, split), draw_style(rng, split)
    scale = canvas_scale(width, height, tile_px)
    if writer.training and rng.random() < _LEGIBLE_SHARE:
        size = max(style.type.size, rng.uniform(1.05, 1.6) * LEGIBLE_PX / scale)
        style = replace(style, type=replace(style.type, size=size))
    panel = panel_height(rng, style) if writer.training else 0
    height -= panel
    sketch = Sketch(width, height, rng.choice(_GROUNDS))
    bar = style.px(rng.choice((26, 30, 36))) if rng.random() < 0.8 else 0
    windows = _open_windows(rng, writer, style, (width, height - bar), scale)
    icons = Icons()
    if writer.training:
        paint_ground(rng, sketch)
        icons = draw_icons(rng, sketch, style, writer, height - bar)
        paste_windows(rng, sketch, windows, style, scale)
    else:
        for window in windows:
            sketch.image.paste(window.screen.image, window.box[:2])
    asker = Asker(rng)
    titles = [window.title for window in windows]
    taskbar = draw_taskbar(rng, sketch, style, writer, titles, bar) if bar else Taskbar()
    _ask(rng, asker, windows, scale, training=split == "train")
    small = style.type.pen(0.9)
    legible = (small.up + small.down) * scale >= LEGIBLE_PX
    asker.questions = taskbar.of_the_screen(rng, asker.questions)
    if split == "train" and legible:
        taskbar.ask(rng, asker)
        asker.questions += icons.questions(rng, [window.box for window in windows])
    if taskbar.clock and legible:
        asker.ask("clock", taskbar.clock, as_kind="value")
    glyphs = _seen(windows) + sketch.glyphs
    glyphs += [glyph for place in icons.seen([one.box for one in windows]) for glyph in icons.glyphs[place]]
    marked = _mark(rng, asker, sketch, windows, scale, split)
    glyphs += stroke_glyphs(marked, glyphs, sketch.image.size, step_px=_SLOT_PX / scale)
    questions = asker.take()
    if split == "train":
        kept = [_weighed(question) for question in questions if question.kind and question.text]
        questions = reworded(rng, kept, most=_MOST)
    screen = Screen(sketch.image, tuple(glyphs), questions, "desktop", "desktop")
    clock = bool(taskbar.clock)
    return under_panel(rng, screen, style, writer, panel, clock=clock, legible=legible) if panel else screen


def _weighed(question: Question) -> Question:
    """The prompt to describe the screen is a kind of its own, so that a run can ask it more often than others."""
    return replace(question, kind="described") if question.text == PROMPTS["describe"] else question


def _mark(rng: random.Random, asker: Asker, sketch: Sketch, windows: list[Window], scale: float,
          split: Split) -> list[Marked]:  # fmt: skip
    """Marks on texts that are seen as a whole, with questions about them."""
    least = LEGIBLE_PX / scale
    if split == "held_out":
        glyphs = [glyph for window in windows if window.whole for glyph in window.glyphs]
        one = draw_mark(rng, sketch, glyphs, least_px=least) if rng.random() < 0.5 else None
        if one:
            asker.questions = unstruck(asker.questions, struck_texts([one], _seen(windows)))
            ask_marked(asker, one)
        return [one] if one else []
    glyphs = [glyph for window in windows for glyph in window.texts]
    seen = [*_seen(windows), *sketch.glyphs]
    careful = any(one.kind in _COPIED for one in asker.questions)
    marked = []
    if rng.random() < _MARK_SHARE:
        marked = draw_marks(rng, sketch, glyphs, least_px=least, seen=seen, careful=careful)
    if marked:
        struck = struck_texts(marked, seen)
        asker.questions = unstruck(asker.questions, struck)
        others = [one.answer for one in asker.questions if one.kind in _WHOLE_TEXTS and len(one.answer) <= 30]
        asker.questions += mark_questions(rng, marked, others)
        asker.questions += unstruck(ask_beside_marks(rng, marked, windows), struck)
    return marked


def _seen(windows: list[Window]) -> list[Glyph]:
    return [glyph for window in windows for glyph in window.glyphs]


def _open_windows(rng: random.Random, writer: Writer, style: Style, room: tuple[int, int],
                  scale: float) -> list[Window]:  # fmt: skip
    """Windows from back to front, none of which hangs out of the screen."""
    if writer.training and rng.random() < _TERMINAL_SHARE:
        return [_alone(rng, writer, style, room)]
    if writer.training and rng.random() < DIALOG_SHARE:
        return _dialog_in_front(rng, writer, style, room, scale)
    if writer.training and rng.random() < TILED_SHARE:
        return _side_by_side(rng, writer, style, room)
    windows: list[Window] = []
    count = rng.choices((1, 2, 3, 4), _COUNTS if writer.training else (6, 4, 2, 1))[0]
    pale = writer.training and rng.random() < _PALE_SHARE
    focused = style
    for number in range(count):
        style = inactive(focused) if pale and number < count - 1 else focused
        large = number == 0 and rng.random() < 0.75
        facts = large and writer.training and rng.random() < _FACT_SHARE
        paged = large and writer.training and not facts and has_pages()
        page = _draw_page(rng, writer, style, room, scale) if paged else None
        screen = page or _draw_member(rng, writer, style, room, large=large, facts=facts)
        if writer.training:
            screen = replace(screen, questions=in_other_words(rng, screen.questions))
        if screen.image.width > room[0] or screen.image.height > room[1]:
            continue
        new = _placed(screen, *free_place(rng, room, screen.image.size))
        for _ in range(_TRIES if writer.training and windows else 0):
            if all(leaves_in_sight(new, window) for window in windows) and (rng.random() < _APART_SHARE or any(
                    meet(window.box, new.box) for window in windows)):  # fmt: skip
                break
            new = _placed(screen, *free_place(rng, room, screen.image.size))
        windows = with_window(windows, new)
        if writer.training:
            windows[-1].cut()
    return windows or _open_windows(rng, writer, focused, room, scale)


def _dialog_in_front(rng: random.Random, writer: Writer, style: Style, room: tuple[int, int],
                     scale: float) -> list[Window]:  # fmt: skip
    """A program that fills the screen and a dialog in front of it, often in its middle."""
    facts = rng.random() < _FACT_SHARE
    large = _draw_page(rng, writer, style, room, scale) if has_pages() and not facts else None
    if large is None or large.image.width * large.image.height < _FILLED * room[0] * room[1]:
        fill = draw_facts if facts else draw_filling
        faint = inactive(style) if rng.random() < _PALE_SHARE else style
        large = framed(rng, fill(rng, writer, faint, room[0], room[1] - style.px(40)), writer, faint)
    dialog = framed(rng, draw_front_dialog(rng, writer, style, LEGIBLE_PX / scale), writer, style)
    free = (room[0] - dialog.image.width, room[1] - dialog.image.height)
    if min(free) < 0 or large.image.width > room[0] or large.image.height > room[1]:
        return _dialog_in_front(rng, writer, style, room, scale)
    left, top = (rng.choice((side // 2, side // 3, rng.randint(0, side))) for side in free)
    behind, front = (replace(screen, questions=in_other_words(rng, screen.questions)) for screen in (large, dialog))
    program = _placed(behind, (room[0] - large.image.width) // 2, 0)
    program.cut()
    windows = with_window([program], _placed(front, left, top))
    windows[-1].cut()
    return windows


def _side_by_side(rng: random.Random, writer: Writer, style: Style, room: tuple[int, int]) -> list[Window]:
    """Windows that share the screen, none of which covers another."""
    windows: list[Window] = []
    for screen, left, top in draw_side_by_side(rng, writer, style, room):
        asked = replace(screen, questions=in_other_words(rng, screen.questions))
        windows = with_window(windows, _placed(asked, left, top))
        windows[-1].cut()
    return windows


def _draw_page(rng: random.Random, writer: Writer, style: Style, room: tuple[int, int], scale: float) -> Screen | None:
    """A page of the packs in a window; None where it is not its turn, or none fits."""
    if rng.random() >= WEB_SHARE:
        return None
    return draw_web_window(rng, writer, style, room, least_px=LEGIBLE_PX / scale, small_px=TOO_SMALL_PX / scale)


def _alone(rng: random.Random, writer: Writer, style: Style, room: tuple[int, int]) -> Window:
    """A terminal or a log with nothing beside it: all its text is asked for."""
    least = 1 if rng.random() < _MAXIMISED_SHARE else 3
    wide, high = (rng.randint(side // least, side) for side in room)
    draw = FILLING[rng.choice(("long_terminal", "session", "session", "log", "fact_log",
                               "code_editor"))][1]  # fmt: skip
    screen = framed(rng, draw(rng, writer, style, max(wide, 300), max(high - style.px(40), 120)), writer, style)
    return _placed(screen, rng.randint(0, max(0, room[0] - screen.image.width)),
                   rng.randint(0, max(0, room[1] - screen.image.height)))  # fmt: skip


def _placed(screen: Screen, left: int, top: int) -> Window:
    """A window whose upper left corner is there."""
    box = (left, top, left + screen.image.width, top + screen.image.height)
    titles = [question.answer for question in screen.questions if question.kind == "title"]
    return Window(moved(screen, left, top), titles[0] if titles else "", box, glyphs_moved(screen, left, top))


def _draw_member(rng: random.Random, writer: Writer, style: Style, room: tuple[int, int], *, large: bool,
                 facts: bool) -> Screen:  # fmt: skip
    if not large:
        chance = rng.random() if writer.training else 1.0
        if chance < _MEDIUM_SHARE:
            wide, high = round(room[0] * rng.uniform(0.35, 0.6)), round(room[1] * rng.uniform(0.35, 0.6))
            return framed(rng, draw_pane(rng, writer, style, wide, high - style.px(40)), writer, style)
        if chance < _MEDIUM_SHARE + _SMALL_SHARE:
            return framed(rng, draw_small(rng, writer, style), writer, style)
        layout = rng.choices(_MEMBERS, _TRAINING_WEIGHTS if writer.training else _WEIGHTS)[0]
        screen = LAYOUTS[layout][1](rng, writer, style)
        if layout == "receipt":
            receipt = next(question.answer for question in screen.questions if question.kind == "json")
            prompted = Question("json", PROMPTS["receipt-to-json"], receipt)
            screen = replace(screen, questions=(*screen.questions, prompted))
        return framed(rng, screen, writer, style)
    least = 1 if writer.training and rng.random() < _MAXIMISED_SHARE else 2
    wide, high = (side if rng.random() < 0.4 else rng.randint(side // least, side) for side in room)
    draw = draw_facts if facts else draw_filling
    return framed(rng, draw(rng, writer, style, wide, high - style.px(40)), writer, style)


def _ask(rng: random.Random, asker: Asker, windows: list[Window], scale: float, *, training: bool) -> None:
    """What can be asked about the screen, and about each window; held-out ones are seen as a whole."""
    nouns = [window.screen.noun for window in windows]
    asker.ask("window_count", str(len(windows)), as_kind="count")
    asker.ask("shown", "Yes", as_kind="present", noun=with_article(rng.choice(nouns)))
    absent = [noun for noun in ("browser", "terminal", "receipt", "bar chart", "editor")
              if not any(noun in seen for seen in nouns)]  # fmt: skip
    asker.ask("shown", "No", as_kind="present", noun=with_article(rng.choice(absent)))
    front, seen = windows[-1], front_is_seen(windows)
    described = screen_described(windows, LEGIBLE_PX / scale)
    texts = [texts_of(window.glyphs) for window in windows]
    all_names = [[*window_names(window.screen.noun, nouns, front=seen and window is front),
                  *place_names(windows, number, _APART_PX / scale)] if training else []
                 for number, window in enumerate(windows)]  # fmt: skip
    if training:
        asker.questions += Desk(rng, windows, all_names, LEGIBLE_PX / scale).questions()
    for number, window in enumerate(windows):
        noun = window.screen.noun
        names = all_names[number]
        if not (window.whole or training) or not (nouns.count(noun) == 1 or window is front or names):
            continue
        heights = [glyph.box[3] - glyph.box[1] for glyph in window.glyphs]
        if not heights:
            continue
        least, most = min(heights) * scale, max(heights) * scale
        questions = questions_of(window)
        bare = window is front and rng.random() < 0.6
        if most < TOO_SMALL_PX:
            questions = [question for question in questions if question.kind != "json"]
            chosen = rng.sample(questions, min(2, len(questions)))
            questions = [replace(question, kind="too_small", answer=TOO_SMALL) for question in chosen]
        elif least < LEGIBLE_PX and window.screen.kind != KIND:  # of a page, only what can be read is asked
            continue
        elif window is front:
            _ask_in_front(rng, asker, windows, scale, described, seen=seen, training=training)
            asker.questions += copied(window, least >= LEGIBLE_PX) if training and len(windows) == 1 else []
        questions = decided(window, questions)
        asker.questions += _about_dialog(rng, windows, number, legible=training and least >= LEGIBLE_PX)
        elsewhere = "\n".join(one.text for n, some in enumerate(texts) if n != number for one in some)
        if least >= LEGIBLE_PX and window.whole:
            asked = len(asker.questions)
            ask_neighbours(rng, asker, texts[number], _NEIGHBOURS)
            asker.questions[asked:] = [one for one in asker.questions[asked:]
                                       if not one.asked or str(one.asked[1]["text"]) not in elsewhere]  # fmt: skip
        place = "" if window is front else said_place(window, windows)
        clear = names_one(noun, nouns)
        if (bare and (seen or not training)) or not (names or (clear if training else nouns.count(noun) == 1)):
            asker.questions += _of_all(questions, described) if seen and window is front else clear_anyway(
                questions, elsewhere)  # fmt: skip
            continue
        said = [
            _of_all([question], described)[0]
            if training and _goes_without(rng, question, front=window is front, seen=seen, count=len(windows))
            else _of_window(
                rng,
                asker,
                question,
                window,
                "" if names else place,
                front=window is front and (seen or not training),
                names=names,
            )
            for question in questions
        ]
        kept = [one.text for one in (questions if names or clear else clear_anyway(questions, elsewhere))]
        asker.questions += [one for one, plain in zip(said, questions, strict=True) if plain.text in kept]
    asked_texts = [question.text for question in asker.questions]
    asker.questions = [question for question in asker.questions if holds(question, asked_texts, len(windows))]


def _about_dialog(rng: random.Random, windows: list[Window], number: int, *, legible: bool) -> list[Question]:
    """More about a window where it is the only dialog, and seen as a whole."""
    alone = legible and windows[number].whole
    return ask_only_dialog(rng, [one.screen for one in windows], number) if alone else []


def _of_all(questions: Sequence[Question], described: str) -> list[Question]:
    """Questions that name no window: who wants a description wants it of the screen."""
    return [replace(one, answer=described or one.answer) if one.kind == "describe" else one for one in questions]


def _ask_in_front(rng: random.Random, asker: Asker, windows: list[Window], scale: float, described: str, *,
                  seen: bool, training: bool) -> None:  # fmt: skip
    """About the window in front; where it is not seen to be there, only the one error is explained."""
    front, asked = windows[-1], len(asker.questions)
    if front.title:
        asker.ask("in_front", front.title, as_kind="title")
    if training and seen:
        named = program_of(front.screen)
        asker.questions += [question(rng, "program", named, PROGRAM_IN_FRONT)] if named else []
    behind = _behind(windows, scale) if training and seen else None
    _ask_front(asker, windows, described)
    if not seen:
        alone = sum("error" in window.screen.noun for window in windows) == 1
        asker.questions[asked:] = [one for one in asker.questions[asked:] if one.kind == "message" and alone]
        if training:
            several = listed_windows(windows, LEGIBLE_PX / scale)
            asker.questions.append(Question("describe", PROMPTS["describe"], several))
    asker.questions += ask_dialog_in_front(rng, front.screen, *behind) if behind else []
    if training:
        asker.questions += part_questions(rng, windows, LEGIBLE_PX / scale, seen=seen)


def _goes_without(rng: random.Random, question: Question, *, front: bool, seen: bool, count: int) -> bool:
    """Whether the window is left unsaid, as people do: of windows behind only where a value has a name of its own."""
    if front and seen:
        return rng.random() < (0.8 if count == 1 else 0.5)
    return question.kind in ("value", "cell", "fact", "whether") and rng.random() < 0.35


def _of_window(rng: random.Random, asker: Asker, question: Question, window: Window, place: str, *, front: bool,
               names: Sequence[str]) -> Question:  # fmt: skip
    """The question with its window; which program that is is asked by its place, or not at all (kind "")."""
    if question.kind == "program":
        names = [name for name in names if is_place(name)]
    named = named_window(rng, question, names) if names and question.text not in PROMPTS.values() else question
    if named is question:
        named = qualified(asker, question, window.screen.noun)
    if question.kind != "program" or (names and named.text != question.text):
        return named
    text = f"{place}{question.text[0].lower()}{question.text[1:]}" if place else question.text
    return replace(question, text=text, asked=None, kind="program" if place or front else "")


def _behind(windows: list[Window], scale: float) -> tuple[list[Question], str] | None:
    """What is seen of a program behind the only other window, and its noun; nothing is asked where it is illegible."""
    if len(windows) != 2 or not windows[0].glyphs:
        return None
    heights = sorted(glyph.box[3] - glyph.box[1] for glyph in windows[0].glyphs)
    legible = heights[len(heights) // 4] * scale >= LEGIBLE_PX
    return questions_of(windows[0]) if legible else [], windows[0].screen.noun


def _ask_front(asker: Asker, windows: list[Window], described: str) -> None:
    """What the quick actions ask for about the window in front."""
    window = windows[-1]
    if not described:
        return
    asker.questions.append(Question("describe", PROMPTS["describe"], described))
    if "error" in window.screen.noun:
        said = [question.answer for question in window.screen.questions if question.kind == "message"]
        answer = explained(said[0], window.screen.noun)
        asker.questions.append(Question("message", PROMPTS["explain-error"], answer))
