"""`desktop-vlm read`: the text of images and PDF pages, exactly as it stands there; no model is needed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from desktop_vlm.api.errors import EngineError, UserError
from desktop_vlm.cli.read_forms import Blocks, Codes, Form, Hocr, JsonLines, ReadPage
from desktop_vlm.cli.status_line import StatusLine
from desktop_vlm.images.page_list import read_page_numbers
from desktop_vlm.images.reading import printable, read_image_bytes
from desktop_vlm.images.svg import drawn_as_png, is_svg
from desktop_vlm.images.text_layer import forms
from desktop_vlm.service.reader_client import Page, ReaderClient
from desktop_vlm.system.border.arguments import as_text
from desktop_vlm.system.border.streams import require_stdout, stdin_bytes

EXIT_USER_ERROR = 2
EXIT_ENGINE_ERROR = 3

_STDIN = "the image on stdin"


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the `read` command to the program's commands."""
    parser = subparsers.add_parser(
        "read",
        help="print the text of images",
        description="Print the text that stands in images and on pages of PDF files, without a model and without a "
        "network. Needs the extra desktop-vlm[text]; PDF pages that carry their text are read without it.",
        epilog="Exit codes: 0 all was read; 2 a file could not be read because of what it is; 3 the reading itself "
        "failed. The other files are read all the same.",
    )
    parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE", help="image or PDF files (- for stdin)")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="one JSON object a line for each image or page, with boxes")
    form.add_argument("--hocr", action="store_true", help="one hOCR document, with boxes")
    form.add_argument("--markdown", action="store_true", help="Markdown, with tables")
    form.add_argument("--codes", action="store_true", help="what QR codes and barcodes hold, one a line, and no text")
    parser.add_argument(
        "--pages",
        type=_pages,
        metavar="N-M",
        help="of a PDF, a TIFF or an animation: 2, 1,3 or 2-5 (default: all pages, the first visible frame)",
    )
    parser.add_argument(
        "--region", type=_region, metavar="X,Y,W,H", help="only this part of each image, in pixels from the top left"
    )
    parser.add_argument(
        "--join-hyphens", action="store_true", help="put words together again that the end of a line divides"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command; returns the exit code, 0 where every file was read.

    Raises:
        UserError: the result cannot be written, or stdin is named twice.
    """
    require_stdout()
    if [str(path) for path in args.images].count("-") > 1:
        raise UserError("Only one image can come from stdin; give the others as files.")
    status = StatusLine(sys.stderr)
    form = _form(args)
    notes = _Notes(status)
    sys.stdout.write(form.opening())
    with ReaderClient() as client:
        for number, path in enumerate(args.images):
            status.show("Reading text", number / len(args.images))
            for found in _read(client, path, args):
                status.clear()
                if isinstance(found, ReadPage):
                    sys.stdout.write(form.page(found))
                    notes.take_page(found, with_codes=args.json or args.codes)
                else:
                    sys.stdout.write(form.problem(_name(path), str(found)) if isinstance(found, Exception) else "")
                    notes.take(found)
                sys.stdout.flush()
    sys.stdout.write(form.closing())
    return notes.exit_code


def _read(client: ReaderClient, path: Path, args: argparse.Namespace) -> Iterator[ReadPage | str | Exception]:
    """The pages of a file, and sentences and errors that concern it."""
    name = _STDIN if _is_stdin(path) else printable(as_text(path.name))
    try:
        data = read_image_bytes(stdin_bytes() if _is_stdin(path) else path, name)
        if is_svg(data):  # the reader's process can start no other, which drawing takes
            data = drawn_as_png(data, name)
        for found in client.read(data, name, pages=args.pages or (), region=args.region or ()):
            if isinstance(found, Page):
                is_only = len(args.images) == 1 and (found.n_pages == 1 or len(args.pages or ()) == 1)
                yield ReadPage(_name(path), found, is_only)
            else:
                yield f"{found} Choose with --pages."
    except (UserError, EngineError) as error:
        yield error


class _Notes:
    """Says on stderr what a person should know, each sentence once, and keeps the exit code."""

    def __init__(self, status: StatusLine) -> None:
        self.exit_code = 0
        self._status = status
        self._said: set[str] = set()

    def take(self, found: str | Exception) -> None:
        """A sentence, or an error, which the exit code tells of."""
        if isinstance(found, Exception):
            code = EXIT_ENGINE_ERROR if isinstance(found, EngineError) else EXIT_USER_ERROR
            self.exit_code = max(self.exit_code, code)
        if str(found) not in self._said:
            self._said.add(str(found))
            self._status.clear()
            print(f"desktop-vlm: {found}", file=sys.stderr)

    def take_page(self, read: ReadPage, *, with_codes: bool) -> None:
        """Say what stdout does not: that there is no text, or that there are codes."""
        layer = read.page.layer
        if layer.lines or with_codes:
            return
        if layer.codes:
            self.take(f"{read.title} holds no text, but a QR code or barcode; --codes prints what it says.")
        else:
            self.take(f"{read.title} holds no text.")


def _form(args: argparse.Namespace) -> Form:
    if args.json:
        return JsonLines(join_hyphens=args.join_hyphens)
    if args.hocr:
        return Hocr()
    if args.markdown:
        return Blocks(forms.markdown)
    if args.codes:
        return Codes()
    return Blocks(partial(forms.plain_text, join_hyphens=args.join_hyphens))


def _region(text: str) -> tuple[int, int, int, int]:
    """Left, top, right, bottom. Raises ValueError, of which argparse makes a sentence."""
    left, top, width, height = (int(part) for part in text.split(","))
    if min(left, top) < 0 or min(width, height) < 1:
        raise ValueError
    return left, top, left + width, top + height


def _pages(text: str) -> list[int]:
    """Numbers of pages, of which a PDF may have thousands. Raises ValueError."""
    return read_page_numbers(text, most=1_000_000)


_region.__name__, _pages.__name__ = "region", "list of pages"  # what argparse calls a word that is none


def _is_stdin(path: Path) -> bool:
    return str(path) == "-"


def _name(path: Path) -> str:
    """What the output calls a file: as it was given."""
    return as_text(str(path))
