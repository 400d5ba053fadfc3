"""A run that gets more cross-attention layers computes what it did, and what is new can learn."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.training.tiny_text import stand_in

torch = pytest.importorskip("torch")

from torch import Tensor  # noqa: E402

from training import deepen as deepening  # noqa: E402
from training.deepen import GATES, deepen, open_gates  # noqa: E402
from training.export import Run, load_run, save_run  # noqa: E402
from training.model import Adapter, VisionTextModel  # noqa: E402
from training.optimizers import Optimizers  # noqa: E402
from training.text_model import TextModel  # noqa: E402
from training.vision_encoder import ModelConfig  # noqa: E402

OLD = ModelConfig(width=16, n_heads=2, ffn_width=32, n_layers=2, n_global_layers=1, tile_px=28, taps=(1,),
                  cross_after=(0, 4))  # fmt: skip
NEW = replace(OLD, cross_after=(0, 1, 3, 4, 5))
NEAREST = {0: 0, 1: 0, 3: 4, 4: 4, 5: 4}
PROGRESS = {"step": 3010, "elapsed_s": 1082.8, "phase": "answers"}


@pytest.fixture
def text(monkeypatch: pytest.MonkeyPatch) -> TextModel:
    return TextModel(stand_in(monkeypatch))  # type: ignore[arg-type]


@pytest.fixture
def run(text: TextModel) -> Run:
    torch.manual_seed(3)
    adapter = Adapter(OLD, text.shape)
    for value in adapter.parameters():
        torch.nn.init.normal_(value, mean=float(value.detach().mean()), std=0.3)
    return Run({name: value.half().float() for name, value in adapter.state_dict().items()}, OLD, PROGRESS)


def model_of(run: Run, text: TextModel) -> VisionTextModel:
    adapter = Adapter(run.model, text.shape)
    adapter.load_state_dict(run.weights)
    return VisionTextModel(adapter, text)


def command_line(run: Run, folder: Path) -> list[str]:
    """The command that deepens the run to NEW, whose files it writes."""
    save_run(run, folder / "run")
    config = folder / "new.toml"
    config.write_text(
        "[model]\nwidth = 16\nn_heads = 2\nffn_width = 32\nn_layers = 2\nn_global_layers = 1\ntile_px = 28\n"
        "taps = [1]\ncross_after = [0, 1, 3, 4, 5]\n"
    )
    return ["deepen", str(folder / "run"), str(folder / "out"), "--config", str(config)]


def logits(model: VisionTextModel) -> Tensor:
    generator = torch.Generator().manual_seed(4)
    tiles = torch.randint(0, 256, (2, 3, 3, 28, 28), dtype=torch.uint8, generator=generator)
    tokens = torch.randint(0, 20, (2, 2, 7), generator=generator)
    tokens[..., 2] = 20  # the image
    return model.text.logits(model.hidden(model.encode(tiles, torch.tensor([3, 4])), tokens))


def test_logits_are_the_same_to_the_bit(run: Run, text: TextModel) -> None:
    before, after = model_of(run, text), model_of(deepen(run, NEW), text)
    assert torch.equal(logits(before), logits(after))
    with torch.no_grad():
        after.adapter.layers["3"].cross_attn_attn_gate.fill_(0.2)
        after.adapter.layers["6"].cross_attn_mlp_gate.fill_(0.2)
    assert (logits(after) - logits(before)).abs().max() > 0.01


def test_each_layer_is_the_nearest_old_one(run: Run) -> None:
    found = deepen(run, NEW).weights
    old_numbers = dict(zip(OLD.cross_after, OLD.cross_layers, strict=True))
    gates = {"cross_attn_attn_gate", "cross_attn_mlp_gate"}
    for place, number in zip(NEW.cross_after, NEW.cross_layers, strict=True):
        names = {name.split(".", 2)[2] for name in found if name.startswith(f"layers.{number}.")}
        assert len(names) == 6 + 2 + 3 + 2  # attention, norms, MLP, gates
        for name in names:
            value, was = found[f"layers.{number}.{name}"], run.weights[f"layers.{old_numbers[NEAREST[place]]}.{name}"]
            closed = name in gates and place not in old_numbers
            assert torch.equal(value, torch.zeros(1) if closed else was)
    assert all(torch.equal(found[name], value) for name, value in run.weights.items() if not name.startswith("layers."))


@pytest.mark.parametrize("kind", ["adamw", "muon"])
def test_closed_gates_open_and_what_is_behind_them_follows(run: Run, text: TextModel, kind: str) -> None:
    model = model_of(deepen(run, NEW), text)
    layer, optimizers = model.adapter.layers["3"], Optimizers(kind, model.adapter, weight_decay=0.0, fused=False)
    start = {name: value.detach().clone() for name, value in layer.named_parameters()}

    def loss() -> Any:
        found = torch.nn.functional.cross_entropy(logits(model), torch.arange(28) % 20)
        found.backward()
        return found.item()

    first = loss()
    for name, value in layer.named_parameters():
        assert (value.grad.abs().max() > 0) == name.endswith("gate"), name
    optimizers.step(1e-3)
    assert abs(layer.cross_attn_attn_gate.item()) == pytest.approx(1e-3, rel=0.01)
    for _ in range(3):
        last = loss()
        optimizers.step(1e-3)
    assert last < first
    for name, value in layer.named_parameters():  # the weights of a matrix moved as far as those of open layers do
        moved = (value.detach() - start[name]).square().mean().sqrt().item()
        assert moved > 1e-4, name


def test_the_plan_begins_again(run: Run, text: TextModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", command_line(run, tmp_path))
    deepening.main()
    found = load_run(tmp_path / "out")
    assert (found.model, found.progress) == (NEW, {"step": 0, "elapsed_s": 0.0, "phase": "answers"})
    assert torch.equal(logits(model_of(found, text)), logits(model_of(run, text)))


def test_without_new_layers_only_the_plan_changes(run: Run) -> None:
    found = deepen(run, OLD)
    assert found.progress["step"] == 0
    assert found.weights.keys() == run.weights.keys()
    assert all(torch.equal(found.weights[name], value) for name, value in run.weights.items())


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"width": 32}, "only cross_after may differ"),
        ({"tile_px": 56}, "only cross_after may differ"),
        ({"cross_after": (0, 1, 3)}, r"the run has cross-attention layers after \[4\], which cross_after lacks"),
    ],
)
def test_what_does_not_fit_is_refused(run: Run, change: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        deepen(run, replace(OLD, **change))


def gates_of(run: Run) -> dict[str, float]:
    return {name: value.item() for name, value in run.weights.items() if name.endswith(GATES)}


def test_gates_open_by_a_share_of_the_nearest_other_layers(run: Run) -> None:
    deep = deepen(run, NEW)  # after 0, 1, 3, 4, 5; those after 0 and 4 are old
    for gate, values in zip(GATES, [(0.5, 0.0, 0.25, -0.8, 0.0), (2.0, 0.1, 0.0, 1.0, 0.9)], strict=True):
        for number, value in zip(NEW.cross_layers, values, strict=True):
            deep.weights[f"layers.{number}.{gate}"].fill_(value)
    found = open_gates(deep, [1, 3, 5], 0.4)
    layers = dict(zip(NEW.cross_after, NEW.cross_layers, strict=True))
    expected = {0: (0.5, 2.0), 1: (0.2, 0.8), 3: (-0.32, 0.4), 4: (-0.8, 1.0), 5: (-0.32, 0.9)}
    target = {f"layers.{layers[place]}.{gate}": value for place, pair in expected.items()
              for gate, value in zip(GATES, pair, strict=True)}  # fmt: skip
    assert gates_of(found) == pytest.approx(target)
    assert gates_of(deep)[f"layers.{layers[1]}.{GATES[0]}"] == 0.0  # the run itself is as it was
    rest = found.weights.keys() - target.keys()
    assert all(torch.equal(found.weights[name], deep.weights[name]) for name in rest)


def test_a_layer_that_is_not_there_cannot_open(run: Run) -> None:
    with pytest.raises(ValueError, match=r"no cross-attention layer follows the text layers \[2\]"):
        open_gates(run, [2, 4], 0.4)
    with pytest.raises(ValueError, match="there is no other"):
        open_gates(run, [0, 4], 0.4)


def test_gates_open_from_the_command_line(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", [*command_line(run, tmp_path), "--open-after", "1", "--share", "0.5"])
    deepening.main()
    gates = gates_of(load_run(tmp_path / "out"))
    assert gates["layers.3.cross_attn_mlp_gate"] == pytest.approx(gates["layers.1.cross_attn_mlp_gate"] / 2, rel=1e-3)
    assert gates["layers.6.cross_attn_mlp_gate"] == 0.0
