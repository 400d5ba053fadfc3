"""The whole program on a screen: real windows, a real engine, mouse and keys from outside.

The model is the demo where its answers are looked at or have to be long. Elsewhere it is a tiny one: the demo's vision
encoder computes for seconds, whatever the size of the image.
"""

from __future__ import annotations

import io
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from desktop_vlm.api.errors import UserError
from desktop_vlm.convert import ModelFiles
from desktop_vlm.history.records import Message, MessageState
from desktop_vlm.history.store import History
from desktop_vlm.images.text_layer.engine import is_installed
from desktop_vlm.models.demo import demo_model, demo_screenshot
from desktop_vlm.system.paths import Paths
from tools.processes import is_running
from tools.screen import ROOT, Screen, screen, wait_for

READING = '[sampling]\npreset = "precise"\n[model]\nn_threads = 1\n'
"""With it the demo's answers are always the same; drawn at random, one to "Say yes." can take a minute. One thread
computes: two wait for each other, and where other tests run beside, most of the time.
"""

UNREAD = "[text]\nread_images = false\ncheck_answers = false\n"
PRECISE = READING + UNREAD
"""The same where nothing is about text in images: no reader of it is started."""

TINY = PRECISE.replace("[model]\n", "[answers]\nmax_tokens = 16\n[model]\nn_ctx = 512\ntext = '{}'\nmmproj = '{}'\n")
"""The same with a tiny model, whose answers mean nothing and are cut at 16 tokens."""

LATEST_ANSWER = "SELECT {} FROM messages WHERE role = 'assistant' ORDER BY id DESC LIMIT 1"


def has_demo() -> bool:
    try:
        demo_model()
    except UserError:
        return False
    return demo_screenshot() is not None


pytestmark = pytest.mark.skipif(not has_demo(), reason="the demo model is not installed")


@pytest.fixture
def display() -> Iterator[Screen]:
    """A screen for each test: a program that a failed test leaves behind would be asked by the next one."""
    with screen() as made:
        yield made


@pytest.fixture
def tiny(model_files: Callable[..., ModelFiles]) -> str:
    """The settings with a tiny model."""
    files = model_files("alpha")
    return TINY.format(files.text, files.mmproj)


class Program:
    """The running program.

    Attributes:
        process: of the window.
        window: its id on the screen.
    """

    def __init__(self, display: Screen, home: Path, *files: str, scale: str = "1", settings: str = PRECISE) -> None:
        self.screen = display
        self.home = home
        self.paths = Paths.under(home)
        self.paths.settings_file.parent.mkdir(parents=True, exist_ok=True)
        self.paths.settings_file.write_text(settings, encoding="utf-8")
        self.process = display.start(
            ["-m", "desktop_vlm", "window", *files], DESKTOP_VLM_HOME=str(home), QT_SCALE_FACTOR=scale
        )
        self.window = display.window("Desktop VLM")
        display.activate(self.window)

    def command(self, *arguments: str) -> None:
        """Start the program again with arguments, until the window has the time to hear it: it is given two seconds."""
        words = ["-m", "desktop_vlm", *arguments]
        wait_for(lambda: self.screen.start(words, DESKTOP_VLM_HOME=str(self.home)).wait(60) == 0, f"{arguments} heard")

    def engine_pid(self) -> int:
        """The process of the engine, once it runs."""

        def find() -> str:
            command = ["pgrep", "-P", str(self.process.pid), "-f", "desktop_vlm.service.worker"]
            return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()

        return int(wait_for(find, "the engine's process").split()[0])

    def ask(self, question: str) -> None:
        self.screen.key("ctrl+l")
        self.screen.type(question)
        self.screen.key("Return")

    def answer(self) -> str:
        """The answer, once it is complete."""
        self.wait_for_written(LATEST_ANSWER.format("state"), "complete", 180)

        def copied() -> str:
            self.screen.clear_clipboard()
            self.screen.key("ctrl+shift+c")
            return self.screen.clipboard()

        return wait_for(copied, "the answer in the clipboard", longest_pause_s=0.6)  # each try starts three programs

    def wait_for_written(self, query: str, expected: str = "", timeout_s: float = 60) -> None:
        """Wait until a query of the database gives that, or anything; on a copy, since the program locks its own."""
        file = self.paths.history_file
        copy = self.home / "copy" / file.name
        copy.parent.mkdir(exist_ok=True)

        def is_written() -> bool:
            for suffix in ("", "-wal"):
                if (part := file.with_name(file.name + suffix)).exists():
                    shutil.copyfile(part, copy.with_name(part.name))
            with closing(sqlite3.connect(copy)) as database:
                try:
                    (found,) = database.execute(query).fetchone() or ("",)
                except sqlite3.DatabaseError:
                    return False  # copied while it was being written
            return bool(found == expected if expected else found)

        wait_for(is_written, f"{query!r} = {expected!r}", timeout_s)

    def wait_for_answering(self) -> None:
        """Wait until the latest answer has begun."""
        self.wait_for_written(LATEST_ANSWER.format("text"))

    def opens_a_window(self, action: Callable[[], object]) -> None:
        """Do something, and wait until the program shows one more window: a menu, or the overlay."""
        before = self.screen.windows_of(self.process)
        action()
        wait_for(lambda: self.screen.windows_of(self.process) - before, "another window")
        self.screen.run("sleep", "0.3")  # it is painted, and has the keys

    def quit(self) -> None:
        """Close the window as the window manager does, and wait for the program's end."""
        self.screen.run("xdotool", "windowclose", self.window)
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def messages(self) -> list[Message]:
        """The latest conversation, read from the database after the program's end."""
        with History(self.paths.history_file) as history:
            return history.thread(history.conversations()[0].id)


def test_two_files_dragged_from_another_program_are_asked_about(display: Screen, tmp_path: Path, tiny: str) -> None:
    shot = demo_screenshot()
    assert shot is not None
    other = ROOT / "training" / "real_programs"
    second = min(other.glob("*.png"))
    program = Program(display, tmp_path, settings=tiny)
    source = display.start(["-m", "tests.ui.drag_source", str(shot), str(second)])
    display.window("drag source")
    display.run("xdotool", "mousemove", "60", "30", "mousedown", "1", "sleep", "0.2")
    for x, y in ((70, 40), (300, 200), (640, 380), (650, 390), (655, 395)):
        display.run("xdotool", "mousemove", "--sync", str(x), str(y), "sleep", "0.15")
    display.run("xdotool", "mouseup", "1")
    source.wait(60)

    display.activate(program.window)
    program.ask("Which buttons are in picture 1?")
    program.wait_for_written(LATEST_ANSWER.format("state"), "cut")
    program.quit()

    question, answer = program.messages()
    assert [picture.name for picture in question.pictures] == [shot.name, second.name]
    assert answer.state is MessageState.CUT
    assert answer.details["composite"]["pictures"] == 2


def test_an_engine_killed_in_mid_answer_costs_only_that_answer(display: Screen, tmp_path: Path) -> None:
    program = Program(display, tmp_path)
    engine = program.engine_pid()
    program.ask("Write a long story about a fox.")
    program.wait_for_answering()
    os.kill(engine, signal.SIGKILL)
    wait_for(lambda: not is_running(engine), "the engine's end")
    program.wait_for_written(LATEST_ANSWER.format("state"), "failed")

    assert program.process.poll() is None
    display.key("ctrl+n")
    program.ask("Say yes.")
    text = program.answer()
    program.quit()

    assert [message.text for message in program.messages()] == ["Say yes.", text]
    with History(program.paths.history_file) as history:
        _, story = history.thread(history.conversations()[1].id)
    assert story.state is MessageState.FAILED
    assert "it was killed (signal 9)" in story.error


def test_what_was_acknowledged_survives_a_killed_window_and_no_engine_stays(display: Screen, tmp_path: Path) -> None:
    shot = demo_screenshot()
    program = Program(display, tmp_path, str(shot))
    program.ask("Which buttons are there?")
    assert program.answer() == "No, Yes"
    display.key("ctrl+n")
    program.ask("Write a long story about a fox.")
    engine = program.engine_pid()
    program.wait_for_answering()
    display.type("And a short one.")
    display.key("Return")
    display.key("ctrl+k", "Tab")
    display.type("Half a")  # with the focus in the list
    program.wait_for_written("SELECT text FROM drafts WHERE text != ''", "Half a")
    program.process.kill()
    program.process.wait(60)
    wait_for(lambda: not is_running(engine), "the engine's end")

    again = Program(display, tmp_path)
    again.engine_pid()
    again.quit()
    story, answer, short, queued = again.messages()
    assert (story.text, answer.state) == ("Write a long story about a fox.", MessageState.STOPPED)
    assert (short.text, queued.state) == ("And a short one.", MessageState.QUEUED)
    with History(again.paths.history_file) as history:
        assert history.drafts.load(story.conversation_id).text == "Half a"
        first = history.thread(history.conversations()[1].id)
        assert [message.text for message in first] == ["Which buttons are there?", "No, Yes"]
        assert shot is not None
        assert history.picture(first[0].pictures[0].sha256) == shot.read_bytes()


def test_the_hotkey_brings_exactly_the_selected_pixels_into_the_question(
    display: Screen, tmp_path: Path, tiny: str
) -> None:
    settings = tiny + '[desktop]\ncapture_into = "current"\n'
    program = Program(display, tmp_path, scale="2", settings=settings)
    program.engine_pid()  # by then the keys are taken
    pattern = display.start(["-m", "tests.ui.pattern_window"])
    display.window("pattern")
    reference = tmp_path / "screen.png"
    display.picture(reference)

    program.opens_a_window(lambda: display.key("ctrl+shift+space"))
    display.run("xdotool", "mousemove", "40", "30", "mousedown", "1", "sleep", "0.2")
    for x, y in ((60, 50), (150, 90), (239, 129)):
        display.run("xdotool", "mousemove", "--sync", str(x), str(y), "sleep", "0.1")
    display.run("xdotool", "mouseup", "1")
    program.wait_for_written("SELECT count(*) FROM pictures")
    pattern.kill()
    pattern.wait()
    program.ask("What is this?")
    program.wait_for_written("SELECT count(*) FROM message_pictures")  # what it is, is asked elsewhere
    program.quit()

    picture = program.messages()[0].pictures[0]
    with History(program.paths.history_file) as history:
        taken = Image.open(io.BytesIO(history.picture(picture.sha256))).convert("RGB")
    requested = Image.open(reference).convert("RGB").crop((40, 30, 240, 130))
    assert taken.size == (200, 100)
    assert taken.tobytes() == requested.tobytes()


@pytest.mark.skipif(not is_installed(), reason="the extra `text` is not installed")
def test_the_text_of_a_part_of_the_screen_is_copied_by_a_key_and_nothing_of_it_is_kept(
    display: Screen, tmp_path: Path, tiny: str
) -> None:
    program = Program(display, tmp_path, settings=tiny.replace(UNREAD, ""))
    program.engine_pid()  # by then the keys are taken
    letter = display.start(["-m", "tests.ui.text_window", "The invoice is 12.50 EUR"])
    display.activate(display.window("letter"))
    display.clear_clipboard()

    program.opens_a_window(lambda: display.key("super+shift+t"))
    display.run("xdotool", "mousemove", "0", "20", "mousedown", "1", "sleep", "0.2")
    for x, y in ((200, 60), (490, 170), (499, 179)):
        display.run("xdotool", "mousemove", "--sync", str(x), str(y), "sleep", "0.1")
    display.run("xdotool", "mouseup", "1")
    copied = wait_for(display.clipboard, "the text", 60)
    in_front = display.run("xdotool", "getactivewindow", "getwindowname").strip()
    letter.kill()
    letter.wait()
    program.quit()

    assert copied == "The invoice is 12.50 EUR"
    assert in_front == "letter"
    with History(program.paths.history_file) as history:
        assert history.conversations() == []


def test_a_second_start_hands_its_request_over_and_the_window_has_no_llama_cpp_and_no_socket(
    display: Screen, tmp_path: Path, tiny: str
) -> None:
    shot = demo_screenshot()
    assert shot is not None
    program = Program(display, tmp_path, settings=tiny)
    engine = program.engine_pid()

    program.command("--ask", "Which buttons are there?", str(shot))
    program.wait_for_written(LATEST_ANSWER.format("state"), "cut")
    loaded = Path(f"/proc/{program.process.pid}/maps").read_text(encoding="utf-8")
    sockets = subprocess.run(["ss", "-ltnup"], capture_output=True, text=True, check=False).stdout
    program.command("--quit")
    assert program.process.wait(60) == 0

    question, answer = program.messages()
    assert (question.text, answer.state) == ("Which buttons are there?", MessageState.CUT)
    assert answer.details["usage"]["generated_tokens"] == 16
    with History(program.paths.history_file) as history:
        assert [history.picture(one.sha256) for one in question.pictures] == [shot.read_bytes()]
    assert "libQt6Core" in loaded
    assert "libllama" not in loaded
    assert "libggml" not in loaded
    assert f"pid={program.process.pid}," not in sockets
    assert f"pid={engine}," not in sockets


def test_without_a_screen_there_is_one_plain_sentence(tmp_path: Path) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in {"DISPLAY", "WAYLAND_DISPLAY"}}
    environment.pop("QT_QPA_PLATFORM", None)
    done = subprocess.run(
        [sys.executable, "-m", "desktop_vlm"],
        env={**environment, "DESKTOP_VLM_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 2
    assert done.stderr == (
        "desktop-vlm: There is no screen to show the window on; use `desktop-vlm ask` on the terminal.\n"
    )


def test_a_conversation_is_clicked_with_the_right_button_again_and_again(
    display: Screen, tmp_path: Path, tiny: str
) -> None:
    paths = Paths.under(tmp_path)
    paths.history_file.parent.mkdir(parents=True)
    with History(paths.history_file) as history:
        history.add_message(history.create_conversation("The first one"), None, "user", "Hello")
    program = Program(display, tmp_path, settings=tiny)
    program.engine_pid()
    left, top = (
        int(line.split("=")[1])
        for line in display.run("xdotool", "getwindowgeometry", "--shell", program.window).splitlines()
        if line[0] in "XY"
    )
    display.wait_for_paint(left + 16, top + 108, 160, 24)  # the conversation's row: the window comes before its list
    own = display.windows_of(program.process)
    for key in ("Escape", "Escape", "Down"):
        place = (str(left + 70), str(top + 120))
        program.opens_a_window(partial(display.run, "xdotool", "mousemove", *place, "click", "3"))
        assert program.process.poll() is None
        display.key(key)
        if key == "Escape":  # a click beside a menu that is still there only closes it
            wait_for(lambda: display.windows_of(program.process) == own, "the menu's end")
    display.key("Down", "Return")  # the second entry: pin it
    program.wait_for_written("SELECT pinned FROM conversations")
    program.quit()

    with History(paths.history_file) as history:
        assert [one.pinned for one in history.conversations()] == [True]
