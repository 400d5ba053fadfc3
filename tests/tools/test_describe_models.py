"""docs/models.md is what the program itself says of its models."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from desktop_vlm.families.converters import CONVERTERS
from desktop_vlm.families.mtmd.projector import MtmdProjector
from desktop_vlm.models.published import PUBLISHED
from tools import describe_models
from tools.describe_models import FACTS, OTHERS, TESTED, main, memory, models


def names() -> list[str]:
    return [model.name.split(" Q4_K_M")[0] for _, model in models()]


def test_the_page_is_true(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["describe_models", "--check"])
    assert main() == 0


def test_a_page_that_is_not_is_noticed_and_put_right(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = tmp_path / "docs" / "models.md"
    page.parent.mkdir()
    (tmp_path / "tests").symlink_to(Path(__file__).parents[1])
    good = describe_models.PAGE.read_text(encoding="utf-8")
    page.write_text(good.replace("| Pixtral 12B |", "| Pixtral 13B |"), encoding="utf-8")
    monkeypatch.setattr(describe_models, "PAGE", page)
    monkeypatch.setattr(sys, "argv", ["describe_models", "--check"])
    assert main() == 1
    assert capsys.readouterr().err == "docs/models.md is out of date; run python -m tools.describe_models\n"
    monkeypatch.setattr(sys, "argv", ["describe_models"])
    assert main() == 0
    assert page.read_text(encoding="utf-8") == good


def test_every_model_and_converter_is_in_it() -> None:
    assert [name for name in names() if "Llama" not in name] == [model.name for model in PUBLISHED.values()]
    assert {facts.converter for facts in FACTS.values()} == {type(one).__name__ for one in CONVERTERS}
    assert set(TESTED) <= set(names())


def test_several_images_are_what_the_projectors_say() -> None:
    for family, model in models():
        stays = isinstance(model.shape.vision, MtmdProjector) and not model.shape.vision.capabilities.composes_images
        assert FACTS[family.name].images == ("each in its turn" if stays else "composed into one")


def test_memory_is_the_planners() -> None:
    """GIVEN weights of about 7 and 47 GB THEN the plans hold them."""
    found = {model.name.split(" Q4_K_M")[0]: memory(model) for _, model in models()}
    assert 8.5 < found["Pixtral 12B"][0] < 9.5
    assert 47 < found["Qwen2.5-VL 72B"][1] < 50
    for alone, gpu, main_memory in found.values():
        assert main_memory < alone < gpu + main_memory


def test_no_other_model_is_named_twice_or_known_already() -> None:
    others = [name for name, _ in OTHERS]
    assert len(set(others)) == len(others)
    assert not set(others) & set(names())
