"""Whole files of every kind that the program opens, small, and with all that their formats can have."""

from __future__ import annotations

import io
import struct
from functools import cache
from typing import Any

import numpy as np
from PIL import Image

from desktop_vlm.images.formats import formats
from tests.images.many_scans import jpeg_of_many_scans


@cache
def images() -> dict[str, bytes]:
    """Name -> a file; what comes before the first "-" is the format."""
    noise = np.random.default_rng(7).integers(0, 256, (23, 31, 4), dtype=np.uint8)
    rgb, rgba = Image.fromarray(noise[..., :3]), Image.fromarray(noise)
    made = {
        **_still(rgb, rgba, noise),
        **_animations([rgba, rgba.rotate(90), rgba.rotate(180)]),
        "jpeg-scans": jpeg_of_many_scans(40, 20),
        "ppm-plain": b"P3 2 1 255 255 0 0 0 0 255\n",
        "ppm-grey16": b"P5 3 2 65535\n" + struct.pack(">6H", 0, 32896, 65535, 5, 99, 4096),
        "ppm-bits": b"P4 9 2\n" + bytes(4),
        "ppm-float": b"Pf 2 1\n-1.0\n" + struct.pack("<2f", 0.5, 1e30),
    }
    if "AVIF" in formats():
        made["avif-plain"] = _encoded(rgba, "AVIF")
        made["avif-animated"] = _encoded(rgba, "AVIF", save_all=True, append_images=[rgba.rotate(90)])
    for kind in ("HEIF", "JXL"):  # of the extra
        if kind in formats():
            made[kind.lower()] = _encoded(rgb, kind)
    return made


def _still(rgb: Image.Image, rgba: Image.Image, noise: Any) -> dict[str, bytes]:
    exif = Image.Exif()
    exif[0x0112], exif[0x010E] = 6, "a screenshot"
    grey16 = Image.fromarray((noise[..., 0].astype(np.uint16) << 8) | noise[..., 1])
    icc = bytes(128) + b"acsp" + bytes(64)
    return {
        "png-rgb": _encoded(rgb, "PNG", exif=exif),
        "png-rgba": _encoded(rgba, "PNG", icc_profile=icc),
        "png-palette": _encoded(rgb.quantize(16), "PNG", transparency=3, bits=4),
        "png-grey16": _encoded(grey16, "PNG"),
        "jpeg-plain": _encoded(rgb, "JPEG", quality=90, exif=exif, icc_profile=icc),
        "jpeg-progressive": _encoded(rgb, "JPEG", progressive=True, subsampling=0),
        "jpeg-cmyk": _encoded(rgb.convert("CMYK"), "JPEG"),
        "jpeg-restarts": _encoded(rgb.convert("L"), "JPEG", restart_marker_rows=1),
        "webp-lossy": _encoded(rgb, "WEBP", exif=exif),
        "webp-lossless": _encoded(rgba, "WEBP", lossless=True),
        "gif-still": _encoded(rgb.quantize(200), "GIF", transparency=5),
        "bmp-24": _encoded(rgb, "BMP"),
        "bmp-8": _encoded(rgb.quantize(7), "BMP"),
        "bmp-runs": _run_length_bmp(),
        "tiff-plain": _encoded(rgb, "TIFF"),
        "tiff-lzw": _encoded(rgba, "TIFF", compression="tiff_lzw"),
        "tiff-jpeg": _encoded(rgb, "TIFF", compression="jpeg"),
        "tiff-fax": _encoded(rgb.convert("1"), "TIFF", compression="group4"),
        "tiff-deflate": _encoded(grey16, "TIFF", compression="tiff_adobe_deflate"),
        "ppm-colour": _encoded(rgb, "PPM"),
        "ico-several": _encoded(rgba.resize((64, 64)), "ICO", sizes=[(16, 16), (32, 32), (64, 64)]),
        "ico-bmp": _encoded(rgba.resize((32, 32)), "ICO", sizes=[(16, 16), (32, 32)], bitmap_format="bmp"),
    }


def _animations(frames: list[Image.Image]) -> dict[str, bytes]:
    first, *others = frames
    several: dict[str, Any] = {"save_all": True, "append_images": others}
    return {
        "png-animated": _encoded(first, "PNG", **several, duration=40, disposal=2, blend=1),
        "gif-animated": _encoded(first, "GIF", **several, disposal=2, loop=0),
        "webp-animated": _encoded(first, "WEBP", **several, lossless=True),
        "tiff-pages": _encoded(first, "TIFF", **several, compression="packbits"),
        "jpeg-two": _encoded(first.convert("RGB"), "MPO", save_all=True, append_images=[others[0].convert("RGB")]),
    }


def _run_length_bmp() -> bytes:
    """8 bits a pixel, compressed: runs, literals, jumps, ends of lines."""
    rows = bytes([4, 1, 2, 2, 0, 0, 0, 4, 1, 2, 3, 0, 2, 1, 0, 0, 0, 2, 1, 1, 3, 2, 0, 1])
    palette = bytes(range(16)) * 2
    start = 14 + 40 + len(palette)
    head = struct.pack("<2sIHHI", b"BM", start + len(rows), 0, 0, start)
    info = struct.pack("<IiiHHIIiiII", 40, 6, 3, 1, 8, 1, len(rows), 0, 0, 8, 8)
    return head + info + palette + rows


def _encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()
