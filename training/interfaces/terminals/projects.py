"""Sessions of people who write programs: repositories, tests, compilers, databases, and commands that fail."""

from __future__ import annotations

from training.interfaces.terminals.maker import Maker
from training.interfaces.terminals.mistakes import LANGUAGES, write_mistake
from training.interfaces.terminals.sessions import fill_folder, session, write_table

_MESSAGES = (
    "Fix {n} in {m}", "Add {n} to {m}", "Remove unused {n}", "Update {n}", "Rename {n} to {m}", "fix: {n} of the {m}",
    "feat: add {n}", "docs: explain {n}", "Initial commit", "Bump version to 1.{d}", "Refactor {n}",
    "test: cover {n}",
    "Handle empty {n}", "Use {n} instead of {m}", "Revert \"{n}\"", "Speed up {n} by {d} percent", "Typo in {n}",
    "chore: clean up {m}", "Merge {n} into {m}", "Show {n} in the {m}", "WIP {n}", "Make {n} faster",
)  # fmt: skip
_AUTHORS = ("Alice Moreau", "Ben Carter", "Chen Wei", "Dana Novak", "Elif Kaya", "Felix Braun", "Greta Olsen",
            "Hugo Silva", "Ines Costa", "Jonas Weber", "Kofi Mensah", "Lara Rossi", "Milo Jansen", "Nadia Haddad",
            "Omar Farouk", "Priya Nair", "Rosa Diaz", "Sven Lund", "Tara Singh", "Yusuf Demir")  # fmt: skip


@session("mistakes", 12)
def complain(maker: Maker) -> None:
    """A program with a mistake, and what the compiler says."""
    rng = maker.rng
    maker.folder(rng.choice(("", "src", "projects/" + maker.noun(), "code", "homework")))
    often = {"python": 4, "c": 3, "cpp": 3}
    language = rng.choices(LANGUAGES, [often.get(one, 2) for one in LANGUAGES])[0]
    name, command = write_mistake(maker, language)
    if rng.random() < 0.35:
        maker.run(rng.choice((f"cat {name}", f"cat -n {name}", f"wc -l {name}", "ls", f"ls -l {name}")))
    maker.run(command)
    if rng.random() < 0.2:
        maker.run("echo $?")


@session("refusals", 8)
def refuse(maker: Maker) -> None:
    """Short commands that fail, among some that do not."""
    rng, noun = maker.rng, maker.noun
    maker.folder(rng.choice(("", "scripts", "tmp")))
    names = fill_folder(maker, 2, 5)
    one, file = rng.choice(names), maker.name(".txt")
    fails = [
        f"cat {file}", f"cd {noun()}", f"rm {noun()}.log", f"ls {noun()}", f"cp {file} /tmp/",
        f"mv {noun()} {noun()}/",
        f"{noun()} --help", f"{noun()}-cli start", f"touch /etc/{noun()}.conf", f"mkdir /usr/share/{noun()}",
        "cat /etc/shadow", "ls /root", f"rm -r /etc/{rng.choice(('ssh', 'apt', 'skel'))}", f"mkdir {one}",
        "sudo -n true",
        f"rmdir {one}", f"echo {noun()} > /dev/full", f"./{noun()}.sh", f"python3 {noun()}.py", f"python {noun()}.py",
        f"python3 -m {noun()}", f"node {noun()}.js", f"make {noun()}", "git statsu", "git log",
        f"git checkout {noun()}",
        f"grep {noun()} {file}", f"tar xf {noun()}.tar.gz", f"unzip {noun()}.zip",
        f"kill {rng.randrange(500000, 999999)}",
        f"chown root {one}", f"su - {noun()}", f"dd if={noun()}.img of=/dev/null", f"head -n x {one}",
        f"sort --{noun()}",
        f"ls --{noun()}", f"find /{noun()} -name x", f"diff {file} {one}", f"ln -s {one} {one}", "bash -c 'exit 3'",
        f"gcc {noun()}.c", f"ssh-keygen -l -f {noun()}.pub", f"date -d {noun()}", f"sleep {noun()}", f"cut {one}",
        f"bc -q {noun()}.bc", f"test {rng.randrange(9)} -gt {noun()}", f"jq .{noun()} {file}", f"source {noun()}.env",
        f"systemctl start {noun()}", f"apt install {noun()}", "apt-get update", f"dpkg -i {noun()}.deb",
        f"cd {file}",
        f"pip install --no-index {noun()}", f"chmod 999 {one}", f"chmod +x {noun()}.sh", f"export {noun()}-x=1",
        f"echo $(({rng.randrange(9)} / 0))", f"echo {noun()} | grep [", "if then", "for i in 1 2; echo $i",
        "echo )",
        f"printf '%d\\n' {noun()}", f"wc -l {noun()}.csv", f"id {noun()}x", f"getent hosts {noun()}.invalid; echo $?",
        f"sqlite3 {noun()}.db 'select * from {noun()}'", f"psql -h 127.0.0.1 {noun()}", f"tail {noun()}.log",
        f"mount /mnt/{noun()}", f"umount /{noun()}", f"useradd {noun()}", f"passwd {noun()}", f"hostname {noun()}",
        f"less {noun()}.txt", f"install {noun()} /usr/local/bin", f"iconv -f {noun()} {one}", "crontab -l",
        "at now",
        f"git -C {noun()} status", f"gunzip {one}", "ssh 127.0.0.1", f"mkfs.ext4 /dev/{noun()}", "fdisk -l /dev/sda",
    ]  # fmt: skip
    fine = [
        "ls",
        "pwd",
        "whoami",
        f"echo {noun()}",
        "ls -l",
        f"touch {noun()}",
        "date +%H:%M",
        "true",
        f"mkdir -p {noun()}",
    ]
    count = rng.choices((1, 2, 3, 4), (4, 4, 2, 1))[0]
    commands = rng.sample(fails, count) + rng.sample(fine, rng.randint(0, 2))
    rng.shuffle(commands)
    for command in commands:
        maker.run(command)
    if rng.random() < 0.25:
        maker.run("echo $?")


def write_repository(maker: Maker, commits: int) -> list[str]:
    """A repository with so many commits; returns the names of its files."""
    rng = maker.rng
    maker.folder(rng.choice(("", "projects/", "src/")) + maker.noun())
    main = rng.choice(("main", "main", "master", "develop"))
    maker.before(["git", "init", "-q", "-b", main, "."])
    people = rng.sample(_AUTHORS, 3)
    names: list[str] = []
    for number in range(commits):
        name = (
            rng.choice(names)
            if names and rng.random() < 0.5
            else maker.name(".py", ".c", ".md", ".txt", ".js", ".toml")
        )
        names = list(dict.fromkeys([*names, name]))
        path = maker.work / name
        text = path.read_text() if path.exists() else ""
        lines = text.splitlines() + [maker.writer.sentence() for _ in range(rng.randint(1, 5))]
        if text and rng.random() < 0.5:
            lines[rng.randrange(len(lines))] = maker.writer.sentence()
        maker.file(name, "\n".join(lines) + "\n")
        person = rng.choice(people)
        message = "Initial commit" if not number else rng.choice(_MESSAGES).format(
            n=maker.noun(), m=maker.noun(), d=rng.randrange(2, 40))  # fmt: skip
        month, day, hour = 1 + number * 10 // max(1, commits), rng.randint(1, 28), rng.randint(7, 20)
        when = f"2026-{month:02}-{day:02}T{hour:02}:{rng.randint(0, 59):02}:12"
        email = person.lower().replace(" ", ".") + "@example.com"
        maker.before(["git", "add", "-A"], ["git", "commit", "-q", "-m", message], GIT_AUTHOR_NAME=person,
                     GIT_AUTHOR_EMAIL=email, GIT_COMMITTER_NAME=person, GIT_COMMITTER_EMAIL=email,
                     GIT_AUTHOR_DATE=when,
                     GIT_COMMITTER_DATE=when)  # fmt: skip
    for branch in maker.nouns(rng.randint(0, 4)):
        maker.before(["git", "branch", rng.choice(("feature/", "fix/", "", "release-")) + branch])
    if rng.random() < 0.3:
        maker.before(["git", "tag", f"v1.{rng.randrange(9)}.{rng.randrange(20)}"])
    maker.before(["git", "config", "user.name", rng.choice(people)], ["git", "config", "user.email", "me@example.com"])
    return names


@session("git", 8)
def versions(maker: Maker) -> None:
    """A repository, as people look at it and change it."""
    rng = maker.rng
    names = write_repository(maker, rng.randint(2, 8))
    for name in rng.sample(names, min(len(names), rng.randint(0, 3))):
        text = (maker.work / name).read_text().splitlines()
        text[rng.randrange(len(text))] = maker.writer.sentence()
        maker.file(name, "\n".join([*text, maker.writer.sentence()]) + "\n")
    for _ in range(rng.randint(0, 2)):
        maker.file(maker.name(".py", ".txt"), maker.writer.sentence() + "\n")
    if rng.random() < 0.4:
        maker.before(["git", "add", rng.choice(names)])
    one = rng.choice(names)
    maker.some(["git status", "git status -s", "git branch", "git log --oneline", "git log -2", f"git diff {one}",
                "git log -1", "git diff --stat", "git log --oneline -5", f"git add {one}", "git shortlog -sn HEAD",
                "git show --stat", f"git checkout -b {maker.noun()}",
                f"git commit -am '{rng.choice(_MESSAGES).format(n='parser', m='api', d=3)}'",
                f"git checkout {maker.noun()}", "git push", "git pull", f"git merge {maker.noun()}", "git stash",
                "git tag",
                f"git blame {one} -L 1,3", "git remote -v", f"git rm {one}", "git log --format='%h %an %s'",
                "git rev-parse --short HEAD", "git describe --tags", f"git log --oneline -- {one}",
                "git log --graph --oneline -6", "git log --stat -1"], 1, 4)  # fmt: skip


@session("tests", 5)
def test(maker: Maker) -> None:
    """Tests, of which some fail."""
    rng = maker.rng
    maker.folder(rng.choice(("", "projects/")) + maker.noun())
    words = maker.nouns(9)
    module = words[0].lower()
    kind = rng.choice(("pytest", "pytest", "unittest"))
    lines = (
        ["import unittest\n\n", f"class {module.capitalize()}Test(unittest.TestCase):"] if kind == "unittest" else []
    )
    for word in words[1 : rng.randint(3, 8)]:
        a, b = rng.randrange(2, 40), rng.randrange(2, 40)
        right = a + b if rng.random() < 0.65 else a + b + rng.choice((1, -1, 10))
        name = f"test_{word.lower()}"
        if kind == "unittest":
            lines += [f"    def {name}(self):", f"        self.assertEqual({a} + {b}, {right})", ""]
        else:
            body = rng.choice((f"    assert {a} + {b} == {right}", f"    assert sorted([{b}, {a}]) == [{a}, {b}]",
                               f"    assert '{word}'.upper() == '{word.upper()}'"))  # fmt: skip
            lines += [f"def {name}():", body, "", ""]
    maker.file(f"test_{module}.py", "\n".join(lines).rstrip() + "\n")
    quiet = "-p no:cacheprovider "
    maker.variables["PYTEST_ADDOPTS"] = "-p no:cacheprovider"
    command = {"pytest": rng.choice(("pytest -q", "pytest -v", "pytest", "python3 -m pytest --tb=short",
                                     "pytest --tb=line", "pytest --tb=no -v", f"pytest test_{module}.py")),
               "unittest": rng.choice(("python3 -m unittest", "python3 -m unittest -v"))}[kind]  # fmt: skip
    del quiet
    if rng.random() < 0.3:
        maker.run("ls")
    maker.run(command)


@session("database", 4)
def database(maker: Maker) -> None:
    """Tables of SQLite."""
    rng = maker.rng
    maker.folder()
    name, columns = write_table(maker, rng.randint(4, 12))
    base = maker.noun() + ".db"
    table = rng.choice(("orders", "people", "items", "customers", "parts", "visits"))
    maker.before(["sqlite3", base, ".mode csv", f".import {name} {table}"])
    mode = rng.choice(("-header -column", "-header -column", "-box", "-table", "-markdown", "-header"))
    one = rng.choice(columns[2:])
    maker.some([f"sqlite3 {mode} {base} 'select * from {table}'", f"sqlite3 {base} 'select count(*) from {table}'",
                f"sqlite3 {mode} {base} 'select name, {one} from {table} limit 5'", f"sqlite3 {base} .tables",
                f"sqlite3 {base} .schema", f"sqlite3 {base} 'select {maker.noun()} from {table}'",
                f"sqlite3 {base} 'select * from {maker.noun()}'", f"sqlite3 {base} 'selec * from {table}'",
                f"sqlite3 {mode} {base} 'select {one}, count(*) as n from {table} group by {one}'",
                f"sqlite3 -line {base} 'select * from {table} limit 1'", f"ls -l {base}"], 1, 3)  # fmt: skip


@session("builds", 3)
def build(maker: Maker) -> None:
    """Makefiles that work, and some that do not."""
    rng = maker.rng
    maker.folder("src/" + maker.noun())
    words = [one.lower() for one in maker.nouns(5)]
    for word in words[:3]:
        maker.file(f"{word}.c", f"int {word}(int n)\n{{\n    return n + {rng.randrange(9)};\n}}\n")
    broken = rng.random() < 0.5
    maker.file("main.c", "#include <stdio.h>\n\n" + "".join(f"int {word}(int);\n" for word in words[:3])
               + f"\nint main(void)\n{{\n    printf(\"%d\\n\", {words[0]}(3));\n"
               f"    return {words[1] + '(1)' if broken else 0}"
               + ("\n" if broken and rng.random() < 0.5 else ";\n") + "}\n")  # fmt: skip
    objects = " ".join(f"{word}.o" for word in words[:3])
    indent = "\t" if rng.random() < 0.8 else "    "
    maker.file("Makefile",
               f"CC = gcc\nCFLAGS = -Wall -O2\n\n{words[3]}: main.o {objects}\n{indent}$(CC) -o $@ $^\n\nclean:\n"
               f"{indent}rm -f *.o {words[3]}\n")  # fmt: skip
    maker.some(["ls", "cat Makefile", "make", f"./{words[3]}", "make clean", "make install", "make -n"], 2, 4)
    del broken
