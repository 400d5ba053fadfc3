"""Speed beside transformers and beside plain llama.cpp, turn by turn in one run.

    python -m benchmarks.against_transformers --shape 11B --device gpu --json docs/benchmarks/speed-11B-gpu.json
    python -m benchmarks.against_transformers --shape mid --device cpu --json docs/benchmarks/speed-mid-cpu.json

Each turn runs every row once; a ratio is the median of the turns' ratios, so a machine that slows down for a
while changes little. Weights are random, of the shape's sizes (`benchmarks/random_model.py`).
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import asdict
from functools import partial
from typing import Any

from benchmarks import report
from benchmarks.images import screenshot
from benchmarks.model_bytes import BytesPerToken, bytes_per_token
from benchmarks.ours import Encoder, PlainText, Settings, WithImage, n_gpu_layers
from benchmarks.peer import Peer, start_peers
from benchmarks.quiet import Quiet
from benchmarks.random_model import SHAPES, write
from benchmarks.turns import Turns, show, take_turns

_PROMPT = 64
_SECOND_QUESTION = 32

PLAIN, IDLE, IMAGE = "decode, plain llama.cpp, text", "decode, ours, no image", "decode, ours, image"
ENCODE, FIRST, SECOND = "encode, ours, {}", "first token, ours", "first token, ours, same image again"


class SideBySide:
    """Everything that is measured, loaded at once."""

    def __init__(self, args: argparse.Namespace, stack: ExitStack) -> None:
        self._args = args
        self.quiet = Quiet(args.patience if args.device == "cpu" else 0)
        layers = n_gpu_layers(args.device)
        files = {
            vision: write(args.shape, args.models, args.text_type, vision) for vision in args.vision_types.split(",")
        }
        text_path, mmproj_path = list(files.values())[-1]
        settings = Settings(n_ctx=args.context + args.generate + _PROMPT, n_gpu_layers=layers)
        self._plain = stack.enter_context(closing(PlainText(text_path, settings)))
        self._ours = stack.enter_context(closing(WithImage(text_path, mmproj_path, settings)))
        self._encoders = {
            vision: stack.enter_context(closing(Encoder(paths[1], args.device))) for vision, paths in files.items()
        }
        self._peers: list[Peer] = [] if args.no_peer else start_peers(args.shape, args.device)
        for peer in self._peers:
            stack.enter_context(peer)
        self.bytes: BytesPerToken = bytes_per_token(text_path, self._ours.mmproj)
        self._tile_size = SHAPES[args.shape].vision["image_size"]
        self._image = screenshot(self._tile_size, seed=0)
        self._seed = 0
        self.second_questions: list[dict[str, Any]] = []

    def run(self) -> Turns:
        """Seconds of every row of every turn, without those that warm up."""
        return take_turns(self._rows(), self._args.repeat, self.quiet)

    def _rows(self) -> dict[str, Callable[[], float]]:
        return self._encode_rows() | self._first_token_rows() | self._decode_rows()

    def _encode_rows(self) -> dict[str, Callable[[], float]]:
        rows: dict[str, Callable[[], float]] = {f"encode, {peer.name}": peer.encode for peer in self._peers}
        for vision, encoder in self._encoders.items():
            rows[ENCODE.format(vision)] = partial(encoder.encode, encoder.tiles(4))
        return rows

    def _first_token_rows(self) -> dict[str, Callable[[], float]]:
        rows: dict[str, Callable[[], float]] = {}
        for peer in self._peers:
            rows[f"first token, {peer.name}"] = partial(self._peer_first_token, peer)
        rows[FIRST] = self._first_token
        rows[SECOND] = self._second_question
        return rows

    def _peer_first_token(self, peer: Peer) -> float:
        return peer.first_token(self._next_seed(), _PROMPT)

    def _first_token(self) -> float:
        """About an image that was never seen before: an encoded one would be remembered."""
        self._image = screenshot(self._tile_size, self._next_seed())
        return self._ours.first_token(self._image, _PROMPT)[0]

    def _second_question(self) -> float:
        """After the first question, which is asked again so that this can be repeated."""
        self._ours.first_token(self._image, _PROMPT)
        seconds, timing = self._ours.second_question(self._image, _PROMPT, _SECOND_QUESTION)
        self.second_questions.append(asdict(timing))
        return seconds

    def _next_seed(self) -> int:
        self._seed += 1
        return self._seed

    def _decode_rows(self) -> dict[str, Callable[[], float]]:
        n_context, n = self._args.context, self._args.generate
        rows: dict[str, Callable[[], float]] = {}
        for peer in self._peers:
            rows[f"decode, {peer.name}"] = partial(_per_token, partial(peer.decode, n_context, n), n)
        rows[PLAIN] = partial(_per_token, partial(self._plain.decode, n_context, n), n)
        for name, n_tiles in ((IDLE, 0), (IMAGE, 4)):
            rows[name] = partial(_per_token, partial(self._ours.decode, n_context, n, n_tiles=n_tiles), n)
        return rows


def _per_token(measure: Callable[[], float], n_tokens: int) -> float:
    return measure() / n_tokens


def compare(turns: Turns, read: BytesPerToken) -> dict[str, dict[str, Any]]:
    """The ratios of the issue's table, each a summary over the turns.

    Those against transformers say how many times as fast we are; its faster variant counts. `idle hook` is our time
    over plain llama.cpp's, and `of the ideal` the bytes-proportional time over ours: 1 is the ceiling of both.
    """
    found: dict[str, dict[str, Any]] = {}
    for kind in ("encode", "first token", "decode"):
        ours = [name for name in turns if name.startswith(f"{kind}, ours") and name not in {SECOND, IDLE}]
        for peer in (name for name in turns if name.startswith(f"{kind}, transformers")):
            for name in ours:
                found[f"{name}: times as fast as {peer.partition(', ')[2]}"] = report.ratios(turns[name], turns[peer])
    found["first token, same image again: part of the first time"] = report.ratios(turns[FIRST], turns[SECOND])
    found["decode, idle hook: part of plain llama.cpp's time"] = report.ratios(turns[PLAIN], turns[IDLE])
    for name, with_keys in (("weights", False), ("weights and keys", True)):
        ideal = [seconds * read.ideal_slowdown(with_keys=with_keys) for seconds in turns[PLAIN]]
        found[f"decode, image: part of the ideal's speed ({name})"] = report.ratios(turns[IMAGE], ideal)
    return found


def main() -> None:
    """Measure, print, write."""
    parser = report.parser_for(__doc__)
    report.add_arguments(parser)
    parser.add_argument(
        "--text-type", default="Q4_K_M", help="type of the language model and of the cross-attention layers"
    )
    parser.add_argument("--vision-types", default="F16,Q8_0", help="separated by commas; the last one answers")
    report.add_speed_arguments(parser, context="before the decoded tokens")
    parser.add_argument("--no-peer", action="store_true", help="without transformers, as where it does not fit")
    args = parser.parse_args()
    with ExitStack() as stack:
        sides = SideBySide(args, stack)
        turns = sides.run()
    times = {name: report.summary(seconds, "s") for name, seconds in turns.items()}
    comparisons = compare(turns, sides.bytes)
    show(times, comparisons)
    last = sides.second_questions[-1]
    print(f"second question: {last['cached_tokens']} tokens kept, encode {last['encode_s']} s")
    results = {
        "types": {"text": args.text_type, "vision": args.vision_types},
        "context_tokens": args.context,
        "disturbed_measurements": sides.quiet.disturbed,
        "times": times,
        "ratios": comparisons,
        "second_questions": sides.second_questions,
        "bytes_per_token": asdict(sides.bytes),
    }
    report.write(args.json, "against_transformers", args, results)


if __name__ == "__main__":
    main()
