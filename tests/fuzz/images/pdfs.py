"""PDF files from objects, and damage to these. What a reader finds by its place or its length may be wrong, too."""

from __future__ import annotations

import random
import re
import struct
import zlib
from collections.abc import Callable
from functools import cache

from tests.fuzz.images.subjects import images

Objects = dict[int, bytes]
"""Number -> what stands between `obj` and `endobj`."""

NUMBERS = tuple(
    b"0 -1 1 2 3.5 -0.0001 65535 65536 2147483647 -2147483648 4294967296 1e9 99999999999999999999 0.0000000001"
    b" 100000".split()
)
NAMES = (
    *(b"/Type", b"/Page", b"/Pages", b"/Catalog", b"/Form", b"/Image", b"/XObject", b"/Font", b"/Type0", b"/Type1"),
    *(b"/Type3", b"/TrueType", b"/FlateDecode", b"/LZWDecode", b"/ASCII85Decode", b"/ASCIIHexDecode", b"/DCTDecode"),
    *(b"/RunLengthDecode", b"/CCITTFaxDecode", b"/JBIG2Decode", b"/JPXDecode", b"/Crypt", b"/DeviceRGB", b"/DeviceN"),
    *(b"/Indexed", b"/ICCBased", b"/Separation", b"/Pattern", b"/Shading", b"/SMask", b"/Mask", b"/Identity-H"),
    *(b"/Widget", b"/AcroForm", b"/JavaScript", b"/Annots", b"/Kids", b"/Parent", b"/Resources", b"/Contents"),
)
OPERATORS = (
    *(b"q", b"Q", b"cm", b"Do", b"BT", b"ET", b"Tf", b"Tj", b"TJ", b"re", b"f", b"S", b"W n", b"sh", b"scn", b"cs"),
    *(b"gs", b"m", b"l", b"c", b"h", b"B*", b"BI /W 9 /H 9 /BPC 8 /CS /G ID abc EI", b"d", b"w", b"BDC", b"EMC", b"'"),
)


def stream(dictionary: bytes, content: bytes, *, packed: bool = False) -> bytes:
    """A stream, with its length."""
    if packed:
        content, dictionary = zlib.compress(content), dictionary + b" /Filter /FlateDecode"
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (dictionary, len(content), content)


@cache
def subjects() -> dict[str, Objects]:
    """Name -> the objects of a whole file; 1 is its catalogue."""
    return {"text": _with_text(), "drawn": _drawn(), "pages": _many_pages(), "form": _with_fields()}


def _page(contents: int, resources: bytes, more: bytes = b"") -> bytes:
    return b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] /Contents %d 0 R /Resources << %s >> %s >>" % (
        contents,
        resources,
        more,
    )


def _with_text() -> Objects:
    text = b"BT /F1 12 Tf 10 50 Td (Hello, screen) Tj 0 -14 Td [(W) 20 (orld)] TJ /F3 10 Tf 0 -14 Td (ab) Tj ET"
    to_unicode = b"/CIDInit /ProcSet findresource begin begincmap 1 beginbfchar <61> <0041> endbfchar endcmap end"
    font3 = (
        b"<< /Type /Font /Subtype /Type3 /FontBBox [0 0 9 9] /FontMatrix [0.1 0 0 0.1 0 0] /FirstChar 97 /LastChar 98"
        b" /Widths [9 9] /CharProcs << /a 8 0 R /b 8 0 R >> /ToUnicode 9 0 R"
        b" /Encoding << /Type /Encoding /Differences [97 /a /b] >> >>"
    )
    return {
        1: b"<< /Type /Catalog /Pages 2 0 R /Outlines 10 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: _page(4, b"/Font << /F1 5 0 R /F2 6 0 R /F3 7 0 R >>", b"/Rotate 90"),
        4: stream(b"", text),
        5: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        6: b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [11 0 R] >>",
        7: font3,
        8: stream(b"", b"9 0 0 0 9 9 d1 0 0 5 5 re f"),
        9: stream(b"", to_unicode, packed=True),
        10: b"<< /Type /Outlines /First 10 0 R /Last 10 0 R /Count 1 >>",
        11: b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (Adobe)"
        b" /Ordering (Identity) /Supplement 0 >> /DW 1000 /W [1 [500 600]] >>",
    }


def _drawn() -> Objects:
    marks = (
        b"q 40 0 0 40 5 5 cm /I Do Q q 1 0 0 1 60 0 cm /G Do Q /P cs /P scn 99 9 50 50 re f q 9 9 30 30 re W n /S sh Q"
    )
    samples = struct.pack("<48B", *range(0, 240, 5))
    image = b"/Type /XObject /Subtype /Image /Width 4 /Height 4 /BitsPerComponent 8 /ColorSpace /DeviceRGB"
    resources = (
        b"/XObject << /I 5 0 R /J 6 0 R /G 7 0 R >> /Pattern << /P 8 0 R >> /Shading << /S 9 0 R >>"
        b" /ColorSpace << /P /Pattern /N [/Indexed /DeviceRGB 1 <ff000000ff00>] >> /ExtGState << /E 10 0 R >>"
    )
    tile = b"/PatternType 1 /PaintType 1 /TilingType 1 /BBox [0 0 5 5] /XStep 5 /YStep 5 /Resources << >>"
    return {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: _page(4, resources),
        4: stream(b"", b"/E gs " + marks + b" q 20 0 0 20 0 70 cm /J Do Q"),
        5: stream(image + b" /SMask 11 0 R", samples, packed=True),
        6: stream(image.replace(b"4", b"9") + b" /Filter /DCTDecode", images()["jpeg-plain"]),
        7: stream(
            b"/Type /XObject /Subtype /Form /BBox [0 0 30 30] /Group << /S /Transparency >> /Resources << /XObject"
            b" << /I 5 0 R >> >>",
            b"q 9 0 0 9 0 0 cm /I Do Q 0 0 m 9 9 20 20 30 0 c S",
        ),
        8: stream(b"/Type /Pattern " + tile, b"0 0 2 2 re f"),
        9: b"<< /ShadingType 2 /ColorSpace /DeviceRGB /Coords [0 0 30 30] /Extend [true true] /Function"
        b" << /FunctionType 2 /Domain [0 1] /C0 [1 0 0] /C1 [0 0 1] /N 1.5 >> >>",
        10: b"<< /Type /ExtGState /ca 0.5 /BM /Multiply /SMask << /Type /Mask /S /Luminosity /G 7 0 R >> >>",
        11: stream(
            b"/Type /XObject /Subtype /Image /Width 4 /Height 4 /BitsPerComponent 8 /ColorSpace /DeviceGray",
            bytes(range(16)),
        ),
    }


def _many_pages() -> Objects:
    kids = b" ".join(b"%d 0 R" % number for number in range(3, 15))
    found = {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [%s] /Count 12 /MediaBox [0 0 50 50] >>" % kids,
        15: stream(b"", b"0.5 g 5 5 40 40 re f", packed=True),
    }
    return found | {number: _page(15, b"") for number in range(3, 15)}


def _with_fields() -> Objects:
    field = (
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (name) /V (Ada) /DA (/F1 9 Tf) /Rect [10 10 90 30] /P 3 0 R"
        b" /AP << /N 6 0 R >> >>"
    )
    return {
        1: b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [5 0 R] /DR << /Font << /F1 7 0 R >> >> /XFA (x) >>"
        b" /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>",
        2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        3: _page(4, b"", b"/Annots [5 0 R 8 0 R]"),
        4: stream(b"", b"1 0 0 RG 0 0 20 20 re S"),
        5: field,
        6: stream(b"/Type /XObject /Subtype /Form /BBox [0 0 80 20]", b"BT (Ada) Tj ET 0 0 9 9 re f"),
        7: b"<< /Type /Font /Subtype /Type1 /BaseFont /Courier >>",
        8: b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /URI /URI (http://example.org/) >> >>",
    }


# Damage


def change_number(objects: Objects, rng: random.Random) -> str:
    return _replaced(objects, rng, rb"(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])", rng.choice(NUMBERS))


def change_name(objects: Objects, rng: random.Random) -> str:
    return _replaced(objects, rng, rb"/[A-Za-z0-9]+", rng.choice(NAMES))


def change_reference(objects: Objects, rng: random.Random) -> str:
    target = rng.choice([*objects, 0, 999, 4294967295])
    return _replaced(objects, rng, rb"\d+ 0 R", b"%d 0 R" % target)


def drop_object(objects: Objects, rng: random.Random) -> str:
    number = rng.choice(list(objects))
    del objects[number]
    return f"without {number}"


def swap_objects(objects: Objects, rng: random.Random) -> str:
    one, two = rng.choice(list(objects)), rng.choice(list(objects))
    objects[one], objects[two] = objects[two], objects[one]
    return f"{one} and {two} swapped"


def scribble(objects: Objects, rng: random.Random) -> str:
    number = rng.choice(list(objects))
    body = objects[number]
    at = rng.randrange(len(body) + 1)
    objects[number] = body[:at] + rng.randbytes(rng.choice((1, 2, 9))) + body[at + rng.choice((0, 1, 9)) :]
    return f"{number} scribbled over at {at}"


def cut_object(objects: Objects, rng: random.Random) -> str:
    number = rng.choice(list(objects))
    objects[number] = objects[number][: rng.randrange(len(objects[number]) + 1)]
    return f"{number} cut"


def nest(objects: Objects, rng: random.Random) -> str:
    """Arrays or dictionaries in each other."""
    depth = rng.choice((10, 100, 600, 20_000))
    number = rng.choice(list(objects))
    kind = rng.choice((b"[", b"<< /A "))
    objects[number] = kind * depth + b"1" + (b"]" if kind == b"[" else b">>") * depth
    return f"{number} is {depth} deep"


def draw_again(objects: Objects, rng: random.Random) -> str:
    """Forms that draw forms, each several times: a small file that takes long."""
    depth, times = rng.choice(((2, 3), (3, 9), (4, 5), (30, 1), (9, 2), (60, 1)))
    first = max(objects, default=0) + 1
    for level in range(depth):
        inner = b"/Resources << /XObject << /F %d 0 R >> >>" % (first + level + 1) if level + 1 < depth else b""
        content = (b"/F Do " if inner else b"0 0 m 9 9 l S ") * times
        objects[first + level] = stream(b"/Type /XObject /Subtype /Form /BBox [0 0 99 99] " + inner, content)
    for number in [one for one, body in objects.items() if b"/Type /Page " in body]:
        objects[number] = _page(first + depth, b"/XObject << /F %d 0 R >>" % first)
    objects[first + depth] = stream(b"", b"/F Do")
    return f"{times} times {depth} deep"


def change_content(objects: Objects, rng: random.Random) -> str:
    """Other operators in a content stream."""
    number = rng.choice(list(objects))
    words = [rng.choice((rng.choice(OPERATORS), rng.choice(NUMBERS), b"/I", b"(x)")) for _ in range(rng.randint(1, 60))]
    objects[number] = stream(b"", b" ".join(words), packed=rng.random() < 0.3)
    return f"{number} has other content"


def claim_filter(objects: Objects, rng: random.Random) -> str:
    """A stream that says it is packed in another way, perhaps several times."""
    filters = b" ".join(rng.choice(NAMES[12:20]) for _ in range(rng.choice((1, 2, 50))))
    return _replaced(objects, rng, rb"/Length", b"/Filter [" + filters + b"] /Length")


MUTATIONS: tuple[Callable[[Objects, random.Random], str], ...] = (
    *(change_number, change_number, change_number, change_name, change_reference, drop_object, swap_objects, scribble),
    *(cut_object, nest, draw_again, change_content, claim_filter),
)


def damaged_pdf(seed: int) -> tuple[str, bytes]:
    """What was done to which file, and the damaged file."""
    rng = random.Random(seed)
    name = rng.choice(sorted(subjects()))
    objects = dict(subjects()[name])
    done = [name]
    done += [rng.choice(MUTATIONS)(objects, rng) for _ in range(rng.choice((1, 1, 2, 4))) if objects]
    return "; ".join(done), _damaged_frame(write(objects), rng)


def write(objects: Objects) -> bytes:
    """A PDF file."""
    out, places = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n0 1\n0000000000 65535 f \n"
    table += b"".join(b"%d 1\n%010d 00000 n \n" % (number, place) for number, place in places.items())
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (max(places, default=0) + 1, len(out))
    return out + table + end


def _damaged_frame(data: bytes, rng: random.Random) -> bytes:
    """What holds the objects together, wrong now and then: readers look for objects themselves then."""
    dice = rng.random()
    if dice < 0.06:
        return data[: rng.randrange(len(data))]
    if dice < 0.12:
        return re.sub(rb"\d{10}", lambda found: rng.choice((found[0], b"0000000000", b"9999999999")), data)
    if dice < 0.16:
        return data.replace(
            b"/Root 1 0 R", rng.choice((b"", b"/Root 3 0 R", b"/Root 1 0 R /Prev 0", b"/Encrypt 5 0 R"))
        )
    if dice < 0.18:
        return rng.randbytes(rng.choice((3, 900))) + data
    return data


def _replaced(objects: Objects, rng: random.Random, pattern: bytes, by: bytes) -> str:
    number = rng.choice(list(objects))
    places = list(re.finditer(pattern, objects[number]))
    if not places:
        return ""
    found = rng.choice(places)
    objects[number] = objects[number][: found.start()] + by + objects[number][found.end() :]
    return f"{number}: {found[0]!r} -> {by!r}"
