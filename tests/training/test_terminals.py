"""Terminals: what of a screen is asked, errors and listings in what commands print, and images that do not fit."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from PIL import Image, ImageDraw

from training.interfaces.questions.asking import clear
from training.interfaces.terminals.about import ask_all
from training.interfaces.terminals.about_lines import ask_lines, drill_lines
from training.interfaces.terminals.about_sessions import folder_shown
from training.interfaces.terminals.about_values import ask_log, files_by_state
from training.interfaces.terminals.agreeing import agrees
from training.interfaces.terminals.errors import failure_of
from training.interfaces.terminals.grid import Cell, Grid, Ran
from training.interfaces.terminals.listings import listing_of
from training.interfaces.terminals.view import Long, Place, View
from training.screens.phrases import Writer

_PLAIN = ("default", "default", False, False, False)
_PLACE = Place(2.0, 2.0, 8.0, 16.0, 3.0, 14.0)
_SCREEN = """mei@birch:~$ cd src
mei@birch:~/src$ ls -l
total 8
-rw-r--r-- 1 mei mei  120 May  3  2025 boat.c
-rw-r--r-- 1 mei mei 2048 Jun 12 10:15 sail.txt
mei@birch:~/src$ cat mast.h
cat: mast.h: No such file or directory
mei@birch:~/src$ """


def _lines(text: str) -> list[Long]:
    return [Long(line, number, number) for number, line in enumerate(text.splitlines())]


def _grid(text: str, ran: tuple[Ran, ...] = (), columns: int = 60) -> Grid:
    rows = text.split("\n")
    cells = tuple(tuple(Cell(char, _PLAIN) for char in row.ljust(columns)) for row in rows)
    cursor = (len(rows) - 1, len(rows[-1]))
    return Grid(cells, cursor, ran, rows[-1], "", "mei", "birch", "/home/mei/src", len(rows) - 1, "/home/mei")


def _session() -> Grid:
    home, src = "mei@birch:~$ ", "mei@birch:~/src$ "
    return _grid(_SCREEN, (
        Ran("cd src", home, (home.rstrip(),), 0, 1, 1, 0, "/home/mei"),
        Ran("ls -l", src, (src.rstrip(),), 1, 2, 5, 0, "/home/mei/src"),
        Ran("cat mast.h", src, (src.rstrip(),), 5, 6, 7, 1, "/home/mei/src"),
    ))  # fmt: skip


def _answers(grid: Grid, kind: str = "files") -> dict[str, str]:
    view = View(random.Random(2), Writer(random.Random(2), "train"), grid, _PLACE)
    ask_all(view, kind, {})
    asked = clear(view.asked)
    return {way.format(**one.slots): one.answer for one in asked if not isinstance(one.phrasings, str)
            for way in one.phrasings}  # fmt: skip


def test_sessions_are_asked_for_commands_folders_errors_and_files() -> None:
    answers = _answers(_session())
    assert answers["What is the last command?"] == "cat mast.h"
    assert answers["How many commands were run?"] == "3"
    assert answers["Who is logged in?"] == "mei"
    assert answers["What is the host name?"] == "birch"
    assert answers["What is the current directory?"] == "~/src"
    assert answers["In which folder was 'cd src' run?"] == "~"
    assert answers["What is the error?"] == "cat: mast.h: No such file or directory"
    assert answers["Which file was not found?"] == "mast.h"
    assert answers["Which command failed?"] == "cat mast.h"
    assert answers["Which file is the largest?"] == "sail.txt"
    assert answers["How many files are listed?"] == "2"
    assert answers["Is the user root?"] == "No"


def test_what_has_left_the_screen_is_not_counted() -> None:
    whole = _session()
    lines = _SCREEN.split("\n")[1:]
    cut = _grid("\n".join(lines), tuple(one.moved(-1) for one in whole.ran))
    answers = _answers(cut)
    assert answers["What is the last command?"] == "cat mast.h"
    assert "How many commands were run?" not in answers
    assert "What is the first command?" not in answers


def test_needs_are_the_rows_that_answer() -> None:
    view = View(random.Random(1), Writer(random.Random(1), "train"), _session(), _PLACE)
    ask_all(view, "files", {})
    last = next(
        one for one in view.asked if one.kind == "command" and one.answer == "cat mast.h" and len(one.needs) == 1
    )
    assert last.needs[0].box == (2.0, 2.0 + 5 * 16 + 3, 2.0 + 27 * 8, 2.0 + 5 * 16 + 14)


def test_characters_are_where_their_cells_are_and_gaps_part_them() -> None:
    view = View(random.Random(1), Writer(random.Random(1), "train"), _grid("ab c    d\u2500e"), _PLACE)
    assert [(line.text, line.edges[0]) for line in view.texts()] == [("ab c", 2.0), ("d", 66.0), ("e", 82.0)]


@pytest.mark.parametrize(("text", "message", "file", "number", "count"), [
    ("Traceback (most recent call last):\n  File \"a.py\", line 7, in <module>\n    go()\nKeyError: 'x'",
     "KeyError: 'x'", "a.py", "7", 1),
    ("a.c: In function 'main':\na.c:4:9: error: 'b' undeclared\n    4 |  b;\na.c:5:1: error: expected ';'",
     "'b' undeclared", "a.c", "4", 2),
    ("error[E0425]: cannot find value `b` here\n --> a.rs:3:5\n  |\nerror: aborting due to 1 error",
     "cannot find value `b` here", "a.rs", "3", 1),
    ("a.sh: line 3: syntax error near token `fi'", "syntax error near token `fi'", "a.sh", "3", 1),
    ("ls: cannot access 'x': No such file or directory", "ls: cannot access 'x': No such file or directory", "", "", 1),
])  # fmt: skip
def test_errors_are_found_as_programs_write_them(text: str, message: str, file: str, number: str, count: int) -> None:
    found = failure_of(_lines(text), 1)
    assert found
    assert (found.message, found.file, found.number, found.count) == (message, file, number, count)


def test_output_that_names_no_error_is_none() -> None:
    assert failure_of(_lines("0"), 1) is None
    assert failure_of(_lines("error: bad"), 0) is None


def test_listings_have_columns_and_keys() -> None:
    text = ("Filesystem  Size  Used Avail Use% Mounted on\n/dev/sda1    20G  5.0G   15G  25% /\n"
            "tmpfs       1.0G     0  1.0G   0% /tmp")  # fmt: skip
    found = listing_of("df -h", _lines(text))
    assert found
    assert found.columns == ("Filesystem", "Size", "Used", "Avail", "Use%", "Mounted on")
    assert [row[found.key] for row in found.rows] == ["/", "/tmp"]
    listed = listing_of(
        "ls -la", _lines("total 4\ndrwxr-xr-x 2 a a 4096 May  3 10:00 .\n-rw-r--r-- 1 a a 5 May  3 10:00 b c")
    )
    assert listed
    assert (listed.rows[0][6], listed.whole) == ("b c", False)
    assert listing_of("echo", _lines("a  b")) is None


def test_levels_that_another_output_says_too_are_not_counted() -> None:
    log = "10:01:02 INFO start\n10:01:04 INFO ready\n10:01:09 ERROR stuck"
    counts: dict[tuple[str, str], str] = {}
    for above in ("$ tail run.log", "INFO: queue empty"):
        for seed in range(8):
            view = View(random.Random(seed), Writer(random.Random(seed), "train"), _grid(f"{above}\n{log}"), _PLACE)
            ask_log(view, [Long(line, row, row) for row, line in enumerate(log.splitlines(), 1)], whole=True)
            counts |= {(above, one.slots["t"]): one.answer for one in view.asked if one.kind == "how_many"}
    assert counts["$ tail run.log", "INFO"] == "2"
    assert counts["INFO: queue empty", "ERROR"] == "1"
    assert ("INFO: queue empty", "INFO") not in counts


def test_folders_are_named_as_the_prompt_does() -> None:
    assert folder_shown(["mei@birch:~/src/old$"], "/home/mei/src/old", "/home/mei") == "~/src/old"
    assert folder_shown(["[mei@birch old]$"], "/home/mei/src/old", "/home/mei") == "old"
    assert folder_shown(["$"], "/home/mei", "/home/mei") == ""


def test_files_of_a_repository_by_their_state() -> None:
    text = ("On branch main\nChanges to be committed:\n\tnew file:   a.c\n\nChanges not staged for commit:\n"
            "  (use \"git add\")\n\tmodified:   b.c\n\nUntracked files:\n\tc d.txt")  # fmt: skip
    assert files_by_state(text.split("\n")) == {"staged": ["a.c"], "modified": ["b.c"], "untracked": ["c d.txt"]}


def test_images_agree_with_the_grid_or_say_why_not() -> None:
    grid = _grid("M MM\n" * 6, columns=6)
    image = Image.new("RGB", (60, 120), (255, 255, 255))
    draw = ImageDraw.Draw(image)
    for row in range(6):
        for column in (0, 2, 3):
            x, y = 2 + 8 * column, 2 + 16 * row
            draw.rectangle((x + 2, y + 3, x + 5, y + 12), (0, 0, 0))
    shifted = image.transform(image.size, Image.Transform.AFFINE, (1, 0, 8, 0, 1, 0))
    assert not agrees(image, grid, _PLACE)
    assert agrees(shifted, grid, _PLACE) == "unreadable"
    filled = image.copy()
    ImageDraw.Draw(filled).line((12, 0, 12, 120), (0, 0, 0))
    assert agrees(filled, grid, _PLACE) == "blank cells are not blank"


def _by_place(text: str, *, full: str = "", columns: int = 60) -> dict[str, str]:
    """Answers of what is asked about lines by their number, where counting is drilled, by question in lower case."""
    found: dict[str, str] = {}
    for seed in range(12):
        grid = replace(_grid(text, columns=columns), full=full)
        view = View(random.Random(seed), Writer(random.Random(seed), "train"), grid, _PLACE)
        ask_lines(view)
        drill_lines(view)
        found |= {way.format(**one.slots).lower().rstrip("?."): one.answer for one in clear(view.asked)
                  if one.kind in ("line", "line_number") for way in one.phrasings}  # fmt: skip
    return found


def test_drilled_lines_are_asked_for_from_the_top_and_from_below() -> None:
    words = ["oak", "elm", "fir", "ash", "yew", "box", "bay", "fig", "may", "gum", "tea", "rue", "nut", "ivy", "hop"]
    answers = _by_place("\n".join(["$ cat trees", *words, "$"]))
    assert answers["counted from the top, what is on line 14"] == "nut"
    assert answers["read line 3, counted from the bottom"] == "ivy"
    assert answers["what is the third line from the bottom"] == "ivy"
    assert answers["which line is 'fig', counted from the top"] == "9"
    assert answers["which line from the bottom is 'fig'"] == "9"


def test_lines_with_numbers_of_their_own_are_not_asked_for_by_number() -> None:
    numbered = _by_place("$ cat -n trees\n     1  oak\n     2  elm\n     3  fir\n     4  ash\n$")
    assert not [one for one in numbered if "line 3" in one or one.startswith("on which line")]
    clocks = _by_place("10:15 ~ $ cat trees\noak\nelm\n10:15 ~ $")
    assert clocks["counted from the top, what is on line 3"] == "elm"


def test_nothing_is_counted_beyond_lines_of_two_rows_nor_above_a_bar() -> None:
    wrapped = _by_place("oak\nelm\n" + "fir " * 14 + "abc\nash\nyew\n$", columns=59)
    assert "counted from the top, what is on line 2" in wrapped
    assert not [one for one in wrapped if "line 4" in one and "bottom" not in one and "below" not in one]
    full = _by_place("oak\nelm\nfir\nash\n(END)", full="less trees")
    assert full["counted from the top, what is on line 3"] == "fir"
    assert not [one for one in full if "bottom" in one or "last" in one]


def test_empty_lines_are_counted_as_questions_say() -> None:
    answers = _by_place("$ cat trees\noak\n\nelm\nfir\n\nash tree\n$")
    assert answers["counted from the top, what is on line 2"] == "oak"
    assert answers["not counting blank lines, what does line 3 say"] == "elm"
    assert answers["what is on line 5, blank lines included"] == "fir"
    assert answers["not counting empty lines, on which line is 'ash tree'"] == "5"
    assert answers["what is the 4th non-empty line from the bottom"] == "elm"
    assert not [one for one in answers if one in ("read line 4", "what is on line 4", "line 5")]


def test_lines_beside_others_leave_out_empty_ones_and_words_are_counted_by_line() -> None:
    text = "$ cat trees\noak tall\n\nelm tall tall\nfir\nash tall\nyew green\n$"
    grid = _grid(text, (Ran("cat trees", "$ ", ("$",), 0, 1, 7, 0, "/home/mei/src"),))
    answers: dict[str, str] = {}
    for seed in range(12):
        view = View(random.Random(seed), Writer(random.Random(seed), "train"), grid, _PLACE)
        drill_lines(view)
        answers |= {way.format(**one.slots): one.answer for one in view.asked for way in one.phrasings}
    assert answers["Which non-empty line comes after 'oak tall'?"] == "elm tall tall"
    assert answers["Read the line before the one that says 'ash tall'."] == "fir"
    assert answers["How many lines contain 'tall'?"] == "3"
    assert not [one for one in answers if "contain 'trees'" in one or "contain 'cat'" in one]


def test_files_listed_twice_are_asked_for_only_where_one_value_is_seen() -> None:
    one, other = ("-rw-r--r-- 1 mei mei {} May  3  2025 {}".format(*pair) for pair in ((120, "boat.c"), (77, "sail.c")))
    text = f"$ ls -l\n{one}\n{other}\n$ ls -l\n{one.replace('120', '340')}\n$ "
    ran = tuple(Ran("ls -l", "$ ", ("$",), row, row + 1, end, 0, "/home/mei") for row, end in ((0, 3), (3, 5)))
    view = View(random.Random(3), Writer(random.Random(3), "train"), _grid(text, ran), _PLACE)
    ask_all(view, "files", {})
    about = {one.slots["k"] for one in view.asked if one.kind == "value" and "k" in one.slots}
    assert about == {"sail.c"}


def test_files_are_counted_by_their_endings_and_values_are_asked_with_yes_and_no() -> None:
    rows = [f"-rw-r--r-- 1 mei mei {size} May  3  2025 {name}"
            for size, name in ((120, "boat.c"), (77, "sail.c"), (9, "mast.h"), (45, "deck.md"))]  # fmt: skip
    text = "\n".join(["$ ls -l", *rows, "$ head -2 deck.md", "see mast.h", "$ "])
    ran = (Ran("ls -l", "$ ", ("$",), 0, 1, 5, 0, "/home/mei"),
           Ran("head -2 deck.md", "$ ", ("$",), 5, 6, 7, 0, "/home/mei"))  # fmt: skip
    answers: dict[str, str] = {}
    for seed in range(80):
        view = View(random.Random(seed), Writer(random.Random(seed), "train"), _grid(text, ran), _PLACE)
        ask_all(view, "files", {})
        answers |= {way.format(**one.slots): one.answer for one in clear(view.asked) for way in one.phrasings
                    if not isinstance(one.phrasings, str)}  # fmt: skip
    assert answers["How many .c files are listed?"] == "2"
    assert answers["Which names end in .c?"] == "boat.c, sail.c"
    assert "How many .h files are listed?" not in answers
    assert answers["Is the size of sail.c 77?"] == "Yes"
    assert answers["Is 120 the size of sail.c?"] == "No"
    assert not [one for one in answers if "size of mast.h" in one]


def test_settings_in_a_pager_are_asked_for_and_not_the_bar() -> None:
    grid = replace(_grid("port = 80\nhost = oak\nuser = mei\nmode = slow\nsea.conf 1,1\n:"), full="less sea.conf")
    view = View(random.Random(2), Writer(random.Random(2), "train"), grid, _PLACE)
    ask_all(view, "less", {}, drill=True)
    answers = {way.format(**one.slots): one.answer for one in clear(view.asked) for way in one.phrasings}
    assert answers["What is host set to?"] == "oak"
    assert not [one for one in answers if "Is there a setting" in one]
    drilled = View(random.Random(2), Writer(random.Random(2), "train"), grid, _PLACE)
    drill_lines(drilled)
    assert {one.answer for one in drilled.asked if one.kind == "line"} == {
        "port = 80", "host = oak", "user = mei", "mode = slow",
    }  # fmt: skip


@pytest.mark.parametrize(("command", "settings"), [("cat sea.yaml", True), ("rev sea.yaml | head -2", False)])
def test_settings_are_those_of_a_file_that_is_printed_as_it_is(command: str, settings: bool) -> None:
    text = f"$ {command}\nport: 8080\nhost: oak\n$ "
    grid = _grid(text, (Ran(command, "$ ", ("$",), 0, 1, 3, 0, "/home/mei"),))
    assert (_answers(grid, "text").get("What is host set to?") == "oak") is settings
