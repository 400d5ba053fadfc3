"""Who is logged in on which computer, and how their prompts look.

Users are really made, so it must be root who runs this, in a container.
"""

# ruff: noqa: SIM905 - lists of words are easier to read and to extend without quotes

from __future__ import annotations

import fcntl
import os
import pwd
import random
import shutil
import subprocess
import tempfile
from pathlib import Path

from training.interfaces.terminals.recording import Person

_NAMES = """alice amara anton bea ben carla chen dana david dora elif emil erik farah felix finn greta hana hugo ida
ines ivan jana jonas kai kofi lara leo lina luis maja mara marco mei milo nadia nils nora olga omar otto pablo petra
priya rafael rosa ruth samir selma sven tara theo tomas uma vera viktor wanda yara yusuf zoe jdoe mkrause tlang rsmith
dev deploy ops builder student""".split()
_MADE_HERE = "made for training images"
"""What a user's entry says; no other user is taken."""
_HOSTS = """birch cedar maple willow aspen hazel juniper alder rowan laptop desktop workstation thinkpad mainframe orion
vega rigel altair mars venus saturn titan europa pluto web01 web02 db-1 db-2 app-server build-07 ci-runner node3 gw edge
backup files mail pi raspberry homeserver lab-14 office-pc studio devbox sandbox buildbox kestrel falcon heron osprey
otter badger lynx-2 yak granite basalt quartz onyx ada turing hopper noether curie srv-prod srv-test staging""".split()
_G, _B, _Y, _C, _P, _R, _0 = (rf"\[\e[{code}m\]" for code in ("01;32", "01;34", "33", "36", "35", "01;31", "00"))
_BRANCH = r"$(git branch --show-current 2>/dev/null | sed s/.*/\ \(\&\)/)"
PROMPTS: tuple[tuple[str, float], ...] = (
    (rf"{_G}\u@\H{_0}:{_B}\w{_0}\$ ", 6), (r"\u@\H:\w\$ ", 4), (r"[\u@\H \W]\$ ", 4), (r"\$ ", 1.5),
    (rf"{_B}\W{_0} \$ ", 1.5), (rf"{_C}\w{_0} > ", 1), (r"\u@\H \W % ", 2), (rf"{_G}\u{_0} {_Y}\w{_0} \$ ", 1),
    (rf"\n{_C}+--({_B}\u@\H{_C})-[{_0}\w{_C}]{_0}\n{_C}+-{_B}\${_0} ", 1.2), (rf"{_G}\u@\H {_P}\w{_0}\n\$ ", 1.5),
    (r"[\t] \u@\H:\w\$ ", 1.2), (r"\A \W \$ ", 0.8), (rf"{_G}->{_0}  {_C}\W{_0}{_BRANCH} ", 1.5),
    (rf"\[\e[30;44m\] \u \[\e[30;42m\] \W {_0} ", 1.2), (rf"\[\e[97;44m\] \w {_0}{_Y}{_BRANCH}{_0} \$ ", 1),
    (rf"{_Y}\u{_0}@{_C}\H{_0}:\w{_BRANCH}\$ ", 1.2), (r"\H:\W \u\$ ", 1.5), (r"\H% ", 0.6), (r"<\u@\H> \w \$ ", 0.6),
    (rf"{_P}\w{_0}\n{_G}>{_0} ", 0.8), (r"(venv) \u@\H:\w\$ ", 0.8), (r"bash-\V\$ ", 0.5),
)  # fmt: skip
ROOT_PROMPTS = (r"root@\H:\w# ", rf"{_R}root@\H{_0}:{_B}\w{_0}# ", r"[root@\H \W]# ", r"\H:\w # ", r"# ")


def draw_prompt(rng: random.Random, *, root: bool = False) -> str:
    """One of a shape that people have."""
    if root:
        return rng.choice(ROOT_PROMPTS)
    return rng.choices([one for one, _ in PROMPTS], [share for _, share in PROMPTS])[0]


def _entry(name: str) -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(name)
    except KeyError:
        return None


def draw_person(rng: random.Random, *, root: bool = False) -> Person:
    """Someone with an empty home, on some computer; no other process has the same one at the same time.

    Raises:
        RuntimeError: every name is in use, or a user's who was not made here.
    """
    host = rng.choice(_HOSTS)
    for name in rng.sample(_NAMES, len(_NAMES)):
        lock = os.open(f"{tempfile.gettempdir()}/person-{name}", os.O_CREAT | os.O_RDWR)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            continue
        found = _entry(name)
        if found is None or found.pw_gecos.split(",")[0] == _MADE_HERE:
            break
        os.close(lock)  # somebody's own, whose home is not ours to empty
    else:
        raise RuntimeError("every user that could be made for a terminal is somebody's, or in use")
    if found is None:
        subprocess.run(["useradd", "-m", "-c", _MADE_HERE, "-s", "/bin/bash", name], check=True, capture_output=True)
        found = pwd.getpwnam(name)
    home = Path(found.pw_dir)
    home.mkdir(exist_ok=True)
    os.chown(home, found.pw_uid, found.pw_gid)
    for one in home.iterdir():
        if one.is_dir() and not one.is_symlink():
            shutil.rmtree(one)
        else:
            one.unlink()
    return Person("root" if root else name, found.pw_uid, found.pw_gid, home, host, lock)
