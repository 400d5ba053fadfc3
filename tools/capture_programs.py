"""Screenshots of real programs, with questions, for the demo model's evaluation. Nothing is trained on them.

Needs Debian's packages xvfb, x11-utils, x11-apps, xterm, zenity, imagemagick, xdotool and a running X server in
DISPLAY; captures the scenes that are named, or all:

    xvfb-run -a -s "-screen 0 1024x768x24" python -m tools.capture_programs [NAME ...]
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops

FOLDER = Path(__file__).parent.parent / "training" / "real_programs"


@dataclass(frozen=True)
class Scene:
    """A program to start, and what can be asked about its window.

    Attributes:
        size: which the window is given, px; None leaves it as it is.
        wait_s: until it has drawn everything.
    """

    name: str
    command: tuple[str, ...]
    questions: tuple[tuple[str, str], ...]
    size: tuple[int, int] | None = None
    wait_s: float = 3


def xmessage(name: str, text: str, buttons: str, *questions: tuple[str, str]) -> Scene:
    """A plain X11 message box."""
    return Scene(name, ("xmessage", "-buttons", buttons, text), questions)


def zenity(name: str, kind: str, text: str, *questions: tuple[str, str], extra: tuple[str, ...] = ()) -> Scene:
    """A GTK dialog."""
    command = ("dbus-run-session", "--", "zenity", f"--{kind}", "--width=380", f"--text={text}", *extra)
    return Scene(name, command, questions)


def xterm(name: str, text: str, *questions: tuple[str, str], size: str = "40x6") -> Scene:
    """A terminal that shows `text`."""
    command = ("xterm", "-geometry", size, "-e", "sh", "-c", f"printf '{text}'; sleep 30")
    return Scene(name, command, questions)


SAYS, MESSAGE, BUTTONS = "What does it say?", "Read the message.", "Which buttons are there?"

SCENES = (
    xmessage("xmessage-save", "Save changes to notes.txt?", "Save,Discard,Cancel",
             (MESSAGE, "Save changes to notes.txt?"), (BUTTONS, "Save, Discard, Cancel")),
    xmessage("xmessage-printer", "The printer is out of paper.", "Retry,Abort",
             (MESSAGE, "The printer is out of paper."), (BUTTONS, "Retry, Abort")),
    xmessage("xmessage-disk", "Disk sdb1 is 93 percent full.", "OK", (SAYS, "Disk sdb1 is 93 percent full."),
             (BUTTONS, "OK")),
    xmessage("xmessage-login", "Wrong password for user anna.", "Try again,Quit",
             (MESSAGE, "Wrong password for user anna."), (BUTTONS, "Try again, Quit")),
    zenity("zenity-error", "error", "The file could not be opened.", (MESSAGE, "The file could not be opened."),
           (BUTTONS, "OK")),
    zenity("zenity-question", "question", "Delete 14 photos for ever?", (MESSAGE, "Delete 14 photos for ever?"),
           (BUTTONS, "No, Yes")),
    zenity("zenity-info", "info", "Update 4.2 was installed.", (MESSAGE, "Update 4.2 was installed.")),
    zenity("zenity-warning", "warning", "Battery low: 7 minutes left", (MESSAGE, "Battery low: 7 minutes left")),
    zenity("zenity-entry", "entry", "Your name", (SAYS, "Your name"), (BUTTONS, "Cancel, OK"),
           extra=("--entry-text=Maria",)),
    Scene("xcalc", ("xcalc",), (("What number does the display show?", "0"),)),
    xterm("xterm-error", "$ cat todo\\ncat: todo: No such file\\n$ ",
          ("What is the error?", "cat: todo: No such file"), ("Which command was entered?", "cat todo")),
    xterm("xterm-git", "$ git status\\nOn branch main\\nnothing to commit\\n$ ",
          ("Read line 2.", "On branch main"), ("Which command was entered?", "git status")),
    xterm("xterm-python", "$ python3 run.py\\nValueError: bad input 17\\n$ ",
          ("What is the error?", "ValueError: bad input 17")),
    Scene("desktop-vlm", (sys.executable, "-m", "desktop_vlm", "window"),
          (("What is the heading?", "What is on your screen?"), ("What does the green button say?", "Open pictures")),
          size=(760, 560), wait_s=12),
)  # fmt: skip


def window_of(screen: Image.Image) -> Image.Image:
    """What differs from the empty screen around it."""
    box = ImageChops.difference(screen, Image.new("RGB", screen.size, screen.getpixel((0, 0)))).getbbox()
    return screen.crop(box) if box else screen


def resize(width: int, height: int) -> None:
    """Give the only window on the screen a size, and let it draw itself again."""
    found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "."], capture_output=True, check=True)
    window = found.stdout.decode().split()[0]
    subprocess.run(
        ["xdotool", "windowsize", window, str(width), str(height), "windowmove", window, "0", "0"], check=True
    )
    time.sleep(2)


def capture(scene: Scene) -> Image.Image:
    """Start the program, photograph its window, end it."""
    nowhere = subprocess.DEVNULL
    with (
        tempfile.TemporaryDirectory() as home,
        subprocess.Popen(
            scene.command, stdout=nowhere, stderr=nowhere, start_new_session=True, env={**os.environ, "HOME": home}
        ) as process,
    ):
        time.sleep(scene.wait_s)
        if scene.size:
            resize(*scene.size)
        shot = FOLDER / f"{scene.name}.png"
        subprocess.run(["import", "-window", "root", str(shot)], check=True)
        os.killpg(process.pid, signal.SIGKILL)  # the session bus keeps what it started
    time.sleep(1)
    with Image.open(shot) as image:
        screen = image.convert("RGB")
    return screen.crop((0, 0, *scene.size)) if scene.size else window_of(screen)


def main() -> None:
    """Capture the scenes and write `questions.json` beside the images."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    listed = []
    for scene in SCENES:
        if not sys.argv[1:] or scene.name in sys.argv[1:]:
            capture(scene).save(FOLDER / f"{scene.name}.png", optimize=True)
        for question, answer in scene.questions:
            listed.append({"image": f"{scene.name}.png", "question": question, "answer": answer})
    (FOLDER / "questions.json").write_text(json.dumps(listed, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
