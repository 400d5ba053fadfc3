"""Code of several languages that hangs together: functions, loops, settings, queries, pages."""

# fmt: off
from __future__ import annotations

import random
import re

from training.web.board import Board

ENDINGS = {"Python": "py", "JavaScript": "js", "C": "c", "Rust": "rs", "Go": "go", "Shell": "sh", "TOML": "toml", "YAML": "yaml",
           "INI": "conf", "SQL": "sql", "HTML": "html", "CSS": "css", "JSON": "json", "Markdown": "md"}  # fmt: skip
"""Languages by the names that status bars give them, with the ending of their files."""
_BLOCKS: dict[str, tuple[str, ...]] = {
    "Python": (
        "import json\nfrom pathlib import Path", "import re\nimport sys", "LIMIT = NUM\nNOUN_FILE = \"FILE\"", "NOUN_SIZE = NUM\nDEBUG = False",
        "def read_NOUNs(path):\n    text = Path(path).read_text()\n    return text.splitlines()", "def count_NOUNs(NOUNs, limit=NUM):\n    return min(len(NOUNs), limit)",
        "def VERB_NOUN(NOUN, KIN):\n    if NOUN is None:\n        raise ValueError(\"NOUN is missing\")\n    return NOUN.KIN + KIN",
        "class CAP:\n    \"\"\"A NOUN with its KIN.\"\"\"\n\n    def __init__(self, KIN):\n        self.KIN = KIN\n        self.NOUNs = []",
        "for NOUN in read_NOUNs(\"FILE\"):\n    print(NOUN.strip())", "with open(\"FILE\") as KIN:\n    NOUNs = json.load(KIN)",
        "try:\n    VERB_NOUN(KIN)\nexcept OSError as error:\n    print(f\"cannot VERB: {error}\")\n    sys.exit(NUM)",
        "total = sum(NOUN.KIN for NOUN in NOUNs)\nprint(f\"{total} KINs\")", "# VERB every NOUN that has a KIN\nNOUNs = [one for one in NOUNs if one.KIN]",
        "if __name__ == \"__main__\":\n    main()",
    ),
    "JavaScript": (
        "import { VERBCAP } from \"./NOUN.js\";", "const LIMIT = NUM;\nconst NOUN_URL = \"https://HOST/KINs\";", "let NOUNCount = NUM;",
        "function VERBCAP(KIN) {\n  return KIN.NOUNs.filter((one) => one.id > NUM);\n}",
        "async function loadCAPs() {\n  const reply = await fetch(NOUN_URL);\n  return reply.json();\n}",
        "document.querySelector(\"#NOUN\").addEventListener(\"click\", () => {\n  VERBCAP(\"KIN\");\n});",
        "for (const NOUN of NOUNs) {\n  console.log(NOUN.KIN);\n}", "if (!KIN) {\n  throw new Error(\"KIN is missing\");\n}",
        "// the KIN is set by the server\nexport default { NOUN: NUM, KIN: true };",
    ),
    "C": (
        "#include <stdio.h>\n#include <stdlib.h>", "#define MAX_NOUN NUM", "static int VERB_NOUN(const char *KIN)\n{\n    return KIN[0] == 'a' ? NUM : 0;\n}",
        "struct NOUN {\n    char *KIN;\n    int count;\n};", "for (int i = 0; i < MAX_NOUN; i++)\n    total += NOUNs[i].count;",
        "if (NOUN == NULL) {\n    fprintf(stderr, \"no KIN\\n\");\n    return NUM;\n}", "/* frees the NOUN and its KIN */\nfree(NOUN->KIN);",
        "int main(void)\n{\n    printf(\"%d NOUNs\\n\", VERB_NOUN(\"KIN\"));\n    return 0;\n}",
    ),
    "Rust": (
        "use std::fs;\nuse std::path::Path;", "const MAX_NOUN: usize = NUM;", "pub struct CAP {\n    pub KIN: String,\n    count: u32,\n}",
        "fn VERB_NOUN(KIN: &str) -> Option<u32> {\n    KIN.trim().parse().ok()\n}", "impl CAP {\n    pub fn VERB(&self) -> u32 {\n        self.count * NUM\n    }\n}",
        "match VERB_NOUN(&KIN) {\n    Some(count) => println!(\"{count} NOUNs\"),\n    None => eprintln!(\"no NOUN\"),\n}",
        "let NOUNs = fs::read_to_string(\"FILE\")?;\nfor NOUN in NOUNs.lines() {\n    println!(\"{NOUN}\");\n}",
    ),
    "Go": (
        "package NOUN", "import (\n\t\"fmt\"\n\t\"os\"\n)", "const maxCAP = NUM", "type CAP struct {\n\tKIN  string\n\tCount int\n}",
        "func VERBCAP(KIN string) (int, error) {\n\tif KIN == \"\" {\n\t\treturn 0, errors.New(\"no KIN\")\n\t}\n\treturn len(KIN), nil\n}",
        "for _, NOUN := range NOUNs {\n\tfmt.Println(NOUN.KIN)\n}", "data, err := os.ReadFile(\"FILE\")\nif err != nil {\n\tlog.Fatal(err)\n}",
    ),
    "Shell": (
        "#!/bin/sh\nset -eu", "NOUN_DIR=/var/lib/NOUN\nKEEP_DAYS=NUM", "# VERB old KINs\nfind \"$NOUN_DIR\" -name '*.log' -mtime +NUM -delete",
        "if [ ! -f FILE ]; then\n    echo \"FILE is missing\" >&2\n    exit NUM\nfi", "for NOUN in *.txt; do\n    wc -l \"$NOUN\"\ndone",
        "VERB_NOUN() {\n    echo \"VERB $1\"\n    cp \"$1\" /backup/KIN/\n}", "tar czf NOUN-NUM.tar.gz \"$NOUN_DIR\"", "curl -fsS https://HOST/KIN > FILE",
    ),
    "TOML": (
        "[NOUN]\nname = \"KIN\"\nversion = \"VERSION\"", "[NOUN.KIN]\nenabled = true\nlimit = NUM", "[server]\nhost = \"HOST\"\nport = NUM",
        "# how long a KIN is kept, in days\nkeep_KIN = NUM", "[dependencies]\nNOUN = \"VERSION\"\nKIN = \"VERSION\"", "[log]\nlevel = \"info\"\nfile = \"FILE\"",
    ),
    "YAML": (
        "version: \"NUM\"\nservices:\n  NOUN:\n    image: KIN:VERSION\n    ports:\n      - \"NUM:80\"", "NOUN:\n  name: KIN\n  replicas: NUM\n  enabled: true",
        "# sent to HOST every night\nKINs:\n  - NOUN\n  - WORD", "on:\n  push:\n    branches: [main]\njobs:\n  VERB:\n    runs-on: NOUN",
        "database:\n  host: HOST\n  user: NOUN\n  timeout: NUM",
    ),
    "INI": (
        "[NOUN]\nKIN = NUM\nenabled = yes", "; where the NOUNs are kept\ndirectory = /srv/NOUN", "[server]\nlisten = NUM\nhost = HOST", "log_file = /var/log/FILE\nlog_level = warn",
        "[KIN]\nmax_NOUNs = NUM\ntimeout = NUM",
    ),
    "SQL": (
        "SELECT NOUN, count(*) AS KINs\nFROM NOUNs\nGROUP BY NOUN\nORDER BY KINs DESC\nLIMIT NUM;", "CREATE TABLE NOUNs (\n    id INTEGER PRIMARY KEY,\n    KIN TEXT NOT NULL,\n    price DECIMAL\n);",
        "INSERT INTO NOUNs (id, KIN) VALUES (NUM, 'WORD');", "UPDATE NOUNs SET KIN = 'WORD' WHERE id = NUM;", "-- NOUNs without a KIN\nDELETE FROM NOUNs WHERE KIN IS NULL;",
        "SELECT a.KIN, b.price\nFROM NOUNs a\nJOIN WORDs b ON b.id = a.id\nWHERE b.price > NUM;",
    ),
    "HTML": (
        "<!doctype html>\n<html lang=\"en\">", "<head>\n  <title>CAP KINs</title>\n  <link rel=\"stylesheet\" href=\"NOUN.css\">\n</head>", "<h1>All NOUNs</h1>\n<p class=\"KIN\">There are NUM NOUNs.</p>",
        "<ul id=\"NOUNs\">\n  <li>NOUN</li>\n  <li>KIN</li>\n</ul>", "<form action=\"/NOUN\" method=\"post\">\n  <input name=\"KIN\" maxlength=\"NUM\">\n  <button>Save</button>\n</form>",
        "<a href=\"https://HOST/NOUN\">More KINs</a>", "<!-- VERB the NOUN here -->",
    ),
    "CSS": (
        ".NOUN {\n  margin: NUMpx;\n  color: #334455;\n}", "#KIN a:hover {\n  text-decoration: underline;\n}", "/* the NOUN at the left */\n.NOUN-KIN {\n  width: NUMpx;\n  float: left;\n}",
        "@media (max-width: NUMpx) {\n  .KIN { display: none; }\n}", "body {\n  font: NUMpx/1.5 sans-serif;\n  background: white;\n}",
    ),
    "JSON": (
        "  \"NOUN\": NUM,\n  \"KIN\": \"WORD\",", "  \"NOUNs\": [\n    \"KIN\",\n    \"WORD\"\n  ],", "  \"KIN\": {\n    \"enabled\": true,\n    \"limit\": NUM\n  },", "  \"version\": \"VERSION\",\n  \"host\": \"HOST\",",
    ),
    "Markdown": (
        "# CAP", "## How to VERB a NOUN\n\nOpen `FILE` and look for the KIN.", "- a NOUN for every KIN\n- at most NUM KINs", "Run `make NOUN` and wait; it takes NUM seconds.", "See [the KIN](https://HOST/NOUN).",
    ),
}
_KINS = ("name", "price", "title", "holder", "color", "weight", "label", "status", "state", "level", "region", "kind")
_VERBS = ("load", "save", "send", "parse", "sort", "check", "open", "close", "print", "copy", "remove", "update", "count")
_SLOTS = re.compile(r"NOUN|CAP|KIN|VERB|NUM|FILE|HOST|WORD|VERSION")
_SET = re.compile(r"^\s*(?:(?:const |let |\")?(\w+)\"?(?:: usize)?(?: ?=|:) ?|#define (\w+) )(\"?)([\w./:-]+)\3[;,]?$")
_TYPES = frozenset({"u32", "String", "int", "str"})
_HEADS = ("import", "#include", "package", "use ", "#!", "<!doctype")
_DEFINED = re.compile(r"\b(?:def|function|fn|func|int) (\w+)\(|^(\w+)\(\) \{")
# fmt: on


def snippet(board: Board, count: int, language: str = "") -> tuple[str, list[str]]:
    """The name of a language and at most `count` lines in it, at least one."""
    rng = board.rng
    language = language or rng.choice(list(_BLOCKS))
    nouns = [_name(board) for _ in range(3)]
    lines: list[str] = ["{"] if language == "JSON" else []
    blocks = rng.sample(_BLOCKS[language], len(_BLOCKS[language]))
    blocks.sort(key=lambda block: not block.startswith(_HEADS))
    for number, block in enumerate(blocks * 3):
        noun = nouns[0] if number < len(blocks) and rng.random() < 0.7 else nouns[1 + number % 2]
        added = _filled(board, block, noun).split("\n")
        gap = [""] if lines and language != "JSON" and (len(added) > 1 or rng.random() < 0.4) else []
        if len(lines) + len(gap) + len(added) <= count:
            lines += gap + added
        elif not lines:
            lines = added[:count]
    if language == "JSON":
        lines = [*lines[: max(1, count - 1)], "}"] if count > 1 else lines
        lines[-2 if count > 1 else -1] = lines[-2 if count > 1 else -1].rstrip(",")
    return language, lines


def ask_code(board: Board, lines: list[str], first: int) -> None:
    """What the lines, whose ids are l0, l1, ..., set and define; `first` is the number of the first one."""
    rng = board.rng
    matches = [_SET.match(line) for line in lines]
    found = [(n, one.group(1) or one.group(2), one.group(4)) for n, one in enumerate(matches) if one]
    names = [name for _, name, _ in found]
    for number, name, value in found:
        if names.count(name) == 1 and value not in _TYPES and rng.random() < 0.6:
            board.ask("value", value, "What is {k} set to?|Which value does {k} have?|What is the value of {k}?|What stands at {k}?|To what is {k} set in the code?",
                      (f"l{number}",), k=name)  # fmt: skip
    defined = {n: match.group(1) or match.group(2) for n, line in enumerate(lines) if (match := _DEFINED.search(line))}
    every = list(defined.values())
    for number, name in defined.items():
        if every.count(name) == 1:
            needs = (f"l{number}",)
            board.ask("line_number", str(first + number), "On which line is {k} defined?|In which line does {k} begin?|What is the number of the line that defines {k}?", needs, k=name)  # fmt: skip
            board.ask("value", name, "Which function begins on line {n}?|What is defined on line {n}?|Which function is defined in line {n}?", needs, n=str(first + number))  # fmt: skip
    if every:
        board.ask("how_many", str(len(every)), "How many functions are defined?|How many functions do you see?", [f"l{n}" for n in range(len(lines))])  # fmt: skip


def _name(board: Board) -> str:
    return re.sub(r"[^a-z]", "", str(board.writer.slot("noun")).lower())[:12] or "item"


def _filled(board: Board, block: str, noun: str) -> str:
    rng = board.rng
    kin, verb, file = rng.choice(_KINS), rng.choice(_VERBS), f"{noun}{rng.choice(('.json', '.txt', '.csv', 's.txt'))}"
    constant = {"CAP": noun.capitalize(), "KIN": kin, "VERB": verb, "FILE": file}

    def fill(match: re.Match[str]) -> str:
        slot = match.group()
        if slot == "NOUN":
            after, before = block[match.end() : match.end() + 1], block[max(0, match.start() - 4) : match.start()]
            return noun.upper() if (after == "_" and block[match.end() + 1 : match.end() + 2].isupper()) or before == "MAX_" else noun  # fmt: skip
        if slot in constant:
            return constant[slot]
        return _made(rng, board, slot)

    return _SLOTS.sub(fill, block).replace("\t", "    ")


def _made(rng: random.Random, board: Board, slot: str) -> str:
    if slot == "NUM":
        return str(rng.choice((rng.randint(1, 12), rng.randint(10, 99), rng.randint(100, 9999))))
    if slot == "HOST":
        return str(board.writer.host())
    return _name(board) if slot == "WORD" else str(board.writer.version())
