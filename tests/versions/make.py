"""How the files here were made: `python make.py FOLDER`, run with the code of the version in question before all other.

    git archive COMMIT desktop_vlm | tar -x -C old && PYTHONPATH=old python tests/versions/make.py tests/versions/COMMIT

It writes a history and a settings file through that version's own code, with nothing as it is by default, and beside
them what they hold, so that the newest version can be asked whether it finds the same. A new version of the history's
schema, or of the settings, gets a folder; `tests/versions/test_versions.py` says when one is missing.
"""

from __future__ import annotations

import dataclasses
import gzip
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

CANDIDATES = ("x é", "de", "Ctrl+Alt+J", "dark")


def main() -> None:
    """Write all files of a version."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True)
    kept: dict[str, Any] = {"settings": _settings(folder / "settings.toml")}
    try:
        from desktop_vlm.history import History
    except ImportError:  # there were settings before
        pass
    else:
        path = folder / "history.db"
        with History(path, clock=iter(range(1000, 9999)).__next__) as history:
            kept["history"] = _history(history)
        (folder / "history.db.gz").write_bytes(gzip.compress(path.read_bytes(), mtime=0))
        path.unlink()
    (folder / "kept.json").write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _settings(path: Path) -> dict[str, dict[str, Any]]:
    from desktop_vlm.settings import SettingsStore

    store = SettingsStore(path)
    kept: dict[str, dict[str, Any]] = {}
    for section in dataclasses.fields(store.current):
        for one in dataclasses.fields(getattr(store.current, section.name)):
            value = getattr(getattr(store.current, section.name), one.name)
            for candidate in _others(value):
                if _is_taken(store, section.name, one.name, candidate):
                    break
            found = getattr(getattr(store.current, section.name), one.name)
            if found != value:
                kept.setdefault(section.name, {})[one.name] = list(found) if isinstance(found, tuple) else found
    return kept


def _is_taken(store: Any, section: str, name: str, value: Any) -> bool:
    """Whether a value, or one of those that the refusal names, is allowed and saved."""
    try:
        store.update(section, **{name: value})
    except Exception as error:  # noqa: BLE001 - whatever an old version says of a value
        before = getattr(getattr(store.current, section), name)
        choices = [choice for choice in re.findall(r'"([^"]+)"', str(error)) if choice not in (before, value)]
        return bool(choices) and value not in choices and _is_taken(store, section, name, choices[0])
    return True


def _others(value: Any) -> Iterator[Any]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, (int, float)):
        yield from (value + 1, value + 0.1, value - 0.1, value - 1, 8)
    elif isinstance(value, tuple):
        yield ("one", "two é")
    else:
        yield 8 if value == "auto" else CANDIDATES[0]
        yield from CANDIDATES


def _history(history: Any) -> list[dict[str, Any]]:
    """Fill it; what it holds is said as that version reads it."""
    for number in range(4):
        made = history.create_conversation(f"Conversation {number}, café")
        picture = history.add_picture(bytes([number]) * 700, name=f"shot {number}.png", width=30 + number, height=20)
        asked = history.add_message(
            made, None, "user", f"Question {number}?\n☕", pictures=[picture], action="Describe"
        )
        details = {"usage": {"prompt_tokens": 12, "generated_tokens": 3}, "note": "é"}
        history.add_message(made, asked.id, "assistant", f"Answer {number}.", model="demo", details=details)
        if number == 1:
            other = history.add_message(made, asked.id, "assistant", "Another version.")
            history.add_message(made, other.id, "user", "And then?")
            history.switch_to(asked.id + 1)
        if number == 2:
            history.set_included(asked.id, picture, False)
            history.set_pinned(made, True)
    return [
        {
            "title": one.title,
            "pinned": one.pinned,
            "updated_at": one.updated_at,
            "thread": [message.text for message in history.thread(one.id)],
            "all": [_message(history, message) for message in history.all_messages(one.id)],
        }
        for one in history.conversations()
    ]


def _message(history: Any, message: Any) -> dict[str, Any]:
    names = ("role", "text", "error", "created_at", "model", "action", "details", "siblings", "parent_id")
    kept = {name: getattr(message, name) for name in names} | {"state": message.state.value}
    kept["siblings"] = list(kept["siblings"])
    kept["pictures"] = [
        [one.name, one.width, one.height, one.included, history.picture(one.sha256).hex()[:4], one.size_bytes]
        for one in message.pictures
    ]
    return kept


if __name__ == "__main__":
    main()
