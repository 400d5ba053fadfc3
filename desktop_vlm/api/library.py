"""Models on this computer and models that can be had, as all parts of the program speak of them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop_vlm.api.options import ModelRef


@dataclass(frozen=True)
class Origin:
    """Where a model came from.

    Attributes:
        kind: `hub` (downloaded as GGUF, or downloaded and converted), `convert` (a checkpoint's folder), `import`
            (files of another program), `found` (lay in the models folder without our record), or `reference`
            (lies elsewhere, added by the person).
        source: hub id, or the path that it was made from; empty where nothing is known.
        commit: of the hub repository; empty elsewhere.
    """

    kind: str = "found"
    source: str = ""
    commit: str = ""


@dataclass(frozen=True)
class Speed:
    """How fast a model was here, as the engine measured its last answers.

    Attributes:
        decode_tokens_per_s: tokens of an answer in a second; 0 where not measured.
        encode_s: seconds for one image; 0 where not measured.
    """

    decode_tokens_per_s: float = 0.0
    encode_s: float = 0.0


@dataclass(frozen=True)
class InstalledModel:
    """A model on this computer.

    Attributes:
        id: what names it among all others here, for as long as it is here; `ask --model` takes it, too.
        name: what a person calls it; it can be changed.
        family: of `families/`; empty where not known.
        files: absolute paths.
        text_type, vision_type: of most weights, such as `Q4_K_M`; empty where not known.
        text_bytes, mmproj_bytes: sizes of the files; 0 where there is none.
        origin: where it came from.
        is_owned: whether the program put the files there and may delete them.
        problem: why it cannot be loaded, in one sentence; empty where it can.
        added, last_used: UTC, `2026-11-28T17:20:07Z`; empty where not known.
        speed: measured here.
        licence: its name; empty where not known.
        licence_url: where it can be read.
    """

    id: str
    name: str
    family: str
    files: ModelRef
    text_type: str
    vision_type: str
    text_bytes: int
    mmproj_bytes: int
    origin: Origin
    is_owned: bool
    problem: str = ""
    added: str = ""
    last_used: str = ""
    speed: Speed = Speed()
    licence: str = ""
    licence_url: str = ""

    @property
    def n_bytes(self) -> int:
        """Of both files."""
        return self.text_bytes + self.mmproj_bytes

    @property
    def sees_images(self) -> bool:
        """Whether there is a vision projector."""
        return self.files.mmproj is not None


@dataclass(frozen=True)
class PartialModel:
    """A download that was stopped and can go on.

    Attributes:
        id: what `GetModel` resumes and `DiscardPartial` removes.
        name: what a person calls the model.
        source, text_type, vision_type: what it was asked for with.
        done_bytes: on disk already.
        total_bytes: that it will be; 0 where not known yet.
    """

    id: str
    name: str
    source: str
    text_type: str
    vision_type: str
    done_bytes: int
    total_bytes: int


@dataclass(frozen=True)
class FoundModel:
    """Files of another program, or that a person pointed at, which may be imported.

    Attributes:
        name: what a person calls it.
        place: where it was found: the program's name ("Ollama"), or a folder.
        source: what `ImportModel` takes with `name`.
        n_bytes: that importing it writes.
        note: what importing does or leaves to decide, in one sentence.
        problem: why it cannot be imported, in one sentence; empty where it can.
        is_checkpoint: whether it is for `ConvertModel` instead.
    """

    name: str
    place: str
    source: Path
    n_bytes: int = 0
    note: str = ""
    problem: str = ""
    is_checkpoint: bool = False

    @property
    def id(self) -> str:
        """What names it among all others that were found."""
        return f"{self.source}#{self.name}"


@dataclass(frozen=True)
class Library:
    """All that is here.

    Attributes:
        models: that can be loaded, or say why not; the latest used first.
        partial: downloads that were stopped.
        problems: sentences about files in the models folder that are no model or cannot be read.
    """

    models: tuple[InstalledModel, ...] = ()
    partial: tuple[PartialModel, ...] = ()
    problems: tuple[str, ...] = ()


@dataclass(frozen=True)
class GetPlan:
    """What getting a model would do, asked of the hub before the first byte of its weights.

    Attributes:
        name: of the model.
        repo, commit: what it would be downloaded from.
        text_type, vision_type: that it would have here.
        is_converted: whether a checkpoint is converted; otherwise finished GGUF files are downloaded.
        download_bytes: still to be downloaded.
        output_bytes: of the files that will be here.
        peak_bytes: room needed at the peak, beside what is there of an earlier try.
        free_bytes: room there is.
        licence, licence_url: its licence.
        is_gated: whether an account that accepted the licence is needed.
        notes: what else a person should know, a sentence each.
    """

    name: str
    repo: str
    commit: str
    text_type: str
    vision_type: str
    is_converted: bool
    download_bytes: int
    output_bytes: int
    peak_bytes: int
    free_bytes: int
    licence: str
    licence_url: str
    is_gated: bool
    notes: tuple[str, ...] = ()

    @property
    def has_room(self) -> bool:
        """Whether it fits the disk."""
        return self.peak_bytes <= self.free_bytes


@dataclass(frozen=True)
class Fit:
    """How a model would run on this machine, from the planner.

    Attributes:
        name: the catalogue's name.
        text_type: of the language model that was planned for.
        kind: `gpu` (all of it), `partly` (some layers or the vision encoder on the CPU or streamed), `cpu`, or `no`.
        sentence: what is put where.
        needed_bytes: memory of all devices together.
    """

    name: str
    text_type: str
    kind: str
    sentence: str
    needed_bytes: int


@dataclass(frozen=True)
class Verification:
    """What was found out about the files of a model.

    Attributes:
        id: of the model.
        problems: a sentence for each thing that is wrong; none where all is well.
        is_compared: whether the files were compared with the checksums of when they were made.
        n_tensors: whose numbers were looked at.
    """

    id: str
    problems: tuple[str, ...]
    is_compared: bool
    n_tensors: int
