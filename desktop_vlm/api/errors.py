"""The errors that reach a person, split by whose turn it is to act.

Anything else that escapes is a bug in Desktop VLM and keeps its traceback.
"""

from __future__ import annotations


class UserError(Exception):
    """The input, a file or a setting is wrong; the message is one plain sentence that names it and the way out."""


class EngineError(Exception):
    """The model, the memory or the device failed although the input was fine; one plain sentence."""


class OutOfMemoryError(EngineError):
    """A device has no room for something; with less asked of it, the same may work."""


class Cancelled(Exception):  # noqa: N818 - not an error
    """The person stopped the work; nothing is wrong and nothing half-written is left."""
