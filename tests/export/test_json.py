"""JSON: all branches, and the pictures in it."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from desktop_vlm.export import export
from desktop_vlm.history import History
from desktop_vlm.history.views import Instead
from tests.export.contents import JPEG, PNG, contents


def test_json_has_all_branches_and_the_pictures(history: History, conversation: int, out: Path) -> None:
    target = export(history, conversation, "json", out / "x.json")
    found: dict[str, Any] = json.loads(target.read_text(encoding="utf-8"))
    messages = found.pop("messages")
    pictures = found.pop("pictures")
    head = history.head(conversation)
    assert found == {
        "format": "desktop-vlm conversation",
        "version": 1,
        "title": "Prices: 2026/11 #1",
        "pinned": False,
        "created_at": 1_790_000_000.25,
        "updated_at": 1_790_000_000.25,
        "head_id": head,
    }
    ids = [message["id"] for message in messages]
    assert [(one["text"], one["parent_id"]) for one in messages] == [
        ("# Which **is** it?\n\n```\n  verbatim *\n```", None),
        ("The chart ", ids[0]),
        ("Another answer", ids[0]),
        ("And now?", ids[1]),
    ]
    chart, photo = (one["sha256"] for one in messages[0]["pictures"])
    assert messages[1] == {
        "id": ids[1],
        "parent_id": ids[0],
        "role": "assistant",
        "text": "The chart ",
        "state": "cut",
        "error": "",
        "created_at": 1_790_000_000.25,
        "model": "demo",
        "action": "",
        "details": {"tokens": 7},
        "pictures": [],
    }
    assert messages[0]["pictures"] == [
        {"sha256": chart, "name": "a [chart].jpeg", "included": True},
        {"sha256": photo, "name": "../../photo", "included": False},
    ]
    assert {one: base64.b64decode(values.pop("base64")) for one, values in pictures.items()} == {
        chart: PNG,
        photo: JPEG,
    }
    assert pictures == {
        chart: {"media_type": "image/png", "width": 30, "height": 20, "size_bytes": len(PNG)},
        photo: {"media_type": "image/jpeg", "width": 3, "height": 2, "size_bytes": len(JPEG)},
    }
    assert list(contents(out)) == ["x.json"]


def test_json_of_an_empty_conversation(history: History, out: Path) -> None:
    target = export(history, history.create_conversation("日本 🎉"), "json", out / "x.json")
    found = json.loads(target.read_text(encoding="utf-8"))
    assert (found["title"], found["head_id"], found["messages"], found["pictures"]) == ("日本 🎉", None, [], {})


def test_a_json_export_names_the_files_that_went_out(history: History, conversation: int, out: Path) -> None:
    chart = history.thread(conversation)[0].pictures[0].sha256
    export(history, conversation, "json", out / "hidden.json", instead={chart: Instead(b"other")})
    document = json.loads((out / "hidden.json").read_text("utf-8"))
    new = hashlib.sha256(b"other").hexdigest()
    named = {picture["sha256"] for message in document["messages"] for picture in message["pictures"]}
    assert named == set(document["pictures"])
    assert document["pictures"][new]["size_bytes"] == 5
