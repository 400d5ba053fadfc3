"""How LLaVA 1.5, Pixtral and Qwen2.5-VL grow with tokens, images and context, beside llama.cpp's own mtmd path.

    python -m benchmarks.families_growth --model mid-qwen25vl --device gpu --json FILE

Encoding against the image's size, where the family has several; a first token against the tokens of the prompt behind
a small image, and against the number of small images; a token against the context. Both programs in turn, once a turn;
a ratio is the median of the turns' ratios, and says how many times as fast ours is.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from contextlib import ExitStack, closing
from dataclasses import asdict
from functools import partial
from typing import Any

from benchmarks import random_families, report
from benchmarks.families import MTMD, N_CTX, OURS, add_arguments, start_mtmd
from benchmarks.families_ours import FamilyModel
from benchmarks.images import SCREEN
from benchmarks.ours import n_gpu_layers
from benchmarks.peer import PeerProcess
from benchmarks.quiet import Quiet
from benchmarks.turns import Turns, show, take_turns
from desktop_vlm.api.options import LoadOptions

Size = tuple[int, int]

_SIZES: tuple[Size, ...] = ((448, 448), (1280, 720), SCREEN)
_SMALL: Size = (448, 448)
_PROMPTS = (16, 256, 1024)
_CONTEXTS = (16, 1024, 4096)
_IMAGES = (1, 2, 4)
_PROMPT = 64


class Growth:
    """Both programs, loaded at once.

    Attributes:
        ours: the loaded model.
        sizes: of what the encoder gets, without those that are alike.
    """

    def __init__(self, args: argparse.Namespace, stack: ExitStack) -> None:
        self._n_generate: int = args.generate
        layers = n_gpu_layers(args.device)
        paths = random_families.write(args.model, args.models, args.text_type, args.vision_type)
        self.ours = stack.enter_context(closing(FamilyModel(*paths, LoadOptions(N_CTX, layers))))
        self._peer: PeerProcess = stack.enter_context(start_mtmd(self.ours.mtmd_settings(layers)))
        self._peer.read()
        self.sizes = list(dict.fromkeys(self.ours.size_of(*size) for size in _SIZES))
        self._small = self.ours.size_of(*_SMALL)
        self._seed = 0

    def rows(self) -> dict[str, Callable[[], float]]:
        """What returns seconds, by name: ours and llama.cpp's after each other."""
        rows: dict[str, Callable[[], float]] = {}
        for width, height in self.sizes:
            rows |= self._both(f"encode, {width} x {height}", "encode", n=1, size=(width, height))
        for n_prompt in _PROMPTS:
            rows |= self._both(f"first token, {n_prompt} tokens", "several", **self._new(1, n_prompt))
        for n_images in _IMAGES:
            rows |= self._both(f"first token, {n_images} images", "several", **self._new(n_images, _PROMPT))
        for n_context in _CONTEXTS:
            asked = {"n_context": n_context, "n_generate": self._n_generate, "size": self._small}
            rows |= self._both(f"{self._n_generate} tokens after {n_context}", "decode", **asked)
        return rows

    def _new(self, n_images: int, n_prompt: int) -> dict[str, Any]:
        return {"n_images": n_images, "size": self._small, "n_prompt": n_prompt}

    def _both(self, name: str, what: str, **asked: Any) -> dict[str, Callable[[], float]]:
        return {
            f"{name}, {OURS}": partial(self._ours, what, asked),
            f"{name}, {MTMD}": partial(self._mtmd, what, asked),
        }

    def _ours(self, what: str, asked: dict[str, Any]) -> float:
        return float(getattr(self.ours, what)(**self._seeded(what, asked)))

    def _mtmd(self, what: str, asked: dict[str, Any]) -> float:
        return float(self._peer.ask(what, **self._seeded(what, asked)))

    def _seeded(self, what: str, asked: dict[str, Any]) -> dict[str, Any]:
        """With images that were never seen before: encoded ones would be remembered."""
        if what != "several":
            return asked
        self._seed += asked["n_images"]
        return {**asked, "seed": self._seed}


def compare(turns: Turns) -> dict[str, dict[str, Any]]:
    """How many times as fast ours is, for each row."""
    ours = [name for name in turns if name.endswith(f", {OURS}")]
    return {
        f"{kind}: times as fast as {MTMD}": report.ratios(turns[name], turns[f"{kind}, {MTMD}"])
        for name in ours
        for kind in [name.removesuffix(f", {OURS}")]
    }


def main() -> None:
    """Measure, print, write."""
    parser = report.parser_for(__doc__)
    add_arguments(parser)
    parser.add_argument("--vision-type", default="F16", help="type of the vision projector")
    parser.add_argument("--generate", type=int, default=16, metavar="TOKENS", help="decoded in each turn")
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="turns after two that warm up")
    args = parser.parse_args()
    quiet = Quiet(args.patience if args.device == "cpu" else 0)
    with ExitStack() as stack:
        growth = Growth(args, stack)
        turns = take_turns(growth.rows(), args.repeat, quiet)
    times = {name: report.summary(seconds, "s") for name, seconds in turns.items()}
    comparisons = compare(turns)
    show(times, comparisons)
    results = {
        "types": {"text": args.text_type, "vision": args.vision_type},
        "sizes": growth.sizes,
        "disturbed_measurements": quiet.disturbed,
        "times": times,
        "ratios": comparisons,
    }
    report.write(args.json, "families_growth", args, results, asdict(random_families.MODELS[args.model]))


if __name__ == "__main__":
    main()
