"""A worker whose model says that it takes several images: each then stands in its own turn."""

from __future__ import annotations

import dataclasses
import sys

from desktop_vlm import backend
from desktop_vlm.api.capabilities import Capabilities
from desktop_vlm.service import worker

_OF_FILE = vars(backend.Model)["capabilities"]


def _many(model: backend.Model) -> Capabilities:
    found: Capabilities = _OF_FILE.__get__(model)
    return dataclasses.replace(found, max_images=8) if found.max_images else found


if __name__ == "__main__":
    backend.Model.capabilities = property(_many)  # type: ignore[assignment, method-assign]
    sys.exit(worker.main())
