"""Which weights are moved by which optimizer, and how far."""

from __future__ import annotations

import copy
from typing import Any

import pytest

torch = pytest.importorskip("torch")

from training.language_model import TextShape  # noqa: E402
from training.model import Adapter  # noqa: E402
from training.muon import BatchedMuon  # noqa: E402
from training.optimizers import Optimizers  # noqa: E402
from training.vision_encoder import ModelConfig  # noqa: E402

_TEXT = TextShape(vocab_size=20, width=16, n_layers=3, n_heads=2, n_heads_kv=1, ffn_width=24, rms_eps=1e-5,
                  rope_theta=1e4, context_length=64)  # fmt: skip
_MODEL = ModelConfig(width=16, n_heads=2, ffn_width=32, n_layers=2, n_global_layers=1, tile_px=28, taps=(1,),
                     cross_after=(1,))  # fmt: skip


def _adapter() -> Adapter:
    torch.manual_seed(3)
    return Adapter(_MODEL, _TEXT)


def _step(adapter: Adapter, kind: str) -> dict[str, Any]:
    """What one step with random gradients adds to each weight."""
    before = {name: value.detach().clone() for name, value in adapter.named_parameters()}
    torch.manual_seed(4)
    for value in adapter.parameters():
        value.grad = torch.randn_like(value)
    Optimizers(kind, adapter, weight_decay=0.0, fused=False).step(1e-3)
    assert all(value.grad is None for value in adapter.parameters())
    return {name: value.detach() - before[name] for name, value in adapter.named_parameters()}


def test_muon_moves_the_matrices_inside_layers() -> None:
    adamw, muon = _step(_adapter(), "adamw"), _step(_adapter(), "muon")
    moved = [name for name in muon if not torch.equal(muon[name], adamw[name])]
    assert len(moved) == 3 * 6 + 7 + 1  # of three encoder layers, of the cross-attention layer, and the projector
    assert not [name for name in moved if "embedding" in name or "letter_head" in name or "norm" in name]
    assert all(value.ndim == 2 for name, value in muon.items() if name in moved)


def test_its_steps_are_orthogonal_and_about_as_large_as_those_of_adamw() -> None:
    name = "vision_model.transformer.layers.0.mlp.fc1.weight"  # (32, 16)
    adamw, muon = _step(_adapter(), "adamw")[name], _step(_adapter(), "muon")[name]
    assert adamw.abs().mean().item() == pytest.approx(1e-3, rel=1e-3)  # the first step is the gradient's sign
    assert muon.square().mean().sqrt().item() == pytest.approx(0.2e-3, rel=0.25)
    values = torch.linalg.svdvals(muon)
    assert (values.max() / values.min()).item() < 2.5  # of a random matrix it is about 5


def test_a_saved_state_goes_on_alike() -> None:
    one = _adapter()
    optimizers = Optimizers("muon", one, weight_decay=0.1, fused=False)
    for value in one.parameters():
        value.grad = torch.ones_like(value)
    optimizers.step(1e-3)
    other = copy.deepcopy(one)
    resumed = Optimizers("muon", other, weight_decay=0.1, fused=False)
    resumed.load_state_dict(copy.deepcopy(optimizers.state_dict()))
    for model, steps in ((one, optimizers), (other, resumed)):
        for value in model.parameters():
            value.grad = torch.arange(float(value.numel())).view_as(value)
        steps.step(1e-3)
    for mine, its in zip(one.parameters(), other.parameters(), strict=True):
        assert torch.equal(mine, its)


@pytest.mark.parametrize("n_steps", [1, 3])
def test_matrices_move_together_as_each_alone(n_steps: int) -> None:
    torch.manual_seed(5)
    shapes = [(16, 16), (32, 16), (16, 32), (8, 16), (16, 16), (32, 16), (16, 32)]
    ours = [torch.nn.Parameter(torch.randn(shape)) for shape in shapes]
    its = copy.deepcopy(ours)
    batched = BatchedMuon(ours, weight_decay=0.1)
    one_by_one = torch.optim.Muon(its, weight_decay=0.1, adjust_lr_fn="match_rms_adamw")
    for number in range(n_steps):
        for mine, other in zip(ours, its, strict=True):
            gradient = torch.randn_like(mine) * 10.0**-number
            mine.grad, other.grad = gradient, gradient.clone()
        ours[3].grad = its[3].grad = None  # one that has none stays
        for optimizer in (batched, one_by_one):
            optimizer.param_groups[0]["lr"] = 0.02
            optimizer.step()
    for mine, other in zip(ours, its, strict=True):
        moved, expected = mine.detach(), other.detach()
        assert torch.allclose(moved, expected, atol=2e-4)  # a step is 0.004 on average; bfloat16 rounds
        assert mine not in batched.state or torch.equal(
            batched.state[mine]["momentum_buffer"], one_by_one.state[other]["momentum_buffer"]
        )
    batched.load_state_dict(one_by_one.state_dict())


def test_gates_of_attention_take_their_share_of_a_step() -> None:
    one, other = _adapter(), _adapter()
    for adapter, share in ((one, 1.0), (other, 0.1)):
        for value in adapter.parameters():
            value.grad = torch.ones_like(value)
        Optimizers("muon", adapter, weight_decay=0.0, fused=False, attention_gate_lr=share).step(1e-3)
    before = dict(_adapter().named_parameters())
    for (name, mine), its in zip(one.named_parameters(), other.parameters(), strict=True):
        if name.endswith("cross_attn_attn_gate"):
            assert (before[name] - mine).item() == pytest.approx(1e-3, rel=1e-3)
            assert (before[name] - its).item() == pytest.approx(1e-4, rel=1e-2)
        else:
            assert torch.equal(mine, its), name


def test_an_unknown_optimizer_is_named() -> None:
    with pytest.raises(ValueError, match="no optimizer is called 'sgd'; there are adamw, muon"):
        Optimizers("sgd", _adapter(), weight_decay=0.0, fused=False)
