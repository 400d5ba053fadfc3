"""What a confined process can and cannot do, tried by one that is."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from desktop_vlm.system.sandbox import OFF_VARIABLE, lacking

TRIES = """
import json, os, socket, subprocess, sys, threading
from pathlib import Path
from desktop_vlm.system.sandbox import Needs, confine

allowed, secret, folder = map(Path, sys.argv[1:])
came_of_it = confine(Needs((allowed,), gpus=GPUS))

def outcome(work):
    try:
        return ["done", str(work())]
    except OSError as error:
        return ["refused", error.strerror]

def in_thread():
    results = []
    thread = threading.Thread(target=lambda: results.append(outcome(secret.read_text)))
    thread.start()
    thread.join()
    return results[0][0]

tries = {
    "read what it needs": lambda: allowed.read_text(),
    "write what it needs": lambda: allowed.write_text("changed"),
    "cut what it needs": lambda: os.truncate(allowed, 0),
    "read another file": lambda: secret.read_text(),
    "read the file beside it": lambda: allowed.with_name("beside").read_text(),
    "list a folder": lambda: os.listdir(folder),
    "make a file": lambda: (folder / "new").write_text(""),
    "remove a file": lambda: secret.unlink(),
    "rename a file": lambda: secret.rename(folder / "renamed"),
    "read of another process": lambda: Path(f"/proc/{os.getppid()}/environ").read_bytes(),
    "read of itself": lambda: Path("/proc/self/statm").read_text() and "",
    "signal another process": lambda: os.kill(os.getppid(), 0),
    "connect": lambda: socket.socket(),
    "make a local socket": lambda: socket.socket(socket.AF_UNIX).close() or "",
    "connect locally": lambda: socket.socket(socket.AF_UNIX).connect("/run/dbus/system_bus_socket"),
    "start a program": lambda: subprocess.run(["true"]),
    "start a process": lambda: os._exit(0) if os.fork() == 0 else "",
    "load a library": lambda: __import__("numpy").ones(3).sum(),
    "start a thread": in_thread,
}
print(json.dumps([came_of_it.holds, came_of_it.failed, {name: outcome(work) for name, work in tries.items()}]))
"""


def tried(
    folder: Path, *, gpus: bool = False, switch: str = "on"
) -> tuple[list[str], dict[str, str], dict[str, list[str]]]:
    files = [folder / name for name in ("allowed", "secret", "beside")]
    for file in files:
        file.write_text(file.name, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", TRIES.replace("GPUS", str(gpus)), *map(str, files[:2]), str(folder)],
        env={**os.environ, OFF_VARIABLE: switch},
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[Any] = json.loads(done.stdout)
    return found[0], found[1], found[2]


@pytest.mark.skipif(bool(lacking()), reason="this system has no such protections")
def test_only_what_is_needed_can_be_done(tmp_path: Path) -> None:
    holds, failed, tries = tried(tmp_path)
    assert (tmp_path / "secret").read_text(encoding="utf-8") == "secret"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["allowed", "beside", "secret"]
    assert holds == ["privileges", "memory", "files", "calls"]
    assert failed == {}
    possible = {name: result for name, (kind, result) in tries.items() if kind == "done"}
    assert possible == {
        "read what it needs": "allowed",
        "read of itself": "",
        "load a library": "3.0",
        "start a thread": "refused",  # what the thread tries
    }
    reasons = {name: result for name, (kind, result) in tries.items() if kind == "refused"}
    assert len(reasons) == len(tries) - len(possible)
    assert set(reasons.values()) == {"Permission denied", "Operation not permitted"}


@pytest.mark.skipif(bool(lacking()), reason="this system has no such protections")
def test_a_gpus_driver_may_listen_locally_and_nothing_else(tmp_path: Path) -> None:
    _, _, without = tried(tmp_path)
    holds, _, tries = tried(tmp_path, gpus=True)
    assert holds == ["privileges", "memory", "files", "calls"]
    assert {name for name in tries if tries[name][0] != without[name][0]} == {"make a local socket"}


@pytest.mark.skipif(sys.platform != "linux", reason="only on Linux")
def test_a_person_can_switch_it_off(tmp_path: Path) -> None:
    holds, failed, tries = tried(tmp_path, switch="off")
    assert holds == ["privileges", "memory"]
    assert failed == dict.fromkeys(("files", "calls"), f"switched off by {OFF_VARIABLE}")
    assert tries["list a folder"][0] == "done"


FONT_CACHE = Path("/var/cache/fontconfig")
READS_THE_FONT_CACHE = """
import os
from desktop_vlm.system.sandbox import Needs, confine

confine(Needs())
print(sorted(os.listdir("/var/cache/fontconfig")))
try:
    os.listdir("/var/cache")
except PermissionError:
    print("refused")
"""


@pytest.mark.skipif(bool(lacking()), reason="this system has no such protections")
@pytest.mark.skipif(not FONT_CACHE.is_dir(), reason="no font was ever listed here")
def test_what_draws_text_reads_the_list_of_fonts_and_not_all_fonts() -> None:
    done = subprocess.run([sys.executable, "-c", READS_THE_FONT_CACHE], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == [str(sorted(path.name for path in FONT_CACHE.iterdir())), "refused"]


KEEPS_SHADERS = """
import os, sys
from pathlib import Path
from desktop_vlm.system.sandbox import Needs, confine
module = sys.modules["desktop_vlm.system.sandbox.confine"]

drivers, home = sys.argv[1:]
module._VULKAN_DRIVERS = (drivers,)
confine(Needs(gpus=True))
own, of_nvidia = (os.environ.get(name, "") for name in ("MESA_SHADER_CACHE_DIR", "__GL_SHADER_DISK_CACHE_PATH"))
print(own, own == of_nvidia)
if own:
    inside = Path(own, "mesa_shader_cache_db", "part0")
    inside.parent.mkdir()
    inside.write_bytes(b"shader")
    inside.unlink()
try:
    Path(home, "beside").write_bytes(b"")
except PermissionError:
    print("refused")
"""


@pytest.mark.skipif(bool(lacking()), reason="this system has no such protections")
@pytest.mark.parametrize("found", ["driver.json", "nothing", "VK_DRIVER_FILES"])
def test_shaders_are_kept_in_a_folder_of_our_own_where_there_is_a_vulkan_driver(found: str, tmp_path: Path) -> None:
    drivers, home = tmp_path / "icd.d", tmp_path / "home"
    drivers.mkdir()
    home.mkdir()
    (drivers / found).write_text("{}", encoding="utf-8")
    named = ("MESA_SHADER_CACHE_DIR", "__GL_SHADER_DISK_CACHE_PATH", "VK_DRIVER_FILES")
    environment = {name: value for name, value in os.environ.items() if name not in named}
    if found in named:
        environment[found] = str(drivers / found)
    done = subprocess.run(
        [sys.executable, "-c", KEEPS_SHADERS, drivers, home],
        env=environment | {"DESKTOP_VLM_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    own = home / "cache" / "shaders"
    has_driver = found != "nothing"
    assert done.stdout.splitlines() == [f"{own if has_driver else ''} True", "refused"]
    assert own.exists() == has_driver
    assert not (home / "beside").exists()
