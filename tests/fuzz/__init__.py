"""Fuzzers: damage of kinds that nobody thought of one by one, from seeds, so that every case can be made again."""
