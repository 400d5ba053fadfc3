"""Questions about values with labels, settings, log entries, commits, states of repositories and results of tests."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence

from training.interfaces.terminals import phrasings as ways
from training.interfaces.terminals.grid import Ran
from training.interfaces.terminals.view import Long, View, flat, is_plain
from training.screens.line_numbering import near_miss

_LABELLED = re.compile(r"^\s*([A-Za-z][\w /().%-]{1,34}?) ?:\s+(\S.*)$")
_SET = re.compile(r"^\s*(?:export )?([A-Za-z_][\w.-]{1,40})\s*[=:]\s*(\S.*)$|^\s*\"(\w+)\": \"([^\"]*)\",?$")
_ASKED = 6
_LONGEST_VALUE = 40
"""Characters of a value that a question quotes."""
_LEVELS = ("ERROR", "WARNING", "INFO", "DEBUG", "CRITICAL")
_CLOCK = re.compile(r"\b(\d\d:\d\d:\d\d)\b")
_LABELS_OF = (r"lscpu|stat |dpkg -s|apt-cache (show|policy)|pip show|head -\d+ /proc/meminfo"
              r"|cat /etc/(hosts|.*conf|.*defs)|file |curl -I|sqlite3 -line|id$|env ")  # fmt: skip
_CALCULATED = re.compile(
    r"echo '([^']+)' \| bc|python3 -c 'print\((.+)\)'|node -p '(.+)'|expr (.+)|echo \$\(\((.+)\)\)"
)


def ask_values(view: View, ran: Ran, *, alone: bool = False) -> None:
    """What a command printed, by which command it was; `alone`: only what no other output says, too."""
    lines = view.printed(ran)
    for pattern, ask in _BY_COMMAND:
        if re.match(pattern, ran.command):
            if alone and ask not in (_ask_settings, _ask_labels):
                return
            if lines and (not ran.status or ask is _ask_tests):
                ask(view, ran, lines)
            return


def _is_said_once(view: View, key: str) -> bool:
    """Whether a label stands at the beginning of one row only."""
    return sum(bool(re.match(rf"[\s\"]*(export )?{re.escape(key)}(?!\w)", line)) for line in view.lines) == 1


def _rows(line: Long) -> list[int]:
    return list(range(line.first, line.last + 1))


def ask_labelled(view: View, lines: Sequence[Long], pattern: re.Pattern[str]) -> None:
    """Values beside labels that are all different."""
    found = [(match, line) for line in lines if (match := pattern.match(line.text))]
    pairs = [(next(filter(None, (one for one in match.groups()[::2])), ""),
              [part for part in match.groups() if part][-1].strip(), line)
             for match, line in found]  # fmt: skip
    keys = Counter(key for key, _, _ in pairs)
    pairs = [
        (key, value.rstrip(",").strip('"'), line)
        for key, value, line in pairs
        if keys[key] == 1 and key != value and _is_said_once(view, key) and not re.search(r"(^|\s)[A-Z][\w ]*: ", value)
    ]
    setting = pattern is _SET
    for key, value, line in view.rng.sample(pairs, min(_ASKED, len(pairs))):
        view.ask("value", flat(value), ways.SETTING if setting else ways.VALUE, _rows(line), k=key)
    _ask_whether_set(view, pairs)
    values = Counter(value for _, value, _ in pairs)
    for key, value, line in view.rng.sample(pairs, min(2, len(pairs))):
        if setting and values[value] == 1 and len(value) <= 40 and sum(value in one for one in view.lines) == 1:
            view.ask("value", key, ways.SETTING_WITH, _rows(line), v=value)
    other_lines = [line for line in lines if line.text.strip(" {}[]") and not line.text.rstrip().endswith(":")]
    if setting and pairs and not view.grid.full and len(pairs) == len(other_lines):
        other = str(view.writer.slot("noun"))
        if not any(other in line.lower() for line in view.lines):
            rows = [row for line in lines for row in _rows(line)]
            view.yes_no(ways.HAS_KEY, yes=False, rows=rows, k=other)
            view.yes_no(ways.HAS_KEY, yes=True, rows=rows, k=view.rng.choice(pairs)[0])


def _ask_whether_set(view: View, pairs: Sequence[tuple[str, str, Long]]) -> None:
    """Whether something is set to a value, or to that of another row, or to one that looks like its own."""
    rng = view.rng
    short = [one for one in pairs if len(one[1]) <= _LONGEST_VALUE]
    for key, value, line in rng.sample(short, min(2, len(short))):
        view.yes_no(ways.IS_SET, yes=True, rows=_rows(line), k=key, v=value)
    for key, value, line in rng.sample(short, min(2, len(short))):
        other = rng.choice(short)[1] if rng.random() < 0.5 else near_miss(rng, value)
        if other.lower() != value.lower():
            view.yes_no(ways.IS_SET, yes=False, rows=_rows(line), k=key, v=other)


def _ask_commits(view: View, _: Ran, lines: Sequence[Long]) -> None:
    """Commits as git writes them by itself: hash, author, date, message."""
    commits: list[dict[str, tuple[str, int]]] = []
    for line in lines:
        text = line.text
        if found := re.match(r"commit ([0-9a-f]{40})", text):
            commits.append({"hash": (found[1], line.first)})
        elif commits and (found := re.match(r"(Author|Date): +(.+)", text)):
            commits[-1].setdefault(found[1], (found[2], line.first))
        elif commits and "Date" in commits[-1] and "message" not in commits[-1] and text.startswith("    "):
            commits[-1]["message"] = (text.strip(), line.first)
    commits = [one for one in commits if {"hash", "Author", "Date", "message"} <= set(one)]
    for one in commits[:4]:
        message, author, date, name = (one[key][0] for key in ("message", "Author", "Date", "hash"))
        rows = [place for _, place in one.values()]
        if [other["message"][0] for other in commits].count(message) > 1 or "'" in message:
            continue
        view.ask("value", author.partition(" <")[0], ways.AUTHOR_OF, rows, k=message)
        view.ask("value", date.strip(), ways.COMMIT_DATE, rows, k=message)
        view.ask("value", name[: 7 if view.rng.random() < 0.3 else 40], ways.HASH, rows, k=message)
        view.ask("value", message, ways.SUBJECT, rows, k=name[:7])
    if len(commits) == 1:
        by, row = commits[0]["Author"]
        view.ask("value", by.partition(" <")[0], ("Who is the author of the commit?", "Who made the commit?",
                 "Which author does the commit have?"), [row])  # fmt: skip
        view.ask("value", commits[0]["message"][0], ("What is the commit message?",
                                                     "What does the commit message say?"),
                 [commits[0]["message"][1]])  # fmt: skip
    elif commits and lines[0].text.startswith("commit "):
        view.ask("value", commits[0]["message"][0], ways.LATEST, [place for _, place in commits[0].values()])


def _ask_state(view: View, ran: Ran, lines: Sequence[Long]) -> None:
    branch = next((line for line in lines if line.text.startswith("On branch ")), None)
    if branch:
        view.ask("value", branch.text.removeprefix("On branch "), ways.ON_BRANCH, _rows(branch))
    if not view.is_whole(ran):
        return
    found = files_by_state([line.text for line in lines])
    rows = [row for line in lines for row in _rows(line)]
    asked = {"staged": (ways.STAGED, ()), "modified": (ways.MODIFIED, ways.MODIFIED_COUNT),
             "untracked": (ways.UNTRACKED, ways.UNTRACKED_COUNT)}  # fmt: skip
    for part, (which, how_many) in asked.items():
        clear = part != "modified" or not found["staged"]
        if found[part] and len(found[part]) <= 12 and clear:
            view.ask("list", ", ".join(found[part]), which, rows)
        if how_many and len(found[part]) <= 12 and clear:
            view.ask("how_many", str(len(found[part])), how_many, rows)


def files_by_state(texts: Sequence[str]) -> dict[str, list[str]]:
    """Names of files that `git status` calls "staged", "modified" and "untracked"."""
    part, found = "", {"staged": list[str](), "modified": list[str](), "untracked": list[str]()}
    heads = {"Changes to be committed": "staged", "Changes not staged": "modified", "Untracked files": "untracked"}
    for text in texts:
        part = next((state for head, state in heads.items() if text.startswith(head)), part)
        indented = re.match(r"(?:\t| {8})(?:(?:modified|new file|deleted): *)?(\S.*)$", text)
        if part and indented:
            found[part].append(indented[1])
    return found


def _ask_short_state(view: View, ran: Ran, lines: Sequence[Long]) -> None:
    rows = [row for line in lines for row in _rows(line)]
    modified = [line.text[3:] for line in lines if "M" in line.text[:2]]
    untracked = [line.text[3:] for line in lines if line.text.startswith("??")]
    if view.is_whole(ran) and all(line.text[:2] in (" M", "M ", "MM", "??") for line in lines):
        for names, which, how_many in ((modified, ways.MODIFIED, ways.MODIFIED_COUNT),
                                       (untracked, ways.UNTRACKED, ways.UNTRACKED_COUNT)):  # fmt: skip
            if names:
                view.ask("list", ", ".join(names), which, rows)
            view.ask("how_many", str(len(names)), how_many, rows)


def _ask_branch(view: View, _: Ran, lines: Sequence[Long]) -> None:
    for line in lines:
        found = re.match(r"\* (\S+)$|Switched to a new branch '(.+)'", line.text)
        if found:
            view.ask("value", found[1] or found[2], ways.ON_BRANCH, _rows(line))


def _ask_tests(view: View, ran: Ran, lines: Sequence[Long]) -> None:
    """What pytest and unittest say at their end."""
    last = lines[-1]
    summary = last.text.strip("= ")
    found = {name: number for number, name in re.findall(r"(\d+) (passed|failed|error|skipped)", summary)}
    rows = _rows(last)
    if found and " in " in summary:
        view.ask("how_many", found.get("failed", "0"), ways.FAILED_TESTS, rows)
        view.ask("how_many", found.get("passed", "0"), ways.PASSED, rows)
        view.ask("value", summary.rpartition(" in ")[2], ways.TOOK, rows)
        view.yes_no(ways.ALL_PASSED, yes="failed" not in found and "error" not in found, rows=rows)
    said = next((line for line in lines if re.match(r"Ran \d+ tests? in", line.text)), None)
    if said:
        parts = said.text.split()
        view.ask("how_many", parts[1], ways.RAN_TESTS, _rows(said))
        view.ask("value", parts[-1], ways.TOOK, _rows(said))
        view.yes_no(ways.ALL_PASSED, yes=summary == "OK", rows=rows)
        failures = re.search(r"failures=(\d+)", summary)
        view.ask("how_many", failures[1] if failures else "0", ways.FAILED_TESTS, rows)
    results = [(match, line) for line in lines
               if (match := re.match(r"\S+::(\w+) (PASSED|FAILED)|(\w+) \([\w.]+\) \.\.\. (ok|FAIL)",
                                     line.text))]  # fmt: skip
    for match, line in view.rng.sample(results, min(3, len(results))):
        name, result = (match[1], match[2]) if match[1] else (match[3], match[4])
        view.yes_no(ways.TEST_RESULT, yes=result in ("PASSED", "ok"), rows=_rows(line), k=name)
    failed = [(match[1] or match[3]) for match, _ in results if (match[2] or match[4]) in ("FAILED", "FAIL")]
    if view.is_whole(ran) and failed:
        view.ask("list", ", ".join(failed), ways.FAILED_NAMES, [row for _, line in results for row in _rows(line)])


def _ask_ping(view: View, _: Ran, lines: Sequence[Long]) -> None:
    for line in lines:
        found = re.search(r"(\d+) packets transmitted, (\d+) received.* (\d+)% packet loss", line.text)
        if found:
            view.ask("how_many", found[1], ways.SENT, _rows(line))
            view.ask("value", f"{found[3]}%", ways.LOSS, _rows(line))


def ask_log(view: View, lines: Sequence[Long], *, whole: bool) -> None:
    """Entries with a time and perhaps a level."""
    rows = [row for line in lines for row in _rows(line)]
    marked = [(line, [level for level in _LEVELS if re.search(rf"\b{level}\b", line.text)]) for line in lines]
    if whole and all(len(levels) == 1 for _, levels in marked):
        counts = Counter(levels[0] for _, levels in marked)
        for level in view.rng.sample(_LEVELS, 4):
            if sum(level in one for one in view.lines) != counts[level]:
                continue  # another command's output says it, too, and nobody asks about a command alone
            if counts[level] <= 12:
                view.ask("how_many", str(counts[level]), ways.LEVEL_COUNT, rows, t=level)
            view.yes_no(ways.HAS_LEVEL, yes=bool(counts[level]), rows=rows, t=level)
    clocks = Counter(match[1] for line in lines if (match := _CLOCK.search(line.text)))
    chosen = [line for line in lines if (match := _CLOCK.search(line.text)) and clocks[match[1]] == 1]
    for line in view.rng.sample(chosen, min(4, len(chosen))):
        found = re.search(
            r"(?:^| )([A-Za-z][^\[\]|]*)$",
            re.sub(r".*(\d\d:\d\d:\d\d|\]:|INFO|DEBUG|WARNING|ERROR|CRITICAL|\])\S*", "", line.text),
        )
        message, clock = flat(found[1]) if found else "", _CLOCK.search(line.text)
        if not message or not clock or "'" in message or sum(message in one for one in view.lines) != 1:
            continue
        if ": " in message:
            message = message.rpartition(": ")[2]
        view.ask("value", clock[1], ways.WHEN_LOGGED, _rows(line), m=message)
        view.ask(
            "value", message, [one for one in ways.LOGGED_AT if not one.startswith("Read")], _rows(line), t=clock[1]
        )


def ask_numbered(view: View, lines: Sequence[Long]) -> None:
    """Lines with their numbers before them."""
    found = [(match[1], match[2].strip(), line) for line in lines
             if (match := re.match(r"^\s*(\d+)(?:\t|:| )(.*)$", line.text)) and line.first == line.last]  # fmt: skip
    found = [one for one in found if is_plain(one[1]) and "'" not in one[1] and len(one[1]) > 3]
    phrasings = [one for one in ways.CODE_AT if "{f}" not in one]
    for number, text, line in view.rng.sample(found, min(4, len(found))):
        if [one[0] for one in found].count(number) == 1:
            view.ask("line", flat(text), phrasings, _rows(line), n=number)
        if sum(text in one for one in view.lines) == 1 and len(text) <= 60:
            view.ask("value", number, ways.LINE_OF, _rows(line), t=flat(text))


def _ask_result(view: View, ran: Ran, lines: Sequence[Long]) -> None:
    """The only line that a short calculation prints."""
    quoted = _CALCULATED.search(ran.command)
    if quoted and len(lines) == 1 and not ran.status:
        expression = next(filter(None, quoted.groups())).rpartition("; ")[2]
        view.ask("value", lines[0].text.strip(), ways.RESULT, [ran.row, *_rows(lines[0])], e=expression)


def ask_settings(view: View, lines: Sequence[Long]) -> None:
    """Values of a file with settings."""
    ask_labelled(view, lines, _SET)


def _ask_settings(view: View, _: Ran, lines: Sequence[Long]) -> None:
    ask_settings(view, lines)


def _ask_labels(view: View, _: Ran, lines: Sequence[Long]) -> None:
    ask_labelled(view, lines, _LABELLED)


_BY_COMMAND: tuple[tuple[str, Callable[[View, Ran, Sequence[Long]], None]], ...] = (
    (r"git (log|show)(?!.*--(oneline|format|graph))", _ask_commits), (r"git status$", _ask_state),
    (r"git status -s$", _ask_short_state), (r"git (branch|checkout)", _ask_branch), (r"ping", _ask_ping),
    (r"(python3 -m )?(pytest|unittest)", _ask_tests),
    (r"grep -n|cat -n|nl ", lambda view, _, lines: ask_numbered(view, lines)),
    (r"cat /etc/os-release|(cat|head|tail|grep|sort|tac|sed) .*\.(ini|yaml|env|json|conf|rc)\b(?!.*\|)", _ask_settings),
    (_LABELS_OF, _ask_labels),
    (r"(cat|tail|head|grep) .*\.log\b", lambda view, ran, lines: ask_log(view, lines, whole=view.is_whole(ran))),
    (r"(echo|expr|printf|factor|units|numfmt|python3 -c|node -p|perl -e|wc|seq)\b", _ask_result),
)  # fmt: skip
