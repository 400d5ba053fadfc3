"""Decode tokens behind an image and write their logits: `python -m tests.gpu_tokens TEXT MMPROJ OUT.npy`.

A process of its own, since ggml reads its settings once.
"""

from __future__ import annotations

import sys

import numpy as np

from benchmarks.images import screenshot
from desktop_vlm import backend
from desktop_vlm.images.opened import OpenedImage

N_PROMPT, N_TOKENS = 62, 120


def main(text: str, mmproj: str, out: str) -> None:
    """Feed tokens by chance, whatever the model says; float32 (N_TOKENS, n_vocab) to `out`."""
    rng = np.random.default_rng(5)
    image = OpenedImage.of(screenshot(560, 3))
    with backend.load(text, mmproj, n_ctx=512) as model:
        given = rng.integers(0, model.n_vocab, N_PROMPT + N_TOKENS).tolist()
        ids = [given[0], model.n_vocab, *given[1:N_PROMPT]]
        logits = []
        for token in given[N_PROMPT:]:
            logits.append(model.next_logits(ids, image))
            ids.append(token)
    np.save(out, np.stack(logits))


if __name__ == "__main__":
    main(*sys.argv[1:])
