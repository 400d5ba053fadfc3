"""What a conversion will do: the two files, tensor by tensor and to the byte, before anything is written."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from gguf import GGMLQuantizationType as Type

from desktop_vlm.api.errors import UserError
from desktop_vlm.conversion import quantised_source
from desktop_vlm.conversion.checkpoint import Checkpoint, check_names, open_checkpoint, promised_checkpoint
from desktop_vlm.conversion.gguf_file import FileLayout, lay_out
from desktop_vlm.conversion.lora import merge
from desktop_vlm.conversion.lora_source import AdapterSource, find_adapter
from desktop_vlm.conversion.metadata import Origin, general, tokenizer_metadata
from desktop_vlm.conversion.quant_types import FileType, file_type, text_type
from desktop_vlm.conversion.recipe import (
    Converter,
    MmprojRecipe,
    Recipe,
    Settings,
    TextRecipe,
    converter_for,
    read_settings,
)
from desktop_vlm.conversion.source import Fetch, Source, resolve
from desktop_vlm.conversion.streaming.remote_weights import RemoteWeights
from desktop_vlm.conversion.streaming.tasks import small_parts
from desktop_vlm.conversion.tensor_map import GgufTensor
from desktop_vlm.conversion.tokenizer import Tokenizer
from desktop_vlm.hub.cache import Downloads
from desktop_vlm.system.bounded.files import read_bytes

CONVERTER_VERSION = 2
"""Raised when the converter writes something else for the same checkpoint, so that old files are redone."""

_SETTINGS_FILES = (
    "config.json",
    "preprocessor_config.json",
    "processor_config.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "chat_template.json",
    "chat_template.jinja",
    "tokenizer.model",
    "params.json",
    "tekken.json",
    "adapter_config.json",
)


@dataclass(frozen=True)
class FilePlan:
    """One file to be written.

    Attributes:
        kind: `text` or `mmproj`.
        path: where.
        type_name: the file's type, or types.
        layout: its content but for the tensors' bytes.
        is_finished: `path` is this very file already.
    """

    kind: str
    path: Path
    type_name: str
    layout: FileLayout
    is_finished: bool

    @property
    def n_bytes(self) -> int:
        """The file's exact size."""
        return self.layout.n_bytes

    def totals(self) -> list[tuple[Type, int, int]]:
        """For every ggml type in the file: how many tensors have it and their bytes; the largest first."""
        counts: Counter[Type] = Counter()
        sizes: Counter[Type] = Counter()
        for placed in self.layout.tensors:
            counts[placed.type] += 1
            sizes[placed.type] += placed.n_bytes
        return [(kind, counts[kind], n_bytes) for kind, n_bytes in sizes.most_common()]


@dataclass(frozen=True)
class ConversionPlan:
    """The files, `mmproj` last; `checkpoint` is `None` while the weights cannot be read.

    Attributes:
        name: of the model.
        files: what is written.
        checkpoint: what it is made from.
        notes: sentences that a person should read before the work begins.
    """

    name: str
    files: tuple[FilePlan, ...]
    checkpoint: Checkpoint | None
    notes: tuple[str, ...] = ()

    @property
    def remote(self) -> RemoteWeights | None:
        """What reads the weights over the network, if they are not on this computer."""
        tensors = self.checkpoint.tensors.values() if self.checkpoint else ()
        found = (part.access for tensor in tensors for part in tensor.parts)
        return next((access for access in found if isinstance(access, RemoteWeights)), None)

    @property
    def work_folder(self) -> Path:
        """Where an unfinished result lies while the checkpoint is downloaded."""
        types = "-".join(file.type_name for file in self.files)
        return self.files[0].path.parent / f"{file_stem(self.name)}-{types}.partial"

    @property
    def bytes_to_write(self) -> int:
        """Bytes of the files that are not finished."""
        return sum(file.n_bytes for file in self.files if not file.is_finished)


def make_plan(
    source: str | os.PathLike[str],
    out_dir: Path,
    text_name: str | None,
    vision_name: str,
    *,
    converters: tuple[Converter, ...],
    fetch: Fetch,
    resources: ExitStack,
    downloads: Downloads | None = None,
    base: str | os.PathLike[str] | None = None,
) -> ConversionPlan:
    """Read the checkpoint's settings (and its tensors' places) and lay out the files.

    Layers of the language model that lie in the mmproj get the text's type. Without `text_name`, only the mmproj is
    planned, all in `vision_name`, and the checkpoint may hold an adapter alone: no text weights and no tokenizer.

    Where `source` is a LoRA adapter, it is merged into `base`, or into the model that it names itself.

    Of a hub repository's weights the headers are read where they are, as `downloads` says; `resources` end the
    connections. Where that cannot be and `fetch` does not allow more, they are left out of the check, and sizes come
    from the settings alone (they are the same).

    Raises:
        UserError: whatever is wrong with the source, the checkpoint or the types.
    """
    text_kind = file_type(text_name) if text_name else None
    vision_kind = file_type(vision_name)
    found = resolve(source, downloads)
    adapter = find_adapter(found, base, downloads)
    if adapter and fetch is not Fetch.HEADERS:
        adapter = adapter.fetched()
    model = adapter.base if adapter else found
    settings = read_settings(model.folder)  # before the weights: another kind of model is not worth the download
    settings = adapter.applied_to(settings) if adapter else settings
    recipe = converter_for(settings, converters).recipe(settings)
    tokenizer = recipe.text.read_tokenizer() if text_kind else None
    if fetch is not Fetch.HEADERS and not model.can_read(recipe.weights):
        _checkpoint(model, adapter, settings, recipe, text_is_needed=text_kind is not None)
    model = model.with_weights(recipe.weights, fetch, resources)
    checkpoint = _checkpoint(model, adapter, settings, recipe, text_is_needed=text_kind is not None)
    of_mmproj = recipe.mmproj.fitted_to(checkpoint)
    folders = [model.folder, adapter.found.folder] if adapter else [model.folder]

    def file_plan(kind: str, type_name: str, lay_out_file: Callable[[Origin], FileLayout]) -> FilePlan:
        origin = Origin(found.name, found.hub_id, fingerprint(folders, checkpoint, kind, type_name))
        path = out_dir / f"{file_stem(found.name)}-{kind}-{type_name}.gguf"
        layout = lay_out_file(origin)
        return FilePlan(kind, path, type_name, layout, layout.is_written_to(path))

    cross_kind = text_kind or vision_kind
    is_mixed = recipe.mmproj.has_text_layers and vision_kind != cross_kind
    mixed = f"{vision_kind.name}-cross-{cross_kind.name}" if is_mixed else vision_kind.name
    files = [file_plan("mmproj", mixed, lambda origin: mmproj_layout(of_mmproj, vision_kind, cross_kind, origin))]
    if text_kind and tokenizer:
        files.insert(
            0, file_plan("text", text_kind.name, lambda origin: text_layout(recipe.text, tokenizer, text_kind, origin))
        )
    notes = [*(adapter.notes if adapter else ()), *recipe.notes, *(checkpoint.notes if checkpoint else ())]
    if checkpoint:
        notes += quantised_source.notes(settings, checkpoint, [kind for kind in (text_kind, vision_kind) if kind])
    return ConversionPlan(found.name, tuple(files), checkpoint, tuple(notes))


def _checkpoint(
    found: Source, adapter: AdapterSource | None, settings: Settings, recipe: Recipe, *, text_is_needed: bool
) -> Checkpoint | None:
    """The model's weights, every tensor accounted for; None where they are still to be downloaded."""
    of_text, of_mmproj = _sources(recipe.text.tensors), _sources(recipe.mmproj.tensors)
    needed = {**of_text, **of_mmproj} if text_is_needed else of_mmproj
    allowed = of_text.keys() | recipe.not_used
    try:
        if not found.has_weights and found.hub_id is not None:
            promised = promised_checkpoint(found.folder, recipe.names, recipe.weights, recipe.settings_name)
            if promised:
                check_names(promised, needed, promised.promised.keys(), allowed)
            elif not quantised_source.can_convert(settings):
                raise quantised_source.refusal(settings)
            return None
        checkpoint = _opened(found, recipe)
        if adapter and (changes := adapter.read()):
            checkpoint = merge(checkpoint, changes, recipe.names)
        checkpoint.account(needed, also_allowed=allowed, may_be_longer=recipe.may_be_longer)
    except UserError as error:
        raise error if quantised_source.can_convert(settings) else quantised_source.refusal(settings) from error
    return checkpoint


def _opened(found: Source, recipe: Recipe) -> Checkpoint:
    """The checkpoint as it is stored; what little its tensors' settings take is fetched at once."""
    if recipe.open_weights:
        return recipe.open_weights()
    checkpoint = open_checkpoint(found.folder, recipe.names, recipe.weights, recipe.settings_name, found.access)
    if isinstance(found.access, RemoteWeights):
        found.access.fetch_ahead(small_parts(checkpoint))
    return checkpoint


def _sources(tensors: list[GgufTensor]) -> dict[str, tuple[int, ...]]:
    """The checkpoint's tensors behind those of a file, with their shapes."""
    return {tensor.source: tensor.source_shape for tensor in tensors if tensor.source}


def text_layout(recipe: TextRecipe, tokenizer: Tokenizer, kind: FileType, origin: Origin) -> FileLayout:
    """The text GGUF in the type `kind`."""
    metadata = [*general(recipe.arch, "model", kind, origin), *recipe.metadata, *tokenizer_metadata(tokenizer)]
    return lay_out(metadata, [(tensor, text_type(tensor, kind, recipe.stack)) for tensor in recipe.tensors])


def mmproj_layout(recipe: MmprojRecipe, vision: FileType, text: FileType, origin: Origin) -> FileLayout:
    """The mmproj GGUF in the type `vision`; layers of the language model in it have the type `text`."""
    metadata = [*general("clip", "mmproj", vision, origin), *recipe.metadata]
    return lay_out(metadata, [(tensor, recipe.choose_type(tensor, vision, text)) for tensor in recipe.tensors])


def file_stem(name: str) -> str:
    """A model's name as a part of file names."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "model"


def fingerprint(folders: list[Path], checkpoint: Checkpoint | None, kind: str, type_name: str) -> str:
    """What a file was made from, as 64 hexadecimal digits; any change of the files in `folders` changes it.

    Weights go in by their tensors' places and their files' sizes and times: reading 177 GB would take longer
    than a person waits to hear that nothing is to be done.
    """
    digest = hashlib.sha256(json.dumps([CONVERTER_VERSION, kind, type_name]).encode())
    for path in (folder / name for folder in folders for name in _SETTINGS_FILES):
        if path.is_file():
            name = path.name
            content = hashlib.sha256(read_bytes(path)).hexdigest()
            digest.update(json.dumps([name, content]).encode())
    if checkpoint is not None:
        stored = [part for tensor in checkpoint.tensors.values() for part in tensor.parts]
        places = [(s.name, s.dtype, s.shape, s.path.name, s.offset) for s in stored]
        files = {part.path: part.access for part in stored}
        stamps = [files[path].stamp(path) for path in sorted(files)]
        digest.update(json.dumps([sorted(places), stamps]).encode())
    return digest.hexdigest()
