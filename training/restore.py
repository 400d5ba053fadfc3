"""Go on from the bundled model: its GGUF back to a run's files.

    python -m training.restore assets/demo/demo-mmproj-Q8_0.gguf RUN_FOLDER

A configuration with larger tiles than the GGUF's gets their positions from `wider_tiles`.
What 8 bits lost stays lost, which is little. The letter head is not part of the GGUF and starts again, as does the
optimizer; `train.py --resume RUN_FOLDER` then continues with the plan of its configuration.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from desktop_vlm.families.mllama.convert.config import read_config as read_checkpoint_config
from desktop_vlm.families.mllama.convert.tensor_map import mmproj_tensors
from desktop_vlm.families.mllama.mmproj import open_mmproj
from training.export import Run, checkpoint_name, config_json, preprocessor_json, save_run
from training.language_model import TextShape, find_gguf, open_gguf, read_shape
from training.model import Adapter
from training.train import read_config
from training.vision_encoder import ModelConfig
from training.wider_tiles import widen


def restore(path: Path, config: ModelConfig, text: TextShape) -> dict[str, Tensor]:
    """An adapter's state with the weights of a converted one, with larger tiles where `config` has them.

    Raises:
        ValueError: its tiles cannot become those of `config`.
    """
    mmproj = open_mmproj(path)
    stored = replace(config, tile_px=mmproj.vision.image_size)
    with tempfile.TemporaryDirectory() as folder:
        for name, content in (
            ("config.json", config_json(stored, text)),
            ("preprocessor_config.json", preprocessor_json(stored)),
        ):
            Path(folder, name).write_text(json.dumps(content))
        layout = mmproj_tensors(read_checkpoint_config(Path(folder)))
    values = {tensor.source: torch.from_numpy(np.array(mmproj.read(tensor.name))) for tensor in layout}
    state: dict[str, Tensor] = Adapter(stored, text).state_dict()
    for name, fresh in state.items():
        if name.startswith("letter_head."):
            continue
        found = values[checkpoint_name(name)]
        if name == "image_embedding":
            found = found[0]  # [width]
        elif fresh.ndim == 4 and fresh.shape[2] == 1:  # tile positions: one vector stands for all tokens of a tile
            found = found.view(*fresh.shape[:2], -1, fresh.shape[-1]).mean(2, keepdim=True)
        state[name] = found.reshape(fresh.shape).float()
    return state if stored == config else widen(state, stored, config)


def main() -> None:
    """Restore the run of a converted adapter."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("mmproj", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--config", type=Path, default=Path("training/configs/demo.toml"))
    options = parser.parse_args()
    config = read_config(options.config).model
    options.out.mkdir(parents=True, exist_ok=True)
    progress = {"step": 0, "elapsed_s": 0.0, "phase": "answers"}
    state = restore(options.mmproj, config, read_shape(open_gguf(find_gguf())))
    print(f"{save_run(Run(state, config, progress), options.out):,} bytes")


if __name__ == "__main__":
    main()
