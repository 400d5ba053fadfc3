"""A fuzzer of GGUF files that knows their structure: `python -m tests.fuzz.gguf`.

`document` reads a file into its parts and writes them again, right or wrong; `mutations` change parts; `subjects` are
the models that are damaged; `trial` tells what came of one damaged file; `campaign` makes thousands, each in a process
of its own.
"""
