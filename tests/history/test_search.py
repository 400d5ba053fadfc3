"""Search as you type: right hits, and no input that breaks it."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_vlm.history import History, MessageState

RECEIPT = "The total of the receipt from the bakery in Zürich is 12.50 CHF; don't forget the C++ book."
ERROR = "Traceback: KeyError 'colour' in /srv/app/settings_page.py, line 3 (0x80070005) 🎉 100 %"


@pytest.fixture
def filled(history: History) -> History:
    for title, text in (("Shopping", RECEIPT), ("Crash in Berlin", ERROR), ("日本語の文書", "東京都の領収書です")):
        conversation = history.create_conversation(title)
        question = history.add_message(conversation, None, "user", "What does it say?")
        history.add_message(conversation, question.id, "assistant", text)
    return history


def found(history: History, typed: str) -> list[str]:
    return [one.title for one in history.conversations(typed)]


@pytest.mark.parametrize(
    ("typed", "titles"),
    [
        ("", ["日本語の文書", "Crash in Berlin", "Shopping"]),
        ("   ", ["日本語の文書", "Crash in Berlin", "Shopping"]),
        ("say", ["日本語の文書", "Crash in Berlin", "Shopping"]),
        ("bak", ["Shopping"]),
        ("BAKERY", ["Shopping"]),
        ("zurich", ["Shopping"]),
        ("ZÜRICH total", ["Shopping"]),
        ("shop", ["Shopping"]),
        ("shop bakery", ["Shopping"]),
        ("what bakery", ["Shopping"]),
        ("bakery keyerror", []),
        ("ery", ["Shopping"]),
        ("ürich", ["Shopping"]),
        ("urich", ["Shopping"]),
        ("ÜRI", ["Shopping"]),
        ("bakéry", ["Shopping"]),
        ("ttings", ["Crash in Berlin"]),
        ("12.5", ["Shopping"]),
        ("don't", ["Shopping"]),
        ("C++", ["Crash in Berlin", "Shopping"]),
        ("settings_page.py", ["Crash in Berlin"]),
        ("/srv/app", ["Crash in Berlin"]),
        ("0x8007", ["Crash in Berlin"]),
        ("berlin traceback", ["Crash in Berlin"]),
        ("🎉", ["Crash in Berlin"]),
        ("🎉 trace", ["Crash in Berlin"]),
        ("%", ["Crash in Berlin"]),
        ("_", ["Crash in Berlin"]),
        ("領収", ["日本語の文書"]),
        ("文書", ["日本語の文書"]),
        ("文書 東京", ["日本語の文書"]),
        ('"', []),
        ('bakery" OR "x', []),
        ("bakery OR keyerror", []),
        ("NOT", []),
        ("NEAR(bakery total)", []),
        ("title:shopping", []),
        ("*", []),
        ("bak*", ["Shopping"]),
        ("^the", ["Shopping"]),
        ("-total", ["Shopping"]),
        ("total)", ["Shopping"]),
        ("'; DROP TABLE messages; --", []),
        ("total\x00bakery", ["Shopping"]),
        ("\ud83c", []),
        ("\\", []),
    ],
)
def test_what_is_found(filled: History, typed: str, titles: list[str]) -> None:
    assert found(filled, typed) == titles


@pytest.mark.parametrize(
    ("text", "typed", "snippet"),
    [
        ("用Python寫的", "python", "用\x02Python\x03寫的"),
        ("用Python寫的", "thon", "用Py\x02thon\x03寫的"),
        ("喝café吧", "cafe", "喝\x02café\x03吧"),
        ("喝cafe吧", "café", "喝\x02cafe\x03吧"),
        ("喝cafe\u0301吧", "café", "喝\x02cafe\u0301\x03吧"),
        ("Hochhäuser", "HAUS", "Hoch\x02häus\x03er"),
        ("Straßenbahn", "strasse", "\x02Straße\x03nbahn"),
        ("Smørrebrød", "smorrebrod", "\x02Smørrebrød\x03"),
        ("Lodz", "Łódź", "\x02Lodz\x03"),
        ("Tiếng Việt đẹp", "dep", "Tiếng Việt \x02đẹp\x03"),
        ("ıssız", "issiz", "\x02ıssız\x03"),  # noqa: RUF001
        ("Œuvre", "oeuvre", "\x02Œuvre\x03"),
        ("ЁЛКА", "елка", "\x02ЁЛКА\x03"),  # noqa: RUF001
        ("한국어GPT모델", "gpt", "한국어\x02GPT\x03모델"),
        ("ｆｕｌｌ", "full", "\x02ｆｕｌｌ\x03"),  # noqa: RUF001
    ],
)
def test_parts_of_words_glued_words_and_accents_both_ways(
    history: History, text: str, typed: str, snippet: str
) -> None:
    history.add_message(history.create_conversation("one"), None, "user", text)
    history.add_message(history.create_conversation("other"), None, "user", "something else")
    assert [one.snippet for one in history.conversations(typed)] == [snippet]


def test_a_glued_word_is_found_beside_one_that_stands_alone(history: History) -> None:
    texts = {
        "glued": "用Python寫的",
        "alone": "Python is there",
        "drink": "喝café吧",
        "cafe": "cafe",
        "part": "Stadtcafé",
    }
    for title, text in texts.items():
        history.add_message(history.create_conversation(title), None, "user", text)
    assert sorted(found(history, "python")) == ["alone", "glued"]
    assert sorted(found(history, "cafe")) == sorted(found(history, "Café")) == ["cafe", "drink", "part"]


def test_the_snippet_marks_the_hit(filled: History) -> None:
    (hit,) = filled.conversations("bak")
    assert hit.snippet == "The total of the receipt from the \x02bakery\x03 in Zürich is 12.50 CHF…"
    (hit,) = filled.conversations("領収")
    assert hit.snippet == "東京都の\x02領収\x03書です"
    (hit,) = filled.conversations("shopping")
    assert hit.snippet == RECEIPT  # only the title was hit: the last message, as in the plain list


def test_the_message_that_holds_all_words_gives_the_snippet(history: History) -> None:
    conversation = history.create_conversation()
    history.add_message(conversation, None, "user", "red apples and green pears")
    history.add_message(conversation, None, "user", "only apples")
    (hit,) = history.conversations("apples pears")
    assert hit.snippet == "red \x02apples\x03 and green \x02pears\x03"
    (hit,) = history.conversations("apples")
    assert hit.snippet == "only \x02apples\x03"


def test_marks_in_a_text_are_not_taken_for_hits(history: History) -> None:
    history.add_message(history.create_conversation(), None, "user", "a\x02b word \x03c")
    assert [one.snippet for one in history.conversations("word")] == ["a b \x02word\x03 c"]
    assert [one.snippet for one in history.conversations()] == ["a b word c"]


def test_the_index_follows_every_change(history: History) -> None:
    conversation = history.create_conversation("before")
    history.rename(conversation, "after")
    assert (found(history, "before"), found(history, "after")) == ([], ["after"])
    message = history.add_message(conversation, None, "assistant", "", state=MessageState.STREAMING)
    history.append_text(message.id, "unfinished ")
    history.append_text(message.id, "symphony")
    history.finish_message(message.id, MessageState.COMPLETE)
    assert found(history, "unfinished symphony") == ["after"]
    history.finish_message(message.id, MessageState.COMPLETE, text="replaced")
    assert (found(history, "symphony"), found(history, "replaced")) == ([], ["after"])
    for index in ("messages_fts", "conversations_fts"):
        history._db.execute(f"INSERT INTO {index}({index}, rank) VALUES ('integrity-check', 1)")


def test_pinned_ones_come_first_among_hits_and_the_limit_counts_hits(history: History) -> None:
    ids = [history.create_conversation(f"word {number}") for number in range(4)]
    history.create_conversation("something else")
    history.set_pinned(ids[1], True)
    assert found(history, "word") == ["word 1", "word 3", "word 2", "word 0"]
    assert [one.id for one in history.conversations("word", limit=2)] == [ids[1], ids[3]]


@pytest.fixture(scope="module")
def shared() -> Iterator[History]:
    with tempfile.TemporaryDirectory() as folder, History(Path(folder) / "history.db") as history:
        yield history


@settings(max_examples=50, deadline=None)
@given(st.text(), st.text())
def test_any_text_can_be_stored_and_anything_typed(shared: History, text: str, typed: str) -> None:
    conversation = shared.create_conversation(typed)
    kept = shared.add_message(conversation, None, "user", text).text
    assert kept == text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    for one in shared.conversations(typed):
        assert one.snippet.count("\x02") == one.snippet.count("\x03")
    shared.delete(conversation)


@settings(max_examples=80, deadline=None)
@given(st.lists(st.text("abcdéßñ中文ปท🎉%_\"'*-:()", min_size=1, max_size=6), min_size=1, max_size=6), st.data())
def test_every_beginning_of_a_word_finds_it(shared: History, words: list[str], data: st.DataObject) -> None:
    conversation = shared.create_conversation()
    shared.add_message(conversation, None, "user", " ".join(words))
    word = data.draw(st.sampled_from(words))
    typed = word[: data.draw(st.integers(1, len(word)))]
    assert conversation in [one.id for one in shared.conversations(typed)]
    shared.delete(conversation)
