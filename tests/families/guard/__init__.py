"""A tiny Llama Guard: real files of a tiny checkpoint, and an engine whose verdicts are chosen by the test.

Random weights judge nothing, so the tokens are given; all else is the program's own: files, loading, prompt, pipes.
"""
