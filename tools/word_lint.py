"""Keeps the words of this project those of its field: finds terms that a newcomer would have to learn here.

    python -m tools.word_lint                 # all files, but for the folders of PENDING
    python -m tools.word_lint --all           # these too
    python -m tools.word_lint README.md ...   # some files or folders

Identifiers count as their words: `text_half`, `TextHalf` and "text half" are the same. A term that is right in one
place is let through there by its rule, never by a comment in the file.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path, PurePosixPath

ROOT = Path(__file__).parents[1]

SUFFIXES = {"", ".c", ".cfg", ".cu", ".in", ".md", ".py", ".sh", ".toml", ".txt", ".yaml", ".yml"}
EXEMPT = (
    "LICENSE",
    "tests/tools/test_word_lint.py",
    "tools/word_lint.py",
    "training/real_screens/files",
    "training/real_screens/second/files",
    "training/screens/asking.py",
    "training/screens/more_phrasings.py",
    "training/screens/rewording.py",
    "training/screens/coding",
    "training/screens/facts",
    "training/screens/sites",
    "training/screens/words.py",
    "training/web/entries.py",
    "training/web/wares.py",
)
"""They must name the terms, or hold words to draw on images and questions to train with."""

PENDING: tuple[str, ...] = ()
"""Folders and files that are not reworded yet."""

MOST_SHOWN = 100

WINDOW = (
    "desktop_vlm/ui",
    "tests/ui",
    "docs/window.md",
    "benchmarks/capture.py",
    "benchmarks/text_layers.py",
    "benchmarks/stall_histories.py",
    "benchmarks/ui_stalls.py",
    "benchmarks/window.py",
    "tools/capture_programs.py",
    "tools/desktops",
    "tools/screen.py",
    "tools/screens",
    "tools/take_screenshots.py",
)

SAID_IN_THE_WINDOW = (
    "desktop_vlm/export.py",
    "desktop_vlm/history",
    "desktop_vlm/markdown",
    "desktop_vlm/quick_actions",
    "desktop_vlm/settings",
    "desktop_vlm/system/desktop_files",
    "tests/fuzz/history",
    "tests/history",
    "tests/backup",
    "tests/versions",
    "tests/soak/disk.py",
    "tests/export",
    "tests/test_quick_actions.py",
)
"""People have pictures in their conversations; so have the files that keep them."""

BENCH = ("desktop_vlm/cli/bench.py", "tests/cli/test_bench.py")
"""`bench --picture` draws a chart."""

PAYMENT_CARDS = (
    "desktop_vlm/images/text_layer/sensitive",
    "tests/images/text_layer/sensitive",
    "tools/sensitive_accuracy.py",
)
"""Their numbers are private."""

ASKED_ABOUT_PICTURES = (
    "tests/checkpoints/byte_pairs.py",
    "tests/checkpoints/tokenizer.py",
    "tests/conversion/test_quant_types.py",
    "tests/golden",
    "tests/goldens.py",
    "tests/models/test_demo.py",
    "tests/test_backend.py",
    "tests/test_gpu.py",
    "tests/training/test_model.py",
    "tests/training/test_screens.py",
    "tests/training/test_absent.py",
    "tests/training/test_composites.py",
    "training/data.py",
    "training/interfaces/records.py",
    "training/screens/actions.py",
    "training/screens/composites.py",
)
"""The questions that the demo model was trained on, and prompts of the golden files, say "picture"."""


@dataclass(frozen=True)
class Rule:
    """A term that is not to be used.

    Attributes:
        term: a regular expression over lower-case words with one space between; matched as whole words.
        use: what to write instead.
        unless: phrases in which the term is right, as regular expressions that match the whole phrase.
        allowed_in: folders and files where the term is right.
        only_in: if not empty, the folders and files that the rule is about.
    """

    term: str
    use: str
    unless: tuple[str, ...] = ()
    allowed_in: tuple[str, ...] = ()
    only_in: tuple[str, ...] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Finds the phrases that are right (group `right`) before the term itself; words may stand on two lines."""
        right = "|".join(self.unless) or r"(?!)"
        return re.compile(rf"\b(?:(?P<right>{right})|{self.term})\b".replace(" ", GAP))

    def concerns(self, name: str) -> bool:
        """Whether the rule is about this file."""
        return not is_in(name, self.allowed_in) and (not self.only_in or is_in(name, self.only_in))


GAP = r"""(?:\s+(?:[#>*|]\s+)?|\s*"\s+f?")"""
"""Between two words: blanks, the start of a comment's or quotation's next line, or a string that goes on."""

RULES = (
    Rule(r"text hal(?:f|ves)", "language model"),
    Rule(r"vision hal(?:f|ves)", "vision projector (mmproj)"),
    Rule(r"(?:(?:the )?two|both|its|their|these|own|one|other) halves", "the two files, parts"),
    Rule(r"graphics (?:card|device)s?", "GPU"),
    Rule(
        r"(?:video |gpu )?cards?",
        "GPU",
        unless=(r"(?:radio|model|payment) cards?",),
        allowed_in=(
            *WINDOW,
            *PAYMENT_CARDS,
            "desktop_vlm/system/gpus.py",
            "tests/system/test_gpus.py",
        ),  # parts of a window; Linux' names
    ),
    Rule(r"(?:lies?|lying|lain) idle|idle (?:device|gpu)s?", "not used"),
    Rule(r"contexts? s? ?memory|context memory", "KV cache"),
    Rule(r"(?:read )?anew", "again (weights: streamed from disk per image)"),
    Rule(r"by hand", "manually (as a setting: Manual)"),
    Rule(r"of ours", 'our (a bug: "a bug in Desktop VLM; see the log")'),
    Rule(r"wish(?:es|ed)?", "request, options (of loading: LoadOptions)"),
    Rule(r"entrances?", "DesktopIntegration, start"),
    Rule(r"errands?", "action (WindowActions)"),
    Rule(r"guests?", "staged rows (StagedRows)"),
    Rule(r"died|dies|deaths?", "crashed, crashes, crash"),
    Rule(r"told|untold", "reported, said, given"),
    Rule(r"wanted", "target, requested"),
    Rule(r"in force", "active, applied"),
    Rule(r"wordings?", "sampling", unless=(r"pictures[./]wording", r"painting, wording")),
    Rule(r"numbers of its own", "custom values"),
    Rule(
        r"(?:class|import) (?:room|way|place)",
        "DeviceBudget, HotkeyBackend, DeviceContext",
        only_in=("desktop_vlm/families", "desktop_vlm/runtime", "desktop_vlm/ui"),
    ),
    Rule(
        r"pictures?",
        "image",
        unless=(
            r"picture \d",
            r"picture (?:first|count|says|kind|message|describe)",
            r"in pictures?",
            r"ui/pictures",
            r"pictures(?=/)",
            r"picture files?",
            r"bench picture",
            r"ui\.pictures",
            r"visible pictures",
        ),
        allowed_in=(*WINDOW, *SAID_IN_THE_WINDOW, *ASKED_ABOUT_PICTURES, *BENCH),
    ),
)


@dataclass(frozen=True)
class Finding:
    """A term in a file: `line` counts from 1, and is 0 for the file's own name."""

    name: str
    line: int
    term: str
    use: str

    def __str__(self) -> str:
        """As compilers write it."""
        return f'{self.name}:{self.line}: "{self.term}": use {self.use}'


def is_in(name: str, places: Iterable[str]) -> bool:
    """Whether a file is one of these, or below one of these folders."""
    return any(name == place or name.startswith(place + "/") for place in places)


def as_words(text: str) -> str:
    """A text in lower case, its identifiers taken apart; lines stay where they are."""
    text = re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", text)
    return re.sub(r"[_'\u2019-]", " ", text).lower()


@cache
def _any_of(rules: tuple[Rule, ...]) -> re.Pattern[str]:
    """Finds what any of the rules may be about: most files have nothing of the kind, and are done with one search."""
    return re.compile(rf"\b(?:{'|'.join(rule.term for rule in rules)})\b".replace(" ", GAP))


def check_text(name: str, text: str) -> Iterator[Finding]:
    """The terms in a file and in its name."""
    words, path = as_words(text), as_words(PurePosixPath(name).as_posix())
    rules = tuple(rule for rule in RULES if rule.concerns(name))
    if not any(_any_of(rules).search(one) for one in (words, path)):
        return
    for rule in rules:
        if (found := rule.pattern.search(path)) and not found["right"]:
            yield Finding(name, 0, found[0], rule.use)
        for found in rule.pattern.finditer(words):
            if not found["right"]:
                term = " ".join(found[0].split())
                yield Finding(name, words.count("\n", 0, found.start()) + 1, term, rule.use)


def tracked_files() -> list[str]:
    """The project's files that hold words, as paths below its root."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    names = listed.stdout.decode().split("\0")
    return sorted(name for name in names if name and Path(name).suffix in SUFFIXES and (ROOT / name).is_file())


def check_files(places: Iterable[str] = (), *, pending: Iterable[str] = ()) -> list[Finding]:
    """The terms in these files and folders (default: in all of them), without those that are pending."""
    places = [PurePosixPath(place).as_posix() for place in places]
    names = [name for name in tracked_files() if not is_in(name, EXEMPT) and not is_in(name, pending)]
    chosen = [name for name in names if not places or is_in(name, places)]
    found = [finding for name in chosen for finding in check_text(name, (ROOT / name).read_text(encoding="utf-8"))]
    return sorted(found, key=lambda finding: (finding.name, finding.line))


def main() -> int:
    """Print what is found; the exit code is 1 if there is anything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", nargs="*", help="files and folders below the project's root")
    parser.add_argument("--all", action="store_true", help="also what is pending")
    args = parser.parse_args()
    found = check_files(args.places, pending=() if args.all else PENDING)
    for finding in found[:MOST_SHOWN]:
        print(finding)
    if len(found) > MOST_SHOWN:
        print(f"... and {len(found) - MOST_SHOWN} more")
    return bool(found)


if __name__ == "__main__":
    sys.exit(main())
