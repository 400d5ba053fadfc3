"""Batches on their way to the device, ahead of their use."""

from __future__ import annotations

import threading
from queue import Full, Queue

import torch
from torch import Tensor

from training.data import Batch, Loader


def to_device(batch: Batch, device: torch.device) -> dict[str, Tensor]:
    """Copies of a batch's arrays on the device; the batch itself may be reused at once."""
    tensors = {name: torch.from_numpy(array) for name, array in batch.arrays.items()}
    if device.type == "cpu":
        return {name: tensor.clone() for name, tensor in tensors.items()}
    return {name: tensor.pin_memory().to(device, non_blocking=True) for name, tensor in tensors.items()}


class Feeder:
    """A thread that copies batches to the device ahead of their use."""

    def __init__(self, loader: Loader, device: torch.device) -> None:
        self._loader, self._device = loader, device
        self._queue: Queue[dict[str, Tensor] | BaseException] = Queue(maxsize=3)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def take(self) -> dict[str, Tensor]:
        """The next batch; raises what a worker failed with."""
        found = self._queue.get()
        if isinstance(found, BaseException):
            raise found
        return found

    def close(self) -> None:
        self._stopped.set()
        self._thread.join(timeout=10)
        self._loader.close()

    def _run(self) -> None:
        if self._device.type == "cuda":
            torch.cuda.set_device(self._device)
        while not self._stopped.is_set():
            item: dict[str, Tensor] | BaseException
            try:
                slot, batch = self._loader.take()
                item = to_device(batch, self._device)
                self._loader.give_back(slot)
            except Exception as error:  # noqa: BLE001 - it is raised again where the batch is taken
                item = error
            while not self._stopped.is_set():
                try:
                    self._queue.put(item, timeout=1)
                    break
                except Full:
                    continue
