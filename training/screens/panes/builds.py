"""Terminals in which a build or tests ran, and process viewers."""

from __future__ import annotations

import re
from random import Random

from training.screens.line_questions import line_questions
from training.screens.panes.errors import ask_error, long_error
from training.screens.panes.text_mode import KEYS, TextFrame
from training.screens.phrases import Writer
from training.screens.records import Screen
from training.screens.themes import Style

_STEPS = ("Compiling", "Linking", "Checking", "Copying", "Running", "Building", "Testing")
_OF_THE_END = re.compile(r"last|bottom|lowest|penultimate|next to|below\\?|end\\?")
"""In questions about lines: none of them where a prompt follows."""


def draw_process_list(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """What a process viewer in a terminal shows: uptime, tasks, memory, a list of processes."""
    frame = TextFrame(rng, writer, style, width, height, "process viewer")
    frame.title(frame.app)
    up = rng.choice((f"{rng.randint(2, 99)} days, {rng.randint(1, 23):2}:{rng.randint(10, 59)}",
                     f"{rng.randint(2, 59)} min",
                     f"{rng.randint(1, 23)}:{rng.randint(10, 59)}"))  # fmt: skip
    tasks, load = str(rng.randint(30, 600)), ", ".join(f"{rng.random() * 4:.2f}" for _ in range(3))
    free = f"{rng.randint(100, 9999)}.{rng.randint(0, 9)}"
    users = rng.randint(1, 5)
    now = f"{writer.time()}:{rng.randint(10, 59)}"
    head = [f"{frame.app.split()[0].lower()} - {now} up {up}, {users} user{'s' * (users > 1)}, load average: {load}",
            f"Tasks: {tasks} total, {rng.randint(1, 4)} running, {rng.randint(20, 300)} sleeping",
            f"MiB Mem: {rng.randint(10000, 64000)}.0 total, {free} free"]  # fmt: skip
    if rng.random() < 0.75:
        frame.keys(rng.sample(KEYS, rng.randint(6, 10)))
    if all(len(line) < frame.columns for line in head):
        for line in head:
            frame.line_at(frame.top, line)
            frame.top += frame.row_px
        frame.ask("value", up, "For how long has it been up?", "What is the uptime?",
                  "How long has the machine been running?",
                  "Uptime?", "Since how long is it up?", "How long is the computer on?",
                  "How long has it been running?",
                  "What stands after up?")  # fmt: skip
        frame.ask("value", tasks, "How many tasks are there?", "How many tasks in total?",
                  "What is the number of tasks?",
                  "Tasks in total?", "How many processes are there in total?", "Total tasks?",
                  "How many tasks are listed as total?",
                  "Number of tasks?")  # fmt: skip
        frame.ask("value", load, "What is the load average?", "Read the load average.", "Load average?",
                  "How high is the load?",
                  "What are the load averages?", "Which load is shown?", "What does it say for load average?",
                  "Tell me the load average.")  # fmt: skip
        frame.ask("value", free, "How much memory is free?", "Free memory?", "How many MiB are free?",
                  "What is free of the memory?",
                  "How much of the memory is free?", "What is the free memory?", "Memory free?",
                  "How much is free?")  # fmt: skip
        frame.top += frame.row_px
    frame.line_at(frame.top, f"{'PID':>7} {'USER':<10}{'%CPU':>6} {'%MEM':>5}  COMMAND", bar=True)
    frame.top += frame.row_px
    rows, names = [], set[str]()
    for _ in range(min(int((frame.bottom - frame.top) / frame.row_px) - 1, frame.rows_for(4, 22, frame.row_px))):
        command = str(writer.slot("noun")) + rng.choice(("", "", "d", "-server"))
        if command not in names and len(command) < frame.columns - 33:
            names.add(command)
            rows.append([str(rng.randint(1, 99999)), str(writer.slot("noun"))[:9], f"{rng.random() * 30:.1f}",
                         f"{rng.random() * 9:.1f}", command])  # fmt: skip
    rows.sort(key=lambda row: -float(row[2]))
    for pid, user, cpu, memory, command in rows:
        frame.line_at(frame.top, f"{pid:>7} {user:<10}{cpu:>6} {memory:>5}  {command}")
        frame.top += frame.row_px
    _ask_processes(frame, rows)
    return frame.done("text_program", f"with {len(rows)} processes.")


def _ask_processes(frame: TextFrame, rows: list[list[str]]) -> None:
    rng = frame.rng
    for pid, user, cpu, memory, command in rng.sample(rows, min(4, len(rows))):
        for answer, label in ((pid, "PID"), (user, "user"), (cpu, "CPU share"), (memory, "memory share")):
            if rng.random() < 0.6:
                frame.ask("cell", answer, "What is the {l} of {c}?", "{l} of {c}?", "Which {l} does {c} have?",
                          "{c}: which {l}?",
                          "Tell me the {l} of {c}.", "In the row of {c}, what is the {l}?", "Look up the {l} of {c}.",
                          "Which {l} is shown for {c}?", l=label, c=command)  # fmt: skip
        if sum(row[0] == pid for row in rows) == 1:
            frame.ask("value", command, "Which command has the PID {p}?", "What is process {p}?", "PID {p}?",
                      "Which process is {p}?",
                      "What runs as process {p}?", "Name of the process {p}?", "Which program has PID {p}?",
                      "What is the command of {p}?", p=pid)  # fmt: skip
    if rows:
        frame.ask("value", rows[0][4], "Which process is at the top?", "Which process is first?",
                  "First process in the list?",
                  "What is the first command?", "Which command is listed first?", "Topmost process?",
                  "Which process uses most CPU?", "What is at the top of the list?")  # fmt: skip
        frame.ask("value", rows[-1][4], "Which process is at the bottom?", "Which process is last?",
                  "Last process in the list?",
                  "What is the last command?", "Which command is listed last?", "Lowest process in the list?",
                  "Which process comes last?", "What is the last process?")  # fmt: skip


def draw_build(rng: Random, writer: Writer, style: Style, width: int, height: int) -> Screen:
    """A terminal in which a build or tests ran, with how long, how many, and mostly an error of several words."""
    frame = TextFrame(rng, writer, style, width, height, "terminal")
    user, host = writer.slot("noun"), writer.slot("noun")
    prompt = rng.choice((f"{user}@{host}:~/{writer.slot('noun')}$ ", f"[{user}@{host} ~]$ ", "$ ", f"{host}% "))
    frame.title(rng.choice((f"{user}@{host}: ~", f"{user}@{host}")))
    command = rng.choice((f"make {writer.slot('noun')}", f"{writer.slot('verb')} test",
                          f"./{writer.slot('noun')}.sh --{writer.slot('noun')}",
                          f"{writer.slot('noun')} build --{writer.slot('adjective')}",
                          f"run {writer.file()}"))  # fmt: skip
    took = rng.choice((f"{rng.randint(1, 90)}.{rng.randint(10, 99)}s", f"{rng.randint(1, 59)}m{rng.randint(10, 59)}s",
                       f"{rng.randint(2, 300)} seconds"))  # fmt: skip
    passed, failed, code = rng.randint(2, 900), rng.randint(1, 30), str(rng.randint(1, 139))
    error = "" if rng.random() < 0.2 else long_error(rng, writer)
    quoted = error and rng.choice(("error: {e}", "ERROR: {e}", "{f}:{n}: error: {e}", "fatal: {e}", "Error: {e}",
                                   "E: {e}",
                                   "{e}")).format(e=error, f=writer.file(), n=rng.randint(1, 900))  # fmt: skip
    lines = [f"[{n + 1}/{n + 4}] {rng.choice(_STEPS)} {writer.file()}" for n in range(rng.randint(1, 7))]
    if error:
        lines.append(quoted)
    summary = rng.choice((f"{passed} passed, {failed} failed in {took}", f"Build finished in {took}", f"real {took}",
                          f"Ran {passed} tests in {took}, {failed} failures"))  # fmt: skip
    lines.append(summary)
    exit_line = f"Process exited with code {code}"
    if error and rng.random() < 0.6:
        lines.append(exit_line)
    lines = [prompt + command, *lines]
    if any(len(line) >= frame.columns for line in lines):
        quoted, lines = "", [line for line in lines if len(line) < frame.columns]
    for number, line in enumerate(lines):
        frame.line_at(frame.top + number * frame.row_px, line)
        if line == quoted and rng.random() < 0.5:
            frame.fill((frame.left, frame.top + number * frame.row_px, frame.right,
                        frame.top + (number + 1) * frame.row_px),
                       frame.ground)  # fmt: skip
            frame.sketch.glyphs = frame.sketch.glyphs[: -len(line)]
            frame.put(frame.left, frame.top + number * frame.row_px, line, frame.mono,
                      (255, 110, 110) if sum(frame.ground) < 380 else (190, 0, 0), frame.row_px)  # fmt: skip
    end = frame.top + len(lines) * frame.row_px
    if waiting := rng.random() < 0.5 and end + frame.row_px < frame.bottom:
        frame.line_at(end, prompt.rstrip())
    _ask_build(frame, lines, (command, prompt + command), quoted, summary, (took, passed, failed, code, exit_line))
    found = line_questions(rng, lines, most=14)
    frame.asker.questions += [one for one in found if not (waiting and _OF_THE_END.search(one.text))]
    return frame.done("build", f'in which "{command}" was run.')


def _ask_build(frame: TextFrame, lines: list[str], ran: tuple[str, str], error: str, summary: str,
               facts: tuple[str, int, int, str, str]) -> None:  # fmt: skip
    took, passed, failed, code, exit_line = facts
    if ran[1] in lines:
        frame.ask("command", ran[0], "What is the last command?", "Which command was run?", "What was typed?",
                  "Last command?",
                  "Which command did the user run?", "Read the command.", "What did someone enter?",
                  "Which command was entered last?")  # fmt: skip
    if error:
        ask_error(frame, error, frame.rng.choice((" in the terminal", "")))
    if summary in lines:
        frame.ask("value", took, "How long did it take?",
                  "How long did the build take?" if "Build" in summary else "How long?",
                  "After what time was it done?", "How much time did it take?", "Time taken?",
                  "In which time was it done?",
                  "What was the running time?", "How long did it run?")  # fmt: skip
        if "passed" in summary:
            frame.ask("value", str(passed), "How many tests passed?", "How many passed?", "Passed tests?",
                      "Number of passed tests?",
                      "How many tests were successful?", "What is the number of tests that passed?",
                      "How many tests are ok?", "How many succeeded?")  # fmt: skip
        if "fail" in summary:
            frame.ask("value", str(failed), "How many tests failed?", "How many failed?", "Failed tests?",
                      "Number of failures?",
                      "How many tests were not successful?", "How many failures were there?", "How many did not pass?",
                      "What is the number of failed tests?")  # fmt: skip
    if exit_line in lines:
        frame.ask("value", code, "What is the exit code?", "Which exit code was returned?", "Exit code?",
                  "With which code did it exit?",
                  "What code did the process exit with?", "Which code is shown at the end?",
                  "What was the exit status?",
                  "With what exit code did it end?")  # fmt: skip
