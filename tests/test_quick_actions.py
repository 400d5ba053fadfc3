from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.api.errors import UserError
from desktop_vlm.quick_actions import BUILTIN_ACTIONS, QuickAction, QuickActionStore
from desktop_vlm.quick_actions.placeholders import values_of
from desktop_vlm.runtime.sampling import SamplingOptions
from desktop_vlm.settings import AnswerSettings, Settings

IDS = [action.id for action in BUILTIN_ACTIONS]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "quick-actions.toml"


@pytest.fixture
def store(file: Path) -> QuickActionStore:
    return QuickActionStore(file)


def ids(store: QuickActionStore) -> list[str]:
    return [action.id for action in store.actions]


def own(name: str = "Shorten", **fields: object) -> QuickAction:
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
        ("Translate", "Ctrl+9"),
        ("Summarise", ""),
        ("Compare", ""),
        ("Alt text", ""),
        ("Code from screenshot", ""),
        ("Check safety", "Ctrl+8"),
    ]
    assert "clocks" in BUILTIN_ACTIONS[0].note
    assert "between $$ and $$" in BUILTIN_ACTIONS[4].prompt


@pytest.mark.parametrize("action", BUILTIN_ACTIONS, ids=IDS)
def test_the_engine_takes_every_built_in_action(action: QuickAction) -> None:
    options = SamplingOptions(**action.sampling, json_schema=action.json_schema, grammar=action.grammar)  # type: ignore[arg-type]
    is_held = action.id in {"table-to-json", "receipt-to-json", "formula-to-latex"}
    assert (options.constraint() is not None) == is_held
    assert (action.sampling.get("temperature") == 0) == (action.id in {*IDS[1:5], "translate", "code-from-screenshot"})


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
    expected = ["extract-text", "describe", *IDS[2:6], *IDS[7:]]
    assert ids(again) == expected == ids(store)
    assert [action.id for action in again.all] == [*expected[:6], "explain-chart", *expected[6:]]
    again.hide("explain-chart", hidden=False)
    again.move("extract-text", 1)
    assert file.read_text(encoding="utf-8").strip() == ""
    assert ids(QuickActionStore(file)) == IDS


def test_own_actions(store: QuickActionStore, file: Path) -> None:
    first = store.add(own(sampling={"temperature": 0.3}, shortcut="Ctrl+8"), after="describe")
    second = store.add(own(needs_pictures=0))
    assert (first.id, second.id) == ("shorten", "shorten-2")
    again = QuickActionStore(file)
    assert ids(again) == ["describe", "shorten", *IDS[1:], "shorten-2"]
    assert again.get("shorten").sampling == {"temperature": 0.3}
    assert again.get("shorten-2").needs_pictures == 0
    again.delete("shorten")
    assert ids(QuickActionStore(file)) == [*IDS, "shorten-2"]


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
    assert store.actions == [*BUILTIN_ACTIONS, store.get("shorten")]
    assert ids(QuickActionStore(file)) == [*IDS, "shorten"]


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
    assert QuickActionStore(file).get("shorten").prompt == prompt


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


def test_an_own_action_of_the_same_id_stays_when_a_built_in_one_comes(file: Path) -> None:
    """GIVEN an action Translate of the person's own, made before there was one THEN it is what it was, and both are."""
    text = 'order = ["translate", "describe"]\n\n[own.translate]\nname = "Mine"\nprompt = "To Welsh."\n'
    file.write_text(text, encoding="utf-8")
    store = QuickActionStore(file)
    assert store.problems == []
    assert (store.all[0].id, store.all[0].prompt) == ("translate", "To Welsh.")
    assert not store.is_builtin("translate")
    assert store.is_builtin("translate-built-in")
    assert "{language}" in store.get("translate-built-in").prompt
    store.change(dataclasses.replace(store.get("translate-built-in"), name="Into another language"))
    store.change(dataclasses.replace(store.get("translate"), name="Welsh"))
    again = QuickActionStore(file)
    assert [again.get(one).name for one in ("translate", "translate-built-in")] == ["Welsh", "Into another language"]
    again.delete("translate")
    assert "To Welsh." not in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(("value", "n"), [("true", 1), ("false", 0)])
def test_files_of_the_first_version_say_whether_a_picture_is_needed(file: Path, value: str, n: int) -> None:
    file.write_text(f'[own.x]\nname = "X"\nprompt = "x"\nneeds_picture = {value}\n', encoding="utf-8")
    store = QuickActionStore(file)
    assert (store.get("x").needs_pictures, store.problems) == (n, [])
    store.change(dataclasses.replace(store.get("x"), name="Y"))
    assert QuickActionStore(file).get("x").needs_pictures == n
    assert "needs_picture " not in file.read_text(encoding="utf-8")


def test_a_wrong_need_is_reported(file: Path) -> None:
    file.write_text('[own.x]\nname = "X"\nprompt = "x"\nneeds_picture = "no"\n', encoding="utf-8")
    (problem,) = QuickActionStore(file).problems
    assert problem == f'In {file}, own.x.needs_picture is "no" but must be true or false; it is left out.'
    file.write_text('[own.x]\nname = "X"\nprompt = "x"\nneeds_pictures = 99\n', encoding="utf-8")
    (problem,) = QuickActionStore(file).problems
    assert problem == f"In {file}, own.x.needs_pictures is 99 but must be a whole number from 0 to 9; it is left out."


def test_placeholders_stand_for_what_was_chosen(store: QuickActionStore) -> None:
    values = values_of(Settings(answers=AnswerSettings(language=" Welsh ")), {"language": "French"})
    assert values == {"language": "Welsh"}
    assert values_of(Settings(), {"language": "French"}) == {"language": "French"}
    offered = {action.id: action for action in store.offered(None, values)}
    translate = offered["translate"]
    assert translate.prompt.count("Welsh") == 2
    assert "{" not in translate.prompt + translate.note
    assert translate.filled == (("language", "Welsh"),)
    assert offered["describe"] == store.get("describe")
    assert "{language}" in store.get("translate").prompt  # the store's own stays
    # Braces that are something else are left alone.
    schema = own(prompt='Write {"a": {}} and {language}s.').with_values(values)
    assert schema.prompt == 'Write {"a": {}} and Welshs.'


@pytest.mark.parametrize(
    ("needs", "n_pictures", "has_messages", "fits"),
    [
        (1, 0, True, False),
        (1, 1, False, True),
        (2, 1, True, False),
        (2, 2, False, True),
        (2, 5, False, True),
        (0, 0, False, True),
    ],
)
def test_what_an_action_needs(needs: int, n_pictures: int, has_messages: bool, fits: bool) -> None:
    assert own(needs_pictures=needs).fits(n_pictures, has_messages=has_messages) is fits


def test_an_action_about_what_was_said_needs_something(store: QuickActionStore) -> None:
    check = store.get("check-safety")
    assert [check.fits(*n, has_messages=m) for n, m in (((0,), False), ((0,), True), ((1,), False))] == [
        False,
        True,
        True,
    ]


def test_a_schema_needs_a_model_that_is_held_to_it() -> None:
    table = BUILTIN_ACTIONS[2]
    assert table.suits(Capabilities("any"))
    assert not table.suits(Capabilities("any", json_schema=False))
    assert BUILTIN_ACTIONS[0].suits(Capabilities("any", json_schema=False))
