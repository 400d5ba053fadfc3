"""What the demo is asked about full screens, and how it is scored."""

from __future__ import annotations

import json

import pytest

from training.evaluate import METRICS, held_out_screens, schema_of, screen_task
from training.scoring import cells_right, field_accuracy
from training.screens.legibility import TOO_SMALL
from training.screens.pages import PROMPTS
from training.screens.records import Question
from training.screens.typefaces import fonts_folder


def test_questions_belong_to_tasks() -> None:
    asked = {
        ("title", "In the error dialog, what is the title?"): "screen: dialog",
        ("title", "Which window is in front?"): "screen: title",
        ("message", "The dialog: read the message."): "screen: dialog",
        ("message", "What is the error?"): "screen: line or error",
        ("message", PROMPTS["explain-error"]): "screen: error quoted",
        ("text", PROMPTS["extract-text"]): "screen: text copied",
        ("text", "Read the paragraph."): "",
        ("marked", "What is circled?"): "screen: marked",
        ("too_small", "Read the buttons."): "screen: too small",
        ("too_small", PROMPTS["extract-text"]): "screen: too small",
        ("count", "How many windows are open?"): "",
    }
    assert {key: screen_task(Question(key[0], key[1], "a")) for key in asked} == asked
    assert {task for task in asked.values() if task} <= set(METRICS)


def test_saying_that_something_is_too_small_counts_either_way() -> None:
    assert METRICS["screen: too small"](TOO_SMALL, TOO_SMALL) == 1
    assert METRICS["screen: too small"](TOO_SMALL, "Settings") == 0
    assert METRICS["screen: not too small"]("Settings", TOO_SMALL) == 0
    assert METRICS["screen: not too small"]("Settings", "anything") == 1


def test_a_schema_holds_its_value() -> None:
    schema = json.loads(schema_of([{"name": "Ann", "age": "7"}, {"name": "Bob", "age": "31"}]))
    assert schema["type"] == "array"
    assert schema["items"]["required"] == ["name", "age"]
    assert json.loads(schema_of({"rows": [["a"]]}))["properties"]["rows"]["items"] == {
        "type": "array",
        "items": {"type": "string"},
    }


def test_a_row_that_is_left_out_costs_its_own_cells_alone() -> None:
    rows = [{"name": "Ann", "age": "7"}, {"name": "Bob", "age": "31"}, {"name": "Cy", "age": "5"}]
    whole = json.dumps(rows)
    assert cells_right(whole, whole) == 1
    assert field_accuracy(whole, json.dumps(rows[1:])) == 0
    assert cells_right(whole, json.dumps(rows[1:])) == pytest.approx(4 / 6)
    assert cells_right(whole, json.dumps([*rows, rows[0]])) == pytest.approx(6 / 8)
    assert cells_right(whole, whole.replace("31", "13")) == pytest.approx(5 / 6)
    assert cells_right(whole, json.dumps(rows[::-1])) == pytest.approx(2 / 6)
    assert cells_right(whole, json.dumps({"name": "Ann"})) == cells_right(whole, "[{") == 0
    table = json.dumps({"columns": ["a", "b"], "rows": [["1", "2"], ["3", "4"]]})
    assert cells_right(table, json.dumps({"columns": ["a", "b"], "rows": [["3", "4"]]})) == pytest.approx(4 / 6)


@pytest.mark.skipif(not (fonts_folder() / "fonts.json").exists(), reason="the fonts are not here")
def test_every_task_about_full_screens_is_asked() -> None:
    items = held_out_screens(2, 5, 560)
    tasks = [item.task for item in items]
    assert {task: tasks.count(task) for task in set(tasks)} == {
        task: 2 for task in METRICS if task.startswith("screen: ")
    }
    for item in items:
        if item.task != "screen: not too small":
            assert METRICS[item.task](item.answer, item.answer) == 1, item
        assert (item.schema is not None) == (item.task == "screen: table to JSON")
        if item.task == "screen: error quoted":
            assert "\n" not in item.answer
