"""What commands print, each with the questions that its output answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from training.screens.page import Page
from training.screens.phrases import MONTHS

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True)
class Output:
    """A command with what it printed.

    Attributes: `error`: the line with the error, or ""; `ask`: asks what it answers.
    """

    command: str
    lines: list[str]
    ask: Callable[[], None]
    error: str = ""

    @property
    def name(self) -> str:
        return self.command.split()[0]


def list_files(page: Page) -> Output:
    """`ls -l`."""
    rng, writer = page.rng, page.writer
    owner = writer.slot("noun")
    files = {}
    for _ in range(rng.randint(2, 10)):
        name = writer.file() if rng.random() < 0.75 else writer.slot("noun")
        when = f"{MONTHS[rng.randrange(12)][:3]} {rng.randint(1, 28):2} {writer.time()}"
        files[name] = (str(rng.randrange(10 ** rng.randint(2, 7))), when)
    lines = [f"total {rng.randrange(4, 900)}"]
    for name, (size, when) in sorted(files.items()):
        mode = "drwxr-xr-x" if "." not in name else rng.choice(("-rw-r--r--", "-rw-------", "-rwxr-xr-x"))
        lines.append(f"{mode} {rng.randint(1, 9)} {owner} {owner} {size:>8} {when} {name}")

    def ask() -> None:
        for name, (size, when) in rng.sample(sorted(files.items()), min(3, len(files))):
            page.ask(
                "value", size, "How large is {f}?", "How many bytes does {f} have?", "What is the size of {f}?", f=name
            )
            page.ask("value", when, "When was {f} changed?", "What is the date of {f}?", f=name)
        page.ask("how_many", str(len(files)), "How many files are listed?", "How many entries does ls show?")
        page.ask_whether(list(files), writer.file, "Is there a file {text}?", "Does the folder contain {text}?")
        page.ask("value", max(files, key=lambda name: int(files[name][0])), "Which file is the largest?")
        page.ask("value", owner, "Who owns the files?", "To which user do the files belong?")

    return Output(rng.choice(("ls -l", "ls -l", "ls -la", f"ls -l {writer.slot('noun')}")), lines, ask)


def disk_space(page: Page) -> Output:
    """`df -h`."""
    rng, rows = page.rng, []
    for number in range(rng.randint(2, 6)):
        size, used = rng.randint(10, 900), rng.randint(1, 99)
        device = rng.choice((f"/dev/sd{'abcd'[number % 4]}{rng.randint(1, 5)}", f"/dev/nvme0n1p{number + 1}", "tmpfs"))
        mount = "/" if not number else "/" + page.writer.slot("noun")
        rows.append((device, f"{size}G", f"{size * used // 100}G", f"{size - size * used // 100}G", f"{used}%", mount))
    lines = [f"{'Filesystem':<16} {'Size':>5} {'Used':>5} {'Avail':>5} Use% Mounted on"]
    lines += [f"{d:<16} {s:>5} {u:>5} {a:>5} {p:>4} {m}" for d, s, u, a, p, m in rows]

    def ask() -> None:
        for device, size, used, free, share, mount in rng.sample(rows, min(3, len(rows))):
            page.ask(
                "value",
                share,
                "How full is {m}?",
                "What share of {m} is used?",
                "Which percentage of {m} is in use?",
                m=mount,
            )
            page.ask("value", free, "How much space is left on {m}?", "How much is available on {m}?", m=mount)
            page.ask("value", size, "How large is {m}?", "What is the size of the disk {m}?", m=mount)
            page.ask("value", used, "How much of {m} is used?", "What is used on {m}?", m=mount)
            page.ask("value", device, "Which device is mounted on {m}?", "What is mounted at {m}?", m=mount)
        page.ask("how_many", str(len(rows)), "How many file systems are listed?", "How many file systems are there?")

    return Output("df -h", lines, ask)


def commits(page: Page) -> Output:
    """`git log`."""
    rng, writer = page.rng, page.writer
    made = [(f"{rng.randrange(16**7):07x}", writer.sentence(2, 6).rstrip(".!?")) for _ in range(rng.randint(2, 10))]
    lines = [f"{code} {text}" for code, text in made]
    author, date = (
        writer.name(),
        f"{rng.choice(_DAYS)} {MONTHS[rng.randrange(12)][:3]} {rng.randint(1, 28)} {writer.time()}:00",
    )
    long = rng.random() < 0.4
    if long:
        made = [(f"{rng.randrange(16**40):040x}", made[0][1])]
        lines = [
            f"commit {made[0][0]}",
            f"Author: {author} <{writer.email()}>",
            f"Date:   {date} {rng.randint(2015, 2031)} +0100",
            "",
            f"    {made[0][1]}",
        ]

    def ask() -> None:
        if long:
            page.ask("value", author, "Who made the commit?", "Who is the author of the commit?")
            page.ask("value", date, "When was the commit made?", "What is the date of the commit?")
            page.ask("value", made[0][1], "What is the message of the commit?", "What was changed?")
            return
        page.ask(
            "how_many",
            str(len(made)),
            "How many commits are listed?",
            "How many commits are shown?",
            "Count the commits.",
        )
        page.ask(
            "value",
            made[0][1],
            "What is the newest commit?",
            "Read the message of the first commit.",
            "What was committed last?",
        )
        code, text = rng.choice(made)
        page.ask("value", text, "What is the message of commit {c}?", "What did {c} change?", c=code)
        page.ask("value", code, "Which commit is '{t}'?", "What is the hash of '{t}'?", t=text)
        page.ask_whether([code for code, _ in made], lambda: f"{rng.randrange(16**7):07x}", "Is there a commit {text}?")

    return Output(
        "git log -1" if long else rng.choice(("git log --oneline", f"git log --oneline -{len(made)}")), lines, ask
    )


def ping(page: Page) -> Output:
    """`ping`."""
    rng, host = page.rng, page.writer.host()
    address = ".".join(str(rng.randrange(256)) for _ in range(4))
    count, lost = rng.randint(2, 6), rng.choice((0, 0, 0, 25, 50))
    times = [f"{rng.uniform(1, 180):.1f}" for _ in range(count)]
    lines = [f"PING {host} ({address}) 56(84) bytes of data."]
    lines += [
        f"64 bytes from {address}: icmp_seq={n} ttl=5{rng.randrange(9)} time={t} ms" for n, t in enumerate(times, 1)
    ]
    lines += [
        "",
        f"--- {host} ping statistics ---",
        f"{count} packets transmitted, {count} received, {lost}% packet loss, time {rng.randint(1000, 6000)}ms",
    ]

    def ask() -> None:
        number = rng.randrange(count)
        page.ask(
            "value",
            f"{times[number]} ms",
            "How long did packet {n} take?",
            "What is the time of icmp_seq {n}?",
            n=number + 1,
        )
        page.ask(
            "value",
            f"{lost}%",
            "How much packet loss is there?",
            "What is the packet loss?",
            "How many packets were lost?",
        )
        page.ask("value", host, "Which host was pinged?", "What was pinged?")
        page.ask("value", address, "What is the IP address of {h}?", "Which IP address answered?", h=host)
        page.ask("value", str(count), "How many packets were transmitted?", "How many packets were sent?")

    return Output(f"ping -c {count} {host}", lines, ask)


def compiling(page: Page) -> Output:
    """A compiler that stops at an error."""
    rng, writer = page.rng, page.writer
    file, at, column = f"{writer.slot('noun')}.c", rng.randint(2, 900), rng.randint(1, 60)
    bad = writer.slot("noun")
    said = rng.choice(
        (
            "'{b}' undeclared (first use in this function)",
            "expected ';' before '{b}'",
            "unknown type name '{b}'",
            "too few arguments to function '{b}'",
            "conflicting types for '{b}'",
        )
    ).format(b=bad)
    error = f"{file}:{at}:{column}: error: {said}"
    others = [f"cc -c {writer.slot('noun')}.c" for _ in range(rng.randint(0, 3))]
    lines = [*others, f"cc -c {file}", error, f"make: *** [Makefile:{rng.randint(2, 90)}: {file[:-2]}.o] Error 1"]

    def ask() -> None:
        page.ask(
            "value",
            str(at),
            "Which line has the error?",
            "On which line is the error?",
            "In which line of {f} is the error?",
            f=file,
        )
        page.ask(
            "value",
            file,
            "Which file has the error?",
            "In which file is the error?",
            "Which file could not be compiled?",
        )

    return Output(rng.choice(("make", "make all", f"make {file[:-2]}")), lines, ask, error)


def traceback(page: Page) -> Output:
    """A Python program that fails."""
    rng, writer = page.rng, page.writer
    file, at, function = f"{writer.slot('noun')}.py", rng.randint(2, 400), writer.slot("verb")
    error = rng.choice(
        (
            "KeyError: '{a}'",
            "ValueError: invalid literal for int() with base 10: '{a}'",
            "ZeroDivisionError: division by zero",
            "ModuleNotFoundError: No module named '{a}'",
            "TypeError: {a}() missing 1 required argument: '{b}'",
            "FileNotFoundError: [Errno 2] No such file or directory: '{a}.txt'",
            "NameError: name '{a}' is not defined",
            "AttributeError: '{a}' object has no attribute '{b}'",
            "IndexError: list index out of range",
        )
    ).format(a=writer.slot("noun"), b=writer.slot("noun"))
    lines = [
        "Traceback (most recent call last):",
        f'  File "{file}", line {at + 7}, in <module>',
        f"    {function}()",
        f'  File "{file}", line {at}, in {function}',
        f"    {writer.slot('noun')} = {writer.slot('noun')}[{rng.randrange(99)}]",
        error,
    ]

    def ask() -> None:
        page.ask("value", str(at), "In which line did it fail?", "Which line of {f} has the error?", f=file)
        page.ask("value", function, "In which function did the error happen?", "Which function failed?")
        page.ask("value", error.split(":", maxsplit=1)[0], "What kind of error is it?", "Which exception was raised?")

    return Output(f"python {file}", lines, ask, error)


def installing(page: Page) -> Output:
    """`pip install` or `apt install`, of which some fail."""
    rng, writer = page.rng, page.writer
    package, version = writer.slot("noun"), writer.version()
    error = ""
    if rng.random() < 0.5:
        command, lines = (
            f"pip install {package}",
            [f"Collecting {package}", f"  Downloading {package}-{version}-py3-none-any.whl ({rng.randint(9, 900)} kB)"],
        )
        if rng.random() < 0.4:
            error = f"ERROR: No matching distribution found for {package}=={version}"
            lines = [lines[0], error]
        else:
            lines.append(f"Successfully installed {package}-{version}")
    else:
        command = f"sudo apt install {package}"
        size = f"{rng.randint(2, 900)} kB"
        lines = ["Reading package lists... Done", "Building dependency tree... Done"]
        if rng.random() < 0.4:
            error = f"E: Unable to locate package {package}"
            lines.append(error)
        else:
            lines += [
                "The following NEW packages will be installed:",
                f"  {package}",
                f"Need to get {size} of archives.",
                f"Setting up {package} ({version}) ...",
            ]

    def ask() -> None:
        page.ask(
            "value", package, "Which package was to be installed?", "What is being installed?", "Which package is it?"
        )
        page.ask("value", version, "Which version of {p} is it?", "What is the version of {p}?", p=package)

    return Output(command, lines, ask, error)


def testing(page: Page) -> Output:
    """A run of tests with its summary."""
    rng, writer = page.rng, page.writer
    passed, failed, seconds = rng.randint(3, 900), rng.choice((0, 0, 1, 1, 2, 5)), f"{rng.uniform(0.1, 90):.2f}"
    total = passed + failed
    file, test = f"tests/test_{writer.slot('noun')}.py", f"test_{writer.slot('noun')}_{writer.slot('verb')}"
    error = f"FAILED {file}::{test} - assert {rng.randrange(99)} == {rng.randrange(99)}" if failed else ""
    lines = [
        f"collected {total} items",
        "",
        f"{file} {'.' * rng.randint(3, 20)}{'F' * min(failed, 1)}",
        *[error] * bool(error),
        f"===== {f'{failed} failed, ' if failed else ''}{passed} passed in {seconds}s =====",
    ]

    def ask() -> None:
        page.ask("value", str(passed), "How many tests passed?", "How many tests were successful?")
        page.ask("value", f"{seconds}s", "How long did the tests take?", "In what time did the tests run?")
        page.ask("value", str(total), "How many tests were collected?", "How many tests are there?")
        if failed:
            page.ask("value", str(failed), "How many tests failed?", "How many failures are there?")
            page.ask("value", test, "Which test failed?", "What is the name of the test that failed?")
        page.ask("yes_no", "Yes" if failed else "No", "Did a test fail?", "Are there failed tests?")

    return Output(rng.choice(("pytest", "python -m pytest", f"pytest {file}")), lines, ask, error)


def missing(page: Page) -> Output:
    """A command that cannot do it."""
    rng, writer = page.rng, page.writer
    file, word = writer.file(), writer.slot("verb")
    command, error = rng.choice(
        (
            (f"cat {file}", f"cat: {file}: No such file or directory"),
            (word, f"bash: {word}: command not found"),
            (f"cd {word}", f"bash: cd: {word}: No such file or directory"),
            (f"rm {file}", f"rm: cannot remove '{file}': Permission denied"),
            (f"cp {file} /mnt", f"cp: error writing '/mnt/{file}': No space left on device"),
            ("git push", "error: failed to push some refs to 'origin'"),
            (f"ssh {word}", f"ssh: Could not resolve hostname {word}"),
        )
    )
    return Output(command, [error], lambda: None, error)


def file_text(page: Page) -> Output:
    """`cat` of a file with settings."""
    rng, writer = page.rng, page.writer
    rows = {
        writer.slot("noun"): rng.choice((writer.number, writer.word, writer.version, writer.host))()
        for _ in range(rng.randint(2, 7))
    }
    mark = rng.choice((" = ", "=", ": "))
    file = writer.file()

    def ask() -> None:
        for name, value in rows.items():
            page.ask(
                "value",
                value,
                "What is {k} set to?",
                "What is the value of {k}?",
                "{k}?",
                "What does it say for {k}?",
                k=name,
            )
        page.ask("value", file, "Which file was printed?", "Which file is shown?")

    return Output(f"cat {file}", [f"{name}{mark}{value}" for name, value in rows.items()], ask)


def git_status(page: Page) -> Output:
    """`git status`."""
    rng, writer = page.rng, page.writer
    branch, changed = (
        rng.choice(("main", writer.slot("noun"))),
        list({writer.file(): None for _ in range(rng.randint(1, 4))}),
    )
    lines = [
        f"On branch {branch}",
        "Changes not staged for commit:",
        *(f"        modified:   {file}" for file in changed),
    ]

    def ask() -> None:
        page.ask("value", branch, "Which branch is it?", "On which branch am I?", "What is the current branch?")
        page.ask(
            "list", ", ".join(changed), "Which files are modified?", "What was changed?", "List the modified files."
        )
        page.ask("how_many", str(len(changed)), "How many files are modified?", "How many files have changed?")

    return Output("git status", lines, ask)


COMMANDS = (
    list_files,
    list_files,
    disk_space,
    commits,
    ping,
    compiling,
    traceback,
    installing,
    testing,
    missing,
    file_text,
    git_status,
)
