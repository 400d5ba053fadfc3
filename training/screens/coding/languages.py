"""Code of several languages that look alike to people: settings, functions, classes."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass, field

from training.screens.page import Page
from training.screens.phrases import Writer
from training.screens.typefaces import Colour

ENDINGS = {"python": "py", "js": "js", "c": "c", "rust": "rs", "toml": "toml", "yaml": "yaml", "ini": "conf",
           "json": "json",
           "go": "go", "shell": "sh"}  # fmt: skip
NAMES = {"python": "Python", "js": "JavaScript", "c": "C", "rust": "Rust", "toml": "TOML", "yaml": "YAML", "ini": "INI",
         "json": "JSON", "go": "Go", "shell": "Shell"}  # fmt: skip
_SETTINGS = {"python": "{k} = {v}", "js": "const {k} = {v};", "c": "static int {k} = {v};", "rust": "let {k} = {v};",
             "toml": "{k} = {v}", "yaml": "{k}: {v}", "ini": "{k}={v}", "json": '  "{k}": {v},', "go": "{k} := {v}",
             "shell": "{k}={v}"}  # fmt: skip
_BLOCKS: dict[str, tuple[tuple[str, ...], ...]] = {
    "python": (("def {a}({b}, {c}):", "    return {b} {o} {c}"), ("class {A}:", "    {a} = {n}", "",
                                                                  "    def {b}(self):",
                "        return self.{a}"), ("for {a} in {b}({n}):", "    print({a})"), ("import {a}",
                                                                                         "from {b} import {c}"),
               ("if {a} > {n}:", '    raise ValueError("{b} {c}")'), ("# {a} {b} {c}",), ("{a} = [{n}, {m}]",),
               ("try:", "    {a}.{b}()", "except {A}Error:", "    pass"), ('with open("{a}.txt") as {b}:',
                                                                           "    {c} = {b}.read()")),
    "js": (("function {a}({b}) {{", "  return {b} {o} {n};", "}}"), ('import {{ {a} }} from "./{b}.js";',),
           ("for (const {a} of {b}) {{", "  console.log({a});", "}}"), ("// {a} {b}",), ("{a}.{b}(({c}) => {c}.{d});",),
           ("if ({a} === {n}) {{", '  throw new Error("{b} {c}");', "}}")),
    "c": (("int {a}(int {b}) {{", "    return {b} {o} {n};", "}}"), ("#include <{a}.h>",), ("/* {a} {b} */",),
          ("for (int i = 0; i < {n}; i++)", "    {a}(i);"), ("if ({a} == NULL)", '    printf("{b} {c}\\n");'),
          ("struct {a} {{", "    char *{b};", "    int {c};", "}};")),
    "rust": (("fn {a}({b}: u32) -> u32 {{", "    {b} {o} {n}", "}}"), ("use std::{a};",), ("// {a} {b} {c}",),
             ("match {a} {{", "    {n} => {b}(),", "    _ => {c}(),", "}}"), ("pub struct {A} {{", "    {b}: String,",
                                                                              "}}")),
    "toml": (("[{a}]",), ("[{a}.{b}]",), ("# {a} {b}",), ('{a} = ["{b}", "{c}"]',), ('{a} = "{b}"',)),
    "yaml": (("{a}:", "  - {b}", "  - {c}"), ("{a}:", "  {b}: {n}", "  {c}: true"), ("# {a} {b}",)),
    "ini": (("[{a}]",), ("; {a} {b}",), ("{a}={b}",), ("# {a} = {n}",)),
    "json": (('  "{a}": "{b}",',), ('  "{a}": [', "    {n},", "    {m}", "  ],"), ('  "{a}": {{', '    "{b}": {n}',
                                                                                   "  }},")),
    "go": (("func {a}({b} int) int {{", "\treturn {b} {o} {n}", "}}"), ('import "{a}"',), ("// {a} {b}",),
           ("for i := 0; i < {n}; i++ {{", "\t{a}(i)", "}}"), ("if err != nil {{", "\treturn err", "}}")),
    "shell": (("if [ -f {a}.txt ]; then", "  {b} {c}", "fi"), ("# {a} {b}",), ("for {a} in *.txt; do", '  echo "${a}"',
                                                                               "done"),
              ("export {a}", "cd {b}/{c}"), ("{a} --{b} {n}",)),
}  # fmt: skip
_COMMON = ("max_retries", "timeout", "port", "debug", "width", "verbose", "limit", "batch_size", "threads", "log_level",
           "cache_size", "interval", "host", "retries", "seed", "depth", "workers", "delay_s")  # fmt: skip
_WORDS = re.compile(
    r"\b(def|class|return|import|from|for|in|if|raise|try|except|pass|with|as|open|function|const|let|fn|"
    r"pub|struct|use|match|int|char|static|else|throw|new|of|func|fi|then|do|done|echo|export|true|false)\b"
)
_PARTS = re.compile(
    r"""(?P<note>(#(?!include)|//|;(?= )|/\*).*$)|(?P<string>"[^"]*")|(?P<word>[A-Za-z_]\w*)|(?P<number>\d[\d.]*)"""
)
_UNSEMICOLONED = re.compile(_PARTS.pattern.replace(r";(?= )|", ""))
"""As `_PARTS`, for lines in which a semicolon ends a statement."""
_TRAINING_SETTINGS = {"go": "var {k} = {v}"}
Palette = dict[str, Colour]
DARK: tuple[Palette, ...] = (
    {"note": (106, 153, 85), "string": (206, 145, 120), "word": (86, 156, 214), "number": (181, 206, 168)},
    {"note": (117, 113, 94), "string": (230, 219, 116), "word": (249, 38, 114), "number": (174, 129, 255)},
    {"note": (128, 138, 160), "string": (163, 190, 140), "word": (129, 161, 193), "number": (208, 160, 200)},
)
LIGHT: tuple[Palette, ...] = (
    {"note": (0, 110, 0), "string": (163, 21, 21), "word": (0, 0, 200), "number": (9, 100, 80)},
    {"note": (110, 110, 110), "string": (160, 90, 0), "word": (130, 0, 130), "number": (0, 90, 170)},
    {"note": (150, 40, 40), "string": (0, 120, 40), "word": (30, 30, 130), "number": (30, 30, 30)},
)


@dataclass
class Code:
    """Lines of code.

    Attributes: `settings`: what each name that is assigned once is set to, as it is written; `first`: the number of the
    first line.
    """

    language: str
    lines: list[str]
    settings: dict[str, str] = field(default_factory=dict)
    first: int = 1

    def draw(self, page: Page, left: float, top: float, pitch: int, *, plain: bool = False) -> None:
        """Line after line, with coloured words and numbers; the caller has seen to the room."""
        dark = sum(page.ground) < 380
        palette = {} if plain else page.rng.choice(DARK if dark else LIGHT)
        for line in self.lines:
            draw_line(page, left, top, pitch, line, palette)
            top += pitch


def draw_line(page: Page, left: float, top: float, pitch: int, line: str, palette: Palette) -> None:
    """One line of code in fixed-width type."""
    baseline, x, at = page.sketch.row(top, top + pitch, page.mono), left, 0
    parts = _UNSEMICOLONED if page.writer.training and not line.startswith(";") else _PARTS
    for part in parts.finditer(line) if palette else ():
        kind = str(part.lastgroup)
        if kind == "word" and not _WORDS.fullmatch(part.group()):
            continue
        if part.start() > at:
            x = page.sketch.text(x, baseline, line[at : part.start()], page.mono, page.ink)
        x = page.sketch.text(x, baseline, part.group(), page.mono, palette[kind])
        at = part.end()
    if at < len(line):
        page.sketch.text(x, baseline, line[at:], page.mono, page.ink)


def write_code(rng: random.Random, writer: Writer, most: int, *, language: str = "", short: bool = False) -> Code:
    """At most so many lines in a language, among them settings."""
    language = language or rng.choice(list(_BLOCKS))
    code = Code(language, ["{"] if language == "json" else [])
    last = most - (language == "json")
    while len(code.lines) < last:
        if rng.random() < (0.45 if len(code.settings) < 5 else 0.1):
            added = [_setting(rng, writer, code)]
        else:
            added = [_filled(rng, writer, line) for line in rng.choice(_BLOCKS[language])]
        if code.lines and not short and len(added) > 1 and language != "json" and rng.random() < 0.7:
            code.lines.append("")
        if len(code.lines) + len(added) > last:
            break
        code.lines += [line.replace("\t", "    ") for line in added if line or not short]
    if language == "json":
        code.lines[-1] = code.lines[-1].rstrip(",")
        code.lines.append("}")
    while code.lines and not code.lines[-1]:
        code.lines.pop()
    if not code.lines:
        code.lines = [_setting(rng, writer, code)]
    return code


def _setting(rng: random.Random, writer: Writer, code: Code) -> str:
    name = rng.choice((rng.choice(_COMMON), "_".join([*rng.sample(writer.vocabulary.nouns, 1), writer.slot("noun")])))
    name = re.sub(r"\W", "", name) or "size"
    while name in code.settings:
        name += str(rng.randint(2, 9))
    value = rng.choice((str(rng.randint(0, 99)), str(rng.randint(100, 9999)),
                        f"{rng.randint(0, 20)}.{rng.randrange(100)}",
                        f'"{writer.slot("noun")}"', rng.choice(("true", "false"))))  # fmt: skip
    if code.language == "python":
        value = {"true": "True", "false": "False"}.get(value, value)
    code.settings[name] = value.strip('"')
    form = _SETTINGS[code.language]
    if writer.training:
        form = _c_setting(value) if code.language == "c" else _TRAINING_SETTINGS.get(code.language, form)
    return form.format(k=name, v=value)


def _c_setting(value: str) -> str:
    """A variable of the value's type."""
    if value.startswith('"'):
        return "static const char *{k} = {v};"
    kind = "bool" if value in {"true", "false"} else "double" if "." in value else "int"
    return f"static {kind} {{k}} = {{v}};"


def _filled(rng: random.Random, writer: Writer, line: str) -> str:
    nouns, verbs = writer.vocabulary.nouns, writer.vocabulary.verbs
    a, b, c, d = (rng.choice(rng.choice((nouns, verbs))) for _ in range(4))
    return line.format(
        a=a, b=b, c=c, d=d, A=a.capitalize(), n=rng.randrange(200), m=rng.randrange(200), o=rng.choice("+-*/")
    )
