"""`desktop-vlm pull`: a model from the hub into the library, converted on the way where it is a checkpoint."""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Iterator

from desktop_vlm.acquire.pull import find_same, pull
from desktop_vlm.acquire.pull_plan import Prepared, prepare
from desktop_vlm.acquire.target import Target, read_target
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.library import InstalledModel
from desktop_vlm.api.progress import JobProgress
from desktop_vlm.cli.hub_options import add_hub_options, hub_access, models_folder
from desktop_vlm.cli.meter import Meter, duration, share, size
from desktop_vlm.hub.access import Access
from desktop_vlm.models.catalogue import CatalogueModel, catalogue
from desktop_vlm.models.library import ModelsFolder
from desktop_vlm.system import steps

_HEADINGS = {"download": "Downloading", "convert": "Converting", "verify": "Verifying"}
_WIDTH = 100
_LABEL = 10


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the `pull` command to the program's commands."""
    parser = subparsers.add_parser(
        "pull",
        help="download a model and make it ready",
        description="Download a model into the models folder. A checkpoint is converted on the way; finished "
        "GGUF files are taken as they are. Ctrl-C keeps what arrived, and the same command goes on with it.",
    )
    parser.add_argument(
        "model",
        metavar="NAME[:TYPE]",
        nargs="?",
        help="name of the catalogue (see --list), hub id such as org/name, or its address; TYPE is such as Q4_K_M",
    )
    parser.add_argument("--list", action="store_true", help="print the catalogue; nothing is asked of the hub")
    parser.add_argument("--vision-type", metavar="TYPE", default="", help="of the vision projector (default: usual)")
    add_hub_options(parser)
    parser.add_argument(
        "--dry-run", action="store_true", help="print sizes, licence and the room it needs, download no weights"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command; 0 is the exit code of success.

    Raises:
        UserError: what the person has to put right.
        Cancelled, KeyboardInterrupt: it was stopped; what arrived is kept.
    """
    if args.list or args.model is None:
        if not args.list:
            raise UserError(
                "Say which model to get: a name of `desktop-vlm pull --list`, or a hub id such as org/name."
            )
        print("\n".join(_catalogue()))
        return 0
    folder, access = models_folder(), hub_access(args)
    target = read_target(args.model, vision_type=args.vision_type, endpoint=access.endpoint)
    meter = Meter(sys.stderr)
    shown = _Shown(meter)
    try:
        if args.dry_run:
            with steps.at_work(steps.Work.FILES):
                prepared = prepare(target, folder, access, shown.show)
            print("\n".join(_describe(prepared)))
        else:
            _get(target, folder, access, shown)
    except KeyboardInterrupt:
        meter.close()
        print("desktop-vlm: stopped; what arrived is kept, and the same command goes on.", file=sys.stderr)
        raise
    finally:
        meter.close()
    return 0


def _get(target: Target, folder: ModelsFolder, access: Access, shown: _Shown) -> None:
    model = find_same(target, folder)
    if model:
        print(f"{model.name} {model.text_type} is here already.")
    else:
        if target.base:
            print("\n".join(_conditions(target.base)), file=sys.stderr)
        with steps.at_work(steps.Work.FILES):
            model, _ = pull(target, folder, access, shown.show)
    print("\n".join(_result(model)))


def _result(model: InstalledModel) -> Iterator[str]:
    yield f"Language model:   {model.files.text}"
    if model.files.mmproj:
        yield f"Vision projector: {model.files.mmproj}"
    image, question = ("image.png ", "What is in this image?") if model.sees_images else ("", "Who are you?")
    yield f'Use it:           desktop-vlm ask --model {model.id} {image}"{question}"'


# What is said before


def _conditions(base: CatalogueModel) -> Iterator[str]:
    """The licence, for a person to see before anything is downloaded."""
    yield f"{base.title}: {base.licence}, {base.licence_url}"
    if base.licence_note:
        yield textwrap.fill(base.licence_note, _WIDTH)


def _describe(prepared: Prepared) -> Iterator[str]:
    """What getting a model would take."""
    plan = prepared.plan
    types = f"{plan.text_type}, vision {plan.vision_type}" if plan.vision_type else plan.text_type
    gated = " (gated: its licence has to be accepted there)" if plan.is_gated else ""
    yield f"{plan.name} {types}"
    yield _row("from", f"{plan.repo} at {plan.commit[:12]}{gated}")
    if plan.licence:
        yield _row("licence", f"{plan.licence}, {plan.licence_url}")
    else:
        yield _row("licence", f"see {plan.licence_url}")
    yield _row("download", f"{plan.download_bytes:,} bytes ({size(plan.download_bytes)})")
    how = "converted while it is downloaded" if plan.is_converted else "finished GGUF files"
    yield _row("result", f"about {size(plan.output_bytes)}, {how}")
    room = "" if plan.has_room else ": not enough"
    yield _row("disk", f"{size(plan.peak_bytes)} at the peak; {size(plan.free_bytes)} free{room}")
    for note in plan.notes:
        yield _row("note", note)


def _row(label: str, text: str) -> str:
    indent = " " * (_LABEL + 2)
    return textwrap.fill(text, _WIDTH, initial_indent=f"  {label:{_LABEL}}", subsequent_indent=indent)


def _catalogue() -> Iterator[str]:
    """The models that can be had."""
    for model in catalogue():
        types = ", ".join(f"{kind.text} {size(kind.output_bytes)}" for kind in model.types)
        yield f"{model.name}  ({model.title})"
        yield _row("", model.good_at)
        yield _row("types", types)
        if model.is_converted:
            yield _row("download", size(model.download_bytes))
        gated = "; needs an account at huggingface.co that accepted it" if model.is_gated else ""
        yield _row("licence", f"{model.licence}, {model.licence_url}{gated}")
        if model.licence_note:
            yield _row("", model.licence_note)


class _Shown:
    """Shows how far the job is, with a line for everything that a person should know."""

    def __init__(self, meter: Meter) -> None:
        self._meter = meter
        self._note = ""

    def show(self, at: JobProgress) -> None:
        """Report progress; called often."""
        if at.note.endswith(".") and at.note != self._note:  # a sentence, and no file's name
            self._meter.say(at.note)
        self._note = at.note
        if not at.total_bytes:
            return
        figures = share(at.done_bytes, at.total_bytes)
        if at.rate and at.done_bytes < at.total_bytes:
            figures += f", {at.rate / 1e6:.1f} MB/s"
            if at.seconds_left is not None:
                figures += f", {duration(at.seconds_left)} left"
        self._meter.show(_HEADINGS.get(at.stage, at.stage), at.done_bytes, at.total_bytes, figures)
