"""Compute the reference outputs in this folder with transformers 4.54.1.

Run from the repository root: `python -m tests.golden.make_golden` (see README.md beside this file for the
environment). Needs transformers 4.54.1 and torch, which the project itself does not depend on. With
`--sensitivity` it writes nothing and prints how far the logits move when one term of the model is left out.

transformers 4.54.1 taps the right vision states but lets text before an image attend to it (issue 39379);
`mask_rows` applies Meta's row mask, and `check_row_mask` proves that it is enough.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
import transformers  # type: ignore[import-not-found]
from transformers import AutoTokenizer, MllamaForConditionalGeneration, MllamaImageProcessor
from transformers.models.mllama.processing_mllama import (  # type: ignore[import-not-found]
    convert_sparse_cross_attention_mask_to_dense,
    get_cross_attention_token_mask,
)

from tests.checkpoints import (
    CHECKPOINTS,
    IMAGE_TOKEN,
    TinyCheckpoint,
    build,
    model_images,
    processor_cases,
    special_token_id,
    weight_digests,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    Arrays = dict[str, NDArray[Any]]

HERE = Path(__file__).resolve().parent
SAMPLES = 500
NEW_TOKENS = 12
SIZE_LIMIT_BYTES = 3_000_000
BOS = "<|begin_of_text|>"

LONG_TEXT = (
    "The quick brown fox jumps over the lazy dog, and then 12345 more: it is what you see in this picture, "
    "with a red cat and a blue world. Can you describe the image that is on the table, or not? "
    "Then tell me which of them is nearer to you."
)
CHAT = (
    "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n<|image|>What is this?<|eot_id|>"
    "<|start_header_id|>assistant<|end_header_id|>\n\n"
)
# name -> (prompt, images in order). The processor puts images that open a prompt before the start token.
PROMPTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "text": (f"{BOS}Hello world, this is 2024.", ()),
    "long": (f"{BOS}{LONG_TEXT}", ()),
    "picture": (f"{BOS}The dog is red.<|image|>What is in this image?", ("wide",)),
    "picture_first": (f"<|image|>{BOS}Describe the picture:", ("tall",)),
    "chat": (CHAT, ("small",)),
    "two_turns": (f"{BOS}In a<|image|>The cat is blue.\n\n<|image|>And that one?", ("tall", "small")),
    "two_together": (f"{BOS}See<|image|><|image|>The difference of the two is", ("small", "wide")),
}

STRINGS = [
    "",
    " ",
    "a",
    "Hello world",
    "Hello, world! It's a test; isn't it? WE'LL SEE, I'M sure you'd agree.",
    "The user and the assistant",
    " picture",
    "picture",
    "What is in this picture?",
    "the image of a dog with a cat",
    "1",
    "12",
    "123",
    "1234",
    "1234567890",
    "777 7777 77777",
    "2024-11-22T03:54:00",
    "3.14159 and 1e-5, 100%",
    "😀",
    "😀😀 ok 👩‍👩‍👧‍👦 🇳🇱",
    "日本語のテキスト",
    "日本 中文字符,全角。",
    "Привет, мир",
    "café naïve é e\u0301",
    "مرحبا بالعالم",
    "नमस्ते दुनिया",
    "  two leading spaces",
    "trailing spaces   ",
    "a    b     c      d",
    "\n",
    "\n\n",
    "\n\n\n text \n \n  x",
    "tab\tand\r\nCRLF\r\n\r\n",
    "def f(x):\n    return x == 12\n",
    "import os, sys\nfor i in range(100): print(i)",
    "if (a && b) { return c->d[0]; } // ...",
    "https://example.com/a?b=c&d=123#e",
    "snake_case camelCase UPPER_CASE",
    "'s 'S \u2019s 't'll",
    "\u00a0nbsp\u2003em\u3000ideographic",
    "<|eot_id|>",
    "a<|begin_of_text|>b <|image|> c<|end_header_id|>\n\n",
    "<|not_special|> <|image <|reserved_special_token_3|>",
    "\u0000\u0001\u007f",
    "x" * 70,
    "ΑΒΓ ½ ² Ⅷ ١٢٣٤",
]


# --- the model --------------------------------------------------------------------------------------------


def load(folder: Path) -> MllamaForConditionalGeneration:
    """Load a checkpoint in float32, refusing missing or unused tensors."""
    model, info = MllamaForConditionalGeneration.from_pretrained(
        folder, torch_dtype=torch.float32, attn_implementation="eager", output_loading_info=True
    )
    wrong = {key: value for key, value in info.items() if value}
    if wrong:
        message = f"{folder.name} did not load cleanly: {wrong}"
        raise RuntimeError(message)
    return model.eval()


@contextmanager
def mask_rows(model: MllamaForConditionalGeneration) -> Iterator[None]:
    """Multiply every cross-attention output by the row mask: 0 for tokens before the first image.

    Meta's CrossAttention does this (`output * full_text_row_masked_out_mask`); transformers masks only the
    MLP term, and lets such rows attend all vision tokens evenly weighted by the unmasked scores.
    """
    rows: list[torch.Tensor | None] = [None]

    def remember(_: object, __: object, kwargs: dict[str, Any]) -> None:
        rows[0] = kwargs["full_text_row_masked_out_mask"]  # [1, 1, tokens, 1]

    def mask(_: object, __: object, output: tuple[torch.Tensor, Any]) -> tuple[torch.Tensor, Any]:
        if rows[0] is None:
            return output
        return output[0] * rows[0][:, 0], output[1]

    layers = [layer for layer in model.model.language_model.layers if hasattr(layer, "cross_attn")]
    handles = [layer.register_forward_pre_hook(remember, with_kwargs=True) for layer in layers]
    handles += [layer.cross_attn.register_forward_hook(mask) for layer in layers]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


@dataclass(frozen=True)
class Reference:
    """One loaded checkpoint: model, tokenizer, image processor and its encoded test images.

    Attributes:
        pixels: processor output of each of `model_images`, by name.
    """

    ckpt: TinyCheckpoint
    model: MllamaForConditionalGeneration
    tokenizer: Any
    pixels: dict[str, Any]

    @property
    def max_tiles(self) -> int:
        """Tiles that every image is padded to."""
        return int(self.ckpt.config["vision_config"]["max_num_tiles"])

    def ids(self, prompt: str) -> list[int]:
        """Token ids of a prompt whose special tokens are written out."""
        return list(self.tokenizer(prompt, add_special_tokens=False)["input_ids"])

    def mask(self, ids: list[int], images: tuple[str, ...], prompt_tokens: int) -> NDArray[np.int64]:
        """The processor's cross-attention mask, [tokens, images, tiles]; new tokens repeat its last row."""
        image_id = special_token_id(self.ckpt.config["text_config"]["vocab_size"], IMAGE_TOKEN)
        spans = get_cross_attention_token_mask(ids[:prompt_tokens], image_id)
        tiles = [self.pixels[name]["num_tiles"][0][0] for name in images]
        dense = convert_sparse_cross_attention_mask_to_dense(
            [spans], num_tiles=[tiles], max_num_tiles=self.max_tiles, length=prompt_tokens
        )[0]
        return np.concatenate([dense, np.repeat(dense[-1:], len(ids) - prompt_tokens, axis=0)])

    def logits(self, ids: list[int], images: tuple[str, ...] = (), prompt_tokens: int = 0) -> torch.Tensor:
        """Logits of all tokens, [tokens, vocab], in one forward without cache."""
        inputs: dict[str, torch.Tensor] = {}
        if images:
            for key in ("pixel_values", "aspect_ratio_ids", "aspect_ratio_mask"):
                parts = [torch.from_numpy(np.asarray(self.pixels[name][key])) for name in images]
                inputs[key] = torch.cat(parts, dim=1)
            mask = self.mask(ids, images, prompt_tokens or len(ids))
            inputs["cross_attention_mask"] = torch.from_numpy(mask)[None]
        with torch.no_grad():
            return self.model(input_ids=torch.tensor([ids]), use_cache=False, **inputs).logits[0]

    def projected(self, name: str) -> torch.Tensor:
        """Projector output of one image, [max_tiles, tokens per tile, text hidden]."""
        inputs = {
            key: torch.from_numpy(np.asarray(self.pixels[name][key]))
            for key in ("pixel_values", "aspect_ratio_ids", "aspect_ratio_mask")
        }
        with torch.no_grad():
            states = self.model.model.vision_model(**inputs).last_hidden_state  # [1, 1, tiles, tokens, width]
            return self.model.model.multi_modal_projector(states)[0, 0]


def open_reference(ckpt: TinyCheckpoint, folder: Path) -> Reference:
    """Load what `build` wrote into `folder`."""
    processor = MllamaImageProcessor.from_pretrained(folder)
    cases = model_images(ckpt).values()
    pixels = {case.name: processor(case.image(), return_tensors="np") for case in cases}
    return Reference(ckpt, load(folder), AutoTokenizer.from_pretrained(folder), pixels)


def check_row_mask(reference: Reference) -> None:
    """Rows before the first image equal the text-only logits with the mask, and do not without it."""
    for name, (prompt, images) in PROMPTS.items():
        ids = reference.ids(prompt)
        image_id = special_token_id(reference.ckpt.config["text_config"]["vocab_size"], IMAGE_TOKEN)
        if not images or ids.index(image_id) == 0:
            continue
        before = ids.index(image_id)
        text_only = reference.logits(ids[:before])
        unmasked = reference.logits(ids, images)[:before]
        with mask_rows(reference.model):
            masked = reference.logits(ids, images)[:before]
        wrong, error = (float((x - text_only).abs().max()) for x in (unmasked, masked))
        if error > 1e-4 or wrong < 0.1:
            message = f"row mask, {name}: |diff| {error:.2e} with it, {wrong:.2e} without"
            raise AssertionError(message)


# --- the goldens ------------------------------------------------------------------------------------------


def processor_arrays(ckpt: TinyCheckpoint, folder: Path) -> Arrays:
    """Image processor: ids, tile counts, sums and a strided sample of the pixels of every case."""
    processor = MllamaImageProcessor.from_pretrained(folder)
    cases = processor_cases(ckpt)
    keys = ("aspect_ratio_id", "num_tiles", "sum", "abs_sum", "pixels")
    rows: dict[str, list[Any]] = {key: [] for key in keys}
    stride = 0
    for case in cases:
        output = processor(case.image(), return_tensors="np")
        flat = np.asarray(output["pixel_values"], dtype=np.float32).ravel()
        stride = (flat.size // SAMPLES) | 1
        rows["aspect_ratio_id"].append(int(output["aspect_ratio_ids"][0, 0]))
        rows["num_tiles"].append(output["num_tiles"][0][0])
        rows["sum"].append(flat.sum(dtype=np.float64))
        rows["abs_sum"].append(np.abs(flat).sum(dtype=np.float64))
        rows["pixels"].append(flat[::stride])
    return {
        "name": np.array([case.name for case in cases]),
        "size": np.array([case.size for case in cases], dtype=np.int32),
        "mode": np.array([case.mode for case in cases]),
        "stride": np.array(stride, dtype=np.int32),
        "aspect_ratio_id": np.array(rows["aspect_ratio_id"], dtype=np.int32),
        "num_tiles": np.array(rows["num_tiles"], dtype=np.int32),
        "sum": np.array(rows["sum"], dtype=np.float64),
        "abs_sum": np.array(rows["abs_sum"], dtype=np.float64),
        "pixels": np.stack(rows["pixels"]),
    }


def vision_arrays(reference: Reference) -> Arrays:
    """Projected states of every model image."""
    arrays: Arrays = {}
    for name, inputs in reference.pixels.items():
        arrays[f"{name}.projected"] = reference.projected(name).numpy()
        arrays[f"{name}.aspect_ratio_id"] = np.array(inputs["aspect_ratio_ids"][0, 0], dtype=np.int32)
        arrays[f"{name}.num_tiles"] = np.array(inputs["num_tiles"][0][0], dtype=np.int32)
    return arrays


def logits_arrays(reference: Reference) -> Arrays:
    """Logits of every prompt, and a greedy continuation of the prompt with one image."""
    arrays: Arrays = {}
    with mask_rows(reference.model):
        for name, (prompt, images) in PROMPTS.items():
            ids = reference.ids(prompt)
            arrays[f"{name}.ids"] = np.array(ids, dtype=np.int32)
            arrays[f"{name}.pictures"] = np.array(images, dtype="U16")
            arrays[f"{name}.logits"] = reference.logits(ids, images).numpy()
            if images:
                arrays[f"{name}.mask"] = reference.mask(ids, images, len(ids)).astype(np.uint8)
        prompt, images = PROMPTS["picture"]
        ids = reference.ids(prompt)
        start, steps = len(ids), []
        for _ in range(NEW_TOKENS):
            steps.append(reference.logits(ids, images, start)[-1])
            ids.append(int(steps[-1].argmax()))
    arrays["greedy.ids"] = np.array(ids[start:], dtype=np.int32)
    arrays["greedy.logits"] = torch.stack(steps).numpy()
    return arrays


def token_record(reference: Reference, folder: Path) -> dict[str, Any]:
    """Tokenizer goldens, the chat prompt, and the digests of the weights that everything came from."""
    messages = [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": "What is this?"}]}]
    rendered = reference.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    if rendered != CHAT:
        message = f"the chat template renders {rendered!r}"
        raise AssertionError(message)
    return {
        "transformers": transformers.__version__,
        "weights_sha256": weight_digests(folder),
        "tokenizer_sha256": hashlib.sha256((folder / "tokenizer.json").read_bytes()).hexdigest(),
        "chat": {"text": CHAT, "ids": reference.ids(CHAT)},
        "with_bos": {"text": "Hello world", "ids": reference.tokenizer("Hello world")["input_ids"]},
        "strings": [{"text": text, "ids": reference.ids(text)} for text in STRINGS],
    }


def write_goldens(ckpt: TinyCheckpoint, folder: Path) -> None:
    """Build, check and store one checkpoint's goldens."""
    build(ckpt, folder)
    reference = open_reference(ckpt, folder)
    check_row_mask(reference)
    parts = {
        "processor": processor_arrays(ckpt, folder),
        "vision": vision_arrays(reference),
        "logits": logits_arrays(reference),
    }
    for part, arrays in parts.items():
        np.savez_compressed(HERE / f"{ckpt.name}_{part}.npz", allow_pickle=False, **arrays)
    record = json.dumps(token_record(reference, folder), indent=1, ensure_ascii=True)
    (HERE / f"{ckpt.name}_tokens.json").write_text(record + "\n", encoding="utf-8", newline="\n")
    top = np.sort(parts["logits"]["greedy.logits"], axis=1)
    margin = float((top[:, -1] - top[:, -2]).min())
    print(f"{ckpt.name}: greedy {parts['logits']['greedy.ids'].tolist()}, smallest margin {margin:.3f}")


# --- sensitivity ------------------------------------------------------------------------------------------


def _fill(model: MllamaForConditionalGeneration, suffix: str, value: float) -> None:
    matches = [p for name, p in model.named_parameters() if name.endswith(suffix)]
    if not matches:
        message = f"no parameter ends with {suffix}"
        raise KeyError(message)
    for parameter in matches:
        parameter.data.fill_(value)


def _plain_rope(model: MllamaForConditionalGeneration) -> None:
    rotary = model.model.language_model.rotary_emb
    size, theta = 2 * len(rotary.inv_freq), rotary.config.rope_theta
    rotary.inv_freq = 1.0 / theta ** (torch.arange(0, size, 2).float() / size)


def _tap_late(model: MllamaForConditionalGeneration) -> None:
    vision = model.model.vision_model
    vision.intermediate_layers_indices = [index + 1 for index in vision.intermediate_layers_indices]


def _activation(model: MllamaForConditionalGeneration) -> None:
    for module in model.modules():
        if hasattr(module, "activation_fn"):
            module.activation_fn = torch.nn.GELU(approximate="tanh")


def _text_eps(model: MllamaForConditionalGeneration) -> None:
    for module in model.modules():
        if hasattr(module, "variance_epsilon"):
            module.variance_epsilon = 1e-6 if module.variance_epsilon > 5e-6 else 1e-5


CHANGES: dict[str, Callable[[MllamaForConditionalGeneration], None]] = {
    "cross attention gate 0": lambda m: _fill(m, "cross_attn_attn_gate", 0.0),
    "cross MLP gate 0": lambda m: _fill(m, "cross_attn_mlp_gate", 0.0),
    "q_norm weight 1": lambda m: _fill(m, "q_norm.weight", 1.0),
    "k_norm weight 1": lambda m: _fill(m, "k_norm.weight", 1.0),
    "no rope scaling": _plain_rope,
    "other rms eps": _text_eps,
    "projector bias 0": lambda m: _fill(m, "multi_modal_projector.bias", 0.0),
    "class embedding 0": lambda m: _fill(m, "class_embedding", 0.0),
    "pre tile gate 0": lambda m: _fill(m, "pre_tile_positional_embedding.gate", 0.0),
    "post tile gate 0": lambda m: _fill(m, "post_tile_positional_embedding.gate", 0.0),
    "position gate 0": lambda m: _fill(m, "gated_positional_embedding.gate", 0.0),
    "tile positions 0": lambda m: _fill(m, "tile_embedding.weight", 0.0),
    "positions 0": lambda m: _fill(m, "gated_positional_embedding.embedding", 0.0),
    "ln_pre bias 0": lambda m: _fill(m, "layernorm_pre.bias", 0.0),
    "ln_post bias 0": lambda m: _fill(m, "layernorm_post.bias", 0.0),
    "global gate_attn 0": lambda m: _fill(m, "gate_attn", 0.0),
    "global gate_ffn 0": lambda m: _fill(m, "gate_ffn", 0.0),
    "fc1 bias 0": lambda m: _fill(m, "fc1.bias", 0.0),
    "taps one layer late": _tap_late,
    "tanh GELU": _activation,
}


def sensitivity(ckpt: TinyCheckpoint, folder: Path) -> None:
    """Print max |logits difference| over the prompts when one term is changed."""
    build(ckpt, folder)
    reference = open_reference(ckpt, folder)
    prompts = [(reference.ids(prompt), images) for prompt, images in PROMPTS.values()]

    def run(changed: Reference) -> list[torch.Tensor]:
        return [changed.logits(ids, images) for ids, images in prompts]

    def report(what: str, logits: list[torch.Tensor]) -> None:
        change = max(float((a - b).abs().max()) for a, b in zip(logits, golden, strict=True))
        print(f"{ckpt.name:6} {what:24} {change:.2e}")

    with mask_rows(reference.model):
        golden = run(reference)
    report("no row mask", run(reference))
    for what, change in CHANGES.items():
        model = load(folder)
        change(model)
        with mask_rows(model):
            report(what, run(Reference(ckpt, model, reference.tokenizer, reference.pixels)))

    def with_pixels(what: str, key: str, change: Callable[[Any], Any]) -> None:
        pixels = {name: {**old, key: change(old[key])} for name, old in reference.pixels.items()}
        with mask_rows(reference.model):
            report(what, run(Reference(ckpt, reference.model, reference.tokenizer, pixels)))

    with_pixels("aspect ratio id always 1", "aspect_ratio_ids", np.ones_like)
    with_pixels("encoder mask all valid", "aspect_ratio_mask", np.ones_like)
    with_pixels("text sees empty tiles", "num_tiles", lambda _: [[reference.max_tiles]])
    reference.model.double()
    with_pixels("(float64: noise floor)", "pixel_values", lambda values: values.astype(np.float64))


def main() -> None:
    """Write the goldens, or print the sensitivity table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sensitivity", action="store_true", help="print how much every term matters")
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as temporary:
        for ckpt in CHECKPOINTS.values():
            work = sensitivity if options.sensitivity else write_goldens
            work(ckpt, Path(temporary) / ckpt.name)
    total = sum(path.stat().st_size for path in HERE.iterdir() if path.is_file())
    if total > SIZE_LIMIT_BYTES:
        message = f"the goldens take {total} bytes"
        raise AssertionError(message)


if __name__ == "__main__":
    main()
