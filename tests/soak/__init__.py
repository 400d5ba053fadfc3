"""Load and soak: what the program is like after hundreds of questions, with far too much of everything, and beside
another of its kind. `make soak`; a short slice of each is in the suite.
"""
