"""What pages for training say of many kinds of things, and that what is asked about it is true."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from tests.training.test_web import board
from training.web.board import Board
from training.web.channels import channel, irc
from training.web.console import Lines
from training.web.dates import DATED
from training.web.deck import DeckAsker, draw_deck, is_counted, lower
from training.web.documents import notifications
from training.web.facts import fact_groups
from training.web.frames import browser, office, viewer
from training.web.handbooks import _alike_signals
from training.web.hours import hours
from training.web.kinds import Attribute, is_plural
from training.web.more_kinds import ALL_KINDS
from training.web.notices import NOTICES, dialog_text
from training.web.panels import panels
from training.web.papers import letter
from training.web.promises import Talk
from training.web.references import history, reference
from training.web.schedules import departures
from training.web.shells import Shell, bare, site
from training.web.snippets import ENDINGS, ask_code, snippet
from training.web.statements import TOPICS, Teller, stated
from training.web.states import states
from training.web.trackers import issues


@pytest.mark.parametrize("topic", TOPICS)
def test_what_a_sentence_tells_is_answered_by_it(topic: str) -> None:
    for statement in TOPICS[topic]:
        one = board(5)
        stated(one, statement)
        sentence = one.texts[one.last]
        slots = {name for name in statement.asks if name not in {"yes", "no"} and not name.startswith("?")}
        assert slots <= {kind + number for kind, number in re.findall(r"\{([a-z]+)(\d?)\}", statement.text)}
        assert len(one.asks) == len(slots) + any(name in statement.asks for name in ("yes", "no")) + any(
            name.startswith("?") for name in statement.asks
        )
        for asked in one.asks:
            assert asked.answer in {"Yes", "No"} if asked.kind == "yes_no" else asked.answer in sentence


def test_a_yes_is_as_often_true_as_a_no() -> None:
    said: Counter[str] = Counter()
    for seed in range(40):
        for topic in TOPICS:
            one = board(seed)
            Teller(one, topic).paragraph(9, 9)
            said.update(asked.answer for asked in one.asks if asked.kind == "yes_no")
    assert 0.4 < said["Yes"] / said.total() < 0.6


def test_a_browser_is_asked_for_its_address_and_tabs() -> None:
    one = board(7)
    html = browser(bare)(one, one.put("Boats", "title", "h1"))
    assert one.whole
    said = {phrasing: asked.answer for asked in one.asks for phrasing in asked.phrasings}
    assert said["Which address is open?"] == one.texts["address"]
    assert said["Which website is this?"] in one.texts["address"]
    assert said["Which tab is active?"] == "Boats"
    assert said["How many tabs are open?"] == str(sum(name.startswith("tab") for name in one.texts))
    assert html.count("<div") == html.count("</div>")


def test_a_browser_without_a_title_bar_is_not_asked_what_the_bar_names() -> None:
    bars = 0
    for seed in range(12):
        one = board(seed)
        browser(bare)(one, one.put("Boats", "title", "h1"))
        said = {phrasing: asked.answer for asked in one.asks for phrasing in asked.phrasings}
        named = said.get("Which program does the title bar name?", "")
        assert ("bar" in one.texts) == bool(named)
        assert named in one.texts.get("bar", "")
        assert said["Which program is this?"] == (named or "A web browser")
        bars += bool(named)
    assert 0 < bars < 12


@pytest.mark.parametrize("shell", [viewer, office])
def test_programs_around_documents_balance_and_say_their_pages(shell: Shell) -> None:
    for seed in range(6):
        one = board(seed)
        html = shell(one, letter(one))
        assert html.count("<div") == html.count("</div>")
        asked = next(each for each in one.asks if "How many pages does the document have?" in each.phrasings)
        assert asked.answer in one.texts[asked.needs[0]]


def test_what_is_cancelled_and_when_the_first_leaves() -> None:
    checked = 0
    for seed in range(30):
        one = board(seed)
        departures(one)
        rows = [name[1:] for name in one.texts if re.fullmatch(r"l\d+", name)]
        out = [row for row in rows if one.texts[f"r{row}"] == "Cancelled"]
        for asked in one.asks:
            first = str(asked.phrasings[0])
            if first.startswith("When does the first"):
                assert asked.answer == min(one.texts[f"t{row}"] for row in rows)
            if first.endswith("is cancelled?") and asked.kind == "value" and first.startswith("Which"):
                assert [asked.answer] == [one.texts[f"l{row}"] for row in out]
                checked += 1
    assert checked > 3


def test_values_without_labels_are_asked_for_only_where_they_are_clear() -> None:
    for seed in range(40):
        one = board(seed)
        deck = draw_deck(one, ALL_KINDS)
        DeckAsker(one, deck).ask_all(labelled=False)
        types = Counter(attribute.type for attribute in deck.attributes)
        for asked in one.asks:
            label = asked.needs[-1].partition(".")[2]
            kind = next((attribute.type for attribute in deck.attributes if attribute.label == label), "")
            assert types[kind] <= 1
            assert kind not in {"count", "small", "year", "rating"}  # a bare number may count anything


def test_facts_are_asked_about_when_all_of_a_kind_are_on_the_page() -> None:
    asked = 0
    for seed in range(12):
        one = board(seed)
        for group in fact_groups(one, 2):
            before = len(one.asks)
            texts = []
            for _ in group.whole:
                assert len(one.asks) == before
                group.sentence()
                texts.append(one.texts[one.last])
            for each in one.asks[before:]:
                assert [one.texts[name] for name in each.needs] == texts
                assert each.answer in {"Yes", "No"} or each.answer in " ".join(texts)
                asked += 1
    assert asked > 60


def _texts_asked(one: Board) -> list[tuple[str, str]]:
    """Every phrasing in full, with its answer."""
    free = [each for each in one.asks if not isinstance(each.phrasings, str)]
    return [(part.format(**each.slots), each.answer) for each in free for part in each.phrasings]


def test_numbers_of_things_are_asked_for_as_numbers() -> None:
    assert is_counted(Attribute("Items", "small"))
    assert not is_counted(Attribute("Hours", "thing"))
    assert [one for one in ("Hours", "Address", "Status", "Progress", "Price") if is_plural(one)] == ["Hours"]
    for seed in range(40):
        one = board(seed)
        deck = draw_deck(one, ALL_KINDS)
        DeckAsker(one, deck).ask_all()
        labels = [lower(each.label) for each in deck.attributes if is_counted(each)]
        for text, _ in _texts_asked(one):
            assert not any(f"What is the {label} of" in text or f"Which {label} does" in text for label in labels), text
            assert not re.search(r"\b(has|have|is for|changed|won) 1 [a-z]+s\b", text), text


def test_what_is_said_in_a_conversation_has_one_place_that_answers() -> None:
    several = 0
    for seed in range(30):
        one = board(seed)
        talk, speakers = Talk(one), [one.rng.choice("ABC") for _ in range(12)]
        said = [talk.say(n, name) for n, name in enumerate(speakers)]
        given = [(name, text) for name, text in zip(speakers, said, strict=True) if text]
        assert len({text for _, text in given}) == len(given)
        by_speaker = [(each.slots["k"], each.phrasings) for each in one.asks]
        assert len(set(by_speaker)) == len(by_speaker)  # nobody says the same sort of thing twice
        several += len({phrasings for _, phrasings in by_speaker}) < len(by_speaker)
    assert several > 15  # but others do


def test_examples_of_a_reference_differ_from_the_defaults_and_commits_are_in_order() -> None:
    for seed in range(30):
        one = board(seed)
        reference(one)
        found: dict[str, dict[str, str]] = {"default": {}, "example": {}}
        begins = {"default": "What is the default of", "example": "What is {k} in the example"}
        for each in one.asks:
            for kind, begin in begins.items():
                if each.phrasings[0].startswith(begin):
                    found[kind][each.slots["k"]] = each.answer
        assert found["example"]
        assert all(value != found["default"][name] for name, value in found["example"].items())
        one = board(seed)
        history(one)
        ages = [int(text.split()[0]) for name, text in one.texts.items() if name.startswith("ht")]
        assert ages == sorted(ages)


def test_channels_and_panels_ask_about_many_small_values() -> None:
    for scene, least in ((irc, 15), (channel, 15), (panels, 15)):
        for seed in range(12):
            one = board(seed)
            scene(one)
            assert len({each.answer for each in one.asks}) >= least, scene


def test_who_has_quit_is_no_longer_in_the_channel() -> None:
    left = 0
    for seed in range(40):
        one = board(seed)
        html = irc(one)
        gone = set(re.findall(r">([^<>]+)</span> has quit", html))
        there = [text for key, text in one.texts.items() if key.startswith("nick")]
        left += len(gone)
        assert not gone & set(there)
        counted = [each.answer for each in one.asks if each.phrasings[0].startswith("How many people are in")]
        assert counted == [str(len(there))]
    assert left


def test_letters_and_the_weather_have_several_values_of_a_sort() -> None:
    for each in DATED:
        kinds = Counter(re.findall(r"\{([a-z]+)\d?\}", each.text))
        assert max(kinds.values()) >= 2 or len(kinds) >= 2, each.text
        assert {name.removeprefix("?") for name in each.asks} <= {
            *re.findall(r"\{([a-z]+\d?)\}", each.text),
            "yes",
            "no",
        }
        one = board(len(each.text))
        stated(one, each)
        assert all("{" not in text for text, _ in _texts_asked(one))
        texts = [text for text, _ in _texts_asked(one)]
        assert len(set(texts)) == len(texts)
    for seed in range(20):
        one = board(seed)
        stated(one, DATED[0])
        dates = {found.phrasings[0]: found.answer for found in one.asks}
        shown = next(iter(one.texts.values()))
        asked = ("When did the contract begin?", "When does the contract end?", "By when must notice be given?")
        first, last, notice = (shown.index(dates[text]) for text in asked)
        assert first < last < notice
        numbers = [int(text) for text in one.in_order("small", 6)]
        assert numbers == sorted(set(numbers))
    one = board(2)
    hours(one)
    warm = [found for found in one.asks if found.phrasings[0].startswith("How warm")]
    assert warm
    for found in warm:
        place = next(key for key, text in one.texts.items() if key.startswith("ho") and text == found.slots["t"])
        assert one.texts[f"hw{place[2:]}"] == found.answer


def test_lights_that_are_alike_have_meanings_of_their_own() -> None:
    for seed in range(20):
        rows = _alike_signals(board(seed))
        assert len({sign for sign, _ in rows}) == len({meaning for _, meaning in rows}) == len(rows) >= 4


def test_what_was_reported_last_is_at_the_top_and_notices_are_asked_about() -> None:
    minutes, asked = {"minutes": 1, "hours": 60, "days": 1440}, 0
    for seed in range(30):
        one = board(seed)
        notifications(one)
        ages = [text.split() for name, text in one.texts.items() if re.fullmatch(r"at\d+", name)]
        passed = [int(number) * minutes[unit] for number, unit, _ in ages]
        assert passed == sorted(passed)
        newest = next(found for found in one.asks if found.phrasings[0] == "What is the newest notification?")
        assert newest.answer == one.texts[newest.needs[0]]
        asked += len([found for found in one.asks if found.kind == "value" and not found.needs[0].startswith("from")])
    assert asked > 150
    for each in NOTICES:
        assert {*each.asks} <= {*re.findall(r"\{([a-z]+\d?)\}", each.text), "yes", "no"}
        one = board(len(each.text))
        stated(one, each)
        assert all("{" not in text for text, _ in _texts_asked(one))


def test_a_search_field_that_says_search_is_not_a_search() -> None:
    found = Counter[bool]()
    for seed in range(60):
        one = board(seed)
        site(one, "")
        for each in one.asks:
            if "What does the search box say?" in each.phrasings:
                found[each.answer == "Search"] += 1
                assert ("What is searched for?" in each.phrasings) == (each.answer != "Search")
    assert found[True]
    assert found[False]


def test_code_hangs_together_and_is_asked_about() -> None:
    one = board(4)
    one.put("LIMIT = 12", "l0")
    ask_code(one, ["LIMIT = 12", "def read_cups(path):", "    return path"], first=7)
    assert {(each.phrasings[0], each.answer) for each in one.asks} >= {
        ("On which line is {k} defined?", "8"),
        ("Which function begins on line {n}?", "read_cups"),
        ("How many functions are defined?", "1"),
    }
    for seed in range(40):
        language, lines = snippet(board(seed), 12)
        assert language in ENDINGS
        assert 1 <= len(lines) <= 12
        assert not any(slot in line for line in lines for slot in ("NOUN", "VERB", "KIN ", "NUM"))


def test_lines_of_a_log_answer_only_what_one_of_them_tells() -> None:
    one, said = board(1), Lines()
    said.tell(one, "disk {noun} is {percent} full", {"percent": "How full is it?"}, {"noun": "sda", "percent": "7%"})
    said.tell(one, "disk {noun} is {percent} full", {"percent": "How full is it?"}, {"noun": "sdb", "percent": "9%"})
    said.tell(one, "port {small}", {"small": "Which port?"}, {"small": "8"}, before="10:00 INFO ")
    said.ask(one)
    assert said.texts == ["disk sda is 7% full", "disk sdb is 9% full", "10:00 INFO port 8"]
    assert [(each.phrasings, each.answer, each.needs) for each in one.asks] == [(("Which port?",), "8", ("l2",))]


def test_a_named_window_is_called_as_its_title_says() -> None:
    for seed in range(20):
        one = board(seed)
        one.name_window("note.txt")
        assert one.app in one.title
        assert "note.txt" in one.title
        assert [(each.kind, each.answer) for each in one.asks] == [("program", one.app)]


def test_dialogs_say_something() -> None:
    texts = {dialog_text(board(seed), bad=seed % 2 == 0) for seed in range(40)}
    assert len(texts) > 20
    assert not any("{" in text or not text.strip() for text in texts)


def test_issues_are_asked_about_by_their_neighbours() -> None:
    one = board(5)
    issues(one)
    titles = [text for name, text in one.texts.items() if name.endswith(".title")]
    below = next(each for each in one.asks if each.phrasings[0] == "Which {item} is below '{title}'?")
    assert titles.index(below.answer) == titles.index(below.slots["title"]) + 1
    assert ("how_many", str(len(titles))) in {(each.kind, each.answer) for each in one.asks}
    chosen = next(each for each in one.asks if each.kind == "selected")
    assert chosen.answer in chosen.slots["some"]


def test_what_is_on_is_not_off() -> None:
    for seed in range(30):
        one = board(seed)
        states(one)
        ons = {each.slots["k"]: each.answer for each in one.asks if each.phrasings[0] == "Is {k} on?"}
        offs = {each.slots["k"]: each.answer for each in one.asks if each.phrasings[0] == "Is {k} off?"}
        assert ons.keys() == offs.keys()
        assert all(ons[name] != offs[name] for name in ons)
