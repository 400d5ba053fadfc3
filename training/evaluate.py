"""How well the demo model reads, measured through its GGUF files and our engine, decoding greedily.

    python -m training.evaluate --mmproj assets/demo/demo-mmproj-Q8_0.gguf --count 100 --out results.json

Held-out images come from the generator with fonts, words and layouts that training never saw; `real_programs`
holds screenshots of real programs.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import fmean

from PIL import Image

from desktop_vlm import backend
from desktop_vlm.backend import Model
from desktop_vlm.images.open import open_image
from desktop_vlm.models.demo import demo_model
from desktop_vlm.quick_actions.builtin import RECEIPT_SCHEMA
from training.scoring import (
    anls,
    cells_right,
    exact,
    field_accuracy,
    first_word,
    letters_right,
    list_f1,
    quoted,
    slot_f1,
)
from training.screens import Question, draw_composite, draw_desktop, draw_screen
from training.screens.legibility import TOO_SMALL
from training.screens.pages import PROMPTS

REAL_PROGRAMS = Path(__file__).parent / "real_programs"

Metric = Callable[[str, str], float]


@dataclass(frozen=True)
class Item:
    """One question with its image and the true answer."""

    task: str
    image: Image.Image
    question: str
    answer: str
    schema: str | None = None


@dataclass(frozen=True)
class Result:
    """What the model answered, and the score (0 to 1)."""

    task: str
    question: str
    expected: str
    found: str
    score: float


METRICS: dict[str, Metric] = {
    "dialog": anls,
    "buttons": list_f1,
    "colour": exact,
    "shape": exact,
    "count": exact,
    "composite": anls,
    "receipt": field_accuracy,
    "real programs": anls,
    "other text": anls,
    "screen: title": anls,
    "screen: dialog": anls,
    "screen: buttons": list_f1,
    "screen: line or error": anls,
    "screen: error quoted": quoted,
    "screen: table to JSON": field_accuracy,
    "screen: text copied": letters_right,
    "screen: described": slot_f1,
    "screen: marked": exact,
    "screen: present": first_word,
    "screen: too small": exact,
    "screen: not too small": lambda _, found: 1 - exact(TOO_SMALL, found),
}
_TASK_OF_KIND = {"title": "dialog", "message": "dialog", "buttons": "buttons", "colour": "colour", "shape": "shape"}
_TASK_OF_KIND |= {"count": "count", "json": "receipt"}


def _task(kind: str, layout: str) -> str:
    task = _TASK_OF_KIND.get(kind, "other text")
    wrong_layout = (task == "dialog" and layout != "dialog") or (task == "count" and layout != "shapes")
    return "other text" if wrong_layout else task


def held_out(count: int, seed: int) -> list[Item]:
    """`count` items of every task but the real programs."""
    rng = random.Random(seed)
    found: dict[str, list[Item]] = {task: [] for task in METRICS if task != "real programs"}
    for _ in range(400 * count):
        short = [task for task, items in found.items() if len(items) < count]
        if not short:
            break
        composite = short == ["composite"] or ("composite" in short and rng.random() < 0.3)
        screen = (draw_composite if composite else draw_screen)(rng, split="held_out")
        questions = list(screen.questions)
        rng.shuffle(questions)
        for question in questions[:2]:
            task = "composite" if composite else _task(question.kind, screen.kind)
            if len(found[task]) < count:
                schema = json.dumps(RECEIPT_SCHEMA) if question.kind == "json" else None
                found[task].append(Item(task, screen.image, question.text, question.answer, schema))
    return [item for items in found.values() for item in items]


def screen_task(question: Question) -> str:
    """The task of a question about a full screen; "" for those that are not counted, or are drawn but not asked."""
    if not question.kind:
        return ""
    prompts = {PROMPTS["explain-error"]: "error quoted", PROMPTS["extract-text"]: "text copied"}
    kinds = {"buttons": "buttons", "line": "line or error", "message": "line or error", "title": "title",
             "json": "table to JSON", "describe": "described", "marked": "marked", "present": "present",
             "too_small": "too small"}  # fmt: skip
    if question.text not in prompts and question.kind in {"title", "message"} and "dialog" in question.text:
        return "screen: dialog"
    of_kind = kinds.get(question.kind, "")
    task = of_kind if question.kind == "too_small" else prompts.get(question.text, of_kind)
    return f"screen: {task}" if task else ""


def held_out_screens(count: int, seed: int, tile_px: int) -> list[Item]:
    """`count` items of every task about full screens, with fonts and words that training never saw.

    "not too small" asks what can be read, and counts answers that do not say that it is too small.
    """
    rng = random.Random(seed)
    found: dict[str, list[Item]] = {task: [] for task in METRICS if task.startswith("screen: ")}
    for _ in range(200 * count):
        if all(len(items) >= count for items in found.values()):
            break
        screen = draw_desktop(rng, split="held_out", tile_px=tile_px)
        questions = list(screen.questions)
        rng.shuffle(questions)
        rare = [one for one in questions[6:] if one.text == PROMPTS["extract-text"]]
        for question in [*questions[:6], *rare]:
            if question.text == PROMPTS["receipt-to-json"]:  # has its own task
                continue
            task = screen_task(question)
            if task and len(found[task]) < count:
                schema = schema_of(json.loads(question.answer)) if question.kind == "json" else None
                answer = question.answer if "quoted" not in task else question.answer.partition("\n")[0].strip('"')
                found[task].append(Item(task, screen.image, question.text, answer, schema))
            legible = found["screen: not too small"]
            if task == "screen: dialog" and len(legible) < count:
                legible.append(Item("screen: not too small", screen.image, question.text, question.answer))
    return [item for items in found.values() for item in items]


def schema_of(value: object) -> str:
    """The JSON schema of a value like this one."""

    def shape(part: object) -> dict[str, object]:
        if isinstance(part, dict):
            keys = {key: shape(inner) for key, inner in part.items()}
            return {"type": "object", "properties": keys, "required": list(keys), "additionalProperties": False}
        return {"type": "array", "items": shape(part[0])} if isinstance(part, list) else {"type": "string"}

    return json.dumps(shape(value))


def real_programs() -> list[Item]:
    """Screenshots that `tools.capture_programs` took."""
    listed = json.loads((REAL_PROGRAMS / "questions.json").read_text(encoding="utf-8"))
    return [
        Item("real programs", open_image(REAL_PROGRAMS / entry["image"]), entry["question"], entry["answer"])
        for entry in listed
    ]


def ask(model: Model, item: Item) -> Result:
    """One greedy answer and its score."""
    parts = [{"type": "image", "image": item.image}, {"type": "text", "text": item.question}]
    most = 320 if item.task.startswith("screen: ") else 220
    messages = [{"role": "user", "content": parts}]
    chunks = model.chat(messages, temperature=0, max_tokens=most, json_schema=item.schema)
    found = "".join(chunk.text for chunk in chunks).strip()
    return Result(item.task, item.question, item.answer, found, METRICS[item.task](item.answer, found))


_ALSO: dict[str, tuple[str, Metric]] = {
    "screen: described": ("screen: described, ANLS", anls), "screen: marked": ("screen: marked, ANLS", anls),
    "screen: table to JSON": ("screen: JSON, rows aligned", cells_right),
}  # fmt: skip
"""Tasks with a second score: that of tables from before slots were compared, the letters of what was marked, cells
where a row left out does not move the others."""


def summary(results: Sequence[Result]) -> dict[str, dict[str, float]]:
    """Mean score and number of questions by task."""
    again = [(*_ALSO[result.task], result) for result in results if result.task in _ALSO]
    results = [*results, *(replace(one, task=task, score=metric(one.expected, one.found))
                           for task, metric, one in again)]  # fmt: skip
    tasks = dict.fromkeys(result.task for result in results)
    return {
        task: {
            "score": round(fmean(r.score for r in results if r.task == task), 4),
            "questions": sum(r.task == task for r in results),
        }
        for task in tasks
    }


def main() -> None:
    """Evaluate one model and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", type=Path, help="text GGUF (default: SmolLM2)")
    parser.add_argument("--mmproj", type=Path, help="adapter (default: the bundled one)")
    parser.add_argument("--count", type=int, default=100, help="questions of every task")
    parser.add_argument("--screens", type=int, default=0, help="questions of every task about full screens")
    parser.add_argument("--tile", type=int, default=560, help="side of the model's tiles: what is too small follows")
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--gpu-layers", type=int, default=-1)
    parser.add_argument("--threads", type=int, help="of the processor; one is quicker on a busy machine")
    parser.add_argument("--out", type=Path, help="write every answer as JSON")
    args = parser.parse_args()
    default_text, default_mmproj = (args.text, args.mmproj) if args.text and args.mmproj else demo_model()
    items = held_out(args.count, args.seed) + (real_programs() if REAL_PROGRAMS.exists() else [])
    items += held_out_screens(args.screens, args.seed, args.tile)
    text, mmproj = args.text or default_text, args.mmproj or default_mmproj
    with backend.load(text, mmproj, n_ctx=2048, n_gpu_layers=args.gpu_layers, n_threads=args.threads) as model:
        results = [ask(model, item) for item in items]
    table = summary(results)
    for task, row in table.items():
        print(f"{task:28}{row['score']:8.3f}{row['questions']:6.0f}")
    if args.out:
        args.out.write_text(json.dumps({"summary": table, "answers": [asdict(r) for r in results]}, indent=1))


if __name__ == "__main__":
    main()
