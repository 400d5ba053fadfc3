"""How well the demo model reads, measured through its GGUF files and our engine, decoding greedily.

    python -m training.evaluate --mmproj assets/demo/demo-mmproj-Q8_0.gguf --count 100 --out results.json

Held-out images come from the generator with fonts, words and layouts that training never saw; `real_programs`
holds screenshots of real programs.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from PIL import Image

from desktop_vlm import backend
from desktop_vlm.backend import Model
from desktop_vlm.images.open import open_image
from desktop_vlm.models.demo import demo_model
from desktop_vlm.quick_actions.builtin import RECEIPT_SCHEMA
from training.screens import draw_composite, draw_screen

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


def normal(text: str) -> str:
    """Lower case, with runs of white space as one blank."""
    return " ".join(text.lower().split())


def edit_distance(a: str, b: str) -> int:
    """Levenshtein's distance."""
    row = list(range(len(b) + 1))
    for i, left in enumerate(a, 1):
        diagonal, row[0] = row[0], i
        for j, right in enumerate(b, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (left != right))
    return row[-1]


def anls(expected: str, found: str) -> float:
    """Normalised Levenshtein similarity; 0 where less than half agrees (Biten et al. 2019)."""
    a, b = normal(expected), normal(found)
    similarity = 1 - edit_distance(a, b) / max(len(a), len(b), 1)
    return similarity if similarity >= 0.5 else 0.0


def exact(expected: str, found: str) -> float:
    """1 where the texts agree but for case, spaces and a full stop at the end."""
    return float(normal(expected).rstrip(".") == normal(found).rstrip("."))


def list_f1(expected: str, found: str) -> float:
    """F1 of comma-separated names."""
    target, given = ({normal(part) for part in text.split(",") if part.strip()} for text in (expected, found))
    if not target or not given:
        return float(target == given)
    hits = len(target & given)
    return 2 * hits / (len(target) + len(given))


def field_accuracy(expected: str, found: str) -> float:
    """Share of the expected JSON's leaves that the found JSON has at the same place."""
    try:
        given = dict(_leaves(json.loads(found)))
    except ValueError:
        return 0.0
    target = dict(_leaves(json.loads(expected)))
    return fmean(float(given.get(place) == value) for place, value in target.items())


def _leaves(value: Any, place: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _leaves(inner, f"{place}.{key}")
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _leaves(inner, f"{place}[{index}]")
    else:
        yield place, normal(str(value))


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
    messages = [{"role": "user", "content": parts}]
    chunks = model.chat(messages, temperature=0, max_tokens=220, json_schema=item.schema)
    found = "".join(chunk.text for chunk in chunks).strip()
    return Result(item.task, item.question, item.answer, found, METRICS[item.task](item.answer, found))


def summary(results: Sequence[Result]) -> dict[str, dict[str, float]]:
    """Mean score and number of questions by task."""
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
    parser.add_argument("--seed", type=int, default=20261122)
    parser.add_argument("--gpu-layers", type=int, default=-1)
    parser.add_argument("--out", type=Path, help="write every answer as JSON")
    args = parser.parse_args()
    default_text, default_mmproj = (args.text, args.mmproj) if args.text and args.mmproj else demo_model()
    items = held_out(args.count, args.seed) + (real_programs() if REAL_PROGRAMS.exists() else [])
    with backend.load(
        args.text or default_text, args.mmproj or default_mmproj, n_ctx=2048, n_gpu_layers=args.gpu_layers
    ) as model:
        results = [ask(model, item) for item in items]
    table = summary(results)
    for task, row in table.items():
        print(f"{task:16}{row['score']:8.3f}{row['questions']:6.0f}")
    if args.out:
        args.out.write_text(json.dumps({"summary": table, "answers": [asdict(r) for r in results]}, indent=1))


if __name__ == "__main__":
    main()
