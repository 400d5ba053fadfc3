"""The program's start and end, what its parts share, and how they reach each other."""
