"""What logs report and what commands print: lines that mean something, with what people ask to learn it."""

# fmt: off
from __future__ import annotations

from dataclasses import dataclass, field

from training.web.board import Board
from training.web.statements import SLOT

Reported = tuple[str, str, dict[str, str]]
"""Level, line and questions by the slot that answers them."""

LOGGED: tuple[Reported, ...] = (
    ("INFO", "user {person} signed in from {host}", {"host": "From where did {person} sign in?|From which host did {person} sign in?", "person": "Who signed in from {host}?"}),
    ("INFO", "GET /{noun}/{count} 200 {small} ms", {}),
    ("INFO", "job {noun} finished in {minutes}", {"minutes": "How long did the job {noun} take?|In how much time did the job {noun} finish?", "noun": "Which job finished in {minutes}?"}),
    ("INFO", "listening on port {count}", {"count": "On which port does it listen?|Which port is used?|What is the number of the port?"}),
    ("INFO", "version {version} started on {server}", {"version": "Which version was started?|Which version started on {server}?", "server": "On which server was it started?|Where was version {version} started?"}),
    ("INFO", "{count} rows written to table {noun}", {"count": "How many rows were written to table {noun}?|How many rows did {noun} get?", "noun": "To which table were {count} rows written?"}),
    ("INFO", "backup of {server} stored as {path}", {"path": "Where was the backup of {server} stored?|What is the path of the backup?", "server": "Of which server was a backup stored?|What was backed up?"}),
    ("INFO", "mail to {email} delivered", {"email": "To which address was mail delivered?|Who got mail?"}),
    ("INFO", "cache holds {count} entries, {size}", {"count": "How many entries does the cache hold?|How many entries are in the cache?", "size": "How large is the cache?|How much does the cache need?"}),
    ("INFO", "loaded {count} rules from {path}", {"count": "How many rules were loaded?", "path": "From which file were the rules loaded?|Where are the rules?"}),
    ("INFO", "{person} opened order {code}", {"person": "Who opened order {code}?", "code": "Which order did {person} open?|What did {person} open?"}),
    ("DEBUG", "reading {path}, {size}", {"size": "How large is {path}?|What is the size of {path}?"}),
    ("DEBUG", "cache miss for key {code}", {"code": "For which key was there a cache miss?|Which key was not in the cache?"}),
    ("DEBUG", "query took {small} ms, {count} rows", {}),
    ("DEBUG", "worker {small} is idle", {"small": "Which worker is idle?|What is the number of the idle worker?"}),
    ("WARN", "disk {noun} is {percent} full", {"percent": "How full is disk {noun}?|How much of the disk {noun} is used?", "noun": "Which disk is {percent} full?|Which disk is getting full?"}),
    ("WARN", "no answer from {host}, trying again in {minutes}", {"host": "Which host gives no answer?|From which host is there no answer?", "minutes": "When is {host} tried again?|After how long is it tried again?"}),
    ("WARN", "certificate of {host} expires on {date}", {"date": "When does the certificate of {host} expire?|On which date does the certificate expire?", "host": "Whose certificate expires?|For which host is the certificate?"}),
    ("WARN", "setting {noun} is unknown, using {small}", {"noun": "Which setting is unknown?|What setting is not known?"}),
    ("WARN", "sensor {code} reports {degrees}", {"degrees": "What does sensor {code} report?|Which temperature does {code} report?"}),
    ("ERROR", "cannot open {path}: No such file or directory", {"path": "Which file cannot be opened?|Which file is missing?"}),
    ("ERROR", "connection to {host} was refused", {"host": "Which connection was refused?|Which host refused the connection?"}),
    ("ERROR", "order {code} could not be sent to {person}", {"code": "Which order could not be sent?", "person": "To whom could the order not be sent?"}),
    ("ERROR", "{server} has run out of memory", {"server": "What has run out of memory?|Which server has no memory left?"}),
    ("ERROR", "table {noun} is locked by process {count}", {"noun": "Which table is locked?", "count": "Which process locks the table?|By which process is {noun} locked?"}),
    ("ERROR", "password of {email} is wrong", {"email": "Whose password is wrong?|For which address is the password wrong?"}),
)
COMMANDS: tuple[tuple[tuple[str, dict[str, str]], ...], ...] = (
    (("wc -l {file}", {}), ("{count} {file}", {"count": "How many lines does {file} have?|How many lines are in {file}?"})),
    (("cat {file}", {}), ("{sentence}", {"sentence": "What does {file} say?|What is in {file}?|Read what {file} contains."})),
    (("uname -r", {}), ("{version}-generic", {"version": "Which version of the kernel runs?"})),
    (("whoami", {}), ("{noun}", {"noun": "As which user am I logged in?|What does whoami print?|What is my user name?"})),
    (("du -sh {path}", {}), ("{size} {path}", {"size": "How large is {path}?|How much space does {path} take?"})),
    (("ping -c 1 {host}", {}), ("64 bytes from {host}: icmp_seq=1 ttl=64 time={small} ms", {}), ("1 packets transmitted, 1 received, 0% packet loss", {})),
    (("git pull", {}), ("Updating {hash}..{hash2}", {"hash2": "To which commit was it updated?", "hash": "From which commit was it updated?"}), ("{small} files changed", {"small": "How many files did git pull change?|How many files were changed?"})),
    (("git branch --show-current", {}), ("{noun}", {"noun": "Which branch is checked out?|On which branch am I?|What is the current branch?"})),
    (("git commit -m '{task}'", {}), ("[main {hash}] {task}", {"hash": "Which commit was made?|What is the hash of the new commit?", "task": "What is the message of the commit?|What was committed?"})),
    (("make {noun}", {}), ("cc -O2 -c {noun}.c", {}), ("{noun}.c: {small} warnings", {"small": "How many warnings does {noun}.c give?|How many warnings are there?"})),
    (("cp {file} {path}", {}),),
    (("rm {file}", {}), ("rm: cannot remove '{file}': No such file or directory", {"file": "Which file cannot be removed?|What did rm not find?"})),
    (("systemctl is-active {noun}", {}), ("active", {})),
    (("date", {}), ("{day}, {date}, {time}", {"day": "Which day is it, according to date?|Which day of the week is it?", "time": "What time does date print?|What time was it?"})),
    (("hostname", {}), ("{server}", {"server": "What is the computer called?|What does hostname print?|What is the name of the machine?"})),
    (("python3 -c 'print({small} * {small2})'", {}),),
    (("nproc", {}), ("{small}", {"small": "How many processors are there?|What does nproc print?"})),
    (("pip install {noun}", {}), ("Successfully installed {noun}-{version}", {"version": "Which version of {noun} was installed?|What version was installed?"})),
    (("ssh {server}", {}), ("Last login: {day} {time} from {host}", {"host": "From where was the last login?|From which host did someone log in last?", "time": "At what time was the last login?"})),
)
"""Commands with what they print: each line with questions by the slot that answers them."""
# fmt: on


@dataclass
class Lines:
    """Lines so far, with what each answers: its place, the answer, phrasings and slots."""

    texts: list[str] = field(default_factory=list)
    asks: list[tuple[int, str, str, dict[str, str]]] = field(default_factory=list)

    def tell(self, board: Board, form: str, asks: dict[str, str], slots: dict[str, str], before: str = "") -> None:
        """One line more, after `before`; slots that have no value yet get one."""
        for kind, number in SLOT.findall(form):
            if kind + number not in slots:
                made = " ".join(board.maker.make(kind).text.split())
                slots[kind + number] = made.lower() if kind == "noun" else made
        self.asks += [(len(self.texts), slots[name], asked, dict(slots)) for name, asked in asks.items()]
        self.texts.append(before + form.format(**slots))

    def ask(self, board: Board) -> None:
        """What has one answer; line n has the id ln."""
        forms = [{one.format(**slots) for one in asked.split("|")} for _, _, asked, slots in self.asks]
        for number, (place, answer, asked, slots) in enumerate(self.asks):
            if not any(forms[number] & some for other, some in enumerate(forms) if other != number):
                board.ask("value", answer, asked, (f"l{place}",), **slots)
