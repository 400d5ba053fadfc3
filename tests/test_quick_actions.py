from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.api.errors import UserError
from desktop_vlm.quick_actions import BUILTIN_ACTIONS, QuickAction, QuickActionStore
from desktop_vlm.runtime.sampling import SamplingOptions

IDS = [action.id for action in BUILTIN_ACTIONS]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "quick-actions.toml"


@pytest.fixture
def store(file: Path) -> QuickActionStore:
    return QuickActionStore(file)


def ids(store: QuickActionStore) -> list[str]:
    return [action.id for action in store.actions]


def own(name: str = "Translate", **fields: object) -> QuickAction:
    return dataclasses.replace(QuickAction(id="", name=name, prompt="To German."), **fields)  # type: ignore[arg-type]


def test_the_built_in_actions() -> None:
    assert [(action.name, action.shortcut) for action in BUILTIN_ACTIONS] == [
        ("Describe", "Ctrl+1"),
        ("Extract text", "Ctrl+2"),
        ("Table to JSON", "Ctrl+3"),
        ("Receipt to JSON", "Ctrl+4"),
        ("Formula to LaTeX", "Ctrl+5"),
        ("Explain error", "Ctrl+6"),
        ("Explain chart", "Ctrl+7"),
        ("Check safety", "Ctrl+8"),
    ]
    assert "clocks" in BUILTIN_ACTIONS[0].note
    assert "between $$ and $$" in BUILTIN_ACTIONS[4].prompt


@pytest.mark.parametrize("action", BUILTIN_ACTIONS, ids=IDS)
def test_the_engine_takes_every_built_in_action(action: QuickAction) -> None:
    options = SamplingOptions(**action.sampling, json_schema=action.json_schema, grammar=action.grammar)  # type: ignore[arg-type]
    is_held = action.id in {"table-to-json", "receipt-to-json", "formula-to-latex"}
    assert (options.constraint() is not None) == is_held
    assert (action.sampling.get("temperature") == 0) == (action.id in IDS[1:5])


def test_actions_suit_models(store: QuickActionStore, file: Path) -> None:
    """GIVEN a model that judges THEN only what needs one is offered, own copies included; else all the others are."""
    judge = Capabilities("any", judges_safety=True)
    copy = store.add(dataclasses.replace(store.get("check-safety"), name="Check again"))
    again = QuickActionStore(file)
    assert [action.id for action in again.offered(judge)] == ["check-safety", copy.id]
    assert [action.id for action in again.offered(Capabilities("any"))] == IDS[:-1]
    assert [action.id for action in again.offered(None)] == IDS[:-1]
    again.hide("check-safety")
    assert [action.id for action in again.offered(judge)] == [copy.id]


def test_what_reads_text_is_answered_by_it_until_its_prompt_asks_for_something_else(
    store: QuickActionStore, file: Path
) -> None:
    extract = store.get("extract-text")
    assert [action.id for action in BUILTIN_ACTIONS if action.reads == "text"] == ["extract-text"]
    assert extract.reads_text("  ")
    assert not extract.reads_text("only the first column")
    assert not store.get("describe").reads_text("")
    store.change(dataclasses.replace(extract, name="Copy"))
    assert QuickActionStore(file).get("extract-text").reads == "text"
    store.change(dataclasses.replace(store.get("extract-text"), prompt="Translate all text."))
    assert QuickActionStore(file).get("extract-text").reads == "" == store.get("extract-text").reads
    assert file.read_text(encoding="utf-8") == '[changed.extract-text]\nname = "Copy"\nprompt = "Translate all text."\n'
    store.change(dataclasses.replace(store.get("extract-text"), reads="text"))  # said after all
    assert QuickActionStore(file).get("extract-text").reads == "text"
    store.reset("extract-text")
    assert QuickActionStore(file).get("extract-text") == extract
    assert file.read_text(encoding="utf-8").strip() == ""


def test_an_own_action_may_read_text(store: QuickActionStore, file: Path) -> None:
    made = store.add(own(reads="text"))
    assert QuickActionStore(file).get(made.id).reads == "text"
    store.change(dataclasses.replace(made, prompt="Translate."))
    assert QuickActionStore(file).get(made.id).reads == ""


def test_an_unknown_capability_is_reported(file: Path) -> None:
    file.write_text('[own.a]\nname = "A"\nprompt = "B"\nneeds = "wings"\n')
    store = QuickActionStore(file)
    assert store.problems == [
        f'In {file}, own.a.needs is "wings" but must be "" or "judges_safety"; it is left out.',
    ]
    assert store.get("a").needs == ""


def test_without_a_file_the_built_in_actions_are_there(store: QuickActionStore, file: Path) -> None:
    assert store.actions == list(BUILTIN_ACTIONS)
    assert store.problems == []
    assert not file.exists()


def test_only_the_difference_is_stored(store: QuickActionStore, file: Path) -> None:
    store.change(dataclasses.replace(store.get("describe"), prompt="What is this?"))
    assert file.read_text(encoding="utf-8") == '[changed.describe]\nprompt = "What is this?"\n'
    assert store.is_changed("describe")
    assert not store.is_changed("explain-error")


def test_a_better_built_in_prompt_reaches_those_who_changed_something_else(store: QuickActionStore, file: Path) -> None:
    store.change(dataclasses.replace(store.get("describe"), name="What is it"))
    better = [dataclasses.replace(BUILTIN_ACTIONS[0], prompt="Better."), *BUILTIN_ACTIONS[1:]]
    later = QuickActionStore(file, better)
    assert (later.get("describe").name, later.get("describe").prompt) == ("What is it", "Better.")


def test_a_new_built_in_action_comes_after_the_one_before_it(store: QuickActionStore, file: Path) -> None:
    store.move("describe", len(IDS) - 1)
    new = dataclasses.replace(BUILTIN_ACTIONS[0], id="read-clock", name="Read the clock")
    later = QuickActionStore(file, [BUILTIN_ACTIONS[0], new, *BUILTIN_ACTIONS[1:]])
    assert ids(later) == [*IDS[1:], "describe", "read-clock"]


def test_hidden_and_reordered_survive_the_file(store: QuickActionStore, file: Path) -> None:
    store.hide("explain-chart")
    store.move("extract-text", 0)
    again = QuickActionStore(file)
    expected = ["extract-text", "describe", *IDS[2:6], "check-safety"]
    assert ids(again) == expected == ids(store)
    assert [action.id for action in again.all] == [*expected[:-1], "explain-chart", "check-safety"]
    again.hide("explain-chart", hidden=False)
    again.move("extract-text", 1)
    assert file.read_text(encoding="utf-8").strip() == ""
    assert ids(QuickActionStore(file)) == IDS


def test_own_actions(store: QuickActionStore, file: Path) -> None:
    first = store.add(own(sampling={"temperature": 0.3}, shortcut="Ctrl+8"), after="describe")
    second = store.add(own(needs_picture=False))
    assert (first.id, second.id) == ("translate", "translate-2")
    again = QuickActionStore(file)
    assert ids(again) == ["describe", "translate", *IDS[1:], "translate-2"]
    assert again.get("translate").sampling == {"temperature": 0.3}
    assert not again.get("translate-2").needs_picture
    again.delete("translate")
    assert ids(QuickActionStore(file)) == [*IDS, "translate-2"]


def test_deleting_a_built_in_action_hides_it(store: QuickActionStore, file: Path) -> None:
    store.delete("describe")
    assert ids(QuickActionStore(file)) == IDS[1:]
    assert QuickActionStore(file).hidden == {"describe"}


def test_reset_one_and_all(store: QuickActionStore, file: Path) -> None:
    store.change(dataclasses.replace(store.get("describe"), prompt="A"))
    store.change(dataclasses.replace(store.get("explain-error"), prompt="B"))
    store.add(own())
    store.hide("extract-text")
    store.move("explain-chart", 0)
    store.reset("describe")
    assert store.get("describe") == BUILTIN_ACTIONS[0]
    assert store.get("explain-error").prompt == "B"
    store.reset_all()
    assert store.actions == [*BUILTIN_ACTIONS, store.get("translate")]
    assert ids(QuickActionStore(file)) == [*IDS, "translate"]


def test_a_removed_schema_stays_removed(store: QuickActionStore, file: Path) -> None:
    store.change(dataclasses.replace(store.get("table-to-json"), json_schema=None))
    assert QuickActionStore(file).get("table-to-json").json_schema is None


def test_comments_and_unknown_keys_stay(store: QuickActionStore, file: Path) -> None:
    text = '# mine\n[changed.describe] # short\nprompt = "A" # a\ncolour = "red"\n\n[own.x]\nname = "X"\nprompt = "x"\n'
    file.write_text(text, encoding="utf-8")
    store.reload()
    store.change(dataclasses.replace(store.get("describe"), prompt="B"))
    assert file.read_text(encoding="utf-8") == text.replace('"A"', '"B"')


@settings(max_examples=60, deadline=None)
@given(prompt=st.text(alphabet="ab\"\\\n\t\r \x07é{}$#'", min_size=1).filter(str.strip))
def test_any_prompt_survives_the_file(tmp_path_factory: pytest.TempPathFactory, prompt: str) -> None:
    file = tmp_path_factory.mktemp("actions") / "quick-actions.toml"
    QuickActionStore(file).add(own(prompt=prompt))
    assert QuickActionStore(file).get("translate").prompt == prompt


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "[changed.describe]\nprompt = 3",
            ("changed.describe.prompt is 3 but must be text in quotes that is not empty; the built-in one is used."),
        ),
        (
            "[changed.describe]\nsampling = {heat = 1}",
            (
                "changed.describe.sampling must be a table of temperature, top_k, "
                "top_p, min_p or repeat_penalty (heat is none of them); the built-in one is used."
            ),
        ),
        (
            "[changed.describe]\nsampling = {temperature = 9}",
            (
                "changed.describe.sampling must be a table of temperature, "
                "top_k, top_p, min_p or repeat_penalty (temperature is 9 but must be a number from 0 to 5); "
                "the built-in one is used."
            ),
        ),
        (
            '[changed.table-to-json]\njson_schema = "[]"',
            (
                'changed.table-to-json.json_schema is "[]" but must be a JSON '
                'schema in quotes (The schema must be a JSON object, such as {"type": "object", "properties": {}}); '
                "the built-in one is used."
            ),
        ),
        ('[own.x]\nname = "X"', "the action own.x has no usable prompt; it is not shown."),
        ('hidden = "describe"', "hidden must be a list of actions' names in quotes; it is left out."),
    ],
)
def test_what_cannot_be_used_is_named_and_stays(file: Path, text: str, sentence: str) -> None:
    file.write_text(text + "\n", encoding="utf-8")
    store = QuickActionStore(file)
    assert store.problems == [f"In {file}, {sentence}"]
    assert store.actions == list(BUILTIN_ACTIONS)
    store.change(dataclasses.replace(store.get("explain-error"), name="Help"))
    assert file.read_text(encoding="utf-8").startswith(text)


def test_a_broken_file_gives_the_built_in_actions(file: Path) -> None:
    file.write_text("[own", encoding="utf-8")
    store = QuickActionStore(file)
    assert store.actions == list(BUILTIN_ACTIONS)
    assert store.problems[0].startswith(f"{file} cannot be read: line 1 is not valid TOML.")
    store.hide("describe")
    assert file.with_name("quick-actions.broken.toml").read_text(encoding="utf-8") == "[own"
    assert ids(QuickActionStore(file)) == IDS[1:]


def test_an_action_that_is_not_allowed_is_refused(store: QuickActionStore, file: Path) -> None:
    with pytest.raises(UserError, match='In the action Describe, prompt is " " but must be text in quotes'):
        store.change(dataclasses.replace(store.get("describe"), prompt=" "))
    assert store.get("describe") == BUILTIN_ACTIONS[0]
    assert not file.exists()
