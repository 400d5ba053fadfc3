"""Where the program meets what it cannot vouch for: its arguments, its three streams, and files that people name.

Nothing of this is sure to be UTF-8, to be there, or to be writable. `arguments` reads words, `streams` makes writing
fail in one sentence, `files` takes names of files. No other module decides such things; `system.bounded` reads files.
"""
