"""Arguments that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop_vlm import backend
from desktop_vlm.engine.session import Progress
from desktop_vlm.model_files import find_model


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Which model to load, and how."""
    group = parser.add_argument_group("model")
    group.add_argument(
        "--model",
        type=Path,
        required=True,
        metavar="GGUF",
        help="text GGUF (its mmproj is found beside it), or a folder with both",
    )
    group.add_argument("--mmproj", type=Path, metavar="GGUF", help="vision half, when it lies elsewhere")
    group.add_argument("--ctx", type=int, default=4096, metavar="TOKENS", help="context length (default: 4096)")
    group.add_argument(
        "--gpu-layers", type=int, default=-1, metavar="N", help="layers on the GPU (default: all; 0: none)"
    )
    group.add_argument("--threads", type=int, metavar="N", help="processor threads (default: one per core)")
    group.add_argument("--kv-type", default="auto", metavar="TYPE", help="type of the KV cache (default: auto)")


def load_model(args: argparse.Namespace, progress: Progress | None = None) -> backend.Model:
    """The model that the arguments name."""
    text, mmproj = find_model(args.model, args.mmproj)
    return backend.load(
        text,
        mmproj,
        n_ctx=args.ctx,
        n_gpu_layers=args.gpu_layers,
        n_threads=args.threads,
        kv_type=args.kv_type,
        progress=progress,
    )
