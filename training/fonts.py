"""Collects the fonts that the synthetic screenshots are drawn with: `python -m training.fonts OUT`.

The fonts come from Debian packages (`PACKAGES`, with `BITMAP_PACKAGES` for X11's bitmap fonts), which must be
installed: `apt-get install -y --no-install-recommends $(python -m training.fonts --packages)`. Upright regular and
bold faces with all printable ASCII are kept, cut down to those characters (layout tables and kerning go, as Pillow's
basic layout uses none but `kern`, and prefix widths then are plain sums), and written to `OUT/train` and
`OUT/held_out` with `OUT/fonts.json`. Whole families are held out, together with their clones.

Needs fontTools, which only this module uses.
"""

# ruff: noqa: SIM905 - the list of packages is easier to read and to extend without quotes

from __future__ import annotations

import argparse
import io
import json
import logging
import re
import subprocess
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from fontTools import subset  # type: ignore[import-untyped,import-not-found,unused-ignore]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped,import-not-found,unused-ignore]
from fontTools.varLib import instancer  # type: ignore[import-untyped,import-not-found,unused-ignore]
from PIL import ImageFont

PACKAGES = (
    "fonts-3270 fonts-adf-accanthis fonts-adf-baskervald fonts-adf-berenis fonts-adf-gillius fonts-adf-ikarius"
    " fonts-adf-irianis fonts-adf-libris fonts-adf-mekanus fonts-adf-romande fonts-adf-solothurn fonts-adf-switzera"
    " fonts-adf-tribun fonts-adf-universalis fonts-adf-verana fonts-agave fonts-anonymous-pro fonts-arkpandora"
    " fonts-averia-sans-gwf fonts-averia-serif-gwf fonts-b612 fonts-cabin fonts-cantarell"
    " fonts-century-catalogue fonts-clear-sans fonts-comfortaa fonts-courier-prime fonts-croscore"
    " fonts-crosextra-caladea fonts-crosextra-carlito fonts-dejavu-core fonts-dejavu-extra fonts-dosis"
    " fonts-droid-fallback fonts-ebgaramond fonts-fantasque-sans fonts-firacode fonts-freefont-ttf fonts-gfs-didot"
    " fonts-gfs-neohellenic fonts-go fonts-goudybookletter fonts-hack fonts-hermit fonts-inconsolata fonts-inter"
    " fonts-jetbrains-mono fonts-junction fonts-jura fonts-karla fonts-lato fonts-league-mono fonts-league-spartan"
    " fonts-liberation fonts-liberation2 fonts-linuxlibertine fonts-manrope fonts-monofur fonts-monoid"
    " fonts-mononoki fonts-nanum fonts-national-park fonts-noto-core fonts-noto-mono fonts-oldstandard"
    " fonts-open-sans fonts-opendyslexic fonts-oxygen fonts-paratype fonts-play fonts-prociono fonts-proggy"
    " fonts-quicksand fonts-roboto-slab fonts-roboto-unhinted fonts-sawarabi-gothic fonts-sil-andika"
    " fonts-sil-charis fonts-sil-gentium-basic fonts-smc-manjari fonts-sora fonts-stix fonts-texgyre fonts-tiresias"
    " fonts-tlwg-garuda-ttf fonts-tlwg-loma-ttf fonts-tlwg-umpush-ttf fonts-tlwg-waree-ttf fonts-tuffy"
    " fonts-uralic fonts-urw-base35 fonts-vlgothic fonts-vollkorn fonts-wine fonts-yanone-kaffeesatz"
    " ttf-bitstream-vera"
).split()
BITMAP_PACKAGES = ("xfonts-75dpi", "xfonts-100dpi", "xfonts-base", "xfonts-terminus")

HELD_OUT = frozenset({
    "Anonymous Pro", "Anonymous Pro Minus", "Cabin", "Caladea", "Carlito", "Clear Sans", "Gentium Basic",
    "Gentium Book Basic", "Go",
    "Go Mono", "JetBrains Mono", "Karla", "Lato", "Loma", "Manrope", "PT Sans", "PT Sans Caption", "PT Serif",
    "PT Serif Caption", "PT Mono", "Play", "Vollkorn", "ADF Tribun", "Tribun ADF Std", "fixed 9x15", "terminus",
})  # fmt: skip
"""Families that no training image shows. Clones go together: Carlito is drawn after Lato."""

BITMAPS = {
    "fixed 6x10": "6x10", "fixed 6x12": "6x12", "fixed 6x13": "6x13", "fixed 7x13": "7x13", "fixed 7x14": "7x14",
    "fixed 8x13": "8x13", "fixed 9x15": "9x15", "fixed 9x18": "9x18", "fixed 10x20": "10x20",
    "helvetica": "helv[RB](08|10|12|14|18|24)", "times": "tim[RB](10|12|14|18|24)", "courier": "cour[RB](10|12|14|18)",
    "lucida": "lut[RB]S(10|12|14|18)", "schoolbook": "ncen[RB](10|12|14|18)", "lucida sans": "lu[RB]S(08|10|12|14|18)",
    "lucida bright": "lub[RB](10|12|14|18)", "clean 6x12": "clR6x12",
    "terminus": "ter-u(12|14|16|18|20)[nb]",
}  # fmt: skip
"""X11's bitmap families, and the patterns of their files' names."""

ASCII = "".join(map(chr, range(32, 127)))
_SCRIPTS = re.compile(r"^Noto (Sans|Serif)( (Mono|Display))?$|^Noto Mono$")
_SKIPPED = re.compile(
    r"narrow|condensed|extended|cond$|symbol|dingbat|math|outline|small ?cap|sketch|initials|script|chancery|z003"
    r"|d050|d000|webdings|wingdings|marlett|brush|pen$|flores|slant|emoji|sfnt-icons|standard ?symbols|caps$|sc$"
    r"|ligatures|infant|keyboard|keyfont|adf style|solothurn|tinytt|titling|phon[eé]t"
    r"|light|thin|medium|black|heavy|demi$",
    re.IGNORECASE,
)
_TABLES_TO_DROP = ["GSUB", "GPOS", "GDEF", "kern", "DSIG", "FFTM", "BASE", "JSTF", "MATH", "PfEd", "meta", "gasp"]
_MAX_BYTES = 90_000

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class FontFile:
    """One face, as an entry of `fonts.json`."""

    file: str
    """Relative to the folder of `fonts.json`; starts with the name of its split."""
    family: str
    mono: bool
    bold: bool
    size: int | None
    """The only size in px, of a bitmap font."""
    package: str
    """The Debian package, whose copyright file holds the licence."""


def collect(folder: Path) -> list[FontFile]:
    """Write the fonts and their list into the folder; returns the list."""
    fonts: dict[tuple[str, bool, int | None], FontFile] = {}
    for package in PACKAGES:
        for path in _files(package, (".ttf", ".otf")):
            found = _outline(path, package, folder)
            if found:
                fonts.setdefault((found.family, found.bold, None), found)
    for package in BITMAP_PACKAGES:
        for path in _files(package, (".pcf.gz",)):
            found = _bitmap(path, package, folder)
            if found:
                fonts.setdefault((found.family, found.bold, found.size), found)
    listed = sorted(fonts.values(), key=lambda font: font.file)
    rows = [json.dumps(asdict(font)) for font in listed]
    (folder / "fonts.json").write_text("[\n" + ",\n".join(rows) + "\n]\n", encoding="utf-8")
    return listed


def _files(package: str, endings: tuple[str, ...]) -> Iterator[Path]:
    listing = subprocess.run(["dpkg", "-L", package], capture_output=True, text=True, check=False)
    if listing.returncode:
        log.warning("%s is not installed, its fonts will be missing", package)
    for line in sorted(listing.stdout.splitlines()):
        path = Path(line)
        if line.endswith(endings) and path.is_file() and not path.is_symlink():
            yield path


def _outline(path: Path, package: str, folder: Path) -> FontFile | None:
    font = TTFont(path)
    family = font["name"].getDebugName(16) or font["name"].getDebugName(1) or ""
    style = font["name"].getDebugName(17) or font["name"].getDebugName(2) or ""
    weight = font["OS/2"].usWeightClass
    bold = 600 <= weight <= 800 or style == "Bold"
    slanted = font["post"].italicAngle != 0 or font["OS/2"].fsSelection & 1 or re.search("Ital|Obl", style)
    skipped = _SKIPPED.search(family) or _SKIPPED.search(style) or font["OS/2"].usWidthClass not in {0, 5}
    foreign = family.startswith("Noto ") and not _SCRIPTS.match(family)
    if slanted or skipped or foreign or not all(ord(char) in font.getBestCmap() for char in ASCII):
        return None
    if not (350 <= weight <= 500 or bold or style in {"Regular", "Book", "Roman"}):
        return None
    if "fvar" in font:
        instancer.instantiateVariableFont(font, {axis.axisTag: None for axis in font["fvar"].axes}, inplace=True)
    mono = font["hmtx"]["i"][0] == font["hmtx"]["m"][0] if "i" in font["hmtx"].metrics else False
    options = subset.Options(drop_tables=[*subset.Options().drop_tables, *_TABLES_TO_DROP], notdef_outline=True)
    options.name_IDs = [1, 2]
    cutter = subset.Subsetter(options)
    cutter.populate(text=ASCII)
    cutter.subset(font)
    data = io.BytesIO()
    font.save(data)
    if len(data.getvalue()) > _MAX_BYTES:
        log.warning("%s is too large (%d bytes)", path.name, len(data.getvalue()))
        return None
    name = re.sub(r"[^a-z0-9]+", "-", family.lower()).strip("-") + ("-bold" if bold else "") + path.suffix.lower()
    return _write(data.getvalue(), name, family, folder, FontFile("", family, mono, bold, None, package))


def _bitmap(path: Path, package: str, folder: Path) -> FontFile | None:
    stem = path.name.removesuffix(".pcf.gz")
    for family, pattern in BITMAPS.items():
        match = re.fullmatch(f"({pattern})(B|-ISO8859-1|B-ISO8859-1|_iso-8859-1)?", stem)
        suffix = match.group(match.lastindex or 0) if match else ""
        latin = "8859-1" in stem or family == "terminus"
        if not match or not latin:
            continue
        size = _only_size(path)
        bold = suffix.startswith("B") or bool(re.match("[a-z]+B", stem)) or (family == "terminus" and stem[7:8] == "b")
        if size:
            mono = family.split()[0] in {"fixed", "courier", "terminus", "clean"}
            entry = FontFile("", family, mono, bold, size, package)
            name = f"x11-{'100dpi-' if package.endswith('-100dpi') else ''}{stem.lower()}.pcf.gz"
            return _write(path.read_bytes(), name, family, folder, entry)
    return None


def _only_size(path: Path) -> int | None:
    data = path.read_bytes()  # by its path alone, Pillow would take another folder's file of this name for wrong sizes
    for size in range(6, 48):
        try:
            font = ImageFont.truetype(io.BytesIO(data), size, layout_engine=ImageFont.Layout.BASIC)
        except OSError:
            continue
        return size if font.getlength("word") > 0 else None
    return None


def _write(data: bytes, name: str, family: str, folder: Path, entry: FontFile) -> FontFile | None:
    split = "held_out" if family in HELD_OUT else "train"
    try:
        font = ImageFont.truetype(io.BytesIO(data), entry.size or 14, layout_engine=ImageFont.Layout.BASIC)
    except OSError:
        log.warning("%s does not load", name)
        return None
    if any(font.getmask(char).getbbox() is None for char in ASCII[1:]):
        log.warning("%s lacks glyphs", name)
        return None
    (folder / split).mkdir(parents=True, exist_ok=True)
    (folder / split / name).write_bytes(data)
    return FontFile(f"{split}/{name}", family, entry.mono, entry.bold, entry.size, entry.package)


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path, nargs="?", default=Path("build/fonts"))
    parser.add_argument("--packages", action="store_true", help="print the names of the Debian packages and stop")
    arguments = parser.parse_args()
    if arguments.packages:
        print(" ".join([*PACKAGES, *BITMAP_PACKAGES]))
        return
    logging.basicConfig(level=logging.WARNING, format="%(message)s")
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    fonts = collect(arguments.out)
    for split in ("train", "held_out"):
        of_split = [font for font in fonts if font.file.startswith(split)]
        families = {font.family for font in of_split}
        size = sum((arguments.out / font.file).stat().st_size for font in of_split)
        print(f"{split}: {len(of_split)} faces of {len(families)} families, {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
