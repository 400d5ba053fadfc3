"""How much of real answers lookup decoding finds: passes and tokens of the bundled demo, on tasks and on prose.

    python -m benchmarks.lookup_acceptance --json docs/benchmarks/lookup-acceptance.json

The demo answers about images that are drawn here, likeliest tokens only, with what is written in them as the text that
an answer may repeat (a text layer read by OCR would be nearly the same). What passes of several tokens take is given,
not measured: `--costs` are those of Llama 3.2 11B on an H200 (`lookup-11B-gpu.json`), so that the figures are about a
GPU although the demo runs on a processor, and answers are the same on every machine. Then every answer is given again,
with lookup decoding as the program does it on this device and one token a pass, in turn: "here".
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from benchmarks import report
from benchmarks.ours import n_gpu_layers
from desktop_vlm import backend
from desktop_vlm.api.answer import Usage
from desktop_vlm.models.demo import demo_model
from desktop_vlm.runtime.draft_length import DraftLength
from desktop_vlm.runtime.pass_times import ROWS

_COSTS = (1.0, 1.12, 1.49, 2.15, 2.09)
_PASS_S = 5e-3


@dataclass(frozen=True)
class Task:
    """A question about what is drawn.

    Attributes:
        name: of the figure.
        lines: that are drawn, or nothing for a question without an image.
        question: as it is asked.
        schema: that the answer is held to.
    """

    name: str
    lines: tuple[str, ...]
    question: str
    schema: dict[str, Any] | None = None


_ITEMS = ("Bread 3.20", "Butter 2.45", "Coffee 7.90", "Apples 4.15")
_TEXTS = {"type": "array", "items": {"type": "string", "maxLength": 24}, "minItems": 4, "maxItems": 4}
TASKS = (
    Task("dialog: read it", ("Disk full", "Save to another drive and try again.", "Retry Cancel"), "Read the message."),
    Task(
        "dialog: as JSON",
        ("Update ready", "Restart to finish the update.", "Later Restart"),
        "Write the dialog as JSON.",
        {
            "type": "object",
            "properties": {
                "title": {"type": "string", "maxLength": 40},
                "message": {"type": "string", "maxLength": 60},
            },
            "required": ["title", "message"],
            "additionalProperties": False,
        },
    ),
    Task(
        "receipt: as JSON",
        ("GREEN MARKET", *_ITEMS, "TOTAL 17.70"),
        "Write the receipt as JSON.",
        {
            "type": "object",
            "properties": {"shop": {"type": "string", "maxLength": 24}, "items": _TEXTS, "total": {"type": "number"}},
            "required": ["shop", "items", "total"],
            "additionalProperties": False,
        },
    ),
    Task("list: word by word", _ITEMS, "Extract the text."),
    Task("prose", (), "Write a story about a fox and a river."),
    Task("prose: explain", (), "Explain in a few sentences how a bicycle stays upright."),
)


class _Simulated(DraftLength):
    """Decides as on a device whose passes take just what the costs say, and counts.

    Attributes:
        n_passes, n_drafted, n_right, cost: of one answer; the last in passes of one token.
    """

    def __init__(self, costs: Sequence[float]) -> None:
        super().__init__(on_gpu=True)
        self._costs = dict(zip(ROWS, costs, strict=True))
        self.count()

    def count(self) -> None:
        """Begin a new count."""
        self.n_passes = self.n_drafted = self.n_right = 0
        self.cost = 0.0

    def note(
        self, n_chosen: int, n_drafted: int, n_right: int, agreed: int, _seconds: float, making_s: float = 0.0
    ) -> None:
        cost = self._costs[min((one for one in ROWS if one >= n_chosen + n_drafted), default=ROWS[-1])]
        super().note(n_chosen, n_drafted, n_right, agreed, cost * _PASS_S, making_s)
        self.n_passes += 1
        self.n_drafted += n_drafted
        self.n_right += n_right
        self.cost += cost


def drawn(lines: Sequence[str]) -> Image.Image:
    """The lines, black on white, at a size that the demo reads."""
    image = Image.new("RGB", (420, 40 + 34 * len(lines)), "white")
    draw = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        draw.text((20, 20 + 34 * number), line, fill="black", font=ImageFont.load_default(size=20))
    return image


def measure(args: argparse.Namespace) -> dict[str, Any]:
    """Figures of each task: the answer, and what it took with and without."""
    figures: dict[str, Any] = {}
    layers = n_gpu_layers(args.device)
    files = args.model or demo_model()
    with backend.load(*files, n_ctx=2048, n_threads=args.threads, n_gpu_layers=layers) as model:
        as_it_is, length = model._draft_length, _Simulated(args.costs)  # noqa: SLF001
        for task in TASKS:
            model._draft_length = length  # noqa: SLF001
            length.count()
            answer, usage = _asked(model, task, args.most)
            n_tokens = usage.generated_tokens
            model._draft_length = as_it_is  # noqa: SLF001
            figures[task.name] = {
                "answer": answer,
                "tokens": n_tokens,
                "passes": length.n_passes,
                "drafted": length.n_drafted,
                "right": length.n_right,
                "times as fast": max(1, n_tokens - 1) / max(1.0, length.cost),
                "times as fast here": _measured(model, task, args),
            }
            one = figures[task.name]
            print(
                f"{task.name:20}{n_tokens:5} tokens in {length.n_passes:4} passes, "
                f"{length.n_right}/{length.n_drafted} drafted were right, {one['times as fast']:.2f} times as fast, "
                f"{one['times as fast here']['median']:.2f} here"
            )
    return figures


def _asked(model: backend.Model, task: Task, most: int, *, lookup: bool = True) -> tuple[str, Usage]:
    """The answer to a task, nothing known before, and what it took."""
    content: list[dict[str, Any]] = [{"type": "text", "text": task.question}]
    if task.lines:
        content.insert(0, {"type": "image", "image": drawn(task.lines)})
    sampling: dict[str, Any] = {"temperature": 0.0}
    if task.schema:
        sampling["json_schema"] = json.dumps(task.schema)
    model.forget()
    *chunks, last = model.chat(
        [{"role": "user", "content": content}], max_tokens=most, repeatable=task.lines, lookup=lookup, **sampling
    )
    assert last.usage is not None
    return "".join(chunk.text for chunk in chunks), last.usage


def _measured(model: backend.Model, task: Task, args: argparse.Namespace) -> dict[str, Any]:
    """How many times as fast a token is with lookup decoding as without, over turns after one that warms up."""
    turns: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(1 + args.repeat):
        for lookup, seconds in turns.items():
            _, usage = _asked(model, task, args.most, lookup=lookup)
            seconds.append(usage.decode_s / max(1, usage.generated_tokens))
    return report.ratios(turns[True][1:], turns[False][1:])


def main() -> None:
    """Measure, print, write."""
    parser = report.parser_for(__doc__)
    report.add_common_arguments(parser)
    parser.add_argument("--costs", type=float, nargs=len(ROWS), default=_COSTS, help=f"of passes of {ROWS} tokens")
    parser.add_argument("--most", type=int, default=120, metavar="TOKENS", help="longest answer")
    parser.add_argument("--threads", type=int, default=None)
    parser.add_argument("--repeat", type=int, default=3, metavar="N", help="turns in which time is measured")
    parser.add_argument(
        "--model", type=Path, nargs=2, metavar=("TEXT", "MMPROJ"), help="files of the demo (default: the bundled ones)"
    )
    args = parser.parse_args()
    report.write(args.json, "lookup_acceptance", args, measure(args), {"name": "demo"})


if __name__ == "__main__":
    main()
