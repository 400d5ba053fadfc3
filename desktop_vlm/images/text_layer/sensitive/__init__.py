"""Finding private text in the text of an image: addresses, numbers of accounts, keys, and words that a person names.

`find` is all that others need. A new kind is one function decorated with `@kind`, in the module of its subject.
"""

from desktop_vlm.images.text_layer.sensitive.find import find, find_words
from desktop_vlm.images.text_layer.sensitive.kinds import KINDS, WORD, Finding, Kind, Span

__all__ = ["KINDS", "WORD", "Finding", "Kind", "Span", "find", "find_words"]
