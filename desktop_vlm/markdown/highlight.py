"""Colours of code: pygments' tokens in a handful of roles."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from time import thread_time
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from pygments.lexer import Lexer

_LONGEST = 100_000
_LONGEST_LINE = 2_000
_LONGEST_COLORED = 1_000
"""Of the lines that get colours: Qt takes 10 ms to lay out so many coloured characters in one line."""
_LIMIT_S = 0.05

_PARAGRAPH = re.compile(r"\n\n(?=[^\s}\])])")

# Lexers are loaded by name from this list only: some of pygments' several hundred are slow on purpose-made text.
LANGUAGES = {
    name: title
    for title, names in {
        "Bash": "bash sh shell zsh console shell-session", "Batch": "bat batch cmd", "C": "c h", "C#": "csharp cs c#",
        "C++": "cpp c++ cc hpp", "CMake": "cmake", "CSS": "css", "Dart": "dart", "Diff": "diff patch",
        "Dockerfile": "dockerfile docker", "Go": "go golang", "GraphQL": "graphql", "Haskell": "haskell hs",
        "HTML": "html", "HTTP": "http", "INI": "ini cfg conf", "Java": "java", "JavaScript": "javascript js jsx",
        "JSON": "json jsonc json5", "Julia": "julia jl", "Kotlin": "kotlin kt", "LaTeX": "latex tex", "Lua": "lua",
        "Makefile": "makefile make", "Markdown": "markdown md", "MATLAB": "matlab", "Nix": "nix", "Perl": "perl pl",
        "PHP": "php", "PowerShell": "powershell ps1", "Python": "python py python3", "R": "r", "Ruby": "ruby rb",
        "Rust": "rust rs", "Scala": "scala", "SQL": "sql mysql postgresql sqlite", "Swift": "swift", "TOML": "toml",
        "TypeScript": "typescript ts tsx", "XML": "xml svg", "YAML": "yaml yml", "Zig": "zig",
    }.items()
    for name in names.split()
}  # fmt: skip
_LEXERS = {
    "jsonc": "json", "json5": "json", "jsx": "js", "tsx": "ts", "h": "c", "conf": "ini", "svg": "xml", "patch": "diff",
    "hpp": "cpp", "console": "shell-session", "sqlite": "sql", "cc": "cpp", "cmd": "bat", "kt": "kotlin",
}  # fmt: skip


class Run(NamedTuple):
    """A coloured part of a line; positions in UTF-16 units, as Qt counts."""

    start: int
    length: int
    role: str


@dataclass(frozen=True)
class CodeColors:
    """Colour of each role on the theme's `code` background; everything else has the text colour."""

    keyword: str
    string: str
    number: str
    comment: str
    function: str
    type: str
    name: str
    operator: str
    removed: str
    added: str


LIGHT = CodeColors(
    keyword="#8a2f8f", string="#1d6b34", number="#97501a", comment="#6a6a63", function="#1f56b0", type="#0f6e63",
    name="#8a4a00", operator="#55554f", removed="#b3261e", added="#1d6b34",
)  # fmt: skip
DARK = CodeColors(
    keyword="#d79be0", string="#9bd6a3", number="#f0b27a", comment="#93939c", function="#8ab8f7", type="#62cdbd",
    name="#e6c07b", operator="#b4b4bb", removed="#ff9c94", added="#8ad6a0",
)  # fmt: skip

# By the beginning of a token type's name, the most particular first.
_ROLES = (
    ("Token.Comment.Preproc", "keyword"), ("Token.Comment", "comment"),
    ("Token.Keyword.Type", "type"), ("Token.Keyword.Constant", "number"), ("Token.Keyword", "keyword"),
    ("Token.Operator.Word", "keyword"), ("Token.Operator", "operator"), ("Token.Punctuation", "operator"),
    ("Token.Literal.String.Doc", "comment"), ("Token.Literal.String", "string"), ("Token.Literal", "number"),
    ("Token.Name.Function", "function"), ("Token.Name.Class", "type"), ("Token.Name.Decorator", "name"),
    ("Token.Name.Builtin", "function"), ("Token.Name.Tag", "function"), ("Token.Name.Attribute", "name"),
    ("Token.Name.Constant", "number"), ("Token.Name.Exception", "type"), ("Token.Name.Namespace", "type"),
    ("Token.Generic.Deleted", "removed"), ("Token.Generic.Inserted", "added"),
    ("Token.Generic.Heading", "function"), ("Token.Generic.Subheading", "keyword"), ("Token.Generic.Prompt", "comment"),
)  # fmt: skip


def language_title(language: str) -> str:
    """The name people know: "py" is Python. An unknown one stays as written."""
    return LANGUAGES.get(language.lower(), language)


def highlight(code: str, language: str) -> list[list[Run]]:
    """The coloured runs of every line; none where the language is unknown or the code too long."""
    lines = list(colored_lines(code, language))
    return lines + [[] for _ in range(code.count("\n") + 1 - len(lines))]


def colored_lines(code: str, language: str) -> Iterator[list[Run]]:
    """The coloured runs of one line after the other, as far as they are known: not beyond a part that takes long."""
    lexer = lexer_of(language)
    if lexer is None or len(code) > _LONGEST or max(map(len, code.split("\n"))) > _LONGEST_LINE:
        return
    taken, begun = 0.0, thread_time()
    line: list[Run] = []
    column = 0
    for role, text in _tokens(lexer, code):
        for index, part in enumerate(text.split("\n")):
            if index:
                taken += thread_time() - begun
                yield line if column <= _LONGEST_COLORED else []
                line, column, begun = [], 0, thread_time()
            length = _utf16_length(part)
            if role and length:
                line.append(Run(column, length, role))
            column += length
        if taken + thread_time() - begun > _LIMIT_S:
            break
    yield line if column <= _LONGEST_COLORED else []


def restart_line(code: str, finished: int) -> int:
    """A line to colour again from when code grew beyond `finished` characters: one at the left edge after a blank one.

    Inside a string that spans lines the guess is wrong until the whole is coloured once more at the end.
    """
    begin = next((match.start() for match in reversed(list(_PARAGRAPH.finditer(code, 0, finished)))), -1)
    return code.count("\n", 0, begin) + 2 if begin >= 0 else 0


def _tokens(lexer: Lexer, code: str) -> Iterator[tuple[str, str]]:
    # get_tokens() would strip and expand, and so lose the positions
    pairs: Iterator[tuple[int, Any, str]] = lexer.get_tokens_unprocessed(code)
    for _, kind, text in pairs:
        yield _role(kind), text


@lru_cache(maxsize=256)
def _role(kind: object) -> str:
    name = str(kind)
    return next((role for prefix, role in _ROLES if name.startswith(prefix)), "")


def lexer_of(language: str) -> Lexer | None:
    """What reads a language; None where it is unknown. The first time takes up to 60 ms, see `is_ready`."""
    return _lexer(language.lower()) if language.lower() in LANGUAGES else None


def is_ready(language: str) -> bool:
    """Whether the lexer of a language is there, or there is none."""
    return language.lower() in _made or language.lower() not in LANGUAGES


_made: set[str] = set()


@lru_cache(maxsize=128)
def _lexer(language: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        lexer = get_lexer_by_name(_LEXERS.get(language, language))
        for _ in lexer.get_tokens_unprocessed("x"):  # some are made ready by their first text
            pass
    except ClassNotFound:
        return None
    finally:
        _made.add(language)
    return lexer


def _utf16_length(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "replace")) // 2
