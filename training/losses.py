"""What training makes small: wrong letters and wrong tokens, with the scores that are shown beside."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from torch import Tensor

from training.letters import UNKNOWN
from training.model import N_LETTERS


@dataclass
class Scores:
    """Sums over batches, kept on the device so that nothing waits for them."""

    sums: dict[str, Tensor] = field(default_factory=dict)

    def add(self, name: str, value: Tensor, count: Tensor) -> None:
        pair = torch.stack([value.detach().double(), count.double()])  # [2]
        self.sums[name] = self.sums[name] + pair if name in self.sums else pair

    def means(self) -> dict[str, float]:
        """The mean of everything, 5 digits; empties the sums."""
        found = {name: pair.tolist() for name, pair in self.sums.items()}
        self.sums = {}
        return {name: float(f"{total / max(count, 1):.5g}") for name, (total, count) in found.items()}


def letter_loss(logits: Tensor, targets: Tensor, scores: Scores) -> Tensor:
    """Cross-entropy of slots with a letter, with a mark, and of blank ones, each averaged by itself.

    Args:
        logits: [B, tiles, patches, SLOTS, labels].
        targets: uint8 [B, tiles, patches, SLOTS].
        scores: where to count.
    """
    target = targets.flatten().long()  # [n]
    flat = logits.flatten(0, 3)  # [n, labels]
    losses = F.cross_entropy(flat.float(), target, reduction="none", ignore_index=UNKNOWN)  # [n]
    correct = flat.argmax(-1) == target  # [n]
    total = torch.zeros((), device=flat.device)
    groups = {
        "letter": (target > 0) & (target <= N_LETTERS),
        "mark": (target > N_LETTERS) & (target != UNKNOWN),
        "blank": target == 0,
    }
    for name, slots in groups.items():
        count = slots.sum()
        part = (losses * slots).sum()
        scores.add(f"{name}_loss", part, count)
        scores.add(f"{name}_accuracy", (correct & slots).sum(), count)
        total = total + part / count.clamp(min=1)
    return total


def answer_loss(
    logits: Tensor, batch: dict[str, Tensor], scores: Scores, length_power: float = 1.0
) -> tuple[Tensor, Tensor, Tensor]:
    """Cross-entropy of the answers' tokens.

    Args:
        logits: [n, vocab_size].
        batch: with `answer_targets`, `answer_exchanges` and `answer_counts` of `training.data`.
        scores: where to count; `answer_loss` there is of all tokens alike.
        length_power: an answer of k tokens weighs k to this power. 1 is all tokens alike, 0 all answers alike.

    Returns:
        The loss, and for every exchange its number of wrong and of all answer tokens: [E] each.
    """
    targets, n_all = batch["answer_targets"], batch["answer_counts"].float()  # [n], [E]
    losses = F.cross_entropy(logits.float(), targets, reduction="none")  # [n]
    weights = n_all[batch["answer_exchanges"]] ** (length_power - 1)  # [n]
    loss = (losses * weights).sum() / weights.sum()
    wrong = (logits.argmax(-1) != targets).float()  # [n]
    n_wrong = torch.zeros_like(n_all).index_add_(0, batch["answer_exchanges"], wrong)  # [E]
    count = torch.tensor(len(targets), device=logits.device)
    scores.add("answer_loss", losses.sum(), count)
    scores.add("token_accuracy", len(targets) - wrong.sum(), count)
    scores.add("exact", ((n_wrong == 0) & (n_all > 0)).sum(), (n_all > 0).sum())
    return loss, n_wrong, n_all
