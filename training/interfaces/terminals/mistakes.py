"""Programs with mistakes that are really made, for compilers and interpreters to complain about."""

# ruff: noqa: SIM905 - lists of words are easier to read without quotes

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from training.interfaces.terminals.maker import Maker


@dataclass(frozen=True)
class Mistake:
    """A file's ending, its text with `{a}`, `{b}`, `{c}` and `{n}` in it, and what is typed to see the complaint."""

    ending: str
    text: str
    commands: tuple[str, ...]


_GCC = ("gcc -Wall {f} -o {s}", "gcc {f} -o {s}", "gcc -c {f}", "cc -O2 -Wall -Wextra {f} -o {s}", "make {s}")
_GXX = ("g++ -Wall {f} -o {s}", "g++ {f} -o {s}", "g++ -std=c++17 -c {f}", "make {s}")
_PY = ("python3 {f}", "python3 {f}", "python3 {f} --{a} {n}", "python3 -m py_compile {f}")
_C_HEAD = "#include <stdio.h>\n#include <stdlib.h>\n\n"


def _c(body: str) -> Mistake:
    return Mistake(".c", _C_HEAD + body, _GCC)


def _cpp(body: str) -> Mistake:
    return Mistake(".cpp", "#include <iostream>\n#include <vector>\n#include <string>\n\n" + body, _GXX)


def _py(body: str) -> Mistake:
    return Mistake(".py", body, _PY[:2])


MISTAKES: dict[str, tuple[Mistake, ...]] = {
    "c": (
        _c("int main(void)\n{{\n    int {a} = {n};\n    printf(\"%d\\n\", {b});\n    return 0;\n}}\n"),
        _c("int main(void)\n{{\n    int {a} = {n}\n    return {a};\n}}\n"),
        _c("static int {a}(int {b})\n{{\n    return {b} * {n};\n}}\n\n"
           "int main(void)\n{{\n    return {a}({n}, 2);\n}}\n"),
        _c("struct {a} {{\n    int {b};\n}};\n\nint main(void)\n{{\n    struct {a} one = {{ {n} }};\n"
           "    printf(\"%d\\n\", one.{c});\n    return 0;\n}}\n"),
        _c("int main(void)\n{{\n    char *{a} = {n};\n    int {b};\n    printf(\"%s\\n\", {a});\n    return 0;\n}}\n"),
        _c("int main(void)\n{{\n    const int {a} = {n};\n    {a} = 3;\n    return {a};\n}}\n"),
        _c("#include \"{b}.h\"\n\nint main(void)\n{{\n    return {a}();\n}}\n"),
        _c("int main(void)\n{{\n    for (int i = 0; i < {n}; i++) {{\n"
           "        printf(\"%d\\n\", i);\n    return 0;\n}}\n"),
        _c("extern int {a}(int);\n\nint main(void)\n{{\n    return {a}({n});\n}}\n"),
        _c("void {a}(void)\n"
           "{{\n    return {n};\n}}\n\nint main(void)\n{{\n    int {b} = {a}();\n    return {b};\n}}\n"),
        _c("int main(void)\n"
           "{{\n    double {a} = {n}.5;\n    printf(\"%d\\n\", {a});\n    int {b};\n    return 0;\n}}\n"),
        _c("int main(void)\n{{\n    int {a}[{n}];\n    int *{b} = &{a};\n    return *{b}->{c};\n}}\n"),
    ),
    "cpp": (
        _cpp("int main()\n{{\n    std::vector<int> {a} = {{1, 2, {n}}};\n    {a}.{b}(4);\n    return 0;\n}}\n"),
        _cpp("int main()\n{{\n    string {a} = \"{b}\";\n    std::cout << {a} << std::endl;\n}}\n"),
        _cpp("class {A} {{\n    int {b} = {n};\n}};\n\nint main()\n{{\n    {A} one;\n    std::cout << one.{b};\n}}\n"),
        _cpp("int main()\n{{\n    int {a} = \"{b}\";\n    return {a};\n}}\n"),
        _cpp("int {a}(int {b});\n\nint main()\n{{\n    return {a}({n}, {n});\n}}\n"),
        _cpp("int main()\n{{\n    std::cout << {a} << std::endl\n    return 0;\n}}\n"),
    ),
    "python": (
        _py("import {a}_{b}\n\nprint({a}_{b}.{c})\n"),
        _py("from {a}s import {b}\n\n{b}()\n"),
        _py("def {a}({b}):\n    return {b}[{n}]\n\n\ndef main():\n    print({a}([1, 2, 3]))\n\n\nmain()\n"),
        _py("{a} = {{\"{b}\": {n}}}\n\nfor key in (\"{b}\", \"{c}\"):\n    print(key, {a}[key])\n"),
        _py("def {a}({b}, {c}):\n    return {b} / {c}\n\n\nprint({a}({n}, 2))\nprint({a}({n}, 0))\n"),
        _py("{a} = input_{b}\nprint({a})\n"),
        _py("import json\n\nwith open(\"{b}.json\") as file:\n    {a} = json.load(file)\nprint({a})\n"),
        _py("{a} = \"{n}\"\n{b} = {a} + {n}\nprint({b})\n"),
        _py("def {a}({b}):\n    print({b})\n\n\n{a}({n}, {n})\n"),
        _py("class {A}:\n    def __init__(self):\n        self.{b} = {n}\n\n\none = {A}()\nprint(one.{c})\n"),
        _py("def {a}(n):\n    if n > 0\n        return n\n    return 0\n\n\nprint({a}({n}))\n"),
        _py("def {a}():\n    {b} = {n}\n      {c} = 2\n    return {b}\n"),
        _py("print(\"{a}: {n}\"\n{b} = 3\n"),
        _py("{a} = int(\"{b}\")\nprint({a})\n"),
        _py("import sys\n\n\ndef {a}(path):\n    raise ValueError(f\"{{path}}: bad {b} in line {n}\")\n\n\n"
            "{a}(\"{c}.conf\")\n"),
        _py("import json\n\nprint(json.loads('{{\"{a}\": {n},}}'))\n"),
        _py("{a} = None\nprint({a}.{b}())\n"),
        _py("assert {n} < 2, \"{a} is too large: {n}\"\n"),
        _py("{a}, {b} = [1, 2, {n}]\n"),
        _py("import datetime\n\nprint(datetime.date(2026, 13, {n}))\n"),
        _py("open(\"/etc/{a}.conf\", \"w\").write(\"{b}={n}\")\n"),
        _py("import socket\n\nsocket.create_connection((\"127.0.0.1\", {n}99), timeout=2)\n"),
        _py("import argparse\n\nparser = argparse.ArgumentParser()\n"
            "parser.add_argument(\"--{a}\", type=int, required=True)"
            "\nparser.add_argument(\"{b}\")\nparser.parse_args()\n"),
        _py("import sqlite3\n\ndb = sqlite3.connect(\":memory:\")\ndb.execute(\"select {a} from {b}\")\n"),
    ),
    "javascript": (
        Mistake(".js", "const {a} = {n};\nconsole.log({b} + {a});\n", ("node {f}",)),
        Mistake(".js", "function {a}({b}) {{\n  return {b}.{c}();\n}}\n\n{a}({n});\n", ("node {f}",)),
        Mistake(".js", "const {a} = require('./{b}');\n{a}.start();\n", ("node {f}",)),
        Mistake(".js", "const {a} = {n};\n{a} = 2;\n", ("node {f}",)),
        Mistake(".js", "function {a}( {{\n  return {n};\n}}\n", ("node {f}",)),
        Mistake(".js", "const {a} = JSON.parse('{{\"{b}\": }}');\n", ("node {f}",)),
        Mistake(".js", "const {a} = null;\nconsole.log({a}.{b});\n", ("node {f}",)),
        Mistake(".js", "throw new Error('{a} {b} not found: {n}');\n", ("node {f}",)),
    ),
    "ruby": (
        Mistake(".rb", "def {a}({b})\n  {b} + {c}\nend\n\nputs {a}({n})\n", ("ruby {f}",)),
        Mistake(".rb", "{a} = nil\nputs {a}.{b}\n", ("ruby {f}",)),
        Mistake(".rb", "require '{a}_{b}'\n", ("ruby {f}",)),
        Mistake(".rb", "puts {n} / 0\n", ("ruby {f}",)),
        Mistake(".rb", "def {a}\n  puts '{b}'\n", ("ruby {f}", "ruby -c {f}")),
    ),
    "perl": (
        Mistake(".pl", "use strict;\nuse warnings;\n\nmy ${a} = {n};\nprint ${b};\n", ("perl {f}", "perl -c {f}")),
        Mistake(".pl", "use {A}::{B};\n\nprint \"{c}\\n\";\n", ("perl {f}",)),
        Mistake(".pl", "open(my $in, '<', '{a}.txt') or die \"Cannot open {a}.txt: $!\";\n", ("perl {f}",)),
        Mistake(".pl", "sub {a} {{ return $_[0] / 0; }}\nprint {a}({n});\n", ("perl {f}",)),
    ),
    "php": (
        Mistake(".php", "<?php\nfunction {a}(int ${b}) {{\n    return ${b} * 2;\n}}\necho {a}('{c}');\n",
                ("php {f}",)),
        Mistake(".php", "<?php\n${a} = [1, 2];\necho ${a}[{n}];\necho {b}();\n", ("php {f}",)),
        Mistake(".php", "<?php\n${a} = {n}\necho ${a};\n", ("php -l {f}", "php {f}")),
    ),
    "lua": (
        Mistake(".lua", "local {a} = {n}\nprint({b}.{c})\n", ("lua5.4 {f}",)),
        Mistake(".lua", "local function {a}(x)\n  return x + nil\nend\nprint({a}({n}))\n", ("lua5.4 {f}",)),
        Mistake(".lua", "require(\"{a}\")\n", ("lua5.4 {f}",)),
    ),
    "java": (
        Mistake(".java", "public class {F} {{\n    public static void main(String[] args) {{\n        int {a} = {n}\n"
                         "        System.out.println({a});\n    }}\n}}\n", ("javac {f}",)),
        Mistake(".java",
                "public class {F} {{\n    public static void main(String[] args) {{\n        String {a} = {n};\n"
                         "        System.out.println({b});\n    }}\n}}\n", ("javac {f}",)),
        Mistake(".java", "import java.util.List;\n\npublic class {F} {{\n    static int {a}(int {b}) {{\n    }}\n\n"
                         "    public static void main(String[] args) {{\n        {a}(\"{c}\");\n    }}\n}}\n",
                ("javac {f}",)),
        Mistake(".java",
                "public class {F} {{\n    public static void main(String[] args) {{\n        int[] {a} = new int["
                         "{n}];\n        {a}[{n}] = 1;\n    }}\n}}\n", ("java {f}",)),
        Mistake(".java",
                "public class {F} {{\n    public static void main(String[] args) {{\n        String {a} = null;\n"
                         "        System.out.println({a}.length());\n    }}\n}}\n", ("java {f}",)),
    ),
    "rust": (
        Mistake(".rs", "fn main() {{\n    let {a} = {n};\n    println!(\"{{}}\", {b});\n}}\n", ("rustc {f}",)),
        Mistake(".rs", "fn main() {{\n    let {a} = String::from(\"{b}\");\n    let {c} = {a};\n"
                       "    println!(\"{{}} {{}}\", {a}, {c});\n}}\n", ("rustc {f}",)),
        Mistake(".rs", "fn {a}({b}: i32) -> i32 {{\n    {b} * 2\n}}\n\nfn main() {{\n    {a}(\"{c}\");\n}}\n",
                ("rustc {f}",)),
        Mistake(".rs", "fn main() {{\n    let {a} = {n};\n    {a} += 1;\n    println!(\"{{}}\", {a});\n}}\n",
                ("rustc {f}",)),
    ),
    "go": (
        Mistake(".go", "package main\n\nimport \"os\"\n\nfunc main() {{\n\t{a} := {n}\n\tprintln({b})\n}}\n",
                ("go run {f}", "go build {f}", "go vet {f}")),
        Mistake(".go",
                "package main\n\nfunc {a}(x int) string {{\n\treturn x\n}}\n\nfunc main() {{\n\t{a}(\"{b}\")\n}}\n",
                ("go run {f}", "go build {f}")),
    ),
    "bash": (
        Mistake(".sh", "#!/bin/bash\nset -e\n{a}={n}\nif [ \"${a}\" -gt 3 ]; then\n  echo {b}\n", ("bash {f}",)),
        Mistake(".sh", "#!/bin/bash\ncp {a}.txt /srv/{b}/\ncd {c}\nls\n", ("bash {f}", "./{f}")),
        Mistake(".sh", "#!/bin/bash\nfor i in 1 2 3\n  echo $i\ndone\n", ("bash {f}", "bash -n {f}")),
        Mistake(".sh", "#!/bin/bash\n{a}_{b} --{c}\necho done\n", ("bash {f}", "sh {f}", "./{f}")),
        Mistake(".sh", "#!/bin/bash\nset -u\necho \"{a}\"\necho \"${b}\"\n", ("bash {f}",)),
        Mistake(".sh", "#!/bin/bash\necho \"{a}\nexit 0\n", ("bash {f}", "sh -n {f}")),
        Mistake(".sh", "#!/usr/bin/env {a}\necho {b}\n", ("./{f}",)),
        Mistake(".sh", "cd {a}\nfor {b} in *.txt; do\n  cat ${b} | grep {c}\ndone\nrm -rf $HOME/{c}/\n",
                ("shellcheck {f}",)),
    ),
}  # fmt: skip
_TAKEN = frozenset(
    "class list type object string return import module package function interface switch case char double float int"
    " int long short default break continue for while if else new public private static void this super try catch match"
    " move mod crate self use where loop in is or and not print next last redo sort index log time test read write open"
    " close link select signal wait pipe sleep exit abort main end begin then do set record register union volatile sub"
    " y s m q x tr length each keys values map join split puts require alias defer go chan range var let"
    " const yield enum"
    " export extends final goto native throw throws pass del from global with as assert lambda none true false".split()
)  # fmt: skip


def write_mistake(maker: Maker, language: str) -> tuple[str, str]:
    """A file with a mistake; returns its name and the command that shows it."""
    rng = maker.rng
    mistake = rng.choice(MISTAKES[language])
    words = [word.lower() for word in maker.nouns(14) if word.lower() not in _TAKEN and 2 < len(word) < 12]
    a, b, c, stem = [*words, "kettle", "lantern", "saddle", "pebble"][:4]
    stem = stem.capitalize() if mistake.ending == ".java" else rng.choice((stem, stem, "main", "app", "solve", "test1"))
    name = stem + mistake.ending
    number = rng.choice((4, 7, 12, 15, 20, 25, 42, 64, 80))
    slots = {"a": a, "b": b, "c": c, "n": number, "A": a.capitalize(), "B": b.capitalize(), "F": stem}
    maker.file(name, mistake.text.format(**slots), mode=0o755 if mistake.ending == ".sh" else 0o644)
    return name, rng.choice(mistake.commands).format(f=name, s=stem, **slots)


LANGUAGES: Sequence[str] = tuple(MISTAKES)
Making = Callable[[Maker], None]
