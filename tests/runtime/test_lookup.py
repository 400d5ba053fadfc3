"""What is found to go on with."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop_vlm.runtime.lookup import NO_TOKEN, Lookup


def test_what_followed_the_last_tokens_comes_again() -> None:
    lookup = Lookup([[1, 2, 3, 4, 5, 6, 9, 9]])
    lookup.add([2, 3])
    assert lookup.propose(3) == ([4, 5, 6], 2)
    lookup.add([4])
    assert lookup.propose(10) == ([5, 6, 9, 9, 2, 3, 4], 3)
    lookup.add([7])
    assert lookup.propose(10) == ([], 0)


def test_more_agreement_wins_over_a_later_place() -> None:
    lookup = Lookup([[1, 2, 3, 10, 0], [8, 2, 3, 20, 0]])
    lookup.add([1, 2, 3])
    assert lookup.propose(1) == ([10], 3)


def test_of_equal_places_the_latest_wins() -> None:
    lookup = Lookup([[2, 3, 10, 7, 2, 3, 20, 8]])
    lookup.add([2, 3])
    assert lookup.propose(1) == ([20], 2)


def test_one_token_counts_where_it_is_rare() -> None:
    lookup = Lookup([[1, 2, 3]])
    lookup.add([2])
    assert lookup.propose(5) == ([3, 2], 1)
    lookup.add([9, 2, 8, 2, 7, 2])
    assert lookup.propose(5) == ([], 0)
    assert Lookup().propose(5) == ([], 0)


def test_nothing_goes_across_an_image_or_from_text_to_text() -> None:
    lookup = Lookup([[1, 2, 3], [5, 6, NO_TOKEN, 7, 8]])
    lookup.add([5, 6])
    assert lookup.propose(5) == ([], 0)
    lookup.add([2, 3])
    assert lookup.propose(5) == ([], 0)
    lookup.add([NO_TOKEN, 7])
    assert lookup.propose(5) == ([8, 5, 6, 2, 3], 1)


@given(
    texts=st.lists(st.lists(st.integers(0, 3), max_size=12), max_size=3),
    answer=st.lists(st.integers(0, 3), max_size=12),
    most=st.integers(0, 6),
)
def test_every_draft_stood_after_the_same_tokens(texts: list[list[int]], answer: list[int], most: int) -> None:
    lookup = Lookup(texts)
    lookup.add(answer)
    draft, agreed = lookup.propose(most)
    whole = [NO_TOKEN]
    for text in texts:
        whole += [*text, NO_TOKEN]
    whole = [*whole[:-1], *answer]
    assert len(draft) <= most
    assert bool(draft) == bool(agreed)
    if draft:
        sought = [*whole[len(whole) - agreed :], *draft]
        places = [i for i in range(len(whole)) if whole[i : i + len(sought)] == sought]
        assert places
        assert NO_TOKEN not in sought
