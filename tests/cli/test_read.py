"""`desktop-vlm read` as a person runs it."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from desktop_vlm.cli import read
from desktop_vlm.cli.main import main
from desktop_vlm.service import reader_client
from tests.images.text_layer.drawn import drawn, png

ROOT = Path(__file__).parents[2]

Outcome = tuple[int, str, str]
"""Exit code, stdout, stderr."""


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Callable[..., Outcome]:
    def run_inside(*arguments: str | Path) -> Outcome:
        code = main(["read", *map(str, arguments)])
        return code, *capsys.readouterr()

    return run_inside


@pytest.fixture
def scripted(monkeypatch: pytest.MonkeyPatch) -> None:
    """The process does what the files say."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    command = (sys.executable, str(ROOT / "tests" / "scripted_reader.py"))
    monkeypatch.setattr(reader_client, "child_command", lambda _: command)


@pytest.fixture
def file(tmp_path: Path) -> Callable[[str], Path]:
    def write(text: str) -> Path:
        path = tmp_path / f"{text.split(maxsplit=1)[0]}.png"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_images_are_read_with_their_places_and_without_a_network(
    run: Callable[..., Outcome], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):  # whatever asked would fail
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    image = drawn(["Invoice 4711", "Total 12.50"])
    upper, lower = tmp_path / os.fsdecode(b"im\xe9.png"), tmp_path / "lower.png"
    upper.write_bytes(png(image))
    lower.write_bytes(png(image))
    code, out, err = run("--json", "--region", "0,60,320,60", upper, lower)
    assert (code, err) == (0, "")
    first, second = map(json.loads, out.splitlines())
    assert first["name"].endswith("imé.png")
    assert (first["page"], first["pages"], first["source"]) == (1, 1, "ocr")
    assert (first["width"], first["height"]) == image.size
    assert first["text"] == second["text"] == "Total 12.50"
    # Where the ink is in the whole image, not in the region.
    assert list(first["lines"][0]["box"].values()) == pytest.approx([21, 67, 142, 84], abs=2)
    assert [word["text"] for word in first["lines"][0]["words"]] == ["Total", "12.50"]


@pytest.mark.usefixtures("scripted")
def test_what_cannot_be_read_leaves_the_others_readable(
    run: Callable[..., Outcome], file: Callable[[str], Path], tmp_path: Path
) -> None:
    good, again = file("hello world"), file("again")
    code, out, err = run(good, tmp_path / "missing.png", file("refuse"), tmp_path, again)
    assert code == 2
    assert out == f"==> {good} <==\nhello world\n\n==> {again} <==\nagain\n"
    assert err.splitlines() == [
        "desktop-vlm: missing.png does not exist; check the name or choose the image again.",
        "desktop-vlm: refuse.png is wrong; take another.",
        f"desktop-vlm: {tmp_path.name} is a folder; choose an image inside it.",
    ]


@pytest.mark.usefixtures("scripted")
def test_a_crash_is_a_sentence_and_the_next_file_is_read(
    run: Callable[..., Outcome], file: Callable[[str], Path]
) -> None:
    code, out, err = run("--json", file("die"), file("refuse"), file("hello"))
    assert code == 3
    assert err.splitlines()[0] == (
        "desktop-vlm: The text of die.png cannot be read: the text reader crashed (signal 11)."
    )
    crashed, refused, good = map(json.loads, out.splitlines())
    assert crashed == {"name": str(file("die")), "error": err.splitlines()[0].removeprefix("desktop-vlm: ")}
    assert refused["error"].startswith("refuse.png is wrong")
    assert good["text"] == "hello"


@pytest.mark.usefixtures("scripted")
def test_forms(run: Callable[..., Outcome], file: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch) -> None:
    pages = file("pages *of* a divi-\nded word")
    code, out, _ = run("--hocr", pages, file("code"))
    assert code == 0
    page_ids = [
        element.get("id") for element in ET.fromstring(out.encode()).iter() if element.get("class") == "ocr_page"
    ]
    assert page_ids == ["page_1", "page_2", "page_3"]
    assert run("--codes", file("code")) == (0, "first sec ond\n", "")
    assert run(file("code"))[1:] == (
        "",
        f"desktop-vlm: {file('code')} holds no text, but a QR code or barcode; --codes prints what it says.\n",
    )
    assert run("--markdown", "--pages", "1", pages)[1].startswith("pages \\*of\\* a divi-")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"from a divi-\nded pipe")))
    assert run("--join-hyphens", "-")[1] == "from a divided\npipe\n"


def test_pages_are_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    assert read._pages("1,3-500") == [1, *range(3, 501)]
    with pytest.raises(SystemExit, match="2"):
        main(["read", "--pages", "0", "x.png"])
    assert "argument --pages: invalid list of pages value: '0'" in capsys.readouterr().err


@pytest.mark.parametrize("region", ["1,2,3", "0,0,0,5", "a,b,c,d", "0,-1,5,5"])
def test_a_region_is_four_numbers(region: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["read", f"--region={region}", "x.png"])
    assert f"argument --region: invalid region value: '{region}'" in capsys.readouterr().err


def test_stdin_is_one_image(run: Callable[..., Outcome]) -> None:
    assert run("-", "-") == (
        2,
        "",
        "desktop-vlm: Only one image can come from stdin; give the others as files.\n",
    )


def test_ctrl_c_ends_it_and_its_process(tmp_path: Path) -> None:
    path = tmp_path / "sleep.png"
    path.write_text("sleep", encoding="utf-8")
    code = (
        "import sys; from desktop_vlm.service import reader_client; "
        f"reader_client.child_command = lambda _: (sys.executable, {str(ROOT / 'tests' / 'scripted_reader.py')!r}); "
        "from desktop_vlm.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", code, "read", str(path)]
    process = subprocess.Popen(command, cwd=ROOT, env=os.environ | {"PYTHONPATH": str(ROOT)}, stderr=subprocess.PIPE)
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    while not children.read_text(encoding="ascii").strip():
        time.sleep(0.01)
    (child,) = children.read_text(encoding="ascii").split()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (130, b"")
    ends_s = time.monotonic() + 60
    while Path(f"/proc/{child}").exists():  # interrupted while it was being started, it ends with its parent
        assert time.monotonic() < ends_s
        time.sleep(0.01)
