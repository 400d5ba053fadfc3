"""How long a file of a stranger may take; apart, for programs that have no use for Pillow."""

PROCESSOR_S = 8.0
"""Processor time for all pages of a file. The largest photo takes five seconds."""

DEADLINE_S = 20.0
"""The same by the clock, on a machine that has other work."""
