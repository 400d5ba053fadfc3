"""Items 1, 3, 4 and 5: Escape, the queue, editing, search; with real keys."""

from __future__ import annotations

from tests.ui.app.keys.hand import Hand
from tools.screen import Screen

ON = Screen
"""These tests drive programs on one (`tests/markers.py`)."""


def running(hand: Hand, question: str) -> None:
    """Wait until that is what the engine answers."""
    hand.until(lambda: hand.tell(running=True) == question, f"{question!r} at the engine")


def test_escape_goes_to_what_has_the_focus_and_only_then_stops_the_answer(hand: Hand) -> None:
    hand.ask("Wait for a fox")
    running(hand, "Wait for a fox")
    hand.tell(say="A fox")

    hand.key("ctrl+k")
    hand.has_focus("Search conversations")
    hand.type("foxes")
    hand.until(lambda: hand.thing(kind="ConversationSearch")["text"] == "foxes", "the search")
    hand.key("Escape")  # the search is cleared
    hand.until(lambda: hand.thing(kind="ConversationSearch")["text"] == "", "an empty search")
    hand.key("Escape")  # and left
    hand.has_focus("Question")

    hand.click("Wait for a fox", "row", button=3)
    hand.thing("Rename", "row")
    hand.key("Escape")  # a menu closes
    hand.is_gone("Rename", "row")

    hand.menu("Wait for a fox", "Rename", kind="row")
    hand.has_focus("Title of the conversation")
    hand.type("Other")
    hand.key("Escape")  # a title is as it was
    hand.until(lambda: any(row.startswith("Wait for a fox") for row in hand.rows()), "the title as it was")

    hand.key("ctrl+l", "ctrl+e")
    hand.has_focus("Edit the question")
    hand.type(" or two")
    hand.key("Escape")  # an edit is given up
    hand.has_focus("Question")
    assert hand.tell(running=True) == "Wait for a fox"

    hand.key("ctrl+l", "ctrl+f")
    hand.thing(kind="FindBar")
    hand.key("Escape")  # the bar is closed
    hand.is_gone(kind="FindBar")
    assert hand.tell(running=True) == "Wait for a fox"

    hand.key("ctrl+n", "Escape")  # it is not on the screen
    hand.key("x")
    hand.field_is("x")
    assert hand.tell(running=True) == "Wait for a fox"
    hand.key("BackSpace")
    hand.click("Wait for a fox", "row")
    hand.thing(kind="AnswerWidget")
    hand.key("ctrl+l", "Escape")  # now it is, and nobody else wants the key
    hand.until(lambda: hand.tell(running=True) == "", "the end of the answer")
    hand.until_written("SELECT state FROM messages ORDER BY id DESC LIMIT 1", "stopped")


def test_a_question_beside_an_answer_waits_says_so_and_starts_by_itself(hand: Hand) -> None:
    hand.ask("Wait for the first")
    running(hand, "Wait for the first")
    hand.key("ctrl+n")
    hand.ask("Wait for the second")
    hand.thing("Next in the queue", "QueueCard")
    hand.until(lambda: "Wait for the second, in the queue" in hand.rows(), "a row that says queued")
    assert "Wait for the first, answering" in hand.rows()

    hand.click("Take back", "QPushButton")
    hand.field_is("Wait for the second")
    hand.key("Return")
    hand.thing(kind="QueueCard")

    hand.tell(say="One.")
    hand.tell(end=True)
    running(hand, "Wait for the second")
    hand.is_gone(kind="QueueCard")
    hand.until(lambda: "Wait for the first, unread" in hand.rows(), "a row that says unread")
    hand.key("ctrl+n")
    hand.tell(fail="It broke")
    hand.until(lambda: "Wait for the second, failed" in hand.rows(), "a row that says failed")
    hand.click("Wait for the first", "row")
    hand.until(lambda: "Wait for the first" in hand.rows(), "a row that is read")


def test_a_question_is_edited_in_its_place(hand: Hand) -> None:
    hand.ask_and_hear("Which fruit?")
    hand.until(lambda: any(one["text"] == "The answer." for one in hand.things(kind="Prose")), "the answer")
    hand.key("Up")
    hand.has_focus("Edit the question")
    hand.key("shift+Return")
    hand.type("Red ones")
    hand.until(lambda: hand.thing("Edit the question")["text"] == "Which fruit?\nRed ones", "two lines")
    hand.key("Escape")
    hand.has_focus("Question")
    hand.key("ctrl+e")
    hand.until(lambda: hand.thing("Edit the question")["text"] == "Which fruit?\nRed ones", "what was written")

    hand.tell(replies="Cherries.")
    hand.key("Return")
    hand.until(lambda: any(one["text"] == "Cherries." for one in hand.things(kind="Prose")), "another answer")
    assert hand.asked()[-1]["text"] == "Which fruit?\nRed ones"
    hand.key("alt+Left")
    hand.until(lambda: any(one["text"] == "The answer." for one in hand.things(kind="Prose")), "the first version")


def test_a_hit_opens_at_its_message_with_the_words_lit(hand: Hand) -> None:
    hand.ask_and_hear("Tell much", "\n\n".join(f"Line {number} is of no use." for number in range(80)))
    hand.ask_and_hear("More", "Here a zebra grazes.\n\n" + "\n\n".join(f"Row {n} goes on." for n in range(80)))
    hand.key("ctrl+n")
    hand.is_gone(kind="AnswerWidget")

    hand.key("ctrl+k")
    hand.type("zebra")
    hand.thing("1 conversation found")
    hand.key("Down", "Return")
    place = hand.until(lambda: [p for p in hand.things(kind="Prose") if "zebra" in p["text"]], "the message")[0]
    hand.look("zebra")
    assert place["lit"] == ["zebra"]

    hand.key("ctrl+f")
    hand.type("Line 7 ")
    hand.until(lambda: any("1 of 1" in one["text"] for one in hand.things(kind="QLabel")), "what was found")
    hand.until(lambda: [p for p in hand.things(kind="Prose") if "Line 7 is" in p["text"]], "the place")
    hand.key("Escape")
    hand.is_gone(kind="FindBar")
