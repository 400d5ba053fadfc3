"""Sessions in which commands are run one after the other; each kind is a function that types them."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from training.interfaces.terminals.maker import Maker
from training.interfaces.terminals.mistakes import Making

SESSIONS: dict[str, tuple[Making, float]] = {}
"""Each kind's function, and how often it is made."""


def session(kind: str, share: float = 1.0) -> Callable[[Making], Making]:
    """Collect a function that makes sessions of this kind."""

    def added(make: Making) -> Making:
        SESSIONS[kind] = (make, share)
        return make

    return added


def fill_folder(maker: Maker, least: int = 3, most: int = 11) -> list[str]:
    """Files and folders of all sorts; returns their names."""
    rng, names = maker.rng, []
    for _ in range(maker.many(least, most)):
        if rng.random() < 0.2:
            name = maker.noun()
            (maker.work / name).mkdir(exist_ok=True)
            maker.file(f"{name}/{maker.name()}", maker.writer.sentence() + "\n", old=True)
            maker.file(f"{name}/{maker.name()}", b"x" * rng.randrange(9000), old=True)
            maker.age(maker.work / name)
            maker.before(["chmod", rng.choice(("755", "700", "750")), name])
        else:
            name = maker.name()
            size = int(10 ** rng.uniform(1, 6.2))
            maker.file(name, b"\x89" + rng.randbytes(5) + b"\n" * 3 + b"0" * size, old=True,
                       mode=rng.choice((0o644, 0o644, 0o600, 0o664, 0o640, 0o755)))  # fmt: skip
        names.append(name)
    return list(dict.fromkeys(names))


def write_table(maker: Maker, rows: int) -> tuple[str, list[str]]:
    """A file of comma-separated values; returns its name and the columns."""
    rng = maker.rng
    columns = ["id", "name", *rng.sample(["city", "price", "amount", "status", "email", "date", "country", "score"], 3)]
    values: dict[str, Callable[[], str]] = {
        "city": lambda: rng.choice(("Oslo", "Lima", "Kyoto", "Porto", "Graz", "Turin", "Quito", "Lyon", "Bergen")),
        "price": lambda: f"{rng.uniform(1, 400):.2f}", "amount": lambda: str(rng.randrange(1, 500)),
        "status": lambda: rng.choice(("open", "paid", "shipped", "closed", "new")),
        "score": lambda: str(rng.randrange(100)),
        "email": lambda: f"{maker.noun()}@example.org",
        "date": lambda: f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        "country": lambda: rng.choice(("Norway", "Peru", "Japan", "Spain", "Austria", "Italy", "Kenya", "Chile")),
        "name": lambda: maker.noun().capitalize(),
    }  # fmt: skip
    start = rng.choice((1, 1, 101, 2040))
    lines = [",".join(columns)]
    for number in range(start, start + rows):
        lines += [",".join([str(number), *(values[one]() for one in columns[1:])])]
    name = maker.name(".csv")
    maker.file(name, "\n".join(lines) + "\n")
    return name, columns


@session("files", 6)
def list_files(maker: Maker) -> None:
    """Files of a folder, and what people do with them."""
    rng = maker.rng
    maker.folder(rng.choice(("Documents", "projects", "", "", "Downloads", "backup", "photos/2025", "work/old")))
    names = fill_folder(maker)
    files = [one for one in names if (maker.work / one).is_file()]
    maker.run(rng.choice(("ls -l", "ls -l", "ls -la", "ls -lh", "ls -lt", "ls -lS", "ls -1", "ls", "ls -lrt", "ls -F")))
    if files:
        one, other = rng.choice(files), rng.choice(files)
        maker.some([
            f"wc -c {one}", f"stat {one}", f"du -h {other}", f"mv {one} old-{one}",
            f"cp -v {other} {maker.noun()}.bak",
            f"rm -v {other}", f"file {one}", f"md5sum {other}", f"mkdir {maker.noun()}", f"chmod -v 600 {other}",
            f"ls -l {one}", f"cat {maker.name('.txt')}", "du -sh .", "ls | wc -l", "pwd", f"rm {maker.noun()}.tmp",
            f"sha1sum {one}", f"test -f {other}; echo $?", f"mkdir {names[0]}", f"rmdir {names[-1]}", f"cd {one}",
            f"gzip -v {one}", f"touch {maker.noun()}.txt", "ls -d */", "find . -type d", f"ln -sv {one} link",
        ], 1, 5)  # fmt: skip


@session("sizes", 3)
def sizes(maker: Maker) -> None:
    """How much room files take."""
    maker.folder(maker.rng.choice(("data", "", "media", "archive")))
    fill_folder(maker, 4, 10)
    maker.some(["ls", "du -sh *", "du -ah .", "find . -type f", "find . -type f -size +10k", "tree --charset=ascii",
                "du -b * | sort -n", "ls -s", "tree -s --charset=ascii", "wc -c *", "find . -name '*.txt'", "df -h .",
                "du -sk * | sort -rn | head -5", "ls -R"], 1, 3)  # fmt: skip


@session("system", 6)
def look_around(maker: Maker) -> None:
    """The computer, its disks and its memory."""
    maker.some(["uptime", "df -h / /dev/shm", "free -h", "free -m", "id", "uname -sr", "date", "lscpu | head -12",
                "groups", "df -hT /",
                "cat /proc/loadavg", "date +%Y-%m-%d", "head -5 /proc/meminfo", "cat /etc/os-release", "nproc",
                "echo $SHELL", "ulimit -n", "getconf PAGE_SIZE", "cat /proc/sys/kernel/pid_max", "whoami", "df -i /",
                "env | sort | head -12", "getent passwd root", "cal", "ncal 2026", "lsblk", "ps",
                "vmstat", "df -h / /tmp /dev/shm", "which python3 perl ruby", "python3 --version", "gcc --version"],
               1, 4)  # fmt: skip


@session("processes", 3)
def processes(maker: Maker) -> None:
    """Programs in the background."""
    maker.begin()
    rng = maker.rng
    for _ in range(rng.randint(0, 3)):
        maker.run(f"sleep {rng.randrange(100, 9000)} &")
    maker.some(["ps", "ps -f", "ps ux", f"ps -u {maker.person.name} -o pid,ppid,etime,cmd", "jobs", "jobs -l",
                "kill %1", "pgrep sleep", "ps -o pid,ni,stat,cmd", "kill 999999", "pstree -A -p $$",
                "kill -l | head -3"], 1, 3)  # fmt: skip


@session("network", 4)
def network(maker: Maker) -> None:
    """Other computers, which are mostly not there."""
    rng = maker.rng
    host = f"{maker.noun()}.example.{rng.choice(('com', 'org', 'net'))}"
    port = rng.choice((22, 80, 3000, 5432, 8000, 8080, 8443, 9200, 27017))
    maker.some([f"ping -c {rng.randint(2, 5)} 127.0.0.1", f"ping -c 1 {host}", f"curl http://localhost:{port}/",
                f"curl -I http://{host}/", f"wget http://127.0.0.1:{port}/{maker.noun()}.tar.gz", "ip -br addr",
                "ss -tln",
                f"ssh {maker.person.name}@localhost -p {port}", f"curl -sS http://{host}/{maker.noun()}.json",
                "ip route", "cat /etc/hosts", f"scp notes.txt {maker.noun()}@127.0.0.1:",
                f"nc -zv 127.0.0.1 {port}", "ip -s link show lo", f"curl file:///tmp/{maker.noun()}",
                "ip addr show lo",
                f"git clone http://127.0.0.1:{port}/{maker.noun()}.git", f"rsync -av {maker.noun()}/ 127.0.0.1:/srv/",
                f"python3 -c 'import socket; socket.create_connection((\"127.0.0.1\", {port}))'"], 1, 3)  # fmt: skip


@session("text", 6)
def read_text(maker: Maker) -> None:
    """Files that we write, looked at in many ways."""
    rng = maker.rng
    maker.folder()
    form = rng.choice(("notes", "ini", "yaml", "csv", "json", "todo", "env", "letter"))
    count = maker.many(3, 12)
    words = [one.lower() for one in maker.nouns(count)]
    if form == "csv":
        name, _ = write_table(maker, count)
        maker.some([f"cat {name}", f"column -t -s, {name}", f"head -4 {name}", f"wc -l {name}", f"cut -d, -f2 {name}",
                    f"sort -t, -k3 {name}", f"tail -2 {name}", f"grep -c , {name}", f"head -1 {name}",
                    f"awk -F, 'NR > 1 {{print $2, $3}}' {name}"], 1, 3)  # fmt: skip
        return
    values = [rng.choice((str(rng.randrange(9999)), maker.noun(), "true", "false", f"/var/lib/{maker.noun()}", "5s",
                          f"{maker.noun()}.example.org", f"{rng.uniform(0, 9):.2f}")) for _ in words]  # fmt: skip
    pairs = list(zip(words, values, strict=True))
    texts = {
        "notes": (".txt", "\n".join(maker.writer.sentence() for _ in words)),
        "letter": (".txt", "\n".join(maker.writer.sentence(6, 12) for _ in words)),
        "ini": (".ini", f"[{maker.noun()}]\n" + "\n".join(f"{key} = {value}" for key, value in pairs)),
        "yaml": (".yaml", f"{maker.noun()}:\n" + "\n".join(f"  {key}: {value}" for key, value in pairs)),
        "json": (".json", "{\n" + ",\n".join(f'  "{key}": "{value}"' for key, value in pairs) + "\n}"),
        "todo": (".md", "\n".join(f"- [{rng.choice(' x')}] {maker.writer.words(2, 5)}" for _ in words)),
        "env": (".env", "\n".join(f"{key.upper()}={value}" for key, value in pairs)),
    }
    ending, text = texts[form]
    name = maker.name(ending)
    maker.file(name, text + "\n")
    key = rng.choice(words)
    maker.some([f"cat {name}", f"cat -n {name}", f"grep -n {key} {name}", f"head -3 {name}", f"tail -3 {name}",
                f"nl {name}", f"wc {name}", f"sort {name}", f"grep -c {key[0]} {name}", f"sed -n 2,4p {name}",
                f"rev {name} | head -2",
                f"grep -i {key} {name}", f"wc -w {name}", f"head -1 {name}", f"tac {name}"], 1, 3)  # fmt: skip


@session("logs", 6)
def read_log(maker: Maker) -> None:
    """A log that we write, looked at in many ways."""
    rng = maker.rng
    maker.folder(rng.choice(("logs", "var", "")))
    levels = rng.choices(("INFO", "DEBUG", "WARNING", "ERROR", "CRITICAL"), (8, 3, 3, 3, 0.5), k=maker.many(6, 26))
    parts, host = maker.nouns(5), maker.person.host
    form = rng.choice(("{d} {t} {l} {p}: {m}", "{d}T{t}Z [{l}] {m}", "[{t}] {l:<8} {p} {m}",
                       "Nov {y} {t} {h} {p}[{i}]: {m}", "{t},{i:03} - {p} - {l} - {m}", "{l}: {m}",
                       "{ip} - - [{y}/Nov/2026:{t} +0000] \"GET /{p}/{i} HTTP/1.1\" {s} {b}"))  # fmt: skip
    second, lines, day = rng.randrange(80000), [], rng.randint(1, 28)
    for level in levels:
        second += rng.randrange(90)
        clock = f"{second // 3600 % 24:02}:{second // 60 % 60:02}:{second % 60:02}"
        message = maker.writer.fill(rng.choice((
            "connection from 10.0.{d}.{d} closed", "user {w} logged in", "failed to open {w}.db",
            "request took {d} ms",
            "retrying in {d} s", "started worker {d}", "cache miss for {w}", "timeout after {d} s",
            "saved {w} to disk",
            "{w} is not reachable", "loaded {d} {w}s", "disk usage at {d}%", "cannot parse {w}.json", "{w} restarted",
            "invalid password for {w}", "job {d} finished", "queue {w} has {d} entries", "shutting down {w}",
        )).replace("{d}", str(rng.randrange(1, 99))).replace("{w}", maker.noun()))  # fmt: skip
        lines.append(form.format(d=f"2026-11-{day:02}", t=clock, l=level, p=rng.choice(parts), m=message, y=day,
                                 h=host,
                                 i=rng.randrange(100, 999),
                                 ip=f"10.{rng.randrange(9)}.{rng.randrange(255)}.{rng.randrange(255)}",
                                 s=rng.choice((200, 200, 200, 301, 404, 500)), b=rng.randrange(99999)))  # fmt: skip
    name = maker.name(".log")
    maker.file(name, "\n".join(lines) + "\n")
    maker.some([f"cat {name}", f"tail {name}", f"tail -n {rng.randint(4, 9)} {name}",
                f"head -n {rng.randint(3, 8)} {name}",
                f"grep ERROR {name}", f"grep -c ERROR {name}", f"grep -n WARN {name}", f"wc -l {name}",
                f"grep -v INFO {name}", f"cut -d' ' -f1-4 {name} | head -4"], 1, 2)  # fmt: skip


@session("sources", 5)
def read_source(maker: Maker) -> None:
    """Files that are on any computer."""
    rng = maker.rng
    files = sorted(str(one) for one in Path("/usr/lib/python3.11").glob("*.py") if one.stat().st_size > 3000)
    settings = [one for one in ("/etc/adduser.conf", "/etc/login.defs", "/etc/nsswitch.conf", "/etc/passwd",
                                "/etc/group",
                                "/etc/protocols", "/etc/services", "/etc/profile", "/etc/skel/.bashrc", "/etc/fstab",
                                "/etc/debconf.conf", "/etc/deluser.conf", "/etc/host.conf", "/etc/ld.so.conf",
                                "/etc/security/limits.conf", "/etc/ssh/ssh_config", "/etc/sysctl.conf", "/etc/shells",
                                "/etc/networks", "/etc/rpc", "/etc/ca-certificates.conf", "/etc/gai.conf",
                                "/etc/hosts",
                                "/etc/ucf.conf", "/etc/pam.conf", "/etc/inputrc", "/etc/locale.alias", "/etc/wgetrc")
                if Path(one).exists()]  # fmt: skip
    path = rng.choice(files if rng.random() < 0.55 else settings)
    if rng.random() < 0.5:
        maker.run(f"cd {Path(path).parent}")
        path = Path(path).name
    start, count = rng.randrange(1, 80), rng.randint(6, max(8, maker.rows - 4))
    word = rng.choice(("def", "import", "return", "#", "the", "self", "class", "if"))
    maker.some([f"wc -l {path}", f"head -n {count} {path}", f"sed -n '{start},{start + count}p' {path}",
                f"tail -n {count} {path}",
                f"cat -n {path} | head -n {count}", f"grep -n {word} {path} | head -n {count}",
                f"grep -c {word} {path}", f"ls -l {path}"], 1, 2)  # fmt: skip


@session("packages", 4)
def packages(maker: Maker) -> None:
    """Packages of the system."""
    rng = maker.rng
    known = rng.choice(
        ("bash", "coreutils", "git", "perl", "gcc", "make", "sqlite3", "tmux", "less", "zsh", "curl", "jq")
    )
    pattern = rng.choice(("python3-*", "lib*ssl*", "git*", "gcc*", "fonts-*", "perl*", "vim*", "zlib*", "libx11*"))
    maker.some([f"dpkg -s {known} | head -9", f"apt-cache policy {known}", f"dpkg -l '{pattern}' | tail -n 7",
                f"apt list {known}",
                f"dpkg -L {known} | head -8", f"apt-cache show {known} | head -14", f"apt install {maker.noun()}",
                f"dpkg -S /bin/{rng.choice(('ls', 'grep', 'tar'))}", f"apt-cache depends {known} | head -8",
                f"dpkg -l {maker.noun()}", "pip --version", f"pip show {maker.noun()}", "apt-mark showhold",
                "apt --version",
                f"apt-get remove {known}", f"pip install --no-index {maker.noun()}", f"dpkg-query -W {known}"], 1,
                3)  # fmt: skip


@session("archives", 2)
def archives(maker: Maker) -> None:
    """Archives and what is in them."""
    maker.folder()
    names = fill_folder(maker, 3, 8)
    stem = maker.noun()
    maker.before(["tar", "cf", f"/tmp/{stem}.tar", *names], ["zip", "-qr", f"/tmp/{stem}.zip", *names])
    maker.some([f"tar tf /tmp/{stem}.tar", f"tar tvf /tmp/{stem}.tar", f"unzip -l /tmp/{stem}.zip",
                f"unzip -t /tmp/{stem}.zip",
                f"tar xvf /tmp/{stem}.tar -C /tmp/{maker.noun()}", f"ls -lh /tmp/{stem}.*",
                f"zip {stem}.zip {names[0]}",
                f"gzip -l {names[0]}", f"tar czvf {stem}.tgz {' '.join(names[:3])}", f"file /tmp/{stem}.zip"], 1,
                3)  # fmt: skip
    maker.before(["rm", "-f", f"/tmp/{stem}.tar", f"/tmp/{stem}.zip"])


@session("small tools", 4)
def small_tools(maker: Maker) -> None:
    """Sums, words, dates and other small things."""
    rng = maker.rng
    maker.folder()
    words = [maker.noun() for _ in range(5)]
    a, b = rng.randrange(2, 999), rng.randrange(2, 99)
    maker.file("words.txt", "\n".join(rng.choices(words, k=12)) + "\n")
    maker.some([f"echo '{a} * {b}' | bc", f"echo 'scale=3; {a} / {b}' | bc", f"seq {b} {rng.randint(2, 5)} {b + 15}",
                "sort words.txt | uniq -c",
                "sort words.txt | uniq -c | sort -rn", f"expr {a} + {b}", f"factor {a * b}", "cal 3 2026",
                "date -d '2026-03-01'",
                f"echo {words[0]} | tr a-z A-Z", f"printf '%05d\\n' {a}", "wc words.txt", f"echo {words[1]} | md5sum",
                f"python3 -c 'print({a} ** 2)'", f"echo {words[2]} | base64", "awk 'length > 5' words.txt", "history",
                "echo ${#HOME}", f"for i in 1 2 3; do echo {words[0]}-$i; done", f"units -t '{a} km' miles",
                f"echo $((16#{b}))", f"jq -n '{{{words[0]}: {a}}}'", "seq 5 | paste -sd+", f"node -p '{a} % {b}'",
                f"perl -e 'print {a} * 3, \"\\n\"'",
                "sort -u words.txt", "head -3 words.txt", f"numfmt --to=iec {a * 100000}", "time sleep 0.2",
                "type cd ls", "alias"],
               2, 5)  # fmt: skip


def draw(rng: random.Random) -> tuple[str, Making]:
    """One of the kinds, by its share."""
    kinds = list(SESSIONS)
    kind = rng.choices(kinds, [SESSIONS[one][1] for one in kinds])[0]
    return kind, SESSIONS[kind][0]
