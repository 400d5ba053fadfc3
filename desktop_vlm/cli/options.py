"""Arguments that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop_vlm import backend
from desktop_vlm.models.demo import demo_model
from desktop_vlm.models.files import find_model
from desktop_vlm.runtime.session import Progress


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Which model to load, and how."""
    group = parser.add_argument_group("model")
    group.add_argument(
        "--model",
        type=Path,
        metavar="GGUF",
        help="text GGUF (its mmproj is found beside it), or a folder with both (default: the bundled demo)",
    )
    group.add_argument("--mmproj", type=Path, metavar="GGUF", help="vision projector, when it lies elsewhere")
    group.add_argument("--ctx", type=int, default=4096, metavar="TOKENS", help="context length (default: 4096)")
    group.add_argument(
        "--gpu-layers", type=int, default=-1, metavar="N", help="layers on the GPU (default: all; 0: none)"
    )
    group.add_argument("--threads", type=int, metavar="N", help="processor threads (default: one per core)")
    group.add_argument("--kv-type", default="auto", metavar="TYPE", help="type of the KV cache (default: auto)")


def model_paths(args: argparse.Namespace) -> tuple[Path, Path | None]:
    """The text GGUF and the projector that the arguments name; the demo's where they name none.

    Raises:
        UserError: there is no such model, or it is not clear which is meant.
    """
    if args.model is None:
        return demo_model()
    return find_model(args.model, args.mmproj)


def load_model(args: argparse.Namespace, progress: Progress | None = None) -> backend.Model:
    """The model that the arguments name."""
    text, mmproj = model_paths(args)
    return backend.load(
        text,
        mmproj,
        n_ctx=args.ctx,
        n_gpu_layers=args.gpu_layers,
        n_threads=args.threads,
        kv_type=args.kv_type,
        progress=progress,
    )
