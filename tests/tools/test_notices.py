from __future__ import annotations

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_every_dependency_is_in_the_notices() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    dependencies = [*project["dependencies"], *project["optional-dependencies"]["text"]]
    names = {re.split(r"[=<>!~;\[ ]", dependency, maxsplit=1)[0] for dependency in dependencies}
    notices = (ROOT / "THIRD_PARTY_NOTICES.md").read_text(encoding="utf-8").lower()
    shown_as = {"pyside6-essentials": "pyside6"}
    assert {name for name in names if shown_as.get(name, name) not in notices} == set()


def test_every_dependency_has_the_version_that_was_tested() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    dependencies = [
        *project["dependencies"],
        *project["optional-dependencies"]["test"],
        *project["optional-dependencies"]["lint"],
        *project["optional-dependencies"]["text"],
    ]
    names = {re.split(r"[=<>!~;\[ ]", dependency, maxsplit=1)[0] for dependency in dependencies}
    pinned = {line.partition("==")[0] for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()}
    assert names - pinned - {"types-pygments", "types-python-xlib"} == set()
