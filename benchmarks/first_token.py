"""Where the time of a first token goes: each part of it by itself, and the whole.

    python -m benchmarks.first_token --shape 11B --device gpu --json FILE

From an image that was never seen, 3.4 x 1.9 tiles large, to the choice of a token after 64 others; then a second
question of 32 tokens about it, and single tokens. The parts run one after the other on the same image, and each is
waited for. `--states` makes keys and values of so many states in one go.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from time import perf_counter
from typing import Any
from unittest.mock import patch

from benchmarks import report
from benchmarks.images import screenshot
from benchmarks.ours import Settings, WithImage, n_gpu_layers, random_tokens
from benchmarks.random_model import SHAPES, write
from desktop_vlm.families.mllama import cross_attention
from desktop_vlm.families.mllama.cross_attention import CrossAttention
from desktop_vlm.families.mllama.encoded_image import TileStates
from desktop_vlm.families.mllama.image_processor import process_image
from desktop_vlm.families.mllama.runner import MllamaRunner
from desktop_vlm.images.open import content_key
from desktop_vlm.runtime.prompt import Entry, Prompt

_PROMPT, _SECOND, _TOKENS = 64, 32, 16
Seconds = dict[str, float]


class Parts:
    """One loaded model."""

    def __init__(self, model: WithImage, tile_size: int, states: list[int]) -> None:
        self._model, self._session, self._tile_size, self._states = model, model.session, tile_size, states
        assert isinstance(model.session.vision, MllamaRunner)
        self._runner = model.session.vision

    def turn(self, seed: int) -> Seconds:
        """Every part once, of an image that is new each time."""
        whole = screenshot(self._tile_size, 2 * seed)
        taken = {"first token": self._model.first_token(whole, _PROMPT)[0]}
        taken["second question"] = self._model.second_question(whole, _PROMPT, _SECOND)[0]
        taken[f"{_TOKENS} tokens"], _ = _timed(lambda: [self._session.extend(1) for _ in range(_TOKENS)])
        self._session.forget()
        self._session.settle()
        return taken | self._parts(2 * seed + 1)

    def _parts(self, seed: int) -> Seconds:
        image = screenshot(self._tile_size, seed)
        encoder = self._runner._encoder  # noqa: SLF001 - its parts are what is measured
        assert encoder
        taken: Seconds = {}
        taken["identify"], key = _timed(lambda: content_key(image))
        taken["scale, cut, normalise"], tiles = _timed(
            lambda: process_image(image, self._model.mmproj.image_processor, encoder.pixels)
        )
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
        more = (*entries, *random_tokens(self._session.text.n_vocab, _SECOND))
        taken[f"{_SECOND} more"], _ = _timed(lambda: self._session.evaluate(Prompt(more), {key: image}))
        return taken


def _keys(attention: CrossAttention, states: TileStates, at_once: int) -> float:
    attention.forget()
    with patch.object(cross_attention, "states_at_once", lambda *, is_cpu: at_once):  # noqa: ARG005
        return _timed(lambda: attention.attend_to([states]))[0]


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
    args = parser.parse_args()
    files = write(args.shape, args.models, args.text_type, args.vision_type)
    settings = Settings(n_ctx=512, n_gpu_layers=n_gpu_layers(args.device))
    with closing(WithImage(*files, settings)) as model:
        parts = Parts(model, SHAPES[args.shape].vision["image_size"], [int(n) for n in args.states.split(",")])
        turns = [parts.turn(seed) for seed in range(args.repeat + 2)][2:]
    times = {name: report.summary([turn[name] for turn in turns], "s") for name in turns[0]}
    for name, time in times.items():
        lowest, middle, highest = (1e3 * time[which] for which in ("lowest", "median", "highest"))
        print(f"{name:44}{middle:9.2f} ms   ({lowest:.2f} - {highest:.2f})")
    report.write(args.json, "first_token", args, {"times": times})


if __name__ == "__main__":
    main()
