"""What was read in pictures: kept with them, found in them, and gone with them."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from desktop_vlm.api.text_layer import READER_VERSION, Box, Code, TextLayer, TextLine, Word
from desktop_vlm.history import History, text_layers
from desktop_vlm.history.layer_form import encode
from desktop_vlm.history.migrations import MIGRATIONS
from desktop_vlm.history.records import ConversationSummary

RECEIPT = ("Bakery Müller", "Bread 3.20 Rolls 2.80", "Total 12.50 EUR")


def layer(*lines: str, code: str = "") -> TextLayer:
    made = [
        TextLine(
            text,
            Box(0, 20 * number, 10 * len(text), 20 * number + 18),
            tuple(Word(word, Box(0, 20 * number, 9, 20 * number + 18)) for word in text.split()),
            0.98,
        )
        for number, text in enumerate(lines)
    ]
    codes = (Code("QR Code", code, Box(0, 0, 9, 9)),) if code else ()
    return TextLayer(400, 300, tuple(made), (0,) if made else (), (), codes)


def picture(
    history: History, *lines: str, text: str = "What is it?", title: str = "", code: str = ""
) -> tuple[int, str]:
    """A conversation with a picture that was read; its id, and the picture's SHA-256."""
    conversation = history.create_conversation(title)
    sha256 = history.add_picture(repr((conversation, lines)).encode(), name="p.png", width=400, height=300)
    history.add_message(conversation, None, "user", text, pictures=[sha256])
    assert history.keep_text_layer(sha256, layer(*lines, code=code))
    return conversation, sha256


def found(history: History, typed: str) -> ConversationSummary | None:
    hits = history.conversations(typed)
    assert len(hits) < 2
    return hits[0] if hits else None


def entries(history: History) -> list[int]:
    counts = [history._db.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in text_layers.TABLES]
    history._db.execute("INSERT INTO pictures_fts(pictures_fts, rank) VALUES ('integrity-check', 1)")
    return counts


# Keeping


def test_a_layer_is_kept_with_its_picture(history: History, path: Path) -> None:
    _, sha256 = picture(history, *RECEIPT)
    assert history.text_layers([sha256, "00"]) == {sha256: layer(*RECEIPT)}
    history.close()
    with History(path) as again:
        assert again.text_layers([sha256]) == {sha256: layer(*RECEIPT)}
        assert again.keep_text_layer(sha256, layer("better"))
        assert again.text_layers([sha256]) == {sha256: layer("better")}
        assert [len(again.conversations(word)) for word in ("total", "better")] == [0, 1]
        assert entries(again) == [1, 1, 1]


def test_of_a_picture_that_is_not_kept_nothing_is(history: History) -> None:
    assert not history.keep_text_layer("ab" * 32, layer("secret"))
    assert entries(history) == [0, 0, 0]


def test_what_an_older_reader_found_is_read_again_and_found_until_then(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, sha256 = picture(history, "old words")
    monkeypatch.setattr("desktop_vlm.history.text_layers.READER_VERSION", READER_VERSION + 1)
    assert history.text_layers([sha256]) == {}
    hit = found(history, "words")
    assert hit is not None
    assert hit.snippet == "old \x02words\x03"
    history.keep_text_layer(sha256, layer("new words"))
    assert history.text_layers([sha256]) == {sha256: layer("new words")}


def test_a_damaged_layer_is_read_again_and_costs_nothing_else(history: History) -> None:
    _, sha256 = picture(history, "some words")
    _, other = picture(history, "other words")
    history._db.execute("UPDATE picture_layers SET layer = x'789c00' WHERE id = 1")
    assert history.text_layers([sha256, other]) == {other: layer("other words")}
    history.keep_text_layer(sha256, layer("some words"))
    assert history.text_layers([sha256]) == {sha256: layer("some words")}


def test_any_text_can_be_kept(history: History) -> None:
    strange = layer("half \ud83c of a pair", "", "nul \0 here", "\x02 marks \x03", "\u202eright to left")
    _, sha256 = picture(history)
    assert history.keep_text_layer(sha256, strange)
    assert history.text_layers([sha256]) == {sha256: strange}
    hit = found(history, "marks")
    assert hit is not None
    assert hit.snippet.count("\x02") == hit.snippet.count("\x03") == 1


# Gone


def secrets(folder: Path, *layers: TextLayer) -> list[str]:
    """Files that hold the word in the open, or any part of these layers as they are kept."""
    kept = [encode(one) for one in layers]
    parts = [data[at : at + 24] for data in kept for at in range(10, len(data) - 24, 24)]
    files = [(file.name, file.read_bytes()) for file in sorted(folder.iterdir())]
    return [name for name, data in files if b"geheim" in data.lower() or any(part in data for part in parts)]


def test_purging_removes_layers_and_their_words_from_every_file(history: History, path: Path) -> None:
    # GIVEN a picture that only a deleted conversation has, one that another has too, and a draft's
    gone, lonely = picture(history, "Geheimwort lonely", "ab geheim")
    here, shared = picture(history, "shared text")
    history.add_message(gone, None, "user", "", pictures=[shared])
    history._db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    of_gone = layer("Geheimwort lonely", "ab geheim")
    assert secrets(path.parent) == secrets(path.parent, of_gone) == ["history.db"]
    # WHEN the conversation is deleted and purged
    history.delete(gone)
    history.purge_deleted()
    # THEN nothing of its picture's text is left, in tables, index and files
    assert history.text_layers([lonely, shared]) == {shared: layer("shared text")}
    assert entries(history) == [1, 1, 1]
    assert found(history, "lonely") is None
    hit = found(history, "shared")
    assert hit is not None
    assert hit.id == here
    assert secrets(path.parent, of_gone) == []


def test_deleting_everything_leaves_no_word_of_a_picture(history: History, path: Path) -> None:
    picture(history, "Geheimwort")
    history.delete_everything()
    assert entries(history) == [0, 0, 0]
    assert secrets(path.parent, layer("Geheimwort")) == []
    assert history.conversations("geheimwort") == []


def test_a_draft_that_was_never_sent_takes_its_text_along(history: History, path: Path) -> None:
    sha256 = history.add_picture(b"draft", name="p", width=1, height=1)
    history.keep_text_layer(sha256, layer("geheim"))
    history.purge_deleted()
    assert history.text_layers([sha256]) == {sha256: layer("geheim")}  # someone is writing the message
    history.close()
    with History(path) as again:
        again.purge_deleted()
        assert entries(again) == [0, 0, 0]
    assert secrets(path.parent) == []


# Finding


@pytest.mark.parametrize(
    ("typed", "snippet"),
    [
        ("bak", "\x02Bak\x03ery Müller Bread 3.20 Rolls 2.80 Total 12.50 EUR"),
        ("muller", "Bakery \x02Müller\x03 Bread 3.20 Rolls 2.80 Total 12.50 EUR"),
        ("MÜL", "Bakery \x02Mül\x03ler Bread 3.20 Rolls 2.80 Total 12.50 EUR"),
        ("ller", "Bakery Mü\x02ller\x03 Bread 3.20 Rolls 2.80 Total 12.50 EUR"),
        ("12.50", "…kery Müller Bread 3.20 Rolls 2.80 Total \x0212.50\x03 EUR"),
        ("rolls total", "Bakery Müller Bread 3.20 \x02Rolls\x03 2.80 Total 12.50 EUR"),
    ],
)
def test_the_snippet_is_the_pictures_line(history: History, typed: str, snippet: str) -> None:
    conversation, sha256 = picture(history, *RECEIPT)
    picture(history, "something else")
    (hit,) = history.conversations(typed)
    assert (hit.id, hit.snippet, hit.hit_picture) == (conversation, snippet, sha256)
    assert hit.hit_message == history.thread(conversation)[0].id


@pytest.mark.parametrize(
    ("line", "typed", "snippet"),
    [
        ("東京都の領収書です", "領収", "東京都の\x02領収\x03書です"),
        ("東京都の領収書です", "領", "東京都の\x02領\x03収書です"),
        ("用Python寫的", "python", "用\x02Python\x03寫的"),
        ("用Python寫的", "thon寫", "用Py\x02thon寫\x03的"),
        ("ภาษาไทย", "ไทย", "ภาษา\x02ไทย\x03"),
        ("한국어GPT모델", "gpt", "한국어\x02GPT\x03모델"),
        ("Straßenbahn", "strasse", "\x02Straße\x03nbahn"),
        ("ЁЛКА", "елка", "\x02ЁЛКА\x03"),  # noqa: RUF001
        ("C:\\Users\\me", "users\\me", "C:\\\x02Users\\me\x03"),
        ("100 %", "%", "100 \x02%\x03"),
        ("don't", "don't", "\x02don't\x03"),
    ],
)
def test_other_scripts_signs_and_parts_of_words(history: History, line: str, typed: str, snippet: str) -> None:
    picture(history, line)
    picture(history, "something else")
    hit = found(history, typed)
    assert hit is not None
    assert hit.snippet == snippet


@pytest.mark.parametrize("typed", ["都東", "領書", "nothing", '"', "rolls nothing", "NOT", "bread OR", "🎉"])
def test_what_is_not_there_is_not_found(history: History, typed: str) -> None:
    picture(history, *RECEIPT, "東京都の領収書です")
    assert found(history, typed) is None


def test_a_word_that_a_line_break_divides_is_found_whole(history: History) -> None:
    picture(history, "all the docu-", "mentation we have")
    hit = found(history, "documentation")
    assert hit is not None
    assert hit.snippet == "all the \x02documentation\x03 we have"


def test_codes_are_found(history: History) -> None:
    picture(history, "scan me", code="https://example.org/menu")
    hit = found(history, "example.org")
    assert hit is not None
    assert hit.snippet == "scan me https://\x02example.org\x03/menu"


def test_what_is_written_comes_before_what_is_only_seen(history: History) -> None:
    conversation, _ = picture(history, "total here", text="a total", title="Sums")
    written = history.thread(conversation)[0].id
    hit = found(history, "total")
    assert hit is not None
    assert (hit.hit_message, hit.hit_picture, hit.snippet) == (written, "", "a \x02total\x03")
    hit = found(history, "sums here")  # the title says nothing of a place
    assert hit is not None
    assert hit.hit_picture != ""


def test_words_may_stand_in_text_and_picture_and_one_place_with_all_is_best(history: History) -> None:
    conversation, sha256 = picture(history, "apples and pears")
    question = history.thread(conversation)[0].id
    history.add_message(conversation, question, "assistant", "These are apples; plums are none.")
    hit = found(history, "apples pears")
    assert hit is not None
    assert (hit.hit_message, hit.hit_picture) == (question, sha256)
    hit = found(history, "plums pears")
    assert hit is not None
    assert hit.hit_picture == ""
    assert found(history, "grapes pears") is None


def test_the_newest_message_with_the_picture_is_meant_and_deleted_ones_are_not(history: History) -> None:
    conversation, sha256 = picture(history, "words")
    again = history.add_message(conversation, None, "user", "once more", pictures=[sha256])
    other, _ = picture(history, "words elsewhere")
    history.delete(other)
    hit = found(history, "words")
    assert hit is not None
    assert (hit.id, hit.hit_message) == (conversation, again.id)


def test_without_a_hit_the_list_is_as_before(history: History) -> None:
    conversation, _ = picture(history, "words")
    (listed,) = history.conversations()
    assert (listed.id, listed.hit_message, listed.hit_picture, listed.snippet) == (
        conversation,
        None,
        "",
        "What is it?",
    )


def test_thousands_of_pictures_are_searched_while_typing(history: History) -> None:
    """2,000 of 60 words; `docs/benchmarks.md` has 10,000."""
    conversations = [history.create_conversation() for _ in range(30)]
    texts = [" ".join(f"w{number * 60 + at}x" for at in range(60)) for number in range(2000)]
    db = history._db
    db.execute("BEGIN")
    for number, text in enumerate(texts):
        sha256 = f"{number:064x}"
        db.execute("INSERT INTO pictures VALUES (?, 'p', 1, 1, 1)", (sha256,))
        made = db.execute(
            "INSERT INTO messages (conversation_id, role, state, created_at, model, action, error, details, text)"
            " VALUES (?, 'user', 'complete', 1, '', '', '', '{}', '')",
            (conversations[number % 30],),
        )
        db.execute("INSERT INTO message_pictures VALUES (?, 0, ?, 'p', 1)", (made.lastrowid, sha256))
        db.execute("INSERT INTO picture_texts (id, sha256, reader) VALUES (?, ?, 1)", (number + 1, sha256))
        db.execute("INSERT INTO picture_words VALUES (?, ?)", (number + 1, text))
        db.execute("INSERT INTO picture_layers VALUES (?, ?, '')", (number + 1, text))
    db.execute("COMMIT")
    expected = {"w": 30, "w10": 30, "w119999x": 1, "19999x": 2, "nowhere": 0}
    for typed, count in expected.items():
        took_s = []
        for _ in range(3):
            start_s = time.thread_time()
            hits = history.conversations(typed)
            took_s.append(time.thread_time() - start_s)
        assert len(hits) == count, typed
        assert min(took_s) < 0.05, typed


# Older files


def test_a_history_of_the_first_version_gets_room_for_texts(path: Path) -> None:
    with History(path, migrations=MIGRATIONS[:1]) as old:
        conversation = old.create_conversation("old")
        sha256 = old.add_picture(b"picture", name="p.png", width=2, height=1)
        message = "INSERT INTO messages VALUES (1, ?, NULL, 'user', 'complete', 1, '', '', '', '{}', 'four')"
        old._db.execute(message, (conversation,))
        old._db.execute("INSERT INTO message_pictures VALUES (1, 0, ?, 'p.png', 1)", (sha256,))
        old._db.execute("UPDATE conversations SET head_id = 1")
    with History(path) as history:
        assert [one.snippet for one in history.conversations("four")] == ["\x02four\x03"]
        assert history.text_layers([sha256]) == {}
        history.keep_text_layer(sha256, layer("words"))
        assert history.text_layers([sha256]) == {sha256: layer("words")}
        assert [one.hit_picture for one in history.conversations("words")] == [sha256]
