"""Characters that hide or reorder text are shown, never obeyed.

A picture of text may talk the model into writing terminal escapes or bidirectional overrides ("Trojan Source",
CVE-2021-42574). What is shown is what is copied, so nothing unseen reaches the clipboard.
"""

from __future__ import annotations

import re

_HIDDEN = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and newline, C1
    "\u00ad\u061c\u200b\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"  # invisible and bidirectional
    "\ud800-\udfff\ufdd0-\ufdef\ufffc\ufffe\uffff"  # lone surrogates; what QTextDocument gives meanings of its own
    "\U000e0000-\U000e007f"  # tags: invisible letters
    "]"
)
_REPLACEMENT = "\ufffd"


def make_visible(text: str) -> str:
    """The text with hidden controls as symbols (␛) or code points (⟨U+202E⟩); tab and newline stay."""
    return _HIDDEN.sub(_symbol, text)


def _symbol(match: re.Match[str]) -> str:
    code = ord(match[0])
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if 0xD800 <= code <= 0xDFFF or 0xFDD0 <= code <= 0xFDEF or code in {0xFFFC, 0xFFFE, 0xFFFF}:
        return _REPLACEMENT
    return f"\u27e8U+{code:04X}\u27e9"
