"""How well a model reads full screens of real programs, through its GGUF files and our engine, decoding greedily.

    python -m training.real_screens.evaluate [--set second] --mmproj demo-mmproj-Q8_0.gguf --out results.json

The questions are asked as people ask them, and as the quick actions do, word for word; a person checked every answer
by looking at the image. Where several answers are right, the best one counts.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from PIL import Image

from desktop_vlm import backend
from desktop_vlm.backend import Model
from desktop_vlm.images.open import open_image
from desktop_vlm.models.demo import demo_model
from desktop_vlm.quick_actions.builtin import BUILTIN_ACTIONS
from training.real_screens.sets import SETS
from training.scoring import anls, exact, field_accuracy, first_word, letters_right, list_f1, normal, quoted

_MAX_TOKENS = 220


@dataclass(frozen=True)
class Asked:
    """A question about a screen.

    Attributes:
        kind: names the metric, see `METRICS`.
        answers: right ones; of "describe" the parts that must be named, each in one of several words.
    """

    image: str
    kind: str
    question: str
    answers: tuple[Any, ...]
    schema: str | None = None


@dataclass(frozen=True)
class Answered:
    """What the model said, the score (0 to 1), and how long the whole answer took."""

    image: str
    kind: str
    question: str
    expected: tuple[Any, ...]
    found: str
    score: float
    seconds: float


def named(part: Sequence[str], found: str) -> float:
    """1 where the answer has one of the words."""
    return float(any(normal(word) in normal(found) for word in part))


METRICS: dict[str, Callable[[str, str], float]] = {
    "read": anls,
    "title": anls,
    "message": anls,
    "line": anls,
    "selected": anls,
    "program": anls,
    "marked": anls,
    "count": exact,
    "yes or no": first_word,
    "list": list_f1,
    "quoted error": quoted,
    "extract text": letters_right,
    "table to JSON": field_accuracy,
    "receipt to JSON": field_accuracy,
    "form to JSON": field_accuracy,
}
"""All but "describe", whose score is the share of its parts that are named."""


def read_questions(name: str = "first") -> list[Asked]:
    """All questions of a set, those of quick actions with the action's own prompt and schema."""
    actions = {action.id: action for action in BUILTIN_ACTIONS}
    found = []
    for entry in json.loads((SETS[name].folder / "questions.json").read_text(encoding="utf-8")):
        schema = json.dumps(entry["schema"]) if "schema" in entry else None
        question = entry.get("question", "")
        if "action" in entry:
            action = actions[entry["action"]]
            question, schema = action.prompt, action.json_schema or None
        answers = tuple(map(tuple, entry["parts"])) if "parts" in entry else tuple(entry["answers"])
        found.append(Asked(entry["image"], entry["kind"], question, answers, schema))
    return found


def score(asked: Asked, found: str) -> float:
    """How right an answer is: 0 to 1."""
    if asked.kind == "describe":
        return fmean(named(part, found) for part in asked.answers)
    return max(METRICS[asked.kind](answer, found) for answer in asked.answers)


def similarity(asked: Asked, found: str) -> float:
    """ANLS, whatever the kind; of "describe" its own score."""
    return score(asked, found) if asked.kind == "describe" else max(anls(answer, found) for answer in asked.answers)


def ask(model: Model, asked: Asked, image: Image.Image) -> Answered:
    """One greedy answer."""
    parts = [{"type": "image", "image": image}, {"type": "text", "text": asked.question}]
    began = time.monotonic()
    chunks = model.chat(
        [{"role": "user", "content": parts}], temperature=0, max_tokens=_MAX_TOKENS, json_schema=asked.schema
    )
    found = "".join(chunk.text for chunk in chunks).strip()
    seconds = round(time.monotonic() - began, 2)
    return Answered(asked.image, asked.kind, asked.question, asked.answers, found, score(asked, found), seconds)


def summary(questions: Sequence[Asked], answers: Sequence[Answered]) -> dict[str, dict[str, float]]:
    """Mean score and number of questions by kind, then of all by their own metrics and as ANLS."""
    table: dict[str, dict[str, float]] = {}
    for kind in dict.fromkeys(answer.kind for answer in answers):
        scores = [answer.score for answer in answers if answer.kind == kind]
        table[kind] = {"score": round(fmean(scores), 4), "questions": len(scores)}
    table["all"] = {"score": round(fmean(answer.score for answer in answers), 4), "questions": len(answers)}
    as_anls = [similarity(asked, answer.found) for asked, answer in zip(questions, answers, strict=True)]
    table["all, ANLS"] = {"score": round(fmean(as_anls), 4), "questions": len(answers)}
    return table


def main() -> None:
    """Evaluate one model and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--text", type=Path, help="text GGUF (default: SmolLM2)")
    parser.add_argument("--mmproj", type=Path, help="adapter (default: the bundled one)")
    parser.add_argument("--set", choices=SETS, default="first", help="of screens (default: %(default)s)")
    parser.add_argument("--kind", action="append", choices=[*METRICS, "describe"], help="only questions of this kind")
    parser.add_argument("--gpu-layers", type=int, default=-1)
    parser.add_argument("--threads", type=int, help="of the processor; one is quicker on a busy machine")
    parser.add_argument("--out", type=Path, help="write every answer as JSON")
    options = parser.parse_args()
    default_text, default_mmproj = (options.text, options.mmproj) if options.text and options.mmproj else demo_model()
    questions = [asked for asked in read_questions(options.set) if not options.kind or asked.kind in options.kind]
    text, mmproj = options.text or default_text, options.mmproj or default_mmproj
    with backend.load(text, mmproj, n_ctx=2048, n_gpu_layers=options.gpu_layers, n_threads=options.threads) as model:
        folder = SETS[options.set].folder / "images"
        images = {name: open_image(folder / name) for name in {asked.image for asked in questions}}
        answers = []
        for asked in questions:
            answers.append(ask(model, asked, images[asked.image]))
            print(f"{len(answers)} of {len(questions)}", end="\r", file=sys.stderr, flush=True)
    table = summary(questions, answers)
    for kind, row in table.items():
        print(f"{kind:18}{row['score']:8.3f}{row['questions']:6.0f}")
    if options.out:
        result = {"summary": table, "answers": [asdict(answer) for answer in answers]}
        options.out.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
