"""What the installed program does with arguments, streams and files that are not what they should be."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop_vlm.convert import ModelFiles
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


CONST = '--json-schema \'{"const": "→ é 😀"}\''
ANSWERS = {
    "question in Latin-1": ("A $'caf\\xe9 ?' --model model --regex yes", b"yes\n"),
    "system in Latin-1": ("A q --system $'caf\\xe9' --model model --regex yes", b"yes\n"),
    "choice in Latin-1": ("A q --choice $'\\xe9,\\xe9' --model model", "é\n".encode()),
    "schema in Latin-1": ('A q --json-schema $\'{"const": "\\xe9"}\' --model model', '"é"\n'.encode()),
    "half a byte sequence": ("A $'\\xe2\\x86' --model model --regex yes", b"yes\n"),
    "model folder not UTF-8": ("A q --model $'d\\xff' --regex yes", b"yes\n"),
    "model and image not UTF-8": ("A $'im\\xe9.png' q --model $'d\\xff' --regex yes", b"yes\n"),
    "byte order mark": ("A q --model model --json-schema bom.json", '"→ é 😀"\n'.encode()),
    "UTF-16": ("A q --model model --json-schema utf16.json", '"→ é 😀"\n'.encode()),
    "UTF-16 without a mark": ("A q --model model --json-schema utf16be.json", '"→ é 😀"\n'.encode()),
    "UTF-16 grammar": ("A q --model model --grammar bom.lark", "→ é 😀\n".encode()),
    "image from a pipe": ("cat image.png | A - q --model model --regex yes", b"yes\n"),
    "stdin closed and not needed": ("A q --model model --regex yes <&-", b"yes\n"),
    "stderr closed": ("A q --model model --regex yes 2>&-", b"yes\n"),
    "stderr full": ("A q --model model --max-tokens 1 --regex yes 2>/dev/full", b"y"),
    "reader gone": ("A q --model model --regex yes | true; echo ${PIPESTATUS[0]}", b"0\n"),
    "help, reader gone": ("V ask --help | true; echo ${PIPESTATUS[0]}", b"0\n"),
}


@pytest.mark.parametrize("kind", ANSWERS)
def test_an_answer(place: Path, kind: str) -> None:
    line, expected = ANSWERS[kind]
    code, out, err = run(place, line)
    assert (code, out[: len(expected)]) == (0, expected), err


@pytest.mark.parametrize(
    "environment",
    [
        {"PYTHONIOENCODING": "cp1252"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "cp437"},
        {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"},
    ],
    ids=lambda values: " ".join(values.values()),
)
def test_stdout_that_has_not_every_character_gets_the_same_json(place: Path, environment: dict[str, str]) -> None:
    code, out, err = run(place, f"A q --model model {CONST}", **environment)
    assert code == 0, err
    encoding = environment.get("PYTHONIOENCODING", "ascii")
    assert json.loads(out.decode(encoding)) == "→ é 😀"


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "utf-8"])
def test_help_is_written_in_every_encoding(place: Path, encoding: str) -> None:
    for command in ("", "ask", "convert", "doctor"):
        assert run(place, f"V {command} --help", PYTHONIOENCODING=encoding)[0] == 0


SENTENCES = {
    "stdin closed": ("A - q --model model <&-", "stdin is closed"),
    "stdin empty": ("A - q --model model", "the image on stdin is empty"),
    "stdin too large": ("A - q --model model < huge", "larger than"),
    "stdout closed": ("A q --model model >&-", "stdout is closed"),
    "bench, stdout closed": ("V bench --model model >&-", "stdout is closed"),
    "doctor, stdout closed": ("V doctor >&-", "stdout is closed"),
    "stdout full": ("A q --model model --regex yes >/dev/full", "No space left"),
    "doctor, stdout full": ("V doctor >/dev/full", "No space left"),
    "doctor --json, stdout full": ("V doctor --json >/dev/full", "No space left"),
    "bench, stdout full": ("V bench --model model --prompt 8 --generate 2 --repeat 1 >/dev/full", "No space left"),
    "help, stdout full": ("V ask --help >/dev/full", "No space left"),
    "version, stdout full": ("V --version >/dev/full", "No space left"),
    "stdout read-only": ("A q --model model --regex yes 1</dev/null", "output cannot be written"),
    "schema a pipe": ("A q --model model --json-schema pipe", "not an ordinary file"),
    "schema a device": ("A q --model model --json-schema /dev/zero", "not an ordinary file"),
    "schema a folder": ("A q --model model --json-schema folder.json", "is a folder"),
    "schema too large": ("A q --model model --json-schema huge", "larger than"),
    "schema of Latin-1": ("A q --model model --json-schema latin1.json", "not UTF-8"),
    "schema's name not UTF-8": ("A q --model model --json-schema $'\\xff.json'", "no readable schema file"),
    "schema's name too long": (f"A q --model model --json-schema {'x' * 5000}", "no readable schema file"),
    "grammar a pipe": ("A q --model model --grammar pipe", "not an ordinary file"),
    "image a pipe": ("A pipe q --model model", "not an ordinary file"),
    "image a device": ("A /dev/zero q --model model", "not an ordinary file"),
    "image a folder": ("A . q --model model", "is a folder"),
    "image's name not UTF-8": ("A $'\\xff.png' q --model model", "does not exist"),
    "image too large": ("A huge q --model model", "larger than"),
    "model a pipe": ("A q --model pipe", "not an ordinary file"),
    "model a device": ("A q --model /dev/zero", "not an ordinary file"),
    "mmproj a pipe": ("A image.png q --model model --mmproj pipe", "not an ordinary file"),
    "bench, model a pipe": ("V bench --model pipe", "not an ordinary file"),
    "doctor, model a pipe": ("V doctor --model pipe", "not an ordinary file"),
    "number not UTF-8": ("A q --model model --ctx $'\\xff'", "--ctx"),
    "window, file missing": ("V $'\\xff.png'", "There is no file"),
    "convert, config a pipe": ("V convert checkpoint out", "not an ordinary file"),
    "convert, no checkpoint": ("V convert $'\\xff' out", "no folder here"),
    "convert from a pipe": ("V convert pipe out", "give the checkpoint's folder"),
}


@pytest.mark.parametrize("kind", SENTENCES)
def test_one_sentence_and_exit_code_2(place: Path, kind: str) -> None:
    line, words = SENTENCES[kind]
    code, _, err = run(place, line)
    assert code == 2, err
    assert words in err.decode()
    assert err.decode().splitlines()[-1].startswith("desktop-vlm"), err


def test_convert_into_and_from_folders_whose_names_are_no_text(
    place: Path, checkpoint_folder: Callable[[str], Path]
) -> None:
    shutil.copytree(checkpoint_folder("alpha"), os.fsdecode(os.fsencode(place) + b"/ch\xff"))
    code, out, err = run(place, "V convert $'ch\\xff' $'out\\xff' --text-type F32 --vision-type F32")
    assert code == 0, err
    assert b"out\xff/" in out
    code, out, err = run(place, "A q --model $'out\\xff' --regex yes; V doctor --model $'out\\xff' >/dev/null")
    assert (code, out) == (0, b"yes\n"), err


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
