"""How people ask how many things are in a state, and whether one, any or all of them are."""

from __future__ import annotations

TOTAL = (
    "How many {items} are there?", "How many {items} do you see?", "Count the {items}.", "How many {items} are listed?",
    "How many {items} does the list have?", "What is the number of {items}?", "Number of {items}?",
    "How many {items} are there altogether?", "How many {items} are shown?", "How many {items} can you count?",
    "How many {items} in total?", "Tell me how many {items} there are.",
)  # fmt: skip
SOME = (
    "How many {items} are {state}?", "How many of the {items} are {state}?", "How many of the {items} are {state}?",
    "Count the {items} that are {state}.", "Number of {items} that are {state}?", "{items} that are {state}: how many?",
    "Out of all {items}, how many are {state}?", "How many {items} are shown as {state}?",
    "Tell me how many {items} are {state}.", "What number of {items} is {state}?",
)  # fmt: skip
LISTED = (
    "Which {items} are {state}?", "List the {items} that are {state}.", "Name the {items} that are {state}.",
    "What {items} are {state}?", "Which of the {items} are {state}?", "Read the {items} that are {state}.",
    "Give me all {items} that are {state}.", "Which {items} are shown as {state}?",
)  # fmt: skip
IS = (
    "Is '{x}' {state}?", "Is {x} {state}?", "Is the {item} '{x}' {state}?", "Is the {item} {x} {state}?",
    "'{x}': is that {state}?", "Can you see whether '{x}' is {state}?", "Is it true that '{x}' is {state}?",
    "Is '{x}' shown as {state}?",
)  # fmt: skip
ANY = (
    "Are any {items} {state}?", "Is any of the {items} {state}?", "Are there {items} that are {state}?",
    "Is at least one of the {items} {state}?", "Do you see any {items} that are {state}?",
    "Is there any {item} that is {state}?",
)  # fmt: skip
ALL = (
    "Are all {items} {state}?", "Is every {item} {state}?", "Are all of the {items} {state}?",
    "Is each {item} {state}?", "Are the {items} all {state}?", "Is all of it {state}, every {item}?",
)  # fmt: skip
MORE = (
    "Are there more than {n} {items}?", "Are more than {n} {items} listed?", "Do you count more than {n} {items}?",
    "Does the list have more than {n} {items}?", "Is the number of {items} more than {n}?",
    "Are there over {n} {items}?",
)  # fmt: skip
MORE_OF = (
    "Are more {items} {a} than {b}?", "Are there more {items} that are {a} than {items} that are {b}?",
    "Of the {items}, are more {a} than {b}?", "Do more {items} count as {a} than as {b}?",
)  # fmt: skip
IN_LIST = (
    "Is {name} in the list?", "Is '{name}' among the {items}?", "Do you see '{name}'?",
    "Is there an entry '{name}'?", "Does the list contain '{name}'?", "Is '{name}' listed?",
    "Is one of the {items} called '{name}'?", "Can you find '{name}' in the list?", "Is '{name}' one of the {items}?",
)  # fmt: skip
