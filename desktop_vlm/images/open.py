"""Opening images that nobody vouches for: files, pasted bytes, dropped streams.

`open_image` either returns a fully decoded 8-bit RGB or RGBA image that holds no file open, or raises a
`UserError` of one sentence. Memory and time are bounded by `MAX_FILE_BYTES` and `MAX_PIXELS`, and only the
formats in `FORMATS` are tried, whatever the file is called (so nothing reaches Pillow's Ghostscript bridge).
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import stat
import threading
import warnings
from pathlib import Path
from typing import BinaryIO

import numpy as np
from PIL import Image, ImageOps, UnidentifiedImageError

from desktop_vlm.api.errors import UserError

FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM")
"""Pillow's names of what may be opened. No ICO: its entries hide images larger than its header admits."""

MAX_FILE_BYTES = 256 * 2**20

MAX_PIXELS = 128_000_000
"""Two 8K screens are 66 million, a 108-megapixel phone photo fits; as RGBA this many take 512 MB."""

# Pillow refuses at twice its own number. Set so, it refuses above MAX_PIXELS by itself, which also covers the
# sizes it learns (and allocates for) while it is still opening, such as a GIF frame larger than its screen.
Image.MAX_IMAGE_PIXELS = MAX_PIXELS // 2

# `warnings.catch_warnings` swaps process-wide state, so two threads must not be inside it at once.
_decoding = threading.Lock()


def open_image(source: Path | bytes | BinaryIO, *, name: str | None = None) -> Image.Image:
    """The first frame of an image, upright by its EXIF orientation, as mode RGB, or RGBA where it has transparency.

    `name` is what messages call the image; without it, the file's name or "the image".
    Raises UserError: missing, unreadable, not a regular file, empty, too large, not an image, or damaged.
    """
    if name is None:
        name = source.name if isinstance(source, Path) else "the image"
    name = "".join(char if char.isprintable() else "?" for char in name)
    data = _read(source, name)
    with _decoding, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what matters is raised below; the rest is about metadata
        return _decode(data, name)


def to_rgb(image: Image.Image) -> Image.Image:
    """Transparency laid over white, exactly as `convert_to_rgb` of transformers' image_processing_mllama does."""
    if image.mode == "RGB":
        return image
    rgba = image.convert("RGBA")
    white = Image.new("RGBA", rgba.size, (255, 255, 255))
    return Image.alpha_composite(white, rgba).convert("RGB")


def content_key(image: Image.Image) -> str:
    """SHA-256 in hex of what the model would see: mode, size and pixels of the RGB form."""
    rgb = to_rgb(image)
    digest = hashlib.sha256(f"{rgb.mode} {rgb.width}x{rgb.height}\n".encode())
    digest.update(rgb.tobytes())
    return digest.hexdigest()


def _read(source: Path | bytes | BinaryIO, name: str) -> bytes:
    if isinstance(source, Path):
        data = _read_file(source, name)
    elif isinstance(source, bytes):
        data = source
    else:
        try:
            data = source.read(MAX_FILE_BYTES + 1)
        except OSError as error:
            raise _unreadable(name, error) from error
    if not data:
        raise UserError(f"{name} is empty (0 bytes); save or copy the image again.")
    if len(data) > MAX_FILE_BYTES:
        raise UserError(f"{name} is larger than {MAX_FILE_BYTES // 2**20} MiB; save a smaller copy and use that.")
    return data


def _read_file(path: Path, name: str) -> bytes:
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise UserError(f"{name} is a folder; choose an image inside it.")
        if not stat.S_ISREG(mode):  # opening a pipe or a device could wait forever
            raise UserError(f"{name} is not an ordinary file; choose an image saved on disk.")
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except FileNotFoundError as error:
        raise UserError(f"{name} does not exist; check the name or choose the image again.") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise _unreadable(name, error) from error


def _unreadable(name: str, error: OSError | ValueError) -> UserError:
    reason = getattr(error, "strerror", None) or str(error)
    return UserError(f"{name} cannot be read ({reason}); check its permissions or copy it elsewhere.")


def _decode(data: bytes, name: str) -> Image.Image:
    too_many = UserError(
        f"{name} has more than {MAX_PIXELS // 1_000_000} million pixels; save a smaller copy and use that."
    )
    try:
        with Image.open(io.BytesIO(data), formats=FORMATS) as image:
            if image.width * image.height > MAX_PIXELS:
                raise too_many
            image.load()  # decodes every pixel, so a cut-off file fails here and not in the model
            _turn_upright(image)
            return _eight_bit(image)
    except UserError:
        raise
    except Image.DecompressionBombError as error:
        raise too_many from error
    except UnidentifiedImageError as error:
        raise UserError(f"{name} is not an image this app can read; save it as PNG or JPEG and use that.") from error
    except MemoryError as error:
        raise UserError(f"{name} does not fit into memory; save a smaller copy and use that.") from error
    except Exception as error:  # decoders raise nearly anything on broken data (struct, zlib, Syntax, Index...)
        raise UserError(f"{name} is damaged or incomplete; save or download the image again.") from error


def _turn_upright(image: Image.Image) -> None:
    with contextlib.suppress(Exception):  # broken metadata is no reason to refuse good pixels
        ImageOps.exif_transpose(image, in_place=True)


def _eight_bit(image: Image.Image) -> Image.Image:
    """Any mode that Pillow decodes to, as RGB or RGBA."""
    if image.mode in ("I", "F") or image.mode.startswith("I;16"):
        image = _grey_from_wide(image)
    return image.convert("RGBA" if image.has_transparency_data else "RGB")


def _grey_from_wide(image: Image.Image) -> Image.Image:
    """Grey of 16 or 32 bits or floats as 8 bits; Pillow's own conversion would clip it at 255.

    Files do not say where white is, so: 16 bits up to 65535, floats up to 1 or 255, anything else is stretched
    from its darkest to its brightest value.
    """
    values = np.asarray(image).astype(np.float32)  # [height, width]
    values = np.nan_to_num(values, copy=False, nan=0.0, posinf=0.0, neginf=0.0)
    black, white = float(values.min()), float(values.max())
    usual_whites = (1.0, 255.0) if image.mode == "F" else (65535.0,)
    for usual in usual_whites:
        if black >= 0.0 and white <= usual:
            black, white = 0.0, usual
            break
    values -= black
    values *= 255.0 / ((white - black) or 1.0)
    values += 0.5
    return Image.fromarray(values.clip(0, 255).astype(np.uint8))
