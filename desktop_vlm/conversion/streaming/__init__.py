"""Conversion while downloading: bytes are converted as they arrive and dropped; see `docs/downloads.md`."""
