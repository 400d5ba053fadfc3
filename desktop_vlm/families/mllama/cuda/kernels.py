"""The compiled kernels (`encoder.ptx`) and their source."""

from __future__ import annotations

import hashlib
from pathlib import Path

SOURCE = Path(__file__).with_name("encoder.cu")
PTX = Path(__file__).with_name("encoder.ptx")


def source_mark() -> str:
    """The first line of a PTX that was compiled from the source as it is."""
    return f"// compiled from {SOURCE.name} {hashlib.sha256(SOURCE.read_bytes()).hexdigest()}"
