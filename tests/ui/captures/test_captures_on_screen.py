"""Recent captures, the same region again and a watched region in the running program, by keys and mouse."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from desktop_vlm.convert import ModelFiles
from desktop_vlm.system.paths import Paths
from tools.screen import Screen, screen, wait_for

SETTINGS = '[desktop]\nkeep_captures = "day"\n[text]\nread_images = false\n[model]\nn_threads = 1\n'
SETTINGS += "n_ctx = 512\ntext = '{}'\nmmproj = '{}'\n"


@pytest.fixture(scope="module")
def display() -> Iterator[Screen]:
    with screen() as made:
        yield made


def stacking(display: Screen) -> list[str]:
    """Titles of the windows that are seen, from the lowest to the one in front."""
    numbers = display.run("xprop", "-root", "_NET_CLIENT_LIST_STACKING").partition("#")[2]
    names = [display.run("xdotool", "getwindowname", one.strip()).strip() for one in numbers.split(",")]
    titles = [name.split(" \u2014 ")[0] for name in names]  # Qt adds the program's name
    visible = display.run("xdotool", "search", "--onlyvisible", "--name", ".*").split()
    shown = [str(int(one.strip(), 16)) in visible for one in numbers.split(",")]
    return [title for title, is_shown in zip(titles, shown, strict=True) if is_shown]


def drag(display: Screen, *points: tuple[int, int]) -> None:
    display.run("xdotool", "mousemove", *map(str, points[0]), "mousedown", "1", "sleep", "0.2")
    for x, y in points[1:]:
        display.run("xdotool", "mousemove", "--sync", str(x), str(y), "sleep", "0.1")
    display.run("xdotool", "mouseup", "1")


def kept(paths: Paths) -> list[dict[str, object]]:
    """What the folder of captures holds, the oldest first."""
    index = paths.captures_folder / "captures.json"
    return json.loads(index.read_text()) if index.exists() else []


def child_named(pid: int, name: str) -> str:
    command = ["pgrep", "-P", str(pid), "-f", name]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


def test_the_window_stays_behind_and_the_region_is_captured_again(
    display: Screen, tmp_path: Path, model_files: Callable[..., ModelFiles]
) -> None:
    paths = Paths.under(tmp_path)
    paths.settings_file.parent.mkdir(parents=True)
    files = model_files("alpha")
    paths.settings_file.write_text(SETTINGS.format(files.text, files.mmproj), encoding="utf-8")
    program = display.start(["-m", "desktop_vlm", "window"], DESKTOP_VLM_HOME=str(tmp_path), QT_SCALE_FACTOR="1")
    own = display.window("Desktop VLM")
    wait_for(lambda: child_named(program.pid, "desktop_vlm.service.worker"), "the engine: by then the keys are taken")
    other = display.start(["-m", "tests.ui.text_window", "41 %"])
    letter = display.window("letter")
    display.activate(letter)

    before = display.windows_of(program)
    display.key("ctrl+shift+space")
    wait_for(lambda: display.windows_of(program) - before, "the overlay")
    display.run("sleep", "0.3")  # it is painted, and has the mouse
    drag(display, (20, 40), (60, 80), (219, 139))
    display.window("Quick question")
    assert stacking(display)[-2:] == ["letter", "Quick question"]
    assert "Desktop VLM" not in stacking(display)
    display.key("Escape")
    wait_for(lambda: "Desktop VLM" in stacking(display), "our window")
    wait_for(lambda: display.run("xdotool", "getactivewindow", "getwindowname").strip() == "letter", "the keyboard")
    titles = stacking(display)
    assert titles.index("Desktop VLM") < titles.index("letter")

    (first,) = kept(paths)
    assert first["region"] == [20, 40, 200, 100]

    def show(text: str) -> None:
        nonlocal other
        other.kill()
        other.wait()
        wait_for(lambda: not display.run("xdotool", "search", "--name", "^letter$"), "the end of the letter's window")
        other = display.start(["-m", "tests.ui.text_window", text])
        new = display.window("letter")
        wait_for(lambda: display.run("xdotool", "getactivewindow").strip() == new, "its keyboard")

    show("57 %")
    display.activate(own)
    display.key("ctrl+shift+r")
    wait_for(lambda: len(kept(paths)) == 2, "the same region again")
    wait_for(lambda: stacking(display)[-1] == "Desktop VLM", "our window, with the capture in its question")
    show("73 %")
    again = ["-m", "desktop_vlm", "--capture-again"]
    wait_for(
        lambda: display.start(again, DESKTOP_VLM_HOME=str(tmp_path)).wait(60) == 0, "a window with time to hear it"
    )
    wait_for(lambda: len(kept(paths)) == 3, "the same region once more")
    for one in kept(paths):
        assert one["region"] == [20, 40, 200, 100]
        with Image.open(paths.captures_folder / f"{one['sha256']}.png") as taken:
            assert taken.size == (200, 100)
    other.kill()
    other.wait()
    program.send_signal(signal.SIGTERM)
    assert program.wait(60) == 0
    assert len(list(paths.captures_folder.glob("*.png"))) == 3
