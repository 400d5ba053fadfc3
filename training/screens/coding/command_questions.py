"""How people ask what a command printed and what code defines, sets and returns."""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from training.screens.phrasing import question
from training.screens.records import Question

_OUTPUT = ("What did {c} print?", "What is the output of {c}?", "Read the output of {c}.", "What does {c} show?",
           "Copy what {c} printed.", "What came out of {c}?", "Quote the output of {c}.", "What did '{c}' return?",
           "What was printed after {c}?")  # fmt: skip
_OUTPUT_FIRST = ("What is the first line that {c} printed?", "Read the first line of the output of {c}.",
                 "What is the first line of the output of {c}?", "Which line did {c} print first?",
                 "What does the line below {c} say?", "What comes right after {c}?",
                 "Read the line after the command {c}.", "How does the output of {c} begin?")  # fmt: skip
_OUTPUT_LAST = ("What is the last line that {c} printed?", "Read the last line of the output of {c}.",
                "What is the last line of the output of {c}?", "Which line did {c} print last?",
                "How does the output of {c} end?", "Quote the last line that {c} printed.",
                "What is the end of the output of {c}?", "Where does the output of {c} stop?")  # fmt: skip
_LAST_COMMAND = ("What is the last command?", "Which command was run last?", "What did I type last?",
                 "Read the last command.", "Which command did I run most recently?", "What was entered last?",
                 "Quote the last command.", "Which command comes last?", "What is the newest command?")  # fmt: skip
_FIRST_COMMAND = ("What is the first command?", "Which command was run first?", "What did I type first?",
                  "Read the first command.", "What was entered first?", "Quote the first command.",
                  "Which command comes first?", "With which command does it begin?")  # fmt: skip
_COMMANDS = ("Which commands were run?", "List the commands.", "What commands did I type?", "Name all commands.",
             "Which commands are there?", "Read all commands.", "What was typed?", "What did I enter?")  # fmt: skip
_PRINTED_BY = ("Which command printed '{t}'?", "From which command is '{t}'?", "What command gave '{t}'?",
               "After which command is '{t}' printed?", "Which command does '{t}' belong to?",
               "Of which command is '{t}' the output?", "What was run to get '{t}'?",
               "Which command caused '{t}'?")  # fmt: skip
_PROMPT = ("What is the prompt?", "Read the prompt.", "What does the prompt look like?",
           "What stands before the command?", "Which prompt does the terminal have?",
           "Quote the prompt.", "What is before the cursor?",
           "How does the prompt read?")  # fmt: skip
_RETURNS = ("What does {f} return?", "What is returned by {f}?", "What is the return value of {f}?",
            "Which value does the function {f} return?", "What does the function {f} give back?",
            "Read what {f} returns.", "What comes after return in {f}?", "{f} returns what?")  # fmt: skip
_TAKES = ("Which parameters does {f} take?", "What are the arguments of {f}?", "What does {f} take?",
          "List the parameters of {f}.", "Which arguments does the function {f} have?", "What is passed to {f}?",
          "Name the arguments of {f}.", "What are the parameters of {f}?")  # fmt: skip
_DEFINED_AT = ("On which line is {f} defined?", "Which line defines {f}?", "Where is {f} defined? Give the line.",
               "What is the line number of {f}?", "In which line does {f} begin?", "Line of {f}?",
               "At which line does {f} start?", "On what line is the definition of {f}?")  # fmt: skip
_DEFINES = ("Which function is defined?", "What is the function called?", "What is the name of the function?",
            "Name the function.", "Which function is there?", "Which function does the code define?",
            "What does the code define?", "How is the function called?")  # fmt: skip
_CLASS = ("Which class is defined?", "What is the class called?", "What is the name of the class?", "Name the class.",
          "Which class is there?", "Which type does the code define?", "What is the name of the type?",
          "How is the class called?")  # fmt: skip
_IMPORTS = ("What is imported?", "Which modules are imported?", "List the imports.", "Read the imports.",
            "What does the code import?", "Which libraries are used?", "Name what is imported.",
            "Which files are included?")  # fmt: skip
_COMMENT = ("What does the comment say?", "Read the comment.", "Which comment is in the code?", "Quote the comment.",
            "What is the comment?", "What is written in the comment?", "Comment?",
            "Read out the comment.")  # fmt: skip
_ERROR_LINE = ("Which line holds the error?", "Read the line with the error.",
               "Quote the line that tells of the error.", "What does the line with the error say?",
               "Find the line with the error and read it.",
               "Read the error line.", "Which line is the error?", "Copy the line with the error.")  # fmt: skip
_BEFORE_ERROR = ("Which line comes before the error?", "What is the line above the error?",
                 "Read the line before the error.", "What stands directly above the error?",
                 "What does the line above the error say?",
                 "Quote the line before the one with the error.")  # fmt: skip
_AFTER_ERROR = ("Which line comes after the error?", "What is the line below the error?",
                "Read the line after the error.", "What stands directly below the error?",
                "What does the line below the error say?", "Quote the line after the one with the error.")  # fmt: skip
_ERROR_AT = ("Which line has the error? Count from the top.", "Counted from the top, which line is the error?",
             "The error is in which line of the window?", "Give the number of the line with the error, from the top.",
             "How many lines from the top is the error?")  # fmt: skip
_DEFINITION = re.compile(r"\s*(?:def|function|fn|func|int)\s+(\w+)\(([^)]*)\).*")
_TYPE = re.compile(r"(?:class|struct|pub struct)\s+(\w+)\s*[:{].*")
_IMPORT = re.compile(r"""(?:from \S+ )?import (?:\{ )?(\w+)(?: \}.*)?|#include <(\S+)>|use ([\w:]+);|import "(\w+)\"""")
_NOTE = re.compile(r"\s*(?:#(?!include)|//|;)\s+(.+)|/\* (.+) \*/")


def session_questions(rng: random.Random, prompt: str, lines: Sequence[str], commands: Sequence[str]) -> list[Question]:
    """What each command printed, which command it was, and the commands in order."""
    if not commands or not prompt.strip():
        return []
    found = [question(rng, "command", commands[-1], _LAST_COMMAND)]
    found.append(question(rng, "command", commands[0], _FIRST_COMMAND))
    if all("," not in command for command in commands):
        found.append(question(rng, "list", ", ".join(commands), _COMMANDS))
    if len(prompt.strip()) > 2:
        found.append(question(rng, "value", prompt.strip(), _PROMPT))
    starts = [place for place, line in enumerate(lines)
              if line.startswith(prompt) and line[len(prompt) :] in commands]  # fmt: skip
    ends = [*starts[1:], len(lines)]
    for start, end in zip(starts, ends, strict=True):
        command = lines[start][len(prompt) :]
        printed = [line.rstrip() for line in lines[start + 1 : end] if line.strip() != prompt.strip()]
        if "{" not in command and list(commands).count(command) == 1 and printed and all(printed):
            found += _printed(rng, command, printed, lines)
    return found


def error_questions(rng: random.Random, lines: Sequence[str], errors: Sequence[str]) -> list[Question]:
    """About the line that holds the only error, and the lines beside it."""
    flat = [" ".join(line.split()) for line in lines]
    said = " ".join(errors[0].split()) if len(errors) == 1 else ""
    if not said or flat.count(said) != 1:
        return []
    place = flat.index(said)
    found = [question(rng, "message", said, _ERROR_LINE), question(rng, "how_many", str(place + 1), _ERROR_AT)]
    if place and flat[place - 1]:
        found.append(question(rng, "line", flat[place - 1], _BEFORE_ERROR))
    if place + 1 < len(flat) and flat[place + 1]:
        found.append(question(rng, "line", flat[place + 1], _AFTER_ERROR))
    return found


def _printed(rng: random.Random, command: str, printed: Sequence[str], lines: Sequence[str]) -> list[Question]:
    flat = [" ".join(line.split()) for line in printed]
    found = [question(rng, "line", flat[0], _OUTPUT_FIRST, c=command)]
    if len(printed) > 1:
        found.append(question(rng, "line", flat[-1], _OUTPUT_LAST, c=command))
    copied = "\n".join(printed).strip()
    if len(copied) <= 500:
        found.append(question(rng, "lines", copied, _OUTPUT, c=command))
    one = rng.choice(flat)
    if (
        "'" not in one
        and "{" not in one
        and len(one) <= 40
        and sum(one in " ".join(line.split()) for line in lines) == 1
    ):
        found.append(question(rng, "command", command, _PRINTED_BY, t=one))
    return found


def code_questions(rng: random.Random, lines: Sequence[str], first: int) -> list[Question]:
    """What functions take and return, what is imported, what comments say; lines are numbered from `first` on."""
    defined = [(place, match[1], match[2]) for place, line in enumerate(lines)
               if (match := _DEFINITION.fullmatch(line))]  # fmt: skip
    names = [name for _, name, _ in defined]
    found = [question(rng, "value", names[0], _DEFINES)] if len(names) == 1 else []
    for place, name, taken in defined:
        if names.count(name) > 1:
            continue
        found.append(question(rng, "how_many", str(place + first), _DEFINED_AT, f=name))
        if taken and taken != "self":
            found.append(question(rng, "list", taken, _TAKES, f=name))
        body = lines[place + 1].strip() if place + 1 < len(lines) else ""
        if body.startswith("return "):
            found.append(question(rng, "value", body.removeprefix("return ").rstrip(";"), _RETURNS, f=name))
    types = [match[1] for line in lines if (match := _TYPE.fullmatch(line))]
    if len(types) == 1:
        found.append(question(rng, "value", types[0], _CLASS))
    imported = [next(filter(None, match.groups())) for line in lines if (match := _IMPORT.fullmatch(line))]
    if imported:
        found.append(question(rng, "list", ", ".join(dict.fromkeys(imported)), _IMPORTS))
    notes = [next(filter(None, match.groups())) for line in lines if (match := _NOTE.fullmatch(line))]
    if len(notes) == 1:
        found.append(question(rng, "value", notes[0], _COMMENT))
    return found
