"""Compute `tests/golden/families/*.npz`: logits of LLaVA 1.5, Pixtral and Qwen2.5-VL with transformers.

Run from the repository root: `python -m tests.golden.make_families [NAME ...]`, in an environment with torch and
transformers 5.24, which the project itself does not depend on. Images have a size that the model takes as it is, so
no resizing is involved. See README.md beside this file for what is stored.
"""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tests.checkpoints import make_image
from tests.checkpoints.configs import CLIP_MEAN, CLIP_STD
from tests.checkpoints.families import FAMILY_CHECKPOINTS, FamilyCheckpoint, build_family

HERE = Path(__file__).resolve().parent / "families"
NEW_TOKENS = 6
SEED = 7

Pixels = NDArray[np.float32]
Inputs = dict[str, Any]


def without_torchvision() -> None:
    """Let transformers believe that there is no torchvision: nothing here needs it, and it must match torch."""
    found = importlib.util.find_spec

    def find_spec(name: str, package: str | None = None) -> Any:
        return None if name.split(".", maxsplit=1)[0] == "torchvision" else found(name, package)

    importlib.util.find_spec = find_spec


def image_sizes(checkpoint: FamilyCheckpoint) -> tuple[tuple[int, int], tuple[int, int]]:
    """(width, height) of the two test images: sizes that the family does not change."""
    vision = checkpoint.config["vision_config"]
    if checkpoint.family == "llava15":
        return ((vision["image_size"],) * 2,) * 2
    unit = vision["patch_size"] * (2 if checkpoint.family == "qwen25vl" else 1)
    return (6 * unit, 4 * unit), (3 * unit, 5 * unit)


def prompts(checkpoint: FamilyCheckpoint) -> dict[str, tuple[list[int], list[int]]]:
    """Name -> token ids, one id for each image, and the numbers of the images in order."""
    rng = np.random.RandomState(SEED)
    image = checkpoint.image_token

    def text(n: int) -> list[int]:
        return [int(i) for i in rng.randint(40, 600, size=n)]

    return {
        "text": (text(12), []),
        "one": ([*text(5), image, *text(7)], [0]),
        "first": ([image, *text(6)], [1]),
        "two": ([*text(4), image, *text(3), image, *text(6)], [0, 1]),
        "two_together": ([*text(3), image, image, *text(4)], [1, 0]),
    }


def normalised(checkpoint: FamilyCheckpoint, number: int) -> Pixels:
    """Test image `number` as float32 [3, height, width]."""
    image = make_image(f"golden{number}", image_sizes(checkpoint)[number])
    values = np.asarray(image, dtype=np.float32) / 255.0
    mean, std = np.array(CLIP_MEAN, np.float32), np.array(CLIP_STD, np.float32)
    scaled = (values - mean) / std
    return np.ascontiguousarray(scaled.astype(np.float32).transpose(2, 0, 1))


@dataclass(frozen=True)
class Expanded:
    """A prompt as transformers takes it.

    Attributes:
        ids: with every token of every image.
        rows: for each of the prompt's own ids, the place of its (last) token among them.
        inputs: pixel values and what belongs to them.
    """

    ids: list[int]
    rows: list[int]
    inputs: Inputs


def image_ids(checkpoint: FamilyCheckpoint, pixels: Pixels) -> list[int]:
    """Every token that stands for an image of these pixels, with those the family puts around and between."""
    config, vision = checkpoint.config, checkpoint.config["vision_config"]
    rows, columns = (side // vision["patch_size"] for side in pixels.shape[1:])
    image = checkpoint.image_token
    if checkpoint.family == "llava15":
        return [image] * (rows * columns)
    if checkpoint.family == "qwen25vl":
        merged = rows * columns // vision["spatial_merge_size"] ** 2
        return [config["vision_start_token_id"], *[image] * merged, config["vision_end_token_id"]]
    row_break, end = image + 2, image + 3  # [IMG], <pad>, [IMG_BREAK], [IMG_END]
    return [token for row in range(rows) for token in [*[image] * columns, end if row == rows - 1 else row_break]]


def expand(checkpoint: FamilyCheckpoint, ids: list[int], images: list[Pixels]) -> Expanded:
    """The prompt `ids` with every image written out."""
    left, expanded, rows = list(images), [], []
    for token in ids:
        expanded += image_ids(checkpoint, left.pop(0)) if token == checkpoint.image_token else [token]
        rows.append(len(expanded) - 1)
    return Expanded(expanded, rows, _pixel_inputs(checkpoint, images) if images else {})


def _pixel_inputs(checkpoint: FamilyCheckpoint, images: list[Pixels]) -> Inputs:
    import torch

    if checkpoint.family == "qwen25vl":
        patches, grids = zip(*(_qwen_patches(checkpoint, pixels) for pixels in images), strict=True)
        return {
            "pixel_values": torch.from_numpy(np.concatenate(patches)),
            "image_grid_thw": torch.tensor(grids, dtype=torch.long),
        }
    height, width = (max(pixels.shape[axis] for pixels in images) for axis in (1, 2))
    padded = np.zeros((len(images), 3, height, width), dtype=np.float32)
    for place, pixels in zip(padded, images, strict=True):
        place[:, : pixels.shape[1], : pixels.shape[2]] = pixels
    inputs: Inputs = {"pixel_values": torch.from_numpy(padded)}
    if checkpoint.family == "pixtral":
        inputs["image_sizes"] = torch.tensor([pixels.shape[1:] for pixels in images])
    return inputs


def _qwen_patches(checkpoint: FamilyCheckpoint, pixels: Pixels) -> tuple[Pixels, tuple[int, int, int]]:
    """Patches [n, 3 * temporal * patch * patch] in order of the merged squares, and the grid (time, rows, columns)."""
    vision = checkpoint.config["vision_config"]
    patch, merge, temporal = vision["patch_size"], vision["spatial_merge_size"], vision["temporal_patch_size"]
    rows, columns = (side // patch for side in pixels.shape[1:])
    frames = np.repeat(pixels[None], temporal, axis=0)
    split = frames.reshape(temporal, 3, rows // merge, merge, patch, columns // merge, merge, patch)
    ordered = split.transpose(2, 5, 3, 6, 1, 0, 4, 7)
    return np.ascontiguousarray(ordered.reshape(rows * columns, -1)), (1, rows, columns)


class Reference:
    """A checkpoint loaded by transformers in float32."""

    def __init__(self, checkpoint: FamilyCheckpoint, folder: Path) -> None:
        import torch
        from transformers import AutoModelForImageTextToText  # type: ignore[import-not-found]

        self.checkpoint = checkpoint
        self._torch = torch
        self._model, info = AutoModelForImageTextToText.from_pretrained(
            folder, dtype=torch.float32, attn_implementation="eager", output_loading_info=True
        )
        if wrong := {key: value for key, value in info.items() if value}:
            raise RuntimeError(f"{checkpoint.name} did not load cleanly: {wrong}")
        self._model.eval()

    def logits(self, ids: list[int], numbers: list[int]) -> NDArray[np.float32]:
        """Logits [len(ids), vocab]; an image's row is that of its last token."""
        return self.logits_of(ids, [normalised(self.checkpoint, number) for number in numbers])

    def logits_of(self, ids: list[int], images: list[Pixels]) -> NDArray[np.float32]:
        """The same for images [3, height, width] of any pixels, of the final size."""
        torch = self._torch
        prompt = expand(self.checkpoint, ids, images)
        inputs = {"input_ids": torch.tensor([prompt.ids]), **prompt.inputs}
        inputs["attention_mask"] = torch.ones_like(inputs["input_ids"])
        if self.checkpoint.family == "qwen25vl":
            is_image = inputs["input_ids"] == self.checkpoint.image_token
            inputs["mm_token_type_ids"] = is_image.long()
        with torch.no_grad():
            logits = self._model(**inputs, use_cache=False).logits[0, prompt.rows]
        return np.asarray(logits.numpy(), dtype=np.float32)


def golden(checkpoint: FamilyCheckpoint) -> dict[str, NDArray[Any]]:
    """Everything that is stored for one checkpoint."""
    arrays: dict[str, NDArray[Any]] = {"image_sizes": np.array(image_sizes(checkpoint), dtype=np.int32)}
    with tempfile.TemporaryDirectory() as folder:
        reference = Reference(checkpoint, build_family(checkpoint, Path(folder)))
        for name, (ids, numbers) in prompts(checkpoint).items():
            arrays[f"{name}.ids"] = np.array(ids, dtype=np.int32)
            arrays[f"{name}.images"] = np.array(numbers, dtype=np.int32)
            arrays[f"{name}.logits"] = reference.logits(ids, numbers)
        ids, numbers = prompts(checkpoint)["one"]
        new = []
        for _ in range(NEW_TOKENS):
            new.append(int(reference.logits(ids, numbers)[-1].argmax()))
            ids = [*ids, new[-1]]
        arrays["greedy.ids"] = np.array(new, dtype=np.int32)
        arrays["greedy.logits"] = reference.logits(ids, numbers)[-NEW_TOKENS:]
    return arrays


def main() -> None:
    """Write the files of the named checkpoints, or of all."""
    without_torchvision()
    HERE.mkdir(exist_ok=True)
    for name in sys.argv[1:] or FAMILY_CHECKPOINTS:
        checkpoint = FAMILY_CHECKPOINTS[name]
        if checkpoint.layout == "mistral":  # the same weights in another layout
            continue
        arrays = golden(checkpoint)
        path = HERE / f"{name}_logits.npz"
        np.savez_compressed(path, allow_pickle=False, **arrays)
        print(path.name, path.stat().st_size, arrays["greedy.ids"].tolist())


if __name__ == "__main__":
    main()
