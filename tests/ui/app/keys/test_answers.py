"""Items 15 and 16: answers leave well; instructions, sampling and actions of a conversation; with real keys."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from PIL import Image

from tests.ui.app.keys.hand import Hand, Thing
from tools.screen import Screen

ON = Screen
"""These tests drive programs on one (`tests/markers.py`)."""

TABLE = "| fruit | price |\n|---|---|\n| plum | 3 |\n\n```python\nprint(3)\n```"
MORE = "Copy, save, export or print this answer"


def pasted(hand: Hand, kind: str = "text/html") -> str:
    """What another program would paste, once there is any of that kind."""

    def took() -> str:
        command = ["xclip", "-selection", "clipboard", "-t", kind, "-o"]
        done = subprocess.run(command, env=hand.screen.environment, capture_output=True, check=False, timeout=30)
        return done.stdout.decode()

    return str(hand.until(took, f"{kind} in the clipboard"))


def open_menu(hand: Hand) -> None:
    """What can be done with the last answer, once it stays where it is."""
    before: list[object] = [None]

    def lowest() -> Thing | None:
        found: Thing = max(hand.things(MORE), key=lambda one: int(one["place"][1]))
        was, before[0] = before[0], found["place"]
        return found if was == found["place"] else None

    hand.pop_up(lambda: hand.until(lowest, "the last answer's button"))


def test_an_answer_is_copied_with_its_table_and_as_markdown(hand: Hand) -> None:
    hand.ask_and_hear("Which prices?", TABLE)
    hand.screen.clear_clipboard()
    open_menu(hand)
    hand.choose("Copy with formatting")
    page = pasted(hand)
    assert re.search(r"<td[^>]*>plum</td>", page)
    assert re.search(r"<span style=.color:#\w+.>print</span>", page)
    assert pasted(hand, "UTF8_STRING") == TABLE
    hand.screen.clear_clipboard()
    open_menu(hand)
    hand.choose("Copy as Markdown")
    assert pasted(hand, "UTF8_STRING") == TABLE


def test_json_leaves_as_csv(hand: Hand, tmp_path: Path) -> None:
    hand.ask_and_hear("As JSON", '```json\n[{"fruit": "plum", "price": 3}, {"fruit": "=1+1", "price": 4}]\n```')
    hand.screen.clear_clipboard()
    open_menu(hand)
    hand.choose("Copy as CSV")
    hand.thing("1 cell would have been a formula in a spreadsheet", "QLabel")
    csv = pasted(hand, "UTF8_STRING")
    assert csv.split() == ["fruit,price", "plum,3", "'=1+1,4"]
    open_menu(hand)
    hand.choose("Save as CSV")
    hand.save_as(tmp_path / "out.csv")
    assert (tmp_path / "out.csv").read_text(encoding="utf-8-sig").split() == csv.split()


def test_an_answer_is_exported_alone(hand: Hand, tmp_path: Path) -> None:
    hand.ask_and_hear("Not this one", "Nothing.")
    hand.ask_and_hear("Which prices?", TABLE)
    open_menu(hand)
    hand.choose("Export as web page")
    hand.save_as(tmp_path / "out.html")
    page = hand.until((tmp_path / "out.html").read_text, "the page")
    assert re.search(r"<td[^>]*>plum</td>", page)
    assert "Nothing." not in page
    open_menu(hand)
    hand.choose("Export as PDF")
    hand.save_as(tmp_path / "out.pdf")
    hand.until(lambda: (tmp_path / "out.pdf").read_bytes().rstrip().endswith(b"%%EOF"), "the PDF")


def test_instructions_and_sampling_are_of_one_conversation(hand: Hand) -> None:
    hand.ask_and_hear("Hello")
    hand.key("ctrl+shift+i")
    hand.in_front("This conversation")
    hand.click("Instructions of its own", "Toggle")
    hand.click("Instructions", "QPlainTextEdit")
    hand.type("Be brief.")
    hand.key("Tab")
    hand.has_focus("Sampling")
    hand.key("Down", "Tab")
    hand.has_focus("Quick actions shown first")
    hand.key("End", "space")
    hand.until(lambda: any(one["text"].startswith("Code from") for one in hand.things(kind="row")), "the last row")
    hand.look("own")
    hand.click("Save")
    hand.thing("Own instructions")
    hand.ask_and_hear("And now?")
    asked = hand.asked()[-1]
    assert asked["system"] == ["Be brief."]
    assert asked["sampling"]["temperature"] == 0.0
    hand.key("ctrl+n")
    hand.ask_and_hear("Another")
    asked = hand.asked()[-1]
    assert asked["system"] == []
    assert asked["sampling"]["temperature"] == 0.6


def test_actions_are_asked_with_one_click_and_edited_where_they_are(hand: Hand, tmp_path: Path) -> None:
    shot = tmp_path / "shot.png"
    Image.new("RGB", (60, 40), (200, 0, 0)).save(shot)
    hand.drop(hand.thing(kind="Welcome"), shot)
    hand.until_pictures("shot")
    hand.click("Describe", "QPushButton")
    asked = hand.until_asked("Describe this picture.")
    assert asked["images"] == [[60, 40]]
    hand.pop_up(lambda: hand.settled("More quick actions"))
    hand.choose("Translate")
    assert hand.until_asked("Translate")["images"] == [[60, 40]]
    hand.pop_up(lambda: hand.settled("More quick actions"))
    hand.choose("Add or edit actions")
    hand.thing("Quick actions", window="Settings")
    hand.in_front("Settings")
    hand.key("Escape")
    hand.is_gone(window="Settings")
