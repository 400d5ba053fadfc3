"""What conversion while downloading takes of disk, memory and time, on a checkpoint of real shapes and random weights.

A hub on this computer (that of the tests, in a process of its own) has Llama 3.2 11B Vision with fewer layers. It is
converted by the program in another process, which this one watches: what lies in the folder of the result, what memory
the process has, what the server sent. With `--kills N` the process is killed at N random moments on the way.

    python -m benchmarks.streaming_conversion /tmp/streaming --layers 8 --kills 10
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import random
import re
import shutil
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
from huggingface_hub import constants

from desktop_vlm.convert import Downloads, convert
from desktop_vlm.hub.access import Access
from tests.checkpoints import ALPHA, build, special_token_id
from tests.checkpoints.configs import TinyCheckpoint
from tests.checkpoints.seeded import write_json
from tests.checkpoints.weights import tensor_shapes
from tests.hub.server import HubServer

REPO = "random/Llama-3.2-11B-Vision-cut"
VOCABULARY = 128_256
_TEXT = {"hidden_size": 4096, "num_attention_heads": 32, "num_key_value_heads": 8, "intermediate_size": 14336}
_VISION = {
    "hidden_size": 1280, "attention_heads": 16, "intermediate_size": 5120, "num_global_layers": 8, "image_size": 560,
    "vision_output_dim": 7680, "intermediate_layers_indices": [3, 7, 15, 23, 30],
}  # fmt: skip
_BLOCK_VALUES = 1 << 24
_SAMPLE_S = 0.05


# The checkpoint


def settings(n_layers: int, n_vision_layers: int) -> TinyCheckpoint:
    """Llama 3.2 11B Vision with fewer layers."""
    text = {**ALPHA.config["text_config"], **_TEXT, "vocab_size": VOCABULARY, "num_hidden_layers": n_layers}
    text["cross_attention_layers"] = list(range(3, n_layers, 5))
    for key, names in (("bos_token_id", ["<|begin_of_text|>"]), ("pad_token_id", ["<|finetune_right_pad_id|>"])):
        text[key] = special_token_id(VOCABULARY, names[0])
    text["eos_token_id"] = [special_token_id(VOCABULARY, f"<|{one}|>") for one in ("end_of_text", "eom_id", "eot_id")]
    taps = [tap for tap in _VISION["intermediate_layers_indices"] if tap < n_vision_layers]  # type: ignore[attr-defined]
    vision = {**ALPHA.config["vision_config"], **_VISION, "num_hidden_layers": n_vision_layers}
    vision |= {"intermediate_layers_indices": taps, "vision_output_dim": 1280 * (1 + len(taps)), "patch_size": 14}
    config = {**ALPHA.config, "text_config": text, "vision_config": vision, "image_token_index": VOCABULARY}
    return replace(ALPHA, config=config)


def write_checkpoint(made: TinyCheckpoint, folder: Path, shards: int) -> None:
    """The whole folder; the words of the vocabulary that the tiny tokenizer has not are called by their numbers."""
    size = {"height": _VISION["image_size"], "width": _VISION["image_size"]}
    build(replace(ALPHA, preprocessor={**ALPHA.preprocessor, "size": size}), folder)
    for path in folder.glob("*.safetensors*"):
        path.unlink()
    write_json(folder / "config.json", made.config)
    tokenizer = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))
    words: dict[str, int] = tokenizer["model"]["vocab"]
    words |= {f"word{i}": i for i in range(len(words), VOCABULARY - 16)}
    for added in tokenizer["added_tokens"]:
        added["id"] = special_token_id(VOCABULARY, added["content"])
    write_json(folder / "tokenizer.json", tokenizer)
    options = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
    by_name = {one["content"]: one for one in options["added_tokens_decoder"].values()}
    options["added_tokens_decoder"] = {str(special_token_id(VOCABULARY, name)): one for name, one in by_name.items()}
    write_json(folder / "tokenizer_config.json", options)
    write_shards(tensor_shapes(made), folder, shards)


def write_shards(shapes: Mapping[str, tuple[int, ...]], folder: Path, count: int) -> None:
    """BF16 values around 0, the same block of them again and again at other places."""
    rng = np.random.default_rng(1)
    values = (rng.standard_normal(_BLOCK_VALUES, dtype=np.float32) * 0.02).view(np.uint32) >> 16
    block = values.astype("<u2").tobytes()
    total, done = 2 * sum(map(math.prod, shapes.values())), 0
    weight_map: dict[str, str] = {}
    by_shard: list[dict[str, tuple[int, ...]]] = [{} for _ in range(count)]
    for name, shape in shapes.items():
        by_shard[min(count - 1, done * count // total)][name] = shape
        done += 2 * math.prod(shape)
    for number, inside in enumerate(by_shard, start=1):
        file = f"model-{number:05}-of-{count:05}.safetensors"
        header, at = {}, 0
        for name, shape in inside.items():
            header[name] = {"dtype": "BF16", "shape": shape, "data_offsets": [at, at := at + 2 * math.prod(shape)]}
        text = json.dumps(header).encode()
        with (folder / file).open("wb") as output:
            output.write(len(text).to_bytes(8, "little") + text)
            while output.tell() < 8 + len(text) + at:
                first = 2 * rng.integers(_BLOCK_VALUES // 2)
                output.write(block[first : first + 8 + len(text) + at - output.tell()])
        weight_map |= dict.fromkeys(inside, file)
    write_json(folder / "model.safetensors.index.json", {"metadata": {"total_size": total}, "weight_map": weight_map})


# The two processes


def serve(folder: Path, pipe: Connection) -> None:
    """A hub with the checkpoint, until anything is received; each answer is how many bytes of weights it sent."""
    with HubServer() as hub:
        repository = hub.add_folder(REPO, folder)
        for name in repository.files:
            repository.digests(name)
        pipe.send(hub.endpoint)
        while pipe.recv():
            pipe.send(hub.sent_bytes("*.safetensors"))


def work(endpoint: str, out: Path, cache: Path) -> None:
    """Convert."""
    constants.HF_HUB_CACHE = str(cache)
    convert(REPO, out, downloads=Downloads(lambda: Access(endpoint)))


@dataclass
class Watched:
    """The most that was seen, in bytes, and the processor time of each process."""

    disk: int = 0
    memory: int = 0
    seconds: dict[int, float] = field(default_factory=dict)

    def look(self, out: Path, pid: int) -> None:
        """Look once."""
        self.disk = max(self.disk, sum(blocks(out)))
        try:
            status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
            ticks = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except OSError:
            return
        if found := re.search(r"VmHWM:\s+(\d+) kB", status):
            self.memory = max(self.memory, 1024 * int(found[1]))
        self.seconds[pid] = (int(ticks[11]) + int(ticks[12])) / os.sysconf("SC_CLK_TCK")


def blocks(folder: Path) -> Iterator[int]:
    """What files take on the disk."""
    for path in folder.rglob("*"):
        try:
            yield path.stat().st_blocks * 512
        except OSError:  # dropped meanwhile
            continue


def run(endpoint: str, out: Path, cache: Path, kills: int, seconds: float, seen: Watched) -> float:
    """Convert, killed at random moments; the seconds that it took in all."""
    context, rng, started_s = multiprocessing.get_context("forkserver"), random.Random(1), time.monotonic()
    context.set_forkserver_preload(["benchmarks.streaming_conversion", "huggingface_hub.hf_api"])
    while True:
        process = context.Process(target=work, args=(endpoint, out, cache))
        process.start()
        until_s = time.monotonic() + (rng.uniform(0.02, 2 / kills) * seconds if kills > 0 else math.inf)
        kills -= 1
        while process.is_alive() and time.monotonic() < until_s:
            seen.look(out, process.pid or 0)
            process.join(_SAMPLE_S)
        if not process.is_alive():
            if process.exitcode:
                raise SystemExit(f"The conversion ended with exit code {process.exitcode}.")
            return time.monotonic() - started_s
        process.kill()
        process.join()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the checkpoint and the results are put; twice its size")
    parser.add_argument("--layers", type=int, default=8, help="of the language model's 40 (default: %(default)s)")
    parser.add_argument("--vision-layers", type=int, default=8, help="of the encoder's 32 (default: %(default)s)")
    parser.add_argument("--shards", type=int, default=3)
    parser.add_argument("--kills", type=int, default=0, help="kill the second conversion so often")
    args = parser.parse_args()
    source = args.folder / "checkpoint"
    if not (source / "model.safetensors.index.json").exists():
        write_checkpoint(settings(args.layers, args.vision_layers), source, args.shards)
    weights = sum(path.stat().st_size for path in source.glob("*.safetensors"))
    here, there = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(source, there), daemon=True)
    server.start()
    endpoint: str = here.recv()
    results: list[dict[str, Any]] = []
    for kills in (0, args.kills) if args.kills else (0,):
        out, seen = args.folder / f"out-{kills}", Watched()
        shutil.rmtree(out, ignore_errors=True)
        here.send(True)
        before = here.recv()
        took_s = run(endpoint, out, args.folder / "cache", kills, results[0]["seconds"] if results else 0.0, seen)
        here.send(True)
        sent = here.recv() - before
        made = sum(path.stat().st_size for path in out.glob("*.gguf"))
        results.append({
            "kills": kills, "seconds": took_s, "weights": weights, "result": made, "sent again": sent - weights,
            "disk at the peak": seen.disk, "peak / result": seen.disk / made, "memory at the peak": seen.memory,
            "MB/s": weights / took_s / 1e6, "processor s": sum(seen.seconds.values()),
        })  # fmt: skip
        print(json.dumps(results[-1], indent=2))
    here.send(None)
    if args.kills and any(
        (args.folder / "out-0" / path.name).read_bytes() != path.read_bytes() for path in out.glob("*.gguf")
    ):
        raise SystemExit("The results differ.")


if __name__ == "__main__":
    main()
