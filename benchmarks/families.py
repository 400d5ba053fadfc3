"""Speed of LLaVA 1.5, Pixtral and Qwen2.5-VL beside llama.cpp's own mtmd path and beside transformers.

    python -m benchmarks.families --model qwen2.5-vl-7b --device gpu --json docs/benchmarks/speed-qwen2.5-vl-7b-gpu.json

All rows are measured in turn, once a turn, each program in a process of its own; a ratio is the median of the turns'
ratios. Weights are random, of the real shapes (`benchmarks/random_families.py`). The image is that of a screen of
1920 x 1080: "same pixels" is one of the size that the encoder gets, so that nobody resizes; "whole screen" has
everybody resize it in his own way. `benchmarks.families_memory` measures memory.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import asdict
from functools import partial
from typing import Any

from benchmarks import random_families, report
from benchmarks.families_ours import FamilyModel
from benchmarks.mtmd_peer import MtmdSettings
from benchmarks.ours import n_gpu_layers
from benchmarks.peer import PeerProcess
from benchmarks.quiet import Quiet
from benchmarks.turns import Turns, show, take_turns
from desktop_vlm.api.options import LoadOptions

OURS, MTMD, TRANSFORMERS = "ours", "llama.cpp's mtmd", "transformers bfloat16"
N_CTX = 8192
"""With 4096, Pixtral would get a smaller image."""
_PROMPT = 64
_ENCODES = 3
"""In a row, for one value: that of a small image takes a few milliseconds."""
_SAME, _SCREEN = "first token, same pixels", "first token, whole screen"


class SideBySide:
    """Our engine, llama.cpp without it, and transformers, loaded at once.

    Attributes:
        ours: the loaded model.
        quiet: waits for a machine at rest.
        settings: that llama.cpp got.
    """

    def __init__(self, args: argparse.Namespace, stack: ExitStack) -> None:
        self._args = args
        self._seed = 0
        self.quiet = Quiet(args.patience if args.device == "cpu" else 0)
        layers = n_gpu_layers(args.device)
        paths = random_families.write(args.model, args.models, args.text_type, args.vision_type)
        self.ours = stack.enter_context(closing(FamilyModel(*paths, LoadOptions(N_CTX, layers))))
        self.settings: MtmdSettings = self.ours.mtmd_settings(layers)
        self._peers = [start_mtmd(self.settings)]
        if not args.no_transformers:
            self._peers.append(_transformers(args, self.ours.size))
        for peer in self._peers:
            stack.enter_context(peer)
        for peer in self._peers:
            peer.read()

    def run(self) -> Turns:
        """Seconds of every row of every turn, without those that warm up."""
        return take_turns(self._rows(), self._args.repeat, self.quiet)

    def _rows(self) -> dict[str, Callable[[], float]]:
        rows: dict[str, Callable[[], float]] = {f"encode, {OURS}": partial(self.ours.encode, _ENCODES)}
        for peer in self._peers:
            rows[f"encode, {peer.name}"] = partial(peer.ask, "encode", n=_ENCODES)
        rows["encode, mtmd_encode_chunk alone"] = partial(self._peers[0].ask, "encode_alone", n=_ENCODES)
        for kind, whole_screen in ((_SAME, False), (_SCREEN, True)):
            rows[f"{kind}, {OURS}"] = partial(self._first_token, whole_screen=whole_screen)
            for peer in self._peers:
                rows[f"{kind}, {peer.name}"] = partial(self._peer_first_token, peer, whole_screen=whole_screen)
        rows[f"decode, {OURS}"] = self._decode
        for peer in self._peers:
            rows[f"decode, {peer.name}"] = partial(self._peer_decode, peer)
        return rows

    def _first_token(self, *, whole_screen: bool) -> float:
        """About an image that was never seen before: an encoded one would be remembered."""
        return self.ours.first_token(self._next_seed(), _PROMPT, whole_screen=whole_screen)

    def _peer_first_token(self, peer: PeerProcess, *, whole_screen: bool) -> float:
        return float(peer.ask("first_token", seed=self._next_seed(), n_prompt=_PROMPT, whole_screen=whole_screen))

    def _decode(self) -> float:
        n: int = self._args.generate
        return self.ours.decode(self._args.context, n) / n

    def _peer_decode(self, peer: PeerProcess) -> float:
        n: int = self._args.generate
        return float(peer.ask("decode", n_context=self._args.context, n_generate=n)) / n

    def _next_seed(self) -> int:
        self._seed += 1
        return self._seed


def start_mtmd(settings: MtmdSettings) -> PeerProcess:
    """llama.cpp's own way, in a process of its own; it says when it is ready."""
    return PeerProcess(MTMD, "benchmarks.mtmd_peer", [json.dumps(asdict(settings))])


def _transformers(args: argparse.Namespace, size: tuple[int, int]) -> PeerProcess:
    device = "cuda" if args.device == "gpu" else "cpu"
    options = ["--model", args.model, "--device", device, "--width", str(size[0]), "--height", str(size[1])]
    return PeerProcess(TRANSFORMERS, "benchmarks.families_transformers", options)


def compare(turns: Turns) -> dict[str, dict[str, Any]]:
    """How many times as fast we are as each of the others, each a summary over the turns."""
    found: dict[str, dict[str, Any]] = {}
    for kind in ("encode", _SAME, _SCREEN, "decode"):
        for other in (MTMD, TRANSFORMERS):
            if f"{kind}, {other}" in turns:
                found[f"{kind}: times as fast as {other}"] = report.ratios(
                    turns[f"{kind}, {OURS}"], turns[f"{kind}, {other}"]
                )
    return found


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the benchmarks of these families."""
    parser.add_argument("--model", choices=random_families.MODELS, required=True, help="whose layers")
    parser.add_argument("--text-type", default="Q4_K_M", help="type of the language model")
    report.add_common_arguments(parser)


def main() -> None:
    """Measure, print, write."""
    parser = report.parser_for(__doc__)
    add_arguments(parser)
    parser.add_argument("--vision-type", default="F16", help="type of the vision projector")
    report.add_speed_arguments(parser, context="between image and decoded tokens")
    parser.add_argument("--no-transformers", action="store_true", help="as where it does not fit")
    args = parser.parse_args()
    with ExitStack() as stack:
        sides = SideBySide(args, stack)
        n_tokens = sides.ours.n_image_tokens
        print(f"image of {sides.ours.size[0]} x {sides.ours.size[1]} pixels, {n_tokens:,} tokens", flush=True)
        turns = sides.run()
    times = {name: report.summary(seconds, "s") for name, seconds in turns.items()}
    comparisons = compare(turns)
    show(times, comparisons)
    results = {
        "types": {"text": args.text_type, "vision": args.vision_type},
        "image": {"size": sides.ours.size, "tokens": n_tokens},
        "settings": asdict(sides.settings),
        "context_tokens": args.context,
        "disturbed_measurements": sides.quiet.disturbed,
        "times": times,
        "ratios": comparisons,
    }
    report.write(args.json, "families", args, results, asdict(random_families.MODELS[args.model]))


if __name__ == "__main__":
    main()
