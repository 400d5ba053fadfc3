from __future__ import annotations

import dataclasses
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import tomlkit

from desktop_vlm.api.errors import UserError
from desktop_vlm.api.fields import Number, OneOf, Setting, Switch, Text, TextList, Whole, WholeOr, settings_of
from desktop_vlm.api.options import LoadOptions
from desktop_vlm.settings import SAMPLING_PRESETS, ModelSettings, SamplingSettings, Settings, SettingsStore
from desktop_vlm.settings.declarations import sections

EDITED = """\
# mine
[model] # the big one
text = "/models/a.gguf"
# 8k is enough
n_ctx = 8192 # tokens
from_the_future = [1, 2]

[somebody_else]
key = "kept"

[answers]
system_prompt = '''Answer in German.
Be brief.'''
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "config" / "settings.toml"


def written(file: Path, text: str) -> SettingsStore:
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return SettingsStore(file)


def other_value(one: Setting) -> object:
    """An allowed value that is no default."""
    value: object = None
    match one.rule:
        case Switch():
            value = not one.default
        case Whole(least=least):
            value = least + 1
        case Number(least=least):
            value = least + 0.25
        case WholeOr(number=number):
            value = number.least + 1
        case OneOf(choices=choices):
            value = choices[-1].value
        case TextList():
            value = ("/a.gguf", 'b "quoted".gguf')
        case Text():
            value = 'two\nlines, "quotes", \\ and ü'
    return value


def test_without_a_file_the_defaults_are_active_and_none_is_made(file: Path) -> None:
    store = SettingsStore(file)
    assert store.current == Settings()
    assert store.problems == []
    assert not file.exists()


def test_every_setting_survives_the_file(file: Path) -> None:
    store = SettingsStore(file)
    for section, kind in sections():
        for one in settings_of(kind):
            store.update(section, **{one.name: other_value(one)})
    again = SettingsStore(file)
    assert again.current == store.current
    assert again.problems == []
    for section, kind in sections():
        for one in settings_of(kind):
            assert getattr(getattr(again.current, section), one.name) == other_value(one) != one.default


def test_every_default_is_allowed() -> None:
    for _section, kind in sections():
        for one in settings_of(kind):
            assert one.rule.read(one.default) == one.default


def test_comments_order_and_unknown_keys_stay(file: Path) -> None:
    store = written(file, EDITED)
    assert store.current.model == ModelSettings(text="/models/a.gguf", n_ctx=8192)
    assert store.current.system_prompt == "Answer in German.\nBe brief."
    assert store.problems == []
    store.update("model", n_ctx=16384)
    assert file.read_text(encoding="utf-8") == EDITED.replace("8192", "16384")
    store.update("appearance", theme="dark")
    assert file.read_text(encoding="utf-8").startswith(EDITED.replace("8192", "16384"))
    assert tomlkit.parse(file.read_text(encoding="utf-8"))["appearance"] == {"theme": "dark"}


def test_a_manual_edit_since_the_start_is_not_lost(file: Path) -> None:
    store = written(file, EDITED)
    file.write_text(EDITED + "max_tokens = 77 # edited\n", encoding="utf-8")
    store.update("model", n_ctx=1024)
    assert "max_tokens = 77 # edited\n" in file.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("section", "line", "sentence"),
    [
        (
            "model",
            'n_ctx = "many"',
            'model.n_ctx is "many" but must be a whole number from 512 to 131072; 4096 is used.',
        ),
        ("model", "n_ctx = 5", "model.n_ctx is 5 but must be a whole number from 512 to 131072; 4096 is used."),
        ("model", "n_ctx = true", "model.n_ctx is true but must be a whole number from 512 to 131072; 4096 is used."),
        (
            "model",
            'n_gpu_layers = "all"',
            'model.n_gpu_layers is "all" but must be "auto" or a whole number from 0 to 999; "auto" is used.',
        ),
        ("sampling", "temperature = nan", "sampling.temperature is nan but must be a number from 0 to 5; 0.6 is used."),
        ("answers", "system_prompt = 3", 'answers.system_prompt is 3 but must be text in quotes; "" is used.'),
        ("answers", "drop_oldest = 1", "answers.drop_oldest is 1 but must be true or false; true is used."),
        (
            "appearance",
            'theme = "pink"',
            'appearance.theme is "pink" but must be "system", "light" or "dark"; "system" is used.',
        ),
        ("recent", "models = [1]", "recent.models is [1] but must be a list of texts in quotes; [] is used."),
        ("model", "n_ctxx = 9", "model.n_ctxx is not a setting and does nothing; did you mean n_ctx?"),
    ],
)
def test_a_wrong_value_is_named_and_the_default_used(file: Path, section: str, line: str, sentence: str) -> None:
    text = f"[{section}]\n{line}\n"
    store = written(file, text)
    assert store.problems == [f"In {file}, {sentence}"]
    assert store.current == Settings()
    assert file.read_text(encoding="utf-8") == text
    store.update("composer", send_with="ctrl-enter")
    assert line in file.read_text(encoding="utf-8")


def test_the_other_values_of_the_table_are_used(file: Path) -> None:
    store = written(file, '[model]\nn_ctx = 1\nkv_type = "Q8_0"\n')
    assert store.current.model == ModelSettings(kv_type="Q8_0")


def test_a_value_where_a_table_belongs(file: Path) -> None:
    store = written(file, "model = 3\n")
    assert store.problems == [f"In {file}, model is 3 but must be a table, [model]; its defaults are used."]
    store.update("model", n_ctx=1024)
    assert SettingsStore(file).current.model.n_ctx == 1024


@pytest.mark.parametrize("broken", ["[model\nn_ctx = 8192\n", "a = 1\na = 2\n"])
def test_a_file_that_is_not_toml_is_left_alone_until_something_is_saved(file: Path, broken: str) -> None:
    store = written(file, broken)
    assert store.current == Settings()
    (problem,) = store.problems
    assert problem.startswith(f"{file} cannot be read")
    assert problem.endswith("The defaults are used and the file stays as it is until you correct it.")
    store.remember_model("/a.gguf")
    assert file.read_text(encoding="utf-8") == broken
    store.update("appearance", text_px=20)
    aside = file.with_name("settings.broken.toml")
    assert aside.read_text(encoding="utf-8") == broken
    assert store.problems == [f"The file that could not be read is now {aside}."]
    assert SettingsStore(file).current.appearance.text_px == 20
    assert SettingsStore(file).current.recent.models == ("/a.gguf",)


def test_a_second_broken_file_does_not_replace_the_first(file: Path) -> None:
    for number, broken in enumerate(("[one", "[two")):
        written(file, broken).update("appearance", text_px=20 + number)
    assert file.with_name("settings.broken.toml").read_text(encoding="utf-8") == "[one"
    assert file.with_name("settings.broken-2.toml").read_text(encoding="utf-8") == "[two"


def test_the_sentence_about_broken_toml_names_the_line(file: Path) -> None:
    assert "line 2 is not valid TOML" in written(file, "a = 1\n[model\n").problems[0]


def test_text_that_is_not_utf_8(file: Path) -> None:
    file.parent.mkdir()
    file.write_bytes(b"\xff\xfe\x00")
    assert "(it is not UTF-8 text)" in SettingsStore(file).problems[0]


@pytest.mark.parametrize("failing", ["replace", "fsync"])
def test_a_failed_write_leaves_the_old_file(file: Path, monkeypatch: pytest.MonkeyPatch, failing: str) -> None:
    store = written(file, EDITED)

    def fail(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, failing, fail)
    with pytest.raises(UserError, match=r"settings.toml could not be written \(No space left on device\)"):
        store.update("model", n_ctx=1024)
    assert file.read_text(encoding="utf-8") == EDITED
    assert [path.name for path in file.parent.iterdir()] == ["settings.toml"]
    assert store.current.model.n_ctx == 1024


def test_a_link_is_followed_and_rights_are_kept(file: Path, tmp_path: Path) -> None:
    real = tmp_path / "dotfiles.toml"
    real.write_text(EDITED, encoding="utf-8")
    real.chmod(0o640)
    file.parent.mkdir()
    file.symlink_to(real)
    SettingsStore(file).update("model", n_ctx=1024)
    assert file.is_symlink()
    assert "n_ctx = 1024 # tokens" in real.read_text(encoding="utf-8")
    assert real.stat().st_mode & 0o777 == 0o640


def test_what_is_not_allowed_is_refused_before_anything_changes(file: Path) -> None:
    store = SettingsStore(file)
    with pytest.raises(
        UserError, match=r"The setting model.n_ctx is 0 but must be a whole number from 512 to 131072\."
    ):
        store.update("model", n_ctx=0)
    assert store.current == Settings()
    assert not file.exists()


def test_saving_the_same_writes_nothing(file: Path) -> None:
    store = SettingsStore(file)
    store.save(dataclasses.replace(store.current))
    assert not file.exists()


def test_the_presets() -> None:
    values = {key: preset.values for key, preset in SAMPLING_PRESETS.items()}
    assert list(values) == ["precise", "balanced", "creative"]
    assert values["precise"]["temperature"] == 0
    assert (values["balanced"]["temperature"], values["balanced"]["top_p"]) == (0.6, 0.9)
    assert (values["creative"]["temperature"], values["creative"]["min_p"]) == (1.5, 0.1)
    assert (values["creative"]["top_p"], values["creative"]["top_k"]) == (1.0, 0)
    assert SAMPLING_PRESETS["creative"].label == "Creative (1.5 / min-p 0.1)"
    assert Settings().sampling_options == values["balanced"]


def test_the_demo_reads_by_the_likeliest_words_unless_something_else_was_chosen() -> None:
    balanced, creative = SAMPLING_PRESETS["balanced"].values, SAMPLING_PRESETS["creative"].values
    assert Settings().sampling_for(reads=True) == SAMPLING_PRESETS["precise"].values
    assert Settings().sampling_for(reads=False) == balanced
    assert Settings(sampling=SamplingSettings(preset="creative")).sampling_for(reads=True) == creative
    assert Settings(model=ModelSettings(text="llama.gguf")).sampling_for(reads=True) == balanced


def test_custom_takes_the_numbers_set_manually() -> None:
    sampling = SamplingSettings(preset="custom", temperature=0.9, min_p=0.05)
    assert sampling.options == {"temperature": 0.9, "top_k": 40, "top_p": 0.9, "min_p": 0.05, "repeat_penalty": 1.0}


def test_the_latest_model_comes_first_and_eight_are_kept(file: Path) -> None:
    store = SettingsStore(file)
    for number in (*range(10), 5):
        store.remember_model(f"{number}.gguf")
    assert SettingsStore(file).current.recent.models == tuple(f"{n}.gguf" for n in (5, 9, 8, 7, 6, 4, 3, 2))


def test_settings_need_neither_a_window_nor_the_engine() -> None:
    code = (
        "import sys, desktop_vlm.settings, desktop_vlm.quick_actions, desktop_vlm.system.paths\n"
        "print([name for name in sys.modules if name.startswith(('PySide6', 'llama_cpp', 'desktop_vlm.runtime'))])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_the_model_section_is_the_load_options_own(file: Path) -> None:
    """No option is named here: what is declared is read, kept and handed on."""
    declared = list(settings_of(LoadOptions))
    assert {one.name for one in declared} <= {one.name for one in settings_of(ModelSettings)}
    for one in declared:
        number = 1024 if one.name == "n_ctx" else 7
        value: Any = number if not isinstance(one.default, str) else "Q8_0"
        store = written(file, f"[model]\n{one.name} = {json.dumps(value)}\n")
        assert store.problems == []
        assert store.current.model.options == dataclasses.replace(LoadOptions(), **{one.name: value})


def test_automatic_is_a_word_in_the_file_and_a_number_for_the_loader(file: Path) -> None:
    store = written(file, "[model]\nn_gpu_layers = 12\nn_threads = 2\n")
    assert (store.current.model.n_gpu_layers, store.current.model.n_threads) == (12, 2)
    store.update("model", n_gpu_layers=-1, n_threads=None)
    assert file.read_text(encoding="utf-8") == '[model]\nn_gpu_layers = "auto"\nn_threads = "auto"\n'
    again = SettingsStore(file)
    assert again.problems == []
    assert again.current.model.options == LoadOptions()


def test_a_file_of_an_earlier_version_means_the_same(file: Path) -> None:
    text = (
        '[model]\ntext = "/models/a.gguf"\nmmproj = ""\nn_ctx = 8192\nn_gpu_layers = "auto"\nkv_type = "Q8_0"\n'
        'n_threads = 4\n[sampling]\npreset = "creative"\n[desktop]\ncapture_into = "new"\ncapture_action = "describe"\n'
    )
    store = written(file, text)
    assert store.problems == []
    assert store.current.model == ModelSettings(text="/models/a.gguf", n_ctx=8192, kv_type="Q8_0", n_threads=4)
    assert store.current.sampling.preset == "creative"
    assert (store.current.desktop.capture_into, store.current.desktop.capture_action) == ("new", "describe")
