"""`desktop-vlm convert`: a checkpoint to GGUF files, with a bar that says how long it still takes."""

from __future__ import annotations

import argparse
import os
import shlex
import sys
import time
from pathlib import Path
from typing import TextIO

from desktop_vlm.api.errors import UserError
from desktop_vlm.convert import (
    FILE_TYPES,
    TEXT_TYPE,
    VISION_TYPE,
    ConversionPlan,
    FilePlan,
    ModelFiles,
    Progress,
    convert,
    convert_vision,
    plan,
)
from desktop_vlm.models.files import find_model

_REDRAW_S = 0.1
_PLAIN_LINES = 4  # where nobody watches a bar, one line at every quarter of the work


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the `convert` command to the program's commands."""
    parser = subparsers.add_parser(
        "convert",
        help="make GGUF files from a checkpoint",
        description="Convert a checkpoint into two GGUF files: the language model, which any llama.cpp runs, and the "
        "mmproj, the vision projector. Checkpoints that can be converted: Llama 3.2 Vision (11B, 90B), LLaVA 1.5 (7B, "
        "13B), Pixtral 12B (Hugging Face's files or Mistral's own) and Qwen2.5-VL (3B, 7B, 72B).",
        epilog=f"Types: {', '.join(FILE_TYPES)}.",
    )
    parser.add_argument("source", metavar="SOURCE", help="checkpoint folder, or hub id such as org/name")
    parser.add_argument("out", metavar="OUT", type=Path, help="folder for the two files")
    parser.add_argument(
        "--text-type",
        metavar="TYPE",
        default=TEXT_TYPE,
        help="of the language model, with those of its layers that are in the mmproj (default: %(default)s)",
    )
    parser.add_argument("--vision-type", metavar="TYPE", default=VISION_TYPE, help="of the rest (default: %(default)s)")
    parser.add_argument(
        "--vision-only", action="store_true", help="write the mmproj only, for a text GGUF that is there already"
    )
    parser.add_argument("--dry-run", action="store_true", help="print what would be written, write nothing")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command; 0 is the exit code of success.

    Raises:
        UserError: what the person has to put right.
    """
    if args.dry_run:
        text_type = None if args.vision_only else args.text_type
        print(describe(plan(args.source, args.out, text_type=text_type, vision_type=args.vision_type)))
        return 0
    meter = _Meter(sys.stderr)
    try:
        report = _convert_vision(args, meter) if args.vision_only else _convert(args, meter)
    finally:
        meter.close()
    if not meter.was_used:
        print("Everything is finished already, nothing to do.")
    print(report)
    return 0


def _convert(args: argparse.Namespace, meter: _Meter) -> str:
    files = convert(args.source, args.out, text_type=args.text_type, vision_type=args.vision_type, progress=meter.show)
    return (
        f"Language model:   {files.text}\nVision projector: {files.mmproj}\n"
        f'Use them:         desktop-vlm ask {_model_options(files)} image.png "What is in this image?"'
    )


def _convert_vision(args: argparse.Namespace, meter: _Meter) -> str:
    mmproj = convert_vision(args.source, args.out, vision_type=args.vision_type, progress=meter.show)
    return f"Vision projector: {mmproj}"


def _model_options(files: ModelFiles) -> str:
    """The options of `ask` that name this model; the mmproj is named only where it would not be found."""
    options = f"--model {shlex.quote(str(files.text))}"
    try:
        is_found = find_model(files.text)[1] == files.mmproj
    except UserError:  # several lie beside the text file
        is_found = False
    return options if is_found else f"{options} --mmproj {shlex.quote(str(files.mmproj))}"


def describe(prepared: ConversionPlan) -> str:
    """The plan as a table for each file, sizes in bytes."""
    lines = []
    for file in prepared.files:
        lines += [*_describe_file(file), ""]
    if prepared.checkpoint is None:
        lines.append("The weights are not downloaded yet; their names and shapes are checked when they are.")
    lines.append(f"To write: {prepared.bytes_to_write:,} bytes ({_size(prepared.bytes_to_write)})")
    return "\n".join(lines)


def _describe_file(file: FilePlan) -> list[str]:
    state = "finished already, would be skipped" if file.is_finished else "would be written"
    n_tensors = len(file.layout.tensors)
    tensor_bytes = sum(n_bytes for _, _, n_bytes in file.totals())
    return [
        f"{file.path}  ({state})",
        *(f"  {kind.name:8}{count:6} tensors{n_bytes:20,} bytes" for kind, count, n_bytes in file.totals()),
        f"  {'other':8}{'':6}        {file.n_bytes - tensor_bytes:20,} bytes",
        f"  {'all':8}{n_tensors:6} tensors{file.n_bytes:20,} bytes  ({_size(file.n_bytes)})",
    ]


def _size(n_bytes: float) -> str:
    return f"{n_bytes / 1e9:.2f} GB" if n_bytes >= 1e9 else f"{n_bytes / 1e6:.1f} MB"


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{rest:02}" if minutes >= 60 else f"{minutes}:{rest:02}"


class _Meter:
    """Shows progress: one live line on a terminal, a few lines elsewhere.

    Attributes:
        was_used: something was reported.
    """

    def __init__(self, stream: TextIO) -> None:
        self.was_used = False
        self._stream = stream
        self._is_live = stream.isatty()
        self._started_s = time.monotonic()
        self._drawn_s = 0.0
        self._file = ""
        self._quarter = 0

    def show(self, progress: Progress) -> None:
        """Report `progress`; called often, draws now and then."""
        if not self.was_used:
            self._started_s = time.monotonic()  # a download may have gone before
            self.was_used = True
        if self._is_live:
            self._draw(progress)
        else:
            self._print_line(progress)

    def close(self) -> None:
        """End the live line."""
        if self._is_live and self.was_used:
            self._stream.write("\n")
            self._stream.flush()

    def _draw(self, progress: Progress) -> None:
        now_s = time.monotonic()
        if now_s - self._drawn_s < _REDRAW_S and progress.done_bytes < progress.total_bytes:
            return
        self._drawn_s = now_s
        columns = _columns(self._stream)
        figures = f" {self._figures(progress)}"
        bar_width = max(0, min(30, columns - len(figures) - 3))
        filled = bar_width * progress.done_bytes // max(1, progress.total_bytes)
        bar = f"[{'#' * filled}{'.' * (bar_width - filled)}]" if bar_width > 4 else ""
        self._stream.write(f"\r{bar}{figures}"[:columns] + "\x1b[K")
        self._stream.flush()

    def _print_line(self, progress: Progress) -> None:
        quarter = _PLAIN_LINES * progress.done_bytes // max(1, progress.total_bytes)
        if progress.file != self._file:
            self._file = progress.file
            print(f"Writing {progress.file}", file=self._stream, flush=True)
        if quarter > self._quarter:
            self._quarter = quarter
            print(self._figures(progress), file=self._stream, flush=True)

    def _figures(self, progress: Progress) -> str:
        elapsed_s = time.monotonic() - self._started_s
        rate = progress.done_bytes / elapsed_s if elapsed_s > 0 else 0.0
        percent = 100 * progress.done_bytes // max(1, progress.total_bytes)
        text = f"{percent}% {_size(progress.done_bytes)} of {_size(progress.total_bytes)}"
        if rate <= 0 or elapsed_s < 1:
            return text
        text += f", {rate / 1e6:.0f} MB/s"
        left_s = (progress.total_bytes - progress.done_bytes) / rate
        return f"{text}, {_duration(left_s)} left" if left_s >= 1 else f"{text}, {_duration(elapsed_s)} in all"


def _columns(stream: TextIO) -> int:
    """Characters that fit on a line without wrapping; a terminal that does not know says 0."""
    try:
        return (os.get_terminal_size(stream.fileno()).columns or 80) - 1
    except (OSError, ValueError):
        return 79
