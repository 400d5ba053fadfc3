"""Where the time of a first token goes: each part of it by itself, and the whole.

    python -m benchmarks.first_token --shape 11B --device gpu --json FILE

From an image that was never seen, 3.4 x 1.9 tiles large, to the choice of a token after 64 others; then a second
question of 32 tokens about it, and single tokens. The parts run one after the other on the same image, and each is
waited for: together they take longer than the whole, in which they overlap. `--states` makes keys and values of so many
states in one go. A second question is looked at closer: as many tokens once more, for which everything is prepared by
then, and both without the image, which is llama.cpp alone.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from functools import partial
from time import perf_counter
from typing import Any
from unittest.mock import patch

from PIL import Image

from benchmarks import report
from benchmarks.images import screenshot
from benchmarks.ours import Settings, WithImage, n_gpu_layers, random_tokens
from benchmarks.random_model import SHAPES, write
from benchmarks.turns import show
from desktop_vlm.families.mllama import cross_attention
from desktop_vlm.families.mllama.cross_attention import CrossAttention
from desktop_vlm.families.mllama.encoded_image import TileStates
from desktop_vlm.families.mllama.image_processor import process_image
from desktop_vlm.families.mllama.runner import MllamaRunner
from desktop_vlm.images.identity import content_key
from desktop_vlm.runtime.prompt import Entry, Prompt

_PROMPT, _SECOND, _TOKENS = 64, 32, 16
Seconds = dict[str, float]


_LATER = 5
FIRST, SECOND = "first token", "second question"
IDENTIFY, SCALE, HOST = "identify", "scale, cut, normalise", "the processor's part: identify, scale, cut, normalise"


class Parts:
    """One loaded model."""

    def __init__(self, model: WithImage, tile_size: int, states: list[int]) -> None:
        self._model, self._session, self._tile_size, self._states = model, model.session, tile_size, states
        assert isinstance(model.session.vision, MllamaRunner)
        self._runner = model.session.vision

    def turn(self, seed: int) -> Seconds:
        """Every part once, of an image that is new each time."""
        whole = screenshot(self._tile_size, 2 * seed)
        taken = {FIRST: self._model.first_token(whole, _PROMPT)[0]}
        taken[SECOND] = self._model.second_question(whole, _PROMPT, _SECOND)[0]
        taken[f"{_TOKENS} tokens"], _ = _timed(lambda: [self._session.extend(1) for _ in range(_TOKENS)])
        self._session.forget()
        self._session.settle()
        return taken | self._parts(2 * seed + 1)

    def _parts(self, seed: int) -> Seconds:
        image = screenshot(self._tile_size, seed)
        encoder = self._runner._encoder  # noqa: SLF001 - its parts are what is measured
        assert encoder
        taken: Seconds = {}
        taken[IDENTIFY], key = _timed(lambda: content_key(image))
        taken[SCALE], tiles = _timed(lambda: process_image(image, self._model.mmproj.image_processor, encoder.pixels))
        taken[HOST] = taken[IDENTIFY] + taken[SCALE]
        self._runner._expect_moves()  # noqa: SLF001
        taken["drop the last image's keys"], _ = _timed(self._runner._drop_keys)  # noqa: SLF001
        taken["encoder and projector"], states = _timed(lambda: encoder.encode(tiles))
        for context in self._runner._cross_contexts():  # noqa: SLF001
            assert context.cross_attention
            for at_once in self._states:
                name = f"keys and values, {at_once} states at once"
                taken[name] = _keys(context.cross_attention, states, at_once)
            context.attended = (key,)
        self._runner._remembered[key] = states  # noqa: SLF001
        span = self._session.measure(key, image)
        entries: tuple[Entry, ...] = (span, *random_tokens(self._session.text.n_vocab, _PROMPT)[1:])
        taken[f"{_PROMPT} tokens of text"], _ = _timed(lambda: self._session.evaluate(Prompt(entries), {key: image}))
        taken |= self._questions(entries, {key: image}, "")
        text = tuple(random_tokens(self._session.text.n_vocab, _PROMPT))
        self._session.evaluate(Prompt(text), {})
        return taken | self._questions(text, {}, ", no image")

    def _questions(self, before: tuple[Entry, ...], images: dict[str, Image.Image], kind: str) -> Seconds:
        """A second question, and a third that is as long."""
        taken: Seconds = {}
        for name in (f"{_SECOND} more{kind}", f"another {_SECOND}{kind}"):
            before = (*before, *random_tokens(self._session.text.n_vocab, _SECOND))
            taken[name], _ = _timed(partial(self._session.evaluate, Prompt(before), images))
        return taken


def first_images(load: Callable[[], WithImage], tile_size: int, n_loads: int) -> list[Seconds]:
    """The first image after each of some loads, and the fifth."""
    found = []
    for seed in range(0, n_loads * _LATER, _LATER):
        with closing(load()) as model:
            taken = [model.first_token(screenshot(tile_size, 100 + seed + i), _PROMPT)[0] for i in range(_LATER)]
        found.append({"the first image after loading": taken[0], "the fifth": taken[-1]})
    return found


def _keys(attention: CrossAttention, states: TileStates, at_once: int) -> float:
    def make() -> None:
        attention.attend_to([states])
        attention._backend.wait()  # noqa: SLF001

    attention.forget()
    with patch.object(cross_attention, "states_at_once", lambda *, is_cpu: at_once):  # noqa: ARG005
        return _timed(make)[0]


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    started = perf_counter()
    found = work()
    return perf_counter() - started, found


def main() -> None:
    """Measure, print, write."""
    parser = report.parser_for(__doc__)
    report.add_arguments(parser)
    parser.add_argument("--text-type", default="Q4_K_M")
    parser.add_argument("--vision-type", default="Q8_0")
    parser.add_argument("--states", default="1024,2048", help="separated by commas")
    parser.add_argument("--repeat", type=int, default=7, metavar="N", help="turns after two that warm up")
    parser.add_argument("--loads", type=int, default=3, metavar="N", help="to see the first image after loading")
    args = parser.parse_args()
    files = write(args.shape, args.models, args.text_type, args.vision_type)
    load = partial(WithImage, *files, Settings(n_ctx=512, n_gpu_layers=n_gpu_layers(args.device)))
    tile_size: int = SHAPES[args.shape].vision["image_size"]
    loads = first_images(load, tile_size, args.loads)
    with closing(load()) as model:
        parts = Parts(model, tile_size, [int(n) for n in args.states.split(",")])
        turns = [parts.turn(seed) for seed in range(args.repeat + 2)][2:]
    times = {name: report.summary([turn[name] for turn in of], "s") for of in (loads, turns) if of for name in of[0]}
    ratios = {
        "first image: part of the fifth's time": report.summary([a / b for a, b in map(dict.values, loads)], "ratio")
    }
    show(times, ratios)
    report.write(args.json, "first_token", args, {"times": times, "ratios": ratios})


if __name__ == "__main__":
    main()
