"""transformers in a process of its own, asked turn by turn so that both sides meet the same machine."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self, TextIO


class PeerProcess:
    """A module that runs as a process of its own, is asked in lines of JSON and answers in such.

    Attributes:
        name: how tables call it.
    """

    def __init__(self, name: str, module: str, options: Sequence[str]) -> None:
        """Start `python -m module options`, which will say with a line that it is ready."""
        self.name = name
        command = [sys.executable, "-m", module, *options]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process; calling it again does nothing."""
        if self._process.stdin and not self._process.stdin.closed:
            self._process.stdin.close()
        self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()

    def read(self) -> Any:
        """The next answer, or that it is ready.

        Raises:
            SystemExit: the process ended.
        """
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"{self.name} ended early (exit code {self._process.wait()}); its errors stand above.")
        return json.loads(line)

    def ask(self, what: str, **arguments: Any) -> Any:
        """Have it do something; its answer."""
        assert self._process.stdin is not None
        print(json.dumps({"do": what, **arguments}), file=self._process.stdin, flush=True)
        return self.read()


def serve(actions: Mapping[str, Callable[..., Any]], requests: TextIO, answers: TextIO) -> None:
    """Within such a process: answer requests until there are no more.

    Args:
        actions: what can be asked for, by name.
        requests: lines of JSON, {"do": name of an action, and its arguments}.
        answers: where to write what the actions return.
    """
    print(json.dumps("ready"), file=answers, flush=True)
    for line in requests:
        request = json.loads(line)
        answer = actions[request.pop("do")](**request)
        print(json.dumps(answer), file=answers, flush=True)


class Peer(PeerProcess):
    """A running `benchmarks.transformers_peer`."""

    def __init__(self, shape: str, device: str, dtype: str, *, processor_time: bool = False) -> None:
        """Start it and wait until its model is made.

        Args:
            shape: one of `random_model.SHAPES`.
            device: "cpu" or "gpu".
            dtype: "float32" or "bfloat16".
            processor_time: seconds are those that processors worked for it.
        """
        options = ["--shape", shape, "--device", "cuda" if device == "gpu" else "cpu", "--dtype", dtype]
        options += ["--processor-time"] if processor_time else []
        super().__init__(f"transformers {dtype}", "benchmarks.transformers_peer", options)
        self.read()

    def encode(self, n_tiles: int = 4) -> float:
        """Seconds of vision model and projector."""
        return float(self.ask("encode", n_tiles=n_tiles))

    def first_token(self, seed: int, n_prompt: int) -> float:
        """Seconds from a new image and a prompt to the first token."""
        return float(self.ask("first_token", seed=seed, n_prompt=n_prompt))

    def decode(self, n_context: int, n_generate: int) -> float:
        """Seconds of `n_generate` tokens with an image and `n_context` tokens before them."""
        return float(self.ask("decode", n_context=n_context, n_generate=n_generate))

    def fill(self, n_context: int) -> None:
        """Have an image and `n_context` tokens in the cache, so that `decode` need not."""
        self.ask("fill", n_context=n_context)


def start_peers(shape: str, device: str) -> list[Peer]:
    """What people use on the device: bfloat16, and on a processor float32 too."""
    dtypes = ("bfloat16",) if device == "gpu" else ("float32", "bfloat16")
    return [Peer(shape, device, dtype) for dtype in dtypes]
