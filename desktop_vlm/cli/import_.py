"""`desktop-vlm import`: models that other programs left on this computer, taken over without requantising."""

from __future__ import annotations

import argparse
import shlex
import sys
from pathlib import Path
from typing import get_args

from desktop_vlm.acquire.importing import ImportPlan, carry_out, plan_import
from desktop_vlm.acquire.placing import Placing
from desktop_vlm.acquire.sources import find_importable
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.options import ModelRef
from desktop_vlm.cli.meter import ConversionMeter, Meter, size
from desktop_vlm.conversion.importer import ROW_ORDERS, ImportOptions
from desktop_vlm.conversion.progress import Progress
from desktop_vlm.models.files import find_model


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the `import` command to the program's commands."""
    parser = subparsers.add_parser(
        "import",
        help="take over a model that Ollama or another program left here",
        description="Take over a model that is on this computer already: Ollama's llama3.2-vision (which its current "
        "versions do not load any more), GGUF pairs in its layout, and any GGUF pair that llama.cpp runs. Quantised "
        "weights are copied as they are, and the originals are not changed. Without PATH it lists what Ollama has.",
    )
    parser.add_argument(
        "path",
        metavar="PATH",
        nargs="?",
        help="GGUF file (the other one of a pair is found beside it), folder with a model, Ollama's folder of models, "
        "or the name of one of its models, such as llama3.2-vision:11b",
    )
    parser.add_argument("--name", default="", help="which model of Ollama's folder at PATH")
    parser.add_argument("--mmproj", type=Path, metavar="GGUF", help="vision projector, when it lies elsewhere")
    parser.add_argument(
        "--out", type=Path, metavar="FOLDER", help="for the files (default: among the program's models)"
    )
    parser.add_argument(
        "--files",
        choices=get_args(Placing),
        help="what is done with files that can be used as they are: keep them where they are, link or copy them to "
        "FOLDER (default: keep; with --out: copy)",
    )
    parser.add_argument(
        "--cross-rows",
        choices=ROW_ORDERS,
        default="auto",
        help="order of the rows of cross-attention's queries and keys in files of Ollama's (default: %(default)s, as "
        "the weights show)",
    )
    parser.add_argument(
        "--checkpoint",
        type=Path,
        metavar="FOLDER",
        help="the checkpoint of the model, or a part of it, to see that order from",
    )
    parser.add_argument("--dry-run", action="store_true", help="print what would be written, write nothing")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command; 0 is the exit code of success.

    Raises:
        UserError: what the person has to put right.
    """
    if args.path is None:
        print(_list())
        return 0
    options = ImportOptions(args.cross_rows, args.checkpoint)
    plan = plan_import(args.path, args.out, name=args.name, mmproj=args.mmproj, placing=args.files, options=options)
    print(_describe(plan))
    if args.dry_run:
        return 0
    meter = Meter(sys.stderr)
    shown = ConversionMeter(meter)
    try:
        carry_out(plan, lambda at: shown.show(Progress(at.done_bytes, at.total_bytes, "", at.note)))
    finally:
        meter.close()
    if plan.files and not shown.was_used:
        print("Everything is finished already, nothing to do.")
    print(f'Use it: desktop-vlm ask {_model_options(plan.result)} image.png "What is in this image?"')
    return 0


def _list() -> str:
    found, has_ollama = find_importable()
    if not found:
        what = "Ollama's folder holds no models" if has_ollama else "There is no folder of Ollama's on this computer"
        return f"{what}. Give the path of a GGUF file, or of a folder with a model."
    lines = []
    for model in found:
        n_bytes = f"  ({size(model.n_bytes)})" if model.n_bytes else ""
        lines += [
            f"{model.name}{n_bytes}",
            f"  {f'Cannot be imported: {model.problem}' if model.problem else model.note}",
        ]
    if any(not model.problem for model in found):
        lines += ["", "Import one with: desktop-vlm import NAME"]
    return "\n".join(lines)


def _describe(plan: ImportPlan) -> str:
    lines = [f"{plan.name}: {plan.title}"]
    lines += [f"  from {path}" for path in plan.sources]
    for file in plan.files:
        state = "finished already" if file.is_finished else "to write"
        lines.append(f"  {state}: {file.path}  {file.n_bytes:,} bytes ({size(file.n_bytes)})")
    if not plan.files:
        lines.append("  Nothing is to be written; the files are used where they are.")
    lines += [f"  {note}" for note in plan.notes]
    return "\n".join(lines)


def _model_options(files: ModelRef) -> str:
    """The options of `ask` that name this model; the mmproj is named only where it would not be found."""
    options = f"--model {shlex.quote(str(files.text))}"
    try:
        is_found = find_model(files.text)[1] == files.mmproj
    except UserError:  # several lie beside the text file
        is_found = False
    return options if is_found or files.mmproj is None else f"{options} --mmproj {shlex.quote(str(files.mmproj))}"
