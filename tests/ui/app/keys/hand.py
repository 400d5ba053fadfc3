"""A hand at keyboard and mouse of a real screen, with eyes: what `scripted_window` tells is on it."""

from __future__ import annotations

import base64
import io
import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from PIL import Image
from Xlib.display import Display

from desktop_vlm.settings import SettingsStore
from desktop_vlm.system.paths import Paths
from tools.screen import ROOT, Screen, wait_for

QUIET = {"text": {"read_images": False, "check_answers": False}, "answers": {}}
"""No reader of text is started: these tests are about keys."""

TITLE = "Desktop VLM"

Thing = dict[str, Any]


class Hand:
    """The program on its screen, and a person at it.

    Every action waits until what it is about can be seen, and stays where it is; nothing waits for a time.
    """

    def __init__(self, display: Screen, home: Path, *, size: tuple[int, int] | None = None, **settings: Any) -> None:
        self.screen = display
        self.home = home
        self.paths = Paths.under(home)
        store = SettingsStore(self.paths.settings_file)
        for section, values in {**QUIET, **settings}.items():
            if values:
                store.update(section, **values)
        self._clicked = (0, 0)
        self._source: subprocess.Popen[str] | None = None
        self.start()
        if size is not None:
            self.resize(*size)

    def start(self) -> None:
        """Start the program and wait for its window."""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.ui.app.keys.scripted_window"],
            env={**self.screen.environment, "DESKTOP_VLM_HOME": str(self.home)},
            cwd=ROOT,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        try:
            self.window = self.screen.window(TITLE)
        except AssertionError:
            with self.process:  # whose pipes are closed, and which is waited for
                self.process.kill()
            raise
        self.screen.activate(self.window)
        self.until(lambda: self.sees()["active"] == TITLE, "the window in front")

    def begin_again(self) -> None:
        """Whatever is open is closed, and a new conversation begun; a program that ended is started again."""
        if self.process.poll() is not None:
            self.start()
        while self._is_covered():
            self.key("Escape")
        self.until(self._is_idle, "the end of all questions")
        self.tell(replies="The answer.")
        self.screen.activate(self.window)
        self.key("ctrl+n")
        self.until(lambda: self.sees()["title"] == TITLE, "a new conversation")
        if self.field:
            self.key("ctrl+l", "ctrl+a", "BackSpace")
        if len(self.pictures()) > 1:
            self.click("Clear all pictures")
        elif self.pictures():
            self.remove_picture(self.pictures()[0])
        self.until_pictures()
        self.field_is("")

    def _is_covered(self) -> bool:
        shown = self.sees()
        covers = {"Overlay", "PictureEditor", "PictureViewer"}
        return (
            shown["popup"] or shown["modal"] or any(one["kind"] in covers and one["place"] for one in shown["things"])
        )

    def _is_idle(self) -> bool:
        self.tell(end=True)
        return not any("answering" in row or "in the queue" in row for row in self.rows())

    # What the program tells

    def tell(self, **request: Any) -> Any:
        """One line to the door of the program; returns its answer."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        assert line, "the program ended"
        return json.loads(line)

    def sees(self) -> Any:
        return self.tell(see=True)

    def asked(self) -> list[dict[str, Any]]:
        """What the engine was asked so far."""
        found: list[dict[str, Any]] = self.tell(asked=True)
        return found

    def sent(self) -> list[Image.Image]:
        """The images of the last question, as the engine got them."""
        return [Image.open(io.BytesIO(base64.b64decode(data))).convert("RGB") for data in self.tell(sent=True)]

    def until(self, what: Callable[[], Any], name: str, timeout_s: float = 20) -> Any:
        """Wait for a fact; one that does not come says what is on the screen."""
        try:
            return wait_for(what, name, timeout_s)
        except AssertionError as error:
            self.look(name)
            shown = self.sees()
            there = [repr(one["name"]) for one in shown["things"] if one["place"] and one["name"] != one["kind"]]
            raise AssertionError(f"{error}; focus: {shown['focus']!r}; there is: {', '.join(there)}") from None

    def things(self, name: str = "", kind: str = "", window: str = "") -> list[Thing]:
        """What is in sight with that name, in this order: exactly it, then what begins so, then what has it within."""
        found = [
            one
            for one in self.sees()["things"]
            if one["place"]
            and name in one["name"]
            and (not kind or one["kind"] == kind)
            and (not window or window in one["window"])
        ]
        return sorted(found, key=lambda one: (one["name"] != name, not one["name"].startswith(name)))

    def thing(self, name: str = "", kind: str = "", window: str = "") -> Thing:
        """The first such thing, once it is in sight."""
        what = " ".join(filter(None, (kind, repr(name), window)))
        found: Thing = self.until(lambda: self.things(name, kind, window), what)[0]
        return found

    def settled(self, name: str = "", kind: str = "", window: str = "") -> Thing:
        """The same, once it stays where it is from one look to the next."""
        before: list[Any] = [None]

        def stays() -> Thing | None:
            now = self.thing(name, kind, window)
            was, before[0] = before[0], now["place"]
            return now if was == now["place"] else None

        found: Thing = self.until(stays, f"{name!r} that stays where it is")
        return found

    def pictures(self) -> list[str]:
        """What is said of the images in the composer, in their order."""
        found = [one for one in self.things("Picture ", "Thumbnail") if one["place"][1] > self._composer_top()]
        return [one["name"] for one in sorted(found, key=lambda one: (one["place"][1], one["place"][0]))]

    def _composer_top(self) -> int:
        return int(self.thing(kind="Composer")["place"][1])

    def until_pictures(self, *names: str) -> None:
        """Wait until the composer has just these images."""

        def fits() -> bool:
            shown = self.pictures()
            return len(shown) == len(names) and all(n in s for n, s in zip(names, shown, strict=True))

        self.until(fits, f"the images {names}")

    def remove_picture(self, name: str) -> None:
        """Show the cross of an image in the composer with the mouse, and click it."""
        place = self.at(self.settled(name, "Thumbnail"))
        self.screen.run("xdotool", "mousemove", *map(str, place))
        self.click("Remove picture")

    def is_gone(self, name: str = "", kind: str = "", window: str = "") -> None:
        """Wait until nothing of that is in sight."""
        self.until(lambda: not self.things(name, kind, window), f"the end of {kind} {name!r}")

    def has_focus(self, name: str) -> None:
        self.until(lambda: name in self.sees()["focus"], f"the focus in {name!r}")

    @property
    def field(self) -> str:
        """What is written in the composer."""
        return str(self.thing(kind="QuestionField")["text"])

    def field_is(self, text: str) -> None:
        self.until(lambda: self.field == text, f"{text!r} in the composer")

    def rows(self) -> list[str]:
        """The rows of the list of conversations."""
        return [one["name"] for one in self.sees()["things"] if one["kind"] == "row" and one["window"].endswith(TITLE)]

    # Keys

    def key(self, *keys: str) -> None:
        self._until_heard()
        self.screen.key(*keys)

    def type(self, text: str) -> None:
        self._until_heard()
        self.screen.type(text)

    def _until_heard(self) -> None:
        """A dialog is seen before the window manager gives it the keyboard; keys before that are for nobody."""
        self.until(lambda: self.sees()["is_heard"], "the keyboard in the dialog")

    def ask(self, question: str) -> None:
        """Write a question into the composer and send it."""
        self.key("ctrl+l")
        self.type(question)
        self.field_is(question)
        self.key("Return")
        self.field_is("")

    def ask_and_hear(self, question: str, answer: str = "The answer.") -> None:
        """Ask, and wait until that is the whole answer."""
        self.tell(replies=answer)
        before = len(self.asked())
        self.ask(question)
        self.until(lambda: len(self.asked()) > before and self.tell(running=True) == "", f"the answer to {question!r}")

    def save_as(self, file: Path) -> None:
        """Name the file in the dialog that asks for one, and wait until it is written."""
        title = self.thing(kind="QFileDialog")["window"]
        self.until(lambda: self.sees()["active"] == title, "the dialog in front")
        self.key("ctrl+a")
        self.type(str(file))
        self.thing(str(file), window=title)
        self.key("Return")
        try:
            self.until(lambda: not self.things(kind="QFileDialog"), "the end of the dialog", 5)
        except AssertionError:  # the key was for the list of names that Qt had just opened below
            self.key("Return")
            self.is_gone(kind="QFileDialog")
        self.until(file.exists, f"the file {file.name}")

    def in_front(self, title: str) -> None:
        """Wait until a window with that in its title has the keyboard."""
        self.until(lambda: title in self.sees()["active"], f"{title} in front")

    def until_asked(self, question: str) -> dict[str, Any]:
        """Wait until the engine has answered that last; returns what it was asked."""

        def last() -> dict[str, Any] | None:
            asked = self.asked()[-1:]
            return asked[0] if asked and question in asked[0]["text"] and self.tell(running=True) == "" else None

        found: dict[str, Any] = self.until(last, f"the answer to {question!r}")
        return found

    def paste_image(self, file: Path) -> None:
        """Put an image into the clipboard, as another program does, and paste it."""
        with file.open("rb") as data:
            subprocess.run(
                ["xclip", "-selection", "clipboard", "-t", "image/png", "-i"],
                env=self.screen.environment,
                stdin=data,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=True,
            )
        self.key("ctrl+v")

    # Mouse

    def at(self, thing: Thing, across: float = 0.5, down: float = 0.5) -> tuple[int, int]:
        """A place within a thing, on the screen."""
        x, y, width, height = thing["place"]
        return round(x + across * (width - 1)), round(y + down * (height - 1))

    def click(
        self, name: str = "", kind: str = "", window: str = "", *, button: int = 1, times: int = 1, held: str = ""
    ) -> None:
        """Click the middle of a thing; with a key held."""
        place = self.at(self.settled(name, kind, window))
        self.click_at(place, button=button, times=times, held=held)

    def click_at(self, place: tuple[int, int], *, button: int = 1, times: int = 1, held: str = "") -> None:
        if place == self._clicked:  # twice at one place, quickly, would be a double click
            place = place[0] - 9, place[1]
        self._clicked = place
        x, y = map(str, place)
        press = ["click", "--repeat", str(times), "--delay", "60", str(button)]
        before, after = (["keydown", held], ["keyup", held]) if held else ([], [])
        self.screen.run("xdotool", "mousemove", x, y, *before, *press, *after)

    def pop_up(self, thing: Callable[[], Thing]) -> None:
        """Click a thing that opens a menu, or the like. Once more where none is there: a window manager that is late
        with the focus of the window closes what popped up before.
        """
        for _ in range(2):
            self.click_at(self.at(thing()))
            try:
                self.until(lambda: self.sees()["popup"], f"a menu of {thing()['name']!r}", 5)
            except AssertionError:
                continue
            return
        raise AssertionError(f"no menu of {thing()['name']!r}")

    def drag(self, *places: tuple[int, int], held: str = "") -> None:
        """Press at the first place, go through all of them, and let go at the last."""
        before, after = (["keydown", held], ["keyup", held]) if held else ([], [])
        (x, y), *rest = places
        steps = []
        last = (x, y)
        for place in rest:  # a drag begins only with a mouse that was seen to move
            for part in (0.1, 0.5, 1.0):
                middle = [round(a + part * (b - a)) for a, b in zip(last, place, strict=True)]
                steps += ["mousemove", *map(str, middle), "sleep", "0.05"]
            last = place
        self.screen.run("xdotool", "mousemove", str(x), str(y), *before, "mousedown", "1", "sleep", "0.05", *steps)
        self.screen.run("xdotool", "mouseup", "1", *after)

    def menu(self, name: str, *entries: str, kind: str = "") -> None:
        """Open the context menu of a thing and choose an entry, through submenus."""
        self.click(name, kind, button=3)
        for entry in entries:
            self.choose(entry)

    def choose(self, entry: str) -> None:
        """An entry of the open menu, by its place."""
        self.until(lambda: [one for one in self.things(entry, "row") if one["enabled"]], f"the entry {entry!r}")
        self.click(entry, "row")

    def resize(self, width: int, height: int) -> None:
        self.screen.run("xdotool", "windowsize", "--sync", self.window, str(width), str(height))

    def drop(self, onto: Thing, *files: Path) -> None:
        """Drag files from another program's window onto a thing."""
        if self._source is None:
            self._source = subprocess.Popen(
                [sys.executable, "-m", "tests.ui.drag_source"],
                env=self.screen.environment,
                cwd=ROOT,
                text=True,
                stdin=subprocess.PIPE,
            )
            self.screen.window("drag source")
        assert self._source.stdin is not None
        self._source.stdin.write(json.dumps([str(file) for file in files]) + "\n")
        self._source.stdin.flush()
        end = self.at(onto)
        self.drag((20, 15), (40, 25), (end[0] - 20, end[1] - 10), end)

    # Other programs

    def paint_screen(self, color: tuple[int, int, int]) -> None:
        """What lies behind all windows has this colour now."""
        with closing(Display(self.screen.environment["DISPLAY"])) as display:
            root = display.screen().root
            red, green, blue = color
            root.change_attributes(background_pixel=red << 16 | green << 8 | blue)
            root.clear_area()
            display.sync()

    # What is kept

    def written(self, query: str) -> list[tuple[Any, ...]]:
        """The rows of a query on a copy of the history, since the program locks its own."""
        file = self.paths.history_file
        copy = self.home / "copy" / file.name
        copy.parent.mkdir(exist_ok=True)
        for suffix in ("", "-wal"):
            if (part := file.with_name(file.name + suffix)).exists():
                shutil.copyfile(part, copy.with_name(part.name))
        with closing(sqlite3.connect(copy)) as database:
            try:
                return database.execute(query).fetchall()
            except sqlite3.DatabaseError:
                return []  # copied while it was being written

    def until_written(self, query: str, expected: Any) -> None:
        """Wait until a query's first value is that."""
        self.until(lambda: [row[0] for row in self.written(query)][:1] == [expected], query)

    # The end

    def look(self, name: str) -> None:
        """Keep the screen, where somebody wants to see it."""
        if folder := os.environ.get("HAND_SHOTS"):
            kept = "".join(letter if letter.isalnum() else "-" for letter in name)[:60]
            self.screen.picture(Path(folder) / f"{time.monotonic():.1f}-{kept}.png")

    def kill(self) -> None:
        """End the program as a crash does."""
        _end(self.process)

    def close(self) -> None:
        """End the program politely, and the one from which files were dragged."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.kill()
        for program in filter(None, (self.process, self._source)):
            _end(program)


def _end(program: subprocess.Popen[str]) -> None:
    if program.poll() is None:
        program.kill()
        program.wait(10)
    for stream in filter(None, (program.stdin, program.stdout)):
        stream.close()
