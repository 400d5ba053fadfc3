"""Damaged JSON: records of the library, notes of use and of downloads, Ollama's manifests."""

from __future__ import annotations

import dataclasses
import json
import random
from pathlib import Path
from typing import Any

from desktop_vlm.api.library import Origin, PartialModel, Speed
from desktop_vlm.conversion.streaming.ledger import Ledger
from desktop_vlm.hub.partial import Partial
from desktop_vlm.hub.verified import Verified
from desktop_vlm.models.library import ModelsFolder
from desktop_vlm.models.ollama_folder import OllamaFolder, list_models
from desktop_vlm.models.partial import find_partial, note_partial
from desktop_vlm.models.record import FileRecord, Record, read_record
from desktop_vlm.models.usage import note_usage, read_usage
from tests.fuzz.harness import Outcome
from tests.fuzz.places import disturb, remove
from tests.fuzz.values import change, to_text


def damage(path: Path, rng: random.Random, more: tuple[Any, ...] = ()) -> str:
    """Change a JSON file, or put something else in its place."""
    if rng.random() < 0.2:
        return disturb(path, rng)
    content = json.loads(path.read_text(encoding="utf-8"))
    done = [change(rng, content, more) for _ in range(rng.choice((1, 1, 2, 4)))]
    text, odd = to_text(rng, content)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return ", ".join([*done, odd])


class JsonKind:
    """Damaged copies of one folder with a JSON file; see `harness.Kind`."""

    name = ""
    done = ""
    more: tuple[Any, ...] = ()

    def make(self, folder: Path) -> list[Path]:
        """A whole folder; the files of which one is damaged."""
        raise NotImplementedError

    def use(self, folder: Path) -> Outcome:
        """Read it as the program does."""
        raise NotImplementedError

    def prepare(self, folder: Path) -> None:
        first = folder / "first"
        remove(first)
        first.mkdir()
        self.make(first)
        assert self.use(first).kind == "accepted"

    def trial(self, seed: int, folder: Path) -> Outcome:
        rng = random.Random(f"{self.name} {seed}")
        work = folder / "work"
        remove(work)
        work.mkdir()
        self.done = damage(rng.choice(self.make(work)), rng, self.more)
        return dataclasses.replace(self.use(work), done=self.done)

    def judge(self, sentence: str) -> str:
        return "" if "work" in sentence else "it names no file"


class Records(JsonKind):
    """model.json: the record of a model."""

    name = "records"
    more = ("../x.gguf", "/etc/passwd", "text.gguf", "a/b", "C:x")

    def make(self, folder: Path) -> list[Path]:
        place = folder / "model"
        place.mkdir()
        for name in ("text.gguf", "mmproj.gguf"):
            (place / name).write_bytes(b"GGUF")
        text, mmproj = (FileRecord.of(place / name, sha256="0" * 64) for name in ("text.gguf", "mmproj.gguf"))
        record = Record(
            "A model", "mllama", text, mmproj, "Q4_K_M", "Q8_0", Origin("hub", "org/name", "main"), False,
            "2026-11-28T23:00:00Z", "MIT", "https://example.org",
        )  # fmt: skip
        (place / "model.json").write_text(record.to_json())
        return [place / "model.json"]

    def use(self, folder: Path) -> Outcome:
        path = folder / "model" / "model.json"
        entries = ModelsFolder(folder).entries()
        record = read_record(path)
        for file in record.files:
            is_own = file.path == Path(file.path).name and file.path not in {"", ".", ".."}
            if not is_own and not record.is_reference:
                return Outcome("damage", f"{file.path} is outside of the folder")
            file.is_unchanged(folder / "model")
        texts = (record.name, record.family, record.text_type, record.added, record.origin.source)
        if not all(isinstance(one, str) for one in texts) or not all(
            type(file.n_bytes) is int and file.n_bytes >= 0 for file in record.files
        ):
            return Outcome("damage", repr(record))
        return Outcome("accepted", str(len(entries)))


class Notes(JsonKind):
    """.usage.json, and what is known of verified files: worth no error."""

    name = "notes"

    def make(self, folder: Path) -> list[Path]:
        for number in range(3):
            note_usage(folder, folder / f"{number}.gguf", "2026-11-28T23:00:00Z", Speed(12.5, 0.25))
        (folder / "verified.json").write_text(json.dumps({"a/b.gguf": [12, 34, "0" * 64]}))
        return [folder / ".usage.json", folder / "verified.json"]

    def use(self, folder: Path) -> Outcome:
        Verified(folder / "verified.json")
        found = read_usage(folder)
        for key, one in found.items():
            numbers = (one.speed.decode_tokens_per_s, one.speed.encode_s)
            is_right = isinstance(one.last_used, str) and all(type(n) is float and 0 <= n < 1e9 for n in numbers)
            if not isinstance(key, str) or not is_right:
                return Outcome("damage", repr(one))
        path = folder / ".usage.json"
        if path.is_file() or not path.exists():
            note_usage(folder, folder / "new.gguf", "2026-11-29T00:00:00Z", Speed(1.0, 1.0))
        return Outcome("accepted")


class Partials(JsonKind):
    """What is written down of downloads that were stopped."""

    name = "partials"

    def make(self, folder: Path) -> list[Path]:
        work = folder / ".partial" / "one"
        work.mkdir(parents=True)
        note_partial(work, PartialModel("one", "A model", "org/name", "Q4_K_M", "Q8_0", 5, 10))
        ledger = Ledger("plan", {0, 1, 2, 7}, 8, 100, {"a.safetensors": (12, b"abc")}, {"b"})
        ledger.save(work / "ledger.json")
        partial = Partial(work / "content", 5000, "identity", 1024)
        partial.open()
        partial.close()
        state = next(path for path in work.iterdir() if path.name.startswith("content") and path.name != "content")
        self._state = state.relative_to(folder)
        return [work / "request.json", work / "ledger.json", state]

    def trial(self, seed: int, folder: Path) -> Outcome:
        rng = random.Random(f"{self.name} {seed}")
        work = folder / "work"
        remove(work)
        work.mkdir()
        path = rng.choice(self.make(work))
        if path == work / self._state:
            head, _, tail = path.read_bytes().partition(b"\n")
            path.write_bytes(head)
            done = damage(path, rng, (1, 1 << 40, 1024, 2048))
            if path.is_file() and not path.is_symlink() and path.stat().st_size < 1 << 20:
                path.chmod(0o600)
                with path.open("ab") as file:
                    file.write(b"\n" + rng.choice((tail, tail[:-3], tail * 2, b"\xff" * len(tail), b"")))
        else:
            done = damage(path, rng)
        self.done = f"{path.name}: {done}"
        return dataclasses.replace(self.use(work), done=self.done)

    def use(self, folder: Path) -> Outcome:
        for one in find_partial(ModelsFolder(folder)):
            if not isinstance(one.done_bytes, int) or one.done_bytes < 0:
                return Outcome("damage", repr(one))
        work = folder / ".partial" / "one"
        ledger = Ledger.load(work / "ledger.json", "plan")
        if ledger is not None and not all(type(number) is int for number in ledger.done):
            return Outcome("damage", repr(ledger))
        partial = Partial(work / "content", 5000, "identity", 1024)
        try:
            partial.open()
            if not 0 <= partial.done_bytes <= 5000 or any(
                not 0 <= part.first < part.end <= 5000 for part in partial.missing()
            ):
                return Outcome("damage", f"{partial.done_bytes} bytes are there, {partial.missing()} are missing")
        finally:
            partial.close()
        return Outcome("accepted")


class Manifests(JsonKind):
    """A manifest in Ollama's folder."""

    name = "manifests"
    more = (
        "sha256:" + "../" * 20 + "etc/passwd", "sha256:" + "A" * 64, "sha256-" + "0" * 64, "sha256:" + "0" * 63,
        *(f"application/vnd.ollama.image.{kind}" for kind in ("model", "projector", "adapter", "tensor", "x")),
    )  # fmt: skip

    def make(self, folder: Path) -> list[Path]:
        place = folder / "manifests" / "registry.ollama.ai" / "library" / "a"
        place.mkdir(parents=True)
        (folder / "blobs").mkdir()
        layers = []
        for number, kind in enumerate(("model", "projector", "params")):
            digest = f"{number}" * 64
            (folder / "blobs" / f"sha256-{digest}").write_bytes(b"GGUF" + bytes(number))
            layers.append(
                {
                    "mediaType": f"application/vnd.ollama.image.{kind}",
                    "digest": f"sha256:{digest}",
                    "size": 4 + number,
                }
            )
        content = {"schemaVersion": 2, "config": {"digest": "sha256:" + "a" * 64, "size": 3}, "layers": layers}
        (place / "latest").write_text(json.dumps(content))
        return [place / "latest"]

    def use(self, folder: Path) -> Outcome:
        found = list_models(OllamaFolder(folder.resolve()))
        for model in found:
            for path in (model.model, model.projector):
                if path is not None and path.parent != folder.resolve() / "blobs":
                    return Outcome("damage", f"{path} is outside")
        problem = next((model.problem for model in found if model.problem), "")
        return Outcome("refused", problem) if problem else Outcome("accepted")

    def judge(self, sentence: str) -> str:
        return "" if "latest" in sentence else "it names no model"
