"""What a schema costs: decoding an answer held to one, beside the same tokens without.

    python -m benchmarks.structured --json docs/benchmarks/structured-demo-cpu.json
    python -m benchmarks.structured --shape 11B --device gpu --json docs/benchmarks/structured-11B-gpu.json

The schema's answer is drawn once. The rows then decode exactly its tokens, in turn: without a schema; with it, one
token a pass, which is what the matcher costs; and with it as the program does it, forced tokens in one pass with the
one before them. A choice is made of the real logits for every sampled token in every row, also where the answer's
token then replaces it. Without `--shape` or `--model` the model is the demo's text model, SmolLM2-135M; a random model
likes few of the tokens that a schema allows, which is the matcher's dearest case.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable
from contextlib import closing
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks import report
from benchmarks.ours import n_gpu_layers
from benchmarks.quiet import Quiet
from benchmarks.random_model import SHAPES, write
from benchmarks.turns import Turns, show, take_turns
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.diagnostics.speed.known_answer import Recorder, Teacher
from desktop_vlm.families import loading
from desktop_vlm.models.demo import demo_text
from desktop_vlm.runtime.generation import Generation
from desktop_vlm.runtime.prompt import Prompt
from desktop_vlm.runtime.sampling import Sampler, SamplingOptions
from desktop_vlm.runtime.session import Session
from desktop_vlm.runtime.text_stream import TextStream
from desktop_vlm.runtime.token_constraint import TokenConstraint, read_vocabulary

PLAIN = "the same tokens, no schema"
ONE_BY_ONE = "schema, one token a pass"
SCHEMA = "schema, forced tokens in one pass"

_PROMPT = "Here is the receipt as JSON, with the shop, the date, all items and the total:\n"
_NAME = {"type": "string", "minLength": 4, "maxLength": 24}
_PRICE = {"type": "integer", "minimum": 1, "maximum": 99_999}
_ITEM = {
    "type": "object",
    "properties": {"name": _NAME, "price": _PRICE},
    "required": ["name", "price"],
    "additionalProperties": False,
}
_RECEIPT = {
    "type": "object",
    "properties": {
        "shop": _NAME,
        "date": {"type": "string", "format": "date"},
        "items": {"type": "array", "items": _ITEM, "minItems": 4, "maxItems": 8},
        "total": _PRICE,
    },
    "required": ["shop", "date", "items", "total"],
    "additionalProperties": False,
}


class Follower(Teacher):
    """A teacher that takes forced tokens together, as the program does: they are the answer's own."""

    def forced(self) -> list[int]:
        tokens = Sampler.forced(self)
        assert tokens == list(islice(self._left, len(tokens))), "the schema forces other tokens than it did"
        return tokens


class Sides:
    """One model, and the rows over it."""

    def __init__(self, session: Session, options: SamplingOptions, max_tokens: int) -> None:
        """Draw the answer."""
        constraint = options.constraint()
        assert constraint is not None
        self._grammar = constraint
        self._session = session
        self._options = options
        self._vocabulary = read_vocabulary(session.text)
        self._prompt = Prompt(tuple(session.text.tokenize(_PROMPT)))
        recorder = Recorder(options, session.text.n_vocab, self._constraint())
        answer = self._decode(recorder, max_tokens)
        self.tokens, self.n_forced, self.finish = recorder.tokens, answer.n_forced, answer.finish

    def rows(self) -> dict[str, Callable[[], float]]:
        """What returns seconds, by name."""
        return {
            PLAIN: partial(self._taught, Teacher, is_held=False),
            ONE_BY_ONE: partial(self._taught, Teacher, is_held=True),
            SCHEMA: partial(self._taught, Follower, is_held=True),
        }

    def _constraint(self) -> TokenConstraint:
        return TokenConstraint(self._grammar, self._vocabulary)

    def _taught(self, kind: type[Teacher], *, is_held: bool) -> float:
        constraint = self._constraint() if is_held else None
        return self._decode(
            kind(self._options, self._session.text.n_vocab, self.tokens, constraint), len(self.tokens)
        ).decode_s

    def _decode(self, sampler: Sampler, max_tokens: int) -> Generation:
        generation = Generation(self._session, sampler, TextStream(()), max_tokens)
        with closing(sampler):
            logits, _timing = self._session.evaluate(self._prompt, {})
            for _piece in generation.run(logits[-1]):
                pass
        return generation


def measure(args: argparse.Namespace) -> dict[str, Any]:
    """All figures of one model."""
    options = SamplingOptions(temperature=args.temperature, seed=14, json_schema=json.dumps(_RECEIPT))
    layers = n_gpu_layers(args.device)
    loaded = loading.load(_model(args), LoadOptions(n_ctx=2048, n_gpu_layers=layers))
    with closing(loaded.session):
        sides = Sides(loaded.session, options, args.most)
        quiet = Quiet(args.patience if args.device == "cpu" else 0)
        turns = take_turns(sides.rows(), args.repeat, quiet)
    answer = {"tokens": len(sides.tokens), "forced": sides.n_forced, "finish": sides.finish}
    print(f"{answer['tokens']} tokens, {answer['forced']} of them forced; finish: {answer['finish']}")
    return {"answer": answer, "disturbed_measurements": quiet.disturbed, **_figures(turns, len(sides.tokens))}


def _figures(turns: Turns, n_tokens: int) -> dict[str, Any]:
    times = {name: report.summary([one / n_tokens for one in values], "s") for name, values in turns.items()}
    comparisons = {
        "time of the schema / time without": report.ratios(turns[PLAIN], turns[SCHEMA]),
        "the same, one token a pass (the matcher's cost)": report.ratios(turns[PLAIN], turns[ONE_BY_ONE]),
        "one token a pass / forced tokens in one pass": report.ratios(turns[SCHEMA], turns[ONE_BY_ONE]),
    }
    show(times, comparisons)
    return {"per_token": times, "comparisons": comparisons}


def _model(args: argparse.Namespace) -> ModelRef:
    if args.shape:
        return ModelRef(*write(args.shape, args.models, args.text_type, "Q8_0"))
    return ModelRef(args.model or demo_text(), None)


def main() -> None:
    """Measure, print, write."""
    parser = report.parser_for(__doc__)
    model = parser.add_mutually_exclusive_group()
    model.add_argument("--shape", choices=SHAPES, help="whose layers, with random weights")
    model.add_argument("--model", type=Path, help="GGUF file of a language model")
    report.add_common_arguments(parser)
    parser.add_argument("--text-type", default="Q4_K_M")
    parser.add_argument("--temperature", type=float, default=0.6)
    parser.add_argument("--most", type=int, default=200, metavar="TOKENS", help="longest answer")
    parser.add_argument("--repeat", type=int, default=9, metavar="N", help="turns after two that warm up")
    args = parser.parse_args()
    shape = None if args.shape else {"name": str(args.model.name if args.model else "SmolLM2-135M")}
    report.write(args.json, "structured", args, measure(args), shape)


if __name__ == "__main__":
    main()
