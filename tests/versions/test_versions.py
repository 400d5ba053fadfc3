"""Files that older versions of this program wrote, opened by the newest: everything that was in them is there.

`make.py` says how they were made.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from desktop_vlm.api.errors import UserError
from desktop_vlm.history import History
from desktop_vlm.history.migrations import MIGRATIONS
from desktop_vlm.settings import SettingsStore
from tests.versions.make import _history as written_now
from tests.versions.make import _message

FOLDER = Path(__file__).parent
VERSIONS = sorted(path.parent.name for path in FOLDER.glob("*/kept.json"))
WITH_HISTORY = [name for name in VERSIONS if (FOLDER / name / "history.db.gz").exists()]
RENAMED: dict[str, str] = {"history.keep": ""}
"""Settings that have another name since: "section.old" -> "section.new", or "" for what is gone for good."""
ADDED_SINCE = 6
"""Versions of the schema that may lack a folder here: those of the release that is being written."""


def kept(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / name / "kept.json").read_text(encoding="utf-8"))
    return found


def schema_version(path: Path) -> int:
    with contextlib.closing(sqlite3.connect(path)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


@pytest.fixture
def unpacked(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    path = tmp_path / "history.db"
    path.write_bytes(gzip.decompress((FOLDER / request.param / "history.db.gz").read_bytes()))
    return path


def test_every_version_of_the_schema_is_here(tmp_path: Path) -> None:
    there = set()
    for name in WITH_HISTORY:
        path = tmp_path / f"{name}.db"
        path.write_bytes(gzip.decompress((FOLDER / name / "history.db.gz").read_bytes()))
        there.add(schema_version(path))
    assert there >= {1, 2}
    assert max(there) + ADDED_SINCE >= len(MIGRATIONS)


@pytest.mark.parametrize(("unpacked", "name"), [(name, name) for name in WITH_HISTORY], indirect=["unpacked"])
def test_an_old_history_holds_all_that_it_held(unpacked: Path, name: str) -> None:
    before = schema_version(unpacked)
    with History(unpacked) as history:
        assert history.notice == ""
        found = [
            {
                "title": one.title,
                "pinned": one.pinned,
                "updated_at": one.updated_at,
                "thread": [message.text for message in history.thread(one.id)],
                "all": [_message(history, message) for message in history.all_messages(one.id)],
            }
            for one in history.conversations()
        ]
        assert found == kept(name)["history"]
        assert [one.title for one in history.conversations("Question 3?")] == ["Conversation 3, café"]
        assert len(history.conversations("cafe")) == 4
        made = history.create_conversation("new")
        history.add_message(made, None, "user", "goes on")
        assert [message.text for message in history.thread(made)] == ["goes on"]
        assert history._db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert schema_version(unpacked) == len(MIGRATIONS)
    backups = [path.name for path in unpacked.parent.iterdir() if "-before-version-" in path.name]
    assert len(backups) == (before < len(MIGRATIONS))


def test_this_version_would_have_written_the_same(tmp_path: Path) -> None:
    """What the comparison above rests on."""
    with History(tmp_path / "history.db", clock=iter(range(1000, 9999)).__next__) as history:
        now = json.loads(json.dumps(written_now(history)))
    assert [one["thread"] for one in now] == [one["thread"] for one in kept(WITH_HISTORY[-1])["history"]]


@pytest.mark.parametrize("name", VERSIONS)
def test_old_settings_are_what_they_were(name: str, tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_bytes((FOLDER / name / "settings.toml").read_bytes())
    store = SettingsStore(path)
    assert store.problems == []
    found: dict[str, dict[str, Any]] = {}
    expected: dict[str, dict[str, Any]] = {}
    for section, values in kept(name)["settings"].items():
        for key, value in values.items():
            here = RENAMED.get(f"{section}.{key}", f"{section}.{key}")
            if here:
                part, _, new = here.partition(".")
                active = getattr(getattr(store.current, part), new)
                found.setdefault(part, {})[new] = list(active) if isinstance(active, tuple) else active
                expected.setdefault(part, {})[new] = value
    assert found == expected
    assert sum(map(len, expected.values())) >= 15
    # and stay, when something else changes
    store.update("appearance", text_px=20)
    again = SettingsStore(path)
    assert again.current.appearance.text_px == 20
    assert again.current.answers.system_prompt == expected["answers"]["system_prompt"]


@pytest.mark.parametrize("unpacked", WITH_HISTORY[:1], indirect=True)
def test_a_newer_history_is_refused_politely_and_not_touched(unpacked: Path) -> None:
    History(unpacked).close()
    with contextlib.closing(sqlite3.connect(unpacked)) as db:
        db.execute("ALTER TABLE messages ADD COLUMN of_the_future TEXT")
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
        db.commit()
    before = unpacked.read_bytes()
    with pytest.raises(UserError, match=r"was written by a newer version of this app \(format \d+, this one"):
        History(unpacked)
    assert unpacked.read_bytes() == before


def test_settings_of_the_future_are_kept_in_silence(tmp_path: Path) -> None:
    path = tmp_path / "settings.toml"
    path.write_text('[future]\nx = 1\n\n[answers]\nmax_tokens = 99\nunheard_of = "yes"\n', encoding="utf-8")
    store = SettingsStore(path)
    assert (store.problems, store.current.answers.max_tokens) == ([], 99)
    store.update("answers", max_tokens=100)
    assert path.read_text(encoding="utf-8") == '[future]\nx = 1\n\n[answers]\nmax_tokens = 100\nunheard_of = "yes"\n'
