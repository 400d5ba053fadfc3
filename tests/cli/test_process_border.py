"""What the installed program does with arguments, streams and files that are not what they should be."""

from __future__ import annotations

import codecs
import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from desktop_vlm.cli.main import main
from desktop_vlm.convert import ModelFiles
from desktop_vlm.system.border import streams
from tests.checkpoints import CHECKPOINTS, model_images

TIMEOUT_S = 60


@pytest.fixture(scope="module")
def place(model_files: Callable[..., ModelFiles], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model in `model` and in one whose name is no text, an image, schemas, a pipe."""
    folder = tmp_path_factory.mktemp("border")
    files = model_files("alpha")
    for name in (b"model", b"d\xff"):
        into = Path(os.fsdecode(os.fsencode(folder) + b"/" + name))
        into.mkdir()
        for file in (files.text, files.mmproj):
            shutil.copy(file, into)
    model_images(CHECKPOINTS["alpha"])["wide"].image().save(folder / "image.png")
    shutil.copy(folder / "image.png", folder / os.fsdecode(b"im\xe9.png"))
    schema = json.dumps({"const": "→ é 😀"}, ensure_ascii=False)
    (folder / "bom.json").write_text(schema, encoding="utf-8-sig")
    (folder / "utf16.json").write_text(schema, encoding="utf-16")
    (folder / "utf16be.json").write_text(schema, encoding="utf-16-be")
    (folder / "bom.lark").write_text('start: "→ é 😀"', encoding="utf-16")
    (folder / "latin1.json").write_text('{"const": "é"}', encoding="latin-1")
    (folder / "folder.json").mkdir()
    os.mkfifo(folder / "pipe")
    with (folder / "huge").open("wb") as huge:
        huge.truncate(300 * 2**20)
    broken = folder / "checkpoint"
    broken.mkdir()
    os.mkfifo(broken / "config.json")
    return folder


def run(place: Path, line: str, **environment: str) -> tuple[int, bytes, bytes]:
    """A line of sh; `V` is the program, `A` starts a short answer of the tiny model. Exit code, stdout, stderr."""
    program = f"'{sys.executable}' -m desktop_vlm"
    script = (
        f'V() {{ {program} "$@"; }}\n'
        'A() { V ask "$@" --max-tokens 60 --ctx 256 --threads 1 --temperature 0; }\n'
        f"{line}\n"
    )
    home = {"DESKTOP_VLM_HOME": str(place / "home"), "HOME": str(place / "home"), "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        [b"bash", b"-c", script.encode("utf-8", "surrogateescape")],
        cwd=place,
        env={**os.environ, **home, **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=TIMEOUT_S,
        check=False,
    )
    assert b"Traceback" not in done.stderr, done.stderr
    assert b"Exception ignored" not in done.stderr, done.stderr
    return done.returncode, done.stdout, done.stderr


class Inside:
    """Runs commands in this process, and reads what they write to the files 1 and 2, as native code does too."""

    def __init__(self, capfd: pytest.CaptureFixture[str]) -> None:
        self._capfd = capfd

    def run(self, *words: str | bytes) -> tuple[int, str, str]:
        """Words of the command line, bytes as Python gives them. Exit code, stdout, stderr."""
        try:
            code = main([os.fsdecode(word) for word in words])
        except SystemExit as end:  # of argparse
            code = int(end.code or 0)
        return (code, *self._capfd.readouterr())

    def ask(self, *words: str | bytes) -> tuple[int, str, str]:
        """A short answer of the tiny model."""
        return self.run("ask", *words, "--max-tokens", "60", "--ctx", "256", "--threads", "1", "--temperature", "0")


@pytest.fixture
def inside(place: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Inside:
    monkeypatch.chdir(place)
    return Inside(capfd)


ONE_PROCESS = """
import sys
from desktop_vlm.cli.main import main
codes = []
for line in sys.argv.pop().split(";"):
    sys.stdout = sys.__stdout__
    sys.argv[1:] = line.split()
    try:
        codes.append(main())
    except SystemExit as end:
        codes.append(end.code or 0)
print(*codes, file=sys.stderr)
"""


def run_one_after_the_other(place: Path, lines: Sequence[str], target: str, **environment: str) -> list[str]:
    """Commands with the same streams, without the second that it takes to start each. Exit codes, and their stderr."""
    program = f"'{sys.executable}' -c '{ONE_PROCESS}' '{';'.join(lines)}' {target}"
    _, _, err = run(place, program, **environment)
    return err.decode().splitlines()


CONST = '--json-schema \'{"const": "→ é 😀"}\''
ARROW = '"→ é 😀"\n'
ANSWERS: dict[str, tuple[list[str | bytes], str]] = {
    "system in Latin-1": (["q", "--system", b"caf\xe9", "--regex", "yes"], "yes\n"),
    "choice in Latin-1": (["q", "--choice", b"\xe9,\xe9"], "é\n"),
    "schema in Latin-1": (["q", "--json-schema", b'{"const": "\xe9"}'], '"é"\n'),
    "half a byte sequence": ([b"\xe2\x86", "--regex", "yes"], "yes\n"),
    "image not UTF-8": ([b"im\xe9.png", "q", "--regex", "yes"], "yes\n"),
    "byte order mark": (["q", "--json-schema", "bom.json"], ARROW),
    "UTF-16": (["q", "--json-schema", "utf16.json"], ARROW),
    "UTF-16 without a mark": (["q", "--json-schema", "utf16be.json"], ARROW),
    "UTF-16 grammar": (["q", "--grammar", "bom.lark"], "→ é 😀\n"),
}


@pytest.mark.parametrize("folder", ["model", b"d\xff"])
@pytest.mark.parametrize("kind", ANSWERS)
def test_an_answer(inside: Inside, kind: str, folder: str | bytes) -> None:
    words, expected = ANSWERS[kind]
    assert inside.ask(*words, "--model", folder) == (0, expected, "")


OUTSIDE = {
    "question, image and model not UTF-8": ("A $'im\\xe9.png' $'caf\\xe9 ?' --model $'d\\xff' --regex yes", b"yes\n"),
    "image from a pipe": ("cat image.png | A - q --model model --regex yes", b"yes\n"),
    "stdin closed and not needed, stderr closed": ("A q --model model --regex yes <&- 2>&-", b"yes\n"),
    "stderr full": ("A q --model model --max-tokens 1 --regex yes 2>/dev/full", b"y"),
    "reader gone": ("A q --model model --regex yes | true; echo ${PIPESTATUS[0]}", b"0\n"),
}


@pytest.mark.parametrize("kind", OUTSIDE)
def test_an_answer_of_a_process(place: Path, kind: str) -> None:
    line, expected = OUTSIDE[kind]
    code, out, err = run(place, line)
    assert (code, out[: len(expected)]) == (0, expected), err


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "cp1252"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    ],
    ids=lambda values: " ".join(values.values()),
)
def test_stdout_that_has_not_every_character_gets_the_same_json(place: Path, environment: dict[str, str]) -> None:
    code, out, err = run(place, f"A q --model model {CONST}", **environment)
    assert code == 0, err
    encoding = environment.get("PYTHONIOENCODING", "ascii")
    assert json.loads(out.decode(encoding)) == "→ é 😀"


@pytest.mark.parametrize("encoding", ["ascii", "cp437", "cp1252", "latin-1", "shift_jis"])
def test_what_an_encoding_lacks_is_escaped_as_json_does(encoding: str) -> None:
    codecs.register_error(streams._ESCAPE, streams._escape)
    written = io.BytesIO()
    guarded = streams._guarded(io.TextIOWrapper(written, encoding=encoding), False, streams._ESCAPE)
    guarded.write(ARROW)
    guarded.flush()
    assert json.loads(written.getvalue().decode(encoding)) == "→ é 😀"


TINY = "--model model --threads 1"
HELP = [f"{command} --help" for command in ("", "ask", "convert", "doctor")]


def test_help_is_written_in_every_encoding(place: Path) -> None:
    """ASCII has the fewest characters of all."""
    (codes,) = run_one_after_the_other(place, HELP, "", PYTHONIOENCODING="ascii")
    assert codes == "0 0 0 0"


def test_a_reader_of_help_that_goes_away_is_no_error(place: Path) -> None:
    (codes,) = run_one_after_the_other(place, HELP, "| true")
    assert codes == "0 0 0 0"


@pytest.mark.parametrize(
    ("target", "words", "lines"),
    [
        (">&-", "stdout is closed", [f"ask q {TINY}", f"bench {TINY}", "doctor", "read image.png"]),
        (
            ">/dev/full",
            "No space left",
            [
                *(f"ask q {TINY} --regex yes", "doctor", "ask --help", "--version"),
                f"bench {TINY} --prompt 8 --generate 2 --repeat 1",
            ],
        ),
        ("1</dev/null", "output cannot be written", [f"ask q {TINY} --regex yes"]),
    ],
    ids=["closed", "full", "read-only"],
)
def test_stdout_that_cannot_be_used_ends_in_one_sentence(
    place: Path, target: str, words: str, lines: list[str]
) -> None:
    *sentences, codes = run_one_after_the_other(place, lines, target)
    assert codes.split() == ["2"] * len(lines), sentences
    assert len(sentences) == len(lines), sentences
    assert all(words in sentence and sentence.startswith("desktop-vlm: ") for sentence in sentences), sentences


@pytest.mark.parametrize(
    ("file", "sentence"),
    [("", "stdin is closed"), ("/dev/null", "the image on stdin is empty"), ("huge", "larger than")],
)
def test_stdin_that_holds_no_image_ends_in_one_sentence(
    inside: Inside, monkeypatch: pytest.MonkeyPatch, file: str, sentence: str
) -> None:
    with Path(file or os.devnull).open(encoding="utf-8") as stdin:
        monkeypatch.setattr("sys.stdin", stdin if file else None)
        code, out, err = inside.ask("-", "q", "--model", "model")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert sentence in err


SENTENCES: dict[str, tuple[list[str | bytes], str]] = {
    "schema a pipe": (["q", "--json-schema", "pipe"], "not an ordinary file"),
    "schema a device": (["q", "--json-schema", "/dev/zero"], "not an ordinary file"),
    "schema a folder": (["q", "--json-schema", "folder.json"], "is a folder"),
    "schema too large": (["q", "--json-schema", "huge"], "larger than"),
    "schema of Latin-1": (["q", "--json-schema", "latin1.json"], "not UTF-8"),
    "schema's name not UTF-8": (["q", "--json-schema", b"\xff.json"], "no readable schema file"),
    "schema's name too long": (["q", "--json-schema", "x" * 5000], "no readable schema file"),
    "grammar a pipe": (["q", "--grammar", "pipe"], "not an ordinary file"),
    "image a pipe": (["pipe", "q"], "not an ordinary file"),
    "image a device": (["/dev/zero", "q"], "not an ordinary file"),
    "image a folder": ([".", "q"], "is a folder"),
    "image's name not UTF-8": ([b"\xff.png", "q"], "does not exist"),
    "image too large": (["huge", "q"], "larger than"),
    "mmproj a pipe": (["image.png", "q", "--mmproj", "pipe"], "not an ordinary file"),
    "number not UTF-8": (["q", "--ctx", b"\xff"], "--ctx"),
}
OTHERS: dict[str, tuple[list[str | bytes], str]] = {
    "model a pipe": (["ask", "q", "--model", "pipe"], "not an ordinary file"),
    "model a device": (["ask", "q", "--model", "/dev/zero"], "not an ordinary file"),
    "bench, model a pipe": (["bench", "--model", "pipe"], "not an ordinary file"),
    "doctor, model a pipe": (["doctor", "--model", "pipe"], "not an ordinary file"),
    "window, file missing": ([b"\xff.png"], "There is no file"),
    "convert, config a pipe": (["convert", "checkpoint", "out"], "not an ordinary file"),
    "convert, no checkpoint": (["convert", b"\xff", "out"], "no folder here"),
    "convert from a pipe": (["convert", "pipe", "out"], "give the checkpoint's folder"),
}
for _kind, (_words, _sentence) in SENTENCES.items():
    OTHERS[_kind] = (["ask", *_words, "--model", "model"], _sentence)


@pytest.mark.parametrize("kind", OTHERS)
def test_one_sentence_and_exit_code_2(inside: Inside, kind: str) -> None:
    words, sentence = OTHERS[kind]
    code, _, err = inside.run(*words)
    assert code == 2, err
    assert sentence in err
    assert err.splitlines()[-1].startswith("desktop-vlm"), err


def test_convert_into_and_from_folders_whose_names_are_no_text(
    place: Path, inside: Inside, checkpoint_folder: Callable[[str], Path]
) -> None:
    shutil.copytree(checkpoint_folder("alpha"), os.fsdecode(os.fsencode(place) + b"/ch\xff"))
    code, out, err = run(place, "V convert $'ch\\xff' $'out\\xff' --text-type F32 --vision-type F32")
    assert code == 0, err
    assert b"out\xff/" in out
    assert inside.ask("q", "--model", b"out\xff", "--regex", "yes") == (0, "yes\n", "")
    code, out_text, _ = inside.run("doctor", "--model", b"out\xff")
    assert code == 0, out_text


@pytest.mark.parametrize("file", ["settings.toml", "quick-actions.toml"])
def test_a_settings_file_that_is_a_pipe_keeps_nobody_waiting(tmp_path: Path, file: str) -> None:
    from desktop_vlm.quick_actions import QuickActionStore
    from desktop_vlm.settings import SettingsStore

    os.mkfifo(tmp_path / file)
    path = tmp_path / file
    store = SettingsStore(path) if file == "settings.toml" else QuickActionStore(path)
    (problem,) = store.problems
    assert "is not an ordinary file" in problem


def test_a_settings_file_of_an_old_editor_is_read(tmp_path: Path) -> None:
    from desktop_vlm.settings import SettingsStore

    (tmp_path / "settings.toml").write_text('[appearance]\ntheme = "dark"\n', encoding="utf-16")
    assert SettingsStore(tmp_path / "settings.toml").current.appearance.theme == "dark"


def test_a_menu_entry_for_a_path_that_is_no_text_is_refused(tmp_path: Path) -> None:
    from desktop_vlm.api.errors import UserError
    from desktop_vlm.system.desktop_files.folders import DesktopFolders
    from desktop_vlm.system.desktop_files.install import install

    folders = DesktopFolders.of_user({"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "data")})
    with pytest.raises(UserError, match="not UTF-8 text"):
        install(folders, program=["/opt/\udcff/desktop-vlm"])
    assert not list(tmp_path.rglob("*.desktop"))
