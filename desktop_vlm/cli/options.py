"""Arguments that several commands share."""

from __future__ import annotations

import argparse
from pathlib import Path

from desktop_vlm import backend
from desktop_vlm.api.options import LoadOptions, ModelRef
from desktop_vlm.api.progress import StageProgress
from desktop_vlm.models.demo import demo_model
from desktop_vlm.models.files import find_model


def add_model_options(parser: argparse.ArgumentParser) -> None:
    """Which model to load, and how."""
    group = parser.add_argument_group("model")
    group.add_argument(
        "--model",
        type=Path,
        metavar="GGUF",
        help="language model GGUF (its mmproj is found beside it), or a folder with both (default: the bundled demo)",
    )
    group.add_argument("--mmproj", type=Path, metavar="GGUF", help="vision projector, when it lies elsewhere")
    group.add_argument("--ctx", type=int, default=4096, metavar="TOKENS", help="context length (default: 4096)")
    group.add_argument(
        "--gpu-layers", type=int, default=-1, metavar="N", help="layers on the GPU (default: all; 0: none)"
    )
    group.add_argument("--threads", type=int, metavar="N", help="processor threads (default: one per core)")
    group.add_argument("--kv-type", default="auto", metavar="TYPE", help="type of the KV cache (default: auto)")


def model_ref(args: argparse.Namespace) -> ModelRef:
    """The files that the arguments name; the demo's where they name none.

    Raises:
        UserError: there is no such model, or it is not clear which is meant.
    """
    return ModelRef(*(demo_model() if args.model is None else find_model(args.model, args.mmproj)))


def load_options(args: argparse.Namespace) -> LoadOptions:
    """How to load it."""
    return LoadOptions(n_ctx=args.ctx, n_gpu_layers=args.gpu_layers, n_threads=args.threads, kv_type=args.kv_type)


def load_model(args: argparse.Namespace, progress: StageProgress | None = None) -> backend.Model:
    """The model that the arguments name."""
    return backend.load_model(model_ref(args), load_options(args), progress)
