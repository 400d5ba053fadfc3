"""How well answers are checked against images: precision and recall of "stands in the image" and of "does not".

    python -m tools.grounding_accuracy                  # the table of docs/text-layer.md; minutes
    python -m tools.grounding_accuracy --scenes 20 --seed 7 --faults

Images of receipts, dialogs, tables and dashboards are drawn in the fonts and sizes of this computer's screen, and read
by the OCR engine. Answers about them, in prose, lists, tables and JSON, quote what stands there, often in another form
(1,234.50 as 1234.5, a date another way, capitals), and a quarter of it is invented: a wrong digit, swapped or wrong
letters, a line that is not there. They also say things that are no claims about the image.

Each quotation, number, cell and value that an answer's template took from the image is a claim. It was found if the
checker says that it stands in the image, and refused if it marks it as not found.

    stands:   precision = true claims among those found,     recall = those found among true claims
    does not: precision = invented claims among all marks,   recall = those refused among invented claims

A mark on what is no claim counts against the precision of "does not".
"""

from __future__ import annotations

import argparse
import os
import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from difflib import get_close_matches

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from desktop_vlm.api.text_layer import TextLayer
from desktop_vlm.images.text_layer.claims import Passage, PassageKind, claims_of
from desktop_vlm.images.text_layer.grounding import Finding, Standing, check
from desktop_vlm.images.text_layer.recognition import recognise
from desktop_vlm.ui.markdown import MarkdownView
from desktop_vlm.ui.theme import Theme
from tools.grounding_answers import END, INVENTED, TRUE, Answer, answers
from tools.grounding_scenes import draw_scene

SCENES, SEED = 120, 1
_PAD = "\u2063"


@dataclass(frozen=True)
class Planted:
    """A claim of an answer: its place, and whether the image shows it."""

    passage: int
    start: int
    end: int
    is_true: bool


@dataclass
class Score:
    """Claims by whether they are true and by what was said of them."""

    counts: Counter[tuple[bool, str]] = field(default_factory=Counter)
    stray: int = 0
    faults: list[str] = field(default_factory=list)

    def add(self, other: Score) -> None:
        self.counts += other.counts
        self.stray += other.stray
        self.faults += other.faults

    @property
    def figures(self) -> tuple[float, float, float, float]:
        """Precision and recall of "stands", precision and recall of "does not"."""
        counts = self.counts
        true = sum(count for (is_true, _), count in counts.items() if is_true)
        invented = counts.total() - true
        found, refused = counts[True, "stands"], counts[False, "absent"]
        return (
            found / max(found + counts[False, "stands"], 1),
            found / max(true, 1),
            refused / max(refused + counts[True, "absent"] + self.stray, 1),
            refused / max(invented, 1),
        )


def planted(passages: Iterable[Passage]) -> tuple[list[Passage], list[Planted]]:
    """Passages without the signs around claims, and the claims."""
    clean, found = [], []
    for number, passage in enumerate(passages):
        text: list[str] = []
        begun: tuple[int, bool] | None = None
        for char in passage.text:
            if char in {TRUE, INVENTED}:
                begun = len(text), char == TRUE
            elif char == END and begun is not None:
                found.append(Planted(number, begun[0], len(text), begun[1]))
            else:
                text.append(char)
        whole = "".join(text)
        pads = [place for place, char in enumerate(whole) if char == _PAD]
        code = tuple((first + 1, last) for first, last in zip(pads[::2], pads[1::2], strict=True))
        clean.append(replace(passage, text=whole, code=code))
    return clean, found


def judge(passages: list[Passage], claims: list[Planted], layer: TextLayer) -> Score:
    """What the checker says of an answer."""
    score = Score()
    findings = check(claims_of(passages, ["What does this say?"]), [layer])
    for claim in claims:
        over = [one.standing for one in findings if _meets(one, claim)]
        said = next((kind for kind in (Standing.ABSENT, Standing.STANDS) if kind in over), Standing.UNCHECKED)
        score.counts[claim.is_true, said.value] += 1
        if (claim.is_true, said) not in {(True, Standing.STANDS), (False, Standing.ABSENT)}:
            text = passages[claim.passage].text
            near = get_close_matches(text[claim.start : claim.end], [line.text for line in layer.lines], 2, 0.3)
            around = text[max(claim.start - 24, 0) : claim.end + 12].replace("\n", " ")
            score.faults.append(f"{'true' if claim.is_true else 'invented'} {said.value}: {around!r}; read: {near}")
    for one in findings:
        if one.standing is Standing.ABSENT and not any(_meets(one, claim) for claim in claims):
            score.stray += 1
            score.faults.append(f"stray: {one.claim.text!r} in {passages[one.claim.passage].text[:120]!r}")
    return score


def _meets(finding: Finding, claim: Planted) -> bool:
    one = finding.claim
    return one.passage == claim.passage and one.start < claim.end and claim.start < one.end


def passages_of(view: MarkdownView, answer: Answer) -> list[Passage]:
    """An answer as the window reads it."""
    if answer.is_json:
        return [Passage(PassageKind.JSON, answer.text)]
    view.set_markdown(answer.text)
    return view.passages()


def measure(scenes: int, seed: int) -> dict[str, Score]:
    """Scores by the kind of image, of the form of answer, and of all."""
    app = QApplication.instance() or QApplication([])
    assert isinstance(app, QApplication)
    view = MarkdownView(Theme(app))
    rng = random.Random(seed)
    scores: dict[str, Score] = {}
    for _ in range(scenes):
        scene = draw_scene(rng)
        layer = recognise(scene.image, codes=False)
        for form, answer in zip(("in prose", "in lists", "in JSON", "in tables"), answers(rng, scene), strict=False):
            score = judge(*planted(passages_of(view, answer)), layer)
            for name in (scene.noun, form, "all"):
                scores.setdefault(name, Score()).add(score)
    return scores


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--scenes", type=int, default=SCENES)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--faults", action="store_true", help="print every claim that was judged wrongly")
    options = parser.parse_args()
    scores = measure(options.scenes, options.seed)
    print("| | claims | stands: precision | recall | does not: precision | recall |\n|---|--:|--:|--:|--:|--:|")
    for name, score in scores.items():
        figures = " | ".join(f"{figure:.3f}" for figure in score.figures)
        print(f"| {name} | {score.counts.total()} | {figures} |")
    if options.faults:
        print("\n".join(scores["all"].faults))


if __name__ == "__main__":
    main()
