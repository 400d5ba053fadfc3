"""Moved to `desktop_vlm.api.image_sizing`."""

from __future__ import annotations

from desktop_vlm.api.image_sizing import EncodedSize, ImageSizing

__all__ = ["EncodedSize", "ImageSizing"]
