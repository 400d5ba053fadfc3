"""A whole model family in one folder, for tests and as the example of `docs/families.md`.

Its "vision projector" is a palette: an image becomes the name of the colour nearest to its mean, as text tokens.
"""
