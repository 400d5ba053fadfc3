"""A draft model beside Llama 3.2 11B: what it costs, and what answers gain where its guesses are right.

    python -m benchmarks.drafting --shape 11B --draft-shape 1B --device gpu --json FILE

Random weights are never sure of a token, so they would draft nothing. Here the small model computes every token as it
would, and then says what it is given: the answer's next token, as often as the row says, else another one. What it
really guesses is a matter of real models: `desktop-vlm bench --draft MODEL` says. Times are those of one token.
Each row is a session of its own, which learns by itself what passes take; a first answer begins without knowing.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from benchmarks import report
from benchmarks.ours import n_gpu_layers
from benchmarks.quiet import Quiet
from benchmarks.random_model import DRAFTS, SHAPES, write, write_text
from benchmarks.turns import Turns, show, take_turns
from desktop_vlm import backend
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.diagnostics.speed.known_answer import Recorder, Teacher
from desktop_vlm.runtime import draft_model
from desktop_vlm.runtime.draft_length import DraftLength
from desktop_vlm.runtime.draft_model import DraftModel
from desktop_vlm.runtime.generation import Drafts, Generation
from desktop_vlm.runtime.lookup import Lookup
from desktop_vlm.runtime.pass_times import ROWS, pass_times
from desktop_vlm.runtime.prompt import Prompt
from desktop_vlm.runtime.sampling import Sampler, SamplingOptions
from desktop_vlm.runtime.text_stream import TextStream

PLAIN = "one token a pass"
RATES = (1.0, 0.9, 0.75, 0.5, 0.0)
FIRST_RATES = (1.0, 0.0)
_LIKELIEST = SamplingOptions(temperature=0.0)
_N_PROMPT = 200


class _Sides:
    """A model and its draft model, a prompt, and one answer."""

    def __init__(self, model: backend.Model, n_tokens: int) -> None:
        """Draw the answer."""
        loaded = model._loaded  # noqa: SLF001 - its parts are what is measured
        assert loaded.draft
        self._session, self._draft, self._n_tokens = loaded.session, loaded.draft, n_tokens
        self._n_vocab, self._on_gpu = model.n_vocab, model.n_gpu_layers > 0
        self._prompt = [1000 + 7 * i % 500 for i in range(_N_PROMPT)]
        recorder = Recorder(_LIKELIEST, self._n_vocab)
        self._decode(recorder, None)
        self._answer = recorder.tokens
        self._lengths: dict[float, DraftLength] = {}
        self.counts: dict[str, dict[str, int]] = {}
        self.costs_s: dict[str, dict[str, float]] = {}

    def rows(self) -> dict[str, Callable[[], float]]:
        """What returns seconds, by name."""
        rows: dict[str, Callable[[], float]] = {PLAIN: partial(self._seconds, None)}
        rows |= {drafts_of(rate): partial(self._guided, rate) for rate in RATES}
        return rows | {drafts_of(rate, first=True): partial(self._guided, rate, first=True) for rate in FIRST_RATES}

    def _costs_s(self) -> dict[str, float]:
        """What the draft model counts with: a token drafted, one of many read, and passes of the large one."""
        draft = self._draft
        passes = {f"a pass of {rows}": draft.times.of(rows) for rows in ROWS}
        return {"a token drafted": draft._step_s, "a token read": draft._read_s()} | passes  # noqa: SLF001

    def _guided(self, rate: float, *, first: bool = False) -> float:
        """An answer with a draft model that knows what it learnt in earlier ones, unless this is the first."""
        draft = self._draft
        fresh = DraftLength(times=pass_times(on_gpu=self._on_gpu), remembered=draft_model._REMEMBERED)  # noqa: SLF001
        length = fresh if first else self._lengths.setdefault(rate, fresh)
        draft._length, draft.times = length, length.times  # noqa: SLF001
        draft._held.clear()  # noqa: SLF001
        draft.n_drafted = draft.n_right = 0
        with _says(draft, self._answer, _N_PROMPT, rate):
            seconds = self._seconds(draft)
        name = drafts_of(rate, first=first)
        self.counts[name] = {"drafted": draft.n_drafted, "right": draft.n_right}
        self.costs_s[name] = self._costs_s()
        return seconds

    def _seconds(self, draft: DraftModel | None) -> float:
        return self._decode(Teacher(_LIKELIEST, self._n_vocab, self._answer), draft)

    def _decode(self, sampler: Sampler, draft: DraftModel | None) -> float:
        drafts = None
        if draft:
            draft.begin(self._prompt)
            drafts = Drafts(Lookup(), _Nothing(times=draft.times), draft)
        generation = Generation(self._session, sampler, TextStream(()), self._n_tokens, drafts)
        self._session.forget()  # the prompt, since a new one stands before every answer
        with closing(sampler):
            logits, timing = self._session.evaluate(Prompt(tuple(self._prompt)), {})
            if draft and drafts:
                drafts.length.note_prefill(timing.computed_tokens, timing.prefill_s)
                draft.pass_by(timing.prefill_s)
            for _piece in generation.run(logits[-1]):
                pass
        return generation.decode_s / generation.n_tokens


class _Nothing(DraftLength):
    """Leaves what stood before to others."""

    def choose(self, *_: Any, **__: Any) -> int:
        return 0


@contextmanager
def _says(draft: DraftModel, answer: Sequence[int], n_prompt: int, rate: float) -> Iterator[None]:
    """Within, the draft model says the answer's tokens, of which `rate` are right."""
    right = np.random.default_rng(0).random(len(answer)) < rate
    likely = draft_model._likely  # noqa: SLF001

    def says(logits: NDArray[np.float32]) -> int | None:
        likely(logits)
        at = draft._start + len(draft._held) - n_prompt  # noqa: SLF001
        if at >= len(answer):
            return None
        return answer[at] if right[at] else (answer[at] + 1) % 1000

    with patch.object(draft_model, "_likely", says):
        yield


def drafts_of(rate: float, *, first: bool = False) -> str:
    """The name of a row."""
    return f"{rate:.0%} of the draft model's tokens are right{', the first answer' if first else ''}"


def compare(turns: Turns) -> dict[str, dict[str, Any]]:
    """How many times as fast an answer is with the draft model."""
    return {f"{PLAIN} / {name}": report.ratios(values, turns[PLAIN]) for name, values in turns.items() if name != PLAIN}


def measure(args: argparse.Namespace) -> dict[str, Any]:
    """All figures of one pair of models."""
    text, mmproj = write(args.shape, args.models, args.text_type, "Q8_0")
    draft = write_text(args.draft_shape, args.models, args.draft_type)
    options = LoadOptions(n_ctx=2048, n_gpu_layers=n_gpu_layers(args.device))
    quiet = Quiet(args.patience if args.device == "cpu" else 0)
    with backend.load_model(ModelRef(text, mmproj, draft), options) as model:
        sides = _Sides(model, args.most)
        turns = take_turns(sides.rows(), args.repeat, quiet)
    times = {name: report.summary(values, "s") for name, values in turns.items()}
    comparisons = compare(turns)
    show(times, comparisons)
    for name, count in sides.counts.items():
        costs = ", ".join(f"{what} {1e3 * seconds:.3f} ms" for what, seconds in sides.costs_s[name].items())
        print(f"in the last turn, {name}: {count}, counted with: {costs}")
    return {
        "types": {"text": args.text_type, "draft": args.draft_type},
        "draft_shape": args.draft_shape,
        "disturbed_measurements": quiet.disturbed,
        "times": times,
        "ratios": comparisons,
        "draft_token_s": sides.costs_s[drafts_of(RATES[0])]["a token drafted"],
        "costs_s": sides.costs_s,
        "drafted": sides.counts,
    }


def main() -> None:
    """Measure, print, write."""
    parser = report.parser_for(__doc__)
    parser.add_argument("--shape", choices=SHAPES, default="mid", help="whose layers, with random weights")
    report.add_common_arguments(parser)
    parser.add_argument("--draft-shape", choices=DRAFTS, default="mid", help="of the draft model")
    parser.add_argument("--text-type", default="Q4_K_M")
    parser.add_argument("--draft-type", default="Q4_K_M")
    parser.add_argument("--most", type=int, default=120, metavar="TOKENS", help="length of the answer")
    parser.add_argument("--repeat", type=int, default=5, metavar="N", help="turns after two that warm up")
    args = parser.parse_args()
    report.write(args.json, "drafting", args, measure(args), None)


if __name__ == "__main__":
    main()
