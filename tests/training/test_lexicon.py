import random
import re
from pathlib import Path

import pytest

from training.screens.lexicon import Lexicon, collect, invented, listed_words
from training.screens.phrases import Writer, endless_vocabulary
from training.screens.words import held_out, vocabulary


def test_numbers_spell_words() -> None:
    words = [invented(number * 7919) for number in range(2000)]
    assert all(re.fullmatch("[a-z]{1,26}", word) for word in words)
    assert len(set(words)) > 1500
    assert invented(7919) == words[1]


def test_a_lexicon_mixes_its_sources_in_shares() -> None:
    known, listed = [word for word in ("alpha", "beta", "gamma") if not held_out(word)], ("delta", "epsilon")
    drawn = random.Random(1).choices(Lexicon(known, listed, share=0.5), k=4000)
    assert sum(word in known for word in drawn) / 4000 == pytest.approx(0.5, abs=0.03)
    assert sum(word in listed for word in drawn) / 4000 == pytest.approx(0.25, abs=0.03)
    assert not any(held_out(word) for word in drawn)
    assert random.Random(1).choices(Lexicon(known, listed, share=0.5), k=9) == drawn[:9]


def test_a_held_out_entry_gives_way() -> None:
    kept_back = next(word for word in vocabulary("held_out").words if len(word) > 4)
    drawn = random.Random(2).choices(Lexicon(("known",), (kept_back,), share=0.2), k=500)
    assert kept_back not in drawn
    assert drawn.count("known") < 200


def test_capitals() -> None:
    drawn = random.Random(3).choices(Lexicon(("Ada",), ("oslo",), share=0.3, capital=True), k=200)
    assert all(word[0].isupper() for word in drawn)
    assert "Oslo" in drawn or held_out("oslo")


def test_training_texts_have_endless_words_and_none_that_is_held_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DESKTOP_VLM_WORDS", raising=False)
    for function in (listed_words, endless_vocabulary):
        function.cache_clear()
    seen: set[str] = set()
    for seed in range(300):
        writer = Writer(random.Random(seed), "train")
        seen.update(writer.words(20, 20).split())
    assert len(seen) > 2000
    assert not seen & set(vocabulary("held_out").words)
    for function in (listed_words, endless_vocabulary):
        function.cache_clear()


def test_held_out_texts_keep_to_their_own_words() -> None:
    drawn = {word for seed in range(50) for word in Writer(random.Random(seed), "held_out").words(9, 9).split()}
    assert drawn <= set(vocabulary("held_out").words)


def test_word_lists_are_cleaned(tmp_path: Path) -> None:
    kept_back = next(word for word in vocabulary("held_out").words if len(word) > 4)
    taken = [word for word in ("aardvark", "Zanzibar", "zinc", "zymurgy") if not held_out(word)]
    (tmp_path / "american-english-large").write_text("\n".join([*taken, "it's", "x", "crème", kept_back]))
    (tmp_path / "other").write_text("\n".join(f"wort{chr(97 + n)}" for n in range(26)))
    (tmp_path / "README").write_text("nothing")
    words = collect(tmp_path, most_foreign=5)
    assert set(taken) <= set(words)
    assert len(words) == len(taken) + 5
    assert words == sorted(words)
    assert not any(held_out(word) for word in words)
