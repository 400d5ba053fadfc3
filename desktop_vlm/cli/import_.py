"""`desktop-vlm import`: models that other programs left on this computer, taken over without requantising."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

from desktop_vlm.acquire.found_models import find_importable
from desktop_vlm.acquire.import_plan import ImportPlan, carry_out, plan_import
from desktop_vlm.acquire.importing import find_imported, install, plan_for_library
from desktop_vlm.acquire.placing import Placing
from desktop_vlm.acquire.sources import find_source
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.options import ModelRef
from desktop_vlm.api.progress import JobProgress
from desktop_vlm.cli.hub_options import models_folder
from desktop_vlm.cli.meter import ConversionMeter, Meter, size
from desktop_vlm.conversion.importer import ROW_ORDERS, ImportOptions
from desktop_vlm.conversion.progress import Progress
from desktop_vlm.models.files import find_model
from desktop_vlm.system import steps


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
        "paths",
        metavar="PATH",
        nargs="*",
        help="GGUF file (the other one of a pair is found beside it, or given as a second PATH), folder with a model, "
        "Ollama's folder of models, or the name of one of its models, such as llama3.2-vision:11b",
    )
    parser.add_argument("--name", default="", help="which model of Ollama's folder at PATH")
    parser.add_argument("--mmproj", type=Path, metavar="GGUF", help="vision projector, when it lies elsewhere")
    parser.add_argument("--out", type=Path, metavar="FOLDER", help="for the files (default: the program's own models)")
    parser.add_argument(
        "--files",
        choices=get_args(Placing),
        help="what is done with files that can be used as they are: keep them where they are, link them, or copy them "
        "(default: keep; with --out: copy)",
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
        help="the checkpoint that the model was made from, or a part of it, to see that order from",
    )
    parser.add_argument("--dry-run", action="store_true", help="print what would be written, write nothing")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command; 0 is the exit code of success.

    Raises:
        UserError: what the person has to put right.
    """
    if not args.paths:
        print(_list())
        return 0
    if len(args.paths) > (1 if args.mmproj else 2):
        raise UserError("A model is two files at most; import one model at a time.")
    mmproj = args.mmproj or next((Path(path) for path in args.paths[1:]), None)
    found = find_source(args.paths[0], name=args.name, mmproj=mmproj)
    options = ImportOptions(args.cross_rows, args.checkpoint)
    if args.out:
        plan = plan_import(found, args.out.expanduser(), args.files or "copy", options)
        print(_describe(plan, args.out))
    else:
        plan = plan_for_library(found, models_folder(), args.files or "keep", options)
        print(_describe(plan, models_folder().path))
    if not args.dry_run:
        meter = Meter(sys.stderr)
        try:
            with steps.at_work(steps.Work.FILES):
                report = _carry_out(plan, meter, in_library=not args.out)
            print(report)
        finally:
            meter.close()
    return 0


def _carry_out(plan: ImportPlan, meter: Meter, *, in_library: bool) -> str:
    shown = ConversionMeter(meter)

    def tell(at: JobProgress) -> None:
        shown.show(Progress(at.done_bytes, at.total_bytes, "", at.note))

    if in_library:
        was_here = find_imported(plan, models_folder())
        model = install(plan, models_folder(), tell)
        result, options = model.files, f"--model {model.id}"
        already = f"{model.name} is here already." if was_here else ""
    else:
        carry_out(plan, tell)
        result, options = plan.result, _model_options(plan.result)
        already = "" if shown.was_used or not plan.files else "Everything is finished already, nothing to do."
    meter.close()
    return "\n".join([*([already] if already else []), *_result(result, options)])


def _list() -> str:
    found, has_ollama = find_importable()
    if not found:
        what = "Ollama's folder holds no models" if has_ollama else "There is no folder of Ollama's on this computer"
        return f"{what}. Give the path of a GGUF file, or of a folder with a model."
    lines = []
    for model in found:
        n_bytes = f"  ({size(model.n_bytes)})" if model.n_bytes else ""
        said = f"Cannot be imported: {model.problem}" if model.problem else model.note
        lines += [f"{model.name}{n_bytes}", f"  {said}"]
    if any(not model.problem for model in found):
        lines += ["", "Import one with: desktop-vlm import NAME"]
    return "\n".join(lines)


def _describe(plan: ImportPlan, folder: Path) -> str:
    lines = [f"{plan.name}: {plan.title}", *(f"  from {path}" for path in plan.sources)]
    for file in plan.files:
        state = "finished already" if file.is_finished else "to write"
        lines.append(f"  {state}: {file.path.name}  {file.n_bytes:,} bytes ({size(file.n_bytes)})")
    if plan.files:
        lines.append(f"  in {folder}")
    else:
        lines.append("  The files are used where they are; nothing is copied.")
    return "\n".join([*lines, *(f"  {note}" for note in plan.notes)])


def _result(files: ModelRef, options: str) -> Iterator[str]:
    yield f"Language model:   {files.text}"
    if files.mmproj:
        yield f"Vision projector: {files.mmproj}"
    question = 'image.png "What is in this image?"' if files.mmproj else '"Who are you?"'
    yield f"Use it:           desktop-vlm ask {options} {question}"


def _model_options(files: ModelRef) -> str:
    """The options that name files; the mmproj only where it would not be found."""
    options = f"--model {shlex.quote(str(files.text))}"
    try:
        is_found = find_model(files.text)[1] == files.mmproj
    except UserError:  # several lie beside the text file
        is_found = False
    return options if is_found or files.mmproj is None else f"{options} --mmproj {shlex.quote(str(files.mmproj))}"
