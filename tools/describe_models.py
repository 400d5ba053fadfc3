"""Keeps the tables of `docs/models.md` true: `python -m tools.describe_models`, or with `--check` only looks.

Which models there are, who converts and runs them and what memory they take comes from the program itself; what was
tested and what is wrong elsewhere is declared here.
"""

from __future__ import annotations

import argparse
import sys
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop_vlm.api.options import LoadOptions
from desktop_vlm.families.base import Family, KnownModel, ModelHeaders
from desktop_vlm.families.converters import CONVERTERS
from desktop_vlm.families.registry import families, family_of
from desktop_vlm.runtime.ggml.gguf_header import GgufHeader
from desktop_vlm.runtime.memory import CPU
from desktop_vlm.runtime.planner import DeviceBudget, plan

PAGE = Path(__file__).parent.parent / "docs" / "models.md"
BEGIN, END = "<!-- made by tools/describe_models.py: begin -->", "<!-- end -->"

_TYPE = "Q4_K_M"
_GPU = "CUDA0"
_WITHOUT_LIMIT = 1 << 50
_GIB = 1 << 30


@dataclass(frozen=True)
class Facts:
    """What the program does not know of a family.

    Attributes:
        projector: `clip.projector_type` of its files.
        converter: name of the class that converts its checkpoints.
        converts: from what.
        imports: GGUF files of others that it runs.
        images: what becomes of several images.
        golden: files in `tests/golden` that it is compared with.
        tested: what a person should know of that.
        defects: what is wrong elsewhere, and what we do about it.
    """

    projector: str
    converter: str
    converts: str
    imports: str
    images: str
    golden: tuple[str, ...]
    tested: str
    defects: str


FACTS: dict[str, Facts] = {
    "mllama": Facts(
        projector="mllama",
        converter="MllamaConverter",
        converts="Hugging Face",
        imports="[Ollama's](importing.md), which are written again",
        images="composed into one",
        golden=("alpha_logits.npz", "beta_logits.npz", "gamma_logits.npz"),
        tested="tiny checkpoints against transformers; random weights of the real size on a GPU",
        defects="llama.cpp runs none of these models, and today's Ollama does not load its own files of them.",
    ),
    "llava15": Facts(
        projector="mlp",
        converter="LlavaConverter",
        converts="Hugging Face",
        imports="llama.cpp's pairs",
        images="each in its turn",
        golden=("families/llava_logits.npz", "families/llava-new_logits.npz", "families/llava_resized.npz"),
        tested="tiny checkpoints against transformers",
        defects="libmtmd puts the class token last, but its position first, which makes logits wrong by 60 % of their "
        "scale (ggml-org/llama.cpp#25814): corrected while it computes. Files without `clip.vision.feature_layer` are "
        "computed with a layer too few (ggml-org/llama.cpp#25817): recognised, and loaded with that key. Images are "
        "padded to a square; transformers crops what is beyond one.",
    ),
    "pixtral": Facts(
        projector="pixtral",
        converter="PixtralConverter",
        converts="Hugging Face, Mistral's own files",
        imports="llama.cpp's pairs",
        images="each in its turn",
        golden=("families/pixtral_logits.npz", "families/pixtral_resized.npz"),
        tested="tiny checkpoints against transformers",
        defects="libmtmd scales uninitialised memory by 0 where an `[IMG_BREAK]` belongs, and where a NaN lies there "
        "all logits are NaN: the file's own row is put in its place. libmtmd puts bars around images where the "
        "model's own processor stretches them: we resize them, up to 1024 pixels.",
    ),
    "qwen25vl": Facts(
        projector="qwen2.5vl_merger",
        converter="QwenConverter",
        converts="Hugging Face",
        imports="llama.cpp's pairs",
        images="each in its turn",
        golden=("families/qwen_logits.npz", "families/qwen-tied_logits.npz", "families/qwen_resized.npz"),
        tested="tiny checkpoints against transformers",
        defects="libmtmd puts bars around images where the model's own processor stretches them, and shrinks them to a "
        "limit of its own: we resize them as the processor does, up to what context and memory allow, and the window "
        "shows it. Activations exceed what F16 holds, so what does not fit "
        "a quantised type stays in BF16 (ggml-org/llama.cpp#17534).",
    ),
}
"""By the name of the family."""

TESTED = {
    "Llama Guard 3 11B Vision": "as the 11B; its prompt word for word, and verdicts through the whole window",
    "Llama 3.2 Vision 90B": "as the 11B; random weights of the real size on two GPUs",
}
"""What is tested of one model instead of its family."""

OTHERS: tuple[tuple[str, str], ...] = (
    ("Qwen2-VL", "qwen2vl_merger"),
    ("Qwen3-VL", "qwen3vl_merger"),
    ("Gemma 3", "gemma3"),
    ("Gemma 4", "gemma4v"),
    ("SmolVLM2", "idefics3"),
    ("MiniCPM-V 2.5 to 4.5", "resampler"),
    ("MiniCPM-V 4.6", "minicpmv4_6"),
    ("InternVL", "internvl"),
    ("Moondream 2", "mlp"),
    ("Mistral Small 3.1", "pixtral"),
    ("Llama 4", "llama4"),
    ("GLM-4.6V", "glm4v"),
    ("Kimi-VL", "kimivl"),
    ("LFM2-VL", "lfm2"),
)
"""Models of other people's GGUF pairs, and the `clip.projector_type` of their files."""


def models() -> Iterator[tuple[Family, KnownModel]]:
    """The models that the program knows without files, in the type that most people load."""
    for family in families():
        for model in family.known_models():
            if f" {_TYPE}" in model.name:
                yield family, model


def memory(model: KnownModel) -> tuple[float, float, float]:
    """What a model takes: of a CPU alone; of a GPU, and of main memory beside it. In GiB."""
    options = LoadOptions(n_ctx=4096)
    alone = plan(model.shape, [], _WITHOUT_LIMIT, options).needs
    shared = plan(model.shape, [DeviceBudget(_GPU, _WITHOUT_LIMIT)], _WITHOUT_LIMIT, options).needs
    totals = (alone[CPU].total, shared[_GPU].total, shared[CPU].total)
    one, two, three = (total / _GIB for total in totals)
    return one, two, three


def section() -> str:
    """What stands between the marks."""
    return "\n".join([*_known_table(), "", *_defects(), "", *_others_table()])


def _known_table() -> Iterator[str]:
    yield "| model | converts from | imports | runs | several images | CPU alone | GPU + main | tested how |"
    yield "|---|---|---|---|---|--:|--:|---|"
    for family, model in models():
        facts = FACTS[family.name]
        _check(family, facts)
        alone, gpu, main = memory(model)
        name = model.name.split(f" {_TYPE}")[0]
        cells = (
            name,
            facts.converts,
            facts.imports,
            "yes",
            facts.images,
            f"{alone:.1f}",
            f"{gpu:.1f} + {main:.1f}",
            TESTED.get(name, facts.tested),
        )
        yield f"| {' | '.join(cells)} |"


def _check(family: Family, facts: Facts) -> None:
    """See that what is declared is there.

    Raises:
        ValueError: it is not.
    """
    if facts.converter not in {type(converter).__name__ for converter in CONVERTERS}:
        raise ValueError(f"{facts.converter} is no converter")
    if _family(facts.projector) is not family:
        raise ValueError(f"{family.name} does not run {facts.projector}")
    golden = PAGE.parent.parent / "tests" / "golden"
    if missing := [name for name in facts.golden if not (golden / name).exists()]:
        raise ValueError(f"there is no {missing[0]} in tests/golden")


def _family(projector: str) -> Family:
    mmproj = GgufHeader(texts={"general.architecture": "clip", "clip.projector_type": projector})
    return family_of(ModelHeaders(GgufHeader(), mmproj))


def _defects() -> Iterator[str]:
    yield "What is wrong in other programs on the same library, and here is not:"
    yield ""
    for family in families():
        if family.name in FACTS:
            names = [model.name.split(f" {_TYPE}")[0] for one, model in models() if one is family]
            text = f"**{', '.join(names)}**: {FACTS[family.name].defects}"
            yield textwrap.fill(text, 120, initial_indent="- ", subsequent_indent="  ", break_on_hyphens=False)


def _others_table() -> Iterator[str]:
    yield "Other models, from GGUF pairs that llama.cpp's own converter made:"
    yield ""
    yield "| model | projector type | run by | several images |"
    yield "|---|---|---|---|"
    for name, projector in OTHERS:
        family = _family(projector)
        yield f"| {name} | `{projector}` | `families/{family.name}` | {FACTS['llava15'].images} |"


def main() -> int:
    """Write the page, or with `--check` say whether it is true: exit code 1 where it is not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing")
    check = parser.parse_args().check
    page = PAGE.read_text(encoding="utf-8")
    before, rest = page.split(BEGIN)
    after = rest.split(END)[1]
    new = f"{before}{BEGIN}\n\n{section()}\n\n{END}{after}"
    if new == page:
        return 0
    if check:
        print("docs/models.md is out of date; run python -m tools.describe_models", file=sys.stderr)
        return 1
    PAGE.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
