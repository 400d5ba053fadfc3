"""Several processes that train one model, each with its own GPU and its own images.

    torchrun --standalone --nproc-per-node 4 -m training.train CONFIG.toml --out RUN_FOLDER

Gradients are averaged, so all keep the same weights. The first process alone keeps time, evaluates and saves.
"""

from __future__ import annotations

import os

import torch
import torch.distributed as dist
from torch import Tensor


class Together:
    """The processes that `torchrun` started; without it, one process alone.

    Attributes:
        rank: of this process; 0 leads.
        size: how many there are.
    """

    def __init__(self) -> None:
        self.rank, self.size = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
        self._clock: dist.ProcessGroup | None = None

    @property
    def leads(self) -> bool:
        return self.rank == 0

    def device(self) -> torch.device:
        """The GPU of this process, or the processor."""
        if not torch.cuda.is_available():
            return torch.device("cpu")
        device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
        torch.cuda.set_device(device)
        return device

    def join(self, device: torch.device) -> None:
        """Meet the others. Threads start here, so fork before."""
        if self.size > 1:
            dist.init_process_group("nccl" if device.type == "cuda" else "gloo")
            self._clock = dist.new_group(backend="gloo")

    def leave(self) -> None:
        if self._clock is not None:
            dist.destroy_process_group()

    def average(self, tensors: list[Tensor]) -> None:
        """Put the mean over all processes into each of the tensors."""
        if self.size == 1:
            return
        flat = torch.cat([tensor.flatten() for tensor in tensors])  # [n]
        dist.all_reduce(flat)
        parts = flat.div_(self.size).split([tensor.numel() for tensor in tensors])
        with torch.no_grad():
            torch._foreach_copy_(tensors, [part.view_as(to) for part, to in zip(parts, tensors, strict=True)])

    def agree(self, *values: float) -> list[float]:
        """The leader's values, in every process; it does not wait for the GPU."""
        if self.size == 1:
            return list(values)
        agreed = torch.tensor(values, dtype=torch.float64)  # [n]
        dist.broadcast(agreed, 0, group=self._clock)
        return [float(value) for value in agreed]
