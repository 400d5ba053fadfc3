"""Pictures that were made of others: the original stays as long as somebody may go back to it, and no longer."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_vlm.history import History, NewFile
from desktop_vlm.history.records import PictureEdit
from tests.history.test_stored_pictures import noise, stored, traces

ORIGINAL, EDITED = noise(1), noise(2)
DOCUMENT = '{"version": 1}'


def filled(history: History) -> tuple[int, str, str]:
    """A conversation with an edited picture; its id, that picture's and the original's."""
    edited = history.add_picture(EDITED, name="bill.png", width=30, height=20)
    original = history.add_picture(ORIGINAL, name="bill.png", width=60, height=40)
    history.edits.keep(edited, PictureEdit(original, DOCUMENT))
    conversation = history.create_conversation("About a bill")
    history.add_message(conversation, None, "user", "What?", pictures=[edited])
    return conversation, edited, original


def test_it_is_known_how_a_picture_was_made(history: History) -> None:
    conversation, edited, original = filled(history)
    assert history.edits.of(edited) == PictureEdit(original, DOCUMENT, 60, 40)
    assert history.edits.of(original) is None
    (message,) = history.thread(conversation)
    assert [(picture.sha256, picture.edited) for picture in message.pictures] == [(edited, True)]


def test_the_original_outlives_a_start_and_goes_with_its_picture(path: Path, clock: Callable[[], float]) -> None:
    with History(path, clock=clock) as history:
        conversation, edited, original = filled(history)
    with History(path, clock=clock) as history:
        history.purge_deleted()
        assert history.picture(original) == ORIGINAL
        history.delete(conversation)
        history.purge_deleted()
        assert stored(history) == 0
        assert history.edits.of(edited) is None
    assert traces(path.parent, ORIGINAL) == []


def test_the_original_goes_in_the_session_in_which_it_came(history: History) -> None:
    conversation, _edited, _original = filled(history)
    history.delete(conversation)
    history.purge_deleted()
    assert stored(history) == 0


def test_an_original_that_a_message_holds_stays_when_its_edited_form_goes(history: History) -> None:
    conversation, _edited, original = filled(history)
    other = history.create_conversation("The whole bill")
    history.add_message(other, None, "user", "And this?", pictures=[original])
    history.delete(conversation)
    history.purge_deleted()
    assert history.picture(original) == ORIGINAL
    assert stored(history) == 1


def test_hiding_something_in_an_edited_picture_leaves_nothing_of_its_original(path: Path, history: History) -> None:
    conversation, edited, original = filled(history)
    new = NewFile(noise(3), 30, 20)
    history.replace_picture(edited, new)
    (message,) = history.thread(conversation)
    assert [(picture.sha256, picture.edited) for picture in message.pictures] == [(new.sha256, False)]
    with pytest.raises(LookupError):
        history.picture(original)
    assert stored(history) == 1
    assert traces(path.parent, ORIGINAL) == traces(path.parent, EDITED) == []


def test_hiding_something_in_an_original_is_what_its_edited_form_goes_back_to(history: History) -> None:
    conversation, edited, original = filled(history)
    history.add_message(conversation, None, "user", "The whole?", pictures=[original])
    new = NewFile(noise(3), 60, 40)
    history.replace_picture(original, new)
    assert history.edits.of(edited) == PictureEdit(new.sha256, DOCUMENT, 60, 40)


def test_nothing_stays_when_everything_is_deleted(path: Path, history: History) -> None:
    filled(history)
    history.delete_everything()
    assert stored(history) == 0
    assert traces(path.parent, ORIGINAL) == []
