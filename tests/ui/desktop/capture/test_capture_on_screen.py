"""Captures on a real display: a window manager, a mouse and keys from outside, pixels compared one by one."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from Xlib import X
from Xlib.display import Display

from tests.ui.desktop.capture.hands import COUNTDOWN, Program
from tests.ui.desktop.capture.monitors import set_monitors
from tools.screen import Screen, screen, wait_for

WIDTH, HEIGHT = 1100, 800
WINDOWS = (("lower noise", 100, 120, 600, 440), ("upper noise", 400, 300, 500, 360))


def decoded(data: str) -> np.ndarray:
    with Image.open(io.BytesIO(base64.b64decode(data))) as image:
        return np.asarray(image.convert("RGB"))


@pytest.fixture(scope="module")
def display() -> Iterator[Screen]:
    with screen(f"{WIDTH}x{HEIGHT}x24") as made:
        yield made


@pytest.fixture(scope="module", params=["1", "2"], ids=["1x", "2x"])
def program(
    display: Screen, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[Program]:
    made = Program(display, tmp_path_factory.mktemp("capture"), WINDOWS, QT_SCALE_FACTOR=request.param)
    yield made
    made.close()


def test_a_dragged_region_has_exactly_the_pixels_from_press_to_release(program: Program) -> None:
    program.open()
    program.drag((203, 147), (640, 402))
    program.assert_captured((203, 147, 641, 403))


def test_a_region_can_be_dragged_from_its_lower_right_and_to_the_edge(program: Program) -> None:
    program.open()
    program.drag((333, 251), (0, 0))
    program.assert_captured((0, 0, 334, 252))

    program.open()
    program.drag((901, 601), (WIDTH - 1, HEIGHT - 1))
    program.assert_captured((901, 601, WIDTH, HEIGHT))


def test_shift_keeps_a_selection_which_keys_then_move_and_resize_by_single_pixels(program: Program) -> None:
    program.open()
    program.drag((300, 200), (499, 299), hold="shift")
    wait_for(lambda: program.ask("state")["selections"] == [[300, 200, 200, 100]], "the selection")
    program.key("Left", "Left", "Up", "ctrl+Right", "shift+Down", "shift+Left", "ctrl+shift+Right", "Return")
    program.assert_captured((308, 199, 308 + 209, 199 + 101))


def test_a_kept_selection_is_dragged_by_its_inside_and_its_edges(program: Program) -> None:
    program.open()
    program.drag((300, 200), (499, 299), hold="shift")
    program.drag((400, 250), (410, 270))
    program.drag((310, 220), (290, 200))
    wait_for(lambda: program.ask("state")["selections"] == [[290, 200, 220, 120]], "the changed selection")
    program.screen.run("xdotool", "mousemove", "400", "260", "click", "--repeat", "2", "--delay", "40", "1")
    program.assert_captured((290, 200, 510, 320))


def test_it_is_drawn_on_and_copied_where_it_was_selected(program: Program) -> None:
    """Keys and mouse only; what is black is so in what the person can go back to, too."""
    program.open(has_tools=True)
    program.drag((300, 200), (699, 499), hold="shift")
    program.key("k")
    program.drag((340, 240), (439, 299))
    program.key("b")
    program.drag((500, 300), (599, 399))
    program.key("n", "v", "ctrl+c")
    came = program.wait("taken")
    assert (came["purpose"], came["busy"]) == ("copy", False)
    before = np.asarray(program.reference.crop((300, 200, 700, 500)))
    result, original = (decoded(came[one]) for one in ("data", "original"))
    assert result.shape == original.shape == before.shape
    for image in (result, original):
        assert not image[40:99, 40:139].any()
        assert (image[:40] == before[:40]).all()
    assert (result[100, 220:280] == (229, 72, 77)).all()
    assert (original[100, 220:280] == before[100, 220:280]).all()


@pytest.mark.parametrize("way", ["Escape", "right click"])
def test_escape_and_the_right_button_cancel(program: Program, way: str) -> None:
    program.open()
    program.drag((300, 200), (499, 299), hold="shift")
    if way == "Escape":
        program.key("Escape")
    else:
        program.screen.run("xdotool", "click", "3")
    assert program.wait("cancelled")["busy"] is False
    assert program.ask("state")["selections"] == []


def test_space_takes_the_whole_screen(program: Program) -> None:
    program.open()
    program.key("space")
    program.assert_captured((0, 0, WIDTH, HEIGHT))


def test_the_keys_of_a_hotkey_that_is_still_down_take_nothing(program: Program) -> None:
    program.open()
    program.key("ctrl+shift+space", "ctrl+w", "super+r")
    assert program.ask("state")["selections"] == [None]
    program.key("Escape")
    program.wait("cancelled")


def test_w_takes_the_window_under_the_pointer_with_its_frame(program: Program) -> None:
    assert program.framed("lower noise")[1] < program.client("lower noise")[1]  # it has a title bar
    program.open()
    program.point(500, 400)  # over both: the upper one counts
    program.key("w")
    program.assert_captured(program.framed("upper noise"))


def test_a_click_takes_the_window_and_what_lies_over_it(program: Program) -> None:
    program.open()
    program.screen.run("xdotool", "mousemove", "150", "180", "click", "1")
    program.assert_captured(program.framed("lower noise"))


def test_a_click_beside_all_windows_takes_nothing(program: Program) -> None:
    program.open()
    program.screen.run("xdotool", "mousemove", "20", "20", "click", "1")
    assert program.ask("state")["selections"] == [None]
    program.key("Escape")
    program.wait("cancelled")


def test_the_last_region_is_taken_again_by_r_and_by_its_mode(program: Program) -> None:
    program.open()
    program.drag((411, 222), (555, 333))
    program.assert_captured((411, 222, 556, 334))
    program.open()
    program.key("r")
    program.assert_captured((411, 222, 556, 334))
    program.capture("last")
    program.assert_captured((411, 222, 556, 334))


def test_screen_and_window_are_taken_at_once(program: Program) -> None:
    program.point(500, 400)
    program.capture("screen")
    program.assert_captured((0, 0, WIDTH, HEIGHT))
    program.capture("window")
    program.assert_captured(program.framed("upper noise"))


def test_a_second_call_is_ignored_while_one_runs(program: Program) -> None:
    program.open()
    program.tell("capture", mode="screen", delay_s=0)
    program.tell("capture", mode="region", delay_s=0)
    assert program.is_quiet()  # so they were heard while the first one runs
    program.drag((10, 10), (59, 59))
    program.assert_captured((10, 10, 60, 60))
    assert program.is_quiet()


def test_the_countdown_is_seen_first_and_not_in_the_picture(program: Program) -> None:
    program.count_down("screen", 1.5)
    program.assert_captured((0, 0, WIDTH, HEIGHT))


def test_a_click_on_the_countdown_cancels(program: Program) -> None:
    program.count_down("screen", 4)
    program.screen.run("xdotool", *COUNTDOWN[1:], "mousemove", "--window", "%1", "20", "20", "click", "1")
    assert program.wait("cancelled")["busy"] is False


def test_the_focus_stays_where_it_was(program: Program) -> None:
    program.screen.activate(program.screen.window("lower noise"))
    before = program.screen.run("xdotool", "getactivewindow")
    program.tell("capture", mode="region", delay_s=0)
    program.wait("ready")
    program.key("Escape")
    program.wait("cancelled")
    assert program.screen.run("xdotool", "getactivewindow") == before
    program.screen.activate(program.screen.window("upper noise"))


def test_keys_work_as_soon_as_another_program_gives_the_keyboard_back(program: Program) -> None:
    """As with the hotkey's own grab, which lasts while the key is down."""
    other = Display(program.screen.environment["DISPLAY"])
    root = other.screen().root
    assert root.grab_keyboard(True, X.GrabModeAsync, X.GrabModeAsync, X.CurrentTime) == X.GrabSuccess
    program.capture()
    assert program._events.get(timeout=60)["event"] == "shown"
    assert program.ask("state")["selections"] == [None]
    other.ungrab_keyboard(X.CurrentTime)
    other.sync()
    program.wait("ready")
    program.key("Escape")
    program.wait("cancelled")
    other.close()


LEFT, RIGHT = (0, 0, 800, 800), (800, 0, 800, 600)


@pytest.fixture(scope="module")
def two_screens(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Program]:
    """Real monitors of RandR; Qt scales the left one by 1 and the right one by 2."""
    with screen("1600x800x24") as display:
        divided = set_monitors(display.environment["DISPLAY"], {"LEFT": LEFT, "RIGHT": RIGHT})
        windows = (("left noise", 420, 100, 300, 300), ("right noise", 1000, 120, 400, 300))
        folder = tmp_path_factory.mktemp("two screens")
        made = Program(display, folder, windows, QT_SCREEN_SCALE_FACTORS="1;2")
        yield made
        made.close()
        divided.close()


def test_qt_sees_both_screens_with_their_scales(two_screens: Program) -> None:
    assert two_screens.ask("screens")["screens"] == [
        ["LEFT", [0, 0, 800, 800], 1.0],
        ["RIGHT", [800, 0, 400, 300], 2.0],
    ]


def test_regions_of_both_screens_have_exactly_their_pixels(two_screens: Program) -> None:
    two_screens.open()
    two_screens.drag((431, 133), (650, 377))
    two_screens.assert_captured((431, 133, 651, 378))
    two_screens.open()
    two_screens.drag((1011, 155), (1320, 401))
    two_screens.assert_captured((1011, 155, 1321, 402))


def test_a_drag_to_the_other_screen_ends_at_the_edge(two_screens: Program) -> None:
    two_screens.open()
    two_screens.drag((500, 200), (1100, 300))
    two_screens.assert_captured((500, 200, 800, 301))
    two_screens.open()
    two_screens.drag((1100, 300), (700, 201))
    two_screens.assert_captured((800, 201, 1101, 301))


def test_keys_are_about_the_screen_under_the_pointer(two_screens: Program) -> None:
    two_screens.point(300, 300)
    two_screens.open()
    two_screens.point(1200, 200)
    two_screens.key("space")
    two_screens.assert_captured((800, 0, 1600, 600))
    two_screens.open()
    two_screens.point(1200, 200)
    two_screens.key("w")
    two_screens.assert_captured(two_screens.framed("right noise"))
    two_screens.point(300, 300)
    two_screens.capture("screen")
    two_screens.assert_captured((0, 0, 800, 800))


def test_each_screen_remembers_its_own_last_region(two_screens: Program) -> None:
    two_screens.open()
    two_screens.drag((431, 133), (650, 377))
    two_screens.assert_captured((431, 133, 651, 378))
    two_screens.open()
    two_screens.drag((1011, 155), (1320, 401))
    two_screens.assert_captured((1011, 155, 1321, 402))
    two_screens.point(300, 300)
    two_screens.open()
    two_screens.key("r")
    two_screens.assert_captured((431, 133, 651, 378))
    two_screens.capture("last")
    two_screens.assert_captured((431, 133, 651, 378))


def test_no_overlay_is_in_the_picture(two_screens: Program, tmp_path: Path) -> None:
    """The reference was taken without one; while it is there, the display looks different."""
    two_screens.open()
    two_screens.screen.picture(tmp_path / "overlay.png")
    with Image.open(tmp_path / "overlay.png") as image:
        assert image.convert("RGB").getpixel((500, 200)) != two_screens.reference.getpixel((500, 200))
    two_screens.key("Escape")
    two_screens.wait("cancelled")
