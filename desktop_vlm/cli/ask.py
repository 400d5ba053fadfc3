"""`desktop-vlm ask`: images and a question in, the answer out as it comes."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from PIL import Image

from desktop_vlm.api.answer import Chunk, Usage
from desktop_vlm.api.capabilities import NO_VISION
from desktop_vlm.api.errors import Cancelled, UserError
from desktop_vlm.api.library import Speed
from desktop_vlm.api.options import ModelRef
from desktop_vlm.api.safety import as_verdict
from desktop_vlm.cli.constraint_options import add_constraint_options, read_constraint
from desktop_vlm.cli.options import add_model_options, load_model, model_ref
from desktop_vlm.cli.small_text import add_text_option, check_text_option, question_with_text, start_reader
from desktop_vlm.cli.status_line import StatusLine
from desktop_vlm.cli.supervision import give_up_all_but
from desktop_vlm.cli.usage_note import note
from desktop_vlm.images.open import OpenedPages
from desktop_vlm.images.page_list import read_page_numbers
from desktop_vlm.images.pdf import is_pdf
from desktop_vlm.images.reading import printable, read_image_bytes
from desktop_vlm.runtime.sampling import SamplingOptions
from desktop_vlm.service import decoding
from desktop_vlm.structured.closing import close_json
from desktop_vlm.system import steps
from desktop_vlm.system.border.arguments import as_text
from desktop_vlm.system.border.streams import require_stdout, stdin_bytes

EXIT_CUT_OFF = 4

_DEFAULTS = SamplingOptions()
_IMAGE_ENDINGS = (
    *(".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff"),
    *(".avif", ".heic", ".heif", ".svg", ".ico", ".jxl"),
)
_STAGES = {"load": "Loading the model", "encode": "Looking at the image", "prefill": "Reading"}


def add_parser(subparsers: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the `ask` command to the program's commands."""
    parser = subparsers.add_parser(
        "ask",
        help="ask a question about images",
        description="Ask a question about images. The answer goes to stdout as it is made, all else to stderr.",
    )
    parser.add_argument(
        "inputs",
        nargs="+",
        metavar="[IMAGE...] QUESTION",
        help="image files (- for stdin), then the question",
    )
    parser.add_argument(
        "--pages",
        type=read_page_numbers,
        metavar="N-M",
        help="of a TIFF or an animation: 2, 1,3 or 2-5 (default: all pages, the first visible frame)",
    )
    parser.add_argument("--system", type=as_text, metavar="TEXT", help="instructions for the whole conversation")
    parser.add_argument("--max-tokens", type=int, default=512, metavar="N", help="longest answer (default: 512)")
    parser.add_argument("--seed", type=int, metavar="N", help="make the random choices repeatable")
    parser.add_argument(
        "--temperature",
        type=float,
        metavar="X",
        help=f"(default: {_DEFAULTS.temperature}; 0 where the demo reads images)",
    )
    for name, kind in (
        ("top_k", int),
        ("top_p", float),
        ("min_p", float),
        ("repeat_penalty", float),
    ):
        default = getattr(_DEFAULTS, name)
        flag = f"--{name.replace('_', '-')}"
        parser.add_argument(flag, type=kind, default=default, metavar="X", help=f"(default: {default})")
    parser.add_argument(
        "--fail-if-cut", action="store_true", help=f"end with exit code {EXIT_CUT_OFF} where the answer was cut off"
    )
    parser.add_argument("--no-lookup", action="store_true", help="compute one token at a time, also where text repeats")
    parser.add_argument("--stats", action="store_true", help="say on stderr what the answer took")
    add_text_option(parser)
    add_constraint_options(parser)
    add_model_options(parser)
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run the command; 0 is the exit code of success, `EXIT_CUT_OFF` that of an answer with `--fail-if-cut`.

    Raises:
        UserError: an image, the schema, the model or a setting is wrong.
        EngineError: the model, memory or device failed.
    """
    require_stdout()
    images, question = _read_inputs(args.inputs, args.pages)
    if images:
        decoding.end_idle()
    constraint = read_constraint(args)
    check_text_option(args.text)
    files = model_ref(args)
    if images and files.mmproj is None:  # known without loading gigabytes
        raise UserError(NO_VISION)
    status = StatusLine(sys.stderr)
    reader = start_reader(images, args.text)
    give_up_all_but(*files.files)
    with reader, load_model(args, lambda stage, part: status.show(_STAGES[stage], part), files) as model:
        is_judge = model.capabilities.judges_safety
        with_text, n_lines = question_with_text(question, images, model, args.text, lambda: reader)
        if n_lines and args.stats:
            status.clear()
            print(f"lines of small text in the prompt: {n_lines}", file=sys.stderr)
        answer = model.chat(
            _messages(images, with_text, args.system),
            max_tokens=args.max_tokens,
            progress=lambda stage, part: status.show(_STAGES[stage], part),
            temperature=_temperature(args, reads=bool(images), is_judge=is_judge),
            top_k=args.top_k,
            top_p=args.top_p,
            min_p=args.min_p,
            repeat_penalty=args.repeat_penalty,
            seed=args.seed,
            lookup=not args.no_lookup,
            **constraint,
        )
        last = _print_answer(as_verdict(answer) if is_judge else answer, status, args)
    if last and last.usage:
        _remember(last.usage, len(images), files)
    is_cut = last is not None and last.finish_reason != "stop"
    return EXIT_CUT_OFF if is_cut and args.fail_if_cut else 0


def _temperature(args: argparse.Namespace, *, reads: bool, is_judge: bool) -> float:
    """As asked for; else 0 for a verdict and for the demo with images, which chance does no good."""
    if is_judge:
        return 0.0
    if args.temperature is not None:
        return float(args.temperature)
    return 0.0 if reads and args.model is None else _DEFAULTS.temperature


def _print_answer(answer: Iterator[Chunk], status: StatusLine, args: argparse.Namespace) -> Chunk | None:
    """The answer as it comes, or closed at its end; its last part, which says how it ended.

    Raises:
        KeyboardInterrupt, Cancelled: stopped; with --close-json what there was is closed and printed all the same.
    """
    held = ""
    last = None
    try:
        for chunk in steps.each(steps.Work.COMPUTING, answer):
            status.clear()
            held += chunk.text
            if not args.close_json:
                sys.stdout.write(chunk.text)
            if chunk.finish_reason:
                last = chunk
                sys.stdout.write((close_json(held) if args.close_json else "") + "\n")
                _finish(chunk.finish_reason, chunk.usage if args.stats else None, args)
            sys.stdout.flush()
    except (Cancelled, KeyboardInterrupt):
        if args.close_json:
            print(close_json(held))
        raise
    return last


def _read_inputs(inputs: list[str], pages: list[int] | None) -> tuple[list[Image.Image], str]:
    *names, last = inputs
    question = as_text(last)
    if not question.strip():
        raise UserError("The question is empty; give it after the images.")
    if question == "-" or (question.lower().endswith(_IMAGE_ENDINGS) and Path(last).exists()):
        raise UserError(f"{question} is an image; give the question after the images.")
    if names.count("-") > 1:
        raise UserError("Only one image can come from stdin; give the others as files.")
    return [image for name in names for image in _open(name, pages)], question


def _open(name: str, pages: list[int] | None) -> Sequence[Image.Image]:
    """The images of a file; what of it is left out is said on stderr."""
    found = _decoded(name, pages)
    for sentence in found.left_out:
        print(f"desktop-vlm: {sentence} Choose with --pages.", file=sys.stderr)
    if found.transparent:
        shown = "the image on stdin" if name == "-" else Path(name).name
        print(f"desktop-vlm: {shown} is transparent in places; the model sees white there.", file=sys.stderr)
    return found.images


def _decoded(name: str, pages: list[int] | None) -> OpenedPages:
    """By a process of its own, which can do nothing else."""
    shown = "the image on stdin" if name == "-" else printable(Path(name).name)
    data = read_image_bytes(stdin_bytes() if name == "-" else Path(name), shown)
    if is_pdf(data):
        raise UserError(f"{shown} is not an image this app can read; save it as PNG or JPEG and use that.")
    return decoding.open_pages(data, name=shown, pages=pages)


def _messages(images: list[Image.Image], question: str, system: str | None) -> list[dict[str, Any]]:
    parts: list[dict[str, Any]] = [{"type": "image", "image": image} for image in images]
    parts.append({"type": "text", "text": question})
    messages: list[dict[str, Any]] = [{"role": "user", "content": parts}]
    if system:
        messages.insert(0, {"role": "system", "content": system})
    return messages


def _remember(usage: Usage, n_images: int, files: ModelRef) -> None:
    """Note for the list of models that this one was used, and how fast it was."""
    speed = Speed(usage.decode_tokens_per_s, usage.encode_s / n_images if n_images else 0.0)
    note(files.text, speed)


def _finish(reason: str, usage: Usage | None, args: argparse.Namespace) -> None:
    if reason == "length":
        what = "the answer is cut off"
        if args.json_schema is not None:
            what += " and was closed" if args.close_json else " and not complete JSON (--close-json closes it)"
        print(f"desktop-vlm: {what}; allow more with --max-tokens or --ctx.", file=sys.stderr)
    if usage:
        print(
            f"{usage.prompt_tokens} prompt tokens ({usage.cached_tokens} cached), {usage.generated_tokens} generated; "
            f"encode {usage.encode_s:.2f} s, prefill {usage.prefill_s:.2f} s, decode {usage.decode_s:.2f} s "
            f"({usage.decode_tokens_per_s:.1f} tokens/s)",
            file=sys.stderr,
        )
