"""How time grows with the context and with the tiles of an image.

    python -m benchmarks.scaling --shape 11B --device gpu --json docs/benchmarks/scaling-11B-gpu.json

Context: milliseconds for each decoded token after 0, 1024, ... tokens, for plain llama.cpp, for ours with an image
of four tiles and for transformers. Tiles: encoding, first token and decoding for images of one to four tiles, and
the peak memory of each (as `benchmarks.memory` measures it). The encoder computes all tiles whatever the image, as
Meta's does; what an image of fewer tiles saves is in the language model.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import replace
from functools import partial
from typing import Any

from benchmarks import memory, report
from benchmarks.images import filling
from benchmarks.ours import Encoder, PlainText, Settings, WithImage, n_gpu_layers
from benchmarks.peer import Peer, start_peers
from benchmarks.quiet import Quiet
from benchmarks.random_model import SHAPES, write

_TILES = (1, 2, 3, 4)
_TILES_CONTEXT = 64
_SLACK = 128


class Scale:
    """All sides of the comparison, loaded at once."""

    def __init__(self, args: argparse.Namespace, stack: ExitStack) -> None:
        self._args = args
        self.quiet = Quiet(args.patience if args.device == "cpu" else 0)
        self._n_images = 0
        layers = n_gpu_layers(args.device)
        text_path, mmproj_path = write(args.shape, args.models, args.text_type, args.vision_type)
        settings = Settings(max(args.contexts) + args.generate + _SLACK, layers, args.kv_type)
        self._plain = stack.enter_context(closing(PlainText(text_path, settings)))
        self._ours = stack.enter_context(closing(WithImage(text_path, mmproj_path, settings)))
        self._encoder = stack.enter_context(closing(Encoder(mmproj_path, args.device)))
        peers = [] if args.no_peer else start_peers(args.shape, args.device)
        self._peers: list[Peer] = [stack.enter_context(peer) for peer in peers]

    def contexts(self) -> list[dict[str, Any]]:
        """Seconds of a token at each context length, each a summary."""
        found = []
        for n_context in sorted(args_context for args_context in self._args.contexts):
            n_before = max(n_context, 1)  # the image's own token
            sides = self._decode_sides(n_before)
            times = self._take_turns(sides)
            found.append({"context_tokens": n_context, "decode": times})
            _show(f"{n_context:6} tokens before", times)
        return found

    def tiles(self) -> list[dict[str, Any]]:
        """Seconds of encoding, first token and decoding for each number of tiles, each a summary."""
        found = []
        for n_tiles in _TILES:
            tiled = self._encoder.tiles(n_tiles)
            sides: dict[str, Callable[[], float]] = {
                "encode, ours": partial(self._encoder.encode, tiled),
                "first token, ours": partial(self._first_token, n_tiles),
                "decode, ours": partial(self._per_token, partial(self._ours.decode, _TILES_CONTEXT, n_tiles=n_tiles)),
            }
            for peer in self._peers:
                sides[f"encode, {peer.name}"] = partial(peer.encode, n_tiles)
            times = self._take_turns(sides)
            found.append({"tiles": n_tiles, "times": times})
            _show(f"{n_tiles} tiles", times)
        return found

    def _first_token(self, n_tiles: int) -> float:
        """An image that was never seen before: an encoded one would be remembered."""
        self._n_images += 1
        image = filling(SHAPES[self._args.shape].vision["image_size"], n_tiles, seed=self._n_images)
        return self._ours.first_token(image, _TILES_CONTEXT)[0]

    def _decode_sides(self, n_context: int) -> dict[str, Callable[[], float]]:
        sides: dict[str, Callable[[], float]] = {
            "plain llama.cpp, text": partial(self._per_token, partial(self._plain.decode, n_context)),
            "ours, image": partial(self._per_token, partial(self._ours.decode, n_context, n_tiles=4)),
        }
        for peer in self._peers:
            sides[peer.name] = partial(self._per_token, partial(peer.decode, n_context))
        return sides

    def _per_token(self, decode: Callable[[int], float]) -> float:
        n_tokens: int = self._args.generate
        return decode(n_tokens) / n_tokens

    def _take_turns(self, sides: dict[str, Callable[[], float]]) -> dict[str, Any]:
        """One turn that warms up, and `--repeat` that count."""
        seconds: dict[str, list[float]] = {name: [] for name in sides}
        for turn in range(1 + self._args.repeat):
            for name, measure in sides.items():
                took = self.quiet.measure(measure)
                if turn:
                    seconds[name].append(took)
        return {name: report.summary(values, "s") for name, values in seconds.items()}


def tile_memory(args: argparse.Namespace) -> list[dict[str, Any]]:
    """Peak memory for each number of tiles, in bytes."""
    layers = n_gpu_layers(args.device)
    case = memory.Case(args.text_type, args.vision_type, 4096, args.kv_type, layers)
    found = []
    for n_tiles in _TILES:
        result = memory.measure(args, replace(case, n_tiles=n_tiles))
        print(f"{n_tiles} tiles: peak {result.get('peak_bytes', 0) / 2**20:,.0f} MiB", flush=True)
        found.append({"tiles": n_tiles, **result})
    return found


def _show(head: str, times: dict[str, Any]) -> None:
    print(head + "".join(f"   {name} {figure['median'] * 1e3:.2f} ms" for name, figure in times.items()), flush=True)


def main() -> None:
    """Measure, print, write."""
    parser = report.parser_for(__doc__)
    report.add_arguments(parser)
    parser.add_argument("--text-type", default="Q4_K_M")
    parser.add_argument("--vision-type", default="Q8_0")
    parser.add_argument("--kv-type", default="F16")
    parser.add_argument("--contexts", type=int, nargs="*", default=[0, 1024, 2048, 4096, 8192, 16384], metavar="TOKENS")
    parser.add_argument("--generate", type=int, default=16, metavar="TOKENS", help="decoded in each turn")
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="turns after one that warms up")
    parser.add_argument("--no-peer", action="store_true", help="without transformers, as where it does not fit")
    args = parser.parse_args()
    with ExitStack() as stack:
        scale = Scale(args, stack)
        contexts, tiles = scale.contexts(), scale.tiles()
    settings = {"text": args.text_type, "vision": args.vision_type, "kv": args.kv_type}
    results = {
        "types": settings,
        "disturbed_measurements": scale.quiet.disturbed,
        "contexts": contexts,
        "tiles": tiles,
        "tile_memory": tile_memory(args),
    }
    report.write(args.json, "scaling", args, results)


if __name__ == "__main__":
    main()
