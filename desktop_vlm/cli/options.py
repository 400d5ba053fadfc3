"""Arguments that several commands share."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import get_args, get_type_hints

from desktop_vlm import backend
from desktop_vlm.acquire.scan import scan
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.fields import settings_of
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.api.progress import StageProgress
from desktop_vlm.cli.hub_options import models_folder
from desktop_vlm.models.demo import demo_model
from desktop_vlm.models.files import find_model
from desktop_vlm.models.library import find_installed
from desktop_vlm.system import steps
from desktop_vlm.system.border.arguments import as_text


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Which model to load, and how: the files, and an option for each load option that declares one."""
    group = parser.add_argument_group("model")
    group.add_argument(
        "--model",
        type=Path,
        metavar="MODEL",
        help="name of an installed model (see `desktop-vlm models`), language model GGUF (its mmproj is found beside "
        "it), or a folder with both (default: the bundled demo)",
    )
    group.add_argument("--mmproj", type=Path, metavar="GGUF", help="vision projector, when it lies elsewhere")
    group.add_argument(
        "--draft",
        type=Path,
        metavar="MODEL",
        help="smaller language model with the same tokenizer, a GGUF or the name of an installed model: it guesses "
        "what comes next, and several tokens are computed at once where that is right (default: none)",
    )
    hints = get_type_hints(LoadOptions)
    for one in settings_of(LoadOptions):
        if command := one.command:
            kind = next((part for part in get_args(hints[one.name]) if part is not type(None)), hints[one.name])
            group.add_argument(
                command.flag,
                dest=one.name,
                type=kind,
                default=one.default,
                metavar=command.metavar,
                help=command.help,
            )


def model_ref(args: argparse.Namespace) -> ModelRef:
    """The files that the arguments name; the demo's where they name none.

    Raises:
        UserError: there is no such model, or it is not clear which is meant.
    """
    if args.model is None:
        ref = ModelRef(*demo_model())
    else:
        ref = installed_model(args.model, args.mmproj) or ModelRef(*find_model(args.model, args.mmproj))
    return replace(ref, draft=_draft(args.draft)) if args.draft else ref


def _draft(name: Path) -> Path:
    """The language model that is to draft."""
    installed = installed_model(name, None)
    return installed.text if installed else name


def installed_model(name: Path, mmproj: Path | None) -> ModelRef | None:
    """The model of the library that `name` names, unless there is a file or folder of that name.

    Raises:
        UserError: it is installed and cannot be loaded, or several have this name.
    """
    if name.exists() or str(name) != name.name:
        return None
    folder, text = models_folder(), as_text(str(name))
    model = find_installed(folder, text) or next((one for one in scan(folder).models if one.id == text), None)
    if model is None:
        return None
    if model.problem:
        raise UserError(f"{model.name}: {model.problem}")
    return ModelRef(model.files.text, mmproj or model.files.mmproj)


def load_options(args: argparse.Namespace) -> LoadOptions:
    """How to load it."""
    return LoadOptions(**{one.name: getattr(args, one.name) for one in settings_of(LoadOptions) if one.command})


def load_model(
    args: argparse.Namespace, progress: StageProgress | None = None, files: ModelRef | None = None
) -> backend.Model:
    """The model that the arguments name; `files` are its files where they are known already."""
    with steps.at_work(steps.Work.COMPUTING):
        return backend.load_model(files or model_ref(args), load_options(args), progress)
