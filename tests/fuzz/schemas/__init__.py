"""A fuzzer of what answers are held to: `python -m tests.fuzz.schemas`.

JSON schemas, regular expressions, grammars (Lark and GBNF) and choices, from files and from the command line. What is
accepted has to be usable: its grammar is followed over a few bytes.
"""
