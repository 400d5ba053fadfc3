"""What was measured, as people and programs read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

Series = Mapping[str, Sequence[float]]
"""Seconds by what took them, one a turn; where somebody stopped, the last turn is there in part."""

MS, TOKENS_PER_S, SECONDS = "ms", "tokens/s", "s"


@dataclass(frozen=True)
class Requested:
    """A figure to be made.

    Attributes:
        name: what it is of.
        unit: one of the three above.
        ours, plain: names of the series; "" where there is none.
        n_tokens: that each of their values is for.
    """

    name: str
    unit: str
    ours: str
    plain: str = ""
    n_tokens: int = 1


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    Attributes:
        ours, plain: medians over the turns, in `unit`; None where there is nothing of the kind.
        lowest, highest: of `ours`, over the turns.
        times_as_fast: as plain llama.cpp, the median of the turns' ratios; None without it.
    """

    name: str
    unit: str
    ours: float | None
    plain: float | None
    lowest: float | None
    highest: float | None
    times_as_fast: float | None

    @property
    def is_speed(self) -> bool:
        """Whether more is better."""
        return self.unit == TOKENS_PER_S


@dataclass(frozen=True)
class BenchRow:
    """One way of running the language model.

    Attributes:
        decode_ratio: decode time over plain llama.cpp's, the median of the turns' ratios.
    """

    prefill_tokens_per_s: float
    decode_tokens_per_s: float
    decode_ratio: float


@dataclass(frozen=True)
class BenchResult:
    """All of it, as `--json` prints it.

    Attributes:
        image: width and height; None for a model without its vision projector, as `encode_ms` is.
        n_turns: whole ones after the warm-up, from which the figures are.
        is_complete: whether nobody stopped it before the last one.
        load_s: seconds to load the model.
        rows: ways of running the language model.
        figures: lines of the table.
        passes_ms: tokens that are computed in one pass -> milliseconds of it.
        notes: what was left out, and why; whole sentences.
    """

    model: str
    mmproj: str | None
    family: str
    devices: list[str]
    placement: str
    n_threads: int
    n_prompt: int
    n_generate: int
    image: tuple[int, int] | None
    n_turns: int
    is_complete: bool
    load_s: float
    encode_ms: float | None
    rows: dict[str, BenchRow]
    figures: list[Figure]
    passes_ms: dict[int, float]
    versions: dict[str, str]
    date: str
    notes: list[str] = field(default_factory=list)


def after_warm_up(series: Series) -> Series:
    """Without the first turn, unless it is all there is."""
    return {name: values[1:] or values for name, values in series.items()}


def figures(requested: Iterable[Requested], series: Series) -> list[Figure]:
    """Those of which anything was measured, in order."""
    made = (_figure(one, series.get(one.ours, ()), series.get(one.plain, ())) for one in requested)
    return [one for one in made if one.ours is not None or one.plain is not None]


def _figure(requested: Requested, ours: Sequence[float], plain: Sequence[float]) -> Figure:
    values = sorted(_in_unit(requested, one) for one in ours)
    ratios = [mine / other for mine, other in zip(ours, plain, strict=False)]
    return Figure(
        requested.name,
        requested.unit,
        ours=_in_unit(requested, median(ours)) if ours else None,
        plain=_in_unit(requested, median(plain)) if plain else None,
        lowest=values[0] if values else None,
        highest=values[-1] if values else None,
        times_as_fast=1 / median(ratios) if ratios else None,
    )


def _in_unit(requested: Requested, seconds: float) -> float:
    if requested.unit == TOKENS_PER_S:
        return requested.n_tokens / seconds
    return seconds * 1e3 if requested.unit == MS else seconds


def table(result: BenchResult) -> list[str]:
    """Lines of plain text."""
    width = max((len(one.name) for one in result.figures), default=0) + 2
    lines = [f"{'':{width}}{'Desktop VLM':>18}{'plain llama.cpp':>20}{'times as fast':>16}"]
    for one in result.figures:
        ratio = f"{one.times_as_fast:.3f}" if one.times_as_fast is not None else ""
        cells = f"{shown(one.ours, one.unit):>18}{shown(one.plain, one.unit):>20}{ratio:>16}"
        lines.append(f"{one.name:{width}}{cells}".rstrip())
    return lines


def passes(result: BenchResult) -> str:
    """What several tokens in one pass take; empty where that was not measured."""
    if not result.passes_ms:
        return ""
    sizes = ", ".join(str(size) for size in result.passes_ms)
    return f"a pass of {sizes} tokens takes {', '.join(f'{ms:.1f}' for ms in result.passes_ms.values())} ms"


def threads(result: BenchResult) -> str:
    """How many threads there were."""
    return f"{result.n_threads} thread{'s' if result.n_threads > 1 else ''}"


def shown(value: float | None, unit: str) -> str:
    """A figure with its unit; a hyphen where there is none."""
    return "-" if value is None else f"{value:,.1f} {unit}"
