"""A fuzzer of the history's database that knows its structure: `python -m tests.fuzz.history`.

`subject` fills a history with all that it can hold; `mutations` damage its pages, header, schema, types, values and the
files beside it; `trial` opens what came of it as the window does, uses all of it, and opens it once more.
"""
