"""What is in the models folder: recorded models at once, files without a record by their headers.

Headers are those of files that anybody may have put there: this runs in the process of a job, not in the window's.
"""

from __future__ import annotations

from collections.abc import Sequence

from desktop_vlm.api.library import InstalledModel, Library
from desktop_vlm.api.options import ModelRef
from desktop_vlm.models.library import ModelsFolder, installed
from desktop_vlm.models.partial import find_partial
from desktop_vlm.models.usage import read_usage


def scan(folder: ModelsFolder, references: Sequence[ModelRef] = ()) -> Library:  # noqa: ARG001 - soon
    """All models of a folder, and those that lie elsewhere; the latest used first.

    Raises:
        UserError: the folder cannot be read.
    """
    usage = read_usage(folder.path)
    entries = folder.entries()
    models = [installed(one, usage) for one in entries if one.record]
    problems = [one.problem for one in entries if one.problem]
    return Library(tuple(sorted(models, key=_order)), find_partial(folder), tuple(problems))


def _order(model: InstalledModel) -> tuple[bool, list[int], str]:
    """The latest used first, then by name."""
    return not model.last_used, [-ord(char) for char in model.last_used], model.name.casefold()
