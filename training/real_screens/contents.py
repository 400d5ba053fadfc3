"""What lies in the home folder of the desktops that are photographed: documents, a repository, an archive, ..."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from pathlib import Path

FILES = Path(__file__).parent / "files"
_WHEN = "2026-02-14T10:30:00+00:00"
_LISTED = {
    "Recordings": ("blackbird-dawn.flac", "brook.flac", "church-bells.ogg", "interview-03.wav", "rain-on-tent.flac"),
    "Contracts": ("lease-2025.pdf", "phone.pdf", "insurance-boat.pdf", "archive", "drafts", "readme.txt"),
    "Photos": ("heron.jpg", "lighthouse.jpg", "market-1.jpg", "market-2.jpg", "sledge.png", "raw", "to-print"),
}
"""Folders, and what is in them: folders, where a name has no ending."""
_COMMITS = (
    ("Add a parser for tide tables", "Mira Holm", "tides.py", "def parse(line):\n    return line.split(';')\n"),
    ("Round heights to centimetres", "Luis Ortega", "heights.py", "def rounded(m):\n    return round(m, 2)\n"),
    ("Read stations from stations.csv", "Mira Holm", "stations.csv", "Esbjerg;55.47\nCuxhaven;53.87\n"),
    ("Fix sign of negative tides", "Luis Ortega", "tides.py", "def parse(line):\n    return line.strip().split(';')\n"),
    ("Document the units", "Mira Holm", "README.md", "# Tides\nHeights are metres above chart datum.\n"),
)


def fill(home: Path) -> None:
    """Write everything into the home folder."""
    (home / "Documents").mkdir()
    for path in FILES.iterdir():
        shutil.copy(path, home / "Documents" / path.name.removesuffix(".txt" if path.name.endswith(".py.txt") else ""))
    for folder, names in _LISTED.items():
        for number, name in enumerate(names, 1):
            path = home / folder / name
            if "." not in name:
                path.mkdir(parents=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(bytes(number * 41_000))
            os.utime(path, (1_771_000_000, 1_771_000_000))
    (home / ".config/hexchat").mkdir(parents=True)
    (home / ".config/hexchat/hexchat.conf").write_text("gui_join_dialog = 0\ngui_slist_skip = 1\n", encoding="utf-8")
    _repository(home / "tides")
    with sqlite3.connect(home / "library.db") as data:
        data.execute("CREATE TABLE loans (id INTEGER PRIMARY KEY, book TEXT, reader TEXT, due TEXT)")
        data.executemany("INSERT INTO loans (book, reader, due) VALUES (?, ?, ?)", (
            ("Silent Orchards", "B. Quist", "2026-06-02"), ("A Guide to Knots", "E. Marsh", "2026-06-05"),
            ("The Ninth Key", "Y. Tanaka", "2026-05-28"), ("Bread at Home", "B. Quist", "2026-06-11"),
        ))  # fmt: skip
        data.execute("CREATE TABLE readers (name TEXT, number INTEGER)")
    data.close()


def _repository(folder: Path) -> None:
    folder.mkdir()
    env = {"PATH": os.environ["PATH"], "HOME": str(folder.parent), "GIT_CONFIG_NOSYSTEM": "1",
           "GIT_COMMITTER_EMAIL": "x@example.org", "GIT_AUTHOR_EMAIL": "x@example.org",
           "GIT_COMMITTER_DATE": _WHEN, "GIT_AUTHOR_DATE": _WHEN}  # fmt: skip

    def git(*arguments: str, author: str = "Mira Holm") -> None:
        named = env | {"GIT_COMMITTER_NAME": author, "GIT_AUTHOR_NAME": author}
        subprocess.run(["git", *arguments], cwd=folder, env=named, capture_output=True, check=True)

    git("init", "-b", "main")
    for subject, author, name, content in _COMMITS:
        (folder / name).write_text(content, encoding="utf-8")
        git("add", name)
        git("commit", "-m", subject, author=author)
    (folder / "heights.py").write_text("def rounded(m):\n    return round(m, 3)\n", encoding="utf-8")
    (folder / "harbours.txt").write_text("Esbjerg\nTonder\n", encoding="utf-8")
