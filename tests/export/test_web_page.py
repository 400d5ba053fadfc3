"""Web pages: what was said, and nothing that loads or runs."""

from __future__ import annotations

import base64
from pathlib import Path

from desktop_vlm.export import export
from desktop_vlm.history import History
from tests.export.contents import PNG, read_page

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
