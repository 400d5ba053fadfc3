"""The quick actions that come with the program, in the order they are shown. A new one is one entry here.

The prompts are short and say what to put out and nothing else, which is what Llama 3.2 Vision follows best; what
copies from the picture takes the likeliest word always, since a livelier choice only adds misreadings.
"""

from __future__ import annotations

import json
from typing import Any

from desktop_vlm.quick_actions.action import QuickAction
from desktop_vlm.settings.presets import SAMPLING_PRESETS

_COPY = dict(SAMPLING_PRESETS["precise"].values)

_TABLE_SCHEMA = {
    "type": "object",
    "properties": {
        "columns": {"type": "array", "items": {"type": "string"}},
        "rows": {"type": "array", "items": {"type": "array", "items": {"type": "string"}}},
    },
    "required": ["columns", "rows"],
    "additionalProperties": False,
}

RECEIPT_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "shop": {"type": "string"},
        "date": {"type": "string"},
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"name": {"type": "string"}, "price": {"type": "number"}},
                "required": ["name", "price"],
                "additionalProperties": False,
            },
        },
        "total": {"type": "number"},
    },
    "required": ["shop", "date", "items", "total"],
    "additionalProperties": False,
}
"""The keys and their order are those that the demo model was taught."""

BUILTIN_ACTIONS: tuple[QuickAction, ...] = (
    QuickAction(
        id="describe",
        name="Describe",
        icon="scan-eye",
        prompt=(
            "Describe this picture. Start with one sentence that says what it is. Then describe what is in it from top "
            "to bottom, and quote the text that matters. Say only what you can see."
        ),
        shortcut="Ctrl+1",
        note="Check the time yourself: this model often misreads clocks with hands.",
    ),
    QuickAction(
        id="extract-text",
        name="Extract text",
        icon="scan-text",
        prompt=(
            "Copy all text in this picture exactly as it is written, from top to bottom and from left to right. Keep "
            "the line breaks, the spelling and the language. Write [?] for what you cannot read. Output only the text."
        ),
        shortcut="Ctrl+2",
        sampling=_COPY,
        reads="text",
    ),
    QuickAction(
        id="table-to-json",
        name="Table to JSON",
        icon="table",
        prompt=(
            'Return the table in this picture as JSON. "columns" holds the headings; "rows" holds each row as a list '
            "with one text for each column, in the same order. Copy every cell exactly as it is written; an empty cell "
            'is "". Output only the JSON.'
        ),
        shortcut="Ctrl+3",
        sampling=_COPY,
        json_schema=json.dumps(_TABLE_SCHEMA, indent=2),
    ),
    QuickAction(
        id="receipt-to-json",
        name="Receipt to JSON",
        icon="receipt",
        prompt=(
            "Return the receipt as JSON with shop, date, items and total. Copy names and the date exactly as they are "
            "written. Give prices as numbers without the currency. Output only the JSON."
        ),
        shortcut="Ctrl+4",
        sampling=_COPY,
        json_schema=json.dumps(RECEIPT_SCHEMA, indent=2),
    ),
    QuickAction(
        id="formula-to-latex",
        name="Formula to LaTeX",
        icon="square-function",
        prompt=(
            "Write every formula in this picture as LaTeX. Put each one on a line of its own between $$ and $$, with "
            "all brackets and environments closed. Copy the symbols exactly; do not solve or simplify anything. Output "
            "only the formulas."
        ),
        shortcut="Ctrl+5",
        sampling=_COPY,
        latex_only=True,
    ),
    QuickAction(
        id="explain-error",
        name="Explain error",
        icon="bug",
        prompt=(
            "Quote the error message in this picture exactly. Then say in plain words what it means and what the most "
            "likely cause is. Then list the steps that fix it, the most promising first. If there is no error in the "
            "picture, say so."
        ),
        shortcut="Ctrl+6",
    ),
    QuickAction(
        id="explain-chart",
        name="Explain chart",
        icon="chart-column",
        prompt=(
            "Explain this chart. Say in one sentence what it shows. Name the axes with their units, and the series. "
            "Then list what stands out, with the values you can read; put ~ before a value that you estimate. Use only "
            "what is in the picture."
        ),
        shortcut="Ctrl+7",
        note="Values between two grid lines are estimates.",
    ),
    QuickAction(
        id="translate",
        name="Translate",
        icon="languages",
        prompt=(
            "Translate all text in this picture into {language}, from top to bottom. Keep the line breaks, names and "
            "numbers, and leave what is in {language} already as it is. Write [?] for what you cannot read. Output "
            "only the translation."
        ),
        shortcut="Ctrl+9",
        sampling=_COPY,
        note="Into {language}; right-click for another language.",
    ),
    QuickAction(
        id="summarise",
        name="Summarise",
        icon="list-collapse",
        prompt=(
            "Summarise what this picture says. Start with its main point in one sentence. Then list the facts, names, "
            "dates and numbers that matter, one on each line and seven at most. Use only what is in the picture."
        ),
    ),
    QuickAction(
        id="compare",
        name="Compare",
        icon="columns-2",
        prompt=(
            "Compare these pictures. Say in one sentence what they have in common. Then list what differs, one thing "
            "on each line, and quote the text that changed as it is in each picture. Say only what you can see."
        ),
        needs_pictures=2,
    ),
    QuickAction(
        id="alt-text",
        name="Alt text",
        icon="captions",
        prompt=(
            "Write the alternative text of this picture for people who cannot see it: one or two sentences that say "
            "what it shows and what it is there for. Quote the text in it that matters. Do not begin with the words "
            "image or picture. Output only the alternative text."
        ),
    ),
    QuickAction(
        id="code-from-screenshot",
        name="Code from screenshot",
        icon="file-code",
        prompt=(
            "Copy the code in this picture exactly as it is written, with its indentation, into one fenced code block "
            "that names the language. Leave out line numbers and what is around the code. Do not correct or complete "
            "anything. Write [?] for what you cannot read. Output only the code block."
        ),
        sampling=_COPY,
    ),
    QuickAction(
        id="check-safety",
        name="Check safety",
        icon="shield-check",
        prompt="Is this safe?",
        shortcut="Ctrl+8",
        needs_pictures=0,
        note="The last message is judged, with what was said before it and the picture.",
        needs="judges_safety",
        sends_prompt=False,
    ),
)
