"""`desktop-vlm convert`: a checkpoint to GGUF files, with a bar that says how long it still takes."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import Any

from desktop_vlm.api.errors import UserError
from desktop_vlm.cli.hub_options import add_hub_options, hub_access
from desktop_vlm.cli.meter import ConversionMeter, DownloadMeter, Meter, size
from desktop_vlm.convert import (
    FILE_TYPES,
    TEXT_TYPE,
    VISION_TYPE,
    ConversionPlan,
    Downloads,
    FilePlan,
    ModelFiles,
    convert,
    convert_vision,
    plan,
)
from desktop_vlm.models.files import find_model
from desktop_vlm.system import steps


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the `convert` command to the program's commands."""
    parser = subparsers.add_parser(
        "convert",
        help="make GGUF files from a checkpoint",
        description="Convert a checkpoint into two GGUF files: the language model, which any llama.cpp runs, and the "
        "mmproj, the vision projector. Checkpoints that can be converted: Llama 3.2 Vision (11B, 90B), LLaVA 1.5 (7B, "
        "13B), Pixtral 12B (Hugging Face's files or Mistral's own) and Qwen2.5-VL (3B, 7B, 72B); also what "
        "bitsandbytes quantised, PyTorch's files, Meta's own of Llama 3.2 Vision, and LoRA adapters, which are merged.",
        epilog=f"Types: {', '.join(FILE_TYPES)}.",
    )
    parser.add_argument(
        "source", metavar="SOURCE", help="folder of a checkpoint or a LoRA adapter, or hub id such as org/name"
    )
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
    add_hub_options(parser)
    parser.add_argument(
        "--base",
        metavar="MODEL",
        help="folder or hub id of the model that a LoRA adapter is merged into (default: the one that it names)",
    )
    parser.add_argument("--dry-run", action="store_true", help="print what would be written, write nothing")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command; 0 is the exit code of success.

    Raises:
        UserError: what the person has to put right.
    """
    meter = Meter(sys.stderr)
    downloads = Downloads(lambda: hub_access(args), DownloadMeter(meter).show)
    try:
        with steps.at_work(steps.Work.FILES):
            report = _dry_run(args, downloads) if args.dry_run else _run(args, downloads, meter)
    finally:
        meter.close()
    print(report)
    return 0


def _dry_run(args: argparse.Namespace, downloads: Downloads) -> str:
    text_type = None if args.vision_only else args.text_type
    prepared = plan(
        args.source, args.out, text_type=text_type, vision_type=args.vision_type, downloads=downloads, base=args.base
    )
    return describe(prepared)


def _run(args: argparse.Namespace, downloads: Downloads, meter: Meter) -> str:
    shown = ConversionMeter(meter)
    common: dict[str, Any] = {
        "vision_type": args.vision_type,
        "progress": shown.show,
        "downloads": downloads,
        "base": args.base,
        "note": _note,
    }
    if args.vision_only:
        mmproj = convert_vision(args.source, args.out, **common)
        report = f"Vision projector: {mmproj}"
    else:
        files = convert(args.source, args.out, text_type=args.text_type, **common)
        report = (
            f"Language model:   {files.text}\nVision projector: {files.mmproj}\n"
            f'Use them:         desktop-vlm ask {_model_options(files)} image.png "What is in this image?"'
        )
    return report if shown.was_used else f"Everything is finished already, nothing to do.\n{report}"


def _note(sentence: str) -> None:
    with steps.aside():
        print(f"Note: {sentence}", file=sys.stderr)


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
    lines += [f"Note: {sentence}" for sentence in prepared.notes]
    lines.append(f"To write: {prepared.bytes_to_write:,} bytes ({size(prepared.bytes_to_write)})")
    return "\n".join(lines)


def _describe_file(file: FilePlan) -> list[str]:
    state = "finished already, would be skipped" if file.is_finished else "would be written"
    n_tensors = len(file.layout.tensors)
    tensor_bytes = sum(n_bytes for _, _, n_bytes in file.totals())
    return [
        f"{file.path}  ({state})",
        *(f"  {kind.name:8}{count:6} tensors{n_bytes:20,} bytes" for kind, count, n_bytes in file.totals()),
        f"  {'other':8}{'':6}        {file.n_bytes - tensor_bytes:20,} bytes",
        f"  {'all':8}{n_tensors:6} tensors{file.n_bytes:20,} bytes  ({size(file.n_bytes)})",
    ]
