"""Scenes of what is longer, larger or written in another direction than anybody thinks of."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PIL import Image

from desktop_vlm.history.own_settings import OwnSettings
from desktop_vlm.history.store import History
from desktop_vlm.ui.app.model_status import ModelKind
from desktop_vlm.ui.theme import ThemeChoice
from desktop_vlm.ui.theme.theme import TEXT_SIZES_PX
from tools.event_loop import spin
from tools.screens import basics, capturing, leaving, listing, models, narrow, quick, setting, viewing
from tools.screens.materials import FORMULA, MARKDOWN, dialog, receipt, terminal
from tools.screens.scenes import SetUp, scene
from tools.screens.stage import Stage, spin_until

GERMAN = "Rindfleischetikettierungsüberwachungsaufgabenübertragungsgesetz"
"""63 letters, and no place to break."""
HEBREW = "מה כתוב בתיבת הדו-שיח הזאת, ומה צריך ללחוץ עכשיו?"
ARABIC = "ماذا تقول هذه النافذة؟"
_TITLE = "What the dialog says about the disk and which of its buttons keeps the files " * 4

_IN_HEBREW = """התיבה אומרת שהדיסק **מלא**, ומציעה שני כפתורים:

1. `Retry` מנסה שוב
2. `Cancel` עוצר את ההעתקה

| כפתור | מה קורה |
|:--|--:|
| Retry | מנסה שוב |
| Cancel | עוצר |

> הקבצים נשארים במקומם."""

_KINDS = """# Heading one
## Heading two
### Heading three
#### Heading four

A line with `code`, **bold**, *italic*, ~~struck~~, a [link](https://example.com) and $x^2 + y^2$.

- [x] done
- [ ] open
  - deeper
    - deeper still

1. one
2. two
   1. inner

> A quote.
>
> > Inside of it.

---

| `a` | b |
|---|---|
| `code` | text |
| text | `code` and text |

H<sub>2</sub>O
"""

_LONG_QUESTION = (
    "Which of the two options should I take, given that the drive is nearly full, that the other drive is slow, and "
    "that I need the files tomorrow morning?"
)
_LONG_ANSWER = """Take the other drive:

- it has room for all of them
- slow is better than not at all
- you can move them back later

Then delete what is in the bin."""

_TALK = (
    ("What is on the screen?", "A dialog with the title **Disk full** and two buttons, `Retry` and `Cancel`."),
    ("Why does the build fail?", MARKDOWN),
    ("Write the formula in LaTeX.", FORMULA),
    ("And in one word?", "No."),
    (_LONG_QUESTION, _LONG_ANSWER),
)


@scene("long-talk", loads=False)
def long_talk(stage: Stage) -> None:
    """A conversation of six hundred messages, at its end."""
    for title in ("Totals of March", "Which button saves?", "Formula on page 4"):
        stage.kept(title, [("What is this?", "A dialog with two buttons.")])
    talk = [_TALK[number % len(_TALK)] for number in range(300)]
    terminal(stage.folder / "build.png")
    conversation = stage.kept("Three hundred questions", talk, stage.folder / "build.png")
    stage.assistant.open(conversation)
    stage.assistant.conversations_changed.emit()
    spin_until(lambda: stage.assistant.conversation_id == conversation)
    spin(2000)


@scene("long-talk-middle", loads=False)
def long_talk_middle(stage: Stage) -> None:
    """The same, scrolled to its middle: the way back down is there."""
    long_talk(stage)
    bar = stage.window.pane.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    spin(1500)


@scene("long-words", loads=False)
def long_words(stage: Stage) -> None:
    """Words and names without a place to break, in every part of the window."""
    file = stage.folder / f"{GERMAN}-{GERMAN}.png"
    dialog("Disk full", "Save to another drive.", "Retry").save(str(file))
    folder = stage.app.services.history.fetch(lambda history: history.folders.create(GERMAN[:60]))
    kept = stage.kept(GERMAN * 2, [("What is this?", "A dialog.")])
    moved = stage.kept("In the folder", [("What is this?", "A dialog.")])
    stage.app.services.history.fetch(lambda history: history.folders.move([moved], folder))
    stage.app.services.history.fetch(lambda history: history.set_pinned(kept, True))
    code = f"`{GERMAN}`"
    answer = (
        f"# {GERMAN} {GERMAN}\n\n**{GERMAN}** is one word, and so is {code}; a path: `/{'/'.join([GERMAN] * 3)}`.\n\n"
        f"| {GERMAN} | {code} |\n|---|---|\n| {GERMAN} | 1 |\n\n> {GERMAN * 3}\n\n"
        f"- {GERMAN * 2}\n  - https://example.com/{GERMAN}/{GERMAN}"
    )
    stage.prepared(_TITLE, f"{GERMAN * 3}, is that a word?", answer, file)
    stage.attach(file)
    stage.window.composer.text.setPlainText(GERMAN * 4)
    stage.window.toggle_panel()
    spin_until(lambda: not stage.assistant.pictures.view.is_preparing)
    spin(500)


@scene("long-words-below", loads=False)
def long_words_below(stage: Stage) -> None:
    """The lower end of that, with an export's menu."""
    long_words(stage)
    bar = stage.window.pane.verticalScrollBar()
    bar.setValue(bar.maximum())
    spin(500)


@scene("long-names-selected", loads=False)
def long_names_selected(stage: Stage) -> None:
    """Long titles and folder names, several selected; one is being renamed."""
    titles = [GERMAN, _TITLE, f"{HEBREW} {HEBREW}", "a" * 300, "R&D: costs & <b>totals</b>"]
    made = [stage.kept(title, [("What is this?", GERMAN * 2)]) for title in titles]

    def sort(history: History) -> None:
        history.folders.move(made[3:4], history.folders.create(_TITLE[:60]))
        history.set_pinned(made[0], True)

    stage.app.services.history.fetch(sort)
    stage.assistant.conversations_changed.emit()
    stage.assistant.open(made[1])
    spin(800)
    stage.window.sidebar.list.select_several(made[:3])
    spin(400)


@scene("long-search", loads=False)
def long_search(stage: Stage) -> None:
    """Hits in long words."""
    listing.fill(stage)
    stage.kept(GERMAN * 2, [(GERMAN * 2, GERMAN * 4)])
    stage.assistant.conversations_changed.emit()
    listing.search(stage, GERMAN[:24].lower())


@scene("right-to-left", loads=False)
def right_to_left(stage: Stage) -> None:
    """Questions and answers in Hebrew and Arabic, in a window of English."""
    stage.kept(ARABIC, [(ARABIC, "نافذة بعنوان «القرص ممتلئ».")])
    file = stage.folder / "disk full.png"
    dialog("Disk full", "Save to another drive and try again.", "Retry", "Cancel").save(str(file))
    stage.prepared(HEBREW, HEBREW, _IN_HEBREW, file)
    stage.window.composer.text.setPlainText(HEBREW)
    spin(600)


@scene("markdown-kinds", loads=False)
def markdown_kinds(stage: Stage) -> None:
    """Every kind of block, close together."""
    stage.prepared("Kinds", "Show all.", _KINDS)
    spin(600)


@scene("many-images", loads=False)
def many_images(stage: Stage) -> None:
    """A question of nine images with long names, and the panel."""
    files = []
    for number in range(9):
        files.append(stage.folder / f"{number} {GERMAN}.png")
        size = (100 + 200 * (number % 3), 100 + 140 * (number % 4))
        Image.new("RGB", size, (20 * number, 120, 200 - 10 * number)).save(files[-1])
    stage.attach(*files)
    stage.window.toggle_panel()
    spin_until(lambda: not stage.assistant.pictures.view.is_preparing)
    spin(500)


@scene("own-settings-long", loads=False)
def own_settings_long(stage: Stage) -> None:
    """Instructions of many lines."""
    stage.prepared(_TITLE, "What is this?", MARKDOWN)
    stage.assistant.set_own(OwnSettings(f"{GERMAN * 2}\n" * 12, {"temperature": 0.2}, ()))
    spin(300)
    stage.window._own_settings.edit()  # noqa: SLF001
    spin(400)


@scene("model-long-name", loads=False)
def model_long_name(stage: Stage) -> None:
    """A model whose file has a very long name cannot be loaded."""
    file = stage.folder / f"{GERMAN}-{GERMAN}-Q4_K_M.gguf"
    file.write_bytes(b"GGUF junk")
    receipt(stage.folder / "receipt.png")
    stage.app.services.settings.update("model", text=str(file))
    stage.window.load_model(stage.app.services.settings.current.model)
    spin_until(lambda: stage.app.services.model_status.kind is ModelKind.FAILED)
    spin(500)


def _large(set_up: SetUp, stage: Stage) -> Callable[[], object] | None:
    """Another scene with text of the largest size."""
    stage.text_px = TEXT_SIZES_PX[-1]
    stage.theme(ThemeChoice.LIGHT)
    return set_up(stage)


_AT_LARGE: dict[str, SetUp] = {
    "welcome": basics.welcome,
    "conversation": basics.conversation,
    "panel": basics.question_with_images,
    "row-menu": basics.row_menu,
    "folders": listing.folders,
    "selection": listing.selection,
    "search": listing.searched,
    "find-bar": listing.find_bar,
    "settings": partial(setting.open_page, "model"),
    "settings-actions": partial(setting.open_page, "actions"),
    "shortcuts": setting.shortcuts,
    "own-settings": setting.own_settings_set,
    "models": models.models_details,
    "models-found": models.models_found,
    "viewer": viewing.viewer,
    "viewer-find": viewing.viewer_find,
    "viewer-find-narrow": partial(narrow.in_narrow_window, set_up=viewing.viewer_find),
    "viewer-narrow": partial(narrow.in_narrow_window, set_up=viewing.viewer),
    "editor": partial(viewing.use_tool, "arrow"),
    "hiding": viewing.hiding,
    "pages": capturing.pages,
    "thumbnails": capturing.thumbnails,
    "watches": capturing.watched_regions,
    "watch-dialog": capturing.watch_dialog,
    "captures": capturing.recent_captures,
    "restore-question": leaving.restore_question,
    "export-question": leaving.export_question,
    "quick": quick.quick_long_answer,
}
for _name, _set_up in _AT_LARGE.items():
    scene(f"large-{_name}", loads=False)(partial(_large, _set_up))

for _name, _set_up in {
    "words": long_words,
    "words-below": long_words_below,
    "markdown": markdown_kinds,
    "right-to-left": right_to_left,
    "many-images": many_images,
    "own-settings-long": own_settings_long,
}.items():
    scene(f"narrow-{_name}", loads=False)(partial(narrow.in_narrow_window, set_up=_set_up))
