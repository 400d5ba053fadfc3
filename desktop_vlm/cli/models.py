"""`desktop-vlm models`: what is installed; verify, rename and remove it. It works where the engine does not."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from desktop_vlm.acquire.scan import BROKEN_ENGINE, remove, scan
from desktop_vlm.api.errors import EngineError, UserError
from desktop_vlm.api.library import InstalledModel, Library
from desktop_vlm.api.progress import JobProgress
from desktop_vlm.cli.hub_options import models_folder
from desktop_vlm.cli.meter import Meter, share, size
from desktop_vlm.models.library import ModelsFolder, find_installed
from desktop_vlm.system import steps
from desktop_vlm.system.border.arguments import as_text
from desktop_vlm.system.border.streams import require_stdout


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the `models` command to the program's commands."""
    parser = subparsers.add_parser(
        "models",
        help="list, verify, rename and remove the models that are here",
        description="The models in the models folder. Without a command they are listed.",
    )
    parser.add_argument("--json", action="store_true", help="print the list as JSON")
    parser.set_defaults(run=_list)
    commands = parser.add_subparsers(metavar="COMMAND")
    listing = commands.add_parser("list", help="list them")
    listing.add_argument("--json", action="store_true", default=argparse.SUPPRESS, help="as JSON")
    remove = commands.add_parser("remove", help="delete a model's files, or a stopped download")
    remove.add_argument("model", metavar="NAME", help="id or name of the model")
    remove.add_argument("--yes", action="store_true", help="do not ask first")
    remove.set_defaults(run=_remove)
    verify = commands.add_parser("verify", help="read a model's files whole and compare them with their checksums")
    verify.add_argument("model", metavar="NAME", nargs="*", help="id or name of the model (default: all)")
    verify.set_defaults(run=_verify)
    rename = commands.add_parser("rename", help="give a model another name")
    rename.add_argument("model", metavar="NAME", help="id or name of the model")
    rename.add_argument("new_name", metavar="NEW", type=as_text, help="its new name")
    rename.set_defaults(run=_rename)


# The list


def _list(args: argparse.Namespace) -> int:
    require_stdout()
    folder = models_folder()
    library = scan(folder)
    print(json.dumps(_as_dict(folder, library), indent=2) if args.json else "\n".join(_describe(folder, library)))
    return 0


def _as_dict(folder: ModelsFolder, library: Library) -> dict[str, Any]:
    models = [_model_dict(model) for model in library.models]
    partial = [asdict(one) for one in library.partial]
    return {"folder": str(folder.path), "models": models, "partial": partial, "problems": list(library.problems)}


def _model_dict(model: InstalledModel) -> dict[str, Any]:
    found = asdict(model)
    files = found.pop("files")
    mmproj = files["mmproj"]
    return found | {"text": str(files["text"]), "mmproj": str(mmproj) if mmproj else None}


def _describe(folder: ModelsFolder, library: Library) -> Iterator[str]:
    if not library.models and not library.partial:
        yield f"There are no models in {folder.path} yet; `desktop-vlm pull --list` shows what can be had."
    for model in library.models:
        yield f"{model.id}  ({model.name})"
        yield f"  {_facts(model)}"
        if model.problem:
            yield f"  {model.problem}"
    for partial in library.partial:
        done = share(partial.done_bytes, partial.total_bytes) if partial.total_bytes else size(partial.done_bytes)
        kind = f":{partial.text_type}" if partial.text_type else ""
        yield f"{partial.id}  ({partial.name}, stopped)"
        yield f"  {done} is here; go on with `desktop-vlm pull {partial.source}{kind}`"
    yield from library.problems


def _facts(model: InstalledModel) -> str:
    types = f"{model.text_type or 'unknown type'}"
    if model.sees_images:
        types += f", vision {model.vision_type or 'of unknown type'}"
    facts = [types, size(model.n_bytes)]
    if model.speed.decode_tokens_per_s:
        facts.append(f"{model.speed.decode_tokens_per_s:.1f} tokens/s here")
    if model.last_used:
        facts.append(f"last used {model.last_used[:10]}")
    if not model.is_owned:
        facts.append(f"in {model.files.text.parent}")
    return "; ".join(facts)


# Changing


def _remove(args: argparse.Namespace) -> int:
    folder, name = models_folder(), as_text(args.model)
    library = scan(folder)
    partial = next((one for one in library.partial if name in {one.id, one.name}), None)
    if partial:
        _ask(f"Delete the stopped download of {partial.name}, {size(partial.done_bytes)}?", args)
        folder.discard(partial.id)
        print(f"The stopped download of {partial.name} is deleted.")
        return 0
    model = _find(folder, library, name)
    place = model.files.text.parent
    if model.is_owned:
        _ask(f"Delete {model.name} {model.text_type}, {size(model.n_bytes)}?", args)
    elif model.origin.kind != "found":
        _ask(f"Take {model.name} off the list? Its files stay in {place}.", args)
    remove(folder, model)
    print(f"{model.name} is {'deleted' if model.is_owned else f'off the list; its files are still in {place}'}.")
    return 0


def _ask(question: str, args: argparse.Namespace) -> None:
    """Go on only if the person says yes.

    Raises:
        UserError: nobody can be asked, or the answer is no.
    """
    if args.yes:
        return
    if sys.stdin is None or not sys.stdin.isatty():
        raise UserError(f"{question} Say so with --yes.")
    print(f"{question} [y/N] ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip().lower() not in {"y", "yes"}:
        raise UserError("Nothing was deleted.")


def _rename(args: argparse.Namespace) -> int:
    folder = models_folder()
    model = _find(folder, scan(folder), as_text(args.model))
    entry = folder.rename(model.id, args.new_name)
    assert entry.record
    print(f"{model.name} is named {entry.record.name} now.")
    return 0


def _show(meter: Meter, at: JobProgress) -> None:
    meter.show("Verifying", at.done_bytes, at.total_bytes, share(at.done_bytes, at.total_bytes))


def _verify(args: argparse.Namespace) -> int:
    try:
        from desktop_vlm.acquire.verify import verify
    except BROKEN_ENGINE as error:
        raise EngineError(f"The engine cannot be loaded ({error}); `desktop-vlm doctor` says more.") from error

    folder = models_folder()
    library = scan(folder)
    names = [as_text(one) for one in args.model]
    models = [_find(folder, library, one) for one in names] if names else list(library.models)
    meter = Meter(sys.stderr)
    problems: list[str] = []
    for model in models:
        try:
            with steps.at_work(steps.Work.FILES):
                found = verify(folder, model, lambda at: _show(meter, at))
        finally:
            meter.close()
        state = "is whole" if found.is_compared else "can be read, and has no checksum to compare it with"
        print(f"{model.name} {model.text_type} {'has problems:' if found.problems else f'{state}.'}")
        for problem in found.problems:
            print(f"  {problem}")
        problems += found.problems
    if problems:
        raise UserError("Some files are not what they were; get or convert these models again.")
    return 0


def _find(folder: ModelsFolder, library: Library, text: str) -> InstalledModel:
    """The model that a person names.

    Raises:
        UserError: there is none, or several have this name.
    """
    found = find_installed(folder, text) or next((one for one in library.models if one.id == text), None)
    if found is None:
        raise UserError(f"There is no model {text} in {folder.path}; `desktop-vlm models` lists them.")
    return found
