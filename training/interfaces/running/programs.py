"""Real programs, run under Xvfb and explored through their accessibility trees, as images with what they show.

    /usr/bin/python3 -m training.interfaces.running.programs run FOLDER --rounds 2  # GTK 3, Qt 5, openbox
    /usr/bin/python3 -m training.interfaces.running.programs pack FOLDER OUT.zip

Each program has a display, a session bus and a home folder of its own. What was seen is kept as images and trees in a
folder, and becomes a pack later (`shown.py` says what counts). Needed: Debian's at-spi2-core, gir1.2-atspi-2.0,
python3-gi-cairo, python3-numpy, python3-pil, python3-xlib, xvfb, openbox, dbus-x11; icewm, fluxbox, jwm, fvwm3, marco
and metacity are used for title bars where they are installed.
"""

from __future__ import annotations

import argparse
import glob
import hashlib
import json
import os
import random
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from training.interfaces.running.files import fill_home
from training.interfaces.running.looks import environment, write_look
from training.interfaces.running.managers import write_manager
from training.interfaces.running.table import PROGRAMS, Program

SCREEN = (1500, 1100)
_NAMES = (("anna", "marta", "jonas", "felix", "nora"), ("paul", "ines", "emil", "clara", "tom"))
"""Of those who use the displays with even and with odd numbers."""
_LONGEST_RUN = 70
"""Seconds for a program, its start included."""


def run(folder: Path, programs: list[Program], rounds: int, seed: int, display: int, until: float) -> None:
    """Explore programs one after the other, those with the fewest runs first; programs may be installed meanwhile.

    What one does wrong doesn't stop the others; one that shows nothing is not run again.
    """
    folder.mkdir(parents=True, exist_ok=True)
    while time.time() < until:
        places = {number: _runs(folder, program, seed, rounds) for number, program in enumerate(programs)}
        left = [number for number, place in places.items() if place < rounds]
        if not left:
            return
        number = min(left, key=places.__getitem__)
        program, place = programs[number], places[number]
        rng = random.Random(f"{seed} {place} {number} {program.key}")
        count = _run_one(folder, program, rng, display, place, seed)
        (folder / f"{program.key}-{seed}-{place}.done").write_text(str(count))
        print(f"{time.strftime('%H:%M:%S')} {program.key}: {count}", flush=True)


def _runs(folder: Path, program: Program, seed: int, most: int) -> int:
    """How often a program has been run; `most` where it is not installed or shows nothing."""
    if shutil.which(program.binary, path=f"{os.environ['PATH']}:/usr/sbin:/usr/games") is None:
        return most
    done = list(folder.glob(f"{glob.escape(program.key)}-{seed}-[0-9]*.done"))
    return most if any(one.read_text() in ("0", "1") for one in done) else len(done)


def _run_one(folder: Path, program: Program, rng: random.Random, display: int, place: int, seed: int) -> int:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as made:
        home = _home(Path(made), display, rng)
        files = fill_home(home, rng)
        look = write_look(home, rng)
        manager, decorated = write_manager(home, rng, look)
        runtime = Path(made) / "runtime"
        buffer = str(runtime / "screen")
        known = {key: shlex.quote(path) for key, path in files.items()}
        task = {"command": program.command.format(**known),
                "noun": program.noun, "name": program.name, "font": look.font, "font_size": look.font_size,
                "manager": manager, "decorated": decorated, "start": f"{program.key}-{seed}-{place}",
                "seed": rng.randrange(10**9),
                "folder": str(folder.resolve()), "buffer": buffer}  # fmt: skip
        (home / ".task.json").write_text(json.dumps(task))
        for folder_of in (runtime, runtime / "screen"):
            folder_of.mkdir(mode=0o700)
        env = environment(home, runtime, display, look)
        own = [sys.executable, "-m", "training.interfaces.running.explorer", str(home / ".task.json")]
        server = subprocess.Popen(["Xvfb", f":{display}", "-screen", "0", "{}x{}x24".format(*SCREEN), "-dpi", "96",
                                   "-nolisten", "tcp", "-fbdir", buffer],
                                  stderr=subprocess.DEVNULL)  # fmt: skip
        time.sleep(0.7)
        session = subprocess.Popen(["dbus-run-session", "--", *own], env=env, cwd=Path.cwd(), start_new_session=True,
                                   stdout=subprocess.DEVNULL,
                                   stderr=(folder / f"{task['start']}.err").open("w"))  # fmt: skip
        try:
            session.wait(_LONGEST_RUN)
        except subprocess.TimeoutExpired:
            pass
        finally:
            _end(session)
            server.terminate()
            server.wait()
            shutil.rmtree(home, ignore_errors=True)
        return len(list(folder.glob(f"{task['start']}-*.json")))


def _home(made: Path, display: int, rng: random.Random) -> Path:
    """A new home folder, where people have theirs if that can be."""
    name = rng.choice(_NAMES[display % 2])
    usual = Path("/home") / name
    home = made / name if usual.exists() or not os.access("/home", os.W_OK) else usual
    home.mkdir(parents=True)
    return home


def _end(session: subprocess.Popen[bytes]) -> None:
    """End all that the session started."""
    for kind in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(session.pid, kind)
        except ProcessLookupError:
            break
        time.sleep(0.3)
    session.wait()


def shots(folder: Path) -> Iterator[tuple[Image.Image, object]]:
    """The images of a folder with what they show, without those that are as good as others."""
    from training.interfaces.running.shown import interface_of

    seen: set[str] = set()
    for path in sorted(folder.glob("*.json")):
        data = json.loads(path.read_text())
        image = Image.open(path.with_suffix(".png")).convert("RGB")
        small = image.convert("L").resize((120, 90), Image.Resampling.BOX).point(lambda value: value // 20)
        key = hashlib.sha1(small.tobytes(), usedforsecurity=False).hexdigest()
        interface = interface_of(image, data)
        if key in seen or interface is None:
            continue
        seen.add(key)
        yield image, interface


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    runs = commands.add_parser("run")
    runs.add_argument("folder", type=Path)
    runs.add_argument("--rounds", type=int, default=1)
    runs.add_argument("--seed", type=int, default=1)
    runs.add_argument("--display", type=int, default=61)
    runs.add_argument("--only", default="", help="names of programs, parted by commas")
    runs.add_argument("--part", default="0/1", help="which of how many parts of the table")
    runs.add_argument("--minutes", type=float, default=600.0)
    packs = commands.add_parser("pack")
    packs.add_argument("folder", type=Path)
    packs.add_argument("out", type=Path)
    packs.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    if options.command == "pack":
        from training.interfaces.pack import write_pack

        print(write_pack(options.out, shots(options.folder), options.seed))  # type: ignore[arg-type]
        return
    part, parts = map(int, options.part.split("/"))
    only = options.only.split(",") if options.only else []
    programs = [one for one in PROGRAMS if not only or {one.binary, one.key} & set(only)][part::parts]
    random.Random(options.seed).shuffle(programs)
    run(options.folder, programs, options.rounds, options.seed, options.display, time.time() + 60 * options.minutes)


if __name__ == "__main__":
    main()
