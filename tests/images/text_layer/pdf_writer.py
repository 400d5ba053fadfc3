"""PDF files of one font, operator by operator."""

from __future__ import annotations

import io
import zlib
from collections.abc import Sequence

from PIL import Image

HELVETICA = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"


def shown(text: str, left: float, baseline: float, *, size: float = 12, before: str = "") -> str:
    """Operators that show a text, in points from the page's lower left corner; `before`: more of them."""
    escaped = text.replace("\\", "\\\\").replace("(", "\\(").replace(")", "\\)")
    return f"{before} BT /F1 {size} Tf 1 0 0 1 {left} {baseline} Tm ({escaped}) Tj ET"


def drawn_image(left: float, bottom: float, width: float, height: float) -> str:
    """Operators that draw the page's image there."""
    return f"q {width} 0 0 {height} {left} {bottom} cm /Im1 Do Q"


def pdf(
    *pages: str,
    image: Image.Image | None = None,
    field: str = "",
    font: str = HELVETICA,
    page: str = "/MediaBox [0 0 400 200]",
) -> bytes:
    """A file of pages.

    Args:
        pages: the operators of each.
        image: what is /Im1 on all of them.
        field: operators of a form's field on all of them, from (50, 50) to (200, 80), in its own coordinates.
        font: what is /F1.
        page: more of each page's entries.
    """
    kids = " ".join(f"{5 + 2 * number} 0 R" for number in range(len(pages)))
    objects: list[bytes] = [
        f"<< /Type /Catalog /Pages 2 0 R {'/AcroForm << /Fields [] >>' if field else ''} >>".encode(),
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        font.encode("latin-1"),
        _image(image or Image.new("RGB", (1, 1))) if not field else _form(field),
    ]
    if field:
        annotation = "/Type /Annot /Subtype /Widget /FT /Tx /T (x) /F 4 /Rect [50 50 200 80] /AP << /N 4 0 R >>"
        page += f" /Annots [<< {annotation} >>]"
    for number, content in enumerate(pages):
        resources = "/Resources << /Font << /F1 3 0 R >> /XObject << /Im1 4 0 R >> >>"
        contents = f"/Contents {6 + 2 * number} 0 R"
        objects.append(f"<< /Type /Page /Parent 2 0 R {page} {resources} {contents} >>".encode())
        objects.append(_stream(content.encode("cp1252"), ""))
    return _file(objects)


def _image(image: Image.Image) -> bytes:
    entries = (
        f"/Type /XObject /Subtype /Image /Width {image.width} /Height {image.height} "
        "/ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /FlateDecode"
    )
    return _stream(zlib.compress(image.convert("RGB").tobytes()), entries)


def _form(operators: str) -> bytes:
    entries = "/Type /XObject /Subtype /Form /BBox [0 0 150 30] /Resources << /Font << /F1 3 0 R >> >>"
    return _stream(operators.encode("cp1252"), entries)


def _stream(data: bytes, entries: str) -> bytes:
    return f"<< {entries} /Length {len(data)} >>\nstream\n".encode() + data + b"\nendstream"


def _file(objects: Sequence[bytes]) -> bytes:
    out = io.BytesIO()
    out.write(b"%PDF-1.4\n")
    places = []
    for number, body in enumerate(objects, 1):
        places.append(out.tell())
        out.write(f"{number} 0 obj\n".encode() + body + b"\nendobj\n")
    start = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write(b"".join(f"{place:010} 00000 n \n".encode() for place in places))
    out.write(f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF".encode())
    return out.getvalue()
