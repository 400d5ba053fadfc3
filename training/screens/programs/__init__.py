"""Windows of desktop programs, each drawn at the size that it is given."""
