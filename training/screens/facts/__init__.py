"""Facts in natural text, with natural questions whose answer is a value, who or what has it, or yes or no.

A kind of fact is a declaration (`kinds.kind`) in one of the modules of `subjects`; `telling` draws its values and its phrasing,
`questions` asks, `documents` puts facts on screens, for training alone.
"""
