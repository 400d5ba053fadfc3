"""`desktop-vlm doctor`: what this machine has, what models need, and what will be used.

Unlike its neighbours it has to work without llama.cpp, so it declares its options itself.
"""

from __future__ import annotations

import argparse
import json
import textwrap
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from desktop_vlm.api.errors import EngineError
from desktop_vlm.diagnostics.doctor import STREAMED, Engine, GpuState, ModelNeed, Report, Request, TextReading, examine
from desktop_vlm.system.border.streams import require_stdout

_WIDTH = 100
_LABEL = 20
_NAME = 42
_FIGURE = 9
_GIB = 1 << 30
_COLUMNS = "image: cross-attention layers, and what encoding an image takes; buffers: working memory, program."
_STREAMED = f"{STREAMED}: the encoder's weights are streamed from disk per image, which saves their memory."


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the `doctor` command to the program's commands."""
    defaults = Request()
    parser = subparsers.add_parser(
        "doctor",
        help="say what this machine has, what models need, and what will be used",
        description="Say which devices the engine uses and which it could use, how much memory each known model "
        "needs, and what would be put where. Nothing is loaded.",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")
    group = parser.add_argument_group("model")
    group.add_argument("--model", type=Path, metavar="GGUF", help="look at this model too: a text GGUF or a folder")
    group.add_argument("--mmproj", type=Path, metavar="GGUF", help="its vision projector, when it lies elsewhere")
    group.add_argument(
        "--ctx", type=int, default=defaults.n_ctx, metavar="TOKENS", help=f"context length (default: {defaults.n_ctx})"
    )
    group.add_argument(
        "--gpu-layers",
        type=int,
        default=defaults.n_gpu_layers,
        metavar="N",
        help="layers on the GPU (default: all that fit; 0: none)",
    )
    group.add_argument(
        "--kv-type", default=defaults.kv_type, metavar="TYPE", help="type of the KV cache (default: auto)"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command; 0 is the exit code of success, a GPU that is not used included.

    Raises:
        UserError: the model or a setting is wrong.
        EngineError: the engine's library cannot be loaded; all else was printed.
    """
    require_stdout()
    report = examine(Request(args.model, args.mmproj, args.ctx, args.gpu_layers, args.kv_type))
    print(json.dumps(_as_dict(report), indent=2) if args.json else as_text(report))
    if report.problem:
        raise EngineError(report.problem)
    return 0


def _as_dict(report: Report) -> dict[str, object]:
    totals = [{**asdict(model), "total_bytes": model.total_bytes} for model in report.models]
    return {**asdict(report), "models": totals}


def as_text(report: Report) -> str:
    """The report as a person reads it, in lines of at most 100 characters where names allow it."""
    sections = [
        ("Versions", _versions(report)),
        ("Devices", _devices(report)),
        ("GPUs not used", _unused_gpus(report)),
        ("Text in images", _text_reading(report.text)),
        ("Protection against hostile files", _protection(report.unprotected)),
        (f"What models need, in GiB, with {_context(report.n_ctx)}", _needs(report.models)),
        ("What will be used here", _chosen(report.models)),
    ]
    parts = ["\n".join([title, *lines]) for title, section in sections if (lines := list(section))]
    return "\n\n".join(filter(None, [*parts, textwrap.fill(_verdict(report), _WIDTH)]))


def _versions(report: Report) -> Iterator[str]:
    program, engine = report.program, report.engine
    yield from _row("desktop-vlm", program.desktop_vlm)
    yield from _row("Python", f"{program.python} on {program.system}")
    yield from _row("llama-cpp-python", program.llama_cpp_python or "not installed")
    if report.nvidia_driver:
        cuda = f", runs CUDA up to {report.nvidia_driver.cuda}" if report.nvidia_driver.cuda else ""
        yield from _row("NVIDIA's driver", f"{report.nvidia_driver.version}{cuda}")
    if engine is None:
        return
    yield from _row("llama.cpp", engine.llama_cpp)
    for backend, features in engine.features.items():
        yield from _row(f"built for {backend}", ", ".join(features) or "yes")
    yield from _row("GPU", "in use" if engine.uses_gpu else "none that this build can use")
    compiled = "compiled" if engine.has_compiled_callback else "not compiled, which is slower"
    idle = (
        "taken out while it has nothing to do"
        if engine.has_scheduler
        else "always in use: llama.cpp hides its scheduler"
    )
    yield from _row("evaluation callback", f"{compiled}; {idle}")


def _devices(report: Report) -> Iterator[str]:
    for device in report.devices:
        free = f"{device.free_bytes / _GIB:.1f} of {device.total_bytes / _GIB:.1f} GiB free"
        yield f"  {device.name:{_LABEL}}{_cut(device.description, _WIDTH - _LABEL - 28)}{free:>26}"
        if device.name == "CPU":
            yield f"  {'':{_LABEL}}{report.n_cores} cores to use"
        if report.engine and device.name in report.engine.left_alone:
            yield from _row("", "no model is put on it")
        why = _why_without_kernels(report.engine, device.name)
        if why is not None:
            yield from _row("", f"our vision kernels are not used: {why}" if why else "our vision kernels are used")


def _why_without_kernels(engine: Engine | None, device: str) -> str | None:
    """Empty where our vision kernels are used; None where there are none for such a device."""
    if engine is None:
        return None
    return engine.cpu_vision_kernels if device == "CPU" else engine.vision_kernels.get(device)


def _unused_gpus(report: Report) -> Iterator[str]:
    for gpu, count in _counted([gpu for gpu in report.gpus if not gpu.is_used]):
        yield f"  {gpu.name}" + (f", {count} of them" if count > 1 else "")
        yield from textwrap.wrap(gpu.why, _WIDTH, initial_indent="      ", subsequent_indent="      ")
        if gpu.command:
            yield f"      {gpu.command}"


def _counted(gpus: list[GpuState]) -> Iterator[tuple[GpuState, int]]:
    """Each GPU once, and how many are alike."""
    for gpu in dict.fromkeys(gpus):
        yield gpu, gpus.count(gpu)


def _text_reading(text: TextReading) -> Iterator[str]:
    """Whether it can be read, and with what."""
    if text.missing:
        yield from _row("", f"cannot be read: {', '.join(text.missing)} not installed")
        yield from _row("", text.command)
    elif text.versions:
        label = "can be read with"
        for name, version in text.versions.items():
            yield f"  {label:{_LABEL}}{name} {version}"
            label = ""


def _protection(unprotected: dict[str, str]) -> Iterator[str]:
    """What the processes that read files of strangers have given up, and what this system cannot take from them."""
    names = {"privileges": "more rights", "memory": "debuggers", "files": "other files", "calls": "network, programs"}
    for key, name in names.items():
        reason = unprotected.get(key)
        yield from _row(name, f"not shut off: {reason}" if reason else "shut off")


def _context(n_ctx: int) -> str:
    return f"a context of {n_ctx:,} tokens" if n_ctx else "the context that each was trained with"


def _needs(models: list[ModelNeed]) -> Iterator[str]:
    if not models:
        return
    names = ("text", "vision", "image", "KV cache", "buffers", "total")
    yield f"  {'':{_NAME}}" + "".join(f"{name:>{_FIGURE}}" for name in names)
    for model in models:
        sizes = (
            model.text_bytes,
            model.vision_bytes,
            model.cross_attention_bytes,
            model.context_bytes,
            model.buffers_bytes,
            model.total_bytes,
        )
        figures = "".join(f"{_figure(n_bytes):>{_FIGURE}}" for n_bytes in sizes)
        yield f"  {_cut(model.name, _NAME)}{figures}"
    yield f"  {_COLUMNS}"


def _figure(n_bytes: int) -> str:
    return f"{n_bytes / _GIB:.2f}" if n_bytes else "-"


def _chosen(models: list[ModelNeed]) -> Iterator[str]:
    for model in models:
        indent = " " * (_NAME + 2)
        yield from textwrap.wrap(
            model.here, _WIDTH, initial_indent=f"  {_cut(model.name, _NAME)}", subsequent_indent=indent
        )
    if any(STREAMED in model.here for model in models):
        yield f"  {_STREAMED}"


def _cut(text: str, width: int) -> str:
    """A text in a column of `width` characters, padded or cut, with space behind it."""
    return f"{text if len(text) < width else f'{text[: width - 2]}…':{width}}"


def _verdict(report: Report) -> str:
    """The last word; none where the engine is missing, which is reported elsewhere."""
    left_alone = report.engine.left_alone if report.engine else ()
    used = [device.name for device in report.devices if device.is_gpu and device.name not in left_alone]
    unused = [gpu.name for gpu in report.gpus if gpu.could_help and not gpu.is_used]
    if report.engine is None:
        return ""
    if used:
        return f"Models run on {', '.join(used)} as far as they fit."
    if unused:
        return f"Models run on the CPU (GPU not used), and would be faster on {unused[0]}: see above what to do."
    return "Models run on the CPU; there is no GPU that they would surely be faster on."


def _row(label: str, text: str) -> list[str]:
    indent = " " * (_LABEL + 2)
    return textwrap.wrap(text, _WIDTH, initial_indent=f"  {label:{_LABEL}}", subsequent_indent=indent)
