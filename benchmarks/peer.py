"""transformers in a process of its own, asked turn by turn so that both sides meet the same machine."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any


class Peer:
    """A running `benchmarks.transformers_peer`.

    Attributes:
        name: how tables call it.
    """

    def __init__(self, shape: str, device: str, dtype: str) -> None:
        """Start it and wait until its model is made.

        Args:
            shape: one of `random_model.SHAPES`.
            device: "cpu" or "gpu".
            dtype: "float32" or "bfloat16".
        """
        self.name = f"transformers {dtype}"
        module = [sys.executable, "-m", "benchmarks.transformers_peer"]
        options = ["--shape", shape, "--device", "cuda" if device == "gpu" else "cpu", "--dtype", dtype]
        self._process = subprocess.Popen(
            module + options, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        self._read()

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process; calling it again does nothing."""
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
        self._process.wait()

    def encode(self, n_tiles: int = 4) -> float:
        """Seconds of vision model and projector."""
        return float(self._ask("encode", n_tiles=n_tiles))

    def first_token(self, seed: int, n_prompt: int) -> float:
        """Seconds from a new image and a prompt to the first token."""
        return float(self._ask("first_token", seed=seed, n_prompt=n_prompt))

    def decode(self, n_context: int, n_generate: int) -> float:
        """Seconds of `n_generate` tokens with an image and `n_context` tokens before them."""
        return float(self._ask("decode", n_context=n_context, n_generate=n_generate))

    def fill(self, n_context: int) -> None:
        """Have an image and `n_context` tokens in the cache, so that `decode` need not."""
        self._ask("fill", n_context=n_context)

    def _ask(self, what: str, **arguments: Any) -> Any:
        assert self._process.stdin is not None
        print(json.dumps({"do": what, **arguments}), file=self._process.stdin, flush=True)
        return self._read()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} ended early (exit code {self._process.wait()}); its errors stand above.")
        return json.loads(line)


def start_peers(shape: str, device: str) -> list[Peer]:
    """What people use on the device: bfloat16, and on a processor float32 too."""
    dtypes = ("bfloat16",) if device == "gpu" else ("float32", "bfloat16")
    return [Peer(shape, device, dtype) for dtype in dtypes]
