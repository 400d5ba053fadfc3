"""What `on_a_gpu` runs, in order of importance, and the goals that its figures are held against."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

FAMILIES = ("llava15", "pixtral", "qwen25vl")
PUBLISHED = ("llava-7b", "qwen2.5-vl-7b", "pixtral-12b")
NO_AMX = {"ONEDNN_MAX_CPU_ISA": "AVX512_CORE_FP16"}
"""All that torch's library knows of a processor but the matrix units that servers have and desktops do not."""


@dataclass(frozen=True)
class Scale:
    """How large everything is; the defaults are a GPU's.

    Attributes:
        large, middle: shapes of Llama 3.2 Vision.
        draft: shape of its draft model.
        size: what the names of the other families' models begin with.
        published: whether those families are measured in their published sizes as well.
        cores: with which the processor is measured beside one core.
    """

    device: str = "gpu"
    large: str = "11B"
    middle: str = "mid"
    draft: str = "1B"
    size: str = "mid"
    published: bool = True
    repeat: int = 7
    few: int = 3
    answer: int = 120
    cores: tuple[int, ...] = (2, 8, 16)
    tests: tuple[str, ...] = ("tests/test_gpu.py",)

    @classmethod
    def dry(cls) -> Self:
        """Tiny models on a processor, one turn."""
        no_gpu = ("tests/test_gpu.py", "tests/benchmarks/test_attention_sums.py")
        return cls("cpu", "tiny", "tiny", "tiny", "tiny", False, 1, 1, 16, (1, 2), no_gpu)


@dataclass(frozen=True)
class Files:
    """Where things lie: what is written, the random models, and the demo's text model and vision projector."""

    out: Path
    models: Path
    demo: tuple[Path, Path] | None = None


@dataclass(frozen=True)
class Measurement:
    """A program to run.

    Attributes:
        name: of its files.
        what: it measures, for a list.
        arguments: of Python.
        limit_s: after which it is ended.
        is_timed: whether its figures are times, so that nothing else may run beside it.
        environment: variables that it gets.
        cores: to which it is bound, as it would use all; 0 for all.
    """

    name: str
    what: str
    arguments: tuple[str, ...]
    limit_s: float
    is_timed: bool = True
    environment: Mapping[str, str] = field(default_factory=dict)
    cores: int = 0


def measurements(scale: Scale, files: Files) -> list[Measurement]:
    """All of them, the most important first."""
    return [*_untimed(scale, files), *_large(scale, files), *_families(scale, files), *_processor(scale, files)]


class _Maker:
    """Makes measurements of benchmarks that share their options."""

    def __init__(self, files: Files, device: str) -> None:
        self._files, self._device = files, device

    def __call__(self, name: str, what: str, module: str, *options: object, limit_s: float, **more: Any) -> Measurement:
        shared = ("--device", self._device, "--models", self._files.models, "--patience", 5)
        given = map(str, (*options, *shared, "--json", self._files.out / f"{name}.json"))
        return Measurement(name, what, ("-m", f"benchmarks.{module}", *given), limit_s, **more)


def _untimed(scale: Scale, files: Files) -> Iterator[Measurement]:
    pytest = (
        "-m",
        "pytest",
        "-c",
        "/dev/null",
        "--rootdir",
        ".",
        "--import-mode=importlib",
        "-q",
        "-p",
        "no:cacheprovider",
    )
    tests = (*pytest, "--durations=10", *scale.tests)
    yield Measurement("tests", "tests/test_gpu.py", tests, 240, is_timed=False)
    if scale.device == "gpu":  # two that would write the same file must not run at once
        making = ("-m", "benchmarks.random_model", scale.large, str(files.models), "--vision-type", "Q8_0,F16")
        yield Measurement("models", "makes the random models", making, 240, is_timed=False)
    make = _Maker(files, "cpu")
    yield make(
        "encoder-1-thread",
        "the encoder on one core, processor time, beside torch without AMX",
        "cpu_encoder",
        *_encoder_options(scale, 1),
        limit_s=180,
        is_timed=False,
        environment=NO_AMX,
    )


def _large(scale: Scale, files: Files) -> Iterator[Measurement]:
    make, shape, few, repeat = _Maker(files, scale.device), ("--shape", scale.large), scale.few, scale.repeat
    yield make(
        "against-transformers",
        "encode, first token, decode beside transformers and plain llama.cpp",
        "against_transformers",
        *shape,
        *("--repeat", repeat),
        limit_s=150,
    )
    parts = (*shape, "--repeat", repeat, "--loads", few)
    yield make("first-token", "each part of a first token", "first_token", *parts, limit_s=90)
    yield make("waits", "decoding without waiting at stops", "waits", *shape, "--repeat", repeat, limit_s=60)
    yield make("memory", "the peak of the GPU's memory", "memory", *shape, "--only", 0, limit_s=60)
    if scale.device == "gpu":  # a processor takes minutes
        yield make("attention-sums", "exactness and cost of attention", "attention_sums", "--repeat", few, limit_s=120)
    answer = ("--most", scale.answer, "--repeat", few)
    yield make("lookup", "passes of several tokens, lookup decoding", "lookup", *shape, *answer, limit_s=90)
    drafting = (*shape, "--draft-shape", scale.draft, *answer)
    yield make("drafting", "a draft model beside it", "drafting", *drafting, limit_s=90)
    if files.demo:
        demo = ("--model", *files.demo, *answer)
        yield make("demo", "lookup decoding with the demo's real answers", "lookup_acceptance", *demo, limit_s=90)


def _families(scale: Scale, files: Files) -> Iterator[Measurement]:
    make, few = _Maker(files, scale.device), ("--repeat", scale.few)
    for family in FAMILIES:
        model = ("--model", f"{scale.size}-{family}")
        yield make(f"{family}", "beside llama.cpp's mtmd", "families", *model, *few, "--no-transformers", limit_s=60)
        yield make(f"{family}-growth", "with tokens, images, context", "families_growth", *model, *few, limit_s=60)
    contexts = ("--no-peer", "--contexts", 0, 1024, 4096)
    yield make(
        "mllama-growth", "with context and tiles", "scaling", "--shape", scale.middle, *few, *contexts, limit_s=90
    )


def _processor(scale: Scale, files: Files) -> Iterator[Measurement]:
    make, few = _Maker(files, "cpu"), ("--repeat", scale.few)
    for n in scale.cores:
        options = _encoder_options(scale, n)
        what = f"the encoder on {n} cores beside torch without AMX"
        yield make(f"encoder-{n}-threads", what, "cpu_encoder", *options, limit_s=90, environment=NO_AMX)
    n = scale.cores[-2]
    for family in FAMILIES:
        model = ("--model", f"{scale.size}-{family}", "--no-transformers")
        yield make(f"{family}-cpu", f"on {n} cores", "families", *model, *few, "--generate", 16, limit_s=90, cores=n)
        growth = ("--model", f"{scale.size}-{family}", "--repeat", 1)
        yield make(f"{family}-growth-cpu", f"on {n} cores", "families_growth", *growth, limit_s=90, cores=n)
    contexts = ("--shape", scale.middle, "--no-peer", "--contexts", 0, 1024, 4096)
    yield make("mllama-growth-cpu", f"on {n} cores", "scaling", *contexts, *few, limit_s=90, cores=n)
    amx = _encoder_options(scale, scale.cores[-1])
    yield make(
        f"encoder-{scale.cores[-1]}-threads-amx", "and with AMX, if it is there", "cpu_encoder", *amx, limit_s=60
    )
    if scale.published:
        gpu = _Maker(files, scale.device)
        for name in PUBLISHED:
            what = "its published size, beside transformers, too"
            yield gpu(name, what, "families", "--model", name, *few, limit_s=150)


def _encoder_options(scale: Scale, n_threads: int) -> tuple[object, ...]:
    given = ("--shape", scale.middle, "--threads", n_threads, "--vision-types", "Q8_0,Q6_K")
    return (*given, "--no-ggml", "--repeat", scale.few)


@dataclass(frozen=True)
class Goal:
    """A figure of a measurement, and what it is to be.

    Attributes:
        name: for a table.
        measurement: whose results hold it.
        value: takes it from those.
        relation: "<=" or ">=".
        limit: in the results' unit.
        factor, unit: for showing it.
    """

    name: str
    measurement: str
    value: Callable[[dict[str, Any]], float]
    relation: str
    limit: float
    factor: float = 1.0
    unit: str = ""

    def is_reached(self, value: float) -> bool:
        return bool({"<=": operator.le, ">=": operator.ge}[self.relation](value, self.limit))

    @property
    def bound(self) -> str:
        return f"{self.relation} {self.limit * self.factor:g}"


def _median(kind: str, name: str) -> Callable[[dict[str, Any]], float]:
    return lambda results: float(results[kind][name]["median"])


def _part(name: str) -> Callable[[dict[str, Any]], float]:
    """Of a ratio that says how many times as fast ours is: the part of the other's time that ours takes."""
    return lambda results: 1 / float(results["ratios"][name]["median"])


def _host(results: dict[str, Any]) -> float:
    return float(results["times"]["the processor's part: identify, scale, cut, normalise"]["median"])


_PEER = "transformers bfloat16"
GOALS = (
    Goal(
        "first token / transformers'",
        "against-transformers",
        _part(f"first token, ours: times as fast as {_PEER}"),
        "<=",
        0.6,
    ),
    Goal("the processor's part of a first token", "first-token", _host, "<=", 0.015, 1e3, "ms"),
    Goal(
        "first image after loading / the fifth",
        "first-token",
        _median("ratios", "first image: part of the fifth's time"),
        "<=",
        1.1,
    ),
    Goal(
        "second question",
        "against-transformers",
        _median("times", "first token, ours, same image again"),
        "<=",
        0.015,
        1e3,
        "ms",
    ),
    Goal(
        "encode, Q8_0 / transformers'",
        "against-transformers",
        _part(f"encode, ours, Q8_0: times as fast as {_PEER}"),
        "<=",
        0.65,
    ),
    Goal(
        "decode with an image / the ideal's speed",
        "against-transformers",
        _median("ratios", "decode, image: part of the ideal's speed (weights)"),
        ">=",
        0.98,
    ),
    Goal(
        "the same, without waiting at stops",
        "waits",
        _median("ratios", "image, without waiting: part of the ideal's speed"),
        ">=",
        0.98,
    ),
    Goal(
        "no image / plain llama.cpp's time",
        "against-transformers",
        _median("ratios", "decode, idle hook: part of plain llama.cpp's time"),
        "<=",
        1.005,
    ),
    Goal(
        "peak of the GPU's memory",
        "memory",
        lambda results: float(results["cases"][0]["peak_bytes"]),
        "<=",
        7.4 * 2**30,
        2**-30,
        "GiB",
    ),
)
