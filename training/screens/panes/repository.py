"""Windows of version control: commits with authors, changed files, the lines of a change, a message to write."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from training.screens.page import mixed
from training.screens.panes.frame import Frame
from training.screens.panes.grid import draw_grid
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import Style

_VERBS = ("Add", "Fix", "Remove", "Rename", "Move", "Update", "Simplify", "Test", "Revert", "Explain", "Allow",
          "Speed up", "Check",
          "Split", "Merge", "Drop", "Use", "Draw", "Read", "Write", "Skip", "Handle")  # fmt: skip
_DATES = ("%Y-%m-%d", "%d.%m.%Y", "%d %b %Y", "%Y/%m/%d")
_BUTTONS = (
    "Refresh",
    "Stage",
    "Unstage",
    "Commit",
    "Push",
    "Pull",
    "Fetch",
    "Discard",
    "Amend",
    "Stash",
    "Branch",
    "Merge",
    "Tag",
)


def subject_line(rng: Random, writer: Writer) -> str:
    """What a commit says it does."""
    verb = rng.choice(_VERBS)
    return rng.choice((f"{verb} {writer.slot('adjective')} {writer.slot('noun')}",
                       f"{verb} the {writer.slot('noun')} of {writer.slot('noun')}",
                       f"{writer.slot('noun')}: {verb.lower()} {writer.slot('noun')}",
                       f"{verb} {writer.slot('noun')} in {writer.file()}",
                       f"{verb} {writer.words(2, 5)}"))  # fmt: skip


def draw_history(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """Commits with author and date, one selected, and its files and lines below."""
    frame = Frame(rng, writer, style, width, height, rng.choice(("commit browser", "version control program")))
    project = str(writer.slot("noun"))
    frame.title(rng.choice((project, f"{project}: all branches")), "repository" if rng.random() < 0.5 else "")
    frame.menus()
    frame.tools(rng.sample(_BUTTONS, rng.randint(3, 7)), share=0.5)
    authors = [f"{writer.slot('name')}" for _ in range(rng.randint(2, 4))]
    subjects = list(dict.fromkeys(subject_line(rng, writer) for _ in range(frame.rows_for(3, 12))))
    rows = [
        [subject, rng.choice(authors), when] for subject, when in zip(subjects, _dates(rng, len(subjects)), strict=True)
    ]
    bottom = frame.bottom
    frame.bottom = frame.top + (bottom - frame.top) * rng.uniform(0.35, 0.6)
    chosen = rng.randrange(min(len(rows), max(1, int((frame.bottom - frame.top) / frame.pitch_px) - 2)))
    shown = draw_grid(frame, [rng.choice(("Subject", "Commit", "Description")), "Author", "Date"], rows,
                      item="commit", items="commits",
                      selected=chosen, most=6, table=False)  # fmt: skip
    if not shown or chosen >= len(shown):
        return frame.done("history", "with a list of commits.")
    for row in rng.sample(shown, min(3, len(shown))):
        if len(row) > 1:
            frame.ask("cell", row[1], "Who wrote the commit '{s}'?", "Who is the author of '{s}'?", "Author of {s}?",
                      "Who made '{s}'?",
                      "By whom is the commit '{s}'?", "Who committed '{s}'?", "Whose commit is '{s}'?",
                      "Which author has the commit '{s}'?", s=row[0])  # fmt: skip
    frame.ask("value", shown[0][0], "What is the newest commit?", "What is the latest commit?",
              "Which commit is at the top?",
              "What is the last thing that was committed?", "Newest commit?", "Which commit is the most recent?",
              "Read the topmost commit.", "What does the newest commit say?")  # fmt: skip
    if len(shown) == len(rows):
        frame.ask("value", shown[-1][0], "What is the oldest commit?", "Which is the oldest commit?",
                  "Which commit is at the bottom?",
                  "Oldest commit?", "What did they commit first of all?", "Read the commit at the bottom.",
                  "With which commit did it begin?",
                  "Which commit is the earliest?")  # fmt: skip
    frame.top, frame.bottom = frame.bottom, bottom
    frame.sketch.draw.line((frame.left, frame.top, frame.right, frame.top), frame.line)
    _commit(frame, shown[chosen])
    return frame.done("history", f"with {len(shown)} commits; selected is: {shown[chosen][0]}")


def _dates(rng: Random, count: int) -> list[str]:
    """So many dates, the newest first, in one form."""
    day, form, timed = (
        date(rng.randint(1999, 2030), rng.randint(1, 12), rng.randint(1, 28)),
        rng.choice(_DATES),
        rng.random() < 0.5,
    )
    found = []
    for _ in range(count):
        found.append(day.strftime(form) + (f" {rng.randint(0, 23):02}:{rng.randint(0, 59):02}" if timed else ""))
        day -= timedelta(days=rng.randint(1, 40))
    return found


def _commit(frame: Frame, row: list[str]) -> None:
    """What is known about the selected commit, the files it changed and what it changed in one."""
    rng, writer = frame.rng, frame.writer
    code = "".join(rng.choices("0123456789abcdef", k=rng.choice((7, 7, 8, 10, 12))))
    files = sorted({str(writer.file()) for _ in range(rng.choice((1, 1, 2, 3)))})
    frame.panel(files, "file", "changed files", heading=rng.choice(("Files", "Changed files", "Patch", "Tree")),
                right=rng.random() < 0.6,
                share=0.2, where="")  # fmt: skip
    head = [f"{rng.choice(('SHA1', 'Commit', 'commit'))}: {code}", *([f"Author: {row[1]}"] if len(row) > 1 else [])]
    pitch = frame.mono.line * 1.2
    for line in head:
        if frame.top + pitch < frame.bottom and frame.mono.width(line) < frame.wide - frame.gap:
            frame.put(frame.left + frame.gap, frame.top, line, frame.mono, None, pitch)
            if line == head[0]:
                frame.ask("value", code, "What is the id of the selected commit?",
                          "Which hash has the selected commit?", "Commit id?",
                          "What is the SHA1 of the commit?", "Read the hash of the commit.",
                          "Hash of the selected commit?",
                          "Which commit id is shown?", "What is the commit's hash?")  # fmt: skip
            frame.top += pitch
    if len(files) == 1:
        frame.ask("value", files[0], "Which file did the selected commit change?", "Which file was changed?",
                  "What file does it change?",
                  "Changed file?", "In which file is the change?", "Which file does the commit touch?",
                  "What is the changed file called?",
                  "Which file is in the commit?")  # fmt: skip
    draw_change(frame, frame.bottom)


def draw_change(frame: Frame, bottom: float) -> None:
    """Lines of a change: one removed, one added, others as they were."""
    rng, writer, pitch = frame.rng, frame.writer, frame.mono.line * frame.rng.uniform(1.1, 1.3)

    def code() -> str:
        return writer.fill(rng.choice(("    {noun} = {number}", "    return {noun}({number})", "{noun}: {word}",
                                       "    {verb}({noun}, {number})",
                                       "import {noun}", "  {noun}.{verb}();", "# {words}",
                                       "{noun} = \"{word}\"")))  # fmt: skip

    removed, added = code(), code()
    if removed == added:
        return
    changed = [("-" + removed, (200, 40, 40)), ("+" + added, (20, 140, 40))]
    if rng.random() < 0.4:
        changed = changed[1:]
    lines = [(f"@@ -{rng.randint(1, 90)},{rng.randint(2, 9)} +{rng.randint(1, 90)},{rng.randint(2, 9)} @@",
              (70, 110, 200)),
             *((" " + code(), frame.ink) for _ in range(rng.randint(1, 3))), *changed,
             *((" " + code(), frame.ink) for _ in range(rng.randint(0, 3)))]  # fmt: skip
    shown = []
    dark = sum(frame.ground) < 380
    for text, colour in lines:
        if frame.top + pitch > bottom or frame.mono.width(text) > frame.wide - frame.gap:
            return
        ink = mixed(colour, (255, 255, 255), 0.6) if dark else colour
        if text[0] in "+-" and rng.random() < 0.5:
            frame.fill((frame.left, frame.top, frame.right, frame.top + pitch), mixed(colour, frame.ground, 0.15))
        frame.put(frame.left + frame.gap, frame.top, text, frame.mono, ink, pitch)
        frame.top += pitch
        shown.append(text)
    if "+" + added in shown:
        frame.ask("line", added.strip(), "Which line was added?", "What was added?", "Read the added line.",
                  "What does the added line say?",
                  "Added line?", "Which line is new?", "What is the green line?", "Read the line that was added.",
                  "What stands in the line with a plus?")  # fmt: skip
    if "-" + removed in shown:
        frame.ask("line", removed.strip(), "Which line was removed?", "What was removed?", "Read the removed line.",
                  "Removed line?",
                  "What does the removed line say?", "Which line was deleted?", "What is the red line?",
                  "What stands in the line with a minus?")  # fmt: skip


def draw_commit_window(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """Changed files at the left, a change above, a message below with buttons beside it."""
    frame = Frame(rng, writer, style, width, height, rng.choice(("version control program", "commit window")))
    project, branch = str(writer.slot("noun")), rng.choice(("main", "master", "develop", str(writer.slot("noun"))))
    frame.title(f"{project}", "repository")
    frame.menus(
        names=rng.sample(
            ("Repository", "Edit", "Branch", "Commit", "Merge", "Remote", "Tools", "Help"), rng.randint(4, 7)
        )
    )
    top, _ = frame.strip(frame.pen.line * 1.4)
    frame.put(frame.gap, top, rng.choice((f"Current Branch: {branch}", f"Branch: {branch}", f"On branch {branch}")),
              None, frame.bar_ink,
              frame.pen.line * 1.4)  # fmt: skip
    frame.ask("value", branch, "Which branch is it?", "What branch is checked out?", "Current branch?",
              "On which branch am I?",
              "What is the current branch?", "Which branch is open?", "Name of the branch?",
              "Which branch is checked out?")  # fmt: skip
    files = sorted({str(writer.file()) for _ in range(rng.randint(1, 6))})
    chosen = rng.choice(files)
    frame.panel(
        files,
        "file",
        "files",
        heading=rng.choice(("Unstaged Changes", "Changes", "Staged Changes", "Changed")),
        selected=chosen,
    )
    high = (frame.bottom - frame.top) * 0.35
    _message(frame, high)
    frame.put(
        frame.left + frame.gap,
        frame.top,
        rng.choice((f"File: {chosen}", f"Modified: {chosen}", chosen)),
        None,
        None,
        frame.pen.line * 1.4,
    )
    frame.top += frame.pen.line * 1.5
    draw_change(frame, frame.bottom)
    return frame.done("commit_window", f"on the branch {branch} with {len(files)} changed files.")


def _message(frame: Frame, high: float) -> None:
    """A field with a commit message and buttons beside it."""
    rng, writer, theme = frame.rng, frame.writer, frame.style.theme
    frame.bottom -= high
    top = frame.bottom
    frame.fill((frame.left, top, frame.right, top + high), frame.bar_ground)
    frame.put(frame.left + frame.gap, top, rng.choice(("Commit Message", "Initial Commit Message:", "Message",
                                                       "Description")), None,
              frame.bar_ink, frame.pen.line * 1.4)  # fmt: skip
    names = rng.sample(_BUTTONS, rng.randint(2, 5))
    step = frame.pen.line * 1.9
    names = names[: max(1, int((high - frame.pen.line * 1.6) / step))]
    wide = max(map(frame.pen.width, names)) + frame.style.px(26)
    at_left = rng.random() < 0.6
    x = frame.left + frame.gap if at_left else frame.right - wide - frame.gap
    y = top + frame.pen.line * 1.6
    for name in names:
        frame.button(x, y, name)
        y += step
    frame.ask_names(names, "button", "buttons", rng.choice((" beside the message", " beside the commit message",
                                                            " next to the text")),
                    kind="buttons")  # fmt: skip
    box = (x + wide + frame.gap if at_left else frame.left + frame.gap, top + frame.pen.line * 1.6,
           frame.right - frame.gap if at_left else x - frame.gap, top + high - frame.gap)  # fmt: skip
    frame.sketch.panel(box, theme.field, theme, sunken=True)
    text = subject_line(rng, writer)
    if rng.random() < 0.6 and frame.pen.width(text) + 2 * frame.gap < box[2] - box[0]:
        frame.put(box[0] + frame.gap, box[1] + 2, text, None, theme.field_ink, frame.pen.line * 1.3)
        frame.ask("value", text, "What is the commit message?", "Read the commit message.",
                  "What was typed as the message?",
                  "What does the message field say?", "Commit message?", "Which message was entered?",
                  "What stands in the message field?",
                  "What will the commit say?")  # fmt: skip
