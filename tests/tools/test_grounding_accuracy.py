"""The figures of docs/text-layer.md on a few images, with what was drawn in place of what an OCR engine reads."""

from __future__ import annotations

import random

import pytest

from desktop_vlm.images.text_layer.claims import Passage, PassageKind
from desktop_vlm.images.text_layer.grounding import Standing
from tests.ui.text_layer.fake_reader import layer_of
from tools.grounding_accuracy import Planted, Score, judge, planted
from tools.grounding_answers import END, INVENTED, TRUE, answers
from tools.grounding_scenes import draw_scene, families

pytestmark = pytest.mark.skipif(len(families()) < 3, reason="too few fonts are installed")


def test_claims_are_found_in_their_passages() -> None:
    text = f'It says \u2063{TRUE}Save{END}\u2063 and "{INVENTED}Open{END}".'
    passages, claims = planted([Passage(PassageKind.PROSE, text)])
    assert passages[0].text == 'It says \u2063Save\u2063 and "Open".'
    assert passages[0].code == ((9, 13),)
    assert claims == [Planted(0, 9, 13, True), Planted(0, 20, 24, False)]


def test_figures_count_what_they_say() -> None:
    passages = [Passage(PassageKind.PROSE, 'It says "Save as", "Open file", "Close it", "Print it" and "Zoom in".')]
    claims = [Planted(0, 9, 16, True), Planted(0, 20, 29, False), Planted(0, 33, 41, True), Planted(0, 45, 53, False)]
    score = judge(passages, claims, layer_of(["Save as", "Print it"]))
    assert score.counts == {
        (True, Standing.STANDS.value): 1,
        (False, Standing.ABSENT.value): 1,
        (True, Standing.ABSENT.value): 1,
        (False, Standing.STANDS.value): 1,
    }
    assert score.stray == 1  # "Zoom in" was no claim of the template
    assert score.figures == (0.5, 0.5, 1 / 3, 0.5)


def test_what_was_drawn_and_what_was_invented_are_kept_apart() -> None:
    rng = random.Random(5)
    score = Score()
    for _ in range(8):
        scene = draw_scene(rng)
        layer = layer_of([*scene.texts, *(" ".join(row) for row in scene.rows)], width=9000)
        for answer in answers(rng, scene):
            if answer.is_json:
                score.add(judge(*planted([Passage(PassageKind.JSON, answer.text)]), layer))
            elif not answer.text.startswith("|"):  # a table needs the window's Markdown
                lines = [Passage(PassageKind.PROSE, line) for line in answer.text.replace("**", "").split("\n")]
                score.add(judge(*planted(lines), layer))
    assert score.counts.total() > 100
    assert [
        round(figure, 2) >= bound for figure, bound in zip(score.figures, (0.97, 0.95, 0.97, 0.95), strict=True)
    ] == [True] * 4, score.faults
