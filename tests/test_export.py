"""Exports: complete, readable by others, and never half-done."""

from __future__ import annotations

import base64
import errno
import hashlib
import json
import os
import re
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_vlm import export as exporting
from desktop_vlm.api.errors import UserError
from desktop_vlm.export import EXPORTERS, MAX_NAME_BYTES, export, exporter, safe_name, suggested_name
from desktop_vlm.history import History, MessageState
from desktop_vlm.history.details import IMAGE_TEXT, IMAGE_TEXT_OFF
from desktop_vlm.history.views import Instead, Source
from desktop_vlm.images.text_layer.quoting import Excerpt

PNG = b"\x89PNG\r\n\x1a\n the pixels of a chart"
BLOT = "\u2588"
WITHOUT_QT = [key for key in EXPORTERS if key != "pdf"]
"""PDF is drawn by the window: tests/ui/printing."""
JPEG = b"\xff\xd8\xff\xe0 a photo"


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History(tmp_path / "data" / "history.db", clock=lambda: 1_790_000_000.25) as opened:
        yield opened


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    return folder


@pytest.fixture
def conversation(history: History) -> int:
    """Two pictures, one of them twice and under two names, an answer with two versions, the first one active."""
    made = history.create_conversation("Prices: 2026/11 #1")
    chart = history.add_picture(PNG, name="a [chart].jpeg", width=30, height=20)
    photo = history.add_picture(JPEG, name="../../photo", width=3, height=2)
    question = history.add_message(
        *(made, None, "user", "# Which **is** it?\n\n```\n  verbatim *\n```"),
        pictures=[chart, photo],
        action="Describe",
    )
    history.set_included(question.id, photo, False)
    first = history.add_message(made, question.id, "assistant", "The chart ", model="demo", details={"tokens": 7})
    history.finish_message(first.id, MessageState.CUT)
    history.add_message(made, question.id, "assistant", "Another answer")
    history.switch_to(first.id)
    history.add_picture(PNG, name="again.png", width=30, height=20)
    history.add_message(made, first.id, "user", "And now?", pictures=[chart])
    return made


def contents(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_markdown_has_the_active_branch_and_links_to_its_pictures(
    history: History, conversation: int, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if hasattr(time, "tzset"):
        monkeypatch.setenv("TZ", "UTC")
        time.tzset()
    target = out / "my prices.md"

    assert export(history, conversation, "markdown", target) == target

    at = time.strftime("%Y-%m-%d %H:%M", time.localtime(1_790_000_000))
    chart, photo = f"a [chart]-{sha(history, 0)}.png", f"photo-{sha(history, 1)}.jpg"
    assert target.read_text(encoding="utf-8") == (
        "# Prices: 2026/11 #1\n\n"
        f"## You · Describe · {at}\n\n"
        f"![a \\[chart\\].jpeg](my%20prices-pictures/a%20%5Bchart%5D-{sha(history, 0)}.png)\n\n"
        f"![../../photo](my%20prices-pictures/photo-{sha(history, 1)}.jpg)\n\n"
        "# Which **is** it?\n\n```\n  verbatim *\n```\n\n"
        f"## Assistant · demo · {at}\n\n"
        "The chart \n\n"
        "*Cut off at the limit of length.*\n\n"
        f"## You · {at}\n\n"
        f"![again.png](my%20prices-pictures/a%20%5Bchart%5D-{sha(history, 0)}.png)\n\n"
        "And now?\n"
    )
    files = contents(out)
    assert files.pop("my prices.md")
    assert files == {f"my prices-pictures/{chart}": PNG, f"my prices-pictures/{photo}": JPEG}


def sha(history: History, position: int) -> str:
    (conversation,) = history.conversations()
    return history.thread(conversation.id)[0].pictures[position].sha256[:8]


def test_every_link_leads_to_a_file(history: History, conversation: int, out: Path) -> None:
    target = export(history, conversation, "markdown", out / "ü & 100% (1).md")
    links = re.findall(r"!\[.*\]\((.+)\)", target.read_text(encoding="utf-8"))
    assert [(out / unquote(link)).read_bytes() for link in links] == [PNG, JPEG, PNG]


def test_a_failed_answer_says_so(history: History, out: Path) -> None:
    conversation = history.create_conversation()
    message = history.add_message(conversation, None, "assistant", "", state=MessageState.STREAMING)
    history.finish_message(message.id, MessageState.FAILED, error="The engine stopped.")
    text = export(history, conversation, "markdown", out / "x.md").read_text(encoding="utf-8")
    assert text.startswith("# Conversation\n\n## Assistant · 20")
    assert text.endswith("\n\n*Failed: The engine stopped.*\n")
    assert list(contents(out)) == ["x.md"]


def test_text_of_pictures_is_there_letter_by_letter(history: History, out: Path) -> None:
    """What went along with a question, and an answer that no model made."""
    conversation = history.create_conversation("Text")
    sha256 = history.add_picture(PNG, name="screen.png", width=4, height=4)
    along = {"lines": ["*Total*", "", "12,50"], "left_out": 3, "source": "ocr", "font_px": 9.0}
    question = history.add_message(
        conversation, None, "user", "Extract", pictures=[sha256], details={"image_text": {sha256: along}}
    )
    details = {"read_by": "ocr", "read_images": [sha256]}
    history.add_message(conversation, question.id, "assistant", "# no heading\n```", details=details)
    text = export(history, conversation, "markdown", out / "text.md").read_text(encoding="utf-8")
    asked, answered = text.split("## Assistant")
    assert asked.endswith(
        "Extract\n\n*Text of the pictures that went along with it:*\n\n"
        "```\nscreen.png:\n*Total*\n...\n12,50\n(3 more lines had no room)\n```\n\n"
    )
    assert answered.splitlines()[0].startswith(" · Read by OCR on this computer · ")
    assert answered.endswith("````\n# no heading\n```\n````\n")
    exported = json.loads(export(history, conversation, "json", out / "text.json").read_bytes())
    assert exported["messages"][0]["details"]["image_text"] == {sha256: along}
    assert exported["messages"][1]["details"] == details


def test_exporting_again_changes_nothing_but_the_file(history: History, conversation: int, out: Path) -> None:
    export(history, conversation, "markdown", out / "x.md")
    before = contents(out)
    own = out / "x-pictures" / "holiday.txt"
    own.write_text("mine")
    changed = next((out / "x-pictures").glob("photo*"))
    changed.write_bytes(b"retouched")
    (out / "x.md").write_text("old")

    export(history, conversation, "markdown", out / "x.md")

    after = contents(out)
    assert (after.pop("x-pictures/holiday.txt"), after.pop(f"x-pictures/{changed.name}")) == (b"mine", b"retouched")
    assert after[f"x-pictures/{changed.stem}-2.jpg"] == JPEG
    assert f"x-pictures/{changed.stem}-2.jpg".encode() in after["x.md"]
    assert set(before) - set(after) == {f"x-pictures/{changed.name}"}


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


@pytest.mark.parametrize("key", WITHOUT_QT)
@pytest.mark.parametrize("failing", [1, 2, 3])
def test_a_disk_that_fills_up_leaves_nothing_half_done(
    history: History, conversation: int, out: Path, monkeypatch: pytest.MonkeyPatch, key: str, failing: int
) -> None:
    """The first, second or third file cannot be brought to the disk; JSON is one file only."""
    target = out / f"x{EXPORTERS[key].suffix}"
    target.write_bytes(b"the last export")
    calls = 0

    def fsync(_handle: int) -> None:
        nonlocal calls
        calls += 1
        if calls == (failing if key == "markdown" else 1):
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(UserError) as error:
        export(history, conversation, key, target)
    assert str(error.value) == (
        f"{target.name} cannot be written to {out} (No space left on device); choose another folder or free some space."
    )
    assert contents(out) == {target.name: b"the last export"}
    assert [file.name for file in out.iterdir()] == [target.name]


@pytest.mark.parametrize("key", WITHOUT_QT)
def test_a_damaged_picture_leaves_nothing_half_done(
    history: History, conversation: int, out: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    whole = history.picture

    def damaged(sha256: str) -> bytes:
        if whole(sha256) == JPEG:
            raise UserError("The picture photo is damaged.")
        return PNG

    monkeypatch.setattr(history, "picture", damaged)
    with pytest.raises(UserError, match=r"^The picture photo is damaged\.$"):
        export(history, conversation, key, out / "x")
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("key", WITHOUT_QT)
def test_a_folder_that_is_not_there_is_reported(history: History, conversation: int, out: Path, key: str) -> None:
    with pytest.raises(
        UserError, match=r"^x\.out cannot be written to .*missing \(No such file or directory\); choose"
    ):
        export(history, conversation, key, out / "missing" / "x.out")


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
def test_an_export_has_the_permissions_of_any_new_file(history: History, conversation: int, out: Path) -> None:
    plain = out / "plain"
    plain.touch()
    target = export(history, conversation, "json", out / "x.json")
    assert target.stat().st_mode == plain.stat().st_mode


def test_a_new_format_is_one_function(
    history: History, conversation: int, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "EXPORTERS", dict(EXPORTERS))

    @exporter("words", "Number of words", ".txt")
    def _words(source: Source, number: int, path: Path, made: list[Path]) -> None:
        path.write_text(str(sum(len(one.text.split()) for one in source.thread(number))))
        made.append(path)

    assert [(one.key, one.label, one.suffix) for one in exporting.EXPORTERS.values()] == [
        ("markdown", "Markdown with pictures", ".md"),
        ("html", "Web page with pictures", ".html"),
        ("pdf", "PDF", ".pdf"),
        ("json", "JSON with all versions", ".json"),
        ("words", "Number of words", ".txt"),
    ]
    assert export(history, conversation, "words", out / suggested_name("Words", "words")).read_text() == "12"
    assert [file.name for file in out.iterdir()] == ["Words.txt"]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("What does it say?", "What does it say-.md"),
        ("a/b\\c:d*e", "a-b-c-d-e.md"),
        ("  two\n lines\t", "two lines.md"),
        ("..", "conversation.md"),
        (".hidden.", "hidden.md"),
        ("", "conversation.md"),
        ("CON", "_CON.md"),
        ("nul.tar", "_nul.tar.md"),
        ("COM1", "_COM1.md"),
        ("日本語 🎉", "日本語 🎉.md"),
        ("cafe\u0301", "caf\u00e9.md"),
        ("evil\u202egpj.exe\x00", "evilgpj.exe.md"),
    ],
)
def test_names_that_every_system_takes(title: str, name: str) -> None:
    assert suggested_name(title, "markdown") == name


@given(st.text())
def test_any_title_becomes_a_name_in_this_folder(title: str) -> None:
    name = safe_name(title, "conversation")
    assert 0 < len(name.encode()) <= MAX_NAME_BYTES + 1
    assert Path(name).name == name
    assert name == name.strip(" .")
    assert not set(name) & set('<>:"/\\|?*\x00\n')
    assert safe_name(name, "conversation") == name


@pytest.mark.parametrize("key", WITHOUT_QT)
def test_other_files_go_out_in_the_place_of_pictures(history: History, conversation: int, out: Path, key: str) -> None:
    other = b"\x89PNG\r\n\x1a\n black boxes"
    (chart,) = {one.sha256 for message in history.thread(conversation) for one in message.pictures[:1]}
    export(history, conversation, key, out / f"hidden{EXPORTERS[key].suffix}", instead={chart: Instead(other)})
    written = b"".join(contents(out).values())
    assert PNG not in written
    assert base64.b64encode(PNG) not in written
    assert chart.encode() not in written
    assert chart[:8] not in "".join(contents(out))
    assert other in written or base64.b64encode(other) in written
    assert JPEG in written or base64.b64encode(JPEG) in written
    assert history.picture(chart) == PNG


def test_a_json_export_names_the_files_that_went_out(history: History, conversation: int, out: Path) -> None:
    chart = history.thread(conversation)[0].pictures[0].sha256
    export(history, conversation, "json", out / "hidden.json", instead={chart: Instead(b"other")})
    document = json.loads((out / "hidden.json").read_text("utf-8"))
    new = hashlib.sha256(b"other").hexdigest()
    named = {picture["sha256"] for message in document["messages"] for picture in message["pictures"]}
    assert named == set(document["pictures"])
    assert document["pictures"][new]["size_bytes"] == 5


@pytest.mark.parametrize("key", WITHOUT_QT)
def test_what_is_hidden_in_a_picture_is_not_written_beside_it(history: History, out: Path, key: str) -> None:
    made = history.create_conversation("Call 030 1234567")
    bill = history.add_picture(PNG, name="bill.png", width=30, height=20)
    other = history.add_picture(JPEG, name="other.jpg", width=3, height=2)
    details = {
        IMAGE_TEXT: {
            bill: Excerpt(("bob@example.com", "and more")).as_json(),
            other: Excerpt(("A harmless line",)).as_json(),
        },
        IMAGE_TEXT_OFF: [bill],
    }
    question = history.add_message(made, None, "user", "Who?", pictures=[bill, other], details=details)
    history.add_message(made, question.id, "assistant", "It is bob@example.com, 030 1234567.")
    instead = {bill: Instead(b"boxes", ("bob@example.com", "bob", "030 1234567\n1"))}
    path = export(history, made, key, out / f"hidden{EXPORTERS[key].suffix}", instead)
    text = path.read_text("utf-8")
    assert "bob" not in text
    assert "1234567" not in text
    assert "and more" not in text
    assert bill not in text
    assert "A harmless line" in text
    assert f"It is {BLOT * 12}, {BLOT * 11}." in text


HOSTILE = """\
<script>alert(1)</script> <img src=x onerror=alert(1)> <iframe src="https://evil.example/"></iframe>

![track](https://evil.example/pixel.png) [click](javascript:alert(1)) <https://evil.example/auto>

[x]: https://evil.example/ "t"

```html"><script>alert(2)</script>
</code></pre><script>alert(3)</script>
```

| <b onclick=x>a</b> | `</td><script>` |
|---|---|
| <svg onload=alert(4)> | $<script>$ |

$$\\href{javascript:alert(5)}{x}$$

&lt;script&gt; &#60;script&#62; \u202etxt.exe
"""


class _Tags(HTMLParser):
    """Every element with its attributes, and every text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def read_page(path: Path) -> _Tags:
    parser = _Tags()
    parser.feed(path.read_text("utf-8"))
    parser.close()
    return parser


def test_a_web_page_loads_runs_and_links_nothing_whatever_a_model_writes(history: History, out: Path) -> None:
    made = history.create_conversation("<script>title</script>")
    picture = history.add_picture(PNG, name='"><script>name</script>.png', width=3, height=2)
    question = history.add_message(made, None, "user", HOSTILE, pictures=[picture])
    history.add_message(made, question.id, "assistant", HOSTILE, model="<script>model</script>")
    page = read_page(export(history, made, "html", out / "page.html"))

    names = {tag for tag, _ in page.tags}
    assert not names & {"script", "iframe", "object", "embed", "link", "a", "form", "svg", "base", "video", "audio"}
    attributes = {name for _, found in page.tags for name in found}
    assert not {name for name in attributes if name.startswith("on")} | attributes & {"href", "srcset", "action"}
    sources = [found["src"] or "" for tag, found in page.tags if tag == "img"]
    assert sources
    assert all(source.startswith(("data:image/png;base64,", "data:image/svg+xml;base64,")) for source in sources)
    policy = next(found["content"] or "" for tag, found in page.tags if tag == "meta" and "http-equiv" in found)
    assert policy.startswith("default-src 'none'; img-src data:;")
    assert page.text.count("<script>alert(1)</script>") == 2
    assert "<script>title</script>" in page.text
    assert "<script>alert(3)</script>" in page.text
    assert "https://evil.example/pixel.png" in page.text
    assert "\u202e" not in page.text


def test_a_web_page_shows_what_was_said(history: History, conversation: int, out: Path) -> None:
    export(history, conversation, "html", out / "page.html")
    page = read_page(out / "page.html")
    images = [found for tag, found in page.tags if tag == "img"]
    assert [found["alt"] for found in images] == ["a [chart].jpeg", "../../photo", "again.png"]
    assert images[0]["src"] == f"data:image/png;base64,{base64.b64encode(PNG).decode()}"
    assert "# Which **is** it?\n\n```\n  verbatim *\n```" in page.text
    assert "Cut off at the limit of length." in page.text
    assert "Another answer" not in page.text
    assert [file.name for file in out.iterdir()] == ["page.html"]


def test_one_message_goes_out_alone(history: History, conversation: int, out: Path) -> None:
    question, answer, _ = history.thread(conversation)
    page = read_page(export(history, conversation, "html", out / "page.html", only=answer.id))
    assert "The chart" in page.text
    assert "verbatim" not in page.text
    assert "And now?" not in page.text
    assert [found["alt"] for tag, found in page.tags if tag == "img"] == ["a [chart].jpeg", "../../photo"]
    page = read_page(export(history, conversation, "html", out / "page.html", only=question.id))
    assert "verbatim" in page.text
    assert "The chart" not in page.text
    assert [tag for tag, _ in page.tags].count("section") == 1


def test_one_answer_goes_out_with_the_picture_that_was_asked_about_before(
    history: History, conversation: int, out: Path
) -> None:
    again = history.thread(conversation)[2]
    answer = history.add_message(conversation, again.id, "assistant", "Three bars.")
    further = history.add_message(conversation, answer.id, "user", "And the highest?")
    last = history.add_message(conversation, further.id, "assistant", "The **second**.")
    text = export(history, conversation, "markdown", out / "answer.md", only=last.id).read_text("utf-8")
    link = f"answer-pictures/again-{again.pictures[0].sha256[:8]}.png"
    assert [line for line in text.splitlines() if line.startswith("![")] == [f"![again.png]({link})"]
    assert (out / link).read_bytes() == PNG
    assert "The **second**." in text
    assert not [words for words in ("And now?", "Three bars", "highest") if words in text]


def test_an_answer_about_no_picture_goes_out_alone(history: History, out: Path) -> None:
    made = history.create_conversation("Hello")
    question = history.add_message(made, None, "user", "Hello?")
    answer = history.add_message(made, question.id, "assistant", "Hi.")
    text = export(history, made, "markdown", out / "answer.md", only=answer.id).read_text("utf-8")
    assert "Hello?" not in text
    assert text.endswith("\n\nHi.\n")
    assert [one.name for one in out.iterdir()] == ["answer.md"]


@pytest.mark.parametrize("key", ["html", "markdown"])
def test_an_export_is_watched_and_can_be_stopped(history: History, conversation: int, out: Path, key: str) -> None:
    seen: list[tuple[int, int]] = []
    export(history, conversation, key, out / "whole", watch=lambda at, of: seen.append((at, of)))
    assert seen == [(0, 3), (1, 3), (2, 3)]
    before = sorted(out.rglob("*"))

    def stop(at: int, _of: int) -> None:
        if at == 1:
            raise UserError("Stopped.")

    with pytest.raises(UserError, match="Stopped"):
        export(history, conversation, key, out / "stopped", watch=stop)
    assert sorted(out.rglob("*")) == before


def test_pdf_without_the_window_says_what_to_do(
    history: History, conversation: int, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "page_writers", [])
    with pytest.raises(UserError, match="drawn by the window"):
        export(history, conversation, "pdf", out / "page.pdf")
    assert list(out.iterdir()) == []
