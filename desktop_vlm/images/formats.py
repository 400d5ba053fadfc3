"""Which formats are tried, and how large an image may be."""

from __future__ import annotations

import functools
import importlib

from PIL import Image, features

MAX_PIXELS = 128_000_000
"""Two 8K screens are 66 million, a 108-megapixel phone photo fits; as RGBA this many take 512 MB."""

# Pillow refuses at twice its own number. Set so, it refuses above MAX_PIXELS by itself, which also covers the
# sizes it learns (and allocates for) while it is still opening, such as a GIF frame larger than its screen, or the
# entry of an ICO that is larger than the icon's header admits.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2

_ALWAYS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "ICO")

_EXTRAS = (("pillow_heif", "register_heif_opener", "HEIF"), ("pillow_jxl", "", "JXL"))
"""Kept plugins of the extra `images`: module, what registers it ("": its import does), Pillow's name of the format."""


@functools.cache
def formats() -> tuple[str, ...]:
    """Pillow's names of what may be opened here; nothing else is tried, whatever a file is called."""
    found = [*_ALWAYS, *(["AVIF"] if features.check("avif") else [])]
    for module, register, name in _EXTRAS:
        try:
            plugin = importlib.import_module(module)
        except ImportError:
            continue
        if register:
            getattr(plugin, register)()
        found.append(name)
    return tuple(found)


def missing_plugin(data: bytes) -> str | None:
    """The name of a format that these bytes are in, and that a plugin which is not installed reads."""
    kind = data[4:12]
    if kind[:4] == b"ftyp" and kind[4:] in {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}:
        return None if "HEIF" in formats() else "HEIC"
    if data.startswith((b"\xff\x0a", b"\x00\x00\x00\x0cJXL \r\n\x87\n")):
        return None if "JXL" in formats() else "JPEG XL"
    return None
