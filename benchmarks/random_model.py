"""Models of the real shapes with random weights, for measuring speed and memory where no weights can be had.

    python -m benchmarks.random_model 11B OUT --text-type Q4_K_M --vision-type Q8_0
    python -m benchmarks.random_model qwen2.5-vl-7b OUT --vision-type F16,Q8_0

`11B` and `90B` are Llama 3.2 Vision (Llama Guard 3 11B Vision has the shape of the first); the others are those of
`random_families`. `tiny` and `mid` are shapes in between, for processors: the same parts and the same head sizes,
fewer of them. Each tensor repeats a few hundred packed rows: what is computed takes as long as with real weights.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from gguf import TokenType

from benchmarks import random_families
from benchmarks.random_weights import write_random
from desktop_vlm.conversion.metadata import Origin
from desktop_vlm.conversion.plan import mmproj_layout, text_layout
from desktop_vlm.conversion.quant_types import file_type
from desktop_vlm.conversion.tokenizer import Tokenizer
from desktop_vlm.families.mllama import presets
from desktop_vlm.families.mllama.convert.config import ModelConfig
from desktop_vlm.families.mllama.convert.converter import mmproj_recipe, text_recipe
from desktop_vlm.families.mllama.presets import IMAGE_MEAN, IMAGE_STD, TEXT_11B, VISION, Shape

__all__ = ["IMAGE_MEAN", "IMAGE_STD", "SHAPES", "Shape", "config_of", "write"]

SHAPES: dict[str, Shape] = {
    "tiny": Shape(
        TEXT_11B
        | {
            "vocab_size": 4096,
            "hidden_size": 256,
            "intermediate_size": 768,
            "num_hidden_layers": 5,
            "cross_attention_layers": [3],
            "num_attention_heads": 2,
            "num_key_value_heads": 1,
        },
        VISION
        | {
            "hidden_size": 160,
            "intermediate_size": 640,
            "num_hidden_layers": 4,
            "num_global_layers": 1,
            "attention_heads": 2,
            "image_size": 112,
            "intermediate_layers_indices": [1, 2, 3],
            "vision_output_dim": 640,
        },
    ),
    "mid": Shape(
        TEXT_11B
        | {
            "vocab_size": 32768,
            "hidden_size": 1024,
            "intermediate_size": 3584,
            "num_hidden_layers": 10,
            "cross_attention_layers": [3, 8],
            "num_attention_heads": 8,
            "num_key_value_heads": 2,
        },
        VISION
        | {
            "num_hidden_layers": 4,
            "num_global_layers": 1,
            "image_size": 224,
            "intermediate_layers_indices": [1, 3],
            "vision_output_dim": 3840,
        },
    ),
} | presets.SHAPES


def _draft(shape: str, **smaller: int) -> Shape:
    """A language model without eyes that has a shape's vocabulary."""
    large = SHAPES[shape]
    return Shape(large.text | smaller | {"cross_attention_layers": []}, large.vision)


DRAFTS: dict[str, Shape] = {
    "tiny": _draft("tiny", num_hidden_layers=1),
    "mid": _draft("mid", hidden_size=512, intermediate_size=1792, num_hidden_layers=4, num_attention_heads=4),
    "1B": _draft("11B", hidden_size=2048, intermediate_size=8192, num_hidden_layers=16),
}
"""Draft models for `SHAPES`; `1B` is Llama 3.2 1B with an output matrix of its own."""


def config_of(shape: str) -> ModelConfig:
    """The settings of a model of one of `SHAPES`."""
    return presets.config_of(SHAPES[shape])


def write(shape: str, folder: Path, text_name: str, vision_name: str) -> tuple[Path, Path]:
    """Write both files of a random model, those that are there already excepted.

    Returns:
        The text GGUF and the mmproj, whose cross-attention layers have the text's type.
    """
    config, text, vision = config_of(shape), file_type(text_name), file_type(vision_name)
    origin = Origin(f"random {shape}", None, "0" * 64)
    tokenizer = _tokenizer(config)
    of_text = text_layout(text_recipe(config, lambda: tokenizer), tokenizer, text, origin)
    of_mmproj = mmproj_layout(mmproj_recipe(config), vision, text, origin)
    folder.mkdir(parents=True, exist_ok=True)
    text_path = folder / f"random{shape}-text-{text.name}.gguf"
    mmproj_path = folder / f"random{shape}-mmproj-{vision.name}-cross-{text.name}.gguf"
    write_random(text_path, of_text)
    write_random(mmproj_path, of_mmproj)
    return text_path, mmproj_path


def write_text(shape: str, folder: Path, text_name: str) -> Path:
    """Write the language model of one of `DRAFTS`, unless it is there already; its GGUF."""
    config, text = presets.config_of(DRAFTS[shape]), file_type(text_name)
    tokenizer = _tokenizer(config)
    layout = text_layout(
        text_recipe(config, lambda: tokenizer), tokenizer, text, Origin(f"draft {shape}", None, "0" * 64)
    )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"random-draft-{shape}-text-{text.name}.gguf"
    write_random(path, layout)
    return path


def _tokenizer(config: ModelConfig) -> Tokenizer:
    """A vocabulary of the right size whose tokens mean nothing, with Llama 3's control tokens at its end."""
    control = ["<|begin_of_text|>", "<|end_of_text|>", "<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"]
    n_plain = config.text.vocab_size - len(control)
    letters = [chr(c) for c in range(33, 127)] + ["Ġ", "Ċ"]
    tokens = letters + [f"t{i}" for i in range(n_plain - len(letters))] + control
    types = [TokenType.NORMAL] * n_plain + [TokenType.CONTROL] * len(control)
    ids = {token: i for i, token in enumerate(tokens)}
    return Tokenizer(
        tokens=tokens,
        types=types,
        merges=["t 1"],
        pre="llama-bpe",
        add_bos=True,
        add_eos=False,
        bos=ids["<|begin_of_text|>"],
        eos=ids["<|end_of_text|>"],
        eot=ids["<|eot_id|>"],
        eom=None,
        pad=None,
        chat_template="",
    )


def main() -> None:
    """Write a random model."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shape", choices=[*SHAPES, *random_families.MODELS])
    parser.add_argument("out", type=Path)
    parser.add_argument("--text-type", default="Q4_K_M")
    parser.add_argument("--vision-type", default="Q8_0", help="or several, separated by commas")
    args = parser.parse_args()
    writes = write if args.shape in SHAPES else random_families.write
    for vision_type in args.vision_type.split(","):
        for path in writes(args.shape, args.out, args.text_type, vision_type):
            print(path)


if __name__ == "__main__":
    main()
