"""`desktop-vlm ask` as a person runs it: its output and its exit code.

What concerns the process (pipes, terminals, signals) is seen from outside of one; what only the arguments decide is
seen from inside, without the second that it takes to start one.
"""

from __future__ import annotations

import io
import json
import os
import pty
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from desktop_vlm import backend
from desktop_vlm.api.answer import Chunk, Usage
from desktop_vlm.cli.ask import EXIT_CUT_OFF
from desktop_vlm.cli.main import main
from desktop_vlm.convert import ModelFiles
from tests.checkpoints import CHECKPOINTS, model_images

CUT = json.dumps(
    {"type": "array", "items": {"type": "array", "items": {"enum": ["aaaa"]}, "minItems": 90}, "minItems": 9}
)


def run(*arguments: str | Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "desktop_vlm", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, timeout=60, check=False)


class Inside:
    """Runs commands in this process, and reads what they write to the files 1 and 2, as native code does too."""

    def __init__(self, capfd: pytest.CaptureFixture[str]) -> None:
        self._capfd = capfd

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[bytes]:
        code = main([*map(str, arguments)])
        out, err = self._capfd.readouterr()
        return subprocess.CompletedProcess(arguments, code, out.encode(), err.encode())


@pytest.fixture
def inside(capfd: pytest.CaptureFixture[str]) -> Inside:
    return Inside(capfd)


@pytest.fixture(scope="module")
def model(model_files: Callable[..., ModelFiles]) -> list[str]:
    return ["--model", str(model_files("alpha").text), "--ctx", "256", "--threads", "1", "--temperature", "0"]


@pytest.fixture(scope="module")
def image(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("images") / "wide.png"
    model_images(CHECKPOINTS["alpha"])["wide"].image().save(path)
    return path


def test_an_answer_goes_to_stdout_and_nothing_else(model: Sequence[str], image: Path) -> None:
    found = run("ask", image, "What is this?", "--max-tokens", "5", *model)
    assert found.returncode == 0
    assert found.stdout.endswith(b"\n")
    assert len(found.stdout) > 1
    assert found.stderr == b"desktop-vlm: the answer is cut off; allow more with --max-tokens or --ctx.\n"


def test_stdin_is_the_same_image(model: Sequence[str], image: Path, inside: Inside) -> None:
    from_file = inside.run("ask", image, "What is this?", "--max-tokens", "5", *model)
    from_stdin = run("ask", "-", "What is this?", "--max-tokens", "5", *model, stdin=image.read_bytes())
    assert from_stdin.returncode == 0
    assert from_stdin.stdout == from_file.stdout


def test_stats_count_the_work(model: Sequence[str], image: Path, inside: Inside) -> None:
    found = inside.run("ask", image, image, "What is this?", "--max-tokens", "3", "--stats", *model)
    assert b"15 prompt tokens (0 cached), 3 generated; encode 0." in found.stderr


def test_a_schema_file_is_followed(model: Sequence[str], tmp_path: Path) -> None:
    schema = tmp_path / "schema.json"
    schema.write_text(json.dumps({"type": "array", "items": {"enum": ["x", "y"]}, "minItems": 2, "maxItems": 3}))
    found = run("ask", "List.", "--json-schema", schema, "--max-tokens", "60", *model)
    assert found.returncode == 0
    assert set(json.loads(found.stdout)) <= {"x", "y"}


def test_a_seed_repeats_an_answer(model: Sequence[str], inside: Inside) -> None:
    base = ["ask", "Hello", "--max-tokens", "12", *model, "--temperature", "1.5"]
    first, again, other = (inside.run(*base, "--seed", seed).stdout for seed in ("1", "1", "2"))
    assert first == again != other


def test_the_demo_reads_images_by_the_likeliest_words(image: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """GIVEN no model and no temperature THEN images are read with 0; text, or what is asked for, is as it says."""
    asked: list[float] = []

    def chat(_model: backend.Model, _messages: Any, *, temperature: float, **_: Any) -> Iterator[Chunk]:
        asked.append(temperature)
        yield Chunk("", "stop", Usage(1, 1, 0, 0, 0.0, 0.0, 0.0))

    monkeypatch.setattr(backend.Model, "chat", chat)
    for words in ([str(image), "What?"], ["What?"], [str(image), "What?", "--temperature", "0.7"]):
        assert main(["ask", *words, "--ctx", "256", "--threads", "1"]) == 0
    assert asked == [0.0, 0.6, 0.7]


def test_a_reader_that_goes_away_is_no_error(model: Sequence[str]) -> None:
    command = [sys.executable, "-m", "desktop_vlm", "ask", "Hello", "--max-tokens", "60", *model]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 0


def test_a_terminal_sees_the_stage_and_a_clean_answer(model: Sequence[str], image: Path) -> None:
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "desktop_vlm", "ask", str(image), "Hi", "--max-tokens", "2", *model]
    process = subprocess.run(command, stdout=subprocess.PIPE, stderr=slave, timeout=60, check=True)
    os.close(slave)
    seen = os.read(master, 4096)
    os.close(master)
    assert b"cut off" in seen
    assert b"\r" not in process.stdout


def test_an_interrupt_ends_the_answer(model: Sequence[str]) -> None:
    command = [sys.executable, "-m", "desktop_vlm", "ask", "Hello", "--max-tokens", "8000", *model]
    command += ["--ctx", "8192", "--json-schema", CUT]  # 810 strings: seconds of work, however late the signal is sent
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.read(3)  # it is answering
        process.send_signal(signal.SIGINT)
        assert process.wait(60) == 130
        assert process.stderr.read() == b""


def test_an_interrupt_closes_json_where_that_was_asked_for(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], model: Sequence[str]
) -> None:
    def chat(*_: object, **__: object) -> Iterator[Chunk]:
        yield Chunk('{"a": [1, 2, ')
        raise KeyboardInterrupt

    monkeypatch.setattr(backend.Model, "chat", chat)
    assert main(["ask", "q", "--json-schema", "{}", "--close-json", *model]) == 130
    assert capsys.readouterr().out == '{"a": [1, 2]}\n'


def cut_png(path: Path) -> Path:
    buffer = io.BytesIO()
    Image.effect_noise((200, 200), 50).save(buffer, "PNG")
    path.write_bytes(buffer.getvalue()[:5000])
    return path


@pytest.mark.parametrize("size", [(1, 1), (20000, 50)])
def test_odd_sizes_are_answered(size: tuple[int, int], model: Sequence[str], tmp_path: Path, inside: Inside) -> None:
    path = tmp_path / "odd.png"
    Image.new("RGB", size, "navy").save(path)
    found = inside.run("ask", path, "What?", "--max-tokens", "2", *model)
    assert found.returncode == 0


def test_every_mistake_is_one_sentence(model: Sequence[str], image: Path, tmp_path: Path, inside: Inside) -> None:
    empty, text, cut = tmp_path / "empty.png", tmp_path / "text.png", cut_png(tmp_path / "cut.png")
    empty.touch()
    text.write_text("hello")
    damaged = tmp_path / "damaged-text.gguf"
    damaged.write_bytes(Path(model[1]).read_bytes()[:50_000])
    blind = tmp_path / "alone" / "chat.gguf"
    blind.parent.mkdir()
    blind.symlink_to(model[1])
    cases: list[tuple[list[str | Path], str]] = [
        (["ask", empty, "What?", *model], "empty.png"),
        (["ask", text, "What?", *model], "text.png"),
        (["ask", cut, "What?", *model], "cut.png"),
        (["ask", tmp_path / "missing.png", "What?", *model], "missing.png"),
        (["ask", tmp_path, "What?", *model], "is a folder"),
        (["ask", image, *model], "give the question after the images"),
        (["ask", image, " ", *model], "The question is empty"),
        (["ask", image, "What?", "--model", blind], "loaded without a vision projector"),
        (["ask", "What?", *model, "--json-schema", "{"], "not valid JSON"),
        (["ask", "What?", *model, "--json-schema", "nowhere.json"], "no readable schema file nowhere.json"),
        (["ask", "What?", *model, "--temperature", "-3"], "temperature is -3.0"),
        (["ask", "What?", *model, "--kv-type", "Q9"], "no KV cache type Q9"),
        (["ask", "word " * 900, *model], "the context holds 256"),
        (["ask", "What?", "--model", damaged], "damaged-text.gguf"),
        (["ask", "What?", "--model", image], "not a GGUF file"),
        (["ask", "What?", "--model", tmp_path / "missing.gguf"], "There is no model"),
        (["bench", *model[:4], "--prompt", "0"], "at least one token"),
        (["bench", *model[:4], "--prompt", "16", "--kv-type", "Q9"], "no KV cache type Q9"),
    ]
    outside = {0, 13}  # an image's and a model's: so it is for a process, too
    for number, (arguments, sentence) in enumerate(cases):
        found = run(*arguments) if number in outside else inside.run(*arguments)
        said = found.stderr.decode()
        assert found.returncode == 2, (arguments, said)
        assert sentence in said, (arguments, said)
        assert said.startswith("desktop-vlm: ")
        assert said.count("\n") == 1, said
        assert found.stdout == b""


def test_usage_errors_name_the_option() -> None:
    found = run("ask", "What?", "--max-tokens", "many")
    assert found.returncode == 2
    assert b"--max-tokens" in found.stderr


def test_an_answer_that_is_cut_off_says_so_and_can_be_closed(model: Sequence[str], inside: Inside) -> None:
    found = inside.run("ask", "List.", "--json-schema", CUT, "--max-tokens", "40", *model)
    assert found.returncode == 0
    assert found.stdout.startswith(b"[[")
    assert found.stderr == (
        b"desktop-vlm: the answer is cut off and not complete JSON (--close-json closes it); allow more with "
        b"--max-tokens or --ctx.\n"
    )
    options = ["--max-tokens", "40", "--close-json", "--fail-if-cut"]
    closed = inside.run("ask", "List.", "--json-schema", CUT, *options, *model)
    assert closed.returncode == EXIT_CUT_OFF
    assert set(json.loads(closed.stdout)[0]) == {"aaaa"}
    assert (
        closed.stderr == b"desktop-vlm: the answer is cut off and was closed; allow more with --max-tokens or --ctx.\n"
    )


def test_an_answer_is_held_to_a_choice_a_regex_or_a_grammar(
    model: Sequence[str], tmp_path: Path, inside: Inside
) -> None:
    file = tmp_path / "grammar.lark"
    file.write_text('start: "x" /[0-9]{3}/ "y"', encoding="utf-8-sig")
    for options, pattern in (
        (["--choice", 'yes,no,"a, b"'], "yes|no|a, b"),
        (["--regex", r"^\d{3}-\d{4}$"], r"\d{3}-\d{4}"),
        (["--grammar", str(file)], "x[0-9]{3}y"),
    ):
        found = inside.run("ask", "Say.", *options, "--max-tokens", "60", *model)
        assert found.returncode == 0
        assert re.fullmatch(pattern, found.stdout.decode().strip())


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--json-schema", '{"if": {}, "colour": 1}'], 'In the schema, "colour" cannot be obeyed; leave it out.'),
        (["--regex", "(a"], "The regular expression is not a regular expression"),
        (["--choice", '"a'], "is not a list like A,B,C; close its quotes."),
        (["--grammar", "nowhere.lark"], "There is no readable grammar file nowhere.lark; give a file."),
        (["--choice", "a,b", "--regex", "a"], "give regex or choice, not both."),
        (["--close-json"], "--close-json closes JSON; give it with --json-schema."),
    ],
)
def test_what_cannot_be_followed_is_refused_before_a_model_loads(
    options: list[str], sentence: str, inside: Inside
) -> None:
    found = inside.run("ask", "What?", *options, "--model", "nowhere.gguf")
    assert found.returncode == 2
    assert sentence in found.stderr.decode()
    assert found.stderr.count(b"\n") == 1
