"""One quick action, and what may stand in its fields."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.api.errors import UserError
from desktop_vlm.api.fields import (
    AsItIs,
    Choice,
    OneOf,
    Switch,
    Text,
    Whole,
    read_table,
    setting,
    settings_of,
    shown,
)
from desktop_vlm.settings.declarations import SamplingSettings
from desktop_vlm.structured.schema import check_schema


@dataclass(frozen=True)
class Sampling:
    """Sampling options of the engine, any of them."""

    @property
    def allowed(self) -> str:
        names = [one.name for one in settings_of(SamplingSettings) if one.name != "preset"]
        return f"a table of {', '.join(names[:-1])} or {names[-1]}"

    def read(self, value: object) -> dict[str, float | int]:
        if not isinstance(value, Mapping):
            raise ValueError
        known = {one.name for one in settings_of(SamplingSettings)} - {"preset"}
        unknown = next((name for name in value if name not in known), None)
        if unknown is not None:
            raise ValueError(f"{unknown} is none of them")
        values, problems = read_table(SamplingSettings, value, "")
        for clause in problems.values():
            raise ValueError(clause)
        return values


@dataclass(frozen=True)
class Schema(AsItIs):
    """A JSON schema as text; "" for none."""

    allowed: str = "a JSON schema in quotes"

    def read(self, value: object) -> str | None:
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            raise ValueError
        try:
            check_schema(value)
        except UserError as error:
            raise ValueError(str(error).removesuffix(".")) from None
        return str(value)


READS = (Choice("", "The model"), Choice("text", "The text in the picture"))
"""What may answer an action."""


@dataclass(frozen=True)
class QuickAction:
    """A question that is ready to be asked.

    Attributes:
        id: names it in the file and to the program; never shown.
        name, icon: on its button; the icon is a Lucide name.
        prompt: what the model is asked.
        shortcut: "Ctrl+1"; "" for none.
        sampling: options of the engine that replace those of the settings, by their names there.
        json_schema: JSON text that the answer must follow.
        latex_only: whether the answer is formulas in LaTeX and nothing else; not with `json_schema`.
        needs_pictures: without so many that the model sees it makes no sense.
        note: a sentence of advice, shown with its button.
        needs: name of the capability that a model must have (`api.capabilities`); "" for models that chat.
        sends_prompt: whether the prompt is sent; else it only stands in the conversation, and the model gets what was
            said before and what the person adds.
        reads: what answers it where it can: "" for the model; "text" for the text layer of the images, exactly and
            without a model. Where there is none, or where the person adds something, the model answers.
        filled: placeholders of its texts, each with what now stands in its place; nothing in those of the store.
    """

    id: str
    name: str = setting("", Text(required=True), "Name")
    icon: str = setting("sparkles", Text(), "Icon")
    prompt: str = setting("", Text(lines=6, required=True), "Prompt")
    shortcut: str = setting("", Text(), "Shortcut")
    sampling: dict[str, float | int] = dataclasses.field(default_factory=dict)
    json_schema: str | None = setting(None, Schema(), "JSON schema")
    latex_only: bool = setting(False, Switch(), "LaTeX only")
    needs_pictures: int = setting(1, Whole(0, 9), "Pictures it needs")
    note: str = setting("", Text(), "Note")
    needs: str = setting("", OneOf((Choice("", "Any"), Choice("judges_safety", "A model that judges safety"))))
    sends_prompt: bool = setting(True, Switch())
    reads: str = setting("", OneOf(READS))
    filled: tuple[tuple[str, str], ...] = ()

    def suits(self, capabilities: Capabilities | None) -> bool:
        """Whether a model can do it; of one that is not known yet the usual is expected."""
        if self.needs:
            return capabilities is not None and bool(getattr(capabilities, self.needs))
        if capabilities is None:
            return True
        return not capabilities.judges_safety and (self.json_schema is None or capabilities.json_schema)

    def fits(self, n_pictures: int, *, has_messages: bool) -> bool:
        """Whether there is enough in a conversation to ask it about: pictures that the model sees, or messages."""
        if self.needs_pictures:
            return n_pictures >= self.needs_pictures
        return self.sends_prompt or has_messages or n_pictures > 0

    def with_values(self, values: Mapping[str, str]) -> QuickAction:
        """With what placeholders stand for in their place (`quick_actions.placeholders`)."""
        texts = {name: getattr(self, name) for name in ("name", "prompt", "note")}
        used = tuple((name, value) for name, value in values.items() if f"{{{name}}}" in "".join(texts.values()))
        if not used:
            return self
        for name, value in used:
            texts = {field: text.replace(f"{{{name}}}", value) for field, text in texts.items()}
        return dataclasses.replace(self, **texts, filled=used)

    def reads_text(self, typed: str) -> bool:
        """Whether the text layer answers it, if it can; what a person adds only a model understands."""
        return self.reads == "text" and not typed.strip()

    @property
    def grammar(self) -> str | None:
        """What the answer follows, as `SamplingOptions` names it; None for nothing, or for the schema."""
        return "latex" if self.latex_only and self.json_schema is None else None

    def question(self, typed: str) -> str:
        """What is asked: the prompt, and below it what the person added."""
        return "\n\n".join(part for part in (self.prompt, typed.strip()) if part)


EDITABLE = tuple(one.name for one in dataclasses.fields(QuickAction) if one.name not in {"id", "filled"})
"""The fields that a person can change."""


OLD_NEEDS_PICTURE = "needs_picture"
"""How files of the first version say whether an action needs a picture: true or false."""


def read_action(table: Mapping[str, Any], prefix: str) -> tuple[dict[str, Any], list[str]]:
    """The allowed values that a table of the file holds for an action, and a clause about each other one."""
    values, clauses = read_table(QuickAction, table, prefix)
    problems = list(clauses.values())
    if OLD_NEEDS_PICTURE in table and "needs_pictures" not in table:
        needs_one = table[OLD_NEEDS_PICTURE]
        if isinstance(needs_one, bool):
            values["needs_pictures"] = int(needs_one)
        else:
            problems.append(f"{prefix}{OLD_NEEDS_PICTURE} is {shown(needs_one)} but must be {Switch().allowed}")
    if "sampling" in table:
        rule = Sampling()
        try:
            values["sampling"] = rule.read(table["sampling"])
        except ValueError as error:
            detail = f" ({error})" if str(error) else ""
            problems.append(f"{prefix}sampling must be {rule.allowed}{detail}")
    return values, problems
