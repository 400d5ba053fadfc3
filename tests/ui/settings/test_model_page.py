from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel

from desktop_vlm.api.errors import UserError
from desktop_vlm.settings import ModelSettings, SettingsStore
from desktop_vlm.system.paths import Paths
from desktop_vlm.ui.app.services import model_to_load
from desktop_vlm.ui.settings import model_choices, page_model
from desktop_vlm.ui.settings.dialog import SettingsDialog
from desktop_vlm.ui.settings.model_choices import all_choices, choice_of, models_in
from desktop_vlm.ui.widgets.choice_controls import Select
from desktop_vlm.ui.widgets.number_controls import AutomaticOr, Stepper
from desktop_vlm.ui.widgets.text_controls import TextLine


def sparse(path: Path, n_bytes: int) -> Path:
    """A file of that size that takes no room."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        file.write(b"GGUF")
        file.truncate(n_bytes)
    return path


def answer_with(monkeypatch: pytest.MonkeyPatch, *files: Path) -> None:
    """What the person chooses in the next dialog."""
    monkeypatch.setattr(page_model, "ask_open", lambda *_: list(files))


@pytest.fixture(autouse=True)
def _demo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    files = (sparse(tmp_path / "demo" / "smol.gguf", 98_000_000), sparse(tmp_path / "demo" / "mmproj.gguf", 38_000_000))
    monkeypatch.setattr(model_choices, "demo_model", lambda: files)


@pytest.fixture
def seeing(paths: Paths) -> Path:
    """A text GGUF in the models folder with its vision projector beside it."""
    folder = paths.models_folder / "llama"
    sparse(folder / "llama-mmproj-Q8_0.gguf", 2_010_000_000)
    return sparse(folder / "llama-text-Q4_K_M.gguf", 4_910_000_000)


@pytest.fixture
def blind(paths: Paths) -> Path:
    return sparse(paths.models_folder / "a-text-only" / "chat.gguf", 900_000)


def texts(dialog: SettingsDialog) -> list[list[str]]:
    """What each card says."""
    return [[label.text() for label in card.findChildren(QLabel)] for card in dialog.model_page.cards.cards.values()]


def test_the_demo_comes_first_then_models_that_see(
    open_dialog: Callable[..., SettingsDialog], seeing: Path, blind: Path
) -> None:
    dialog = open_dialog(loaded_model="")
    assert texts(dialog) == [
        ["Bundled demo", "98 MB text + 38 MB vision  ·  Small, ready at once, good for trying things out", "Loaded"],
        ["llama-text-Q4_K_M.gguf", f"4.9 GB text + 2.0 GB vision  ·  {seeing.parent}"],
        [
            "chat.gguf",
            f"0.9 MB  ·  {blind.parent}",
            "There is no vision projector beside it, so it can chat but not see pictures.",
        ],
    ]
    assert dialog.model_page.cards.value() == ""
    assert not dialog.model_page.load.isEnabled()


def test_changes_are_collected_and_asked_for_once(
    open_dialog: Callable[..., SettingsDialog], seeing: Path, store: SettingsStore
) -> None:
    dialog = open_dialog(loaded_model="")
    page = dialog.model_page
    asked: list[ModelSettings] = []
    dialog.model_requested.connect(asked.append)
    page.cards.cards[str(seeing)].click()
    length, layers, kv = (page.controls["model", name] for name in ("n_ctx", "n_gpu_layers", "kv_type"))
    assert isinstance(length, Stepper)
    assert isinstance(layers, AutomaticOr)
    assert isinstance(kv, Select)
    length.more.click()
    layers.segments.buttons[1].click()
    layers.stepper.box.setValue(20)
    kv.box.setCurrentIndex(3)
    kv.box.activated.emit(3)
    assert store.current.model == ModelSettings()
    assert asked == []
    assert page.load.isEnabled()
    page.load.click()
    expected = ModelSettings(text=str(seeing), n_ctx=5120, n_gpu_layers=20, kv_type="Q8_0")
    assert asked == [expected]
    assert SettingsStore(store.path).current.model == expected


def test_a_draft_model_belongs_to_one_model(
    open_dialog: Callable[..., SettingsDialog], seeing: Path, blind: Path, store: SettingsStore
) -> None:
    dialog = open_dialog(loaded_model="")
    page = dialog.model_page
    asked: list[ModelSettings] = []
    dialog.model_requested.connect(asked.append)
    page.cards.cards[str(seeing)].click()
    draft = page.controls["model", "draft"]
    assert isinstance(draft, TextLine)
    draft.box.setText("~/small.gguf")
    draft.box.textEdited.emit("~/small.gguf")
    page.load.click()  # before the pause after which what is typed counts
    assert asked == [ModelSettings(text=str(seeing), draft="~/small.gguf")]
    ref, _ = model_to_load(store.current.model)
    assert ref.draft == Path.home() / "small.gguf"
    page.cards.cards[str(blind)].click()
    assert draft.value() == ""
    page.load.click()
    assert asked[1:] == [ModelSettings(text=str(blind))]
    assert model_to_load(store.current.model)[0].draft is None


def test_other_settings_do_not_forget_what_was_collected(dialog: SettingsDialog, seeing: Path) -> None:
    page = dialog.model_page
    length = page.controls["model", "n_ctx"]
    assert isinstance(length, Stepper)
    length.more.click()
    dialog.pages["answers"].controls["composer", "send_with"].buttons[1].click()  # type: ignore[attr-defined]
    assert page.requested.n_ctx == 5120 == length.value()
    assert seeing.exists()


def test_the_explanation_stands_where_offload_is_automatic(open_dialog: Callable[..., SettingsDialog]) -> None:
    sentence = "All 41 layers fit on the GPU."
    page = open_dialog(offload_explanation=sentence).model_page
    layers = page.controls["model", "n_gpu_layers"]
    assert isinstance(layers, AutomaticOr)
    assert page._offload_help.text() == sentence
    layers.segments.buttons[1].click()
    assert page._offload_help.text() == "How many layers of the model run on the GPU; 0 for none."
    layers.segments.buttons[0].click()
    page.set_explanation("Another.")
    assert page._offload_help.text() == "Another."


def test_a_file_chosen_by_dialog(dialog: SettingsDialog, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    text = sparse(tmp_path / "far" / "x.gguf", 1_000_000)
    vision = sparse(tmp_path / "elsewhere" / "x-mmproj.gguf", 2_000_000)
    page = dialog.model_page
    answer_with(monkeypatch, text)
    page.choose_file.click()
    assert page.requested.text == str(text)
    assert page.cards.value() == str(text)
    assert "There is no vision projector beside it, so it can chat but not see pictures." in texts(dialog)[1]
    answer_with(monkeypatch, vision)
    page.choose_mmproj.click()
    assert page.requested.mmproj == str(vision)
    assert texts(dialog)[1] == ["x.gguf", f"1.0 MB text + 2.0 MB vision  ·  {text.parent}"]
    page.cards.cards[""].click()
    assert page.requested.mmproj == ""


def test_cancelling_the_dialog_changes_nothing(dialog: SettingsDialog, monkeypatch: pytest.MonkeyPatch) -> None:
    answer_with(monkeypatch)
    dialog.model_page.choose_file.click()
    assert dialog.model_page.requested == ModelSettings()


def test_a_model_that_is_gone_or_in_doubt_is_explained(
    open_dialog: Callable[..., SettingsDialog], store: SettingsStore, seeing: Path, tmp_path: Path
) -> None:
    gone = str(tmp_path / "gone.gguf")
    store.update("model", text=gone)
    sparse(seeing.with_name("llama-mmproj-F16.gguf"), 10)
    dialog = open_dialog()
    assert texts(dialog)[1][-1] == f"There is no model {gone}; check the path."
    names = "llama-mmproj-F16.gguf, llama-mmproj-Q8_0.gguf"
    assert (
        texts(dialog)[2][-1] == f"There are several vision projectors beside {seeing.name} ({names}); choose one below."
    )
    assert not dialog.model_page.load.isEnabled()
    assert dialog.model_page._state.text() == "This model cannot be loaded; choose another."


def test_without_the_demo_it_says_why(
    monkeypatch: pytest.MonkeyPatch, open_dialog: Callable[..., SettingsDialog]
) -> None:
    def missing() -> None:
        raise UserError("No demo model is bundled with this installation; name a model with --model.")

    monkeypatch.setattr(model_choices, "demo_model", missing)
    dialog = open_dialog()
    assert texts(dialog)[0][-1] == "No demo model is bundled with this installation; name a model below."
    assert not dialog.model_page.cards.cards[""].isEnabled()


def test_recent_models_are_offered_while_they_exist(tmp_path: Path, seeing: Path, paths: Paths) -> None:
    used = sparse(tmp_path / "used.gguf", 5)
    found = all_choices("", [str(used), str(seeing), str(tmp_path / "gone.gguf"), ""], paths.models_folder)
    assert [one.text for one in found] == ["", str(used), str(seeing)]


def test_vision_projectors_are_no_models(paths: Paths, seeing: Path) -> None:
    assert models_in(paths.models_folder) == [str(seeing)]
    assert models_in(paths.models_folder / "not there") == []
    assert choice_of(str(seeing)).vision_bytes == 2_010_000_000
