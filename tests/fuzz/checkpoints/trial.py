"""One damaged checkpoint: it becomes two whole files, or is refused in a sentence, and leaves nothing behind."""

from __future__ import annotations

import json
import os
import random
import zipfile
from pathlib import Path

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.options import ModelRef
from desktop_vlm.convert import convert, plan
from desktop_vlm.families.gate import admit
from tests.fuzz.checkpoints import pickles, tensors
from tests.fuzz.checkpoints.subjects import base_of, write_subject
from tests.fuzz.harness import Outcome
from tests.fuzz.places import disturb, remove
from tests.fuzz.values import WHOLE, change, to_text

_KNOWN = (
    "llama3", "linear", "dynamic", "mistral", "llama", "qwen2", "nf4", "fp4", "LORA", "gelu_new", "quick_gelu",
    "ByteLevel", "Metaspace", "Split", "Prepend", "Replace", "NFC", "NFKC", "TemplateProcessing", "BPE", "Unigram",
    "../model.safetensors", "/etc/passwd", "model-00001-of-00001.safetensors", "tokenizer.json", "config.json",
)  # fmt: skip
_MOST_BYTES = 16 << 20
_TYPES = ("F16", "BF16", "Q8_0", "Q4_K_M", "F32")


class Checkpoints:
    """Damaged copies of one subject; see `harness.Kind`.

    After `most_conversions` that came to an end, the others are only planned; None for all.
    """

    def __init__(self, name: str, most_conversions: int | None = None) -> None:
        self.name = name
        self._left = most_conversions
        self._source = Path()
        self._base = ""
        self.done = ""

    def prepare(self, folder: Path) -> None:
        self._source = write_subject(self.name, folder / "whole")
        self._base = base_of(self._source)
        if self._left is None:  # what takes time the first time
            convert(self._source, folder / "first", text_type="F16", vision_type="F16")

    def trial(self, seed: int, folder: Path) -> Outcome:
        rng = random.Random(f"{self.name} {seed}")
        work, out = folder / "work" / "ckpt", folder / "out"
        for path in (work, out):
            remove(path)
        _copy(self._source, work)
        done, must = _damage(work, rng)
        self.done = done
        types = rng.choice(_TYPES), rng.choice(("F16", "Q8_0"))
        try:
            if self._left == 0:
                plan(work, out, text_type=types[0], vision_type=types[1])
                return Outcome("planned", "", done)
            files = convert(work, out, text_type=types[0], vision_type=types[1])
        except UserError as error:
            left = sorted(path.name for path in out.rglob("*")) if out.exists() else []
            return Outcome("litter", str(left), done) if left else Outcome("refused", str(error), done)
        finally:
            _unlock(work)
        if self._left is not None:
            self._left -= 1
        names = sorted(path.name for path in out.iterdir())
        if names != sorted((files.text.name, files.mmproj.name)):
            return Outcome("litter", str(names), done)
        try:
            admit(ModelRef(files.text, files.mmproj))
        except UserError as error:
            return Outcome("damage", f"what was written is refused: {error}", done)
        return Outcome("damage" if must else "accepted", "", done)

    def judge(self, sentence: str) -> str:
        places = ["work/ckpt", self._base or "work/ckpt"]
        return "" if any(place in sentence for place in places) else "it names no file of the checkpoint"


def _copy(source: Path, target: Path) -> None:
    """Names for the same files: what is changed is copied first."""
    target.mkdir(parents=True)
    for path in source.iterdir():
        os.link(path, target / path.name)


def _own(path: Path) -> Path:
    if path.is_symlink() or path.stat().st_size > _MOST_BYTES:
        return path
    raw = path.read_bytes()
    path.unlink()
    path.write_bytes(raw)
    return path


def _unlock(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_file() and not path.is_symlink() and not path.stat().st_mode & 0o400:
            path.unlink()


def _damage(folder: Path, rng: random.Random) -> tuple[str, bool]:
    """Change something; says what, and whether it must be refused."""
    said, must = [], False
    for _ in range(rng.choice((1, 1, 1, 2))):
        files = sorted(path for path in folder.iterdir() if path.is_file() and path.stat().st_size <= _MOST_BYTES)
        texts = [path for path in files if path.suffix == ".json"]
        weights = [path for path in files if path.suffix in (".safetensors", ".bin", ".pth")]
        chance = rng.random()
        if chance < 0.14 or not texts or not weights:
            path = rng.choice(files)
            said.append(disturb(_own(path), rng))
        elif chance < 0.45:
            done, is_lie = _of_weights(_own(rng.choice(weights)), rng)
            said.append(done)
            must = is_lie
        else:
            said.append(_of_text(_own(rng.choice(texts)), rng))
        if rng.random() < 0.03:
            said.append(_added_file(folder, rng))
    return "; ".join(said), must and len(said) == 1


def _of_weights(path: Path, rng: random.Random) -> tuple[str, bool]:
    is_adapter = path.name.startswith("adapter")
    try:
        if path.suffix != ".safetensors":
            return pickles.lie(path, rng), False
        return tensors.lie(path, rng, is_whole=not is_adapter)
    except (OSError, ValueError, KeyError, IndexError, TypeError, RecursionError, StopIteration, zipfile.BadZipFile):
        return disturb(path, rng), False  # it is damaged already


def _of_text(path: Path, rng: random.Random) -> str:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return disturb(path, rng)
    done = [change(rng, content, _KNOWN) for _ in range(rng.choice((1, 1, 1, 1, 2, 3)))]
    text, odd = to_text(rng, content)
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    return f"{path.name}: {', '.join([*done, odd])}"


def _added_file(folder: Path, rng: random.Random) -> str:
    """A file that takes the place of another one, or stands beside it."""
    name = rng.choice((
        "params.json", "tekken.json", "consolidated.safetensors", "model.safetensors", "adapter_config.json",
        "added_tokens.json", "chat_template.jinja", "model.safetensors.index.json", "pytorch_model.bin", "config.json",
        "tokenizer.model", "consolidated.00.pth", "processor_config.json", "special_tokens_map.json",
    ))  # fmt: skip
    path = folder / name
    remove(path)
    raw = rng.choice((b"", b"{}", b"[]", b"x", json.dumps({"weight_map": {"a": "../b"}}).encode(), b"{{ messages }}\0"))
    path.write_bytes(raw if rng.random() < 0.8 else str(rng.choice(WHOLE)).encode())
    return f"{name} added"
